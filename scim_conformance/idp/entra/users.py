"""What Entra ID does with one user of an application."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from scim_conformance.catalogue.closest import taught
from scim_conformance.client.client import ScimClient
from scim_conformance.client.response import Response
from scim_conformance.idp.entra.bodies import Body
from scim_conformance.idp.entra.conclusions import (
    created,
    found,
    incompatible,
    listed,
    refused,
    removed,
    unreadable,
    written,
)
from scim_conformance.idp.entra.dialects import (
    DIALECTS,
    Change,
    Dialect,
    DialectName,
    ManagerShape,
    NoManager,
    Operation,
    patch_body,
)
from scim_conformance.idp.entra.wire import GROUPS, USERS, Wire, condition, parameter, single
from scim_conformance.idp.outcome import Conclusion, Outcome

Resource = Mapping[str, Any]
Activity = Literal["as the dialect", "string", "boolean"]


class Users:
    """The requests about users, in one of the dialects; every method tells what Entra ID concludes.

    Raises ValueError for a dialect that does not exist.
    """

    def __init__(self, scim: ScimClient, dialect: DialectName = "default") -> None:
        if dialect not in DIALECTS:
            raise ValueError(taught("dialect", dialect, DIALECTS, f"There are: {', '.join(DIALECTS)}."))
        self.dialect: Dialect = DIALECTS[dialect]
        self.wire = Wire(scim, flag=self.dialect.flag)

    # -- the connection ----------------------------------------------------------------------

    def test_connection(self, user: str = "userName", group: str = "displayName") -> Outcome:
        """Do what the button Test Connection does: ask for a user and for a group that cannot be there.

        `user` and `group` are the matching attributes.
        """
        users = self.test_users(user)
        groups = self.test_groups(group) if users.ok else users
        responses = users.responses if groups is users else (*users.responses, *groups.responses)
        return Outcome("test connection", groups.conclusion, groups.why, groups.shown, responses)

    def test_users(self, attribute: str = "userName") -> Outcome:
        """Do the part of the connection test that is about users: a search by the matching attribute."""
        query = parameter("filter", condition(attribute, str(uuid.uuid4())))
        return _tested("test connection (users)", self.wire.get(USERS, query))

    def test_groups(self, attribute: str = "displayName") -> Outcome:
        """Do the part of the connection test that is about groups."""
        query = parameter("filter", condition(attribute, str(uuid.uuid4())))
        return _tested("test connection (groups)", self.wire.get(GROUPS, "excludedAttributes=members", query))

    # -- finding -----------------------------------------------------------------------------

    def match(self, attribute: str, value: str) -> Outcome:
        """Look for the user whose matching attribute has a value; without one, UNCHANGED and no resource."""
        query = parameter("filter", condition(attribute, value))
        return found("match user", self.wire.get(USERS, query))

    def read_user(self, resource: Resource) -> Outcome:
        """Read a linked user, as each later cycle does."""
        response = self.wire.get(single(USERS, resource))
        if response.status != HTTPStatus.OK:
            return refused("read user", response)
        body = response.json_object
        if not body:
            return unreadable("read user", response, "user")
        return Outcome("read user", Conclusion.LINKED, "", "", (response,), body)

    def refers(self, resource: Resource, attribute: str, id_: str, *, swapped: bool = False) -> Outcome:
        """Ask whether a user's reference has a value: LINKED if so, UNCHANGED if not."""
        terms = [condition("id", str(resource["id"])), condition(attribute, id_)]
        text = " and ".join(reversed(terms) if swapped else terms)
        return found("check reference", self.wire.get(USERS, parameter("filter", text), "attributes=id"))

    def import_users(self, page: int = 1, count: int = 50) -> Outcome:
        """Discover the accounts that an application has, one page of them."""
        response = self.wire.get(USERS, f"startIndex={(page - 1) * count + 1}", f"count={count}")
        if response.status != HTTPStatus.OK:
            return refused("discover accounts", response, query=True)
        resources = listed(response)
        if resources is None:
            return unreadable("discover accounts", response, "list response")
        return Outcome("discover accounts", Conclusion.IMPORTED, "", "", (response,), None, resources)

    def discover_schemas(self) -> Outcome:
        """Read the schemas, as it is done when provisioning is saved for an application of the gallery."""
        response = self.wire.get("/Schemas")
        resources = listed(response) if response.status == HTTPStatus.OK else None
        if resources is None:
            return refused("discover schemas", response)
        return Outcome("discover schemas", Conclusion.IMPORTED, "", "", (response,), None, resources)

    # -- creating and changing ---------------------------------------------------------------

    def create(self, body: Body) -> Outcome:
        """Create a user from a body (see scim_conformance.idp.entra.bodies)."""
        return created("create user", self.wire.post(USERS, body))

    def patch(self, resource: Resource, operations: Sequence[Operation], *, operations_first: bool = False) -> Response:
        """Send a PATCH of a user."""
        return self.wire.patch(single(USERS, resource), patch_body(operations, operations_first=operations_first))

    def _changed(
        self, step: str, resource: Resource, operations: Sequence[Operation], conclusion: Conclusion
    ) -> Outcome:
        return written(step, conclusion, self.patch(resource, operations), resource)

    def change(self, resource: Resource, *changes: Change) -> Outcome:
        """Change attributes of a user, all in one request."""
        return self._changed("update user", resource, self.dialect.changes(changes), Conclusion.UPDATED)

    def operate(self, resource: Resource, *operations: Operation) -> Outcome:
        """Send operations as they are, for what a dialect does not write by itself."""
        return self._changed("update user", resource, operations, Conclusion.UPDATED)

    def rename(self, resource: Resource, name: str) -> Outcome:
        """Give a user another userName."""
        operations = self.dialect.changes([Change("replace", "userName", name)])
        return self._changed("rename user", resource, operations, Conclusion.UPDATED)

    def disable(self, resource: Resource, *, value: Activity = "as the dialect") -> Outcome:
        """Disable a user: Entra ID's answer to unassignment, deactivation and deletion alike."""
        return self._activity(resource, value, active=False)

    def enable(self, resource: Resource, *, value: Activity = "as the dialect") -> Outcome:
        """Enable a user again."""
        return self._activity(resource, value, active=True)

    def unassign(self, resource: Resource) -> Outcome:
        """Take a user away from the application, which disables and does not delete."""
        return self.disable(resource)

    def _activity(self, resource: Resource, value: Activity, *, active: bool) -> Outcome:
        step, conclusion = ("enable user", Conclusion.ENABLED) if active else ("disable user", Conclusion.DISABLED)
        operations = self.dialect.activity(active=active)
        if value != "as the dialect":
            operations[0]["value"] = str(active) if value == "string" else active
        # Of Microsoft's samples, the one with a boolean has its Operations before its schemas.
        sample = value == "boolean"
        return written(step, conclusion, self.patch(resource, operations, operations_first=sample), resource)

    def delete_user(self, resource: Resource) -> Outcome:
        """Delete a user, which happens 30 days after the source was deleted."""
        return removed("delete user", self.wire.delete(single(USERS, resource)))

    # -- references and roles ----------------------------------------------------------------

    def set_manager(self, resource: Resource, manager: str, shape: ManagerShape = "text") -> Outcome:
        """Give a user a manager, once both exist."""
        return self._managed("set manager", resource, self.dialect.manager(manager, shape, "add", self._ref(manager)))

    def change_manager(self, resource: Resource, manager: str, shape: ManagerShape = "text") -> Outcome:
        """Give a user another manager."""
        operations = self.dialect.manager(manager, shape, "replace", self._ref(manager))
        return self._managed("change manager", resource, operations)

    def clear_manager(self, resource: Resource, shape: NoManager = "empty object") -> Outcome:
        """Take the manager of a user away."""
        return self._managed("clear manager", resource, self.dialect.no_manager(shape))

    def set_roles(self, resource: Resource, roles: Iterable[Body]) -> Outcome:
        """Give a user app roles: the default dialect adds, the flag's replaces."""
        verb = self.dialect.op("replace" if self.dialect.flag else "add")
        operation = {"op": verb, "path": "roles", "value": list(roles)}
        return self._changed("set roles", resource, [operation], Conclusion.UPDATED)

    def _managed(self, step: str, resource: Resource, operations: list[Operation]) -> Outcome:
        return self._changed(step, resource, operations, Conclusion.UPDATED)

    def _ref(self, id_: str) -> str:
        return self.wire.url(single(USERS, {"id": id_}))


def _tested(step: str, response: Response) -> Outcome:
    wanted = "200 OK with an empty list response"
    if response.status != HTTPStatus.OK or listed(response) is None:
        return incompatible(step, response, wanted)
    return Outcome(step, Conclusion.CONNECTED, "", "", (response,))
