"""Faults of the multi-valued attributes of users (RFC 7643 section 4.1.2): how people are reached, and their rights."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.faults.user_values import failing, keeping, without
from scim_conformance.server.pictures import keeping_pictures
from scim_conformance.server.service import Service

# -- e-mail addresses ----------------------------------------------------------------------------------


@fault("RFC7643-4.1.2-01")
def bad_email_addresses_break_the_server(service: Service) -> None:
    """An e-mail address without an @ is answered with 500."""
    failing(service, "emails.value", lambda text: "@" not in text)


@fault("RFC7643-4.1.2-02")
def domains_keep_their_capitals(service: Service) -> None:
    """The domain of an e-mail address is kept as it was sent."""
    swap(service.values, "email", lambda value, _place: value)


@fault("RFC7643-4.1.2-04")
def types_of_email_addresses_are_lost(service: Service) -> None:
    """The e-mail addresses of users are shown without their types."""
    without(service, "emails", "type")


@fault("RFC7643-4.1.2-04")
def every_email_address_is_for_work(service: Service) -> None:
    """The type of every e-mail address is kept as work."""
    keeping(service, "emails.type", lambda _kind: "work")


# -- telephone numbers, instant messages --------------------------------------------------------------


@fault("RFC7644-3.3-02")
def one_telephone_number_is_kept(service: Service) -> None:
    """Of several telephone numbers only the first is shown."""
    showing(service, "User", lambda user: first_of(user, "phoneNumbers"))


@fault("RFC7644-3.3-02")
def one_instant_messaging_address_is_kept(service: Service) -> None:
    """Of several instant messaging addresses only the first is shown."""
    showing(service, "User", lambda user: first_of(user, "ims"))


def first_of(user: dict[str, Any], name: str) -> dict[str, Any]:
    """Show a user with one element of an attribute."""
    return {**user, name: user[name][:1]} if name in user else user


@fault("RFC7643-4.1.2-06", "RFC7643-4.1.2-07")
def telephone_numbers_lose_their_scheme(service: Service) -> None:
    """A telephone number that was sent as a tel: URI is kept as digits alone."""
    keeping(service, "phoneNumbers.value", lambda text: "".join(each for each in text if each.isdigit()))


@fault("RFC7643-4.1.2-07")
def plain_telephone_numbers_lose_their_country(service: Service) -> None:
    """A telephone number that was sent without tel: is kept without its country code."""
    keeping(service, "phoneNumbers.value", lambda text: text.removeprefix("+1 "))


@fault("RFC7643-4.1.2-10")
def instant_messaging_addresses_keep_capitals(service: Service) -> None:
    """An instant messaging address is kept with its capitals, but without its blanks."""
    swap(service.values, "instant_message", lambda value, _place: "".join(value.split()))


@fault("RFC7643-4.1.2-10")
def instant_messaging_addresses_keep_blanks(service: Service) -> None:
    """An instant messaging address is kept with its blanks, but in lower case."""
    swap(service.values, "instant_message", lambda value, _place: value.lower())


@fault("RFC7643-4.1.2-11")
def instant_messaging_types_are_renamed(service: Service) -> None:
    """The instant messaging type xmpp is shown as jabber, which the RFC does not have."""
    keeping(service, "ims.type", lambda kind: "jabber" if kind == "xmpp" else kind)


# -- pictures and addresses ----------------------------------------------------------------------------


@fault("RFC7643-4.1.2-14")
def types_of_pictures_are_lost(service: Service) -> None:
    """The pictures of users are shown without their types."""
    without(service, "photos", "type")


@fault("RFC7643-4.1.2-14")
def thumbnails_are_lost(service: Service) -> None:
    """A user is shown without the picture of type thumbnail."""

    def show(user: dict[str, Any]) -> dict[str, Any]:
        if "photos" not in user:
            return user
        return {**user, "photos": [each for each in user["photos"] if each.get("type") != "thumbnail"]}

    showing(service, "User", show)


@fault("RFC7643-4.1.2-19")
def regions_are_lost(service: Service) -> None:
    """The addresses of users are shown without their region."""
    without(service, "addresses", "region")


@fault("RFC7643-4.1.2-19")
def postal_codes_are_numbers(service: Service) -> None:
    """Blanks in a postal code are lost, as if it were a number."""
    keeping(service, "addresses.postalCode", lambda text: text.replace(" ", ""))


@fault("RFC7643-4.1.2-20", "RFC7643-4.1.2-21")
def line_breaks_in_addresses_are_blanks(service: Service) -> None:
    """Line breaks in addresses.formatted and addresses.streetAddress are kept as blanks."""
    for place in ("addresses.formatted", "addresses.streetAddress"):
        keeping(service, place, lambda text: text.replace("\n", " "))


@fault("RFC7643-4.1.2-22")
def countries_are_spelled_out(service: Service) -> None:
    """A country is kept by its name, although a code of two letters was sent."""
    keeping(service, "addresses.country", lambda code: {"US": "United States", "SE": "Sweden"}.get(code, code))


@fault("RFC7643-4.1.2-22")
def countries_get_three_letters(service: Service) -> None:
    """A country is kept as a code of three letters, although one of two was sent."""
    keeping(service, "addresses.country", lambda code: {"US": "USA", "SE": "SWE"}.get(code, code))


@fault("RFC7643-4.1.2-22")
def unknown_countries_become_another(service: Service) -> None:
    """A country that is no code of two letters is kept as another country."""
    swap(service.values, "country", lambda value, _place: value if len(value) == len("US") else "DE")


@fault("RFC7643-4.1.2-22")
def unknown_countries_break_the_server(service: Service) -> None:
    """A country that is no code of two letters is answered with 500."""

    def country(original: Callable[[str, str], str], value: str, place: str) -> str:
        try:
            return original(value, place)
        except ScimError:
            raise ScimError(500, None, "The server made a mistake.") from None

    around(service.values, "country", country)


@fault("RFC7643-4.1.2-15")
def pictures_are_web_pages(service: Service) -> None:
    """The server keeps pictures itself, and shows a web page with each at the URL in photos.value."""
    keeping_pictures(service, "text/html", b'<html><body><img src="1.png"></body></html>')


@fault("RFC7643-4.1.2-14")
def pictures_are_names_of_files(service: Service) -> None:
    """A picture is shown by the name of a file, not by a URL."""
    showing(
        service,
        "User",
        lambda user: (
            {**user, "photos": [{**each, "value": each["value"].rpartition("/")[2]} for each in user["photos"]]}
            if "photos" in user
            else user
        ),
    )


# -- rights ----------------------------------------------------------------------------------------------


@fault("RFC7643-4.1.2-28")
def types_of_entitlements_are_lost(service: Service) -> None:
    """The entitlements of users are shown without the types that clients gave them."""
    without(service, "entitlements", "type")


@fault("RFC7643-4.1.2-28")
def entitlements_are_words(service: Service) -> None:
    """An entitlement is kept to its first word only."""
    keeping(service, "entitlements.value", lambda text: text.partition(":")[0])


@fault("RFC7643-4.1.2-29")
def every_role_is_user(service: Service) -> None:
    """A role that the server does not know is kept as the role User."""
    keeping(service, "roles.value", lambda text: text if text in ("User", "Administrator") else "User")


@fault("RFC7643-4.1.2-29")
def roles_are_lost(service: Service) -> None:
    """Users are shown without the roles that they were given."""
    without(service, "roles")
