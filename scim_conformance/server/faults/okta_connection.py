"""Faults that Okta meets when it connects, throttled or not, and when it looks whether somebody is there."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count

from scim_conformance.server.edge import Ask, at
from scim_conformance.server.errors import ScimError, invalid_filter, invalid_syntax
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

COUNTS = ("totalResults", "startIndex", "itemsPerPage")
USERS, GROUPS = "/Users", "/Groups"


def without_filter(request: Request) -> bool:
    """Tell whether a list is asked for page by page, and not searched."""
    return request.parameter("filter") is None


def matching(service: Service, place: str, new: Callable[[Ask, Request], Response]) -> None:
    """Answer a match in another way: a filter together with startIndex and count."""

    def answer(ask: Ask, request: Request) -> Response:
        meant = not without_filter(request) and request.parameter("startIndex") and request.parameter("count")
        return new(ask, request) if meant else ask(request)

    at(service, "GET", place, answer)


@fault("OKTA-U01", "OKTA-U04")
def lists_of_users_need_a_filter(service: Service) -> None:
    """A list of users without a filter is refused with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        if without_filter(request):
            raise invalid_filter("A filter is required.")
        return ask(request)

    at(service, "GET", USERS, answer)


@fault("OKTA-U01", "OKTA-U04")
def lists_of_users_are_arrays(service: Service) -> None:
    """A list of users without a filter is a bare array instead of a list response."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if without_filter(request):
            response.body = service.answers.encoded(response.json["Resources"])
        return response

    at(service, "GET", USERS, answer)


@fault("OKTA-U01-a", "OKTA-U04-a", "OKTA-G02")
def lists_count_in_texts(service: Service) -> None:
    """The numbers of a list are written as texts."""
    after(
        service.answers,
        "list_response",
        lambda body: {name: str(value) if name in COUNTS else value for name, value in body.items()},
    )


@fault("OKTA-U02")
def nobody_found_is_an_error(service: Service) -> None:
    """A match that finds nobody is answered with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if not response.json["Resources"]:
            raise invalid_filter("There is no such user.")
        return response

    matching(service, USERS, answer)


@fault("OKTA-U02")
def nobody_found_is_no_content(service: Service) -> None:
    """A match that finds nobody is answered with 204."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return response if response.json["Resources"] else Response(204)

    matching(service, USERS, answer)


@fault("OKTA-U02", "OKTA-U02-a")
def a_filter_beside_paging_is_ignored(service: Service) -> None:
    """A filter that comes with startIndex and count is ignored: everybody is found."""

    def answer(ask: Ask, request: Request) -> Response:
        request.query = [(name, value) for name, value in request.query if name != "filter"]
        return ask(request)

    matching(service, USERS, answer)


@fault("OKTA-U02-a")
def a_match_shows_too_little(service: Service) -> None:
    """A match shows the user without an id."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        body = response.json
        body["Resources"] = [{name: one[name] for name in one if name != "id"} for one in body["Resources"]]
        response.body = service.answers.encoded(body)
        return response

    matching(service, USERS, answer)


@fault("OKTA-U02-a")
def a_match_of_encoded_addresses_finds_nobody(service: Service) -> None:
    """A match whose @ is percent-encoded is not decoded, and finds nobody."""

    def answer(ask: Ask, request: Request) -> Response:
        request.query = [(name, value.replace("@", "%40")) for name, value in request.query]
        return ask(request)

    matching(service, USERS, answer)


@fault("OKTA-U02-b")
def filters_are_decoded_twice(service: Service) -> None:
    """The plus sign that a filter has after it was decoded is taken for a blank."""

    def answer(ask: Ask, request: Request) -> Response:
        request.query = [(name, value.replace("+", " ")) for name, value in request.query]
        return ask(request)

    matching(service, USERS, answer)


@fault("OKTA-U02-c")
def names_in_upper_case_are_refused(service: Service) -> None:
    """A match of a userName in upper case is refused with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        _, _, value = (request.parameter("filter") or "").partition('"')
        if value != value.lower():
            raise invalid_filter("User names are written in lower case.")
        return ask(request)

    matching(service, USERS, answer)


@fault("OKTA-G01")
def no_group_found_is_an_error(service: Service) -> None:
    """A match that finds no group is answered with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if not response.json["Resources"]:
            raise invalid_filter("There is no such group.")
        return response

    matching(service, GROUPS, answer)


@fault("OKTA-G01", "OKTA-G01-a")
def groups_cannot_be_searched(service: Service) -> None:
    """A filter on groups is refused with 400."""

    def answer(_ask: Ask, _request: Request) -> Response:
        raise invalid_filter("Groups cannot be filtered.")

    matching(service, GROUPS, answer)


@fault("OKTA-G01-a")
def a_match_of_groups_finds_none(service: Service) -> None:
    """A match of groups by displayName finds none."""

    def answer(ask: Ask, request: Request) -> Response:
        request.query = [(name, value.replace("displayName", "externalId")) for name, value in request.query]
        return ask(request)

    matching(service, GROUPS, answer)


# -- header fields --------------------------------------------------------------------------


@fault("OKTA-T01")
def a_charset_is_refused(service: Service) -> None:
    """A body whose Content-Type has a charset is refused with 415."""

    def check(original: Callable[[Request], None], request: Request) -> None:
        if "charset" in (request.headers.get("Content-Type") or "").lower():
            raise ScimError(415, None, "Only application/scim+json is supported.")
        original(request)

    around(service.bodies, "check_media_type", check)


@fault("OKTA-T02")
def accept_charset_is_refused(service: Service) -> None:
    """A request with Accept-Charset is refused with 406."""

    def answer(original: Ask, request: Request) -> Response:
        if "Accept-Charset" in request.headers:
            raise ScimError(406, None, "There is no choice of charsets.")
        return original(request)

    around(service, "answer", answer)


@fault("OKTA-T03")
def a_get_needs_a_content_type(service: Service) -> None:
    """A GET of users without Content-Type is refused with 415."""

    def answer(ask: Ask, request: Request) -> Response:
        if "Content-Type" not in request.headers:
            raise ScimError(415, None, "Send application/scim+json.")
        return ask(request)

    at(service, "GET", USERS, answer)


@fault("OKTA-T04")
def a_get_must_not_have_a_content_type(service: Service) -> None:
    """A GET of users with a Content-Type is refused with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        if "Content-Type" in request.headers:
            raise invalid_syntax("A GET has no body.")
        return ask(request)

    at(service, "GET", USERS, answer)


@fault("OKTA-T05")
def plain_json_is_refused_of_new_users(service: Service) -> None:
    """A user posted as application/json is refused with 415."""

    def answer(ask: Ask, request: Request) -> Response:
        if (request.headers.get("Content-Type") or "").startswith("application/json"):
            raise ScimError(415, None, "Send application/scim+json.")
        return ask(request)

    at(service, "POST", USERS, answer)


@fault("OKTA-T06")
def wrong_tokens_are_not_found(service: Service) -> None:
    """A request with a wrong token is answered with 404."""
    swap(service.access, "unauthorized", lambda *_args, **_options: ScimError(404, None, "There is nothing here."))


@fault("OKTA-T06")
def wrong_tokens_are_let_in(service: Service) -> None:
    """A list of users is shown whatever the token is."""

    def check(original: Callable[[Request, str], None], request: Request, path: str) -> None:
        if request.method != "GET":
            original(request, path)

    around(service.access, "check", check)


@fault("OKTA-T08")
def throttling_names_a_date(service: Service) -> None:
    """Every third request is answered with 429, and its Retry-After is a date."""
    turns = count(1)

    def answer(original: Ask, request: Request) -> Response:
        if next(turns) % 3:
            return original(request)
        moment = format_datetime(datetime.now(UTC), usegmt=True)
        raise ScimError(429, None, "Too many requests.", [("Retry-After", moment)])

    around(service, "answer", answer)
