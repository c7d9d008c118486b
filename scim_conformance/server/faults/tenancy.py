"""Faults in what is kept apart: the names that clients give, and tenants."""

from typing import Any

from scim_conformance.server.errors import uniqueness
from scim_conformance.server.faults import answer, around, fault, swap
from scim_conformance.server.grants import OWN, Grant
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record


@fault("RFC7643-3.1-16", "RFC7643-9.3-02")
def external_ids_are_everybodys(service: Service) -> None:
    """An externalId is one for all clients, whatever provisioning domain they are of."""
    answer(service.domains, "domain", "")


@fault("RFC7643-3.1-16")
def external_ids_are_unique_among_clients(service: Service) -> None:
    """An externalId that a client of one domain uses is refused from a client of another."""

    def insert(original: Any, record: Record) -> None:
        wanted = record.resource.get("externalId")
        taken = {each.resource.get("externalId") for each in service.store.scan(record.kind)}
        if service.domains.domain() and wanted is not None and wanted in taken:
            raise uniqueness("Another resource has this externalId.")
        original(record)

    around(service.domains, "insert", insert)


@fault("RFC7643-9.3-02")
def external_ids_are_shown_to_everybody(service: Service) -> None:
    """A client sees what a client of another domain calls a resource, unless it has a name of its own for it."""
    get = service.domains.get

    def shown(kind: str, id_: str) -> Record | None:
        record = get(kind, id_)
        return service.store.get(kind, id_) if record and "externalId" not in record.resource else record

    swap(service.domains, "get", shown)


# -- tenants --------------------------------------------------------------------------------


def tenant(service: Service) -> Service:
    """Give the second tenant."""
    return next(iter(service.tenants))


@fault("RFC7644-6-02")
def tenants_read_one_another(service: Service) -> None:
    """A resource of the second tenant is found by its id in the first as well."""
    around(service.domains, "get", lambda get, kind, id_: get(kind, id_) or tenant(service).domains.get(kind, id_))


@fault("RFC7644-6-02")
def second_tenant_reads_the_first(service: Service) -> None:
    """A resource of the first tenant is found by its id in the second as well."""
    around(tenant(service).domains, "get", lambda get, kind, id_: get(kind, id_) or service.domains.get(kind, id_))


@fault("RFC7644-6-02")
def tenants_list_one_another(service: Service) -> None:
    """A list in the second tenant holds the resources of the first."""
    around(tenant(service).domains, "scan", lambda scan, kind: [*scan(kind), *service.domains.scan(kind)])


@fault("RFC7644-6.2-02")
def external_ids_are_unique_among_tenants(service: Service) -> None:
    """An externalId that one tenant uses is refused in another."""

    def insert(original: Any, record: Record) -> None:
        wanted = record.resource.get("externalId")
        if wanted is not None and wanted in {r.resource.get("externalId") for r in service.store.scan(record.kind)}:
            raise uniqueness("Another resource has this externalId.")
        original(record)

    around(tenant(service).domains, "insert", insert)


def also_lets_in(one: Service, other: Service, *methods: str) -> None:
    """Let tokens of one tenant in at another, for these methods."""

    def check_token(original: Any, request: Any) -> None:
        token = one.access.presented_token(request)
        if request.method in methods and token and one.access.granted(token):
            return
        original(request)

    around(other.access, "check_token", check_token)


@fault("RFC7644-6.1-03")
def any_tenants_token_reads(service: Service) -> None:
    """The token of the first tenant reads in the second, once the URL names it."""
    also_lets_in(service, tenant(service), "GET", "HEAD")


@fault("RFC7644-6.1-03")
def any_tenants_token_deletes(service: Service) -> None:
    """The token of the first tenant deletes in the second, once the URL names it."""
    also_lets_in(service, tenant(service), "DELETE")


@fault("RFC7644-6.1-03")
def second_tenants_token_opens_the_first(service: Service) -> None:
    """The token of the second tenant is good in the first, too."""
    granted = tenant(service).access.granted

    def either(original: Any, token: str) -> Grant | None:
        return original(token) or (OWN if granted(token) else None)

    around(service.access, "granted", either)
