"""Queries: filter, sort, page and show (RFC 7644 sections 3.4.2 and 3.4.3)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scim_conformance.server.answers import Answers
from scim_conformance.server.bodies import Bodies
from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.cursors import Cursors
from scim_conformance.server.errors import ScimError, invalid_filter, invalid_value
from scim_conformance.server.evaluation import Evaluation
from scim_conformance.server.filters import And, Compare, Filter, Not, Or, Present, ValuePath
from scim_conformance.server.membership import Membership
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.paths import AttributePath
from scim_conformance.server.projection import Projection, Wanted
from scim_conformance.server.resource_types import ResourceType, ResourceTypes
from scim_conformance.server.schema import EXTERNAL_ID
from scim_conformance.server.sorting import Found, Sorting
from scim_conformance.server.store import Record, Store
from scim_conformance.server.uniqueness import Uniqueness

Parameters = Mapping[str, str]
_MANY = 1000


@dataclass(eq=False, repr=False)
class Query:
    """The rules of queries, one method a rule."""

    store: Store
    resource_types: ResourceTypes
    capabilities: Capabilities
    evaluation: Evaluation
    sorting: Sorting
    projection: Projection
    membership: Membership
    uniqueness: Uniqueness
    bodies: Bodies
    answers: Answers
    cursors: Cursors

    def get(self, request: Request, kinds: Sequence[ResourceType]) -> Response:
        """Answer GET on an endpoint or on the root."""
        return self.answers.listed(request, self.result(request, kinds, self.url_parameters(request)))

    def search(self, request: Request, kinds: Sequence[ResourceType]) -> Response:
        """Answer POST on .search, which asks in the body what GET asks in the URL."""
        parameters = self.bodies.search_parameters(request)
        return self.answers.listed(request, self.result(request, kinds, parameters, in_url=False))

    def one(self, request: Request, kind: ResourceType, record: Record) -> Response:
        """Answer a query over one resource: it is the result, or there is none."""
        wanted = self.wanted(self.url_parameters(request))
        filter_ = self.filter([kind], request.parameter("filter"), in_url=True)
        whole = self.membership.view(kind, record.resource, request)
        found = filter_ is None or self.evaluation.matches(kind, filter_, whole)
        shown = [self.shown(request, kind, record.resource, wanted)] if found else []
        return self.answers.listed(request, self.answers.list_response(shown, len(shown), 1))

    def url_parameters(self, request: Request) -> Parameters:
        """Read the query parameters; unknown ones do no harm, of doubled ones the first counts."""
        parameters: dict[str, str] = {}
        for name, value in request.query:
            parameters.setdefault(name, value)
        return parameters

    def result(
        self, request: Request, kinds: Sequence[ResourceType], parameters: Parameters, *, in_url: bool = True
    ) -> dict[str, Any]:
        """Give the list response of a query."""
        if self.is_by_cursor(parameters):
            return self.by_cursor(request, kinds, parameters, in_url=in_url)
        wanted = self.wanted(parameters)
        start, count = self.start_index(parameters.get("startIndex")), self.count(parameters.get("count"))
        filter_ = self.filter(kinds, parameters.get("filter"), in_url=in_url)
        found = self.matching(request, kinds, filter_)
        self.check_many(found)
        found = self.sorted(kinds, found, parameters)
        page = self.page(found, start, count)
        shown = [self.shown(request, kind, resource, wanted) for kind, resource in page]
        return self.answers.list_response(shown, self.total(found), start)

    def is_by_cursor(self, parameters: Parameters) -> bool:
        """Tell whether to page by cursor: as the query says, else by the default method (RFC 9865 section 2.4)."""
        able = self.capabilities
        if not able.cursor or "cursor" in parameters:
            return able.cursor
        return not able.index or (able.default_method == "cursor" and "startIndex" not in parameters)

    def by_cursor(
        self, request: Request, kinds: Sequence[ResourceType], parameters: Parameters, *, in_url: bool
    ) -> dict[str, Any]:
        """Give one page of a query by cursor (RFC 9865); an empty cursor begins it."""
        wanted = self.wanted(parameters)
        filter_ = self.filter(kinds, parameters.get("filter"), in_url=in_url)
        asker = (request.grant.client, request.grant.subject, *(kind.name for kind in kinds))
        if parameters.get("cursor"):
            page = self.cursors.following(parameters["cursor"], asker, parameters)
        else:
            found = self.sorted(kinds, self.matching(request, kinds, filter_), parameters)
            page = self.cursors.first(found, asker, parameters)
        shown: list[dict[str, Any]] = []
        for name, id_ in page.places:
            kind, record = self.resource_types.get(name), self.store.get(name, id_)
            if kind is not None and record is not None:
                shown.append(self.shown(request, kind, record.resource, wanted))
        return self.cursors.list_response(self.answers.list_response(shown, page.total, 1), page)

    def check_many(self, found: Sequence[Found]) -> None:
        """Refuse a query with more matches than the service provider wants to go through (RFC 7644 section 3.4.2.1)."""
        limit = self.capabilities.too_many
        if limit is not None and len(found) > limit:
            raise ScimError(400, "tooMany", f"The query has {len(found)} results; ask for {limit} at most.")

    def total(self, found: Sequence[Found]) -> int:
        """Count all matches, not only those of the page."""
        return len(found)

    def wanted(self, parameters: Parameters) -> Wanted:
        """Read what to show of each resource."""
        return self.projection.wanted(parameters.get("attributes"), parameters.get("excludedAttributes"))

    def shown(
        self, request: Request, kind: ResourceType, resource: Mapping[str, Any], wanted: Wanted
    ) -> dict[str, Any]:
        """Give what a client sees of one resource of the result."""
        return self.projection.show(kind, self.membership.view(kind, resource, request), wanted)

    # Filter

    def filter(self, kinds: Sequence[ResourceType], text: str | None, *, in_url: bool) -> Filter | None:
        """Read the filter and check it against the schema; on several types, an attribute may be unknown to some."""
        if text is None:
            return None
        if not self.capabilities.filter:
            raise invalid_filter("Filtering is not supported.")
        filter_ = self.evaluation.parse(text)
        self.check_sensitive(kinds, filter_, in_url=in_url)
        if len(kinds) == 1:
            self.evaluation.check(kinds[0], filter_)
        else:
            self.check_somewhere(kinds, filter_)
        return filter_

    def check_somewhere(self, kinds: Sequence[ResourceType], filter_: Filter) -> None:
        """Refuse a comparison that makes no sense for any type; one that a type does not know matches nothing there."""
        for kind in kinds:
            for part in leaves(filter_):
                known = self.evaluation.resource_types.locate(kind, part.path)
                if known is not None:
                    self.evaluation.check(kind, part)

    def check_sensitive(self, kinds: Sequence[ResourceType], filter_: Filter, *, in_url: bool) -> None:
        """Refuse a filter on what is never shown (RFC 7644 section 7.5.2); a search may compare a password by eq."""
        for kind in kinds:
            for part in leaves(filter_):
                located = self.resource_types.locate(kind, part.path)
                if located and located.leaf and located.leaf.returned == "never":
                    if not in_url and isinstance(part, Compare) and self.evaluation.is_secret(located.leaf):
                        continue  # The comparison itself refuses everything but eq.
                    raise self.sensitive(part.path, in_url=in_url)

    def sensitive(self, path: AttributePath, *, in_url: bool) -> ScimError:
        """Make the refusal of a filter on an attribute that is never shown."""
        if in_url:
            return ScimError(403, "sensitive", f"{path} is confidential and cannot be asked for in a URL.")
        return invalid_filter(f"{path} is confidential and cannot be filtered by.")

    def matching(self, request: Request, kinds: Sequence[ResourceType], filter_: Filter | None) -> list[Found]:
        """Give the resources that match, in order of creation."""
        if filter_ is None:
            return [(kind, resource) for kind in kinds for resource in self.candidates(kind, None)]
        derived = self.needs_view(filter_)
        found: list[Found] = []
        for kind in kinds:
            for resource in self.candidates(kind, filter_):
                whole = self.membership.view(kind, resource, request) if derived else resource
                if self.evaluation.matches(kind, filter_, whole):
                    found.append((kind, resource))
        return found

    def needs_view(self, filter_: Filter) -> bool:
        """Tell whether a filter asks for attributes that are derived."""
        derived = {"groups", "$ref", "display", "displayname", "location"}
        return not derived.isdisjoint(name.lower() for name in names(filter_))

    def candidates(self, kind: ResourceType, filter_: Filter | None) -> Iterable[Mapping[str, Any]]:
        """Give the resources that can match: of many, one if the filter asks for an id or a unique value, else all."""
        if self.is_large(kind):
            for part in filter_.parts if isinstance(filter_, And) else (filter_,):
                if isinstance(part, Compare) and part.operator == "eq" and isinstance(part.value, str):
                    record = self._by_key(kind, part)
                    if record is not None:
                        return record
        return (record.resource for record in self.store.scan(kind.name))

    def is_large(self, kind: ResourceType) -> bool:
        """Tell whether there are so many resources that it is worth not looking at each."""
        return self.store.count(kind.name) > _MANY

    def _by_key(self, kind: ResourceType, part: Compare) -> list[Mapping[str, Any]] | None:
        located = self.resource_types.locate(kind, part.path)
        if located is None or located.attribute is None or located.sub or located.attribute is EXTERNAL_ID:
            return None
        if located.attribute.name == "id":
            record = self.store.get(kind.name, part.value)
        elif self.uniqueness.is_unique(located.attribute) and not located.attribute.multi_valued:
            place = f"{located.extension}:{located.attribute.name}" if located.extension else located.attribute.name
            record = self.store.holder(self.uniqueness.key(kind, located.attribute, place, part.value))
        else:
            return None
        return [record.resource] if record is not None and record.kind == kind.name else []

    # Sort

    def sorted(self, kinds: Sequence[ResourceType], found: list[Found], parameters: Parameters) -> list[Found]:
        """Put the whole result in order, before it is paged; without support for sorting leave it as it is."""
        name = parameters.get("sortBy")
        descending = self.sorting.is_descending(parameters.get("sortOrder"))
        if not name or not self.capabilities.sort:
            return found
        return self.sorting.ordered(found, self.sorting.sort_path(kinds, name), descending=descending)

    # Page (RFC 7644 section 3.4.2.4)

    def start_index(self, text: str | None) -> int:
        """Read startIndex; below 1 it counts as 1."""
        return max(1, self.number("startIndex", text)) if text else 1

    def count(self, text: str | None) -> int:
        """Read count; below 0 it counts as 0; without it the page size is the server's."""
        asked = max(0, self.number("count", text)) if text else self.capabilities.default_page_size
        return min(asked, self.capabilities.max_results)

    def number(self, name: str, text: str) -> int:
        """Read a whole number."""
        digits = text.strip().removeprefix("-").removeprefix("+")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:  # noqa: PLR2004 enough for any index
            raise invalid_value(f"{name} has to be a whole number, not {text[:40]!r}.")
        return int(text)

    def page(self, found: Sequence[Found], start: int, count: int) -> Sequence[Found]:
        """Cut the page out of the result; startIndex counts from 1."""
        return found[start - 1 : start - 1 + count]


def leaves(filter_: Filter) -> Iterator[Compare | Present | ValuePath]:
    """Give the parts of a filter that name attributes; what stands in square brackets is part of its value path."""
    match filter_:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(inner):
            yield from leaves(inner)
        case Compare() | Present() | ValuePath():
            yield filter_


def names(filter_: Filter) -> Iterator[str]:
    """Give the names of attributes and sub-attributes in a filter, those in square brackets included."""
    for part in leaves(filter_):
        yield from (name for name in (part.path.name, part.path.sub) if name)
        if isinstance(part, ValuePath):
            yield from names(part.filter)
