"""Faults of the provisioning methods: people who never arrive, never leave or never come back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.braze import Braze
from scim_conformance.server.companies import Company
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, answer, around, fault, skip
from scim_conformance.server.faults.methods import on_every_company, on_every_table
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service
from scim_conformance.server.setup import Row
from scim_conformance.server.store import Record


def on_writing(service: Service, change: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]) -> None:
    """Let the identity providers' companies store another user than they were told; `change` gets old and new."""

    def damage(company: Company) -> None:
        store = company.service.store

        def update(original: Callable[[Record], None], record: Record) -> None:
            before = store.get(record.kind, record.id)
            old = before.resource if before is not None else {}
            original(replace(record, resource=change(old, record.resource)) if record.kind == "User" else record)

        around(store, "update", update)

    on_every_company(service, damage, "okta-app", "okta-custom-app", "entra-id")


@fault("METHOD-14")
def method_new_people_are_not_active(service: Service) -> None:
    """Whoever is assigned gets an account that is not active."""

    def damage(company: Company) -> None:
        after(company.service.lifecycle, "new_resource", lambda resource: {**resource, "active": False})

    on_every_company(service, damage, "okta-app", "okta-custom-app", "entra-id")


@fault("METHOD-14")
def method_names_are_lost(service: Service) -> None:
    """An account has no first name."""

    def damage(company: Company) -> None:
        def inserted(original: Callable[[Record], None], record: Record) -> None:
            name = {**record.resource.get("name", {}), "givenName": "Somebody"}
            original(replace(record, resource={**record.resource, "name": name}))

        around(company.service.store, "insert", inserted)

    on_every_company(service, damage)


@fault("METHOD-14", "METHOD-16")
def method_mapping_swaps_the_names(service: Service) -> None:
    """The attribute mapping sends the first name where the last name belongs."""
    other = {"name.givenName": "name.familyName", "name.familyName": "name.givenName"}

    def swapped(row: Row) -> Row:
        target = other.get(row.target, row.target)
        return replace(row, target=target, written={**row.written, "target": target})

    on_every_table(
        service,
        lambda table: replace(table, mapping=tuple(swapped(row) for row in table.mapping)),
        "okta-app",
        "okta-custom-app",
        "entra-id",
    )


@fault("METHOD-14", "METHOD-15")
def method_known_people_get_another_account(service: Service) -> None:
    """A search finds nobody, and a userName may be taken twice."""

    def damage(company: Company) -> None:
        part = company.service
        skip(part.store, "check_keys")
        if isinstance(part, Braze):
            answer(part, "holder", None)
        else:
            answer(part.query, "candidates", [])

    on_every_company(service, damage)


@fault("METHOD-16", "METHOD-17")
def method_changes_are_lost(service: Service) -> None:
    """Changes are answered like successes, and nothing changes."""
    on_every_company(service, lambda company: skip(company.service.store, "update"))


@fault("METHOD-17")
def method_unassigned_people_stay_active(service: Service) -> None:
    """Whoever is unassigned stays active."""
    on_writing(service, lambda _, new: {**new, "active": True})


@fault("METHOD-17")
def method_unassigned_people_are_deleted(service: Service) -> None:
    """Whoever is deactivated is deleted."""

    def damage(company: Company) -> None:
        store = company.service.store

        def update(original: Callable[[Record], None], record: Record) -> None:
            original(record)
            if record.resource.get("active") is False:
                store.remove(record.kind, record.id)

        around(store, "update", update)

    on_every_company(service, damage, "okta-app", "okta-custom-app", "entra-id")


@fault("METHOD-17")
def method_unassigned_people_are_hidden(service: Service) -> None:
    """Whoever is deactivated is not found by a search any more."""

    def damage(company: Company) -> None:
        if not isinstance(company.service, Braze):
            after(
                company.service.query,
                "candidates",
                lambda found: [resource for resource in found if resource.get("active") is not False],
            )

    on_every_company(service, damage)


@fault("METHOD-17")
def method_custom_users_are_kept(service: Service) -> None:
    """With the method custom a deletion is answered like a success, and the user is kept."""
    on_every_company(service, lambda company: skip(company.service.store, "remove"), "custom")


@fault("METHOD-18")
def method_people_never_come_back(service: Service) -> None:
    """Whoever was deactivated stays so."""
    on_writing(service, lambda old, new: {**new, "active": old.get("active") is not False and new.get("active", True)})


@fault("METHOD-18")
def method_names_are_taken_for_ever(service: Service) -> None:
    """With the method custom the userName of a deleted user is taken for ever."""

    def damage(company: Company) -> None:
        part = company.service
        taken: set[str] = set()

        def insert(original: Callable[[dict[str, Any]], None], user: dict[str, Any]) -> None:
            if user["userName"] in taken:
                raise ScimError(409, None, "This userName was taken once.")
            taken.add(user["userName"])
            original(user)

        around(part, "insert", insert)

    on_every_company(service, damage, "custom")


# -- custom ---------------------------------------------------------------------------------


@fault("METHOD-19")
def method_custom_reads_without_origin(service: Service) -> None:
    """With the method custom, whoever searches need not name the service origin."""
    _without_origin(service, "GET")


@fault("METHOD-19")
def method_custom_writes_without_origin(service: Service) -> None:
    """With the method custom, whoever creates, updates or deletes need not name the service origin."""
    _without_origin(service, "POST", "PUT", "DELETE")


def _without_origin(service: Service, *methods: str) -> None:
    def check(original: Callable[[Request], None], request: Request) -> None:
        if request.method not in methods:
            original(request)

    on_every_company(service, lambda company: around(company.service.access, "check_origin", check), "custom")


@fault("METHOD-20")
def method_custom_has_no_default_workspace(service: Service) -> None:
    """With the method custom, users for whom no workspace is named are in none."""

    def damage(company: Company) -> None:
        if isinstance(company.service, Braze):
            answer(company.service.permissions, "without_workspace", [])

    on_every_company(service, damage, "custom")
