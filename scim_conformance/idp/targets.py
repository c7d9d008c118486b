"""Target paths of attribute mappings: where in a SCIM resource a mapped value goes, written as the vendors write it.

A path is an attribute (`userName`), a sub-attribute (`name.givenName`), an attribute of an extension
(`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`), or an element of a multi-valued attribute
that a condition tells from the others, and a sub-attribute of it (`emails[type eq "work"].value`).
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from scim_conformance.client.features import Attribute, Features, ResourceType

_NAME: Final = r"[A-Za-z$][A-Za-z0-9_$-]*"
_PATH: Final = re.compile(
    rf"(?:(?P<urn>urn:[^\[\]\s\"]+):)?(?P<attribute>{_NAME})(?:\.(?P<part>{_NAME}))?"
    rf"(?:\[(?P<filter>[^\[\]]*)\](?:\.(?P<sub>{_NAME}))?)?",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(rf"\s*({_NAME})\s+eq\s+(\"(?:[^\"\\]|\\.)*\"|true|false)\s*", re.IGNORECASE)
_CORE: Final = "urn:ietf:params:scim:schemas:core:2.0:"
_BOOLEANS: Final = ("active", "primary")
FORMS: Final = 'userName, name.givenName, emails[type eq "work"].value or urn:...:2.0:User:department'


class _Missing:
    """Stands for no value at all, where None would be one."""

    def __repr__(self) -> str:
        return "(nothing)"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


class BadTarget(ValueError):  # noqa: N818 - named as what it tells the reader
    """A target path that cannot be read; the message says what a path looks like."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target path in its parts; `urn` is that of an extension or "", `conditions` pick an element."""

    text: str
    urn: str
    attribute: str
    sub: str
    conditions: tuple[tuple[str, Any], ...] = ()

    @property
    def is_element(self) -> bool:
        """Whether the path is about one element of a multi-valued attribute."""
        return bool(self.conditions)

    @property
    def name(self) -> str:
        """A short name of letters, digits, dots and hyphens, such as emails.work.value, for ids of checks."""
        values = [str(value).lower() if isinstance(value, bool) else str(value) for _, value in self.conditions]
        words = [self.attribute, *values, self.sub]
        return ".".join(re.sub(r"[^A-Za-z0-9-]", "-", word) for word in words if word)


@cache
def parse(text: str) -> Target:
    """Return the parts of a target path. Raises BadTarget."""
    match = _PATH.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None or (match["part"] and match["filter"] is not None):
        raise BadTarget(f"{text!r} is no target path; one looks like {FORMS}")
    urn = match["urn"] or ""
    if urn.lower().startswith(_CORE):
        urn = ""  # the core schemas' attributes may carry the URN of their schema (RFC 7644 section 3.10)
    sub = match["sub"] or match["part"] or ""
    conditions = () if match["filter"] is None else _conditions(match["filter"], text)
    return Target(text.strip(), urn, match["attribute"], sub, conditions)


def _conditions(text: str, path: str) -> tuple[tuple[str, Any], ...]:
    found = []
    for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE):
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise BadTarget(f'{path!r} is no target path: between its brackets it needs conditions like type eq "work"')
        found.append((match[1], _literal(match[1], match[2])))
    return tuple(found)


def _literal(name: str, text: str) -> Any:
    plain = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
    if name.lower() in _BOOLEANS or not text.startswith('"'):
        return plain.lower() == "true"  # Entra ID writes roles[primary eq "True"]
    return plain


# -- writing and reading ----------------------------------------------------------------------


def place(body: MutableMapping[str, Any], target: Target, value: Any) -> None:
    """Put a value at a target path of a body, making the objects and elements that are not there yet."""
    holder = _object(body, target.urn) if target.urn else body
    if target.is_element:
        key = _key(holder, target.attribute)
        if not isinstance(holder.get(key), list):
            holder[key] = []  # whatever else a target may have shown there, an identity provider writes a list
        elements = holder[key]
        element = next((each for each in elements if _meets(each, target)), None)
        if element is None:
            element = dict(target.conditions)
            elements.append(element)
        if target.sub:
            element[_key(element, target.sub)] = _typed(target.sub, value)
        else:
            element |= value
    elif target.sub:
        inner = _object(holder, target.attribute)
        inner[_key(inner, target.sub)] = _typed(target.sub, value)
    else:
        holder[_key(holder, target.attribute)] = _typed(target.attribute, value)


def remove(body: MutableMapping[str, Any], target: Target) -> None:
    """Take what is at a target path out of a body, and what becomes empty by that."""
    holder = _member(body, target.urn) if target.urn else body
    if not isinstance(holder, MutableMapping):
        return
    key = _key(holder, target.attribute)
    stored = holder.get(key)
    principal = not target.sub or target.sub.lower() == "value"  # what has lost its value means nothing any more
    if target.is_element and isinstance(stored, list):
        for element in [each for each in stored if _meets(each, target)]:
            element.pop(_key(element, target.sub), None)
            told = {name.lower() for name, _ in target.conditions} | {"primary"}
            if principal or {name.lower() for name in element} <= told:
                stored.remove(element)
    elif not principal and isinstance(stored, MutableMapping):
        stored.pop(_key(stored, target.sub), None)
    else:
        holder.pop(key, None)
    if holder.get(key) in ({}, []):
        holder.pop(key)
    if target.urn and not holder:
        body.pop(_key(body, target.urn))


def read(resource: Mapping[str, Any], target: Target) -> Any:
    """Return what a resource has at a target path, MISSING where it has nothing (null, empty list or object).

    A complex value is returned whole. Of several elements that meet the conditions, the first with a value counts.
    """
    holder = _member(resource, target.urn) if target.urn else resource
    stored = _member(holder, target.attribute)
    if target.is_element:
        found = [each for each in stored if _meets(each, target)] if isinstance(stored, list) else []
        values = [_member(each, target.sub) if target.sub else each for each in found]
        stored = next((each for each in values if each not in (None, [], {})), None)
    elif target.sub:
        stored = _member(stored, target.sub)
    return MISSING if stored is None or stored in ([], {}) else stored


def _typed(name: str, value: Any) -> Any:
    """Turn the texts "True" and "False", which Entra ID's expressions give, into booleans where they stand for one."""
    if name.lower() in _BOOLEANS and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


def _object(holder: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    key = _key(holder, name)
    if not isinstance(holder.get(key), MutableMapping):
        holder[key] = {}
    inner: MutableMapping[str, Any] = holder[key]
    return inner


def _key(holder: Mapping[str, Any], name: str) -> str:
    return next((key for key in holder if key.lower() == name.lower()), name)


def _member(holder: Any, name: str) -> Any:
    return holder.get(_key(holder, name)) if isinstance(holder, Mapping) else None


def _meets(element: Any, target: Target) -> bool:
    return isinstance(element, Mapping) and all(
        _alike(_member(element, name), value) for name, value in target.conditions
    )


def _alike(stored: Any, wanted: Any) -> bool:
    if isinstance(stored, str) and isinstance(wanted, str):
        return stored.lower() == wanted.lower()
    return bool(_typed("primary", stored) == wanted)


# -- against a served schema ------------------------------------------------------------------------


def served(target: Target, features: Features, resource_type: ResourceType) -> Attribute | None:
    """Return the attribute at the end of a target path as a target serves it, None where its schema has none."""
    if target.attribute.lower() == "externalid" and not target.urn:
        return Attribute("externalId", "externalId", resource_type.schema, case_exact=True)  # RFC 7643 section 3.1
    wanted = ".".join(word for word in (target.attribute, target.sub) if word)
    wanted = f"{target.urn}:{wanted}" if target.urn else wanted
    return next((each for each in features.attributes(resource_type) if each.path.lower() == wanted.lower()), None)


def served_paths(features: Features, resource_type: ResourceType) -> Iterator[str]:
    """Give the paths that a served schema has, to find the one that somebody may have meant."""
    yield "externalId"
    yield from (attribute.path for attribute in features.attributes(resource_type))


def path_of(target: Target) -> str:
    """Return a target path as served schemas name it: without conditions."""
    name = ".".join(word for word in (target.attribute, target.sub) if word)
    return f"{target.urn}:{name}" if target.urn else name
