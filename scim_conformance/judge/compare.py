"""Comparing by meaning what was sent with what came back.

Member order, array order and absent against null against [] do not count; letter case
does not where the served schema says so; dates are compared as instants, binaries as
bytes, telephone numbers by their digits. Only what was sent is compared (A83).
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from scim_conformance.client.features import Attribute

_HIDDEN = {"never", "request"}
_PROVIDERS_OWN = {"schemas", "id", "meta"}
"""Common attributes that the provider assigns or completes (RFC 7643 sections 3 and 3.1)."""


def differences(
    sent: Mapping[str, Any], got: Mapping[str, Any], attributes: Iterable[Attribute], *, exact: bool = False
) -> list[str]:
    """Return one sentence for each asserted value of `sent` that `got` does not show with the same meaning.

    `attributes` are the top-level attributes of the schemas involved; those a client cannot
    set or see (readOnly, writeOnly, returned never or on request) are passed over. With
    `exact`, a multi-valued attribute may not have elements that were not sent.
    """
    by_name: dict[str, Attribute] = {}
    extensions: dict[str, list[Attribute]] = {}
    for attribute in attributes:
        if attribute.path.lower().startswith("urn:"):
            extensions.setdefault(attribute.schema.lower(), []).append(attribute)
        else:
            by_name[attribute.name.lower()] = attribute
    found: list[str] = []
    for name, value in sent.items():
        if name.lower() in _PROVIDERS_OWN:
            continue
        if name.lower() in extensions and isinstance(value, Mapping):
            nested = _member(got, name)
            inner = {a.name.lower(): a for a in extensions[name.lower()]}
            nested = nested if isinstance(nested, Mapping) else {}
            for sub_name, sub_value in value.items():
                found += _compare(
                    f"{name}:{sub_name}", sub_value, _member(nested, sub_name), inner.get(sub_name.lower()), exact=exact
                )
            continue
        found += _compare(name, value, _member(got, name), by_name.get(name.lower()), exact=exact)
    return found


def same(sent: Any, got: Any, attribute: Attribute | None = None) -> bool:
    """Tell whether one value means the same as another under the attribute's characteristics."""
    return not _compare(attribute.path if attribute else "value", sent, got, attribute, exact=False)


def empty(value: Any) -> bool:
    """Tell whether a value is unassigned: absent, null, an empty array or an empty object (RFC 7643 section 2.5)."""
    return value is None or value in ([], {})


def _member(body: Mapping[str, Any], name: str) -> Any:
    if name in body:
        return body[name]
    return next((value for key, value in body.items() if key.lower() == name.lower()), None)


def _compare(path: str, sent: Any, got: Any, attribute: Attribute | None, *, exact: bool) -> list[str]:
    if attribute is not None and (attribute.mutability in ("readOnly", "writeOnly") or attribute.returned in _HIDDEN):
        return []
    if empty(sent):
        return [] if empty(got) or not exact else [f"{path}: cleared, came back as {_show(got)}"]
    if empty(got):
        return [f"{path}: sent {_show(sent)}, came back without it"]
    if isinstance(sent, list):
        return _compare_elements(path, sent, got, attribute, exact=exact)
    if isinstance(sent, Mapping):
        if not isinstance(got, Mapping):
            return [f"{path}: sent an object, came back as {_show(got)}"]
        return _compare_members(path, sent, got, attribute, exact=exact)
    if _same_value(sent, got, attribute):
        return []
    return [f"{path}: sent {_show(sent)}, came back as {_show(got)}"]


def _compare_members(
    path: str, sent: Mapping[str, Any], got: Mapping[str, Any], attribute: Attribute | None, *, exact: bool
) -> list[str]:
    known = {sub.name.lower(): sub for sub in attribute.sub_attributes} if attribute else {}
    found = []
    for name, value in sent.items():
        found += _compare(f"{path}.{name}", value, _member(got, name), known.get(name.lower()), exact=exact)
    return found


def _compare_elements(
    path: str, sent: Sequence[Any], got: Any, attribute: Attribute | None, *, exact: bool
) -> list[str]:
    if not isinstance(got, list):
        return [f"{path}: sent an array, came back as {_show(got)}"]
    rest = list(got)
    found = []
    for element in sent:
        match = next((other for other in rest if _same_element(element, other, attribute)), None)
        if match is None:
            found.append(f"{path}: the element {_show(element)} did not come back, but {_show(got)}")
        else:
            rest.remove(match)
    if exact and rest:
        found.append(f"{path}: came back with {_show(rest)} that was not sent")
    return found


def _same_element(sent: Any, got: Any, attribute: Attribute | None) -> bool:
    if isinstance(sent, Mapping) and isinstance(got, Mapping):
        return not _compare_members("", sent, got, attribute, exact=False)
    if isinstance(got, Mapping) and "value" in got:
        # A list of plain values may come back as complex elements, and the other way about (A88).
        return _same_value(sent, got["value"], None)
    if isinstance(sent, Mapping) and "value" in sent:
        return _same_value(sent["value"], got, None)
    return _same_value(sent, got, attribute)


def _same_value(sent: Any, got: Any, attribute: Attribute | None) -> bool:
    if isinstance(sent, bool) or isinstance(got, bool):
        return sent is got
    if isinstance(sent, (int, float)) and isinstance(got, (int, float)):
        return sent == got
    if not isinstance(sent, str) or not isinstance(got, str):
        return bool(sent == got)
    if sent == got:
        return True
    if attribute is None:
        return False
    return _same_text(sent, got, attribute)


def _same_text(sent: str, got: str, attribute: Attribute) -> bool:
    match attribute.type:
        case "dateTime":
            first, second = instant(sent), instant(got)
            return first is not None and first == second
        case "binary":
            return _octets(sent) is not None and _octets(sent) == _octets(got)
        case "reference":
            # A server may complete a relative reference, or write its own host name into it (A18).
            return sent.rstrip("/").endswith(got.rstrip("/")) or got.rstrip("/").endswith(sent.rstrip("/"))
    if attribute.parent == "phoneNumbers" and attribute.name == "value":
        return re.sub(r"\D", "", sent) == re.sub(r"\D", "", got) != ""
    return not attribute.case_exact and sent.casefold() == got.casefold()


def instant(text: str) -> datetime | None:
    """Return the instant that an xsd:dateTime names, cut to milliseconds, or None where it names none.

    A missing time zone is read as UTC (A53).
    """
    cut = re.sub(r"(\.\d{1,6})\d*", r"\1", text.strip())
    try:
        moment = datetime.fromisoformat(cut)
    except ValueError:
        return None
    if "T" not in cut.upper():
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _octets(text: str) -> bytes | None:
    plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:120] + "..."  # noqa: PLR2004 - what a line of a report can carry
