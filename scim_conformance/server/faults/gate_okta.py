"""Faults that Okta's SPEC test and the cases of its test plan notice."""

import time
from collections.abc import Callable
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, invalid_filter, mutability
from scim_conformance.server.faults import answer, around, fault, swap
from scim_conformance.server.faults.gate_validator import answering, changing
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.grants import OWN
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

CREATED = 201


def without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Give what takes attributes out of a resource."""
    return lambda resource: {name: value for name, value in resource.items() if name not in names}


# -- the SPEC test --------------------------------------------------------------------------


@fault("OKTA-SPEC-01", "OKTA-SPEC-02")
def users_are_shown_without_addresses(service: Service) -> None:
    """A user is shown without e-mail addresses: right by the RFC."""
    showing(service, "User", without("emails"))


@fault("OKTA-SPEC-01", "OKTA-SPEC-02", "OKTA-SPEC-06")
def users_do_not_say_whether_they_are_active(service: Service) -> None:
    """A user is shown without active: right by the RFC."""
    showing(service, "User", without("active"))


@fault("OKTA-SPEC-01", "OKTA-SPEC-02", "OKTA-SPEC-06", "OKTA-SPEC-07")
def users_are_shown_without_names(service: Service) -> None:
    """A user is shown without name: right by the RFC."""
    showing(service, "User", without("name"))


@fault("OKTA-SPEC-01", "OKTA-SPEC-03", "OKTA-SPEC-05", "OKTA-SPEC-09")
def lists_are_not_allowed(service: Service) -> None:
    """A query is answered 403 with an empty object."""
    swap(service.answers, "listed", lambda request, _body: service.answers.document(request, 403, {}))


@fault("OKTA-SPEC-02", "OKTA-SPEC-07")
def users_have_another_id_alone(service: Service) -> None:
    """GET of one user is answered with another id, another name and status 203."""

    def found(original: Callable[..., Response], request: Request, resource: Any, shown: Any, where: str) -> Response:
        wrong = {"id": "another", "userName": "another", "name": {"familyName": "A", "givenName": "B"}}
        response = original(request, resource, {**shown, **wrong}, where)
        response.status = 203
        return response

    around(service.answers, "found", found)


@fault("OKTA-SPEC-02", "OKTA-SPEC-07")
def single_users_show_nothing(service: Service) -> None:
    """GET of one user is answered with an empty object."""
    swap(
        service.answers, "found", lambda request, _resource, _shown, _where: service.answers.document(request, 200, {})
    )


@fault("OKTA-SPEC-04", "OKTA-SPEC-11", "OKTA-SPEC-12")
def errors_say_nothing(service: Service) -> None:
    """An error has an empty object as its body."""
    answer(service.answers, "error_body", {})


@fault("OKTA-SPEC-04", "OKTA-SPEC-12")
def nobody_is_a_bad_request(service: Service) -> None:
    """GET of an id that nobody has is answered 400 instead of 404."""

    def existing(original: Callable[..., Any], kind: ResourceType, id_: str) -> Any:
        try:
            return original(kind, id_)
        except ScimError:
            raise ScimError(400, "invalidValue", "There is no such id.") from None

    around(service.lifecycle, "existing", existing)


@fault("OKTA-SPEC-06")
def plain_json_is_not_supported(service: Service) -> None:
    """A body that is sent as application/json is refused with 415: right by the RFC."""
    swap(service.bodies, "is_supported", lambda kind: kind == "application/scim+json")


@fault("OKTA-SPEC-06", "OKTA-SPEC-07")
def new_users_are_shown_as_nobody(service: Service) -> None:
    """The answer to a POST shows an inactive user of another name and no schema."""

    def created(
        original: Callable[..., Response], request: Request, resource: Any, _shown: Any, where: str
    ) -> Response:
        response = original(request, resource, {"active": "yes", "id": ""}, where)
        response.status = 202
        return response

    around(service.answers, "created", created)


@fault("OKTA-SPEC-09")
def capitals_are_no_filter(service: Service) -> None:
    """A filter whose value is in capitals is refused with 400."""

    def parse(original: Callable[..., Any], text: str) -> Any:
        value = text.partition('"')[2]
        if value.isupper():
            raise invalid_filter("A value in capitals is not supported.")
        return original(text)

    around(service.evaluation, "parse", parse)


@fault("OKTA-SPEC-10")
def groups_are_not_listed(service: Service) -> None:
    """GET /Groups is answered 403."""

    def matching(original: Callable[..., Any], request: Request, kinds: Any, filter_: Any) -> Any:
        if filter_ is None and [kind.name for kind in kinds] == ["Group"]:
            raise ScimError(403, None, "Groups are not listed.")
        return original(request, kinds, filter_)

    around(service.query, "matching", matching)


@fault("OKTA-SPEC-10")
def groups_are_listed_slowly(service: Service) -> None:
    """GET /Groups takes more than 600 ms."""

    def matching(original: Callable[..., Any], request: Request, kinds: Any, filter_: Any) -> Any:
        if filter_ is None and [kind.name for kind in kinds] == ["Group"]:
            time.sleep(0.65)
        return original(request, kinds, filter_)

    around(service.query, "matching", matching)


@fault("OKTA-SPEC-11", "OKTA-OIN-C9340")
def every_word_is_a_token(service: Service) -> None:
    """A request with whatever credentials is let in."""

    def check_token(original: Callable[[Request], None], request: Request) -> None:
        try:
            original(request)
        except ScimError:
            request.grant = OWN

    around(service.access, "check_token", check_token)


@fault("OKTA-SPEC-11")
def refusals_have_no_body(service: Service) -> None:
    """A 401 has no body: right by RFC 6750."""

    def wrong(_request: Request, response: Response) -> Response:
        unauthorized = 401
        if response.status != unauthorized:
            return response
        return Response(unauthorized, Headers([("WWW-Authenticate", "Bearer")]))

    answering(service, wrong)


# -- the test plan, users -------------------------------------------------------------------


@fault("OKTA-OIN-C9290")
def groups_of_a_user_are_refused(service: Service) -> None:
    """A POST of a user with groups, be they none, is refused with 400, although they are to be ignored."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        if kind.name == "User" and "groups" in service.bodies.json(request):
            raise mutability("groups is readOnly.")
        return original(request, kind)

    around(service.lifecycle, "create", create)


@fault("OKTA-OIN-C9291", "OKTA-OIN-C9309", "OKTA-OIN-C9310", "OKTA-OIN-C9335", "OKTA-OIN-C9337")
def what_was_read_cannot_be_written(service: Service) -> None:
    """A PUT whose body has id, meta or groups is refused with 400."""

    def replace(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        if {"id", "meta", "groups"} & set(service.bodies.json(request)):
            raise mutability("id, meta and groups are readOnly.")
        return original(request, kind, id_)

    around(service.lifecycle, "replace", replace)


@fault("OKTA-OIN-C9291", "OKTA-OIN-C9309", "OKTA-OIN-C9310", "OKTA-OIN-C9335")
def names_cannot_be_replaced(service: Service) -> None:
    """A PUT succeeds, and leaves the name of the user as it was."""

    def update(original: Callable[..., Resource], kind: ResourceType, record: Any, draft: Resource) -> Resource:
        return original(kind, record, {**draft, "name": record.resource.get("name", {})})

    during(service.lifecycle, "replace", service.lifecycle, "update", update)


@fault("OKTA-OIN-C9337")
def what_is_left_out_stays(service: Service) -> None:
    """A PUT keeps the value of what its body leaves out: right by the RFC."""
    swap(service.validation, "omitted", lambda _attribute, stored: stored)


@fault("OKTA-OIN-C9301", "OKTA-OIN-C9302")
def passwords_cannot_be_pushed(service: Service) -> None:
    """A PATCH of the password is refused with 400."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Any) -> None:
        if target.attribute.name == "password":
            raise mutability("The password cannot be changed.")
        original(draft, target, operation)

    around(service.patching, "on_target", on_target)


@fault(
    "OKTA-OIN-C9303",
    "OKTA-OIN-C9304",
    "OKTA-OIN-C9305",
    "OKTA-OIN-C9338",
    "OKTA-OIN-C9294",
    "OKTA-OIN-C9311",
    "OKTA-OIN-C9315",
    "OKTA-OIN-C9322",
    "OKTA-OIN-C9330",
    "OKTA-OIN-C9335",
)
def the_newest_is_on_no_page(service: Service) -> None:
    """The last page of a list without filter leaves out the newest resource, which is counted."""

    def page(original: Callable[..., Any], found: Any, start: int, count: int) -> Any:
        return [each for each in original(found, start, count) if each is not found[-1]]

    around(service.query, "page", page)


@fault("OKTA-OIN-C9304")
def lists_are_yesterdays(service: Service) -> None:
    """A list without filter shows users under the displayName that they were created with."""
    first: dict[str, Any] = {}

    def shown(original: Callable[..., dict[str, Any]], request: Request, kind: Any, resource: Any, *rest: Any) -> Any:
        found = original(request, kind, resource, *rest)
        name = first.get(resource["id"])
        return {**found, "displayName": name} if name and request.parameter("filter") is None else found

    def insert(original: Callable[..., None], kind: ResourceType, resource: Resource) -> None:
        original(kind, resource)
        first[resource["id"]] = resource.get("displayName")

    around(service.query, "shown", shown)
    around(service.lifecycle, "insert", insert)


@fault(
    "OKTA-OIN-C9335",
    "OKTA-OIN-C9294",
    "OKTA-OIN-C9311",
    "ENTRA-GALLERY-01",
    "ENTRA-GALLERY-02",
    "ENTRA-GALLERY-06",
    "ENTRA-VALIDATOR-01",
    "ENTRA-VALIDATOR-03",
    "ENTRA-VALIDATOR-05",
)
def filters_find_no_user_by_name(service: Service) -> None:
    """A filter on a userName finds nobody."""

    def compare(original: Callable[..., bool], compare: Any, scope: Any) -> bool:
        return compare.path.name != "userName" and original(compare, scope)

    around(service.evaluation, "compare", compare)


# -- the test plan, groups ------------------------------------------------------------------


@fault("OKTA-OIN-C9312", "OKTA-OIN-C9317")
def an_empty_list_of_members_is_refused(service: Service) -> None:
    """A POST of a group whose members are an empty list is refused with 400."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        if kind.name == "Group" and service.bodies.json(request).get("members") == []:
            raise ScimError(400, "invalidValue", "members is empty.")
        return original(request, kind)

    around(service.lifecycle, "create", create)


@fault("OKTA-OIN-C9315", "OKTA-OIN-C9332", "OKTA-OIN-C9333")
def an_id_in_a_value_is_refused(service: Service) -> None:
    """A PATCH operation without path whose value has the id is refused with 400."""

    def without_path(original: Callable[..., None], kind: ResourceType, draft: Resource, operation: Any) -> None:
        if isinstance(operation.value, dict) and "id" in operation.value:
            raise mutability("id is readOnly.")
        original(kind, draft, operation)

    around(service.patching, "without_path", without_path)


@fault("OKTA-OIN-C9316")
def replaced_members_stay(service: Service) -> None:
    """A PATCH replace of members adds the new ones to those who are there."""

    def replace_all(original: Callable[..., None], holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name == "members":
            service.patching.append(holder, target, value)
        else:
            original(holder, target, value)

    changing(service, "replace_all", replace_all)


@fault("OKTA-OIN-C9332")
def added_members_take_the_place_of_others(service: Service) -> None:
    """A PATCH add of members removes those who were there."""

    def append(original: Callable[..., None], holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name == "members":
            service.patching.replace_all(holder, target, value)
        else:
            original(holder, target, value)

    changing(service, "append", append)


@fault("OKTA-OIN-C9322", "OKTA-OIN-C9312", "OKTA-OIN-C9315", "OKTA-OIN-C9317", "OKTA-OIN-C9330")
def groups_cannot_be_read_alone(service: Service) -> None:
    """GET of one group is answered 404, although a filter finds it."""

    def read(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        if kind.name == "Group":
            raise ScimError(404, None, "There is no such group.")
        return original(request, kind, id_)

    around(service, "read", read)


@fault("OKTA-OIN-C9338")
def lists_leave_members_out(service: Service) -> None:
    """A list shows groups without their members."""

    def shown(original: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
        return without("members")(original(*args))

    around(service.query, "shown", shown)


@fault("OKTA-OIN-C9330")
def pushed_members_rename_the_group(service: Service) -> None:
    """A PATCH of members takes the name of a group away and gives it another."""

    def replace_all(original: Callable[..., None], holder: Resource, target: Target, value: Any) -> None:
        original(holder, target, value)
        if target.attribute.name == "members":
            holder["displayName"] = f"{holder['displayName']} (pushed)"

    changing(service, "replace_all", replace_all)


@fault("OKTA-OIN-C9318")
def deletions_of_groups_are_refused(service: Service) -> None:
    """A DELETE of a group is answered 403."""

    def delete(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        if kind.name == "Group":
            raise ScimError(403, None, "Groups are not deleted.")
        return original(request, kind, id_)

    around(service.lifecycle, "delete", delete)
