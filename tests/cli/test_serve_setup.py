"""`scim-conformance serve`: either server by --profile, and the table of values by --show-setup."""

import json
import subprocess
import sys
import urllib.request
from contextlib import closing, contextmanager

import pytest

from scim_conformance.config import Options
from scim_conformance.session.session import Session


@contextmanager
def served(tmp_path, *words):
    """Serve in a process of its own; give what it prints, line by line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scim_conformance", "serve", "--port", "0", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process.stdout
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def asked(url, token, **more):
    """Give status and body of the answer to a request with token and origin."""
    headers = {"Authorization": f"Bearer {token}", "X-Request-Origin": "localhost", **more}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with closing(refusal):
            return refusal.code, json.load(refusal)


def test_the_server_like_brazes_is_served(tmp_path):
    """With --profile braze the API has its five endpoints, its own error bodies, and no discovery."""
    with served(tmp_path, "--profile", "braze", "--token", "a-token-of-the-tests") as lines:
        url = next(lines).removeprefix("SCIM endpoint: ").strip()
        assert asked(f"{url}/Users", "a-token-of-the-tests")[0] == 400
        status, body = asked(f"{url}/ServiceProviderConfig", "a-token-of-the-tests")
        assert (status, body["status"], body["detail"]) == (404, 404, "Resource not found")


def test_the_table_is_printed_for_programs(tmp_path):
    """With --show-setup and --json the table is one line of JSON, whose values let a request in."""
    with served(tmp_path, "--show-setup", "entra", "--json") as lines:
        table = json.loads(next(lines))
        assert (table["method"], table["unique_identifier"]) == ("entra-id", "userName")
        assert table["fields"]["base_url"] == "Tenant URL"
        first = {"target": "userName", "source": "userPrincipalName", "matching": 1, "required": True}
        assert table["mapping"][0] == {**first, "remark": "matching precedence 1"}
        status, body = asked(f"{table['base_url']}/Users", table["token"])
        assert (status, body["totalResults"]) == (200, 0)
        assert asked(f"{table['base_url']}/Users", "another-token")[0] == 401


@pytest.mark.parametrize(
    ("method", "parts"),
    [
        ("okta-app", ["SCIM connector base URL", "Authentication Mode", "HTTP Header", "Deactivate Users", "login "]),
        ("okta-custom-app", ["Set-up: Okta, a custom app integration", "Unique identifier field for users"]),
        ("entra-id", ["Tenant URL", "Secret token", "userPrincipalName", "matching precedence 1"]),
        ("custom", ["SCIM API endpoint", "SCIM token", "X-Request-Origin: localhost", "name.givenName"]),
    ],
)
def test_the_table_is_printed_for_people(tmp_path, method, parts):
    """The table has the values by the names that the identity provider has for them."""
    with served(tmp_path, "--show-setup", method) as lines:
        text = ""
        for line in lines:
            text += line
            if line.startswith("Stop with"):
                break
    for part in parts:
        assert part in text


def test_custom_at_the_server_like_brazes(tmp_path):
    """The table for custom at the server like Braze's has the members of its API."""
    with served(tmp_path, "--profile", "braze", "--show-setup", "custom", "--json") as lines:
        targets = [row["target"] for row in json.loads(next(lines))["mapping"]]
    assert targets == ["userName", "name.givenName", "name.familyName", "department", "permissions"]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--profile", "braz"], ["no server 'braz'", "did you mean 'braze'?"]),
        (["--profile", "okta"], ["no server 'okta'", "there are rfc and braze"]),
        (["--profile", "braze", "--definitions", "."], ["--definitions", "one schema"]),
        (["--profile", "braze", "--daily-limit", "many"], ["--daily-limit", "'many'", "from 1 up"]),
        (["--daily-limit", "5"], ["--daily-limit", "--profile braze"]),
        (["--profile", "braze", "--fault", "delete-answers-200"], ["delete-answers-200", "--profile rfc"]),
        (["--fault", "braze-any-department"], ["braze-any-department", "--profile braze"]),
        (["--show-setup", "entrra"], ["no provisioning method 'entrra'", "did you mean 'entra'?"]),
        (["--show-setup", "x"], ["there are okta-app, okta-custom-app, entra-id, custom"]),
        (["--show-setup", "custom", "--method", "okta-app"], ["--method okta-app", "differ"]),
        (["--profile", "braze", "--show-setup", "okta-app"], ["neither active nor PATCH", "Okta", "--profile rfc"]),
        (["--json"], ["--json", "--show-setup"]),
        (["--method", "x"], ["method is 'x'", "okta-app"]),
    ],
)
def test_what_does_not_go_together(cli, words, parts):
    """Options that do not go together are refused in one sentence that says what to do."""
    done = cli("serve", "--port", "0", *words)
    text = done.stdout + done.stderr
    assert done.returncode == 4, text
    assert "Traceback" not in text
    for part in parts:
        assert part in text


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--profile", "braze", "--definitions", "."], ["--definitions", "one schema"]),
        (["--profile", "braze", "--fault", "delete-answers-200"], ["delete-answers-200", "without --profile braze"]),
        (["--profile", "rfc", "--variant", "braze-ids-are-uuids"], ["braze-ids-are-uuids", "--profile braze alone"]),
        (["--profile", "rfc", "--profile", "braze", "--fault", "braze-any-department"], ["--profile braze alone"]),
    ],
)
def test_what_a_run_cannot_be_about(cli, words, parts):
    """A run with what only the other bundled server has is refused in one sentence."""
    done = cli("run", "--suite", "clients", *words)
    text = done.stdout + done.stderr
    assert done.returncode == 4, text
    assert "Traceback" not in text
    for part in parts:
        assert part in text


def test_the_profile_chooses_the_bundled_server():
    """With the profile braze alone the bundled server is the one like Braze's; with others it is the other."""
    for profiles, groups in ((["braze"], False), (["braze", "rfc"], True), ([], True)):
        session = Session(Options(bundled=True, profile=profiles))
        session.open()
        assert (session.features.resource_type("Group") is not None) is groups
        session.close()
