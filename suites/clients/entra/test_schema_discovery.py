"""Reading the schemas to offer their attributes for mapping."""

from collections.abc import Iterator

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation

KEYWORDS = {
    "type": ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"),
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
}


def attributes_of(definition) -> Iterator[dict]:
    """Give the attributes of a schema, with their sub-attributes."""
    for name in ("attributes", "subAttributes"):
        for attribute in definition.get(name) or []:
            if isinstance(attribute, dict):
                yield attribute
                yield from attributes_of(attribute)


@pytest.fixture
def discovered(once, entra):
    """What the service reads as schemas."""
    return once("entra schemas", entra.discover_schemas)


@pytest.fixture
def attributes(discovered):
    """Every attribute of the schemas; blocked without any."""
    found = [attribute for schema in discovered.resources for attribute in attributes_of(schema)]
    if not found:
        raise Blocked("no schemas are shown")
    return found


@pytest.mark.requirement("ENTRA-S01-a")
def test_schemas_are_discovered(discovered):
    """The schemas are listed, with their attributes."""
    concluded(discovered, Conclusion.IMPORTED)
    if not any(schema.get("attributes") for schema in discovered.resources):
        raise Violation("No schema has attributes.", expected=["schemas with attributes"], actual="none")


@pytest.mark.requirement("ENTRA-S01-b")
def test_keywords_are_in_camel_case(attributes):
    """The keywords of attributes are written as the RFC has them."""
    for attribute in attributes:
        for name, allowed in KEYWORDS.items():
            value = attribute.get(name)
            if value is not None and value not in allowed:
                place = f"{attribute.get('name')}.{name}"
                raise Violation(f"{place} is {value!r}.", expected=allowed, actual=repr(value))


@pytest.mark.requirement("ENTRA-S01-c")
def test_schemas_have_no_nulls(attributes):
    """What an attribute leaves open is left out, not written as null."""
    for attribute in attributes:
        nulls = [name for name, value in attribute.items() if value is None]
        if nulls:
            place = f"{attribute.get('name')}.{nulls[0]}"
            raise Violation(f"{place} is null.", expected=[f"no {place}"], actual="null")
