"""The PATCH operation remove, RFC 7644 section 3.5.2.2."""

import pytest

from scim_conformance.judge import Violation, differences, expect

pytestmark = pytest.mark.usefixtures("working_patch")


@pytest.mark.requirement("RFC7644-3.5.2.2-02")
def test_remove_unassigns_an_attribute(make, patched, spare):
    """A remove of an attribute with one value takes the value away, and nothing else."""
    user = make("User", **{spare: "Clerk"})
    patched(user, {"op": "remove", "path": spare}).lacks(spare).has("userName", user["userName"])


@pytest.mark.requirement("RFC7644-3.5.2.2-02")
def test_remove_of_a_sub_attribute_keeps_the_others(make, patched, keeps):
    """A remove of one sub-attribute takes it away, and leaves its neighbours."""
    name = {"givenName": "Anna", "familyName": "Berg", "middleName": "Lee"}
    if not keeps(name=name):
        pytest.skip("unsupported: the target does not keep name.middleName")
    after = patched(make("User", name=name), {"op": "remove", "path": "name.middleName"})
    after.lacks("name.middleName").has("name.givenName", "Anna").has("name.familyName", "Berg")


@pytest.mark.requirement("RFC7644-3.5.2.2-03")
def test_remove_of_a_multi_valued_attribute_removes_all(make, patched, elements):
    """A remove of a multi-valued attribute without filter takes all of its elements away."""
    if elements.attribute.required:
        pytest.skip(f"unsupported: {elements.name} is required")
    user = make("User", **{elements.name: [elements.one(0, primary=True), elements.one(1)]})
    patched(user, {"op": "remove", "path": elements.name}).lacks(elements.name)


@pytest.mark.requirement("RFC7644-3.5.2.2-04")
def test_remove_with_a_filter_removes_the_match(make, patched, elements):
    """A remove with a filter takes the elements away that match, and leaves the others."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    elements.are(patched(user, {"op": "remove", "path": f'{elements.name}[type eq "{elements.types[1]}"]'}), [first])


@pytest.mark.requirement("RFC7644-3.5.2.2-11")
def test_remove_with_two_conditions_removes_what_meets_both(scim, make, after, patched, elements):
    """A remove with a compound filter takes away only the elements that meet all of its conditions."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    kind = f'type eq "{elements.types[1]}"'
    scim.modify(user, {"op": "remove", "path": f'{elements.name}[{kind} and value eq "{first["value"]}"]'})
    elements.are(after(user), [first, second])
    path = f'{elements.name}[{kind} and value eq "{second["value"]}"]'
    elements.are(patched(user, {"op": "remove", "path": path}), [first])


@pytest.mark.requirement("RFC7644-3.5.2.2-06")
def test_remove_of_the_last_element_unassigns_the_attribute(make, patched, elements):
    """A remove that takes the last element away leaves the attribute without a value."""
    if elements.attribute.required:
        pytest.skip(f"unsupported: {elements.name} is required")
    user = make("User", **{elements.name: [elements.one(1)]})
    path = f'{elements.name}[type eq "{elements.types[1]}"]'
    patched(user, {"op": "remove", "path": path}).lacks(elements.name)


@pytest.mark.requirement("RFC7644-3.5.2.2-05")
def test_remove_of_a_sub_attribute_of_a_match(make, patched, keeps, user_attribute):
    """A remove with a filter and a sub-attribute takes it from the matching elements, and leaves the rest of them."""
    work = {"type": "work", "locality": "Hollywood", "country": "US"}
    home = {"type": "home", "locality": "Portland", "country": "US"}
    if not user_attribute("addresses") or not keeps(addresses=[work, home]):
        pytest.skip("unsupported: the target does not keep two addresses")
    after = patched(
        make("User", addresses=[work, home]), {"op": "remove", "path": 'addresses[type eq "home"].locality'}
    )
    shown = after.response.body
    wrong = differences({"addresses": [work, {"type": "home", "country": "US"}]}, shown, [user_attribute("addresses")])
    left = [a for a in shown.get("addresses") or [] if a.get("type") == "home" and a.get("locality")]
    after.where(
        not wrong and not left,
        expected="the address of type home without locality, the other unchanged",
        actual="; ".join(wrong) or f"addresses with {left}",
    )


@pytest.mark.requirement("RFC7644-3.5.2.2-01")
def test_remove_without_path_is_refused(scim, steady):
    """A remove without a path is refused with 400 noTarget."""
    expect(scim.modify(steady, {"op": "remove"})).refused(400, scim_type="noTarget")


@pytest.mark.requirement("RFC7644-3.5.2.2-07")
@pytest.mark.parametrize("path", ["userName", "id", "meta.created"])
def test_remove_of_what_must_stay_is_refused(scim, steady, path):
    """A remove of a required or readOnly attribute is refused with 400."""
    expect(scim.modify(steady, {"op": "remove", "path": path})).refused(400, scim_type=("mutability", "invalidValue"))


@pytest.mark.requirement("RFC7644-3.5.2.2-04")
def test_remove_without_match_changes_nothing(scim, make, after, elements):
    """A remove whose filter matches nothing leaves everything as it was, whatever its answer."""
    first = elements.one(0, primary=True)
    user = make("User", **{elements.name: [first]})
    response = scim.modify(user, {"op": "remove", "path": f'{elements.name}[type eq "{elements.types[1]}"]'})
    if response.status >= 500:
        raise Violation(
            "A remove without match failed in the server.",
            expected=["success, or 400 noTarget"],
            actual=f"status {response.status}",
        )
    elements.are(after(user), [first])
