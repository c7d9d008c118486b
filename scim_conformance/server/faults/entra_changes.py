"""Faults that Entra ID meets when it changes users: both dialects of PATCH, activity, managers, roles."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.edge import Ask, Body, at, sent, showing
from scim_conformance.server.errors import ScimError, invalid_path, invalid_value, mutability, no_target
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.entra import A_USER, FLAG
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

Change = Callable[[Resource, Target, Any], None]
Operate = Callable[[ResourceType, Resource, Operation], None]


def refusing(
    service: Service, when: Callable[[Operation], bool], problem: Callable[[str], ScimError] = no_target
) -> None:
    """Refuse the operations that meet a condition."""

    def operate(original: Operate, kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if when(operation):
            raise problem("The operation is not understood.")
        original(kind, draft, operation)

    around(service.patching, "operate", operate)


def ignoring(service: Service, when: Callable[[Operation], object]) -> None:
    """Pass over the operations that meet a condition, and succeed."""

    def operate(original: Operate, kind: ResourceType, draft: Resource, operation: Operation) -> None:
        if not when(operation):
            original(kind, draft, operation)

    around(service.patching, "operate", operate)


def on(service: Service, rule: str, attribute: str, new: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Put another rule in the place of add, replace or remove of an attribute."""

    def changed(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.attribute.name == attribute:
            new(original, holder, target, value)
        else:
            original(holder, target, value)

    around(service.patching, rule, changed)


# -- several attributes ---------------------------------------------------------------------


@fault("ENTRA-U08")
def entra_the_first_operation_counts(service: Service) -> None:
    """Of several operations with a path the first is performed."""

    def patched(original: Callable[..., Resource], kind: Any, resource: Resource, operations: Any) -> Resource:
        listed = list(operations)
        return original(kind, resource, listed[:1] if len(listed) > 2 else listed)  # noqa: PLR2004 - several

    around(service.patching, "patched", patched)


@fault("ENTRA-U08")
def entra_external_ids_are_for_ever(service: Service) -> None:
    """PATCH of externalId is refused."""
    refusing(service, lambda operation: operation.path == "externalId", mutability)


@fault("ENTRA-U08")
def entra_work_addresses_are_not_selected(service: Service) -> None:
    """Replace of emails[type eq "work"].value succeeds and does nothing."""
    ignoring(service, lambda operation: operation.capital and operation.path.startswith("emails["))


def members(service: Service, new: Callable[..., None]) -> None:
    """Change how members of a value without path are performed."""
    around(service.patching, "member", new)


@fault("ENTRA-U09-a", "ENTRA-U09-b")
def entra_dotted_names_are_unknown(service: Service) -> None:
    """A dotted name in a value without path is passed over."""

    def member(original: Callable[..., None], kind: Any, draft: Resource, name: str, operation: Operation) -> None:
        if "." not in name or name.startswith("urn:"):
            original(kind, draft, name, operation)

    members(service, member)


@fault("ENTRA-U09-a", "ENTRA-U09-b")
def entra_names_with_an_urn_are_unknown(service: Service) -> None:
    """A name with an URN before it, in a value without path, is passed over."""

    def member(original: Callable[..., None], kind: Any, draft: Resource, name: str, operation: Operation) -> None:
        if not name.startswith("urn:"):
            original(kind, draft, name, operation)

    members(service, member)


@fault("ENTRA-U09-a", "ENTRA-U09-b")
def entra_dotted_names_are_stored_as_well(service: Service) -> None:
    """Dotted names are shown as members of the user, beside what they name."""
    kept: dict[str, Body] = {}

    def modify(ask: Ask, request: Request) -> Response:
        for operation in sent(request).get("Operations") or []:
            value = operation.get("value")
            if isinstance(value, dict) and "path" not in operation:
                stored = kept.setdefault(request.path.rpartition("/")[2], {})
                stored |= {name: each for name, each in value.items() if "." in name}
        return ask(request)

    at(service, "PATCH", A_USER, modify)
    showing(service, "GET", A_USER, lambda body: {**body, **kept.get(str(body.get("id")), {})})


@fault("ENTRA-U09-b")
def entra_adding_needs_a_path(service: Service) -> None:
    """Add without path is refused."""
    refusing(service, lambda operation: operation.op == "add" and not operation.path, invalid_path)


@fault("ENTRA-U09-c")
def entra_dotted_names_do_not_reach_into_lists(service: Service) -> None:
    """A dotted name into a multi-valued attribute is passed over."""

    def member(original: Callable[..., None], kind: Any, draft: Resource, name: str, operation: Operation) -> None:
        if name != "emails.value":
            original(kind, draft, name, operation)

    members(service, member)


@fault("ENTRA-U10")
def entra_nicknames_are_not_added(service: Service) -> None:
    """Add of nickName succeeds and does nothing."""
    ignoring(service, lambda operation: operation.op == "add" and operation.path == "nickName")


# -- names ----------------------------------------------------------------------------------


@fault("ENTRA-U11")
def entra_names_are_for_ever(service: Service) -> None:
    """PATCH of userName is refused."""

    def named(operation: Operation) -> bool:
        value = operation.value if isinstance(operation.value, dict) else {}
        return operation.path == "userName" or "userName" in value

    refusing(service, named, mutability)


@fault("ENTRA-U11")
def entra_renamed_users_are_searched_by_their_old_name(service: Service) -> None:
    """A user who was renamed is not found by the new name."""
    renamed: set[str] = set()

    def modify(ask: Ask, request: Request) -> Response:
        if "userName" in str(sent(request)):
            renamed.add(request.path.rpartition("/")[2])
        return ask(request)

    def matching(original: Callable[..., Any], *args: Any) -> Any:
        return [(kind, each) for kind, each in original(*args) if args[-1] is None or each["id"] not in renamed]

    at(service, "PATCH", A_USER, modify)
    around(service.query, "matching", matching)


# -- activity -------------------------------------------------------------------------------


def activity(service: Service, new: Callable[[Change, Resource, Target, Any], None]) -> None:
    """Change what replacing active does."""
    on(service, "replace", "active", new)


@fault("ENTRA-U12-a", "ENTRA-U13-a")
def entra_booleans_in_text_are_refused(service: Service) -> None:
    """The attribute active, given as a string, is refused."""

    def boolean(original: Callable[..., bool], value: Any, place: str) -> bool:
        if isinstance(value, str) and place == "active":
            raise invalid_value("active is a boolean.")
        return original(value, place)

    around(service.values, "boolean", boolean)


@fault("ENTRA-U12-a")
def entra_any_text_is_true(service: Service) -> None:
    """The attribute active, given as a string, is true, whatever the string is, as bool("False") is."""
    around(
        service.values, "boolean", lambda original, value, place: True if value == "False" else original(value, place)
    )


@fault("ENTRA-U13-a")
def entra_text_is_never_true(service: Service) -> None:
    """The attribute active, given as a string, is false, whatever the string is."""
    around(service.values, "boolean", lambda original, value, place: value != "True" and original(value, place))


@fault("ENTRA-Q02")
def entra_booleans_are_stored_as_they_come(service: Service) -> None:
    """The attribute active, given as a string, is kept and shown as a string."""

    def boolean(original: Callable[..., Any], value: Any, place: str) -> Any:
        return value if isinstance(value, str) and place == "active" else original(value, place)

    around(service.values, "boolean", boolean)


@fault("ENTRA-U12-b")
def entra_schemas_come_first(service: Service) -> None:
    """The body of a PATCH whose Operations stand before its schemas is refused."""

    def modify(ask: Ask, request: Request) -> Response:
        if request.body.lstrip(b"{ \n").startswith(b'"Operations"'):
            raise invalid_value("schemas is missing.")
        return ask(request)

    at(service, "PATCH", A_USER, modify)


@fault("ENTRA-U12-a", "ENTRA-U12-b", "ENTRA-U12-c")
def entra_users_stay_active(service: Service) -> None:
    """PATCH of active succeeds and leaves active users active."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if str(value).lower() != "false":
            original(holder, target, value)

    activity(service, replace)


@fault("ENTRA-U12-c")
def entra_users_stay_active_with_the_flag(service: Service) -> None:
    """PATCH of active by false is refused in lower case."""
    when = {"flag": False}

    def modify(ask: Ask, request: Request) -> Response:
        when["flag"] = request.parameter(FLAG) is not None
        return ask(request)

    at(service, "PATCH", A_USER, modify)
    refusing(service, lambda operation: when["flag"] and operation.path == "active" and operation.value is False)


@fault("ENTRA-U13-a", "ENTRA-U13-b")
def entra_users_stay_inactive(service: Service) -> None:
    """PATCH of active leaves inactive users inactive."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if str(value).lower() == "false" or holder.get("active") is True:
            original(holder, target, value)

    activity(service, replace)


# -- habits ---------------------------------------------------------------------------------


def capital(verb: str) -> Callable[[Callable[[Any], str], Any], str]:
    """Refuse one word that begins with a capital letter."""

    def operation_name(original: Callable[[Any], str], op: Any) -> str:
        if op == verb:
            raise invalid_value(f"{op} is no operation.")
        return original(op)

    return operation_name


@fault("ENTRA-Q01", "ENTRA-U08")
def entra_replace_is_in_lower_case(service: Service) -> None:
    """Replace with a capital letter is refused."""
    around(service.bodies, "operation_name", capital("Replace"))


@fault(
    "ENTRA-Q01", "ENTRA-U10", "ENTRA-Q08-b", "ENTRA-U14-a", "ENTRA-U14-b", "ENTRA-U16-a", "ENTRA-G06-a", "ENTRA-G06-b"
)
def entra_add_is_in_lower_case(service: Service) -> None:
    """Add with a capital letter is refused."""
    around(service.bodies, "operation_name", capital("Add"))


@fault("ENTRA-Q01", "ENTRA-G07-a", "ENTRA-G07-b", "ENTRA-U15-c")
def entra_remove_is_in_lower_case(service: Service) -> None:
    """Remove with a capital letter is refused."""
    around(service.bodies, "operation_name", capital("Remove"))


@fault("ENTRA-Q08-a")
def entra_missing_elements_are_not_replaced(service: Service) -> None:
    """Replace of an element that is not there is refused with noTarget, as the RFC has it."""
    swap(service.patching, "rule", lambda _holder, _target, operation: operation.op)


@fault("ENTRA-Q08-a")
def entra_missing_elements_are_passed_over(service: Service) -> None:
    """Replace of an element that is not there succeeds and does nothing."""

    def replace_elements(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if service.patching.matching(holder, target):
            original(holder, target, value)

    swap(service.patching, "rule", lambda _holder, _target, operation: operation.op)
    around(service.patching, "replace_elements", replace_elements)


@fault("ENTRA-Q08-a", "ENTRA-Q08-b")
def entra_missing_elements_are_not_added(service: Service) -> None:
    """Add to an element that is not there is refused with noTarget."""

    def described_element(_holder: Resource, _target: Target) -> Resource:
        raise no_target("There is no such element.")

    swap(service.patching, "described_element", described_element)


@fault("ENTRA-Q08-a", "ENTRA-Q08-b")
def entra_missing_elements_get_no_type(service: Service) -> None:
    """An element that is made because it was not there does not get the type that selected it."""

    def described_element(original: Callable[..., Resource], holder: Resource, target: Target) -> Resource:
        element = original(holder, target)
        element.pop("type", None)
        return element

    around(service.patching, "described_element", described_element)
