"""Finding resources by filter, RFC 7644 section 3.4.2.2; what is looked for was made by the run itself."""

import json

import pytest

from scim_conformance.judge import Blocked, Violation, expect


def quoted(value):
    """Write a text as a filter's value."""
    return json.dumps(value, ensure_ascii=False)


def ids(response):
    """The ids in a list response; blocked where it is none, which other checks judge."""
    body = response.json if response.status == 200 and response.is_json else None
    if not isinstance(body, dict) or not isinstance(body.get("Resources"), list | None):
        raise Blocked(f"a filter was answered with {response.status} and no list")
    return [found.get("id") for found in body.get("Resources") or [] if isinstance(found, dict)]


@pytest.fixture
def found(working_filter, selective, scim):  # noqa: ARG001 - both see to it that filters work
    """The ids of the users that a filter finds: `found('userName eq "x"')`."""

    def query(filter_):
        response = scim.query("User", filter_)
        if response.status in (204, 404):
            return []  # that nothing found is answered with an empty list is for another check to judge
        expect(response).status(200)
        return ids(response)

    return query


def judge(filter_, found, wanted, unwanted=()):
    """Expect that a filter finds the wanted resource and none of the unwanted ones."""
    shown = f"found {', '.join(map(str, found)) or 'nothing'}"
    if wanted is not None and wanted["id"] not in found:
        raise Violation(
            f"The filter {filter_} does not find a resource that matches it.",
            expected=[f"{wanted['id']} found"],
            actual=shown,
        )
    for each in unwanted:
        if each["id"] in found:
            raise Violation(
                f"The filter {filter_} finds a resource that does not match it.",
                expected=[f"{each['id']} not found"],
                actual=shown,
            )


@pytest.mark.requirement("RFC7644-3.4.2.2-10")
@pytest.mark.usefixtures("selective")
def test_eq_finds_by_name(shared_resource, resource_type, by_name, as_kept, listing):
    """An eq filter on the name of a resource finds it."""
    response = listing(resource_type)
    expect(response).status(200).json_object()
    judge(by_name(resource_type, as_kept(resource_type)), ids(response), shared_resource)


@pytest.mark.requirement("RFC7644-3.4.2.2-04")
@pytest.mark.usefixtures("shared_resource")  # so that there is something to be shown by mistake
def test_only_what_matches_is_shown(scim, features, resource_type, nobody):
    """A filter that nothing matches shows nothing, and totalResults counts nothing."""
    fact = features.fact("filter")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    response = scim.query(resource_type, nobody(resource_type), count=1)
    shown = ids(response)
    expect(response).where(not shown, expected="no Resources").has("totalResults", 0)


@pytest.mark.requirement("RFC7644-3.4.2.2-10")
def test_eq_finds_the_whole_value_only(make, found, mark):
    """An eq filter finds the user whose userName is the given text, and none whose userName only contains it."""
    name = f"{mark()}@example.com"
    user, longer, prefixed = (make("User", userName=each) for each in (name, f"{name}.org", f"x{name}"))
    filter_ = f"userName eq {quoted(name)}"
    judge(filter_, found(filter_), user, [longer, prefixed])


@pytest.mark.requirement("RFC7643-4.1.1-04", "RFC7644-3.4.2.2-41", "RFC7643-7-23")
@pytest.mark.parametrize("case", ["upper", "title"])
def test_user_names_are_found_in_any_letter_case(shared_user, found, user_attribute, user_name, case):
    """A filter on userName finds the user whatever the letter case of the filter's value."""
    attribute = user_attribute("userName")
    if attribute and attribute.case_exact:
        pytest.skip("unsupported: the served schema says that userName is case-exact")
    filter_ = f"userName eq {quoted(getattr(user_name(shared_user), case)())}"
    judge(filter_, found(filter_), shared_user)


@pytest.mark.requirement("RFC7644-3.4.2.2-36")
def test_any_element_of_a_multi_valued_attribute_matches(make, found, elements):
    """An eq filter on a sub-attribute of a multi-valued attribute finds a user by any of its elements."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    for element in (first, second):
        filter_ = f"{elements.name}.value eq {quoted(element['value'])}"
        judge(filter_, found(filter_), user)


@pytest.mark.requirement("RFC7644-3.4.2.2-24")
def test_and_needs_both_sides(make, user_name, found, spare):
    """A filter with and finds a user only where both sides match."""
    user = make("User", **{spare: "Clerk"})
    name = f"userName eq {quoted(user_name(user))}"
    for filter_, other in (
        (f'{name} and {spare} eq "Clerk"', None),
        (f'{name} and {spare} eq "Manager"', user),
    ):
        judge(filter_, found(filter_), None if other else user, [other] if other else ())


@pytest.mark.requirement("RFC7644-3.4.2.2-24")
def test_and_needs_the_left_side_too(features, shared_user, first_of, user_name, found):
    """A filter with and whose sides match two different users finds neither."""
    users = (shared_user, first_of(features.resource_type("User")).resource)
    filter_ = " and ".join(f"userName eq {quoted(user_name(each))}" for each in users)
    judge(filter_, found(filter_), None, users)


@pytest.mark.requirement("RFC7644-3.4.2.2-05")
@pytest.mark.parametrize(("name", "operator"), [("USERNAME", "EQ"), ("username", "Eq")])
def test_names_and_operators_have_no_case(shared_user, found, user_name, name, operator):
    """Attribute names and operators are recognised in a filter in any letter case."""
    filter_ = f"{name} {operator} {quoted(user_name(shared_user))}"
    judge(filter_, found(filter_), shared_user)


INVALID = {
    "operator": 'userName regex "nobody"',
    "value": "userName eq",
    "quote": 'userName eq "nobody',
    "bracket": '(userName eq "nobody"',
    "dangling-and": 'userName eq "nobody" and',
}


@pytest.mark.requirement("RFC7644-3.12-18", "RFC7644-3.12-09")
@pytest.mark.parametrize("which", INVALID)
@pytest.mark.usefixtures("working_filter")
def test_an_invalid_filter_is_refused(answer_to_filter, which):
    """A filter that is against the grammar is refused with 400 invalidFilter."""
    expect(answer_to_filter(INVALID[which])).refused(400, scim_type="invalidFilter")


@pytest.mark.requirement("RFC7644-3.4.2.2-45")
@pytest.mark.usefixtures("working_filter", "selective")
def test_an_unknown_attribute_matches_nothing(scim):
    """A filter on an attribute that no schema has is refused with 400 invalidFilter, or matches nothing."""
    response = scim.query("User", 'noSuchAttributeAnywhere eq "nobody"', count=1)
    if response.status == 200:
        expect(response).json_object().has("totalResults", 0).lacks("Resources")
    else:
        expect(response).refused(400, scim_type=("invalidFilter", "invalidPath"))


@pytest.mark.requirement("RFC7644-3.4.2.2-04", "RFC7644-3.4.2.2-01")
@pytest.mark.usefixtures("shared_resource")  # so that there is something to be shown by mistake
def test_a_filter_is_not_ignored_where_there_are_none(scim, features, resource_type, nobody):
    """A target that says it has no filters refuses one, and does not answer as if it had not been there."""
    if features.supports("filter") is not False:
        pytest.skip("unsupported: the target does not say that it has no filters")
    response = scim.query(resource_type, nobody(resource_type), count=1)
    if response.status == 200:
        expect(response).json_object().has("totalResults", 0).lacks("Resources")
    elif response.status != 501:
        expect(response).refused(400, 403)
