"""Faults of refusing filters (RFC 7644 sections 3.4.2.2, 3.12, 7.5.2)."""

import re
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, skip
from scim_conformance.server.filters import OPERATORS, Filter, FilterParser
from scim_conformance.server.service import Service

EVERYBODY = "id pr"
NOBODY = 'id eq ""'


def reading(service: Service, change: Callable[[str], str]) -> None:
    """Change the text of filters before it is read."""
    around(service.evaluation, "parse", lambda original, text: original(change(text)))


def unreadable(service: Service, matching: str, instead: str) -> None:
    """Let filters of a pattern be taken for another one."""
    reading(service, lambda text: instead if re.search(matching, text) else text)


def unknown(service: Service, found: Callable[[FilterParser], str]) -> None:
    """Let an operator that is not known be taken for another one."""

    class Lenient(FilterParser):
        """Knows every operator."""

        def operator(self) -> str:
            """Read an operator."""
            self.skip_blanks()
            word = (re.match(r"[a-z]+(?= )", self.text[self.position :]) or [""])[0]
            if word and word not in (*OPERATORS, "pr", "and", "or"):
                self.word()
                return found(self)
            return super().operator()

    service.evaluation.parser = Lenient


@fault("RFC7644-3.4.2.2-40")
def unknown_operators_are_taken_for_eq(service: Service) -> None:
    """A filter with an operator that is not known is evaluated as if it were eq."""
    unknown(service, lambda _parser: "eq")


@fault("RFC7644-3.4.2.2-40")
def unknown_operators_are_ignored(service: Service) -> None:
    """A filter with an operator that is not known is answered as if the filter were not there."""
    unreadable(service, r"^\S+ regex ", EVERYBODY)


@fault("RFC7644-3.4.2.2-40")
def unknown_operators_fail(service: Service) -> None:
    """A filter with an operator that is not known is answered with 500."""

    def fail(_parser: FilterParser) -> str:
        raise ScimError(500, None, "The server made a mistake.")

    unknown(service, fail)


@fault("RFC7644-3.4.2.2-06")
def empty_filters_are_ignored(service: Service) -> None:
    """An empty filter is answered as if it were not there."""
    unreadable(service, r"^\s*$", EVERYBODY)


@fault("RFC7644-3.4.2.2-06")
def empty_filters_find_nothing(service: Service) -> None:
    """An empty filter is answered with an empty list."""
    unreadable(service, r"^\s*$", NOBODY)


@fault("RFC7644-3.4.2.2-07")
def names_alone_count_as_present(service: Service) -> None:
    """A filter that is but the name of an attribute finds all who have it."""
    reading(service, lambda text: f"{text} pr" if re.fullmatch(r"\w+", text) else text)


@fault("RFC7644-3.4.2.2-07")
def values_alone_are_looked_for_anywhere(service: Service) -> None:
    """A filter without the name of an attribute is taken for one on displayName."""
    reading(service, lambda text: f"displayName {text}" if text.startswith("eq ") else text)


@fault("RFC7644-3.4.2.2-07")
def missing_values_count_as_empty(service: Service) -> None:
    """A filter without the value of a comparison is taken for one with an empty text."""
    reading(service, lambda text: f'{text} ""' if re.search(r"\b(eq|ne|co|sw|ew)\s*$", text) else text)


@fault("RFC7644-3.4.2.2-32")
def closing_brackets_too_many_are_ignored(service: Service) -> None:
    """A filter with a closing bracket too many is evaluated without it."""
    reading(service, lambda text: text[:-1] if text.endswith(")") and "(" not in text else text)


@fault("RFC7644-3.4.2.2-32")
def what_follows_a_filter_is_ignored(service: Service) -> None:
    """A filter is evaluated as far as it can be read, whatever follows."""

    class Hasty(FilterParser):
        """Does not look at what follows."""

        def parse(self) -> Filter:
            """Read the beginning."""
            return self.filter()

    service.evaluation.parser = Hasty


@fault("RFC7644-3.4.2.2-32")
def leading_and_is_ignored(service: Service) -> None:
    """A filter that begins with and is evaluated without it."""
    reading(service, lambda text: text.removeprefix("and "))


@fault("RFC7644-3.4.2.2-32")
def doubled_operators_are_ignored(service: Service) -> None:
    """A filter with the same operator twice is evaluated as if it stood there once."""
    reading(service, lambda text: text.replace(" eq eq ", " eq "))


@fault("RFC7644-3.4.2.2-32")
def empty_brackets_find_nothing(service: Service) -> None:
    """A filter of empty brackets is answered with an empty list."""
    unreadable(service, r"^\(\s*\)$", NOBODY)


@fault("RFC7644-7.5.2-03")
def confidential_filters_are_answered(service: Service) -> None:
    """A filter in a URL on what is confidential is answered."""
    skip(service.query, "check_sensitive")


@fault("RFC7644-7.5.2-03")
def confidential_filters_find_nothing(service: Service) -> None:
    """A filter in a URL on what is confidential is answered with an empty list."""

    def check(_original: Callable[..., None], _kinds: Any, filter_: Filter, **_how: Any) -> None:
        if "password" in str(filter_):
            object.__setattr__(filter_, "value", "no such password")

    around(service.query, "check_sensitive", check)
