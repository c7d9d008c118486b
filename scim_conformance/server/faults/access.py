"""Faults of the bearer token: who is let in with which, and what a refusal gives away."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.settings import Settings

Condition = Callable[[Request], bool]

# -- tools that the other modules of access control use too ---------------------------------


def open_where(service: Service, rule: str, condition: Condition) -> None:
    """Let a rule of access pass every request that meets a condition."""

    def check(original: Callable[..., None], request: Request) -> None:
        if not condition(request):
            original(request)

    around(service.access, rule, check)


def close_where(service: Service, condition: Condition) -> None:
    """Refuse every request that meets a condition, though nothing is wrong with it."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        original(request, path)
        if condition(request):
            raise service.access.unauthorized("Not today.")

    around(service.access, "check", check)


def tokenless(request: Request) -> bool:
    """Tell whether a request has no Authorization header."""
    return "Authorization" not in request.headers


def authorization(request: Request) -> str:
    """Give the Authorization header, or nothing."""
    return request.headers.get("Authorization") or ""


def shown_tokens(service: Service) -> list[str]:
    """Give a list that will hold every token that is shown from now on, the one in force last."""
    shown: list[str] = []

    def note(token: str) -> str:
        shown.append(token)
        return token

    after(service, "take_token", note)
    after(service.settings, "generate_token", note)
    after(service.settings, "reset_token", note)
    return shown


def accept_too(service: Service, resembles: Callable[[str, str], bool]) -> None:
    """Accept also what resembles the token in force: `resembles` gets what is presented, and the token."""
    shown = shown_tokens(service)
    around(
        service.access,
        "token_accepted",
        lambda original, token: original(token) or any(resembles(token, known) for known in shown[-1:]),
    )


def digest(token: str) -> bytes:
    """Make what the settings keep of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def former_digests(settings: Settings) -> list[bytes]:
    """Give a list that will hold the digest of every token that is reset from now on."""
    former: list[bytes] = []

    def reset(original: Callable[[], str]) -> str:
        known = vars(settings).get("_digest")
        token = original()
        former.append(known or b"")
        return token

    around(settings, "reset_token", reset)
    return former


def keep_former_tokens(settings: Settings) -> None:
    """Go on accepting the tokens that were reset."""
    former = former_digests(settings)
    around(settings, "accepts", lambda original, token: original(token) or digest(token) in former)


def after_refusal(service: Service, change: Callable[[Request, ScimError], Any]) -> None:
    """Do something to every refusal of credentials before it is answered."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        try:
            original(request, path)
        except ScimError as refusal:
            change(request, refusal)
            raise

    around(service.access, "check", check)


# -- no token, or a wrong one ---------------------------------------------------------------


@fault("SEED-TOKEN-02", "SEED-TOKEN-03")
def missing_token_accepted_for_head(service: Service) -> None:
    """HEAD is answered without an Authorization header."""
    open_where(service, "check_token", lambda request: request.method == "HEAD" and tokenless(request))


@fault("SEED-TOKEN-02", "SEED-ORIGIN-10", "SEED-ALLOW-06")
def missing_token_accepted_for_delete(service: Service) -> None:
    """DELETE is done without an Authorization header."""
    open_where(service, "check_token", lambda request: request.method == "DELETE" and tokenless(request))


@fault("SEED-TOKEN-02", "SEED-TOKEN-03")
def missing_token_accepted_for_get(service: Service) -> None:
    """GET is answered without an Authorization header: where the origin is right, the token does not matter."""
    open_where(service, "check_token", lambda request: request.method == "GET" and tokenless(request))


@fault("SEED-TOKEN-04", "SEED-TOKEN-03")
def any_token_accepted_for_get(service: Service) -> None:
    """GET is answered with any token."""
    open_where(service, "check_token", lambda request: request.method == "GET" and not tokenless(request))


@fault("SEED-TOKEN-02", "SEED-TOKEN-12")
def missing_token_accepted_for_post(service: Service) -> None:
    """Anybody can create resources without an Authorization header."""
    open_where(service, "check_token", lambda request: request.method == "POST" and tokenless(request))


@fault("SEED-TOKEN-02", "SEED-TOKEN-12")
def missing_token_accepted_for_groups(service: Service) -> None:
    """Groups are left unprotected: without an Authorization header they are served."""
    open_where(service, "check_token", lambda request: "/Groups" in request.path and tokenless(request))


@fault("SEED-TOKEN-02")
def missing_token_accepted_for_search(service: Service) -> None:
    """Searching by POST needs no Authorization header."""
    open_where(service, "check_token", lambda request: request.path.endswith("/.search") and tokenless(request))


@fault("SEED-TOKEN-04", "SEED-TOKEN-10", "RFC7644-2-04")
def any_token_accepted_for_search(service: Service) -> None:
    """Searching by POST takes any token."""
    open_where(service, "check_token", lambda request: request.path.endswith("/.search") and not tokenless(request))


@fault("SEED-TOKEN-02", "SEED-ORIGIN-10", "SEED-ALLOW-06")
def refused_delete_is_done(service: Service) -> None:
    """DELETE without a token is refused, after it was done."""

    def check(original: Callable[..., None], request: Request, path: str) -> None:
        try:
            original(request, path)
        except ScimError:
            if request.method == "DELETE" and tokenless(request):
                with suppress(ScimError):
                    service.dispatch(request, service.endpoint(service.unversioned(path)))
            raise

    around(service.access, "check", check)


@fault("SEED-TOKEN-04", "SEED-TOKEN-10", "RFC7644-2-04")
def refused_post_creates(service: Service) -> None:
    """POST with a wrong token is refused, and the resource is created nevertheless."""
    _done_though_refused(service, "POST")


@fault("SEED-TOKEN-04", "SEED-TOKEN-10", "RFC7644-2-04")
def refused_put_replaces(service: Service) -> None:
    """PUT with a wrong token is refused, and the resource is replaced nevertheless."""
    _done_though_refused(service, "PUT")


def _done_though_refused(service: Service, method: str) -> None:
    def check(original: Callable[..., None], request: Request, path: str) -> None:
        try:
            original(request, path)
        except ScimError as refusal:
            if request.method == method and any("invalid_token" in value for _, value in refusal.headers):
                with suppress(ScimError):
                    service.dispatch(request, service.endpoint(service.unversioned(path)))
            raise

    around(service.access, "check", check)


@fault("SEED-TOKEN-03")
def discovery_needs_no_token(service: Service) -> None:
    """The discovery documents are served to anybody, against the settings' rule."""
    service.settings.anonymous_discovery = True


@fault("SEED-TOKEN-03", "SEED-TOKEN-10")
def any_token_accepted_for_schemas(service: Service) -> None:
    """The schemas are served for any token."""
    open_where(service, "check_token", lambda request: request.path.endswith("/Schemas") and not tokenless(request))


@fault("SEED-TOKEN-04", "SEED-TOKEN-10", "SEED-TOKEN-12", "RFC7644-2-04")
def any_token_accepted_for_patch(service: Service) -> None:
    """PATCH is done with any token."""
    open_where(service, "check_token", lambda request: request.method == "PATCH" and not tokenless(request))


@fault("RFC7644-3.12-10", "RFC7644-2-07", "RFC9110-11.4-01")
def missing_token_answers_404(service: Service) -> None:
    """A request without a token is answered as if nothing were there: 404."""

    def hide(request: Request, refusal: ScimError) -> None:
        if tokenless(request):
            refusal.status = 404

    after_refusal(service, hide)


@fault("RFC7644-3.12-10", "RFC6750-3.1-02", "RFC9110-11.4-01")
def wrong_token_answers_400(service: Service) -> None:
    """A wrong token is answered with 400."""

    def blame(_request: Request, refusal: ScimError) -> None:
        if any("invalid_token" in value for _, value in refusal.headers):
            refusal.status = 400

    after_refusal(service, blame)


@fault("SEED-TOKEN-02", "SEED-TOKEN-03")
def missing_token_leads_to_a_login_page(service: Service) -> None:
    """A request without a token is sent to a login page for people."""

    def handle(original: Callable[..., Response], request: Request) -> Response:
        if request.path == "/login":
            return Response(200, Headers([("Content-Type", "text/html")]), b"<!doctype html><title>Log in</title>")
        response = original(request)
        if response.status == 401 and request.method == "GET" and tokenless(request):  # noqa: PLR2004 - Unauthorized
            return Response(302, Headers([("Location", "/login")]))
        return response

    around(service, "handle", handle)


@fault("SEED-TOKEN-01", "SEED-ORIGIN-01", "SEED-ALLOW-02", "RFC6750-2.1-02", "RFC7644-2-02")
def right_credentials_refused_for_head(service: Service) -> None:
    """HEAD is refused with the right token, origin and address too."""
    close_where(service, lambda request: request.method == "HEAD")


# -- nearly the right token -----------------------------------------------------------------

COMPARED = ("SEED-TOKEN-05", "RFC6750-5.2-01")


@fault(*COMPARED)
def token_compared_without_letter_case(service: Service) -> None:
    """The token is compared without regard to letter case."""
    accept_too(service, lambda token, known: token.lower() == known.lower())


@fault(*COMPARED)
def token_with_something_behind_it_accepted(service: Service) -> None:
    """Whatever stands behind the token is not looked at."""
    accept_too(service, lambda token, known: token.startswith(known))


@fault(*COMPARED)
def beginning_of_the_token_accepted(service: Service) -> None:
    """The first characters of the token are enough."""
    accept_too(service, lambda token, known: known.startswith(token))


@fault(*COMPARED)
def end_of_the_token_accepted(service: Service) -> None:
    """The last characters of the token are enough."""
    accept_too(service, lambda token, known: known.endswith(token))


@fault(*COMPARED)
def only_the_first_characters_compared(service: Service) -> None:
    """Only the first 24 characters of the token are compared."""
    accept_too(service, lambda token, known: token[:24] == known[:24])


@fault(*COMPARED)
def only_the_last_characters_compared(service: Service) -> None:
    """Only the last 16 characters of the token are compared."""
    accept_too(service, lambda token, known: token[-16:] == known[-16:])


@fault(*COMPARED)
def one_wrong_character_forgiven(service: Service) -> None:
    """A token with one wrong character is accepted as a slip."""
    accept_too(
        service,
        lambda token, known: len(token) == len(known) and sum(a != b for a, b in zip(token, known, strict=True)) == 1,
    )


@fault("SEED-TOKEN-10")
def former_token_still_accepted(service: Service) -> None:
    """The token that was reset is still accepted."""
    keep_former_tokens(service.settings)


@fault("SEED-TOKEN-10")
def former_token_still_reads(service: Service) -> None:
    """The token that was reset still reads, though it writes no more."""
    former = former_digests(service.settings)
    open_where(
        service,
        "check_token",
        lambda request: request.method == "GET" and digest(authorization(request).removeprefix("Bearer ")) in former,
    )
