"""A cursor is no key, RFC 9865 section 5.2: who may not query may not go on either."""

import pytest

from scim_conformance.judge import expect

COUNT = 2


@pytest.mark.requirement("RFC9865-5.2-02")
@pytest.mark.usefixtures("paged")
def test_a_cursor_opens_nothing_without_credentials(crew, outsider):
    """A page that is asked for by a good cursor, but without credentials, is refused."""
    answer = crew.get(cursor=crew.first().cursor(), count=COUNT, credentials=outsider)
    expect(answer).status(401, 403).where(
        not any(id_ in answer.text for id_ in crew.ids), expected="a refusal that shows no user"
    )


@pytest.mark.requirement("RFC9865-5.2-02")
@pytest.mark.usefixtures("paged")
def test_a_cursor_opens_nothing_with_a_revoked_token(crew, scim):
    """A page that is asked for by a good cursor, but with a token that is no longer in force, is refused."""
    revoked = scim.target.tokens.get("revoked")
    if revoked is None:
        pytest.skip("disabled: no revoked token was given")
    answer = crew.get(
        cursor=crew.first().cursor(), count=COUNT, credentials=scim.target.credentials.of_another(revoked)
    )
    expect(answer).status(401, 403).where(
        not any(id_ in answer.text for id_ in crew.ids), expected="a refusal that shows no user"
    )


@pytest.mark.requirement("RFC9865-5.2-01")
@pytest.mark.parametrize("whose", ["other", "user"])
@pytest.mark.usefixtures("paged")
def test_a_cursor_shows_its_finder_only_what_is_theirs(crew, scim, listed_in, whose):
    """A cursor in the hands of another client, or of a user, shows nothing that these may not see without it."""
    token = scim.target.tokens.get(whose)
    if token is None:
        pytest.skip(f"disabled: no token of another client was given (--{whose}-token-env)")
    theirs = scim.target.credentials.of_another(token)
    answer = crew.get(cursor=crew.first().cursor(), count=COUNT, credentials=theirs)
    if answer.status != 200:
        expect(answer).where(not any(id_ in answer.text for id_ in crew.ids), expected="a refusal that shows no user")
        return
    for shown in listed_in(answer):
        own = scim.read(("User", shown.get("id")), credentials=theirs)
        seen = own.json if own.status == 200 and own.is_json and isinstance(own.json, dict) else {}
        more = [name for name, value in shown.items() if seen.get(name) != value and name not in ("meta", "groups")]
        expect(answer).where(
            not more,
            expected="of each resource only what a GET of it shows to the same client",
            actual=f"{', '.join(more)} of {shown.get('id')} besides",
        )
