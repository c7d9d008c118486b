"""Faults of how filters join their parts: or, not, brackets, precedence (RFC 7644 section 3.4.2.2, Tables 4 and 5)."""

from collections.abc import Callable, Sequence
from typing import Any

from scim_conformance.server.errors import ScimError, invalid_filter
from scim_conformance.server.evaluation import Scope
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.finding import querying
from scim_conformance.server.filters import And, Compare, Filter, FilterParser, Not, Or, ValuePath
from scim_conformance.server.service import Service

# or


def alternatives(service: Service, join: Callable[[list[bool]], bool]) -> None:
    """Let or be evaluated in another way."""

    def any_of(_original: Callable[..., bool], parts: Sequence[Filter], scope: Scope) -> bool:
        return join([service.evaluation.evaluate(part, scope) for part in parts])

    querying(service, service.evaluation, "any_of", any_of)


@fault("RFC7644-3.4.2.2-25")
def or_is_taken_for_and(service: Service) -> None:
    """A filter with or matches only where both sides do."""
    alternatives(service, all)


@fault("RFC7644-3.4.2.2-25")
def or_looks_at_its_left_side(service: Service) -> None:
    """A filter with or matches only where its left side does."""
    alternatives(service, lambda results: results[0])


@fault("RFC7644-3.4.2.2-25")
def or_looks_at_its_right_side(service: Service) -> None:
    """A filter with or matches only where its right side does."""
    alternatives(service, lambda results: results[-1])


@fault("RFC7644-3.4.2.2-25")
def or_excludes_both(service: Service) -> None:
    """A filter with or does not match where both sides do."""
    alternatives(service, lambda results: sum(results) == 1)


# not


@fault("RFC7644-3.4.2.2-26")
def not_is_ignored(service: Service) -> None:
    """A filter with not matches where the expression in its brackets does."""
    querying(service, service.evaluation, "negation", lambda original, inner, scope: not original(inner, scope))


@fault("RFC7644-3.4.2.2-26")
def not_needs_a_value(service: Service) -> None:
    """A filter with not finds no resource that lacks the attribute in the brackets, as SQL treats NULL."""

    def negation(original: Callable[..., bool], inner: Filter, scope: Scope) -> bool:
        if isinstance(inner, Compare) and not any(service.evaluation.values(scope, inner.path)):
            return False
        return original(inner, scope)

    querying(service, service.evaluation, "negation", negation)


@fault("RFC7644-3.4.2.2-26")
def not_takes_the_first_part_only(service: Service) -> None:
    """A filter with not turns round only the first expression in its brackets."""

    def negation(original: Callable[..., bool], inner: Filter, scope: Scope) -> bool:
        if isinstance(inner, Or):
            return service.evaluation.any_of((Not(inner.parts[0]), *inner.parts[1:]), scope)
        return original(inner, scope)

    querying(service, service.evaluation, "negation", negation)


class NoBlankAfterNot(FilterParser):
    """Knows not only where the bracket stands directly behind it."""

    def negation(self) -> Filter:
        """Read not and the group it negates."""
        if self.text[self.position + 3 : self.position + 4] == " ":
            raise self.expected("'(' directly behind not")
        return super().negation()


@fault("RFC7644-3.4.2.2-26")
def not_takes_no_blank(service: Service) -> None:
    """A filter with a blank between not and its bracket is refused."""
    service.evaluation.parser = NoBlankAfterNot


@fault("RFC7644-3.4.2.2-26")
def not_is_refused(service: Service) -> None:
    """A filter with not is refused."""

    def parse(original: Callable[[str], Filter], text: str) -> Filter:
        if "not (" in text or "not(" in text:
            raise invalid_filter("There is no not.")
        return original(text)

    around(service.evaluation, "parse", parse)


# Precedence and grouping


class LeftToRight(FilterParser):
    """Reads and and or as they come, both binding alike."""

    def disjunction(self) -> Filter:
        """Read terms joined by and and or."""
        found = self.term()
        while True:
            if self.take_word("and"):
                found = And((found, self.term()))
            elif self.take_word("or"):
                found = Or((found, self.term()))
            else:
                return found


class RightToLeft(FilterParser):
    """Reads and and or so that each takes all that follows."""

    def disjunction(self) -> Filter:
        """Read a term and all that is joined to it."""
        found = self.term()
        if self.take_word("and"):
            return And((found, self.disjunction()))
        return Or((found, self.disjunction())) if self.take_word("or") else found


class OrBindsMore(FilterParser):
    """Reads or before and."""

    def disjunction(self) -> Filter:
        """Read alternatives joined by and."""
        parts = [self.alternatives()]
        while self.take_word("and"):
            parts.append(self.alternatives())
        return self.joined(And, parts)

    def alternatives(self) -> Filter:
        """Read terms joined by or."""
        parts = [self.term()]
        while self.take_word("or"):
            parts.append(self.term())
        return self.joined(Or, parts)


class NotBindsLess(FilterParser):
    """Reads not so that it takes all that follows, behind its bracket as well."""

    def negation(self) -> Filter:
        """Read not and everything behind it."""
        self.position += len("not")
        self.skip_blanks()
        return Not(self.disjunction())


class NoGrouping(FilterParser):
    """Reads round brackets as if they were not there, but for those of not."""

    opened = 0

    def term(self) -> Filter:
        """Read a term, passing over the brackets round it."""
        self.skip_blanks()
        while self.peek() == "(":
            self.opened += 1
            self.position += 1
            self.skip_blanks()
        found = super().term()
        self.skip_blanks()
        while self.opened and self.peek() == ")":
            self.opened -= 1
            self.position += 1
            self.skip_blanks()
        return found

    def group(self) -> Filter:
        """Read what not negates, in its brackets."""
        outside, self.opened = self.opened, 0
        found = super().group()
        self.opened = outside
        return found


def parsing(service: Service, parser: type[FilterParser]) -> None:
    """Let filters be read by another parser."""
    service.evaluation.parser = parser


@fault("RFC7644-3.4.2.2-35")
def logic_is_read_from_left_to_right(service: Service) -> None:
    """A filter's and and or are evaluated as they come, neither before the other."""
    parsing(service, LeftToRight)


@fault("RFC7644-3.4.2.2-35")
def logic_is_read_from_right_to_left(service: Service) -> None:
    """A filter's and and or each take all that follows."""
    parsing(service, RightToLeft)


@fault("RFC7644-3.4.2.2-35")
def or_binds_more_than_and(service: Service) -> None:
    """A filter's or is evaluated before and."""
    parsing(service, OrBindsMore)


@fault("RFC7644-3.4.2.2-35")
def not_binds_less_than_and(service: Service) -> None:
    """A filter's not turns round all that follows its brackets too."""
    parsing(service, NotBindsLess)


@fault("RFC7644-3.4.2.2-35", "RFC7644-3.4.2.2-27")
def brackets_do_not_group(service: Service) -> None:
    """A filter's round brackets change nothing in the order of evaluation."""
    parsing(service, NoGrouping)


# Square brackets


def bracketing(service: Service, new: Callable[..., bool]) -> None:
    """Let square brackets in queries be evaluated in another way."""
    querying(service, service.evaluation, "value_path", new)


@fault("RFC7644-3.4.2.2-29")
def brackets_look_at_different_elements(service: Service) -> None:
    """The conditions in square brackets may be met by different elements."""

    def value_path(original: Callable[..., bool], path: Any, inner: Filter, scope: Scope) -> bool:
        parts = inner.parts if isinstance(inner, And) else (inner,)
        return all(original(path, part, scope) for part in parts)

    bracketing(service, value_path)


@fault("RFC7644-3.4.2.2-29")
def brackets_look_at_their_first_condition(service: Service) -> None:
    """Of the conditions in square brackets only the first counts."""

    def value_path(original: Callable[..., bool], path: Any, inner: Filter, scope: Scope) -> bool:
        return original(path, inner.parts[0] if isinstance(inner, And) else inner, scope)

    bracketing(service, value_path)


@fault("RFC7644-3.4.2.2-29")
def brackets_are_ignored(service: Service) -> None:
    """A filter in square brackets finds all who have the attribute."""
    bracketing(service, lambda _original, path, _inner, scope: service.evaluation.present(path, scope))


@fault("RFC7644-3.4.2.2-29")
def brackets_look_at_the_first_element(service: Service) -> None:
    """A filter in square brackets looks at the first element alone."""

    def value_path(_original: Callable[..., bool], path: Any, inner: Filter, scope: Scope) -> bool:
        attribute = service.evaluation.attribute(scope, path)
        elements = list(service.evaluation.values(scope, path))[:1]
        return any(service.evaluation.element_matches(scope.kind, attribute, inner, each) for each in elements)  # type: ignore[arg-type]

    bracketing(service, value_path)


@fault("RFC7644-3.4.2.2-29", "RFC7644-3.4.2.2-28")
def brackets_fail(service: Service) -> None:
    """A filter in square brackets is answered with 500."""

    def value_path(*_: Any) -> bool:
        raise ScimError(500, None, "The server made a mistake.")

    bracketing(service, value_path)


class FlatBrackets(FilterParser):
    """Reads no further structure inside square brackets than and."""

    def term(self) -> Filter:
        """Read a term."""
        self.skip_blanks()
        if self.in_brackets and (self.peek() == "(" or self.at_negation()):
            raise self.expected("an attribute name")
        return super().term()


@fault("RFC7644-3.4.2.2-31")
def brackets_hold_no_groups(service: Service) -> None:
    """A filter with round brackets or not inside square brackets is refused."""
    parsing(service, FlatBrackets)


class LenientBrackets(FilterParser):
    """Takes whatever stands in square brackets, if it cannot be read, for a condition that is always met."""

    def value_path(self, path: Any, column: int) -> Filter:
        """Read square brackets, or pass over them."""
        start = self.position
        try:
            return super().value_path(path, column)
        except ScimError:
            self.in_brackets = False
            end = self.text.find("]", start)
            self.position = end + 1 if end >= 0 else len(self.text)
            return ValuePath(path, FilterParser("value pr").parse(), column)


@fault("RFC7644-3.4.2.2-30")
def invalid_text_in_brackets_is_ignored(service: Service) -> None:
    """What stands in square brackets and is no filter is ignored."""
    parsing(service, LenientBrackets)


@fault("RFC7643-2.4-04")
def brackets_do_not_assume_primary(service: Service) -> None:
    """In square brackets an element of which primary was not given is neither primary nor not."""

    def element_matches(original: Callable[..., bool], kind: Any, attribute: Any, inner: Filter, element: Any) -> bool:
        parts = inner.parts if isinstance(inner, And | Or) else (inner,)
        asked = any(isinstance(part, Compare) and part.path.name.lower() == "primary" for part in parts)
        return not (asked and "primary" not in element) and original(kind, attribute, inner, element)

    querying(service, service.evaluation, "element_matches", element_matches)


@fault("RFC7644-3.4.2.2-26")
def not_at_the_bracket_is_overlooked(service: Service) -> None:
    """A not directly before its bracket is overlooked; with a blank between them it is heeded."""

    def filter_(original: Callable[..., Filter | None], kinds: Any, text: str | None, **options: Any) -> Filter | None:
        return original(kinds, text and text.replace("not(", "("), **options)

    around(service.query, "filter", filter_)
