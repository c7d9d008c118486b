"""Faults of the challenge that comes with a refusal (RFC 6750 section 3, RFC 9110 section 11)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.access import after_refusal
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

ONCE = "RFC9110-11.2-01"


def add_parameter(service: Service, parameter: str) -> None:
    """Write something behind every challenge."""
    after(service.access, "challenge", lambda challenge: f"{challenge}, {parameter}")


# -- that there is one ----------------------------------------------------------------------


@fault("RFC9110-11.6.1-01", "RFC7644-2-07", "RFC9110-11.4-01")
def refusal_without_a_challenge(service: Service) -> None:
    """A 401 has no WWW-Authenticate header."""
    after_refusal(service, lambda _request, refusal: setattr(refusal, "headers", ()))


@fault("RFC6750-3-01")
def refused_delete_without_a_challenge(service: Service) -> None:
    """The 401 to a DELETE has no WWW-Authenticate header."""

    def strip(request: Request, refusal: ScimError) -> None:
        if request.method == "DELETE":
            refusal.headers = ()

    after_refusal(service, strip)


@fault("RFC9110-11.6.1-01", "RFC9110-11.4-01", "RFC6750-3.1-02")
def malformed_header_answers_401_without_a_challenge(service: Service) -> None:
    """A scheme without a token is answered 401 without a challenge, and a wrong token is called malformed."""

    def malformed(original: Callable[..., ScimError], detail: str) -> ScimError:
        refusal = original(detail)
        refusal.status, refusal.headers = 401, ()
        return refusal

    around(service.access, "malformed", malformed)
    around(service.access, "challenge", lambda original, error: original(error and "invalid_request"))


@fault("RFC9110-11.6.1-01")
def challenge_is_empty(service: Service) -> None:
    """The WWW-Authenticate header of a refusal is empty."""
    swap(service.access, "challenge", lambda _error: "")


@fault("RFC6750-3-03")
def challenge_names_basic(service: Service) -> None:
    """The challenge asks for Basic credentials, which are not accepted."""
    after(service.access, "challenge", lambda challenge: challenge.replace("Bearer", "Basic"))


@fault("RFC9110-11.6.1-02", "RFC6750-3-02")
def challenge_of_a_400_is_garbled(service: Service) -> None:
    """The challenge that comes with a 400 is no challenge."""

    def malformed(original: Callable[..., ScimError], detail: str) -> ScimError:
        refusal = original(detail)
        refusal.headers = (("WWW-Authenticate", '"log in, please"'),)
        return refusal

    around(service.access, "malformed", malformed)


# -- its parameters -------------------------------------------------------------------------


@fault("RFC6750-3-04")
def challenge_without_parameters(service: Service) -> None:
    """The challenge to a request without credentials is the bare word Bearer."""
    around(service.access, "challenge", lambda original, error: original(error) if error else "Bearer")


@fault("RFC6750-3-07", ONCE)
def realm_twice(service: Service) -> None:
    """The challenge has realm twice."""
    add_parameter(service, 'realm="people"')


@fault("RFC9110-11.5-01")
def realm_unquoted(service: Service) -> None:
    """The realm is written without quotes."""
    after(service.access, "challenge", lambda challenge: challenge.replace('"SCIM"', "SCIM"))


@fault("RFC6750-3-09", ONCE)
def scope_twice(service: Service) -> None:
    """The challenge has scope twice, instead of one with two values."""
    add_parameter(service, 'scope="read", scope="write"')


@fault("RFC6750-3-13", ONCE)
def error_twice(service: Service) -> None:
    """The challenge to a wrong token has error twice."""
    after(service.access, "challenge", lambda text: text + ', error="invalid_grant"' if "error" in text else text)


@fault("RFC6750-3-13", ONCE)
def error_description_twice(service: Service) -> None:
    """The challenge to a wrong token has its error_description twice, in two languages."""
    twice = ', error_description="Unknown token", error_description="Unbekanntes Token"'
    after(service.access, "challenge", lambda text: text + twice if "error" in text else text)


@fault(ONCE)
def other_parameter_twice(service: Service) -> None:
    """The challenge has a parameter of its own twice, in different letter case."""
    add_parameter(service, 'charset="UTF-8", Charset="ISO-8859-1"')


@fault("RFC6750-3-14")
def scope_with_a_quote(service: Service) -> None:
    """The scope has an escaped quote in it."""
    add_parameter(service, r'scope="read \"all\""')


@fault("RFC6750-3-14")
def scope_with_two_blanks(service: Service) -> None:
    """The values of scope are two blanks apart."""
    add_parameter(service, 'scope="read  write"')


@fault("RFC6750-3-15")
def error_description_with_quotes(service: Service) -> None:
    """The error_description has quotes in it, escaped as in any quoted string."""
    _describe(service, r'error_description="The token \"x\" is unknown"')


@fault("RFC6750-3-15")
def error_description_with_umlauts(service: Service) -> None:
    """The error_description has characters outside ASCII."""
    _describe(service, 'error_description="Ung\u00fcltig"')


@fault("RFC6750-3-16", "RFC6750-3-17")
def error_uri_with_blanks(service: Service) -> None:
    """The error_uri has blanks and brackets in it."""
    _describe(service, 'error_uri="https://example.com/errors/<invalid token>"')


@fault("RFC6750-3-17")
def error_uri_with_an_umlaut(service: Service) -> None:
    """The error_uri has a character outside ASCII."""
    _describe(service, 'error_uri="https://example.com/ung\u00fcltig"')


@fault("RFC6750-3-16")
def error_uri_is_no_uri(service: Service) -> None:
    """The error_uri has a percent sign that encodes nothing."""
    _describe(service, 'error_uri="https://example.com/100%"')


@fault("RFC6750-3-12")
def error_uri_is_relative(service: Service) -> None:
    """The error_uri is a path, not an absolute URI."""
    _describe(service, 'error_uri="/errors/invalid_token"')


def _describe(service: Service, parameter: str) -> None:
    after(service.access, "challenge", lambda text: f"{text}, {parameter}" if "error" in text else text)


# -- what it says of the credentials --------------------------------------------------------


@fault("RFC6750-3-10")
def wrong_token_without_an_error(service: Service) -> None:
    """The challenge to a wrong token does not say what is wrong with it."""
    around(service.access, "challenge", lambda original, _error: original(None))


@fault("RFC6750-3.1-02")
def wrong_token_is_called_an_invalid_request(service: Service) -> None:
    """A wrong token is called invalid_request."""
    around(service.access, "challenge", lambda original, error: original(error and "invalid_request"))


@fault("RFC6750-3.1-06")
def error_without_credentials(service: Service) -> None:
    """The challenge to a request without credentials calls them invalid."""
    around(service.access, "challenge", lambda original, error: original(error or "invalid_token"))


@fault("RFC6750-3.1-01")
def invalid_request_answers_401(service: Service) -> None:
    """A malformed Authorization header is called invalid_request and answered with 401."""
    after(service.access, "malformed", lambda refusal: _with_status(refusal, 401))


def _with_status(refusal: ScimError, status: int) -> ScimError:
    refusal.status = status
    return refusal


# -- the body of a refusal ------------------------------------------------------------------


@fault("RFC7644-3.12-01")
def refusal_without_schemas(service: Service) -> None:
    """The error body of a 401 has no schemas."""
    _in_refusals(service, lambda body: {name: value for name, value in body.items() if name != "schemas"})


@fault("RFC7644-3.12-02")
def refusal_with_another_status(service: Service) -> None:
    """The error body of a 401 has another status than the answer."""
    _in_refusals(service, lambda body: body | {"status": "403"})


def _in_refusals(service: Service, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    def error_body(original: Callable[..., dict[str, Any]], error: ScimError) -> dict[str, Any]:
        body = original(error)
        return change(body) if error.status == 401 else body  # noqa: PLR2004 - Unauthorized

    around(service.answers, "error_body", error_body)
