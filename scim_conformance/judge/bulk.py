"""Bulk jobs as checks judge them: which result belongs to which operation, and what it says (RFC 7644 section 3.7)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from scim_conformance.client.bulk import status_code
from scim_conformance.client.response import Response
from scim_conformance.judge.verdicts import Blocked, Violation, warn

BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"

Operation = Mapping[str, Any]
Result = Mapping[str, Any]


class Job:
    """A bulk job that was sent: its operations by names of the check's own, and the answer.

    Results may come in any order (A50); each is found by its bulkId, else by method and location, else by its place.
    """

    def __init__(self, operations: Mapping[str, Operation], response: Response) -> None:
        self.operations = dict(operations)
        self.response = response
        self.shown: dict[str, Any] = {}
        """What the target showed of resources right after the job, by names of the check's own."""

    @property
    def found(self) -> list[Result] | None:
        """The results in the answer; None where it has none."""
        body = self.response.json if self.response.is_json else None
        listed = body.get("Operations") if isinstance(body, dict) else None
        return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else None

    @property
    def results(self) -> list[Result]:
        """The results in the answer; blocked where it has none, which other checks judge."""
        if self.found is None or not self.response.is_success:
            raise Blocked(f"a bulk job is not answered with results: status {self.response.status}")
        return self.found

    def of(self, name: str) -> Result | None:
        """The result of an operation; None where none fits it."""
        wanted, results = self.operations[name], self.results
        bulk_id = wanted.get("bulkId")
        if bulk_id:
            return next((each for each in results if each.get("bulkId") == bulk_id), self._at(name))
        alike = [each for each in self.operations.values() if _target(each) == _target(wanted)]
        fitting = [each for each in results if _fits(each, wanted)]
        if len(fitting) == len(alike):
            return fitting[[id(each) for each in alike].index(id(wanted))]
        return self._at(name)

    def _at(self, name: str) -> Result | None:
        """The result in the place of an operation, where each has one and it does not name another operation."""
        wanted, results = self.operations[name], self.results
        if len(results) != len(self.operations):
            return None
        result = results[list(self.operations).index(name)]
        same = str(result.get("method") or wanted.get("method")).upper() == str(wanted.get("method")).upper()
        return result if same and result.get("bulkId") in (None, wanted.get("bulkId")) else None

    def status(self, name: str) -> int:
        """The status of an operation; blocked where the answer does not tell it, which other checks judge."""
        result = self.of(name)
        code = status_code(result) if result is not None else 0
        if not code:
            raise Blocked(f"the answer to a bulk job does not tell the status of {self.words(name)}")
        return code

    def done(self, name: str) -> bool:
        """Whether the answer says that an operation was done."""
        return 200 <= self.status(name) < 300  # noqa: PLR2004 - the class of success codes

    def created(self, name: str) -> str:
        """The id of what a POST created; blocked where the answer does not say that it did, or not where."""
        if not self.done(name):
            raise Blocked(f"{self.words(name)} answered {self.status(name)}")
        result = self.of(name) or {}
        location = result.get("location")
        if isinstance(location, str) and location:
            return unquote(urlsplit(location).path.rstrip("/").rpartition("/")[2])
        body = result.get("response")
        if isinstance(body, dict) and isinstance(body.get("id"), str):
            return str(body["id"])
        raise Blocked(f"the answer to a bulk job does not tell where the result of {self.words(name)} is")

    def words(self, name: str) -> str:
        """What an operation is, in words."""
        wanted = self.operations[name]
        return f"the operation {wanted.get('method')} {wanted.get('path')}"

    def must_refuse(self, name: str, *preferred: int) -> None:
        """Expect that an operation was refused, by itself or with the whole job (A50); best with a preferred status."""
        if 400 <= self.response.status < 500:  # noqa: PLR2004 - the class of client errors
            return
        wanted = [f"status {' or '.join(map(str, preferred or (400,)))} for that operation, or for the whole job"]
        if not self.response.is_success:
            actual = f"the job answered {self.response.status}"
            raise Violation(f"A bulk job with {self.words(name)} went wrong.", expected=wanted, actual=actual)
        result = self.of(name)
        code = status_code(result) if result is not None else 0
        if result is None:
            warn(f"In a bulk job {self.words(name)} has no result.", expected=wanted, actual="no such result")
        elif not 400 <= code < 500:  # noqa: PLR2004 - the class of client errors
            actual = f"its result: {str(dict(result))[:200]}"
            raise Violation(f"In a bulk job {self.words(name)} was not refused.", expected=wanted, actual=actual)
        elif preferred and code not in preferred:
            warn(f"In a bulk job {self.words(name)} was refused with {code}.", expected=wanted, actual=f"status {code}")


def _target(operation: Operation) -> tuple[str, str]:
    return str(operation.get("method")).upper(), unquote(str(operation.get("path"))).rstrip("/")


def _fits(result: Result, operation: Operation) -> bool:
    location = result.get("location")
    if (
        not isinstance(location, str)
        or str(result.get("method") or operation.get("method")).upper() != _target(operation)[0]
    ):
        return False
    return unquote(urlsplit(location).path).rstrip("/").endswith(_target(operation)[1])
