"""What all steps of Okta's provisioning share: the connection, the profile of a person, and how a failure is shown."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from scim_conformance.client.client import ScimClient
from scim_conformance.client.response import Response
from scim_conformance.idp.mapping import Mapping as AttributeMapping
from scim_conformance.idp.mapping import compose, shipped
from scim_conformance.idp.okta.profile import Person, Resource, profile_of
from scim_conformance.idp.okta.reading import listing_of, problem_of, resource_of
from scim_conformance.idp.okta.wire import PATIENCE, Wire
from scim_conformance.idp.outcome import Conclusion, Outcome

Flavour = Literal["aiw", "oin"]
APP: Final = "your app"
PAGE: Final = 100
"""Resources that Okta asks for at once."""
MOST_PAGES: Final = 50
"""Pages after which an import gives up: a list that never ends is no list."""


class Steps:
    """The connection of one app to one target; `mapping` says what to send of a person, by default as Okta does."""

    def __init__(self, scim: ScimClient, flavour: Flavour = "aiw", mapping: AttributeMapping | None = None) -> None:
        if flavour not in ("aiw", "oin"):
            raise ValueError(f"{flavour!r} is no flavour of an Okta app; there are 'aiw' and 'oin'.")
        self.flavour: Flavour = flavour
        self.mapping = mapping or shipped("okta")
        self.wire = Wire(scim)
        self._pushed: dict[str, Resource] = {}

    def profile(self, person: Person, *, creating: bool = False) -> Resource:
        """Return the application profile of a person, as Okta sends it."""
        return profile_of(person, compose(self.mapping.users, person, creating=creating))

    # -- answers ---------------------------------------------------------------------------

    @staticmethod
    def late(response: Response) -> bool:
        """Tell whether Okta had given up before this answer was there."""
        return response.exchange.seconds > PATIENCE

    def task(self, step: str, name: str, doing: str, response: Response, why: str = "") -> Outcome:
        """Conclude that a step failed, with the task that the administrator finds in the Admin Console."""
        reason = why or problem_of(response)
        shown = f"Automatic {doing} of {name} to app {APP} failed: Error while trying to {step}: {reason}"
        return Outcome(step, Conclusion.FAILED, reason, shown, (response,))

    def looked_up(self, step: str, attribute: str, value: str, response: Response) -> Outcome:
        """Conclude what a match found: LINKED with the resource, or UNCHANGED where there is none yet.

        An error 404 means the same as an empty list (SCIM 2.0 reference, "Determine if the User already exists").
        """
        if response.status == 404:  # noqa: PLR2004 - not found
            return Outcome(step, Conclusion.UNCHANGED, "nothing matches: 404", responses=(response,))
        found = listing_of(response)
        if self.late(response) or found is None:
            why = "" if response.status != 200 or self.late(response) else "the answer is no list"  # noqa: PLR2004
            return self.task(step, value, "provisioning", response, why)
        if not found.resources:
            return Outcome(step, Conclusion.UNCHANGED, "nothing matches", responses=(response,))
        if len(found.resources) > 1:
            why = f"{len(found.resources)} matches for {attribute} {value}, so that none is linked"
            return self.task(step, value, "provisioning", response, why)
        resource = found.resources[0]
        if not isinstance(resource.get("id"), str) or str(resource.get(attribute)).casefold() != value.casefold():
            why = f"what was found has {attribute} {resource.get(attribute)!r} and id {resource.get('id')!r}"
            return self.task(step, value, "provisioning", response, why)
        return Outcome(step, Conclusion.LINKED, "it is there", responses=(response,), resource=resource)

    def imported(self, step: str, endpoint: str, page: int = PAGE, most: int = MOST_PAGES) -> Outcome:
        """Read a list page by page: startIndex grows by the size of a page until totalResults is reached."""
        responses: list[Response] = []
        resources: list[Resource] = []
        for turn in range(most):
            response = self.wire.page(endpoint, turn * page + 1, page)
            responses.append(response)
            found = listing_of(response)
            if self.late(response) or found is None:
                why = problem_of(response) if response.status != 200 or self.late(response) else "the page is no list"  # noqa: PLR2004
                shown = f"Import from {APP} failed: {why}"
                return Outcome(step, Conclusion.FAILED, why, shown, tuple(responses))
            resources += found.resources
            if (turn + 1) * page >= found.total:
                break
        return Outcome(step, Conclusion.IMPORTED, responses=tuple(responses), resources=resources)

    def changed(
        self, step: str, name: str, doing: str, response: Response, conclusion: Conclusion, before: Mapping[str, Any]
    ) -> Outcome:
        """Conclude of the answer to a PUT or PATCH that the change was made; what the answer shows is taken over."""
        if self.late(response) or response.status not in (200, 204):
            return self.task(step, name, doing, response)
        shown = resource_or(response, before)
        return Outcome(step, conclusion, responses=(response,), resource=shown)


def resource_or(response: Response, before: Mapping[str, Any]) -> Resource:
    """Return what an answer shows of a resource, over what was known: after 204 it shows nothing."""
    return {**before, **(resource_of(response) or {})}
