"""Single resources: create, read, replace, modify, delete (RFC 7644 sections 3.3, 3.4.1, 3.5 and 3.6)."""

import uuid
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from scim_conformance.server.answers import Answers
from scim_conformance.server.bodies import Bodies, Operation
from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.clock import Clock
from scim_conformance.server.defaults import Defaults
from scim_conformance.server.errors import not_found, not_implemented
from scim_conformance.server.membership import Membership
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch import Patching
from scim_conformance.server.projection import Names, Projection, Wanted
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.store import Record, Store, Taken
from scim_conformance.server.uniqueness import Uniqueness
from scim_conformance.server.validation import Resource, Validation
from scim_conformance.server.versions import Versions


@dataclass(eq=False, repr=False)
class Lifecycle:
    """The verbs on resources, each step a method of its own."""

    store: Store
    capabilities: Capabilities
    clock: Clock
    bodies: Bodies
    validation: Validation
    defaults: Defaults
    patching: Patching
    projection: Projection
    membership: Membership
    uniqueness: Uniqueness
    versions: Versions
    answers: Answers

    # POST

    def create(self, request: Request, kind: ResourceType) -> Response:
        """Create a resource (section 3.3)."""
        wanted = self.wanted(request)
        body = self.bodies.json(request)
        with self.store.transaction():
            resource = self.new_resource(kind, self.validation.resource(kind, body))
            self.insert(kind, resource)
        shown = self.shown(request, kind, resource, wanted, self.asserted(body))
        return self.answers.created(request, resource, shown, self.location(request, kind, resource))

    def new_resource(self, kind: ResourceType, draft: Resource) -> Resource:
        """Complete what the client asserts: defaults, id and meta are the service provider's."""
        self.defaults.apply(kind, draft)
        self.validation.check(kind, draft)
        self.membership.settle(kind, draft)
        return self.stamped_new(kind, {"schemas": draft.pop("schemas"), "id": self.new_id(), **draft})

    def new_id(self) -> str:
        """Make an id that no resource has or had."""
        return str(uuid.uuid4())

    def stamped_new(self, kind: ResourceType, resource: Resource) -> Resource:
        """Write meta for a new resource."""
        now = self.clock.stamp()
        resource["meta"] = {"resourceType": kind.name, "created": now, "lastModified": now}
        return self.versioned(resource)

    def versioned(self, resource: Resource) -> Resource:
        """Write the version into meta, where versions are supported."""
        if self.capabilities.etag:
            resource["meta"]["version"] = self.versions.version(resource)
        return resource

    def insert(self, kind: ResourceType, resource: Resource) -> None:
        """Store a new resource; a unique value that is taken is a 409."""
        try:
            self.store.insert(self.record(kind, resource))
        except Taken as taken:
            raise self.uniqueness.conflict(taken) from None

    def record(self, kind: ResourceType, resource: Resource) -> Record:
        """Make the record of a resource: its unique values and references beside it."""
        keys = self.uniqueness.keys(kind, resource)
        return Record(kind.name, resource["id"], resource, keys, self.membership.references(kind, resource))

    # GET

    def read(self, request: Request, kind: ResourceType, id_: str) -> Response:
        """Give a resource (section 3.4.1), or 304 to a client that has it."""
        wanted = self.wanted(request)
        resource = self.existing(kind, id_).resource
        if self.versions.is_not_modified(request, resource):
            return self.answers.not_modified(resource, self.location(request, kind, resource))
        shown = self.shown(request, kind, resource, wanted)
        return self.answers.found(request, resource, shown, self.location(request, kind, resource))

    def existing(self, kind: ResourceType, id_: str) -> Record:
        """Find a resource, or answer 404."""
        record = self.store.get(kind.name, id_)
        if record is None:
            raise not_found(f"There is no {kind.name} {id_[:80]!r}.")
        return record

    # PUT

    def replace(self, request: Request, kind: ResourceType, id_: str) -> Response:
        """Replace a resource (section 3.5.1); what is unknown is not created."""
        wanted = self.wanted(request)
        with self.store.transaction():
            record = self.existing(kind, id_)
            body = self.bodies.json(request)
            draft = self.validation.resource(kind, body, record.resource)
            self.defaults.apply(kind, draft, self.defaults.replaced(record.resource, body))
            self.validation.check(kind, draft)
            self.versions.check_write(request, record.resource)
            resource = self.update(kind, record, draft)
        shown = self.shown(request, kind, resource, wanted, self.asserted(body))
        return self.answers.replaced(request, resource, shown, self.location(request, kind, resource))

    def update(self, kind: ResourceType, record: Record, draft: Resource) -> Resource:
        """Store a resource in the place of its older self, with the id and time of creation it had."""
        self.membership.settle(kind, draft, self.membership.references(kind, record.resource))
        resource = self.stamped_change(record.resource, draft)
        try:
            self.store.update(self.record(kind, resource))
        except Taken as taken:
            raise self.uniqueness.conflict(taken) from None
        return resource

    def stamped_change(self, before: Mapping[str, Any], draft: Resource) -> Resource:
        """Write id and meta for a changed resource."""
        rest = {name: value for name, value in draft.items() if name not in ("schemas", "id", "meta")}
        resource = {"schemas": draft["schemas"], "id": before["id"], **rest}
        resource["meta"] = {**before["meta"], "lastModified": self.clock.stamp(before["meta"]["lastModified"])}
        return self.versioned(resource)

    # PATCH

    def modify(self, request: Request, kind: ResourceType, id_: str) -> Response:
        """Change a resource by operations (section 3.5.2), all of them or none."""
        if not self.capabilities.patch:
            raise not_implemented("PATCH is not supported.")
        wanted = self.wanted(request)
        with self.store.transaction():
            record = self.existing(kind, id_)
            operations = self.bodies.patch_operations(request)
            draft = self.patching.patched(kind, record.resource, operations)
            self.defaults.formatted_name(kind, draft, record.resource)
            self.versions.check_write(request, record.resource)
            resource = self.changed(kind, record, draft)
        shown = self.shown(request, kind, resource, wanted, self.asserted_by(operations))
        return self.answers.modified(request, resource, shown, self.location(request, kind, resource))

    def changed(self, kind: ResourceType, record: Record, draft: Resource) -> Resource:
        """Store what operations made; if they changed nothing, nothing is touched (section 3.5.2.1)."""
        self.membership.settle(kind, draft, self.membership.references(kind, record.resource))
        if self.is_unchanged(record.resource, draft):
            return record.resource
        return self.update(kind, record, draft)

    def is_unchanged(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Tell whether operations left everything as it was; the order of schemas says nothing."""
        return {**before, "schemas": set(before["schemas"])} == {**after, "schemas": set(after["schemas"])}

    def asserted_by(self, operations: Iterable[Operation]) -> Names:
        """Give the lower-case names of the attributes that operations assign."""
        names: set[str] = set()
        for operation in operations:
            if operation.path:
                names.add(operation.path.partition("[")[0].lower())
            elif isinstance(operation.value, dict):
                names |= self.asserted(operation.value)
        return frozenset(names)

    # DELETE

    def delete(self, request: Request, kind: ResourceType, id_: str) -> Response:
        """Delete a resource (section 3.6), and references to it."""
        with self.store.transaction():
            record = self.existing(kind, id_)
            self.versions.check_write(request, record.resource)
            self.remove(record)
            self.release(record.id)
        return self.answers.deleted()

    def remove(self, record: Record) -> None:
        """Take a resource out of the store."""
        self.store.remove(record.kind, record.id)

    def release(self, id_: str) -> None:
        """Take references to a deleted resource out of those that have them."""
        for record in self.store.referring(id_):
            kind = self.membership.resource_types.get(record.kind)
            if kind is not None:
                draft = deepcopy(record.resource)
                self.membership.released(kind, draft, id_)
                draft["schemas"] = self.validation.schemas_of(kind, draft)
                self.update(kind, record, draft)

    # What they share

    def wanted(self, request: Request) -> Wanted:
        """Read what the client wants to see; every method can say so (section 3.9)."""
        return self.projection.wanted(request.parameter("attributes"), request.parameter("excludedAttributes"))

    def shown(
        self, request: Request, kind: ResourceType, resource: Resource, wanted: Wanted, asserted: Names = frozenset()
    ) -> dict[str, Any]:
        """Give what the client sees of a resource."""
        return self.projection.show(kind, self.membership.view(kind, resource, request), wanted, asserted)

    def location(self, request: Request, kind: ResourceType, resource: Mapping[str, Any]) -> str:
        """Give the location a response names in its header fields."""
        return self.membership.location(kind, resource, request)

    def asserted(self, body: Any) -> Names:
        """Give the lower-case names of the attributes a body assigns, which decides about returned=request."""
        names: set[str] = set()
        for name, value in body.items():
            joint = ":" if ":" in name else "."
            names.add(name.lower())
            for element in value if isinstance(value, list) else [value]:
                if isinstance(element, dict):
                    names |= {f"{name}{joint}{inner}".lower() for inner in element}
        return frozenset(names)
