"""Exports of the identity providers' own: the provisioning schema of Entra ID, and the profile mapping of Okta.

Entra ID: the JSON that "Review your schema here" downloads, or GET .../synchronization/jobs/{id}/schema of Microsoft
Graph (Microsoft Learn, "synchronizationSchema resource type", "attributeMapping resource type"). Okta: GET
/api/v1/mappings/{id} (Okta developer docs, "Profile Mappings"), with the application's schema, GET
/api/v1/meta/schemas/apps/{id}/default, in the same file or in one beside it (Okta developer docs, "Schemas").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from scim_conformance.catalogue.closest import closest
from scim_conformance.client.features import ENTERPRISE
from scim_conformance.idp.mapping import Object, Problem
from scim_conformance.idp.mapping_rows import Draft, Rules
from scim_conformance.idp.sources import bare
from scim_conformance.idp.written import Unreadable, Written


@dataclass(slots=True)
class Export:
    """What an export says, in the words of our own format; `problems` are rows that have none in it."""

    title: str
    rules: Rules
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


# -- Entra ID ------------------------------------------------------------------------------------------

_OBJECTS: Final[dict[str, Object]] = {"user": "user", "group": "group"}
_ONCE: Final = ("objectaddonly", "attributeaddonly")
_REFERENCES: Final = ("manager", "members")


def entra(written: Written) -> Export | None:
    """Read a provisioning schema of Entra ID; None where the file is none. Raises Unreadable for a broken one."""
    data = written.data
    if isinstance(data, dict) and "synchronizationRules" not in data and isinstance(data.get("schema"), dict):
        data = data["schema"]
    if not isinstance(data, dict) or "synchronizationRules" not in data:
        return None
    export = Export("An export of Entra ID's provisioning schema", Rules("entra", _declared(data), leniently=True))
    references = _references(data)
    found = False
    for rule in _list(data["synchronizationRules"], "synchronizationRules", written, data):
        for mapping in _list(rule.get("objectMappings"), "objectMappings", written, rule):
            kind = _OBJECTS.get(str(mapping.get("sourceObjectName", "")).lower())
            if kind is None:
                continue
            found = True
            enabled = mapping.get("enabled", True) is not False
            for row in _list(mapping.get("attributeMappings"), "attributeMappings", written, mapping):
                _entra_row(export, row, kind, written.line(row), enabled=enabled, references=references)
    if not found:
        raise Unreadable(f"{written.path}: the export maps neither User nor Group objects")
    return export


def _list(value: Any, name: str, written: Written, holder: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        line = written.line(holder)
        found = "is missing" if value is None else f"is {type(value).__name__}, not a list of objects"
        raise Unreadable(f"{written.path}, line {line}: the export is broken: {name} {found}")
    return iter(value)


def _entra_row(
    export: Export, row: dict[str, Any], kind: Object, line: int, *, enabled: bool, references: set[str]
) -> None:
    target, source = row.get("targetAttributeName"), row.get("source")
    if not isinstance(target, str) or not target:
        export.problems.append(Problem(line, "the mapping has no targetAttributeName"))
        return
    if not isinstance(source, dict):
        export.problems.append(Problem(line, "the mapping has no source", target))
        return
    try:
        said: dict[str, Any] = {"target": target, **_entra_source(source)}
    except ValueError as problem:
        export.problems.append(Problem(line, str(problem), target))
        return
    priority = row.get("matchingPriority")
    if isinstance(priority, int) and priority > 0:
        said["matching"] = priority
    if row.get("defaultValue") not in (None, ""):
        said["default"] = str(row["defaultValue"])
    if str(row.get("flowType", "")).lower() in _ONCE:
        said["apply"] = "create"
    if said.get("source") in _REFERENCES or target in references:
        said["reference"] = True
    if not enabled:
        said["enabled"] = False
    export.drafts.append(Draft(said, kind, line))


def _entra_source(source: dict[str, Any]) -> dict[str, Any]:
    """Return the source of a row; one that is empty is left out, which is found wrong with all others."""
    name, text = source.get("name"), str(source.get("expression") or "")
    match str(source.get("type") or "Attribute").lower():
        case "attribute":
            said = {"source": name or text.strip("[]")}
        case "constant":
            said = {"constant": name if name is not None else text.strip('"')}
        case "function":
            said = {"expression": text or _rebuilt(source)}
        case other:
            raise ValueError(f"a source of the type {other} is not known; there are Attribute, Constant and Function")
    return {key: value for key, value in said.items() if value}


def _rebuilt(source: dict[str, Any]) -> str:
    """Write the expression of a function from its parts, where the export gives these alone."""
    kind, name = str(source.get("type") or "Attribute").lower(), str(source.get("name") or "")
    if kind == "attribute":
        return f"[{name}]"
    if kind == "constant":
        return '"' + name.replace('"', '""') + '"'
    parts = (each.get("value") for each in source.get("parameters") or () if isinstance(each, dict))
    return f"{name}({', '.join(_rebuilt(part) if isinstance(part, dict) else '' for part in parts)})"


def _references(data: dict[str, Any]) -> set[str]:
    """Give the names of attributes that the export's directories call references."""
    return {str(each.get("name")) for each in _attributes(data) if str(each.get("type", "")).lower() == "reference"}


def _declared(data: dict[str, Any]) -> tuple[str, ...]:
    """Give the names of all attributes that the export's directories have, those of the customer's own among them."""
    return tuple(sorted({str(each.get("name")) for each in _attributes(data)}))


def _attributes(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for directory in data.get("directories") or ():
        for each in (directory.get("objects") or ()) if isinstance(directory, dict) else ():
            for attribute in (each.get("attributes") or ()) if isinstance(each, dict) else ():
                if isinstance(attribute, dict):
                    yield attribute


# -- Okta ------------------------------------------------------------------------------------------------

_OF_THE_APP: Final = {
    "userName": "userName",
    "givenName": "name.givenName",
    "firstName": "name.givenName",
    "familyName": "name.familyName",
    "lastName": "name.familyName",
    "middleName": "name.middleName",
    "honorificPrefix": "name.honorificPrefix",
    "honorificSuffix": "name.honorificSuffix",
    "email": 'emails[type eq "work"].value',
    "emailType": 'emails[type eq "work"].type',
    "secondaryEmail": 'emails[type eq "other"].value',
    "primaryPhone": 'phoneNumbers[type eq "work"].value',
    "primaryPhoneType": 'phoneNumbers[type eq "work"].type',
    "mobilePhone": 'phoneNumbers[type eq "mobile"].value',
    "addressType": 'addresses[type eq "work"].type',
    "streetAddress": 'addresses[type eq "work"].streetAddress',
    "locality": 'addresses[type eq "work"].locality',
    "region": 'addresses[type eq "work"].region',
    "postalCode": 'addresses[type eq "work"].postalCode',
    "country": 'addresses[type eq "work"].country',
    "formatted": 'addresses[type eq "work"].formatted',
    **{name: name for name in ("displayName", "nickName", "profileUrl", "title", "userType")},
    **{name: name for name in ("preferredLanguage", "locale", "timezone")},
    **{
        name: f"{ENTERPRISE}:{name}"
        for name in ("employeeNumber", "costCenter", "organization", "division", "department")
    },
    "managerValue": f"{ENTERPRISE}:manager.value",
    "managerId": f"{ENTERPRISE}:manager.value",
    "managerDisplayName": f"{ENTERPRISE}:manager.displayName",
    "manager": f"{ENTERPRISE}:manager.displayName",
}
"""Where the properties go that Okta's SCIM apps have from the start, by their variable names."""

_PLAIN: Final = re.compile(r"(?:user|source)\.\w+")
_PICKED: Final = re.compile(r"(\w+)\.\^\[\s*(\w+)\s*==\s*['\"]?(\w+)['\"]?\s*\](?:\.(\w+))?")
"""How Okta writes an element of a list in an external name: emails.^[type==work].value."""
_AUTOMATIC: Final = (
    {"target": "userName", "source": "login", "matching": 1, "required": True},
    {"target": "externalId", "source": "id", "required": True},
)


def okta(written: Written) -> Export | None:
    """Read a profile mapping of Okta; None where the file is none. Raises Unreadable for a broken one."""
    mapping, schema = _okta_parts(written)
    if mapping is None:
        return None
    _check_direction(mapping, written)
    properties = mapping["properties"]
    external = _external_names(schema or _beside(written))
    export = Export("An export of an Okta profile mapping", Rules("okta", leniently=True))
    for name, said in properties.items():
        line = written.line(said, f'"{name}"')
        target = external.get(name) or _OF_THE_APP.get(name)
        expression = said.get("expression") if isinstance(said, dict) else None
        if not isinstance(expression, str) or not expression.strip():
            export.problems.append(Problem(line, "the property has no expression", name))
        elif target is None:
            near = closest(name, (*_OF_THE_APP, *external))
            hint = f"closest: {', '.join(near)}; " if near else ""
            told = (
                f"nothing says where in SCIM the app's property goes; {hint}put the export of the app's schema beside"
            )
            export.problems.append(Problem(line, f"{told} the mapping, as {written.path.stem}.schema.json", name))
        else:
            export.drafts.append(Draft(_okta_row(target, expression.strip(), said), "user", line))
    given = {draft.said["target"] for draft in export.drafts}
    export.drafts += [Draft(row, "user", 0) for row in _AUTOMATIC if row["target"] not in given]
    return export


def _okta_row(target: str, expression: str, said: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"target": target}
    row |= {"source": bare(expression)} if _PLAIN.fullmatch(expression) else {"expression": expression}
    if said.get("pushStatus") == "DONT_PUSH":
        row["apply"] = "create"
    if target == "userName":
        row |= {"matching": 1, "required": True}
    return row


def _okta_parts(written: Written) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Find a profile mapping and an app's schema in a file that holds one of them, or both in a list or an object."""
    data = written.data
    parts = [data, *(data if isinstance(data, list) else data.values() if isinstance(data, dict) else ())]
    tables = [part for part in parts if isinstance(part, dict)]
    mapping = next((each for each in tables if _is_mapping(each)), None)
    return mapping, next((each for each in tables if _is_schema(each)), None)


def _is_mapping(part: dict[str, Any]) -> bool:
    return isinstance(part.get("properties"), dict) and isinstance(part.get("target"), dict) and "source" in part


def _is_schema(part: dict[str, Any]) -> bool:
    return isinstance(part.get("definitions"), dict)


def _check_direction(mapping: dict[str, Any], written: Written) -> None:
    target = mapping["target"]
    if target.get("type") == "user" or target.get("name") == "user":
        message = "this Okta mapping goes from the app to Okta; export the one whose source is the Okta user"
        raise Unreadable(f"{written.path}: {message}")
    if not mapping["properties"]:
        line = written.line(mapping)
        raise Unreadable(f"{written.path}, line {line}: the export is broken: properties is empty")


def _beside(written: Written) -> dict[str, Any] | None:
    """Read the app's schema from the file beside a mapping, where there is one."""
    for name in (f"{written.path.stem}.schema.json", f"{written.path.stem}-schema.json"):
        path = written.path.with_name(name)
        if path.is_file():
            data = Written(path).data
            if not isinstance(data, dict) or not _is_schema(data):
                raise Unreadable(f"{path} is no export of an Okta app's schema: it has no definitions")
            return data
    return None


def _external_names(schema: dict[str, Any] | None) -> dict[str, str]:
    """Give the target path of each property of an app's schema that has an external name."""
    found = {}
    for part in ((schema or {}).get("definitions") or {}).values():
        for name, said in ((part.get("properties") if isinstance(part, dict) else None) or {}).items():
            if isinstance(said, dict) and said.get("externalName"):
                found[name] = _target_of(str(said["externalName"]), str(said.get("externalNamespace") or ""))
    return found


def _target_of(external: str, namespace: str) -> str:
    picked = _PICKED.fullmatch(external)
    if picked:
        sub = f".{picked[4]}" if picked[4] else ""
        external = f'{picked[1]}[{picked[2]} eq "{picked[3]}"]{sub}'
    if not namespace or namespace.startswith("urn:ietf:params:scim:schemas:core:"):
        return external
    return f"{namespace}:{external}"
