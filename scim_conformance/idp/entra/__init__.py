"""Microsoft Entra ID as a SCIM client: what its provisioning service sends, and what it concludes from the answers.

Its behaviour is told by Microsoft Learn ("Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID",
"Known issues and resolutions with SCIM 2.0 protocol compliance", "How application provisioning works", "Application
provisioning in quarantine status") and by exchanges that others recorded; schemas/requirements/entra.toml says of each
statement how sure it is.
"""

from scim_conformance.idp.entra.client import EntraClient
from scim_conformance.idp.entra.dialects import DIALECTS, Change, Dialect

__all__ = ["DIALECTS", "Change", "Dialect", "EntraClient"]
