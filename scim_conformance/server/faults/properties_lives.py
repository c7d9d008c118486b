"""Faults that only a sequence of requests shows (RFC 7644 sections 3.4 to 3.6 and 3.14)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scim_conformance.server.faults import around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.validation import Resource

Verb = Callable[[Request, ResourceType, str], Response]


@fault("RFC7644-3.4.1-01")
def a_put_after_a_patch_is_not_stored(service: Service) -> None:
    """A PUT that follows a PATCH of the same resource answers with the change, and does not store it."""
    patched: set[str] = set()

    def modified(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        patched.add(id_)
        return original(request, kind, id_)

    def replaced(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        before = service.store.get(kind.name, id_)
        response = original(request, kind, id_)
        if id_ in patched and before is not None:
            patched.discard(id_)
            service.store.update(before)
        return response

    around(service.lifecycle, "replace", replaced)
    around(service.lifecycle, "modify", modified)


@fault("RFC7644-3.4.2-05")
def searches_miss_what_was_written_twice(service: Service) -> None:
    """A resource that was changed more than once is found by no query any more."""
    written: dict[str, int] = {}

    def update(original: Callable[[Record], None], record: Record) -> None:
        original(record)
        written[record.id] = written.get(record.id, 0) + 1

    def scan(original: Callable[[str], Sequence[Record]], kind: str) -> Sequence[Record]:
        return [record for record in original(kind) if written.get(record.id, 0) < 2]  # noqa: PLR2004 twice

    around(service.store, "update", update)
    around(service.store, "scan", scan)


@fault("RFC7644-3.6-03")
def what_was_changed_is_found_after_its_deletion(service: Service) -> None:
    """A resource that was changed before it was deleted goes on being found by queries."""
    changed: set[str] = set()
    ghosts: list[Record] = []

    def update(original: Callable[[Record], None], record: Record) -> None:
        original(record)
        changed.add(record.id)

    def remove(original: Callable[[str, str], None], kind: str, id_: str) -> None:
        record = service.store.get(kind, id_)
        original(kind, id_)
        if record is not None and id_ in changed:
            ghosts.append(replace(record, keys=frozenset()))

    def scan(original: Callable[[str], Sequence[Record]], kind: str) -> Sequence[Record]:
        return [*original(kind), *(record for record in ghosts if record.kind == kind)]

    around(service.store, "update", update)
    around(service.store, "remove", remove)
    around(service.store, "scan", scan)


@fault("RFC7644-3.6-02")
def what_was_patched_is_read_after_its_deletion(service: Service) -> None:
    """A resource that was changed by PATCH before it was deleted is answered by GET as if it were there."""
    kept: dict[str, Record] = {}

    def modified(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        response = original(request, kind, id_)
        record = service.store.get(kind.name, id_)
        if record is not None:
            kept[id_] = record
        return response

    def read(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        record = kept.get(id_)
        if record is None or service.store.get(kind.name, id_) is not None:
            return original(request, kind, id_)
        location = service.lifecycle.location(request, kind, record.resource)
        return service.answers.found(request, record.resource, dict(record.resource), location)

    around(service.lifecycle, "modify", modified)
    around(service.lifecycle, "read", read)


@fault("RFC7643-3.1-08")
def ids_of_deleted_resources_come_back(service: Service) -> None:
    """A new resource is given the id of the one that was deleted last."""
    free: list[str] = []

    def remove(original: Callable[[str, str], None], kind: str, id_: str) -> None:
        original(kind, id_)
        free[:] = [id_]

    around(service.store, "remove", remove)
    around(service.lifecycle, "new_id", lambda original: free.pop() if free else original())


@fault("RFC7644-3.14-07")
def a_change_after_a_change_keeps_the_version(service: Service) -> None:
    """Every second change of a resource leaves its version as it was."""
    changes: dict[str, int] = {}

    def stamped(original: Callable[..., Resource], before: Mapping[str, Any], draft: Resource) -> Resource:
        resource = original(before, draft)
        changes[before["id"]] = changes.get(before["id"], 0) + 1
        if changes[before["id"]] % 2 == 0 and "version" in before["meta"]:
            resource["meta"]["version"] = before["meta"]["version"]
        return resource

    around(service.lifecycle, "stamped_change", stamped)


@fault("RFC7232-3.1-05")
def the_version_before_the_last_is_good_enough(service: Service) -> None:
    """A write whose If-Match names the version before the current one is performed, if PATCH made the current one."""
    former: dict[str, str] = {}

    def modified(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        before, response = service.store.get(kind.name, id_), original(request, kind, id_)
        later = service.store.get(kind.name, id_)
        if before is not None and before is not later:
            former[id_] = before.resource["meta"].get("version", "")
        return response

    def any_matches(original: Callable[..., bool], tags: list[str], resource: Mapping[str, Any]) -> bool:
        return original(tags, resource) or former.get(resource["id"]) in tags

    around(service.lifecycle, "modify", modified)
    around(service.versions, "any_matches", any_matches)
