"""Variants for what Okta needs: servers that answer otherwise, and that Okta works with all the same."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, bare, sent, showing
from scim_conformance.server.entitlements import serve_entitlements
from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, around, swap, variant

OKTA = ("okta",)
USERS, USER, GROUPS, GROUP = "/Users", "/Users/", "/Groups", "/Groups/"


@variant(profiles=OKTA)
def nobody_found_is_404(service: Service) -> None:
    """A match that finds nobody is answered with an error 404, which Okta's reference takes for an empty list."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.parameter("filter") and response.status == 200 and not response.json["Resources"]:  # noqa: PLR2004
            return bare(response, 404, {"schemas": [], "detail": "User not found", "status": 404})
        return response

    at(service, "GET", USERS, answer)
    at(service, "GET", GROUPS, answer)


@variant(profiles=OKTA)
def error_status_is_a_number(service: Service) -> None:
    """The status of error bodies is a number, as in the samples of Okta's reference."""
    after(service.answers, "error_body", lambda body: body | {"status": int(body["status"])})


@variant(profiles=OKTA)
def answers_are_text_json(service: Service) -> None:
    """Answers have the Content-Type text/json, as in the samples of Okta's reference."""
    swap(service.answers, "media_type", lambda _request: "text/json;charset=UTF-8")


@variant(profiles=OKTA)
def patches_of_users_are_answered_204(service: Service) -> None:
    """PATCH is answered with 204 and no body, which Okta's reference allows."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return Response(204) if response.status == 200 else response  # noqa: PLR2004 - OK

    at(service, "PATCH", USER, answer)
    at(service, "PATCH", GROUP, answer)


@variant(profiles=OKTA)
def patched_groups_hide_their_members(service: Service) -> None:
    """The answer to PATCH of a group shows members as null: Okta asks for the other details alone."""
    showing(service, "PATCH", GROUP, lambda body: body | {"members": None})


@variant(profiles=OKTA)
def empty_lists_have_no_resources(service: Service) -> None:
    """A list without matches leaves Resources out."""

    def change(body: Body) -> Body:
        return body if body["Resources"] else {name: body[name] for name in body if name != "Resources"}

    after(service.answers, "list_response", change)


@variant(profiles=OKTA)
def whole_lists_tell_the_total_alone(service: Service) -> None:
    """A list that is not in parts has neither startIndex nor itemsPerPage (A30)."""

    def change(body: Body) -> Body:
        whole = len(body["Resources"]) == body["totalResults"]
        return {name: body[name] for name in body if not (whole and name in ("startIndex", "itemsPerPage"))}

    after(service.answers, "list_response", change)


@variant(profiles=OKTA)
def users_show_groups_as_an_empty_list(service: Service) -> None:
    """A user in no group is shown with groups [], as in the samples of Okta's reference."""
    for method, place in (("GET", USER), ("POST", USERS), ("PUT", USER), ("PATCH", USER)):
        showing(service, method, place, lambda body: {"groups": []} | body)


@variant(profiles=OKTA)
def addresses_get_a_display(service: Service) -> None:
    """E-mail addresses are shown with a display, which comes back with each PUT."""

    def named(body: Body) -> Body:
        emails = body.get("emails") or []
        return body | ({"emails": [one | {"display": one.get("value")} for one in emails]} if emails else {})

    for method, place in (("GET", USER), ("POST", USERS), ("PUT", USER), ("PATCH", USER)):
        showing(service, method, place, named)


@variant(profiles=OKTA)
def newest_users_come_first(service: Service) -> None:
    """Lists begin with what was created last, on every page alike."""
    after(service.query, "matching", lambda found: list(reversed(found)))


@variant(profiles=OKTA)
def user_names_are_lower_cased(service: Service) -> None:
    """The userName of a user is kept in lower case, whatever was sent (A70)."""

    def resource(original: Callable[..., Any], kind: Any, body: Any, *rest: Any) -> Any:
        if isinstance(body, dict) and isinstance(body.get("userName"), str):
            body = body | {"userName": body["userName"].lower()}
        return original(kind, body, *rest)

    around(service.validation, "resource", resource)


@variant(profiles=OKTA)
def there_is_no_discovery(service: Service) -> None:
    """Discovery, which Okta does not use without entitlements, is not served."""
    for place in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas"):
        at(service, "GET", place, _missing)


def _missing(_ask: Ask, _request: Request) -> Response:
    raise ScimError(404, None, "There is no discovery.")


@variant(profiles=OKTA)
def patches_need_no_schemas(service: Service) -> None:
    """A PATCH whose body lacks schemas is applied (A15)."""
    swap(service.bodies, "check_message_schema", lambda _members, _urn: None)


@variant(profiles=OKTA)
def roles_and_entitlements_are_served(service: Service) -> None:
    """There are roles and entitlements for Okta Identity Governance, as resource types of their own."""
    serve_entitlements(service)


@variant(profiles=OKTA)
def replaced_users_are_not_shown(service: Service) -> None:
    """PUT of a user is answered with 204: HTTP allows it, Okta's reference shows the user, and nothing is lost."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return Response(204) if response.status == 200 and sent(request) else response  # noqa: PLR2004 - OK

    at(service, "PUT", USER, answer)
    at(service, "PUT", GROUP, answer)


@variant(profiles=OKTA)
def throttling_names_seconds(service: Service) -> None:
    """Every fifth request is answered with 429 first, and its Retry-After is a number of seconds."""
    turns = {"asked": 0}

    def answer(original: Ask, request: Request) -> Response:
        turns["asked"] += 1
        if turns["asked"] % 5:
            return original(request)
        raise ScimError(429, None, "Too many requests.", [("Retry-After", "0")])

    around(service, "answer", answer)
