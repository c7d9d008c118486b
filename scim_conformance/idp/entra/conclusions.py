"""What Entra ID concludes from an answer, and what its administrator reads of it, in this project's own words."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from scim_conformance.client.response import Response
from scim_conformance.idp.outcome import Conclusion, Outcome
from scim_conformance.judge.expect import excerpt, phrase

_INCOMPATIBLE: Final = "SystemForCrossDomainIdentityManagementServiceIncompatible"
_QUARANTINE: Final = (
    "the provisioning job goes into quarantine: it is tried again after 6, 12 and 24 hours, then once a day, "
    "and is switched off after 28 days"
)
_LATER: Final = (
    "the provisioning logs show a failure for this object, which is tried again in later cycles, ever less often; "
    "when too many objects fail, the job goes into quarantine"
)
_DENIED: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def listed(response: Response) -> list[dict[str, Any]] | None:
    """Return the resources of a list response; None where the answer is no list response."""
    body = response.json_object
    found = body.get("Resources")
    if found is None and body.get("totalResults") == 0:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return None
    return found


def identified(resource: Mapping[str, Any]) -> bool:
    """Tell whether a resource has an id that Entra ID can keep."""
    return isinstance(resource.get("id"), str) and bool(resource["id"])


def incompatible(step: str, response: Response, wanted: str) -> Outcome:
    """Conclude that a connection test has failed."""
    if response.status in _DENIED:
        shown = "InvalidCredentials: Test Connection fails, because the endpoint does not accept the secret token."
    else:
        shown = (
            f"Test Connection fails ({_INCOMPATIBLE}, often shown as InvalidCredentials): the answer was "
            f"{phrase(response.status)}, but {wanted} was expected. Provisioning cannot be saved."
        )
    why = f"{phrase(response.status)} instead of {wanted}"
    return Outcome(step, Conclusion.FAILED, why, shown, (response,))


def unreadable(step: str, response: Response, wanted: str) -> Outcome:
    """Conclude that the answer to a query, though it is a success, cannot be read."""
    shown = f"The answer cannot be read, because it is no {wanted}; {_LATER}."
    return Outcome(step, Conclusion.FAILED, f"the answer is no {wanted}", shown, (response,))


def refused(step: str, response: Response, *, query: bool = False) -> Outcome:
    """Conclude from an answer that is no success; a query that finds nothing has to be answered by 200.

    429 never comes as far: the harness waits for its end by itself.
    """
    said = phrase(response.status)
    match response.status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            conclusion = Conclusion.QUARANTINED
            shown = f"The credentials are taken for invalid ({said}); {_QUARANTINE}."
        case HTTPStatus.NOT_FOUND if query:
            conclusion = Conclusion.QUARANTINED
            shown = (
                f"The endpoint answers a search with {said}, which counts as not compliant with SCIM; {_QUARANTINE}."
            )
        case HTTPStatus.CONFLICT:
            conclusion = Conclusion.FAILED
            shown = f"The object conflicts with another one that the application has ({said}); {_LATER}."
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            conclusion = Conclusion.RETRIED
            shown = f"The endpoint failed ({said}); {_LATER}."
        case _:
            conclusion = Conclusion.FAILED
            shown = f"The step '{step}' failed, because the application answered {said}; {_LATER}."
    return Outcome(step, conclusion, f"the answer was {said}{_detail(response)}", shown, (response,))


def _detail(response: Response) -> str:
    """Return what an error says of itself, to be appended to its status."""
    detail = response.json_object.get("detail")
    return f" ({excerpt(detail)})" if isinstance(detail, str) and detail else ""


def written(step: str, conclusion: Conclusion, response: Response, resource: Mapping[str, Any] | None) -> Outcome:
    """Conclude from the answer to a PATCH: 200 with the resource and 204 without are as good."""
    if not response.is_success:
        return refused(step, response)
    body = response.json_object
    known = body if identified(body) else resource
    return Outcome(step, conclusion, "", "", (response,), None if known is None else dict(known))


def created(step: str, response: Response) -> Outcome:
    """Conclude from the answer to a POST: without the new resource's id nothing more can be done with it."""
    if not response.is_success:
        return refused(step, response)
    body = response.json_object
    if not identified(body):
        shown = f"The answer to the creation does not tell the id of the new object; {_LATER}."
        return Outcome(step, Conclusion.FAILED, "the answer has no id", shown, (response,))
    return Outcome(step, Conclusion.CREATED, "", "", (response,), body)


def removed(step: str, response: Response) -> Outcome:
    """Conclude from the answer to a DELETE."""
    if not response.is_success and response.status != HTTPStatus.NOT_FOUND:
        return refused(step, response)
    return Outcome(step, Conclusion.DELETED, "", "", (response,))


def found(step: str, response: Response) -> Outcome:
    """Conclude from the answer to a matching query: nobody, one, or so many that none can be chosen."""
    if response.status != HTTPStatus.OK:
        return refused(step, response, query=True)
    resources = listed(response)
    if resources is None:
        return unreadable(step, response, "list response")
    if not resources:
        return Outcome(step, Conclusion.UNCHANGED, "nobody matches", "", (response,))
    if len(resources) > 1:
        shown = f"More than one object of the application matches, so that none is linked; {_LATER}."
        return Outcome(step, Conclusion.FAILED, f"{len(resources)} objects match", shown, (response,))
    if not identified(resources[0]):
        return unreadable(step, response, "list of resources with an id")
    return Outcome(step, Conclusion.LINKED, "", "", (response,), resources[0])
