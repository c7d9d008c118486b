"""The PATCH operation add, RFC 7644 section 3.5.2.1."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.compare import instant
from scim_conformance.judge.expect import member_of

pytestmark = pytest.mark.usefixtures("working_patch")

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.requirement("RFC7644-3.5.2.1-04")
def test_add_sets_an_attribute_without_value(user, patched, spare):
    """An add to an attribute that has no value sets it."""
    patched(user, {"op": "add", "path": spare, "value": "Clerk"}).has(spare, "Clerk")


@pytest.mark.requirement("RFC7644-3.5.2.1-07")
def test_add_replaces_a_single_value(make, patched, spare):
    """An add to an attribute with one value replaces that value."""
    user = make("User", **{spare: "Clerk"})
    patched(user, {"op": "add", "path": spare, "value": "Manager"}).has(spare, "Manager")


@pytest.mark.requirement("RFC7644-3.5.2.1-03")
def test_add_without_path_merges_attributes(make, patched, spare, elements):
    """An add without path adds the attributes of its value to the resource, and leaves the others."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first]})
    value = {spare: "Clerk", elements.name: [second]}
    after = patched(user, {"op": "add", "value": value}).has(spare, "Clerk").has("userName", user["userName"])
    elements.are(after, [first, second])


@pytest.mark.requirement("RFC7644-3.5.2.1-04", "RFC7644-3.5.2.1-05")
def test_add_to_a_complex_attribute_keeps_the_rest(make, patched, keeps):
    """An add to a complex attribute sets the sub-attributes given, and keeps those it does not name."""
    name = {"givenName": "Anna", "familyName": "Berg"}
    if not keeps(name=name | {"middleName": "Lee"}):
        pytest.skip("unsupported: the target does not keep name.middleName")
    user = make("User", name=name)
    after = patched(user, {"op": "add", "path": "name", "value": {"middleName": "Lee"}})
    after.has("name.middleName", "Lee").has("name.givenName", "Anna").has("name.familyName", "Berg")


@pytest.mark.requirement("RFC7644-3.5.2.1-06")
def test_add_appends_elements(make, patched, elements):
    """An add to a multi-valued attribute appends the new elements and keeps those that were there."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first]})
    elements.are(patched(user, {"op": "add", "path": elements.name, "value": [second]}), [first, second])


@pytest.mark.requirement("RFC7644-3.5.2.1-06")
def test_add_takes_a_single_element(scim, make, after, elements):
    """An add to a multi-valued attribute takes one element that is not wrapped in a list."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first]})
    response = scim.modify(user, {"op": "add", "path": elements.name, "value": second})
    if 400 <= response.status < 500:
        warn(
            f"An add to {elements.name} refuses a single element.",
            expected=["the element added, as if in a list"],
            actual=f"status {response.status}",
        )
        return
    expect(response).success()
    elements.are(after(user), [first, second])


@pytest.mark.requirement("RFC7644-3.5.2.1-10")
def test_add_of_a_present_value_succeeds(scim, make, elements):
    """An add of a value that is there already succeeds."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    expect(scim.modify(user, {"op": "add", "path": elements.name, "value": [second]})).status(200, 204)


@pytest.mark.requirement("RFC7644-3.5.2.1-09", "RFC7643-2.4-10")
def test_add_of_a_present_value_adds_no_double(scim, make, after, elements):
    """An add of an element that is there already does not make a second one."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    scim.modify(user, {"op": "add", "path": elements.name, "value": [second]})
    elements.are(after(user), [first, second])


@pytest.mark.requirement("RFC7644-3.5.2.1-11")
@pytest.mark.parametrize("what", ["value", "element"])
def test_add_of_a_present_value_leaves_last_modified(scim, make, read, spare, elements, tick, what):
    """An add of a value that is there already does not touch meta.lastModified."""
    before = read(make("User", **{spare: "Clerk"}, **{elements.name: [elements.one(0, primary=True)]}))
    tick(before)
    path = spare if what == "value" else elements.name
    response = scim.modify(before, {"op": "add", "path": path, "value": before[path]})
    if not response.is_success:
        raise Blocked(f"an add of a present value answered {response.status}, which another check judges")
    now = read(before)
    if now.get(path) != before[path]:
        raise Blocked("an add of a present value changed something, which another check judges")
    earlier, later = (member_of(each, "meta.lastModified") for each in (before, now))
    if instant(str(earlier)) != instant(str(later)):
        raise Violation(
            "An add that changes nothing moved meta.lastModified.",
            actual=f"meta.lastModified = {later}",
            expected=[f"meta.lastModified = {earlier}"],
        )


@pytest.mark.requirement("RFC7644-3.5.2.1-08")
def test_add_with_a_filter_replaces_what_is_there(make, patched, elements):
    """An add whose path selects an element and names a sub-attribute replaces the value there, and only there."""
    first, second = elements.one(0, primary=True), elements.one(1)
    user = make("User", **{elements.name: [first, second]})
    value = elements.one(1)["value"]
    path = f'{elements.name}[type eq "{elements.types[1]}"].value'
    elements.are(patched(user, {"op": "add", "path": path, "value": value}), [first, second | {"value": value}])


@pytest.mark.requirement("RFC7644-3.5.2-18", "RFC7643-2.4-03")
def test_a_new_primary_switches_the_old_one_off(make, patched, keeps, elements):
    """A PATCH that makes one element primary makes all other elements not primary."""
    first, second = elements.one(0, primary=True), elements.one(1, primary=True)
    if not keeps(**{elements.name: [first]}):
        pytest.skip(f"unsupported: the target does not keep primary in {elements.name}")
    user = make("User", **{elements.name: [first]})
    after = patched(user, {"op": "add", "path": elements.name, "value": [second]})
    shown = after.response.body.get(elements.name) or []
    primary = [
        element.get("value") for element in shown if isinstance(element, dict) and element.get("primary") is True
    ]
    after.where(
        primary == [second["value"]],
        expected=f"{second['value']} is primary, and no other",
        actual=f"primary: {', '.join(map(str, primary)) or '(none)'}",
    )


@pytest.mark.requirement("RFC7644-3.10-03", "RFC7644-3.5.2.1-04")
def test_add_of_an_extension_attribute(user, patched, features):
    """An attribute of the enterprise extension is set by its qualified name, and the extension is then in schemas."""
    if not any(
        attribute.path.lower() == f"{ENTERPRISE}:department".lower() for attribute in features.attributes("User")
    ):
        pytest.skip("unsupported: the served enterprise extension has no department")
    after = patched(user, {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Tours"})
    found = member_of(after.response.body, ENTERPRISE) or {}
    after.where(found.get("department") == "Tours", expected='department = "Tours"', actual=f"{ENTERPRISE}: {found}")
    if ENTERPRISE.lower() not in [str(urn).lower() for urn in after.response.body.get("schemas") or []]:
        warn(
            "The extension of an attribute added by PATCH is not in schemas.",
            expected=[f"schemas with {ENTERPRISE}"],
            actual=f"schemas = {after.response.body.get('schemas')}",
        )
