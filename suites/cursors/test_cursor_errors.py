"""Cursors and counts that are not valid, RFC 9865 sections 2, 2.1 and 5.2."""

import pytest

from scim_conformance.judge import Blocked, expect, note, warn
from scim_conformance.judge.expect import excerpt

COUNT = 2


@pytest.fixture
def refusal(walk, invented, scim):  # noqa: ARG001 - where no cursor works, none is refused for a reason
    """The answer to a cursor that was never given out."""
    return scim.recall(invented)


@pytest.mark.requirement("RFC9865-2.1-01")
def test_an_invented_cursor_is_refused(refusal):
    """A cursor that was never given out is refused, by an error that clients can read."""
    expect(refusal).refused(400).error()


@pytest.mark.requirement("RFC9865-2.1-02", "RFC9865-2.1-03")
def test_an_invented_cursor_is_called_invalid(refusal):
    """The refusal of a cursor that was never given out is 400 with the scimType invalidCursor."""
    if not 400 <= refusal.status < 500:
        pytest.skip("unsupported: the target does not refuse the cursor, which another check judges")
    expect(refusal).status(400).has("scimType", "invalidCursor")


@pytest.mark.requirement("RFC9865-2.1-05")
@pytest.mark.usefixtures("walk")
def test_a_count_that_is_no_number_is_called_invalid(crew):
    """A cursor query whose count is no number is refused with 400 and the scimType invalidCount."""
    expect(crew.get(cursor="", count="many")).status(400).has("scimType", "invalidCount")


@pytest.mark.requirement("RFC9865-5.2-04")
@pytest.mark.usefixtures("paged")
def test_a_changed_cursor_is_detected(crew):
    """A cursor in which characters were changed is refused as invalid, and is no number that anybody can guess."""
    cursor = crew.first().cursor()
    middle = len(cursor) // 2
    changed = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    answer = crew.get(cursor=changed, count=COUNT)
    shown = expect(answer)
    shown.where(
        400 <= answer.status < 500,
        expected="a refusal with status 400 and the scimType invalidCursor",
    )
    shown.where(
        not cursor.isdecimal(),
        expected="a cursor from which no other cursor can be guessed",
        actual=f"the cursor {excerpt(cursor)}, which is a number",
    )
    shown.status(400).has("scimType", "invalidCursor", "expiredCursor")


@pytest.mark.requirement("RFC9865-2-16")
@pytest.mark.usefixtures("paged")
def test_a_cursor_belongs_to_its_query(crew, scim, mark, listed_in):
    """A cursor that is sent with another filter is refused, or leads on in the query that it was given out for."""
    page = crew.first()
    answer = scim.query("User", f'userName eq "{mark()}"', cursor=page.cursor(), count=COUNT)
    if 400 <= answer.status < 500:
        if answer.status != 400:
            expect(answer).refused(400, scim_type=("invalidCursor", "invalidCount"))
        return
    found = [str(each.get("id")) for each in listed_in(answer)]
    expect(answer).status(200).where(
        bool(found) and set(found) <= crew.ids - set(page.ids),
        expected="a refusal, or the next page of the query that the cursor was given out for",
    )
    note("A cursor leads on in its own query, whatever filter is sent with it.")


@pytest.mark.requirement("RFC9865-5.2-05")
def test_errors_disclose_nothing(refusal, outsider, crew, no_disclosure):
    """Errors of cursor queries show nothing of the data, and tell outsiders nothing about which cursors there are."""
    if refusal.status >= 400:
        no_disclosure(refusal)
    page = crew.first()
    refused = [
        crew.get(cursor=cursor, count=COUNT, credentials=outsider) for cursor in (page.cursor(), "never-given-out")
    ]
    first, second = refused
    if first.status < 400:
        raise Blocked("a cursor opens without credentials, which another check judges")
    for answer in refused:
        no_disclosure(answer)
    expect(first).where(
        first.status == second.status,
        expected=f"status {second.status}, as for a cursor that does not exist",
    )
    if first.content != second.content:
        warn(
            "Without credentials, a cursor that exists gets another error message than one that does not.",
            expected=[excerpt(second.text)],
            actual=excerpt(first.text),
        )
