"""Faults that Entra ID meets when it creates, reads and deletes users."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, sent, showing
from scim_conformance.server.errors import ScimError, invalid_value, not_found
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.entra import A_USER, USERS
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.validation import Resource

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def refusing(service: Service, place: str, problem: Callable[[Body], str]) -> None:
    """Refuse a POST of whose body a problem is told."""

    def create(ask: Ask, request: Request) -> Response:
        why = problem(sent(request))
        if why:
            raise invalid_value(why)
        return ask(request)

    at(service, "POST", place, create)


def roles_of(body: Body) -> list[Body]:
    """Give the roles in a body that are objects."""
    return [role for role in body.get("roles") or [] if isinstance(role, dict)]


# -- create ---------------------------------------------------------------------------------


@fault("ENTRA-U04-a", "ENTRA-Q07-a")
def entra_meta_is_the_servers_own(service: Service) -> None:
    """POST of a user with meta is refused, because meta is readOnly."""
    refusing(service, USERS, lambda body: "meta is readOnly." if "meta" in body else "")


@fault("ENTRA-U04-a", "ENTRA-Q07-b")
def entra_empty_roles_are_refused(service: Service) -> None:
    """POST of a user with an empty list of roles is refused."""
    refusing(service, USERS, lambda body: "roles is empty." if body.get("roles") == [] else "")


@fault("ENTRA-U04-a", "ENTRA-Q07-c")
def entra_listed_extensions_need_values(service: Service) -> None:
    """POST of a user whose schemas name an extension without values is refused."""

    def problem(body: Body) -> str:
        return "The extension is missing." if ENTERPRISE in body["schemas"] and ENTERPRISE not in body else ""

    refusing(service, USERS, problem)


@fault("ENTRA-Q07-d")
def entra_unlisted_extensions_are_refused(service: Service) -> None:
    """POST of a user with an extension that schemas does not name is refused."""

    def problem(body: Body) -> str:
        unlisted = [name for name in body if name.startswith("urn:") and name not in body["schemas"]]
        return f"schemas does not name {unlisted[0]}." if unlisted else ""

    refusing(service, USERS, problem)


@fault("ENTRA-U04-a")
def entra_creations_do_not_tell_the_id(service: Service) -> None:
    """POST of a user who has an externalId is answered without the new id."""

    def created(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status == 201 and "meta" in sent(request):  # noqa: PLR2004 - created
            body = {name: value for name, value in response.json.items() if name != "id"}
            return Response(201, response.headers, service.answers.encoded(body))
        return response

    at(service, "POST", USERS, created)


@fault("ENTRA-U04-b")
def entra_names_may_be_taken_twice(service: Service) -> None:
    """A second user of the same userName is created."""
    around(
        service.uniqueness,
        "is_unique",
        lambda original, attribute: attribute.name != "userName" and original(attribute),
    )


@fault("ENTRA-U04-b")
def entra_taken_names_are_bad_requests(service: Service) -> None:
    """A second user of the same userName is refused with 400."""

    def create(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            raise ScimError(400, error.scim_type, error.detail) from None

    at(service, "POST", USERS, create)


@fault("ENTRA-U04-c")
def entra_nulls_of_new_users_are_refused(service: Service) -> None:
    """POST of a user with null for an attribute is refused."""
    refusing(service, USERS, lambda body: "null is no value." if None in body.values() else "")


@fault("ENTRA-U05-a")
def entra_primary_roles_are_refused(service: Service) -> None:
    """POST of a user with a primary role is refused."""
    refusing(
        service, USERS, lambda body: "Unknown role." if any(role.get("primary") for role in roles_of(body)) else ""
    )


@fault("ENTRA-U05-b")
def entra_unknown_parts_of_roles_are_refused(service: Service) -> None:
    """POST of a user whose roles have a displayName is refused."""
    refusing(service, USERS, lambda body: "Unknown." if any("displayName" in role for role in roles_of(body)) else "")


@fault("ENTRA-U05-c")
def entra_labelled_roles_are_refused(service: Service) -> None:
    """POST of a user whose roles have a display is refused."""
    refusing(service, USERS, lambda body: "Unknown." if any("display" in role for role in roles_of(body)) else "")


@fault("ENTRA-U05-a", "ENTRA-U05-b", "ENTRA-U05-c")
def entra_types_of_roles_are_refused(service: Service) -> None:
    """POST of a user whose roles have a type is refused."""
    refusing(service, USERS, lambda body: "Unknown type." if any("type" in role for role in roles_of(body)) else "")


@fault("ENTRA-U05-d")
def entra_new_users_have_no_roles(service: Service) -> None:
    """The roles with which a user is created are lost."""

    def new_resource(original: Callable[..., Resource], kind: Any, draft: Resource) -> Resource:
        draft.pop("roles", None)
        return original(kind, draft)

    around(service.lifecycle, "new_resource", new_resource)


@fault("ENTRA-U05-d")
def entra_new_users_have_one_role(service: Service) -> None:
    """Of the roles with which a user is created the first is kept."""

    def new_resource(original: Callable[..., Resource], kind: Any, draft: Resource) -> Resource:
        draft["roles"] = (draft.get("roles") or [])[:1]
        return original(kind, draft)

    around(service.lifecycle, "new_resource", new_resource)


# -- values ---------------------------------------------------------------------------------


def writing(service: Service, change: Callable[[Resource], None]) -> None:
    """Change a user who is created."""

    def new_resource(original: Callable[..., Resource], kind: Any, draft: Resource) -> Resource:
        if kind.name == "User":
            change(draft)
        return original(kind, draft)

    around(service.lifecycle, "new_resource", new_resource)


@fault("ENTRA-Q09-a", "ENTRA-Q09-b")
def entra_telephone_numbers_are_normalised(service: Service) -> None:
    """Telephone numbers are kept as digits alone."""

    def change(user: Resource) -> None:
        for number in user.get("phoneNumbers") or []:
            number["value"] = "+" + "".join(each for each in number["value"] if each.isdigit())

    writing(service, change)


@fault("ENTRA-Q09-a")
def entra_titles_are_in_capitals(service: Service) -> None:
    """The title of a new user is kept in capital letters."""

    def change(user: Resource) -> None:
        if "title" in user:
            user["title"] = user["title"].upper()

    writing(service, change)


@fault("ENTRA-Q09-a", "ENTRA-Q02")
def entra_activity_of_new_users_is_shown_as_text(service: Service) -> None:
    """The attribute active is shown as a string."""
    showing(service, "GET", A_USER, lambda body: {**body, "active": str(body["active"])} if "active" in body else body)


@fault("ENTRA-Q09-a", "ENTRA-Q09-b")
def entra_accounts_are_kept_without_their_fax(service: Service) -> None:
    """Telephone numbers of the type fax are dropped."""

    def change(user: Resource) -> None:
        numbers = [number for number in user.get("phoneNumbers") or [] if number.get("type") != "fax"]
        user["phoneNumbers"] = numbers

    writing(service, change)


@fault("ENTRA-Q09-c")
def entra_countries_are_codes(service: Service) -> None:
    """A country that is no code of two letters is refused."""
    swap(service.values, "country", _code)


def _code(value: str, _place: str) -> str:
    if len(value) != len("EE"):
        raise invalid_value(f"{value} is no code.")
    return value


@fault("ENTRA-Q09-c")
def entra_countries_are_made_codes(service: Service) -> None:
    """A country is kept as its code, although its name was sent."""
    swap(service.values, "country", lambda value, _place: value[:2].upper())


# -- read -----------------------------------------------------------------------------------


def missing(service: Service, when: Callable[[Mapping[str, Any]], bool]) -> None:
    """Let GET of a user not find some."""

    def read(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status == 200 and when(response.json):  # noqa: PLR2004 - found
            raise not_found("There is no such user.")
        return response

    at(service, "GET", A_USER, read)


@fault("ENTRA-U06-b")
def entra_inactive_users_are_not_found_by_id(service: Service) -> None:
    """GET of an inactive user answers 404."""
    missing(service, lambda user: user.get("active") is False)


@fault("ENTRA-U06-a")
def entra_users_are_shown_in_a_list(service: Service) -> None:
    """GET of a user answers with a list response that holds the user."""

    def read(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.status == 200 and "Resources" not in response.json:  # noqa: PLR2004 - found
            body = service.answers.list_response([response.json], 1, 1)
            return Response(200, response.headers, service.answers.encoded(body))
        return response

    at(service, "GET", A_USER, read)


@fault("ENTRA-U06-c")
def entra_unknown_ids_have_no_scim_error(service: Service) -> None:
    """GET of an unknown user answers 404 with a body that is no SCIM error."""
    not_shown(service, lambda _error: Response(404, Headers([("Content-Type", "application/json")]), b'{"error": "x"}'))


@fault("ENTRA-U06-c")
def entra_unknown_ids_are_an_empty_list(service: Service) -> None:
    """GET of an unknown user answers 200 with an empty list."""
    empty = service.answers.encoded(service.answers.list_response([], 0, 1))
    not_shown(service, lambda _error: Response(200, Headers([("Content-Type", "application/scim+json")]), empty))


@fault("ENTRA-U06-c")
def entra_unknown_ids_are_a_server_error(service: Service) -> None:
    """GET of an unknown user answers 500."""

    def failing(error: ScimError) -> Response:
        raise ScimError(500, None, error.detail)

    not_shown(service, failing)


def not_shown(service: Service, make: Callable[[ScimError], Response]) -> None:
    """Answer for a user who is not there in another way."""

    def read(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            return make(error)

    at(service, "GET", A_USER, read)


# -- delete ---------------------------------------------------------------------------------


@fault("ENTRA-U17")
def entra_deleted_users_are_inactive(service: Service) -> None:
    """DELETE of a user makes the user inactive, who is still shown."""

    def remove(original: Callable[[Record], None], record: Record) -> None:
        if record.kind != "User":
            original(record)

    around(service.lifecycle, "remove", remove)


@fault("ENTRA-U17")
def entra_users_are_not_deleted_by_this_client(service: Service) -> None:
    """DELETE of a user is refused with 403."""

    def delete(_ask: Ask, _request: Request) -> Response:
        raise ScimError(403, None, "Ask an administrator.")

    at(service, "DELETE", A_USER, delete)
