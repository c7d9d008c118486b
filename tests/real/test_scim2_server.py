"""The suites against scim2-server from PyPI: a server that nobody here wrote, over a socket."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WAIVERS = HERE / "scim2-server.toml"
WAIVERS_OF_PROVIDERS = HERE / "scim2-server-providers.toml"
PROVIDERS = ("entra", "okta", "other-idp", "entra-validator", "entra-gallery", "okta-spec", "okta-oin")
TOKEN = "r3al-input-token-of-the-test-suite"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """scim2-server on a free port, with a bearer token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("server") / "log").open("w")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("scim2-server")), "--port", str(port), "--bearer-token", TOKEN],
        stdout=log,
        stderr=log,
    )
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None, "scim2-server ended"
            assert time.monotonic() < deadline, "scim2-server did not start"
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    log.close()


def judge(server, output, waivers, *words):
    """Run against the server with our waivers; return the finished process and its report."""
    options = ["--waivers", str(waivers), "--output", str(output), *words]
    process = subprocess.run(
        [sys.executable, "-m", "scim_conformance", "run", server, *options],
        env={**os.environ, "SCIM_TOKEN": TOKEN, "SCIM_CONFORMANCE_STATE": str(output / "state")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return process, json.loads((output / "report.json").read_text())


@pytest.fixture(scope="module")
def judged(server, tmp_path_factory):
    """A whole run by the RFCs."""
    return judge(server, tmp_path_factory.mktemp("out"), WAIVERS)


def test_every_fail_of_an_identity_provider_is_adjudicated(server, tmp_path):
    """What identity providers cannot do there is known, and nothing else; the report says it of each of them."""
    profiles = [word for name in PROVIDERS for word in ("--profile", name)]
    process, report = judge(server, tmp_path, WAIVERS_OF_PROVIDERS, *profiles)
    assert process.returncode == 0, process.stdout
    assert report["problems"] == []
    assert report["totals"]["error"] == 0
    assert report["totals"]["pass"] > 700
    assert "Okta's SPEC test would pass: 12 tests" in process.stdout


def test_every_fail_is_adjudicated(judged):
    """Each fail has a waiver with the sentence of the RFC behind it, and no waiver is superfluous."""
    process, report = judged
    assert process.returncode == 0, process.stdout
    assert report["problems"] == []
    fails = [check for check in report["checks"] if check["verdict"] == "fail"]
    assert fails
    assert all(check["waived"] for check in fails)


def test_the_run_goes_on_to_the_end(judged):
    """Nothing broke on our side, nothing was blocked, and most checks could be judged."""
    _, report = judged
    assert report["complete"]
    assert report["totals"]["error"] == 0
    assert report["totals"]["blocked"] == 0
    assert report["totals"]["pass"] > 400


def test_no_artefact_holds_the_token(judged):
    """Neither the terminal nor a report shows the token that every request carried."""
    process, report = judged
    assert TOKEN not in process.stdout + process.stderr + json.dumps(report)
