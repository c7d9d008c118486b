"""The attribute definitions of each schema that a target publishes, RFC 7643 sections 2 and 7."""

import re

import pytest

from scim_conformance.judge import Blocked, warn
from scim_conformance.judge.expect import member_of

META_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:schema"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
TYPES = ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex")
KEYWORDS = {
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
}
CHARACTERISTICS = ("required", "mutability", "returned")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9$_-]*")
_QUOTED = re.compile(r"""["'`].*["'`]""")


@pytest.mark.requirement("RFC7643-7-13")
def test_definitions_are_complete(published_schema, definitions, reject):
    """Each attribute is defined by an object with name, type and multiValued, and has its other characteristics."""
    attributes = member_of(published_schema, "attributes")
    offending = [f"{element!r} is no object" for element in attributes if not isinstance(element, dict)]
    offending += _lacking((d for d in definitions if d.parent is None), ("name", "type", "multiValued"))
    reject(offending, "An attribute is not fully defined.", expected="an object with name, type and multiValued")
    missing = _lacking(definitions, CHARACTERISTICS)
    missing += _lacking((d for d in definitions if d.is_a("string")), ("caseExact", "uniqueness"))
    if missing:
        warn(
            f"Characteristics are missing in {member_of(published_schema, 'id')}.",
            expected=["required, mutability and returned; for strings caseExact and uniqueness too"],
            actual=_some(missing),
        )


@pytest.mark.requirement("RFC7643-7-16")
def test_sub_attributes_are_complete(definitions, reject):
    """The member subAttributes is an array of definitions, each with name, type and multiValued like any attribute."""
    offending = [
        f"{d.path}: subAttributes = {d.sub_attributes!r}"
        for d in definitions
        if d.sub_attributes is not None and not isinstance(d.sub_attributes, list)
    ]
    offending += [
        f"{d.path}: {element!r} is no object"
        for d in definitions
        if isinstance(d.sub_attributes, list)
        for element in d.sub_attributes
        if not isinstance(element, dict)
    ]
    offending += _lacking((d for d in definitions if d.parent is not None), ("name", "type", "multiValued"))
    reject(offending, "A sub-attribute is not fully defined.", expected="an object with name, type and multiValued")


def _lacking(definitions, members) -> list[str]:
    found = [(d.path, [member for member in members if d.get(member) is None]) for d in definitions]
    return [f"{path} has no {', '.join(missing)}" for path, missing in found if missing]


def _some(texts) -> str:
    return "; ".join(texts[:12]) + (f"; and {len(texts) - 12} more" if len(texts) > 12 else "")


# -- members --------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-2.1-02")
def test_names_follow_the_grammar(definitions, reject):
    """An attribute's name begins with a letter and goes on with letters, digits, $, - and _; $ref is the exception."""
    names = [(d.path, d.get("name")) for d in definitions]
    offending = [
        f"{path}: {name!r}"
        for path, name in names
        if name is not None and name != "$ref" and not (isinstance(name, str) and _NAME.fullmatch(name))
    ]
    reject(offending, "An attribute's name does not follow the grammar.", expected="a name like camelCase")


@pytest.mark.requirement("RFC7643-1.1-02")
def test_keywords_are_not_quoted(definitions, reject):
    """Keywords such as readOnly stand in the JSON as they are, without quotation marks of their own."""
    offending = [
        f"{d.path}: {member} = {value!r}"
        for d in definitions
        for member in ("type", *KEYWORDS)
        if isinstance(value := d.get(member), str) and _QUOTED.fullmatch(value)
    ]
    reject(offending, "A keyword has quotation marks around it.", expected='a bare keyword, such as "readOnly"')


@pytest.mark.requirement("RFC7643-7-14", "RFC7643-2.3-01")
def test_types_are_known(definitions, reject):
    """An attribute's type is string, boolean, decimal, integer, dateTime, binary, reference or complex."""
    _must_be_one_of(TYPES, "type", definitions, reject)


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("mutability", marks=pytest.mark.requirement("RFC7643-7-27")),
        pytest.param("returned", marks=pytest.mark.requirement("RFC7643-7-34")),
        pytest.param("uniqueness", marks=pytest.mark.requirement("RFC7643-7-13")),
    ],
)
def test_characteristics_are_keywords(definitions, reject, member):
    """mutability, returned and uniqueness are one of the keywords that RFC 7643 section 7 lists."""
    _must_be_one_of(KEYWORDS[member], member, definitions, reject)


def _must_be_one_of(allowed, member, definitions, reject) -> None:
    """Judge the values of a member; one that differs in letter case alone is a warning."""
    known = {word.lower() for word in allowed}
    values = [(d.path, d.get(member), d.keyword(member)) for d in definitions]
    given = [(path, raw, bare) for path, raw, bare in values if raw is not None]
    offending = [f"{path}: {raw!r}" for path, raw, bare in given if bare is None or bare.lower() not in known]
    reject(offending, f"The {member} of an attribute is unknown.", expected=f"one of {', '.join(allowed)}")
    respelled = [f"{path}: {raw!r}" for path, raw, bare in given if bare not in allowed]
    if respelled:
        warn(
            f"The {member} of an attribute is spelled in other letter case.",
            expected=[", ".join(allowed)],
            actual=_some(respelled),
        )


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("multiValued", marks=pytest.mark.requirement("RFC7643-7-17")),
        pytest.param("required", marks=pytest.mark.requirement("RFC7643-7-13")),
        pytest.param("caseExact", marks=pytest.mark.requirement("RFC7643-7-13")),
    ],
)
def test_flags_are_booleans(definitions, reject, member):
    """multiValued, required and caseExact are true or false."""
    offending = [
        f"{d.path}: {value!r}"
        for d in definitions
        if (value := d.get(member)) is not None and not isinstance(value, bool)
    ]
    reject(offending, f"{member} is neither true nor false.", expected=f'"{member}": true or false')


@pytest.mark.requirement("RFC7643-7-18")
def test_attributes_are_described(definitions, reject):
    """Each attribute is described to people."""
    offending = [d.path for d in definitions if not isinstance(d.get("description"), str) or not d.get("description")]
    reject(offending, "An attribute has no description.", expected="description as a text")


# -- structure ------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-1.2-02")
def test_simple_attributes_have_no_sub_attributes(definitions, reject):
    """Only a complex attribute has subAttributes."""
    offending = [f"{d.path} is a {d.keyword('type')}" for d in definitions if d.sub_attributes and d.is_simple]
    reject(offending, "A simple attribute has subAttributes.", expected="no subAttributes, or the type complex")


@pytest.mark.requirement("RFC7643-7-15")
def test_complex_attributes_have_sub_attributes(definitions, reject):
    """A complex attribute has subAttributes."""
    offending = [d.path for d in definitions if d.is_a("complex") and not d.sub_attributes]
    reject(offending, "A complex attribute has no subAttributes.", expected="subAttributes as an array of definitions")


@pytest.mark.requirement("RFC7643-2.3.8-02")
def test_sub_attributes_are_simple(published_schema, definitions, reject):
    """No sub-attribute is complex itself, but in the schema of schemas."""
    if str(member_of(published_schema, "id")).lower() == META_SCHEMA:
        return
    offending = [d.path for d in definitions if d.parent is not None and d.is_a("complex")]
    reject(offending, "A sub-attribute is complex.", expected="simple types only below a complex attribute")


# -- references -----------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-2.3.7-10")
def test_references_tell_their_types(definitions, reject):
    """Each attribute of type reference has referenceTypes."""
    offending = [d.path for d in definitions if d.is_a("reference") and d.get("referenceTypes") in (None, [], "")]
    reject(
        offending, "A reference does not tell what it refers to.", expected='"referenceTypes": ["User"], for example'
    )


@pytest.mark.requirement("RFC7643-7-48")
def test_reference_types_are_texts(definitions, features, reject):
    """The referenceTypes of a reference, and of nothing else, name resource types, external or uri in an array."""
    given = [(d, value) for d in definitions if (value := d.get("referenceTypes")) not in (None, [])]
    offending = [
        f"{d.path} is a {d.keyword('type')}" for d, _ in given if d.keyword("type") and not d.is_a("reference")
    ]
    offending += [
        f"{d.path}: {value!r}"
        for d, value in given
        if not (isinstance(value, list) and all(isinstance(name, str) and name for name in value))
    ]
    reject(offending, "referenceTypes is misused.", expected="an array of texts, at attributes of type reference")
    known = {kind.name.lower() for kind in features.resource_types} | {"user", "group", "external", "uri"}
    unknown = [f"{d.path}: {name}" for d, names in given for name in names if name.lower() not in known]
    if unknown:
        warn(
            "referenceTypes names something that is no resource type.",
            expected=["the name of a resource type, external or uri"],
            actual=_some(unknown),
        )


# -- values ---------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-1.2-03", "RFC7643-7-17")
def test_values_are_as_many_as_defined(features, resource_type, shared_resource, reject):
    """A multi-valued attribute of a resource is an array, and any other is none."""
    if features.schema_of(resource_type).assumed:
        raise Blocked(f"the schema of {resource_type.name} is not served")
    values = [
        (attribute, _value(shared_resource, attribute))
        for attribute in features.attributes(resource_type)
        if not attribute.parent and attribute.name.lower() != "schemas"
    ]
    inner = [
        (sub, member_of(element, sub.name))
        for attribute, value in values
        for element in (value if isinstance(value, list) else [value])
        for sub in attribute.sub_attributes
    ]
    offending = [
        f"{attribute.path} is {'one' if attribute.multi_valued else 'an array'}: {value!r}"
        for attribute, value in (*values, *inner)
        if value is not None and isinstance(value, list) is not attribute.multi_valued
    ]
    reject(
        offending,
        f"A {resource_type.name} has values that are not as its schema defines.",
        expected="an array where multiValued is true, and none where it is false",
    )


def _value(resource, attribute):
    """Return the value of a top-level attribute, of an extension's from its own member."""
    holder = member_of(resource, attribute.schema) if attribute.path.lower().startswith("urn:") else resource
    return member_of(holder, attribute.name)
