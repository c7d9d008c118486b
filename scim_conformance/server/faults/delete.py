"""Faults of DELETE, and of what comes after it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from scim_conformance.server.bodies import PATCH_OP
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.create import Document, crash
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record, Taken

Verb = Callable[[Request, ResourceType, str], Response]
JSON = ("Content-Type", "application/scim+json")


def graveyard(service: Service) -> dict[str, Record]:
    """Give a dictionary that will hold every resource which is deleted from now on, by its id."""
    buried: dict[str, Record] = {}

    def remove(original: Callable[[Record], None], record: Record) -> None:
        original(record)
        buried[record.id] = record

    around(service.lifecycle, "remove", remove)
    return buried


def haunted(service: Service, verb: str, make: Callable[[Request, ResourceType, Record], Response]) -> None:
    """Let a verb on a deleted resource be answered with what `make` gives."""
    buried = graveyard(service)

    def act(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        if id_ in buried and buried[id_].kind == kind.name:
            return make(request, kind, buried[id_])
        return original(request, kind, id_)

    around(service.lifecycle, verb, act)


def shown(service: Service, request: Request, kind: ResourceType, record: Record) -> Response:
    """Answer with a resource that is in the store no more."""
    body = service.lifecycle.shown(request, kind, record.resource, service.lifecycle.wanted(request))
    return service.answers.document(request, 200, body)


# -- the answer -----------------------------------------------------------------------------


@fault("RFC7644-3.6-06", "RFC9110-9.3.5-01")
def delete_answers_200(service: Service) -> None:
    """DELETE answers 200 with an empty object."""
    swap(service.answers, "deleted", lambda: Response(200, Headers([JSON]), b"{}"))


@fault("RFC7644-3.6-06", "RFC9110-9.3.5-01")
def delete_answers_200_without_a_body(service: Service) -> None:
    """DELETE answers 200 without a body."""
    swap(service.answers, "deleted", lambda: Response(200))


@fault("RFC7644-3.6-06", "RFC9110-9.3.5-01")
def delete_answers_202(service: Service) -> None:
    """DELETE answers 202, as if the resource were to be deleted later."""
    swap(service.answers, "deleted", lambda: Response(202))


@fault("RFC7644-3.6-06", "RFC9110-15.3.5-01")
def delete_answers_204_with_a_body(service: Service) -> None:
    """DELETE answers 204 with a body all the same."""
    swap(service.answers, "deleted", lambda: Response(204, Headers([JSON]), b"{}"))


@fault("RFC9110-8.6-01")
def delete_answers_204_with_a_length(service: Service) -> None:
    """DELETE answers 204 with Content-Length: 0."""
    swap(service.answers, "deleted", lambda: Response(204, Headers([("Content-Length", "0")])))


@fault("RFC7644-3.6-07")
def delete_of_an_unknown_id_answers_204(service: Service) -> None:
    """DELETE of an id that never was answers 204."""

    def delete(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        known = service.store.get(kind.name, id_) is not None or id_ in buried
        return original(request, kind, id_) if known else service.answers.deleted()

    buried = graveyard(service)
    around(service.lifecycle, "delete", delete)


@fault("RFC7644-3.6-07")
def delete_of_an_unknown_id_breaks_the_server(service: Service) -> None:
    """DELETE of an id that never was answers 500."""

    def delete(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        if service.store.get(kind.name, id_) is None and id_ not in buried:
            raise crash()
        return original(request, kind, id_)

    buried = graveyard(service)
    around(service.lifecycle, "delete", delete)


# -- afterwards -----------------------------------------------------------------------------


@fault("RFC7644-3.6-02")
def deleted_resource_can_be_read(service: Service) -> None:
    """GET of a deleted resource shows it still."""
    haunted(service, "read", lambda request, kind, record: shown(service, request, kind, record))


@fault("RFC7644-3.6-02")
def deleted_resource_answers_204_to_get(service: Service) -> None:
    """GET of a deleted resource answers 204."""
    haunted(service, "read", lambda _request, _kind, _record: Response(204))


@fault("RFC7644-3.6-02")
def put_brings_a_deleted_resource_back(service: Service) -> None:
    """PUT to a deleted resource creates it again under its old id."""

    def restore(request: Request, kind: ResourceType, record: Record) -> Response:
        draft = service.validation.resource(kind, json.loads(request.body))
        service.lifecycle.insert(kind, record.resource | draft)
        return shown(service, request, kind, record)

    buried = graveyard(service)

    def put(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        if id_ in buried and buried[id_].kind == kind.name:
            return restore(request, kind, buried.pop(id_))
        return original(request, kind, id_)

    around(service.lifecycle, "replace", put)


@fault("RFC7644-3.6-02")
def deleted_resource_can_be_patched(service: Service) -> None:
    """PATCH of a deleted resource answers 200 as if it had changed it."""
    haunted(service, "modify", lambda request, kind, record: shown(service, request, kind, record))


@fault("RFC7644-3.6-02")
def patch_of_a_deleted_resource_breaks_the_server(service: Service) -> None:
    """PATCH of a deleted resource answers 500."""

    def make(*_: Any) -> Response:
        raise crash()

    haunted(service, "modify", make)


@fault("RFC7644-3.6-02")
def deleted_resource_can_be_deleted_again(service: Service) -> None:
    """A second DELETE of a resource answers 204, as the first did."""
    haunted(service, "delete", lambda _request, _kind, _record: service.answers.deleted())


@fault("RFC7644-3.6-03")
def deleted_resource_is_listed(service: Service) -> None:
    """Queries find deleted resources."""
    buried = graveyard(service)

    def candidates(original: Callable[..., Iterable[Document]], kind: ResourceType, filter_: Any) -> list[Document]:
        return [*original(kind, filter_), *(r.resource for r in buried.values() if r.kind == kind.name)]

    around(service.query, "candidates", candidates)


@fault("RFC7644-3.6-04", "RFC7644-3.6-05")
def name_of_a_deleted_user_stays_taken(service: Service) -> None:
    """POST of a user with the userName of a deleted one answers 409."""
    buried = graveyard(service)

    def check_keys(original: Callable[[Record], None], record: Record) -> None:
        original(record)
        for other in buried.values():
            for key in other.keys & record.keys:
                raise Taken(key)

    around(service.store, "check_keys", check_keys)


@fault("RFC7644-3.6-02", "RFC7644-3.6-03", "RFC7644-3.6-04", "RFC7644-3.6-05")
def delete_of_a_user_deactivates_it(service: Service) -> None:
    """DELETE of a user only makes it inactive: it is there as before, and its name is taken."""

    def delete(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        if kind.name != "User":
            return original(request, kind, id_)
        operations = [{"op": "replace", "path": "active", "value": False}]
        body = json.dumps({"schemas": [PATCH_OP], "Operations": operations}).encode()
        service.lifecycle.modify(replace(request, body=body), kind, id_)
        return service.answers.deleted()

    around(service.lifecycle, "delete", delete)
