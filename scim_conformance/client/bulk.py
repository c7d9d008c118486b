"""Bulk jobs as the client has to know them: what a job asks for, and what its results say (RFC 7644 section 3.7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

PREFIX = "bulkId:"


@dataclass(frozen=True)
class BulkOperation:
    """One operation of a job; `path` is whatever stands there, None where nothing does."""

    method: str
    path: Any
    bulk_id: str = ""
    data: Any = None


@dataclass(frozen=True)
class BulkResult:
    """The result of one operation; `status` is 0 where none can be read, `id` what a response body names."""

    method: str
    bulk_id: str
    location: str
    status: int
    id: str = ""

    @property
    def success(self) -> bool:
        """Whether the operation was done."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success codes


def is_bulk(path: str) -> bool:
    """Tell whether a path below the base URL is that of bulk jobs, in any letter case, behind any version segment."""
    return unquote(path).rstrip("/").rpartition("/")[2].casefold() == "bulk"


def operations(body: bytes) -> Iterator[BulkOperation]:
    """Yield what a bulk request asks for, member names in any letter case.

    Where a member is there twice, who knows which one counts: every combination of method and path is yielded.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return
    for found in _members(message, "operations"):
        for operation in found if isinstance(found, list) else [found]:
            bulk_ids = [each for each in _members(operation, "bulkid") if isinstance(each, str)] or [""]
            data = (_members(operation, "data") or [None])[0]
            for method in _members(operation, "method"):
                for path in _members(operation, "path") or [None]:
                    yield BulkOperation(str(method).upper(), path, bulk_ids[0], data)


def results(body: Any) -> list[BulkResult]:
    """Return the results in the answer to a job; none where it is no answer of that kind."""
    return [
        _result(each)
        for found in _members(body, "operations")
        for each in (found if isinstance(found, list) else [])
        if isinstance(each, Mapping)
    ]


def _result(result: Mapping[str, Any]) -> BulkResult:
    named = (_members(result, "response") or [None])[0]
    resource_id = named.get("id") if isinstance(named, Mapping) else None
    return BulkResult(
        _text(result, "method").upper(),
        _text(result, "bulkid"),
        _text(result, "location"),
        status_code(result),
        resource_id if isinstance(resource_id, str) else "",
    )


def status_code(result: Mapping[str, Any]) -> int:
    """Read the status of an operation, a text, a number or an object with a code; 0 where there is none."""
    status = (_members(result, "status") or [None])[0]
    if isinstance(status, Mapping):
        status = (_members(status, "code") or [None])[0]
    text = str(status)
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 3 else 0  # noqa: PLR2004 - as in HTTP


def _text(result: Mapping[str, Any], name: str) -> str:
    return next((value for value in _members(result, name) if isinstance(value, str)), "")


def _members(value: Any, name: str) -> list[Any]:
    """Return the members of an object that have a name, given in lower case, in any letter case."""
    return [member for key, member in value.items() if key.lower() == name] if isinstance(value, Mapping) else []
