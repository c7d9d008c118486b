"""How filters name attributes: sub-attributes, schema URIs, extensions, RFC 7644 sections 3.4.2.2 and 3.10."""

import pytest

from scim_conformance.judge import Violation, expect, note
from scim_conformance.judge.filters import And, Comparison, Present

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture(scope="session")
def base(scim_session):
    """The URI of the schema of users, as the target serves it."""
    return scim_session.baseline.resource_type("User").schema


@pytest.mark.requirement("RFC7644-3.4.2.2-34", "RFC7644-3.10-01")
def test_names_may_have_their_schema(scoped, finds, base):
    """A filter finds by the name of a core attribute with its schema URI before it."""
    finds(Comparison(f"{base}:userName", "eq", scoped["a"].sent["userName"]), whole=True)


@pytest.mark.requirement("RFC7644-3.4.2.2-34", "RFC7644-3.10-01")
def test_sub_attributes_may_have_their_schema(finds, plainly_finds, base):
    """A filter finds by the name of a sub-attribute with the schema URI before it."""
    plainly_finds(Comparison("emails.type", "eq", "home"), "emails.type")
    finds(Comparison(f"{base}:name.familyName", "eq", "Ahorn"), "name.familyName")
    finds(Comparison(f"{base}:emails.type", "eq", "home"), "emails.type")


@pytest.mark.requirement("RFC7644-3.4.2.2-37")
def test_sub_attributes_are_written_out(finds):
    """A filter names a sub-attribute behind the complex attribute and a dot."""
    finds(Comparison("name.familyName", "eq", "Berg"), "name.familyName")


@pytest.mark.requirement("RFC7644-3.4.2.2-37")
def test_a_complex_attribute_means_its_value(scoped, answers, finds, plainly_finds):
    """A filter on emails without a sub-attribute means its value, or is refused."""
    if scoped.keeps(scoped.word):
        plainly_finds(Comparison(scoped.word, "co", "eta"), scoped.word)
    plainly_finds(Comparison("emails.type", "eq", "home"), "emails.type")
    tree = Comparison("emails", "co", "@example.org")
    response = answers.first(And((scoped.within, tree)).text())
    if response.status == 200:
        finds(tree, "emails")
        return
    expect(response).refused(400, scim_type=("invalidFilter", "invalidPath"))
    note("a filter on a complex attribute without its sub-attribute is refused")


@pytest.mark.requirement("RFC7644-3.4.2.2-44", "RFC7644-3.10-01")
def test_attributes_of_extensions_are_found(finds):
    """A filter finds by an attribute of the enterprise extension, named with its schema URI."""
    name = f"{ENTERPRISE}:department"
    finds(Comparison(name, "eq", "Research"), name)


@pytest.mark.requirement("RFC7644-3.4.2.2-44", "RFC7644-3.4.2.2-15")
def test_presence_in_extensions(finds, plainly_finds):
    """A pr filter finds the users who have an attribute of the enterprise extension."""
    name = f"{ENTERPRISE}:department"
    plainly_finds(Comparison(name, "eq", "Research"), name)
    finds(Present(name), name)


@pytest.mark.requirement("RFC7644-3.4.2.2-42")
def test_schemas_can_be_filtered(scoped, finds):
    """A filter on schemas finds the users with an extension."""
    name = f"{ENTERPRISE}:department"
    scoped.require(name)
    for member in scoped.users.values():
        # An extension without data may be listed or not (A72); what a user shows, decides.
        if not isinstance(member.shown.get("schemas"), list):
            raise Violation("A user shows no schemas.", expected=["schemas"], actual=member.shown.get("userName", ""))
    finds(Comparison("schemas", "eq", ENTERPRISE))
