"""Faults that Okta meets when it changes a user: profile pushed, deactivated, reactivated, assigned again."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, sending, sent, showing
from scim_conformance.server.errors import ScimError, not_found
from scim_conformance.server.faults import after, fault
from scim_conformance.server.faults.okta_users import ONE, USERS, asserted, less, refusing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

# -- update -----------------------------------------------------------------------------------


@fault("OKTA-U06")
def profiles_are_not_stored(service: Service) -> None:
    """PUT of a user is answered with what was sent, and changes no name."""

    def answer(ask: Ask, request: Request) -> Response:
        before = next(r.resource for r in service.domains.scan("User") if request.path.endswith(r.id))
        sent_name = sent(request).get("name")
        request.body = service.answers.encoded(sent(request) | {"name": before.get("name")})
        response = ask(request)
        response.body = service.answers.encoded(response.json | {"name": sent_name})
        return response

    at(service, "PUT", ONE, answer)


@fault("OKTA-U06")
def users_are_not_replaced(service: Service) -> None:
    """PUT of a user is answered with 405."""

    def answer(_ask: Ask, _request: Request) -> Response:
        raise ScimError(405, None, "Send PATCH.", [("Allow", "GET, PATCH, DELETE")])

    at(service, "PUT", ONE, answer)


@fault("OKTA-U06-a")
def a_push_loses_the_title(service: Service) -> None:
    """PUT of a user drops the title."""
    sending(service, "PUT", ONE, lambda body: less(body, "title"))


@fault("OKTA-Q01")
def updated_users_get_another_id(service: Service) -> None:
    """The answer to PUT of a user shows the id in upper case."""
    showing(service, "PUT", ONE, lambda body: body | {"id": body["id"].upper()})


@fault("OKTA-Q01", "OKTA-U02-a")
def matched_users_have_another_id(service: Service) -> None:
    """Lists show the ids of users in upper case."""

    def change(body: Body) -> Body:
        return body | {"Resources": [one | {"id": one["id"].upper()} for one in body["Resources"]]}

    showing(service, "GET", USERS, change)


@fault("OKTA-U06", "OKTA-Q06")
def an_id_in_a_put_is_refused(service: Service) -> None:
    """PUT of a user whose body has the id is refused with 400."""
    refusing(service, "PUT", ONE, lambda body: "id" in body, "id is readOnly.")


@fault("OKTA-U06", "OKTA-Q06")
def meta_in_a_put_is_refused(service: Service) -> None:
    """PUT of a user whose body has meta is refused with 400."""
    refusing(service, "PUT", ONE, lambda body: "meta" in body, "meta is readOnly.")


@fault("OKTA-U06", "OKTA-Q06")
def groups_in_a_put_are_refused(service: Service) -> None:
    """PUT of a user whose body has groups is refused with 400."""
    refusing(service, "PUT", ONE, lambda body: "groups" in body, "groups is readOnly.")


@fault("OKTA-Q07")
def a_display_of_addresses_is_refused(service: Service) -> None:
    """PUT of a user whose e-mail address has a display is refused with 400."""

    def when(body: Body) -> bool:
        return any("display" in one for one in body.get("emails") or [])

    refusing(service, "PUT", ONE, when, "emails.display is computed.")


@fault("OKTA-Q15")
def groups_that_come_back_are_refused(service: Service) -> None:
    """PUT of a user whose body has groups, not an empty list, is refused with 400."""
    refusing(service, "PUT", ONE, lambda body: bool(body.get("groups")), "groups is readOnly.")


@fault("OKTA-Q15")
def a_push_takes_people_out_of_their_groups(service: Service) -> None:
    """PUT of a user ends the memberships of the user."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        service.lifecycle.release(request.path.rpartition("/")[2])
        return response

    at(service, "PUT", ONE, answer)


# -- status -----------------------------------------------------------------------------------


def keeping(service: Service, method: str, *, value: bool) -> None:
    """Leave the status of users alone where it would become this value."""

    def change(body: Body) -> Body:
        if method == "PUT":
            return body | {"active": not value} if body.get("active") is value else body
        return {"schemas": body["schemas"], "Operations": [_kept(one, value=value) for one in body["Operations"]]}

    sending(service, method, ONE, change)


def _kept(operation: Body, *, value: bool) -> Body:
    inside = operation.get("value")
    if "path" not in operation and isinstance(inside, dict) and inside.get("active") is value:
        return operation | {"value": less(inside, "active")}
    return operation


@fault("OKTA-U07")
def a_put_does_not_deactivate(service: Service) -> None:
    """PUT of a user with active false leaves the user active."""
    keeping(service, "PUT", value=False)


@fault("OKTA-U07-a", "OKTA-Q12")
def a_put_does_not_reactivate(service: Service) -> None:
    """PUT of an inactive user with active true leaves the user inactive."""

    def answer(ask: Ask, request: Request) -> Response:
        stored = next((r.resource for r in service.domains.scan("User") if request.path.endswith(r.id)), {})
        if stored.get("active") is False:
            request.body = service.answers.encoded(sent(request) | {"active": False})
        return ask(request)

    at(service, "PUT", ONE, answer)


@fault("OKTA-U08")
def a_patch_without_path_does_not_deactivate(service: Service) -> None:
    """PATCH of a user without path ignores active false."""
    keeping(service, "PATCH", value=False)


@fault("OKTA-U08")
def a_patch_without_path_is_refused(service: Service) -> None:
    """PATCH of a user by an operation without path is refused with 400."""
    refusing(service, "PATCH", ONE, lambda body: bool(asserted(body)), "A path is required.")


@fault("OKTA-U08-a", "OKTA-Q12")
def a_patch_without_path_does_not_reactivate(service: Service) -> None:
    """PATCH of a user without path ignores active true."""
    keeping(service, "PATCH", value=True)


@fault("OKTA-U08-b")
def a_password_without_path_is_refused(service: Service) -> None:
    """PATCH of a user without path that sets a password is refused with 400."""
    refusing(service, "PATCH", ONE, lambda body: "password" in asserted(body), "Passwords are kept elsewhere.")


@fault("OKTA-U08-c")
def a_password_in_a_put_is_refused(service: Service) -> None:
    """PUT of a user with a password is refused with 400."""
    refusing(service, "PUT", ONE, lambda body: "password" in body, "Passwords are kept elsewhere.")


@fault("OKTA-U08-d")
def only_the_first_operation_counts(service: Service) -> None:
    """Of several operations of a PATCH only the first is applied."""
    sending(service, "PATCH", ONE, lambda body: body | {"Operations": body["Operations"][:1]})


@fault("OKTA-U08-e")
def a_patch_needs_its_schemas_in_order(service: Service) -> None:
    """PATCH of a user whose body lacks schemas is taken, and does nothing."""

    def answer(ask: Ask, request: Request) -> Response:
        if "schemas" not in sent(request):
            return Response(204)
        return ask(request)

    at(service, "PATCH", ONE, answer)


@fault("OKTA-Q10")
def deactivated_users_are_gone(service: Service) -> None:
    """GET of an inactive user is answered with 404."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if response.json.get("active") is False:
            raise not_found("There is no such user.")
        return response

    at(service, "GET", ONE, answer)


@fault("OKTA-Q11")
def deactivated_users_are_not_listed(service: Service) -> None:
    """Lists leave inactive users out."""

    def matching(found: list[Any]) -> list[Any]:
        return [(kind, resource) for kind, resource in found if resource.get("active") is not False]

    after(service.query, "matching", matching)


@fault("OKTA-Q12")
def inactive_users_cannot_be_changed(service: Service) -> None:
    """PUT and PATCH of an inactive user are refused with 403."""
    for method in ("PUT", "PATCH"):
        at(service, method, ONE, _refused_while_inactive(service))


def _refused_while_inactive(service: Service) -> Callable[[Ask, Request], Response]:
    def answer(ask: Ask, request: Request) -> Response:
        stored = next((r.resource for r in service.domains.scan("User") if request.path.endswith(r.id)), {})
        if stored.get("active") is False:
            raise ScimError(403, None, "The user is inactive.")
        return ask(request)

    return answer
