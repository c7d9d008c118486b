"""Faults that Okta Identity Governance meets while it discovers roles and entitlements."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.edge import at, showing
from scim_conformance.server.entitlements import ROLE, serve_entitlements
from scim_conformance.server.faults import after, fault
from scim_conformance.server.faults.okta_users import less
from scim_conformance.server.messages import Response
from scim_conformance.server.service import Service


def each(service: Service, place: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Show the resources of a list in another way."""
    showing(service, "GET", place, lambda body: body | {"Resources": [change(one) for one in body["Resources"]]})


@fault("OKTA-E01")
def roles_are_not_listed(service: Service) -> None:
    """The endpoint of roles, which a resource type names, is answered with 404."""
    serve_entitlements(service)
    at(service, "GET", "/Roles", lambda _ask, _request: Response(404))


@fault("OKTA-E01")
def roles_are_elsewhere(service: Service) -> None:
    """The resource type of roles names an endpoint that does not exist."""
    serve_entitlements(service)
    each(service, "/ResourceTypes", lambda one: one | {"endpoint": "/Role"} if one["schema"] == ROLE else one)


@fault("OKTA-E02")
def entitlements_ignore_count(service: Service) -> None:
    """The list of entitlements shows all of them whatever count is."""
    serve_entitlements(service)

    def all_of_them(ask: Any, request: Any) -> Response:
        request.query = []
        response: Response = ask(request)
        return response

    at(service, "GET", "/Entitlements", all_of_them)


@fault("OKTA-E02")
def roles_are_counted_in_texts(service: Service) -> None:
    """The totalResults of the list of roles is a text."""
    serve_entitlements(service)
    showing(service, "GET", "/Roles", lambda body: body | {"totalResults": str(body["totalResults"])})


@fault("OKTA-E03")
def entitlements_have_no_type(service: Service) -> None:
    """Entitlements are shown without type."""
    serve_entitlements(service)
    each(service, "/Entitlements", lambda one: less(one, "type"))


@fault("OKTA-E03")
def roles_have_no_name(service: Service) -> None:
    """Roles are shown without displayName."""
    serve_entitlements(service)
    each(service, "/Roles", lambda one: less(one, "displayName"))


@fault("OKTA-E04")
def descriptions_are_long(service: Service) -> None:
    """The descriptions of roles and entitlements have 1001 characters."""
    serve_entitlements(service, "x" * 1001)


@fault("OKTA-E05")
def extensions_beside_entitlements_are_not_described(service: Service) -> None:
    """GET of the list of schemas leaves out those of extensions."""
    serve_entitlements(service)
    after(service.discovery, "schema_documents", lambda found: [one for one in found if ":extension:" not in one["id"]])
