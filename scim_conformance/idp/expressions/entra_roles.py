"""Microsoft Entra's functions on the app roles of a person.

`appRoleAssignments` is a list of roles with `value`, `displayName` and `id`. Source: Microsoft Learn, "Customize
user provisioning attribute-mappings for SaaS applications in Microsoft Entra ID", "Provisioning a role to a SCIM app".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from scim_conformance.idp.expressions.entra_kinds import FUNCTIONS
from scim_conformance.idp.expressions.language import Refused, described

TYPE: Final = "WindowsAzureActiveDirectoryRole"


def _roles(assignments: Sequence[Any]) -> list[dict[str, str]]:
    roles = []
    for each in assignments:
        if not isinstance(each, Mapping) or not (each.get("value") or each.get("displayName")):
            raise Refused(f"its roles have value, displayName and id; found {described(each)}")
        name = str(each.get("displayName") or each.get("value"))
        roles.append({"id": str(each.get("id") or ""), "value": str(each.get("value") or name), "displayName": name})
    return roles


@FUNCTIONS("SingleAppRoleAssignment(appRoleAssignments: list)", takes_null=True)
def single(assignments: list[Any]) -> str | None:
    """The value of one role; of several the first, where Entra promises none in particular."""
    return next((role["value"] for role in _roles(assignments)), None)


@FUNCTIONS("AppRoleAssignments(appRoleAssignments: list)", takes_null=True)
def values(assignments: list[Any]) -> list[str]:
    """The values of all roles; the reference does not describe it."""
    return [role["value"] for role in _roles(assignments)]


@FUNCTIONS("AppRoleAssignmentsComplex(appRoleAssignments: list)", takes_null=True)
def added(assignments: list[Any]) -> list[dict[str, Any]]:
    """All roles as complex values, as they are added; the name is in `displayName`, which SCIM does not know."""
    return [
        {"primary": False, "type": TYPE, "displayName": role["displayName"], "value": role["value"]}
        for role in _roles(assignments)
    ]


@FUNCTIONS("AssertiveAppRoleAssignmentsComplex(appRoleAssignments: list)", takes_null=True)
def replacing(assignments: list[Any]) -> list[dict[str, Any]]:
    """All roles as complex values, as they replace those there are."""
    return [
        {"primary": False, "type": TYPE, "display": role["displayName"], "value": role["value"]}
        for role in _roles(assignments)
    ]


def stringified(assignments: Sequence[Any]) -> list[dict[str, str]]:
    """Roles as the default dialect adds them in a PATCH: each one as JSON inside of a text."""
    return [
        {"value": json.dumps({key: role[key] for key in ("id", "value", "displayName")}, separators=(",", ":"))}
        for role in _roles(assignments)
    ]
