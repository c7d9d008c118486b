"""Faults of attributes that can be set once (RFC 7643 section 7), shown on a badge number that users get for them."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.errors import mutability
from scim_conformance.server.faults import fault, swap
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def with_badge(service: Service, immutable: Callable[[Attribute, Any, Any, str], Any]) -> None:
    """Serve an immutable attribute badgeNumber of users, and let PUT treat it by another rule."""
    service.schemas.add(USER, Attribute("badgeNumber", mutability="immutable"))
    swap(service.validation, "immutable", immutable)


@fault("RFC7643-7-31")
def put_changes_immutable_attributes(service: Service) -> None:
    """PUT changes the value of an immutable attribute."""
    with_badge(service, lambda _attribute, value, before, _place: before if value is None else value)


@fault("RFC7644-3.5.1-12")
def put_ignores_another_immutable_value(service: Service) -> None:
    """PUT with another value for an immutable attribute succeeds and leaves it as it was."""
    with_badge(service, lambda _attribute, value, before, _place: value if before is None else before)


@fault("RFC7644-3.5.1-12")
def put_refuses_the_same_immutable_value(service: Service) -> None:
    """PUT refuses a value for an immutable attribute even if it is the one that is there."""

    def immutable(attribute: Attribute, value: Any, before: Any, place: str) -> Any:
        if value is not None and before is not None and attribute.name == "badgeNumber":
            raise mutability(f"{place} is immutable.")
        return value if before is None else before

    with_badge(service, immutable)


@fault("RFC7644-3.5.1-13")
def put_never_sets_immutable_attributes(service: Service) -> None:
    """PUT does not give a value to an immutable attribute that has none."""

    def by_mutability(
        original: Callable[..., Any], attribute: Attribute, asserted: Any, before: Any, place: str
    ) -> Any:
        if attribute.name == "badgeNumber":
            return before
        return original(attribute, asserted, before, place)

    service.schemas.add(USER, Attribute("badgeNumber", mutability="immutable"))
    during(service.lifecycle, "replace", service.validation, "by_mutability", by_mutability)
