"""`scim-conformance serve --chaos`: chaos for any client, and a run against it by the command line."""

import re
import subprocess
import sys

import pytest

from scim_conformance.server.chaos import load_all

COMMAND = [sys.executable, "-m", "scim_conformance"]
TOKEN = "a-token-of-the-chaos-tests"


def command(*words):
    """Run the command line to its end."""
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def served(request):
    """The URL of a server in a process of its own, behind the chaos that the test names."""
    words = ["serve", "--port", "0", "--token", TOKEN, "--chaos", request.param]
    server = subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    yield re.search(r"http://\S+", server.stdout.readline())[0]
    server.terminate()
    server.wait(10)
    server.stdout.close()


@pytest.mark.parametrize("served", ["closing-in-the-body"], indirect=True)
def test_a_run_by_the_command_line_tells_what_came(served, tmp_path):
    """The command ends with 1, shows the target's fault and no traceback, and writes a whole report."""
    words = ["--token", TOKEN, "--origin", "localhost", "--suite", "lifecycle", "-k", "test_get_answers"]
    run = command("run", served, *words, "--output", str(tmp_path / "out"))
    assert run.returncode == 1, run.stdout + run.stderr
    assert "the connection was closed before the whole body" in " ".join(run.stdout.split())
    assert "Traceback" not in run.stdout + run.stderr
    assert '"complete": true' in (tmp_path / "out" / "report.json").read_text()


def test_an_unknown_way_is_named_with_the_closest():
    """A misspelled way of chaos is refused before anything listens."""
    run = command("serve", "--port", "0", "--chaos", "hangin")
    assert run.returncode == 4
    assert "There is no chaos 'hangin'; the closest are hanging" in run.stderr


def test_each_way_is_told_in_a_sentence():
    """Every way of chaos has a title that says what the client sees."""
    assert len(load_all()) > 30
    assert all(way.title.endswith(".") for way in load_all().values())
