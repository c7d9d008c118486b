"""Faults of the values in filters: letter case, escapes, URLs, instants, defaults, Unicode (RFC 7644, 3.4.2.2)."""

import json
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from scim_conformance.server.comparison import Comparison, instant, prepared
from scim_conformance.server.evaluation import Scope
from scim_conformance.server.faults import after, around, fault, skip, swap
from scim_conformance.server.filters import Compare, FilterParser
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

USER = "urn:ietf:params:scim:schemas:core:2.0:User"

# Letter case


def comparing(service: Service, is_case_exact: Callable[[Attribute, str, bool], bool]) -> None:
    """Let filters compare by a rule of their own about letter case: of an attribute, an operator, and what is right."""
    own = service.evaluation.comparison = Comparison()
    operators: list[str] = []

    def compare(original: Callable[..., bool], part: Compare, scope: Scope) -> bool:
        operators.append(part.operator)
        try:
            return original(part, scope)
        finally:
            operators.pop()

    def exact(original: Callable[[Attribute], bool], attribute: Attribute) -> bool:
        return is_case_exact(attribute, operators[-1] if operators else "", original(attribute))

    around(own, "is_case_exact", exact)
    around(service.evaluation, "compare", compare)


def for_operators(service: Service, operators: Collection[str], *, exact: bool) -> None:
    """Let some operators always, or never, distinguish letter case."""
    comparing(service, lambda _attribute, operator, right: exact if operator in operators else right)


@fault("RFC7644-3.4.2.2-41", "RFC7643-7-23")
def parts_are_compared_with_case(service: Service) -> None:
    """Filters with co, sw and ew distinguish letter case on every attribute."""
    for_operators(service, ("co", "sw", "ew"), exact=True)


@fault("RFC7644-3.4.2.2-41", "RFC7643-7-23")
def co_is_compared_with_case(service: Service) -> None:
    """Filters with co distinguish letter case on every attribute."""
    for_operators(service, ("co",), exact=True)


@fault("RFC7644-3.4.2.2-41", "RFC7643-7-23")
def ne_is_compared_with_case(service: Service) -> None:
    """Filters with ne distinguish letter case on every attribute."""
    for_operators(service, ("ne",), exact=True)


@fault("RFC7644-3.4.2.2-41", "RFC7643-7-23")
def parts_are_compared_without_case(service: Service) -> None:
    """Filters with co, sw and ew ignore letter case on every attribute."""
    for_operators(service, ("co", "sw", "ew"), exact=False)


@fault("RFC7643-2.2-03")
def case_counts_where_the_schema_is_silent(service: Service) -> None:
    """The served schema does not say whether title is case-exact, and filters distinguish its letter case."""

    def silent(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for attribute in (each for document in documents for each in document.get("attributes", ())):
            if attribute["name"] == "title":
                del attribute["caseExact"]
        return documents

    after(service.discovery, "schema_documents", silent)
    comparing(service, lambda attribute, _operator, right: attribute.name == "title" or right)


@fault("RFC7643-2.3.6-04")
def binaries_are_compared_without_case(service: Service) -> None:
    """Filters ignore letter case on binary attributes, as if they were texts."""
    comparing(service, lambda attribute, _operator, right: attribute.type != "binary" and right)


# How values are written


class RawStrings(FilterParser):
    """Takes the text between the quotes as it is, escapes and all."""

    def string(self) -> str:
        """Read a string without decoding it."""
        start = self.position
        super().string()
        return self.text[start + 1 : self.position - 1]


class PlainEscapes(FilterParser):
    """Decodes no characters that are escaped by number."""

    def string(self) -> str:
        """Read a string, leaving the numbers in it."""
        start = self.position
        value = super().string()
        raw = self.text[start : self.position]
        return value if "\\u" not in raw else str(json.loads(raw.replace("\\u", "u")))


class QuotedBooleans(FilterParser):
    """Knows true and false in quotes alone."""

    def value(self) -> Any:
        """Read a value."""
        self.skip_blanks()
        if self.text[self.position :].startswith(("true", "false")):
            raise self.expected("a value in quotes")
        return super().value()


@fault("RFC7644-3.4.2.2-33")
def escapes_are_not_decoded(service: Service) -> None:
    """A filter's text is taken as it stands, with the backslashes before quotes."""
    service.evaluation.parser = RawStrings


@fault("RFC7644-3.4.2.2-33")
def numbered_escapes_are_not_decoded(service: Service) -> None:
    r"""A filter's text knows no characters escaped by number, such as \u00d6."""
    service.evaluation.parser = PlainEscapes


@fault("RFC7644-3.4.2.2-33")
def booleans_need_quotes(service: Service) -> None:
    """A filter with true or false is refused unless they stand in quotes."""
    service.evaluation.parser = QuotedBooleans


def decoding(service: Service, change: Callable[[str], str]) -> None:
    """Let the filter in a URL be decoded in another way."""

    def changed(parameters: Mapping[str, str]) -> dict[str, str]:
        return {name: change(value) if name == "filter" else value for name, value in parameters.items()}

    after(service.query, "url_parameters", changed)


@fault("RFC7644-1.2-01")
def urls_are_read_as_latin_1(service: Service) -> None:
    """Percent-encoded letters beyond ASCII are decoded as Latin-1 instead of UTF-8."""
    decoding(service, lambda text: text.encode().decode("latin-1"))


@fault("RFC7644-1.2-01")
def urls_hold_ascii_alone(service: Service) -> None:
    """Percent-encoded letters beyond ASCII become question marks."""
    decoding(service, lambda text: text.encode("ascii", "replace").decode())


# Instants


def moments(service: Service, read: Callable[[str], Any]) -> None:
    """Let filters read instants in another way."""
    service.evaluation.comparison = Comparison()
    swap(service.evaluation.comparison, "moment", read)


@fault("RFC7644-3.4.2.2-43")
def times_are_compared_as_texts(service: Service) -> None:
    """Filters compare times as the texts they are, whatever their time zone."""
    moments(service, lambda text: text)


@fault("RFC7644-3.4.2.2-43")
def times_of_clients_are_compared_as_texts(service: Service) -> None:
    """Filters compare the times that clients gave as the texts they are; the service's own it compares rightly."""
    service.schemas.add(USER, Attribute("hired", "dateTime", description="When somebody was hired."))
    own: list[bool] = []

    def compare(original: Callable[..., bool], part: Compare, scope: Scope) -> bool:
        own.append(part.path.name.lower() == "meta")
        try:
            return original(part, scope)
        finally:
            own.pop()

    moments(service, lambda text: instant(text) if own and own[-1] else text)
    around(service.evaluation, "compare", compare)


@fault("RFC7644-3.4.2.2-43")
def time_zones_are_ignored(service: Service) -> None:
    """Filters compare times by the clock, whatever their time zone."""
    moments(service, lambda text: instant(text.removesuffix("Z")[:19]))


@fault("RFC7644-3.4.2.2-43")
def time_zones_are_turned_round(service: Service) -> None:
    """Filters add the offset of a time zone instead of taking it away."""
    signs = str.maketrans("+-", "-+")
    moments(service, lambda text: instant(text[:19] + text[19:].translate(signs)))


@fault("RFC7644-3.4.2.2-43")
def only_days_are_compared(service: Service) -> None:
    """Filters compare the days of times alone."""

    def day(text: str) -> datetime:
        moment = instant(text).astimezone(UTC)
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)

    moments(service, day)


# Defaults


@fault("RFC7644-3.4.2.2-38")
def defaults_are_shown_but_not_found(service: Service) -> None:
    """Users who were not given active are shown as active, and are not found by it."""
    skip(service.defaults, "active")

    def view(original: Callable[..., dict[str, Any]], kind: Any, resource: Mapping[str, Any], *rest: Any) -> Any:
        shown = original(kind, resource, *rest)
        return {**shown, "active": shown.get("active", True)} if kind.name == "User" else shown

    around(service.membership, "view", view)


# Unicode


def preparing(service: Service, prepare: Callable[[str], str]) -> None:
    """Let strings be prepared for comparison in another way."""

    def text(value: str, attribute: Attribute) -> str:
        ready = prepare(value)
        return ready if service.comparison.is_case_exact(attribute) else service.comparison.folded(ready)

    swap(service.comparison, "text", text)


@fault("RFC7644-5-01", "RFC7644-7.8-01")
def strings_are_not_prepared(service: Service) -> None:
    """Strings are compared as they are, whatever their form of Unicode."""
    preparing(service, lambda text: text)


@fault("RFC7644-5-01")
def widths_are_not_mapped(service: Service) -> None:
    """Strings are composed before they are compared, but full-width letters stay what they are."""
    preparing(service, lambda text: unicodedata.normalize("NFC", text))


@fault("RFC7644-5-01", "RFC7644-7.8-01")
def strings_are_not_composed(service: Service) -> None:
    """Full-width letters are mapped before strings are compared, but letters with accents stay as they are."""
    preparing(service, lambda text: "".join(prepared(character) for character in text))
