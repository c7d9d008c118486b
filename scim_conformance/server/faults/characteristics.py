"""Faults of characteristics (RFC 7643 sections 2.2, 6 and 7), most of them on the example resource type Device."""

from collections.abc import Callable, Iterable
from typing import Any

from scim_conformance.server.definitions import serve_examples
from scim_conformance.server.during import during
from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import after, around, fault, skip, swap
from scim_conformance.server.faults.schemas import ENTERPRISE, edit_attribute
from scim_conformance.server.schema import CORE, Attribute
from scim_conformance.server.service import Service

USER = CORE + "User"
DEVICE = "urn:scim-conformance:schemas:example:2.0:Device"
_KINDS = ("employee", "contractor", "temporary")


def unstated(service: Service, path: str, member: str, **characteristics: Any) -> None:
    """Serve a definition of a device's attribute without a characteristic, and behave as if it had another one."""
    serve_examples(service)
    service.schemas.change(DEVICE, path, **characteristics)
    edit_attribute(service, DEVICE, path, lambda definition: definition.pop(member))


# -- defaults of characteristics ------------------------------------------------------------


@fault("RFC7643-2.2-01")
def attribute_without_required_is_required(service: Service) -> None:
    """An attribute whose served definition has no required cannot be left out."""
    unstated(service, "weight", "required", required=True)


@fault("RFC7643-2.2-04")
def attribute_without_mutability_is_immutable(service: Service) -> None:
    """An attribute whose served definition has no mutability cannot be changed."""
    unstated(service, "kind", "mutability", mutability="immutable")


@fault("RFC7643-2.2-04")
def attribute_without_mutability_stays_as_it_is(service: Service) -> None:
    """A PUT leaves an attribute whose served definition has no mutability as it is."""
    serve_examples(service)
    edit_attribute(service, DEVICE, "kind", lambda definition: definition.pop("mutability"))
    frozen_in_put(service, "kind")


@fault("RFC7643-2.2-06")
def attribute_without_uniqueness_is_unique(service: Service) -> None:
    """Two resources cannot share the value of an attribute whose served definition has no uniqueness."""
    unstated(service, "weight", "uniqueness", uniqueness="server")


# -- canonicalValues ------------------------------------------------------------------------


@fault("RFC7643-2.2-02", "RFC7643-8.7.2-02")
def user_types_are_a_few(service: Service) -> None:
    """A userType that the provider does not know is refused, although no canonicalValues are served."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, place: str, *rest: Any) -> Any:
        if place == "userType" and str(value).lower() not in _KINDS:
            raise invalid_value("userType is Employee, Contractor or Temporary.")
        return original(attribute, value, place, *rest)

    around(service.validation, "single", single)


@fault("RFC7643-2.2-02", "RFC7643-8.7.2-02")
def unknown_departments_become_other(service: Service) -> None:
    """A department that the provider does not know is stored as "Other", although no canonicalValues are served."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, place: str, *rest: Any) -> Any:
        found = original(attribute, value, place, *rest)
        return "Other" if place.endswith(":department") else found

    around(service.validation, "single", single)


@fault("RFC7643-2.4-08")
def labels_are_shown_in_capitals(service: Service) -> None:
    """The type of e-mail addresses is shown in capital letters."""

    def view(shown: dict[str, Any]) -> dict[str, Any]:
        if isinstance(shown.get("emails"), list):
            shown["emails"] = [
                {**each, "type": each["type"].upper()} if "type" in each else each for each in shown["emails"]
            ]
        return shown

    after(service.membership, "view", view)


# -- required -------------------------------------------------------------------------------


@fault("RFC7643-7-19")
def required_attributes_of_devices_may_be_missing(service: Service) -> None:
    """POST creates a device without a required attribute."""
    serve_examples(service)
    around(service.validation, "is_required", lambda original, a: a.name != "serialNumber" and original(a))


@fault("RFC7643-7-19")
def required_attributes_of_extensions_may_be_missing(service: Service) -> None:
    """POST creates a resource with an extension that lacks a required attribute."""
    serve_examples(service)
    around(service.validation, "is_required", lambda original, a: a.name != "contract" and original(a))


@fault("RFC7643-7-19")
def required_sub_attributes_may_be_missing(service: Service) -> None:
    """POST creates a resource with a complex value that lacks a required sub-attribute."""
    serve_examples(service)
    skip(service.validation, "check_sub_attributes")


@fault("RFC7643-6-15")
def required_extensions_may_be_missing(service: Service) -> None:
    """POST creates a user without the enterprise extension, which the resource type requires."""
    service.resource_types.extend("User", ENTERPRISE, required=True)
    skip(service.validation, "check_extensions")


# -- caseExact ------------------------------------------------------------------------------


@fault("RFC7643-7-24")
def letter_case_of_serial_numbers_is_lost(service: Service) -> None:
    """A value of a caseExact attribute is stored in lower case."""
    serve_examples(service)

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, *rest: Any) -> Any:
        found = original(attribute, value, *rest)
        return found.lower() if attribute.name == "serialNumber" else found

    around(service.validation, "single", single)


@fault("RFC7643-7-24")
def letter_case_of_external_ids_is_lost(service: Service) -> None:
    """An externalId is stored in lower case."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, *rest: Any) -> Any:
        found = original(attribute, value, *rest)
        return found.lower() if attribute.name == "externalId" else found

    around(service.validation, "single", single)


# -- mutability -----------------------------------------------------------------------------


def frozen_in_put(service: Service, name: str) -> None:
    """Let PUT leave an attribute as it is."""

    def by_mutability(
        original: Callable[..., Any], attribute: Attribute, asserted: Any, stored: Any, place: str
    ) -> Any:
        return stored if attribute.name == name else original(attribute, asserted, stored, place)

    during(service.lifecycle, "replace", service.validation, "by_mutability", by_mutability)


@fault("RFC7644-3.5.1-04")
def put_leaves_time_zones(service: Service) -> None:
    """PUT does not change the timezone of a user."""
    frozen_in_put(service, "timezone")


@fault("RFC7644-3.5.1-04")
def put_leaves_extensions(service: Service) -> None:
    """PUT does not change the attributes of an extension."""
    frozen_in_put(service, "costCenter")


@fault("RFC7644-3.5.2.3-02")
def patch_leaves_locales(service: Service) -> None:
    """PATCH does not change the locale of a user."""

    def assign(original: Callable[..., None], holder: Any, target: Any, value: Any) -> None:
        if target.attribute.name != "locale":
            original(holder, target, value)

    around(service.patching, "assign", assign)


@fault("RFC7644-3.5.2.3-03")
def patch_leaves_photos(service: Service) -> None:
    """PATCH does not replace the photos of a user."""

    def replace_all(original: Callable[..., None], holder: Any, target: Any, value: Any) -> None:
        if target.attribute.name != "photos":
            original(holder, target, value)

    around(service.patching, "replace_all", replace_all)


def dropped(service: Service, names: Iterable[str]) -> None:
    """Let POST store nothing in some attributes."""
    lost = set(names)

    def by_mutability(original: Callable[..., Any], attribute: Attribute, *rest: Any) -> Any:
        return None if attribute.name in lost else original(attribute, *rest)

    during(service.lifecycle, "create", service.validation, "by_mutability", by_mutability)


@fault("RFC7643-7-29")
def photos_are_not_stored(service: Service) -> None:
    """POST ignores the photos of a user, which the served schema lets clients write."""
    dropped(service, ["photos"])


@fault("RFC7643-7-30")
def immutable_attributes_are_not_stored(service: Service) -> None:
    """POST ignores an immutable attribute."""
    serve_examples(service)
    dropped(service, ["manufacturer"])


@fault("RFC7643-7-33")
def write_only_attributes_are_returned(service: Service) -> None:
    """A writeOnly attribute is shown like any other; the served schema says returned default."""
    serve_examples(service)
    service.schemas.change(DEVICE, "pin", returned="default")


@fault("RFC7643-7-33")
def write_only_attributes_are_in_the_answer_to_put(service: Service) -> None:
    """The answer to PUT shows the writeOnly attributes that were sent."""
    serve_examples(service)
    around(
        service.projection,
        "never_is_shown",
        lambda original, attribute, key, *asked: key in asked[-1] or original(attribute, key, *asked),
    )


@fault("RFC7643-7-28", "RFC7644-3.5.1-14")
def put_sets_the_firmware(service: Service) -> None:
    """PUT sets a readOnly attribute that has no value."""
    serve_examples(service)

    def read_only(_attribute: Attribute, asserted: Any, stored: Any) -> Any:
        return asserted if stored is None else stored

    swap(service.validation, "read_only", read_only)


@fault("RFC7643-7-28", "RFC7644-3.5.1-14")
def read_only_values_break_put(service: Service) -> None:
    """PUT of a readOnly attribute answers 500."""
    serve_examples(service)

    def read_only(_attribute: Attribute, asserted: Any, stored: Any) -> Any:
        if asserted is not None:
            raise RuntimeError
        return stored

    during(service.lifecycle, "replace", service.validation, "read_only", lambda _o, *args: read_only(*args))


@fault("RFC7643-7-31", "RFC7644-3.5.1-12")
def put_changes_immutable_attributes_of_extensions(service: Service) -> None:
    """PUT changes the value of an immutable attribute of an extension."""
    serve_examples(service)

    def immutable(original: Callable[..., Any], attribute: Attribute, value: Any, stored: Any, place: str) -> Any:
        return value if ":" in place and value is not None else original(attribute, value, stored, place)

    around(service.validation, "immutable", immutable)


@fault("RFC7643-7-31")
def patch_replaces_immutable_values_of_devices(service: Service) -> None:
    """PATCH replaces the value of an immutable attribute of a device."""
    serve_examples(service)

    def check_immutable(original: Callable[..., None], attribute: Attribute, stored: Any, new: Any, place: str) -> None:
        if new is None or "." in place:
            original(attribute, stored, new, place)

    around(service.patching, "check_immutable", check_immutable)


@fault("RFC7643-7-31")
def patch_removes_immutable_values_of_devices(service: Service) -> None:
    """PATCH removes the value of an immutable attribute of a device."""
    serve_examples(service)
    skip(service.patching, "check_removable")


@fault("RFC7643-7-31")
def patch_changes_the_value_of_a_member(service: Service) -> None:
    """PATCH makes a member of a group another one, although the value of a member is immutable."""

    def set_sub(_original: Callable[..., None], element: Any, target: Any, sub: Attribute, value: Any) -> None:
        service.patching.put(element, sub, service.validation.value(sub, value, target.place))

    around(service.patching, "set_sub", set_sub)


# -- uniqueness -----------------------------------------------------------------------------


def shared_by(service: Service, name: str) -> None:
    """Serve an attribute as unique, and let resources share its values."""
    serve_examples(service)
    around(service.uniqueness, "is_unique", lambda original, attribute: attribute.name != name and original(attribute))


@fault("RFC7643-7-43")
def unique_attributes_of_devices_are_shared(service: Service) -> None:
    """POST creates a second device of the same serial number."""
    shared_by(service, "serialNumber")


@fault("RFC7643-7-43")
def unique_attributes_of_extensions_are_shared(service: Service) -> None:
    """POST creates a second resource with the same value in a unique attribute of an extension."""
    shared_by(service, "policyNumber")


@fault("RFC7643-7-46")
def globally_unique_attributes_are_shared(service: Service) -> None:
    """POST creates a second device of the same asset tag, which is globally unique."""
    shared_by(service, "assetTag")


@fault("RFC7643-7-45")
def patch_makes_two_share_a_user_name(service: Service) -> None:
    """PATCH gives a user the userName of another one."""
    during(service.lifecycle, "modify", service.store, "check_keys", lambda _original, _record: None)


@fault("RFC7643-7-42")
def employee_numbers_are_unique(service: Service) -> None:
    """POST refuses a second user of the same employeeNumber, whose uniqueness is none."""
    around(service.uniqueness, "is_unique", lambda original, a: a.name == "employeeNumber" or original(a))


# -- null -----------------------------------------------------------------------------------


def left_in_put(service: Service, name: str, nothing: Any) -> None:
    """Let PUT leave an attribute as it is where it is sent without a value."""

    def by_mutability(
        original: Callable[..., Any], attribute: Attribute, asserted: Any, stored: Any, place: str
    ) -> Any:
        left = attribute.name == name and asserted == nothing
        return stored if left else original(attribute, asserted, stored, place)

    during(service.lifecycle, "replace", service.validation, "by_mutability", by_mutability)


@fault("RFC7643-2.5-01")
def null_leaves_time_zones(service: Service) -> None:
    """A PUT with null for the timezone leaves it as it was."""
    left_in_put(service, "timezone", None)


@fault("RFC7643-2.5-01")
def empty_arrays_leave_addresses(service: Service) -> None:
    """A PUT with an empty array for addresses leaves them as they were."""
    left_in_put(service, "addresses", [])
