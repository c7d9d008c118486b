"""Planted secrets are in nothing that a run writes."""

import os
import subprocess
import sys

import pytest

TOKEN = "canary-t0k3n-8f2c61d0"
HEADER = "canary-h3ad3r-77aa19"
OTHERS = {
    "revoked": "r3v0k3d-canary-5d1e2f3a",
    "read-only": "r34d-0nly-canary-91b0c7",
    "expired": "3xp1r3d-canary-64f2aa08",
    "other": "0th3r-canary-7be3d51c902",
    "user": "us3r-canary-0c9d8e7f6a5b",
    "other-tenant": "t3n4nt-canary-a1b2c3d4e5",
}
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
            "--other-tenant-url",
            "http://scim.test/other",
            *(word for name in OTHERS for word in (f"--{name}-token-env", f"CANARY_{name}")),
            *words,
        ],
        cwd=tmp_path,
        env={**os.environ, "SCIM_TOKEN": TOKEN, **{f"CANARY_{name}": token for name, token in OTHERS.items()}},
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
        for secret in (TOKEN, HEADER, "canary-passw0rd-31", *OTHERS.values()):
            assert secret not in text
            assert secret[:12] not in text
