"""Faults in rights: scopes, subjects, and tokens that have expired."""

from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, answer, around, fault, swap
from scim_conformance.server.grants import WRITE, Grant
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service


def writes_by(service: Service, method: str) -> None:
    """Let one method need no right to write."""

    def needed_scope(original: Any, request: Request, path: str) -> str:
        return "read" if request.method == method else original(request, path)

    around(service.access, "needed_scope", needed_scope)


@fault("RFC7644-2-08")
def read_only_token_creates(service: Service) -> None:
    """A token that may only read creates resources."""
    writes_by(service, "POST")


@fault("RFC7644-2-08")
def read_only_token_replaces(service: Service) -> None:
    """A token that may only read replaces resources by PUT."""
    writes_by(service, "PUT")


@fault("RFC7644-2-08")
def read_only_token_modifies(service: Service) -> None:
    """A token that may only read changes resources by PATCH."""
    writes_by(service, "PATCH")


@fault("RFC7644-2-08")
def read_only_token_deletes(service: Service) -> None:
    """A token that may only read deletes resources."""
    writes_by(service, "DELETE")


@fault("RFC7644-2-08")
def read_only_token_cannot_read(service: Service) -> None:
    """A token that may only read is refused everything."""
    answer(service.access, "needed_scope", WRITE)


@fault("RFC7644-2-08")
def write_performed_and_then_refused(service: Service) -> None:
    """A write without the right to it is performed, and then answered 403."""

    def check_rights(original: Any, request: Request, path: str) -> None:
        try:
            original(request, path)
        except ScimError:
            if not request.grant.subject:
                service.dispatch(request, service.endpoint(service.unversioned(path)))
            raise

    around(service.access, "check_rights", check_rights)


@fault("RFC7644-3.12-11", "RFC9110-11.4-02", "RFC7644-2.1-01")
def lack_of_rights_answered_401(service: Service) -> None:
    """A valid token that lacks a right is answered 401, as if it were no token."""
    swap(service.access, "insufficient_scope", lambda _scope: service.access.unauthorized("You may not do that."))


@fault("RFC7644-3.12-11", "RFC9110-11.4-02", "RFC7644-2.1-01")
def lack_of_rights_answered_400(service: Service) -> None:
    """A valid token that lacks a right is answered 400."""
    swap(service.access, "insufficient_scope", lambda _scope: ScimError(400, "invalidValue", "You may not do that."))


@fault("RFC6750-3.1-04")
def insufficient_scope_called_invalid_token(service: Service) -> None:
    """The challenge to a token that lacks a right says that the token is invalid."""

    def insufficient_scope(scope: str) -> ScimError:
        challenge = service.access.challenge("invalid_token")
        return ScimError(403, None, f"The token lacks the scope {scope}.", [("WWW-Authenticate", challenge)])

    swap(service.access, "insufficient_scope", insufficient_scope)


# -- subjects -------------------------------------------------------------------------------


def others_open_to(service: Service, *methods: str) -> None:
    """Let a user do these things to others."""

    def check_rights(original: Any, request: Request, path: str) -> None:
        if request.grant.subject and request.method in methods:
            return
        original(request, path)

    around(service.access, "check_rights", check_rights)


@fault("RFC7644-2-10", "RFC7643-9.3-03")
def users_read_everybody(service: Service) -> None:
    """A token that acts for a user reads every other user as well."""
    others_open_to(service, "GET", "HEAD")


@fault("RFC7644-7.7-03")
def users_change_everybody(service: Service) -> None:
    """A token that acts for a user changes others as a client application may."""
    others_open_to(service, "PUT", "PATCH")


@fault("RFC7644-7.7-03")
def users_delete_everybody(service: Service) -> None:
    """A token that acts for a user deletes others as a client application may."""
    others_open_to(service, "DELETE")


# -- time -----------------------------------------------------------------------------------


@fault("RFC7644-7.4-04", "RFC6750-5.2-04")
def tokens_never_expire(service: Service) -> None:
    """A token is good for ever, whatever was said of its end."""
    answer(service.grants, "is_expired", False)


def expired(service: Service, request: Request) -> bool:
    """Tell whether a request brings a token that has expired."""
    token = service.access.presented_token(request)
    issued: dict[bytes, Grant] = service.grants._grants  # noqa: SLF001 the server has no use for what has expired
    grant = issued.get(service.grants._digest_of(token)) if token else None  # noqa: SLF001 the same
    return grant is not None and service.grants.is_expired(grant)


@fault("RFC7644-7.4-04", "RFC6750-5.2-04")
def expired_tokens_delete(service: Service) -> None:
    """A token that has expired is refused for reading, and deletes resources still."""

    def check_token(original: Any, request: Request) -> None:
        if request.method == "DELETE" and expired(service, request):
            return
        original(request)

    around(service.access, "check_token", check_token)


@fault("RFC7644-7.4-04", "RFC6750-5.2-04")
def expired_tokens_create_and_are_refused(service: Service) -> None:
    """What a token that has expired asks to create is created, and then answered 401."""

    def check(original: Any, request: Request, path: str) -> None:
        try:
            original(request, path)
        except ScimError:
            if request.method == "POST" and expired(service, request):
                service.dispatch(request, service.endpoint(service.unversioned(path)))
            raise

    around(service.access, "check", check)


@fault("RFC6750-3.1-02")
def expired_tokens_called_insufficient(service: Service) -> None:
    """The challenge to a token that has expired says that it lacks a scope."""

    def check_token(original: Any, request: Request) -> None:
        if expired(service, request):
            raise service.access.unauthorized("The token has expired.", error="insufficient_scope")
        original(request)

    around(service.access, "check_token", check_token)


# -- without a token ------------------------------------------------------------------------


@fault("RFC7644-2.2-01")
def registration_needs_a_token(service: Service) -> None:
    """Registering is refused without credentials, where the operator says that anybody may."""
    answer(service.access, "is_registration", False)


@fault("RFC7644-7.6-03")
def registered_users_are_active(service: Service) -> None:
    """Whoever registers is active at once, without any confirmation."""
    after(service.own_resource, "unconfirmed", lambda body: {**body, "active": True})
