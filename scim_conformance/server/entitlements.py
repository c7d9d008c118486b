"""Roles and entitlements as resources of their own, the way Okta Identity Governance discovers them."""

from typing import TYPE_CHECKING, Final

from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute, Schema

if TYPE_CHECKING:
    from scim_conformance.server.service import Service

ROLE: Final = "urn:okta:scim:schemas:core:1.0:Role"
ENTITLEMENT: Final = "urn:okta:scim:schemas:core:1.0:Entitlement"
DESCRIPTION: Final = "What a member of staff may do."

_NAMES = ("Planner", "Guide")


def serve_entitlements(service: "Service", description: str = DESCRIPTION) -> None:
    """Let a service serve two roles and two entitlements besides what it serves already."""
    common = (
        Attribute("displayName", description="The name to show.", required=True),
        Attribute("description", description="What it allows."),
    )
    kind = Attribute("type", description="The kind of entitlement.", required=True)
    service.schemas.put(Schema(ROLE, "Role", "A role.", common))
    service.schemas.put(Schema(ENTITLEMENT, "Entitlement", "An entitlement.", (*common, kind)))
    for name, endpoint, urn in (("Role", "/Roles", ROLE), ("Entitlement", "/Entitlements", ENTITLEMENT)):
        resource_type = ResourceType(name, endpoint, urn)
        service.resource_types.put(resource_type)
        for each in _NAMES:
            draft = {"schemas": [urn], "displayName": f"{each} {name}", "description": description}
            draft |= {"type": "permission"} if name == "Entitlement" else {}
            service.lifecycle.insert(resource_type, service.lifecycle.new_resource(resource_type, draft))
