"""Single values by data type (RFC 7643 section 2.3): what is accepted, and the form in which it is kept."""

import base64
import binascii
import hashlib
import hmac
import math
import re
import secrets
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from scim_conformance.server.comparison import instant, prepared
from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.schema import Attribute

_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\u0080-\U0010ffff]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
SEQUENCE = b"\x30"
"""The DER tag of a sequence."""
_KNOWN_PASSWORDS = frozenset(
    ("12345678", "123456789", "changeme", "iloveyou", "letmein", "password", "password1", "qwerty123", "welcome1")
)
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LONGEST_COUNTRY_CODE = 3


class Values:
    """Checks and canonical forms, one method a data type and one an attribute that the RFC says more about."""

    def accept(self, attribute: Attribute, value: Any, place: str) -> Any:
        """Give the value in the form in which it is kept, or refuse it with invalidValue."""
        checks = {
            "string": self.string,
            "boolean": self.boolean,
            "decimal": self.decimal,
            "integer": self.integer,
            "dateTime": self.date_time,
            "binary": self.binary,
            "reference": self.reference,
        }
        return self.canonical(attribute, checks[attribute.type](value, place), place)

    # Data types

    def string(self, value: Any, place: str) -> str:
        """Accept any text (section 2.3.1)."""
        if not isinstance(value, str):
            raise self.wrong_type(place, "a string", value)
        return value

    def boolean(self, value: Any, place: str) -> bool:
        """Accept true and false (section 2.3.2), and their names in text, which Entra ID sends."""
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if not isinstance(value, bool):
            raise self.wrong_type(place, "true or false", value)
        return value

    def decimal(self, value: Any, place: str) -> float:
        """Accept a number (section 2.3.3)."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong_type(place, "a number", value)
        return value

    def integer(self, value: Any, place: str) -> int:
        """Accept a number without fraction or exponent (section 2.3.4)."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong_type(place, "a whole number", value)
        return value

    def date_time(self, value: Any, place: str) -> str:
        """Accept an xsd:dateTime in a string (section 2.3.5)."""
        text = self.string(value, place)
        try:
            instant(text)
        except (ValueError, OverflowError) as problem:
            raise invalid_value(f"{place}: {problem}.") from None
        return text

    def binary(self, value: Any, place: str) -> str:
        """Accept base64, padded or not, of either alphabet (section 2.3.6)."""
        text = self.string(value, place)
        try:
            self.decoded(text)
        except (ValueError, binascii.Error):
            raise invalid_value(f"{place} is not base64.") from None
        return text

    def reference(self, value: Any, place: str) -> str:
        """Accept a URI, absolute or relative (section 2.3.7)."""
        text = self.string(value, place)
        if not _URI.fullmatch(text) or _BAD_ESCAPE.search(text):
            raise invalid_value(f"{place} is not a URI.")
        try:
            return self.canonical_uri(text)
        except ValueError:
            raise invalid_value(f"{place} is not a URI.") from None

    @staticmethod
    def wrong_type(place: str, wanted: str, value: Any) -> ScimError:
        """Make the refusal of a value of the wrong JSON type."""
        names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", dict: "an object"}
        found = names.get(type(value), "a list" if isinstance(value, list) else "null")
        return invalid_value(f"{place} has to be {wanted}, not {found}.")

    @staticmethod
    def decoded(text: str) -> bytes:
        """Decode base64; raise ValueError if it is none."""
        plain = text.strip().rstrip("=").translate(str.maketrans("-_", "+/"))
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)

    # Attributes about whose form the RFC says more

    def canonical(self, attribute: Attribute, value: Any, place: str) -> Any:
        """Bring a value into its canonical form, where its attribute has one; places are names of core attributes."""
        forms = {
            "emails.value": self.email,
            "ims.value": self.instant_message,
            "addresses.country": self.country,
            "x509Certificates.value": self.certificate,
            "password": self.password,
        }
        form = forms.get(place)
        return form(value, place) if form and attribute.type in ("string", "binary") else value

    def email(self, value: str, _place: str) -> str:
        """Write the domain of an e-mail address in lower case (section 4.1.2)."""
        local, at, domain = value.rpartition("@")
        return local + at + domain.lower()

    def instant_message(self, value: str, _place: str) -> str:
        """Write an instant messaging address in lower case without blanks (section 4.1.2)."""
        return "".join(value.split()).lower()

    def country(self, value: str, place: str) -> str:
        """Accept a code of two letters (section 4.1.2, errata 5990 and 5991), and a name, which Entra ID sends."""
        if self.is_country_name(value):
            return value
        if not _COUNTRY.fullmatch(value):
            raise invalid_value(f"{place} is a two-letter code of ISO 3166-1 such as US, not {value!r}.")
        return value.upper()

    def is_country_name(self, value: str) -> bool:
        """Tell whether a text is the name of a country: the shortest, such as Chad, are longer than any code."""
        return len(value) > _LONGEST_COUNTRY_CODE

    def certificate(self, value: str, place: str) -> str:
        """Accept at most one certificate in a value (section 4.1.2); what is no DER sequence is not looked into."""
        data = self.decoded(value)
        length = der_length(data)
        if length is not None and (data[length : length + 1] == SEQUENCE or is_list_of_certificates(data)):
            raise invalid_value(f"{place} holds more than one certificate.")
        return value

    def password(self, value: str, _place: str) -> str:
        """Keep a password as a salted digest: nobody, not even by a dump of the store, reads it again."""
        if self.is_weak_password(value):
            raise invalid_value("The password is one that everybody knows; choose another.")
        salt = secrets.token_bytes(8)
        return f"{salt.hex()}${self.password_digest(value, salt)}"

    def is_weak_password(self, value: str) -> bool:
        """Tell whether the policy for passwords refuses this one: it is among those that are tried first."""
        return prepared(value).lower() in _KNOWN_PASSWORDS

    def is_password(self, value: str, stored: str) -> bool:
        """Tell whether this is the password that is kept as a digest."""
        salt, _, digest = stored.partition("$")
        return hmac.compare_digest(self.password_digest(value, bytes.fromhex(salt)), digest)

    def password_digest(self, value: str, salt: bytes) -> str:
        """Make the digest of a password, prepared so that equal text in other Unicode forms gives the same."""
        return hashlib.pbkdf2_hmac("sha256", prepared(value).encode("utf-8"), salt, 1000).hex()

    def canonical_uri(self, text: str) -> str:
        """Normalise case, escapes and dot segments of a URI (RFC 3986 section 6.2.2)."""
        parts = urlsplit(_ESCAPE.sub(_normal_escape, text))
        if not parts.scheme or not parts.netloc:
            return parts.geturl() if not parts.scheme else _ESCAPE.sub(_normal_escape, text)
        userinfo, at, host = parts.netloc.rpartition("@")
        path = without_dot_segments(parts.path)
        return urlunsplit((parts.scheme.lower(), userinfo + at + host.lower(), path, parts.query, parts.fragment))


def der_length(data: bytes) -> int | None:
    """Give the length of the DER sequence the data begin with, header included; None if they do not."""
    if len(data) < 2 or data[:1] != SEQUENCE:  # noqa: PLR2004 a tag and a length
        return None
    if data[1] < 0x80:  # noqa: PLR2004 the short form of a length
        return 2 + data[1]
    return der_header(data) + int.from_bytes(data[2 : der_header(data)], "big")


def der_header(data: bytes) -> int:
    """Give the length of the tag and length that DER data begin with."""
    return 2 + (data[1] & 0x7F if data[1] >= 0x80 else 0)  # noqa: PLR2004 the long form of a length


def is_list_of_certificates(data: bytes) -> bool:
    """Tell whether a DER sequence holds certificates: three sequences deep, where one certificate has its version."""
    inner = data[der_header(data) :]
    return der_length(inner) is not None and inner[der_header(inner) :][:1] == SEQUENCE


def without_dot_segments(path: str) -> str:
    """Resolve . and .. in a path (RFC 3986 section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            kept[1:] = kept[1:-1]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) + ("/" if segments[-1] in (".", "..") and kept and kept[-1] else "")


def _normal_escape(match: re.Match[str]) -> str:
    character = unquote(match[0])
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()
