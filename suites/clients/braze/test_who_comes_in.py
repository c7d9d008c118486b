"""Who may use Braze's SCIM API: token, service origin, allowlist, and how often a day."""

import pytest

from scim_conformance.judge import Blocked, HarnessError, Violation, expect, note

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.mark.requirement("BRAZE-43")
def test_no_token_no_answer(must_keep_out, strangers, operation):
    """Without the bearer token each of the five endpoints answers 401 and does nothing."""
    must_keep_out(operation, strangers["no token"])


@pytest.mark.requirement("BRAZE-43")
def test_another_token_no_answer(must_keep_out, strangers, operation):
    """With a token that was never issued each of the five endpoints answers 401 and does nothing."""
    must_keep_out(operation, strangers["another token"])


@pytest.mark.requirement("BRAZE-44")
def test_no_origin_no_answer(must_keep_out, strangers, operation):
    """Without the origin header each of the five endpoints answers 401 and does nothing."""
    must_keep_out(operation, strangers["no origin"])


@pytest.mark.requirement("BRAZE-44")
def test_another_origin_no_answer(must_keep_out, strangers, operation):
    """With the name of another service each of the five endpoints answers 401 and does nothing."""
    must_keep_out(operation, strangers["another origin"])


@pytest.mark.requirement("BRAZE-45")
def test_another_address_no_answer(scim, must_keep_out, operation):
    """From an address that is not on the allowlist each of the five endpoints answers 401 and does nothing."""
    if not scim.target.outside_address:
        pytest.skip("disabled: no address was given that is not on the allowlist (--source-address)")
    must_keep_out(operation, {"source_address": scim.target.outside_address})


@pytest.mark.requirement("BRAZE-46")
def test_a_reset_token_no_answer(scim, braze, strangers, must_keep_out):
    """With the token from before a reset a search is answered 401."""
    if braze.search("nobody@example.com", **strangers["another token"]).status < 400:
        raise Blocked("any token will do for a search")
    must_keep_out("search", {"credentials": scim.target.credentials.of_another(scim.target.tokens["revoked"])})


@pytest.mark.requirement("BRAZE-47")
def test_body_of_a_401(braze, strangers):
    """The answer 401 has an Error body."""
    answer = braze.search("nobody@example.com", **strangers["no token"])
    note(f"A 401 is {answer.media_type or 'without a type'}.")
    expect(answer).json_object()
    expect(answer).where(ERROR in (answer.json.get("schemas") or []), expected=f"schemas with {ERROR}")


def status_of(scim, request):
    """Send a request whatever comes of it; give the status of the last exchange, and its headers."""
    try:
        answer = request()
    except HarnessError:
        exchange = scim.peek()[-1]
        return exchange.status, exchange.response_headers.first("retry-after")
    return answer.status, answer.headers.get("Retry-After")


@pytest.mark.requirement("BRAZE-48")
@pytest.mark.parametrize("last", ["search", "look-up", "create", "update", "delete"])
def test_daily_limit(scim, braze, hire, somebody, administrator, last):
    """After the requests that a day has, all methods together, the next one is answered 429 and does nothing."""
    user, person = hire(), somebody()
    requests = {
        "search": lambda: braze.search(user["userName"]),
        "look-up": lambda: braze.read(user["id"]),
        "create": lambda: braze.create(braze.body(person)),
        "update": lambda: braze.update(user["id"], braze.update_body({**person, "department": "bi"})),
        "delete": lambda: braze.delete(user["id"]),
    }
    with administrator.day_with(left=2):
        for allowed in (braze.search, braze.read):
            status, _ = status_of(scim, lambda ask=allowed: ask(user["id"]))
            if status == 429:
                message = f"A request is answered 429 although the day had {administrator.daily_limit:,}."
                raise Violation(message, expected=["an answer"], actual="429")
        status, _ = status_of(scim, requests[last])
        if status != 429:
            raise Violation("A request beyond the limit is served.", expected=["429"], actual=str(status))
    if last in ("update", "delete"):
        after = braze.read(user["id"])
        still = after.status == 200 and after.body.get("department") != "bi"
        expect(after).where(still, expected="the user as before")
    if last == "create":
        after = braze.search(person["userName"])
        expect(after).where(not after.body.get("Resources"), expected="no user: creating it was refused")


@pytest.mark.requirement("BRAZE-49")
def test_the_next_day(scim, braze, administrator):
    """The next day requests are served again, and the answer 429 says when that is."""
    with administrator.day_with(left=0) as next_day:
        status, later = status_of(scim, lambda: braze.search("nobody@example.com"))
        note(f"Beyond the limit a request is answered {status}, with Retry-After {later or 'missing'}.")
        next_day()
        status, _ = status_of(scim, lambda: braze.search("nobody@example.com"))
        if status == 429:
            raise Violation("The next day requests are still answered 429.", expected=["200"], actual="429")
