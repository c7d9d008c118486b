"""Faults of the certificates of users (RFC 7643 section 4.1.2, x509Certificates)."""

import base64
import textwrap
from collections.abc import Callable
from typing import Any

from scim_conformance.server import values
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.user_values import keeping
from scim_conformance.server.service import Service

PLACE = "x509Certificates.value"


@fault("RFC7643-4.1.2-30")
def certificates_are_shown_as_pem(service: Service) -> None:
    """A certificate is shown in PEM form, with its armour and line breaks."""

    def armoured(text: str) -> str:
        lines = "\n".join(textwrap.wrap(text, 64))
        return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----"

    keeping(service, PLACE, armoured)


@fault("RFC7643-4.1.2-30")
def certificates_are_encoded_twice(service: Service) -> None:
    """A certificate is shown as the base64 of its base64."""
    keeping(service, PLACE, lambda text: base64.b64encode(text.encode()).decode())


@fault("RFC7643-4.1.2-30")
def certificates_are_cut(service: Service) -> None:
    """A certificate is kept to its first 255 characters, whole octets as they are."""
    keeping(service, PLACE, lambda text: text[:252])


@fault("RFC7643-4.1.2-30")
def certificates_are_shown_in_hex(service: Service) -> None:
    """A certificate is shown in hexadecimal digits."""
    keeping(service, PLACE, lambda text: service.values.decoded(text).hex())


@fault("RFC7643-4.1.2-31")
def certificates_in_a_row_are_taken(service: Service) -> None:
    """Two certificates, one after the other, are taken as one value."""
    unless(service, is_row=True)


@fault("RFC7643-4.1.2-31")
def lists_of_certificates_are_taken(service: Service) -> None:
    """A sequence of two certificates is taken as one value."""
    unless(service, is_row=False)


def unless(service: Service, *, is_row: bool) -> None:
    """Take several certificates in one value: those in a row, or those in a list."""

    def certificate(original: Callable[[str, str], str], value: str, place: str) -> str:
        data = service.values.decoded(value)
        return value if (values.der_length(data) != len(data)) is is_row else original(value, place)

    around(service.values, "certificate", certificate)


@fault("RFC7643-4.1.2-31")
def several_certificates_break_the_server(service: Service) -> None:
    """Two certificates in one value are answered with 500."""

    def certificate(original: Callable[[str, str], str], value: str, place: str) -> Any:
        try:
            return original(value, place)
        except ScimError:
            raise ScimError(500, None, "The server made a mistake.") from None

    around(service.values, "certificate", certificate)
