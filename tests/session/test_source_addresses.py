"""The access suite over real sockets: requests are sent from several addresses of 127.0.0.0/8, as an operator would."""

import json
import os
import subprocess
import sys
import threading

import pytest

from scim_conformance.server import reference
from scim_conformance.server.faults import find
from scim_conformance.server.web import Server

ALLOWLIST = "127.0.0.1, 127.0.1.0/30, 127.0.2.5-127.0.2.9"
OUTSIDE = "127.0.0.9"
ORIGIN = "idp.example.com"


@pytest.fixture
def judge(tmp_path):
    """Serve the reference server, sound or with a fault, on a free port; judge it there; return code and verdicts."""
    servers = []

    def run(*words, fault=None):
        service = reference(service_origin=ORIGIN, allowlist=ALLOWLIST, base_path="/scim/v2")
        revoked = service.take_token()
        if fault:
            find(fault).apply(service)
        token = service.settings.reset_token()
        server = Server(service)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        options = ["--suite", "access", "--origin", ORIGIN, "--revoked-token-env", "FORMER", "--output", str(tmp_path)]
        result = subprocess.run(
            [sys.executable, "-m", "scim_conformance", "run", server.url, *options, *words],
            env={**os.environ, "SCIM_TOKEN": token, "FORMER": revoked},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        report = tmp_path / "report.json"
        assert report.is_file(), result.stdout + result.stderr
        checks = json.loads(report.read_text())["checks"]
        assert token not in result.stdout + result.stderr + report.read_text()
        return result.returncode, {check["id"].partition("::")[2]: check["verdict"] for check in checks}

    yield run
    for server, thread in servers:
        server.close()
        thread.join(10)


def failed(verdicts):
    """Return the names of the checks that failed or went wrong."""
    return {name for name, verdict in verdicts.items() if verdict in ("fail", "error", "blocked")}


def test_sound_server_passes_from_every_address(judge):
    """With an outside address and the allowlist declared, nothing fails, and every edge that can be bound is tried."""
    code, verdicts = judge("--source-address", OUTSIDE, "--allowlist", ALLOWLIST)
    assert failed(verdicts) == set()
    assert code == 0
    for form in ("address", "block", "range"):
        assert verdicts[f"test_allowlist_lets_in_what_it_names[{form}]"] == "pass"
        assert verdicts[f"test_allowlist_ends_where_it_says[{form}]"] == "pass"
    assert verdicts["test_outside_address_opens_no_resource[delete-User]"] == "pass"
    assert verdicts["test_forwarding_headers_open_nothing[x-forwarded-for]"] == "pass"
    assert verdicts["test_revoked_token_opens_no_resource[read-User]"] == "pass"
    assert verdicts["test_four_methods_are_offered[custom]"] == "skip"


def test_addresses_that_cannot_be_bound_are_left_out(judge):
    """Addresses of the allowlist that this machine does not have are not judged, and nobody is blamed for them."""
    declared = f"{ALLOWLIST}, 192.0.2.0/30, 2001:db8::/64"
    words = ("--requirement", "SEED-ALLOW-02", "--requirement", "SEED-ALLOW-03")
    code, verdicts = judge("--source-address", OUTSIDE, "--allowlist", declared, *words)
    assert code == 0
    assert verdicts["test_allowlist_lets_in_what_it_names[block]"] == "note"
    assert verdicts["test_allowlist_lets_in_what_it_names[range]"] == "pass"


def test_without_an_allowlist_these_checks_are_skipped(judge):
    """Without an outside address and an allowlist the checks of the allowlist do not apply."""
    code, verdicts = judge("--requirement", "SEED-ALLOW-03", "--requirement", "SEED-TOKEN-05")
    assert code == 0
    assert {verdict for name, verdict in verdicts.items() if "outside" in name} == {"skip"}
    assert verdicts["test_token_of_another_length_is_refused[shortened]"] == "pass"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            "allowlist-ignored-for-get",
            {
                "test_outside_address_opens_no_resource[read-User]": "fail",
                "test_outside_address_opens_no_resource[delete-User]": "blocked",
            },
        ),
        (
            "allowlist-ignored-for-delete",
            {
                "test_outside_address_opens_no_resource[read-User]": "pass",
                "test_outside_address_opens_no_resource[delete-User]": "fail",
            },
        ),
        (
            "x-forwarded-for-believed",
            {
                "test_outside_address_opens_no_resource[read-User]": "pass",
                "test_forwarding_headers_open_nothing[x-forwarded-for]": "fail",
                "test_forwarding_headers_open_nothing[x-real-ip]": "pass",
            },
        ),
        (
            "range-one-too-long",
            {
                "test_allowlist_ends_where_it_says[range]": "fail",
                "test_allowlist_ends_where_it_says[block]": "pass",
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faults_of_the_allowlist_are_noticed_over_sockets(judge, fault, expected):
    """A server whose allowlist is broken fails the checks that send from elsewhere, and only those."""
    words = ("--requirement", "SEED-ALLOW-03", "--requirement", "SEED-ALLOW-04")
    code, verdicts = judge("--source-address", OUTSIDE, "--allowlist", ALLOWLIST, *words, fault=fault)
    assert code == 1
    assert {name: verdicts[name] for name in expected} == expected
