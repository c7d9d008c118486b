"""Faults of finding resources by filter (RFC 7644 section 3.4.2.2)."""

from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.comparison import Comparison
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, invalid_filter, not_found
from scim_conformance.server.evaluation import Scope
from scim_conformance.server.faults import after, answer, around, fault, swap
from scim_conformance.server.filters import Compare, Filter, FilterParser
from scim_conformance.server.messages import Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service


def look_at_all(service: Service) -> None:
    """Evaluate every filter on every resource: without this, ids and unique values are looked up."""
    store = service.store
    swap(service.query, "candidates", lambda kind, _filter: [record.resource for record in store.scan(kind.name)])


def querying(service: Service, owner: object, name: str, new: Callable[..., Any]) -> None:
    """Wrap a method as `around` does, in force only while a query is answered, not for filters in PATCH paths."""
    during(service.query, "result", owner, name, new)


@fault("RFC7644-3.4.2.2-04")
def filters_are_ignored(service: Service) -> None:
    """A query with a filter is answered as if the filter were not there."""
    around(service.query, "matching", lambda original, request, kinds, _filter: original(request, kinds, None))


@fault("RFC7644-3.4.2.2-04")
def total_counts_everything(service: Service) -> None:
    """A query with a filter shows only what matches, but totalResults counts all resources of the type."""
    around(
        service.query,
        "result",
        lambda original, request, kinds, *rest, **options: {
            **original(request, kinds, *rest, **options),
            "totalResults": sum(len(service.store.scan(kind.name)) for kind in kinds),
        },
    )


@fault("RFC7644-3.4.2-10")
def no_match_answers_404(service: Service) -> None:
    """A filter that nothing matches is answered with 404."""

    def result(found: dict[str, Any]) -> dict[str, Any]:
        if not found["totalResults"]:
            raise not_found("Nothing matches.")
        return found

    after(service.query, "result", result)


@fault("RFC7644-3.4.2-10")
def no_match_answers_204(service: Service) -> None:
    """A filter that nothing matches is answered with 204."""

    def listed(response: Response) -> Response:
        return response if response.json.get("totalResults") else Response(204)

    after(service.answers, "listed", listed)


@fault("RFC7644-3.4.2.2-10")
def eq_finds_nothing(service: Service) -> None:
    """An eq filter never matches."""
    querying(service, service.evaluation, "eq", lambda *_: False)


@fault("RFC7644-3.4.2.2-10")
def eq_finds_what_contains_the_value(service: Service) -> None:
    """An eq filter matches whatever contains the value, as if it were co."""
    look_at_all(service)
    querying(service, service.evaluation, "eq", lambda _original, value, wanted: wanted in value)


@fault("RFC7644-3.4.2.2-10")
def eq_finds_what_begins_with_the_value(service: Service) -> None:
    """An eq filter matches whatever begins with the value, as if it were sw."""
    look_at_all(service)
    querying(service, service.evaluation, "eq", lambda _original, value, wanted: str(value).startswith(str(wanted)))


@fault("RFC7643-3-09")
def ids_cannot_be_filtered(service: Service) -> None:
    """A filter on id is refused with 400."""
    refusing(service, "id")


@fault("RFC7643-3.1-18")
def external_ids_cannot_be_filtered(service: Service) -> None:
    """A filter on externalId is refused with 400."""
    refusing(service, "externalId")


def refusing(service: Service, name: str) -> None:
    """Refuse filters on one attribute."""

    def check_known(original: Callable[..., Attribute], scope: Scope, path: Any, column: int) -> Attribute:
        if path.name.lower() == name.lower() and scope.element_of is None:
            raise invalid_filter(f"{name} cannot be filtered by.")
        return original(scope, path, column)

    querying(service, service.evaluation, "check_known", check_known)


@fault("RFC7643-3.1-18")
def external_ids_find_nothing(service: Service) -> None:
    """A filter on externalId matches nothing."""

    def compare(original: Callable[..., bool], part: Compare, scope: Scope) -> bool:
        return part.path.name.lower() != "externalid" and original(part, scope)

    querying(service, service.evaluation, "compare", compare)


@fault("RFC7643-4.1.1-04", "RFC7644-3.4.2.2-41", "RFC7643-7-23")
def filters_are_case_exact(service: Service) -> None:
    """A filter distinguishes letter case on every attribute."""
    comparing(service, case_exact=True)


@fault("RFC7643-3.1-19", "RFC7644-3.4.2.2-41", "RFC7643-7-23", "RFC7643-2.3.6-04")
def filters_ignore_case(service: Service) -> None:
    """A filter ignores letter case on every attribute."""
    comparing(service, case_exact=False)


def comparing(service: Service, *, case_exact: bool) -> None:
    """Let filters compare by a rule of their own about letter case."""
    look_at_all(service)
    service.evaluation.comparison = Comparison()
    answer(service.evaluation.comparison, "is_case_exact", case_exact)


@fault("RFC7644-3.4.2.2-36")
def only_the_first_element_is_compared(service: Service) -> None:
    """A filter on a multi-valued attribute looks at its first element alone."""

    def any_value(original: Callable[..., bool], operator: str, values: Sequence[Any], *rest: Any) -> bool:
        return original(operator, values[:1], *rest)

    querying(service, service.evaluation, "any_value", any_value)


@fault("RFC7644-3.4.2.2-36")
def every_element_has_to_match(service: Service) -> None:
    """A filter on a multi-valued attribute matches only if all elements do."""

    def any_value(original: Callable[..., bool], operator: str, values: Sequence[Any], *rest: Any) -> bool:
        return all(original(operator, [value], *rest) for value in values)

    querying(service, service.evaluation, "any_value", any_value)


@fault("RFC7644-3.4.2.2-24")
def and_is_taken_for_or(service: Service) -> None:
    """A filter with and matches where one of its sides does."""
    joining(service, any)


@fault("RFC7644-3.4.2.2-24")
def and_looks_at_its_left_side(service: Service) -> None:
    """A filter with and matches where its left side does."""
    joining(service, lambda results: results[0])


@fault("RFC7644-3.4.2.2-24")
def and_looks_at_its_right_side(service: Service) -> None:
    """A filter with and matches where its right side does."""
    joining(service, lambda results: results[-1])


@fault("RFC7644-3.4.2.2-24")
def and_never_matches(service: Service) -> None:
    """A filter with and matches nothing."""
    joining(service, lambda _results: False)


def joining(service: Service, join: Callable[[list[bool]], bool]) -> None:
    """Let and be evaluated in another way."""

    def all_of(_original: Callable[..., bool], parts: Sequence[Filter], scope: Scope) -> bool:
        return join([service.evaluation.evaluate(part, scope) for part in parts])

    look_at_all(service)
    querying(service, service.evaluation, "all_of", all_of)


@fault("RFC7644-3.4.2.2-05")
def filter_names_are_case_sensitive(service: Service) -> None:
    """A filter knows an attribute only by its name in the very letters of the schema."""

    def check_known(original: Callable[..., Attribute], scope: Scope, path: Any, column: int) -> Attribute:
        found = original(scope, path, column)
        if found.name not in (path.name, path.sub):
            raise invalid_filter(f"There is no attribute {path}.")
        return found

    querying(service, service.evaluation, "check_known", check_known)


class CaseSensitiveOperators(FilterParser):
    """Knows operators in small letters only."""

    def operator(self) -> str:
        """Read an operator."""
        self.skip_blanks()
        rest = self.text[self.position : self.position + 2]
        if rest != rest.lower():
            raise self.expected("an operator in small letters")
        return super().operator()


@fault("RFC7644-3.4.2.2-05")
def operators_are_case_sensitive(service: Service) -> None:
    """A filter knows operators in small letters only."""
    service.evaluation.parser = CaseSensitiveOperators


GRAMMAR = (
    "RFC7644-3.4.2.2-06",
    "RFC7644-3.4.2.2-07",
    "RFC7644-3.4.2.2-30",
    "RFC7644-3.4.2.2-32",
    "RFC7644-3.4.2.2-40",
)
"""What else is broken where filters against the grammar are not refused."""


def malformed(service: Service, found: Callable[[ScimError], Filter]) -> None:
    """Let a filter that cannot be read be taken for another one."""

    def parse(original: Callable[[str], Filter], text: str) -> Filter:
        try:
            return original(text)
        except ScimError as problem:
            return found(problem)

    around(service.evaluation, "parse", parse)


@fault("RFC7644-3.12-18", "RFC7644-3.12-09", *GRAMMAR)
def malformed_filters_find_nothing(service: Service) -> None:
    """A filter that is against the grammar is answered with an empty list."""
    malformed(service, lambda _problem: FilterParser('id eq ""').parse())


@fault("RFC7644-3.12-18", "RFC7644-3.12-09", *GRAMMAR)
def malformed_filters_are_ignored(service: Service) -> None:
    """A filter that is against the grammar is answered as if it were not there."""
    malformed(service, lambda _problem: FilterParser("id pr").parse())


@fault("RFC7644-3.12-18", "RFC7644-3.12-09", *GRAMMAR)
def malformed_filters_fail(service: Service) -> None:
    """A filter that is against the grammar is answered with 500."""

    def fail(problem: ScimError) -> Filter:
        raise ScimError(500, None, "The server made a mistake.") from problem

    malformed(service, fail)


@fault("RFC7644-3.12-18", "RFC7644-3.12-09", "RFC7644-3.4.2.2-24", "RFC7644-3.4.2.2-32")
def rest_of_a_filter_is_ignored(service: Service) -> None:
    """A filter is read as far as it makes sense, and what follows is ignored."""

    class Lenient(FilterParser):
        """Reads a filter up to where it goes wrong."""

        def conjunction(self) -> Filter:
            """Read one term."""
            return self.term()

        def parse(self) -> Filter:
            """Read the beginning of the text."""
            return self.filter()

    service.evaluation.parser = Lenient


@fault("RFC7644-3.4.2.2-45")
def unknown_attributes_match_everything(service: Service) -> None:
    """A filter on an attribute that no schema has is answered with all resources."""

    def text(original: Callable[..., Filter | None], kinds: Sequence[ResourceType], *rest: Any, **how: Any) -> Any:
        try:
            return original(kinds, *rest, **how)
        except ScimError as problem:
            if "has no attribute" in problem.detail:
                return None
            raise

    around(service.query, "filter", text)


@fault("RFC7644-3.4.2.2-45")
def unknown_attributes_fail(service: Service) -> None:
    """A filter on an attribute that no schema has is answered with 500."""

    def check_known(original: Callable[..., Attribute], scope: Scope, path: Any, column: int) -> Attribute:
        if service.evaluation.attribute(scope, path) is None:
            raise ScimError(500, None, "The server made a mistake.")
        return original(scope, path, column)

    querying(service, service.evaluation, "check_known", check_known)


@fault("RFC7644-3.4.2.2-04", "RFC7644-3.4.2.2-01")
def unsupported_filters_are_ignored(service: Service) -> None:
    """ServiceProviderConfig says that there are no filters, and a query with one is answered with all resources."""
    service.capabilities.filter = False
    answer(service.query, "filter", None)
