"""The challenge of a refusal: RFC 6750 section 3, RFC 9110 section 11, RFC 7644 sections 2 and 3.12."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note

NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[^"\\]|\\.)*"'
SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*")
PLAIN = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]*")
URI = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]*")
WAYS = {"none": "no token", "wrong-token": "a wrong token", "malformed": "Bearer"}
_PARAMETER = re.compile(rf"({NAME})[ \t]*=[ \t]*({QUOTED}|{NAME})")
_SCHEME = re.compile(rf"({NAME})(?=[ \t]|,|$)")
_TOKEN68 = re.compile(r"[0-9A-Za-z._~+/-]+=*(?=[ \t]*(?:,|$))")


@dataclass
class Challenge:
    """One challenge: its scheme, and its parameters as they stand, names in lower case, duplicates kept."""

    scheme: str
    parameters: list[tuple[str, str]]

    def raw(self, name: str) -> list[str]:
        """Return the values of a parameter as written, quotes included."""
        return [value for known, value in self.parameters if known == name]

    def values(self, name: str) -> list[str]:
        """Return the values of a parameter without quotes; backslashes stay, for RFC 6750 forbids them."""
        return [value[1:-1] if value.startswith('"') else value for value in self.raw(name)]


def parse(text: str) -> list[Challenge]:
    """Read a WWW-Authenticate value (RFC 9110 section 11.6.1); what cannot be read raises ValueError."""
    found: list[Challenge] = []
    rest = text.strip(" \t,")
    while rest:
        parameter = _PARAMETER.match(rest) if found else None
        if parameter:
            found[-1].parameters.append((parameter[1].lower(), parameter[2]))
            rest = rest[parameter.end() :]
        else:
            scheme = _SCHEME.match(rest)
            if scheme is None:
                raise ValueError(rest)
            found.append(Challenge(scheme[1], []))
            rest = rest[scheme.end() :].lstrip(" \t")
            if _TOKEN68.match(rest) and not _PARAMETER.match(rest):
                rest = rest[_TOKEN68.match(rest).end() :]
        if rest and not rest.startswith(",") and found[-1].parameters:
            raise ValueError(rest)
        rest = rest.lstrip(" \t,")
    return found


def challenges(answer) -> list[Challenge]:
    """Return every challenge of an answer; that they can be read at all is one check's business alone."""
    try:
        return [challenge for value in answer.headers.get_all("WWW-Authenticate") for challenge in parse(value)]
    except ValueError as problem:
        raise Blocked(f"the WWW-Authenticate header cannot be read from {str(problem)[:40]!r} on") from None


@pytest.fixture
def without_token(answered):
    """The refusal of a request without any credentials."""
    return refusal(answered("no token"))


@pytest.fixture
def with_wrong_token(answered):
    """The refusal of a request with a token that was never issued."""
    return refusal(answered("a wrong token"))


@pytest.fixture(params=WAYS)
def refused(request, answered, guarded):  # noqa: ARG001 - it only skips
    """The refusals of a request without credentials, with a wrong token, and with a malformed header."""
    return refusal(answered(WAYS[request.param]))


@pytest.fixture
def bearer(without_token, with_wrong_token):
    """The Bearer challenges to a request without credentials and to one with a wrong token."""
    found = [*challenges(without_token), *challenges(with_wrong_token)]
    found = [challenge for challenge in found if challenge.scheme.lower() == "bearer"]
    if not found:
        pytest.skip("unsupported: the refusals have no Bearer challenge")
    return found


def must(holds, message: str, expected: str, actual: str) -> None:
    """Raise a violation unless something holds."""
    if not holds:
        raise Violation(message, expected=[expected], actual=actual)


def refusal(answer):
    """Skip where nothing was refused: that is another check's finding."""
    if not 400 <= answer.status < 500:
        pytest.skip(f"unsupported: not refused but answered with {answer.status}")
    return answer


def once(bearer, name: str) -> None:
    """Expect that no challenge has this parameter twice."""
    for challenge in bearer:
        found = ", ".join(f"{name}={value}" for value in challenge.raw(name))
        must(len(challenge.raw(name)) < 2, f"A Bearer challenge has {name} twice.", f"{name} at most once", found)


def all_values(bearer, *names: str) -> list[tuple[str, str]]:
    """Return these parameters with their values; skip where there are none to be judged."""
    found = [(name, value) for challenge in bearer for name in names for value in challenge.values(name)]
    if not found:
        pytest.skip(f"unsupported: the challenge has no {' or '.join(names)}")
    return found


# -- that there is a challenge ----------------------------------------------------------------


@pytest.fixture
def challenging(answered):
    """Blocked where a 401 to a request without credentials has no challenge: that is one check's finding."""
    plain = answered("no token")
    if plain.status == 401 and "WWW-Authenticate" not in plain.headers:
        raise Blocked("a 401 has no WWW-Authenticate header, which another check judges")


@pytest.fixture
def challenging_wrong_tokens(challenging, answered):  # noqa: ARG001 - it only blocks
    """The same of a wrong token."""
    refusal_ = answered("a wrong token")
    if refusal_.status == 401 and "WWW-Authenticate" not in refusal_.headers:
        raise Blocked("the 401 to a wrong token has no WWW-Authenticate header, which another check judges")


@pytest.mark.requirement("RFC9110-11.6.1-01")
@pytest.mark.usefixtures("challenging")
def test_every_401_has_a_challenge(refused):
    """Every 401 answer has a WWW-Authenticate header with at least one challenge."""
    if refused.status != 401:
        pytest.skip(f"unsupported: refused with {refused.status}, not with 401")
    expect(refused).header("WWW-Authenticate")
    written = ", ".join(refused.headers.get_all("WWW-Authenticate"))
    try:
        found = [challenge.scheme for challenge in parse(written)]
    except ValueError:
        found = []
    must(found, "A 401 has no challenge that can be read.", 'such as Bearer realm="SCIM"', written or "an empty header")


@pytest.mark.requirement("RFC7644-2-07", "RFC9110-11.6.1-01", "RFC9110-11.4-01")
@pytest.mark.usefixtures("guarded")
def test_schemes_are_named_to_a_request_without_credentials(without_token):
    """A request without credentials is answered with 401 and the names of the authentication schemes."""
    expect(without_token).status(401, tolerated=(403,))
    if without_token.status == 401:
        expect(without_token).header("WWW-Authenticate")


@pytest.mark.requirement("RFC6750-3-01")
@pytest.mark.parametrize("operation", ["list", "read", "create", "replace", "patch", "delete"])
@pytest.mark.usefixtures("token_checked", "challenging_wrong_tokens")
def test_every_method_challenges(operation, doors, some_type, attempt):
    """A request whose token opens nothing is answered with a WWW-Authenticate header, whatever its method."""
    answer = refusal(attempt(doors.door(operation, some_type), "a wrong token").answer)
    if answer.status not in (400, 401):
        pytest.skip(f"unsupported: refused with {answer.status}, not for the credentials alone")
    expect(answer).header("WWW-Authenticate")


@pytest.mark.requirement("RFC6750-3-03")
def test_challenge_names_bearer(without_token):
    """One of the challenges names the scheme Bearer."""
    named = [challenge.scheme for challenge in challenges(without_token)]
    if not named:
        pytest.skip("unsupported: the refusal has no challenge")
    is_named = "bearer" in [scheme.lower() for scheme in named]
    must(is_named, "No challenge names Bearer.", "a challenge with the scheme Bearer", ", ".join(named))


@pytest.mark.requirement("RFC9110-11.4-01")
@pytest.mark.parametrize("credentials", ["missing", "wrong", "partial"])
@pytest.mark.usefixtures("guarded", "challenging")
def test_refusals_are_401_with_a_challenge(answered, credentials):
    """Missing, wrong and partial credentials are answered with 401 and a challenge."""
    answer = refusal(answered({"missing": "no token", "wrong": "a wrong token", "partial": "Bearer"}[credentials]))
    # 400 for credentials in pieces is what RFC 6750 section 3.1 asks for, against the general rule.
    expect(answer).status(*((401, 400) if credentials == "partial" else (401,))).header("WWW-Authenticate")


# -- its parameters ---------------------------------------------------------------------------


@pytest.mark.requirement("RFC6750-3-04", "RFC6750-3-05")
def test_challenge_has_a_parameter(bearer):
    """A Bearer challenge has at least one parameter."""
    for challenge in bearer:
        must(
            challenge.parameters,
            "A Bearer challenge has no parameter.",
            "realm, scope, error or another",
            "Bearer alone",
        )


@pytest.mark.requirement("RFC9110-11.2-01")
def test_parameters_are_there_once(refused):
    """No challenge has a parameter twice."""
    for challenge in challenges(refused):
        names = [name for name, _ in challenge.parameters]
        is_sound = len(names) == len(set(names))
        must(
            is_sound,
            "A challenge has a parameter twice.",
            "each parameter once",
            f"{challenge.scheme} {', '.join(names)}",
        )


@pytest.mark.requirement("RFC6750-3-06", "RFC6750-3-07")
def test_realm_is_there_once(bearer):
    """A Bearer challenge has realm at most once."""
    once(bearer, "realm")


@pytest.mark.requirement("RFC9110-11.5-01")
def test_realm_is_quoted(refused):
    """The realm of a challenge is written as a quoted string."""
    for challenge in challenges(refused):
        for value in challenge.raw("realm"):
            must(value.startswith('"'), "The realm is not quoted.", f'realm="{value}"', f"realm={value}")


@pytest.mark.requirement("RFC6750-3-08", "RFC6750-3-09")
def test_scope_is_there_once(bearer):
    """A Bearer challenge has scope at most once."""
    once(bearer, "scope")


@pytest.mark.requirement("RFC6750-3-14")
def test_scope_has_permitted_characters(bearer):
    """The scope of a challenge is printable ASCII without quotes and backslashes, its values apart by one space."""
    for _, value in all_values(bearer, "scope"):
        must(
            SCOPE.fullmatch(value), "The scope has a forbidden character.", "values one space apart", f"scope={value!r}"
        )


@pytest.mark.requirement("RFC6750-3-13")
def test_error_parameters_are_there_once(bearer):
    """A Bearer challenge has error, error_description and error_uri at most once each."""
    for name in ("error", "error_description", "error_uri"):
        once(bearer, name)


@pytest.mark.requirement("RFC6750-3-11", "RFC6750-3-15")
def test_error_has_permitted_characters(bearer):
    """The error and error_description of a challenge are printable ASCII without quotes and backslashes."""
    for name, value in all_values(bearer, "error", "error_description"):
        expected = "printable ASCII without quote and backslash"
        must(PLAIN.fullmatch(value), f"The {name} has a forbidden character.", expected, repr(value))


@pytest.mark.requirement("RFC6750-3-12", "RFC6750-3-16")
def test_error_uri_is_a_uri(bearer):
    """The error_uri of a challenge is a URI reference; best an absolute one."""
    for _, value in all_values(bearer, "error_uri"):
        must(_is_reference(value), "The error_uri is no URI reference.", "a URI reference", f"error_uri={value!r}")
        if not urlsplit(value).scheme:
            note(f"The error_uri is not absolute: {value}")


@pytest.mark.requirement("RFC6750-3-17")
def test_error_uri_has_permitted_characters(bearer):
    """The error_uri of a challenge has no space, quote, backslash or character outside ASCII."""
    for _, value in all_values(bearer, "error_uri"):
        expected = "printable ASCII without space, quote and backslash"
        must(URI.fullmatch(value), "The error_uri has a forbidden character.", expected, f"error_uri={value!r}")


def _is_reference(text: str) -> bool:
    """Tell whether this can be read as a URI reference (RFC 3986)."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", text) or re.search(r"[<>^`{|}]", text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return text.count("#") <= 1 and not re.search(r"[\[\]]", parts.path + parts.query + parts.fragment)


# -- what it says of the credentials ----------------------------------------------------------


@pytest.mark.requirement("RFC6750-3-10")
def test_refused_token_is_called_an_error(with_wrong_token):
    """The challenge to a refused token says what is wrong with it in error."""
    named = any(challenge.values("error") for challenge in challenges(with_wrong_token))
    written = with_wrong_token.headers.get("WWW-Authenticate", "no challenge")
    must(named, "The challenge does not say what is wrong.", 'error="invalid_token"', written)


@pytest.mark.requirement("RFC6750-3.1-02")
def test_invalid_token_goes_with_401(with_wrong_token):
    """A token that was never issued is refused with 401, and an error that the challenge names is invalid_token."""
    expect(with_wrong_token).status(401)
    for challenge in challenges(with_wrong_token):
        for error in challenge.values("error"):
            expect(with_wrong_token).where(
                error == "invalid_token", expected='error="invalid_token"', actual=f'error="{error}"'
            )


@pytest.mark.requirement("RFC6750-3.1-06")
def test_no_error_without_credentials(without_token):
    """The challenge to a request without credentials has no error: there was nothing wrong with them."""
    for challenge in challenges(without_token):
        for name in ("error", "error_description", "error_uri"):
            expect(without_token).where(
                not challenge.raw(name), expected=f"no {name}", actual=f"{name}={challenge.raw(name)}"
            )


@pytest.mark.requirement("RFC6750-3.1-01")
@pytest.mark.parametrize("how", ["malformed", "token-twice"])
def test_invalid_request_goes_with_400(answered, how):
    """A malformed Authorization header that is called invalid_request is answered with 400."""
    answer = refusal(answered("Bearer" if how == "malformed" else "Bearer {0} {0}"))
    if any("invalid_request" in challenge.values("error") for challenge in challenges(answer)):
        expect(answer).status(400)


@pytest.mark.requirement("RFC6750-3-02", "RFC9110-11.6.1-02")
def test_challenge_beside_other_statuses_is_recorded(answered):
    """Whether an answer other than 401 carries a challenge too is the target's choice."""
    answer = refusal(answered("Bearer"))
    if answer.status == 401:
        pytest.skip("unsupported: a malformed header is refused with 401")
    for value in answer.headers.get_all("WWW-Authenticate"):
        try:
            schemes = ", ".join(challenge.scheme for challenge in parse(value))
        except ValueError:
            raise Violation("A challenge cannot be read.", expected=["one that can be read"], actual=value) from None
        note(f"A refusal with {answer.status} has a challenge too: {schemes}")


# -- its body -----------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.12-01", "RFC7644-3.12-02")
def test_refusal_has_a_scim_error_body(refused):
    """A refusal of credentials has a SCIM error body, whose status is that of the answer."""
    # Where the answer does not even claim to be SCIM, a gateway in front may have given it.
    (expect(refused) if refused.media_type == "application/scim+json" else expect(refused).should).error()
