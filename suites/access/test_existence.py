"""Without a valid token nothing tells whether a resource exists."""

import dataclasses
import re
from urllib.parse import quote

import pytest

from scim_conformance.judge import Violation

# Headers that differ from answer to answer for reasons of transport.
NOISE = {
    "date",
    "content-length",
    "connection",
    "keep-alive",
    "server",
    "set-cookie",
    "age",
    "via",
    "transfer-encoding",
}
TELLING = ("www-authenticate", "content-type", "allow", "etag", "last-modified", "location", "content-location")
OPERATIONS = {"HEAD": "head", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}
IDENTITY = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)


def traits(answer, *hidden: str) -> dict[str, object]:
    """Return what a stranger can tell answers apart by; the ids and values asked for are masked."""

    def masked(text: str) -> str:
        for value in sorted(filter(None, hidden), key=len, reverse=True):
            text = re.sub(re.escape(value), "<asked for>", text, flags=re.IGNORECASE)
        return IDENTITY.sub("<id>", text)

    headers = {name.lower(): masked(", ".join(answer.headers.get_all(name))) for name in answer.headers}
    names = sorted(name for name in headers if name not in NOISE and not name.startswith("x-"))
    return {
        "the status": answer.status,
        "the names of the headers": ", ".join(names),
        "the body": masked(answer.text),
        **{f"the header {name}": headers.get(name, "-") for name in TELLING},
    }


@pytest.fixture
def must_be_alike(attempt, keys):
    """Expect that strangers are told the same at a door as at one for something else.

    `other` says of an id or name what path and options ask for it. A difference that two same questions show too is
    chance.
    """

    def judge(door, way, unknown: str, other) -> None:
        known = attempt(door, way)

        def told(answer) -> dict[str, object]:
            return traits(answer, known.door.about, unknown)

        def ask(value: str):
            path, options = other(known.door, value)
            return dataclasses.replace(known.door, path=path, options=options).knock(**keys.on_the_way(way))

        first, second = told(known.answer), told(ask(unknown))
        apart = [name for name in first if first[name] != second[name]]
        if apart and apart[0] != "the status":
            again = told(ask(known.door.about))
            apart = [name for name in apart if first[name] == again[name]]
        if apart:
            name = apart[0]
            raise Violation(f"A refusal tells by {name} whether a resource exists.",
                            expected=["the same refusal for both"],
                            actual=f"{known.door.about}: {first[name]}; {unknown}: {second[name]}")  # fmt: skip

    return judge


@pytest.fixture(params=["no-token", "wrong-token"])
def stranger(request, plain):
    """How somebody without a valid token comes."""
    way = "no token" if request.param == "no-token" else "a wrong token"
    plain.need(way)
    return way


def by_id(door, id_: str):
    """Ask a door for the resource with another id."""
    return f"{door.path.rpartition('/')[0]}/{quote(id_, safe='')}", door.options


@pytest.mark.requirement("SEED-TOKEN-12")
def test_refusals_hide_whether_a_resource_exists(doors, resource_type, stranger, unknown_id, must_be_alike):
    """Without a valid token the answers to a GET of an existing and of an invented id are alike."""
    must_be_alike(doors.door("read", resource_type), stranger, unknown_id, by_id)


@pytest.mark.requirement("SEED-TOKEN-12")
@pytest.mark.parametrize("method", OPERATIONS)
def test_refusals_of_other_methods_hide_it_too(doors, some_type, plain, unknown_id, must_be_alike, method):
    """To a wrong token the answers for an existing and an invented id are alike, whatever the method."""
    plain.need("a wrong token")
    must_be_alike(doors.door(OPERATIONS[method], some_type), "a wrong token", unknown_id, by_id)


@pytest.mark.requirement("SEED-TOKEN-12")
def test_refusals_hide_whether_a_filter_matches(doors, kept, some_type, stranger, unknown_id, must_be_alike):
    """Without a valid token the answers to a filter with a match and one without are alike."""

    def by_filter(door, value: str):
        return door.path, {"params": {"filter": f'{kept.naming(some_type)} eq "{value}"', "count": "1"}}

    must_be_alike(doors.door("list", some_type), stranger, f"nobody-{unknown_id}", by_filter)


@pytest.mark.requirement("SEED-TOKEN-12")
def test_refusals_hide_whether_a_name_is_taken(doors, kept, some_type, stranger, must_be_alike):
    """Without a valid token the answers to creating a resource under a taken name and under a free one are alike."""
    name = kept.naming(some_type)

    def by_name(door, value: str):
        return door.path, {"json": door.options["json"] | {name: value}}

    must_be_alike(doors.door("create", some_type), stranger, str(kept.of(some_type)[name]), by_name)
