"""Faults of the connection test, and of the features that identity providers switch on."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.validation import Resource


@fault("SEED-METHOD-03")
def first_page_needs_a_filter(service: Service) -> None:
    """Reading a first page without a filter is refused with 400."""

    def get(original: Callable[..., Response], request: Request, kinds: list[ResourceType]) -> Response:
        if request.parameter("startIndex") == "1" and request.parameter("filter") is None:
            raise ScimError(400, "invalidFilter", "A filter is needed.")
        return original(request, kinds)

    around(service.query, "get", get)


@fault("SEED-METHOD-04")
def deactivation_undoes_updates(service: Service) -> None:
    """PATCH that deactivates a user brings back the displayName that it was created with."""
    created: dict[str, Any] = {}

    def remember(resource: Resource) -> Resource:
        created[resource["id"]] = resource.get("displayName")
        return resource

    def changed(original: Callable[..., Resource], kind: ResourceType, record: Record, draft: Resource) -> Resource:
        if record.resource.get("active") is True and draft.get("active") is False and created.get(record.id):
            draft["displayName"] = created[record.id]
        return original(kind, record, draft)

    after(service.lifecycle, "stamped_new", remember)
    around(service.lifecycle, "changed", changed)
