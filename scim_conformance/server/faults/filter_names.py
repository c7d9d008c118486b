"""Faults of how filters name attributes: schema URIs, sub-attributes, extensions (RFC 7644 sections 3.4.2.2, 3.10)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import invalid_filter
from scim_conformance.server.evaluation import Scope
from scim_conformance.server.faults import fault
from scim_conformance.server.faults.finding import querying
from scim_conformance.server.filters import Compare
from scim_conformance.server.paths import AttributePath
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:user"

Chosen = Callable[[AttributePath, Scope], bool]


def refusing(service: Service, chosen: Chosen) -> None:
    """Refuse some names in queries."""

    def check_known(original: Callable[..., Attribute], scope: Scope, path: AttributePath, column: int) -> Attribute:
        if chosen(path, scope):
            raise invalid_filter(f"There is no attribute {path}.")
        return original(scope, path, column)

    querying(service, service.evaluation, "check_known", check_known)


def finding(service: Service, chosen: Chosen, *, everybody: bool) -> None:
    """Let comparisons of some names in queries match everybody, or nobody."""

    def compare(original: Callable[..., bool], part: Compare, scope: Scope) -> bool:
        return everybody if chosen(part.path, scope) else original(part, scope)

    querying(service, service.evaluation, "compare", compare)


def of_core(path: AttributePath, _scope: Scope) -> bool:
    """Tell whether a name has the URI of the core schema of users before it."""
    return path.urn.lower() == CORE_USER


def of_extension(path: AttributePath, _scope: Scope) -> bool:
    """Tell whether a name has the URI of an extension before it."""
    return bool(path.urn) and path.urn.lower() != CORE_USER


@fault("RFC7644-3.4.2.2-34", "RFC7644-3.10-01")
def schema_uris_are_refused(service: Service) -> None:
    """A filter with the URI of the core schema before a name is refused."""
    refusing(service, of_core)


@fault("RFC7644-3.4.2.2-34", "RFC7644-3.10-01")
def schema_uris_find_nothing(service: Service) -> None:
    """A filter with the URI of the core schema before a name finds nothing."""
    finding(service, of_core, everybody=False)


@fault("RFC7644-3.4.2.2-34", "RFC7644-3.10-01")
def schema_uris_take_no_sub_attribute(service: Service) -> None:
    """A filter with the URI of the core schema before the name of a sub-attribute is refused."""
    refusing(service, lambda path, scope: of_core(path, scope) and bool(path.sub))


@fault("RFC7644-3.4.2.2-44", "RFC7644-3.10-01")
def extensions_cannot_be_filtered(service: Service) -> None:
    """A filter on an attribute of an extension is refused."""
    refusing(service, of_extension)


@fault("RFC7644-3.4.2.2-44", "RFC7644-3.10-01")
def extensions_match_everybody(service: Service) -> None:
    """A filter on an attribute of an extension finds everybody."""
    finding(service, of_extension, everybody=True)


@fault("RFC7644-3.4.2.2-44", "RFC7644-3.4.2.2-15")
def extensions_are_always_present(service: Service) -> None:
    """A filter with pr on an attribute of an extension finds everybody."""

    def present(original: Callable[..., bool], path: AttributePath, scope: Scope) -> bool:
        return of_extension(path, scope) or original(path, scope)

    querying(service, service.evaluation, "present", present)


@fault("RFC7644-3.4.2.2-37")
def sub_attributes_cannot_be_filtered(service: Service) -> None:
    """A filter on a sub-attribute of an attribute with one value is refused."""
    refusing(service, lambda path, _scope: path.name.lower() == "name" and bool(path.sub) and not path.urn)


@fault("RFC7644-3.4.2.2-37")
def complex_attributes_match_everybody(service: Service) -> None:
    """A filter on a complex attribute without a sub-attribute finds everybody who has it."""

    def compare(original: Callable[..., bool], part: Compare, scope: Scope) -> bool:
        attribute: Any = service.evaluation.attribute(scope, part.path)
        if attribute is not None and attribute.type == "complex":
            return service.evaluation.present(part.path, scope)
        return original(part, scope)

    querying(service, service.evaluation, "compare", compare)
