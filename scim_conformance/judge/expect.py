"""Expectations on one response, chained: `expect(scim.delete(user)).status(204).no_body()`.

Every method returns the expectation, so that a chain reads as a sentence. A broken
expectation raises `Violation`; behind `.should` it is recorded as a warning instead, and
the chain goes on.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Self

from scim_conformance.client.response import NotJson, Response
from scim_conformance.judge.verdicts import Violation, warn
from scim_conformance.paths import SCHEMAS

ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"
_EXCERPT = 200


def phrase(status: int) -> str:
    """Return a status with its reason phrase, such as `204 No Content`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def excerpt(text: str) -> str:
    """Return `text` on one line, cut to a length that a message can carry."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else flat[:_EXCERPT] + "..."


def either(options: Sequence[object]) -> str:
    """Return the options as words: `a, b or c`."""
    words = [str(option) for option in options]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


class Expectation:
    """What is expected of one response."""

    def __init__(self, response: Response, *, soft: bool = False) -> None:
        self.response = response
        self._soft = soft

    @property
    def should(self) -> "Expectation":
        """The same response, judged softly: what is broken from here on becomes a warning."""
        return Expectation(self.response, soft=True)

    # -- the ends of every chain ---------------------------------------------------------

    def _broken(self, message: str, expected: Sequence[str], actual: str) -> Self:
        if not self._soft:
            raise Violation(f"{self._call} {message}", expected=expected, actual=actual)
        warn(f"{self._call} {message}", expected=expected, actual=actual)
        return self

    @property
    def _call(self) -> str:
        exchange = self.response.exchange
        return f"{exchange.method} {exchange.url}"

    def _answer(self) -> str:
        body = excerpt(self.response.text)
        return f"status {phrase(self.response.status)}" + (f", body {body}" if body else ", no body")

    # -- status ---------------------------------------------------------------------------

    def status(self, *allowed: int, tolerated: Sequence[int] = ()) -> Self:
        """Expect one of the `allowed` status codes; one of the `tolerated` is worth a warning."""
        status = self.response.status
        wanted = [f"status {either([phrase(code) for code in allowed])}"]
        if status in tolerated:
            warn(f"{self._call} answered {phrase(status)}.", expected=wanted, actual=self._answer())
        elif status not in allowed:
            return self._broken(f"answered {phrase(status)}.", wanted, self._answer())
        return self

    def success(self) -> Self:
        """Expect any status of the 2xx class."""
        if not self.response.is_success:
            return self._broken(f"answered {phrase(self.response.status)}.", ["a 2xx status"], self._answer())
        return self

    def refused(self, *preferred: int, scim_type: str | Sequence[str] | None = None) -> Self:
        """Expect a refusal: a 4xx status, best one of the `preferred`.

        Right refusal, wrong decoration is a warning: another 4xx, a missing or another
        scimType. Anything but a 4xx is a violation (501 only where it is preferred).
        """
        status = self.response.status
        if status in preferred:
            pass
        elif 400 <= status < 500:  # noqa: PLR2004 - the class of client errors
            warn(
                f"{self._call} was refused with {phrase(status)}.",
                expected=[f"status {either([phrase(code) for code in preferred])}"] if preferred else ["a 4xx status"],
                actual=self._answer(),
            )
        else:
            wanted = f"a refusal with status {either([phrase(c) for c in preferred])}" if preferred else "a 4xx refusal"
            return self._broken(f"answered {phrase(status)}.", [wanted], self._answer())
        if scim_type is not None:
            self._scim_type((scim_type,) if isinstance(scim_type, str) else tuple(scim_type))
        return self

    def _scim_type(self, wanted: tuple[str, ...]) -> None:
        body = self.response.json if self.response.is_json else None
        found = body.get("scimType") if isinstance(body, dict) else None
        if found not in wanted:
            warn(
                f"{self._call} was refused " + (f"with scimType {found!r}." if found else "without a scimType."),
                expected=[f"scimType {either(wanted)}"],
                actual=self._answer(),
            )

    # -- headers --------------------------------------------------------------------------

    def header(self, name: str, *, equals: str | None = None, matches: str | None = None) -> Self:
        """Expect a header, optionally with one value or one that matches a pattern."""
        values = self.response.headers.get_all(name)
        if not values:
            return self._broken(f"answered without the header {name}.", [f"a header {name}"], self._header_names())
        if equals is not None and equals not in values:
            return self._broken(f"answered with another {name}.", [f"{name}: {equals}"], f"{name}: {', '.join(values)}")
        if matches is not None and not any(re.search(matches, value) for value in values):
            wanted = [f"a header {name} that matches {matches}"]
            return self._broken(f"answered with another {name}.", wanted, f"{name}: {', '.join(values)}")
        return self

    def no_header(self, name: str) -> Self:
        """Expect that a header is absent."""
        values = self.response.headers.get_all(name)
        if values:
            return self._broken(f"answered with the header {name}.", [f"no header {name}"], f"{name}: {values[0]}")
        return self

    def _header_names(self) -> str:
        return "headers " + (", ".join(sorted({name for name, _ in self.response.headers.items()})) or "(none)")

    def media_type(self, *allowed: str) -> Self:
        """Expect a body in one of the media types; by default `application/scim+json`, `application/json` is a warning.

        Parameters such as charset are allowed (A63).
        """
        found = self.response.media_type
        wanted = allowed or ("application/scim+json",)
        if found in wanted:
            return self
        if not allowed and found == "application/json":
            warn(f"{self._call} answered as {found}.", expected=wanted, actual=f"Content-Type: {found}")
            return self
        return self._broken(f"answered as {found or 'no media type at all'}.", wanted, f"Content-Type: {found or '-'}")

    # -- bodies ---------------------------------------------------------------------------

    def no_body(self) -> Self:
        """Expect that there is no body at all."""
        if self.response.content:
            return self._broken("answered with a body.", ["no body"], self._answer())
        return self

    def json_object(self) -> Self:
        """Expect that the body is one JSON object."""
        try:
            _ = self.response.body
        except NotJson as problem:
            return self._broken(
                f"answered with a body that is no JSON object: {problem}", ["a JSON object"], self._answer()
            )
        if self.response.doubled:
            names = ", ".join(self.response.doubled)
            warn(f"{self._call} answered with members that are there twice.", expected=["each once"], actual=names)
        return self

    def schema(self, name: str) -> Self:
        """Expect that the body is valid against `schemas/messages/<name>.json`."""
        self.json_object()
        if self.response.is_json and isinstance(self.response.json, dict):
            problems = schema_problems(self.response.json, name)
            if problems:
                return self._broken(f"answered with a body that is no valid {name}.", problems, self._answer())
        return self

    def error(self) -> Self:
        """Expect a SCIM error body, RFC 7644 section 3.12; `status` as a number is a warning (A82)."""
        self.json_object()
        if not self.response.is_json or not isinstance(self.response.json, dict):
            return self
        body: dict[str, Any] = self.response.json
        status = body.get("status")
        if isinstance(status, int) and not isinstance(status, bool):
            warn(
                f"{self._call} answered an error whose status is a number.",
                expected=['"status" as a string'],
                actual=f'"status": {status}',
            )
            status = str(status)
        problems = []
        if ERROR_SCHEMA not in (body.get("schemas") or []):
            problems.append(f'"schemas" with {ERROR_SCHEMA}')
        if status != str(self.response.status):
            problems.append(f'"status": "{self.response.status}"')
        if problems:
            return self._broken("answered with an error that is no SCIM error body.", problems, self._answer())
        return self

    def has(self, member: str, *values: object) -> Self:
        """Expect a member of the body, by a dotted path, optionally with one of the `values`."""
        found = member_of(self.response.body, member)
        if found is None:
            return self._broken(f"answered without {member}.", [f"a member {member}"], self._answer())
        if values and found not in values:
            wanted = [f"{member} = {json.dumps(value)}" for value in values]
            return self._broken(f"answered with another {member}.", wanted, f"{member} = {json.dumps(found)}")
        return self

    def lacks(self, member: str) -> Self:
        """Expect that a member of the body is absent, null or empty."""
        found = member_of(self.response.body, member)
        if found not in (None, [], {}):
            return self._broken(f"answered with {member}.", [f"no member {member}"], f"{member} = {json.dumps(found)}")
        return self

    def where(self, holds: bool | Callable[[Response], bool], *, expected: str, actual: str = "") -> Self:  # noqa: FBT001
        """Expect a condition that no other method words: a truth, or a predicate on the response."""
        if not (holds(self.response) if callable(holds) else holds):
            return self._broken("answered otherwise than expected.", [expected], actual or self._answer())
        return self


def member_of(body: Mapping[str, Any], path: str) -> Any:
    """Return the member at a dotted path (an URN is one step), None where there is none; names in any letter case."""
    steps = [path] if path.lower().startswith("urn:") else path.split(".")
    current: Any = body
    for step in steps:
        if not isinstance(current, Mapping):
            return None
        current = next((value for name, value in current.items() if name.lower() == step.lower()), None)
    return current


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - half a second of imports nobody else needs
    from referencing import Registry, Resource  # noqa: PLC0415

    folder = SCHEMAS / "messages"
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    registry: Any = Registry().with_resources([(d["$id"], Resource.from_contents(d)) for d in documents])
    document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(document, registry=registry)


def schema_problems(body: object, name: str, most: int = 5) -> list[str]:
    """Return what makes `body` invalid against the message schema `name`, one sentence each, at most `most`."""
    errors = sorted(_validator(name).iter_errors(body), key=lambda error: error.json_path)
    return [excerpt(f"{error.json_path}: {error.message}") for error in errors[:most]]


def expect(response: Response) -> Expectation:
    """Begin a chain of expectations on `response`."""
    return Expectation(response)
