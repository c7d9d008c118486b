"""Faults of what is returned on request, or never: passwords above all (RFC 7643 sections 4.1.1 and 7)."""

import hashlib
from collections.abc import Callable
from typing import Any

from scim_conformance.server.faults import around, fault
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
Shown = dict[str, Any]


def answering(service: Service, change: Callable[[Shown, Request, Any], Shown]) -> None:
    """Let answers about one resource show it in another way: `change` gets what is shown, the request, the resource."""

    def shown(original: Callable[..., Shown], request: Request, kind: Any, resource: Any, *rest: Any) -> Shown:
        return change(original(request, kind, resource, *rest), request, resource)

    around(service.lifecycle, "shown", shown)


def leak(service: Service, *methods: str, named: bool, make: Callable[[str], Shown] | None = None) -> None:
    """Show the password in answers to these methods, only where attributes names it or in any case."""

    def change(shown: Shown, request: Request, resource: Any) -> Shown:
        asked = "password" in (request.parameter("attributes") or "")
        if request.method not in methods or "password" not in resource or (named and not asked):
            return shown
        return shown | (make or (lambda password: {"password": password}))(str(resource["password"]))

    answering(service, change)


def leak_in_lists(service: Service, *methods: str) -> None:
    """Show the password in lists that are asked for by these methods, where attributes names it."""

    def shown(original: Callable[..., Shown], request: Request, kind: Any, resource: Any, wanted: Any) -> Shown:
        found = original(request, kind, resource, wanted)
        if request.method in methods and "password" in (wanted.attributes or ()) and "password" in resource:
            return found | {"password": resource["password"]}
        return found

    around(service.query, "shown", shown)


@fault("RFC7643-4.1.1-22", "RFC7643-7-33")
def post_shows_the_password(service: Service) -> None:
    """The answer to POST shows the password that the client sent."""
    leak(service, "POST", named=False)


@fault("RFC7643-4.1.1-22", "RFC7643-7-33")
def post_shows_a_hash_of_the_password(service: Service) -> None:
    """The answer to POST shows a hash of the password."""
    digest = hashlib.sha256
    leak(service, "POST", named=False, make=lambda password: {"password": digest(password.encode()).hexdigest()})


NAMED = ("RFC7643-4.1.1-22", "RFC7643-4.1.1-31", "RFC7643-7-33", "RFC7643-7-36")


@fault(*NAMED)
def get_shows_a_password_that_is_named(service: Service) -> None:
    """A GET with password in attributes shows the password."""
    leak(service, "GET", named=True)


@fault(*NAMED)
def get_shows_a_hash_of_a_password_that_is_named(service: Service) -> None:
    """A GET with password in attributes shows a hash of it under another name."""
    digest = hashlib.sha256
    leak(service, "GET", named=True, make=lambda password: {"passwordHash": digest(password.encode()).hexdigest()})


@fault(*NAMED)
def lists_show_a_password_that_is_named(service: Service) -> None:
    """A list with password in attributes shows passwords."""
    leak_in_lists(service, "GET")


@fault(*NAMED)
def searches_show_a_password_that_is_named(service: Service) -> None:
    """A search with password in attributes shows passwords."""
    leak_in_lists(service, "POST")


@fault(*NAMED)
def put_shows_the_password(service: Service) -> None:
    """The answer to PUT shows the password."""
    leak(service, "PUT", named=False)


@fault(*NAMED)
def patch_shows_the_password(service: Service) -> None:
    """The answer to PATCH shows the password."""
    leak(service, "PATCH", named=False)


@fault("RFC7643-7-39")
def what_is_returned_on_request_is_shown_unasked(service: Service) -> None:
    """nickName, which is returned on request by the served schema, is shown by a GET that does not name it."""
    service.schemas.change(USER, "nickName", returned="request")
    around(
        service.projection,
        "request_is_shown",
        lambda original, attribute, key, named, *rest: named is None or original(attribute, key, named, *rest),
    )


@fault("RFC7643-7-39")
def what_is_returned_on_request_is_never_shown(service: Service) -> None:
    """nickName, which is returned on request by the served schema, is not shown though attributes names it."""
    service.schemas.change(USER, "nickName", returned="request")
    around(service.projection, "request_is_shown", lambda _original, _attribute, key, _named, _hidden, own: key in own)
