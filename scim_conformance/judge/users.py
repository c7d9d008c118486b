"""Values for the attributes of users that RFC 7643 sections 4.1 and 4.3 define, in the form that a target serves.

`usual` gives what every server should take in: valid by the RFC, from the ranges reserved for examples, and among the
canonicalValues that the target serves. `unusual` gives what the RFC allows or leaves open, each by the name of a probe.
"""

from collections.abc import Callable
from typing import Any

from scim_conformance.client.features import Attribute

CERTIFICATE = (
    "MIIBozCCAUmgAwIBAgIUeGqS2aH8vB96kgpRBwMoRZkqEsgwCgYIKoZIzj0EAwIwJjESMBAGA1UEAwwJQW5uYSBCZXJn"
    "MRAwDgYDVQQKDAdFeGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjYxMDI5MDcxMTExWjAmMRIwEAYDVQQDDAlBbm5h"
    "IEJlcmcxEDAOBgNVBAoMB0V4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQTCadPW6hqkC1j4kCUgJQDO9F1"
    "uU1ZZChlwcsakG0YGiGdkhmluu5H3HbTPX4WC7Vn0yHCwy1R1Tzv/NRrXNljo1MwUTAdBgNVHQ4EFgQUt7u5emVAG4MF"
    "dNZUQEhVM++6DKIwHwYDVR0jBBgwFoAUt7u5emVAG4MFdNZUQEhVM++6DKIwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjO"
    "PQQDAgNIADBFAiBofptMmJXpQUh18LGWuyQ2lnW3ps+YA14Rcf2wry5XGQIhAJRwx/jpWXireHLVFkrorHSwVPhzpPoW"
    "JflGU1rex922"
)
"""One X.509 certificate, of nobody, signed by itself and valid until 2126: DER in base64."""

SINGLE = {
    "displayName": "Dr. Anna Lee Berg",
    "nickName": "Anni",
    "title": "Vice President",
    "userType": "Visiting scholar",
    "profileUrl": "https://example.com/people/anna.berg",
    "preferredLanguage": "da, en-GB;q=0.8, en;q=0.7",
    "locale": "en-CA",
    "timezone": "America/Los_Angeles",
}
NAME = {
    "formatted": "Dr. Anna Lee Berg III",
    "familyName": "Berg",
    "givenName": "Anna",
    "middleName": "Lee",
    "honorificPrefix": "Dr.",
    "honorificSuffix": "III",
}
ADDRESSES = (
    {
        "formatted": "100 Universal City Plaza, Hollywood, CA 91608, USA",
        "streetAddress": "100 Universal City Plaza",
        "locality": "Hollywood",
        "region": "CA",
        "postalCode": "91608",
        "country": "US",
    },
    {
        "formatted": "Drottninggatan 1, 111 51 Stockholm, Sweden",
        "streetAddress": "Drottninggatan 1",
        "locality": "Stockholm",
        "region": "AB",
        "postalCode": "111 51",
        "country": "SE",
    },
)
ENTERPRISE = {
    "costCenter": "4130",
    "organization": "Universal Studios",
    "division": "Theme Park",
    "department": "Tour Operations",
}
IM_TYPES = ("aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other")
PHONE_TYPES = ("work", "home", "mobile", "fax", "pager", "other")


def usual(attribute: Attribute, mark: str) -> Any:
    """Return a valid value of an attribute of the core User schema; None where the target serves it in another form."""
    value = _usual(attribute, mark)
    if value is None or attribute.multi_valued != isinstance(value, list):
        return None
    if isinstance(value, str):
        return value if attribute.type in ("string", "reference") else None
    if attribute.type == "complex":
        return served(attribute, value)
    # Roles and entitlements may be served as plain texts (A88).
    return [each["value"] for each in value] if isinstance(value, list) and attribute.type == "string" else None


def _usual(attribute: Attribute, mark: str) -> Any:
    name = attribute.name
    if name in SINGLE:
        return attribute.canonical_values[0] if attribute.canonical_values else SINGLE[name]
    makers: dict[str, Callable[[], Any]] = {
        "name": lambda: NAME,
        "emails": lambda: [
            {"value": f"{mark}.{kind}@example.com", "type": kind, "primary": number == 0}
            for number, kind in enumerate(_kinds(attribute, ("work", "home", "other")))
        ],
        "phoneNumbers": lambda: [
            {"value": f"tel:+1-201-555-01{number:02}", "type": kind}
            for number, kind in enumerate(_kinds(attribute, PHONE_TYPES))
        ],
        "ims": lambda: [{"value": f"{kind}.{mark}", "type": kind} for kind in _kinds(attribute, IM_TYPES)],
        "photos": lambda: [
            {"value": f"https://example.com/photos/{mark}-{kind}.jpg", "type": kind}
            for kind in _kinds(attribute, ("photo", "thumbnail"))
        ],
        "addresses": lambda: [
            {**address, "type": kind}
            for kind, address in zip(_kinds(attribute, ("work", "home")), ADDRESSES, strict=False)
        ],
        "entitlements": lambda: _labels(attribute, f"printer:{mark}/read,scan", "printing"),
        "roles": lambda: _labels(attribute, "Student", "university"),
        "x509Certificates": lambda: [{"value": CERTIFICATE}],
    }
    return makers[name]() if name in makers else None


def unusual(attribute: Attribute, mark: str) -> dict[str, Any]:
    """Return values of an attribute that the RFC allows, or leaves open to refuse, by the names of the probes."""
    work = _kinds(attribute, ("work",))[0]
    made: dict[str, dict[str, Any]] = {
        "emails": {
            "domain in capitals": {"value": f"{mark}@Mail.EXAMPLE.COM", "type": work},
            "e-mail of a type of its own": {"value": f"{mark}.news@example.com", "type": "newsletter"},
        },
        "phoneNumbers": {
            "plain number": {"value": "+1 (201) 555-0142", "type": work},
            "number of a type of its own": {"value": "tel:+1-201-555-0143", "type": "satellite"},
        },
        "ims": {
            "IM with blanks": {"value": f"Anna Berg {mark.upper()}", "type": _kinds(attribute, ("xmpp",))[0]},
            "IM of a type of its own": {"value": f"matrix.{mark}", "type": "matrix"},
        },
        "addresses": {
            "address with line breaks": {
                "formatted": "100 Universal City Plaza\nHollywood, CA 91608\nUSA",
                "streetAddress": "100 Universal City Plaza\nBuilding 5",
                "type": work,
            },
            "address of one part": {"locality": "Hollywood"},
        },
    }
    if attribute.name in made and attribute.type == "complex" and attribute.multi_valued:
        return {probe: served(attribute, [element]) for probe, element in made[attribute.name].items()}
    single = {
        "profileUrl": {"URL that is not canonical": "HTTPS://Example.COM/people/%7Eanna/../anna.berg"},
        "locale": {"locale with an underscore": "en_US"},
    }
    return single.get(attribute.name, {}) if not attribute.multi_valued else {}


def enterprise(attribute: Attribute, mark: str, manager: str) -> Any:
    """Return a valid value of an attribute of the enterprise extension; `manager` is the id of a user."""
    if attribute.multi_valued:
        return None
    if attribute.name == "manager":
        return served(attribute, {"value": manager}) if attribute.type == "complex" else None
    value = mark if attribute.name == "employeeNumber" else ENTERPRISE.get(attribute.name)
    return value if attribute.type == "string" else None


def served(attribute: Attribute, value: Any) -> Any:
    """Return a complex value with those sub-attributes alone that the target serves and lets clients write."""
    if isinstance(value, list):
        return [served(attribute, element) for element in value]
    writable = {sub.name for sub in attribute.sub_attributes if sub.mutability != "readOnly"}
    return {name: inner for name, inner in value.items() if name in writable}


def _kinds(attribute: Attribute, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the types among `wanted` that the target's canonicalValues have; else as many of its own."""
    canonical = next((sub.canonical_values for sub in attribute.sub_attributes if sub.name == "type"), ())
    known = tuple(kind for kind in wanted if kind in canonical)
    return known or canonical[: len(wanted)] or wanted


def _labels(attribute: Attribute, value: str, kind: str) -> list[dict[str, Any]]:
    """Return one element of a list whose values follow no vocabulary, unless the target serves one."""
    words = next((sub.canonical_values for sub in attribute.sub_attributes if sub.name == "value"), ())
    words = words or attribute.canonical_values
    return [{"value": words[0] if words else value, "type": _kinds(attribute, (kind,))[0]}]
