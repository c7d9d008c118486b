"""Waits and redirects are bounded, recorded and safe; the record of a run is complete."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from odd_servers import answer, saying

from scim_conformance.client.calls import retry_after
from scim_conformance.client.client import KEEP
from scim_conformance.client.errors import BrokenAnswer, HarnessError, Throttled
from scim_conformance.client.target import Credentials, Secret, Target


@pytest.fixture
def slept(monkeypatch):
    """Record the waits instead of waiting."""
    waits = []
    monkeypatch.setattr("scim_conformance.client.calls.time.sleep", waits.append)
    return waits


def asked_to_wait(status, value=None, times=1):
    """Return an application that throttles so many times, then answers."""
    seen = []

    def app(environ, start_response):
        seen.append(environ["REQUEST_METHOD"])
        if len(seen) <= times:
            start_response(status, [("Retry-After", value)] if value is not None else [])
            return []
        start_response("200 OK", [])
        return [b"{}"]

    app.seen = seen
    return app


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_throttling_is_waited_for_and_shown(client_of, slept, status, method):
    """429 and 503 with Retry-After are waited for; each attempt is an exchange of its own, with a note."""
    client = client_of(asked_to_wait(status, "2"))
    response = client.request(method, f"/Users/{client.unknown_id()}", resource=False)
    assert response.status == 200
    assert slept == [2]
    assert [exchange.note for exchange in response.exchanges] == [f"waited 2 s: {status[:3]}", ""]
    assert [exchange.number for exchange in client.exchanges] == [1, 2]


def test_waiting_is_bounded_in_all(client_of, slept):
    """The waits of one call add up to max_wait at most; a target that goes on throttling is no verdict."""
    client = client_of(asked_to_wait("429 Too Many Requests", "4", times=99), max_wait=10)
    with pytest.raises(Throttled, match=r"still; its Retry-After says 4, and --max-wait allows 10 s a request"):
        client.get("/Users")
    assert slept == [4, 4]
    assert "not waited 4 s more: the limit is 10 s a call" in client.exchanges[-1].note


def test_attempts_are_bounded(client_of, slept):
    """Retry-After: 0 for ever ends after a few attempts, each a little later."""
    client = client_of(asked_to_wait("429 Too Many Requests", "0", times=99), max_wait=1000)
    with pytest.raises(Throttled):
        client.get("/Users")
    assert len(slept) == 8
    assert slept == sorted(slept)


def test_a_503_that_stays_is_the_answer(client_of, slept):
    """503 without Retry-After, or with one beyond the limit, is judged as it is."""
    for value in (None, "999999", "soon", "9" * 5000):
        response = client_of(asked_to_wait("503 Service Unavailable", value, times=99)).get("/Users")
        assert response.status == 503
    assert slept == []


def test_429_without_a_time_is_waited_for_a_little_longer_each_time(client_of, slept):
    """Without Retry-After the waits double."""
    assert client_of(asked_to_wait("429 Too Many Requests", times=3)).get("/Users").status == 200
    assert slept == [0.5, 1, 2]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("-1", None),
        ("1.5", None),
        ("", None),
        (None, None),
        ("later", None),
        ("٣", None),
    ],
)
def test_retry_after_in_seconds(value, seconds):
    """A number of seconds is read, anything else is unusable."""
    assert retry_after(value) == seconds


def test_retry_after_as_a_date():
    """An HTTP date is the time from now until then, and never negative."""
    soon = datetime.now(UTC) + timedelta(seconds=30)
    assert 28 <= retry_after(format_datetime(soon, usegmt=True)) <= 30
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("Wed, 99 Oct 2015 07:28:00 GMT") is None


def redirecting(status, location, landed=None):
    """Return an application that redirects /scim/Users to a location, and says what arrives elsewhere."""
    seen = [] if landed is None else landed

    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ["PATH_INFO"].startswith("/scim/Users"):
            start_response(status, [("Location", location)])
            return []
        seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], body, environ.get("HTTP_AUTHORIZATION")))
        start_response("200 OK", [])
        return [b"{}"]

    return app


@pytest.mark.parametrize(
    ("status", "method", "arrives"),
    [
        ("301 Moved", "GET", "GET"),
        ("302 Found", "GET", "GET"),
        ("303 See Other", "GET", "GET"),
        ("307 Temporary", "GET", "GET"),
        ("308 Permanent", "GET", "GET"),
        ("307 Temporary", "POST", "POST"),
        ("308 Permanent", "POST", "POST"),
        ("303 See Other", "POST", "GET"),
        ("301 Moved", "POST", None),
        ("302 Found", "POST", None),
    ],
)
def test_redirects_are_followed_as_http_says(client_of, status, method, arrives):
    """307 and 308 keep method and body, 303 becomes GET, 301 and 302 are followed for GET alone; all are recorded."""
    landed = []
    client = client_of(
        Target.wsgi(redirecting(status, "/scim/People?x=1", landed), "http://scim.test/scim", token="tok-en-tok-en")
    )
    response = client.request(method, "/Users", content=b"{}" if method == "POST" else None, resource=False)
    if arrives is None:
        assert landed == []
        assert (response.status, response.redirects) == (int(status[:3]), [])
        assert "not followed" in response.exchange.note
    else:
        body = b"{}" if arrives == "POST" else b""
        assert landed == [(arrives, "/scim/People", body, "Bearer tok-en-tok-en")]
        assert response.url == "http://scim.test/scim/People?x=1"
        assert [one.status for one in response.redirects] == [int(status[:3])]
        assert response.exchanges[0].note == f"followed {status[:3]}"


def test_redirects_end(client_of):
    """A circle of redirects is the target's fault after five."""
    client = client_of(Target.wsgi(redirecting("307 Temporary", "/scim/Users"), "http://scim.test/scim"))
    with pytest.raises(BrokenAnswer, match="5 redirects in a row led to a further one"):
        client.get("/Users")
    assert client.count == 6


def test_credentials_never_go_to_another_origin(raw, client_of):
    """A GET is followed elsewhere without any credential or header of the operator's; a write is not followed."""
    elsewhere = raw(saying(answer(body=b'{"far": true}')))
    server = raw(saying(answer("307 Temporary", headers=[f"Location: {elsewhere.url}/Users"])))
    secrets = {"token": "kanarienvogel", "headers": {"X-Api-Key": "kanarienvogel2"}, "origin": "kanarie.example"}
    client = client_of(Target.url(server.url, **secrets))
    response = client.get("/Users", headers={"X-Mine": "kanarienvogel3", "Authorization": "Basic kanarienvogel4"})
    assert response.json == {"far": True}
    assert b"kanarie" not in elsewhere.requests[0]
    assert b"kanarie" in server.requests[0]
    assert "followed without credentials" in response.exchanges[0].note
    assert client.post("/Users", json={}, resource=False).status == 307
    assert len(elsewhere.requests) == 1


@pytest.mark.parametrize(
    "location", ["ftp://h/x", "javascript:alert(1)", "http://[", "http://host:99999/", "mailto:a@b"]
)
def test_a_location_that_leads_nowhere_is_not_followed(client_of, location):
    """A Location that is not an http URL ends the chain with the redirect itself."""
    response = client_of(Target.wsgi(redirecting("302 Found", location), "http://scim.test/scim")).get("/Users")
    assert response.status == 302
    assert "not an http URL" in response.exchange.note


def test_a_redirected_delete_stays_with_its_resource(client_of):
    """A DELETE redirected to somebody else's resource is not followed, to the same one of ours it is."""
    client = client_of(Target.wsgi(redirecting("307 Temporary", "/scim/People/foreign"), "http://scim.test/scim"))
    mine = client.unknown_id()
    response = client.request("DELETE", f"/Users/{mine}")
    assert response.status == 307
    assert "only sent to what this run created" in response.exchange.note
    landed = []
    app = redirecting("307 Temporary", f"/scim/People/{mine}", landed)
    client = client_of(Target.wsgi(app, "http://scim.test/scim"))
    client.journal.created(0, "/Users", mine)
    assert client.request("DELETE", f"/Users/{mine}").status == 307
    client.journal.created(0, "/People", mine)
    assert client.request("DELETE", f"/Users/{mine}").status == 200
    assert landed == [("DELETE", f"/scim/People/{mine}", b"", None)]


def seen_headers(client_of, small, **request):
    """Return the environment of one request to a target with every kind of credential."""
    credentials = Credentials(
        Secret("the-token-1"), (("X-Api-Key", "the-key-1"), ("X-Tenant", "acme")), "idp.example.com"
    )
    client = client_of(Target.wsgi(small, credentials=credentials))
    client.get("/Users", **request)
    environ = small.environs[-1]
    names = ("AUTHORIZATION", "X_API_KEY", "X_TENANT", "X_REQUEST_ORIGIN", "ACCEPT", "USER_AGENT")
    return [environ.get(f"HTTP_{name}") for name in names]


ACCEPT = ["application/scim+json", "scim-conformance/0.1.0"]


@pytest.mark.parametrize(
    ("request_", "seen"),
    [
        ({}, ["Bearer the-token-1", "the-key-1", "acme", "idp.example.com", *ACCEPT]),
        ({"credentials": KEEP}, ["Bearer the-token-1", "the-key-1", "acme", "idp.example.com", *ACCEPT]),
        ({"credentials": None}, [None, None, None, None, *ACCEPT]),
        ({"credentials": Credentials(Secret("other-token"))}, ["Bearer other-token", None, None, None, *ACCEPT]),
        ({"headers": {"authorization": "Basic x"}}, ["Basic x", "the-key-1", "acme", "idp.example.com", *ACCEPT]),
        ({"headers": {"Authorization": None}}, [None, "the-key-1", "acme", "idp.example.com", *ACCEPT]),
        ({"headers": [("X-Request-Origin", "a"), ("X-Request-Origin", "b")]},
         ["Bearer the-token-1", "the-key-1", "acme", "a, b", *ACCEPT]),
        ({"headers": {"Accept": None, "User-Agent": "me"}},
         ["Bearer the-token-1", "the-key-1", "acme", "idp.example.com", None, "me"]),
        ({"credentials": None, "headers": {"Authorization": "Bearer a"}}, ["Bearer a", None, None, None, *ACCEPT]),
    ],
)  # fmt: skip
def test_what_a_request_carries(client_of, small, request_, seen):
    """The target's credentials by default, others or none on request; explicit headers replace defaults."""
    assert seen_headers(client_of, small, **request_) == seen


def test_the_record(client_of, small):
    """Every exchange is kept in order; take gives those since the last take; a closed client says so."""
    client = client_of(small)
    client.get("/Users")
    client.head("/Users")
    assert [exchange.method for exchange in client.take()] == ["GET", "HEAD"]
    client.get("/Groups")
    assert [exchange.url for exchange in client.take()] == ["http://scim.test/Groups"]
    assert client.take() == []
    assert client.count == len(client.exchanges) == 3
    assert all(exchange.seconds > 0 for exchange in client.exchanges)
    client.close()
    with pytest.raises(HarnessError, match="closed"):
        client.get("/Users")


def test_many_threads_over_sockets(on_a_port, client_of, small):
    """Over sockets, too, many threads get each their own answer, and every exchange is recorded."""
    for number in range(8):
        small.resources["/Users", f"u{number}"] = {"id": f"u{number}"}
    client = client_of(on_a_port(small))
    wrong = []

    def work(number):
        found = [client.get(f"/Users/u{number}").json["id"] for _ in range(10)]
        wrong.extend(one for one in found if one != f"u{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sorted(exchange.number for exchange in client.exchanges) == list(range(1, 81))
