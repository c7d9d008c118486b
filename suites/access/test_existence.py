"""Without a valid token nothing tells whether a resource exists."""

import re

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
WRITING = ("HEAD", "PUT", "PATCH", "DELETE")
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


def must_be_alike(ask, existing: str, invented: str) -> None:
    """Ask for what exists and for what does not; a difference that two same questions show too is chance."""
    first, second = traits(ask(existing), existing, invented), traits(ask(invented), existing, invented)
    apart = [name for name in first if first[name] != second[name]]
    if apart and apart[0] != "the status":
        again = traits(ask(existing), existing, invented)
        apart = [name for name in apart if first[name] == again[name]]
    if apart:
        name = apart[0]
        raise Violation(f"A refusal tells by {name} whether a resource exists.", expected=["the same refusal for both"],
                        actual=f"what exists: {first[name]}; what does not: {second[name]}")  # fmt: skip


@pytest.fixture(params=["no-token", "wrong-token"])
def stranger(request, keys, plain):
    """How somebody without a valid token asks."""
    plain.need("no token" if request.param == "no-token" else "a wrong token")
    return keys.none() if request.param == "no-token" else keys.wrong()


@pytest.fixture
def with_wrong_token(keys, plain):
    """How somebody with a token that was never issued asks."""
    plain.need("a wrong token")
    return keys.wrong()


@pytest.mark.requirement("SEED-TOKEN-12")
def test_refusals_hide_whether_a_resource_exists(scim, kept, resource_type, stranger, unknown_id):
    """Without a valid token the answers to a GET of an existing and of an invented id are alike."""

    def ask(id_):
        return scim.read((resource_type, id_), **stranger)

    must_be_alike(ask, kept.of(resource_type)["id"], unknown_id)


@pytest.mark.requirement("SEED-TOKEN-12")
@pytest.mark.parametrize("method", WRITING)
def test_refusals_of_other_methods_hide_it_too(scim, kept, some_type, with_wrong_token, unknown_id, method):
    """To a wrong token the answers for an existing and an invented id are alike, whatever the method."""
    stranger = with_wrong_token
    resource_type = some_type
    resource = kept.of(resource_type)
    name = kept.naming(resource_type)
    change = {"schemas": [resource_type.schema], name: resource[name]}
    if method == "PATCH":
        operation = {"op": "replace", "path": name, "value": resource[name]}
        change = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
    body = {"json": change} if method in ("PUT", "PATCH") else {}

    def ask(id_):
        answer = scim.request(method, scim.location((resource_type, id_)), **stranger, **body)
        if method != "GET" and not 400 <= answer.status < 500:
            kept.forget(resource_type)
        return answer

    try:
        must_be_alike(ask, resource["id"], unknown_id)
    finally:
        if method == "DELETE":
            kept.settle(resource_type)


@pytest.mark.requirement("SEED-TOKEN-12")
def test_refusals_hide_whether_a_filter_matches(scim, kept, some_type, stranger, unknown_id):
    """Without a valid token the answers to a filter with a match and one without are alike."""
    name = kept.naming(some_type)

    def ask(value):
        return scim.query(some_type, f'{name} eq "{value}"', count=1, **stranger)

    must_be_alike(ask, kept.of(some_type)[name], f"nobody-{unknown_id}")


@pytest.mark.requirement("SEED-TOKEN-12")
def test_refusals_hide_whether_a_name_is_taken(scim, kept, some_type, stranger, body):
    """Without a valid token the answers to creating a resource under a taken name and under a free one are alike."""
    name = kept.naming(some_type)
    new = body(some_type)

    def ask(value):
        return scim.request("POST", some_type.endpoint, json=new | {name: value}, **stranger)

    must_be_alike(ask, kept.of(some_type)[name], str(new.get(name, f"free {new.get('externalId', '')}")))
