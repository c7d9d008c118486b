"""The endpoints of discovery: what answers, in which form, and that nothing can be written, RFC 7644 section 4."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.expect import member_of

CONFIG, RESOURCE_TYPES, SCHEMAS = "/ServiceProviderConfig", "/ResourceTypes", "/Schemas"
LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
REFUSALS = (405, 404, 403, 400, 501)
HARMLESS = "the value written is the one that was just read"
LISTS = (RESOURCE_TYPES, SCHEMAS)


@pytest.mark.requirement("RFC7644-3.2-07")
@pytest.mark.parametrize("endpoint", [CONFIG, RESOURCE_TYPES, SCHEMAS])
def test_endpoint_answers_get_with_json(documents, endpoint):
    """Each of /ServiceProviderConfig, /ResourceTypes and /Schemas answers GET with 200 and JSON."""
    answer = documents.answer(endpoint)
    expect(answer).status(200).where(answer.is_json, expected="a JSON body")


@pytest.mark.requirement("RFC7644-4-06")
@pytest.mark.parametrize(
    "endpoint", [RESOURCE_TYPES, pytest.param(SCHEMAS, marks=pytest.mark.requirement("RFC7644-4-03"))]
)
def test_list_is_a_list_response(documents, endpoint):
    """/ResourceTypes and /Schemas answer with a ListResponse: schemas, totalResults and Resources, all of them."""
    answer = documents.readable(endpoint)
    body = answer.json
    judged = expect(answer).where(isinstance(body, dict), expected="one JSON object, a ListResponse")
    named = member_of(body, "schemas")
    judged.where(isinstance(named, list) and LIST_RESPONSE in named, expected=f'"schemas": ["{LIST_RESPONSE}"]')
    total, listed = member_of(body, "totalResults"), member_of(body, "Resources")
    judged.where(isinstance(total, int) and not isinstance(total, bool), expected='"totalResults" as an integer')
    judged.where(
        isinstance(listed, list) or (listed is None and total == 0), expected='"Resources" as an array of what there is'
    )
    judged.where(all(isinstance(entry, dict) for entry in listed or []), expected="an object for each of Resources")
    found = documents.listing(endpoint)
    judged.where(
        total == len(found.entries),
        expected='"totalResults" as the number of entries there are',
        actual=f"totalResults {total}, {len(found.entries)} entries",
    )
    size = member_of(body, "itemsPerPage")
    if size not in (None, len(listed or [])):
        warn(
            f"{endpoint} tells a wrong itemsPerPage.",
            expected=[f'"itemsPerPage": {len(listed or [])}, or none'],
            actual=f'"itemsPerPage": {size}',
        )


@pytest.mark.requirement("RFC7644-4-05")
def test_resource_types_are_listed(documents):
    """/ResourceTypes lists the resource types that the target serves, one at least."""
    found = documents.listing(RESOURCE_TYPES)
    expect(documents.answer(RESOURCE_TYPES)).where(bool(found.entries), expected="one resource type at least")


# -- one entry ------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-4-05", "RFC7643-6-04")
def test_resource_type_is_found_by_its_id(scim, published_resource_type, segment):
    """GET /ResourceTypes/{id} answers with that one resource type, a single object."""
    id_, name = (member_of(published_resource_type, member) for member in ("id", "name"))
    answer = scim.get(f"{RESOURCE_TYPES}/{segment(str(id_ or name))}")
    if not id_ and answer.status != 200:
        note(f"the resource type has no id, and is not found by its name: GET answered {answer.status}")
        return
    judged = expect(answer).status(200).json_object()
    judged.where(member_of(answer.json, "name") == name, expected=f'the resource type with "name": "{name}"')


@pytest.mark.requirement("RFC7644-4-04")
def test_schema_is_found_by_its_uri(scim, published_schema, segment):
    """GET /Schemas/{URI} answers with that one schema, a single object."""
    urn = member_of(published_schema, "id")
    answer = scim.get(f"{SCHEMAS}/{segment(urn)}")
    judged = expect(answer).status(200).json_object()
    found = member_of(answer.json, "id")
    judged.where(str(found).lower() == urn.lower(), expected=f'the schema with "id": "{urn}"')


@pytest.mark.requirement("RFC7644-4-05")
def test_unknown_resource_type_is_not_found(scim, documents):
    """GET /ResourceTypes/{id} answers 404 for an id that no resource type has."""
    documents.readable(RESOURCE_TYPES)
    expect(scim.get(f"{RESOURCE_TYPES}/NoSuchType{scim.run_id}")).refused(404)


@pytest.mark.requirement("RFC7644-4-04")
def test_unknown_schema_is_not_found(scim, documents):
    """GET /Schemas/{URI} answers 404 for a URI that no schema has."""
    documents.readable(SCHEMAS)
    expect(scim.get(f"{SCHEMAS}/urn:example:params:scim:schemas:{scim.run_id}:2.0:Nothing")).refused(404)


# -- query parameters -----------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-4-07")
@pytest.mark.parametrize("endpoint", LISTS)
def test_paging_is_ignored(scim, documents, endpoint):
    """Paging by startIndex and count is ignored at /ResourceTypes and /Schemas: the whole list comes."""
    found = _several(documents, endpoint)
    if found.pages > 1:
        raise Violation(
            f"{endpoint} gives its entries in pages.", expected=["all entries at once"], actual=f"{found.pages} pages"
        )
    whole = [_name(entry) for entry in found.entries]
    answer = scim.get(endpoint, params={"startIndex": 2, "count": 1})
    listed = _listed(answer)
    expect(answer).where(
        sorted(listed) == sorted(whole), expected=f"all {len(whole)} entries", actual=f"{len(listed)} entries"
    )


@pytest.mark.requirement("RFC7644-4-07")
@pytest.mark.parametrize("endpoint", LISTS)
def test_sorting_is_ignored(scim, documents, endpoint):
    """Sorting by sortBy and sortOrder is ignored at /ResourceTypes and /Schemas: the order stays as it is."""
    found = _several(documents, endpoint)
    plain = [_name(entry) for entry in found.entries]
    order = "descending" if plain == sorted(plain) else "ascending"
    if len(set(plain)) == 1 or found.pages > 1:
        note(f"{endpoint} lists {len(plain)} entries in {found.pages} pages, so that sorting cannot be seen")
        return
    sort_by = "id" if member_of(found.entries[0], "id") else "name"
    answer = scim.get(endpoint, params={"sortBy": sort_by, "sortOrder": order})
    listed = _listed(answer)
    expect(answer).where(
        sorted(listed) == sorted(plain) and listed != sorted(plain, reverse=order == "descending"),
        expected="all entries in the order they have without sortBy",
        actual=f"{order}: {', '.join(listed)}",
    )


@pytest.mark.requirement("RFC7644-4-08")
@pytest.mark.parametrize("endpoint", LISTS)
def test_filter_is_forbidden(scim, documents, endpoint):
    """A filter at /ResourceTypes and /Schemas is answered with 403, so that nobody takes the whole for a part."""
    documents.readable(endpoint)
    expect(scim.get(endpoint, params={"filter": 'name eq "User"'})).status(403)


def _several(documents, endpoint):
    """Return what an endpoint lists; blocked where that is nothing, or one object that is no list."""
    documents.entries(endpoint)
    found = documents.listing(endpoint)
    if found.form == "object":
        raise Blocked(f"{endpoint} answers with one object instead of a list")
    return found


def _listed(answer) -> list[str]:
    """Return the names of what an answer lists; a violation where it lists nothing."""
    expect(answer).status(200)
    listed = answer.json if isinstance(answer.json, list) else member_of(answer.body, "Resources")
    return [_name(entry) for entry in listed or [] if isinstance(entry, dict)]


def _name(entry) -> str:
    return str(member_of(entry, "id") or member_of(entry, "name"))


# -- writes ---------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-5-02")
def test_service_provider_config_is_read_only(scim, service_provider_config):
    """PUT and PATCH of /ServiceProviderConfig are refused."""
    _must_refuse_writes(scim, CONFIG, service_provider_config, ("documentationUri", "patch.supported"))


@pytest.mark.requirement("RFC7643-6-02")
def test_resource_types_are_read_only(scim, resource_type_entries, segment):
    """PUT and PATCH of an entry of /ResourceTypes are refused."""
    entry = resource_type_entries[0]
    _must_refuse_writes(scim, f"{RESOURCE_TYPES}/{segment(_name(entry))}", entry, ("description", "name"))


@pytest.mark.requirement("RFC7643-7-02")
def test_schemas_are_read_only(scim, schema_entries, segment):
    """PUT and PATCH of an entry of /Schemas are refused."""
    entry = schema_entries[0]
    _must_refuse_writes(scim, f"{SCHEMAS}/{segment(_name(entry))}", entry, ("description", "name"))


def _must_refuse_writes(scim, path, document, members) -> None:
    """Write what was just read: whole by PUT, one member by PATCH. Nothing else may ever be written here."""
    expect(scim.put(path, json=document, unguarded=HARMLESS)).refused(*REFUSALS)
    for member in members:
        value = member_of(document, member)
        if isinstance(value, str | bool):
            operation = {"op": "replace", "path": member, "value": value}
            message = {"schemas": [PATCH_OP], "Operations": [operation]}
            expect(scim.patch(path, json=message, unguarded=HARMLESS)).refused(*REFUSALS)
            return


# -- the schemas attribute ------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-3-04", "RFC7643-3-07")
@pytest.mark.parametrize("endpoint", [CONFIG, RESOURCE_TYPES, SCHEMAS])
def test_schemas_names_each_uri_once(documents, endpoint, reject):
    """The schemas of every discovery document are URIs, none of them twice."""
    body = documents.readable(endpoint).json
    entries = () if endpoint == CONFIG else documents.listing(endpoint).entries
    offending, judged = [], 0
    for document in (body, *entries):
        named = member_of(document, "schemas") if isinstance(document, dict) else None
        if isinstance(named, list):
            judged += 1
            offending += [f"{uri!r} is no URI" for uri in named if not (isinstance(uri, str) and ":" in uri)]
            offending += [f"{uri} is named twice" for uri in {str(uri) for uri in named if named.count(uri) > 1}]
    if not judged:
        raise Blocked(f"no document of {endpoint} has a schemas attribute")
    reject(offending, f"{endpoint} answers with a wrong schemas attribute.", expected="URIs, each of them once")
