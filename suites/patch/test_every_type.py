"""Rules of PATCH that hold for every resource type, and for attributes that can be set once, RFC 7644 section 3.5.2."""

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.changeable import must_stay
from scim_conformance.judge.expect import member_of

pytestmark = pytest.mark.usefixtures("patching")


@pytest.mark.requirement("RFC7644-3.5.2-19", "RFC7644-3.5.2-20", "RFC7644-3.5.2-21")
def test_a_failed_patch_leaves_a_resource_of_any_type(scim, resource, resource_type, text, as_made, read, mark):
    """A PATCH of a resource of any type is refused when its second operation fails, and leaves the resource alone."""
    before = as_made(resource)
    early = {"op": "replace", "path": text.path, "value": f"Early {mark()}"}
    response = scim.modify(resource, early, {"op": "replace", "path": "noSuchAttribute", "value": "x"})
    if response.status < 400:
        raise Violation(
            f"A PATCH of a {resource_type.name} of which one operation fails is answered with success.",
            requirement="RFC7644-3.5.2-21",
            expected=["status 400"],
            actual=f"status {response.status}",
        )
    found = member_of(read(resource), text.path)
    if found != member_of(before, text.path):
        raise Violation(
            f"A PATCH refused with {response.status} changed the {resource_type.name}.",
            requirement="RFC7644-3.5.2-20",
            expected=[f"{text.path} = {member_of(before, text.path)!r}"],
            actual=f"{text.path} = {found!r}",
        )


@pytest.mark.requirement("RFC7644-3.5.2-11", "RFC7643-7-31")
def test_patch_of_a_set_immutable_attribute_is_refused(scim, make, read, settable, mark):
    """A PATCH of an immutable attribute that has a value is refused with 400 mutability, and changes nothing."""
    value = f"once {mark()}"
    resource = make(settable.resource_type, **settable.body(value))
    if settable.of(read(resource)) != value:
        raise Blocked(f"the target did not keep {settable.name}")
    response = scim.modify(resource, {"op": "replace", "path": settable.path, "value": f"other {mark()}"})
    must_stay(
        response,
        settable.name,
        (value, settable.of(read(resource))),
        why="immutable",
        ignored=f"PATCH of {settable.name}, which has a value,",
    )


@pytest.mark.requirement("RFC7644-3.5.2-12")
def test_patch_may_set_an_immutable_attribute_once(make, patched, settable, mark):
    """An add gives a value to an immutable attribute that has none."""
    resource = make(settable.resource_type)
    if settable.of(resource) is not None:
        pytest.skip(f"unsupported: the target gives {settable.name} a value of its own")
    value = f"once {mark()}"
    after = patched(resource, {"op": "add", "path": settable.path, "value": value})
    found = settable.of(after.response.body)
    after.where(found == value, expected=f"{settable.name} = {value!r}", actual=f"{settable.name} = {found!r}")
