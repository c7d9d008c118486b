"""Rules of PATCH that hold for every resource type, and for attributes that can be set once, RFC 7644 section 3.5.2."""

from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.expect import member_of

pytestmark = pytest.mark.usefixtures("patching")


@pytest.mark.requirement("RFC7644-3.5.2-19", "RFC7644-3.5.2-20", "RFC7644-3.5.2-21")
def test_a_failed_patch_leaves_a_resource_of_any_type(scim, resource, resource_type, text, read, mark):
    """A PATCH of a resource of any type is refused when its second operation fails, and leaves the resource alone."""
    before = read(resource)
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


class Settable(NamedTuple):
    """A text attribute that can be set once: its resource type, its path, and how a body gives it a value."""

    resource_type: Any
    path: str
    urn: str
    name: str

    def body(self, value: str) -> dict[str, Any]:
        """The member of a body that gives the attribute a value."""
        return {self.urn: {self.name: value}} if self.urn else {self.name: value}

    def of(self, resource: dict[str, Any]) -> Any:
        """The value in a resource."""
        return ((resource.get(self.urn) or {}) if self.urn else resource).get(self.name)


@pytest.fixture
def settable(features):
    """An immutable text attribute; the check does not apply where none is served."""
    for resource_type in features.resource_types:
        for attribute in features.attributes(resource_type):
            plain = (attribute.type, attribute.multi_valued, attribute.mutability) == ("string", False, "immutable")
            shown = attribute.returned in ("default", "always")
            if plain and shown and not attribute.parent and not attribute.required:
                urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""
                path = f"{urn}:{attribute.name}" if urn else attribute.name
                return Settable(resource_type, path, urn, attribute.name)
    pytest.skip("unsupported: no text attribute of a resource is immutable")


@pytest.mark.requirement("RFC7644-3.5.2-11", "RFC7643-7-31")
def test_patch_of_a_set_immutable_attribute_is_refused(scim, make, read, settable, mark):
    """A PATCH of an immutable attribute that has a value is refused with 400 mutability, and changes nothing."""
    value = f"once {mark()}"
    resource = make(settable.resource_type, **settable.body(value))
    if settable.of(read(resource)) != value:
        raise Blocked(f"the target did not keep {settable.name}")
    response = scim.modify(resource, {"op": "replace", "path": settable.path, "value": f"other {mark()}"})
    found = settable.of(read(resource))
    if found != value:
        raise Violation(
            f"PATCH changed {settable.name}, which is immutable.",
            expected=[f"{settable.name} = {value!r}"],
            actual=f"{settable.name} = {found!r}",
        )
    if 200 <= response.status < 300:
        warn(
            f"PATCH of {settable.name}, which has a value, was accepted and ignored.",
            expected=["status 400 with scimType mutability"],
            actual=f"status {response.status}",
        )
        return
    expect(response).refused(400, scim_type="mutability")


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
