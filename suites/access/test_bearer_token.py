"""The bearer token: RFC 6750 sections 2 and 5, RFC 7644 section 2, and the provisioning settings' SCIM token."""

import base64

import pytest

from scim_conformance.judge import expect, note

# Ways to write the header so that it is not a scheme and one token; {} is the right token.
MALFORMED = {
    "empty": "",
    "scheme-alone": "Bearer",
    "token-alone": "{}",
    "something-after": "Bearer {} more",
    "comma-after": "Bearer {},",
    "token-twice": "Bearer {0} {0}",
    "as-a-list": "Bearer {0}, Bearer {0}",
    "joined": "Bearer{}",
    "colon": "Bearer: {}",
    "equals-sign": "Bearer={}",
    "quoted": 'Bearer "{}"',
    "as-parameter": 'Bearer token="{}"',
    "scheme-twice": "Bearer Bearer {}",
}
QUERIES = ("access_token", "token", "bearer_token", "api_key", "authorization")


@pytest.fixture(scope="session")
def anonymous_allowed(features, operator):
    """Tell of a path whether the operator says that anybody may create a user there, without credentials."""

    def judge(path: str) -> bool:
        given = operator.registration_path
        return features.fact("hint:anonymous").holds and (not given or path.strip("/") == given.strip("/"))

    return judge


@pytest.mark.requirement("SEED-TOKEN-01", "RFC6750-2.1-02", "RFC7644-2-02")
def test_right_token_opens_resources(reading_door, attempt, must_serve):
    """A request with the right token in the Authorization header, scheme Bearer, is let in to the resources."""
    must_serve(attempt(reading_door, "the right token").answer)


@pytest.mark.requirement("SEED-TOKEN-01", "RFC6750-2.1-02")
def test_right_token_opens_discovery(discovery_door, attempt, must_serve):
    """A request with the right token is let in to the discovery documents."""
    must_serve(attempt(discovery_door, "the right token").answer)


@pytest.mark.requirement("SEED-TOKEN-02")
def test_no_token_opens_no_resource(door, attempt, plain, anonymous_allowed):
    """Without an Authorization header every method on every resource endpoint is refused and does nothing."""
    plain.need("no token", but=door)
    if door.method == "POST" and anonymous_allowed(door.path):
        pytest.skip("disabled: the operator says that anybody may create a user here")
    attempt(door, "no token").must_be_refused(401)


@pytest.mark.requirement("SEED-TOKEN-02")
def test_no_token_opens_no_side_door(side_door, attempt, plain):
    """Without an Authorization header neither search, nor bulk, nor /Me is a way in."""
    plain.need("no token")
    attempt(side_door, "no token").must_be_refused(401)


@pytest.mark.requirement("SEED-TOKEN-03")
def test_no_token_opens_no_discovery(discovery_door, attempt):
    """Without an Authorization header the discovery documents are refused."""
    attempt(discovery_door, "no token").must_be_refused(401)


@pytest.mark.requirement("SEED-TOKEN-03")
def test_wrong_token_opens_no_discovery(discovery_door, attempt):
    """A token that was never issued does not open the discovery documents."""
    attempt(discovery_door, "a wrong token").must_be_refused(401)


@pytest.mark.requirement("SEED-TOKEN-04", "RFC7644-2-04")
def test_wrong_token_opens_no_resource(one_door, attempt, plain):
    """A token that was never issued is refused by every method on a resource endpoint and does nothing."""
    plain.need("no token")
    plain.need("a wrong token", but=one_door)
    attempt(one_door, "a wrong token").must_be_refused(401)


@pytest.mark.requirement("SEED-TOKEN-04", "RFC7644-2-04")
@pytest.mark.usefixtures("token_checked")
def test_wrong_token_opens_no_side_door(side_door, attempt):
    """A token that was never issued opens neither search, nor bulk, nor /Me."""
    attempt(side_door, "a wrong token").must_be_refused(401)


@pytest.mark.requirement("RFC7644-3.12-10")
@pytest.mark.usefixtures("guarded")
def test_refused_credentials_answer_401(answered, keys):
    """Missing and invalid credentials are answered with status 401."""
    for way in ("no token", "a wrong token") if keys.token else ("no token",):
        answer = answered(way)
        if not answer.is_success:
            expect(answer).status(401, tolerated=(403,))


@pytest.mark.requirement("SEED-TOKEN-05", "RFC6750-5.2-01")
@pytest.mark.parametrize("place", ["first", "middle", "late"])
@pytest.mark.usefixtures("token_checked")
def test_token_with_a_changed_character_is_refused(reading, keys, place):
    """A token with a single changed character is refused."""
    token = keys.token
    # Not the very last one: in base64 its lowest bits may mean nothing, so that a server that decodes sees no change.
    index = {"first": 0, "middle": len(token) // 2, "late": max(len(token) - 5, 0)}[place]
    changed = "A" if token[index] != "A" else "B"
    reading.must_refuse(401, **keys.bearer(token[:index] + changed + token[index + 1 :]))


@pytest.mark.requirement("SEED-TOKEN-05", "RFC6750-5.2-01")
@pytest.mark.parametrize("how", ["shortened", "halved", "beheaded", "lengthened", "doubled"])
@pytest.mark.usefixtures("token_checked")
def test_token_of_another_length_is_refused(reading, keys, of_another_length, how):
    """A token that is the right one but for something missing or added at an end is refused."""
    reading.must_refuse(401, **keys.bearer(of_another_length(how)))


@pytest.mark.requirement("SEED-TOKEN-05", "RFC6750-5.2-01")
@pytest.mark.parametrize("how", ["shortened", "lengthened"])
@pytest.mark.usefixtures("token_checked")
def test_token_of_another_length_deletes_nothing(doors, some_type, keys, of_another_length, how):
    """A token that is the right one but for a character at its end lets nothing be deleted."""
    doors.door("delete", some_type).must_refuse(401, **keys.bearer(of_another_length(how)))


@pytest.fixture
def of_another_length(keys):
    """Write the right token with something missing or added at an end."""
    token = keys.token
    return {
        "shortened": token[:-1],
        "halved": token[: len(token) // 2],
        "beheaded": token[1:],
        "lengthened": token + ("AAAA" if keys.is_signed else "A"),
        "doubled": token + token,
    }.__getitem__


@pytest.mark.requirement("SEED-TOKEN-05", "RFC6750-5.2-01")
@pytest.mark.usefixtures("token_checked")
def test_token_in_other_letter_case_is_refused(reading, keys):
    """The right token written in the other letter case is refused."""
    other = keys.token.swapcase()
    if other == keys.token:
        pytest.skip("unsupported: the token has no letters")
    if all(character in "0123456789abcdefABCDEF-" for character in other):
        pytest.skip("unsupported: the token is a hexadecimal number, which is the same in both letter cases")
    reading.must_refuse(401, **keys.bearer(other))


@pytest.mark.requirement("SEED-TOKEN-06")
@pytest.mark.parametrize("form", MALFORMED)
@pytest.mark.usefixtures("token_checked")
def test_malformed_header_is_refused(reading, attempt, form):
    """An Authorization header that is not the scheme and one token is refused, though the token in it be right."""
    attempt(reading, MALFORMED[form]).must_be_refused(401, 400)


@pytest.mark.requirement("SEED-TOKEN-06")
@pytest.mark.usefixtures("token_checked")
def test_malformed_header_deletes_nothing(reading_or_deleting, attempt):
    """A scheme without a token lets nothing be read or deleted."""
    attempt(reading_or_deleting, "Bearer").must_be_refused(401, 400)


@pytest.mark.requirement("RFC6750-3.1-01")
@pytest.mark.parametrize("right", ["first", "last"])
@pytest.mark.usefixtures("token_checked")
def test_two_authorization_headers_are_refused(reading, keys, right):
    """A request with two Authorization headers, one of them wrong, is malformed: it is refused with 400."""
    values = [f"Bearer {keys.token}", "Bearer never-issued"]
    answer = reading.knock(**keys.authorization(*(values if right == "first" else values[::-1])))
    expect(answer).where(answer.status in (400, 401, 403), expected="a refusal, best 400 Bad Request")


@pytest.mark.requirement("SEED-TOKEN-07")
@pytest.mark.parametrize(
    "scheme", ["Basic", "Token", "Digest", "OAuth", "MAC", "Negotiate", "ApiKey", "Bearers", "Bear"]
)
@pytest.mark.usefixtures("token_checked")
def test_right_token_under_another_scheme_is_refused(reading, attempt, scheme):
    """The right token under another scheme than Bearer is refused."""
    attempt(reading, f"{scheme} {{}}").must_be_refused(401, 400)


@pytest.fixture
def basic():
    """Write Basic credentials."""
    return lambda user, password: "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.requirement("SEED-TOKEN-07")
@pytest.mark.parametrize("place", ["user", "password"])
@pytest.mark.usefixtures("token_checked")
def test_right_token_in_basic_credentials_is_refused(reading, keys, basic, place):
    """The right token as user name or password of Basic credentials is refused."""
    user, password = (keys.token, "") if place == "user" else ("token", keys.token)
    reading.must_refuse(401, 400, **keys.authorization(basic(user, password)))


@pytest.mark.requirement("SEED-TOKEN-08", "RFC6750-2.1-03")
@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "bEARER"])
def test_scheme_is_known_in_any_letter_case(reading, keys, must_serve, scheme):
    """The scheme name Bearer is recognised in any letter case."""
    must_serve(reading.knock(**keys.authorization(f"{scheme} {keys.token}")))


@pytest.fixture
def in_the_query(once, reading, keys):
    """Give the answer to a request with the right token as a query parameter, and no header."""

    def ask(name):
        value = f"Bearer {keys.token}" if name == "authorization" else keys.token
        return once(("token in the query", name), lambda: reading.knock(params={name: value}, **keys.none()))

    return ask


@pytest.mark.requirement("SEED-TOKEN-09")
@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.usefixtures("token_checked")
def test_token_in_the_query_is_refused(in_the_query, name):
    """The right token as a query parameter, without an Authorization header, is refused."""
    expect(in_the_query(name)).refused(401, 400)


@pytest.mark.requirement("SEED-TOKEN-09")
@pytest.mark.usefixtures("token_checked")
def test_token_in_the_query_does_not_mend_a_wrong_header(reading, keys):
    """The right token as a query parameter does not help a wrong one in the Authorization header."""
    reading.must_refuse(401, 400, params={"access_token": keys.token}, **keys.bearer("never-issued"))


@pytest.mark.requirement("RFC6750-2.3-01", "RFC6750-2.3-03")
def test_token_in_the_query_is_judged_like_any_credential(in_the_query):
    """A token sent as the query parameter access_token is either refused or accepted."""
    answer = in_the_query("access_token")
    served = answer.is_success
    expect(answer).where(served or 400 <= answer.status < 500, expected="served, or refused with a 4xx status")
    if served:
        note("The token is accepted in the query of a URL, where logs and histories keep it.")


@pytest.mark.requirement("RFC6750-2.3-02")
@pytest.mark.usefixtures("token_checked")
def test_answers_to_a_token_in_the_query_are_private(in_the_query):
    """An answer given to a token in the query says Cache-Control: private."""
    answer = in_the_query("access_token")
    if not answer.is_success:
        pytest.skip("unsupported: a token in the query is not accepted")
    expect(answer).header("Cache-Control", matches=r"(?i)\b(private|no-store)\b")


@pytest.mark.requirement("SEED-TOKEN-09")
@pytest.mark.parametrize("header", ["X-Auth-Token", "X-Api-Key", "X-Access-Token", "X-Authorization", "Cookie"])
@pytest.mark.usefixtures("token_checked")
def test_token_in_another_header_is_refused(reading, keys, header):
    """The right token in another header than Authorization is refused."""
    value = {"Cookie": f"access_token={keys.token}", "X-Authorization": f"Bearer {keys.token}"}.get(header, keys.token)
    reading.must_refuse(401, 400, headers=[(header, value)], **keys.none())
