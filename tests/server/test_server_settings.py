"""The provisioning settings: when a token can be had, and which one is in force."""

import pytest

from scim_conformance.server import reference
from scim_conformance.server.allowlist import BadAllowlist
from scim_conformance.server.settings import BadSetting, NotReady, Settings


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, "default workspace and the service origin"),
        ({"default_workspace": "Main"}, "service origin"),
        ({"service_origin": "idp.example.com"}, "default workspace"),
        ({"default_workspace": "  ", "service_origin": "idp.example.com"}, "default workspace"),
    ],
)
def test_no_token_before_required_fields_are_filled(fields, missing):
    """A token is refused, naming the empty fields, until workspace and origin are there; the allowlist is optional."""
    settings = Settings(**fields)
    with pytest.raises(NotReady, match=missing):
        settings.generate_token()
    with pytest.raises(NotReady, match=missing):
        settings.set_token("mine")
    assert not settings.accepts("")


def test_token_is_generated_once():
    """A second token comes from a reset alone."""
    settings = Settings(default_workspace="Main", service_origin="idp.example.com")
    with pytest.raises(NotReady, match="generate one first"):
        settings.reset_token()
    assert len(settings.generate_token()) >= 40
    with pytest.raises(NotReady, match="shown only once"):
        settings.generate_token()


def test_reset_invalidates_the_old_token():
    """After a reset the new token works and the old one does not."""
    settings = Settings(default_workspace="Main", service_origin="idp.example.com")
    old = settings.generate_token()
    new = settings.reset_token()
    assert old != new
    assert settings.accepts(new)
    assert not settings.accepts(old)


def test_token_is_nowhere_in_the_settings():
    """Only a digest is kept: neither repr nor any attribute holds the token."""
    settings = Settings(default_workspace="Main", service_origin="idp.example.com")
    token = settings.generate_token()
    assert token not in repr(settings)
    assert all(token not in str(value) for value in vars(settings).values())


@pytest.mark.parametrize("other", ["", "x", "ü", "\ud800"])
def test_other_tokens_are_not_accepted(other):
    """No other text is taken for the token, whatever its characters."""
    settings = Settings(default_workspace="Main", service_origin="idp.example.com")
    assert not settings.accepts(other)
    token = settings.generate_token()
    assert not settings.accepts(other)
    assert not settings.accepts(token + other + " ")
    assert not settings.accepts(token.swapcase())


def test_bad_settings_name_what_is_possible():
    """A method, address source or allowlist that cannot be is refused with the possible ones."""
    with pytest.raises(BadSetting, match="okta-app, okta-custom-app, entra-id, custom"):
        Settings(method="okta")
    with pytest.raises(BadSetting, match="peer, forwarded, origin"):
        Settings(address_from="header")
    with pytest.raises(BadSetting, match="X-Request-Origin"):
        Settings(origin_header=" ")
    with pytest.raises(BadAllowlist):
        Settings(allowlist="10.0.0.0/99")
    with pytest.raises(BadAllowlist):
        Settings(trusted_proxies="proxy")


def test_reference_shows_its_token_once():
    """The token of a ready service can be taken once; afterwards only a reset gives another."""
    service = reference()
    assert service.settings.accepts(service.take_token())
    with pytest.raises(NotReady, match="reset_token"):
        service.take_token()


def test_own_token_must_not_be_empty():
    """An operator's own token can be anything but nothing."""
    with pytest.raises(BadSetting, match="empty"):
        reference(token="")
