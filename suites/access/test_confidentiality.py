"""The token stays where it was put: no answer, cookie or URL repeats it (RFC 6750 section 5.3)."""

import json
from urllib.parse import quote, unquote

import pytest

from scim_conformance.judge import Blocked, Violation

URL_MEMBERS = ("location", "$ref")
SHORTEST_TOKEN = 12
"""Characters; a shorter text may stand in an answer by chance, as `tok` stands in `token`."""


def spellings(token: str) -> set[str]:
    """Return the ways in which a token may stand in a text: as it is, percent-encoded, escaped for JSON."""
    return {token, quote(token, safe=""), json.dumps(token)[1:-1], token.replace("/", "\\/")}


def must_not_repeat(token: str, what: str, text: str) -> None:
    """Expect that a text does not hold the token; the message does not show it either."""
    if len(token) < SHORTEST_TOKEN:
        raise Blocked(f"a token of fewer than {SHORTEST_TOKEN} characters may stand in an answer by chance")
    if any(spelling in text for spelling in spellings(token)):
        raise Violation(
            f"The token is repeated in {what}.", expected=["no answer with the token in it"], actual=f"it is in {what}"
        )


def must_keep(token: str, answer) -> None:
    """Expect that neither headers nor body of an answer hold the token."""
    call = f"{answer.exchange.method} {answer.exchange.url.partition('?')[0]}"
    for name in answer.headers:
        must_not_repeat(token, f"the header {name} of the answer to {call}", ", ".join(answer.headers.get_all(name)))
    must_not_repeat(token, f"the body of the answer to {call}", answer.text)


@pytest.fixture
def created(once, scim, body, some_type):
    """The answer to the creation of a resource."""
    return once(("created", some_type.name), lambda: scim.create(some_type, body(some_type)))


@pytest.mark.requirement("SEED-TOKEN-11")
def test_resources_do_not_repeat_the_token(attempt, doors, keys, resource_type):
    """Neither a resource nor a list of resources repeats the token of the request."""
    for operation in ("read", "list"):
        must_keep(keys.token, attempt(doors.door(operation, resource_type), "the right token").answer)


@pytest.mark.requirement("SEED-TOKEN-11")
def test_discovery_does_not_repeat_the_token(attempt, discovery_door, keys):
    """No discovery document repeats the token of the request."""
    must_keep(keys.token, attempt(discovery_door, "the right token").answer)


@pytest.mark.requirement("SEED-TOKEN-11")
def test_created_resource_does_not_repeat_the_token(created, keys):
    """The answer to a creation does not repeat the token of the request."""
    must_keep(keys.token, created)


@pytest.mark.requirement("SEED-TOKEN-11")
@pytest.mark.parametrize("form", ["Basic {}", "Bearer {} more", "Bearer={}", "{}"])
def test_refusals_do_not_repeat_the_token(answered, keys, form):
    """A refusal does not repeat the credentials that it refuses."""
    must_keep(keys.token, answered(form))


@pytest.mark.requirement("SEED-TOKEN-11")
def test_errors_do_not_repeat_the_token(scim, some_type, keys):
    """An error other than a refusal of credentials does not repeat the token of the request."""
    must_keep(keys.token, scim.read((some_type, scim.unknown_id())))


@pytest.mark.requirement("RFC6750-5.3-01")
def test_token_is_in_no_cookie(attempt, doors, reading, keys):
    """No cookie that an answer sets holds the token."""
    for door in (reading, doors.discovery("GET /ServiceProviderConfig")):
        for cookie in attempt(door, "the right token").answer.headers.get_all("Set-Cookie"):
            must_not_repeat(keys.token, "a cookie", unquote(cookie))


@pytest.mark.requirement("RFC6750-5.3-02")
def test_token_is_in_no_url(created, keys):
    """No URL that an answer gives, in Location, meta.location or $ref, holds the token."""
    answer = created
    for name in ("Location", "Content-Location", "Link"):
        must_not_repeat(keys.token, f"the header {name}", unquote(answer.headers.get(name, "")))
    for member, url in urls(answer.json if answer.is_json else None):
        must_not_repeat(keys.token, member, unquote(url))


def urls(value):
    """Yield every location and $ref below a JSON value, with the member's name."""
    if isinstance(value, list):
        for element in value:
            yield from urls(element)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name in URL_MEMBERS and isinstance(member, str):
                yield name, member
            else:
                yield from urls(member)
