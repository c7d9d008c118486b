"""Passwords of users, RFC 7643 section 4.1.1: setting them, and comparing them by a filter."""

import json
import unicodedata
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Violation, expect, note


class Protected(NamedTuple):
    """A user with a password, and the password."""

    name: str
    id: str
    password: str


@pytest.fixture(scope="session")
def protected(scim_session, user_attribute, mark):
    """A user with a password that meets the usual policies, with a letter outside of ASCII where that is allowed."""
    found = user_attribute("password")
    if found is None or found.mutability == "readOnly":
        pytest.skip("unsupported: the target serves no password of a user that clients can set")
    baseline = scim_session.baseline
    kind = baseline.resource_type("User")
    baseline.shared("User")  # Else it is not the password that is refused.
    for letter in ("\u00e9", ""):  # e with an acute accent, in one character
        password = f"Zx7-{mark()}-Qp4!{letter}"
        body = baseline.body(kind, password=password)
        created = baseline.created(scim_session.client.create(kind, body), kind)
        if created is not None:
            yield Protected(body["userName"], created["id"], password)
            scim_session.discard([created])
            return
    pytest.skip("unsupported: the target lets no client choose a password of 20 letters, digits and signs")


@pytest.fixture(scope="session")
def comparing(scim_session, protected, listed_in):
    """Ask, by a filter in a body or else in a URL, whether the user is found by a text; None where it is refused."""
    known: dict[str, Any] = {}

    def ask(text: str) -> Any:
        if text not in known:
            word = json.dumps(text, ensure_ascii=False)
            filter_ = f"userName eq {json.dumps(protected.name)} and password eq {word}"
            response = scim_session.client.search("User", filter=filter_)
            if response.status in (404, 405, 501):
                response = scim_session.client.query("User", filter_)
            ids = [each.get("id") for each in listed_in(response)]
            known[text] = protected.id in ids if response.status == 200 else None, response
        matches, response = known[text]
        scim_session.client.recall(response)
        return matches

    return ask


@pytest.fixture
def matching(filters, comparing, protected):
    """The question whether a text is the user's password, on a target that answers it for the right one."""
    filters()
    if not comparing(protected.password):
        pytest.skip("unsupported: the target does not find a user by an eq filter on the password")
    return comparing


@pytest.mark.requirement("RFC7643-4.1.1-29")
@pytest.mark.usefixtures("filtering")
def test_a_filter_on_the_password_may_be_supported(comparing, protected):
    """An eq filter on the password may find the user, find nobody, or be refused."""
    said = {True: "finds the user", False: "finds nobody", None: "is refused"}
    note(f"An eq filter on the right password {said[comparing(protected.password)]}.")


@pytest.mark.requirement("RFC7643-4.1.1-30")
@pytest.mark.usefixtures("filtering")
@pytest.mark.parametrize("kind", ["another", "other letter case"])
def test_a_wrong_password_does_not_match(comparing, protected, kind):
    """An eq filter with a wrong password, be it in letter case alone, does not find the user."""
    wrong = protected.password.swapcase() if kind == "other letter case" else f"no{protected.password}"
    if comparing(wrong):
        raise Violation(
            "An eq filter with a wrong password finds the user.",
            expected=["nobody"],
            actual="the user with the password",
        )


@pytest.mark.requirement("RFC7643-4.1.1-25")
def test_a_password_is_prepared_for_comparison(matching, protected):
    """A password in another Unicode normalisation is the same password."""
    other = unicodedata.normalize("NFD", protected.password)
    if other == protected.password:
        pytest.skip("unsupported: the target takes no password with letters outside of ASCII")
    if not matching(other):
        raise Violation(
            "The password in another Unicode normalisation is not recognised.",
            expected=["the user with the password"],
            actual="nobody",
        )


@pytest.mark.requirement("RFC7643-4.1.1-26")
@pytest.mark.usefixtures("protected")
def test_a_weak_password_is_taken_or_refused(scim, body, operator):
    """A weak password is refused with 400 invalidValue; one of one letter may be taken, where there is no policy."""
    response = scim.create("User", body("User", password=operator.weak_password or "a"))
    if response.is_success and not operator.weak_password:
        note("A password of one letter is taken.")
        return
    expect(response).refused(400, scim_type="invalidValue")
