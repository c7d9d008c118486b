"""Faults of where a token is read: the Authorization header's forms and schemes, and places where none may be."""

import base64
import binascii
from collections.abc import Callable

from scim_conformance.server.faults import around, fault, skip, swap
from scim_conformance.server.faults.access import authorization, open_where, tokenless
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

TWO = 2
"""The words of a sound header: the scheme and the token."""


def present(service: Service, read: Callable[[Request], str | None]) -> None:
    """Look for a token elsewhere too; `read` gives it, or None where the rule is to look for it itself."""

    def presented(original: Callable[..., str | None], request: Request) -> str | None:
        found = read(request)
        return original(request) if found is None else found

    around(service.access, "presented_token", presented)


def words(request: Request) -> list[str]:
    """Give the words of the Authorization header."""
    return authorization(request).split(" ")


# -- the header -----------------------------------------------------------------------------


@fault("SEED-TOKEN-06")
def token_without_a_scheme_accepted(service: Service) -> None:
    """The token alone, without a scheme, is accepted."""
    present(service, lambda request: None if " " in authorization(request) else authorization(request) or None)


@fault("SEED-TOKEN-06")
def rest_of_the_header_ignored(service: Service) -> None:
    """The word after Bearer counts, and whatever follows it does not."""
    present(service, lambda request: words(request)[1] if len(words(request)) > TWO else None)


@fault("SEED-TOKEN-06")
def last_word_of_the_header_counts(service: Service) -> None:
    """The last word of the header is taken for the token."""
    present(service, lambda request: words(request)[-1] if len(words(request)) > TWO else None)


@fault("SEED-TOKEN-06")
def quotes_around_the_token_ignored(service: Service) -> None:
    """Quotes around the token do not matter, nor does a parameter's name before it."""

    def read(request: Request) -> str | None:
        token = authorization(request).removeprefix("Bearer ").removeprefix("token=")
        return token.strip('"') if token.startswith('"') else None

    present(service, read)


@fault("SEED-TOKEN-06")
def separator_after_the_scheme_ignored(service: Service) -> None:
    """A colon or an equals sign may stand where the blank has to be."""

    def read(request: Request) -> str | None:
        text = authorization(request)
        return text[7:].strip() if text[:7] in ("Bearer:", "Bearer=") else None

    present(service, read)


@fault("SEED-TOKEN-06")
def scheme_alone_is_let_in(service: Service) -> None:
    """The scheme without a token is let in."""
    open_where(service, "check_token", lambda request: authorization(request).strip() == "Bearer")


@fault("SEED-TOKEN-06")
def empty_header_is_let_in(service: Service) -> None:
    """An empty Authorization header is let in."""
    open_where(service, "check_token", lambda request: not tokenless(request) and not authorization(request))


@fault("SEED-TOKEN-06", "RFC6750-3.1-01")
def first_of_several_tokens_counts(service: Service) -> None:
    """Of several tokens the first one counts."""
    present(service, lambda request: words(request)[1].rstrip(",") if "," in authorization(request) else None)


@fault("RFC6750-3.1-01", "SEED-TOKEN-06")
def last_of_several_tokens_counts(service: Service) -> None:
    """Of several tokens the last one counts."""
    present(service, lambda request: words(request)[-1] if "," in authorization(request) else None)


@fault("SEED-TOKEN-07", "SEED-TOKEN-06")
def any_scheme_accepted(service: Service) -> None:
    """The token is accepted under any scheme."""
    present(service, lambda request: authorization(request).partition(" ")[2] if _two_words(request) else None)


def _two_words(request: Request) -> bool:
    scheme, _, token = authorization(request).partition(" ")
    return bool(token) and scheme.lower() != "bearer"


@fault("SEED-TOKEN-07", "SEED-TOKEN-06")
def schemes_like_bearer_accepted(service: Service) -> None:
    """Every scheme that begins with Bear is taken for Bearer."""
    swap(service.access, "is_bearer", lambda scheme: scheme.lower().startswith("bear"))


@fault("SEED-TOKEN-07")
def basic_password_accepted(service: Service) -> None:
    """The token is accepted as the password of Basic credentials."""
    present(service, lambda request: _basic(request)[1])


@fault("SEED-TOKEN-07")
def basic_user_accepted(service: Service) -> None:
    """The token is accepted as the user name of Basic credentials."""
    present(service, lambda request: _basic(request)[0])


def _basic(request: Request) -> tuple[str | None, str | None]:
    scheme, _, text = authorization(request).partition(" ")
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return (user or None, password or None) if scheme == "Basic" else (None, None)


@fault("SEED-TOKEN-08", "RFC6750-2.1-03")
def scheme_known_in_one_letter_case(service: Service) -> None:
    """The scheme is known as Bearer alone, not as bearer."""
    swap(service.access, "is_bearer", lambda scheme: scheme == "Bearer")


# -- other places ---------------------------------------------------------------------------


@fault("SEED-TOKEN-09", "RFC6750-2.3-02")
def token_in_the_query_accepted(service: Service) -> None:
    """The token is accepted as the query parameter access_token."""
    skip(service.access, "check_single_method")
    present(service, lambda request: request.parameter("access_token"))


@fault("SEED-TOKEN-09")
def token_in_another_parameter_accepted(service: Service) -> None:
    """The token is accepted as the query parameter token."""
    present(service, lambda request: request.parameter("token"))


@fault("SEED-TOKEN-09", "RFC6750-2.3-01", "RFC6750-2.3-03")
def token_in_the_query_breaks_the_server(service: Service) -> None:
    """A token in the query leads to an error of the server."""

    def read(request: Request) -> str | None:
        if request.parameter("access_token") is not None:
            raise RuntimeError("no such method")
        return None

    present(service, read)


@fault("SEED-TOKEN-09")
def token_in_another_header_accepted(service: Service) -> None:
    """The token is accepted in the header X-Auth-Token."""
    present(service, lambda request: request.headers.get("X-Auth-Token"))


@fault("SEED-TOKEN-09")
def token_in_a_cookie_accepted(service: Service) -> None:
    """The token is accepted as a cookie."""

    def read(request: Request) -> str | None:
        cookie = request.headers.get("Cookie") or ""
        return cookie.removeprefix("access_token=") if cookie.startswith("access_token=") else None

    present(service, read)
