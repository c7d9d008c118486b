"""Faults of values that only one resource may have."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.create import crash
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record, Taken

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
EVERY_CONFLICT = ("RFC7643-4.1.1-02", "RFC7644-3.3-11", "RFC7643-4.1.1-04")


def tolerant(service: Service, kind: str, tolerates: Callable[[Record, Record], bool]) -> None:
    """Let a new resource of a type have a unique value of another one, where that is tolerated."""

    def check_keys(original: Callable[[Record], None], record: Record) -> None:
        try:
            original(record)
        except Taken as taken:
            holder = service.store.holder(taken.key)
            new = service.store.get(record.kind, record.id) is None
            if holder is None or not new or record.kind != kind or not tolerates(holder, record):
                raise

    around(service.store, "check_keys", check_keys)


@fault(*EVERY_CONFLICT)
def user_name_is_not_unique(service: Service) -> None:
    """POST creates a second user of the same userName."""
    tolerant(service, "User", lambda _holder, _record: True)


@fault("RFC7643-4.1.1-04")
def letter_case_makes_another_user_name(service: Service) -> None:
    """POST creates a second user whose userName differs by letter case alone."""
    tolerant(service, "User", lambda holder, record: holder.resource["userName"] != record.resource["userName"])


@fault("RFC7643-4.1.1-02", "RFC7644-3.3-11")
def only_other_letter_case_is_a_conflict(service: Service) -> None:
    """POST creates a second user of exactly the same userName, and refuses one that differs by letter case."""
    tolerant(service, "User", lambda holder, record: holder.resource["userName"] == record.resource["userName"])


@fault(*EVERY_CONFLICT)
def conflict_breaks_the_server(service: Service) -> None:
    """POST of a userName that is taken answers 500."""

    def insert(original: Callable[..., None], kind: ResourceType, resource: dict[str, Any]) -> None:
        try:
            original(kind, resource)
        except ScimError:
            raise crash() from None

    around(service.lifecycle, "insert", insert)


@fault(*EVERY_CONFLICT)
def conflict_answers_with_the_other(service: Service) -> None:
    """POST of a userName that is taken answers 200 with the user who has it."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        holder: list[Record | None] = [None]

        def check_keys(check: Callable[[Record], None], record: Record) -> None:
            try:
                check(record)
            except Taken as taken:
                holder[0] = service.store.holder(taken.key)
                raise

        checked = service.store.check_keys  # type: ignore[attr-defined]
        around(service.store, "check_keys", check_keys)
        try:
            return original(request, kind)
        except ScimError:
            if holder[0] is None:
                raise
            return service.lifecycle.read(request, kind, holder[0].id)
        finally:
            swap(service.store, "check_keys", checked)

    around(service.lifecycle, "create", create)


@fault("RFC9110-15.5.10-01")
def conflict_is_not_explained(service: Service) -> None:
    """The 409 that answers a conflict does not say what is taken."""
    swap(service.uniqueness, "conflict", lambda _taken: ScimError(409, "uniqueness", "Conflict."))


@fault("RFC7644-3.3-11")
def uniqueness_is_served_and_not_enforced(service: Service) -> None:
    """The served schema calls displayName of groups unique, but POST creates a second group of the same one."""
    service.schemas.change(GROUP, "displayName", uniqueness="server")
    tolerant(service, "Group", lambda _holder, _record: True)


@fault("RFC7643-4.1.1-03", "RFC7643-1.1-01")
def schema_does_not_require_user_name(service: Service) -> None:
    """The served schema of users says that userName is not required, though POST refuses a user without it."""

    def documents(original: Callable[..., list[dict[str, Any]]], request: Request) -> list[dict[str, Any]]:
        found = original(request)
        for document in found:
            for attribute in document["attributes"] if document["id"] == USER else ():
                if attribute["name"] == "userName":
                    attribute["required"] = False
        return found

    around(service.discovery, "schema_documents", documents)
