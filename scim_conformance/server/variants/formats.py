"""Variants of how users' values are written: normalised further than the RFC asks, or kept as clients sent them."""

import re
import string
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.errors import invalid_filter, invalid_value
from scim_conformance.server.pictures import keeping_pictures
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.values import der_length
from scim_conformance.server.variants import around, skip, swap, variant

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def keeping(service: Service, place: str, change: Callable[[Any], Any]) -> None:
    """Change the form in which the values at a place, such as emails.value, are kept."""

    def canonical(original: Callable[..., Any], attribute: Attribute, value: Any, where: str) -> Any:
        return change(original(attribute, value, where)) if where == place else original(attribute, value, where)

    around(service.values, "canonical", canonical)


def only_these_parts_of_names(service: Service, *parts: str) -> None:
    """Let the served schema have these sub-attributes of name, and no others."""
    schema = service.schemas.get(USER)
    name = schema.attribute("name") if schema else None
    if name is not None:
        subs = tuple(sub for sub in name.sub_attributes if sub.name in parts)
        service.schemas.add(USER, replace(name, sub_attributes=subs))


@variant()
def email_addresses_are_in_lower_case(service: Service) -> None:
    """E-mail addresses are kept in lower case altogether, as most mail systems treat them (RFC 7643 section 4.1.2)."""
    keeping(service, "emails.value", str.lower)


@variant()
def telephone_numbers_become_tel_uris(service: Service) -> None:
    """Telephone numbers are kept in the shortest canonical form of RFC 3966 (RFC 7643 section 4.1.2)."""

    def canonical(number: str) -> str:
        digits = re.sub(r"[^0-9+]", "", number.removeprefix("tel:"))
        return f"tel:{digits}" if digits.startswith("+") else number

    keeping(service, "phoneNumbers.value", canonical)


@variant()
def locales_get_hyphens(service: Service) -> None:
    """Locales with an underscore are taken and kept with a hyphen (RFC 7643 section 4.1.1)."""
    keeping(service, "locale", lambda text: text.replace("_", "-"))


@variant()
def countries_are_not_checked(service: Service) -> None:
    """A country is kept as the client sent it, which earns a warning where it is no code (A73)."""
    swap(service.values, "country", lambda value, _place: value)


@variant()
def countries_of_three_letters_are_understood(service: Service) -> None:
    """The country USA is taken and kept as US (A73)."""

    def country(original: Callable[[str, str], str], value: str, place: str) -> str:
        return original({"USA": "US", "SWE": "SE"}.get(value, value), place)

    around(service.values, "country", country)


@variant()
def names_are_formatted_alone(service: Service) -> None:
    """Users have name.formatted alone, and the served schema says so (RFC 7643 section 4.1.1)."""
    only_these_parts_of_names(service, "formatted")


@variant()
def names_are_parts_alone(service: Service) -> None:
    """Users have givenName and familyName, not name.formatted, and the served schema says so (section 4.1.1)."""
    only_these_parts_of_names(service, "givenName", "familyName")


@variant()
def names_are_formatted_by_the_provider(service: Service) -> None:
    """name.formatted is readOnly, made of the parts of the name (RFC 7643 section 4.1.1)."""
    service.schemas.change(USER, "name.formatted", mutability="readOnly")

    def record(original: Callable[..., Any], kind: Any, resource: dict[str, Any]) -> Any:
        full = service.defaults.in_full(resource.get("name") or {})
        if full:
            resource["name"] = {**resource["name"], "formatted": full}
        return original(kind, resource)

    around(service.lifecycle, "record", record)


@variant()
def passwords_are_not_compared(service: Service) -> None:
    """A filter on the password is refused wherever it stands (RFC 7643 section 4.1.1, A71)."""

    def refuse(_compare: Any) -> None:
        raise invalid_filter("A password cannot be filtered by.")

    swap(service.evaluation, "check_secret", refuse)


@variant()
def passwords_have_a_strict_policy(service: Service) -> None:
    """A password has at least twelve characters of ASCII: letters of both cases, digits and signs (A71)."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation)

    def is_weak(original: Callable[[str], bool], value: str) -> bool:
        mixed = all(any(letter in value for letter in kind) for kind in kinds)
        return original(value) or len(value) < len("twelve signs") or not value.isascii() or not mixed

    around(service.values, "is_weak_password", is_weak)


@variant()
def certificates_are_read(service: Service) -> None:
    """A value of x509Certificates that is no certificate is refused (RFC 7643 section 4.1.2)."""

    def certificate(original: Callable[[str, str], str], value: str, place: str) -> str:
        data = service.values.decoded(value)
        if der_length(data) != len(data):
            raise invalid_value(f"{place} is no certificate.")
        return original(value, place)

    around(service.values, "certificate", certificate)


@variant()
def pictures_are_kept_by_the_server(service: Service) -> None:
    """The server keeps pictures itself, and shows users' photos by URLs of its own, with images there (4.1.2)."""
    keeping_pictures(service, "image/png", b"\x89PNG\r\n\x1a\n")


@variant()
def addresses_are_formatted(service: Service) -> None:
    """An address without a formatted form is shown with one, made of its parts (RFC 7644 section 3.3, A83)."""

    def view(original: Callable[..., dict[str, Any]], kind: Any, resource: Any, request: Any) -> dict[str, Any]:
        shown = original(kind, resource, request)
        if "addresses" not in shown:
            return shown
        return {**shown, "addresses": [{"formatted": in_lines(each), **each} for each in shown["addresses"]]}

    around(service.membership, "view", view)


def in_lines(address: dict[str, Any]) -> str:
    """Write an address on a label."""
    parts = ("streetAddress", "locality", "region", "postalCode", "country")
    return "\n".join(address[part] for part in parts if address.get(part))


@variant()
def name_formatted_stays_as_it_was_sent(service: Service) -> None:
    """name.formatted is left as it is when a part of the name changes: to describe the same name is a SHOULD."""
    skip(service.defaults, "formatted_name")
