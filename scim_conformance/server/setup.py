"""The table of values that an administrator copies from the provisioning settings into an identity provider.

Each identity provider has names of its own for the same few things: where the endpoint is, which attribute tells users
apart, what may be done by provisioning, how requests are let in, and which attribute comes from where. The attribute
mappings are those of schemas/mappings/.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from scim_conformance.paths import SCHEMAS
from scim_conformance.server.settings import BadSetting, Settings

if TYPE_CHECKING:
    from scim_conformance.server.service import Service

UNIQUE: Final = "userName"
ONCE: Final = "(shown once, when it was generated; reset it to get another)"
_BY_PROXY: Final = "(no identity provider sends it: a proxy in between has to add it)"

TITLES: Final = {
    "okta-app": "Okta, the app of the catalogue",
    "okta-custom-app": "Okta, a custom app integration",
    "entra-id": "Microsoft Entra ID, an application that is not from the gallery",
    "custom": "Custom, a service of your own",
}
ALSO_CALLED: Final = {"entra": "entra-id"}
"""Shorter names of methods, for the command line."""

_OKTA: Final = {
    "base_url": "SCIM connector base URL",
    "unique_identifier": "Unique identifier field for users",
    "actions": "Supported provisioning actions (To App)",
    "authentication": "Authentication Mode",
    "token": "Authorization: Bearer",
    "origin": "Header of every request",
}
_FIELDS: Final = {
    "okta-app": _OKTA,
    "okta-custom-app": _OKTA,
    "entra-id": {
        "base_url": "Tenant URL",
        "unique_identifier": "Matching attribute (precedence 1)",
        "actions": "Target object actions",
        "authentication": "Authentication method",
        "token": "Secret token",
        "origin": "Header of every request",
    },
    "custom": {
        "base_url": "SCIM API endpoint",
        "unique_identifier": "Identifier to search by",
        "actions": "Requests",
        "authentication": "Authentication",
        "token": "SCIM token",
        "origin": "Header of every request",
    },
}
"""What each identity provider calls the values, in the order in which they are shown."""

_ACTIONS: Final = {
    "okta-app": ("Create Users", "Update User Attributes", "Deactivate Users"),
    "okta-custom-app": ("Create Users", "Update User Attributes", "Deactivate Users"),
    "entra-id": ("Create", "Update", "Delete"),
    "custom": ("search (GET)", "create (POST)", "look up (GET)", "update (PUT)", "delete (DELETE)"),
}
_AUTHENTICATION: Final = {
    "okta-app": "HTTP Header",
    "okta-custom-app": "HTTP Header",
    "entra-id": "Bearer authentication",
    "custom": "HTTP header Authorization: Bearer, with the SCIM token",
}
_SAID: Final = ("evidence", "remark", "enabled")
"""What a row of schemas/mappings/ tells of itself, beside what an administrator copies."""
_MAPPINGS: Final = {"okta-app": "okta", "okta-custom-app": "okta", "entra-id": "entra"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an attribute mapping: what the identity provider has, and where it goes.

    `written` is the row as a mapping file has it (schemas/mapping.schema.json), by default source and target alone.
    """

    source: str
    target: str
    remark: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the row as a mapping file has it."""
        row = dict(self.written) or {"target": self.target, "source": self.source}
        return {**row, "remark": self.remark} if self.remark else row


@dataclass(frozen=True, slots=True)
class Setup:
    """The table for one method: values by their keys, the names that its identity provider has for them, the mapping.

    `token` is None once it was shown.
    """

    method: str
    title: str
    base_url: str
    actions: tuple[str, ...]
    authentication: str
    token: str | None
    origin: str
    mapping: tuple[Row, ...]
    unique_identifier: str = UNIQUE

    def values(self) -> dict[str, str]:
        """Give the values as they are shown, by the names that the identity provider has for them."""
        shown = {
            "base_url": self.base_url,
            "unique_identifier": self.unique_identifier,
            "actions": ", ".join(self.actions),
            "authentication": self.authentication,
            "token": self.token or ONCE,
            "origin": self.origin if self.method == "custom" else f"{self.origin}  {_BY_PROXY}",
        }
        return {field: shown[key] for key, field in _FIELDS[self.method].items()}

    def to_json(self) -> dict[str, Any]:
        """Give the table as plain data, with the identity provider's names under `fields`."""
        return {
            "method": self.method,
            "title": self.title,
            "base_url": self.base_url,
            "unique_identifier": self.unique_identifier,
            "actions": list(self.actions),
            "authentication": self.authentication,
            "token": self.token,
            "origin": self.origin,
            "fields": dict(_FIELDS[self.method]),
            "mapping": [row.to_json() for row in self.mapping],
        }

    def lines(self) -> list[str]:
        """Write the table for people."""
        values = self.values()
        width = max(map(len, values))
        source_width = max((len(row.source) for row in self.mapping), default=0)
        return [
            f"Set-up: {self.title}",
            *(f"  {field:<{width}}  {value}" for field, value in values.items()),
            "Attribute mapping:",
            *(f"  {row.source:<{source_width}}  ->  {row.target}{_remark(row)}" for row in self.mapping),
        ]


def _remark(row: Row) -> str:
    return f"  ({row.remark})" if row.remark else ""


def method_called(name: str) -> str:
    """Give a provisioning method by its name, or a shorter one; raise BadSetting, which names the closest."""
    method = ALSO_CALLED.get(name, name)
    if method in TITLES:
        return method
    from difflib import get_close_matches  # noqa: PLC0415 - only needed once something is wrong

    known = [*TITLES, *ALSO_CALLED]
    close = get_close_matches(name, known, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(TITLES)}"
    raise BadSetting(f"there is no provisioning method {name!r}; {hint}")


def setup(service: "Service", settings: Settings, base_url: str, token: str | None) -> Setup:
    """Make the table for the method of some settings; raise BadSetting where the service does not serve that method."""
    method = settings.method
    return Setup(
        method=method,
        title=TITLES[method],
        base_url=base_url,
        actions=_ACTIONS[method],
        authentication=_AUTHENTICATION[method],
        token=token,
        origin=f"{settings.origin_header}: {settings.service_origin}",
        mapping=tuple(service.attribute_mapping(method)),
    )


def identity_provider_mapping(method: str) -> tuple[Row, ...]:
    """Give the rows of the mapping that an identity provider starts with; none for a service of the company's own."""
    name = _MAPPINGS.get(method)
    return () if name is None else _shipped(name)


@cache
def _shipped(name: str) -> tuple[Row, ...]:
    import tomllib  # noqa: PLC0415 - only who shows a table reads mappings

    document = tomllib.loads((SCHEMAS / "mappings" / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(
        Row(_source(row), row["target"], _remarks(row), {name: row[name] for name in row if name not in _SAID})
        for row in document["user"]
        if row.get("enabled", True)
    )


def _source(row: Mapping[str, Any]) -> str:
    """Write where a value comes from: an attribute, an expression, or a constant as JSON has it."""
    return str(row.get("source") or row.get("expression") or json.dumps(row.get("constant")))


def _remarks(row: Mapping[str, Any]) -> str:
    """Say what an administrator has to set besides source and target."""
    found = [f"matching precedence {row['matching']}"] if "matching" in row else []
    found += [f"{row['default']} where there is none"] if "default" in row else []
    found += ["only on creation"] if row.get("apply") == "create" else []
    return ", ".join(found)
