"""Variants in rights, tenants, transport and /Me: what RFC 7644 leaves to the service provider."""

from itertools import count
from typing import Any

from scim_conformance.server.access import Access
from scim_conformance.server.errors import ScimError, not_found, not_implemented
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.own_resource import Handler
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.variants import around, swap, variant

# -- rights ---------------------------------------------------------------------------------


@variant()
def forbidden_is_hidden(service: Service) -> None:
    """What a token does not permit is answered 404, as if it were not there (RFC 9110 section 15.5.4, A62)."""

    def check_rights(original: Any, request: Request, path: str) -> None:
        try:
            original(request, path)
        except ScimError:
            raise not_found("There is no such resource.") from None

    around(service.access, "check_rights", check_rights)


@variant()
def forbidden_without_a_challenge(service: Service) -> None:
    """A 403 has no challenge: RFC 6750 section 3 asks for one only where no token gives access."""
    swap(service.access, "insufficient_scope", lambda scope: ScimError(403, None, f"The token lacks {scope}."))


@variant()
def needed_scope_is_not_named(service: Service) -> None:
    """The challenge of a 403 does not name the scope that is needed, which it MAY (RFC 6750 section 3.1)."""

    def insufficient_scope(_scope: str) -> ScimError:
        challenge = service.access.challenge("insufficient_scope")
        return ScimError(403, None, "The token lacks a right.", [("WWW-Authenticate", challenge)])

    swap(service.access, "insufficient_scope", insufficient_scope)


@variant()
def self_registration_is_immediate(service: Service) -> None:
    """Whoever registers is active at once; confirmation is a countermeasure that MAY be used (RFC 7644 section 7.6)."""
    swap(service.own_resource, "unconfirmed", lambda body: body)


@variant()
def clients_see_their_own_resources_alone(service: Service) -> None:
    """A client does not even find what clients of another provisioning domain created (RFC 7644 section 2)."""
    domains, owners = service.domains, dict[str, str]()
    insert, get, scan = domains.insert, domains.get, domains.scan

    def inserted(record: Any) -> None:
        insert(record)
        owners[record.id] = domains.domain()

    def is_own(id_: str) -> bool:
        return owners.get(id_, "") == domains.domain()

    swap(domains, "insert", inserted)
    swap(domains, "get", lambda kind, id_: get(kind, id_) if is_own(id_) else None)
    swap(domains, "scan", lambda kind: [record for record in scan(kind) if is_own(record.id)])


# -- tenants --------------------------------------------------------------------------------


@variant()
def foreign_tenants_are_hidden(service: Service) -> None:
    """To a token of another tenant a tenant does not exist: 404, not 401 (RFC 7644 section 6.1)."""

    def check_token(original: Any, request: Request) -> None:
        try:
            original(request)
        except ScimError:
            raise not_found("There is no such tenant.") from None

    for tenant in service.tenants:
        around(tenant.access, "check_token", check_token)


@variant()
def ids_are_numbered_in_each_tenant(service: Service) -> None:
    """Each tenant counts its resources, so that ids are unique within a tenant alone (RFC 7644 section 6.2)."""

    def count_up(tenant: Service) -> None:
        numbers = count(1)
        swap(tenant.lifecycle, "new_id", lambda: f"r{next(numbers)}")

    for each in (service, *service.tenants):
        count_up(each)


# -- transport ------------------------------------------------------------------------------


def in_clear(service: Service, refuse: Any) -> None:
    """Answer plain HTTP in another way than by 403."""

    def check_transport(access: Access, request: Request) -> None:
        if access.settings.tls_only and request.scheme != "https":
            raise refuse(request)

    swap(service.access, "check_transport", lambda request: check_transport(service.access, request))


@variant()
def plain_http_is_redirected(service: Service) -> None:
    """Plain HTTP is redirected to the same address by TLS (RFC 7644 section 7.2)."""

    def moved(request: Request) -> ScimError:
        location = f"https://{service.locations.host(request)}{request.path}"
        return ScimError(308, None, "Use https.", [("Location", location)])

    in_clear(service, moved)


@variant()
def plain_http_is_to_be_upgraded(service: Service) -> None:
    """Plain HTTP is answered 426 with what to upgrade to (RFC 9110 section 15.5.22)."""
    in_clear(service, lambda _request: ScimError(426, None, "Use TLS.", [("Upgrade", "TLS/1.2, HTTP/1.1")]))


# -- /Me ------------------------------------------------------------------------------------


@variant()
def me_is_not_supported(service: Service) -> None:
    """/Me is answered 501 to everybody, also to those who act for a user (RFC 7644 section 3.11)."""
    around(service.own_resource, "is_meant", lambda meant, request: not request.grant.subject and meant(request))


@variant()
def me_redirects(service: Service) -> None:
    """/Me redirects by 308 to the resource it stands for, whatever the method (RFC 7644 section 3.11)."""

    def located(_handler: Handler, kind: ResourceType, id_: str) -> Handler:
        return lambda request: Response(308, Headers([("Location", service.own_resource.location(request, kind, id_))]))

    swap(service.own_resource, "located", located)


@variant()
def me_is_for_reading(service: Service) -> None:
    """/Me reads the resource of a user who was there before, and allows no other method (RFC 7644 section 3.11)."""
    own, lifecycle = service.own_resource, service.lifecycle
    kind = own.kind()
    assert kind is not None  # noqa: S101 the reference service has users
    body = {"schemas": [kind.schema], "userName": "somebody"}
    somebody = lifecycle.new_resource(kind, service.validation.resource(kind, body))
    lifecycle.insert(kind, somebody)
    service.grants.associate("somebody", somebody["id"])

    def handlers(original: Any, request: Request) -> dict[str, Handler]:
        known = original(request)
        return {"GET": known["GET"]} if "GET" in known and request.grant.subject else known

    around(own, "handlers", handlers)


@variant()
def me_is_not_for_creating(service: Service) -> None:
    """POST /Me is answered 501, so that a subject who is no user stays without a resource (RFC 7644 section 3.11)."""

    def register(original: Any, request: Request) -> Response:
        if request.grant.subject:
            raise not_implemented("Ask an administrator to create you.")
        return original(request)  # type: ignore[no-any-return]

    around(service.own_resource, "register", register)


@variant()
def me_deletes_nobody(service: Service) -> None:
    """DELETE /Me is refused with 403: users cannot delete themselves (RFC 7644 section 2)."""

    def handlers(original: Any, request: Request) -> dict[str, Handler]:
        if request.method == "DELETE":
            raise ScimError(403, None, "You cannot delete yourself.")
        return original(request)  # type: ignore[no-any-return]

    around(service.own_resource, "handlers", handlers)
