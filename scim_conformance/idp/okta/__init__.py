"""Okta as a SCIM client: apps made with the App Integration Wizard, and those of the Okta Integration Network.

`OktaClient` has one method for each thing an administrator or a schedule sets off in Okta, and each gives an `Outcome`.
Sources: Okta developer docs, "SCIM 2.0" reference and concepts; recorded requests where these are silent.
"""

from scim_conformance.idp.okta.client import Flavour, OktaClient
from scim_conformance.idp.okta.wire import pause_after

__all__ = ["Flavour", "OktaClient", "pause_after"]
