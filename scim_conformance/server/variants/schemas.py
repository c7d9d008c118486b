"""Variants of schemas: more attributes, stricter ones, values the service provider adds or changes."""

from collections.abc import Callable, Iterable
from typing import Any

from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute, Schema
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource
from scim_conformance.server.variants import around, swap, variant

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
DEVICES = "urn:example:params:scim:schemas:extension:devices:2.0:User"


def provided(service: Service, name: str, values: dict[str, Any]) -> None:
    """Let the service provider give every new resource of a type these values."""

    def new_resource(original: Callable[..., Resource], kind: ResourceType, draft: Resource) -> Resource:
        if kind.name == name:
            draft.update(values)
        return original(kind, draft)

    around(service.lifecycle, "new_resource", new_resource)


@variant()
def extra_attributes(service: Service) -> None:
    """The user schema has attributes of the vendor's own, of every type (RFC 7643 section 8.7.1)."""
    kinds = ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference")
    for kind in kinds:
        types = ("external",) if kind == "reference" else ()
        service.schemas.add(
            USER, Attribute(f"x-{kind}", kind, description=f"A {kind}.", case_exact=True, reference_types=types)
        )
    service.schemas.add(USER, Attribute("tags", multi_valued=True, description="Words about the user."))
    service.schemas.add(USER, Attribute("badge", description="The badge, given once.", mutability="immutable"))
    service.schemas.add(USER, Attribute("pin", description="A secret.", mutability="writeOnly", returned="never"))


@variant()
def extra_read_only_attributes(service: Service) -> None:
    """Users and groups have attributes that the service provider alone writes (RFC 7643 section 8.7.1)."""
    login = Attribute("lastSignInAt", "dateTime", description="When the user was last seen.", mutability="readOnly")
    size = Attribute("origin", description="Where the group came from.", mutability="readOnly", required=True)
    service.schemas.add(USER, login)
    service.schemas.add(GROUP, size)
    provided(service, "User", {"lastSignInAt": "2026-01-01T08:00:00Z"})
    provided(service, "Group", {"origin": "scim"})


@variant()
def another_extension(service: Service) -> None:
    """Users have a further extension, with simple, complex and multi-valued attributes (RFC 7643 section 3.3)."""
    subs = (Attribute("value", description="The serial number."), Attribute("type", description="What it is for."))
    attributes = (
        Attribute("devices", "complex", multi_valued=True, description="The devices.", sub_attributes=subs),
        Attribute("limit", "integer", description="How many devices at most."),
        Attribute("carrier", "complex", description="The carrier.", sub_attributes=(Attribute("name"),)),
    )
    service.schemas.put(Schema(DEVICES, "Devices", "The user's devices", attributes))
    service.resource_types.extend("User", DEVICES)


@variant()
def extension_is_required(service: Service) -> None:
    """The enterprise extension and its employeeNumber are required, and discovery says so (A72)."""
    service.schemas.change(ENTERPRISE, "employeeNumber", required=True)
    service.resource_types.extend("User", ENTERPRISE, required=True)


@variant()
def names_are_required(service: Service) -> None:
    """Family name, given name and an e-mail address are required, and the served schema says so."""
    service.schemas.change(USER, "name", required=True)
    service.schemas.change(USER, "name.familyName", required=True)
    service.schemas.change(USER, "name.givenName", required=True)
    service.schemas.change(USER, "emails", required=True)
    service.schemas.change(USER, "emails.value", required=True)


@variant()
def active_and_display_name_are_required(service: Service) -> None:
    """Users need active and displayName, and the served schema says so."""
    swap(service.defaults, "active", lambda _kind, _resource: None)
    service.schemas.change(USER, "active", required=True)
    service.schemas.change(USER, "displayName", required=True)


@variant()
def member_sub_attributes_are_required(service: Service) -> None:
    """Members need value and $ref, and the served schema says so (RFC 7643 section 4.2)."""
    service.schemas.change(GROUP, "members.value", required=True)
    service.schemas.change(GROUP, "members.$ref", required=True)


@variant()
def members_on_request(service: Service) -> None:
    """Groups show members only when they are asked for, and the served schema says so (RFC 7643 section 7)."""
    service.schemas.change(GROUP, "members", returned="request")


@variant()
def user_name_is_always_returned(service: Service) -> None:
    """The userName is always returned, whatever a client excludes, and the served schema says so."""
    service.schemas.change(USER, "userName", returned="always")


@variant()
def employee_number_is_immutable(service: Service) -> None:
    """The employeeNumber cannot be changed once it is set, and the served schema says so."""
    service.schemas.change(ENTERPRISE, "employeeNumber", mutability="immutable")


@variant()
def lower_cased_user_name(service: Service) -> None:
    """The userName is stored in lower case, as its letter case does not count (RFC 7643 section 7, A70)."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, place: str, *rest: Any) -> Any:
        kept = original(attribute, value, place, *rest)
        return kept.lower() if place == "userName" else kept

    around(service.validation, "single", single)


@variant()
def values_are_kept_as_sent(service: Service) -> None:
    """E-mail domains, IM addresses and URIs are kept as the client wrote them: canonical forms are a SHOULD."""
    for name in ("email", "instant_message"):
        swap(service.values, name, lambda value, _place: value)
    swap(service.values, "canonical_uri", lambda text: text)


@variant()
def defaults_are_added(service: Service) -> None:
    """New users get a display name, a locale and a time zone when they give none (RFC 7644 section 3.3, A83)."""

    def apply(original: Callable[..., None], kind: ResourceType, resource: Resource, before: Any = None) -> None:
        original(kind, resource, before)
        if kind.name == "User" and before is None:
            resource.setdefault("displayName", resource.get("userName", ""))
            resource.setdefault("locale", "en-US")
            resource.setdefault("timezone", "Europe/Berlin")

    around(service.defaults, "apply", apply)


@variant()
def no_default_for_active(service: Service) -> None:
    """A user without active stays without: a default is a MAY (RFC 7644 section 3.3)."""
    swap(service.defaults, "active", lambda _kind, _resource: None)


@variant()
def schemas_list_empty_extensions(service: Service) -> None:
    """The schemas of a user list every extension of its type, with data or without (A16)."""

    def schemas_of(kind: ResourceType, _resource: Resource, _declared: Any = ()) -> list[str]:
        return [service.resource_types.base(kind).id, *(s.id for s in service.resource_types.extensions(kind))]

    swap(service.validation, "schemas_of", schemas_of)


@variant()
def projections_without_schemas(service: Service) -> None:
    """With attributes a resource is shown without schemas, as an example of RFC 7644 section 3.4.2 has it (A45)."""

    def show(original: Callable[..., Any], kind: Any, resource: Any, wanted: Any, *rest: Any) -> dict[str, Any]:
        shown: dict[str, Any] = original(kind, resource, wanted, *rest)
        return {name: shown[name] for name in shown if wanted.attributes is None or name != "schemas"}

    around(service.projection, "show", show)


@variant()
def put_keeps_omitted_attributes(service: Service) -> None:
    """PUT keeps the values of attributes that it leaves out, and clears those it sends as null (A01)."""

    def attributes(
        original: Callable[..., Resource], known: Iterable[Attribute], members: Any, stored: Any, place: str
    ) -> Resource:
        listed = list(known)
        found = original(listed, members, stored, place)
        for attribute in listed:
            if not place.endswith(".") and attribute.name in stored and attribute.name.lower() not in members:
                found.setdefault(attribute.name, stored[attribute.name])
        return found

    around(service.validation, "attributes", attributes)
