"""The bodies with which Entra ID creates users and groups, and the shapes of its app-role functions."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from scim_conformance.client.features import ENTERPRISE, GROUP, USER

FOREIGN_GROUP: Final = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
"""A schema that no service provider has; Entra ID lists it all the same."""
WITHOUT_COLON: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"
"""The enterprise extension as an older sample of Microsoft's misspells it."""
ROLE_TYPE: Final = "WindowsAzureActiveDirectoryRole"

RoleShape = Literal["single", "complex", "assertive"]
"""Named after SingleAppRoleAssignment, AppRoleAssignmentsComplex and AssertiveAppRoleAssignmentsComplex."""

Body = dict[str, Any]


def user_body(attributes: Mapping[str, Any]) -> Body:
    """Return the body of POST /Users around mapped attributes.

    The enterprise extension is listed whether or not it has values, an extension of the customer's own never; the
    client names the resource type, and sends roles though there are none.
    """
    body: Body = {"schemas": [USER, ENTERPRISE]}
    first = {name: attributes[name] for name in ("externalId", "userName", "active") if name in attributes}
    rest = {name: value for name, value in attributes.items() if name not in first}
    return {**body, **first, **rest, "meta": {"resourceType": "User"}, "roles": rest.get("roles", [])}


def older_user_body(attributes: Mapping[str, Any]) -> Body:
    """Return the body of an older sample: nulls said aloud, enterprise attributes at the top, a misspelt URN."""
    nothing = ("addresses", "phoneNumbers", "preferredLanguage", "title", "department", "manager")
    body: Body = {"schemas": [USER, WITHOUT_COLON], **attributes, "meta": {"resourceType": "User"}}
    return body | {name: None for name in nothing if name not in attributes}


def group_body(display_name: str, external_id: str, *, foreign_schema: bool = True) -> Body:
    """Return the body of POST /Groups, which never has members."""
    schemas = [GROUP, FOREIGN_GROUP] if foreign_schema else [GROUP]
    return {
        "schemas": schemas,
        "externalId": external_id,
        "displayName": display_name,
        "meta": {"resourceType": "Group"},
    }


def roles_of(names: Iterable[str], shape: RoleShape) -> list[Body]:
    """Return the app roles of a user as one of the mapping functions writes them."""
    if shape == "single":
        return [{"primary": True, "type": ROLE_TYPE, "value": name} for name in list(names)[:1]]
    label = "display" if shape == "assertive" else "displayName"
    return [{"primary": False, "type": ROLE_TYPE, label: name, "value": name} for name in names]


def role_as_text(id_: str, value: str, name: str) -> Body:
    """Return an app role as the default dialect's PATCH has it: JSON text inside of a string."""
    text = json.dumps({"id": id_, "value": value, "displayName": name}, separators=(",", ":"))
    return {"value": text}
