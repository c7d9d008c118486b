"""Faults of the server like Braze's: looking users up, searching, updating and deleting them, and the daily limit."""

import re
from collections.abc import Callable
from typing import Any

from scim_conformance.server.braze import Braze
from scim_conformance.server.braze.refusals import Refusal, bad_request, resource_not_found, user_not_found
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, answer, around, skip, swap
from scim_conformance.server.faults.braze import hide, like_braze
from scim_conformance.server.messages import Headers, Request, Response

# -- GET ------------------------------------------------------------------------------------


@like_braze("BRAZE-21")
def braze_user_without_permissions(service: Braze) -> None:
    """A GET does not show permissions."""
    hide(service, "shown", "permissions")


@like_braze("BRAZE-21")
def braze_user_without_schemas(service: Braze) -> None:
    """A GET does not show schemas."""
    hide(service, "shown", "schemas")


@like_braze("BRAZE-22")
def braze_user_without_time_of_creation(service: Braze) -> None:
    """A GET does not show createdAt."""
    hide(service, "shown", "createdAt")


@like_braze("BRAZE-23")
def braze_moments_for_machines(service: Braze) -> None:
    """Moments are written as xsd:dateTime."""
    after(service.users, "shown", lambda user: {**user, "createdAt": "2026-11-22T10:15:00Z"})


def in_place_of(service: Braze, endpoint: str, status: int, instead: Callable[[Request], Response]) -> None:
    """Answer in another way where an endpoint refuses with a status."""

    def performed(original: Callable[..., Response], request: Request, *id_: str) -> Response:
        try:
            return original(request, *id_)
        except ScimError as problem:
            if problem.status != status:
                raise
            return instead(request)

    around(service, endpoint, performed)


@like_braze("BRAZE-24")
def braze_nobody_is_an_empty_user(service: Braze) -> None:
    """A GET of an id that nobody has is answered 200 with an empty object."""
    in_place_of(service, "look_up", 404, lambda request: service.answers.document(request, 200, {}))


@like_braze("BRAZE-24")
def braze_404_is_a_page(service: Braze) -> None:
    """A GET of an id that nobody has is answered 404 with a page for people."""
    page = Response(404, Headers([("Content-Type", "text/html")]), b"<html><body>Not found</body></html>")
    in_place_of(service, "look_up", 404, lambda _request: page)


@like_braze("BRAZE-25")
def braze_older_404(service: Braze) -> None:
    """The 404 of a GET is that of the older edition."""
    in_place_of(service, "look_up", 404, lambda request: service.answers.error(request, user_not_found()))


# -- GET with a filter ----------------------------------------------------------------------


def everybody(service: Braze) -> list[dict[str, Any]]:
    """Give every user as a search shows them."""
    return [service.users.listed(record.resource) for record in service.store.scan("User")]


def find(service: Braze, choose: Callable[[str], bool], listed: Callable[[str], list[dict[str, Any]]]) -> None:
    """Answer some filters with a list of users."""

    def search(original: Callable[[Request], Response], request: Request) -> Response:
        condition = request.parameter("filter") or ""
        return service.answers.found_users(request, listed(condition)) if choose(condition) else original(request)

    around(service, "search", search)


@like_braze("BRAZE-26")
def braze_search_finds_nobody(service: Braze) -> None:
    """A search never finds anybody."""
    answer(service, "holder", None)


@like_braze("BRAZE-26")
def braze_search_by_the_beginning(service: Braze) -> None:
    """A search finds everybody whose userName begins like the one that is looked for."""

    def beginning(condition: str) -> list[dict[str, Any]]:
        return [user for user in everybody(service) if user["userName"].startswith(service.users.searched(condition))]

    find(service, lambda condition: re.match(r'userName eq "[^"]+"$', condition) is not None, beginning)


@like_braze("BRAZE-26")
def braze_encoded_addresses_are_not_decoded(service: Braze) -> None:
    """An address in a filter is not decoded: nobody is found."""
    after(service.users, "searched", lambda user_name: user_name.replace("@", "%40"))


@like_braze("BRAZE-26")
def braze_total_is_a_string(service: Braze) -> None:
    """The total of a list is a string."""

    def found_users(request: Request, users: list[Any]) -> Response:
        schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        body = {"schemas": schemas, "totalResults": str(len(users)), "Resources": users}
        return service.answers.document(request, 200, body)

    swap(service.answers, "found_users", found_users)


@like_braze("BRAZE-27")
def braze_found_user_without_department(service: Braze) -> None:
    """A user who is found is shown without department."""
    hide(service, "listed", "department")


@like_braze("BRAZE-28")
def braze_search_without_a_hit_is_404(service: Braze) -> None:
    """A search that finds nobody is answered 404."""

    def found_users(original: Callable[..., Response], request: Request, users: list[Any]) -> Response:
        if not users:
            raise resource_not_found()
        return original(request, users)

    around(service.answers, "found_users", found_users)


@like_braze("BRAZE-29")
def braze_other_attributes_find_nobody(service: Braze) -> None:
    """A filter on another attribute finds nobody."""
    find(service, lambda condition: not condition.startswith("userName") and bool(condition), lambda _: [])


@like_braze("BRAZE-29")
def braze_operators_do_not_count(service: Braze) -> None:
    """Whatever the operator of a filter is, it is taken for eq."""
    around(
        service.users,
        "searched",
        lambda original, condition: original(re.sub(r"^userName \w\w ", "userName eq ", condition or "")),
    )


@like_braze("BRAZE-29")
def braze_rest_of_a_filter_does_not_count(service: Braze) -> None:
    """Of a filter with several conditions the first alone counts."""
    around(service.users, "searched", lambda original, condition: original(re.sub(" or .*", "", condition or "")))


@like_braze("BRAZE-30")
def braze_lists_everybody(service: Braze) -> None:
    """Without a filter everybody is listed."""
    find(service, lambda condition: not condition, lambda _: everybody(service))


@like_braze("BRAZE-31")
def braze_status_is_a_string(service: Braze) -> None:
    """The status in an Error body is a string."""
    after(service.answers, "error_body", lambda body: {**body, "status": str(body["status"])})


@like_braze("BRAZE-31")
def braze_errors_are_html(service: Braze) -> None:
    """Every error says that it is text/html."""
    answer(service.answers, "error_type", "text/html")


@like_braze("BRAZE-10", "BRAZE-24", "BRAZE-31")
def braze_errors_without_schemas(service: Braze) -> None:
    """An Error body does not name its schema."""
    after(service.answers, "error_body", lambda body: {**body, "schemas": []})


# -- PUT ------------------------------------------------------------------------------------


def keep(service: Braze, *members: str) -> None:
    """Leave members of a user as they are, whatever a PUT says."""

    def changed(original: Callable[..., Any], user: dict[str, Any], body: Any) -> Any:
        return {**original(user, body), **{name: user[name] for name in members}}

    around(service.users, "changed", changed)


@like_braze("BRAZE-33")
def braze_department_stays(service: Braze) -> None:
    """A PUT does not change the department."""
    keep(service, "department")


@like_braze("BRAZE-33")
def braze_permissions_stay(service: Braze) -> None:
    """A PUT does not change permissions."""
    keep(service, "permissions")


@like_braze("BRAZE-33")
def braze_update_is_lost(service: Braze) -> None:
    """A PUT is answered like a success, and changes nothing."""
    skip(service.store, "update")


@like_braze("BRAZE-33")
def braze_update_shows_half_a_user(service: Braze) -> None:
    """The answer to a PUT shows what was sent alone."""
    around(
        service.answers,
        "updated_user",
        lambda original, request, user: original(
            request, {name: user[name] for name in ("schemas", "name", "department", "permissions")}
        ),
    )


@like_braze("BRAZE-34")
def braze_update_renames(service: Braze) -> None:
    """A PUT changes userName."""
    skip(service.users, "check_same_user_name")

    def changed(original: Callable[..., Any], user: dict[str, Any], body: Any) -> Any:
        return {**original(user, body), "userName": body.get("userName", user["userName"])}

    around(service.users, "changed", changed)


@like_braze("BRAZE-34")
def braze_breaks_on_another_name(service: Braze) -> None:
    """A PUT with another userName breaks the server: 500."""

    def check(user: dict[str, Any], document: Any) -> None:
        if document.get("userName", user["userName"]) != user["userName"]:
            raise ValueError("another name")

    swap(service.users, "check_same_user_name", check)


@like_braze("BRAZE-35")
def braze_update_without_permissions(service: Braze) -> None:
    """A PUT without permissions is taken."""

    def changed(original: Callable[..., Any], user: dict[str, Any], body: Any) -> Any:
        return original(user, {"permissions": {}, **body})

    around(service.users, "changed", changed)


@like_braze("BRAZE-36")
def braze_permissions_are_added(service: Braze) -> None:
    """A PUT adds the permissions that it names to those that are there."""

    def changed(original: Callable[..., Any], user: dict[str, Any], given: Any) -> Any:
        found = original(user, given)
        found["companyPermissions"] += user["permissions"]["companyPermissions"]
        return found

    around(service.users, "changed_permissions", changed)


@like_braze("BRAZE-37")
def braze_update_creates(service: Braze) -> None:
    """A PUT to an id that nobody has creates a user."""

    def update(original: Callable[..., Response], request: Request, id_: str) -> Response:
        if service.store.get("User", id_) is not None:
            return original(request, id_)
        body = {"userName": f"{id_}@example.com", **service.bodies.json(request)}
        user = {**service.users.new(body, service.clock.now()), "id": id_}
        service.insert(user)
        return service.answers.updated_user(request, service.users.shown(user))

    around(service, "update", update)


@like_braze("BRAZE-42")
def braze_404_of_a_change_is_json(service: Braze) -> None:
    """The 404 of PUT and DELETE is application/json."""
    for endpoint in ("update", "delete"):
        in_place_of(
            service, endpoint, 404, lambda request: service.answers.error(request, Refusal(404, "User not found"))
        )


@like_braze("BRAZE-42")
def braze_404_of_a_change_as_of_a_read(service: Braze) -> None:
    """The 404 of PUT and DELETE says what that of a GET says."""
    for endpoint in ("update", "delete"):
        in_place_of(service, endpoint, 404, lambda request: service.answers.error(request, resource_not_found()))


# -- DELETE ---------------------------------------------------------------------------------


@like_braze("BRAZE-38")
def braze_deletion_is_ok(service: Braze) -> None:
    """A DELETE answers 200 with an empty object."""
    answer(service.answers, "deleted", Response(200, Headers([("Content-Type", "application/json")]), b"{}"))


def vanish(service: Braze, endpoint: str) -> None:
    """Let users who were deleted be unknown to one endpoint alone; they are kept."""
    gone: set[str] = set()
    swap(service.store, "remove", lambda _kind, id_: gone.add(id_))
    existing, holder = service.existing, service.holder

    def found(id_: str, refusal: ScimError) -> Any:
        if id_ in gone and endpoint == "look_up":
            raise refusal
        return existing(id_, refusal)

    def held(user_name: str) -> Any:
        user = holder(user_name)
        return None if user is not None and user["id"] in gone and endpoint == "search" else user

    swap(service, "existing", found)
    swap(service, "holder", held)


@like_braze("BRAZE-39")
def braze_deleted_users_are_found(service: Braze) -> None:
    """A user who was deleted is still found by a search."""
    vanish(service, "look_up")


@like_braze("BRAZE-39")
def braze_deleted_users_can_be_read(service: Braze) -> None:
    """A user who was deleted is still found by id."""
    vanish(service, "search")


@like_braze("BRAZE-40")
def braze_nobody_is_deleted(service: Braze) -> None:
    """A DELETE of an id that nobody has is answered 204."""
    in_place_of(service, "delete", 404, lambda _request: service.answers.deleted())


@like_braze("BRAZE-41")
def braze_last_user_is_deleted(service: Braze) -> None:
    """The last user of a company is deleted."""
    skip(service, "check_not_last")


@like_braze("BRAZE-41")
def braze_last_user_is_forbidden(service: Braze) -> None:
    """Deleting the last user is refused with 403."""
    in_place_of(service, "delete", 500, lambda request: service.answers.error(request, bad_request()))


# -- the daily limit ------------------------------------------------------------------------


@like_braze("BRAZE-48")
def braze_no_daily_limit(service: Braze) -> None:
    """There is no daily limit."""
    answer(service.limit, "is_reached", False)


@like_braze("BRAZE-48")
def braze_limit_of_one_more(service: Braze) -> None:
    """One request more than the limit is served."""
    swap(service.limit, "is_reached", lambda: service.limit.used > service.limit.settings.daily_limit)


@like_braze("BRAZE-48")
def braze_limit_of_one_less(service: Braze) -> None:
    """The last request of the limit is refused."""
    swap(service.limit, "is_reached", lambda: service.limit.used + 1 >= service.limit.settings.daily_limit)


@like_braze("BRAZE-48")
def braze_limit_after_the_fact(service: Braze) -> None:
    """A request beyond the limit is answered 429, and carried out."""

    def answered(original: Callable[[Request], Response], request: Request) -> Response:
        try:
            return original(request)
        except ScimError as problem:
            if problem.status == 429:  # noqa: PLR2004 - too many requests
                service.dispatch(request, service.endpoint(service.relative_path(request.path) or ""))
            raise

    around(service, "answer", answered)


@like_braze("BRAZE-48")
def braze_deletions_are_not_limited(service: Braze) -> None:
    """Deletions are served beyond the limit."""

    def answered(original: Callable[[Request], Response], request: Request) -> Response:
        if request.method == "DELETE":
            service.limit.used = 0
        return original(request)

    around(service, "answer", answered)


@like_braze("BRAZE-49")
def braze_the_limit_is_for_ever(service: Braze) -> None:
    """The next day the limit is still reached."""
    skip(service.limit, "begin")
