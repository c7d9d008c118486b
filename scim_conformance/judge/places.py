"""Where a target says that its resources are: the meaning of the URIs it gives (RFC 7644 section 3.3, A18, A19)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from scim_conformance.judge.verdicts import Violation, warn


class Places:
    """Judges the URIs by which a target says where a resource is (A18, A19); `get` asks where one leads."""

    def __init__(self, scim: Any, get: Callable[[str], Any]) -> None:
        self._scim, self._get = scim, get

    def base(self) -> str:
        """The URI to which relative references inside SCIM resources belong (RFC 7643 section 2.3.7)."""
        return f"{self._scim.base.url}/"

    def name(self, location: str, resource_type: Any, id_: str) -> bool:
        """Tell whether a URI ends in the endpoint and id of a resource, whatever its host, scheme and prefix."""
        wanted = [part for part in (*resource_type.endpoint.split("/"), id_) if part]
        segments = [unquote(part) for part in urlsplit(location).path.split("/") if part][-len(wanted) :]
        return segments[-1:] == wanted[-1:] and [s.lower() for s in segments] == [w.lower() for w in wanted]

    def lead_to(self, what: str, location: Any, against: str, resource_type: Any, id_: str) -> None:
        """Judge that a URI is the one of a resource: a GET of it, resolved `against` a URI, shows that resource."""
        wanted = [f"{what} is a URI by which the new {resource_type.name} is read"]
        if not isinstance(location, str) or not location.strip():
            raise Violation(f"{what} is no URI.", expected=wanted, actual=f"{what}: {location!r}")
        url = urljoin(against, location)
        if not urlsplit(location).scheme:
            warn(f"{what} is relative.", expected=["an absolute URI"], actual=f"{what}: {location}")
        if not self._scim.base.has(url):
            if not self.name(url, resource_type, id_):
                raise Violation(f"{what} names another resource.", expected=wanted, actual=f"{what}: {location}")
            warn(f"{what} names another host or scheme.", expected=[self._scim.base.root], actual=f"{what}: {location}")
            return
        response = self._get(url)
        body = response.json if response.is_json and isinstance(response.json, dict) else {}
        found = body.get("id")
        # What is wrong with the form of an id is another check's business.
        same = found == id_ if isinstance(found, str) else id_ in response.text and "Resources" not in body
        if response.status != HTTPStatus.OK or not same:
            seen = f"another resource, {found!r}" if response.status == HTTPStatus.OK else f"status {response.status}"
            raise Violation(f"{what} does not lead to the resource.", expected=wanted, actual=f"GET {location}: {seen}")

    def agree(self, first: str, second: str, resource_type: Any, id_: str) -> bool:
        """Tell whether two URIs are one, or name the same resource in two ways, which is worth a warning."""
        one, other = urljoin(self.base(), first), urljoin(self.base(), second)
        if one == other:
            return True
        if not (self.name(one, resource_type, id_) and self.name(other, resource_type, id_)):
            return False
        warn("Two URIs of one resource differ.", expected=[f"the same URI twice, such as {first}"], actual=second)
        return True
