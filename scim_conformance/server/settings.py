"""The provisioning settings: what an administrator fills in before a token can be generated."""

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from scim_conformance.server.allowlist import Allowlist, parse

METHODS = ("okta-app", "okta-custom-app", "entra-id", "custom")
ADDRESS_SOURCES = ("peer", "forwarded", "origin")
ORIGIN_HEADER = "X-Request-Origin"


class BadSetting(ValueError):  # noqa: N818 it says what is wrong
    """A setting has a value it cannot have; the message says which are possible."""


class NotReady(Exception):  # noqa: N818 it says what is wrong
    """A token was asked for too early or too often; the message says what to do first."""


@dataclass
class Settings:
    """Provisioning method, default workspace, service origin, optional allowlist, and the token's digest.

    `address_from` says where a request's address is read: `peer`, the connection; `forwarded`, the X-Forwarded-For
    of a proxy in `trusted_proxies` (the allowlist's grammar); `origin`, the origin header itself, whose value is then
    the service origin, a comma and the address. `origin_header` is X-Request-Origin; an older edition of the
    product's documentation says X-Origin-Request. With `self_registration` anybody may POST a user to /Me, with
    `tls_only` nothing is served over plain HTTP.
    """

    method: str = "custom"
    default_workspace: str = ""
    service_origin: str = ""
    allowlist: str = ""
    origin_header: str = ORIGIN_HEADER
    address_from: str = "peer"
    trusted_proxies: str = ""
    anonymous_discovery: bool = False
    self_registration: bool = False
    tls_only: bool = False
    _digest: bytes | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._one_of("method", self.method, METHODS)
        self._one_of("address_from", self.address_from, ADDRESS_SOURCES)
        if not self.origin_header.strip():
            raise BadSetting(f"origin_header is empty; the usual name is {ORIGIN_HEADER}.")
        self.allowed()
        self.proxies()

    @staticmethod
    def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            raise BadSetting(f"{name} is {value!r}; it can be one of {', '.join(allowed)}.")

    def allowed(self) -> Allowlist:
        """Read the allowlist; raise BadAllowlist where it cannot be read."""
        return parse(self.allowlist)

    def proxies(self) -> Allowlist:
        """Read the trusted proxies; raise BadAllowlist where they cannot be read."""
        return parse(self.trusted_proxies)

    def missing(self) -> list[str]:
        """Name the required fields that are still empty."""
        required = {"default workspace": self.default_workspace, "service origin": self.service_origin}
        return [name for name, value in required.items() if not value.strip()]

    def has_token(self) -> bool:
        """Tell whether a token is in force."""
        return self._digest is not None

    def generate_token(self) -> str:
        """Make the first token and give it, this once; raise NotReady while required fields are empty."""
        if self.has_token():
            raise NotReady("A token was generated already and is shown only once; reset it to get a new one.")
        return self._new_token()

    def reset_token(self) -> str:
        """Make a new token and give it, this once; the old one is invalid from now on."""
        if not self.has_token():
            raise NotReady("There is no token to reset; generate one first.")
        return self._new_token()

    def set_token(self, token: str) -> None:
        """Put a token of the operator's own in force, under the same conditions as a generated one."""
        self._check_ready()
        if not token:
            raise BadSetting("The token is empty; give one or let one be generated.")
        self._digest = self._digest_of(token)

    def accepts(self, token: str) -> bool:
        """Tell whether this is the token in force, in time that does not depend on where it differs."""
        expected = self._digest if self._digest is not None else bytes(32)
        return hmac.compare_digest(self._digest_of(token), expected) and self.has_token()

    def _new_token(self) -> str:
        self._check_ready()
        token = secrets.token_urlsafe(32)
        self._digest = self._digest_of(token)
        return token

    def _check_ready(self) -> None:
        missing = self.missing()
        if missing:
            raise NotReady(f"Fill in the {' and the '.join(missing)} before a token can be generated.")

    @staticmethod
    def _digest_of(token: str) -> bytes:
        return sha256(token.encode("utf-8", "surrogatepass")).digest()
