"""Variants of ids and locations: ids are opaque, locations follow the base URL."""

import base64
import secrets
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import quote

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service
from scim_conformance.server.variants import around, swap, variant

RANDOM_PATH = "/t/Q7x-9_Zk~3/SCIM"


@variant()
def long_opaque_ids(service: Service) -> None:
    """Ids are long base64url text, not UUIDs: an id is any text (RFC 7643 section 3.1)."""
    swap(service.lifecycle, "new_id", lambda: base64.urlsafe_b64encode(secrets.token_bytes(48)).decode())


@variant()
def numeric_ids(service: Service) -> None:
    """Ids are strings of digits (RFC 7643 section 3.1)."""
    numbers = count(100001)
    swap(service.lifecycle, "new_id", lambda: str(next(numbers)))


@variant()
def ids_with_punctuation(service: Service) -> None:
    """Ids hold characters that a URL has to escape or may leave as they are (RFC 7643 section 3.1)."""
    swap(service.lifecycle, "new_id", lambda: f"u:{secrets.token_hex(6)}@dir.example~1 (a+b)")


@variant()
def upper_case_ids(service: Service) -> None:
    """Ids are 24 capital letters and digits (RFC 7643 section 3.1)."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    swap(service.lifecycle, "new_id", lambda: "".join(secrets.choice(letters) for _ in range(24)))


@variant(base_path=RANDOM_PATH, hints={"versioned-base": False})
def base_path_with_random_segments(service: Service) -> None:
    """The base URL has a tenant's random segments and capital letters, and no version (RFC 7644 section 1.3)."""
    service.locations.base_path = RANDOM_PATH


@variant(base_path="", hints={"versioned-base": False})
def no_base_path(service: Service) -> None:
    """The base URL is the root of the host (RFC 7644 section 1.3)."""
    service.locations.base_path = ""


@variant()
def relative_references(service: Service) -> None:
    """References are relative to the service root, such as Users/ID (RFC 7643 section 2.3.7)."""

    def reference(_request: Request, endpoint: str, id_: str) -> str:
        return f"{endpoint.strip('/')}/{quote(id_, safe=':~')}"

    swap(service.locations, "reference", reference)


@variant()
def relative_locations(service: Service) -> None:
    """Locations are paths without a host, which resolve properly and earn no more than a warning (A18)."""

    def resource(original: Callable[..., str], request: Request, endpoint: str, id_: str) -> str:
        absolute = original(request, endpoint, id_)
        return absolute.removeprefix(f"{request.scheme}://{service.locations.host(request)}")

    around(service.locations, "resource", resource)


@variant()
def references_without_display(service: Service) -> None:
    """Members, groups and managers are shown by id and URI alone: display is optional (RFC 7643 section 2.4)."""
    swap(service.membership, "name", lambda _record: None)


@variant()
def references_without_uri(service: Service) -> None:
    """Members and managers are shown without $ref, which is recommended and no more (A69)."""
    swap(service.membership, "reference", lambda *_args: None)


@variant()
def direct_groups_only(service: Service) -> None:
    """A user shows the groups it belongs to directly, not those around them (A67)."""
    swap(service.membership, "indirect", lambda _direct: [])


@variant()
def deleted_members_stay(service: Service) -> None:
    """References to a deleted resource stay where they are (A31)."""
    swap(service.lifecycle, "release", lambda _id: None)


@variant()
def members_need_not_exist(service: Service) -> None:
    """A member that does not exist is accepted: referential integrity is a MAY (RFC 7643 section 2.3.7, A31)."""
    swap(service.membership, "dangling", lambda _attribute, _id: None)


@variant()
def managers_must_exist(service: Service) -> None:
    """A manager that does not exist is refused: referential integrity is a MAY (RFC 7643 section 2.3.7, A31)."""
    original = service.membership.dangling

    def dangling(attribute: Any, id_: str) -> None:
        if not attribute.multi_valued:
            raise invalid_value(f"{attribute.name} names {id_[:80]!r}, but there is no such user.")
        original(attribute, id_)

    swap(service.membership, "dangling", dangling)
