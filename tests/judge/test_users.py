"""Values of users' attributes follow what a target serves."""

import base64
import ssl
from dataclasses import replace

import pytest

from scim_conformance.client.features import USER, core_schemas
from scim_conformance.judge import users

MARK = "sctest42n1"


@pytest.fixture
def attribute():
    """Look up an attribute of the core User schema."""
    by_name = {each.name: each for each in core_schemas()[USER].attributes}
    return lambda name: by_name[name]


def with_types(attribute, *types):
    """Let the types of an attribute's elements be these, and no others."""
    subs = [replace(s, canonical_values=types) if s.name == "type" else s for s in attribute.sub_attributes]
    return replace(attribute, sub_attributes=tuple(subs))


def test_every_attribute_that_clients_write_has_a_value(attribute):
    """Each attribute of RFC 7643 section 4.1 but for userName, active, password and groups is given a value."""
    without = {"userName", "active", "password", "groups"}
    names = {each.name for each in core_schemas()[USER].attributes} - without
    assert {name for name in names if not users.usual(attribute(name), MARK)} == set()


def test_elements_have_the_types_that_are_served(attribute):
    """The types of elements are those of the RFC that the target serves, else its own."""
    emails = attribute("emails")
    assert [each["type"] for each in users.usual(with_types(emails, "home", "x"), MARK)] == ["home"]
    assert [each["type"] for each in users.usual(with_types(emails, "business"), MARK)] == ["business"]


def test_sub_attributes_that_are_not_served_are_left_out(attribute):
    """A complex value has those parts alone which clients can write."""
    name = attribute("name")
    parts = tuple(
        replace(sub, mutability="readOnly") if sub.name == "formatted" else sub
        for sub in name.sub_attributes
        if sub.name in ("formatted", "familyName")
    )
    assert users.usual(replace(name, sub_attributes=parts), MARK) == {"familyName": "Berg"}


def test_other_forms_are_not_filled_in(attribute):
    """Roles may be plain texts (A88); an attribute of another type than the RFC's gets no value."""
    assert users.usual(replace(attribute("roles"), type="string", sub_attributes=()), MARK) == ["Student"]
    assert users.usual(replace(attribute("title"), type="integer"), MARK) is None
    assert users.usual(replace(attribute("emails"), multi_valued=False), MARK) is None


def test_the_certificate_is_one():
    """The certificate is one that libraries read, with nothing behind it."""
    octets = base64.b64decode(users.CERTIFICATE)
    assert len(octets) == 4 + int.from_bytes(octets[2:4], "big")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=octets)
    assert context.get_ca_certs()[0]["notAfter"].endswith("2126 GMT")
