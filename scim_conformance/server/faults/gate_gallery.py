"""Faults that Microsoft's tests for the Entra application gallery notice, and tests of the other gates with them."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.errors import ScimError, invalid_syntax, invalid_value
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.gate_validator import changing
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import UNASSIGNED, Resource

# -- users ----------------------------------------------------------------------------------


@fault("ENTRA-GALLERY-01", "ENTRA-GALLERY-08")
def meta_of_a_client_is_refused(service: Service) -> None:
    """A POST whose body has meta is refused with 400, although Entra ID sends it."""

    def resource(original: Callable[..., Resource], kind: ResourceType, body: Any, *rest: Any) -> Resource:
        if "meta" in body:
            raise invalid_value("meta is readOnly.")
        return original(kind, body, *rest)

    around(service.validation, "resource", resource)


@fault("ENTRA-GALLERY-06", "OKTA-OIN-C9293")
def nobody_becomes_active_again(service: Service) -> None:
    """A user who is inactive stays so, whatever a PATCH says."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        if target.attribute.name != "active" or draft.get("active") is not False:
            original(draft, target, operation)

    around(service.patching, "on_target", on_target)


@fault("ENTRA-GALLERY-06", "OKTA-OIN-C9294", "OKTA-OIN-C9311", "OKTA-OIN-C9305")
def lists_hide_inactive_users(service: Service) -> None:
    """Inactive users are in no list, be it that of a filter on their userName."""
    after(
        service.query,
        "matching",
        lambda found: [(kind, resource) for kind, resource in found if resource.get("active") is not False],
    )


@fault("ENTRA-GALLERY-05", "ENTRA-GALLERY-25")
def a_manager_has_to_be_an_object(service: Service) -> None:
    """The id of a manager as a plain text is refused with 400: right by the RFC."""

    def complex_value(original: Callable[..., Any], attribute: Attribute, value: Any) -> Any:
        if isinstance(value, str):
            raise invalid_value(f"{attribute.name} has to be an object, not a string.")
        return original(attribute, value)

    around(service.patching, "complex_value", complex_value)


# -- groups ---------------------------------------------------------------------------------


@fault("ENTRA-GALLERY-08", "ENTRA-GALLERY-14")
def foreign_schemas_are_refused(service: Service) -> None:
    """A POST whose schemas name a URI that the type does not have is refused with 400: right by the RFC."""

    def declared_schemas(original: Callable[..., list[str]], kind: ResourceType, schemas: Any) -> list[str]:
        known = {service.resource_types.base(kind).id, *(urn for urn, _ in kind.extensions)}
        if isinstance(schemas, list) and set(schemas) - known:
            raise invalid_syntax("schemas names a schema that the type does not have.")
        return original(kind, schemas)

    around(service.validation, "declared_schemas", declared_schemas)


@fault("ENTRA-GALLERY-11")
def members_need_a_reference(service: Service) -> None:
    """A member whose $ref is null is refused with 400."""

    def append(original: Callable[..., None], holder: Resource, target: Target, value: Any) -> None:
        if any(isinstance(each, dict) and "$ref" in each and not each["$ref"] for each in value):
            raise invalid_value(f"{target.place}.$ref is null.")
        original(holder, target, value)

    changing(service, "append", append)


@fault("ENTRA-GALLERY-12")
def remove_with_a_value_empties_the_group(service: Service) -> None:
    """A PATCH remove with the path members and a value removes all members: right by the RFC."""

    def remove_listed(_original: Callable[..., None], holder: Resource, target: Target, _value: Any) -> None:
        service.patching.unassign(holder, target.attribute)

    changing(service, "remove_listed", remove_listed)


@fault("ENTRA-GALLERY-14")
def names_of_deleted_groups_stay_taken(service: Service) -> None:
    """The displayName of a group that was deleted cannot be given to another one."""
    taken: set[str] = set()

    def remove(original: Callable[..., None], record: Any) -> None:
        if record.kind == "Group":
            taken.add(record.resource["displayName"])
        original(record)

    def insert(original: Callable[..., None], kind: ResourceType, resource: Resource) -> None:
        if kind.name == "Group" and resource["displayName"] in taken:
            raise ScimError(409, "uniqueness", "Another group had this displayName.")
        original(kind, resource)

    around(service.lifecycle, "remove", remove)
    around(service.lifecycle, "insert", insert)


@fault(
    "ENTRA-GALLERY-08",
    "ENTRA-GALLERY-09",
    "ENTRA-GALLERY-10",
    "ENTRA-GALLERY-11",
    "ENTRA-GALLERY-12",
    "ENTRA-GALLERY-14",
    "ENTRA-GALLERY-15",
    "ENTRA-GALLERY-19",
    "ENTRA-GALLERY-20",
    "ENTRA-GALLERY-24",
)
def there_are_no_groups(service: Service) -> None:
    """The server has users alone: right by the RFC, and not enough for the gallery."""
    service.resource_types.drop("Group")
    service.schemas.drop("urn:ietf:params:scim:schemas:core:2.0:Group")


# -- SCIM compliance ------------------------------------------------------------------------


@fault("ENTRA-GALLERY-15")
def types_are_not_listed(service: Service) -> None:
    """The schemas list no canonicalValues: right by the RFC."""

    def documents(original: Callable[..., list[dict[str, Any]]], request: Request) -> list[dict[str, Any]]:
        found = original(request)
        for document in found:
            for attribute in document["attributes"]:
                for part in attribute.get("subAttributes") or []:
                    part.pop("canonicalValues", None)
        return found

    around(service.discovery, "schema_documents", documents)


@fault("ENTRA-GALLERY-16")
def an_empty_text_is_refused(service: Service) -> None:
    """A PATCH whose value is an empty text is refused with 400."""

    def single_value(original: Callable[..., Any], attribute: Attribute, value: Any, place: str) -> Any:
        if value == "":
            raise invalid_value(f"{place} is empty.")
        return original(attribute, value, place)

    around(service.patching, "single_value", single_value)


@fault("ENTRA-GALLERY-16")
def null_does_not_clear(service: Service) -> None:
    """A PATCH replace by null succeeds, and leaves an empty text where it should leave nothing."""

    def single_value(original: Callable[..., Any], attribute: Attribute, value: Any, place: str) -> Any:
        found = original(attribute, value, place)
        return "" if found is UNASSIGNED and attribute.type == "string" else found

    around(service.patching, "single_value", single_value)


@fault("ENTRA-GALLERY-16")
def cleared_elements_cannot_be_cleared_again(service: Service) -> None:
    """An element that loses its value is dropped, and to clear it again is refused with noTarget: right by the RFC."""

    def tidy(original: Callable[..., None], kind: ResourceType, draft: Resource) -> None:
        for name in ("emails", "phoneNumbers"):
            kept = [each for each in draft.get(name) or [] if each.get("value")]
            draft[name] = kept
        original(kind, draft)

    around(service.patching, "tidy", tidy)


@fault(
    "ENTRA-GALLERY-17",
    "ENTRA-VALIDATOR-03",
    "ENTRA-VALIDATOR-05",
    "OKTA-SPEC-06",
    "OKTA-SPEC-07",
    "OKTA-OIN-C9290",
    "ENTRA-GALLERY-02",
    "ENTRA-GALLERY-06",
    "ENTRA-VALIDATOR-01",
    "ENTRA-VALIDATOR-07",
    "OKTA-OIN-C9294",
    "OKTA-OIN-C9311",
    "OKTA-OIN-C9335",
)
def user_names_lose_their_domain(service: Service) -> None:
    """A userName is shown without what stands behind the @."""
    showing(service, "User", lambda user: {**user, "userName": str(user.get("userName")).partition("@")[0]})


@fault("ENTRA-GALLERY-17", "ENTRA-GALLERY-19")
def new_resources_are_shown_without_id(service: Service) -> None:
    """The answer to a POST shows the new resource without its id."""

    def created(original: Callable[..., Response], request: Request, resource: Any, shown: Any, where: str) -> Response:
        return original(request, resource, {name: shown[name] for name in shown if name != "id"}, where)

    around(service.answers, "created", created)


@fault("ENTRA-GALLERY-18", "OKTA-OIN-C9310", "ENTRA-GALLERY-16")
def addresses_of_users_cannot_be_changed(service: Service) -> None:
    """The e-mail addresses of a user stay what they were when the user was created."""

    def update(original: Callable[..., Resource], kind: ResourceType, record: Any, draft: Resource) -> Resource:
        if kind.name == "User" and "emails" in record.resource:
            draft["emails"] = record.resource["emails"]
        return original(kind, record, draft)

    around(service.lifecycle, "update", update)


@fault("ENTRA-GALLERY-19", "ENTRA-GALLERY-20", "OKTA-OIN-C9312", "OKTA-OIN-C9315")
def names_of_groups_are_in_capitals(service: Service) -> None:
    """The displayName of a group is shown in capitals."""
    showing(service, "Group", lambda group: {**group, "displayName": str(group.get("displayName")).upper()})


@fault(
    "ENTRA-GALLERY-23",
    "ENTRA-GALLERY-24",
    "OKTA-SPEC-01",
    "OKTA-OIN-C9303",
    "OKTA-OIN-C9304",
    "OKTA-OIN-C9338",
    "OKTA-OIN-C9305",
)
def pages_do_not_say_where_they_begin(service: Service) -> None:
    """A list has no startIndex."""
    after(service.answers, "list_response", lambda body: {n: body[n] for n in body if n != "startIndex"})


@fault("ENTRA-GALLERY-23", "ENTRA-GALLERY-24")
def pages_hold_three_at_most(service: Service) -> None:
    """A page holds three resources at most, whatever count says: right by the RFC."""
    after(service.query, "count", lambda count: min(count, 3))


@fault(
    "ENTRA-GALLERY-23",
    "ENTRA-GALLERY-24",
    "OKTA-SPEC-01",
    "ENTRA-GALLERY-01",
    "ENTRA-GALLERY-08",
    "OKTA-SPEC-03",
    "OKTA-SPEC-05",
)
def lists_count_as_text(service: Service) -> None:
    """The numbers of a list are texts without digits."""

    def as_text(body: Mapping[str, Any]) -> dict[str, Any]:
        numbers = ("totalResults", "startIndex", "itemsPerPage")
        return {name: f"no. {value}" if name in numbers else value for name, value in body.items()}

    after(service.answers, "list_response", as_text)


@fault("ENTRA-GALLERY-04")
def deletions_are_not_supported(service: Service) -> None:
    """A DELETE is answered 501."""

    def delete(_original: Callable[..., Response], *_args: Any) -> Response:
        raise ScimError(501, None, "Deletions are not supported.")

    around(service.lifecycle, "delete", delete)


@fault(
    "ENTRA-GALLERY-02",
    "ENTRA-GALLERY-18",
    "ENTRA-GALLERY-03",
    "ENTRA-GALLERY-05",
    "ENTRA-GALLERY-06",
    "ENTRA-GALLERY-09",
    "ENTRA-GALLERY-11",
    "ENTRA-GALLERY-16",
    "ENTRA-GALLERY-20",
    "ENTRA-GALLERY-25",
)
def updates_are_accepted_for_later(service: Service) -> None:
    """A PATCH is answered 202 instead of 200."""
    swap(service.answers, "modified", lambda *_args: Response(202))
