"""Faults of replacing resources by PUT (RFC 7644 section 3.5.1)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from scim_conformance.server.comparison import instant
from scim_conformance.server.during import during
from scim_conformance.server.errors import invalid_value, not_found, not_implemented
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.validation import Resource

Put = Callable[[Request, ResourceType, str], Response]


def put(service: Service, new: Callable[[Put, Request, ResourceType, str], Response]) -> None:
    """Wrap PUT."""
    around(service.lifecycle, "replace", new)


def stored(service: Service, kind: ResourceType, resource: Resource) -> None:
    """Write a resource into the store as it is."""
    service.store.update(service.lifecycle.record(kind, resource))


def restored(service: Service, choose: Callable[[Resource, Resource], Resource]) -> None:
    """After each PUT store what `choose` makes of the resource before and after; the answer stays."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        before = service.store.get(kind.name, id_)
        response = original(request, kind, id_)
        changed = service.store.get(kind.name, id_)
        if before is not None and changed is not None:
            stored(service, kind, choose(before.resource, changed.resource))
        return response

    put(service, replace)


def re_encoded(service: Service, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the body of the answer to PUT."""

    def replaced(response: Response) -> Response:
        response.body = json.dumps(change(response.json)).encode()
        return response

    after(service.answers, "replaced", replaced)


# -- the answer -----------------------------------------------------------------------------


@fault("RFC7644-3.5-01")
def put_is_not_supported(service: Service) -> None:
    """PUT answers 501."""

    def replace(_original: Put, _request: Request, _kind: ResourceType, _id: str) -> Response:
        raise not_implemented("PUT is not supported.")

    put(service, replace)


@fault("RFC7644-3.5-01")
def put_of_groups_is_not_allowed(service: Service) -> None:
    """PUT works for users, and answers 405 for groups."""

    def single(handlers: dict[str, Any]) -> dict[str, Any]:
        return {method: handler for method, handler in handlers.items() if method != "PUT"}

    around(
        service, "single", lambda original, kind, id_: (single if kind.name == "Group" else dict)(original(kind, id_))
    )


@fault("RFC7644-3.5.1-16", "RFC9110-9.3.4-01")
def put_answers_201(service: Service) -> None:
    """PUT answers 201, as if it had created something."""

    def replaced(response: Response) -> Response:
        response.status = 201
        return response

    after(service.answers, "replaced", replaced)


@fault("RFC7644-3.5.1-16", "RFC9110-9.3.4-01")
def put_answers_202(service: Service) -> None:
    """PUT answers 202, as if it were done some time later."""

    def replaced(response: Response) -> Response:
        response.status = 202
        return response

    after(service.answers, "replaced", replaced)


@fault("RFC7644-3.5.1-16")
def put_answers_without_body(service: Service) -> None:
    """PUT answers 200 without the resource."""

    def replaced(response: Response) -> Response:
        response.body = b""
        response.headers.remove("Content-Type")
        return response

    after(service.answers, "replaced", replaced)


@fault("RFC7644-3.5.1-16")
def put_answers_with_a_part(service: Service) -> None:
    """PUT answers with schemas, id, meta and the name of the resource alone."""
    kept = ("schemas", "id", "meta", "displayName")
    re_encoded(service, lambda body: {name: value for name, value in body.items() if name in kept})


@fault("RFC7644-3.5.1-16")
def put_answers_with_the_old_resource(service: Service) -> None:
    """PUT stores the new values, and answers with the old ones."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        before = service.lifecycle.read(request, kind, id_).body
        response = original(request, kind, id_)
        response.body = before
        return response

    put(service, replace)


@fault("RFC9110-9.3.4-03")
def put_refuses_unknown_headers(service: Service) -> None:
    """PUT answers 400 when a request has a header that the server does not know."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        if any(name.lower().startswith("x-") and "origin" not in name.lower() for name, _ in request.headers):
            raise invalid_value("There is an unknown header.")
        return original(request, kind, id_)

    put(service, replace)


# -- values ---------------------------------------------------------------------------------


@fault("RFC7644-3.5.1-04", "RFC7643-3.1-20", "RFC7643-4.1.1-21", "RFC7643-2.5-02", "RFC7643-2-01")
def put_stores_nothing(service: Service) -> None:
    """PUT answers with the new values, and stores none of them."""
    restored(service, lambda before, changed: {**before, "meta": changed["meta"]})


@fault("RFC7644-3.5.1-04")
def put_keeps_names(service: Service) -> None:
    """PUT leaves displayName as it was."""

    def choose(before: Resource, changed: Resource) -> Resource:
        return {**changed, **{name: before[name] for name in ("displayName",) if name in before}}

    restored(service, choose)


@fault("RFC7643-3.1-20")
def put_keeps_external_id(service: Service) -> None:
    """PUT leaves externalId as it was."""
    restored(service, lambda before, changed: {**changed, "externalId": before.get("externalId")})


@fault("RFC7644-3.5.1-04")
def put_merges_elements(service: Service) -> None:
    """PUT adds the elements of multi-valued attributes to those that were there."""

    def value(original: Callable[..., Any], attribute: Attribute, asserted: Any, place: str, before: Any = None) -> Any:
        found = original(attribute, asserted, place, before)
        if not attribute.multi_valued or not isinstance(before, list) or not isinstance(found, list):
            return found
        older = [e for e in before if not any(service.validation.is_double(attribute, e, new) for new in found)]
        return found + [{**element, "primary": False} if "primary" in element else element for element in older]

    during(service.lifecycle, "replace", service.validation, "value", value)


@fault("RFC7644-3.5.1-04")
def put_replaces_the_first_element_only(service: Service) -> None:
    """PUT puts the new elements in the place of the first ones and leaves those beyond, as if it merged by position."""

    def value(original: Callable[..., Any], attribute: Attribute, asserted: Any, place: str, before: Any = None) -> Any:
        found = original(attribute, asserted, place, before)
        if attribute.multi_valued and isinstance(before, list) and isinstance(found, list):
            return found + before[len(found) :]
        return found

    during(service.lifecycle, "replace", service.validation, "value", value)


@fault("RFC7644-3.5.1-04", "RFC7643-2.5-02")
def put_takes_null_for_absent(service: Service) -> None:
    """PUT keeps the old value of an attribute that is null or an empty list."""
    during(service.lifecycle, "replace", service.validation, "omitted", lambda _original, _attribute, before: before)


@fault("RFC7644-3.5.1-05", "RFC7644-3.5.1-06", "RFC7644-3.5.1-07")
def put_asks_for_every_attribute(service: Service) -> None:
    """PUT refuses a body that leaves out an attribute with a value, though it is not required."""

    def omitted(_original: Callable[..., Any], attribute: Attribute, before: Any) -> Any:
        if before is not None:
            raise invalid_value(f"{attribute.name} is missing.")

    during(service.lifecycle, "replace", service.validation, "omitted", omitted)


@fault("RFC7643-7-19")
def put_takes_required_attributes_away(service: Service) -> None:
    """PUT without a required attribute is performed, and the attribute is gone."""
    during(service.lifecycle, "replace", service.validation, "check_required", lambda *_: None)


@fault("RFC7643-7-19")
def put_with_null_takes_required_attributes_away(service: Service) -> None:
    """PUT with null for a required attribute is performed, and the attribute is gone."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        body = service.bodies.json(request)
        nulls = [name for name in ("userName", "displayName") if name in body and body[name] is None]
        if not nulls:
            return original(request, kind, id_)
        record = service.lifecycle.existing(kind, id_)
        resource = {name: value for name, value in record.resource.items() if name not in nulls}
        stored(service, kind, resource)
        return service.lifecycle.read(request, kind, id_)

    put(service, replace)


# -- what is not the client's ---------------------------------------------------------------


@fault("RFC7644-3.5.1-02", "RFC7644-3.2-05", "RFC7644-3.6-02")
def put_creates(service: Service) -> None:
    """PUT to an unknown id creates a resource of that id."""
    put(
        service,
        lambda original, request, kind, id_: created(service, request, kind, id_) or original(request, kind, id_),
    )


@fault("RFC7644-3.5.1-02", "RFC7644-3.2-05")
def put_creates_and_denies_it(service: Service) -> None:
    """PUT to an unknown id answers 404, but creates a resource of that id."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        if created(service, request, kind, id_):
            raise not_found("There is no such resource.")
        return original(request, kind, id_)

    put(service, replace)


@fault("RFC7644-3.5.1-02", "RFC7644-3.6-02")
def put_pretends_to_replace_the_unknown(service: Service) -> None:
    """PUT to an unknown id answers 200, though nothing is created."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        if service.store.get(kind.name, id_) is None:
            return service.answers.document(request, 200, service.bodies.json(request))
        return original(request, kind, id_)

    put(service, replace)


@fault("RFC7644-3.6-02")
def put_revives_the_deleted(service: Service) -> None:
    """PUT to a resource that was deleted brings it back."""
    gone: set[str] = set()

    def remove(original: Callable[[Record], None], record: Record) -> None:
        gone.add(record.id)
        original(record)

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        revived = created(service, request, kind, id_) if id_ in gone else None
        return revived or original(request, kind, id_)

    around(service.lifecycle, "remove", remove)
    put(service, replace)


def created(service: Service, request: Request, kind: ResourceType, id_: str) -> Response | None:
    """Create a resource of a given id from the body of a PUT; None where there is one already."""
    if service.store.get(kind.name, id_) is not None:
        return None
    draft = service.validation.resource(kind, service.bodies.json(request))
    resource = {**service.lifecycle.new_resource(kind, draft), "id": id_}
    service.lifecycle.insert(kind, resource)
    shown = service.membership.view(kind, resource, request)
    return service.answers.document(request, 201, shown)


@fault("RFC7644-3.5.1-17")
def put_moves_to_a_new_id(service: Service) -> None:
    """PUT gives the resource a new id."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        return moved(service, original(request, kind, id_), kind, id_, service.lifecycle.new_id())

    put(service, replace)


@fault("RFC7643-3.1-13", "RFC7643-3.1-05", "RFC9110-9.3.4-02")
def put_takes_over_the_id_of_the_body(service: Service) -> None:
    """PUT whose body has another id than the URL moves the resource to that id."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        return moved(service, original(request, kind, id_), kind, id_, service.bodies.json(request).get("id"))

    put(service, replace)


def moved(service: Service, response: Response, kind: ResourceType, id_: str, new: Any) -> Response:
    """Give a resource another id, in the store and in the answer."""
    record = service.store.get(kind.name, id_)
    if record is None or not isinstance(new, str) or new == id_:
        return response
    service.store.remove(kind.name, id_)
    service.lifecycle.insert(kind, {**record.resource, "id": new})
    response.body = json.dumps({**response.json, "id": new}).encode()
    return response


@fault("RFC7643-3.1-05", "RFC9110-9.3.4-02")
def put_answers_with_the_id_of_the_body(service: Service) -> None:
    """PUT whose body has another id than the URL answers with that id, though it changes none."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        response.body = json.dumps({**response.json, "id": service.bodies.json(request).get("id") or id_}).encode()
        return response

    put(service, replace)


@fault("RFC7644-3.5.1-17")
def put_renews_created(service: Service) -> None:
    """PUT sets meta.created to the time of the change."""

    def choose(_before: Resource, changed: Resource) -> Resource:
        return {**changed, "meta": {**changed["meta"], "created": changed["meta"]["lastModified"]}}

    restored(service, choose)


@fault("RFC7644-3.5.1-17", "RFC7643-3.1-26")
def put_leaves_last_modified(service: Service) -> None:
    """PUT changes the resource, and leaves meta.lastModified as it was."""
    restored(service, lambda before, changed: {**changed, "meta": before["meta"]})


@fault("RFC7644-3.5.1-17", "RFC7643-3.1-26")
def put_moves_last_modified_back(service: Service) -> None:
    """PUT moves meta.lastModified an hour back."""

    def choose(_before: Resource, changed: Resource) -> Resource:
        earlier = service.clock.written(instant(changed["meta"]["lastModified"]) - timedelta(hours=1))
        return {**changed, "meta": {**changed["meta"], "lastModified": earlier}}

    restored(service, choose)


@fault("RFC7644-3.5.1-14")
def put_takes_over_created(service: Service) -> None:
    """PUT takes meta.created from the body."""
    take_over(service, "created")


@fault("RFC7644-3.5.1-14")
def put_takes_over_last_modified(service: Service) -> None:
    """PUT takes meta.lastModified from the body."""
    take_over(service, "lastModified")


def take_over(service: Service, name: str) -> None:
    """Let PUT take a member of meta from the body."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        sent = (service.bodies.json(request).get("meta") or {}).get(name)
        record = service.store.get(kind.name, id_)
        if sent is not None and record is not None:
            stored(service, kind, {**record.resource, "meta": {**record.resource["meta"], name: sent}})
        return response

    put(service, replace)


@fault("RFC7643-2-01")
def put_with_read_only_values_changes_nothing(service: Service) -> None:
    """PUT whose body has meta answers 200 and ignores the whole body."""

    def replace(original: Put, request: Request, kind: ResourceType, id_: str) -> Response:
        if "meta" in service.bodies.json(request):
            return service.lifecycle.read(request, kind, id_)
        return original(request, kind, id_)

    put(service, replace)
