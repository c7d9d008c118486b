"""What an assignment in Okta sets off: match, then create or link; later deactivate, and revive."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scim_conformance.idp.okta.profile import Person, cleared, lacking, merged
from scim_conformance.idp.okta.users import Users
from scim_conformance.idp.outcome import Conclusion, Outcome


class Assignments(Users):
    """The sequences that were recorded with an app of the wizard; those of the other kind differ in PATCH alone."""

    def cycle(self, person: Person) -> Outcome:
        """Bring a person to the target: match, then create, or link and send what differs; else nothing is sent."""
        match = self.match_user(person)
        if not match.ok:
            return match
        if match.resource is None:
            created = self.create_user(person)
            return replace(created, responses=(*match.responses, *created.responses))
        updated = self._linked(person, match.resource)
        return replace(updated, responses=(*match.responses, *updated.responses))

    def assign(self, person: Person) -> Outcome:
        """Assign a person to the app, for the first time or again."""
        return self.cycle(person)

    def unassign(self, resource: Mapping[str, Any]) -> Outcome:
        """Take a person off the app: the user is deactivated, never deleted."""
        return self.deactivate(resource)

    def _linked(self, person: Person, found: Mapping[str, Any]) -> Outcome:
        """Bring a user who is there up to date, from what the match showed of it."""
        profile = self.profile(person)
        revived = ()
        if self.flavour == "oin" and found.get("active") is False:
            outcome = self.reactivate(found)
            if not outcome.ok or outcome.resource is None:
                return outcome
            found, revived = outcome.resource, outcome.responses  # type: ignore[assignment]
        body = merged(found, profile)
        gone = cleared(body, self._pushed.get(found["id"], {}), profile)
        if not gone and not lacking(profile, found):
            conclusion = Conclusion.ENABLED if revived else Conclusion.UNCHANGED
            return Outcome("link user", conclusion, "nothing differs", responses=revived, resource={**found})
        outcome = self.put_user(found, body, Conclusion.UPDATED, "update user")
        if outcome.ok:
            self._pushed[found["id"]] = profile
        return replace(outcome, responses=(*revived, *outcome.responses))
