"""Variants that Entra ID works with as well: what its needs leave free."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.edge import Ask, Body, at, showing
from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, around, skip, swap, variant

USERS, GROUPS, A_USER, A_GROUP = "/Users", "/Groups", "/Users/", "/Groups/"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def bodiless(service: Service, place: str) -> None:
    """Answer a PATCH that succeeds with 204 and no body."""

    def modify(ask: Ask, request: Request) -> Response:
        response = ask(request)
        return Response(204, Headers()) if response.status < 300 else response  # noqa: PLR2004 - the class of success codes

    at(service, "PATCH", place, modify)


@variant(profiles=("entra",))
def entra_changes_are_answered_without_a_body(service: Service) -> None:
    """PATCH of a user or group answers 204 without a body, which is as good as 200 with one."""
    bodiless(service, A_USER)
    bodiless(service, A_GROUP)


@variant(profiles=("entra",))
def entra_changes_show_the_id_alone(service: Service) -> None:
    """PATCH of a user answers 200 with a part of the user: a full body is not needed."""
    showing(service, "PATCH", A_USER, lambda body: {"schemas": body["schemas"], "id": body["id"]})


@variant(profiles=("entra",))
def entra_creations_are_answered_with_200(service: Service) -> None:
    """POST of a user answers 200 instead of 201, which Microsoft's own tests let pass."""

    def create(ask: Ask, request: Request) -> Response:
        response = ask(request)
        response.status = 200 if response.status == 201 else response.status  # noqa: PLR2004 - created
        return response

    at(service, "POST", USERS, create)


@variant(profiles=("entra",))
def entra_creations_show_no_extension_in_schemas(service: Service) -> None:
    """The schemas of a new user name the core schema alone, as in Microsoft's sample answer."""
    showing(service, "POST", USERS, lambda body: {**body, "schemas": [CORE]})


@variant(profiles=("entra",))
def entra_empty_lists_have_no_resources(service: Service) -> None:
    """A list response without results has no Resources."""
    after(
        service.answers,
        "list_response",
        lambda body: body if body["Resources"] else {n: v for n, v in body.items() if n != "Resources"},
    )


@variant(profiles=("entra",))
def entra_lists_tell_no_page(service: Service) -> None:
    """List responses have neither startIndex nor itemsPerPage."""
    extra = ("startIndex", "itemsPerPage")
    after(service.answers, "list_response", lambda body: {n: v for n, v in body.items() if n not in extra})


@variant(profiles=("entra",))
def entra_lists_tell_another_page_size(service: Service) -> None:
    """List responses have an itemsPerPage of 20, whatever they hold, as in Microsoft's samples."""
    after(service.answers, "list_response", lambda body: {**body, "itemsPerPage": 20})


@variant(profiles=("entra",))
def entra_errors_tell_no_detail(service: Service) -> None:
    """Errors have no detail, which is optional."""
    after(
        service.answers, "error_body", lambda body: {n: v for n, v in body.items() if n not in ("detail", "scimType")}
    )


@variant(profiles=("entra",))
def entra_errors_have_a_number_for_status(service: Service) -> None:
    """The status of an error is a number, which is very common."""
    after(service.answers, "error_body", lambda body: {**body, "status": int(body["status"])})


@variant(profiles=("entra",))
def entra_everything_is_plain_json(service: Service) -> None:
    """Answers are application/json, which is worth a warning."""
    swap(service.answers, "media_type", lambda _request: "application/json")


@variant(profiles=("entra",))
def entra_unassigned_attributes_are_written_as_null(service: Service) -> None:
    """Users are shown with null, or [], for what they do not have."""
    users = service.resource_types.get("User")
    names = {each.name: each.multi_valued for each in service.resource_types.base(users).attributes} if users else {}
    empty: dict[str, Any] = {name: [] if multi else None for name, multi in names.items() if name != "password"}
    for method in ("GET", "POST", "PATCH"):
        place = USERS if method == "POST" else A_USER
        showing(service, method, place, lambda body: {**empty, **body} if "Resources" not in body else body)


@variant(profiles=("entra",))
def entra_users_have_fewer_attributes(service: Service) -> None:
    """Users have no roles, nickName, title, phone numbers or addresses: what is sent of these is ignored."""
    for name in ("roles", "nickName", "title", "phoneNumbers", "addresses"):
        service.schemas.remove(CORE, name)


@variant(profiles=("entra",))
def entra_users_have_no_enterprise_attributes(service: Service) -> None:
    """There is no enterprise extension: what is sent of it is ignored."""
    service.resource_types.retract("User", ENTERPRISE)


@variant(profiles=("entra",))
def entra_managers_have_no_reference(service: Service) -> None:
    """A manager is shown with a value alone."""

    def bare(body: Body) -> Body:
        extension = body.get(ENTERPRISE)
        if not isinstance(extension, Mapping) or "manager" not in extension:
            return body
        return {**body, ENTERPRISE: {**extension, "manager": {"value": extension["manager"]["value"]}}}

    showing(service, "GET", A_USER, bare)


@variant(profiles=("entra",))
def entra_filters_know_eq_alone(service: Service) -> None:
    """A filter by gt, co, sw or anything but eq is refused: Entra ID sends none."""

    def check(original: Callable[..., None], attribute: Any, compare: Any) -> None:
        if compare.operator != "eq":
            raise ScimError(400, "invalidFilter", "Only eq is supported.")
        original(attribute, compare)

    around(service.evaluation, "check_comparison", check)


@variant(profiles=("entra",))
def entra_names_of_groups_are_unique(service: Service) -> None:
    """Two groups of one displayName are refused with 409."""
    service.schemas.change("urn:ietf:params:scim:schemas:core:2.0:Group", "displayName", uniqueness="server")


@variant(profiles=("entra",))
def entra_dangling_members_are_left_out(service: Service) -> None:
    """Members and managers who are not there are dropped without a word."""
    skip(service.membership, "dangling")


@variant(profiles=("entra",))
def entra_answers_have_no_headers_of_their_own(service: Service) -> None:
    """Answers have neither ETag nor Content-Location, and no Location but that of a POST."""
    swap(service.answers, "about", lambda _resource, _location: [])


@variant(profiles=("entra",))
def entra_unknown_media_types_are_read(service: Service) -> None:
    """A request body is read as JSON whatever its media type."""
    skip(service.bodies, "check_media_type")


@variant(profiles=("entra",))
def entra_parameters_are_in_any_letter_case(service: Service) -> None:
    """The parameter excludedAttributes and the others are known in any letter case."""
    known = {name.lower(): name for name in ("filter", "attributes", "excludedAttributes", "startIndex", "count")}
    after(service, "query_pairs", lambda pairs: [(known.get(name.lower(), name), value) for name, value in pairs])
