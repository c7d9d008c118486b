"""Removing what a run created, and nothing else: the latest first, so that groups go before their members.

A directory is never walked. What has an id is deleted by it. What may have been created without our seeing an id is
looked up by the one value that holds the run's id, and deleted only when exactly that value comes back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scim_conformance.client.addresses import encode_id
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer, HarnessError, Unreachable
from scim_conformance.client.journal import Journal, Leftover
from scim_conformance.client.response import NotJson, Response
from scim_conformance.client.served import member

_GONE: Final = (404, 410)
_HELD: Final = (400, 403, 409, 423)
_TROUBLED: Final = range(500, 600)
_LOOKED_UP: Final = 50
_PATIENCE: Final = 3
"""Requests in a row without an answer after which no more are made."""
_LATER: Final = "run scim-conformance clean once it answers"


@dataclass
class CleanUp:
    """What came of a clean-up: resources deleted, found gone already, and left with what to do about them.

    `unsure` names requests of which nobody knows whether they created anything, and which carried no value to look for.
    """

    deleted: int = 0
    gone: int = 0
    left: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        words = [f"{self.deleted} deleted", f"{self.gone} gone already"]
        return ", ".join(words + ([f"{len(self.left)} left"] if self.left else []))


def clean_up(client: ScimClient, journal: Journal) -> CleanUp:
    """Delete what the journal has as not deleted yet; never raises for what the target or the network does."""
    work = _Work(client, journal)
    again = [leftover for leftover in reversed(journal.leftovers) if work.remove(leftover, last=False)]
    for leftover in again:  # it may have been held by something that is gone now, or the target was in trouble
        work.remove(leftover, last=True)
    return work.result


class _Work:
    """One clean-up under way; it stops asking a target that no longer answers."""

    def __init__(self, client: ScimClient, journal: Journal) -> None:
        self._client = client
        self._journal = journal
        self._silent = 0
        self._stuck = 0
        self._trouble = ""
        self.result = CleanUp()

    def remove(self, leftover: Leftover, *, last: bool) -> bool:
        """Delete one resource; True when a second attempt may help, which the last one never says."""
        return self._delete(leftover, last=last) if leftover.id else self._look_up(leftover, last=last)

    def _delete(self, leftover: Leftover, *, last: bool) -> bool:
        if self._stuck >= _PATIENCE:
            self.result.left.append(f"{leftover.words}: not tried, the target answers no DELETE; {_LATER}.")
            return False
        path = f"{leftover.endpoint}/{encode_id(leftover.id)}"
        response = self._ask(leftover, "DELETE", path)
        if response is None:
            return self._unanswered(leftover, path, last=last)
        if response.is_success:
            self.result.deleted += 1
        elif response.status in _GONE:
            self.result.gone += 1
        elif not last and (response.status in _HELD or response.status in _TROUBLED):
            return True
        else:
            self.result.left.append(f"{leftover.words}: DELETE was answered {response.status}; delete it by hand.")
            return False
        self._journal.deleted(leftover.endpoint, leftover.id)
        return False

    def _unanswered(self, leftover: Leftover, path: str, *, last: bool) -> bool:
        """Find out whether a DELETE that was not answered was carried out."""
        trouble = self._trouble
        seen = self._ask(leftover, "GET", path) if self._silent < _PATIENCE else None
        if seen is not None and seen.status in _GONE:
            self.result.gone += 1
            self._journal.deleted(leftover.endpoint, leftover.id)
            self._stuck = 0
            return False
        if seen is not None:
            self._stuck += 1
            if not last:
                return True
        self.result.left.append(trouble)
        return False

    def _look_up(self, leftover: Leftover, *, last: bool) -> bool:
        """Look for what a POST without a clear answer may have created, and delete it."""
        run_id = (self._journal.run_id or self._client.run_id).casefold()
        if not leftover.attribute or not run_id or run_id not in leftover.value.casefold():
            self.result.unsure.append(
                f"whether a request created {leftover.words} is not known, and it had no name to look for."
            )
            self._journal.refused(leftover.number)
            return False
        condition = f"{leftover.attribute} eq {json.dumps(leftover.value, ensure_ascii=False)}"
        response = self._ask(leftover, "GET", leftover.endpoint, params={"filter": condition})
        if response is None:
            self.result.left.append(self._trouble)
            return False
        if response.status in _TROUBLED and not last:
            return True
        found, problem = _found(response, leftover)
        if problem:
            self.result.left.append(
                f"{leftover.words}: may be there, but could not be looked for ({problem}); look by hand."
            )
            return False
        if not found:
            self.result.gone += 1
            self._journal.refused(leftover.number)
        for resource_id in found:
            self._journal.created(leftover.number, leftover.endpoint, resource_id)
        named = [replace(leftover, id=resource_id) for resource_id in found]
        again = [one for one in named if self._delete(one, last=False)]
        for one in again:
            self._delete(one, last=True)
        return False

    def _ask(self, leftover: Leftover, method: str, path: str, **request: Any) -> Response | None:
        """Ask the target; None, and the trouble in words, where it gives no answer or is asked no more."""
        if self._silent >= _PATIENCE:
            self._trouble = f"{leftover.words}: not tried, the target no longer answers; {_LATER}."
            return None
        try:
            response = self._client.request(method, path, **request)
        except (BrokenAnswer, HarnessError) as problem:
            self._silent = _PATIENCE if isinstance(problem, Unreachable) else self._silent + 1
            self._trouble = f"{leftover.words}: not deleted ({problem}); {_LATER}."
            return None
        self._silent = 0
        return response


def _found(response: Response, leftover: Leftover) -> tuple[list[str], str]:
    """Return the ids of the resources that carry exactly the value looked for, or why it cannot be known."""
    if not response.is_success:
        return [], f"a filter was answered {response.status}"
    resources = _resources(response)
    if resources is None:
        return [], "the answer to a filter is no list response"
    matching = [one for one in resources if _carries(one, leftover)]
    if resources and not matching:
        return [], "the target does not honour the filter"
    ids = [member(one, "id") for one in matching]
    return [one for one in ids if isinstance(one, str) and one][:_LOOKED_UP], ""


def _resources(response: Response) -> list[Any] | None:
    try:
        body = response.json
    except NotJson:
        return None
    if isinstance(body, list):
        return body
    resources = member(body, "Resources")
    if isinstance(resources, list):
        return resources
    return [] if resources is None and member(body, "totalResults") in (0, "0") else None


def _carries(resource: Any, leftover: Leftover) -> bool:
    value = member(resource, leftover.attribute)
    return isinstance(value, str) and value.casefold() == leftover.value.casefold()
