"""What a provider says about its resources in meta, RFC 7643 section 3.1."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.compare import instant


@pytest.fixture
def meta(shown):
    """The meta of a resource; blocked where it is no object."""
    if not isinstance(shown.get("meta"), dict):
        raise Blocked("the resource has no meta")
    return shown["meta"]


@pytest.mark.requirement("RFC7643-3.1-02", "RFC7643-3.1-01")
@pytest.mark.parametrize("name", ["created", "lastModified"])
def test_every_resource_tells_its_times(shown, resource_type, name):
    """Every resource that is read or listed tells in its meta when it was created and last modified."""
    meta = shown.get("meta")
    if not isinstance(meta, dict) or not meta.get(name):
        raise Violation(
            f"A {resource_type.name} is shown without meta.{name}.",
            expected=[f"meta.{name}, assigned by the provider"],
            actual=f"meta = {meta!r}",
        )


@pytest.mark.requirement("RFC7643-3-01", "RFC7643-3.1-24", "RFC7643-3.1-02")
def test_every_resource_tells_its_type(shown, resource_type):
    """Every resource that is read or listed tells the name of its resource type in meta.resourceType."""
    meta = shown.get("meta")
    found = meta.get("resourceType") if isinstance(meta, dict) else None
    if found != resource_type.name:
        raise Violation(
            f"A {resource_type.name} is shown with another resource type.",
            expected=[f"meta.resourceType = {resource_type.name}"],
            actual=f"meta.resourceType = {found!r}",
        )


@pytest.mark.requirement("RFC7643-3.1-28", "RFC7643-3.1-02")
@pytest.mark.usefixtures("reading")
def test_every_resource_tells_its_location(shown, places, resource_type):
    """Every resource that is read or listed has its URI in meta.location: a GET of that URI shows the resource."""
    meta = shown.get("meta")
    location = meta.get("location") if isinstance(meta, dict) else None
    if not isinstance(shown.get("id"), str):
        raise Blocked("the resource is shown without an id")
    places.lead_to("meta.location", location, places.base(), resource_type, shown["id"])


@pytest.mark.requirement("RFC7643-3.1-25", "RFC7643-2.3.5-01", "RFC7643-2.3.5-02", "RFC7643-2.3.5-03")
@pytest.mark.parametrize("name", ["created", "lastModified"])
def test_times_are_date_times(meta, name):
    """The times in meta are strings of the form that xsd:dateTime has, with a date and a time."""
    value = meta.get(name)
    if value is None:
        raise Blocked(f"the resource has no meta.{name}")
    if not isinstance(value, str) or instant(value) is None:
        raise Violation(
            f"meta.{name} is no DateTime.",
            expected=["a string such as 2011-08-01T21:32:44.882Z"],
            actual=f"meta.{name} = {value!r}",
        )
    if not value.upper().endswith("Z") and "+" not in value and value.count("-") < 3:
        warn(f"meta.{name} has no time zone.", expected=["Z or an offset at its end"], actual=f"meta.{name} = {value}")


@pytest.mark.requirement("RFC7643-3.1-27")
def test_new_resource_was_modified_when_created(creation, created_and_read):
    """As long as a resource was not changed its meta.lastModified equals its meta.created."""
    for shown in (creation.resource, created_and_read):
        created, modified = _times(_meta(shown))
        gap = abs((modified - created).total_seconds())
        actual = f"created {created.isoformat()}, lastModified {modified.isoformat()}"
        if 0 < gap < 1:  # Two readings of one clock (A60).
            warn("A new resource has two times.", expected=["lastModified = created"], actual=actual)
        expect(creation.response).where(gap < 1, expected="lastModified = created", actual=actual)


@pytest.mark.requirement("RFC7643-3.1-22")
@pytest.mark.parametrize("kind", ["attributes", "excludedAttributes"])
def test_meta_can_be_left_out(shared_resource, scim, resource_type, kind):
    """The meta of a resource is left out where only others are asked for, or it is named in excludedAttributes."""
    response = scim.read((resource_type, shared_resource["id"]), **{kind: "id" if kind == "attributes" else "meta"})
    if response.status != 200:
        raise Blocked(f"a GET with {kind} does not work: it answered {response.status}")
    if kind == "attributes":
        expect(response).should.lacks("meta")
    else:
        expect(response).lacks("meta")


def _meta(resource):
    """Return the meta of a resource; blocked where it is no object."""
    if not isinstance(resource.get("meta"), dict):
        raise Blocked("the resource has no meta")
    return resource["meta"]


def _times(meta):
    """Return the instants of creation and modification; blocked where they are none."""
    found = [instant(meta[name]) if isinstance(meta.get(name), str) else None for name in ("created", "lastModified")]
    if None in found:
        raise Blocked("the resource does not tell when it was created and last modified")
    return found
