"""`scim-conformance run`: judge a target with the shipped suites, under a pytest configuration of our own."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scim_conformance.config import BadConfiguration, Options, gather
from scim_conformance.options import OPTIONS
from scim_conformance.paths import SUITES

DEFAULT_OUTPUT = Path("reports") / "latest"
_AFTER_URL = {"url", "bundled"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a run, from the one table of options."""
    parser.usage = "scim-conformance run [URL] [options] [-- PYTEST ARGUMENTS]"
    parser.add_argument("url", nargs="?", metavar="URL", help="base URL of the target; default: the bundled server")
    for option in OPTIONS:
        if option.name in _AFTER_URL:
            continue
        parser.add_argument(f"--{option.name}", dest=option.field, **option.settings())
    parser.add_argument("-n", dest="workers", metavar="N", help="judge in N processes (a number, or auto)")
    parser.add_argument("-k", dest="keyword", metavar="EXPRESSION", help="judge only checks whose names match")
    parser.add_argument("--quiet", "-q", action="store_true", help="print the summary alone")


def run(arguments: argparse.Namespace) -> int:
    """Judge the target; return pytest's exit code."""
    try:
        options = gather(vars(arguments), folder=Path.cwd())
        if not options.names_a_target:
            options.bundled = True
        options.output = options.output or str(DEFAULT_OUTPUT)
        words = pytest_words(options, workers=arguments.workers, keyword=arguments.keyword, quiet=arguments.quiet)
    except BadConfiguration as problem:
        sys.stderr.write(f"scim-conformance: {problem}\n")
        return 4
    if options.insecure:
        sys.stderr.write("scim-conformance: warning: --insecure: the target's TLS certificate is not verified\n")
    return judge(options, [*words, *arguments.after_dashes])


def pytest_words(
    options: Options, *, workers: str | None, keyword: str | None, quiet: bool, paths: Sequence[Path | str] = ()
) -> list[str]:
    """Return pytest's command line for a run of the shipped suites, or of the files or checks of them in `paths`."""
    words = ["-c", str(SUITES / "pytest.ini"), "--rootdir", str(SUITES), "-p", "no:cacheprovider", "--tb=no", "-rN"]
    words.append("-qq" if quiet else "-q")
    if workers:
        if workers != "auto" and (not workers.isdecimal() or int(workers) < 1):
            raise BadConfiguration(f"-n is {workers!r}; give a number of processes from 1 up, or auto")
        words += ["-p", "xdist", "-n", workers]
    if keyword:
        words += ["-k", keyword]
    if options.output:
        words += [
            "-p",
            "pytest_metadata.plugin",
            "-p",
            "pytest_html.plugin",
            f"--html={Path(options.output) / 'report.html'}",
            "--self-contained-html",
        ]
    return words + [str(path) for path in paths or suites(options)]


def suites(options: Options) -> list[Path]:
    """Return the folders of the suites asked for, by default all; an unknown name raises `BadConfiguration`."""
    known = sorted(path.name for path in SUITES.iterdir() if path.is_dir() and any(path.rglob("test_*.py")))
    for name in options.suite:
        if name not in known:
            from difflib import get_close_matches  # noqa: PLC0415 - only needed once something is wrong

            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            raise BadConfiguration(f"there is no suite {name!r}; {hint}")
    return [SUITES / name for name in options.suite or known]


class Handover:
    """Carries the options to our plugin, so that no secret stands on pytest's command line."""

    def __init__(self, options: Options) -> None:
        self.options = options


class _Named:
    """Registers the handover under the name that our plugin looks for."""

    def __init__(self, handover: Handover) -> None:
        self._handover = handover

    def pytest_addoption(self, pluginmanager: Any) -> None:
        from scim_conformance.plugin import HANDOVER  # noqa: PLC0415 - imports pytest

        pluginmanager.register(self._handover, HANDOVER)


def judge(options: Options, words: list[str], *more_plugins: object) -> int:
    """Run pytest in this process, blind to the surroundings: no ini file, no environment options, no stray plugins."""
    import pytest  # noqa: PLC0415 - a second of imports that a usage error need not pay

    kept = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    kept["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    former = _end_as_interrupt()
    try:
        return int(
            pytest.main(["-p", "scim_conformance.plugin", *words], plugins=[_Named(Handover(options)), *more_plugins])
        )
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        if former is not None:
            signal.signal(signal.SIGTERM, former)


def _end_as_interrupt() -> Any:
    """Treat SIGTERM (a cancelled CI job) as Ctrl-C, so that the target is cleaned up; return the former handler."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    try:
        return signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread: whoever runs us there handles signals
        return None
