"""Responses and exchanges: what a check reads of an answer, and what a report shows of it."""

import json
import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_conformance.client.exchange import Exchange, HeaderList
from scim_conformance.client.redaction import Redactor
from scim_conformance.client.response import Headers, NotJson, Response


def response(content=b"{}", headers=(("Content-Type", "application/scim+json"),), status=200):
    """Return a response with this body."""
    exchange = Exchange(1, "GET", "https://h/Users", HeaderList(), status=status, response_headers=HeaderList(headers))
    return Response([exchange], content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the body is empty"),
        (b"  \n", "the body is empty"),
        (b"<!DOCTYPE html><p>", "is an HTML page"),
        (b"  <HTML>", "is an HTML page"),
        (b"<?xml?>", "is XML or HTML"),
        (b'{"a": 1', "ends early, after 7 characters"),
        (b'{"a": "x', "ends early"),
        (b"{'a': 1}", "is not JSON: .* line 1, column 2; it starts \"{'a': 1}\""),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b"[NaN]", "holds NaN"),
        (b'{"a": -Infinity}', "holds -Infinity"),
        (b"[" * 100_000, "nested deeper than 100 levels"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "nested deeper than 100 levels"),
        (b"9" * 5000, "more digits than can be read"),
        (b"{} {}", "is not JSON"),
    ],
)
def test_what_is_not_json_says_what_it_is(content, reason):
    """Every kind of body that is not JSON is a NotJson with a reason."""
    found = response(content)
    assert not found.is_json
    with pytest.raises(NotJson, match=reason) as caught:
        _ = found.json
    assert caught.value.response is found


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"[]", "array"), (b'"x"', "string"), (b"1", "number"), (b"true", "boolean"), (b"null", "null")],
)
def test_a_body_is_an_object(content, kind):
    """`body` wants an object; `json` takes any value."""
    assert response(content).is_json
    with pytest.raises(NotJson, match=f"is a JSON {kind}, not an object"):
        _ = response(content).body


@settings(max_examples=50)
@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists))
def test_json_is_read_as_it_is(value):
    """Any JSON value comes back, brackets inside strings do not count as depth, a byte order mark is passed over."""
    text = json.dumps([value, "[" * 200])
    assert response(text.encode()).json == [value, "[" * 200]
    assert response(b"\xef\xbb\xbf" + text.encode()).json == [value, "[" * 200]


def test_each_reading_is_fresh():
    """A check that changes what it read does not change what the next one reads."""
    found = response(b'{"a": [1]}')
    found.body["a"].append(2)
    assert found.body == {"a": [1]}


@pytest.mark.parametrize(
    ("value", "media_type"),
    [
        ("application/scim+json; charset=utf-8", "application/scim+json"),
        (" Application/JSON ", "application/json"),
        ("", ""),
    ],
)
def test_media_types(value, media_type):
    """The media type comes in lower case and without parameters."""
    assert response(headers=[("content-TYPE", value)] if value else []).media_type == media_type


def test_text_follows_the_charset():
    """Another known charset is honoured, an unknown one is UTF-8, undecodable bytes are replaced."""
    assert response("é".encode("latin-1"), [("Content-Type", "text/plain; charset=ISO-8859-1")]).text == "é"
    assert response("é".encode(), [("Content-Type", "text/plain; charset=nonsense")]).text == "é"
    assert response(b"\xff", [("Content-Type", "text/plain; charset=hex")]).text == "\ufffd"


def test_headers():
    """Names count in any letter case, duplicates are kept apart or joined, and the repr shows no value."""
    headers = Headers([("ETag", 'W/"1"'), ("X-A", "1"), ("x-a", "2")])
    assert headers["etag"] == 'W/"1"'
    assert headers["X-A"] == "1, 2"
    assert headers.get_all("x-A") == ["1", "2"]
    assert headers.get("none") is None
    assert headers.get_all("none") == []
    assert list(headers) == ["etag", "x-a"]
    assert "W/" not in repr(headers)
    assert ("ETAG" in headers, 7 in headers) == (True, False)


def exchange(**fields):
    """Return an exchange with a token, a body and an answer."""
    made = {
        "number": 3,
        "method": "POST",
        "url": "https://h/Users?filter=a%20[b]",
        "request_headers": HeaderList(
            [("Authorization", "Bearer to-ken-to-ken"), ("Accept", "a"), ("X-Empty", ""), ("Host", "h")]
        ),
        "request_body": b'{"userName": "it\'s"}',
        "status": 201,
        "response_headers": HeaderList([("Content-Type", "application/scim+json"), ("Set-Cookie", "a=b")]),
        "response_body": b'{"id": "1"}',
        "seconds": 0.25,
    }
    return Exchange(**{**made, **fields})


def test_an_exchange_as_json():
    """The members are those of the report's schema, and credentials are taken out."""
    made = exchange()
    made.annotate("waited 2 s: 429")
    made.annotate("followed 307")
    assert made.to_json(Redactor(token="to-ken-to-ken")) == {
        "number": 3,
        "method": "POST",
        "url": "https://h/Users?filter=a%20[b]",
        "request": {
            "headers": [["Authorization", "Bearer ***"], ["Accept", "a"], ["X-Empty", ""], ["Host", "h"]],
            "body": '{"userName": "it\'s"}',
        },
        "response": {
            "status": 201,
            "headers": [["Content-Type", "application/scim+json"], ["Set-Cookie", "***"]],
            "body": '{"id": "1"}',
        },
        "seconds": 0.25,
        "error": None,
        "note": "waited 2 s: 429; followed 307",
    }
    assert exchange(status=None, error="timed out").to_json(Redactor())["response"] is None
    assert repr(made) == "<Exchange 3: POST -> 201>"
    long = exchange(response_body=b"x" * 60_000, response_size=9_000_000).to_json(Redactor())
    assert len(long["response"]["body"]) < 17_000
    assert long["response"]["body"].endswith("(cut, 60000 bytes in all) (of 9000000 bytes)")


def test_a_curl_line_repeats_the_request(tmp_path):
    """The line is one shell command; the token is read from the environment, other credentials are stars."""
    line = exchange().curl(Redactor(token="to-ken-to-ken"))
    assert '-H "Authorization: Bearer $SCIM_TOKEN"' in line
    assert "to-ken" not in line
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done\n')
    fake.chmod(0o755)
    words = subprocess.run(
        ["/bin/sh", "-c", line], env={"PATH": str(tmp_path), "SCIM_TOKEN": "T"}, text=True, stdout=-1, check=True
    )
    assert words.stdout.splitlines() == [
        "--globoff", "-X", "POST", "https://h/Users?filter=a%20[b]", "-H", "Authorization: Bearer T", "-H", "Accept: a",
        "-H", "X-Empty;", "--data-binary", '{"userName": "it\'s"}',
    ]  # fmt: skip
    assert "-H 'Authorization: Bearer ***'" in exchange().curl(Redactor(["to-ken-to-ken"]))
    assert exchange(method="HEAD", request_body=b"").curl(Redactor()).startswith("curl --globoff --head ")


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.text(max_size=30))
def test_no_curl_line_escapes_its_quotes(body, header):
    """Whatever a body or header holds, the line splits into the words that were meant."""
    made = exchange(request_body=body.encode(), request_headers=HeaderList([("X-Odd", header)]), method="P;rm")
    words = shlex.split(made.curl(Redactor()))
    assert words[:4] == ["curl", "--globoff", "-X", "P;rm"]
    assert words[5:7] == ["-H", f"X-Odd: {header}" if header else "X-Odd;"]
