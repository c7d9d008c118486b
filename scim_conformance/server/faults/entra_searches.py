"""Faults that Entra ID meets when it searches: nobody, somebody, references, pages, schemas."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scim_conformance.server.edge import Ask, at
from scim_conformance.server.errors import ScimError, invalid_filter, not_found
from scim_conformance.server.faults import after, answer, around, fault
from scim_conformance.server.faults.entra import GROUPS, USERS, Rows
from scim_conformance.server.filters import And, Compare, Filter
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service

# -- searches -------------------------------------------------------------------------------


def unmatched(service: Service, kind: str, refusal: Callable[[], Exception]) -> None:
    """Refuse a query that finds nothing."""

    def matching(
        original: Callable[..., Rows], request: Request, kinds: Sequence[ResourceType], filter_: Filter | None
    ) -> Rows:
        found = original(request, kinds, filter_)
        if not found and filter_ is not None and kinds[0].name == kind:
            raise refusal()
        return found

    around(service.query, "matching", matching)


@fault("ENTRA-U01", "ENTRA-U03-d")
def entra_nobody_is_not_found(service: Service) -> None:
    """A query of users that finds nobody is answered with 404."""
    unmatched(service, "User", lambda: not_found("There is no such user."))


@fault("ENTRA-U02", "ENTRA-G03-b")
def entra_no_group_is_not_found(service: Service) -> None:
    """A query of groups that finds nothing is answered with 404."""
    unmatched(service, "Group", lambda: not_found("There is no such group."))


@fault("ENTRA-U01", "ENTRA-U03-d")
def entra_nobody_is_a_server_error(service: Service) -> None:
    """A query of users that finds nobody is answered with 500."""
    unmatched(service, "User", lambda: ScimError(500, None, "Sequence contains no elements."))


@fault("ENTRA-U01", "ENTRA-U03-d", "ENTRA-U02", "ENTRA-G03-b")
def entra_nothing_is_an_empty_answer(service: Service) -> None:
    """A query that finds nothing is answered with 204 and no list."""

    def listed(original: Callable[..., Response], request: Request, body: Mapping[str, Any]) -> Response:
        return original(request, body) if body["Resources"] else Response(204)

    around(service.answers, "listed", listed)


@fault("ENTRA-U02", "ENTRA-G03-a", "ENTRA-G03-b", "ENTRA-G03-c")
def entra_groups_cannot_be_searched(service: Service) -> None:
    """GET of groups is answered with 501."""

    def search(_ask: Ask, _request: Request) -> Response:
        raise ScimError(501, None, "Groups are not listed.")

    at(service, "GET", GROUPS, search)


def finding(service: Service, change: Callable[[Rows, Filter], Rows]) -> None:
    """Change what a filter finds."""

    def matching(original: Callable[..., Rows], *args: Any) -> Rows:
        found = original(*args)
        return change(found, args[-1]) if args[-1] is not None else found

    around(service.query, "matching", matching)


def compared(filter_: Filter) -> list[str]:
    """Give the names that a filter compares, those of sub-attributes after a dot."""
    parts = filter_.parts if isinstance(filter_, And) else (filter_,)
    return [str(part.path) for part in parts if isinstance(part, Compare)]


@fault("ENTRA-U03-a", "ENTRA-T04-a")
def entra_searches_by_name_find_all(service: Service) -> None:
    """A search by userName that finds somebody finds everybody."""

    def matching(original: Callable[..., Rows], request: Request, kinds: Any, filter_: Filter | None) -> Rows:
        found = original(request, kinds, filter_)
        every = found and filter_ is not None and compared(filter_) == ["userName"]
        return original(request, kinds, None) if every else found

    around(service.query, "matching", matching)


@fault("ENTRA-U03-d")
def entra_searches_for_nobody_find_somebody(service: Service) -> None:
    """A search that matches nobody finds everybody."""

    def matching(original: Callable[..., Rows], request: Request, kinds: Any, filter_: Filter | None) -> Rows:
        found = original(request, kinds, filter_)
        return found or (original(request, kinds, None)[:2] if kinds[0].name == "User" else [])

    around(service.query, "matching", matching)


@fault("ENTRA-U03-b")
def entra_external_ids_are_not_searched(service: Service) -> None:
    """A search by externalId finds nothing."""
    finding(service, lambda found, filter_: [] if compared(filter_) == ["externalId"] else found)


@fault("ENTRA-U03-c")
def entra_value_paths_end_at_their_bracket(service: Service) -> None:
    """A filter with a sub-attribute after its square brackets is refused."""

    class Strict(service.evaluation.parser):  # type: ignore[misc, name-defined]
        def after_brackets(self) -> Filter:
            raise self.expected("'and', 'or' or the end of the filter")

    service.evaluation.parser = Strict


@fault("ENTRA-U03-c")
def entra_value_paths_match_other_elements(service: Service) -> None:
    """A filter with a sub-attribute after its square brackets finds nothing."""
    finding(service, lambda found, filter_: found if compared(filter_) else [])


def exactly(service: Service, name: str) -> None:
    """Let letter case count in an attribute."""

    def is_case_exact(original: Callable[[Attribute], bool], attribute: Attribute) -> bool:
        return attribute.name == name or original(attribute)

    around(service.comparison, "is_case_exact", is_case_exact)


@fault("ENTRA-U03-e")
def entra_user_names_are_found_in_their_letter_case_alone(service: Service) -> None:
    """A search by userName finds nobody whose name is written in another letter case."""
    exactly(service, "userName")


@fault("ENTRA-G03-c")
def entra_groups_are_found_in_their_letter_case_alone(service: Service) -> None:
    """A search by displayName finds no group whose name is written in another letter case."""
    exactly(service, "displayName")


@fault("ENTRA-Q11")
def entra_searches_leave_inactive_users_out(service: Service) -> None:
    """A search does not find users who are inactive."""
    finding(service, lambda found, _: [(kind, each) for kind, each in found if each.get("active") is not False])


@fault("ENTRA-Q11")
def entra_searches_show_everybody_as_active(service: Service) -> None:
    """A list shows active = true of everybody."""

    def list_response(original: Callable[..., Any], resources: list[Any], *args: Any) -> Any:
        return original([{**each, "active": True} if "active" in each else each for each in resources], *args)

    around(service.answers, "list_response", list_response)


@fault("ENTRA-U07-a", "ENTRA-U07-b")
def entra_managers_cannot_be_searched(service: Service) -> None:
    """A filter on manager, which is a complex attribute, is refused."""

    def parse(original: Callable[[str], Filter], text: str) -> Filter:
        if "manager eq" in text:
            raise invalid_filter("manager is complex.")
        return original(text)

    around(service.evaluation, "parse", parse)


@fault("ENTRA-U07-a")
def entra_managers_are_searched_after_the_id_alone(service: Service) -> None:
    """A filter that names the manager before the id finds nothing."""
    finding(service, lambda found, filter_: [] if compared(filter_)[:1] == ["manager"] else found)


@fault("ENTRA-U07-b", "ENTRA-G04-b")
def entra_searches_by_id_look_at_nothing_else(service: Service) -> None:
    """A filter that names an id and something else is about the id alone."""

    def all_of(original: Callable[..., bool], parts: tuple[Filter, ...], scope: Any) -> bool:
        by_id = tuple(part for part in parts if isinstance(part, Compare) and part.path.name == "id")
        return original(by_id or parts, scope)

    around(service.evaluation, "all_of", all_of)


@fault("ENTRA-G04-a")
def entra_members_are_not_searched(service: Service) -> None:
    """A filter on members finds nothing."""
    finding(service, lambda found, filter_: [] if "members" in compared(filter_) else found)


# -- pages ----------------------------------------------------------------------------------


@fault("ENTRA-U18")
def entra_every_page_is_the_first(service: Service) -> None:
    """The parameter startIndex is ignored: every page is the first."""
    answer(service.query, "start_index", 1)


@fault("ENTRA-U18")
def entra_pages_are_of_any_size(service: Service) -> None:
    """The parameter count is ignored: a page has as many resources as fit."""
    answer(service.query, "count", service.capabilities.max_results)


@fault("ENTRA-U18")
def entra_totals_are_texts(service: Service) -> None:
    """The total is a string in pages that were asked for by startIndex."""

    def list_response(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.parameter("startIndex") is not None:
            body = {**response.json, "totalResults": str(response.json["totalResults"])}
            return Response(response.status, response.headers, service.answers.encoded(body))
        return response

    at(service, "GET", USERS, list_response)


@fault("ENTRA-U18")
def entra_pages_are_refused(service: Service) -> None:
    """A query without filter is refused."""

    def listed(ask: Ask, request: Request) -> Response:
        if request.parameter("filter") is None:
            raise ScimError(400, "invalidValue", "A filter is needed.")
        return ask(request)

    at(service, "GET", USERS, listed)


# -- schemas --------------------------------------------------------------------------------


@fault("ENTRA-S01-a")
def entra_schemas_have_no_attributes(service: Service) -> None:
    """GET /Schemas lists the schemas without their attributes."""
    after(service.discovery, "schema_documents", lambda all_: [{**each, "attributes": []} for each in all_])


def describing(service: Service, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change how an attribute is described."""

    def changed(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "attributes": [change(attribute) for attribute in document["attributes"]]}

    after(service.discovery, "schema_documents", lambda all_: [changed(each) for each in all_])


@fault("ENTRA-S01-b")
def entra_keywords_are_in_lower_case(service: Service) -> None:
    """The mutability of attributes is written readwrite and readonly."""
    describing(service, lambda attribute: {**attribute, "mutability": attribute["mutability"].lower()})


@fault("ENTRA-S01-c")
def entra_schemas_write_nulls(service: Service) -> None:
    """Attributes of simple types have subAttributes null."""
    describing(service, lambda attribute: {"subAttributes": None, "canonicalValues": None, **attribute})
