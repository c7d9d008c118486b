"""What is installed: the wheel, built from the source distribution, holds everything and runs from anywhere."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def call(*words, cwd, env=None):
    """Run a command to its end and return it; its output is shown where it fails."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def tracked(folder):
    """The files of a folder that belong to the project."""
    listed = call("git", "ls-files", "--cached", "--others", "--exclude-standard", folder, cwd=ROOT).stdout.splitlines()
    return [name for name in listed if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built out of a source distribution, from a copy that holds tracked files alone."""
    copy = tmp_path_factory.mktemp("source")
    for name in tracked("."):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", copy / "dist", cwd=copy)
    return next((copy / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A virtual environment with the wheel and our dependencies, and without the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    call(
        sys.executable,
        "-m",
        "pip",
        "--python",
        folder / "bin" / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=folder,
    )
    # A path in a .pth file is added as it is: the checkout's own .pth file in there is not read.
    site = next((folder / "lib").glob("python*")) / "site-packages"
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder


@pytest.mark.parametrize("folder", ["suites", "schemas", "scim_conformance"])
def test_the_wheel_holds_every_file(wheel, folder):
    """Every file of the package, of suites/ and of schemas/ is in the wheel."""
    names = set(zipfile.ZipFile(wheel).namelist())
    prefix = "" if folder == "scim_conformance" else "scim_conformance/"
    missing = [name for name in tracked(folder) if prefix + name not in names]
    assert missing == []


def test_the_command_runs_from_the_wheel(installed, tmp_path):
    """The console script judges the bundled server from a folder that has nothing to do with the checkout."""
    (tmp_path / "pytest.ini").write_text("[pytest]\npython_files = nothing_*.py\naddopts = --no-such-option\n")
    done = call(installed / "bin" / "scim-conformance", "run", "--suite", "discovery", cwd=tmp_path)
    assert "the bundled reference server" in done.stdout
    written = {path.name for path in (tmp_path / "reports" / "latest").iterdir()}
    assert written == {"report.json", "report.html", "junit.xml", "summary.md"}
    where = call(
        installed / "bin" / "python", "-c", "import scim_conformance; print(scim_conformance.__file__)", cwd=tmp_path
    )
    assert where.stdout.startswith(str(installed))


@pytest.mark.parametrize("words", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_the_suites_run_in_anyones_pytest(installed, tmp_path, words):
    """`pytest --pyargs scim_conformance.suites` finds plugin and suites where only the wheel is installed."""
    done = call(
        installed / "bin" / "python",
        "-m",
        "pytest",
        "--scim-bundled",
        "--pyargs",
        "scim_conformance.suites",
        "-k",
        "test_resource_types",
        "-p",
        "no:cacheprovider",
        *words,
        cwd=tmp_path,
    )
    assert " passed" in done.stdout
    assert "the bundled reference server" in done.stdout


def test_data_and_explanations_are_found(installed, tmp_path):
    """The commands that read the catalogue, the checks and the faults work from the wheel."""
    python = installed / "bin" / "scim-conformance"
    assert "RFC7644" in call(python, "coverage", cwd=tmp_path).stdout
    assert "204" in call(python, "explain", "RFC7644-3.6-06", cwd=tmp_path).stdout
