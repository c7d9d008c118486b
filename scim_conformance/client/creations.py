"""Noticing everything that a request creates, be it asked for or not, and writing it to the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from scim_conformance.client.addresses import Base, place_of
from scim_conformance.client.guard import Guard, bulk_operations
from scim_conformance.client.journal import Journal
from scim_conformance.client.redaction import is_sensitive_name
from scim_conformance.client.response import NotJson, Response

_NAMING: Final = ("userName", "displayName", "externalId")
_CREATED: Final = 201
_LONGEST_VALUE: Final = 1024


class Creations:
    """Announces what may be created before a request, and records what was created after it."""

    def __init__(self, base: Base, journal: Journal, guard: Guard, run_id: str) -> None:
        self._base = base
        self._journal = journal
        self._guard = guard
        self._run_id = run_id.casefold()

    def announce(self, method: str, url: str, body: bytes) -> list[int]:
        """Write to the journal what a request may create; return the entries' numbers."""
        path = self._base.below(url)
        if method.upper() != "POST" or path is None or path.endswith("/.search"):
            return []
        if path.rstrip("/").casefold() == "/bulk":
            return [
                self._journal.intend(self._collection(str(operation_path)), *self._name(data))
                for operation_path, data in _bulk_posts(body)
            ]
        try:
            content = json.loads(body) if body else None
        except (ValueError, RecursionError):
            content = None
        return [self._journal.intend(self._collection(path), *self._name(content))]

    def record(
        self, entries: Sequence[int], method: str, url: str, response: Response, *, authorized: bool = True
    ) -> None:
        """Write to the journal what an answer says was created, deleted or refused.

        A deletion is believed only of a request that was `authorized`: to another one a target may say 404, or show a
        page to log in, and keep the resource.
        """
        path = self._base.below(url)
        if path is None:
            return
        success = 200 <= response.status < 300  # noqa: PLR2004 - the class of success codes
        if method.upper() == "DELETE":
            gone = authorized and (success or response.status == 404)  # noqa: PLR2004 - gone already
            place = place_of(path)
            if gone and place is not None and place.id:
                self._journal.deleted(place.endpoint, place.id)
        elif method.upper() == "POST" and path.rstrip("/").casefold() == "/bulk":
            self._record_bulk(entries, response, success=success)
        elif method.upper() == "POST" and not path.endswith("/.search"):
            self._record_post(entries, path, response, success=success)
        elif method.upper() in ("PUT", "PATCH") and success:
            self._record_upsert(path, response)

    def _record_post(self, entries: Sequence[int], path: str, response: Response, *, success: bool) -> None:
        if not success:
            if 400 <= response.status < 500:  # noqa: PLR2004 - client errors: nothing was created; after a 5xx nobody knows
                for entry in entries:
                    self._journal.refused(entry)
            return
        found = self._shown(path, response)
        if found is None:
            return
        endpoint, resource_id = found
        if response.status != _CREATED and not self._is_ours(path, response):
            return
        self._journal.created(entries[0] if entries else 0, endpoint, resource_id)

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

    def _record_bulk(self, entries: Sequence[int], response: Response, *, success: bool) -> None:
        if not success:
            if 400 <= response.status < 500:  # noqa: PLR2004 - refused as a whole
                for entry in entries:
                    self._journal.refused(entry)
            return
        operations = _object(response).get("Operations")
        free = list(entries)
        for operation in operations if isinstance(operations, list) else ():
            if not isinstance(operation, Mapping) or not isinstance(operation.get("location"), str):
                continue
            found = self._located(operation["location"])
            method = str(operation.get("method", "POST")).upper()
            if found is None:
                continue
            if method == "DELETE" and str(operation.get("status", "")).startswith("2"):
                self._journal.deleted(*found)
            elif method == "POST":
                self._journal.created(free.pop(0) if free else 0, *found)

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


def _bulk_posts(body: bytes) -> list[tuple[Any, Any]]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return []
    posts = [path for method, path in bulk_operations(body) if method.upper() == "POST"]
    operations = message.get("Operations") if isinstance(message, dict) else None
    data = [
        operation.get("data")
        for operation in (operations if isinstance(operations, list) else ())
        if isinstance(operation, dict) and str(operation.get("method", "")).upper() == "POST"
    ]
    return [(path, data[index] if index < len(data) else None) for index, path in enumerate(posts)]


def _object(response: Response) -> Mapping[str, Any]:
    try:
        return response.body
    except NotJson:
        return {}
