"""What is generated for properties: bodies of resources from the served schema, in every type and many scripts.

Values stay inside what every service provider has to take in, or may at most refuse: no control characters, no text in
a form that normalisation would change, no blanks at the ends, valid formats where an attribute is known to have one
(A73), one primary element at most (A22), no element twice (A23). Simple values come first, so that a counterexample
shrinks towards them.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from scim_conformance.client.features import Attribute, Features, ResourceType
from scim_conformance.judge.compare import empty
from scim_conformance.judge.users import usual

Values = SearchStrategy[Any]

WORDS: Final = (
    "Clerk",
    "clerk of Works",
    "0012",
    "true",
    "null",
    "O'Brien & Sons",
    'say "yes" \\ "no"',
    "a/b\\c <d> {e} [f] %20 +1",
    "Zo\u00eb \u00c5ngstr\u00f6m \u0142\u00f3d\u017a \u0130stanbul stra\u00dfe",
    "\u0394\u03b7\u03bc\u03ae\u03c4\u03c1\u03b9\u03bf\u03c2 \u0414\u043c\u0438\u0442\u0440\u0438\u0439",
    "\u5c71\u7530\u592a\u90ce \ud64d\uae38\ub3d9",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u0928\u092e\u0938\u094d\u0924\u0947",
    "\U0001f600",
    "Ops \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1f0",
    "\U0001d4af\U0001d4be\U0001d4c9\U0001d4c1\U0001d4ee \U0002070e\U00020731",
)
"""Texts in many scripts, with what JSON, URLs, HTML and databases treat specially; none changes by normalisation."""

LENGTHS: Final = (0, 0, 0, 0, 1, 2, 3, 8, 16, 31, 32, 33, 63, 64, 65, 100, 127, 128)
"""Lengths in characters around the limits that programs tend to have; 0, the most frequent, is the word as it is."""

DATES: Final = (
    "2024-05-06T07:08:09Z",
    "2024-02-29T23:59:59Z",
    "1999-12-31T23:59:59.999Z",
    "1969-07-20T20:17:40Z",
    "2024-05-06T07:08:09.5Z",
    "2024-05-06T07:08:09+05:30",
    "2024-01-01T00:30:00-11:45",
    "2038-01-19T03:14:08.000Z",
    "2100-03-01T00:00:00+14:00",
)
NUMBERS: Final = (7, 0, 1, -1, 127, 128, 255, 256, -32769, 65536, 2**31 - 1, -(2**31), 2**31, 2**53)
DECIMALS: Final = (0.5, -0.25, 3.14159, 1.0, 0.1, 12345678.875, -2.5e-3, 6.02e23)
OCTETS: Final = (b"scim", b"\0", b"\xff\xfe\xfd", bytes(range(64)), b"\xfb\xef\xbe", b"a", b"ab")
URLS: Final = (
    "https://example.com/people",
    "https://example.com/people/anna.berg?tab=1&order=asc#top",
    "https://example.com:8443/~anna/caf%C3%A9",
    "https://www.example.com/a-b_c/%5Bd%5D;v=1",
)
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "locale": ("en-US", "de-CH", "pt-BR"),
    "preferredlanguage": ("en-US", "da", "fr-CA"),
    "timezone": ("America/New_York", "Europe/Berlin", "Asia/Kolkata"),
    "country": ("US", "DE", "JP"),
    "region": ("NY", "Bavaria"),
    "postalcode": ("10001", "80331"),
}
_LEFT_OUT: Final = frozenset(
    {"username", "password", "active", "groups", "members", "roles", "entitlements", "x509certificates", "manager",
     "employeenumber", "id", "meta", "schemas", "formatted", "display"}
)  # fmt: skip
"""What has rules of its own: unique, known to the provider, computed by it, or able to lock a user out."""


@dataclass(frozen=True)
class Shape:
    """An attribute that clients choose freely, a plain value that no server minds, and the values to generate."""

    attribute: Attribute
    plain: Any
    values: Values
    urn: str = ""

    @property
    def path(self) -> str:
        """The name by which a filter or a PATCH speaks of it."""
        return self.attribute.path


def filled(word: str, length: int) -> str:
    """Repeat a word up to a length in characters; 0 leaves it as it is."""
    if not length:
        return word
    text = ((f"{word} " if " " in word else word) * length)[:length]
    return text[:-1] + "x" if text.endswith((" ", "\u200d")) else text


def texts(longest: int = 128) -> SearchStrategy[str]:
    """Generate texts of one to so many characters, none of which any rule of Unicode would change."""
    lengths = tuple(length for length in LENGTHS if length <= longest)
    return st.builds(filled, st.sampled_from(WORDS), st.sampled_from(lengths)).filter(lambda text: len(text) <= longest)


# -- attributes -------------------------------------------------------------------------------


def shapes(features: Features, resource_type: ResourceType, mark: str) -> list[Shape]:
    """Return what can be generated for a resource type as it is served; `mark` makes addresses the run's own."""
    found = []
    for attribute in features.attributes(resource_type):
        if not attribute.parent and _is_free(attribute):
            made = _shape(attribute, mark)
            if made is not None:
                found.append(made)
    return found


def _is_free(attribute: Attribute) -> bool:
    return (
        attribute.mutability == "readWrite"
        and attribute.returned in ("default", "always")
        and attribute.uniqueness == "none"
        and attribute.name.lower() not in _LEFT_OUT
    )


def _shape(attribute: Attribute, mark: str) -> Shape | None:
    values = _complex(attribute, mark) if attribute.type == "complex" else _simple(attribute, mark)
    if values is None:
        return None
    plain = usual(attribute, mark)
    if attribute.multi_valued:
        values = _several(values, attribute)
    if plain is None:
        plain = _plain(attribute)
    if empty(plain):
        return None
    urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""
    return Shape(attribute, _writable(plain, attribute), values, urn)


def _simple(attribute: Attribute, mark: str) -> Values | None:
    if attribute.canonical_values:
        return st.sampled_from(attribute.canonical_values)
    match attribute.type:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.sampled_from(NUMBERS)
        case "decimal":
            return st.sampled_from(DECIMALS)
        case "dateTime":
            return st.sampled_from(DATES)
        case "binary":
            return st.sampled_from(OCTETS).map(lambda octets: base64.b64encode(octets).decode())
        case "reference":
            foreign = {"external", "uri"} & set(attribute.reference_types) or not attribute.reference_types
            return st.sampled_from(URLS) if foreign else None
    return _text(attribute, mark)


def _text(attribute: Attribute, mark: str) -> Values:
    name, parent = attribute.name.lower(), attribute.parent.lower()
    if name in FORMATS:
        return st.sampled_from(FORMATS[name])
    if "mail" in name or (parent == "emails" and name == "value"):
        locals_ = ("", ".b", "+scim", "_x-1", ".o.brien")
        return st.sampled_from([f"{mark}{local}@example.com" for local in locals_])
    if "phone" in name or (parent == "phonenumbers" and name == "value"):
        return st.sampled_from(["+12015550123", "tel:+1-201-555-0124", "+1 201-555-0125", "+44 20 7946 0018"])
    if "url" in name or parent == "photos":
        return st.sampled_from(URLS)
    if parent == "ims" and name == "value":
        return st.sampled_from([mark, f"{mark}.b", f"{mark}@example.com"])
    if name == "type":
        return st.sampled_from(["work", "home", "other"])
    return texts()


def _complex(attribute: Attribute, mark: str) -> Values | None:
    """Generate objects: of a complex value some sub-attributes, of an element always its value."""
    wanted: dict[str, Values] = {}
    needed: dict[str, Values] = {}
    for sub in attribute.sub_attributes:
        if sub.name.lower() in _LEFT_OUT or sub.mutability != "readWrite" or sub.returned in ("never", "request"):
            if sub.required:
                return None
            continue
        values = _simple(sub, mark) if sub.type != "complex" and not sub.multi_valued else None
        if values is None or sub.name == "$ref":
            if sub.name in ("$ref", "value") or sub.required:
                return None
            continue
        keeps = sub.required or sub.name == "value" or (attribute.multi_valued and sub.name == "type")
        (needed if keeps else wanted)[sub.name] = values
    if not needed and not wanted:
        return None
    return st.fixed_dictionaries(needed, optional=wanted).filter(bool)


def _several(values: Values, attribute: Attribute) -> Values:
    if attribute.type != "complex":
        return st.lists(values, min_size=1, max_size=3, unique_by=lambda value: str(value).casefold())
    return st.lists(values, min_size=1, max_size=3, unique_by=_identity).map(_with_one_primary)


def _identity(element: Mapping[str, Any]) -> str:
    value = str(element.get("value", sorted(element.items(), key=str)))
    return value.casefold()


def _with_one_primary(elements: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = False
    kept = []
    for element in elements:
        other = {name: value for name, value in element.items() if name != "primary" or not found}
        found = found or element.get("primary") is True
        kept.append(other)
    return kept


def _plain(attribute: Attribute) -> Any:
    """Return a value that the usual validators take, for an attribute that is not one of the RFC's own for users."""
    if attribute.type == "complex":
        subs = [sub for sub in attribute.sub_attributes if sub.type != "complex" and sub.name.lower() not in _LEFT_OUT]
        value: Any = {sub.name: _plain(sub) for sub in subs if sub.name != "primary" and sub.mutability == "readWrite"}
    else:
        simple = {"boolean": True, "integer": 7, "decimal": 0.5, "dateTime": DATES[0], "reference": URLS[0],
                  "binary": base64.b64encode(OCTETS[0]).decode()}  # fmt: skip
        text = "work" if attribute.name == "type" else FORMATS.get(attribute.name.lower(), WORDS)[0]
        value = attribute.canonical_values[0] if attribute.canonical_values else simple.get(attribute.type, text)
    return [value] if attribute.multi_valued and not empty(value) else value


def _writable(value: Any, attribute: Attribute) -> Any:
    """Take out of a plain value what the provider may compute."""
    if isinstance(value, list):
        return [_writable(element, attribute) for element in value]
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items() if name.lower() not in ("formatted", "display")}


# -- bodies -----------------------------------------------------------------------------------


@st.composite
def members(draw: Any, known: Sequence[Shape], *, unassigned: bool = False) -> dict[str, Any]:
    """Generate the members of a body: most of the attributes, by path; with `unassigned` some as null, [] or ""."""
    found: dict[str, Any] = {}
    for shape in known:
        kind = draw(st.integers(0, 7))
        if kind == 0:
            continue
        if kind == 1 and unassigned and not shape.attribute.required:
            nothing: list[Any] = [[], None] if shape.attribute.multi_valued else [None]
            found[shape.path] = draw(st.sampled_from(nothing))
        else:
            found[shape.path] = draw(shape.values)
    return found


def body(generated: Mapping[str, Any], known: Iterable[Shape], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a POST or PUT: what is generated, by path, put into a base that has what is required."""
    made = dict(base)
    schemas = list(made.get("schemas") or [])
    by_path = {shape.path: shape for shape in known}
    for path, value in generated.items():
        shape = by_path[path]
        if not shape.urn:
            made[shape.attribute.name] = value
            continue
        made[shape.urn] = {**(made.get(shape.urn) or {}), shape.attribute.name: value}
        if shape.urn not in schemas:
            schemas.append(shape.urn)
    return {**made, "schemas": schemas}


def asserted(value: Any) -> Any:
    """Return what has to come back of a value: not empty text, which may count as none, nor that one is not primary."""
    if isinstance(value, list):
        return [asserted(element) for element in value]
    if not isinstance(value, dict):
        return value
    kept = {name: asserted(inner) for name, inner in value.items() if inner != "" and inner is not None}
    return {name: inner for name, inner in kept.items() if not (name == "primary" and inner is False)}
