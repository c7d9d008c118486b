"""A planted canary never comes out of any public object, whatever a target does with it."""

import base64
import dataclasses
import json
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_servers import answer, saying

from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer, HarnessError
from scim_conformance.client.features import probe
from scim_conformance.client.journal import Journal
from scim_conformance.client.response import NotJson
from scim_conformance.client.target import BadTarget, Credentials, Secret, Target, secret

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~+/=\"'\\<>&%$#!"
CANARIES = st.text(LETTERS, min_size=10, max_size=30).map("Kanarie".__add__)


def echoing(way):
    """Return an application that echoes the credentials it was sent, in one of many ways."""

    def app(environ, start_response):
        got = [
            environ.get("HTTP_AUTHORIZATION", ""),
            environ.get("HTTP_X_API_KEY", ""),
            environ.get("HTTP_X_TENANT", ""),
        ]
        text = " ".join(got)
        status, headers, body = (
            "200 OK",
            [("Content-Type", "application/scim+json")],
            json.dumps({"detail": text}).encode(),
        )
        if way == "raises":
            raise KeyError(text)
        if way == "location":
            status, headers = "303 See Other", [("Location", f"/x?{text.encode().hex()}&echo={got[0][7:]}")]
        elif way == "header":
            headers += [("X-Echo", text), ("Set-Cookie", text), ("WWW-Authenticate", f'Bearer error="{text}"')]
        elif way == "html":
            headers, body = [("Content-Type", "text/html")], f"<html>{text}</html>".encode()
        elif way == "base64":
            body = base64.b64encode(b"x" + text.encode())
        elif way == "broken json":
            body = f'{{"a": "{text}'.encode()
        elif way == "encoding":
            headers += [("Content-Encoding", got[0][7:])]
        elif way == "id":
            status, body = "201 Created", json.dumps({"id": got[0][7:], "password": got[0]}).encode()
        start_response(status, headers)
        return [body]

    return app


WAYS = ["json", "raises", "location", "header", "html", "base64", "broken json", "encoding", "id"]


def shown_by(client, method, path, **request):
    """Return everything that a call lets a reader see."""
    shown = []
    try:
        response = client.request(method, path, **request)
        shown += [repr(response), repr(response.headers), repr(response.exchange), repr(response.exchanges)]
        try:
            _ = response.body
        except NotJson as problem:
            shown += [str(problem), repr(problem)]
    except (BrokenAnswer, HarnessError) as problem:
        shown += [str(problem), repr(problem), repr(vars(problem))]
    for exchange in client.take():
        shown += [json.dumps(exchange.to_json(client.redactor)), exchange.curl(client.redactor), repr(exchange)]
        shown += [
            str(exchange.to_json(client.redactor)),
            repr(exchange.request_headers),
            repr(vars(exchange)["url"].split("?")[0]),
        ]
        assert exchange.error is None or client.redactor.text(exchange.error) == exchange.error
    return shown


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CANARIES, CANARIES, st.sampled_from(WAYS))
def test_an_echoed_canary_is_never_shown(token, key, way):
    """Token, API key, cookie and an operator's header stay hidden, however a target echoes them."""
    credentials = Credentials(Secret(token), (("X-Api-Key", key), ("X-Tenant", f"{key}2"), ("Cookie", f"s={key}3")))
    target = Target.wsgi(echoing(way), credentials=credentials, tokens={"revoked": f"{token}Old"})
    with ScimClient(target, journal=Journal(None, {"run": "scrun"}), run_id="scrun") as client:
        shown = [repr(client), repr(target), str(target), target.describe(), repr(credentials), repr(client.redactor)]
        shown += shown_by(client, "GET", f"/Users?access_token={token}", headers={"X-Other": key})
        shown += shown_by(
            client, "POST", "/Users", json={"userName": "scrun@x", "password": token, "note": f"{token} {key}"}
        )
        shown += shown_by(client, "DELETE", "/Users/1")
        shown += shown_by(client, "GET", "/Users", headers={"Authorization": f"Basic {key}", "x-api-key": key})
        shown += shown_by(client, "GET", "/Users", headers=[("Authorization", f"Bearer {token}Old")])
        features = probe(client)
        shown += [repr(features.defects), features.refusal, features.looks_wrong, str(client.journal.leftovers[:0])]
    for text in shown:
        for canary in (token, key):
            assert canary.lower() not in text.lower()
            assert json.dumps(canary)[1:-1].lower() not in text.lower()
            assert repr(canary)[1:-1].lower() not in text.lower()


@pytest.mark.parametrize("level", [logging.DEBUG])
def test_no_log_line_holds_a_secret(raw, client_of, caplog, level):
    """Even at the lowest level of logging no credential, cookie or URL with a token is logged."""
    server = raw(saying(answer(headers=["Set-Cookie: s=kanarienvogel", "X-Echo: kanarienvogel"])))
    with caplog.at_level(level):
        client_of(server, token="kanarienvogel").get("/Users?access_token=kanarienvogel")
    assert "kanarienvogel" not in caplog.text


def test_a_secret_hides_itself():
    """A Secret shows stars in every way of printing, survives copying, and is not pickled."""
    hidden = Secret("kanarienvogel")
    assert {str(hidden), repr(hidden), f"{hidden}", f"{hidden:>30}", "{}".format(hidden)} == {"***"}  # noqa: UP032
    assert hidden.reveal() == "kanarienvogel"
    copied = dataclasses.asdict(Credentials(hidden))["token"]
    assert copied == hidden
    assert "kanarienvogel" not in repr(dataclasses.replace(Credentials(hidden), origin="x"))
    assert hidden != Secret("other")
    with pytest.raises(TypeError, match="not pickled"):
        hidden.__reduce__()


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "is empty"),
        ("kanarienvogel\n", "ends with a line break"),
        ("kanarien\r\nX: y", "control character"),
        ("kanarien vogel", "a blank"),
        ("Bearer kanarienvogel", "give the token alone"),
        ("kanariénvogel", "outside ASCII"),
        ("kanarien\x00vogel", "control character"),
    ],
)
def test_an_unusable_token_is_refused_without_being_shown(token, said):
    """What cannot be a bearer token is a BadTarget, whose text does not hold it."""
    with pytest.raises(BadTarget, match=said) as caught:
        secret(token)
    assert "kanari" not in str(caught.value)
    with pytest.raises(BadTarget):
        Target.url("http://h/", token=token)
    with pytest.raises(BadTarget):
        Credentials(Secret(token))


@pytest.mark.parametrize("value", ["kanarienvogel\n", "kanarien\x00vogel", "kanarien\ud800vogel"])
def test_an_unusable_header_is_refused_without_being_shown(value):
    """A header's value that cannot be sent is a BadTarget, whose text does not hold it."""
    with pytest.raises(BadTarget, match="X-Api-Key") as caught:
        Credentials(headers=(("X-Api-Key", value),))
    assert "kanari" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://me:kanarienvogel@host/scim", "https://kanarienvogel@host/scim"])
def test_a_password_in_the_url_is_refused_without_being_shown(url):
    """User information in a base URL is a BadTarget, whose text does not hold it."""
    with pytest.raises(BadTarget, match="user name or password") as caught:
        Target.url(url)
    assert "kanarienvogel" not in str(caught.value)
