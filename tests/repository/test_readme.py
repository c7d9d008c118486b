"""What README.md says is so."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scim_conformance.catalogue import load
from scim_conformance.cli import COMMANDS
from scim_conformance.config import gather
from scim_conformance.report.waivers import Waivers

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


CONSOLE = [text.split("\n", 1) for language, text in BLOCKS if language == "console"]


def plain(text):
    """A text with its ids and numbers taken out, without the lines of progress."""
    kept = [line for line in text.splitlines() if line.strip() and not re.match(r"[.FEnsbwx]+ +\[", line)]
    without_ids = [re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", line) for line in kept]
    return [re.sub(r"\d+(\.\d+)?( ms| s)?", "N", line).strip() for line in without_ids]


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_the_output_shown_is_real(tmp_path, command, shown):
    """What README.md shows of a command is what it prints, but for ids, numbers and what `...` leaves out."""
    words = shlex.split(command.removeprefix("$ scim-conformance "))
    done = subprocess.run(
        [sys.executable, "-m", "scim_conformance", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    printed = plain(done.stdout)
    assert [line for line in plain(shown) if line != "..." and line not in printed] == [], done.stdout


def test_the_test_command_is_what_ci_runs():
    """`.ci/run` calls the two halves of the README's test command."""
    command = next(text.strip() for _, text in BLOCKS if "pytest" in text and "pip install" in text)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    install, test = (half.strip() for half in command.split("&&"))
    assert install.removeprefix("pip install ") in ci
    assert re.search(rf"^{test}$", ci, re.MULTILINE)


def test_every_option_exists():
    """Each option and command that README.md names is one."""
    helps = {
        name: subprocess.run(
            [sys.executable, "-m", "scim_conformance", name, "--help"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for name in COMMANDS
    }
    known = "\n".join(helps.values()) + " --pyargs --scim-url "
    for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))):
        assert re.search(rf"{option}(?![\w-])", known), option
    for command in re.findall(r"`scim-conformance ([a-z]+)", README):
        assert command in COMMANDS


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"])
def test_every_link_leads_somewhere(name):
    """Each link to a file of the repository leads to one."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_examples_of_files_can_be_read(tmp_path):
    """The configuration and the waivers shown are ones that the tool takes, and the ids are known."""
    files = [text for language, text in BLOCKS if language == "toml"]
    settings = next(text for text in files if "[features]" in text)
    (tmp_path / "scim-conformance.toml").write_text(settings)
    options = gather({}, folder=tmp_path, env={"STAGING_SCIM_TOKEN": "t0ken"})
    assert (options.url, options.token, options.features) == ("https://example.com/scim/v2", "t0ken", {"patch": False})
    waivers = next(text for text in files if "[[waiver]]" in text)
    (tmp_path / "waivers.toml").write_text(waivers)
    assert len(Waivers.load(tmp_path / "waivers.toml").waivers) == len(tomllib.loads(waivers)["waiver"]) == 1
    for id_ in re.findall(r"RFC\d{4}-[\d.]+-\d\d", README):
        assert id_ in load()


def test_the_coverage_page_is_up_to_date(tmp_path):
    """reports/coverage.md is what `scim-conformance coverage --write` makes of this checkout."""
    (tmp_path / "reports").mkdir()
    command = [sys.executable, "-m", "scim_conformance", "coverage", "--write"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=True)
    made, kept = (folder / "reports" / "coverage.md" for folder in (tmp_path, ROOT))
    assert made.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8"), "scim-conformance coverage --write"
