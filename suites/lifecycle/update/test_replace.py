"""Replacing resources by PUT, RFC 7644 section 3.5.1."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.compare import empty, instant
from scim_conformance.judge.expect import member_of


def moment(resource, name):
    """Read one of the two times of meta; blocked where it is missing, which other checks judge."""
    found = instant(str(member_of(resource, f"meta.{name}")))
    if found is None:
        raise Blocked(f"the resource shows no meta.{name} that is a dateTime")
    return found


@pytest.mark.requirement("RFC7644-3.5-01")
def test_put_is_supported(replacement):
    """PUT is supported on every resource type."""
    expect(replacement.response).success()


@pytest.mark.requirement("RFC7644-3.5.1-16", "RFC9110-9.3.4-01")
def test_put_answers_200_with_the_resource(replacement, scim_session, as_shown, resource_type):
    """A successful PUT answers 200 with the whole updated resource."""
    response = replacement.response
    if response.status >= 400:
        raise Blocked(f"PUT answered {response.status}")
    answer = expect(response).status(200, tolerated=(204,))
    if response.status == 204:
        return
    answer.json_object().has("id").has(replacement.path, replacement.value)
    as_shown(response, scim_session.baseline.shown(replacement.got), resource_type)


@pytest.mark.requirement("RFC7644-3.5.1-04")
@pytest.mark.usefixtures("working_replace")
def test_put_sets_the_new_value(successful):
    """A value given in PUT replaces the one that was there, and is kept."""
    expect(successful.got).status(200).json_object().has(successful.path, successful.value)


@pytest.mark.requirement("RFC7644-3.5.1-04")
@pytest.mark.usefixtures("working_replace")
def test_put_holds_exactly_the_new_elements(make, replaced, elements):
    """After a PUT a multi-valued attribute has exactly the elements that were given, and none of the old ones."""
    user = make("User", **{elements.name: [elements.one(0, primary=True), elements.one(1)]})
    given = [elements.one(1, primary=True)]
    elements.are(replaced(user, **{elements.name: given}), given)


@pytest.mark.requirement("RFC7643-3.1-20")
@pytest.mark.usefixtures("working_replace")
def test_put_changes_external_id(make, as_made, replaced, mark):
    """The externalId of a resource can be changed by PUT."""
    user = make("User", externalId=f"ext-{mark()}")
    shown = as_made(user)
    if empty(shown.get("externalId")):
        pytest.skip("unsupported: the target keeps no externalId")
    value = f"ext-{mark()}"
    replaced(user, shown, externalId=value).has("externalId", value)


@pytest.mark.requirement("RFC7644-3.5.1-17")
@pytest.mark.usefixtures("working_replace")
def test_put_keeps_id_and_creation(successful, places, resource_type):
    """After a PUT a resource has the id, the time of creation and the location that it had."""
    before = successful.before
    after = expect(successful.got).status(200).json_object().has("id", before["id"])
    shown = after.response.body
    if member_of(before, "meta.created") is not None:
        same = moment(before, "created") == instant(str(member_of(shown, "meta.created")))
        after.where(
            same,
            expected=f"meta.created = {before['meta']['created']}",
            actual=f"meta.created = {member_of(shown, 'meta.created')}",
        )
    location = member_of(before, "meta.location")
    if isinstance(location, str):
        found = member_of(shown, "meta.location")
        same = isinstance(found, str) and places.agree(location, found, resource_type, before["id"])
        after.where(same, expected=f"meta.location = {location}", actual=f"meta.location = {found}")


@pytest.mark.requirement("RFC7644-3.5.1-17", "RFC7643-3.1-26")
@pytest.mark.usefixtures("working_replace")
def test_put_moves_last_modified(successful):
    """A PUT that changes something moves meta.lastModified forward."""
    before, after = successful.before, expect(successful.got).status(200).json_object()
    shown = after.response.body
    after.where(
        moment(shown, "lastModified") > moment(before, "lastModified"),
        expected=f"meta.lastModified later than {before['meta']['lastModified']}",
        actual=f"meta.lastModified = {shown['meta']['lastModified']}",
    )


@pytest.mark.requirement("RFC7644-3.5.1-05", "RFC7644-3.5.1-06", "RFC7644-3.5.1-07")
@pytest.mark.usefixtures("working_replace")
def test_put_without_an_attribute(make, scim, asserted, spare, after):
    """A PUT that leaves out an attribute is accepted; whether that clears it, keeps it or sets a default is free."""
    user = make("User", **{spare: "Clerk"})
    body = {name: value for name, value in asserted(user).items() if name != spare}
    expect(scim.replace(user, body)).success()
    found = after(user).response.body.get(spare)
    if found == "Clerk":
        warn(
            f"A PUT without {spare} kept its old value.",
            expected=["the attribute cleared, or with a default value: PUT replaces a resource"],
            actual=f"{spare} = {found!r}",
        )
    note(f"A PUT without {spare} " + ("clears it." if empty(found) else f"leaves it {found!r}."))


@pytest.mark.requirement("RFC7644-3.5.1-04", "RFC7643-2.5-02")
@pytest.mark.usefixtures("working_replace")
def test_put_with_null_clears(make, scim, asserted, spare, after):
    """A PUT with null for an attribute clears it."""
    user = make("User", **{spare: "Clerk"})
    response = scim.replace(user, asserted(user, **{spare: None}))
    if response.status == 400:
        warn(f"PUT refuses null for {spare}.", expected=["null taken as: no value"], actual="status 400")
        return
    expect(response).success()
    after(user).lacks(spare)


@pytest.mark.requirement("RFC7644-3.5.1-04", "RFC7643-2.5-02")
@pytest.mark.usefixtures("working_replace")
def test_put_with_an_empty_list_clears(make, scim, asserted, elements, after):
    """A PUT with an empty list for a multi-valued attribute clears it."""
    if elements.attribute.required:
        pytest.skip(f"unsupported: {elements.name} is required")
    user = make("User", **{elements.name: [elements.one(0, primary=True), elements.one(1)]})
    response = scim.replace(user, asserted(user, **{elements.name: []}))
    if response.status == 400:
        warn(f"PUT refuses an empty list for {elements.name}.", expected=["[] taken as: no value"], actual="status 400")
        return
    expect(response).success()
    after(user).lacks(elements.name)


@pytest.mark.requirement("RFC7643-7-19")
@pytest.mark.parametrize("how", ["absent", "null"])
@pytest.mark.usefixtures("working_replace")
def test_put_without_a_required_attribute_is_refused(scim, intact, asserted, after, served_required, how):
    """A PUT without a required attribute is refused with 400, and never takes it away."""
    name, (resource, shown) = served_required, intact
    body = asserted(resource, shown, **{name: None})
    if how == "absent":
        del body[name]
    response = scim.replace(resource, body)
    if not response.is_success:
        expect(response).refused(400, scim_type="invalidValue")
        return
    after(resource).has(name)
    warn(
        f"PUT with {name} {how} was accepted, and the old value kept.",
        expected=["status 400"],
        actual=f"status {response.status}",
    )


@pytest.fixture
def intact(once, scim_session, as_made, resource_type):
    """A resource of the type at hand, and how a GET shows it; PUTs that have to be refused leave it as it is."""

    def make():
        resource = scim_session.baseline.make(resource_type)
        return resource, as_made(resource)

    return once(("intact", resource_type.name), make)


@pytest.fixture
def served_required(features, resource_type, text):  # noqa: ARG001 - a type without text cannot be replaced here
    """The first required attribute of the resource type at hand that clients write."""
    for attribute in features.schema_of(resource_type).attributes:
        if (
            attribute.required
            and attribute.mutability == "readWrite"
            and attribute.name.lower() not in ("id", "schemas")
        ):
            return attribute.name
    pytest.skip(f"unsupported: {resource_type.name} has no required attribute")


@pytest.mark.requirement("RFC7644-3.5.1-02", "RFC7644-3.2-05")
@pytest.mark.usefixtures("working_replace")
def test_put_to_an_unknown_id_creates_nothing(scim, body, resource_type, unknown_id):
    """A PUT to an id that does not exist is refused with 404 and creates nothing."""
    place = (resource_type, unknown_id)
    response = scim.replace(place, {**body(resource_type), "id": unknown_id})
    if response.is_success:
        scim.discard(f"{resource_type.endpoint}/{unknown_id}")
    expect(response).refused(404)
    expect(scim.read(place)).refused(404)


@pytest.mark.requirement("RFC7644-3.5.1-14", "RFC7643-2-01")
@pytest.mark.usefixtures("working_replace")
def test_put_ignores_meta(scim, resource, asserted, after, text, mark, as_made):
    """A PUT with readOnly values in meta leaves those as they were and applies the rest."""
    before, value = as_made(resource), f"Renamed {mark()}"
    false = {"created": "2001-02-03T04:05:06Z", "lastModified": "2001-02-03T04:05:06Z", "resourceType": "Nothing"}
    response = scim.replace(resource, {**asserted(resource, before, **text.body(value, before)), "meta": false})
    if 400 <= response.status < 500:
        warn(
            "PUT refuses meta instead of ignoring it.",
            expected=["success, with the target's own values"],
            actual=f"status {response.status}",
        )
        return
    expect(response).success()
    shown = after(resource)
    for name, sent in false.items():
        found = member_of(shown.response.body, f"meta.{name}")
        if found == sent or (name == "created" and instant(str(found)) == instant(sent)):
            raise Violation(
                f"PUT took over meta.{name}, which is readOnly.",
                requirement="RFC7644-3.5.1-14",
                expected=[f"meta.{name} = {member_of(before, f'meta.{name}')!r} or later"],
                actual=f"{found!r}",
            )
    if member_of(shown.response.body, text.path) != value:
        raise Violation(
            f"PUT with readOnly values did not apply {text.path}.",
            requirement="RFC7643-2-01",
            expected=[f"{text.path} = {value!r}"],
            actual=repr(member_of(shown.response.body, text.path)),
        )


@pytest.mark.requirement("RFC9110-9.3.4-03")
@pytest.mark.usefixtures("working_replace")
def test_put_ignores_an_unknown_header(scim, user, asserted):
    """A PUT with a request header that nobody knows is performed all the same."""
    headers = {"X-Conformance-Unknown": "nobody knows this header"}
    expect(scim.replace(user, asserted(user), headers=headers)).success()
