"""Faults of POST: the provider's own attributes as a client would have them."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.create import Document, crash, document, reshaped, rewritten
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


def asked_id(request: Request) -> str | None:
    """Give the id that a POST asks for."""
    body = document(request.body)
    found = body.get("id") if isinstance(body, dict) else None
    return found if isinstance(found, str) else None


@fault("RFC7644-3.3-03", "RFC7643-3.1-05")
def id_of_the_client_is_taken(service: Service) -> None:
    """POST gives a new resource the id that the client asks for."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        made = service.lifecycle.new_id
        service.lifecycle.new_id = lambda: asked_id(request) or made()  # type: ignore[method-assign]
        try:
            return original(request, kind)
        finally:
            service.lifecycle.new_id = made  # type: ignore[method-assign]

    around(service.lifecycle, "create", create)


def _take_meta(service: Service, name: str) -> None:
    asked: list[Any] = [None]

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        body = document(request.body)
        meta = body.get("meta") if isinstance(body, dict) else None
        asked[0] = meta.get(name) if isinstance(meta, dict) else None
        return original(request, kind)

    def stamp(resource: Document) -> Document:
        if asked[0]:
            resource["meta"][name] = asked[0]
        return resource

    around(service.lifecycle, "create", create)
    after(service.lifecycle, "stamped_new", stamp)


@fault("RFC7643-3.1-23", "RFC7644-3.3-03")
def time_of_creation_of_the_client_is_taken(service: Service) -> None:
    """POST stores the meta.created that the client sends."""
    _take_meta(service, "created")


@fault("RFC7643-3.1-23", "RFC7644-3.3-03")
def time_of_change_of_the_client_is_taken(service: Service) -> None:
    """POST stores the meta.lastModified that the client sends."""
    _take_meta(service, "lastModified")


@fault("RFC7644-3.3.1-01", "RFC7643-3.1-23", "RFC7644-3.3-03")
def resource_type_of_the_client_is_taken(service: Service) -> None:
    """POST stores the meta.resourceType that the client sends."""
    _take_meta(service, "resourceType")


@fault("RFC7643-3.1-23", "RFC7644-3.3-03")
def location_of_the_client_is_shown(service: Service) -> None:
    """The answer to POST shows the meta.location that the client sends."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        body = document(request.body)
        meta = body.get("meta") if isinstance(body, dict) else None
        asked = meta.get("location") if isinstance(meta, dict) else None
        response = original(request, kind)
        return reshaped(response, lambda b: b | {"meta": b["meta"] | {"location": asked}}) if asked else response

    around(service.lifecycle, "create", create)


@fault("RFC7643-3.1-23", "RFC7644-3.3-03", "RFC7644-3.3.1-01")
def meta_of_the_client_breaks_the_server(service: Service) -> None:
    """POST answers 500 to a body with meta."""

    def change(_: ResourceType, body: Document) -> Document:
        if "meta" in body:
            raise crash()
        return body

    rewritten(service, change)


@fault("RFC7644-3.3-02", "RFC7644-3.3-03")
def readonly_attributes_of_the_client_are_kept(service: Service) -> None:
    """POST stores the readOnly attributes that a client sends, and shows them."""
    swap(service.validation, "read_only", lambda _attribute, asserted, stored: asserted if stored is None else stored)

    def view(original: Callable[..., Document], kind: ResourceType, resource: Document, request: Request) -> Document:
        shown = original(kind, resource, request)
        return shown | {"groups": resource["groups"]} if resource.get("groups") else shown

    around(service.membership, "view", view)


@fault("RFC7643-4.1.2-27", "RFC7644-3.3-03")
def groups_of_the_client_are_joined(service: Service) -> None:
    """POST of a user makes it a member of the groups that the client lists in its readOnly attribute groups."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        response, body = original(request, kind), document(request.body)
        for asked in (body.get("groups") if isinstance(body, dict) else None) or []:
            record = service.store.get("Group", asked.get("value", ""))
            group = service.resource_types.get("Group")
            if record is not None and group is not None and kind.name == "User":
                members = [*record.resource.get("members", []), {"value": response.json["id"], "type": "User"}]
                service.lifecycle.update(group, record, record.resource | {"members": members})
        return response

    around(service.lifecycle, "create", create)
