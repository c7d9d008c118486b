"""Faults that OneLogin, JumpCloud, PingOne, PingFederate, SailPoint and Salesforce meet."""

from collections.abc import Callable

from scim_conformance.server.edge import Ask, at, sending, sent
from scim_conformance.server.errors import ScimError, invalid_filter, invalid_value, not_found
from scim_conformance.server.faults import fault
from scim_conformance.server.faults.okta_changes import keeping
from scim_conformance.server.faults.okta_groups import operations, stored
from scim_conformance.server.faults.okta_users import less, refusing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

USERS, USER, GROUPS, GROUP = "/Users", "/Users/", "/Groups", "/Groups/"


def refused(service: Service, method: str, place: str, when: Callable[[Request], bool], error: ScimError) -> None:
    """Refuse requests that meet a condition."""

    def answer(ask: Ask, request: Request) -> Response:
        if when(request):
            raise error
        return ask(request)

    at(service, method, place, answer)


def always(_request: Request) -> bool:
    """Mean every request."""
    return True


@fault("OTHER-IDP-ONELOGIN-01")
def formatted_names_are_refused(service: Service) -> None:
    """POST of a user whose name has formatted is refused with 400."""
    refusing(service, "POST", USERS, lambda body: "formatted" in (body.get("name") or {}), "formatted is computed.")


@fault("OTHER-IDP-ONELOGIN-02", "OTHER-IDP-PINGONE-01", "OTHER-IDP-PINGFEDERATE-01")
def searches_find_nobody(service: Service) -> None:
    """A search for users finds nobody."""

    def answer(ask: Ask, request: Request) -> Response:
        if request.parameter("filter") is not None:
            request.query = [("filter", 'userName eq "nobody"')]
        return ask(request)

    at(service, "GET", USERS, answer)


@fault("OTHER-IDP-ONELOGIN-02")
def searches_for_nobody_are_404(service: Service) -> None:
    """A search for users that finds nobody is answered with 404."""

    def answer(ask: Ask, request: Request) -> Response:
        response = ask(request)
        if request.parameter("filter") is not None and not response.json["Resources"]:
            raise not_found("There is no such user.")
        return response

    at(service, "GET", USERS, answer)


@fault("OTHER-IDP-ONELOGIN-03")
def operations_have_to_be_capitalised(service: Service) -> None:
    """PATCH of a group by an operation in lower case is refused with 400."""
    refusing(service, "PATCH", GROUP, lambda body: body["Operations"][0]["op"] == "add", "op is Add.")


@fault("OTHER-IDP-ONELOGIN-03")
def joining_puts_the_others_out(service: Service) -> None:
    """PATCH add of a member takes the others out."""
    operations(service, lambda listed: [one | {"op": "replace"} if one["op"] == "add" else one for one in listed])


@fault("OTHER-IDP-ONELOGIN-04")
def a_user_agent_is_needed(service: Service) -> None:
    """PATCH of a group without a User-Agent, or with an empty one, is refused with 403."""
    error = ScimError(403, None, "Say who you are.")
    refused(service, "PATCH", GROUP, lambda request: not request.headers.get("User-Agent"), error)


@fault("OTHER-IDP-ONELOGIN-05")
def missing_users_are_bad_requests(service: Service) -> None:
    """GET of a user who is not there is answered with 400."""

    def answer(ask: Ask, request: Request) -> Response:
        try:
            return ask(request)
        except ScimError as error:
            raise invalid_value(error.detail) from None

    at(service, "GET", USER, answer)


@fault("OTHER-IDP-JUMPCLOUD-01")
def lists_need_a_count(service: Service) -> None:
    """A list of users without a count is refused with 400."""
    refused(service, "GET", USERS, lambda request: not request.query, invalid_value("Say how many."))


@fault("OTHER-IDP-JUMPCLOUD-02", "OTHER-IDP-PINGFEDERATE-05")
def deleted_users_stay(service: Service) -> None:
    """DELETE of a user is answered with 204, and the user stays."""
    at(service, "DELETE", USER, lambda _ask, _request: Response(204))


@fault("OTHER-IDP-JUMPCLOUD-03")
def groups_stay(service: Service) -> None:
    """DELETE of a group is answered with 204, and the group stays."""
    at(service, "DELETE", GROUP, lambda _ask, _request: Response(204))


@fault("OTHER-IDP-JUMPCLOUD-04", "OTHER-IDP-PINGFEDERATE-03")
def names_are_not_replaced(service: Service) -> None:
    """PUT of a user leaves the name as it was."""

    def answer(ask: Ask, request: Request) -> Response:
        before = next((r.resource for r in service.domains.scan("User") if request.path.endswith(r.id)), {})
        request.body = service.answers.encoded(sent(request) | {"name": before.get("name")})
        return ask(request)

    at(service, "PUT", USER, answer)


@fault("OTHER-IDP-JUMPCLOUD-05", "OTHER-IDP-SALESFORCE-01")
def a_remove_with_value_empties_the_group(service: Service) -> None:
    """PATCH remove of members takes all of them out, whatever its value lists."""
    operations(service, lambda listed: [less(one, "value") if one["op"] == "remove" else one for one in listed])


@fault("OTHER-IDP-SALESFORCE-01")
def a_list_in_an_object_is_refused(service: Service) -> None:
    """PATCH remove of members whose value is an object is refused with 400."""

    def when(request: Request) -> bool:
        return any(isinstance(one.get("value"), dict) for one in sent(request).get("Operations", []))

    refused(service, "PATCH", GROUP, when, invalid_value("members has to be a list."))


@fault("OTHER-IDP-PINGONE-01")
def operators_are_in_lower_case(service: Service) -> None:
    """A filter whose operator is capitalised is refused with 400."""
    error = invalid_filter("There is no operator Eq.")
    refused(service, "GET", USERS, lambda request: " Eq " in (request.parameter("filter") or ""), error)


@fault("OTHER-IDP-PINGONE-01")
def attribute_names_are_exact(service: Service) -> None:
    """A filter on username, in lower case, is refused with 400."""
    error = invalid_filter("There is no attribute username.")
    refused(service, "GET", USERS, lambda request: (request.parameter("filter") or "").startswith("username"), error)


@fault("OTHER-IDP-PINGONE-02")
def unknown_filters_find_everybody(service: Service) -> None:
    """A filter on an attribute that no schema has finds everybody."""

    def answer(ask: Ask, request: Request) -> Response:
        if (request.parameter("filter") or "").startswith("email "):
            request.query = []
        return ask(request)

    at(service, "GET", USERS, answer)


@fault("OTHER-IDP-PINGFEDERATE-02")
def a_thousand_groups_are_too_many(service: Service) -> None:
    """A list of groups for a count above 500 is refused with 400."""

    def when(request: Request) -> bool:
        return int(request.parameter("count") or 0) > 500  # noqa: PLR2004 - the limit of this server

    refused(service, "GET", GROUPS, when, invalid_value("Ask for fewer."))


@fault("OTHER-IDP-PINGFEDERATE-02")
def lists_of_groups_are_empty(service: Service) -> None:
    """A list of groups that is not searched is empty."""

    def answer(ask: Ask, request: Request) -> Response:
        if request.parameter("filter") is None:
            request.query = [("filter", 'displayName eq "nothing"')]
        return ask(request)

    at(service, "GET", GROUPS, answer)


@fault("OTHER-IDP-PINGFEDERATE-04")
def users_are_not_disabled_by_put(service: Service) -> None:
    """PUT of a user with active false leaves the user active."""
    keeping(service, "PUT", value=False)


@fault("OTHER-IDP-PINGFEDERATE-06")
def replaced_groups_keep_their_members(service: Service) -> None:
    """PUT of a group keeps the members who were there."""

    def answer(ask: Ask, request: Request) -> Response:
        body, old = sent(request), stored(service, request).get("members") or []
        request.body = service.answers.encoded(body | {"members": [*old, *(body.get("members") or [])]})
        return ask(request)

    at(service, "PUT", GROUP, answer)


@fault("OTHER-IDP-PINGFEDERATE-07")
def everybody_is_created_active(service: Service) -> None:
    """A new user is active, whatever was sent."""
    sending(service, "POST", USERS, lambda body: less(body, "active"))


@fault("OTHER-IDP-SAILPOINT-01")
def one_schema_is_not_found(service: Service) -> None:
    """GET of one schema is answered with 404; the list of schemas is there."""
    refused(service, "GET", "/Schemas/", always, not_found("There is no such endpoint."))


@fault("OTHER-IDP-SAILPOINT-01")
def one_resource_type_is_not_found(service: Service) -> None:
    """GET of one resource type is answered with 404; the list of resource types is there."""
    refused(service, "GET", "/ResourceTypes/", always, not_found("There is no such endpoint."))


@fault("OTHER-IDP-SAILPOINT-02")
def pages_of_users_are_404(service: Service) -> None:
    """A list of users with startIndex is answered with 404."""
    refused(service, "GET", USERS, lambda request: request.parameter("startIndex") is not None, not_found("No."))
