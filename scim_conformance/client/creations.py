"""Noticing everything that a request creates, be it asked for or not, and writing it to the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from scim_conformance.client.addresses import Base, Place, place_of
from scim_conformance.client.bulk import PREFIX, BulkOperation, BulkResult, is_bulk, operations, results
from scim_conformance.client.guard import Guard
from scim_conformance.client.journal import Journal
from scim_conformance.client.redaction import is_sensitive_name
from scim_conformance.client.response import NotJson, Response

_NAMING: Final = ("userName", "displayName", "externalId")
_CREATED: Final = 201
_LONGEST_VALUE: Final = 1024
_NOTHING_DONE: Final = (401, 403, 404, 405, 406, 411, 413, 415, 429, 501)
"""Answers to a bulk job that say that it was not even begun; after a 400 or 409 a part of it may be done."""


@dataclass(frozen=True)
class Intent:
    """An entry of the journal about what a request may do; number 0 where it creates nothing by itself."""

    number: int
    operation: BulkOperation | None = None


class Creations:
    """Announces what may be created before a request, and records what was created after it."""

    def __init__(self, base: Base, journal: Journal, guard: Guard, run_id: str) -> None:
        self._base = base
        self._journal = journal
        self._guard = guard
        self._run_id = run_id.casefold()

    def announce(self, method: str, url: str, body: bytes) -> list[Intent]:
        """Write to the journal what a request may create; return what was announced, for `record`."""
        path = self._base.below(url)
        if method.upper() != "POST" or path is None or path.endswith("/.search"):
            return []
        if is_bulk(path):
            return [self._announced(operation) for operation in operations(body)]
        try:
            content = json.loads(body) if body else None
        except (ValueError, RecursionError):
            content = None
        return [Intent(self._journal.intend(self._collection(path), *self._name(content)))]

    def _announced(self, operation: BulkOperation) -> Intent:
        if operation.method != "POST":
            return Intent(0, operation)
        endpoint = self._collection(str(operation.path or ""))
        return Intent(self._journal.intend(endpoint, *self._name(operation.data)), operation)

    def record(
        self, intents: Sequence[Intent], method: str, url: str, response: Response, *, authorized: bool = True
    ) -> None:
        """Write to the journal what an answer says was created, deleted or refused.

        A deletion is believed only of a request that was `authorized`: to another one a target may say 404, or show a
        page to log in, and keep the resource.
        """
        path = self._base.below(url)
        if path is None:
            return
        success = response.is_success
        if method.upper() == "DELETE":
            gone = authorized and (success or response.status == 404)  # noqa: PLR2004 - gone already
            place = place_of(path)
            if gone and place is not None and place.id:
                self._journal.deleted(place.endpoint, place.id)
        elif method.upper() == "POST" and is_bulk(path):
            self._record_bulk(intents, response, authorized=authorized)
        elif method.upper() == "POST" and not path.endswith("/.search"):
            self._record_post(intents, path, response, success=success)
        elif method.upper() in ("PUT", "PATCH") and success:
            self._record_upsert(path, response)

    def _record_post(self, intents: Sequence[Intent], path: str, response: Response, *, success: bool) -> None:
        if not success:
            if 400 <= response.status < 500:  # noqa: PLR2004 - client errors: nothing was created; after a 5xx nobody knows
                for intent in intents:
                    self._journal.refused(intent.number)
            return
        found = self._shown(path, response)
        if found is None:
            return
        endpoint, resource_id = found
        if response.status != _CREATED and not self._is_ours(path, response):
            return
        self._journal.created(intents[0].number if intents else 0, endpoint, resource_id)

    def _record_upsert(self, path: str, response: Response) -> None:
        """Record what a PUT or PATCH to an invented id created by succeeding."""
        place = place_of(path)
        if place is None or not self._guard.is_invented(place.id):
            return
        body = _object(response)
        resource_id = body.get("id")
        self._journal.created(
            0, place.endpoint, resource_id if isinstance(resource_id, str) and resource_id else place.id
        )

    def _record_bulk(self, intents: Sequence[Intent], response: Response, *, authorized: bool) -> None:
        """Record what each result says; an operation without one may have been done, so its intent stays open."""
        found = results(_object(response))
        alone = len(intents) == 1 and 400 <= response.status < 500  # noqa: PLR2004 - it failed, and there was no other
        if not found and (alone or response.status in _NOTHING_DONE):
            for intent in intents:
                self._journal.refused(intent.number)
        made: dict[str, tuple[str, str]] = {}
        for result, intent in _paired(found, intents):
            operation = intent.operation
            if operation is None:
                continue
            if operation.method == "POST":
                self._record_bulk_post(result, intent, made)
                continue
            place = self._aimed_at(operation, made)
            if place is None or not (result.success or (operation.method == "DELETE" and result.status == 404)):  # noqa: PLR2004 - gone
                continue
            if operation.method == "DELETE":
                if authorized:
                    self._journal.deleted(place.endpoint, place.id)
            elif self._guard.is_invented(place.id):
                self._journal.created(0, place.endpoint, result.id or place.id)

    def _record_bulk_post(self, result: BulkResult, intent: Intent, made: dict[str, tuple[str, str]]) -> None:
        operation = intent.operation
        if 400 <= result.status < 500:  # noqa: PLR2004 - client errors; after a 5xx nobody knows
            self._journal.refused(intent.number)
        if operation is None or not result.success:
            return
        # A failed POST may name the resource that is in its way, which is not ours; hence success alone counts.
        located = self._located(result.location) if result.location else None
        resource_id = located[1] if located is not None else result.id
        if not resource_id:
            return
        asked = self._collection(operation.path) if isinstance(operation.path, str) else ""
        endpoint = asked if asked not in ("", "/") else located[0] if located is not None else ""
        self._journal.created(intent.number, endpoint, resource_id)
        if operation.bulk_id:
            made[operation.bulk_id] = (endpoint, resource_id)

    def _aimed_at(self, operation: BulkOperation, made: Mapping[str, tuple[str, str]]) -> Place | None:
        """Return the resource that a PUT, PATCH or DELETE of a job is about, which the same job may have created."""
        below = self._base.below(self._base.resolve(operation.path)) if isinstance(operation.path, str) else None
        place = place_of(below) if below is not None else None
        if place is None or not place.id:
            return None
        if place.id.startswith(PREFIX):
            found = made.get(place.id.removeprefix(PREFIX))
            return Place(*found) if found is not None else None
        return place

    def _is_ours(self, path: str, response: Response) -> bool:
        """Tell whether a 2xx other than 201 shows what this request made, not what was there before."""
        if path.rstrip("/").casefold() == "/me" or not self._run_id:
            return bool(self._run_id) and self._run_id in response.text.casefold()
        return place_of(path) is not None

    def _shown(self, path: str, response: Response) -> tuple[str, str] | None:
        """Return endpoint and id of the resource that an answer to a POST shows, by its body or its Location."""
        resource_id = _object(response).get("id")
        location = response.headers.get_all("location")
        located = self._located(location[0]) if location else None
        if not isinstance(resource_id, str) or not resource_id:
            if located is None:
                return None
            resource_id = located[1]
        collection = self._collection(path)
        asked_for_collection = collection == unquote(path).rstrip("/") and collection.casefold() not in ("", "/me")
        if asked_for_collection or located is None or located[1] != resource_id:
            return collection, resource_id
        return located

    def _located(self, location: str) -> tuple[str, str] | None:
        """Return endpoint and id of a Location; behind a proxy it often names another host, scheme or prefix."""
        below = self._base.below(location)
        if below is not None:
            place = place_of(below)
            return (place.endpoint, place.id) if place is not None and place.id else None
        segments = [unquote(segment) for segment in urlsplit(location).path.split("/") if segment]
        return (f"/{segments[-2]}", segments[-1]) if len(segments) > 1 else None

    def _collection(self, path: str) -> str:
        """Return the path of a POST, or the endpoint around it when it names one resource of ours."""
        place = place_of(path)
        if (
            place is not None
            and place.id
            and (self._guard.is_invented(place.id) or self._journal.owns(place.endpoint, place.id))
        ):
            return place.endpoint
        return "/" + "/".join(unquote(segment) for segment in path.split("/") if segment)

    def _name(self, content: Any) -> tuple[str, str]:
        """Return attribute and value by which what a body makes can be found: one that holds the run's id."""
        if not isinstance(content, Mapping) or not self._run_id:
            return "", ""
        members = {str(key).casefold(): (str(key), value) for key, value in content.items()}
        ordered = [members[name.casefold()] for name in _NAMING if name.casefold() in members]
        ordered += [pair for pair in content.items() if pair not in ordered]
        for key, value in ordered:
            if is_sensitive_name(key):
                continue
            if (
                isinstance(value, str)
                and len(value) <= _LONGEST_VALUE
                and self._run_id in value.casefold()
                and key.isalnum()
            ):
                return next((name for name in _NAMING if name.casefold() == key.casefold()), key), value
        return "", ""


def _paired(found: Sequence[BulkResult], intents: Sequence[Intent]) -> list[tuple[BulkResult, Intent]]:
    """Match results with operations: by bulkId, then by method and location, then in order; what fits none is left."""
    free = [intent for intent in intents if intent.operation is not None]
    waiting = list(found)
    pairs: list[tuple[BulkResult, Intent]] = []
    for fits in (_same_bulk_id, _same_place, _same_method):
        for result in list(waiting):
            intent = next((each for each in free if each.operation is not None and fits(result, each.operation)), None)
            if intent is not None:
                pairs.append((result, intent))
                waiting.remove(result)
                free.remove(intent)
    order = {id(intent): place for place, intent in enumerate(intents)}
    return sorted(pairs, key=lambda pair: (pair[1].number == 0, order[id(pair[1])]))  # what was created comes first


def _same_bulk_id(result: BulkResult, operation: BulkOperation) -> bool:
    return bool(result.bulk_id) and result.bulk_id == operation.bulk_id and _same_method(result, operation)


def _same_place(result: BulkResult, operation: BulkOperation) -> bool:
    if operation.method == "POST" or not isinstance(operation.path, str) or not result.location:
        return False
    return _same_method(result, operation) and unquote(urlsplit(result.location).path).rstrip("/").endswith(
        unquote(operation.path).rstrip("/")
    )


def _same_method(result: BulkResult, operation: BulkOperation) -> bool:
    return result.method in ("", operation.method)


def _object(response: Response) -> Mapping[str, Any]:
    try:
        return response.body
    except NotJson:
        return {}
