"""Faults of the enterprise extension (RFC 7643 section 4.3)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.service import Service

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
Shown = dict[str, Any]


def in_extension(service: Service, change: Callable[[Shown], Shown]) -> None:
    """Change what users show inside the extension."""

    def show(user: Shown) -> Shown:
        return {**user, ENTERPRISE: change(user[ENTERPRISE])} if ENTERPRISE in user else user

    showing(service, "User", show)


def of_manager(service: Service, change: Callable[[Shown], Any]) -> None:
    """Change how the manager of a user is shown."""

    def show(inside: Shown) -> Shown:
        return {**inside, "manager": change(inside["manager"])} if "manager" in inside else inside

    in_extension(service, show)


# -- where the attributes stand ---------------------------------------------------------------------------


@fault("RFC7643-4.3-01")
def enterprise_attributes_stand_beside_core_ones(service: Service) -> None:
    """The attributes of the enterprise extension are shown among those of the core schema."""

    def show(user: Shown) -> Shown:
        inside = user.get(ENTERPRISE) or {}
        return {**inside, **{name: value for name, value in user.items() if name != ENTERPRISE}}

    showing(service, "User", show)


@fault("RFC7643-4.3-01")
def enterprise_attributes_are_shown_twice(service: Service) -> None:
    """The attributes of the enterprise extension are shown in their member, and among the core ones as well."""
    showing(service, "User", lambda user: {**(user.get(ENTERPRISE) or {}), **user})


@fault("RFC7643-4.3-01")
def the_enterprise_member_has_a_short_name(service: Service) -> None:
    """The attributes of the enterprise extension are shown in a member with the name enterprise."""

    def show(user: Shown) -> Shown:
        return {"enterprise" if name == ENTERPRISE else name: value for name, value in user.items()}

    showing(service, "User", show)


# -- texts ---------------------------------------------------------------------------------------------------


@fault("RFC7643-4.3-02")
def cost_centers_are_lost(service: Service) -> None:
    """A user is shown without the costCenter, although the served schema has it."""
    in_extension(service, lambda inside: {name: value for name, value in inside.items() if name != "costCenter"})


@fault("RFC7643-4.3-02")
def divisions_are_departments(service: Service) -> None:
    """The division is shown as the department, and the department as the division."""
    other = {"division": "department", "department": "division"}
    in_extension(service, lambda inside: {other.get(name, name): value for name, value in inside.items()})


@fault("RFC7643-4.3-02")
def patch_leaves_the_organization(service: Service) -> None:
    """PATCH of the organization succeeds and changes nothing."""

    def replace(original: Callable[..., None], holder: Shown, target: Target, *rest: Any) -> None:
        if target.attribute.name != "organization":
            original(holder, target, *rest)

    around(service.patching, "replace", replace)


@fault("RFC7643-4.3-02")
def put_leaves_the_division(service: Service) -> None:
    """PUT with another division succeeds, and the old one is kept."""

    def by_mutability(original: Callable[..., Any], attribute: Any, asserted: Any, stored: Any, place: str) -> Any:
        kept = attribute.name == "division" and stored is not None
        return original(attribute, stored if kept else asserted, stored, place)

    during(service.lifecycle, "replace", service.validation, "by_mutability", by_mutability)


# -- the manager -----------------------------------------------------------------------------------------------


@fault("RFC7643-4.3-03")
def the_manager_is_a_list(service: Service) -> None:
    """The manager of a user is shown as a list with one element."""
    of_manager(service, lambda manager: [manager])


@fault("RFC7643-4.3-03")
def the_manager_is_a_text(service: Service) -> None:
    """The manager of a user is shown as a plain id."""
    of_manager(service, lambda manager: manager.get("value"))


@fault("RFC7643-4.3-03")
def the_manager_is_lost(service: Service) -> None:
    """A user is shown without the manager, although the served schema has it."""
    in_extension(service, lambda inside: {name: value for name, value in inside.items() if name != "manager"})


@fault("RFC7643-4.3-04")
def the_manager_has_a_name_for_value(service: Service) -> None:
    """manager.value shows the display name of the manager, not the id."""
    of_manager(service, lambda manager: {**manager, "value": manager.get("displayName", "somebody")})


@fault("RFC7643-4.3-04")
def the_manager_has_no_value(service: Service) -> None:
    """The manager of a user is shown without value."""
    of_manager(service, lambda manager: {name: inner for name, inner in manager.items() if name != "value"})


@fault("RFC7643-4.3-05")
def the_manager_has_no_reference(service: Service) -> None:
    """The manager of a user is shown without $ref."""
    of_manager(service, lambda manager: {name: inner for name, inner in manager.items() if name != "$ref"})


@fault("RFC7643-4.3-05")
def the_reference_of_the_manager_names_a_group(service: Service) -> None:
    """manager.$ref is the URI of a group with the id of the manager."""
    of_manager(service, lambda manager: {**manager, "$ref": manager.get("$ref", "").replace("/Users/", "/Groups/")})


@fault("RFC7643-4.3-06")
def the_name_of_the_manager_is_the_clients(service: Service) -> None:
    """manager.displayName shows what a client sent, not the manager's own."""
    names: dict[str, str] = {}

    def read_only(original: Callable[..., Any], attribute: Any, asserted: Any, stored: Any) -> Any:
        return asserted if attribute.name == "displayName" else original(attribute, asserted, stored)

    def settle(original: Callable[..., None], kind: Any, resource: Shown, *rest: Any) -> None:
        for _, element in service.membership.elements(kind, resource):
            if element.get("displayName"):
                names[element["value"]] = element["displayName"]
        original(kind, resource, *rest)

    def described(original: Callable[..., Shown], attribute: Any, element: Shown, request: Any) -> Shown:
        shown = original(attribute, element, request)
        name = names.get(element["value"]) if attribute.name == "manager" else None
        return {**shown, "displayName": name} if name else shown

    around(service.validation, "read_only", read_only)
    around(service.membership, "settle", settle)
    around(service.membership, "described", described)


@fault("RFC7643-4.3-06")
def the_name_of_the_manager_can_be_patched(service: Service) -> None:
    """A PATCH of manager.displayName is answered as if it were performed."""

    def check(original: Callable[..., None], *arguments: Any) -> None:
        try:
            original(*arguments)
        except ScimError as error:
            if "displayName" not in error.detail:
                raise

    around(service.patching, "check_read_only", check)


@fault("RFC7643-4.3-06")
def the_name_of_the_manager_is_the_users_own(service: Service) -> None:
    """manager.displayName shows the name of the user whose manager it is."""

    def show(user: Shown) -> Shown:
        inside = user.get(ENTERPRISE) or {}
        if "manager" not in inside:
            return user
        manager = {**inside["manager"], "displayName": user.get("userName")}
        return {**user, ENTERPRISE: {**inside, "manager": manager}}

    showing(service, "User", show)
