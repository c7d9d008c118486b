"""What a user gets wrong: one clear message with what to do next, exit code 4, never a traceback."""

import http.server
import threading

import pytest


@pytest.fixture
def site():
    """A web server whose every answer is the test's own: set `site.answer` to (status, headers, body)."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            status, headers, body = self.server.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815 - names of the library

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}/scim/v2"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def told(result, *words):
    """Assert that a call ended with 4 and one message that has these words."""
    text = result.stdout + result.stderr
    assert result.returncode == 4, text
    assert "Traceback" not in text
    for word in words:
        assert word in text, text


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["rum"], ["rum", "did you mean 'run'?"]),
        (["run", "--tokn", "x"], ["--tokn", "--token"]),
        (["run", "--timeout", "soon"], ["--timeout", "soon", "seconds"]),
        (["run", "--timeout", "-1"], ["--timeout", "above 0"]),
        (["run", "--examples", "0"], ["--examples", "'0'", "from 1 up"]),
        (["run", "--seed", "six"], ["--seed", "'six'", "such as 7644"]),
        (["run", "--suite", "discvery"], ["discvery", "did you mean 'discovery'?"]),
        (["run", "--requirement", "RFC7644-3.6-6"], ["RFC7644-3.6-6", "RFC7644-3.6-06"]),
        (["run", "--profile", "rcf"], ["rcf", "rfc"]),
        (["run", "--app", "nowhere:app"], ["nowhere"]),
        (["run", "--app", "json:lods"], ["lods"]),
        (["run", "--app", "json"], ["json", ":"]),
        (["run", "ftp://example.com"], ["http"]),
        (["run", "http://127.0.0.1:1/scim"], ["127.0.0.1:1"]),
        (["run", "https://user:hunter2@example.com/scim"], ["--token"]),
        (["run", "http://x.test/scim?flag"], ["query"]),
        (["run", "--header", "nonsense"], ["colon", "Name: value"]),
        (["run", "--token-env", "NO_SUCH_VARIABLE"], ["NO_SUCH_VARIABLE"]),
        (["run", "--user-token-env", "NO_SUCH_VARIABLE"], ["--user-token-env", "NO_SUCH_VARIABLE"]),
        (["run", "--waivers", "missing.toml"], ["missing.toml"]),
        (["run", "--ca-file", "missing.pem", "https://x.test"], ["missing.pem"]),
        (["run", "--config", "missing.toml"], ["missing.toml"]),
        (["run", "--fault", "delete-answers-20"], ["delete-answers-20"]),
        (["run", "--fault", "x", "http://x.test"], ["bundled"]),
        (["run", "http://x.test", "--app", "a:b"], ["--url", "--app"]),
        (["run", "-n", "many"], ["many", "auto"]),
        (["serve", "--port", "http"], ["--port", "http", "65535"]),
        (["serve", "--allow", "10.0.0.0/33"], ["10.0.0.0/33"]),
        (["serve", "--method", "okta"], ["okta", "okta-app"]),
        (["prove", "--fault", "delete-answers-20"], ["delete-answers-20"]),
        (["prove", "-n", "0"], ["'0'"]),
        (["explain", "RFC7644-3.6-6"], ["RFC7644-3.6-06"]),
        (["compare", "missing.json", "other.json"], ["missing.json"]),
        (["clean", "missing.jsonl"], ["missing.jsonl"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_word_is_explained(cli, words, parts):
    """Each wrong option, value or id is named, with what is allowed or what to do."""
    result = cli(*words)
    told(result, *parts)
    assert "hunter2" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("timeot = 3", ["timeot", "'timeout'"]),
        ("timeout = 'soon'", ["timeout", "number"]),
        ("token = 't0ps3cret'", ["token", "token-env"]),
        ("other-tenant-token = 't0ps3cret'", ["other-tenant-token", "other-tenant-token-env"]),
        ("[features]\npatch = 'no'", ["features", "boolean"]),
        ("url = = 3\n", ["TOML", "line 1"]),
    ],
)
def test_a_wrong_configuration_file_is_explained(cli, tmp_path, text, parts):
    """A bad key gets its closest match, a bad value its place, and a secret is refused without being shown."""
    (tmp_path / "scim-conformance.toml").write_text(text)
    result = cli("run")
    told(result, "scim-conformance.toml", *parts)
    assert "t0ps3cret" not in result.stdout + result.stderr


def test_a_web_page_is_no_scim_endpoint(cli, site):
    """A wrong base URL that answers with a page is said to be one."""
    site.answer = (200, {"Content-Type": "text/html"}, b"<!doctype html><html><body>Welcome</body></html>")
    told(cli("run", site.url), "base URL")


def test_a_refused_token_is_said_at_once(cli, site):
    """Where everything is answered 401 the run does not start, and the token is not shown."""
    site.answer = (401, {"WWW-Authenticate": "Bearer"}, b"")
    result = cli("run", site.url, env={"SCIM_TOKEN": "t0ps3cret-token"})
    told(result, "401", "token")
    assert "t0ps3cret" not in result.stdout + result.stderr


def test_the_same_token_is_no_other_client(cli):
    """A token that is given for somebody else's must be another one than the run's own."""
    result = cli("run", "--other-token-env", "OTHER", env={"SCIM_TOKEN": "t0ps3cret-token", "OTHER": "t0ps3cret-token"})
    told(result, "--other-token-env", "OTHER")
    assert "t0ps3cret" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b'{"schemas": 7, "Resources": "x", "totalResults": []}',
        b'{"Resources": [7, null, []]}',
        b'{"a":' * 5000,
        b"{" + b'"x": "' + b"y" * 9_000_000 + b'"}',
        b"\xff\xfe\x00",
        b'{"schemas": ["urn:ietf',
    ],
    ids=["array", "null", "number", "string", "wrong types", "strange list", "deep", "10 MB", "not UTF-8", "truncated"],
)
def test_nonsense_is_judged_or_explained(cli, site, body):
    """A target that answers nonsense gets verdicts, or one message; never a traceback, never a hang."""
    site.answer = (200, {"Content-Type": "application/scim+json"}, body)
    result = cli("run", site.url, "--suite", "discovery", "--output", "out", "--timeout", "5")
    text = result.stdout + result.stderr
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text
    assert result.returncode in (1, 4), text
    assert " error" not in text.splitlines()[-1]
