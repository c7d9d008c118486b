"""What a target without /Me answers, or one that cannot tell whose resource is meant, RFC 7644 section 3.11."""

import pytest

from scim_conformance.judge import expect, note


@pytest.fixture
def answer(scim, scim_session):
    """The answer to the run's own client, which hardly ever is a person."""
    return scim_session.baseline.once("/Me of the run", lambda: scim.get("/Me"))


@pytest.mark.requirement("RFC7644-3.11-03")
def test_unsupported_me_is_answered_501(answer, features):
    """A target that does not support /Me, or not for this client, answers 501."""
    if answer.status < 400:
        pytest.skip("unsupported: /Me is supported")
    # Where /Me is there for others, a service simply has no resource of its own (A61).
    allowed = (501, 404) if features.fact("hint:me").holds else (501,)
    expect(answer).status(*allowed)


@pytest.mark.requirement("RFC7644-3.11-02", "RFC7644-3.11-04")
def test_way_of_answering_is_recorded(answer, talked, features):
    """A target may not support /Me, redirect to the resource, or answer directly: which of them is its choice."""
    seen = talked().answers.get("GET", talked().answers["before"]) if features.fact("hint:me").holds else answer
    if seen.redirects:
        note(f"/Me redirects by {seen.redirects[0].status} to the resource.")
    elif seen.status < 300:
        note("/Me is answered directly.")
    else:
        note(f"/Me is answered {seen.status}.")


@pytest.mark.requirement("RFC7644-2-11")
def test_own_rights_are_recorded(conversation):
    """Whether a user may read and change his own resource, by the name /Me, is the target's choice."""
    done = [name for name, said in conversation.answers.items() if name.isupper() and said.status < 300]
    note(f"A user may do to himself: {', '.join(sorted(set(done) | {'GET'}))}.")
