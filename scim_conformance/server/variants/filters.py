"""Variants of filters: what RFC 7644 section 3.4.2.2 leaves open (A53, A65, A91, A94, A96, A97)."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_filter
from scim_conformance.server.filters import Compare, FilterParser
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, around, swap, variant

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def refusing(service: Service, problem: Callable[[str], ScimError | None]) -> None:
    """Refuse some filters of queries; texts in quotes are not looked into."""

    def filter_(original: Callable[..., Any], kinds: Sequence[ResourceType], text: str | None, **how: Any) -> Any:
        refusal = problem(re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)) if text else None
        if refusal is not None:
            raise refusal
        return original(kinds, text, **how)

    around(service.query, "filter", filter_)


@variant()
def no_square_brackets(service: Service) -> None:
    """Filters in square brackets are not supported, and refused with invalidFilter (A94)."""
    refusing(service, lambda text: invalid_filter("There are no square brackets.") if "[" in text else None)


@variant()
def no_complex_comparisons(service: Service) -> None:
    """A filter on a complex attribute without its sub-attribute is refused with invalidFilter (A65)."""
    around(
        service.evaluation,
        "significant",
        lambda original, attribute: attribute if attribute.multi_valued else original(attribute),
    )


@variant()
def ne_needs_a_value(service: Service) -> None:
    """A filter with ne finds no resource that lacks the attribute (A65)."""
    around(
        service.evaluation, "unassigned", lambda original, compare: compare.operator != "ne" and bool(original(compare))
    )


@variant()
def no_blank_behind_not(service: Service) -> None:
    """A filter with not needs a blank before its bracket, as the examples have it (A65, erratum 7319)."""
    refusing(
        service, lambda text: invalid_filter("not needs a blank behind it.") if re.search(r"\bnot\(", text) else None
    )


@variant()
def quotes_are_lenient(service: Service) -> None:
    """A text in a filter may stand in single quotes, or in none (A65)."""

    class Lenient(FilterParser):
        """Reads texts however they are quoted."""

        def value(self) -> Any:
            """Read a value."""
            self.skip_blanks()
            found = re.compile(r"'([^']*)'|([A-Za-z]\w*)").match(self.text, self.position)
            if found is None or found[0] in ("true", "false", "null"):
                return super().value()
            self.position = found.end()
            return found[1] or found[2]

    service.evaluation.parser = Lenient


@variant()
def title_is_case_exact(service: Service) -> None:
    """Letter case counts in titles, and the served schema says so (RFC 7643 section 7)."""
    service.schemas.change(USER, "title", case_exact=True)


@variant()
def case_exact_is_left_out(service: Service) -> None:
    """Definitions leave out caseExact where it is false, which is the default (RFC 7643 section 2.2, A91)."""

    def shorter(document: Any) -> Any:
        if isinstance(document, dict):
            return {name: shorter(value) for name, value in document.items() if (name, value) != ("caseExact", False)}
        return [shorter(each) for each in document] if isinstance(document, list) else document

    after(service.discovery, "schema_documents", shorter)


@variant(hints={"precis": False})
def no_preparation(service: Service) -> None:
    """Strings are compared as they are, in whatever form of Unicode, and nobody claims otherwise (A97)."""

    def text(value: str, attribute: Attribute) -> str:
        return value if service.comparison.is_case_exact(attribute) else value.lower()

    swap(service.comparison, "text", text)


@variant()
def confidential_filters_are_bad_requests(service: Service) -> None:
    """A filter on what is confidential is refused with 400 and the scimType sensitive (A96)."""
    swap(
        service.query,
        "sensitive",
        lambda path, in_url: ScimError(400, "sensitive" if in_url else "invalidFilter", f"{path} is confidential."),
    )


@variant(hints={"many-resources": True})
def everybody_is_too_many(service: Service) -> None:
    """A filter that matches all users is refused with 400 tooMany (RFC 7644 section 3.12, A46)."""
    too_many = ScimError(400, "tooMany", "These are too many; ask for less.")
    refusing(service, lambda text: too_many if text.strip().lower() == "username pr" else None)


@variant(hints={"many-resources": True})
def everybody_is_a_page(service: Service) -> None:
    """A filter that matches all users is answered, however many they are (RFC 7644 section 3.12, A46)."""
    swap(service.query, "check_many", lambda _found: None)


@variant()
def order_of_null_is_nothing(service: Service) -> None:
    """A comparison with null by gt, ge, lt or le matches nothing instead of being refused (A65)."""

    def check_order(original: Callable[..., None], attribute: Attribute, compare: Compare) -> None:
        if compare.value is not None:
            original(attribute, compare)

    around(service.evaluation, "check_order", check_order)
