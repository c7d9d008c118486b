"""Okta as a whole: users, assignments, pushed groups and entitlements of one app."""

from scim_conformance.idp.okta.assignments import Assignments
from scim_conformance.idp.okta.entitlements import Entitlements
from scim_conformance.idp.okta.groups import Groups
from scim_conformance.idp.okta.steps import Flavour

__all__ = ["Flavour", "OktaClient"]


class OktaClient(Assignments, Groups, Entitlements):
    """One app in Okta with SCIM provisioning turned on.

    `flavour` is "aiw" for an app made with the App Integration Wizard, whose updates are all sent by PUT, or "oin" for
    one of the Integration Network, which sends status, passwords and groups by PATCH and profiles by PUT (the reference
    says so; the newer concepts page says PATCH). People are plain mappings of Okta's own attributes: id, login,
    firstName, lastName, email and so on. Each method returns an `Outcome`, and sends what Okta sends, no more.
    """
