"""Variants of strictness: what some refuse and others let pass, where the RFCs leave the choice."""

import re
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_path, invalid_syntax, invalid_value, mutability, no_target
from scim_conformance.server.evaluation import Scope
from scim_conformance.server.filters import Compare
from scim_conformance.server.resource_types import Located, ResourceType
from scim_conformance.server.schema import COMMON, Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource
from scim_conformance.server.variants import around, swap, variant

FORMATS = {
    "emails.value": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "phoneNumbers.value": re.compile(r"(?:tel:)?\+?[0-9][0-9 ().;=a-z-]{3,}"),
    "profileUrl": re.compile(r"https?://[^/\s]+.*"),
    "photos.value": re.compile(r"https?://[^/\s]+.*"),
    "locale": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"),
    "timezone": re.compile(r"(?:UTC|[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_-]+)+)"),
    "preferredLanguage": re.compile(r"[A-Za-z]{2,3}[-A-Za-z0-9,;=. ]*"),
}


@variant()
def values_are_validated(service: Service) -> None:
    """E-mail addresses, numbers, URLs, locales and time zones are checked, and bad ones refused (A73)."""

    def canonical(original: Callable[..., Any], attribute: Attribute, value: Any, place: str) -> Any:
        form = FORMATS.get(place)
        if form is not None and not form.fullmatch(value):
            raise invalid_value(f"{place} does not have the form it needs.")
        return original(attribute, value, place)

    around(service.values, "canonical", canonical)


@variant()
def canonical_values_only(service: Service) -> None:
    """Only the canonicalValues of the served schema are accepted (RFC 7643 section 2.3.1)."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, place: str, *rest: Any) -> Any:
        kept = original(attribute, value, place, *rest)
        words = [word.lower() for word in attribute.canonical_values]
        if words and isinstance(kept, str) and kept.lower() not in words:
            raise invalid_value(f"{place} is one of {', '.join(attribute.canonical_values)}.")
        return kept

    around(service.validation, "single", single)


@variant()
def unknown_attributes_are_refused(service: Service) -> None:
    """A body with an attribute that no schema has is refused with invalidSyntax (A17)."""

    def resource(original: Callable[..., Resource], kind: ResourceType, body: Any, *rest: Any) -> Resource:
        known = {each.name.lower() for each in [*COMMON, *service.resource_types.base(kind).attributes]}
        known |= {schema.id.lower() for schema in service.resource_types.extensions(kind)}
        for name in body if isinstance(body, dict) else ():
            if name.lower() not in known:
                raise invalid_syntax(f"{kind.name} has no attribute {name[:80]!r}.")
        return original(kind, body, *rest)

    around(service.validation, "resource", resource)


@variant()
def unknown_schemas_are_refused(service: Service) -> None:
    """A body that lists a schema its type does not have is refused (A16)."""

    def declared(original: Callable[..., list[str]], kind: ResourceType, schemas: Any) -> list[str]:
        found = original(kind, schemas)
        known = {service.resource_types.base(kind).id.lower()}
        known |= {schema.id.lower() for schema in service.resource_types.extensions(kind)}
        if not {urn.lower() for urn in schemas} <= known:
            raise invalid_value("schemas lists a schema that the resource type does not have.")
        return found

    around(service.validation, "declared_schemas", declared)


@variant()
def booleans_in_text_are_refused(service: Service) -> None:
    """The text "true" is no boolean, and is refused with invalidValue (A10)."""

    def boolean(original: Callable[..., bool], value: Any, place: str) -> bool:
        if isinstance(value, str):
            raise service.values.wrong_type(place, "true or false", value)
        return original(value, place)

    around(service.values, "boolean", boolean)


@variant()
def operations_in_lower_case_only(service: Service) -> None:
    """The names of PATCH operations are taken in lower case alone (A09)."""

    def name(original: Callable[..., str], op: Any) -> str:
        if isinstance(op, str) and op != op.lower():
            raise invalid_syntax("op is written in lower case.")
        return original(op)

    around(service.bodies, "operation_name", name)


@variant()
def read_only_members_are_refused(service: Service) -> None:
    """A PATCH without path whose value holds a readOnly attribute is refused with mutability (A37)."""

    def is_read_only(original: Callable[..., bool], located: Located) -> bool:
        leaf = located.leaf
        if leaf is not None and leaf.mutability == "readOnly":
            raise mutability(f"{leaf.name} is readOnly.")
        return original(located)

    around(service.patching, "is_read_only", is_read_only)


@variant()
def removing_nothing_has_no_target(service: Service) -> None:
    """Removing by a filter that matches nothing is noTarget, except for members of a group (A05)."""

    def remove(original: Callable[..., None], holder: Any, target: Any, elements: list[Any]) -> None:
        if not elements and target.attribute.name != "members":
            raise no_target(f"No element of {target.place} matches the filter.")
        original(holder, target, elements)

    around(service.patching, "remove_from_elements", remove)


@variant()
def adding_to_nothing_has_no_target(service: Service) -> None:
    """Adding by a filter that matches nothing is noTarget (A34)."""

    def described(_holder: Any, target: Any) -> Resource:
        raise no_target(f"No element of {target.place} matches the filter.")

    swap(service.patching, "described_element", described)


@variant()
def unknown_paths_are_invalid(service: Service) -> None:
    """A PATCH path that names no attribute is invalidPath (A39)."""

    def operate(original: Callable[..., None], *args: Any) -> None:
        try:
            original(*args)
        except ScimError as error:
            if error.scim_type == "noTarget" and "has no attribute" in error.detail:
                raise invalid_path(error.detail) from None
            raise

    around(service.patching, "operate", operate)


@variant()
def unknown_attributes_match_nothing(service: Service) -> None:
    """A filter on an attribute that the schema lacks matches nothing and is no error (A07)."""
    swap(service.query, "check_somewhere", lambda _kinds, _filter: None)

    def check(original: Callable[..., None], kind: ResourceType, filter_: Any, element_of: Any = None) -> None:
        if (
            isinstance(filter_, Compare)
            and service.evaluation.attribute(Scope(kind, {}, element_of), filter_.path) is None
        ):
            return
        original(kind, filter_, element_of)

    around(service.evaluation, "check", check)


@variant()
def several_primaries_are_settled(service: Service) -> None:
    """Of several primary elements the first stays primary, and nothing is refused (A22)."""

    def check(attribute: Attribute, value: Any) -> None:
        seen = False
        for element in value if attribute.multi_valued and isinstance(value, list) else ():
            if isinstance(element, dict) and element.get("primary") is True:
                element["primary"], seen = not seen, True

    swap(service.validation, "check_primary", check)


@variant()
def malformed_credentials_are_401(service: Service) -> None:
    """Malformed credentials are answered like wrong ones, with 401 (A62)."""
    access = service.access
    swap(access, "malformed", lambda detail: access.unauthorized(detail, "invalid_token"))


@variant()
def challenge_with_more_parameters(service: Service) -> None:
    """The challenge has a scope and a description too (RFC 6750 section 3)."""

    def challenge(original: Callable[..., str], error: str | None) -> str:
        described = f'{original(error)}, scope="scim users"'
        return f'{described}, error_description="The request was not let in"' if error else described

    around(service.access, "challenge", challenge)


@variant()
def refused_addresses_get_403(service: Service) -> None:
    """An address or origin that is not allowed is answered 403: the credentials are not what is wrong (A62)."""
    access = service.access

    def forbidden(original: Callable[..., None], *args: Any) -> None:
        try:
            original(*args)
        except ScimError as error:
            error.status = 403
            raise

    around(access, "check_address", forbidden)
    around(access, "check_origin", forbidden)
