"""Faults that Okta meets with one user, created and read."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, bare, sending, sent, showing
from scim_conformance.server.errors import ScimError, invalid_value, mutability
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

USERS, ONE = "/Users", "/Users/"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def less(body: Mapping[str, Any], *names: str) -> Body:
    """Give a body without some of its members."""
    return {name: value for name, value in body.items() if name not in names}


def refusing(service: Service, method: str, place: str, when: Callable[[Body], bool], why: str) -> None:
    """Refuse requests whose body meets a condition."""

    def answer(ask: Ask, request: Request) -> Response:
        if when(sent(request)):
            raise mutability(why)
        return ask(request)

    at(service, method, place, answer)


def asserted(body: Body) -> Body:
    """Give what a PATCH without path asserts, nothing where there is another operation."""
    operations = body.get("Operations") or [{}]
    value = operations[0].get("value") if len(operations) == 1 and "path" not in operations[0] else None
    return value if isinstance(value, dict) else {}


# -- create -----------------------------------------------------------------------------------


@fault("OKTA-U03")
def new_users_are_not_shown(service: Service) -> None:
    """POST of a user is answered with 201 and no body."""
    at(service, "POST", USERS, lambda ask, request: _empty(ask(request)))


def _empty(response: Response) -> Response:
    return bare(response, 201) if response.status == 201 else response  # noqa: PLR2004 - created


@fault("OKTA-U03")
def new_users_are_only_accepted(service: Service) -> None:
    """POST of a user is answered with 202 instead of 201."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        response.status = 202 if response.status == 201 else response.status  # noqa: PLR2004 - accepted, created
        return response

    at(service, "POST", USERS, answer)


@fault("OKTA-U03", "OKTA-Q04")
def groups_of_a_new_user_are_refused(service: Service) -> None:
    """POST of a user with groups, if only an empty list, is refused with 400."""
    refusing(service, "POST", USERS, lambda body: "groups" in body, "groups is readOnly.")


@fault("OKTA-U03", "OKTA-Q05")
def passwords_of_new_users_are_refused(service: Service) -> None:
    """POST of a user with a password is refused with 400."""
    refusing(service, "POST", USERS, lambda body: "password" in body, "Passwords are kept elsewhere.")


@fault("OKTA-U03-a")
def new_users_lose_their_given_name(service: Service) -> None:
    """A new user is stored without its given name."""
    sending(service, "POST", USERS, lambda body: body | {"name": less(body.get("name") or {}, "givenName")})


@fault("OKTA-U03-a")
def new_users_are_inactive(service: Service) -> None:
    """A new user is stored as inactive, whatever was sent."""
    sending(service, "POST", USERS, lambda body: body | {"active": False})


@fault("OKTA-U03-a", "OKTA-Q14")
def new_users_lose_their_address(service: Service) -> None:
    """A new user is stored without e-mail addresses."""
    sending(service, "POST", USERS, lambda body: less(body, "emails"))


@fault("OKTA-U03-b")
def creating_twice_succeeds(service: Service) -> None:
    """POST of a userName that is taken is answered with 200 and the user who has it."""

    def answer(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            if error.status != 409:  # noqa: PLR2004 - conflict
                raise
        name = str(sent(request).get("userName")).lower()
        found = next(r.resource for r in service.domains.scan("User") if r.resource["userName"].lower() == name)
        return Response(200, body=service.answers.encoded(dict(found)))

    at(service, "POST", USERS, answer)


@fault("OKTA-U03-b")
def creating_twice_is_a_bad_request(service: Service) -> None:
    """POST of a userName that is taken is refused with 400."""
    after(service.uniqueness, "conflict", lambda error: ScimError(400, error.scim_type, error.detail))


@fault("OKTA-Q09")
def conflicts_are_not_explained(service: Service) -> None:
    """The error 409 has no detail."""
    after(service.uniqueness, "conflict", lambda error: ScimError(error.status, error.scim_type))


@fault("OKTA-U03-c")
def ids_of_okta_are_dropped(service: Service) -> None:
    """The externalId of a user is not kept."""
    sending(service, "POST", USERS, lambda body: less(body, "externalId"))


@fault("OKTA-U03-d")
def departments_are_dropped(service: Service) -> None:
    """The enterprise attributes of a new user are not kept."""
    sending(service, "POST", USERS, lambda body: less(body, ENTERPRISE))


@fault("OKTA-U03-d")
def enterprise_users_are_refused(service: Service) -> None:
    """POST of a user that lists the enterprise extension is refused with 400."""
    refusing(service, "POST", USERS, lambda body: ENTERPRISE in body.get("schemas", []), "Unknown schema.")


@fault("OKTA-U03-e")
def new_passwords_come_back(service: Service) -> None:
    """The answer to POST of a user shows the password."""

    def answer(ask: Ask, request: Request) -> Response:
        password = sent(request).get("password")
        response = ask(request)
        if password and response.status == 201:  # noqa: PLR2004 - created
            response.body = service.answers.encoded(response.json | {"password": password})
        return response

    at(service, "POST", USERS, answer)


@fault("OKTA-U03-e")
def passwords_are_masked(service: Service) -> None:
    """GET of a user shows the password as stars."""
    showing(service, "GET", ONE, lambda body: body | {"password": "***"})


# -- read -------------------------------------------------------------------------------------


@fault("OKTA-U05")
def one_user_is_a_list(service: Service) -> None:
    """GET of a user is answered with a list of one."""
    showing(service, "GET", ONE, lambda body: service.answers.list_response([body], 1, 1))


@fault("OKTA-U05-a")
def unknown_users_are_bad_requests(service: Service) -> None:
    """GET of an id that does not exist is answered with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            raise invalid_value(error.detail) from None

    at(service, "GET", ONE, answer)


@fault("OKTA-U05-b")
def unknown_users_are_empty_answers(service: Service) -> None:
    """GET of an id that does not exist is answered with 404 and no body."""

    def answer(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            return Response(error.status)

    at(service, "GET", ONE, answer)


@fault("OKTA-U05-b")
def unknown_users_are_not_explained(service: Service) -> None:
    """The 404 of an id that does not exist has no detail."""

    def answer(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            raise ScimError(error.status) from None

    at(service, "GET", ONE, answer)


@fault("OKTA-Q02")
def ids_are_addresses(service: Service) -> None:
    """The id of a user is its userName."""

    def new(original: Callable[..., Resource], kind: ResourceType, draft: Resource) -> Resource:
        resource = original(kind, draft)
        return resource | {"id": resource.get("userName", resource["id"])}

    around(service.lifecycle, "new_resource", new)


@fault("OKTA-Q03")
def ids_look_like_bulk_ids(service: Service) -> None:
    """The id of a resource begins with bulkId."""
    after(service.lifecycle, "new_id", lambda id_: f"bulkId-{id_}")


@fault("OKTA-Q13")
def the_status_is_a_text(service: Service) -> None:
    """GET of a user shows active as a text."""
    showing(service, "GET", ONE, lambda body: body | {"active": str(body.get("active")).lower()})


@fault("OKTA-Q14")
def addresses_are_texts(service: Service) -> None:
    """GET of a user shows the e-mail addresses as texts."""
    showing(service, "GET", ONE, lambda body: body | {"emails": [one["value"] for one in body.get("emails", [])]})


@fault("OKTA-Q14")
def addresses_have_no_type(service: Service) -> None:
    """GET of a user shows the e-mail addresses without their types."""
    showing(service, "GET", ONE, lambda body: body | {"emails": [less(one, "type") for one in body.get("emails", [])]})
