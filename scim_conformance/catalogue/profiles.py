"""Profiles: named sets of requirements to judge a target by."""

from dataclasses import dataclass

from scim_conformance.catalogue.closest import taught
from scim_conformance.catalogue.requirement import Requirement


class UnknownProfile(LookupError):  # noqa: N818 - it says what was asked for
    """A profile name that does not exist; the message names the closest ones."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named choice of documents, each taken whole: what does not apply to a target is left out by its gates."""

    name: str
    title: str
    documents: frozenset[str]

    def includes(self, requirement: Requirement) -> bool:
        """Whether this profile judges by the requirement."""
        return requirement.document in self.documents


PROFILES = {
    "rfc": Profile(
        "rfc",
        "The SCIM 2.0 RFCs, the HTTP and bearer-token rules they lean on, and the access control of provisioning"
        " settings where the operator says that the target has it",
        frozenset({"RFC7643", "RFC7644", "RFC9865", "RFC6750", "RFC7232", "RFC9110", "SEED"}),
    ),
}
DEFAULT = "rfc"


def profile(name: str = DEFAULT) -> Profile:
    """Return the profile of that name. Raises UnknownProfile."""
    try:
        return PROFILES[name]
    except KeyError:
        remedy = f"There are: {', '.join(PROFILES)}."
        raise UnknownProfile(taught("profile", name, PROFILES, remedy)) from None
