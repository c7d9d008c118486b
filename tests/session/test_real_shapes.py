"""Shapes that servers in production have: each is judged to the end, with one fail for one cause."""

import json
import os
import subprocess
import sys

import pytest

SHAPES = '''
"""The reference server, with the shapes of servers in production put around it."""

import json

from scim_conformance.server import create_app, reference

TOKEN = "t0ken-of-the-shapes-test"
DISCOVERY = ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")


def answer(start_response, status, value, media_type="application/scim+json"):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    start_response(status, [("Content-Type", media_type), ("Content-Length", str(len(body)))])
    return [body]


def asked(app, environ):
    seen = {}
    def start_response(status, headers, exc_info=None):
        seen.update(status=status, headers=headers)
    body = b"".join(app(environ, start_response))
    return seen["status"], seen["headers"], body


def around(change):
    """Make an application out of `change(app, environ, start_response)`, which may pass a request on."""
    app = create_app(reference(token=TOKEN, service_origin="idp.example.com"))
    return lambda environ, start_response: change(app, environ, start_response)


def rewriting(change):
    """Make an application whose discovery documents go through `change(path, document)`."""
    def wrapped(app, environ, start_response):
        path = environ["PATH_INFO"]
        status, headers, body = asked(app, environ)
        if path in DISCOVERY and status.startswith("200"):
            return answer(start_response, "200 OK", change(path, json.loads(body)))
        start_response(status, headers)
        return [body]
    return around(wrapped)


def without_discovery(app, environ, start_response):
    if environ["PATH_INFO"].startswith(DISCOVERY):
        return answer(start_response, "404 Not Found", b"<h1>Not found</h1>", "text/html")
    return app(environ, start_response)


def listed_bare(path, document):
    return document.get("Resources", document)


def one_alone(path, document):
    if path == "/ResourceTypes":
        return next(r for r in document["Resources"] if r["name"] == "User")
    return document


def absolute(path, document):
    for resource in document.get("Resources", []):
        if "endpoint" in resource:
            resource["endpoint"] = "http://scim.test" + resource["endpoint"]
    return document


def with_more_members(path, document):
    for resource in [document, *document.get("Resources", [])]:
        resource["x-internal"] = {"build": 7, "flags": [None, "a"]}
    return document


def requiring_more(path, document):
    for schema in document.get("Resources", []):
        for attribute in schema.get("attributes", []):
            if schema["id"].endswith(":core:2.0:User") and attribute["name"] in ("name", "active", "emails"):
                attribute["required"] = True
                for sub in attribute.get("subAttributes", []):
                    sub["required"] = sub["name"] in ("familyName", "value")
    return document


def make_first_post_fail():
    failed = []
    def first_post_fails(app, environ, start_response):
        if environ["REQUEST_METHOD"] == "POST" and not failed:
            failed.append(True)
            return answer(start_response, "500 Internal Server Error", b"oops", "text/plain")
        return app(environ, start_response)
    return first_post_fails


def patch_is_not_there(app, environ, start_response):
    if environ["REQUEST_METHOD"] == "PATCH":
        return answer(start_response, "501 Not Implemented", {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "501"})
    return app(environ, start_response)


def post_is_broken(app, environ, start_response):
    if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in ("/Users", "/Groups"):
        return answer(start_response, "503 Service Unavailable", b"", "text/plain")
    return app(environ, start_response)


none = around(without_discovery)
bare = rewriting(listed_bare)
single = rewriting(one_alone)
urls = rewriting(absolute)
more = rewriting(with_more_members)
required = rewriting(requiring_more)
first = around(make_first_post_fail())
unpatched = around(patch_is_not_there)
uncreating = around(post_is_broken)
'''


@pytest.fixture
def judge(tmp_path):
    """Judge one of the shapes; return its fails, and the verdicts of all checks by id."""

    def run(name, *words):
        (tmp_path / "shapes.py").write_text(SHAPES)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "scim_conformance",
                "run",
                "--app",
                f"shapes:{name}",
                "--origin",
                "idp.example.com",
                "--output",
                "out",
                *words,
            ],
            cwd=tmp_path,
            env={**os.environ, "SCIM_TOKEN": "t0ken-of-the-shapes-test"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stdout + done.stderr
        report = json.loads((tmp_path / "out" / "report.json").read_text())
        assert report["complete"]
        assert report["totals"]["error"] == 0, done.stdout
        verdicts = {check["id"]: check["verdict"] for check in report["checks"]}
        return sorted(id_ for id_, verdict in verdicts.items() if verdict == "fail"), verdicts

    return run


def of(verdicts, suite, verdict):
    """How many checks of a suite have a verdict."""
    return sum(id_.startswith(suite) and found == verdict for id_, found in verdicts.items())


@pytest.mark.parametrize("name", ["more"])
def test_lawful_shapes_have_no_fail(judge, name):
    """Unknown members in discovery documents are nobody's fault."""
    fails, verdicts = judge(name, "--suite", "discovery", "--suite", "lifecycle")
    assert fails == []
    assert of(verdicts, "lifecycle", "blocked") == 0


def test_without_discovery_everything_else_is_judged(judge):
    """No discovery at all is a fail for each document; all that happens to resources is judged all the same."""
    fails, verdicts = judge("none", "--suite", "discovery", "--suite", "lifecycle")
    assert all(id_.startswith("discovery/") for id_ in fails)
    assert len(fails) <= 12
    assert of(verdicts, "lifecycle", "pass") > 200


@pytest.mark.parametrize("name", ["bare", "single"])
def test_lists_in_another_form_are_read(judge, name):
    """A bare array or a single object is a fail of the form, and is read for what it says."""
    fails, verdicts = judge(name, "--suite", "discovery", "--suite", "lifecycle")
    assert fails
    assert all(id_.startswith("discovery/") for id_ in fails)
    assert len(fails) <= 8
    assert of(verdicts, "lifecycle", "pass") > 100


def test_absolute_endpoints_are_followed(judge):
    """An absolute endpoint is a warning at its own check, and the resources behind it are judged."""
    fails, verdicts = judge("urls", "--suite", "discovery", "--suite", "lifecycle")
    assert fails == []
    assert of(verdicts, "lifecycle", "pass") > 200


def test_more_required_attributes_are_sent(judge):
    """What the served schema requires beyond the RFC is sent, so that creations go on working."""
    fails, verdicts = judge("required", "--suite", "lifecycle")
    # This server does not enforce what it says, which is one finding of its own.
    assert [id_ for id_ in fails if "test_missing_required_attribute_is_refused" not in id_] == []
    assert of(verdicts, "lifecycle", "blocked") == 0


def test_a_first_post_that_breaks_costs_one_check(judge):
    """A server that fails once loses the check at hand, and nothing else."""
    fails, verdicts = judge("first", "--suite", "lifecycle")
    assert len(fails) + of(verdicts, "lifecycle", "blocked") == 1


def test_a_patch_that_is_only_advertised_is_one_cause(judge):
    """PATCH answered 501 though advertised fails the claim and the plain PATCH; what stands on it is blocked."""
    fails, verdicts = judge("unpatched", "--suite", "discovery", "--suite", "patch")
    assert 1 <= len(fails) <= 3, fails
    assert of(verdicts, "patch", "blocked") > 40


def test_a_broken_post_is_one_cause(judge):
    """Where nothing can be created, the plain creations fail, and hundreds of checks are blocked."""
    fails, verdicts = judge("uncreating", "--suite", "lifecycle")
    assert 1 <= len(fails) <= 8, fails
    assert of(verdicts, "lifecycle", "blocked") > 150


def test_workers_agree_with_one_process(judge):
    """Two workers come to the same verdicts as one process."""
    _, alone = judge("more", "--suite", "discovery", "--suite", "lifecycle")
    _, together = judge("more", "--suite", "discovery", "--suite", "lifecycle", "-n", "2")
    assert together == alone
