"""Values for attributes by type and name, and what a resource shows of them."""

import pytest

from scim_conformance.client.features import Attribute, core_features
from scim_conformance.judge.compare import differences
from scim_conformance.judge.people import person
from scim_conformance.judge.specimens import sifted
from scim_conformance.judge.values import WRONG, assembled, found_in, reverse, seen, settable, top_level, value
from scim_conformance.judge.verdicts import Blocked

ANNA = person("sctest1n7")


def attribute(name, type_="string", **characteristics):
    """Make an attribute of a base schema."""
    return Attribute(name, name, "urn:example:2.0:Lamp", type=type_, **characteristics)


@pytest.mark.parametrize("kind", [kind for kind in WRONG if kind != "complex"])
def test_values_of_every_type_differ(kind):
    """For every data type there are several values, none of them the wrong one."""
    lamp = attribute("lamp", kind)
    found = [value(lamp, ANNA, which=which) for which in (0, 1)]
    assert found[0] != found[1] or kind in ("string", "reference")  # those carry the mark of their person
    assert WRONG[kind] not in found


def test_canonical_values_are_kept_to():
    """A value is one of the canonicalValues where there are some."""
    colour = attribute("colour", canonical_values=("red", "green"))
    assert [value(colour, ANNA, which=which) for which in range(3)] == ["red", "green", "red"]


def test_user_with_every_attribute():
    """A user is given every attribute that a client writes, and a resource that shows them all differs in none."""
    features = core_features()
    user = features.resource_type("User")
    attributes = [each for each in top_level(features, user) if settable(each)]
    values = {
        each.path: value(each, ANNA, reference=lambda _kinds: ("7", "https://x.test/Users/7")) for each in attributes
    }
    assert None not in values.values()
    body = assembled(user, values, attributes)
    assert differences(body, reverse(body), attributes, exact=True) == []
    assert body["emails"][0]["primary"] is True
    assert "primary" not in body["emails"][1]
    assert {"id", "meta", "groups"}.isdisjoint(body)
    enterprise = next(each for each in attributes if each.name == "manager")
    assert found_in(body, enterprise) == {"value": "7"}
    assert {each.attribute.path for each in seen(body, attributes)} >= {"name.givenName", "emails.type", "active"}


def test_values_that_nothing_can_be_referred_to_are_left_out():
    """An attribute that refers to a resource has no value where there is none to refer to."""
    owner = attribute("owner", "reference", reference_types=("User",))
    assert value(owner, ANNA, reference=lambda _kinds: None) is None


class Answer:
    """An answer with a status."""

    def __init__(self, status):
        self.status = status
        self.is_success = 200 <= status < 300
        self.exchange = self
        self.method, self.url = "POST", "/Lamps"


def test_one_refused_name_is_found_among_many():
    """What is refused is found by halves, and everything else is taken in."""
    asked = []

    def send(names):
        asked.append(names)
        return Answer(400 if "f" in names else 201)

    taken, refused = sifted(list("abcdefgh"), send)
    assert sorted(taken) == list("abcdegh")
    assert list(refused) == ["f"]
    assert len(asked) <= 8


def test_refusals_that_are_not_about_values_block():
    """A refusal that has nothing to do with values is not asked again."""
    with pytest.raises(Blocked, match="403"):
        sifted(["a", "b"], lambda _names: Answer(403))
