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


_CHOICES = (
    (
        "rfc",
        (
            "The SCIM 2.0 RFCs, the HTTP and bearer-token rules they lean on, and the access control of provisioning"
            " settings where the operator says that the target has it"
        ),
        ("RFC7643", "RFC7644", "RFC9865", "RFC6750", "RFC7232", "RFC9110", "SEED"),
    ),
    ("entra", "What Microsoft Entra ID sends and needs, and its attribute mapping", ("ENTRA", "MAPPING")),
    ("okta", "What Okta sends and needs, and its attribute mapping", ("OKTA", "MAPPING")),
    ("braze", "Braze's SCIM API, which the provisioning method `custom` is about", ("BRAZE",)),
    ("other-idp", "What OneLogin, JumpCloud, PingOne, SailPoint and others are known to send", ("OTHER-IDP",)),
    ("entra-validator", "Microsoft's SCIM Validator, test by test", ("ENTRA-VALIDATOR",)),
    ("entra-gallery", "Microsoft's tests for the application gallery, those by SCIM alone", ("ENTRA-GALLERY",)),
    ("okta-spec", "Okta's SPEC test, assertion by assertion", ("OKTA-SPEC",)),
    ("okta-oin", "Okta's test plan for the Integration Network, what can be seen by SCIM", ("OKTA-OIN",)),
    ("methods", "The provisioning methods, from the settings page to a deactivated user", ("METHOD",)),
    ("mapping", "An attribute mapping, end to end: the one of --mapping, else Entra's and Okta's", ("MAPPING",)),
)
PROFILES = {name: Profile(name, title, frozenset(documents)) for name, title, documents in _CHOICES}
DEFAULT = "rfc"


def narrowest(document: str) -> str:
    """Return the name of the profile that judges by this document and by as little else as there is."""
    including = [profile for profile in PROFILES.values() if document in profile.documents]
    return min(including, key=lambda profile: len(profile.documents)).name


def profile(name: str = DEFAULT) -> Profile:
    """Return the profile of that name. Raises UnknownProfile."""
    try:
        return PROFILES[name]
    except KeyError:
        remedy = f"There are: {', '.join(PROFILES)}."
        raise UnknownProfile(taught("profile", name, PROFILES, remedy)) from None
