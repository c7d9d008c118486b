"""What an attribute mapping makes of a person; without one, the usual mapping of an Okta app."""

from collections.abc import Mapping
from typing import Any, Final

from scim_conformance.idp.okta.profile import ENTERPRISE

_PLAIN: Final = (
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
)
_NAME: Final = {
    "firstName": "givenName",
    "lastName": "familyName",
    "middleName": "middleName",
    "honorificPrefix": "honorificPrefix",
    "honorificSuffix": "honorificSuffix",
}
_ENTERPRISE: Final = ("employeeNumber", "costCenter", "organization", "division", "department")


def mapped(mapping: Any, person: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """Return the attributes that a mapping makes of a person; `mapping` None is the usual one."""
    return _usual(person) if mapping is None else dict(mapping(person, creating=creating))


def _usual(person: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"name": {sub: person[name] for name, sub in _NAME.items() if person.get(name)}}
    if person.get("email"):
        body["emails"] = [{"primary": True, "value": person["email"], "type": "work"}]
    body |= {name: person[name] for name in _PLAIN if person.get(name)}
    phones = (("primaryPhone", "work"), ("mobilePhone", "mobile"))
    numbers = [{"value": person[name], "type": kind} for name, kind in phones if person.get(name)]
    if numbers:
        body["phoneNumbers"] = numbers
    work: dict[str, Any] = {name: person[name] for name in _ENTERPRISE if person.get(name)}
    if person.get("managerId"):
        work["manager"] = {"value": person["managerId"]}
    if work:
        body[ENTERPRISE] = work
    return body
