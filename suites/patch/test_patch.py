"""Modifying resources by PATCH, RFC 7644 section 3.5.2: the answer, and operations as a whole."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note
from scim_conformance.judge.changeable import must_stay
from scim_conformance.judge.compare import instant
from scim_conformance.judge.expect import member_of


@pytest.mark.requirement("RFC7644-3.5.2-23", "RFC7644-3.5.2-24")
def test_patch_answers_200_or_204(modification):
    """A successful PATCH answers 200 with the resource, or 204 without a body."""
    answer = expect(modification.response).status(200, 204)
    if modification.response.status == 200:
        answer.json_object().has("id", modification.before["id"])
    else:
        answer.no_body()
        note("PATCH answers 204, without the resource.")


@pytest.mark.requirement("RFC7644-3.5.2-23")
@pytest.mark.usefixtures("working_patch")
def test_patch_answers_with_the_whole_resource(modification, scim_session, as_shown, resource_type):
    """The body of a PATCH answered with 200 is the whole resource as it is now."""
    response = modification.response
    if response.status != 200:
        pytest.skip(f"unsupported: PATCH answers {response.status}")
    expect(response).json_object().has(modification.path, modification.value)
    as_shown(response, scim_session.baseline.shown(modification.got), resource_type)


@pytest.mark.requirement("RFC7644-3.5.2-25")
@pytest.mark.usefixtures("working_patch")
def test_patch_with_attributes_answers_200(scim, user):
    """A PATCH that asks for attributes is answered with 200 and those, never with 204."""
    operation = {"op": "replace", "path": "displayName", "value": "Renamed"}
    response = scim.modify(user, operation, params={"attributes": "userName"})
    expect(response).status(200).json_object().has("userName")


@pytest.mark.requirement("RFC7644-3.5.2-26")
@pytest.mark.usefixtures("working_patch")
def test_patch_of_an_unknown_id_answers_404(scim, text, resource_type, unknown_id):
    """A PATCH of an id that does not exist is answered with 404."""
    operation = {"op": "replace", "path": text.path, "value": "Nobody"}
    expect(scim.modify((resource_type, unknown_id), operation)).refused(404)


@pytest.fixture
def plain(once, scim, scim_session):
    """Give the answer to a plain PATCH of a user, whatever it is."""

    def modify():
        operation = {"op": "replace", "path": "displayName", "value": "Renamed"}
        return scim.modify(scim_session.baseline.make("User"), operation)

    return lambda: once("a plain PATCH", modify)


@pytest.mark.requirement("RFC7644-3.5-02")
def test_patch_is_supported_where_it_is_advertised(plain):
    """A target that advertises PATCH does not answer it with 501 or 405."""
    response = plain()
    expect(response).where(response.status not in (405, 501), expected="PATCH performed, as ServiceProviderConfig says")


@pytest.mark.requirement("RFC7644-3.5.2-01", "RFC7644-3.12-17")
def test_patch_is_refused_where_it_is_not_advertised(features, plain):
    """A target that says it has no PATCH answers 501."""
    if features.supports("patch") is not False:
        pytest.skip("unsupported: the target does not say that it has no PATCH")
    response = plain()
    if response.status != 501 and not (response.status == 405 and "Allow" in response.headers):
        expect(response).refused(501)


@pytest.mark.requirement("RFC7643-3.1-26", "RFC7644-3.5.2.3-02")
@pytest.mark.usefixtures("working_patch")
def test_patch_moves_last_modified(modification):
    """A PATCH that changes something moves meta.lastModified forward."""
    if not modification.response.is_success:
        raise Blocked(f"PATCH answered {modification.response.status}")
    earlier = member_of(modification.before, "meta.lastModified")
    if instant(str(earlier)) is None:
        raise Blocked("the resource shows no meta.lastModified that is a dateTime")
    after = expect(modification.got).status(200).json_object().has(modification.path, modification.value)
    shown = member_of(after.response.body, "meta.lastModified")
    later = instant(str(shown))
    if later is None or later <= instant(str(earlier)):
        raise Violation(
            "PATCH changed the resource and left meta.lastModified.",
            requirement="RFC7643-3.1-26",
            expected=[f"meta.lastModified later than {earlier}"],
            actual=f"meta.lastModified = {shown}",
        )


@pytest.mark.requirement("RFC7644-3.5.2-17")
@pytest.mark.usefixtures("working_patch")
def test_operations_are_applied_one_after_the_other(user, patched, spare):
    """The operations of a PATCH are applied in their order, each to the result of the one before."""
    path = spare
    patched(
        user,
        {"op": "add", "path": path, "value": "First"},
        {"op": "remove", "path": path},
        {"op": "add", "path": path, "value": "Second"},
        {"op": "replace", "path": path, "value": "Third"},
    ).has(path, "Third")


@pytest.mark.requirement("RFC7644-3.5.2-17")
@pytest.mark.usefixtures("working_patch")
def test_a_later_operation_sees_the_earlier_one(user, patched, spare):
    """An operation that removes what an earlier one of the same PATCH added leaves nothing."""
    path = spare
    patched(user, {"op": "add", "path": path, "value": "Clerk"}, {"op": "remove", "path": path}).lacks(path)


@pytest.fixture(params=["required", "no-match"])
def failing(request, elements):
    """An operation that has to fail: it removes a required attribute, or its filter matches nothing."""
    if request.param == "required":
        return {"op": "remove", "path": "userName"}
    path = f'{elements.name}[type eq "nobody has this type"].value'
    return {"op": "replace", "path": path, "value": elements.one(0)["value"]}


@pytest.mark.requirement("RFC7644-3.5.2-19", "RFC7644-3.5.2-20")
@pytest.mark.usefixtures("working_patch")
def test_a_failed_patch_changes_nothing(scim, make, read, elements, failing, mark, tick):
    """When one operation of a PATCH fails, none is applied, neither those before it nor those after it."""
    user = make("User", **{elements.name: [elements.one(0, primary=True)]})
    before = read(user)
    tick(before)
    rename = {"op": "replace", "path": "name.givenName", "value": f"Early {mark()}"}
    again = {"op": "replace", "path": "name.familyName", "value": f"Late {mark()}"}
    response = scim.modify(user, rename, failing, again)
    if response.is_success:
        raise Blocked("an operation that has to fail was accepted, which another check judges")
    after = read(user)
    changed = [name for name in ("name", "displayName", elements.name) if before.get(name) != after.get(name)]
    stamps = [member_of(each, "meta.lastModified") for each in (before, after)]
    if changed or instant(str(stamps[0])) != instant(str(stamps[1])):
        raise Violation(
            f"A PATCH refused with {response.status} changed the resource.",
            expected=["the resource as it was before, meta.lastModified included"],
            actual=f"changed: {', '.join(changed) or 'meta.lastModified'}",
        )


@pytest.mark.requirement("RFC7644-3.5.2-02")
@pytest.mark.usefixtures("working_patch")
def test_an_unknown_operation_is_refused(scim, steady):
    """An operation that SCIM does not know, such as the move of JSON Patch, is refused with 400."""
    operation = {"op": "move", "from": "name.givenName", "path": "name.familyName", "value": "Moved"}
    expect(scim.modify(steady, operation)).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7644-3.5.2-09")
@pytest.mark.parametrize(
    "path", ['emails[type eq "work"', "name..givenName", "name.givenName]"], ids=["open", "dots", "closed"]
)
@pytest.mark.usefixtures("working_patch")
def test_a_malformed_path_is_refused(scim, steady, path):
    """An operation whose path is against the grammar is refused with 400."""
    response = scim.modify(steady, {"op": "replace", "path": path, "value": "x"})
    expect(response).refused(400, scim_type=("invalidPath", "noTarget", "invalidFilter"))


@pytest.mark.requirement("RFC7644-3.5.2-10")
@pytest.mark.usefixtures("working_patch")
def test_a_value_of_the_wrong_type_is_refused(scim, steady, steady_before):
    """An operation whose value is no value of the attribute's type is refused with 400, and not stored."""
    if not isinstance(steady_before.get("active"), bool):
        pytest.skip("unsupported: the target shows no active of a user")
    response = scim.modify(steady, {"op": "replace", "path": "active", "value": "neither true nor false"})
    expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))


@pytest.mark.requirement("RFC7643-7-28", "RFC7644-3.5.2-10", "RFC7644-3.5.2-11")
@pytest.mark.parametrize("path", ["id", "meta.created", "meta.resourceType"])
@pytest.mark.usefixtures("working_patch")
def test_a_read_only_attribute_cannot_be_patched(scim, steady, steady_before, path, unknown_id):
    """A PATCH of a readOnly attribute is refused with 400 mutability, and never changes it."""
    before = steady_before
    value = {"id": unknown_id, "meta.created": "2001-02-03T04:05:06Z"}.get(path, "Group")
    response = scim.modify(steady, {"op": "replace", "path": path, "value": value})
    shown = scim.read(steady)
    found = member_of(shown.body, path) if shown.status == 200 else None
    if path == "id" and scim.read(("User", unknown_id)).status == 200:
        scim.discard(f"{scim.endpoint('User')}/{unknown_id}")
        found = unknown_id
    must_stay(response, path, (member_of(before, path), found), why="readOnly", ignored=f"PATCH of {path}")


@pytest.mark.requirement("RFC7644-3.10-05", "RFC7644-3.5.2.3-02")
@pytest.mark.parametrize("path", ["NAME.FAMILYNAME", "name.familyname"], ids=["upper", "lower"])
@pytest.mark.usefixtures("working_patch")
def test_names_in_paths_have_no_case(anna, patched, mark, path):
    """Attribute names in the path of a PATCH are recognised in any letter case."""
    value = f"Renamed {mark()}"
    patched(anna, {"op": "replace", "path": path, "value": value}).has("name.familyName", value)
