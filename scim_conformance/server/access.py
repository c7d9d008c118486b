"""Access control: TLS, allowed address, bearer token (RFC 6750), origin header and rights, checked before all else.

The order is as named. Each refusal is a 401 with a challenge, as the product's API documents say of a
wrong token, a wrong origin and an address that is not allowed; only a request that is malformed as RFC 6750 section
3.1 means it (several ways of sending a token, or credentials that are no token) is a 400. The origin header has to be
there exactly once and is compared without regard to letter case, because the setting is a domain. Valid credentials
without the rights that a request needs are a 403.
"""

from scim_conformance.server.allowlist import Address, unmapped
from scim_conformance.server.errors import ScimError
from scim_conformance.server.grants import ANYBODY, OWN, READ, WRITE, Grant, Grants
from scim_conformance.server.messages import Request
from scim_conformance.server.settings import Settings

DISCOVERY = ("ServiceProviderConfig", "ResourceTypes", "Schemas")


class Access:
    """The rules by which a request is let in."""

    realm = "SCIM"

    def __init__(self, settings: Settings, grants: Grants) -> None:
        self.settings = settings
        self.grants = grants

    def check(self, request: Request, path: str) -> None:
        """Let the request in, or raise the refusal; `path` is relative to the base URL."""
        self.check_transport(request)
        self.check_address(request)
        if self.is_anonymous(request, path):
            return
        if self.is_registration(request, path):
            request.grant = ANYBODY
            return
        self.check_token(request)
        self.check_origin(request)
        self.check_rights(request, path)

    def is_anonymous(self, request: Request, path: str) -> bool:
        """Tell whether this needs no credentials: discovery, if the setting says so and none are sent."""
        discovery = self.endpoint(path) in DISCOVERY and request.method in ("GET", "HEAD")
        return self.settings.anonymous_discovery and discovery and "Authorization" not in request.headers

    def is_registration(self, request: Request, path: str) -> bool:
        """Tell whether somebody without credentials registers, and the setting allows it (RFC 7644 section 2.2)."""
        creates = request.method == "POST" and self.segments(path) == ["Me"]
        return self.settings.self_registration and creates and "Authorization" not in request.headers

    def endpoint(self, path: str) -> str:
        """Give the first segment of a path below the base URL."""
        return next(iter(self.segments(path)), "")

    @staticmethod
    def segments(path: str) -> list[str]:
        """Split a path below the base URL, its version left out."""
        return [segment for segment in path.removeprefix("/v2").split("/") if segment]

    def check_transport(self, request: Request) -> None:
        """Refuse plain HTTP where the setting says so; no challenge invites to send a token that way (section 7.2)."""
        if self.settings.tls_only and request.scheme != "https":
            raise ScimError(403, None, "SCIM is spoken over TLS only: use https.")

    # Address

    def check_address(self, request: Request) -> None:
        """Refuse an address that is not on the allowlist, if there is one."""
        allowlist = self.settings.allowed()
        if not allowlist:
            return
        address = self.address(request)
        if address is None or not allowlist.contains(address):
            raise self.unauthorized("Requests from this address are not allowed.")

    def address(self, request: Request) -> Address | None:
        """Determine the request's address, from where the settings say; None if there is none to be read."""
        sources = {"peer": self.peer_address, "forwarded": self.forwarded_address, "origin": self.origin_address}
        try:
            return unmapped(sources[self.settings.address_from](request))
        except ValueError:
            return None

    def peer_address(self, request: Request) -> str:
        """Read the address of the connection's other end; headers have no say."""
        return request.peer

    def forwarded_address(self, request: Request) -> str:
        """Read the last address of X-Forwarded-For that no trusted proxy has, if the peer is a trusted proxy."""
        proxies = self.settings.proxies()
        hops = [hop.strip() for line in request.headers.get_all("X-Forwarded-For") for hop in line.split(",")]
        address = request.peer
        while hops and proxies.contains(address):
            address = self.without_port(hops.pop())
        return address

    def origin_address(self, request: Request) -> str:
        """Read the address after the comma in the origin header."""
        _, _, address = (request.headers.get(self.settings.origin_header) or "").partition(",")
        return address

    @staticmethod
    def without_port(hop: str) -> str:
        """Drop a port, and the brackets of an IPv6 address, from a hop of X-Forwarded-For."""
        if hop.startswith("["):
            return hop[1:].partition("]")[0]
        return hop.partition(":")[0] if hop.count(":") == 1 else hop

    # Bearer token

    def check_token(self, request: Request) -> None:
        """Refuse a request without the token in force in its Authorization header."""
        self.check_single_method(request)
        token = self.presented_token(request)
        if token is None:
            raise self.unauthorized("A bearer token is required.")
        grant = self.granted(token)
        if grant is None:
            raise self.unauthorized("The token is not valid.", error="invalid_token")
        request.grant = grant

    def granted(self, token: str) -> Grant | None:
        """Give what a token entitles to, None for one that is not in force."""
        return OWN if self.token_accepted(token) else self.grants.of(token)

    def check_single_method(self, request: Request) -> None:
        """Refuse two ways of sending a token at once (RFC 6750 section 2)."""
        headers = request.headers.get_all("Authorization")
        if len(headers) > 1 or (headers and request.parameter("access_token") is not None):
            raise self.malformed("Send the token once, in the Authorization header.")

    def presented_token(self, request: Request) -> str | None:
        """Read the token from the Authorization header, the only place where one is looked for."""
        scheme, _, credentials = (request.headers.get("Authorization") or "").strip().partition(" ")
        if not self.is_bearer(scheme):
            return None
        token = credentials.strip(" \t")
        if not self.is_token(token):
            raise self.malformed("The Authorization header holds no single token after Bearer.")
        return token

    def is_bearer(self, scheme: str) -> bool:
        """Tell whether this names the bearer scheme; letter case does not count."""
        return scheme.lower() == "bearer"

    def is_token(self, token: str) -> bool:
        """Tell whether this can be one token: not empty, no blanks, no commas."""
        return bool(token) and not set(token) & set(" \t,")

    def token_accepted(self, token: str) -> bool:
        """Tell whether the token is the one of the provisioning settings."""
        return self.settings.accepts(token)

    # Origin header

    def check_origin(self, request: Request) -> None:
        """Refuse a request whose origin header is missing, repeated or names another service."""
        values = request.headers.get_all(self.settings.origin_header)
        if len(values) != 1 or not self.origin_matches(self.origin_of(values[0])):
            raise self.unauthorized(f"The {self.settings.origin_header} header does not name the service origin.")

    def origin_of(self, value: str) -> str:
        """Read the origin from the header; with addresses in the header it stands before the comma."""
        return value.partition(",")[0] if self.settings.address_from == "origin" else value

    def origin_matches(self, origin: str) -> bool:
        """Compare an origin with the service origin of the settings, without regard to letter case."""
        expected = self.settings.service_origin.strip().lower()
        return bool(expected) and origin.strip(" \t").lower() == expected

    # Rights

    def check_rights(self, request: Request, path: str) -> None:
        """Refuse what the token does not entitle to."""
        scope = self.needed_scope(request, path)
        if scope not in request.grant.scopes:
            raise self.insufficient_scope(scope)
        if not self.is_own_affair(request.grant, path):
            raise ScimError(403, None, "The token acts for a user, who may read and change nobody else.")

    def needed_scope(self, request: Request, path: str) -> str:
        """Name the scope that a request needs; a search by POST only reads."""
        reads = request.method in ("GET", "HEAD") or self.segments(path)[-1:] == [".search"]
        return READ if reads else WRITE

    def is_own_affair(self, grant: Grant, path: str) -> bool:
        """Tell whether a request is within what a subject may do: its own resource and discovery (section 2)."""
        if not grant.subject or self.endpoint(path) in ("Me", *DISCOVERY):
            return True
        return self.segments(path) == ["Users", self.grants.user_of(grant)]

    # Refusals

    def unauthorized(self, detail: str, error: str | None = None) -> ScimError:
        """Make the refusal 401, with a challenge."""
        return ScimError(401, None, detail, [("WWW-Authenticate", self.challenge(error))])

    def malformed(self, detail: str) -> ScimError:
        """Make the refusal 400 of RFC 6750 section 3.1, with a challenge."""
        return ScimError(400, None, detail, [("WWW-Authenticate", self.challenge("invalid_request"))])

    def insufficient_scope(self, scope: str) -> ScimError:
        """Make the refusal 403 of RFC 6750 section 3.1, which names the scope that is needed."""
        challenge = f'{self.challenge("insufficient_scope")}, scope="{scope}"'
        return ScimError(403, None, f"The token lacks the scope {scope}.", [("WWW-Authenticate", challenge)])

    def challenge(self, error: str | None) -> str:
        """Write the challenge: the scheme, the realm once, an error only where a token was presented."""
        return f'Bearer realm="{self.realm}"' + (f', error="{error}"' if error else "")
