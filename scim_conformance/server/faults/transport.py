"""Faults in transport security, as far as HTTP shows it."""

from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, skip
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service


@fault("RFC7644-7.2-01", "RFC7644-7.4-03", "RFC6750-5.2-02")
def plain_http_is_spoken(service: Service) -> None:
    """Plain HTTP is answered as TLS is, with a challenge to send the token."""
    skip(service.access, "check_transport")


@fault("RFC7644-7.2-01")
def discovery_over_plain_http(service: Service) -> None:
    """The discovery documents are served over plain HTTP to anybody."""

    def check(original: Any, request: Request, path: str) -> None:
        if request.scheme != "http" or service.access.endpoint(path) != "ServiceProviderConfig":
            original(request, path)

    around(service.access, "check", check)


@fault("RFC7644-7.4-03", "RFC6750-5.2-02")
def plain_http_asks_for_a_token(service: Service) -> None:
    """Plain HTTP is refused with 403, and with a challenge that invites to send the token there."""

    def check_transport(original: Any, request: Request) -> None:
        try:
            original(request)
        except ScimError as refusal:
            refusal.headers = (("WWW-Authenticate", service.access.challenge(None)),)
            raise

    around(service.access, "check_transport", check_transport)
