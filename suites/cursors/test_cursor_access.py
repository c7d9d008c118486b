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
@pytest.mark.usefixtures("paged")
def test_a_cursor_shows_its_finder_only_what_is_theirs(crew, scim):
    """A cursor in the hands of another client shows nothing that this client may not see."""
    other = scim.target.credentials.of_another(scim.target.tokens["other"])
    plain = crew.get(credentials=other)
    if any(id_ in plain.text for id_ in crew.ids):
        pytest.skip("unsupported: the second client may see the users of the first")
    answer = crew.get(cursor=crew.first().cursor(), count=COUNT, credentials=other)
    shown = sorted(id_ for id_ in crew.ids if id_ in answer.text)
    expect(answer).where(
        not shown,
        expected="a refusal (400 invalidCursor or 403), or a page without users of the first client",
        actual=f"users of the first client: {', '.join(shown)}",
    )
    if answer.status != 200:
        expect(answer).refused(400, 401, 403)
