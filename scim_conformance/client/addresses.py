"""URLs of a target: the base URL, paths below it, and which resource a path names (RFC 7644 section 1.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from scim_conformance.client.errors import BadTarget, HarnessError

Params = Mapping[str, Any] | Sequence[tuple[str, Any]]

_PATH_SAFE = "/%!$&'()*+,;=:@~-._"
_QUERY_SAFE = "/?%!$&'()*+,;=:@~-._[]|"
_PORTS = {"http": 80, "https": 443}


def _quote(text: str, safe: str) -> str:
    return quote(text, safe=safe, errors="replace")  # a target may well send half a surrogate pair


def encode_id(resource_id: str) -> str:
    """Percent-encode a resource id into one path segment; an id of dots alone is encoded too, or it would climb."""
    encoded = _quote(resource_id, "~-._")
    return encoded.replace(".", "%2E") if encoded.strip(".") == "" else encoded


def encode_params(params: Params) -> str:
    """Return a query string: blanks as %20 (never +), booleans in lower case, lists joined by commas, None left out."""
    pairs = params.items() if isinstance(params, Mapping) else params
    return urlencode(
        [(name, _plain(value)) for name, value in pairs if value is not None],
        quote_via=quote,
        safe="",
        errors="replace",
    )


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(_plain(item) for item in value)
    return str(value)


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an absolute URL; raises ValueError when it has none."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if scheme not in _PORTS or not host:
        raise ValueError("not an absolute http or https URL")
    return scheme, host.rstrip("."), parts.port or _PORTS[scheme]


@dataclass(frozen=True)
class Base:
    """The base URL of a target, split once; `path` is "" or starts with a slash and does not end with one."""

    scheme: str
    netloc: str
    path: str

    @classmethod
    def parse(cls, url: str) -> Base:
        """Split an operator's base URL; raises BadTarget when it cannot be one, without showing what it may hide."""
        if not url or not url.strip() or url != url.strip() or any(ord(character) <= ord(" ") for character in url):
            raise BadTarget(
                "The base URL is empty or holds blanks or control characters; give one like https://host/scim/v2."
            )
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadTarget(
                "The base URL has an invalid host or port; give one like https://host:8443/scim/v2."
            ) from None
        if parts.scheme.lower() not in _PORTS:
            named = f"the scheme {parts.scheme!r}" if parts.scheme and "://" in url else "no scheme"
            raise BadTarget(
                f"The base URL has {named}; it must start with https:// or http://, like https://host/scim/v2."
            )
        if "@" in parts.netloc:
            raise BadTarget(
                "The base URL carries a user name or password before the host; leave it out and give credentials with "
                "--token, --token-env or --header 'Authorization: Basic ...'."
            )
        if not parts.hostname or port == 0:
            raise BadTarget("The base URL has no host or port 0; give one like https://host/scim/v2.")
        if parts.query or "?" in url:
            raise BadTarget(
                "The base URL has a query string, but a SCIM base URI has none (RFC 7644 section 1.3): leave out "
                "everything from the question mark on (?aadOptscim062020 is a switch of Entra ID, not an address)."
            )
        if parts.fragment or "#" in url:
            raise BadTarget("The base URL has a fragment; leave out everything from the # on.")
        path = _quote(parts.path, _PATH_SAFE)
        if any(unquote(segment) in (".", "..") for segment in path.split("/")):
            raise BadTarget("The base URL's path has . or .. segments; write it out.")
        return cls(parts.scheme.lower(), parts.netloc, path.rstrip("/"))

    @property
    def root(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The base URL without a slash at its end."""
        return self.root + self.path

    def has(self, url: str) -> bool:
        """Tell whether an absolute URL has this origin."""
        try:
            return origin_of(url) == origin_of(self.root)
        except ValueError:
            return False

    def resolve(self, path: str, query: str | None = None) -> str:
        """Return the absolute URL of a path below the base, or of an absolute URL of the same origin.

        A path that already starts with the base's path does not get it twice. Raises HarnessError for another origin.
        """
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", path) or path.startswith("//"):
            absolute = urljoin(self.root, path)
            if not self.has(absolute):
                raise HarnessError(f"A request to another origin than {self.root} was refused before it was sent.")
            parts = urlsplit(absolute)
            path, _, inline = (parts.path + (f"?{parts.query}" if parts.query else "")).partition("?")
            prefix = ""
        else:
            path, _, inline = path.partition("#")[0].partition("?")
            path = path if path.startswith("/") or not path else f"/{path}"
            inside = self.path and (path == self.path or path.startswith(f"{self.path}/"))
            prefix = "" if inside else self.path
        full = "&".join(part for part in (inline, query) if part) if query is not None or inline else None
        url = self.root + (_quote(prefix + path, _PATH_SAFE) or "/")
        return url if full is None else f"{url}?{_quote(full, _QUERY_SAFE)}"

    def below(self, url: str) -> str | None:
        """Return the path of a URL below the base ("/Users/1", still encoded), None for one outside."""
        try:
            absolute = urljoin(self.root, url)
            if not self.has(absolute):
                return None
            path = re.sub(r"/{2,}", "/", urlsplit(absolute).path)
        except ValueError:
            return None
        if path == self.path or path.startswith(f"{self.path}/"):
            return path[len(self.path) :] or "/"
        return None


@dataclass(frozen=True)
class Place:
    """What a path below the base names: an endpoint, and a resource when `id` is not empty."""

    endpoint: str
    id: str


def place_of(path: str) -> Place | None:
    """Split "/Users/2819c223" into endpoint and id, decoded; None when the path climbs (. and .. segments)."""
    segments = [segment for segment in path.partition("?")[0].split("/") if segment]
    decoded = [unquote(segment) for segment in segments]
    if any(part in (".", "..") for segment in decoded for part in re.split(r"[/\\]", segment)):
        return None
    if len(segments) < 2:  # noqa: PLR2004 - an endpoint alone
        return Place("/" + "/".join(decoded), "")
    return Place("/" + "/".join(decoded[:-1]), decoded[-1])
