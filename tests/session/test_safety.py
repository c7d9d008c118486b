"""Nothing on a target is lost, and nothing of ours stays: after success, failure, Ctrl-C, SIGTERM and kill -9."""

import os
import re
import signal
import subprocess
import sys
import time

import httpx
import pytest

COMMAND = [sys.executable, "-m", "scim_conformance"]
ORIGIN = {"X-Request-Origin": "localhost"}


@pytest.fixture
def served(tmp_path):
    """The reference server in a process of its own, with one user that is not ours; `served.users()` lists them all."""
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    printed = "".join(server.stdout.readline() for _ in range(3))
    url = re.search(r"http://\S+", printed)[0]
    token = re.search(r"shown once\): (\S+)", printed)[1]
    http = httpx.Client(headers={"Authorization": f"Bearer {token}", **ORIGIN}, trust_env=False)
    served = type("Served", (), {"url": url, "token": token})()
    served.folder = tmp_path
    served.users = lambda: sorted(
        user["userName"] for user in http.get(f"{url}/Users", params={"count": 1000}).json().get("Resources", [])
    )
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "grace@example.com"}
    assert http.post(f"{url}/Users", json=body).status_code == 201
    served.words = [url, "--origin", "localhost", "--output", str(tmp_path / "out"), "--suite", "lifecycle"]
    served.env = {**os.environ, "SCIM_TOKEN": token, "SCIM_CONFORMANCE_STATE": str(tmp_path / "state")}
    yield served
    http.close()
    server.terminate()
    server.wait(10)
    server.stdout.close()


def start(served, *words):
    """Start a run in a process of its own, to which Ctrl-C means something also where it does not to this one."""
    return subprocess.Popen(
        [*COMMAND, "run", *served.words, *words],
        env=served.env,
        cwd=served.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no other thread starts runs
    )


def wait_for_leftovers(served):
    """Wait until a run has created something; the run is at work then."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if len(served.users()) > 1:
            return
        time.sleep(0.02)
    pytest.fail("the run created nothing")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_run_leaves_nothing_behind(served, tmp_path, workers):
    """After a whole run the target holds what it held before, and no journal stays."""
    run = start(served, *workers)
    printed, _ = run.communicate(timeout=120)
    assert run.returncode == 0, printed
    assert served.users() == ["grace@example.com"]
    assert list((tmp_path / "state").glob("*")) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_run_cleans_up(served, tmp_path, sent):
    """Ctrl-C, and a CI job that is cancelled, end with a clean target and no report that could pass for a whole one."""
    run = start(served)
    wait_for_leftovers(served)
    run.send_signal(sent)
    printed, _ = run.communicate(timeout=60)
    assert run.returncode == 2, printed
    assert served.users() == ["grace@example.com"]
    assert list((tmp_path / "state").glob("*")) == []


STRIKES = r"""
import pytest


def strike(*_):
    raise KeyboardInterrupt


# A function of whose instructions none has a line, as some of CPython's own between two statements.
strike.__code__ = strike.__code__.replace(co_linetable=b"\xff" * 16)


@pytest.mark.requirement("RFC7644-3.3-08")
def test_is_struck(user):
    "The signal strikes while a user exists."
    strike()
"""


def test_an_interruption_between_two_lines_cleans_up(served, tmp_path):
    """A signal that strikes where CPython knows no line ends as any other: pytest alone would print a traceback."""
    (tmp_path / "test_struck.py").write_text(STRIKES, encoding="utf-8")
    words = ["-p", "scim_conformance.plugin", "--scim-url", served.url, "--scim-origin", "localhost"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path / "test_struck.py")],
        env={**served.env, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    assert served.users() == ["grace@example.com"]


def test_what_a_crashed_worker_left_is_cleaned(served, tmp_path):
    """A worker that dies while it holds a user leaves it behind; the run deletes it by that worker's journal."""
    folder = tmp_path / "team"
    folder.mkdir()
    (folder / "test_crash.py").write_text(
        "import os\n"
        "import pytest\n\n"
        '@pytest.mark.requirement("RFC7644-3.3-08")\n'
        "def test_dies(user):\n"
        '    """The worker dies while it holds a user."""\n'
        "    os._exit(1)\n",
        encoding="utf-8",
    )
    words = ["-p", "xdist", "-n", "1", "--max-worker-restart", "0", "-p", "scim_conformance.plugin"]
    target = ["--scim-url", served.url, "--scim-origin", "localhost"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words, *target, str(folder)],
        env={**served.env, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "crashed" in run.stdout, run.stdout + run.stderr
    assert served.users() == ["grace@example.com"]
    assert list((tmp_path / "state").glob("*")) == []


def test_what_a_killed_run_left_is_cleaned_later(served, tmp_path):
    """After kill -9 the journal tells `clean` what to delete, and nothing else is touched."""
    run = start(served)
    wait_for_leftovers(served)
    run.kill()
    run.communicate(timeout=20)
    left = served.users()
    assert len(left) > 1
    journals = list((tmp_path / "state").glob("*.jsonl"))
    assert len(journals) == 1
    assert served.token not in journals[0].read_text()
    clean = subprocess.run(
        [*COMMAND, "clean", "--origin", "localhost"],
        env=served.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert served.users() == ["grace@example.com"]
    assert not journals[0].exists()
