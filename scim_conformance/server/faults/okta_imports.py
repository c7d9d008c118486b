"""Faults that Okta meets while it imports: pages that overlap, count wrongly or show too little."""

from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.edge import Ask, at
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.okta_users import less
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

USERS, GROUPS = "/Users", "/Groups"


def pages(service: Service, place: str, change: Callable[[dict[str, Any], Request], dict[str, Any]]) -> None:
    """Show the pages of lists that are not searched in another way."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.parameter("filter") is None:
            response.body = service.answers.encoded(change(response.json, request))
        return response

    at(service, "GET", place, answer)


def cutting(service: Service, cut: Callable[[Sequence[Any], int, int], Sequence[Any]]) -> None:
    """Cut pages out of results in another way."""
    around(service.query, "page", lambda _original, found, begin, count: cut(found, begin, count))


@fault("OKTA-U04-b")
def pages_overlap(service: Service) -> None:
    """Each page after the first begins with the last resource of the one before."""
    cutting(service, lambda found, begin, count: found[max(0, begin - 2) :][:count])


@fault("OKTA-U04-b")
def the_second_page_is_the_first(service: Service) -> None:
    """Every page shows the same resources as the first."""
    cutting(service, lambda found, _begin, count: found[:count])


@fault("OKTA-U04-b")
def pages_are_sorted_by_themselves(service: Service) -> None:
    """Small pages are cut out of another order than large ones."""
    cutting(
        service,
        lambda found, begin, count: (found if count > 50 else list(reversed(found)))[begin - 1 : begin - 1 + count],  # noqa: PLR2004
    )


@fault("OKTA-U04-b")
def pages_leave_one_out(service: Service) -> None:
    """Each page after the first begins one resource too late."""
    cutting(service, lambda found, begin, count: found[begin - 1 + (begin > 1) :][:count])


@fault("OKTA-U04-c")
def small_pages_count_themselves(service: Service) -> None:
    """The totalResults of a page with fewer resources than there are is the number of these."""
    pages(service, USERS, lambda body, _request: body | {"totalResults": len(body["Resources"])})


@fault("OKTA-U04-d")
def pages_hold_two(service: Service) -> None:
    """A page of users holds two of them at most."""
    service.capabilities.max_results = 2


@fault("OKTA-U04-e")
def imported_users_are_names(service: Service) -> None:
    """Lists show of a user id and userName alone."""

    def change(body: dict[str, Any], _request: Request) -> dict[str, Any]:
        named = ("schemas", "id", "userName", "meta")
        return body | {"Resources": [{name: one[name] for name in named if name in one} for one in body["Resources"]]}

    pages(service, USERS, change)


@fault("OKTA-U04-e")
def imported_users_have_no_status(service: Service) -> None:
    """Lists show users without active."""

    def change(body: dict[str, Any], _request: Request) -> dict[str, Any]:
        return body | {"Resources": [less(one, "active") for one in body["Resources"]]}

    pages(service, USERS, change)


@fault("OKTA-G02-a")
def imported_groups_are_empty(service: Service) -> None:
    """Lists show groups without their members."""

    def change(body: dict[str, Any], _request: Request) -> dict[str, Any]:
        return body | {"Resources": [less(one, "members") for one in body["Resources"]]}

    pages(service, GROUPS, change)


@fault("OKTA-G02")
def lists_of_groups_are_not_found(service: Service) -> None:
    """A list of groups without a filter is answered with 404."""

    def answer(ask: Ask, request: Request) -> Response:
        return Response(404) if request.parameter("filter") is None else ask(request)

    at(service, "GET", GROUPS, answer)
