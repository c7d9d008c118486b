"""The service provider: a request goes in, a response comes out, and nothing here knows HTTP libraries."""

import logging
import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

from scim_conformance.server.access import Access
from scim_conformance.server.answers import Answers
from scim_conformance.server.bodies import Bodies
from scim_conformance.server.bulk import Bulk
from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.clock import Clock
from scim_conformance.server.companies import Companies
from scim_conformance.server.comparison import Comparison
from scim_conformance.server.cursors import Cursors
from scim_conformance.server.defaults import Defaults
from scim_conformance.server.discovery import Discovery
from scim_conformance.server.domains import Domains
from scim_conformance.server.errors import ScimError, not_found, not_implemented
from scim_conformance.server.evaluation import Evaluation
from scim_conformance.server.grants import Grants
from scim_conformance.server.lifecycle import Lifecycle
from scim_conformance.server.locations import Locations
from scim_conformance.server.membership import Membership
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.own_resource import OwnResource
from scim_conformance.server.patch import Patching
from scim_conformance.server.projection import Projection
from scim_conformance.server.query import Query
from scim_conformance.server.resource_types import ResourceType, ResourceTypes, standard_resource_types
from scim_conformance.server.schema import Schema, Schemas, standard_schemas
from scim_conformance.server.settings import NotReady, Settings
from scim_conformance.server.setup import Row, identity_provider_mapping
from scim_conformance.server.sorting import Sorting
from scim_conformance.server.store import MemoryStore, Store
from scim_conformance.server.tenants import Tenants
from scim_conformance.server.uniqueness import Uniqueness
from scim_conformance.server.validation import Validation
from scim_conformance.server.values import Values
from scim_conformance.server.versions import Versions

Handler = Callable[[Request], Response]
Handlers = dict[str, Handler]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_VERSION = re.compile(r"/v(\d+)(?=/|$)", re.IGNORECASE)
_LAST_VERSION = re.compile(r"/v2$", re.IGNORECASE)
_WITHOUT_BODY = (204, 304)
_log = logging.getLogger(__name__)


class Service:
    """A SCIM service provider; its rules are methods of the objects it is made of."""

    def __init__(
        self,
        settings: Settings,
        store: Store | None = None,
        *,
        resource_types: Iterable[ResourceType] | None = None,
        schemas: Iterable[Schema] | None = None,
        capabilities: Capabilities | None = None,
        base_path: str = "",
    ) -> None:
        self.settings = settings
        self.store: Store = store if store is not None else MemoryStore()
        self.domains = Domains(self.store)
        self.capabilities = capabilities or Capabilities()
        self.schemas = Schemas(standard_schemas() if schemas is None else schemas)
        kinds = standard_resource_types() if resource_types is None else resource_types
        self.resource_types = ResourceTypes(self.schemas, kinds)
        self.locations = Locations(base_path)
        self.clock = Clock()
        self.bodies = Bodies()
        self.values = Values()
        self.comparison = Comparison()
        self.grants = Grants(self.clock)
        self.access = Access(settings, self.grants)
        self.versions = Versions(self.capabilities)
        self.answers = Answers(self.versions)
        self.validation = Validation(self.resource_types, self.values, self.comparison)
        self.evaluation = Evaluation(self.resource_types, self.comparison, self.values)
        self.patching = Patching(self.resource_types, self.validation, self.evaluation)
        self.projection = Projection(self.resource_types)
        self.sorting = Sorting(self.resource_types, self.comparison)
        self.uniqueness = Uniqueness(self.resource_types, self.comparison)
        self.cursors = Cursors(self.capabilities)
        self.defaults = Defaults(settings, self.resource_types)
        self.membership = Membership(self.domains, self.resource_types, self.locations)
        self.discovery = Discovery(self.schemas, self.resource_types, self.capabilities, self.locations, self.answers)
        self.lifecycle = Lifecycle(
            store=self.domains,
            capabilities=self.capabilities,
            clock=self.clock,
            bodies=self.bodies,
            validation=self.validation,
            defaults=self.defaults,
            patching=self.patching,
            projection=self.projection,
            membership=self.membership,
            uniqueness=self.uniqueness,
            versions=self.versions,
            answers=self.answers,
        )
        self.query = Query(
            store=self.domains,
            resource_types=self.resource_types,
            capabilities=self.capabilities,
            evaluation=self.evaluation,
            sorting=self.sorting,
            projection=self.projection,
            membership=self.membership,
            uniqueness=self.uniqueness,
            bodies=self.bodies,
            answers=self.answers,
            cursors=self.cursors,
        )
        self.bulk_jobs = Bulk(
            capabilities=self.capabilities,
            resource_types=self.resource_types,
            locations=self.locations,
            bodies=self.bodies,
            answers=self.answers,
            perform=self.perform,
        )
        self.own_resource = OwnResource(self.resource_types, self.lifecycle, self.grants, self.single)
        self.tenants: Tenants[Service] = Tenants()
        self.companies = Companies(self)
        self._token: str | None = None

    # The token, which is shown once

    def open(self, token: str | None) -> None:
        """Put this token in force, or a new one, and hold it until somebody takes it."""
        if token is None:
            token = self.settings.generate_token()
        else:
            self.settings.set_token(token)
        self._token = token

    def take_token(self) -> str:
        """Give the generated token, this once; raise NotReady when it was taken before."""
        if self._token is None:
            raise NotReady(
                "The token is shown only once and was taken already; settings.reset_token() makes a new one."
            )
        token, self._token = self._token, None
        return token

    # The settings page, as an administrator sees it

    def new_settings(self, **filled_in: str) -> Settings:
        """Open a settings page with these fields filled in; raise ValueError for a value that a field does not take."""
        return Settings(**filled_in)  # type: ignore[arg-type]

    def shown_endpoint(self, settings: Settings, host: str) -> str | None:
        """Give the SCIM endpoint that a settings page shows beside its token; None while there is none."""
        scheme = "https" if self.settings.tls_only else "http"
        return f"{scheme}://{host}{self.locations.base_path}" if settings.has_token() else None

    def attribute_mapping(self, method: str) -> tuple[Row, ...]:
        """Give the attribute mapping that a settings page shows for a provisioning method."""
        return identity_provider_mapping(method) or (
            Row("the e-mail address", "userName", "required"),
            Row("the first name", "name.givenName"),
            Row("the last name", "name.familyName"),
            Row("the e-mail address", 'emails[type eq "work"].value'),
            Row("whether the account is in use", "active"),
        )

    # From request to response

    def query_pairs(self, text: str) -> list[tuple[str, str]]:
        """Decode a query string; a plus sign stands for a blank, as in forms, and so Entra ID sends it."""
        return parse_qsl(text, keep_blank_values=True, errors="replace")

    def handle(self, request: Request) -> Response:
        """Answer a request; whatever goes wrong is answered too, as a SCIM error."""
        tenant = self.tenants.named(request.path)
        if tenant is not None:
            return tenant.handle(request)
        try:
            response = self.answer(request)
        except ScimError as error:
            response = self.answers.error(request, error)
        except Exception as problem:  # noqa: BLE001 the last resort: a client gets an answer, never a stack trace
            response = self.answers.error(request, self.internal_error(problem))
        return self.finished(request, response)

    def perform(self, request: Request) -> Response:
        """Answer one operation of a bulk job, whose path is below the base URL and which is let in already."""
        try:
            return self.dispatch(request, self.endpoint(request.path))
        except ScimError as error:
            return self.answers.error(request, error)

    def internal_error(self, problem: Exception) -> ScimError:
        """Make the answer to a mistake of the server's own, which is logged without anything from the request."""
        _log.error("a request failed in the server: %s", type(problem).__name__, exc_info=problem)
        return ScimError(500, None, "The server made a mistake.")

    def answer(self, request: Request) -> Response:
        """Let the request in, find its endpoint, and let that answer."""
        path = self.relative_path(request.path)
        self.access.check(request, path or "")
        self.domains.act_for(request.grant.client)
        self.check_size(request)
        if path is None:
            raise not_found("There is no such endpoint.")
        return self.dispatch(request, self.endpoint(self.unversioned(path)))

    def finished(self, request: Request, response: Response) -> Response:
        """Take the body from an answer to HEAD, leaving its header fields and its length (a 304 never had one)."""
        if request.method == "HEAD":
            if response.status not in _WITHOUT_BODY:
                response.headers.set("Content-Length", str(len(response.body)))
            response.body = b""
        return response

    def check_size(self, request: Request) -> None:
        """Refuse a body that is too large, naming the limit."""
        if len(request.body) > self.capabilities.max_body:
            raise ScimError(413, None, f"The body is larger than {self.capabilities.max_body} bytes.")

    # From path to endpoint

    def relative_path(self, path: str) -> str | None:
        """Give the path below the base URL; None if it is not below it. The base URL's version may be left out."""
        base = _LAST_VERSION.sub("", self.locations.base_path)
        if path != base and not path.startswith(base + "/"):
            return None
        return path[len(base) :]

    def unversioned(self, path: str) -> str:
        """Drop the version segment, of which only v2 is supported (RFC 7644 section 3.13)."""
        match = _VERSION.match(path)
        if match is None:
            return path
        if match[1] != "2":
            raise ScimError(
                400, "invalidVers", f"Version {match[1][:9]} of the protocol is not supported; version 2 is."
            )
        return path[match.end() :]

    def endpoint(self, path: str) -> Handlers:
        """Find the methods of the endpoint a path leads to, or answer 404."""
        segments = path.strip("/").split("/") if path.strip("/") else []
        if not segments:
            return self.root()
        if "" in segments:
            raise not_found("There is no such endpoint.")
        fixed = self.fixed_endpoint(segments)
        if fixed is not None:
            return fixed
        kind = self.resource_types.at("/" + segments[0])
        if kind is None or len(segments) > 2:  # noqa: PLR2004 endpoint and id
            raise not_found(f"There is no endpoint {path[:120]!r}.")
        if len(segments) == 1:
            return self.collection(kind)
        return self.searching([kind]) if segments[1] == ".search" else self.single(kind, segments[1])

    def root(self) -> Handlers:
        """Give the methods of the base URL."""
        if not self.capabilities.root_query:
            raise not_found("The base URL cannot be queried.")
        return {"GET": lambda request: self.query.get(request, list(self.resource_types))}

    def fixed_endpoint(self, segments: list[str]) -> Handlers | None:
        """Give the methods of an endpoint that is there whatever the resource types are."""
        listed: dict[str, Handler] = {
            "ServiceProviderConfig": self.discovery.get_service_provider_config,
            "ResourceTypes": self.discovery.get_resource_types,
            "Schemas": self.discovery.get_schemas,
        }
        match segments:
            case [".search"]:
                return self.searching(list(self.resource_types))
            case ["Bulk"]:
                return {"POST": self.bulk} if self.capabilities.bulk else dict.fromkeys(METHODS, self.bulk)
            case ["Me", *_]:
                return self.own(segments)
            case [name] if name in listed:
                return {"GET": listed[name]}
            case ["ResourceTypes" | "Schemas" as name, id_]:
                return {"GET": self.discovered(name, id_)}
        return None

    def discovered(self, name: str, id_: str) -> Handler:
        """Give what answers GET of one resource type or schema."""
        find = self.discovery.get_schema if name == "Schemas" else self.discovery.get_resource_type
        return lambda request: find(request, id_)

    def collection(self, kind: ResourceType) -> Handlers:
        """Give the methods of a resource type's endpoint."""
        return {
            "GET": lambda request: self.query.get(request, [kind]),
            "POST": lambda request: self.lifecycle.create(request, kind),
        }

    def single(self, kind: ResourceType, id_: str) -> Handlers:
        """Give the methods of one resource."""
        return {
            "GET": lambda request: self.read(request, kind, id_),
            "PUT": lambda request: self.lifecycle.replace(request, kind, id_),
            "PATCH": lambda request: self.lifecycle.modify(request, kind, id_),
            "DELETE": lambda request: self.lifecycle.delete(request, kind, id_),
        }

    def read(self, request: Request, kind: ResourceType, id_: str) -> Response:
        """Answer GET of one resource; with a filter it is a query over that resource (RFC 7644 section 3.4.2.1)."""
        if request.parameter("filter") is None:
            return self.lifecycle.read(request, kind, id_)
        return self.query.one(request, kind, self.lifecycle.existing(kind, id_))

    def searching(self, kinds: list[ResourceType]) -> Handlers:
        """Give the methods of a .search endpoint."""
        if not self.capabilities.search:
            raise not_implemented("Searching by POST is not supported.")
        return {"POST": lambda request: self.query.search(request, kinds)}

    def bulk(self, request: Request) -> Response:
        """Answer a bulk job, or that bulk jobs are not supported."""
        if not self.capabilities.bulk:
            raise not_implemented("Bulk jobs are not supported.")
        return self.bulk_jobs.post(request)

    def own(self, segments: list[str]) -> Handlers:
        """Give the methods of /Me, which depend on who asks (RFC 7644 section 3.11)."""
        return dict.fromkeys(METHODS, self.me if len(segments) > 1 else self.alias)

    def alias(self, request: Request) -> Response:
        """Answer for the resource of the user for whom the client acts, if it acts for one."""
        if not self.own_resource.is_meant(request):
            return self.me(request)
        return self.dispatch(request, self.own_resource.handlers(request))

    def me(self, _request: Request) -> Response:
        """Answer that clients have no resource of their own (RFC 7644 section 3.11)."""
        raise not_implemented("There is no resource of the client's own.")

    # From endpoint to answer

    def dispatch(self, request: Request, handlers: Handlers) -> Response:
        """Let the method's handler answer; HEAD is answered as GET."""
        if request.method not in METHODS:
            raise not_implemented(f"The method {request.method[:40]!r} is not supported.")
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            raise self.method_not_allowed(handlers)
        return handler(request)

    def method_not_allowed(self, handlers: Handlers) -> ScimError:
        """Make the answer 405, with the methods that are allowed."""
        return ScimError(405, None, "The method is not allowed here.", [("Allow", self.allowed(handlers))])

    def allowed(self, handlers: Handlers) -> str:
        """List the methods of an endpoint."""
        return ", ".join(name for method in handlers for name in ([method, "HEAD"] if method == "GET" else [method]))
