"""Resources built from a served schema."""

from dataclasses import replace

import pytest

from scim_conformance.client.features import core_features
from scim_conformance.judge import build, person

PERSON = person("sc2abcdefghn1")


@pytest.fixture
def features():
    """What a target with nothing but the RFC's core schemas serves."""
    return core_features()


def requiring(features, *paths):
    """The same features with more attributes marked required."""

    def marked(attribute):
        subs = tuple(marked(sub) for sub in attribute.sub_attributes)
        return replace(attribute, required=attribute.required or attribute.path in paths, sub_attributes=subs)

    schemas = {
        urn: replace(schema, attributes=tuple(marked(a) for a in schema.attributes))
        for urn, schema in features.schemas.items()
    }
    return replace(features, schemas=schemas)


def test_a_minimal_user_has_what_is_required_alone(features):
    """With minimal, a core user is schemas and userName."""
    made = build(features.resource_type("User"), features, PERSON, minimal=True)
    assert made == {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "sc2abcdefghn1@example.com"}


def test_names_carry_the_run(features):
    """userName, displayName and externalId carry the mark by which leftovers are found."""
    user = build(features.resource_type("User"), features, PERSON)
    group = build(features.resource_type("Group"), features, PERSON)
    assert all(PERSON.mark in text for text in (user["userName"], user["externalId"], group["displayName"]))


def test_more_required_attributes_are_honoured(features):
    """A server that requires more than the RFC gets more, sub-attributes and references included."""
    wanted = requiring(features, "name", "name.middleName", "title", "timezone", "photos", "x509Certificates", "active")
    made = build(wanted.resource_type("User"), wanted, PERSON, minimal=True)
    assert made["name"]["middleName"]
    assert (made["active"], made["timezone"]) == (True, "America/New_York")
    assert made["title"]
    assert made["photos"][0]["value"] == "https://example.com/photo.png"


def test_a_required_reference_is_made(features):
    """A group that has to have members gets one, made on demand."""
    wanted = requiring(features, "members", "members.value")
    asked = []
    made = build(
        wanted.resource_type("Group"), wanted, PERSON, minimal=True, reference=lambda kinds: asked.append(kinds) or "u1"
    )
    assert made["members"][0]["value"] == "u1"
    assert asked


def test_what_the_schema_lacks_is_not_sent(features):
    """An attribute that the served schema does not have is left out of the usual body."""
    urn = "urn:ietf:params:scim:schemas:core:2.0:User"
    kept = tuple(a for a in features.schemas[urn].attributes if a.name in ("userName", "emails"))
    narrow = replace(features, schemas={**features.schemas, urn: replace(features.schemas[urn], attributes=kept)})
    made = build(narrow.resource_type("User"), narrow, PERSON)
    assert set(made) == {"schemas", "userName", "emails", "externalId"}


def test_overrides_come_last(features):
    """An override replaces, None takes out, and an extension is listed in schemas."""
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    made = build(
        features.resource_type("User"),
        features,
        PERSON,
        overrides={"title": "Clerk", "emails": None, urn: {"department": "R"}},
    )
    assert made["title"] == "Clerk"
    assert "emails" not in made
    assert urn in made["schemas"]
