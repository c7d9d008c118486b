"""Values given to attributes that a client left out of a POST or PUT (RFC 7644 section 3.3; provisioning settings)."""

from typing import Any

from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.settings import Settings
from scim_conformance.server.validation import Resource

WORKSPACE = "urn:scim-conformance:schemas:extension:workspace:2.0:User"


class Defaults:
    """The defaults: a user is active, and in the default workspace of the provisioning settings."""

    def __init__(self, settings: Settings, resource_types: ResourceTypes) -> None:
        self.settings = settings
        self.resource_types = resource_types

    def apply(self, kind: ResourceType, resource: Resource, before: Resource | None = None) -> None:
        """Fill in what the client left out; `before` is what a PUT replaces."""
        self.active(kind, resource)
        self.workspace(kind, resource, before or {})

    def replaced(self, before: Resource, body: Any) -> Resource:
        """Give what a PUT replaces, less a workspace that it takes away with null: in its place comes the default."""
        cleared = any(name.lower() == WORKSPACE.lower() and _is_cleared(value) for name, value in body.items())
        return {name: value for name, value in before.items() if not (cleared and name == WORKSPACE)}

    def active(self, kind: ResourceType, resource: Resource) -> None:
        """Make a resource with an active attribute active."""
        if self.resource_types.base(kind).attribute("active") is not None:
            resource.setdefault("active", True)

    def workspace(self, kind: ResourceType, resource: Resource, before: Resource) -> None:
        """Put a new user who names no workspace in the default one; whoever was in a workspace stays there."""
        default = (before.get(WORKSPACE) or {}).get("workspace") or self.settings.default_workspace
        if not default or self.resource_types.extension(kind, WORKSPACE) is None:
            return
        resource.setdefault(WORKSPACE, {}).setdefault("workspace", default)
        if WORKSPACE not in resource["schemas"]:
            resource["schemas"] = [*resource["schemas"], WORKSPACE]

    def formatted_name(self, kind: ResourceType, resource: Resource, before: Resource) -> None:
        """Let name.formatted follow its parts, where it did so and the client changed only these (RFC 7643 4.1.1)."""
        name, former = resource.get("name"), before.get("name")
        if self.resource_types.base(kind).attribute("name") is None:
            return
        if not isinstance(name, dict) or not isinstance(former, dict) or "formatted" not in name:
            return
        if name["formatted"] == former.get("formatted") == self.in_full(former):
            name["formatted"] = self.in_full(name) or name["formatted"]

    def in_full(self, name: Resource) -> str:
        """Write the parts of a name in the order in which most Western languages have them."""
        order = ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
        return " ".join(name[part] for part in order if name.get(part))


def _is_cleared(extension: Any) -> bool:
    if not isinstance(extension, dict):
        return extension is None
    return any(name.lower() == "workspace" and value is None for name, value in extension.items())
