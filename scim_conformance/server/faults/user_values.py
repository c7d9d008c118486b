"""Faults of the singular attributes of users (RFC 7643 section 4.1.1): names, texts, languages, passwords."""

import hashlib
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.faults import around, fault, skip, swap
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

Shown = dict[str, Any]


def keeping(service: Service, place: str, change: Callable[[Any], Any]) -> None:
    """Change the form in which the values at a place, such as emails.value, are kept."""

    def canonical(original: Callable[..., Any], attribute: Attribute, value: Any, where: str) -> Any:
        return change(original(attribute, value, where)) if where == place else original(attribute, value, where)

    around(service.values, "canonical", canonical)


def failing(service: Service, place: str, is_bad: Callable[[Any], bool]) -> None:
    """Let the server break down over a bad value at a place."""

    def canonical(original: Callable[..., Any], attribute: Attribute, value: Any, where: str) -> Any:
        if where == place and is_bad(value):
            raise ScimError(500, None, "The server made a mistake.")
        return original(attribute, value, where)

    around(service.values, "canonical", canonical)


def without(service: Service, name: str, sub: str = "") -> None:
    """Leave an attribute of users, or one of its sub-attributes, out of everything that is shown."""

    def hide(value: Any) -> Any:
        if isinstance(value, list):
            return [hide(element) for element in value]
        return {inner: each for inner, each in value.items() if inner != sub}

    def show(user: Shown) -> Shown:
        if sub:
            return {each: hide(value) if each == name else value for each, value in user.items()}
        return {each: value for each, value in user.items() if each != name}

    showing(service, "User", show)


# -- the schema and the name ----------------------------------------------------------------------


@fault("RFC7643-4.1-01")
def users_name_another_schema(service: Service) -> None:
    """A user shows a URI of the server's own in the place of the core User schema."""
    showing(service, "User", lambda user: {**user, "schemas": ["urn:example:schemas:Person"]})


@fault("RFC7643-4.1.1-09")
def middle_names_are_lost(service: Service) -> None:
    """A user is shown without name.middleName, although the served schema has it."""
    without(service, "name", "middleName")


@fault("RFC7643-4.1.1-09")
def honorifics_are_swapped(service: Service) -> None:
    """name.honorificPrefix is shown as name.honorificSuffix, and the other way about."""
    other = {"honorificPrefix": "honorificSuffix", "honorificSuffix": "honorificPrefix"}

    def show(user: Shown) -> Shown:
        name = user.get("name") or {}
        return {**user, "name": {other.get(part, part): text for part, text in name.items()}} if name else user

    showing(service, "User", show)


@fault("RFC7643-4.1.1-08")
def name_formatted_is_the_user_name(service: Service) -> None:
    """name.formatted shows the userName, whatever the parts of the name are."""

    def show(user: Shown) -> Shown:
        if "name" not in user or "userName" not in user:
            return user
        return {**user, "name": {**user["name"], "formatted": user["userName"]}}

    showing(service, "User", show)


@fault("RFC7643-4.1.1-08")
def name_formatted_is_left_behind(service: Service) -> None:
    """name.formatted keeps the old family name when that is changed by PATCH."""
    skip(service.defaults, "formatted_name")


# -- texts --------------------------------------------------------------------------------------------


@fault("RFC7643-4.1.1-15")
def unusual_user_types_are_unknown(service: Service) -> None:
    """A userType that is none of the RFC's examples is kept as Unknown."""
    usual = ("Contractor", "Employee", "Intern", "Temp", "External")
    keeping(service, "userType", lambda text: text if text in usual else "Unknown")


@fault("RFC7643-4.1.1-15")
def titles_are_cut(service: Service) -> None:
    """A title is kept to its first ten letters."""
    keeping(service, "title", lambda text: text[:10])


@fault("RFC7643-4.1.1-15")
def nick_names_are_lost(service: Service) -> None:
    """A user is shown without the nickName, although the served schema has it."""
    without(service, "nickName")


# -- profileUrl, languages, time zone ---------------------------------------------------------------


@fault("RFC7643-4.1.1-16")
def profile_urls_are_lost(service: Service) -> None:
    """A user is shown without the profileUrl, although the served schema has it."""
    without(service, "profileUrl")


@fault("RFC7643-4.1.1-16")
def profile_urls_lose_what_follows_dots(service: Service) -> None:
    """Of a profileUrl with .. in its path, what stands before these dots is kept."""

    def reference(original: Callable[..., str], value: Any, place: str) -> str:
        return original(value.partition("/../")[0] if place == "profileUrl" else value, place)

    around(service.values, "reference", reference)


@fault("RFC7643-4.1.1-16")
def bad_profile_urls_break_the_server(service: Service) -> None:
    """A profileUrl that is no URL is answered with 500."""

    def reference(original: Callable[..., str], value: Any, place: str) -> str:
        if place == "profileUrl" and " " in value:
            raise ScimError(500, None, "The server made a mistake.")
        return original(value, place)

    around(service.values, "reference", reference)


@fault("RFC7643-4.1.1-17")
def preferred_languages_are_cut_to_the_first(service: Service) -> None:
    """Of the languages in preferredLanguage only the first is kept."""
    keeping(service, "preferredLanguage", lambda text: text.partition(",")[0])


@fault("RFC7643-4.1.1-17")
def weights_of_languages_are_refused(service: Service) -> None:
    """A preferredLanguage with weights, as in Accept-Language, is refused."""

    def refuse(text: str) -> str:
        if ";" in text:
            raise invalid_value("preferredLanguage is one language tag.")
        return text

    keeping(service, "preferredLanguage", refuse)


@fault("RFC7643-4.1.1-18")
def locales_lose_their_region(service: Service) -> None:
    """A locale is kept as its language alone."""
    keeping(service, "locale", lambda text: text.partition("-")[0])


@fault("RFC7643-4.1.1-18")
def locales_get_underscores(service: Service) -> None:
    """A locale is shown with an underscore in the place of the hyphen."""
    keeping(service, "locale", lambda text: text.replace("-", "_"))


@fault("RFC7643-4.1.1-18")
def blanks_in_locales_break_the_server(service: Service) -> None:
    """A locale with a blank is answered with 500."""
    failing(service, "locale", lambda text: " " in text)


@fault("RFC7643-4.1.1-20")
def time_zones_become_offsets(service: Service) -> None:
    """A timezone is kept as its offset from UTC, not by its name."""
    keeping(service, "timezone", lambda text: "-08:00" if text == "America/Los_Angeles" else text)


@fault("RFC7643-4.1.1-20")
def unknown_time_zones_break_the_server(service: Service) -> None:
    """A timezone that is in no database is answered with 500."""
    failing(service, "timezone", lambda text: text.partition("/")[0] not in ("America", "Europe", "Asia", "UTC"))


# -- passwords ------------------------------------------------------------------------------------------


@fault("RFC7643-4.1.1-26")
def weak_passwords_are_taken(service: Service) -> None:
    """A password that the server's own policy refuses is taken."""
    swap(service.values, "is_weak_password", lambda _value: False)


@fault("RFC7643-4.1.1-26")
def weak_passwords_break_the_server(service: Service) -> None:
    """A password that the server's own policy refuses is answered with 500."""

    def is_weak(original: Callable[[str], bool], value: str) -> bool:
        if original(value):
            raise ScimError(500, None, "The server made a mistake.")
        return False

    around(service.values, "is_weak_password", is_weak)


@fault("RFC7643-4.1.1-30")
def every_password_matches(service: Service) -> None:
    """An eq filter on the password finds users by any text."""
    swap(service.evaluation, "is_password", lambda _wanted, _stored: True)


@fault("RFC7643-4.1.1-30")
def passwords_match_in_any_case(service: Service) -> None:
    """An eq filter finds a user by the password in other letter case."""

    def digest(original: Callable[[str, bytes], str], value: str, salt: bytes) -> str:
        return original(value.lower(), salt)

    around(service.values, "password_digest", digest)


@fault("RFC7643-4.1.1-25")
def passwords_are_not_prepared(service: Service) -> None:
    """A password in another Unicode normalisation is another password."""

    def digest(value: str, salt: bytes) -> str:
        return hashlib.pbkdf2_hmac("sha256", value.encode("utf-8"), salt, 1000).hex()

    swap(service.values, "password_digest", digest)
