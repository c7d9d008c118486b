"""The redactor finds secrets in every spelling, and leaves the rest readable."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scim_conformance.client.redaction import REDACTED, Redactor, is_harmless_name, is_sensitive_name

TOKEN = 'tok/en+"with\\odd=chars&<1>'

TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=40).filter(
    lambda text: set(text) - set("*.%&;:,")
)


@pytest.mark.parametrize(
    "spell",
    [
        str,
        str.upper,
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="").lower(),
        quote_plus,
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: json.dumps(text)[1:-1],
        lambda text: json.dumps(json.dumps(text))[1:-1],
        lambda text: text.replace("/", "\\/"),
        lambda text: "".join(f"\\u{ord(one):04X}" for one in text),
        lambda text: "".join(f"\\x{ord(one):02x}" for one in text),
        html.escape,
        lambda text: html.escape(html.escape(text)),
        lambda text: "".join(f"&#{ord(one)};" for one in text),
        lambda text: "".join(f"&#x{ord(one):X};" for one in text),
        lambda text: repr(f"'{text}"),
        lambda text: text.encode().hex(),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
        lambda text: base64.urlsafe_b64encode(f"ab{text}cd".encode()).decode(),
    ],
)
def test_a_secret_is_found_in_every_spelling(spell):
    """Percent, JSON, HTML, Python, hexadecimal and base64 forms, nested ones too, do not survive."""
    shown = Redactor([TOKEN]).text(f"before {spell(TOKEN)} after")
    assert REDACTED in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    for decoded in (shown, html.unescape(html.unescape(shown))):
        assert TOKEN.lower() not in decoded.lower()
    assert len(shown) < len("before  after") + 20


@given(TOKENS, st.text(), st.text())
@example("00000000", "0", "0")
def test_no_secret_survives_in_any_text(token, before, after):
    """Whatever stands around it, a secret is not in the redacted text, a URL, a header or a body."""
    redactor = Redactor([token])
    text = f"{before}{token}{after}"
    assume(token.lower() not in (before + REDACTED + after).lower())
    for shown in (redactor.text(text), redactor.url(text), redactor.header("X", text), redactor.body(text.encode())):
        assert token.lower() not in shown.lower()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_without_secrets_a_text_is_kept(text):
    """A redactor that knows nothing changes no text."""
    assert Redactor().text(text) == text


def test_a_weak_secret_is_a_word():
    """A token like "scim" is hidden as a word of its own, and does not blacken every longer word."""
    redactor = Redactor(["scim"])
    assert (
        redactor.text("the scimitar of SCIM: Bearer scim, token=scim") == "the scimitar of SCIM: Bearer ***, token=***"
    )


def test_a_secret_of_three_letters_is_hidden_in_headers_alone():
    """What is too short to look for is still hidden by the name of its header."""
    redactor = Redactor(["abc"])
    assert redactor.text("abcdef") == "abcdef"
    assert redactor.header("Authorization", "Bearer abc") == "Bearer ***"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer other", "Bearer ***"),
        ("authorization", "Basic dXNlcjpwYXNz", "Basic ***"),
        ("Proxy-Authorization", "x", "***"),
        ("Authorization", "no-scheme", "***"),
        ("Cookie", "a=b", "***"),
        ("Set-Cookie", "session=1; Path=/", "***"),
        ("X-Api-Key", "k", "***"),
        ("X-Auth-Token", "k", "***"),
        ("Ocp-Apim-Subscription-Key", "k", "***"),
        ("X-Tenant", "acme", "***"),
        ("X-Request-Origin", "idp.example.com", "idp.example.com"),
        ("WWW-Authenticate", 'Bearer realm="scim"', 'Bearer realm="scim"'),
        ("Location", "https://h/scim?access_token=abc#x", "https://h/scim?access_token=***#x"),
        ("Content-Type", "application/scim+json", "application/scim+json"),
    ],
)
def test_headers(name, value, shown):
    """Credentials are hidden whatever their value, harmless headers are kept, the operator's own are hidden."""
    assert Redactor(hidden_headers=["x-tenant"]).header(name, value) == shown


def test_names():
    """Names tell credentials from harmless headers."""
    assert is_sensitive_name("X-Api-Key")
    assert not is_sensitive_name("Content-Type")
    assert is_harmless_name("user-agent")
    assert not is_harmless_name("X-Tenant")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pass@host/scim", "https://***@host/scim"),
        ("/Users?token=abc&count=1", "/Users?token=***&count=1"),
        ("/Users?filter=password%20eq%20%22geheim%22", "/Users?filter=password%20eq%20%22***%22"),
        ("/Users?filter=userName%20eq%20%22a%22", "/Users?filter=userName%20eq%20%22a%22"),
    ],
)
def test_urls(url, shown):
    """User information, parameters that carry credentials and passwords in filters are hidden."""
    assert Redactor().url(url) == shown


@pytest.mark.parametrize(
    "body",
    [
        {"password": "geheim1"},
        {"Password": "geheim1", "userName": "x"},
        {"Operations": [{"op": "replace", "path": "password", "value": "geheim1"}]},
        {"Operations": [{"value": "geheim1", "Path": "PASSWORD", "op": "Replace"}]},
        {"Operations": [{"op": "replace", "value": {"password": "geheim1"}}]},
        {"Operations": [{"data": {"nested": [{"password": ["geheim1", {"a": "geheim1"}]}]}}]},
        {"urn:x:User:password": "geheim1"},
        {"filter": 'password eq "geheim1"'},
        {"password": 1234567},
    ],
)
def test_passwords_in_json_are_hidden(body):
    """Passwords of resources and of PATCH operations are hidden, in any letter case and place."""
    shown = Redactor().body(json.dumps(body).encode(), "application/scim+json")
    assert "geheim1" not in shown
    assert "1234567" not in shown
    assert REDACTED in shown


@pytest.mark.parametrize(
    "body",
    [
        b'{"password": "geheim1"',
        b'{"password": "geheim1',
        b'{"a": 1, "p\\u0061ssword" : "geheim1", }',
        b"password=geheim1&x=1",
        b'[{"password":"geheim1"},]',
    ],
)
def test_passwords_in_broken_bodies_are_hidden(body):
    """What does not parse is searched by pattern."""
    assert "geheim1" not in Redactor().body(body)


def test_the_change_password_feature_is_no_password():
    """ServiceProviderConfig's changePassword and a schema's attribute named password stay as they are."""
    text = '{"changePassword":  {"supported": true}, "attributes": [{"name": "password", "type": "string"}]}'
    assert Redactor().body(text.encode()) == text


def test_bodies_are_cut_but_never_through_a_secret():
    """A body is cut at the limit, and half a secret at the cut is not shown."""
    redactor = Redactor(["canary-canary-canary"])
    for shift in range(40):
        content = b"x" * (1000 - shift) + b"canary-canary-canary" + b"y" * 60_000
        shown = redactor.body(content, limit=1000)
        assert "canary" not in shown
        assert len(shown) < 1100
    assert "60020 bytes in all" in redactor.body(b"x" * 60_020, limit=10)


def test_what_is_not_text_is_described():
    """Binary bodies, and text in encodings that would hide a secret, are described."""
    redactor = Redactor(["canary-canary"])
    assert redactor.body(b"\x89PNG\x00\x01", "image/png") == "<6 bytes of image/png, not text>"
    assert "canary" not in redactor.body("canary-canary".encode("utf-16"), "application/json")


def test_a_redactor_shows_nothing_of_itself():
    """Its repr holds no secret, and it is not pickled."""
    redactor = Redactor([TOKEN], token="another-token")
    assert repr(redactor) == "<Redactor of 2 secrets>"
    with pytest.raises(TypeError, match="not pickled"):
        redactor.__reduce__()


def test_large_bodies_are_redacted_in_good_time():
    """A body of 64 KiB full of escapes is no trap for the patterns."""
    redactor = Redactor([TOKEN, "a" * 30])
    for content in (b'\\"%' * 22_000, b"a" * 65_000 + b"%", b'"password":' * 6_000, b'"passwor\\' * 7_000):
        assert redactor.body(content)
