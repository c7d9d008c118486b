"""Faults of the default workspace of the provisioning settings."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.defaults import WORKSPACE
from scim_conformance.server.faults import after, around, fault, skip, swap
from scim_conformance.server.faults.create import Document
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.settings import Settings


def default(service: Service) -> Document:
    """Give the member of a user that says it is in the default workspace."""
    return {WORKSPACE: {"workspace": service.settings.default_workspace}}


@fault("SEED-WORKSPACE-01")
def default_workspace_is_not_applied(service: Service) -> None:
    """A user created without a workspace has none."""
    skip(service.defaults, "workspace")


@fault("SEED-WORKSPACE-01")
def first_workspace_is_the_default(service: Service) -> None:
    """A user created without a workspace is put into one that the settings do not name."""

    def workspace(original: Callable[..., None], kind: ResourceType, resource: Document, before: Document) -> None:
        given = bool((resource.get(WORKSPACE) or {}).get("workspace"))
        original(kind, resource, before)
        if WORKSPACE in resource and not given and not before:
            resource[WORKSPACE]["workspace"] = "First workspace"

    around(service.defaults, "workspace", workspace)


@fault("SEED-WORKSPACE-02")
def workspace_of_the_request_is_overruled(service: Service) -> None:
    """A user created with a workspace is put into the default one."""

    def new_resource(original: Callable[..., Document], kind: ResourceType, draft: Document) -> Document:
        return original(kind, draft | default(service) if kind.name == "User" else draft)

    around(service.lifecycle, "new_resource", new_resource)


@fault("SEED-WORKSPACE-03")
def put_moves_users_to_the_default(service: Service) -> None:
    """A PUT that names no workspace moves the user to the default one."""

    def workspace(original: Callable[..., None], kind: ResourceType, resource: Document, _: Document) -> None:
        original(kind, resource, {})

    around(service.defaults, "workspace", workspace)


@fault("SEED-WORKSPACE-03")
def patch_moves_users_to_the_default(service: Service) -> None:
    """A PATCH, whatever it changes, moves the user to the default workspace."""

    def patched(original: Callable[..., Document], kind: ResourceType, *rest: Any) -> Document:
        draft = original(kind, *rest)
        return draft | default(service) if kind.name == "User" else draft

    around(service.patching, "patched", patched)


@fault("SEED-WORKSPACE-04")
def settings_need_no_workspace(service: Service) -> None:
    """The settings generate a token without a default workspace."""

    def new_settings(settings: Settings) -> Settings:
        after(settings, "missing", lambda names: [name for name in names if "workspace" not in name])
        return settings

    after(service, "new_settings", new_settings)


@fault("SEED-WORKSPACE-04")
def settings_do_not_say_that_a_workspace_is_missing(service: Service) -> None:
    """The settings refuse a token without a default workspace, but do not say what is missing."""

    def new_settings(settings: Settings) -> Settings:
        found = settings.missing()
        swap(settings, "missing", lambda: ["required fields"] if found else [])
        return settings

    after(service, "new_settings", new_settings)
