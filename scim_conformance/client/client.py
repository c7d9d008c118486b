"""Talking SCIM to a target: the verbs of RFC 7644, a record of every exchange, and a guard around what is not ours."""

from __future__ import annotations

import enum
import json as jsonlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from scim_conformance import __version__
from scim_conformance.client.addresses import Base, Params, encode_id, encode_params
from scim_conformance.client.calls import Call, Calls, merged
from scim_conformance.client.creations import Creations
from scim_conformance.client.errors import HarnessError
from scim_conformance.client.exchange import Exchange, HeaderList
from scim_conformance.client.guard import Guard
from scim_conformance.client.journal import Journal
from scim_conformance.client.parallel import at_once
from scim_conformance.client.redaction import Redactor, is_sensitive_name
from scim_conformance.client.response import Response
from scim_conformance.client.target import Credentials, Target

if TYPE_CHECKING:
    from scim_conformance.client.features import Features


class Given(enum.Enum):
    """Stands for an argument that was not given, where None means something."""

    UNSET = "unset"
    KEEP = "keep"


UNSET: Final = Given.UNSET
KEEP: Final = Given.KEEP

SCIM_JSON: Final = "application/scim+json"
PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH_REQUEST: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
_DELETED: Final = (200, 202, 204)
_GONE: Final = (404, 410)
_OF_A_REQUEST: Final = frozenset({"headers", "credentials", "source_address", "unguarded", "params"})

HeaderArgument = Mapping[str, str | None] | Sequence[tuple[str, str | None]]


class ScimClient:
    """A SCIM client for one run: it records, redacts, waits, and lets no write through to what the run did not create.

    `features` may be set once they are known; they tell a resource type's endpoint. With `beside`, another
    client of the same run, what is exchanged is on that one's record. Any method may be called from any thread. Every
    call may raise BrokenAnswer (the target's fault) or a HarnessError (never the target's).
    """

    def __init__(
        self,
        target: Target,
        *,
        journal: Journal | None = None,
        redactor: Redactor | None = None,
        run_id: str = "",
        features: Features | None = None,
        beside: ScimClient | None = None,
    ) -> None:
        self.target = target
        self.base = Base.parse(target.base_url)
        self.journal = journal or Journal()
        self.redactor = redactor or target.redactor()
        self.run_id = run_id
        self.features = features
        if target.credentials.token and beside is None:
            self.redactor.set_token(target.credentials.token.reveal())
        self._learn(target.credentials)
        for secret in target.secrets():
            self.redactor.add(secret)
        record = beside._calls if beside else None  # noqa: SLF001 - of the same class
        self._calls: Calls = Calls(target, self.base, self.redactor, beside=record)
        self._guard = Guard(self.base, self.journal)
        self._creations = Creations(self.base, self.journal, self._guard, run_id)

    def __repr__(self) -> str:
        return f"<ScimClient of {self.target.describe()}, {self.count} exchanges>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections, stop threads and close the journal, which removes it when nothing is left behind."""
        self._calls.close()
        self.journal.close()

    # -- the record ------------------------------------------------------------------------

    @property
    def exchanges(self) -> list[Exchange]:
        """Every exchange of the run so far, in the order in which requests were sent."""
        return self._calls.exchanges

    @property
    def count(self) -> int:
        """How many requests were sent."""
        return len(self._calls.exchanges)

    @property
    def throttled(self) -> int:
        """How many calls in a row, up to the last one, were answered 429 for as long as they could wait."""
        return self._calls.throttled

    def take(self) -> list[Exchange]:
        """Return the exchanges since the last take: those of one check."""
        return self._calls.take()

    def peek(self) -> list[Exchange]:
        """Return the exchanges since the last take, and leave them to the next one."""
        return self._calls.peek()

    def recall(self, response: Response) -> Response:
        """Name a response of earlier as evidence of what is judged now, and return it."""
        self._calls.recall(response.exchanges)
        return response

    def recall_exchanges(self, exchanges: Iterable[Exchange]) -> None:
        """Name exchanges of earlier as evidence of what is judged now."""
        self._calls.recall(exchanges)

    def take_recalled(self) -> list[Exchange]:
        """Return the exchanges that were recalled since the last time this was asked."""
        return self._calls.take_recalled()

    # -- any request -----------------------------------------------------------------------

    def request(  # noqa: PLR0913 - each is a part of a request
        self,
        method: str,
        path: str,
        *,
        json: Any = UNSET,
        content: bytes | None = None,
        params: Params | None = None,
        query: str | None = None,
        headers: HeaderArgument | None = None,
        credentials: Credentials | Literal[Given.KEEP] | None = KEEP,
        source_address: str | None = None,
        unguarded: str | None = None,
        resource: bool = True,
    ) -> Response:
        """Send a request and return the answer, waits and redirects included.

        `path` is below the base URL ("/Users") or an absolute URL of the same origin. The body is `json` (sent as
        application/scim+json) or `content`. `query` is a query string as it is, `params` one to be encoded. Headers
        given here replace those of the same name, None takes one away, a list may repeat a name. `credentials=None`
        sends no Authorization, no origin header and none of the operator's headers.

        PUT, PATCH, DELETE and bulk operations go through only to resources of this run or to invented ids, unless
        `unguarded` says why the request can do no harm. A POST is written to the journal first; `resource=False` says
        that it creates nothing by which anything could be found again (a query, an empty body).
        """
        if method != method.strip() or not method.isascii() or not method:
            raise HarnessError(f"{method!r} is not an HTTP method.")
        if params is not None and query is not None:
            raise HarnessError("Give params or query, not both.")
        url = self.base.resolve(path, encode_params(params) if params is not None else query)
        body = _body(json, content)
        explicit = _pairs(headers)
        if unguarded is None:
            self._check(_effective(method, explicit), url, body or b"")
        sent, held = self._headers(explicit, credentials, has_body=body is not None, is_json=content is None)
        call = Call(
            method,
            url,
            sent,
            held,
            body or b"",
            source_address if source_address is not None else self.target.source_address,
            lambda onward_method, onward: self._guard.lets(onward_method, onward, body or b""),
        )
        entries = self._creations.announce(method, url, body or b"") if resource else []
        response = self._calls.make(call)
        let_in = {"authorization", self.target.credentials.origin_header.lower()}
        usual = credentials is KEEP and source_address is None and not let_in & {name.lower() for name, _ in explicit}
        self._creations.record(entries, method, url, response, authorized=usual)
        return response

    def get(self, path: str, **request: Any) -> Response:
        """Send GET; the arguments are those of `request`."""
        return self.request("GET", path, **request)

    def head(self, path: str, **request: Any) -> Response:
        """Send HEAD; the arguments are those of `request`."""
        return self.request("HEAD", path, **request)

    def post(self, path: str, **request: Any) -> Response:
        """Send POST; the arguments are those of `request`."""
        return self.request("POST", path, **request)

    def put(self, path: str, **request: Any) -> Response:
        """Send PUT; the arguments are those of `request`."""
        return self.request("PUT", path, **request)

    def patch(self, path: str, **request: Any) -> Response:
        """Send PATCH; the arguments are those of `request`."""
        return self.request("PATCH", path, **request)

    # -- SCIM ------------------------------------------------------------------------------

    def create(self, resource_type: Any, body: Mapping[str, Any], **request: Any) -> Response:
        """Create a resource of a type (a ResourceType, "User" or "/Users") by POST (RFC 7644 section 3.3)."""
        return self.post(self.endpoint(resource_type), json=body, **request)

    def read(self, resource: Any, **params: Any) -> Response:
        """Read a resource (section 3.4.1); arguments that are none of a request's are query parameters."""
        request, found = _split(params)
        found |= request.pop("params", None) or {}
        return self.get(self.location(resource), params=found or None, **request)

    def replace(self, resource: Any, body: Mapping[str, Any], **request: Any) -> Response:
        """Replace a resource by PUT (section 3.5.1)."""
        return self.put(self.location(resource), json=body, **request)

    def modify(self, resource: Any, *operations: Mapping[str, Any], **request: Any) -> Response:
        """Change a resource by PATCH, the operations wrapped in a PatchOp message (section 3.5.2)."""
        return self.patch(
            self.location(resource), json={"schemas": [PATCH_OP], "Operations": list(operations)}, **request
        )

    def delete(self, resource: Any, **request: Any) -> Response:
        """Delete a resource (section 3.6): one as returned by the target, (resource type, id), or a path."""
        path = resource if isinstance(resource, str) else self.location(resource)
        return self.request("DELETE", path, **request)

    def query(self, resource_type: Any, filter: str | None = None, **params: Any) -> Response:  # noqa: A002 - SCIM's name
        """Query an endpoint by GET (section 3.4.2); arguments that are none of a request's are query parameters."""
        request, found = _split(params)
        found |= request.pop("params", None) or {}
        if filter is not None:
            found = {"filter": filter, **found}
        return self.get(self.endpoint(resource_type), params=found or None, **request)

    def search(self, resource_type: Any = None, **body: Any) -> Response:
        """Query by POST to .search (section 3.4.3), below one endpoint or, without a type, below the base URL."""
        request, found = _split(body)
        message = {"schemas": [SEARCH_REQUEST], **found}
        endpoint = "" if resource_type is None else self.endpoint(resource_type)
        return self.post(f"{endpoint}/.search", json=message, resource=False, **request)

    def at_once(self, *calls: Callable[[], Response]) -> list[Response]:
        """Make up to eight calls of this client at the same moment; return their answers in the order of the calls."""
        return at_once(calls)

    def discard(self, resource: Any) -> bool:
        """Delete a resource that is no longer needed; True when it is gone, problems are left to the clean-up."""
        from scim_conformance.client.errors import BrokenAnswer  # noqa: PLC0415 - beside its only use

        try:
            return self.delete(resource).status in (*_DELETED, *_GONE)
        except (BrokenAnswer, HarnessError):
            return False

    def unknown_id(self) -> str:
        """Return an invented id that no resource has; writes to it are let through."""
        return self._guard.invent()

    def endpoint(self, resource_type: Any) -> str:
        """Return the endpoint of a resource type given as ResourceType, name or path."""
        if not isinstance(resource_type, str):
            return str(resource_type.endpoint)
        if resource_type.startswith("/"):
            return resource_type
        known = self.features.resource_type(resource_type) if self.features else None
        return known.endpoint if known else f"/{resource_type}s"

    def location(self, resource: Any) -> str:
        """Return the path of a resource: (resource type, id), or one as the target returned it.

        meta.location is not trusted: the path is the endpoint the resource was created under, else that of
        meta.resourceType, and its id.
        """
        if isinstance(resource, tuple):
            resource_type, resource_id = resource
            return f"{self.endpoint(resource_type)}/{encode_id(str(resource_id))}"
        resource_id = resource.get("id")
        if not isinstance(resource_id, str) or not resource_id:
            raise HarnessError("A resource without an id has no path.")
        named = self._endpoint_named_by(resource)
        created = self.journal.endpoints_of(resource_id)
        if len(created) == 1 or (created and named not in created):
            return f"{created[0]}/{encode_id(resource_id)}"
        if named is None:
            raise HarnessError(f"The endpoint of resource {resource_id} is not known; give (resource type, id).")
        return f"{named}/{encode_id(resource_id)}"

    def _endpoint_named_by(self, resource: Mapping[str, Any]) -> str | None:
        meta = resource.get("meta")
        name: Any = meta.get("resourceType") if isinstance(meta, Mapping) else None
        if isinstance(name, str) and name:
            return None if name.startswith("/") else self.endpoint(name)
        schemas = resource.get("schemas")
        for resource_type in self.features.resource_types if self.features else ():
            if isinstance(schemas, list) and resource_type.schema in schemas:
                return resource_type.endpoint
        return None

    def _check(self, method: str, url: str, body: bytes) -> None:
        try:
            self._guard.check(method, url, body)
        except HarnessError as problem:
            raise type(problem)(self.redactor.text(str(problem))) from None

    # -- headers ---------------------------------------------------------------------------

    def _headers(
        self,
        explicit: Sequence[tuple[str, str | None]],
        credentials: Credentials | Literal[Given.KEEP] | None,
        *,
        has_body: bool,
        is_json: bool,
    ) -> tuple[HeaderList, HeaderList]:
        """Return the headers for any origin, and those for the target's own alone."""
        chosen = self.target.credentials if credentials is KEEP else credentials
        if chosen is not None and chosen is not self.target.credentials:
            self._learn(chosen)
        plain = [
            ("Accept", SCIM_JSON),
            ("Accept-Encoding", "gzip, deflate"),
            ("User-Agent", f"scim-conformance/{__version__}"),
        ]
        if has_body and is_json:
            plain.append(("Content-Type", SCIM_JSON))
        held = chosen.as_headers() if chosen is not None else []
        overridden = {name.lower() for name, _ in held}
        plain = [(name, value) for name, value in plain if name.lower() not in overridden]
        private = [(name, value) for name, value in explicit if name.lower() in overridden or is_sensitive_name(name)]
        public = [(name, value) for name, value in explicit if (name, value) not in private]
        return merged(plain, public), merged(held, private)

    def _learn(self, credentials: Credentials) -> None:
        for name in credentials.hidden_headers():
            self.redactor.hide_header(name)
        for secret in credentials.secrets():
            self.redactor.add(secret)


def _body(json: Any, content: bytes | None) -> bytes | None:
    if json is UNSET:
        return content
    if content is not None:
        raise HarnessError("Give json or content, not both.")
    try:
        return jsonlib.dumps(json, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return jsonlib.dumps(json).encode()


def _pairs(headers: HeaderArgument | None) -> list[tuple[str, str | None]]:
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers or ())
    for name, value in pairs:
        if not name or any(character in name for character in "\r\n\0: \t") or not name.isascii():
            raise HarnessError("A header's name is empty or not valid, so the request was not sent.")
        if value is not None and any(character in value for character in "\r\n\0"):
            raise HarnessError(
                f"The value of the header {name} holds a line break or NUL, so the request was not sent."
            )
    return pairs


def _effective(method: str, headers: Sequence[tuple[str, str | None]]) -> str:
    """Return the method that the target may take the request for: X-HTTP-Method-Override turns a POST into anything."""
    overriding = ("x-http-method-override", "x-http-method", "x-method-override")
    return next((value for name, value in headers if name.lower() in overriding and value), method)


def _split(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Sort keyword arguments into those of a request and the rest."""
    request = {name: value for name, value in arguments.items() if name in _OF_A_REQUEST}
    return request, {name: value for name, value in arguments.items() if name not in _OF_A_REQUEST}
