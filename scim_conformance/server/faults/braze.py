"""Faults of the server like Braze's: creating users, what is shown of them, and who comes in.

Such a fault says `server="braze"`, as `like_braze` does. Access, bodies, clock and store are those of the other server;
besides them these can be damaged:

service     search, create, look_up, update, delete, existing, holder, insert, record, check_not_last
users       new, changed, changed_permissions, check_schemas, check_required, user_name, check_same_user_name, name,
            department, new_id, moment, key, searched, shown, shown_new, listed
permissions resolved, without_workspace, company_permissions, role, workspace, workspace_permissions, permission_set,
            team, team_permissions, identified, granted, known
limit       count, begin, is_reached, too_many
answers     created_user, found_user, updated_user, found_users, error_type, detail
"""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.braze import Braze
from scim_conformance.server.braze.refusals import Refusal, bad_request, resource_not_found
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, answer, around, fault, skip, swap
from scim_conformance.server.faults.access import keep_former_tokens
from scim_conformance.server.messages import Request, Response

Damage = Callable[[Braze], None]


def like_braze(*requirements: str) -> Callable[[Damage], Damage]:
    """Register a fault of the server like Braze's."""
    return fault(*requirements, server="braze")  # type: ignore[return-value]


def hide(service: Braze, view: str, *members: str) -> None:
    """Leave members out of one way of showing users: shown, shown_new or listed."""
    after(service.users, view, lambda user: {name: value for name, value in user.items() if name not in members})


def fill_in(service: Braze, **values: Any) -> None:
    """Take what a POST leaves out for these values."""

    def new(original: Callable[..., Any], body: Any, moment: Any) -> Any:
        return original({**values, **body} if isinstance(body, dict) else body, moment)

    around(service.users, "new", new)


# -- POST -----------------------------------------------------------------------------------


@like_braze("BRAZE-01")
def braze_creates_nobody(service: Braze) -> None:
    """A POST with permissions is refused with 403."""

    def create(original: Callable[[Request], Response], request: Request) -> Response:
        if b"permissions" in request.body:
            raise ScimError(403, None, "Permissions cannot be granted.")
        return original(request)

    around(service, "create", create)


@like_braze("BRAZE-01")
def braze_creation_is_lost(service: Braze) -> None:
    """A POST is answered like a success, and creates nobody."""
    skip(service, "insert")


@like_braze("BRAZE-02")
def braze_creation_is_ok(service: Braze) -> None:
    """A user who was created is answered with 200."""
    swap(service.answers, "created_user", lambda request, shown: service.answers.document(request, 200, shown))


@like_braze("BRAZE-03")
def braze_new_user_without_id(service: Braze) -> None:
    """The answer to a POST has no id."""
    hide(service, "shown_new", "id")


@like_braze("BRAZE-03")
def braze_new_user_without_schemas(service: Braze) -> None:
    """The answer to a POST has no schemas."""
    hide(service, "shown_new", "schemas")


@like_braze("BRAZE-03")
def braze_new_user_in_capitals(service: Braze) -> None:
    """The answer to a POST shows the department in capitals."""
    after(service.users, "shown_new", lambda user: {**user, "department": user["department"].upper()})


@like_braze("BRAZE-03")
def braze_names_are_swapped(service: Braze) -> None:
    """A GET shows givenName and familyName in each other's place."""

    def swapped(user: dict[str, Any]) -> dict[str, Any]:
        name = user["name"]
        return {**user, "name": {"givenName": name["familyName"], "familyName": name["givenName"]}}

    after(service.users, "shown", swapped)


@like_braze("BRAZE-04")
def braze_permissions_are_required(service: Braze) -> None:
    """A POST without permissions is refused."""

    def new(original: Callable[..., Any], body: Any, moment: Any) -> Any:
        if "permissions" not in body:
            raise bad_request("permissions is missing.")
        return original(body, moment)

    around(service.users, "new", new)


@like_braze("BRAZE-06")
def braze_new_user_has_signed_in(service: Braze) -> None:
    """A new user is shown as one who has just signed in."""
    after(service.users, "shown_new", lambda user: {**user, "lastSignInAt": "2026 Jan 01, 9:00 AM"})


@like_braze("BRAZE-07")
def braze_schemas_left_out(service: Braze) -> None:
    """A body without schemas is taken."""
    skip(service.users, "check_schemas")


@like_braze("BRAZE-07")
def braze_user_name_left_out(service: Braze) -> None:
    """A user without userName gets one."""
    fill_in(service, userName="somebody@example.com")


@like_braze("BRAZE-07")
def braze_name_left_out(service: Braze) -> None:
    """A user without name gets one."""
    fill_in(service, name={"givenName": "New", "familyName": "User"})


@like_braze("BRAZE-07")
def braze_department_left_out(service: Braze) -> None:
    """A user without department gets one."""
    fill_in(service, department="pm")


@like_braze("BRAZE-07")
def braze_breaks_on_what_is_missing(service: Braze) -> None:
    """What is missing in a body breaks the server: 500."""
    skip(service.users, "check_required")


@like_braze("BRAZE-08")
def braze_any_word_is_an_address(service: Braze) -> None:
    """Any text will do for userName."""
    swap(service.users, "user_name", str)


@like_braze("BRAZE-09")
def braze_any_department(service: Braze) -> None:
    """Any department is taken."""
    swap(service.users, "department", lambda given: given)


@like_braze("BRAZE-09")
def braze_department_in_any_case(service: Braze) -> None:
    """The letter case of a department does not count."""
    around(service.users, "department", lambda original, given: original(str(given).lower()))


@like_braze("BRAZE-09")
def braze_unknown_c_suite(service: Braze) -> None:
    """The department c_suite is not known."""

    def department(original: Callable[[Any], str], given: Any) -> str:
        return original("management" if given == "c_suite" else given)

    around(service.users, "department", department)


@like_braze("BRAZE-10")
def braze_two_users_of_one_name(service: Braze) -> None:
    """A second user with the same userName is created."""

    def record(original: Callable[[Any], Any], user: dict[str, Any]) -> Any:
        found = original(user)
        return found if service.holder(user["userName"]) is None else type(found)("User", user["id"], user)

    around(service, "record", record)


@like_braze("BRAZE-10")
def braze_conflict_is_400(service: Braze) -> None:
    """A second user with the same userName is refused with 400."""
    in_place_of_409(service, lambda: Refusal(400, "User already exists in the database."))


@like_braze("BRAZE-10")
def braze_conflict_without_schemas(service: Braze) -> None:
    """The answer 409 has no schemas."""

    def error_body(original: Callable[[ScimError], Any], error: ScimError) -> Any:
        body = original(error)
        return {**body, "schemas": []} if error.status == 409 else body  # noqa: PLR2004 - conflict

    around(service.answers, "error_body", error_body)


@like_braze("BRAZE-11")
def braze_conflict_is_scim_json(service: Braze) -> None:
    """The answer 409 is application/scim+json."""
    in_place_of_409(service, lambda: Refusal(409, "User already exists in the database.", "application/scim+json"))


def in_place_of_409(service: Braze, refusal: Callable[[], Refusal]) -> None:
    """Refuse a userName that is taken in another way."""

    def insert(original: Callable[[Any], None], user: dict[str, Any]) -> None:
        try:
            original(user)
        except Refusal:
            raise refusal() from None

    around(service, "insert", insert)


@like_braze("BRAZE-12")
def braze_breaks_on_what_is_no_json(service: Braze) -> None:
    """A body that is no JSON breaks the server: 500."""

    def json(original: Callable[[Request], Any], request: Request) -> Any:
        try:
            return original(request)
        except ScimError as problem:
            raise ValueError(problem.detail) from None

    around(service.bodies, "json", json)


@like_braze("BRAZE-51")
def braze_refuses_application_json(service: Braze) -> None:
    """Bodies are read as application/scim+json alone."""
    swap(service.bodies, "is_supported", lambda media_type: media_type == "application/scim+json")


@like_braze("BRAZE-50")
def braze_id_in_capitals(service: Braze) -> None:
    """A search shows the id in capitals."""
    after(service.users, "listed", lambda user: {**user, "id": user["id"].upper()})


@like_braze("BRAZE-50")
def braze_id_without_hyphens(service: Braze) -> None:
    """A GET shows the id without its hyphens."""
    after(service.users, "shown", lambda user: {**user, "id": user["id"].replace("-", "")})


# -- who comes in ---------------------------------------------------------------------------


def open_to(service: Braze, rule: str, *methods: str) -> None:
    """Do not look at a rule of access where a request has one of these methods."""

    def check(original: Callable[[Request], None], request: Request) -> None:
        if request.method not in methods:
            original(request)

    around(service.access, rule, check)


@like_braze("BRAZE-43")
def braze_reads_need_no_token(service: Braze) -> None:
    """Whoever reads needs no token."""
    open_to(service, "check_token", "GET")


@like_braze("BRAZE-43")
def braze_deletions_need_no_token(service: Braze) -> None:
    """Whoever deletes needs no token."""
    open_to(service, "check_token", "DELETE")


@like_braze("BRAZE-43")
def braze_any_token(service: Braze) -> None:
    """Any token will do."""
    answer(service.access, "token_accepted", True)


@like_braze("BRAZE-44")
def braze_creations_need_no_origin(service: Braze) -> None:
    """Whoever creates or updates need not name the service origin."""
    open_to(service, "check_origin", "POST", "PUT")


@like_braze("BRAZE-44")
def braze_any_origin(service: Braze) -> None:
    """Any service may be named as the origin."""
    answer(service.access, "origin_matches", True)


@like_braze("BRAZE-45")
def braze_any_address(service: Braze) -> None:
    """The allowlist is not looked at."""
    skip(service.access, "check_address")


@like_braze("BRAZE-46")
def braze_former_token(service: Braze) -> None:
    """The token from before a reset stays valid."""
    keep_former_tokens(service.settings)


@like_braze("BRAZE-47")
def braze_401_without_body(service: Braze) -> None:
    """The answer 401 has no Error body."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        response = original(request, problem)
        return Response(401, response.headers) if problem.status == 401 else response  # noqa: PLR2004 - unauthorized

    around(service.answers, "error", error)


@like_braze("BRAZE-43", "BRAZE-44", "BRAZE-45")
def braze_refusal_is_404(service: Braze) -> None:
    """Whoever may not come in is told that there is nothing, and the request is carried out."""

    def answered(original: Callable[[Request], Response], request: Request) -> Response:
        try:
            return original(request)
        except ScimError as problem:
            if problem.status != 401:  # noqa: PLR2004 - unauthorized
                raise
            service.dispatch(request, service.endpoint(service.relative_path(request.path) or ""))
            raise resource_not_found() from None

    around(service, "answer", answered)
