"""The schemas that a target publishes, as documents: /Schemas, RFC 7643 section 7."""

import re

import pytest

from scim_conformance.judge import expect
from scim_conformance.judge.expect import member_of

SCHEMAS = "/Schemas"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
MESSAGES = "urn:ietf:params:scim:api:"
FIXED = tuple(
    f"urn:ietf:params:scim:schemas:core:2.0:{name}" for name in ("serviceproviderconfig", "resourcetype", "schema")
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


@pytest.mark.requirement("RFC7643-7-03")
def test_entries_name_their_schema(schema_entries, entry_named, reject):
    """Each schema lists the schema of schemas in its schemas."""
    offending = [
        f"{entry_named(entry, schema_entries)}: schemas = {named!r}"
        for entry in schema_entries
        if not isinstance(named := member_of(entry, "schemas"), list) or SCHEMA not in named
    ]
    reject(offending, "A schema does not name its own schema.", expected=f'"schemas": ["{SCHEMA}"]')


@pytest.mark.requirement("RFC7643-7-06", "RFC7643-7-08")
def test_entries_have_an_id(schema_entries, entry_named, reject):
    """Each schema has an id."""
    offending = [
        f"{entry_named(entry, schema_entries)}: id = {value!r}"
        for entry in schema_entries
        if not isinstance(value := member_of(entry, "id"), str) or not value.strip()
    ]
    reject(offending, "A schema has no id.", expected="id as a text")


@pytest.mark.requirement("RFC7643-7-07")
def test_ids_are_uris(schema_entries, reject):
    """The id of a schema is its URI."""
    ids = [member_of(entry, "id") for entry in schema_entries]
    offending = [value for value in ids if isinstance(value, str) and value.strip() and not _URI.fullmatch(value)]
    reject(
        offending, "The id of a schema is no URI.", expected="a URI such as urn:ietf:params:scim:schemas:core:2.0:User"
    )


@pytest.mark.requirement("RFC7643-7-08")
def test_ids_are_unique(schema_entries, reject):
    """No two schemas have the same id."""
    ids = [value.lower() for entry in schema_entries if isinstance(value := member_of(entry, "id"), str)]
    offending = sorted({value for value in ids if ids.count(value) > 1})
    reject(offending, "Two schemas have the same id.", expected="each id once")


@pytest.mark.requirement("RFC7643-7-06")
def test_entries_have_attributes(schema_entries, entry_named, reject):
    """Each schema has attributes, an array."""
    offending = [
        f"{entry_named(entry, schema_entries)}: attributes = {value!r}"
        for entry in schema_entries
        if not isinstance(value := member_of(entry, "attributes"), list)
    ]
    reject(offending, "A schema has no attributes.", expected="attributes as an array of definitions")


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("name", marks=pytest.mark.requirement("RFC7643-7-09")),
        pytest.param("description", marks=pytest.mark.requirement("RFC7643-7-11")),
    ],
)
def test_entries_are_described(schema_entries, entry_named, reject, member):
    """Each schema has a name and a description for people."""
    offending = [
        entry_named(entry, schema_entries)
        for entry in schema_entries
        if not isinstance(value := member_of(entry, member), str) or not value.strip()
    ]
    reject(offending, f"A schema has no {member}.", expected=f"{member} as a text")


@pytest.mark.requirement("RFC7643-8.7.1-08")
def test_meta_is_its_own(schema_entries, entry_named, path_of, reject):
    """The meta of a schema, where given, names the resource type Schema and the schema's own location."""
    offending = []
    for entry in schema_entries:
        kind, location = (member_of(entry, f"meta.{name}") for name in ("resourceType", "location"))
        urn = str(member_of(entry, "id"))
        if kind not in (None, "Schema"):
            offending.append(f"{entry_named(entry, schema_entries)}: meta.resourceType = {kind!r}")
        if location is None or not _URI.fullmatch(urn):
            continue
        if not isinstance(location, str) or not path_of(location).lower().endswith(f"/schemas/{urn}".lower()):
            offending.append(f"{entry_named(entry, schema_entries)}: meta.location = {location!r}")
    reject(
        offending,
        "The meta of a schema tells of something else.",
        expected=['meta.resourceType = "Schema"', "meta.location ending in /Schemas/{id}"],
    )


@pytest.mark.requirement("RFC7643-7-04")
def test_id_is_always_returned(scim, schema_entries, segment):
    """The id of a schema is returned whatever attributes are asked for."""
    urn = next((value for entry in schema_entries if isinstance(value := member_of(entry, "id"), str)), "")
    answer = scim.get(f"{SCHEMAS}/{segment(urn)}", params={"attributes": "name"})
    if answer.status == 200:
        expect(answer).json_object().has("id")


@pytest.mark.requirement("RFC7644-3.1-04")
def test_messages_are_not_listed(schema_entries, reject):
    """The schemas of SCIM messages are not listed at /Schemas."""
    ids = [str(member_of(entry, "id")) for entry in schema_entries]
    offending = [value for value in ids if value.lower().startswith(MESSAGES)]
    reject(offending, "/Schemas lists the schema of a message.", expected=f"no id that begins with {MESSAGES}")


@pytest.mark.requirement("RFC7644-3.1-04")
def test_messages_cannot_be_retrieved(scim, documents):
    """The schema of a SCIM message cannot be retrieved below /Schemas."""
    documents.readable(SCHEMAS)
    expect(scim.get(f"{SCHEMAS}/{MESSAGES}messages:2.0:ListResponse")).refused(404)


@pytest.mark.requirement("RFC7643-8.7.2-01")
def test_fixed_schemas_are_read_only(schema_entries, schema_of, reject):
    """The attributes of the schemas ServiceProviderConfig, ResourceType and Schema, where served, are readOnly."""
    served = {str(member_of(entry, "id")).lower() for entry in schema_entries} & set(FIXED)
    offending = [
        f"{urn.rpartition(':')[2]}: {definition.path} is {definition.keyword('mutability')}"
        for urn in sorted(served)
        for definition in schema_of(urn).values()
        if (definition.keyword("mutability") or "readOnly").lower() != "readonly"
    ]
    reject(offending, "A fixed schema has attributes that can be written.", expected='"mutability": "readOnly"')
