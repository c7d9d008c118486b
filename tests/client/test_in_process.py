"""Applications in this process are called as a server would call them, and judged alike."""

import asyncio
import json
import sys
import threading
import time

import pytest
from odd_servers import SmallScim

from scim_conformance.client.errors import BadTarget, BrokenAnswer
from scim_conformance.client.target import Target


def environ_of(client_of, method="GET", path="/Users", **request):
    """Make one request and return the environment that the application saw."""
    app = SmallScim()
    client_of(app).request(method, path, resource=False, **request)
    return app.environs[0]


def test_headers_outside_ascii_duplicates_and_underscores(client_of):
    """Same-named headers are joined, names with an underscore dropped, values keep their bytes, as servers do it."""
    headers = [
        ("X-Origin", "a"),
        ("X-Origin", "b"),
        ("X_Origin", "c"),
        ("X-Name", "Grüße"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
    ]
    environ = environ_of(client_of, headers=headers)
    assert environ["HTTP_X_ORIGIN"] == "a, b"
    assert environ["HTTP_X_NAME"].encode("latin-1").decode() == "Grüße"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/Users/a%2Fb", "/Users/a/b"),
        ("/Users/100%2525", "/Users/100%25"),
        ("/Users/日本", "/Users/日本"),
        ("/Users//x/", "/Users//x/"),
    ],
)
def test_paths_are_decoded_once(client_of, path, seen):
    """PATH_INFO is decoded exactly once, and a path outside ASCII arrives as its UTF-8 bytes."""
    assert environ_of(client_of, path=path)["PATH_INFO"].encode("latin-1").decode() == seen


def test_query_address_host_and_length(client_of):
    """The query string stays encoded; address, host and body length are those of the request."""
    app = SmallScim()
    client = client_of(Target.wsgi(app, "https://scim.test:8443/base/", source_address="192.0.2.7"))
    client.post("/Users", query="a=%20b&c", content=b'{"x": 1}', resource=False)
    client.get("/Users", source_address="2001:db8::9")
    first, second = app.environs
    assert (first["QUERY_STRING"], first["REMOTE_ADDR"], first["HTTP_HOST"]) == (
        "a=%20b&c",
        "192.0.2.7",
        "scim.test:8443",
    )
    assert (first["SERVER_NAME"], first["SERVER_PORT"], first["wsgi.url_scheme"]) == ("scim.test", "8443", "https")
    assert (first["CONTENT_LENGTH"], first["PATH_INFO"], second["REMOTE_ADDR"]) == ("8", "/base/Users", "2001:db8::9")
    assert "CONTENT_TYPE" not in first
    assert "CONTENT_LENGTH" not in second


def test_the_application_runs_in_the_callers_thread(client_of):
    """A WSGI application sees the thread of the test, with its connections and transactions."""
    seen = []

    def app(_environ, start_response):
        seen.append(threading.current_thread())
        start_response("200 OK", [])
        return []

    client_of(app).get("/")
    assert seen == [threading.current_thread()]


class Closing:
    """A body that knows whether it was closed."""

    def __init__(self, pieces):
        self.pieces, self.closed = pieces, 0

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        """Count the calls."""
        self.closed += 1


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_body_is_closed_once(client_of, status):
    """The body's close is called, whatever the status."""
    body = Closing([b"", b"{", b"}"])

    def app(_environ, start_response):
        start_response(status, [("Content-Type", "application/scim+json")])
        return body

    assert client_of(app).get("/").json == {}
    assert body.closed == 1


def test_write_and_generators_work(client_of):
    """The old write callable comes before the body, and a generator may call start_response when it is first asked."""

    def app(_environ, start_response):
        write = start_response("200 OK", [])
        write(b'{"a"')
        yield b": 1}"

    assert client_of(app).get("/").json == {"a": 1}


def raising(_environ, _start_response):
    """Raise at once."""
    raise LookupError("no such thing")


def raising_in_the_body(_environ, start_response):
    """Raise amid the body."""
    start_response("200 OK", [])
    yield b"{"
    raise LookupError("no such thing")


def exiting(_environ, _start_response):
    """Leave the process, as a careless application does."""
    sys.exit(3)


@pytest.mark.parametrize(
    ("app", "said"),
    [
        (raising, r"raised LookupError at test_in_process\.py:\d+: no such thing"),
        (raising_in_the_body, r"raised LookupError at test_in_process\.py:\d+: no such thing"),
        (exiting, r"raised SystemExit"),
        (lambda _e, _s: [], "did not call start_response"),
        (lambda _e, s: s("OK", []) and [], "'OK' for a status line"),
        (lambda _e, s: (s("200 OK", []), s("200 OK", []))[:0], "called twice"),
    ],
)
def test_an_application_that_breaks_is_to_blame(client_of, app, said):
    """What escapes from a WSGI application is a BrokenAnswer that says what and where."""
    client = client_of(app)
    with pytest.raises(BrokenAnswer, match=said):
        client.get("/")
    assert client.exchanges[0].error


def test_an_endless_body_stops_at_the_limit(client_of):
    """A generator without an end is cut off at the limit."""

    def app(_environ, start_response):
        start_response("200 OK", [])
        while True:
            yield b"x" * 1000

    with pytest.raises(BrokenAnswer, match="larger than 5000 bytes"):
        client_of(app, max_body=5000).get("/")


def asgi(lifespan="yes", answer="whole", log=None):  # noqa: C901 - one way a line
    """Return an ASGI application that handles lifespan, and answers, in one of many ways."""
    log = [] if log is None else log

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            await live(scope, receive, send)
        else:
            log.append(scope)
            await reply(scope, receive, send)

    async def live(scope, receive, send):
        if lifespan == "no":
            raise AssertionError("what is lifespan?")
        if lifespan == "returns":
            return
        await receive()
        if lifespan == "fails":
            await send({"type": "lifespan.startup.failed", "message": "Traceback:\nthe database is away"})
            raise RuntimeError("the database is away")
        scope["state"]["pool"] = "a pool"
        await send({"type": "lifespan.startup.complete"})
        log.append((await receive())["type"])
        if lifespan == "silent end":
            await asyncio.sleep(60)
        await send({"type": "lifespan.shutdown.complete"})

    async def reply(scope, receive, send):
        message = await receive()
        if answer == "raises":
            raise LookupError("no such thing")
        if answer == "nothing":
            return
        if answer == "hangs":
            await asyncio.sleep(60)
        await send(
            {"type": "http.response.start", "status": 201, "headers": [(b"Content-Type", b"application/scim+json")]}
        )
        if answer == "half":
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
            raise LookupError("no such thing")
        while answer == "endless":
            await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
        if answer == "drips":
            for _ in range(100):
                await send({"type": "http.response.body", "body": b" ", "more_body": True})
                await asyncio.sleep(0.05)
        found = {
            "path": scope["path"],
            "client": scope["client"],
            "sent": message["body"].decode(),
            "state": scope["state"],
        }
        await send({"type": "http.response.body", "body": json.dumps(found).encode(), "more_body": True})
        await send({"type": "http.response.body"})

    return app


def scim_threads():
    """Return the threads of ASGI transports that still live."""
    return [thread for thread in threading.enumerate() if thread.name == "scim-asgi"]


@pytest.mark.parametrize("lifespan", ["yes", "no", "returns"])
def test_an_asgi_application_is_called(client_of, lifespan):
    """Scope, body and state reach the application, with or without lifespan."""
    log = []
    client = client_of(Target.asgi(asgi(lifespan, log=log), "http://scim.test/base", token="tok-en-tok-en"))
    response = client.post("/Users/é?a=%20", json={"x": 1}, resource=False)
    assert response.status == 201
    assert response.json["path"] == "/base/Users/é"
    assert response.json["client"] == ["127.0.0.1", 49152]
    assert response.json["sent"] == '{"x": 1}'
    assert response.json["state"] == ({"pool": "a pool"} if lifespan == "yes" else {})
    scope = log[0]
    assert (scope["query_string"], scope["raw_path"]) == (b"a=%20", b"/base/Users/%C3%A9")
    assert (b"authorization", b"Bearer tok-en-tok-en") in scope["headers"]
    assert (b"host", b"scim.test") in scope["headers"]


def test_asgi_addresses_share_one_life(client_of):
    """Requests from two addresses go to one started application, which is shut down once; no thread stays."""
    log = []
    client = client_of(Target.asgi(asgi(log=log)))
    assert client.get("/").json["client"][0] == "127.0.0.1"
    assert client.get("/", source_address="192.0.2.9").json["client"][0] == "192.0.2.9"
    assert len(scim_threads()) == 1
    client.close()
    client.close()
    assert log[-1] == "lifespan.shutdown"
    assert scim_threads() == []


def test_a_failed_start_up_is_a_bad_target(client_of):
    """When the application says that it did not start, its message is passed on, and no thread stays."""
    with pytest.raises(BadTarget, match="The application did not start: the database is away"):
        client_of(Target.asgi(asgi("fails"))).get("/")
    assert scim_threads() == []


def test_a_shut_down_that_never_ends_is_not_waited_for_long(client_of, monkeypatch):
    """An application that hangs in its shut-down does not hang the run."""
    monkeypatch.setattr("scim_conformance.client.asgi._SHUT_DOWN", 0.2)
    client = client_of(Target.asgi(asgi("silent end")))
    client.get("/")
    began = time.monotonic()
    client.close()
    assert time.monotonic() - began < 1.5
    assert scim_threads() == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("raises", r"raised LookupError at test_in_process\.py:\d+: no such thing"),
        ("nothing", "returned before its answer was complete"),
        ("half", "raised LookupError"),
        ("hangs", r"no whole answer within 0\.3 s"),
        ("drips", r"no whole answer within 0\.3 s"),
        ("endless", "larger than 5000 bytes"),
    ],
)
def test_an_asgi_application_that_breaks_is_to_blame(client_of, answer, said):
    """What escapes, hangs, drips or never ends is a BrokenAnswer within the timeout, and the next request works."""
    client = client_of(Target.asgi(asgi(answer=answer), timeout=0.3, max_body=5000))
    for _ in range(2):
        began = time.monotonic()
        with pytest.raises(BrokenAnswer, match=said):
            client.get("/")
        assert time.monotonic() - began < 1.0


def test_many_threads_at_once(client_of, small):
    """Requests from many threads are all recorded, with numbers of their own, for WSGI and ASGI alike."""
    for target in (Target.wsgi(small), Target.asgi(asgi())):
        client = client_of(target)
        threads = [threading.Thread(target=lambda c=client: [c.get("/Users") for _ in range(20)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(exchange.number for exchange in client.exchanges) == list(range(1, 161))
        assert {exchange.status for exchange in client.exchanges} <= {200, 201}


APPS = {
    "wsgi_app": "def app(environ, start_response): ...",
    "asgi_app": "async def app(scope, receive, send): ...",
    "wsgi_object": "class A:\n    def __call__(self, environ, start_response): ...\napp = A()",
    "asgi_object": "class A:\n    async def __call__(self, scope, receive, send): ...\napp = A()",
    "wsgi_class": "class app:\n    def __init__(self, environ, start_response): ...\n    def __iter__(self): ...",
    "partial": "import functools\nasync def f(x, scope, receive, send): ...\napp = functools.partial(f, 1)",
    "nested": "class N: pass\nN.app = lambda environ, start_response: None",
    "making": "def make():\n    return lambda environ, start_response: None",
}


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("wsgi_app", "app", "wsgi"),
        ("asgi_app", "app", "asgi"),
        ("wsgi_object", "app", "wsgi"),
        ("asgi_object", "app", "asgi"),
        ("wsgi_class", "app", "wsgi"),
        ("partial", "app", "asgi"),
        ("nested", "N.app", "wsgi"),
        ("making", "make()", "wsgi"),
    ],
)
def test_an_application_is_found_by_its_path(tmp_path, monkeypatch, name, path, kind):
    """The path finds functions, objects, classes, partials, nested names and factories in the current folder."""
    (tmp_path / f"found_{name}.py").write_text(APPS[name])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    target = Target.app_at(f"found_{name}:{path}")
    assert target.kind == kind
    assert target.describe() == f"{kind.upper()} application found_{name}:{path} in this process"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing_there:app", "There is no module 'nothing_there'"),
        ("nothing_there.below:app", "There is no module 'nothing_there'"),
        ("bad_module:app", "Importing bad_module for bad_module:app failed: ValueError: it is Monday"),
        ("needy_module:app", "needs the module 'no_such_dependency', which is not installed"),
        ("exiting_module:app", "Importing exiting_module for exiting_module:app failed: SystemExit: 3"),
        ("syntax_module:app", "Importing syntax_module for syntax_module:app failed: SyntaxError"),
        ("good_module:ap", "has no attribute 'ap'; did you mean 'app'"),
        ("good_module:number", "is an int, which cannot be called"),
        ("good_module:make", r"takes no arguments: .* write good_module:make\(\)"),
        ("good_module:fail()", r"Calling good_module:fail\(\) failed: RuntimeError: no"),
        ("good_module:number()", "cannot be called"),
        ("good_module:Plain", "is a class, not an application"),
        ("good_module:two", "takes one argument, as ASGI 2"),
        ("good_module:three", "takes three arguments like an ASGI application, but is not an async"),
        ("good_module:four", "is neither a WSGI"),
        ("good_module", "does not name a module and an attribute"),
        (":app", "does not name a module and an attribute"),
    ],
)
def test_an_application_that_does_not_import_is_named(tmp_path, monkeypatch, path, said):
    """Every way in which module:attribute can be wrong is a BadTarget that says what and what to do."""
    (tmp_path / "bad_module.py").write_text("raise ValueError('it is Monday')")
    (tmp_path / "needy_module.py").write_text("import no_such_dependency")
    (tmp_path / "exiting_module.py").write_text("raise SystemExit(3)")
    (tmp_path / "syntax_module.py").write_text("def (:")
    (tmp_path / "good_module.py").write_text(
        "number = 3\ndef app(environ, start_response): ...\ndef make(): ...\ndef fail(): raise RuntimeError('no')\n"
        "class Plain: ...\ndef two(scope): ...\ndef three(a, b, c): ...\ndef four(a, b, c, d): ...\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(BadTarget, match=said):
        Target.app_at(path)
    sys.modules.pop("good_module", None)
