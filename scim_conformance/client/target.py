"""What is tested and with which credentials, checked once when it is made."""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from scim_conformance.client.addresses import Base
from scim_conformance.client.errors import BadTarget
from scim_conformance.client.redaction import Redactor, is_harmless_name, is_sensitive_name

Kind = Literal["url", "wsgi", "asgi", "bundled"]

IN_PROCESS_URL: Final = "http://scim.test/"
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SHORTEST_PLAIN_SECRET = 8
"""Characters; shorter values of headers with an innocent name (a tenant) are hidden there, not in every text."""


class Secret:
    """A text that is never shown by accident: str, repr and format give `***`, `reveal` the text itself."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself, for the wire alone."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled: let the other process read it from its own options")


def secret(value: str | Secret | None, what: str = "token") -> Secret | None:
    """Check a token and wrap it; raises BadTarget, whose text does not contain it."""
    if value is None:
        return None
    text = value.reveal() if isinstance(value, Secret) else value
    if text == "":
        raise BadTarget(f"The {what} is empty; give one, or leave the option out to send none.")
    if text != text.rstrip("\r\n"):
        raise BadTarget(f"The {what} ends with a line break; cut it off (a file read whole keeps its last one).")
    if re.match(r"bearer\s", text, re.IGNORECASE):
        raise BadTarget(f"The {what} starts with the word Bearer; give the {what} alone, the word is added.")
    if any(not "!" <= character <= "~" for character in text):
        raise BadTarget(
            f"The {what} holds a blank, a control character or a character outside ASCII; a bearer token is made of "
            "visible ASCII characters (RFC 6750 section 2.1). Was it copied with something around it?"
        )
    return Secret(text)


def _check_header(name: str, value: str) -> None:
    if not _FIELD_NAME.fullmatch(name):
        raise BadTarget(
            "A header's name is empty or has a character that no header name may have; write it as 'Name: value'."
        )
    if any((character < " " and character != "\t") or character == "\x7f" for character in value):
        raise BadTarget(f"The value of the header {name} holds a line break or another control character; cut it off.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise BadTarget(f"The value of the header {name} is not valid text; is the environment's encoding UTF-8?")
    if name.lower() in ("host", "content-length", "transfer-encoding", "connection"):
        raise BadTarget(f"The header {name} belongs to the connection and cannot be set for all requests.")


@dataclass(frozen=True)
class Credentials:
    """What a request carries to be let in: a bearer token, more headers, and the origin header."""

    token: Secret | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    origin: str | None = None
    origin_header: str = "X-Request-Origin"

    def __post_init__(self) -> None:
        object.__setattr__(self, "token", secret(self.token))
        object.__setattr__(self, "headers", tuple((str(name), str(value)) for name, value in self.headers))
        for name, value in self.headers:
            _check_header(name, value)
        if self.origin is not None:
            _check_header(self.origin_header, self.origin)
        if self.token and any(name.lower() == "authorization" for name, _ in self.headers):
            raise BadTarget("Both a token and an Authorization header are given; give one of them.")

    def as_headers(self) -> list[tuple[str, str]]:
        """Return the headers as they go on the wire."""
        found = list(self.headers)
        if self.token:
            found.append(("Authorization", f"Bearer {self.token.reveal()}"))
        if self.origin is not None:
            found.append((self.origin_header, self.origin))
        return found

    def of_another(self, token: Secret | None) -> Credentials:
        """Return what another client sends, None for somebody without any: that token, and nothing else secret."""
        kept = tuple((name, value) for name, value in self.headers if not is_sensitive_name(name))
        return replace(self, token=token, headers=kept)

    def secrets(self) -> list[str]:
        """Return every text here that must never be shown."""
        found = [self.token.reveal()] if self.token else []
        for name, value in self.headers:
            if is_harmless_name(name):
                continue
            if is_sensitive_name(name):
                found += [value, *_parts(value)]
            elif len(value) >= _SHORTEST_PLAIN_SECRET:
                found.append(value)
        return found

    def hidden_headers(self) -> list[str]:
        """Return the names of the headers whose values are never shown."""
        return [name for name, _ in self.headers if not is_harmless_name(name)]


def _parts(value: str) -> list[str]:
    """Return the secret inside "Bearer x", "Basic dXNlcjpwYXNz" (and the password in it) or "session=x; other=y"."""
    import base64  # noqa: PLC0415 - for the few targets with such a header
    import binascii  # noqa: PLC0415

    scheme, _, rest = value.partition(" ")
    parts = [rest.strip()] if rest.strip() and scheme.isalpha() else []
    if parts and scheme.lower() == "basic":
        try:
            user, colon, password = base64.b64decode(parts[0], validate=True).decode().partition(":")
            parts += [password] if colon else [user]
        except (binascii.Error, UnicodeDecodeError):
            pass
    for pair in value.split(";"):
        name, equals, content = pair.partition("=")
        if equals and re.fullmatch(r"\s*[\w.-]+", name) and content.strip():
            parts.append(content.strip(' "'))
    return parts


@dataclass(frozen=True)
class Target:
    """A SCIM service provider under test and how to reach it; make one with `url`, `app`, `wsgi` or `asgi`.

    `timeout` is the time in seconds that one request may take in all, `max_body` the bytes that one answer may have
    (after decompression), `max_wait` the seconds that one call may spend on Retry-After. `source_address` is the
    address that requests are sent from, `outside_address` one that is not on the target's allowlist. `tokens` are those
    of others than the run itself, by the names that options have for them ("revoked", "read-only"); they may be plain
    texts. `other_tenant_url` is the base URL of a second tenant.
    """

    kind: Kind
    base_url: str
    app: object | None = field(default=None, repr=False)
    credentials: Credentials = field(default_factory=Credentials)
    tokens: Mapping[str, Secret] = field(default_factory=dict)
    other_tenant_url: str | None = None
    ca_file: Path | None = None
    insecure: bool = False
    timeout: float = 30.0
    max_body: int = 8 * 1024 * 1024
    source_address: str | None = None
    outside_address: str | None = None
    allowlist: str | None = None
    proxy: str | None = field(default=None, repr=False)
    max_wait: float = 60.0
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", Base.parse(self.base_url).url)
        tokens = {name: secret(token, f"{name} token") for name, token in self.tokens.items()}
        object.__setattr__(self, "tokens", {name: token for name, token in tokens.items() if token})
        if self.other_tenant_url is not None:
            object.__setattr__(self, "other_tenant_url", Base.parse(self.other_tenant_url).url)
        if self.kind != "url" and self.app is None:
            raise BadTarget("There is no application to call.")
        if not 0 < self.timeout < float("inf"):
            raise BadTarget("The timeout must be a number of seconds above 0.")
        if self.max_wait < 0 or self.max_body <= 0:
            raise BadTarget("The longest wait must not be negative and the largest body must be above 0 bytes.")
        if self.ca_file is not None and not Path(self.ca_file).is_file():
            raise BadTarget(f"There is no certificate file {self.ca_file}; --ca-file wants a PEM file of authorities.")
        for what, address in (("source", self.source_address), ("outside", self.outside_address)):
            _check_address(what, address)
        if self.proxy is not None and (self.source_address or self.outside_address):
            raise BadTarget("A source address cannot be chosen through a proxy; leave one of the two out.")

    @classmethod
    def url(cls, base_url: str, **options: Any) -> Target:
        """Make a target of a base URL.

        Besides the fields of the class the options may be `token`, `headers` (a mapping or pairs), `origin` and
        `origin_header` instead of `credentials`; tokens may be plain texts. Raises BadTarget.
        """
        return cls(kind="url", base_url=base_url, **_options(options))

    @classmethod
    def wsgi(cls, app: object, base_url: str = IN_PROCESS_URL, *, kind: Kind = "wsgi", **options: Any) -> Target:
        """Make a target of a WSGI application in this process; the options are those of `url`."""
        return cls(kind=kind, base_url=base_url, app=app, **_options(options))

    @classmethod
    def asgi(cls, app: object, base_url: str = IN_PROCESS_URL, **options: Any) -> Target:
        """Make a target of an ASGI application in this process; the options are those of `url`."""
        return cls(kind="asgi", base_url=base_url, app=app, **_options(options))

    @classmethod
    def app_at(cls, path: str, base_url: str = IN_PROCESS_URL, **options: Any) -> Target:
        """Make a target of "module:attribute" or "module:factory()"; raises BadTarget naming what does not import."""
        from scim_conformance.client.applications import application  # noqa: PLC0415 - imports the operator's code

        kind, found = application(path)
        return cls(kind=kind, base_url=base_url, app=found, **_options({"name": path, **options}))

    @classmethod
    def of(cls, app: object, base_url: str = IN_PROCESS_URL, **options: Any) -> Target:
        """Make a target of an application object, WSGI or ASGI by its signature; raises BadTarget for neither."""
        from scim_conformance.client.applications import kind_of  # noqa: PLC0415 - for overridden fixtures alone

        return cls(kind=kind_of(app, type(app).__name__), base_url=base_url, app=app, **_options(options))

    def describe(self) -> str:
        """Return the target in a few words without credentials, for reports and messages."""
        if self.kind == "bundled":
            return f"the bundled reference server{f' ({self.name})' if self.name else ''}"
        if self.kind == "url":
            return self.redactor().url(self.base_url)
        return f"{self.kind.upper()} application {self.name or type(self.app).__name__} in this process"

    def secrets(self) -> list[str]:
        """Return every text here that must never be shown."""
        found = self.credentials.secrets()
        found += [token.reveal() for token in self.tokens.values()]
        if self.proxy and "@" in self.proxy:
            userinfo = self.proxy.partition("//")[2].rpartition("@")[0]
            found += [userinfo, userinfo.partition(":")[2]]
        return [text for text in found if text]

    def redactor(self) -> Redactor:
        """Return a redactor that knows every secret of this target."""
        token = self.credentials.token.reveal() if self.credentials.token else ""
        return Redactor(self.secrets(), token=token, hidden_headers=self.credentials.hidden_headers())


def _options(options: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a target, the shorthand options for credentials gathered into one."""
    fields = dict(options)
    token, headers = fields.pop("token", None), fields.pop("headers", ())
    origin, origin_header = fields.pop("origin", None), fields.pop("origin_header", "X-Request-Origin")
    if "credentials" not in fields:
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        fields["credentials"] = Credentials(secret(token), tuple(pairs), origin, origin_header)
    return fields


def _check_address(what: str, address: str | None) -> None:
    if address is None:
        return
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise BadTarget(f"The {what} address {address!r} is no IP address; give one like 127.0.0.2 or ::1.") from None
