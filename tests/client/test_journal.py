"""The journal is on disk before anything is created, survives a kill at any moment, and holds no secret."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from scim_conformance.client.journal import BadJournal, Journal, Leftover, default_folder, read

HEADER = {
    "run": "scrun1",
    "tool": "0.1.0",
    "base_url": "https://h/scim",
    "kind": "url",
    "started": "2026-11-22T04:00:00+00:00",
}


@pytest.fixture
def path(tmp_path):
    """Where a journal goes."""
    return tmp_path / "state" / "scrun1.jsonl"


def lines(path):
    """Return the entries of a journal."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_file_format(path):
    """Header, intent, creation, refusal and deletion are one JSON object a line, for the owner's eyes alone."""
    with Journal(path, HEADER) as journal:
        first = journal.intend("/Users", "userName", "scrun1@example.com")
        journal.created(first, "/Users", "a/b")
        journal.refused(journal.intend("/Groups"))
        journal.deleted("/Users", "a/b")
        journal.intend("/Users", "userName", "scrun1b@example.com")
        assert lines(path) == [
            {"journal": 1, **HEADER},
            {"intend": 1, "endpoint": "/Users", "attribute": "userName", "value": "scrun1@example.com"},
            {"created": 1, "endpoint": "/Users", "id": "a/b"},
            {"intend": 2, "endpoint": "/Groups", "attribute": "", "value": ""},
            {"refused": 2},
            {"deleted": "a/b", "endpoint": "/Users"},
            {"intend": 3, "endpoint": "/Users", "attribute": "userName", "value": "scrun1b@example.com"},
        ]
    assert path.stat().st_mode & 0o777 == 0o600
    found = read(path)
    assert found.leftovers == (Leftover(3, "/Users", "userName", "scrun1b@example.com"),)
    assert found.run_id == "scrun1"


def test_a_run_that_creates_nothing_leaves_no_file(path):
    """The file appears with the first intent, and goes when nothing is left."""
    journal = Journal(path, HEADER)
    assert not path.exists()
    journal.close()
    journal.refused(journal.intend("/Users"))
    assert path.exists()
    journal.close()
    assert not path.exists()


def test_intents_are_forced_to_disk_before_the_request(path, monkeypatch):
    """An intent is fsynced for a real target, and only flushed for one in this process."""
    synced = []
    monkeypatch.setattr("scim_conformance.client.journal.os.fsync", synced.append)
    with Journal(path, HEADER) as journal:
        journal.intend("/Users")
        assert len(synced) == 2  # the header and the intent
    with Journal(path.with_name("other.jsonl"), {**HEADER, "kind": "wsgi"}) as journal:
        journal.intend("/Users")
        assert len(synced) == 2
        assert len(lines(path.with_name("other.jsonl"))) == 2


def test_ownership():
    """What was created stays the run's own after deletion; an id belongs to an endpoint in any letter case."""
    journal = Journal()
    journal.created(journal.intend("/Users"), "/Users", "1")
    assert journal.owns("/Users", "1")
    assert journal.owns("/users/", "1")
    assert not journal.owns("/Groups", "1")
    assert not journal.owns("/Users", "2")
    assert journal.holds({"id": "1"})
    journal.deleted("/users", "1")
    assert journal.owns("/Users", "1")
    assert not journal.holds({"id": "1"})
    assert journal.endpoints_of("1") == ["/Users"]
    assert journal.leftovers == []


def test_one_request_may_create_twice():
    """A second id for one intent is kept beside the first; the same id again is not counted twice."""
    journal = Journal()
    number = journal.intend("/Users", "userName", "x")
    journal.created(number, "/Users", "1")
    journal.created(number, "/Users", "2")
    journal.created(journal.intend("/Users"), "/Users", "2")
    journal.created(0, "/Users", "3")
    assert [(one.id, one.value) for one in journal.leftovers] == [("1", "x"), ("2", "x"), ("3", "")]


KILLED = """
import os, signal, sys
from pathlib import Path
from scim_conformance.client.journal import Journal
journal = Journal(Path(sys.argv[1]), {"run": "scrun1", "base_url": "https://h/scim", "kind": "url"})
journal.created(journal.intend("/Users", "userName", "scrun1a"), "/Users", "1")
journal.deleted("/Users", "1")
journal.created(journal.intend("/Users", "userName", "scrun1b"), "/Users", "2")
journal.intend("/Groups", "displayName", "scrun1c")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_a_whole_journal(path):
    """After kill -9 everything written is there, the lock is free, and the journal can be gone on with."""
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLED,
            str(path),
        ],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert [(one.endpoint, one.id, one.value) for one in read(path).leftovers] == [
        ("/Users", "2", "scrun1b"),
        ("/Groups", "", "scrun1c"),
    ]
    with Journal.resume(path) as journal:
        assert journal.run_id == "scrun1"
        assert journal.owns("/Users", "1")
        journal.deleted("/Users", "2")
        assert journal.intend("/Users") == 4
        journal.refused(4)
        journal.refused(3)
    assert not path.exists()


@pytest.mark.parametrize("cut", range(1, 60, 4))
def test_a_line_cut_short_is_passed_over(path, cut):
    """Whatever part of the last line was written, the lines before it count, and more can follow."""
    with Journal(path, HEADER) as journal:
        journal.created(journal.intend("/Users", "userName", "scrun1é"), "/Users", "1")
        journal.intend("/Users", "userName", "scrun1b")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    found = read(path)
    assert found.leftovers[0].id == "1"
    assert found.unreadable == (1 if len(found.leftovers) == 1 and not whole[:-cut].endswith(b"\n") else 0)
    with Journal.resume(path) as journal:
        journal.deleted("/Users", "1")
    assert read(path).leftovers == found.leftovers[1:] if path.exists() else len(found.leftovers) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no header line"),
        ("hello\n", "no header line"),
        ('{"intend": 1}\n', "no header line"),
        ('{"journal": 99}\n', "format 99; this version reads format 1"),
        ("[" * 100_000, "no header line"),
    ],
)
def test_what_is_no_journal_is_said_so(path, content, said):
    """A file that is something else is refused in words."""
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(BadJournal, match=said):
        read(path)


def test_garbage_between_the_lines_is_counted(path):
    """Lines that make no sense are passed over and counted."""
    path.parent.mkdir()
    odd = ['{"journal": 1, "run": "r"}', '{"intend": "x", "endpoint": "/U"}', '{"created": 1}', "\x00", '{"other": 1}',
           "7", '{"intend": 2, "endpoint": "/Users"}']  # fmt: skip
    path.write_text("\n".join(odd))
    found = read(path)
    assert found.leftovers == (Leftover(2, "/Users"),)
    assert found.unreadable == 4


def test_a_missing_or_unwritable_file_is_said_so(tmp_path):
    """A path that cannot be read or written is named, with what to do."""
    with pytest.raises(BadJournal, match="cannot be read"):
        read(tmp_path / "none.jsonl")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadJournal, match=r"cannot be written: .*; set SCIM_CONFORMANCE_STATE"):
        Journal(tmp_path / "file" / "x.jsonl", HEADER).intend("/Users")


def test_a_journal_in_use_is_left_alone(path):
    """A run that is still going on keeps its journal to itself."""
    with Journal(path, HEADER) as journal:
        journal.intend("/Users")
        with pytest.raises(BadJournal, match="belongs to a run that is still going on"):
            Journal.resume(path)


def test_threads_share_a_journal(path):
    """Entries of many threads get numbers of their own and whole lines."""
    with Journal(path, HEADER) as journal:

        def work():
            for _ in range(20):
                number = journal.intend("/Users")
                journal.created(number, "/Users", str(number))

        threads = [threading.Thread(target=work) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(one.number for one in journal.leftovers) == list(range(1, 101))
    assert len(read(path).leftovers) == 100
    assert read(path).unreadable == 0


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"SCIM_CONFORMANCE_STATE": "/a"}, "/a"),
        ({"XDG_STATE_HOME": "/b"}, "/b/scim-conformance"),
        ({"XDG_STATE_HOME": "relative", "HOME": "/c"}, "/c/.local/state/scim-conformance"),
        ({"HOME": "/c"}, "/c/.local/state/scim-conformance"),
    ],
)
def test_the_default_folder(monkeypatch, variables, folder):
    """Our own variable wins over XDG's, which wins over the home folder."""
    for name in ("SCIM_CONFORMANCE_STATE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(default_folder()) == folder
    assert os.environ.get("HOME")
