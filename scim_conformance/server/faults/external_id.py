"""Faults of externalId, the identifier of the provisioning client."""

from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.errors import invalid_filter, uniqueness
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.create import Document, rewritten
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


@fault("RFC7643-3.1-15")
def external_id_is_invented(service: Service) -> None:
    """A resource that is created without externalId gets its id for one."""

    def new_resource(original: Callable[..., Document], kind: ResourceType, draft: Document) -> Document:
        resource = original(kind, draft)
        resource.setdefault("externalId", resource["id"])
        return resource

    around(service.lifecycle, "new_resource", new_resource)


@fault("RFC7643-3.1-15")
def user_name_serves_as_external_id(service: Service) -> None:
    """A user that is created without externalId gets its userName for one."""

    def change(_: ResourceType, body: Document) -> Document:
        name = body.get("userName")
        return {"externalId": name} | body if isinstance(name, str) and name else body

    rewritten(service, change)


@fault("RFC7643-3.1-01")
def external_id_is_changed(service: Service) -> None:
    """The externalId of a new resource is kept with a prefix of the server's own."""

    def change(_: ResourceType, body: Document) -> Document:
        found = body.get("externalId")
        return body | {"externalId": f"client:{found}"} if isinstance(found, str) else body

    rewritten(service, change)


@fault("RFC7643-3.1-17")
def external_id_has_to_be_unique(service: Service) -> None:
    """POST of an externalId that another resource has answers 409."""

    def change(kind: ResourceType, body: Document) -> Document:
        found = body.get("externalId")
        if found and any(record.resource.get("externalId") == found for record in service.store.scan(kind.name)):
            raise uniqueness("Another resource has this externalId.")
        return body

    rewritten(service, change)


@fault("RFC7643-3.1-18")
def external_id_cannot_be_filtered(service: Service) -> None:
    """A filter on externalId is refused with 400 invalidFilter."""

    def filter_(original: Callable[..., Any], kinds: Sequence[ResourceType], text: str | None, **rest: Any) -> Any:
        if text is not None and text.lower().startswith("externalid "):
            raise invalid_filter("There is no such attribute.")
        return original(kinds, text, **rest)

    around(service.query, "filter", filter_)


@fault("RFC7643-3.1-18")
def external_id_is_not_found(service: Service) -> None:
    """A filter on externalId finds nothing."""

    def filter_(original: Callable[..., Any], kinds: Sequence[ResourceType], text: str | None, **rest: Any) -> Any:
        if text is not None and text.lower().startswith("externalid eq "):
            text = 'externalId eq "nothing of the kind"'
        return original(kinds, text, **rest)

    around(service.query, "filter", filter_)


@fault("RFC7643-3.1-19")
def letter_case_of_an_external_id_is_overlooked(service: Service) -> None:
    """A filter on externalId finds the resource whatever the letter case."""

    def filter_(original: Callable[..., Any], kinds: Sequence[ResourceType], text: str | None, **rest: Any) -> Any:
        if text is not None and text.lower().startswith("externalid eq "):
            text = text[:14] + text[14:].lower()
        return original(kinds, text, **rest)

    around(service.query, "filter", filter_)
