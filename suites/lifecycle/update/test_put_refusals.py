"""PUT that has to be refused, RFC 7644 section 3.5.1: each is sent once, to one user."""

from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, expect

pytestmark = pytest.mark.usefixtures("working_replace")

BAD = ("no JSON", "no object", "wrong type")


class Refusals(NamedTuple):
    """How a GET showed a user before, the answers to PUTs that have to be refused, and the answer to a GET after."""

    before: dict[str, Any]
    answers: dict[str, Any]
    after: Any


@pytest.fixture
def refusals(once, scim, scim_session, asserted, as_kept, as_made):
    """The answers to PUTs that have to be refused, asked for once a run."""

    def ask() -> Refusals:
        user = scim_session.baseline.make("User")
        before = as_made(user)
        taken = as_kept(scim_session.baseline.resource_type("User")).get("userName")
        path, whole = scim.location(user), asserted(user, before)
        answers = {
            "no JSON": scim.put(path, content=b'{"schemas": [', headers={"Content-Type": "application/scim+json"}),
            "no object": scim.put(path, json=[whole]),
            "wrong type": scim.put(path, json={**whole, "active": "neither true nor false", "name": "Anna Berg"}),
            "taken": scim.put(path, json={**whole, "userName": taken}),
        }
        after = scim.read(user)
        if 200 <= answers["taken"].status < 300:  # two users of one name would disturb other checks
            scim.put(path, json=whole)
        return Refusals(before, answers, after)

    return once("PUT: refusals", ask)


@pytest.mark.requirement("RFC7644-3.5.1-18")
def test_put_of_a_taken_name_is_refused(refusals):
    """A PUT that gives a user the userName of another is refused with 409 or 400, and scimType uniqueness."""
    expect(refusals.answers["taken"]).refused(409, 400, scim_type="uniqueness")


@pytest.mark.requirement("RFC7644-3.5.1-19")
@pytest.mark.parametrize("kind", BAD)
def test_put_of_a_bad_body_is_refused(refusals, kind):
    """A PUT whose body is no JSON object, or breaks the schema, is refused with 400."""
    expect(refusals.answers[kind]).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7644-3.5.1-19")
def test_refused_puts_change_nothing(refusals):
    """After PUTs that were refused the resource is as it was before."""
    accepted = [kind for kind, each in refusals.answers.items() if each.is_success]
    if accepted:
        raise Blocked(f"a PUT that has to be refused was accepted ({accepted[0]}), which another check judges")
    if refusals.after.status != 200 or not refusals.after.is_json:
        raise Blocked(f"reading the user back failed: GET answered {refusals.after.status}")
    names = ("userName", "name", "displayName", "active", "emails")
    changed = [name for name in names if refusals.before.get(name) != refusals.after.json.get(name)]
    if changed:
        raise Violation(
            "PUTs that were refused changed the resource.",
            expected=["the resource as it was before"],
            actual=f"changed: {', '.join(changed)}",
        )
