"""Definitions of one's own for the bundled server, from the command line."""

import json

import pytest

from scim_conformance.server.definitions import EXAMPLES


@pytest.mark.parametrize("command", ["serve", "run"])
def test_bad_definitions_are_refused(cli, tmp_path, command):
    """A file that cannot be used ends the command with 4 and one line that names the file, the member and the word."""
    folder = tmp_path / "mine"
    folder.mkdir()
    lamp = {"id": "urn:example:2.0:Lamp", "attributes": [{"name": "label", "mutability": "readonly"}]}
    (folder / "lamp.json").write_text(json.dumps(lamp), encoding="utf-8")
    result = cli(command, "--definitions", str(folder), *(["--port", "0"] if command == "serve" else []))
    text = result.stdout + result.stderr
    assert result.returncode == 4, text
    assert "Traceback" not in text
    assert "lamp.json: attributes[0] (label): mutability is 'readonly'" in text
    assert "did you mean 'readOnly'?" in text


def test_definitions_are_for_the_bundled_server(cli, tmp_path):
    """Definitions for a target with a URL are refused: they change the bundled server alone."""
    result = cli("run", "https://scim.example.com/v2", "--definitions", str(tmp_path))
    assert result.returncode == 4
    assert "--definitions works on the bundled server alone" in result.stdout + result.stderr


def test_a_run_judges_defined_types(cli, tmp_path):
    """A run with definitions judges the resource type that they define like any other."""
    words = ("--requirement", "RFC7643-2.3.4-02", "-k", "Device", "--output", str(tmp_path / "out"))
    result = cli("run", "--definitions", str(EXAMPLES), *words)
    assert result.returncode == 0, result.stdout + result.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [each["verdict"] for each in report["checks"]] == ["pass"]
