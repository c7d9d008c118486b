"""Faults that the tests of groups of SCIM Validator notice, and tests of the other gates along with them."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.faults import answer, around, fault
from scim_conformance.server.faults.gate_validator import answering, changing, ignoring
from scim_conformance.server.filters import Compare
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Change = Callable[[Resource, Target, Any], None]


@fault("ENTRA-VALIDATOR-13", "ENTRA-VALIDATOR-14")
def groups_always_have_a_list_of_members(service: Service) -> None:
    """A group shows a list of members, be it an empty one, even where members are excluded."""

    def show(original: Callable[..., dict[str, Any]], kind: ResourceType, *rest: Any) -> dict[str, Any]:
        found = original(kind, *rest)
        return {**found, "members": found.get("members") or []} if kind.name == "Group" else found

    around(service.projection, "show", show)


@fault("ENTRA-VALIDATOR-13", "ENTRA-VALIDATOR-14", "ENTRA-GALLERY-08")
def nothing_can_be_excluded(service: Service) -> None:
    """The query parameter excludedAttributes is refused with 400."""

    def wanted(original: Callable[..., Any], attributes: str | None, excluded: str | None) -> Any:
        if excluded is not None:
            raise invalid_value("excludedAttributes is not supported.")
        return original(attributes, excluded)

    around(service.projection, "wanted", wanted)


@fault(
    "ENTRA-VALIDATOR-14",
    "ENTRA-VALIDATOR-15",
    "ENTRA-VALIDATOR-17",
    "ENTRA-GALLERY-08",
    "ENTRA-GALLERY-09",
    "ENTRA-GALLERY-14",
    "OKTA-OIN-C9315",
    "OKTA-OIN-C9322",
    "OKTA-OIN-C9330",
)
def filters_find_no_group_by_name(service: Service) -> None:
    """A filter on the displayName of a group finds nothing."""

    def compare(original: Callable[..., bool], compare: Compare, scope: Any) -> bool:
        return original(compare, scope) and not (scope.kind.name == "Group" and compare.path.name == "displayName")

    around(service.evaluation, "compare", compare)


@fault(
    "ENTRA-VALIDATOR-04",
    "ENTRA-VALIDATOR-16",
    "ENTRA-GALLERY-01",
    "ENTRA-GALLERY-08",
    "OKTA-SPEC-03",
    "OKTA-SPEC-05",
)
def a_filter_without_match_is_not_found(service: Service) -> None:
    """A filter that nothing matches is answered 404 instead of an empty list."""

    def listed(original: Callable[..., Response], request: Request, body: dict[str, Any]) -> Response:
        if request.parameter("filter") is not None and not body["totalResults"]:
            raise ScimError(404, None, "Nothing matches the filter.")
        return original(request, body)

    around(service.answers, "listed", listed)


@fault("ENTRA-VALIDATOR-18", "OKTA-OIN-C9312", "OKTA-OIN-C9317")
def new_groups_answer_200(service: Service) -> None:
    """The POST of a group is answered 200 instead of 201."""

    def wrong(request: Request, response: Response) -> Response:
        if request.method == "POST" and request.path.endswith("/Groups") and response.status == 201:  # noqa: PLR2004
            response.status = 200
        return response

    answering(service, wrong)


@fault("ENTRA-VALIDATOR-01", "OKTA-SPEC-06", "OKTA-OIN-C9290")
def new_users_answer_200(service: Service) -> None:
    """The POST of a user is answered 200 instead of 201."""

    def wrong(request: Request, response: Response) -> Response:
        if request.method == "POST" and request.path.endswith("/Users") and response.status == 201:  # noqa: PLR2004
            response.status = 200
        return response

    answering(service, wrong)


@fault("ENTRA-VALIDATOR-19")
def groups_can_be_doubled(service: Service) -> None:
    """A second POST of the same group makes a second one: right by the RFC, and not what Entra ID needs."""
    answer(service.uniqueness, "identity", set())


@fault("ENTRA-VALIDATOR-20", "ENTRA-GALLERY-20", "ENTRA-GALLERY-18", "ENTRA-VALIDATOR-P2")
def external_ids_cannot_be_patched(service: Service) -> None:
    """A PATCH of externalId succeeds, and the externalId stays as it was."""
    ignoring(service, "externalId")


@fault("ENTRA-VALIDATOR-21", "ENTRA-GALLERY-09", "ENTRA-GALLERY-20", "OKTA-OIN-C9315")
def groups_cannot_be_renamed(service: Service) -> None:
    """A PATCH of the displayName of a group succeeds, and the group keeps its name."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        if target.kind.name != "Group" or target.attribute.name != "displayName":
            original(draft, target, operation)

    around(service.patching, "on_target", on_target)


@fault("ENTRA-VALIDATOR-22", "ENTRA-VALIDATOR-23", "OKTA-OIN-C9316", "OKTA-OIN-C9330")
def members_cannot_be_replaced(service: Service) -> None:
    """A PATCH replace of members succeeds, and the members stay who they were."""

    def replace_all(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name != "members":
            original(holder, target, value)

    changing(service, "replace_all", replace_all)


@fault("ENTRA-VALIDATOR-23", "OKTA-OIN-C9333")
def removing_one_member_removes_all(service: Service) -> None:
    """A PATCH remove with the path members[value eq "id"] empties the group."""

    def drop_elements(
        original: Callable[..., None], holder: Resource, attribute: Attribute, unwanted: list[Any]
    ) -> None:
        original(holder, attribute, list(holder.get("members") or []) if attribute.name == "members" else unwanted)

    around(service.patching, "drop_elements", drop_elements)


@fault("ENTRA-VALIDATOR-23", "ENTRA-VALIDATOR-P5", "OKTA-OIN-C9333")
def members_cannot_be_removed_by_a_filter(service: Service) -> None:
    """A PATCH remove with the path members[value eq "id"] succeeds, and removes nobody."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name != "members" or target.filter is None:
            original(holder, target, value)

    changing(service, "remove", remove)
