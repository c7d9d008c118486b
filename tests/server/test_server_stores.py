"""Both stores keep the same promises, alone and under many threads."""

import sqlite3
import threading

import pytest

from scim_conformance.server.sqlite_store import BadStore, SQLiteStore
from scim_conformance.server.store import MemoryStore, Record, Taken

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def record(id_, *keys, kind="User", references=(), **resource):
    """Make a record."""
    return Record(kind, id_, {"id": id_, **resource}, frozenset(keys), frozenset(references))


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    """A store of each kind."""
    if request.param == "memory":
        yield MemoryStore()
        return
    sqlite = SQLiteStore(tmp_path / "scim.db")
    yield sqlite
    sqlite.close()


def test_store_keeps_finds_and_forgets(store):
    """What is inserted is found by id, key and reference, in order of creation, until it is removed."""
    store.insert(record("1", "k1", title="ä😀"))
    store.insert(record("2", "k2"))
    store.insert(record("3", kind="Group", references=["1", "2"]))
    store.insert(record("4", kind="Group", references=["1"]))
    assert store.get("User", "1").resource == {"id": "1", "title": "ä😀"}
    assert store.get("Group", "1") is None
    assert store.find("3").kind == "Group"
    assert store.find("9") is None
    assert store.holder("k2").id == "2"
    assert store.holder("k9") is None
    assert [each.id for each in store.scan("User")] == ["1", "2"]
    assert [each.id for each in store.scan("Other")] == []
    assert [each.id for each in store.referring("1")] == ["3", "4"]
    store.update(record("3", kind="Group", references=["2"]))
    assert [each.id for each in store.referring("1")] == ["4"]
    assert [each.id for each in store.scan("Group")] == ["3", "4"]
    store.remove("User", "1")
    store.remove("User", "1")
    assert store.find("1") is None
    assert store.holder("k1") is None


def test_unique_keys(store):
    """A key has one owner, on insert and update; it is free again when its owner gives it up or goes."""
    store.insert(record("1", "k1"))
    store.insert(record("2", "k2"))
    with pytest.raises(Taken):
        store.insert(record("3", "k1"))
    with pytest.raises(Taken):
        store.update(record("2", "k1"))
    assert store.find("3") is None
    store.update(record("2", "k2"))
    store.update(record("1", "k9"))
    store.insert(record("3", "k1"))
    store.remove("User", "3")
    store.insert(record("4", "k1"))


def test_transactions_are_entered_again(store):
    """A transaction inside a transaction is part of it."""
    with store.transaction():
        store.insert(record("1"))
        with store.transaction():
            store.insert(record("2"))
    assert len(store.scan("User")) == 2


def test_sqlite_undoes_a_failed_transaction(tmp_path):
    """What a failed transaction wrote is not there."""
    store = SQLiteStore(tmp_path / "scim.db")
    store.insert(record("0", "k"))
    with pytest.raises(Taken), store.transaction():
        _ = [store.insert(each) for each in (record("1"), record("2", "k"))]
    assert store.find("1") is None
    store.close()


def test_sqlite_outlives_the_process(tmp_path, make):
    """A second service on the same file finds what the first one stored."""
    path = tmp_path / "scim.db"
    first = make(db=path)
    user = first.user("anna")
    group = first.group("g", user)
    first.service.store.close()
    second = make(db=path)
    assert second.again(user)["groups"][0]["value"] == group["id"]
    assert second("POST", "/Users", {"schemas": [USER], "userName": "ANNA"}).status == 409
    second.service.store.close()


def test_sqlite_refuses_other_files(tmp_path):
    """A file that is no store, or of another version, is refused by name."""
    text = tmp_path / "text.db"
    text.write_text("this is no database" * 100)
    other = tmp_path / "other.db"
    database = sqlite3.connect(other)
    database.execute("CREATE TABLE x (y)")
    database.close()
    for path in (text, other, tmp_path / "no" / "folder.db"):
        with pytest.raises(BadStore, match=path.name):
            SQLiteStore(path)


def together(number, work):
    """Do something in many threads at once and give the results."""
    results, barrier = [], threading.Barrier(number)

    def run(index):
        barrier.wait()
        results.append(work(index))

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_parallel_creates_of_one_name(store, make):
    """Of many creates of one userName at the same time one succeeds."""
    ask = make(store=store)
    answers = together(8, lambda _: ask("POST", "/Users", {"schemas": [USER], "userName": "anna"}).status)
    assert sorted(answers) == [201] + [409] * 7
    assert ask.get("/Users").json["totalResults"] == 1


def test_parallel_member_adds_are_all_kept(store, make):
    """Of many members added at the same time none is lost."""
    ask = make(store=store)
    users = [ask.user(f"user{number}") for number in range(8)]
    group = ask.group("g")
    together(
        8, lambda n: ask.patch(group, {"op": "add", "path": "members", "value": [{"value": users[n]["id"]}]}).status
    )
    assert len(ask.again(group)["members"]) == 8


def test_parallel_writers_with_if_match(store, make):
    """Of many writers with the same If-Match one wins."""
    ask = make(store=store)
    user = ask.user("anna")
    condition = [("If-Match", user["meta"]["version"])]
    answers = together(
        6, lambda n: ask.patch(user, {"op": "replace", "path": "title", "value": str(n)}, extra=condition).status
    )
    assert sorted(answers) == [200] + [412] * 5
