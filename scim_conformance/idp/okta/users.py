"""Users: connection test, match, create, read, update, deactivate, reactivate, password, import."""

from collections.abc import Mapping
from typing import Any, Final

from scim_conformance.client.client import PATCH_OP
from scim_conformance.client.response import Response
from scim_conformance.idp.okta.profile import Person, Resource, cleared, merged, new_user
from scim_conformance.idp.okta.reading import listing_of, problem_of, resource_of
from scim_conformance.idp.okta.steps import APP, PAGE, Steps
from scim_conformance.idp.okta.wire import place
from scim_conformance.idp.outcome import Conclusion, Outcome

USERS: Final = "/Users"


class Users(Steps):
    """The requests about users, one by one."""

    def test_connection(self) -> Outcome:
        """Press "Test API Credentials": two users are asked for, whatever there is."""
        response = self.wire.page(USERS, 1, 2)
        if not self.late(response) and listing_of(response) is not None:
            return Outcome("test the credentials", Conclusion.CONNECTED, responses=(response,))
        why = problem_of(response) if response.status != 200 else "the answer is no list"  # noqa: PLR2004 - OK
        reason = "Error authenticating" if response.status in (401, 403) else "Error connecting"
        return Outcome("test the credentials", Conclusion.FAILED, why, f"{reason} to {APP}: {why}", (response,))

    def match_user(self, person: Person) -> Outcome:
        """Look whether a user with this userName is there: LINKED with it, or UNCHANGED where it has to be created."""
        name = str(self.profile(person)["userName"])
        return self.looked_up("match the user", "userName", name, self.wire.matching(USERS, "userName", name))

    def create_user(self, person: Person) -> Outcome:
        """Create a user; an answer without the new user is an error, whatever its status."""
        profile = self.profile(person, creating=True)
        response = self.wire.ask("POST", USERS, body=new_user(profile, person.get("password")))
        step, name = "create user", str(profile["userName"])
        if self.late(response) or response.status not in (200, 201):
            return self.task(step, name, "provisioning", response)
        resource = resource_of(response)
        if resource is None:
            return self.task(step, name, "provisioning", response, "Create new user returned empty user")
        self._pushed[resource["id"]] = profile
        return Outcome(step, Conclusion.CREATED, responses=(response,), resource=resource)

    def read_user(self, resource: Mapping[str, Any]) -> Outcome:
        """Read a linked user: Okta does so before each update, and to see whether it still exists."""
        response = self.wire.ask("GET", place(USERS, resource["id"]))
        found = resource_of(response) if response.status == 200 and not self.late(response) else None  # noqa: PLR2004
        if found is None:
            return self.task("read user", str(resource.get("userName", resource["id"])), "profile push", response)
        return Outcome("read user", Conclusion.LINKED, responses=(response,), resource=found)

    def update_user(self, resource: Mapping[str, Any], before: Person, after: Person) -> Outcome:
        """Push the profile of a person who has changed: nothing is sent where no mapped attribute has."""
        old, new = self.profile(before), self.profile(after)
        if old == new:
            return Outcome(
                "update user", Conclusion.UNCHANGED, "no mapped attribute has changed", resource={**resource}
            )
        changes = {name: value for name, value in new.items() if name == "schemas" or old.get(name) != value}
        return self._put_after_reading(resource, changes, Conclusion.UPDATED, "update user", (old, new))

    def deactivate(self, resource: Mapping[str, Any]) -> Outcome:
        """Deactivate a user who was unassigned, deactivated or deleted in Okta; a user is never deleted."""
        return self._set_active(resource, active=False)

    def reactivate(self, resource: Mapping[str, Any]) -> Outcome:
        """Reactivate a user."""
        return self._set_active(resource, active=True)

    def change_password(self, resource: Mapping[str, Any], password: str) -> Outcome:
        """Synchronise a password; the exact request is not documented, only which method it uses."""
        if self.flavour == "oin":
            response = self._patch_user(resource, {"password": password})
            name = str(resource.get("userName", resource["id"]))
            return self.changed("push password", name, "password push", response, Conclusion.UPDATED, resource)
        return self._put_after_reading(resource, {"password": password}, Conclusion.UPDATED, "push password")

    def import_users(self, page: int = PAGE, most: int = 50) -> Outcome:
        """Import all users, a page of 100 after the other; `most` bounds how many pages are read."""
        return self.imported("import users", USERS, page, most)

    def _set_active(self, resource: Mapping[str, Any], *, active: bool) -> Outcome:
        step, conclusion = (
            ("reactivate user", Conclusion.ENABLED) if active else ("deactivate user", Conclusion.DISABLED)
        )
        if self.flavour == "aiw":
            return self._put_after_reading(resource, {"active": active}, conclusion, step)
        response = self._patch_user(resource, {"active": active})
        name = str(resource.get("userName", resource["id"]))
        return self.changed(step, name, "status push", response, conclusion, {**resource, "active": active})

    def _patch_user(self, resource: Mapping[str, Any], value: Mapping[str, Any]) -> Response:
        """Send the one PATCH that Okta has for users: one replace without a path."""
        body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "value": dict(value)}]}
        return self.wire.ask("PATCH", place(USERS, resource["id"]), body=body)

    def _put_after_reading(
        self,
        resource: Mapping[str, Any],
        changes: Mapping[str, Any],
        conclusion: Conclusion,
        step: str,
        profiles: tuple[Resource, Resource] | None = None,
    ) -> Outcome:
        """Read a user, lay the changes over all that came, and send it back whole."""
        read = self.read_user(resource)
        if not read.ok or read.resource is None:
            return read
        body = merged(read.resource, changes)
        if profiles is not None:
            cleared(body, *profiles)
            self._pushed[resource["id"]] = profiles[1]
        outcome = self.put_user(resource, body, conclusion, step)
        return Outcome(
            outcome.step,
            outcome.conclusion,
            outcome.why,
            outcome.shown,
            (*read.responses, *outcome.responses),
            outcome.resource,
        )

    def put_user(
        self, resource: Mapping[str, Any], body: Mapping[str, Any], conclusion: Conclusion, step: str
    ) -> Outcome:
        """Replace a user by PUT."""
        response = self.wire.ask("PUT", place(USERS, resource["id"]), body=body)
        name = str(body.get("userName", resource["id"]))
        return self.changed(step, name, "profile push", response, conclusion, body)
