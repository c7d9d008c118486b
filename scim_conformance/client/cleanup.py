"""Removing what a run created, and nothing else: the latest first, so that groups go before their members.

A directory is never walked. What has an id is deleted by it. What may have been created without our seeing an id is looked up
by the one value that holds the run's id, and deleted only when exactly that value comes back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scim_conformance.client.addresses import encode_id
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer, HarnessError
from scim_conformance.client.journal import Journal, Leftover
from scim_conformance.client.response import NotJson, Response
from scim_conformance.client.served import member

_GONE: Final = (404, 410)
_CONFLICT: Final = (400, 403, 409, 423)
_LOOKED_UP: Final = 50


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
    result = CleanUp()
    again: list[Leftover] = []
    for leftover in reversed(journal.leftovers):
        if leftover.id:
            problem, retry = _delete(client, journal, leftover, result)
            if problem and retry:
                again.append(leftover)
            elif problem:
                result.left.append(problem)
        else:
            _look_up(client, journal, leftover, result)
    for leftover in again:  # it may have been held by something that is gone now
        problem, _ = _delete(client, journal, leftover, result)
        if problem:
            result.left.append(problem)
    return result


def _delete(client: ScimClient, journal: Journal, leftover: Leftover, result: CleanUp) -> tuple[str, bool]:
    """Delete one resource; return what is wrong, if anything, and whether a second attempt may help."""
    path = f"{leftover.endpoint}/{encode_id(leftover.id)}"
    try:
        response = client.request("DELETE", path)
    except (BrokenAnswer, HarnessError) as problem:
        return f"{leftover.words}: not deleted ({problem}); run scim-conformance clean once the target answers.", False
    if 200 <= response.status < 300:  # noqa: PLR2004 - the class of success codes
        result.deleted += 1
    elif response.status in _GONE:
        result.gone += 1
    else:
        text = f"{leftover.words}: DELETE was answered {response.status}; delete it by hand."
        return text, response.status in _CONFLICT
    journal.deleted(leftover.endpoint, leftover.id)
    return "", False


def _look_up(client: ScimClient, journal: Journal, leftover: Leftover, result: CleanUp) -> None:
    """Look for what a POST without a clear answer may have created, and delete it."""
    run_id = (journal.run_id or client.run_id).casefold()
    if not leftover.attribute or not run_id or run_id not in leftover.value.casefold():
        result.unsure.append(f"{leftover.words}: whether a request created one is not known, and it had no name to look for.")
        journal.refused(leftover.number)
        return
    found, problem = _found(client, leftover)
    if problem:
        result.left.append(
            f"{leftover.words}: may have been created, but could not be looked for ({problem}); look for it, delete it by hand."
        )
        return
    if not found:
        result.gone += 1
        journal.refused(leftover.number)
        return
    for resource_id in found:
        journal.created(leftover.number, leftover.endpoint, resource_id)
        problem, _ = _delete(client, journal, Leftover(0, leftover.endpoint, leftover.attribute, leftover.value, resource_id), result)
        if problem:
            result.left.append(problem)


def _found(client: ScimClient, leftover: Leftover) -> tuple[list[str], str]:
    """Return the ids of the resources that carry exactly the value looked for, or why it cannot be known."""
    condition = f"{leftover.attribute} eq {json.dumps(leftover.value, ensure_ascii=False)}"
    try:
        response = client.get(leftover.endpoint, params={"filter": condition})
    except (BrokenAnswer, HarnessError) as problem:
        return [], str(problem)
    if response.status in _GONE:
        return [], f"a filter was answered {response.status}"
    if not 200 <= response.status < 300:  # noqa: PLR2004 - the class of success codes
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
    return [] if isinstance(body, Mapping) and member(body, "totalResults") in (0, "0", None) and resources is None else None


def _carries(resource: Any, leftover: Leftover) -> bool:
    value = member(resource, leftover.attribute)
    return isinstance(value, str) and value.casefold() == leftover.value.casefold()
