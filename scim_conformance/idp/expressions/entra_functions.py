"""All functions of Microsoft Entra's provisioning expressions, gathered from the modules that hold them."""

from scim_conformance.idp.expressions import entra_dates, entra_logic, entra_roles, entra_text
from scim_conformance.idp.expressions.entra_kinds import FUNCTIONS as _TABLE

_HOLDERS = (entra_dates, entra_logic, entra_roles, entra_text)
FUNCTIONS = {name: _TABLE.functions[name] for name in sorted(_TABLE.functions, key=str.lower)}
