"""A value, and a wrong value, for any attribute that a target serves; and every value that a resource shows.

Values are of the type, the vocabulary and the usual format of their attribute, so that a server which validates what
it is given (A73) takes them in. There are several for each attribute, told apart by `which`.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scim_conformance.client.features import Attribute, Features, ResourceType
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.people import Person
from scim_conformance.judge.resources import text_for

Referred = tuple[str, str]
"""The id of a resource, and its URI."""
Reference = Callable[[tuple[str, ...]], Referred | None]
"""Gives a resource of one of the named types to refer to, None where there is none."""

COMMON = ("schemas", "id", "externalid", "meta")
"""The attributes that every resource has, in lower case; a schema that repeats them defines nothing new."""

CERTIFICATES = (
    (
        "MIIBdTCCARygAwIBAgIUSq8hExmfqoHpWuXFUHK2MYayTm8wCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGQW5uYSAxMCAXDTI2MTEyMjA3MTc1"
        "OFoYDzIxMjYxMDI5MDcxNzU4WjARMQ8wDQYDVQQDDAZBbm5hIDEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASQhObXV5bJD+qBEVWwMUrj"
        "HFZwWa0dtQm/j2WIQnLEPKELJpZEVT/KjjEYU/s25Ot+k01eR6lG7u2lKVZkzymoo1AwTjAdBgNVHQ4EFgQUdDcZJe3DS3QgYQDwj6j+9NMl"
        "hOEwHwYDVR0jBBgwFoAUdDcZJe3DS3QgYQDwj6j+9NMlhOEwDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNHADBEAiB/NFKhdkkbEhVX57wy"
        "L6qu6RfFvjucsIn46DhCeJ/BsgIgPSGE/omHuTNcOLzmRjC1wEalNT2dKyJ6n9PDDRFHtpw="
    ),
    (
        "MIIBdzCCARygAwIBAgIUfhpev70cNCp3eOKBRdt2hEimjeswCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGQW5uYSAyMCAXDTI2MTEyMjA3MTc1"
        "OFoYDzIxMjYxMDI5MDcxNzU4WjARMQ8wDQYDVQQDDAZBbm5hIDIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARK/nqVHuMtaors81ajteryv"
        "zgZht6lBhQ7m8dwelEC/88BjDzPSuJELJeCQex8u9JeH0AymZ36xGdNvcxdGCCGo1AwTjAdBgNVHQ4EFgQUyfg+hzsr+7BrEglnKiNhlm9//y"
        "QwHwYDVR0jBBgwFoAUyfg+hzsr+7BrEglnKiNhlm9//yQwDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNJADBGAiEAptIJvToOk6DKxRw+Uvc"
        "IoVjEuJZVYV5+v1T2cBaUxkwCIQCyF43D3SpMz4Y8CWDqULVlKip+f8EWlyv0NXCiFr22xQ=="
    ),
)
"""Two X.509 certificates of nobody, in DER and base64, signed by themselves and valid until 2126."""

_PAIRS = {
    "preferredlanguage": ("en-US", "de-DE"),
    "locale": ("en-US", "de-DE"),
    "timezone": ("America/New_York", "Europe/Berlin"),
    "country": ("US", "DE"),
    "region": ("NY", "BY"),
    "postalcode": ("10001", "80331"),
    "honorificprefix": ("Dr.", "Prof."),
    "honorificsuffix": ("Jr.", "III"),
    "type": ("work", "home"),
}
"""Words that the usual validators accept, for attributes that may have one."""

ANY_WORD = (
    *("displayname", "nickname", "title", "usertype", "givenname", "familyname", "middlename", "formatted"),
    *("organization", "division", "department", "costcenter", "description"),
)
"""Names of the attributes whose text RFC 7643 leaves to the client."""

WRONG: Mapping[str, Any] = {
    "string": 42,
    "boolean": 7,
    "decimal": "seven",
    "integer": 7.5,
    "dateTime": "2024-05-06",
    "binary": "*no base64*",
    "reference": "no URI <at all> %%",
    "complex": "a text",
}
"""A value that an attribute of a type cannot have."""


def refers(attribute: Attribute) -> bool:
    """Tell whether the values of an attribute name SCIM resources: a `$ref` with a `value`, or a reference itself."""
    if attribute.type == "complex":
        names = {sub.name.lower(): sub for sub in attribute.sub_attributes}
        return "value" in names and "$ref" in names
    return attribute.type == "reference" and bool(kinds_of(attribute))


def kinds_of(attribute: Attribute) -> tuple[str, ...]:
    """Give the names of the resource types that a reference may point to."""
    ref = next((sub for sub in attribute.sub_attributes if sub.name.lower() == "$ref"), attribute)
    return tuple(kind for kind in ref.reference_types if kind.lower() not in ("external", "uri"))


def settable(attribute: Attribute) -> bool:
    """Tell whether a client can give an attribute a value: it is not readOnly, nor common to all resources."""
    return attribute.mutability != "readOnly" and (bool(attribute.parent) or attribute.name.lower() not in COMMON)


def is_free_text(attribute: Attribute) -> bool:
    """Tell whether a top-level attribute may hold any text of the client's, and shows it."""
    return (
        (attribute.type, attribute.multi_valued, attribute.mutability) == ("string", False, "readWrite")
        and not attribute.canonical_values
        and attribute.uniqueness == "none"
        and attribute.name.lower() not in (*_PAIRS, "username", "employeenumber")
        and visible(attribute)
    )


def visible(attribute: Attribute) -> bool:
    """Tell whether a plain GET shows an attribute."""
    return attribute.mutability != "writeOnly" and attribute.returned in ("default", "always")


def top_level(features: Features, resource_type: ResourceType) -> Iterator[Attribute]:
    """Give the top-level attributes of a resource type, those of its extensions last."""
    return (attribute for attribute in features.attributes(resource_type) if not attribute.parent)


def value(attribute: Attribute, person: Person, *, which: int = 0, reference: Reference | None = None) -> Any:
    """Return a value for a top-level attribute: two elements where it takes several; None where none can be made."""
    numbers = (0, 1) if attribute.multi_valued and not refers(attribute) else (0,)
    found = [_element(attribute, person, which, number, reference) for number in numbers]
    found = [each for each in found if each not in (None, {})]
    if attribute.multi_valued:
        return found or None
    return found[0] if found else None


def _element(attribute: Attribute, person: Person, which: int, number: int, reference: Reference | None) -> Any:
    if attribute.type != "complex":
        return simple(attribute, person, which=which, number=number, reference=reference)
    if refers(attribute):
        return _referring(attribute, person, which, reference)
    element = {
        sub.name: simple(sub, person, which=which, number=number, reference=reference)
        for sub in attribute.sub_attributes
        if sub.mutability != "readOnly" and sub.type != "complex"
    }
    if number:
        element.pop("primary", None)
    return {name: [each] if _sub(attribute, name).multi_valued else each for name, each in element.items()}


def _sub(attribute: Attribute, name: str) -> Attribute:
    return next(sub for sub in attribute.sub_attributes if sub.name == name)


def _referring(attribute: Attribute, person: Person, which: int, reference: Reference | None) -> Any:
    """Return an element that refers to a resource by its id; what else it has the provider works out."""
    target = reference(kinds_of(attribute)) if reference else None
    if target is None:
        return None
    element: dict[str, Any] = {}
    for sub in attribute.sub_attributes:
        if sub.name.lower() == "value":
            element[sub.name] = target[0]
        elif sub.required and sub.mutability != "readOnly":
            given = target[1] if sub.name.lower() == "$ref" else None
            element[sub.name] = given or simple(sub, person, which=which)
    return element


def simple(
    attribute: Attribute, person: Person, *, which: int = 0, number: int = 0, reference: Reference | None = None
) -> Any:
    """Return one value of an attribute that is not complex, or of one element's sub-attribute."""
    if attribute.canonical_values:
        return attribute.canonical_values[(which + number) % len(attribute.canonical_values)]
    match attribute.type:
        case "boolean":
            return (which + number) % 2 == 0 or attribute.name == "primary"
        case "integer":
            return 7 + 4 * which + number
        case "decimal":
            return 7.5 + 4 * which + number
        case "dateTime":
            return f"2024-0{1 + which % 8}-1{number % 10}T07:08:09Z"
        case "binary":
            return _binary(attribute, person, which + number)
        case "reference":
            return _reference(attribute, person, number, reference)
    return _text(attribute, person, which, number)


def _binary(attribute: Attribute, person: Person, which: int) -> str:
    if "certificate" in attribute.parent.lower():
        return CERTIFICATES[which % 2]
    return base64.b64encode(f"{person.mark} {which}!".encode()).decode()


def _reference(attribute: Attribute, person: Person, number: int, reference: Reference | None) -> str | None:
    if kinds_of(attribute):
        target = reference(kinds_of(attribute)) if reference else None
        return target[1] if target else None
    extension = ".png" if attribute.parent.lower() == "photos" else ""
    return f"https://example.com/{attribute.parent or attribute.name}/{person.mark}{number}{extension}"


def _text(attribute: Attribute, person: Person, which: int, number: int) -> str:
    name, parent = attribute.name.lower(), attribute.parent.lower()
    mark = f"{person.mark}{'b' * number}"
    if name in _PAIRS:
        return _PAIRS[name][(which + number) % 2]
    if name == "value":
        digits = person.mark.rpartition("n")[2]
        return {
            "emails": f"{mark}@example.com",
            "phonenumbers": f"+1201555{(int(digits) if digits.isdecimal() else 0) * 2 % 9000 + number:04d}",
            "ims": mark,
        }.get(parent) or f"{attribute.parent} {mark}"
    if name in ("username", "password", "employeenumber"):
        return text_for(attribute, person)
    if name == "streetaddress":
        return f"{number + 1} {person.street}"
    return f"{attribute.name} {mark}"


# -- bodies ---------------------------------------------------------------------------------


def assembled(
    resource_type: ResourceType, values: Mapping[str, Any], attributes: Sequence[Attribute]
) -> dict[str, Any]:
    """Return a body with these values, by the path of their top-level attribute."""
    body: dict[str, Any] = {"schemas": [resource_type.schema]}
    by_path = {attribute.path: attribute for attribute in attributes}
    for path, each in values.items():
        attribute = by_path[path]
        if in_extension(attribute):
            body.setdefault(attribute.schema, {})[attribute.name] = each
            if attribute.schema not in body["schemas"]:
                body["schemas"].append(attribute.schema)
        else:
            body[attribute.name] = each
    return body


def in_extension(attribute: Attribute) -> bool:
    """Tell whether a top-level attribute, or a sub-attribute, belongs to an extension of its resource type."""
    return attribute.path.lower().startswith("urn:")


def found_in(resource: Mapping[str, Any], attribute: Attribute) -> Any:
    """Return what a resource shows of a top-level attribute, None where it shows nothing."""
    holder = member_of(resource, attribute.schema) if in_extension(attribute) else resource
    return member_of(holder, attribute.name) if isinstance(holder, Mapping) else None


def reverse(body: Any) -> Any:
    """Return a body with the members of every object in reverse order; arrays keep theirs."""
    if isinstance(body, dict):
        return {name: reverse(body[name]) for name in reversed(body)}
    return [reverse(each) for each in body] if isinstance(body, list) else body


# -- what is shown --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """One value in a resource: its attribute, and the element of a complex attribute that holds it."""

    attribute: Attribute
    value: Any
    element: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        text = repr(self.value)
        return f"{self.attribute.path} = {text if len(text) < 80 else text[:80] + '...'}"  # noqa: PLR2004 - a line


def seen(resource: Mapping[str, Any], attributes: Sequence[Attribute]) -> Iterator[Seen]:
    """Give every value that a resource shows of top-level attributes, a complex one before its sub-attributes."""
    for attribute in attributes:
        shown = found_in(resource, attribute)
        for each in shown if isinstance(shown, list) else [shown]:
            if each is None:
                continue
            yield Seen(attribute, each)
            if isinstance(each, Mapping):
                for sub in attribute.sub_attributes:
                    inner = member_of(each, sub.name)
                    values = inner if isinstance(inner, list) else [inner]
                    yield from (Seen(sub, one, each) for one in values if one is not None)
