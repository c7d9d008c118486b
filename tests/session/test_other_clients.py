"""Rights, tenants, /Me and TLS over real sockets, with the tokens that an operator gives; nothing of them is shown."""

import json
import os
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest

from scim_conformance.server import create_app, reference
from scim_conformance.server.web import Server

ORIGIN = "idp.example.com"
PEM = Path(__file__).parents[1] / "client" / "localhost.pem"
OPTIONS = {
    "--read-only-token-env": "READER",
    "--expired-token-env": "EXPIRED",
    "--other-token-env": "OTHER",
    "--user-token-env": "PERSON",
    "--other-tenant-token-env": "TENANT",
}


@pytest.fixture
def judge(tmp_path):
    """Judge a target by the suites security and me; return the verdicts and messages of their checks."""

    def run(url, tokens, *words):
        words = [url, "--origin", ORIGIN, "--output", str(tmp_path), "--suite", "security", "--suite", "me", *words]
        result = subprocess.run(
            [sys.executable, "-m", "scim_conformance", "run", *words],
            env={**os.environ, **tokens},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        report = tmp_path / "report.json"
        assert report.is_file(), result.stdout + result.stderr
        for path in tmp_path.iterdir():
            assert not [token for token in tokens.values() if path.is_file() and token in path.read_text()], path
        assert not [token for token in tokens.values() if token in result.stdout + result.stderr]
        checks = json.loads(report.read_text())["checks"]
        return {check["id"].rpartition("::")[2]: (check["verdict"], check["message"]) for check in checks}

    return run


@pytest.fixture
def service():
    """A service with a second tenant, and the tokens of its clients by the names of their environment variables."""
    made = reference(service_origin=ORIGIN, base_path="/scim/v2")
    made.tenants.add(reference(service_origin=ORIGIN, base_path="/Tenants/second/v2"))
    issue = made.grants.issue
    made.tokens = {
        "SCIM_TOKEN": made.take_token(),
        "READER": issue(scopes=["read"]),
        "EXPIRED": issue(expires=datetime.now(UTC)),
        "OTHER": issue(client="second"),
        "PERSON": issue(subject="somebody"),
        "TENANT": next(iter(made.tenants)).take_token(),
    }
    return made


@pytest.fixture
def served(service):
    """The same service on a port; gives the port."""
    server = Server(service)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.port
    server.close()
    thread.join(10)


def test_every_check_runs_with_the_tokens_for_it(judge, service, served):
    """With all of the options nothing fails, and what is skipped is TLS, which a test server does not need."""
    given = [word for pair in OPTIONS.items() for word in pair]
    second = f"http://127.0.0.1:{served}/Tenants/second/v2"
    url = f"http://127.0.0.1:{served}/scim/v2"
    verdicts = judge(url, service.tokens, *given, "--other-tenant-url", second)
    assert {verdict for verdict, _ in verdicts.values()} == {"pass", "note", "skip"}
    skipped = {message for verdict, message in verdicts.values() if verdict == "skip"}
    assert len(skipped) == 2
    assert any("needs no TLS" in message for message in skipped)
    assert any("--registration-path" in message for message in skipped)
    assert not service.store.count("User")
    assert not next(iter(service.tenants)).store.count("User")


def test_without_tokens_the_checks_say_which_option_they_want(judge, service, served):
    """Without the options the checks are skipped, and each says what would let it run."""
    verdicts = judge(f"http://127.0.0.1:{served}/scim/v2", {"SCIM_TOKEN": service.tokens["SCIM_TOKEN"]})
    skipped = " ".join(message for verdict, message in verdicts.values() if verdict == "skip")
    for option in ("--read-only-token-env", "--expired-token-env", "--other-token-env", "--user-token-env"):
        assert option in skipped
    assert "--other-tenant-url" in skipped
    assert verdicts["test_unsupported_me_is_answered_501"][0] == "pass"


class _Quiet(WSGIRequestHandler):
    def get_environ(self):
        return {**super().get_environ(), "HTTPS": "on"}

    def log_message(self, *_):
        pass


@pytest.fixture
def over_tls(service):
    """Serve over TLS, of this version at the least; return the base URL."""
    servers = []

    def serve(oldest):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)
        context.minimum_version = oldest
        server = WSGIServer(("127.0.0.1", 0), _Quiet)
        server.handle_error = lambda *_: None  # plain HTTP, or a version that is too old
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.set_app(create_app(service))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"https://localhost:{server.server_port}/scim/v2"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("oldest", "verdict"), [("TLSv1_2", "pass"), ("TLSv1_3", "warn")])
def test_tls_versions_are_seen(judge, service, over_tls, oldest, verdict):
    """A target by TLS that takes 1.2 passes, one that insists on 1.3 is warned of; plain HTTP is closed on its port."""
    rules = [word for id_ in ("7.2-01", "7.2-02", "7.4-03") for word in ("--requirement", f"RFC7644-{id_}")]
    url = over_tls(ssl.TLSVersion[oldest])
    verdicts = judge(url, {"SCIM_TOKEN": service.tokens["SCIM_TOKEN"]}, "--ca-file", str(PEM), *rules)
    assert verdicts["test_tls_1_2_is_supported"][0] == verdict
    assert verdicts["test_plain_http_is_not_spoken"][0] == "pass"
    assert verdicts["test_tokens_are_not_asked_for_in_clear"][0] == "pass"
