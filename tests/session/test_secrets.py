"""Planted secrets are in nothing that a run writes."""

import os
import subprocess
import sys

import pytest

TOKEN = "canary-t0k3n-8f2c61d0"
HEADER = "canary-h3ad3r-77aa19"
APP = """
import base64, json

def app(environ, start_response):
    '''Echo every secret back, in headers, bodies and a Location, in clear and encoded; then fail.'''
    sent = environ.get("HTTP_AUTHORIZATION", "") + " " + environ.get("HTTP_X_TENANT_KEY", "")
    encoded = base64.b64encode(sent.encode()).decode()
    body = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "id": sent,
                       "detail": sent, "password": "canary-passw0rd-31", "encoded": encoded}).encode()
    cookie, location = "s=" + sent.split()[-1], "/Users/" + sent.replace(" ", "%20")
    start_response("200 OK", [("Content-Type", "application/scim+json"), ("X-Echo", sent), ("Set-Cookie", cookie),
                              ("Location", location)])
    return [body]
"""


@pytest.mark.parametrize("words", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_no_artefact_holds_a_secret(tmp_path, words):
    """Whatever a target echoes, neither reports nor journal nor terminal show token, header value or password."""
    (tmp_path / "echo.py").write_text(APP)
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "scim_conformance",
            "run",
            "--app",
            "echo:app",
            "--header",
            f"X-Tenant-Key: {HEADER}",
            *words,
        ],
        cwd=tmp_path,
        env={**os.environ, "SCIM_TOKEN": TOKEN},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in run.stderr
    written = [
        path for path in [*(tmp_path / "reports").rglob("*"), *(tmp_path / "state").rglob("*")] if path.is_file()
    ]
    assert {"report.json", "report.html", "junit.xml", "summary.md"} <= {path.name for path in written}, (
        run.stdout + run.stderr
    )
    for text in [run.stdout, run.stderr, *(path.read_text() for path in written)]:
        for secret in (TOKEN, HEADER, "canary-passw0rd-31"):
            assert secret not in text
            assert secret[:12] not in text
