"""Faults that only unusual values show: of one length, of one script, of one form (RFC 7643 section 2.3)."""

import re
from collections.abc import Callable
from typing import Any

from scim_conformance.server.comparison import instant
from scim_conformance.server.during import during
from scim_conformance.server.faults import around, fault
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def in_texts(service: Service, change: Callable[[str], str]) -> None:
    """Change every text before it is stored."""

    def string(original: Callable[..., str], value: Any, place: str) -> str:
        text = original(value, place)
        return text if place.lower().endswith("username") else change(text)

    around(service.values, "string", string)


@fault("RFC7643-2.3.1-01")
def texts_of_128_characters_lose_the_last(service: Service) -> None:
    """A text of exactly 128 characters is stored without its last one."""
    in_texts(service, lambda text: text[:-1] if len(text) == 128 else text)  # noqa: PLR2004 a limit set one too low


@fault("RFC7643-2.3.1-01")
def characters_beyond_the_basic_plane_are_dropped(service: Service) -> None:
    """Characters of the supplementary planes, such as emoji, are left out of what is stored."""
    in_texts(service, lambda text: "".join(character for character in text if character <= "\uffff"))


@fault("RFC7643-2.3.1-01")
def escaped_surrogate_pairs_are_lost(service: Service) -> None:
    """A character that JSON escapes as a surrogate pair is stored as two question marks."""
    around(service.bodies, "parsed", lambda original, text: original(_SURROGATES.sub("??", text)))


@fault("RFC7643-2.3.1-01")
def joined_emoji_are_taken_apart(service: Service) -> None:
    """Emoji that are joined by an invisible character are stored without it."""
    in_texts(service, lambda text: text.replace("\u200d", ""))


@fault("RFC7643-2.3.1-01")
def backslashes_before_letters_are_dropped(service: Service) -> None:
    """A backslash before a letter is taken for an escape, and left out of what is stored."""
    in_texts(service, lambda text: re.sub(r"\\(?=[a-z])", "", text))


@fault("RFC7643-2.3.1-01")
def numbers_in_texts_lose_leading_zeros(service: Service) -> None:
    """A text of digits alone is stored as a number would be written, without leading zeros."""
    in_texts(service, lambda text: str(int(text)) if text.isascii() and text.isdigit() else text)


@fault("RFC7644-3.5.1-04")
def put_keeps_two_elements_at_most(service: Service) -> None:
    """PUT stores the first two elements of a multi-valued attribute, and not the third."""

    def elements(original: Callable[..., Any], attribute: Attribute, value: Any, *rest: Any) -> Any:
        found = original(attribute, value, *rest)
        return found[:2] if found else found

    during(service.lifecycle, "replace", service.validation, "elements", elements)


@fault("RFC7644-3.5.1-04")
def times_before_1970_become_the_epoch(service: Service) -> None:
    """A dateTime before 1970 is stored as the first moment of that year."""
    service.schemas.add(_USER, Attribute("hired", "dateTime", description="When the user was hired."))

    def date_time(original: Callable[..., str], value: Any, place: str) -> str:
        text = original(value, place)
        return text if instant(text).year >= 1970 else "1970-01-01T00:00:00Z"  # noqa: PLR2004 the epoch

    around(service.values, "date_time", date_time)


@fault("RFC7644-3.5.1-04")
def offsets_of_half_hours_are_cut(service: Service) -> None:
    """A dateTime whose offset has half an hour in it is stored without that half hour."""
    service.schemas.add(_USER, Attribute("hired", "dateTime", description="When the user was hired."))

    def date_time(original: Callable[..., str], value: Any, place: str) -> str:
        return re.sub(r"([+-]\d\d):(?:30|45)$", r"\1:00", original(value, place))

    around(service.values, "date_time", date_time)


@fault("RFC7644-3.5.1-04")
def large_integers_wrap_around(service: Service) -> None:
    """Integers of more than 16 bits are stored with their lower bits alone."""
    for name in ("badge", "floor", "desk"):
        service.schemas.add(_USER, Attribute(name, "integer", description=f"The number of the {name}."))

    def integer(original: Callable[..., int], value: Any, place: str) -> int:
        return (original(value, place) + 2**15) % 2**16 - 2**15

    around(service.values, "integer", integer)
