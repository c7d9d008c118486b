"""Entra ID's provisioning: people and groups of a directory, given in its own attributes, kept up in an application."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from scim_conformance.client.client import ScimClient
from scim_conformance.idp.entra.bodies import older_user_body, user_body
from scim_conformance.idp.entra.dialects import MANAGER, Change, DialectName
from scim_conformance.idp.entra.groups import Groups
from scim_conformance.idp.entra.users import Resource, Users
from scim_conformance.idp.mapping import Mapping as AttributeMapping
from scim_conformance.idp.mapping import Row, compose, shipped, stored
from scim_conformance.idp.outcome import Conclusion, Outcome
from scim_conformance.idp.targets import MISSING

Person = Mapping[str, Any]
"""A user of the directory, by the names of Entra ID's attributes: userPrincipalName, objectId, mail, manager ..."""


class EntraClient(Users, Groups):
    """One provisioning job: it remembers which object of the directory is linked to which one of the application.

    Without a mapping it is Entra ID's default one for applications that are not from the gallery.
    """

    def __init__(
        self, scim: ScimClient, dialect: DialectName = "default", mapping: AttributeMapping | None = None
    ) -> None:
        super().__init__(scim, dialect)
        self._mapping = mapping
        self.linked: dict[str, str] = {}
        """The ids in the application, by objectId."""
        self.members: dict[str, set[str]] = {}
        """The members that were sent, by the ids of their groups in the application."""

    @property
    def mapping(self) -> AttributeMapping:
        """The attribute mapping of the job."""
        if self._mapping is None:
            self._mapping = shipped("entra")
        return self._mapping

    # -- one person --------------------------------------------------------------------------

    def match_user(self, person: Person) -> Outcome:
        """Look for a person by the matching attributes, one query each, up to the first hit."""
        outcome = _skipped(self.mapping.matching("user"))
        responses: tuple[Any, ...] = ()
        for row in self.mapping.matching("user"):
            value = row.value(person)
            if value is MISSING or value in (None, ""):
                continue
            outcome = self.match(row.target, str(value))
            responses += outcome.responses
            if outcome.resource is not None or not outcome.ok:
                break
        if outcome.resource is not None:
            self._link(person, outcome.resource)
        return replace(outcome, responses=responses)

    def create_user(self, person: Person, *, older: bool = False) -> Outcome:
        """Create the account of a person; references follow once it exists."""
        attributes = compose(self.mapping.users, person, creating=True)
        attributes.pop("active", None)
        active = self._wanted(person).get("active", True)
        body = (older_user_body if older else user_body)({**attributes, "active": active})
        outcome = self.create(body)
        if outcome.resource is not None:
            self._link(person, outcome.resource)
        return outcome

    def update_user(self, resource: Resource, before: Person, after: Person) -> Outcome:
        """Bring an account up to date after a person's attributes changed in the directory.

        What the directory has no value for is not sent: Entra ID does not provision nulls.
        """
        old, new = self._wanted(before), self._wanted(after)
        changes = [
            Change("replace" if path in old else "add", path, value)
            for path, value in new.items()
            if path not in old or old[path] != value
        ]
        return self._applied(resource, changes)

    def provision(self, person: Person) -> Outcome:
        """Do what a cycle does for one person: match, create or link, send what differs, then the references.

        The conclusion is that of the change that was sent; UNCHANGED says that nothing was written.
        """
        known = self.linked.get(str(person.get("objectId")))
        outcome = self.read_user({"id": known}) if known else self.match_user(person)
        if not outcome.ok:
            return outcome
        missing = outcome.resource is None
        outcome = self.create_user(person) if missing else self._brought_up_to_date(outcome, person)
        if outcome.resource is None or not outcome.ok:
            return outcome
        return self._with_references(outcome, person)

    cycle = provision

    def _brought_up_to_date(self, linked: Outcome, person: Person) -> Outcome:
        resource = linked.resource or {}
        changes = []
        for path, wanted in self._wanted(person).items():
            current = stored(resource, path)
            if current is MISSING:
                changes.append(Change("add", path, wanted))
            elif current != wanted:
                changes.append(Change("replace", path, wanted))
        outcome = self._applied(resource, changes)
        responses = (*linked.responses, *outcome.responses)
        seen = outcome.resource if outcome.resource is not None else resource
        return replace(outcome, responses=responses, resource={**resource, **seen})

    def _applied(self, resource: Resource, changes: list[Change]) -> Outcome:
        if not changes:
            return Outcome("update user", Conclusion.UNCHANGED, "nothing differs", "", (), dict(resource))
        outcome = self.change(resource, *changes)
        if outcome.ok:
            outcome = replace(outcome, why=f"different: {', '.join(change.path for change in changes)}")
        if outcome.ok and [change.path for change in changes] == ["active"]:
            conclusion = Conclusion.ENABLED if changes[0].value else Conclusion.DISABLED
            outcome = replace(outcome, conclusion=conclusion)
        return outcome

    def _with_references(self, outcome: Outcome, person: Person) -> Outcome:
        """Send the manager, once that account is linked too; until then the reference waits for a later cycle."""
        resource = outcome.resource or {}
        row = next((row for row in self.mapping.users if row.reference and row.target == MANAGER), None)
        id_ = self.linked.get(str(row.value(person))) if row is not None else None
        current = stored(resource, MANAGER)
        if id_ is None or _referred(current) == id_:
            return outcome
        sent = self.set_manager(resource, id_) if current is MISSING else self.change_manager(resource, id_)
        responses = (*outcome.responses, *sent.responses)
        if not sent.ok or outcome.conclusion is Conclusion.UNCHANGED:
            return replace(sent, why=sent.why or f"different: {MANAGER}", responses=responses, resource=dict(resource))
        return replace(outcome, responses=responses)

    # -- one group ---------------------------------------------------------------------------

    def provision_group(self, group: Mapping[str, Any]) -> Outcome:
        """Do what a cycle does for one group: match or create it, then send members who came or went since.

        Members are objectIds; those who are not linked yet wait. What an application has is not read: Entra ID
        remembers what it sent.
        """
        outcome = self.match_group(group)
        if outcome.ok and outcome.resource is None:
            outcome = self.create_group(group)
        if not outcome.ok or outcome.resource is None:
            return outcome
        known = self.members.setdefault(str(outcome.resource["id"]), set())
        wanted = {self.linked[each] for each in map(str, group.get("members") or ()) if each in self.linked}
        for send, ids in ((self.add_members, wanted - known), (self.remove_members, known - wanted)):
            if not ids:
                continue
            sent = send(outcome.resource, sorted(ids))
            responses = (*outcome.responses, *sent.responses)
            if not sent.ok:
                return replace(sent, responses=responses)
            known ^= ids
            created = outcome.conclusion is Conclusion.CREATED
            outcome = replace(outcome if created else sent, responses=responses, resource=outcome.resource)
        return replace(outcome, conclusion=Conclusion.UNCHANGED) if outcome.conclusion is Conclusion.LINKED else outcome

    # -- what the mapping says ---------------------------------------------------------------

    def _wanted(self, person: Person) -> dict[str, Any]:
        """Return what an update provisions, by target path: no references, no nulls, nothing for creation only."""
        wanted: dict[str, Any] = {}
        for row in self.mapping.users:
            if row.reference or row.apply == "create":
                continue
            value = _typed(row, row.value(person))
            if value is not MISSING and value not in (None, ""):
                wanted[row.target] = value
        return wanted

    def _link(self, person: Person, resource: Resource) -> None:
        if person.get("objectId"):
            self.linked[str(person["objectId"])] = str(resource["id"])


def _skipped(matching: Iterable[Row]) -> Outcome:
    """Conclude that a person cannot be matched."""
    names = ", ".join(row.words for row in matching) or "any matching attribute"
    why = f"the person has no value for {names}"
    return Outcome(
        "match user", Conclusion.FAILED, why, f"The person is skipped: {why}, by which accounts are matched."
    )


def _typed(row: Row, value: Any) -> Any:
    """Return a value as its target has it: the mapping of `active` makes strings, the attribute is a boolean."""
    if row.target == "active" and isinstance(value, str):
        return value.casefold() == "true"
    return value


def _referred(current: Any) -> Any:
    """Return the id that a reference was stored with; one that is not complex does not count, and is sent again."""
    return current.get("value") if isinstance(current, Mapping) else None
