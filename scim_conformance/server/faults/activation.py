"""Faults of deactivating and reactivating users (RFC 7643 section 4.1.1)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import not_found
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.patch_add import Change, without_path
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Update = Callable[..., Resource]


def changing(service: Service, verb: str, change: Callable[[Resource, Resource], None]) -> None:
    """Change what PUT (`replace`) or PATCH (`modify`) is about to store; `change` gets the old and the new resource."""

    def stamped(original: Update, before: Resource, draft: Resource) -> Resource:
        if "userName" in before:
            draft = dict(draft)
            change(before, draft)
        return original(before, draft)

    during(service.lifecycle, verb, service.lifecycle, "stamped_change", stamped)


@fault("RFC7643-4.1.1-21")
def patch_leaves_users_active(service: Service) -> None:
    """PATCH replace of active succeeds and leaves the old value."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        before = holder.get("active")
        original(holder, target, value)
        if target.attribute.name == "active":
            holder["active"] = before

    around(service.patching, "replace", replace)


@fault("RFC7643-4.1.1-21")
def patch_without_path_leaves_users_active(service: Service) -> None:
    """PATCH replace without path ignores active."""

    def apply(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Operation) -> None:
        kept = {name: value for name, value in operation.value.items() if name != "active"}
        original(kind, draft, Operation("replace", "", kept))

    without_path(service, "replace", apply)


@fault("RFC7643-4.1.1-21")
def put_leaves_users_active(service: Service) -> None:
    """PUT ignores active."""
    changing(service, "replace", lambda before, draft: draft.update(active=before.get("active")))


@fault("RFC7643-4.1.1-21")
def patch_cannot_reactivate(service: Service) -> None:
    """PATCH of an inactive user leaves it inactive."""
    changing(service, "modify", stay_inactive)


@fault("RFC7643-4.1.1-21")
def put_cannot_reactivate(service: Service) -> None:
    """PUT of an inactive user leaves it inactive."""
    changing(service, "replace", stay_inactive)


def stay_inactive(before: Resource, draft: Resource) -> None:
    """Keep an inactive user inactive."""
    if before.get("active") is False:
        draft["active"] = False


@fault("RFC7643-4.1.1-21")
def deactivating_takes_the_name_away(service: Service) -> None:
    """PATCH that deactivates a user takes its displayName and externalId away."""

    def change(before: Resource, draft: Resource) -> None:
        if before.get("active") is True and draft.get("active") is False:
            draft.pop("displayName", None)
            draft.pop("externalId", None)

    changing(service, "modify", change)


@fault("RFC7643-4.1.1-21")
def deactivating_renames(service: Service) -> None:
    """PATCH that deactivates a user puts a mark before its userName, so that the name is free."""

    def change(before: Resource, draft: Resource) -> None:
        if before.get("active") is True and draft.get("active") is False:
            draft["userName"] = f"inactive-{draft['userName']}"

    changing(service, "modify", change)


@fault("RFC7644-3.4.1-01")
def inactive_users_cannot_be_read(service: Service) -> None:
    """A GET of an inactive user is answered with 404, as if it were deleted."""

    def read(original: Callable[..., Any], request: Any, kind: ResourceType, id_: str) -> Any:
        if service.lifecycle.existing(kind, id_).resource.get("active") is False:
            raise not_found("There is no such user.")
        return original(request, kind, id_)

    around(service.lifecycle, "read", read)


@fault("RFC7643-4.1.1-21")
def users_are_created_active(service: Service) -> None:
    """A user that is created with active false is active."""

    def new_resource(original: Callable[..., Resource], kind: ResourceType, draft: Resource) -> Resource:
        return original(kind, {**draft, "active": True} if "active" in draft else draft)

    around(service.lifecycle, "new_resource", new_resource)


@fault("RFC7644-3.4.2.2-10")
def inactive_users_are_not_found(service: Service) -> None:
    """Queries leave inactive users out."""
    after(service.query, "matching", lambda found: [each for each in found if each[1].get("active") is not False])
