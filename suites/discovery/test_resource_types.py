"""The kinds of resources that a target serves: /ResourceTypes, RFC 7643 section 6."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.expect import member_of

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
CORE = {
    "urn:ietf:params:scim:schemas:core:2.0:user": "/Users",
    "urn:ietf:params:scim:schemas:core:2.0:group": "/Groups",
}


@pytest.mark.requirement("RFC7643-6-03")
def test_entries_name_their_schema(resource_type_entries, entry_named, reject):
    """Each resource type lists the ResourceType schema in its schemas."""
    offending = [
        f"{entry_named(entry, resource_type_entries)}: schemas = {named!r}"
        for entry in resource_type_entries
        if not isinstance(named := member_of(entry, "schemas"), list) or SCHEMA not in named
    ]
    reject(offending, "A resource type does not name its schema.", expected=f'"schemas": ["{SCHEMA}"]')


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("name", marks=pytest.mark.requirement("RFC7643-6-01", "RFC7643-6-05", "RFC7643-6-06")),
        pytest.param("endpoint", marks=pytest.mark.requirement("RFC7643-6-01", "RFC7643-6-09")),
        pytest.param("schema", marks=pytest.mark.requirement("RFC7643-6-01", "RFC7643-6-11")),
    ],
)
def test_entries_have_what_is_required(resource_type_entries, entry_named, reject, member):
    """Each resource type has a name, an endpoint and a schema."""
    offending = [
        f"{entry_named(entry, resource_type_entries)}: {member} = {value!r}"
        for entry in resource_type_entries
        if not isinstance(value := member_of(entry, member), str) or not value.strip()
    ]
    reject(offending, f"A resource type has no {member}.", expected=f"{member} as a text")


@pytest.mark.requirement("RFC7643-6-07")
def test_entries_have_a_description(resource_type_entries, entry_named, reject):
    """Each resource type is described to people."""
    offending = [
        entry_named(entry, resource_type_entries)
        for entry in resource_type_entries
        if not isinstance(value := member_of(entry, "description"), str) or not value.strip()
    ]
    reject(offending, "A resource type has no description.", expected="description as a text")


@pytest.mark.requirement("RFC7643-8.6-01")
def test_meta_is_its_own(resource_type_entries, entry_named, path_of, reject):
    """The meta of a resource type, where given, names the resource type ResourceType and the entry's own location."""
    offending = []
    for entry in resource_type_entries:
        kind, location = (member_of(entry, f"meta.{name}") for name in ("resourceType", "location"))
        own = [f"/ResourceTypes/{member_of(entry, name)}" for name in ("id", "name")]
        if kind not in (None, "ResourceType"):
            offending.append(f"{entry_named(entry, resource_type_entries)}: meta.resourceType = {kind!r}")
        if location is not None and not (isinstance(location, str) and path_of(location).endswith(tuple(own))):
            offending.append(f"{entry_named(entry, resource_type_entries)}: meta.location = {location!r}")
    reject(
        offending,
        "The meta of a resource type tells of something else.",
        expected=['meta.resourceType = "ResourceType"', "meta.location ending in /ResourceTypes/{name}"],
    )


# -- endpoints ------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-6-09")
def test_endpoint_leads_to_the_resources(scim, published_resource_type, resource_type):
    """The endpoint of each resource type is relative to the base URL, and answers GET."""
    told = member_of(published_resource_type, "endpoint")
    if not isinstance(told, str) or not told:
        raise Blocked("the resource type has no endpoint")
    if "://" in told:
        warn("An endpoint is absolute.", expected=["an endpoint relative to the base URL"], actual=told)
    answer = scim.query(resource_type, count=1)
    refused = 400 <= answer.status < 500 and answer.status not in (404, 405)
    expect(answer).where(
        answer.status == 200 or refused,
        expected=f"{told} to be the address of the resources: 200, or a refusal other than 404 and 405",
    )
    if refused:
        note(f"{told} does not list its resources without a filter: GET answered {answer.status}")


@pytest.mark.requirement("RFC7644-3.2-01")
@pytest.mark.parametrize("schema", sorted(CORE))
def test_core_types_have_their_well_known_endpoints(resource_type_entries, path_of, schema):
    """Users live at /Users and groups at /Groups below the base URL."""
    told = [
        endpoint
        for entry in resource_type_entries
        if str(member_of(entry, "schema")).lower() == schema
        and isinstance(endpoint := member_of(entry, "endpoint"), str)
    ]
    if not told:
        note(f"no resource type has the schema {schema}")
    elif CORE[schema] not in [path_of(endpoint) for endpoint in told]:
        raise Violation(
            "A core resource type is not at its well-known endpoint.", expected=[CORE[schema]], actual=", ".join(told)
        )


@pytest.mark.requirement("RFC7644-3.2-02")
def test_endpoints_of_other_types_are_plurals(resource_type_entries, path_of, reject):
    """The endpoint of a resource type beside the core's is the plural of its name."""
    offending = []
    for entry in resource_type_entries:
        name, endpoint = member_of(entry, "name"), member_of(entry, "endpoint")
        if str(member_of(entry, "schema")).lower() in CORE or not (isinstance(name, str) and isinstance(endpoint, str)):
            continue
        last = path_of(endpoint).rpartition("/")[2].lower()
        if last not in _plurals(name.lower()):
            offending.append(f"{name}: {endpoint}")
    reject(offending, "An endpoint is not the plural of its resource type's name.", expected="the name with an s")


def _plurals(name: str) -> set[str]:
    """Return the plurals of a name: with s, and what English makes of it (RFC 7644 section 3.2 knows of "People")."""
    irregular = {"person": "people", "child": "children"}
    return {f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies", irregular.get(name, f"{name}s")}


# -- schemas --------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-6-10", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def test_base_schemas_are_served(resource_type_entries, served_urns, entry_named, reject):
    """The schemas of User and Group are the ids of schemas that /Schemas lists."""
    offending = [
        f"{entry_named(entry, resource_type_entries)}: {urn}"
        for entry in resource_type_entries
        if not _is_own(entry) and _is_missing(urn := member_of(entry, "schema"), served_urns)
    ]
    reject(offending, "/Schemas lacks the schema of a resource type.", expected="a Schema with that id")


@pytest.mark.requirement("RFC7643-3.2-01", "RFC7643-6-10", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def test_own_types_are_announced(resource_type_entries, served_urns, entry_named, reject):
    """A target's own resource types are listed at /ResourceTypes, and their schemas at /Schemas."""
    own = [entry for entry in resource_type_entries if _is_own(entry)]
    if not own:
        raise Violation(
            "No resource type of the target's own is announced.",
            expected=["an entry of /ResourceTypes for each type beside User and Group"],
            actual=f"{len(resource_type_entries)} entries, none of them for such a type",
            requirement="RFC7643-3.2-01",
        )
    offending = [
        f"{entry_named(entry, resource_type_entries)}: {urn}"
        for entry in own
        if _is_missing(urn := member_of(entry, "schema"), served_urns)
    ]
    reject(offending, "/Schemas lacks the schema of a resource type.", expected="a Schema with that id")


def _is_own(entry) -> bool:
    """Tell whether a type is the target's own, by its name, as the hint custom-resource-types does."""
    name = member_of(entry, "name") or member_of(entry, "id")
    return str(name).lower() not in ("user", "group")


def _is_missing(urn, served) -> bool:
    """Tell whether a URI is not served; one that is no text is another check's finding."""
    return isinstance(urn, str) and bool(urn) and urn.lower() not in served


@pytest.mark.requirement("RFC7643-6-13", "RFC7643-7-01", "RFC7644-4-03", "RFC7644-4-09")
def test_extension_schemas_are_served(resource_type_entries, served_urns, entry_named, reject):
    """The schema of each schema extension is the id of a schema that /Schemas lists."""
    offending = [
        f"{entry_named(entry, resource_type_entries)}: {urn}"
        for entry in resource_type_entries
        for extension in _extensions(entry)
        if _is_missing(urn := member_of(extension, "schema"), served_urns)
    ]
    reject(offending, "/Schemas lacks the schema of an extension.", expected="a Schema with that id")


@pytest.mark.requirement("RFC7643-6-12")
def test_schema_extensions_are_an_array(resource_type_entries, entry_named, reject):
    """schemaExtensions, where given, is an array of objects."""
    offending = [
        f"{entry_named(entry, resource_type_entries)}: schemaExtensions = {found!r}"
        for entry in resource_type_entries
        if (found := member_of(entry, "schemaExtensions")) is not None
        and not (isinstance(found, list) and all(isinstance(extension, dict) for extension in found))
    ]
    reject(offending, "schemaExtensions is no array of objects.", expected="an array of objects, or no such member")


@pytest.mark.parametrize(
    ("member", "type_"),
    [
        pytest.param("schema", str, marks=pytest.mark.requirement("RFC7643-6-14"), id="schema"),
        pytest.param("required", bool, marks=pytest.mark.requirement("RFC7643-6-17"), id="required"),
    ],
)
def test_schema_extensions_have_what_is_required(resource_type_entries, entry_named, reject, member, type_):
    """Each of schemaExtensions has a schema, and tells by true or false whether it is required."""
    offending = [
        f"{entry_named(entry, resource_type_entries)}, {member_of(extension, 'schema')}: {member} = {value!r}"
        for entry in resource_type_entries
        for extension in _extensions(entry)
        if not isinstance(value := member_of(extension, member), type_) or value == ""
    ]
    wanted = f"{member} as a text" if type_ is str else f"{member} = true or false"
    reject(offending, f"An element of schemaExtensions has no {member}.", expected=wanted)


def _extensions(entry):
    found = member_of(entry, "schemaExtensions")
    found = [found] if isinstance(found, dict) else found
    return [extension for extension in found if isinstance(extension, dict)] if isinstance(found, list) else []
