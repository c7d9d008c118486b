"""A reference service behind chaos on a socket, and a run of a few checks against it in this process."""

import io
import threading
import time
from contextlib import redirect_stderr, redirect_stdout

import pytest

from scim_conformance.cli import run as command
from scim_conformance.config import Options
from scim_conformance.paths import SUITES
from scim_conformance.server import reference
from scim_conformance.server.alter import around
from scim_conformance.server.chaos import find
from scim_conformance.server.chaos.front import ChaosServer
from scim_conformance.server.messages import Headers, Request

TOKEN = "a-token-of-the-chaos-tests"
ORIGIN = "idp.example.com"
USER = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"grace@example.com"}'
SOON = 20
"""Seconds within which any of these runs is over, on a machine that is busy."""
IDLE = ("unraisableexception", "threadexception", "faulthandler", "doctest", "unittest", "junitxml", "logging")
"""Parts of pytest that a run in this process has no use for."""


class Run:
    """What came of a run: its exit code, the verdict and message of each check, what was printed, and how long."""

    def __init__(self):
        self.code = None
        self.results = {}
        self.printed = ""
        self.seconds = 0.0
        self.told = ""

    def pytest_runtest_logreport(self, report):
        """Collect the verdict of a check."""
        result = getattr(report, "scim", None)
        if result is not None and self.results.get(result["id"], {}).get("verdict") not in ("fail", "error"):
            self.results[result["id"]] = result

    def pytest_sessionfinish(self, session):
        """Keep what the run tells of the clean-up, which stands in its report."""
        judging = session.config.pluginmanager.get_plugin("scim-conformance-judging")
        self.told = "\n".join(judging.report.problems)

    @property
    def is_calm(self):
        """Whether the run ended in time and without a traceback."""
        return self.seconds < SOON and "Traceback" not in self.printed and "INTERNALERROR" not in self.printed

    @property
    def verdicts(self):
        """The verdicts that were given."""
        return {result["verdict"] for result in self.results.values()}

    @property
    def messages(self):
        """What was said of the checks that neither passed nor were skipped."""
        return " ".join(
            f"{result['message']} {result['actual']}"
            for result in self.results.values()
            if result["verdict"] in ("fail", "blocked", "error", "warn")
        )


class Target:
    """A service behind one way of chaos, with one user in it that no run created."""

    def __init__(self, name, folder):
        self.service = reference(token=TOKEN, service_origin=ORIGIN, default_workspace="Default")
        self.service.handle(
            Request(
                "POST", "/Users", [], Headers({"Authorization": f"Bearer {TOKEN}", "X-Request-Origin": ORIGIN}), USER
            )
        )
        self.requests = 0
        self.server = ChaosServer(self.service, find(name))
        around(self.service, "handle", self._count)
        self.folder = folder
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()

    def _count(self, original, request):
        self.requests += 1
        return original(request)

    def left(self):
        """The names of what is there now, beside what was there before."""
        kinds = ((kind.name, kind) for kind in self.service.resource_types)
        found = [record.resource for name, _ in kinds for record in self.service.store.scan(name)]
        names = sorted(each.get("userName") or each.get("displayName") for each in found)
        assert "grace@example.com" in names
        names.remove("grace@example.com")
        return names

    def judge(self, *files, keyword=None, timeout=0.4, max_wait=1.0):
        """Run the checks of some files of the suites against it."""
        run = Run()
        options = Options(
            url=self.server.url,
            token=TOKEN,
            origin=ORIGIN,
            timeout=timeout,
            max_wait=max_wait,
            journal_dir=str(self.folder),
        )
        paths = [SUITES / name for name in files]
        words = command.pytest_words(options, workers=None, keyword=keyword, quiet=True, paths=paths)
        words += [word for name in IDLE for word in ("-p", f"no:{name}")]
        printed = io.StringIO()
        began = time.monotonic()
        with redirect_stdout(printed), redirect_stderr(printed):
            run.code = command.judge(options, words, run)
        run.seconds, run.printed = time.monotonic() - began, printed.getvalue()
        return run

    def journals(self):
        """The journals that are kept, of runs that could not delete everything."""
        return sorted(self.folder.glob("*.jsonl"))

    def close(self):
        """Stop the server."""
        self.server.close()
        self._thread.join(5)


@pytest.fixture
def behind(tmp_path):
    """Start a service behind a way of chaos: `behind("hanging")`."""
    started = []

    def start(name):
        started.append(Target(name, tmp_path))
        return started[-1]

    yield start
    for target in started:
        target.close()
