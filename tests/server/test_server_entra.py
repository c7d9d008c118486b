"""What the server does for Entra ID where the RFCs would have it otherwise, or leave it open."""

import pytest

WORK = 'addresses[type eq "work"].formatted'


def test_a_replace_with_a_capital_letter_makes_the_element(ask):
    """Entra ID, which writes Replace, gets the element that the RFC would refuse; it is told apart by that letter."""
    user = ask.user()
    answer = ask.patch(user, {"op": "Replace", "path": WORK, "value": "One Way"})
    assert answer.status == 200
    assert ask.again(user)["addresses"] == [{"type": "work", "formatted": "One Way"}]


def test_a_replace_in_lower_case_has_no_target(ask):
    """RFC 7644 section 3.5.2.3 wants noTarget."""
    answer = ask.patch(ask.user(), {"op": "replace", "path": WORK, "value": "One Way"})
    assert answer.status == 400
    assert answer.json["scimType"] == "noTarget"


def test_a_replace_with_a_capital_letter_replaces_what_is_there(ask):
    """Whatever the letter, an element that is there is replaced."""
    user = ask.user(addresses=[{"type": "work", "formatted": "Old Way"}])
    ask.patch(user, {"op": "Replace", "path": WORK, "value": "One Way"})
    assert ask.again(user)["addresses"] == [{"type": "work", "formatted": "One Way"}]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("filter=a+eq+%22b%40c%22", [("filter", 'a eq "b@c"')]),
        ("filter=a%20eq%20%22b%2Bc%22", [("filter", 'a eq "b+c"')]),
        ("aadOptscim062020&count=2", [("aadOptscim062020", ""), ("count", "2")]),
        ("", []),
    ],
)
def test_query_strings_are_decoded_as_forms(ask, text, pairs):
    """A plus sign is a blank, an encoded one itself; a parameter needs no value."""
    assert ask.service.query_pairs(text) == pairs
