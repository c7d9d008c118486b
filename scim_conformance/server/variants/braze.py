"""Variants of the server like Braze's: where its documentation is silent, or has two editions."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from scim_conformance.server.braze import Braze
from scim_conformance.server.braze.refusals import HTML, Refusal, resource_not_found, user_not_found
from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.variants import after, answer, around, swap, variant

Change = Callable[[Braze], None]


def like_braze() -> Callable[[Change], Change]:
    """Register a variant of the server like Braze's."""
    return variant(profiles=("braze",), server="braze")  # type: ignore[return-value]


# -- two editions ---------------------------------------------------------------------------


@like_braze()
def braze_older_edition_of_the_404(service: Braze) -> None:
    """The 404 of a GET is text/html with the detail of an older page."""

    def look_up(original: Callable[..., Response], request: Request, id_: str) -> Response:
        try:
            return original(request, id_)
        except ScimError:
            raise user_not_found() from None

    around(service, "look_up", look_up)


@like_braze()
def braze_older_edition_of_moments(service: Braze) -> None:
    """Moments are written as on an older page, and who never signed in did so when time began."""

    def shown(user: dict[str, Any]) -> dict[str, Any]:
        moments = {"lastSignInAt": "Thursday, January 1, 1970 12:00:00 AM"}
        if "createdAt" in user:
            moments["createdAt"] = "Sunday, November 22, 2026 10:15:00 AM"
        return {**user, **moments}

    for view in ("shown", "shown_new", "listed"):
        after(service.users, view, shown)


@like_braze()
def braze_daily_limit_of_a_translation(service: Braze) -> None:
    """A day has 20,000 requests, as a translation of the pages says."""
    service.limit.settings.daily_limit = 20_000


# -- what is not documented -----------------------------------------------------------------


@like_braze()
def braze_creation_answered_200(service: Braze) -> None:
    """A creation is answered 200: no status is documented."""
    swap(service.answers, "created_user", lambda request, shown: service.answers.document(request, 200, shown))


@like_braze()
def braze_other_user_name_is_ignored(service: Braze) -> None:
    """Another userName in a PUT is left out without a word."""
    answer(service.users, "check_same_user_name", None)


@like_braze()
def braze_search_in_the_same_case(service: Braze) -> None:
    """A search finds a userName in the very same letter case alone."""

    def holder(original: Callable[[str], Any], user_name: str) -> Any:
        found = original(user_name)
        return found if found is not None and found["userName"] == user_name else None

    around(service, "holder", holder)


@like_braze()
def braze_nobody_found_is_404(service: Braze) -> None:
    """A search that finds nobody is answered 404: no answer to it is documented."""

    def found_users(original: Callable[..., Response], request: Request, users: list[Any]) -> Response:
        if not users:
            raise resource_not_found()
        return original(request, users)

    around(service.answers, "found_users", found_users)


@like_braze()
def braze_updates_add_permissions(service: Braze) -> None:
    """A PUT adds permissions to those that are there: that it replaces them is not documented."""

    def changed(original: Callable[..., Any], user: dict[str, Any], given: Any) -> Any:
        found = original(user, given)
        former = user["permissions"]["companyPermissions"]
        return {**found, "companyPermissions": list(dict.fromkeys([*found["companyPermissions"], *former]))}

    around(service.users, "changed_permissions", changed)


@like_braze()
def braze_ids_are_uuids(service: Braze) -> None:
    """Ids are UUIDs: what they look like is seen in samples alone."""
    swap(service.users, "new_id", lambda: str(uuid.uuid4()))


@like_braze()
def braze_user_names_in_lower_case(service: Braze) -> None:
    """A userName is kept in lower case."""
    after(service.users, "user_name", str.lower)


@like_braze()
def braze_nothing_in_the_default_workspace(service: Braze) -> None:
    """Whoever is added to the default workspace may do nothing there yet."""

    def without(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**group, "appGroupPermissions": []} for group in groups]

    after(service.permissions, "without_workspace", without)


@like_braze()
def braze_permissions_in_another_order(service: Braze) -> None:
    """Permissions are shown in alphabetical order."""
    after(service.permissions, "granted", sorted)


@like_braze()
def braze_empty_lists_are_left_out(service: Braze) -> None:
    """What is empty in permissions is not shown."""

    def full(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: full(each) for name, each in value.items() if each not in ([], {})}
        return [full(each) for each in value] if isinstance(value, list) else value

    for view in ("shown", "shown_new", "listed"):
        after(service.users, view, lambda user: {**user, "permissions": full(user["permissions"]) or {"roles": []}})


@like_braze()
def braze_more_members(service: Braze) -> None:
    """Users are shown with more than is documented: meta, active, and a member of the product's own."""
    more = {"active": True, "meta": {"resourceType": "User"}, "brazeTeam": "none"}
    for view in ("shown", "shown_new", "listed"):
        after(service.users, view, lambda user: {**user, **more})


@like_braze()
def braze_location_of_a_new_user(service: Braze) -> None:
    """A creation is answered with a Location."""

    def created(original: Callable[..., Response], request: Request, shown: Any) -> Response:
        response = original(request, shown)
        response.headers.set("Location", service.locations.resource(request, "/Users", shown["id"]))
        return response

    around(service.answers, "created_user", created)


@like_braze()
def braze_answers_in_scim_json(service: Braze) -> None:
    """Users are sent as application/scim+json."""
    answer(service.answers, "media_type", "application/scim+json")


@like_braze()
def braze_json_on_several_lines(service: Braze) -> None:
    """JSON is written on several lines, in ASCII."""
    swap(service.answers, "encoded", lambda document: json.dumps(document, indent=2).encode())


@like_braze()
def braze_charset_is_named(service: Braze) -> None:
    """The media type of every answer names its charset."""
    after(service.answers, "media_type", lambda media_type: f"{media_type}; charset=utf-8")


# -- refusals -------------------------------------------------------------------------------


def refuse_access(service: Braze, refusal: Callable[[Request, ScimError], Response]) -> None:
    """Answer in another way whoever may not come in."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        return refusal(request, problem) if problem.status == 401 else original(request, problem)  # noqa: PLR2004

    around(service.answers, "error", error)


@like_braze()
def braze_401_is_a_page(service: Braze) -> None:
    """The answer 401 is a page for people: no body is documented."""
    page = b"<html><body>401</body></html>"
    refuse_access(service, lambda _request, _problem: Response(401, Headers([("Content-Type", HTML)]), page))


@like_braze()
def braze_401_is_bare(service: Braze) -> None:
    """The answer 401 has neither a body nor a challenge."""
    refuse_access(service, lambda _request, _problem: Response(401))


@like_braze()
def braze_429_names_a_date(service: Braze) -> None:
    """The answer 429 says by a date when the next day begins, and its body is a page for people."""

    def too_many(original: Callable[..., ScimError], now: Any) -> ScimError:
        refusal = Refusal(429, original(now).detail, HTML)
        refusal.headers = (("Retry-After", format_datetime(service.clock.now() + timedelta(days=365 * 20))),)
        return refusal

    around(service.limit, "too_many", too_many)


@like_braze()
def braze_conflict_is_json(service: Braze) -> None:
    """The answer 409 is application/json."""
    answer(service.answers, "error_type", "application/json")


@like_braze()
def braze_discovery_is_forbidden(service: Braze) -> None:
    """What is not offered is answered 501, not 404."""

    def endpoint(original: Callable[[str], Any], path: str) -> Any:
        try:
            return original(path)
        except ScimError:
            raise ScimError(501, None, "This is not offered.") from None

    around(service, "endpoint", endpoint)


@like_braze()
def braze_details_are_short(service: Braze) -> None:
    """A 400 does not say what is wrong."""
    after(service.answers, "detail", lambda text: text.partition(". ")[0] + "." if ". " in text else text)
