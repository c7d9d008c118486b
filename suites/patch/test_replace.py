"""The PATCH operation replace, RFC 7644 section 3.5.2.3."""

import pytest

from scim_conformance.judge import Violation, expect, note, warn
from scim_conformance.judge.expect import member_of

pytestmark = pytest.mark.usefixtures("working_patch")


@pytest.mark.requirement("RFC7644-3.5.2.3-02")
def test_replace_sets_the_new_value(resource, patched, text, mark):
    """A replace of an attribute with one value sets the new value."""
    value = f"Renamed {mark()}"
    patched(resource, {"op": "replace", "path": text.path, "value": value}).has(text.path, value)


@pytest.mark.requirement("RFC7644-3.5.2.3-02", "RFC7644-3.10-04")
def test_replace_of_a_sub_attribute_keeps_the_others(anna, patched, mark):
    """A replace of one sub-attribute, named with a dot, sets it and leaves its neighbours."""
    value = f"Renamed {mark()}"
    after = patched(anna, {"op": "replace", "path": "name.familyName", "value": value})
    after.has("name.familyName", value).has("name.givenName", "Anna")


@pytest.mark.requirement("RFC7644-3.5.2.3-04")
def test_replace_of_an_attribute_without_value_adds_it(user, patched, spare):
    """A replace of an attribute that has no value sets it, like an add."""
    patched(user, {"op": "replace", "path": spare, "value": "Clerk"}).has(spare, "Clerk")


@pytest.mark.requirement("RFC7644-3.5.2.3-04")
def test_replace_of_a_sub_attribute_without_value_adds_it(make, patched, keeps):
    """A replace of a sub-attribute that has no value sets it, and keeps the others."""
    name = {"givenName": "Anna", "familyName": "Berg"}
    if not keeps(name=name | {"middleName": "Lee"}):
        pytest.skip("unsupported: the target does not keep name.middleName")
    after = patched(make("User", name=name), {"op": "replace", "path": "name.middleName", "value": "Lee"})
    after.has("name.middleName", "Lee").has("name.familyName", "Berg")


@pytest.mark.requirement("RFC7644-3.5.2.3-01", "RFC7644-3.5.2.3-02", "RFC7644-3.5.2.3-03")
def test_replace_without_path_replaces_attributes(make, patched, spare, elements):
    """A replace without path replaces each attribute of its value, and leaves the others."""
    user = make("User", **{spare: "Clerk"}, **{elements.name: [elements.one(0, primary=True)]})
    given = [elements.one(1, primary=True)]
    value = {spare: "Manager", elements.name: given}
    after = patched(user, {"op": "replace", "value": value}).has("userName", user["userName"])
    found = member_of(after.response.body, spare)
    if found != "Manager":
        raise Violation(
            f"A replace without path did not replace {spare}.",
            requirement="RFC7644-3.5.2.3-02",
            expected=[f"{spare} = 'Manager'"],
            actual=f"{spare} = {found!r}",
        )
    elements.are(after, given)


@pytest.mark.requirement("RFC7644-3.5.2.3-06", "RFC7644-3.5.2.3-05")
def test_replace_of_a_complex_attribute_keeps_the_rest(anna, patched):
    """A replace of a complex attribute sets the sub-attributes given, and keeps those it does not name."""
    after = patched(anna, {"op": "replace", "path": "name", "value": {"familyName": "Dahl"}})
    after.has("name.familyName", "Dahl").has("name.givenName", "Anna")


@pytest.mark.requirement("RFC7644-3.5.2.3-03")
def test_replace_of_a_multi_valued_attribute_replaces_all(make, patched, elements):
    """A replace of a multi-valued attribute leaves exactly the elements given."""
    user = make("User", **{elements.name: [elements.one(0, primary=True), elements.one(1)]})
    given = [elements.one(1, primary=True)]
    elements.are(patched(user, {"op": "replace", "path": elements.name, "value": given}), given)


@pytest.mark.requirement("RFC7644-3.5.2.3-07")
def test_replace_with_a_filter_replaces_the_element(make, patched, elements):
    """A replace whose path selects an element replaces that one, and no other."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    new = elements.one(1)
    path = f'{elements.name}[type eq "{elements.types[1]}"]'
    elements.are(patched(user, {"op": "replace", "path": path, "value": new}), [first, new])


@pytest.mark.requirement("RFC7644-3.5.2.3-08")
def test_replace_with_a_filter_sets_the_sub_attribute(make, patched, elements):
    """A replace whose path selects an element and names a sub-attribute sets it there, and nowhere else."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    value = elements.one(1)["value"]
    path = f'{elements.name}[type eq "{elements.types[1]}"].value'
    elements.are(patched(user, {"op": "replace", "path": path, "value": value}), [first, second | {"value": value}])


@pytest.mark.requirement("RFC7644-3.5.2.3-08")
def test_replace_with_a_filter_sets_every_match(make, patched, keeps, elements):
    """A replace whose path selects several elements sets the sub-attribute in all of them."""
    first, second, third = elements.one(0, primary=True), elements.one(1), elements.one(1)
    if "other" not in elements.types or not keeps(**{elements.name: [first, second, third]}):
        pytest.skip(f"unsupported: the target keeps no two elements of one type in {elements.name}")
    user = make("User", **{elements.name: [first, second, third]})
    path = f'{elements.name}[type eq "{elements.types[1]}"].type'
    changed = [first, second | {"type": "other"}, third | {"type": "other"}]
    elements.are(patched(user, {"op": "replace", "path": path, "value": "other"}), changed)


@pytest.mark.requirement("RFC7644-3.5.2.3-09")
def test_replace_with_a_filter_without_match_is_refused(scim, make, elements):
    """A replace whose filter matches no element is refused with 400 noTarget (Entra ID expects the element created)."""
    user = make("User", **{elements.name: [elements.one(0, primary=True)]})
    path = f'{elements.name}[type eq "{elements.types[1]}"].value'
    response = scim.modify(user, {"op": "replace", "path": path, "value": elements.one(1)["value"]})
    if response.is_success:
        note("A replace without match is accepted: a known deviation made for Entra ID.")
    expect(response).refused(400, scim_type="noTarget")


@pytest.mark.requirement("RFC7643-2.3.2-01", "RFC7644-3.5.2.3-02")
@pytest.mark.parametrize("value", ["True", "false"])
def test_a_boolean_in_a_string_is_never_stored_as_one(scim, user, read, value):
    """A boolean sent as a string is refused or understood, but never stored and returned as a string."""
    if not isinstance(read(user).get("active"), bool):
        pytest.skip("unsupported: the target shows no active of a user")
    response = scim.modify(user, {"op": "replace", "path": "active", "value": value})
    found = read(user).get("active")
    if response.status >= 500 or not isinstance(found, bool | None):
        raise Violation(
            f'PATCH with active = "{value}" went wrong.',
            requirement="RFC7643-2.3.2-01",
            expected=["status 400, or active as true or false"],
            actual=f"status {response.status}, then active = {found!r}",
        )
    note(f'PATCH with active = "{value}" ' + ("is refused." if response.status >= 400 else f"gives {found}."))


@pytest.mark.requirement("RFC7643-3.1-20", "RFC7644-3.5.2.3-02")
def test_patch_changes_external_id(make, read, patched, mark):
    """The externalId of a resource can be changed by PATCH."""
    user = make("User", externalId=f"ext-{mark()}")
    if not read(user).get("externalId"):
        pytest.skip("unsupported: the target keeps no externalId")
    value = f"ext-{mark()}"
    patched(user, {"op": "replace", "path": "externalId", "value": value}).has("externalId", value)


@pytest.mark.requirement("RFC7643-2.5-02", "RFC7644-3.5.2.3-02")
def test_replace_with_null_clears(scim, make, after, spare):
    """A replace with null is refused or clears the attribute, and does not succeed while keeping the value."""
    user = make("User", **{spare: "Clerk"})
    response = scim.modify(user, {"op": "replace", "path": spare, "value": None})
    found = member_of(after(user).response.body, spare)
    if response.status == 400:
        note(f"PATCH refuses null for {spare}.")
    else:
        expect(response).success()
        if found is not None:
            warn(
                f"PATCH with null for {spare} succeeded and kept a value.",
                expected=["the attribute cleared"],
                actual=f"{spare} = {found!r}",
            )
