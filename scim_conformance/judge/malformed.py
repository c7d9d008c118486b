"""What is generated for properties: requests that are malformed, and have to be refused or at least survived.

`must` says that a sentence of the specifications asks for a refusal. Of the rest only a failure of the server counts: a
JSON parser may accept half a surrogate pair, and a text without end may be cut.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from scim_conformance.client.client import PATCH_OP
from scim_conformance.client.features import Attribute

_DEEP: Final = 600
_LONG: Final = 5000

TEXTS: Final = (
    r'"\ud800"',
    r'"a\udc00b"',
    r'"\ude00\ud83d"',
    r'"\u0000"',
    r'"\u0007 \u001b[31m"',
    r'"\ufffe\uffff"',
    f'"{"x" * _LONG}"',
    "1e400",
    "9" * 400,
    "[" * _DEEP + "]" * _DEEP,
    '{"a":' * _DEEP + "1" + "}" * _DEEP,
)
"""Values in JSON that many programs stumble over; each is JSON by its grammar."""

OCTETS: Final = (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\x80abc")
"""What is no UTF-8: a byte-order mark alone, an overlong form, half a surrogate pair, a stray byte."""

DAMAGES: Final = ("cut", "garbage", "comma", "quote")
OTHER_JSON: Final = ("[]", '"text"', "5", "null", "true", "[{}]")


@dataclass(frozen=True)
class Malformed:
    """One request: its method, what it carries, whether it has to be refused, and what is wrong with it."""

    method: str
    content: bytes
    must: bool
    wrong: str


def damaged(text: str, damage: str, share: int) -> str:
    """Break a JSON object: cut it off after so many tenths, or put something in that does not belong there."""
    at = max(1, len(text) * share // 10)
    return {
        "cut": text[:at],
        "garbage": f"{text}}}{{",
        "comma": text[:-1] + ",,}",
        "quote": text.replace('"', "", 1),
    }[damage]


BODIES: Final = (
    ("PUT", "odd text", 0),
    ("PUT", "wrong type", 0),
    ("POST", "damaged", 0),
    ("POST", "odd text", 1),
    ("POST", "wrong type", 0),
    ("PUT", "other JSON", 0),
    ("PUT", "octets", 0),
    ("PUT", "damaged", 0),
)
"""The kinds of malformed bodies in the order in which they are tried; odd texts in two halves."""
MESSAGES: Final = ("damaged", "operation", "no list", "odd text", "damaged")


@st.composite
def bodies(
    draw: Any,
    kind: tuple[str, str, int],
    valid: Mapping[str, Any],
    texts: Sequence[Attribute],
    structured: Sequence[Attribute],
) -> Malformed:
    """Generate the malformed body of a POST or PUT, from a valid one whose attributes are known by their types."""
    method, wrong, half = kind
    plain = json.dumps(valid)
    if wrong == "damaged":
        damage = draw(st.sampled_from(DAMAGES))
        return Malformed(
            method, damaged(plain, damage, draw(st.integers(1, 9))).encode(), True, f"JSON with a {damage}"
        )
    if wrong == "other JSON":
        other = draw(st.sampled_from(OTHER_JSON))
        return Malformed(method, other.encode(), True, f"the JSON value {other}")
    if wrong == "wrong type":
        attribute = draw(st.sampled_from([*structured, *texts]))
        value = "text" if attribute in structured else {"a": {"b": 1}}
        sent = json.dumps({**valid, attribute.name: value})
        return Malformed(method, sent.encode(), True, f"{attribute.name} of another JSON type")
    names = [each.name for each in texts] or ["x-unknown"]
    if wrong == "octets":
        name, octets = draw(st.sampled_from(names)), draw(st.sampled_from(OCTETS))
        content = _with(valid, [(name, b'"' + octets + b'"')])
        return Malformed(method, content, False, f"{name} with the bytes {octets!r}")
    odd = [text for text in TEXTS[half::2] if draw(st.integers(0, 4))] or [TEXTS[0]]
    names += [f"x-unknown-{number}" for number in range(len(odd))]
    pairs = list(zip(names, odd, strict=False))
    words = ", ".join(f"{name} = {text[:20]}" for name, text in pairs)
    return Malformed(method, _with(valid, [(name, text.encode()) for name, text in pairs]), False, words)


def _with(valid: Mapping[str, Any], members: Sequence[tuple[str, bytes]]) -> bytes:
    """Write a JSON object with further members, whose values are written as they are."""
    names = {name for name, _ in members}
    head = json.dumps({name: value for name, value in valid.items() if name not in names})[:-1].encode()
    return head + b"".join(b", " + json.dumps(name).encode() + b": " + value for name, value in members) + b"}"


@st.composite
def messages(draw: Any, kind: str, operations: Sequence[Mapping[str, Any]], text: str) -> Malformed:
    """Generate a malformed PATCH message; `operations` have to be refused, `text` is the path of a text."""
    good = {"op": "replace", "path": text, "value": "x"}
    wrong: list[Any] = [
        *operations,
        5,
        "remove",
        {**good, "op": 5},
        {**good, "path": {"a": 1}},
        {**good, "op": ["add"]},
    ]
    if kind == "operation":
        several = [*[good] * draw(st.integers(0, 2)), draw(st.sampled_from(wrong))]
        sent = json.dumps({"schemas": [PATCH_OP], "Operations": several})
        return Malformed("PATCH", sent.encode(), True, f"the operation {json.dumps(several[-1])}")
    if kind == "no list":  # some take it for a message without operations, which is worth a warning elsewhere (A77)
        value = draw(st.sampled_from([5, "add", {"op": 5}]))
        sent = json.dumps({"schemas": [PATCH_OP], "Operations": value})
        return Malformed("PATCH", sent.encode(), False, "Operations that are no list of operations")
    plain = json.dumps({"schemas": [PATCH_OP], "Operations": [good]})
    if kind == "damaged":
        damage = draw(st.sampled_from(DAMAGES))
        return Malformed(
            "PATCH", damaged(plain, damage, draw(st.integers(1, 9))).encode(), True, f"JSON with a {damage}"
        )
    odd = draw(st.sampled_from(TEXTS))
    place = draw(st.sampled_from(['"value": "x"', f'"path": {json.dumps(text)}']))
    sent = plain.replace(place, place.partition(" ")[0] + " " + odd)
    return Malformed("PATCH", sent.encode(), False, f"{place.partition(':')[0]} with the value {odd[:20]}")


def filters(name: str, value: str) -> list[SearchStrategy[tuple[str, bool]]]:
    """Generate filters that end too early or go on too long, and odd ones; `name` is an attribute that is a text."""
    quoted = json.dumps(value)
    good = f"{name} eq {quoted}"
    early = [
        f"{name} eq",
        f"{good} and",
        f"({good}",
        f"{name} eq {quoted[:-1]}",
        f"not {name} pr and",
        f"{name}[",
    ]
    late = [
        f"{good})",
        f"{good} or or {good}",
        f"{name} is {quoted}",
        f"{quoted} eq {name}",
        f"{good} {good}",
        f"{good}]",
    ]
    odd = [
        f'{name} eq "\\ud800"',
        f'{name} eq "\\u0000"',
        f"{'(' * _DEEP}{good}{')' * _DEEP}",
        " or ".join([good] * 60),
        f'{name} eq "{"x" * _LONG}"',
        f"{name} eq 1e400",
        f'{name} eq "%00\u202e"',
    ]
    kinds = ((early, True), (late, True), (odd, False), (late, True))
    return [st.sampled_from([(text, must) for text in texts]) for texts, must in kinds]
