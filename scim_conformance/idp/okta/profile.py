"""A person as Okta sends them: the mapped attributes, and those that Okta adds to every user by itself."""

import secrets
import string
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from scim_conformance.client.features import USER
from scim_conformance.judge.compare import differences

Person = Mapping[str, Any]
Resource = dict[str, Any]

_OWN: Final = ("schemas", "userName", "externalId", "active")
_PLACEHOLDER = string.ascii_lowercase + string.digits
_LENGTH = 8


def profile_of(person: Person, mapped: Mapping[str, Any]) -> Resource:
    """Return the application profile of a person: `mapped` is what the attribute mapping makes of them.

    The user name, the id in Okta and the status are no rows of Okta's own mappings, but of every profile.
    """
    profile: Resource = {"schemas": [USER, *(name for name in mapped if name.startswith("urn:"))]}
    profile["userName"] = mapped.get("userName", person["login"])
    profile |= {name: deepcopy(value) for name, value in mapped.items() if name not in _OWN}
    profile["externalId"] = mapped.get("externalId", person["id"])
    profile["active"] = mapped.get("active", True)
    return profile


def new_user(profile: Mapping[str, Any], password: str | None = None) -> Resource:
    """Return the body of a POST: Okta always sends a password, if need be an invented one, and no groups."""
    last = profile.get("active", True)
    body = {name: value for name, value in profile.items() if name != "active"}
    return {**body, "groups": [], "password": password or placeholder(), "active": last}


def placeholder() -> str:
    """Invent the password that Okta sends where passwords are not synchronised."""
    return "".join(secrets.choice(_PLACEHOLDER) for _ in range(_LENGTH))


def merged(read: Mapping[str, Any], changes: Mapping[str, Any]) -> Resource:
    """Return the body of a PUT: all that a GET showed, id, meta and groups with it, and over it what Okta changes."""
    body = deepcopy(dict(read))
    for name, value in changes.items():
        if name == "schemas":
            known = body.get("schemas") or []
            body["schemas"] = [*known, *(urn for urn in value if urn not in known)]
        elif isinstance(value, Mapping) and isinstance(body.get(name), Mapping):
            body[name] = {**body[name], **deepcopy(dict(value))}
        elif isinstance(value, list) and isinstance(body.get(name), list):
            body[name] = _elements(body[name], value)
        else:
            body[name] = deepcopy(value)
    body.setdefault("groups", [])
    return body


def _elements(read: Sequence[Any], changes: Sequence[Any]) -> list[Any]:
    """Lay elements over those of the same type, so that what the target added to them (display) goes back to it."""
    left = [deepcopy(element) for element in read]
    for change in changes:
        kind = change.get("type") if isinstance(change, Mapping) else None
        at = next((i for i, one in enumerate(left) if isinstance(one, dict) and one.get("type") == kind), None)
        if kind is None or at is None:
            left += [] if change in left else [deepcopy(change)]
        else:
            left[at] = {**left[at], **deepcopy(dict(change))}
    return left


def lacking(profile: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """Say what of a profile a resource does not show as it is, a sentence each."""
    return differences(profile, shown, ())


def member(user: Mapping[str, Any]) -> dict[str, Any]:
    """Return a linked user as a member of a pushed group."""
    return {"value": user["id"], "display": user.get("userName", "")}


def cleared(body: Resource, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Take out of a body what Okta sent before and has no value for any more; tell whether there was any.

    What Okta's PUT looks like then is not documented; leaving the attribute out is what RFC 7644 section 3.5.1 knows.
    """
    found = False
    for name, old in before.items():
        if name not in body or name in ("schemas", "id", "meta"):
            continue
        new = after.get(name)
        if new in (None, "", [], {}):
            del body[name]
            found = True
        elif isinstance(old, Mapping) and isinstance(new, Mapping) and isinstance(body[name], dict):
            found |= cleared(body[name], old, new)
        elif isinstance(old, list) and isinstance(new, list) and isinstance(body[name], list):
            found |= _without(body[name], old, new)
    return found


def _without(elements: list[Any], old: Sequence[Any], new: Sequence[Any]) -> bool:
    gone = _types(old) - _types(new)
    kept = [one for one in elements if not (isinstance(one, dict) and one.get("type") in gone)]
    found = len(kept) < len(elements)
    elements[:] = kept
    return found


def _types(elements: Sequence[Any]) -> set[Any]:
    return {one.get("type") for one in elements if isinstance(one, Mapping)}
