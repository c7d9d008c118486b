"""What the vendors' own tests share: requests as a vendor's client sends them, values at its paths, and discretion.

A vendor's test does not read the target's schemas: what it sent has to come back, at the place where it looks.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from scim_conformance.client import features
from scim_conformance.client.addresses import encode_id
from scim_conformance.client.client import PATCH_OP, ScimClient
from scim_conformance.client.response import Response
from scim_conformance.judge.expect import phrase
from scim_conformance.judge.verdicts import Blocked, Violation

ENTERPRISE: Final = features.ENTERPRISE
Headers = Mapping[str, str | None]
_PATH = re.compile(
    r"(?:(?P<urn>urn:.+):)?(?P<name>[\w$-]+)"
    r"(?:\[(?P<key>\w+) eq (?P<value>[^\]]+)\])?(?:\.(?P<sub>[\w$]+))?"
)
_SUCCESS = (200, 204)


class VendorClient:
    """Sends requests with the headers of one vendor's client.

    `reading` go with every request, `writing` beside them with a body; None takes away what this project's own client
    sends otherwise.
    """

    def __init__(self, scim: ScimClient, vendor: str, *, reading: Headers, writing: Headers) -> None:
        self.scim = scim
        self.vendor = vendor
        self._reading = dict(reading)
        self._writing = {**reading, **writing}

    def get(self, path: str, query: str | None = None, **headers: str | None) -> Response:
        """Send GET; the query is sent as it is written."""
        return self.scim.get(path, query=query, headers={**self._reading, **headers})

    def send(self, method: str, path: str, body: Any) -> Response:
        """Send a body, its members in the order in which they stand."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return self.scim.request(method, path, content=content, headers=self._writing)

    def post(self, path: str, body: Mapping[str, Any]) -> Response:
        """Send POST."""
        return self.send("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> Response:
        """Send PUT."""
        return self.send("PUT", path, body)

    def patch(self, path: str, *operations: Mapping[str, Any]) -> Response:
        """Send PATCH with these operations."""
        return self.send("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)})

    def delete(self, path: str) -> Response:
        """Send DELETE."""
        return self.scim.request("DELETE", path, headers=self._reading)

    def created(self, endpoint: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create a resource that a test needs; raises Blocked where the target does not, which another test judges."""
        response = self.post(endpoint, body)
        resource = response.json_object
        if not response.is_success or not isinstance(resource.get("id"), str):
            raise Blocked(
                f"the test needs a resource, and POST {endpoint} answered {response.status} without one; "
                f"{self.vendor} counts this test as failed too"
            )
        return resource

    def read(self, path: str) -> dict[str, Any]:
        """Return a resource as it is now; a violation where a GET does not show it."""
        response = self.get(path)
        if response.status != 200 or not response.json_object:  # noqa: PLR2004 - OK
            raise Violation(
                f"GET {path} does not show the resource afterwards.",
                expected=["status 200 with the resource"],
                actual=answer(response),
            )
        return response.json_object


def place(endpoint: str, resource: Mapping[str, Any]) -> str:
    """Return the path of a resource below the endpoint that the vendor's client knows."""
    return f"{endpoint}/{encode_id(str(resource['id']))}"


def listed(response: Response) -> list[dict[str, Any]]:
    """Return the resources of a list, none where there is no list."""
    found = response.json_object.get("Resources")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def answer(response: Response) -> str:
    """Return what an answer says of its refusal, without anything of a resource."""
    found = response.json_object
    detail = found.get("detail") if response.status >= 400 else None  # noqa: PLR2004 - errors
    return f"status {phrase(response.status)}" + (f", {str(detail)[:200]}" if detail else "")


def answers(response: Response, *allowed: int, what: str) -> Response:
    """Return the answer if its status is among the allowed ones; raises Violation."""
    if response.status not in allowed:
        wanted = " or ".join(phrase(status) for status in allowed)
        raise Violation(f"{what} is answered {phrase(response.status)}.", expected=[wanted], actual=answer(response))
    return response


def succeeds(response: Response, what: str) -> Response:
    """Return the answer to a PATCH if it is 200 or 204; raises Violation."""
    return answers(response, *_SUCCESS, what=what)


def value_at(resource: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path such as `emails[type eq "work"].value` or URN:attribute, None where there is none."""
    match = _PATH.fullmatch(path)
    holder: Any = _member(resource, match["urn"]) if match and match["urn"] else resource
    found: Any = _member(holder, match["name"]) if match else None
    if match and match["key"]:
        wanted = match["value"].strip('"').lower()
        elements = found if isinstance(found, list) else []
        found = next((each for each in elements if str(_member(each, match["key"])).lower() == wanted), None)
    return _member(found, match["sub"]) if match and match["sub"] else found


def _member(holder: Any, name: str) -> Any:
    if not isinstance(holder, Mapping):
        return None
    if name in holder:
        return holder[name]
    return next((value for key, value in holder.items() if key.lower() == name.lower()), None)


def unlike(sent: Any, shown: Any, where: str = "") -> list[str]:
    """Return one sentence for each value of `sent` that is not among what is shown; `schemas` says nothing."""
    if isinstance(sent, Mapping):
        inner = [(name, value) for name, value in sent.items() if where or name != "schemas"]
        return [
            text for name, value in inner for text in unlike(value, _member(shown, name), f"{where}.{name}".strip("."))
        ]
    if isinstance(sent, list):
        candidates = shown if isinstance(shown, list) else []
        missing = [each for each in sent if all(unlike(each, other, where) for other in candidates)]
        return [f"{where}: {_brief(each)} did not come back, but {_brief(shown)}" for each in missing]
    return [] if same(sent, shown) else [f"{where}: sent {_brief(sent)}, came back as {_brief(shown)}"]


def same(sent: Any, shown: Any) -> bool:
    """Tell whether a value is the one that was sent; booleans may be sent as text, and come back as booleans."""
    if isinstance(shown, bool) or isinstance(sent, bool):
        return isinstance(shown, bool) and str(sent).lower() == str(shown).lower()
    return bool(sent == shown)


def keeps(resource: Mapping[str, Any], values: Iterable[tuple[str, Any]]) -> None:
    """Raise Violation unless the resource has each value at its path."""
    wrong = [
        f"{path}: sent {_brief(value)}, is {_brief(value_at(resource, path))}"
        for path, value in values
        if not same(value, value_at(resource, path))
    ]
    if wrong:
        raise Violation(
            f"{len(wrong)} of the values that were sent are not there afterwards.",
            expected=["every value that was sent, at the path that was named"],
            actual="; ".join(wrong[:6]) + (f" and {len(wrong) - 6} more" if len(wrong) > 6 else ""),  # noqa: PLR2004
        )


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:80] + "..."  # noqa: PLR2004 - what a line of a report can carry


def veiled(response: Response, scim: ScimClient) -> Response:
    """Take what foreign resources hold out of the record of an answer, and return the answer; names and kinds stay.

    A vendor's test may read whoever comes first. What it looks at is whether there are values, and this is judged on
    the answer itself; a report needs no more.
    """
    body = response.json if response.is_json and response.status < 300 else None  # noqa: PLR2004 - successes
    found = body if isinstance(body, dict) else {}
    shown = found.get("Resources", [found] if found else body)
    resources = [each for each in shown if isinstance(each, dict)] if isinstance(shown, list) else []
    if all(scim.journal.holds(each) for each in resources):
        return response
    clean = [each if scim.journal.holds(each) else _kinds(each) for each in resources]
    kept = {**found, "Resources": clean} if "Resources" in found else clean[0] if found else clean
    for exchange in response.exchanges:
        exchange.response_body = json.dumps(kept).encode()
        exchange.response_size = len(exchange.response_body)
        exchange.annotate("values of resources that are not this run's are left out of this record")
    return response


def _kinds(value: Any) -> Any:
    """Return a JSON value with the kind of each value in its place; what is empty stays empty."""
    if isinstance(value, Mapping):
        return {name: value[name] if name == "schemas" else _kinds(value[name]) for name in value}
    if isinstance(value, list):
        return [_kinds(each) for each in value]
    if value is None or value == "" or isinstance(value, bool):
        return value
    return f"({'number' if isinstance(value, int | float) else 'text'})"


def ids_of(resources: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the ids of resources, in their order."""
    return [each.get("id") for each in resources]
