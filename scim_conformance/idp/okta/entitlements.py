"""Entitlements: what Okta Identity Governance discovers on a target (Okta developer docs, "SCIM with entitlements")."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scim_conformance.client.response import NotJson, Response
from scim_conformance.idp.okta.reading import listing_of, problem_of
from scim_conformance.idp.okta.steps import APP, PAGE, Steps
from scim_conformance.idp.outcome import Conclusion, Outcome

ROLE: Final = "urn:okta:scim:schemas:core:1.0:Role"
ENTITLEMENT: Final = "urn:okta:scim:schemas:core:1.0:Entitlement"
_KNOWN: Final = "urn:ietf:params:scim:schemas:"
_STEP = "discover entitlements"


class Entitlements(Steps):
    """The requests that turning on provisioning sends where entitlement management is on."""

    def discover_entitlements(self) -> Outcome:
        """Read resource types, schemas where an unknown extension is listed, and each list of roles or entitlements."""
        types = self.wire.ask("GET", "/ResourceTypes")
        responses = [types]
        found = list(_members(types))
        if types.status != 200 or not found:  # noqa: PLR2004 - OK
            return self._broken(types, responses)
        if any(not urn.startswith(_KNOWN) for one in found for urn in _extensions(one)):
            responses.append(self.wire.ask("GET", "/Schemas"))
            if responses[-1].status != 200:  # noqa: PLR2004
                return self._broken(responses[-1], responses)
        resources: list[dict[str, Any]] = []
        for one in found:
            if one.get("schema") in (ROLE, ENTITLEMENT) and isinstance(one.get("endpoint"), str):
                path = "/" + one["endpoint"].strip("/")
                response = self.wire.page(path, 1, PAGE)
                responses.append(response)
                listing = listing_of(response)
                if listing is None:
                    return self._broken(response, responses)
                resources += listing.resources
        return Outcome(_STEP, Conclusion.IMPORTED, responses=tuple(responses), resources=resources)

    @staticmethod
    def _broken(response: Response, responses: list[Response]) -> Outcome:
        why = problem_of(response) if response.status != 200 else "the answer is no list"  # noqa: PLR2004 - OK
        shown = f"Error while discovering the entitlements of {APP}: {why}"
        return Outcome(_STEP, Conclusion.FAILED, why, shown, tuple(responses))


def _members(response: Response) -> Iterator[Mapping[str, Any]]:
    try:
        listed = response.body.get("Resources")
    except NotJson:
        return
    yield from (one for one in listed or [] if isinstance(one, Mapping))


def _extensions(resource_type: Mapping[str, Any]) -> Iterator[str]:
    listed = resource_type.get("schemaExtensions")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and isinstance(one.get("schema"), str):
            yield one["schema"]
