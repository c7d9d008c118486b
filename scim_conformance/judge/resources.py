"""Building resources from the schema that a target serves.

A server may require more than the RFC does, and may validate what it is given; so bodies
are made attribute by attribute from the served schema, honouring `required`, with values
that fit the attribute's name, type, canonical values and reference types.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from scim_conformance.client.features import Attribute, Features, ResourceType
from scim_conformance.judge.people import Person

Reference = Callable[[tuple[str, ...]], str]
"""Gives the id of a resource of one of the named types: creates one where none is at hand."""

_COMMON = {"id", "externalid", "meta", "schemas"}


def build(
    resource_type: ResourceType,
    features: Features,
    person: Person,
    *,
    minimal: bool = False,
    reference: Reference | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the body of a new resource.

    By default it has what identity providers usually send, as far as the served schema has
    it; with `minimal` only what is required. `overrides` are put in last: a value of None
    takes the attribute out. `reference` makes what a required reference points to.
    """
    body: dict[str, Any] = {"schemas": [resource_type.schema]}
    usual = {} if minimal else _usual(resource_type, person)
    body |= _own_members(_top_level(features, resource_type.schema), usual, person, reference)
    if not minimal:
        body["externalId"] = f"ext-{person.mark}"
    for urn, required in resource_type.extensions:
        if required:
            body["schemas"].append(urn)
            body[urn] = _required_members(features, urn, person, reference)
    for name, value in (overrides or {}).items():
        if value is None:
            body.pop(name, None)
        else:
            body[name] = value
            if name.lower().startswith("urn:") and name not in body["schemas"]:
                body["schemas"].append(name)
    return body


def _own_members(
    attributes: Iterable[Attribute], usual: Mapping[str, Any], person: Person, reference: Reference | None
) -> dict[str, Any]:
    """Return the members of the main schema: those required, and the usual ones that it has."""
    members: dict[str, Any] = {}
    for attribute in attributes:
        if attribute.name.lower() in _COMMON or attribute.mutability == "readOnly":
            continue
        if attribute.required or attribute.name in usual:
            value = usual.get(attribute.name) or _value(attribute, person, reference)
            members[attribute.name] = _completed(value, attribute, person, reference)
    return members


def naming_attribute(resource_type: ResourceType) -> str:
    """Return the attribute by which a resource of this type is found again: userName or displayName."""
    return "userName" if resource_type.schema.lower().endswith(":core:2.0:user") else "displayName"


def filter_by_name(resource_type: ResourceType, resource: dict[str, Any]) -> str:
    """Write the filter that finds a resource by its name, else by its ids."""
    names = (naming_attribute(resource_type), "id", "externalId")
    name = next(name for name in names if isinstance(resource.get(name), str))
    return f"{name} eq {json.dumps(resource[name], ensure_ascii=False)}"


def type_at(features: Features, path: str) -> ResourceType:
    """Return the resource type to which the path of a resource belongs."""
    return next(each for each in features.resource_types if path.startswith(f"{each.endpoint}/"))


def listed(response: Any) -> list[dict[str, Any]]:
    """Return the resources in a list, none where the answer is no list of resources."""
    body = response.json if response.status == HTTPStatus.OK and response.is_json else None
    found = body.get("Resources") if isinstance(body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _top_level(features: Features, urn: str) -> Iterable[Attribute]:
    schema = features.schemas.get(urn)
    return schema.attributes if schema else ()


def _usual(resource_type: ResourceType, person: Person) -> dict[str, Any]:
    if naming_attribute(resource_type) == "displayName":
        return {"displayName": f"Team {person.mark}"}
    return {
        "userName": person.user_name,
        "name": {
            "givenName": person.given_name,
            "familyName": person.family_name,
            "formatted": f"{person.given_name} {person.family_name}",
        },
        "displayName": person.display_name,
        "emails": [{"value": person.user_name, "type": "work", "primary": True}],
        "active": True,
    }


def _required_members(features: Features, urn: str, person: Person, reference: Reference | None) -> dict[str, Any]:
    return {
        attribute.name: _completed(_value(attribute, person, reference), attribute, person, reference)
        for attribute in _top_level(features, urn)
        if attribute.required and attribute.mutability != "readOnly"
    }


def _completed(value: Any, attribute: Attribute, person: Person, reference: Reference | None) -> Any:
    """Add the required sub-attributes that a complex value lacks."""
    if isinstance(value, list):
        return [_completed(element, attribute, person, reference) for element in value]
    if not isinstance(value, dict):
        return value
    for sub in attribute.sub_attributes:
        if sub.required and sub.mutability != "readOnly" and sub.name not in value:
            value[sub.name] = _simple(sub, person, reference)
    return value


def _value(attribute: Attribute, person: Person, reference: Reference | None) -> Any:
    """Return a value for an attribute that the RFC's usual body does not have."""
    value: Any
    if attribute.type == "complex":
        wanted = [sub for sub in attribute.sub_attributes if sub.mutability != "readOnly"]
        chosen = [sub for sub in wanted if sub.required] or [sub for sub in wanted if sub.name == "value"] or wanted[:1]
        value = {sub.name: _simple(sub, person, reference) for sub in chosen}
    else:
        value = _simple(attribute, person, reference)
    return [value] if attribute.multi_valued else value


def _simple(attribute: Attribute, person: Person, reference: Reference | None) -> Any:
    if attribute.canonical_values:
        return attribute.canonical_values[0]
    match attribute.type:
        case "boolean":
            return attribute.name != "primary"
        case "integer":
            return 7
        case "decimal":
            return 7.5
        case "dateTime":
            return "2024-05-06T07:08:09Z"
        case "binary":
            return base64.b64encode(b"scim-conformance").decode()
        case "reference":
            return _reference(attribute, reference)
    if attribute.name == "value" and attribute.parent.lower() in ("members", "manager", "groups") and reference:
        return reference(("User",))
    return text_for(attribute, person)


def _reference(attribute: Attribute, reference: Reference | None) -> str:
    types = tuple(kind for kind in attribute.reference_types if kind not in ("external", "uri"))
    if types and reference:
        kind = "User" if "User" in types else types[0]
        return f"{kind}s/{reference((kind,))}"
    return "https://example.com/photo.png" if attribute.parent.lower() == "photos" else "https://example.com/people"


def text_for(attribute: Attribute, person: Person) -> str:
    """Return a string that the usual validators accept for an attribute of this name."""
    return {
        "username": person.user_name,
        "displayname": person.display_name,
        "formatted": f"{person.given_name} {person.family_name}",
        "givenname": person.given_name,
        "familyname": person.family_name,
        "middlename": "Lee",
        "honorificprefix": "Dr.",
        "honorificsuffix": "Jr.",
        "nickname": person.given_name,
        "title": person.title,
        "usertype": "Employee",
        "preferredlanguage": "en-US",
        "locale": "en-US",
        "timezone": "America/New_York",
        "password": f"Zx7-{person.mark}-Qp4!",
        "profileurl": "https://example.com/people",
        "streetaddress": person.street,
        "locality": person.city,
        "region": "NY",
        "postalcode": person.postal_code,
        "country": "US",
        "employeenumber": person.mark,
        "costcenter": "4130",
        "organization": "Example",
        "division": "Research",
        "department": person.department,
    }.get(attribute.name.lower()) or _text_by_parent(attribute, person)


def _text_by_parent(attribute: Attribute, person: Person) -> str:
    if attribute.name == "value":
        return {
            "emails": person.user_name,
            "phonenumbers": "+12015550123",
            "ims": person.mark,
            "photos": "https://example.com/photo.png",
        }.get(attribute.parent.lower(), f"{attribute.parent} {person.mark}".strip())
    if attribute.name == "type":
        return "work"
    return f"{attribute.name} {person.mark}"
