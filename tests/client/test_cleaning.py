"""What a run created is removed, the latest first; nothing else ever is; what cannot be removed is said."""

import argparse
import json
import subprocess
import sys

import pytest
from odd_servers import RUN, SmallScim, error

from scim_conformance.cli import clean
from scim_conformance.client.cleanup import clean_up
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Target


@pytest.fixture
def client(client_of, small):
    """Return a client of the small service, which holds a user that is not ours."""
    small.add("/Users", userName="grace")
    return client_of(small)


def names(small):
    """Return what the small service holds."""
    return sorted(str(one.get("userName") or one.get("displayName")) for one in small.resources.values())


def test_everything_is_deleted_in_reverse_order(client, small):
    """Groups, created after their members, go before them; what is not ours stays."""
    for endpoint, body in (("/Users", {"userName": f"{RUN}1"}), ("/Groups", {"displayName": f"{RUN}2"})):
        client.create(endpoint, body)
    result = clean_up(client, client.journal)
    assert (result.deleted, result.gone, result.left, result.unsure) == (2, 0, [], [])
    assert [path for method, path in small.log if method == "DELETE"] == ["/Groups/3", "/Users/2"]
    assert names(small) == ["grace"]
    assert str(result) == "2 deleted, 0 gone already"
    assert not any(method == "GET" for method, _ in small.log)


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_gone_is_gone(client, small, status):
    """A resource that is gone already is counted as such."""
    client.create("User", {"userName": RUN})
    small.overrides["DELETE", "/Users/2"] = (status, error(404), [])
    result = clean_up(client, client.journal)
    assert (result.deleted, result.gone, result.left) == (0, 1, [])


def test_what_holds_another_is_tried_again(client, small):
    """A DELETE refused at first, for something else held it, is tried once more at the end."""
    client.create("User", {"userName": f"{RUN}1"})
    client.create("User", {"userName": f"{RUN}2"})
    held = SmallScim._answer

    def answer(self, method, path, query, body):
        if (method, path) == ("DELETE", "/Users/3") and ("/Users", "2") in self.resources:
            return "409 Conflict", error(409), []
        return held(self, method, path, query, body)

    small._answer = answer.__get__(small)
    assert clean_up(client, client.journal).deleted == 2


@pytest.mark.parametrize(
    "status", ["409 Conflict", "500 Internal Server Error", "501 Not Implemented", "401 Unauthorized"]
)
def test_what_cannot_be_deleted_is_named(client, small, status):
    """A resource that the target will not delete is left, with its address, name and what to do."""
    client.create("User", {"userName": RUN})
    small.overrides["DELETE", "/Users/2"] = (status, error(500), [])
    result = clean_up(client, client.journal)
    assert result.left == [f"/Users/2 (userName '{RUN}'): DELETE was answered {status[:3]}; delete it by hand."]
    assert str(result) == "0 deleted, 0 gone already, 1 left"
    assert client.journal.leftovers


def test_an_unclear_creation_is_looked_up_and_deleted(client, small):
    """A POST that was answered 500 but created something is found by its name, in any letter case, and deleted."""
    small.overrides["POST", "/Users"] = ("500 Internal Server Error", error(500), [])
    client.create("User", {"userName": f"{RUN}@Example.com"})
    small.add("/Users", userName=f"{RUN}@example.com".upper())
    small.add("/Users", userName=f"{RUN}@example.com.au")
    result = clean_up(client, client.journal)
    assert (result.deleted, result.left) == (1, [])
    assert names(small) == ["grace", f"{RUN}@example.com.au"]
    assert client.exchanges[-2].url.endswith(f"/Users?filter=userName%20eq%20%22{RUN}%40Example.com%22")


def test_an_unclear_creation_that_is_not_there_is_settled(client, small):
    """When the filter finds nothing, nothing was created."""
    small.overrides["POST", "/Users"] = ("500 Internal Server Error", error(500), [])
    client.create("User", {"userName": RUN})
    result = clean_up(client, client.journal)
    assert (result.deleted, result.gone, result.left, client.journal.leftovers) == (0, 1, [], [])


LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            ("200 OK", {"totalResults": 1, "Resources": [{"id": "1", "userName": "grace"}]}, []),
            "does not honour the filter",
        ),
        (
            ("200 OK", {"totalResults": 2, "Resources": [{"id": "1"}, {"id": "4", "userName": 7}]}, []),
            "does not honour the filter",
        ),
        (("200 OK", {"Resources": "x"}, []), "is no list response"),
        (("200 OK", {}, []), "is no list response"),
        (("200 OK", None, []), "is no list response"),
        (("400 Bad Request", error(400), []), "a filter was answered 400"),
        (("404 Not Found", error(404), []), "a filter was answered 404"),
        (("501 Not Implemented", error(501), []), "a filter was answered 501"),
    ],
)
def test_nothing_is_deleted_on_a_guess(client, small, answer, said):
    """A target that ignores or refuses the filter loses nothing; the reader is told what to look for."""
    small.overrides["POST", "/Users"] = ("500 Internal Server Error", error(500), [])
    client.create("User", {"userName": RUN})
    small.overrides["GET", "/Users"] = answer
    result = clean_up(client, client.journal)
    assert not any(method == "DELETE" for method, _ in small.log)
    assert len(result.left) == 1
    assert said in result.left[0]
    assert f"userName '{RUN}'" in result.left[0]


def test_without_a_name_of_ours_nothing_is_looked_for(client, small):
    """An unclear POST whose body carried no value with the run's id is only reported."""
    small.overrides["POST", "/Users"] = ("500 Internal Server Error", error(500), [])
    client.create("User", {"userName": "grace"})
    client.post("/Users", content=b"{")
    result = clean_up(client, client.journal)
    assert (result.deleted, result.gone, result.left, len(result.unsure)) == (0, 0, [], 2)
    assert names(small) == ["grace"]
    assert client.journal.leftovers == []


def test_a_journal_entry_of_another_run_is_not_trusted(client, small):
    """A value without the run's own id is never looked up, whatever a journal says."""
    client.journal.intend("/Users", "userName", "grace")
    assert clean_up(client, client.journal).deleted == 0
    assert names(small) == ["grace"]


def test_a_silent_target_is_not_asked_for_ever(client_of):
    """After three requests without an answer the rest is named as left, without asking."""
    alive = [True]

    def app(_environ, start_response):
        if not alive[0]:
            raise BrokenPipeError
        start_response("201 Created", [])
        return [json.dumps({"id": str(len(client.journal.leftovers))}).encode()]

    client = client_of(app)
    for number in range(6):
        client.create("User", {"userName": f"{RUN}{number}"})
    alive[0] = False
    result = clean_up(client, client.journal)
    assert client.count == 9
    assert len(result.left) == 6
    assert "no longer answers; run scim-conformance clean" in result.left[-1]


def command(*words):
    """Run the clean command in this process and return its exit code."""
    parser = argparse.ArgumentParser()
    clean.add_arguments(parser)
    return clean.run(parser.parse_args(words))


@pytest.fixture
def left_behind(tmp_path, on_a_port, small):
    """Leave a killed run's journal in the default folder: a user, a group, and a POST without an answer."""
    small.add("/Users", userName="grace")
    url = on_a_port(small)
    path = tmp_path / "state" / f"{RUN}.jsonl"
    client = ScimClient(
        Target.url(url), journal=Journal(path, {"run": RUN, "base_url": url, "kind": "url"}), run_id=RUN
    )
    client.create("User", {"userName": f"{RUN}1"})
    client.create("Group", {"displayName": f"{RUN}2"})
    small.overrides["POST", "/Users"] = ("500 Internal Server Error", error(500), [])
    client.create("User", {"userName": f"{RUN}3"})
    small.overrides.clear()
    small.add("/Users", userName=f"{RUN}3")
    client._calls.close()
    client.journal._file.close()
    client.journal._file = None
    return path


def test_clean_deletes_what_a_killed_run_left(left_behind, small, capsys, monkeypatch):
    """Without arguments the folder's journals are worked through with the token of SCIM_TOKEN, and go."""
    monkeypatch.setenv("SCIM_TOKEN", "kanarienvogel")
    assert command("--origin", "idp.example.com", "--header", "X-Tenant: acme") == 0
    printed = capsys.readouterr().out
    assert f"{left_behind}: run {RUN} on http://127.0.0.1:" in printed
    assert "3 to delete" in printed
    assert "3 deleted, 0 gone already" in printed
    assert names(small) == ["grace"]
    assert not left_behind.exists()
    last = small.environs[-1]
    assert (last["HTTP_AUTHORIZATION"], last["HTTP_X_REQUEST_ORIGIN"], last["HTTP_X_TENANT"]) == (
        "Bearer kanarienvogel", "idp.example.com", "acme",
    )  # fmt: skip
    assert command() == 0
    assert "nothing is left to delete" in capsys.readouterr().out


def test_clean_takes_the_token_from_a_named_variable(left_behind, small, monkeypatch):
    """--token-env names the variable, --token wins over both."""
    monkeypatch.setenv("OTHER", "other-token")
    assert command(str(left_behind), "--token-env", "OTHER") == 0
    assert small.environs[-1]["HTTP_AUTHORIZATION"] == "Bearer other-token"


def test_clean_says_what_is_left(left_behind, small, capsys):
    """What cannot be deleted is named with advice, the journal is kept, and the exit code is 1."""
    small.overrides["DELETE", "/Users/2"] = ("401 Unauthorized", error(401), [])
    assert command(str(left_behind)) == 1
    printed = capsys.readouterr().out
    assert "left: /Users/2" in printed
    assert "no token was given: set SCIM_TOKEN or name --token-env" in printed
    assert f"The journal is kept: {left_behind}" in printed
    small.overrides.clear()
    assert command(str(left_behind)) == 0
    assert names(small) == ["grace"]


def test_clean_copes_with_a_target_that_is_away(left_behind, capsys, small):
    """When nothing listens, everything is left, in one clear sentence each, and nothing is lost from the journal."""
    text = left_behind.read_text()
    left_behind.write_text(text.replace(json.loads(text.splitlines()[0])["base_url"], "http://127.0.0.1:9"))
    assert command(str(left_behind)) == 1
    printed = capsys.readouterr().out
    assert "Nothing listens on 127.0.0.1:9" in printed
    assert left_behind.exists()
    assert len(names(small)) == 4


def test_clean_tolerates_a_line_cut_short(left_behind, capsys):
    """A journal whose last line was cut by the kill is worked through as far as it goes."""
    with left_behind.open("a") as file:
        file.write('{"intend": 9, "endp')
    assert command(str(left_behind)) == 0
    assert "1 unreadable line(s), cut short when the run was killed" in capsys.readouterr().out


def test_clean_discards_the_journal_of_a_target_in_process(tmp_path, capsys):
    """What ran inside the killed process is gone with it."""
    path = tmp_path / "state" / "x.jsonl"
    journal = Journal(path, {"run": RUN, "base_url": "http://scim.test", "kind": "bundled"})
    journal.intend("/Users", "userName", RUN)
    journal._file.close()
    assert command() == 0
    assert "lived in the run's own process and is gone with it" in capsys.readouterr().out
    assert not path.exists()


def test_clean_leaves_a_running_run_alone(tmp_path, capsys):
    """The journal of a run that still goes on is not touched."""
    path = tmp_path / "state" / "x.jsonl"
    with Journal(path, {"run": RUN, "base_url": "http://127.0.0.1:9", "kind": "url"}) as journal:
        journal.intend("/Users", "userName", RUN)
        assert command() == 1
        assert "belongs to a run that is still going on" in capsys.readouterr().err
        assert path.exists()


def test_clean_sends_a_token_to_one_target_only(tmp_path, capsys):
    """Journals of two targets are not worked through with one token unless they are named."""
    for name in ("a", "b"):
        with Journal(
            tmp_path / "state" / f"{name}.jsonl", {"run": RUN, "base_url": f"http://{name}.invalid", "kind": "url"}
        ) as one:
            one.intend("/Users", "userName", RUN)
    assert command("--token", "kanarienvogel") == 4
    printed = capsys.readouterr().err
    assert "journals of 2 targets" in printed
    assert "http://a.invalid" in printed
    assert "kanarienvogel" not in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such.jsonl"], "cannot be read"),
        (["{file}"], "is not a journal"),
        (["{journal}", "--header", "nonsense"], "no colon"),
        (["{journal}", "--token-env", "NOT_SET"], "NOT_SET"),
        (["{journal}", "--ca-file", "no-such.pem"], "no-such.pem"),
        (["{journal}", "--token", "kanarien vogel"], "holds a blank"),
        (["{journal}", "--timeout", "soon"], "timeout"),
        (["{bad}"], "scheme"),
    ],
)
def test_clean_refuses_bad_input_in_words(tmp_path, left_behind, capsys, words, said):
    """Every kind of bad input is one sentence on standard error and exit code 4."""
    (tmp_path / "file").write_text("hello")
    (tmp_path / "bad").write_text('{"journal": 1, "base_url": "gopher://h/"}\n{"intend": 1, "endpoint": "/Users"}\n')
    paths = {"file": tmp_path / "file", "journal": left_behind, "bad": tmp_path / "bad"}
    assert command(*[word.format(**paths) for word in words]) == 4
    printed = capsys.readouterr()
    assert said in printed.err
    assert "kanarien" not in printed.out + printed.err
    assert left_behind.exists()


def test_the_start_of_the_command_is_light():
    """Importing the command brings in no HTTP library."""
    code = (
        "import sys, scim_conformance.cli.clean; print({'httpx', 'scim_conformance.client.client'} & set(sys.modules))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert printed.strip() == "set()"
    assert clean.HELP
    assert BrokenAnswer


def test_a_deletion_is_believed_of_an_authorized_request_alone():
    """A 404 or a log-in page that answers a DELETE without credentials leaves the resource in the journal."""
    from scim_conformance.client.client import ScimClient  # noqa: PLC0415 - beside its only use
    from scim_conformance.client.target import Target  # noqa: PLC0415

    answers = {"POST": "201 Created", "DELETE": "404 Not Found"}

    def app(environ, start_response):
        body = b'{"id": "7", "userName": "scx@example.com"}' if environ["REQUEST_METHOD"] == "POST" else b""
        start_response(answers[environ["REQUEST_METHOD"]], [("Content-Type", "application/scim+json")])
        return [body]

    client = ScimClient(Target.wsgi(app, token="t0ken-of-this-test"), run_id="scx")
    created = client.create("User", {"userName": "scx@example.com"}).json
    for attempt in (
        {"credentials": None},
        {"headers": {"Authorization": "Bearer wrong-t0ken"}},
        {"source_address": "192.0.2.9"},
    ):
        client.delete(("User", "7"), **attempt)
        assert client.journal.holds(created)
    client.delete(("User", "7"))
    assert not client.journal.holds(created)
