"""Faults that tests of Microsoft's SCIM Validator notice, and tests of the other gates along with them."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.errors import ScimError, invalid_value, no_target
from scim_conformance.server.faults import after, answer, around, fault, skip, swap
from scim_conformance.server.filters import Compare
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Change = Callable[[Resource, Target, Any], None]
Operate = Callable[[ResourceType, Resource, Operation], None]


def changing(service: Service, name: str, wrong: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Wrap one of the rules by which an operation changes an attribute: add, remove, replace, assign ..."""
    around(service.patching, name, wrong)


def ignoring(service: Service, name: str) -> None:
    """Let every operation on an attribute succeed and do nothing."""

    def on_target(original: Callable[..., None], draft: Resource, target: Target, operation: Operation) -> None:
        if target.attribute.name != name:
            original(draft, target, operation)

    around(service.patching, "on_target", on_target)


def answering(service: Service, wrong: Callable[[Request, Response], Response]) -> None:
    """Change every answer, as it is about to leave."""

    def finished(original: Callable[..., Response], request: Request, response: Response) -> Response:
        return original(request, wrong(request, response))

    around(service, "finished", finished)


# -- users ----------------------------------------------------------------------------------


@fault("ENTRA-VALIDATOR-01", "ENTRA-VALIDATOR-25", "ENTRA-GALLERY-03", "ENTRA-GALLERY-06")
def booleans_in_text_are_refused(service: Service) -> None:
    """The texts "True" and "False" are refused with 400, although Entra ID sends booleans so."""

    def boolean(original: Callable[..., bool], value: Any, place: str) -> bool:
        if isinstance(value, str):
            raise service.values.wrong_type(place, "true or false", value)
        return original(value, place)

    around(service.values, "boolean", boolean)


@fault("ENTRA-VALIDATOR-01", "ENTRA-VALIDATOR-25")
def names_of_countries_are_refused(service: Service) -> None:
    """A country that is given by its name is refused with 400: right by the RFC, and not what Entra ID needs."""
    answer(service.values, "is_country_name", value=False)


@fault("ENTRA-VALIDATOR-02", "OKTA-SPEC-08", "ENTRA-VALIDATOR-19")
def conflicts_are_bad_requests(service: Service) -> None:
    """A userName that is taken is answered 400 instead of 409."""
    swap(service.uniqueness, "conflict", lambda _taken: ScimError(400, "uniqueness", "The userName is taken."))


@fault("ENTRA-VALIDATOR-02", "OKTA-SPEC-08", "ENTRA-VALIDATOR-19")
def the_same_user_twice_is_one(service: Service) -> None:
    """A second POST of the same user is answered 201 with the first one."""

    def create(original: Callable[..., Response], request: Request, kind: ResourceType) -> Response:
        try:
            return original(request, kind)
        except ScimError as error:
            if error.status != 409:  # noqa: PLR2004 - Conflict
                raise
            found = next(
                r.resource for r in service.domains.scan(kind.name) if r.resource["userName"] in str(request.body)
            )
            return service.answers.created(request, found, {"id": found["id"]}, "")

    around(service.lifecycle, "create", create)


@fault(
    "ENTRA-VALIDATOR-01",
    "ENTRA-VALIDATOR-03",
    "ENTRA-VALIDATOR-04",
    "ENTRA-VALIDATOR-05",
    "ENTRA-VALIDATOR-14",
    "ENTRA-VALIDATOR-15",
    "ENTRA-VALIDATOR-16",
    "ENTRA-VALIDATOR-17",
    "ENTRA-GALLERY-01",
    "ENTRA-GALLERY-08",
    "ENTRA-GALLERY-10",
    "OKTA-SPEC-01",
    "OKTA-SPEC-03",
    "OKTA-SPEC-05",
    "OKTA-OIN-C9290",
    "OKTA-OIN-C9303",
    "ENTRA-GALLERY-23",
    "OKTA-OIN-C9294",
    "OKTA-OIN-C9304",
    "OKTA-OIN-C9305",
    "OKTA-OIN-C9311",
    "OKTA-OIN-C9312",
    "OKTA-OIN-C9315",
    "OKTA-OIN-C9318",
    "OKTA-OIN-C9322",
    "OKTA-OIN-C9330",
    "OKTA-OIN-C9335",
    "OKTA-OIN-C9338",
)
def lists_do_not_count(service: Service) -> None:
    """A list has no totalResults."""
    after(
        service.answers,
        "list_response",
        lambda body: {name: value for name, value in body.items() if name != "totalResults"},
    )


@fault(
    "ENTRA-VALIDATOR-01",
    "ENTRA-VALIDATOR-03",
    "ENTRA-VALIDATOR-15",
    "ENTRA-GALLERY-01",
    "ENTRA-GALLERY-02",
    "ENTRA-GALLERY-06",
    "ENTRA-GALLERY-08",
    "ENTRA-GALLERY-09",
    "ENTRA-VALIDATOR-04",
    "ENTRA-VALIDATOR-05",
    "ENTRA-VALIDATOR-14",
    "ENTRA-VALIDATOR-16",
    "ENTRA-VALIDATOR-17",
)
def plus_is_no_blank(service: Service) -> None:
    """A + in a query is read as it is, and not as a blank."""

    def filter_(original: Callable[..., Any], kinds: Any, text: str | None, **options: Any) -> Any:
        return original(kinds, text.replace(" eq ", "+eq+") if text else text, **options)

    around(service.query, "filter", filter_)


@fault("ENTRA-VALIDATOR-05")
def user_names_are_found_by_their_letter_case(service: Service) -> None:
    """A filter finds a userName only in the letter case in which it was sent."""
    exactly(service, "userName")


@fault("ENTRA-VALIDATOR-17")
def group_names_are_found_by_their_letter_case(service: Service) -> None:
    """A filter finds a displayName only in the letter case in which it was sent."""
    exactly(service, "displayName")


def exactly(service: Service, name: str) -> None:
    """Let eq on a text attribute heed letter case, whatever the schema says."""

    def compare(original: Callable[..., bool], compare: Compare, scope: Any) -> bool:
        if compare.path.name.lower() != name.lower() or not isinstance(compare.value, str):
            return original(compare, scope)
        return bool(scope.holder.get(name) == compare.value)

    around(service.evaluation, "compare", compare)


@fault("ENTRA-VALIDATOR-03", "ENTRA-VALIDATOR-05")
def lists_leave_roles_out(service: Service) -> None:
    """A list shows users without their roles."""

    def shown(original: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
        return {name: value for name, value in original(*args).items() if name != "roles"}

    around(service.query, "shown", shown)


@fault("ENTRA-VALIDATOR-06", "ENTRA-GALLERY-02", "ENTRA-GALLERY-16", "ENTRA-GALLERY-18")
def filtered_paths_do_nothing(service: Service) -> None:
    """A PATCH replace with a filter in its path succeeds, and changes nothing."""
    skip(service.patching, "replace_elements")


@fault("ENTRA-VALIDATOR-06", "ENTRA-VALIDATOR-25")
def text_in_a_filter_is_no_boolean(service: Service) -> None:
    """A path that compares a boolean with the text "True" is refused with 400: right by the RFC."""

    def is_comparable(original: Callable[..., bool], attribute: Attribute, value: Any) -> bool:
        return original(attribute, value) and not (attribute.type == "boolean" and isinstance(value, str))

    around(service.evaluation, "is_comparable", is_comparable)


@fault(
    "ENTRA-VALIDATOR-07",
    "ENTRA-VALIDATOR-20",
    "ENTRA-VALIDATOR-21",
    "ENTRA-VALIDATOR-P2",
    "OKTA-OIN-C9292",
    "OKTA-OIN-C9294",
    "OKTA-OIN-C9311",
    "OKTA-OIN-C9315",
    "OKTA-OIN-C9305",
)
def operations_without_path_do_nothing(service: Service) -> None:
    """A PATCH operation without path succeeds, and changes nothing."""
    skip(service.patching, "without_path")


@fault(
    "ENTRA-VALIDATOR-08",
    "ENTRA-GALLERY-03",
    "OKTA-OIN-C9292",
    "OKTA-OIN-C9294",
    "OKTA-OIN-C9305",
    "OKTA-OIN-C9311",
)
def active_cannot_be_patched(service: Service) -> None:
    """A PATCH of active succeeds, and the user stays as active as before."""
    ignoring(service, "active")


@fault("ENTRA-VALIDATOR-09", "ENTRA-VALIDATOR-10", "ENTRA-VALIDATOR-11", "ENTRA-GALLERY-05", "ENTRA-GALLERY-25")
def managers_cannot_be_patched(service: Service) -> None:
    """A PATCH of the manager succeeds, and the manager stays who it was."""
    ignoring(service, "manager")


@fault("ENTRA-VALIDATOR-11", "ENTRA-GALLERY-25")
def an_empty_manager_is_refused(service: Service) -> None:
    """A manager whose value is an empty text is refused with 400, as the id of nobody."""

    def complex_value(original: Callable[..., Any], attribute: Attribute, value: Any) -> Any:
        if value == "" or (isinstance(value, dict) and value.get("value") == ""):
            raise invalid_value(f"{attribute.name} needs the id of a resource as its value.")
        return original(attribute, value)

    around(service.patching, "complex_value", complex_value)


@fault("ENTRA-VALIDATOR-12", "ENTRA-VALIDATOR-24", "ENTRA-VALIDATOR-P4", "ENTRA-VALIDATOR-P7", "OKTA-OIN-C9318")
def deletions_answer_200(service: Service) -> None:
    """A DELETE is answered 200 instead of 204."""
    answer(service.answers, "deleted", Response(200))


@fault(
    "ENTRA-VALIDATOR-12",
    "ENTRA-VALIDATOR-24",
    "ENTRA-VALIDATOR-P4",
    "ENTRA-VALIDATOR-P7",
    "ENTRA-GALLERY-04",
    "ENTRA-GALLERY-10",
    "OKTA-OIN-C9318",
)
def deleted_resources_stay(service: Service) -> None:
    """A DELETE is answered 204, and the resource is still there."""
    skip(service.lifecycle, "remove")


@fault("ENTRA-VALIDATOR-P3", "ENTRA-VALIDATOR-P4", "ENTRA-VALIDATOR-P6", "ENTRA-VALIDATOR-P7")
def deletions_of_nobody_succeed(service: Service) -> None:
    """A DELETE of what is not there is answered 204 instead of 404."""

    def delete(original: Callable[..., Response], *args: Any) -> Response:
        try:
            return original(*args)
        except ScimError as error:
            if error.status != 404:  # noqa: PLR2004 - Not Found
                raise
            return service.answers.deleted()

    around(service.lifecycle, "delete", delete)


@fault("ENTRA-VALIDATOR-25")
def add_needs_an_element(service: Service) -> None:
    """A PATCH add whose path describes an element that is not there is refused with noTarget: right by the RFC."""

    def described_element(_original: Callable[..., Any], _holder: Resource, target: Target) -> Resource:
        raise no_target(f"No element of {target.place} matches the filter.")

    around(service.patching, "described_element", described_element)


@fault(
    "ENTRA-VALIDATOR-06",
    "ENTRA-VALIDATOR-25",
    "ENTRA-VALIDATOR-P1",
    "ENTRA-VALIDATOR-P2",
    "ENTRA-VALIDATOR-P5",
    "ENTRA-GALLERY-02",
    "ENTRA-GALLERY-16",
    "ENTRA-GALLERY-18",
    "ENTRA-GALLERY-20",
    "OKTA-OIN-C9332",
    "OKTA-OIN-C9333",
)
def every_operation_but_the_first_is_left_out(service: Service) -> None:
    """Of several operations of a PATCH only the first one is performed."""
    after(service.bodies, "patch_operations", lambda operations: operations[:1])
