"""Variants for what other identity providers need: servers that answer otherwise, and that these work with."""

from scim_conformance.server.edge import Ask, at
from scim_conformance.server.errors import ScimError, invalid_filter
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import variant

OTHERS = ("other-idp",)
USER, GROUP = "/Users/", "/Groups/"


@variant(profiles=OTHERS)
def changes_are_answered_204(service: Service) -> None:
    """PUT and PATCH are answered with 204 and no body."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return Response(204) if response.status == 200 else response  # noqa: PLR2004 - OK

    for method in ("PUT", "PATCH"):
        at(service, method, USER, answer)
        at(service, method, GROUP, answer)


@variant(profiles=OTHERS)
def deleted_users_are_remembered(service: Service) -> None:
    """A user who was deleted is answered with 410, which says more than 404 (A27)."""
    gone: set[str] = set()

    def delete(ask: Ask, request: Request) -> Response:
        gone.add(request.path)
        return ask(request)

    def read(ask: Ask, request: Request) -> Response:
        if request.path in gone:
            raise ScimError(410, None, "The user was deleted.")
        return ask(request)

    at(service, "DELETE", USER, delete)
    at(service, "GET", USER, read)


@variant(profiles=OTHERS)
def unknown_attributes_are_refused_in_filters(service: Service) -> None:
    """A filter on an attribute that no schema has is refused with 400 (A07)."""

    def answer(ask: Ask, request: Request) -> Response:
        if (request.parameter("filter") or "").lower().startswith("email "):
            raise invalid_filter("There is no attribute email.")
        return ask(request)

    at(service, "GET", "/Users", answer)


@variant(profiles=OTHERS)
def pages_of_groups_hold_fifty(service: Service) -> None:
    """A page holds fifty resources at most, whatever count is."""
    service.capabilities.max_results = 50
