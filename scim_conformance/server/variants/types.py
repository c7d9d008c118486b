"""Variants of types, characteristics and references: what is served, taken in and shown differs, as it may."""

import base64
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from scim_conformance.server.definitions import serve_examples
from scim_conformance.server.errors import ScimError, invalid_syntax, invalid_value, mutability
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import CORE, Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource
from scim_conformance.server.variants import after, around, variant
from scim_conformance.server.variants.schemas import provided

USER = CORE + "User"
GROUP = CORE + "Group"
DEFAULTS = {
    "type": "string",
    "required": False,
    "caseExact": False,
    "mutability": "readWrite",
    "returned": "default",
    "uniqueness": "none",
}


@variant()
def custom_resource_type(service: Service) -> None:
    """There is a resource type Device of the provider's own, with every characteristic (RFC 7643 section 6)."""
    serve_examples(service)


@variant()
def definitions_leave_out_defaults(service: Service) -> None:
    """Definitions leave out each characteristic that has its default (RFC 7643 section 2.2, A91)."""

    def short(definition: dict[str, Any]) -> dict[str, Any]:
        # The type is not left out: without it, an attribute cannot be told to be defined at all.
        kept = {
            name: value
            for name, value in definition.items()
            if name == "type" or name not in DEFAULTS or value != DEFAULTS[name]
        }
        if "subAttributes" in kept:
            kept["subAttributes"] = [short(sub) for sub in kept["subAttributes"]]
        return kept

    after(
        service.discovery,
        "schema_documents",
        lambda documents: [{**each, "attributes": [short(one) for one in each["attributes"]]} for each in documents],
    )


@variant()
def schemas_without_schemas(service: Service) -> None:
    """Schema resources have no schemas member, as in the example of RFC 7643 section 8.7.1 (A90)."""
    after(
        service.discovery,
        "schema_documents",
        lambda documents: [{name: each[name] for name in each if name != "schemas"} for each in documents],
    )


@variant()
def references_are_not_served_as_case_exact(service: Service) -> None:
    """The served schemas say caseExact false of references and binaries, as the RFC's examples do (A54)."""
    for urn, path in (
        (USER, "profileUrl"),
        (USER, "photos.value"),
        (USER, "groups.$ref"),
        (USER, "x509Certificates.value"),
        (GROUP, "members.$ref"),
    ):
        service.schemas.change(urn, path, case_exact=False)


@variant()
def uris_are_not_checked(service: Service) -> None:
    """What a client sends as a reference is kept, whether it is a URI or not (A73)."""

    def reference(original: Callable[..., str], value: Any, place: str) -> Any:
        try:
            return original(value, place)
        except ScimError:
            if isinstance(value, str):
                return value
            raise

    around(service.values, "reference", reference)


@variant()
def references_may_be_urns(service: Service) -> None:
    """Users have a reference of the type uri, whose value is a URN (RFC 7643 section 2.3.7, A55)."""
    policy = Attribute(
        "policy", "reference", description="The policy that applies.", mutability="readOnly", reference_types=("uri",)
    )
    service.schemas.add(USER, policy)
    provided(service, "User", {"policy": "urn:example:policies:2.0:everybody"})


@variant()
def roles_are_plain_texts(service: Service) -> None:
    """The roles and entitlements of users are texts without sub-attributes, and the served schema says so (A88)."""
    for name in ("roles", "entitlements"):
        service.schemas.add(USER, Attribute(name, multi_valued=True, description=f"The {name} of the user."))


@variant()
def display_is_immutable(service: Service) -> None:
    """The display of e-mail addresses and telephone numbers is immutable, and the served schema says so (A56)."""
    for path in ("emails.display", "phoneNumbers.display"):
        service.schemas.change(USER, path, mutability="immutable")


@variant()
def immutable_values_have_to_be_repeated(service: Service) -> None:
    """A PUT that leaves out an immutable value is refused (RFC 7644 section 3.5.1, A41)."""
    service.schemas.add(USER, Attribute("badge", description="The badge, given once.", mutability="immutable"))

    def immutable(original: Callable[..., Any], attribute: Attribute, value: Any, stored: Any, place: str) -> Any:
        if attribute.name == "badge" and value is None and stored is not None:
            raise mutability(f"{place} is immutable and has a value, which is missing.")
        return original(attribute, value, stored, place)

    around(service.validation, "immutable", immutable)


@variant()
def null_in_a_patch_is_refused(service: Service) -> None:
    """A PATCH that replaces a value with null is refused with invalidValue (A13)."""

    def replace(original: Callable[..., None], holder: Resource, target: Any, value: Any) -> None:
        if value is None:
            raise invalid_value(f"{target.place} is removed by the operation remove, not by null.")
        original(holder, target, value)

    around(service.patching, "replace", replace)


@variant()
def doubles_are_refused(service: Service) -> None:
    """A POST or PUT whose attribute has the same type and value twice is refused with invalidValue (A23)."""

    def without_doubles(original: Callable[..., list[Any]], attribute: Attribute, elements: list[Any]) -> list[Any]:
        kept = original(attribute, elements)
        if len(kept) < len(elements):
            raise invalid_value(f"{attribute.name} has the same element twice.")
        return kept

    around(service.validation, "without_doubles", without_doubles)


def undeclared(service: Service, treat: Callable[[dict[str, Any], Iterable[str]], dict[str, Any]]) -> None:
    """Treat data of extensions whose URI is not among the schemas of a body in a way of its own."""

    def resource(original: Callable[..., Resource], kind: ResourceType, body: Any, *rest: Any) -> Resource:
        if isinstance(body, Mapping) and isinstance(body.get("schemas"), list):
            listed = {str(urn).lower() for urn in body["schemas"]}
            extensions = {schema.id.lower() for schema in service.resource_types.extensions(kind)}
            missing = [name for name in body if name.lower() in extensions and name.lower() not in listed]
            body = treat(dict(body), missing) if missing else body
        return original(kind, body, *rest)

    around(service.validation, "resource", resource)


@variant()
def undeclared_extensions_are_ignored(service: Service) -> None:
    """Data of an extension whose URI is not among the schemas of the body is ignored (A16)."""
    undeclared(service, lambda body, missing: {name: body[name] for name in body if name not in missing})


@variant()
def undeclared_extensions_are_refused(service: Service) -> None:
    """Data of an extension whose URI is not among the schemas of the body is refused (A16)."""

    def refuse(_body: dict[str, Any], missing: Iterable[str]) -> dict[str, Any]:
        raise invalid_syntax(f"schemas does not list {', '.join(missing)}.")

    undeclared(service, refuse)


@variant()
def binaries_without_padding(service: Service) -> None:
    """Binary values are shown in the URL-safe alphabet and without padding (RFC 7643 section 2.3.6)."""
    serve_examples(service)

    def binary(text: str) -> str:
        plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
        return base64.urlsafe_b64encode(base64.b64decode(plain + "=" * (-len(plain) % 4))).decode().rstrip("=")

    def text(original: Callable[..., str], value: str, attribute: Attribute) -> str:
        return original(binary(value) if attribute.type == "binary" else value, attribute)

    after(service.values, "binary", binary)
    around(service.comparison, "text", text)


@variant()
def date_times_in_another_zone(service: Service) -> None:
    """Values of the type dateTime are kept as the instants they are, and shown in one zone, with a fraction (A53)."""
    serve_examples(service)

    def date_time(text: str) -> str:
        moment: datetime = service.comparison.moment(text)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    after(service.values, "date_time", date_time)


@variant()
def whole_decimals_without_fraction(service: Service) -> None:
    """A decimal whose fraction is zero is shown without it, as many writers of JSON do (RFC 7643 section 2.3.3)."""
    serve_examples(service)
    after(service.values, "decimal", lambda number: int(number) if number == int(number) else number)
