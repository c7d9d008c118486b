"""The attributes that an identity provider's own users and groups have: what an attribute mapping can read."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final, Literal

from scim_conformance.catalogue.closest import closest

Provider = Literal["entra", "okta"]
Kind = Literal["user", "group"]

_ENTRA_USER: Final = (
    *("userPrincipalName", "objectId", "originalUserPrincipalName", "mail", "mailNickname", "displayName", "givenName"),
    *("surname", "jobTitle", "department", "companyName", "employeeId", "employeeType", "employeeHireDate"),
    *("physicalDeliveryOfficeName", "streetAddress", "city", "state", "postalCode", "country", "usageLocation"),
    *("telephoneNumber", "mobile", "facsimileTelephoneNumber", "otherMails", "proxyAddresses", "preferredLanguage"),
    *("manager", "appRoleAssignments", "accountEnabled", "IsSoftDeleted", "userType", "alternativeSecurityIds"),
    *("onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesImmutableId", "netId", "immutableId"),
    *(
        "onPremisesUserPrincipalName",
        "onPremisesDistinguishedName",
        "onPremisesDomainName",
        "objectSid",
        "dnsDomainName",
    ),
    *(f"extensionAttribute{number}" for number in range(1, 16)),
)
_ENTRA_GROUP: Final = (
    *("displayName", "objectId", "members", "mail", "mailNickname", "description", "mailEnabled", "securityEnabled"),
    *("onPremisesSecurityIdentifier", "proxyAddresses", "owners"),
)
_OKTA_USER: Final = (
    *("id", "login", "email", "secondEmail", "firstName", "lastName", "middleName", "honorificPrefix"),
    *("honorificSuffix", "displayName", "nickName", "title", "profileUrl", "primaryPhone", "mobilePhone"),
    *("streetAddress", "city", "state", "zipCode", "countryCode", "postalAddress", "preferredLanguage", "locale"),
    *("timezone", "userType", "employeeNumber", "costCenter", "organization", "division", "department", "managerId"),
    *("manager", "status"),
)
_OKTA_GROUP: Final = ("id", "name", "description", "members")

KNOWN: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("entra", "user"): _ENTRA_USER,
    ("entra", "group"): _ENTRA_GROUP,
    ("okta", "user"): _OKTA_USER,
    ("okta", "group"): _OKTA_GROUP,
}
"""The attributes by provider and kind of object; names of directory extensions come on top."""

_OWN: Final = re.compile(r"extension_[0-9a-f]{32}_\w+|customSecurityAttributes\.\w+(\.\w+)?", re.IGNORECASE)
"""What Entra ID calls the attributes that a customer has added."""
_PREFIXES: Final = ("user.", "source.", "group.", "appuser.")
_SLIP: Final = 0.85
WORDS: Final = {"entra": "Entra ID", "okta": "Okta"}


def bare(name: str) -> str:
    """Return an attribute's name without the object that Okta's expressions put before it: user.firstName."""
    return next((name[len(prefix) :] for prefix in _PREFIXES if name.startswith(prefix)), name)


def unknown(name: str, provider: str, kind: str, more: Iterable[str] = (), *, leniently: bool = False) -> str:
    """Say that an identity provider's objects have no such attribute; nothing where they have it.

    `more` are attributes that the mapping itself declares. Leniently, a name that is no slip of the pen for a known one
    is taken for an attribute of the customer's own, which an export does not declare.
    """
    plain = bare(name)
    known = (*KNOWN[provider, kind], *more)
    if plain in known or _OWN.fullmatch(plain):
        return ""
    near = closest(plain, known)
    if leniently and not any(_is_slip(plain, each) for each in near):
        return ""
    hint = f"; closest: {', '.join(near)}" if near else ""
    return f'{WORDS[provider]} has no attribute "{plain}" of a {kind}{hint}'


def _is_slip(name: str, known: str) -> bool:
    """Tell whether a name is a known one with one letter wrong, missing, doubled or at the wrong place."""
    if any(each.isdigit() for each in name) or abs(len(name) - len(known)) > 1:
        return False
    return SequenceMatcher(None, name.casefold(), known.casefold()).ratio() >= _SLIP
