"""Faults that only malformed requests show (RFC 7644 sections 3.3, 3.5 and 3.12)."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault
from scim_conformance.server.filters import Filter
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

_DEEP = 200


@fault("RFC7644-3.3-12")
def half_a_surrogate_pair_is_a_500(service: Service) -> None:
    """A body with the escape of half a surrogate pair is answered 500."""

    def parsed(text: str) -> Any:
        found = json.loads(text) if text.count("[") < _DEEP else None
        json.dumps(found, ensure_ascii=False).encode("utf-8")
        return found

    def guarded(original: Callable[[str], Any], text: str) -> Any:
        if "\\ud" in text.lower():
            return parsed(text)  # a UnicodeEncodeError is nobody's business
        return original(text)

    around(service.bodies, "parsed", guarded)


@fault("RFC7644-3.3-12")
def deep_nesting_is_a_500(service: Service) -> None:
    """A body whose arrays or objects nest hundreds of levels deep is answered 500."""

    def parsed(original: Callable[[str], Any], text: str) -> Any:
        if "[" * _DEEP in text or '{"a":' * _DEEP in text:
            raise RecursionError("too deep")
        return original(text)

    around(service.bodies, "parsed", parsed)


@fault("RFC7644-3.5.2-13")
def what_follows_the_json_is_ignored(service: Service) -> None:
    """A body is read up to the end of its JSON object, and what follows is passed over."""

    def parsed(original: Callable[[str], Any], text: str) -> Any:
        try:
            return json.JSONDecoder().raw_decode(text)[0] if text.startswith("{") else original(text)
        except (ValueError, RecursionError):
            return original(text)

    around(service.bodies, "parsed", parsed)


@fault("RFC7644-3.3-13")
def complex_attributes_take_text_for_nothing(service: Service) -> None:
    """A text in the place of a complex attribute's object is taken for no value, and the request succeeds."""

    def value(original: Callable[..., Any], attribute: Attribute, sent: Any, *rest: Any) -> Any:
        lenient = attribute.type == "complex" and isinstance(sent, str)
        return None if lenient else original(attribute, sent, *rest)

    around(service.validation, "value", value)


@fault("RFC7644-3.5.1-19")
def a_refused_put_takes_the_nick_name_away(service: Service) -> None:
    """A PUT that is refused for a value of the wrong type leaves the user without nickName."""

    def replaced(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        try:
            return original(request, kind, id_)
        except ScimError as error:
            record = service.store.get(kind.name, id_)
            if error.scim_type == "invalidValue" and record is not None:
                rest = {name: value for name, value in record.resource.items() if name != "nickName"}
                service.store.update(replace(record, resource=rest))
            raise

    around(service.lifecycle, "replace", replaced)


@fault("RFC7644-3.4.2.2-32")
def filters_are_read_as_far_as_they_go(service: Service) -> None:
    """A filter is read up to where the grammar ends, and what follows is passed over."""

    class Lenient(service.evaluation.parser):  # type: ignore[misc, name-defined]
        def parse(self) -> Filter:
            found: Filter = self.filter()
            return found

    service.evaluation.parser = Lenient


@fault("RFC7644-3.12-01")
def bytes_that_are_no_utf_8_get_plain_text(service: Service) -> None:
    """A body that is cut off or no UTF-8 is refused with an error in plain text."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        if "not JSON" in problem.detail or "not UTF-8" in problem.detail:
            return Response(problem.status, Headers([("Content-Type", "text/plain")]), b"Bad Request")
        return original(request, problem)

    around(service.answers, "error", error)


@fault("RFC7644-3.5.2-22")
def a_patch_that_is_a_list_is_a_500(service: Service) -> None:
    """A PATCH message whose Operations are no list is answered 500."""

    def operations(original: Callable[[Request], list[Operation]], request: Request) -> list[Operation]:
        body = service.bodies.json(request)
        if isinstance(body, dict) and not isinstance(body.get("Operations"), list):
            raise TypeError("not iterable")
        return original(request)

    around(service.bodies, "patch_operations", operations)
