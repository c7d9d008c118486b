"""All functions of Okta's Expression Language: those that can be evaluated, and those that only Okta can."""

from typing import Final

from scim_conformance.idp.expressions import okta_conversions, okta_text
from scim_conformance.idp.expressions.okta_kinds import FUNCTIONS as _TABLE

_HOLDERS = (okta_conversions, okta_text)
FUNCTIONS = {name: _TABLE.functions[name] for name in sorted(_TABLE.functions, key=str.lower)}

INTERNAL_PROPERTIES: Final = ("id", "status", "created", "lastUpdated", "passwordChanged", "lastLogin")
"""What `user.getInternalProperty` reads; id and status are documented, the others are named as in the user object."""

_ASSIGNMENTS, _MANAGERS, _GROUPS = (
    "the person's other assignments",
    "the person's manager or assistant",
    "groups in Okta",
)
OUT_OF_REACH: Final = {
    "hasDirectoryUser": _ASSIGNMENTS,
    "hasWorkdayUser": _ASSIGNMENTS,
    "findDirectoryUser": _ASSIGNMENTS,
    "findWorkdayUser": _ASSIGNMENTS,
    "getManagerUser": _MANAGERS,
    "getManagerAppUser": _MANAGERS,
    "getAssistantUser": _MANAGERS,
    "getAssistantAppUser": _MANAGERS,
    "user.getLinkedObject": "linked objects in Okta",
    "getFilteredGroups": _GROUPS,
    "user.getGroups": _GROUPS,
    "user.isMemberOf": _GROUPS,
    "Groups.contains": _GROUPS,
    "Groups.startsWith": _GROUPS,
    "Groups.endsWith": _GROUPS,
    "isMemberOfGroupName": _GROUPS,
    "isMemberOfGroup": _GROUPS,
    "isMemberOfAnyGroup": _GROUPS,
    "isMemberOfGroupNameStartsWith": _GROUPS,
    "isMemberOfGroupNameContains": _GROUPS,
    "isMemberOfGroupNameRegex": _GROUPS,
}
"""Functions that Okta documents and that read what only Okta knows, with what that is."""
