"""Faults of the ids of resources."""

import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from scim_conformance.server.errors import invalid_filter
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.create import Document, reshaped
from scim_conformance.server.faults.lists import listing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


def numbered(service: Service, number: Callable[[ResourceType], str]) -> None:
    """Let new resources have ids that are made by their type."""

    def new_resource(original: Callable[..., Document], kind: ResourceType, draft: Document) -> Document:
        made = service.lifecycle.new_id
        service.lifecycle.new_id = lambda: number(kind)  # type: ignore[method-assign]
        try:
            return original(kind, draft)
        finally:
            service.lifecycle.new_id = made  # type: ignore[method-assign]

    around(service.lifecycle, "new_resource", new_resource)


@fault("RFC7643-3.1-06")
def id_is_not_listed(service: Service) -> None:
    """Lists show resources without their id."""

    def change(body: Document) -> Document:
        return body | {"Resources": [{n: v for n, v in r.items() if n != "id"} for r in body["Resources"]]}

    listing(service, change)


@fault("RFC7643-3.1-06")
def id_is_a_number(service: Service) -> None:
    """A GET shows the id as a number."""
    after(service.answers, "found", lambda response: reshaped(response, _as_number))


@fault("RFC7643-3.1-06")
def id_in_the_answer_to_post_is_a_number(service: Service) -> None:
    """The answer to POST shows the id as a number."""
    after(service.answers, "created", lambda response: reshaped(response, _as_number))


def _as_number(body: Document) -> Document:
    return body | {"id": UUID(body["id"]).int >> 80} if "id" in body else body


@fault("RFC7643-3.1-06")
def id_in_the_answer_to_post_is_empty(service: Service) -> None:
    """The answer to POST shows an empty id."""
    after(service.answers, "created", lambda response: reshaped(response, lambda body: body | {"id": ""}))


@fault("RFC7643-3.1-10")
def id_has_the_reserved_word(service: Service) -> None:
    """The ids of groups contain the word bulkId."""
    count = [0]

    def number(kind: ResourceType) -> str:
        count[0] += 1
        return f"{'bulkId' if kind.name == 'Group' else 'id'}-{count[0]}"

    numbered(service, number)


@fault("RFC7643-3.1-07")
def every_type_counts_for_itself(service: Service) -> None:
    """Each type of resource numbers its resources from 1 on, so that a user and a group have one id."""
    counts: dict[str, int] = {}

    def number(kind: ResourceType) -> str:
        counts[kind.name] = counts.get(kind.name, 0) + 1
        return str(counts[kind.name])

    numbered(service, number)


@fault("RFC7643-3.1-07")
def group_has_the_id_of_a_user(service: Service) -> None:
    """A new group gets the id of the user who was created last."""
    fresh: list[str] = []

    def new_resource(original: Callable[..., Document], kind: ResourceType, draft: Document) -> Document:
        resource = original(kind, draft)
        if kind.name == "User":
            fresh[:] = [resource["id"]]
        elif fresh:
            resource["id"] = fresh.pop()
        return resource

    around(service.lifecycle, "new_resource", new_resource)


@fault("RFC7643-3.1-08")
def id_is_made_of_the_name(service: Service) -> None:
    """The id of a resource is made of its name, so that it is given again after a deletion."""

    def new_resource(original: Callable[..., Document], kind: ResourceType, draft: Document) -> Document:
        resource = original(kind, draft)
        name = resource.get("userName") or resource.get("displayName")
        made = str(uuid5(NAMESPACE_OID, f"{kind.name} {name}"))
        return resource if service.store.get(kind.name, made) else resource | {"id": made}

    around(service.lifecycle, "new_resource", new_resource)


@fault("RFC7643-3.1-08")
def highest_id_is_given_again(service: Service) -> None:
    """A new resource gets the next number after those that are there, so that the id of the last one is given again."""

    def number(_: ResourceType) -> str:
        every = [record for kind in service.resource_types for record in service.store.scan(kind.name)]
        return str(1 + max((int(record.id) for record in every), default=0))

    numbered(service, number)


@fault("RFC7643-3.1-08", "RFC7643-3.1-13", "RFC7643-3.1-05", "RFC9110-9.3.4-02")
def put_shows_another_id(service: Service) -> None:
    """The answer to PUT shows another id than the resource has."""
    after(service.answers, "replaced", lambda response: reshaped(response, lambda body: body | {"id": "another"}))


@fault("RFC7643-3.1-13", "RFC7643-3.1-05", "RFC9110-9.3.4-02")
def put_moves_to_the_id_in_its_body(service: Service) -> None:
    """PUT moves the resource to the id that its body has."""

    def replace(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        asked = json.loads(request.body).get("id")
        record = service.store.get(kind.name, id_)
        if not isinstance(asked, str) or asked == id_ or record is None:
            return response
        service.lifecycle.remove(record)
        service.lifecycle.insert(kind, record.resource | {"id": asked})
        return reshaped(response, lambda body: body | {"id": asked})

    around(service.lifecycle, "replace", replace)


@fault("RFC7643-3-09")
def id_cannot_be_filtered(service: Service) -> None:
    """A filter on id is refused with 400 invalidFilter."""

    def filter_(original: Callable[..., Any], kinds: Sequence[ResourceType], text: str | None, **rest: Any) -> Any:
        if text is not None and text.startswith("id "):
            raise invalid_filter("id has to be written with its schema.")
        return original(kinds, text, **rest)

    around(service.query, "filter", filter_)
