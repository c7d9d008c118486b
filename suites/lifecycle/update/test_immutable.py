"""Attributes that can be set once, RFC 7644 section 3.5.1 and RFC 7643 section 7."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect
from scim_conformance.judge.changeable import must_stay

pytestmark = pytest.mark.usefixtures("working_replace")


@pytest.fixture
def set_once(make, settable, mark):
    """A resource whose immutable attribute was given a value; blocked where the target did not keep it."""
    resource = make(settable.resource_type, **settable.body(f"once {mark()}"))
    if not settable.of(resource):
        raise Blocked(f"the target did not keep {settable.name}")
    return resource


@pytest.mark.requirement("RFC7643-7-31", "RFC7644-3.5.1-12")
def test_put_with_another_immutable_value_is_refused(scim, settable, set_once, asserted, read, mark):
    """A PUT with another value for an immutable attribute is refused with 400 mutability and changes nothing."""
    before = settable.of(set_once)
    response = scim.replace(set_once, asserted(set_once, **settable.body(f"other {mark()}", set_once)))
    must_stay(
        response,
        settable.name,
        (before, settable.of(read(set_once))),
        why="immutable",
        ignored=f"PUT with another {settable.name}",
        requirement="RFC7643-7-31",
    )


@pytest.mark.requirement("RFC7644-3.5.1-12")
def test_put_with_the_same_immutable_value_is_accepted(scim, settable, set_once, asserted, read):
    """A PUT that repeats the value of an immutable attribute is accepted."""
    expect(scim.replace(set_once, asserted(set_once))).success()
    found = settable.of(read(set_once))
    if found != settable.of(set_once):
        raise Violation(
            f"PUT changed {settable.name}, which is immutable.",
            expected=[f"{settable.of(set_once)!r}"],
            actual=f"{found!r}",
        )


@pytest.mark.requirement("RFC7644-3.5.1-13")
def test_put_sets_an_immutable_attribute_once(scim, make, settable, asserted, read, mark):
    """A PUT gives a value to an immutable attribute that has none."""
    resource = make(settable.resource_type)
    if settable.of(resource) is not None:
        pytest.skip(f"unsupported: the target gives {settable.name} a value of its own")
    value = f"once {mark()}"
    expect(scim.replace(resource, asserted(resource, **settable.body(value, resource)))).success()
    found = settable.of(read(resource))
    if found != value:
        raise Violation(
            f"PUT did not set {settable.name}, which had no value.",
            expected=[f"{settable.name} = {value!r}"],
            actual=f"{settable.name} = {found!r}",
        )
