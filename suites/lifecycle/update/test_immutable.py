"""Attributes that can be set once, RFC 7644 section 3.5.1 and RFC 7643 section 7."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn

pytestmark = pytest.mark.usefixtures("working_replace")


class Once:
    """A text attribute that is immutable, with its resource type and the extension that it belongs to."""

    def __init__(self, resource_type, attribute):
        self.resource_type, self.name = resource_type, attribute.name
        self.urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""

    def body(self, value, resource=None):
        """The member of a body that gives the attribute a value, beside what its extension holds already."""
        if not self.urn:
            return {self.name: value}
        held = {**((resource or {}).get(self.urn) or {}), self.name: value}
        return {self.urn: {name: each for name, each in held.items() if each is not None}}

    def of(self, resource):
        """The value in a resource."""
        return ((resource.get(self.urn) or {}) if self.urn else resource).get(self.name)


@pytest.fixture
def once(features):
    """An immutable text attribute; the check does not apply where none is served."""
    for resource_type in features.resource_types:
        for attribute in features.attributes(resource_type):
            plain = (attribute.type, attribute.multi_valued, attribute.mutability) == ("string", False, "immutable")
            if (
                plain
                and not attribute.parent
                and not attribute.required
                and attribute.returned in ("default", "always")
            ):
                return Once(resource_type, attribute)
    pytest.skip("unsupported: no text attribute of a resource is immutable")


@pytest.fixture
def set_once(make, once, mark):
    """A resource whose immutable attribute was given a value; blocked where the target did not keep it."""
    resource = make(once.resource_type, **once.body(f"once {mark()}"))
    if not once.of(resource):
        raise Blocked(f"the target did not keep {once.name}")
    return resource


@pytest.mark.requirement("RFC7643-7-31", "RFC7644-3.5.1-12")
def test_put_with_another_immutable_value_is_refused(scim, once, set_once, asserted, read, mark):
    """A PUT with another value for an immutable attribute is refused with 400 mutability and changes nothing."""
    before = once.of(set_once)
    response = scim.replace(set_once, asserted(set_once, **once.body(f"other {mark()}", set_once)))
    found = once.of(read(set_once))
    if found != before:
        raise Violation(
            f"PUT changed {once.name}, which is immutable.",
            requirement="RFC7643-7-31",
            expected=[f"{once.name} = {before!r}"],
            actual=f"{once.name} = {found!r}",
        )
    if 200 <= response.status < 300:
        warn(
            f"PUT with another {once.name} was accepted and ignored.",
            expected=["status 400 with scimType mutability"],
            actual=f"status {response.status}",
        )
        return
    expect(response).refused(400, scim_type="mutability")


@pytest.mark.requirement("RFC7644-3.5.1-12")
def test_put_with_the_same_immutable_value_is_accepted(scim, once, set_once, asserted, read):
    """A PUT that repeats the value of an immutable attribute is accepted."""
    expect(scim.replace(set_once, asserted(set_once))).success()
    found = once.of(read(set_once))
    if found != once.of(set_once):
        raise Violation(
            f"PUT changed {once.name}, which is immutable.", expected=[f"{once.of(set_once)!r}"], actual=f"{found!r}"
        )


@pytest.mark.requirement("RFC7644-3.5.1-13")
def test_put_sets_an_immutable_attribute_once(scim, make, once, asserted, read, mark):
    """A PUT gives a value to an immutable attribute that has none."""
    resource = make(once.resource_type)
    if once.of(resource) is not None:
        pytest.skip(f"unsupported: the target gives {once.name} a value of its own")
    value = f"once {mark()}"
    expect(scim.replace(resource, asserted(resource, **once.body(value, resource)))).success()
    found = once.of(read(resource))
    if found != value:
        raise Violation(
            f"PUT did not set {once.name}, which had no value.",
            expected=[f"{once.name} = {value!r}"],
            actual=f"{once.name} = {found!r}",
        )
