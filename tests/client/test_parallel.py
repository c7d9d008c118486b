"""Requests at the same moment, and a record that no thread spoils."""

import threading

import pytest

from scim_conformance.client.errors import BrokenAnswer, HarnessError
from scim_conformance.client.journal import Journal, read
from scim_conformance.client.parallel import MOST, at_once


def test_calls_are_under_way_together():
    """All calls begin before any of them ends, and their results come in the order of the calls."""
    barrier = threading.Barrier(MOST)

    def call(number):
        barrier.wait(10)
        return number

    assert at_once([lambda number=number: call(number) for number in range(MOST)]) == list(range(MOST))


def test_too_many_calls_are_refused():
    """More than eight requests at once are the harness's own mistake."""
    with pytest.raises(HarnessError, match="too many; 8 are allowed"):
        at_once([lambda: None] * (MOST + 1))


def test_what_a_call_raises_is_raised_when_all_have_ended():
    """A broken answer in one thread is raised to the caller, and a problem of the harness before it."""
    ended = []

    def broken():
        raise BrokenAnswer("it hung up", None)

    def ours():
        raise HarnessError("no network")

    with pytest.raises(BrokenAnswer):
        at_once([broken, lambda: ended.append(1)])
    assert ended == [1]
    with pytest.raises(HarnessError, match="no network"):
        at_once([broken, ours])


def test_exchanges_and_journal_stay_whole_under_threads(small, client_of, tmp_path):
    """Of creations in eight threads every exchange is numbered once, and every resource is in the journal."""
    journal = Journal(tmp_path / "j.jsonl", {"run": "sc4xtest12", "kind": "wsgi"})
    client = client_of(small, journal=journal)

    def creating(number):
        body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": f"sc4xtest12n{number}"}
        return lambda: [
            client.create("/Users", body | {"userName": f"sc4xtest12n{number}x{each}"}) for each in range(5)
        ]

    answers = at_once([creating(number) for number in range(MOST)])
    made = {each.body["id"] for several in answers for each in several}
    assert len(made) == 5 * MOST
    assert sorted(each.number for each in client.exchanges) == list(range(1, 5 * MOST + 1))
    assert all(each.status == 201 for each in client.exchanges)
    assert {each.id for each in journal.leftovers} == made
    assert {each.id for each in read(tmp_path / "j.jsonl").leftovers} == made
