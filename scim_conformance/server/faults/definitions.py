"""Faults of attribute definitions as they are served, and of values that do not keep to them (RFC 7643 section 7)."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.schemas import ENTERPRISE, GROUP, USER, WORKSPACE, edit_attribute, edit_schema
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

Document = dict[str, Any]


# -- members --------------------------------------------------------------------------------


@fault("RFC7643-7-13")
def attribute_without_name(service: Service) -> None:
    """An attribute definition has no name."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.pop("name"))


@fault("RFC7643-7-13")
def attribute_without_type(service: Service) -> None:
    """An attribute definition has no type."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.pop("type"))


@fault("RFC7643-7-13")
def attribute_without_multi_valued(service: Service) -> None:
    """An attribute definition has no multiValued."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.pop("multiValued"))


@fault("RFC7643-7-13")
def attribute_is_a_name(service: Service) -> None:
    """The attributes of a schema hold a name instead of an object."""
    edit_schema(service, USER, lambda document: document["attributes"].append("shoeSize"))


@fault("RFC7643-7-13")
def attribute_with_required_as_a_text(service: Service) -> None:
    """An attribute's required is the text "false"."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(required="false"))


@fault("RFC7643-7-13")
def attribute_with_case_exact_as_a_number(service: Service) -> None:
    """An attribute's caseExact is 0."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(caseExact=0))


@fault("RFC7643-7-13")
def attribute_with_unknown_uniqueness(service: Service) -> None:
    """An attribute's uniqueness is true instead of a keyword."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(uniqueness=False))


@fault("RFC7643-7-16")
def sub_attribute_without_type(service: Service) -> None:
    """A sub-attribute has no type."""
    edit_attribute(service, USER, "name.middleName", lambda definition: definition.pop("type"))


@fault("RFC7643-7-16")
def sub_attribute_without_multi_valued(service: Service) -> None:
    """A sub-attribute has no multiValued."""
    edit_attribute(service, USER, "name.middleName", lambda definition: definition.pop("multiValued"))


@fault("RFC7643-7-16")
def sub_attributes_are_names(service: Service) -> None:
    """The subAttributes of an attribute are names instead of objects."""
    edit_attribute(
        service,
        USER,
        "photos",
        lambda definition: definition.update(subAttributes=[each["name"] for each in definition["subAttributes"]]),
    )


@fault("RFC7643-7-17")
def attribute_with_multi_valued_as_a_text(service: Service) -> None:
    """An attribute's multiValued is the text "false"."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(multiValued="false"))


@fault("RFC7643-7-18")
def attribute_without_description(service: Service) -> None:
    """An attribute definition has no description."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.pop("description"))


# -- names and keywords ---------------------------------------------------------------------


@fault("RFC7643-2.1-02")
def attribute_name_has_a_blank(service: Service) -> None:
    """An attribute's name has a blank in it."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(name="nick name"))


@fault("RFC7643-2.1-02")
def attribute_name_begins_with_a_digit(service: Service) -> None:
    """An attribute's name begins with a digit."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(name="2ndName"))


@fault("RFC7643-2.1-02")
def sub_attribute_name_has_a_dot(service: Service) -> None:
    """A sub-attribute's name has a dot in it."""
    edit_attribute(service, USER, "name.middleName", lambda definition: definition.update(name="middle.name"))


@fault("RFC7643-1.1-02")
def keyword_is_quoted(service: Service) -> None:
    """A keyword has quotation marks around it, as RFC 7643 writes keywords in its text."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(mutability='"readWrite"'))


@fault("RFC7643-7-14", "RFC7643-2.3-01")
def type_is_spelled_with_a_dash(service: Service) -> None:
    """An attribute's type is date-time, as JSON Schema calls it."""
    edit_attribute(service, WORKSPACE, "workspace", lambda definition: definition.update(type="date-time"))


@fault("RFC7643-7-14", "RFC7643-2.3-01")
def type_is_that_of_a_database(service: Service) -> None:
    """An attribute's type is varchar."""
    edit_attribute(service, WORKSPACE, "workspace", lambda definition: definition.update(type="varchar"))


@fault("RFC7643-2.3-01")
def type_is_spelled_with_a_capital(service: Service) -> None:
    """An attribute's type is String instead of string."""
    edit_attribute(service, WORKSPACE, "workspace", lambda definition: definition.update(type="String"))


@fault("RFC7643-7-27")
def mutability_is_unknown(service: Service) -> None:
    """An attribute's mutability is not among the keywords."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(mutability="writable"))


@fault("RFC7643-7-34")
def returned_is_unknown(service: Service) -> None:
    """An attribute's returned is not among the keywords."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(returned="on-demand"))


# -- structure ------------------------------------------------------------------------------


@fault("RFC7643-1.2-02")
def simple_attribute_with_sub_attributes(service: Service) -> None:
    """An attribute of type string has subAttributes."""
    edit_attribute(
        service,
        USER,
        "nickName",
        lambda definition: definition.update(subAttributes=[{**definition, "name": "short"}]),
    )


@fault("RFC7643-7-15")
def complex_attribute_without_sub_attributes(service: Service) -> None:
    """A complex attribute has no subAttributes."""
    edit_attribute(service, USER, "photos", lambda definition: definition.pop("subAttributes"))


@fault("RFC7643-2.3.8-02")
def sub_attribute_is_complex(service: Service) -> None:
    """A sub-attribute is complex itself."""

    def edit(definition: Document) -> None:
        definition["subAttributes"] = [{**definition, "name": "short"}]
        definition["type"] = "complex"

    edit_attribute(service, USER, "name.middleName", edit)


@fault("RFC7643-2.3.7-10")
def reference_without_types(service: Service) -> None:
    """An attribute of type reference has no referenceTypes."""
    edit_attribute(service, USER, "profileUrl", lambda definition: definition.pop("referenceTypes"))


@fault("RFC7643-7-48")
def reference_type_is_a_text(service: Service) -> None:
    """The referenceTypes of an attribute is a text instead of an array."""
    edit_attribute(service, USER, "profileUrl", lambda definition: definition.update(referenceTypes="external"))


@fault("RFC7643-7-48")
def text_with_reference_types(service: Service) -> None:
    """An attribute of type string has referenceTypes."""
    edit_attribute(service, USER, "nickName", lambda definition: definition.update(referenceTypes=["external"]))


# -- the core schemas -----------------------------------------------------------------------


@fault("RFC7643-8.7.1-02")
def user_name_is_told_to_be_optional(service: Service) -> None:
    """The attribute userName is served as not required."""
    edit_attribute(service, USER, "userName", lambda definition: definition.update(required=False))


@fault("RFC7643-8.7.1-02")
def user_name_is_told_to_be_ambiguous(service: Service) -> None:
    """The attribute userName is served as not unique."""
    edit_attribute(service, USER, "userName", lambda definition: definition.update(uniqueness="none"))


@fault("RFC7643-8.7.1-03")
def password_is_told_to_be_readable(service: Service) -> None:
    """The attribute password is served as readWrite."""
    edit_attribute(service, USER, "password", lambda definition: definition.update(mutability="readWrite"))


@fault("RFC7643-8.7.1-04")
def groups_are_told_to_be_writable(service: Service) -> None:
    """The value of a user's groups is served as readWrite."""
    edit_attribute(service, USER, "groups.value", lambda definition: definition.update(mutability="readWrite"))


@fault("RFC7643-8.7.1-05")
def usual_labels_are_not_suggested(service: Service) -> None:
    """The type of phoneNumbers suggests no fax and no pager."""
    edit_attribute(
        service, USER, "phoneNumbers.type", lambda definition: definition.update(canonicalValues=["work", "mobile"])
    )


@fault("RFC7643-8.7.1-06")
def members_are_told_to_be_writable(service: Service) -> None:
    """The value of a group's members is served as readWrite."""
    edit_attribute(service, GROUP, "members.value", lambda definition: definition.update(mutability="readWrite"))


@fault("RFC7643-8.7.1-06")
def group_name_is_told_to_be_optional(service: Service) -> None:
    """The displayName of a group is served as not required."""
    edit_attribute(service, GROUP, "displayName", lambda definition: definition.update(required=False))


@fault("RFC7643-8.7.1-07")
def manager_name_is_told_to_be_writable(service: Service) -> None:
    """The displayName of a user's manager is served as readWrite."""
    edit_attribute(
        service, ENTERPRISE, "manager.displayName", lambda definition: definition.update(mutability="readWrite")
    )


# -- values ---------------------------------------------------------------------------------


def show_created_users_with(service: Service, name: str, value: Any) -> None:
    """Show one more attribute in the answer to the POST of a user."""

    def created(
        original: Callable[..., Response], request: Request, resource: Mapping[str, Any], shown: Document, location: str
    ) -> Response:
        return original(request, resource, {name: value, **shown} if "userName" in shown else shown, location)

    around(service.answers, "created", created)


@fault("RFC7643-1.2-03", "RFC7643-7-17")
def single_value_is_an_array(service: Service) -> None:
    """A nickname, which is singular, is shown as an array."""
    show_created_users_with(service, "nickName", ["Jo"])


@fault("RFC7643-1.2-03", "RFC7643-7-17")
def several_values_are_an_object(service: Service) -> None:
    """A single photo is shown as an object instead of an array of one."""
    show_created_users_with(service, "photos", {"value": "https://photos.example.com/1", "type": "photo"})


@fault("RFC7643-1.2-03", "RFC7643-7-17")
def sub_attribute_is_an_array(service: Service) -> None:
    """The value of a photo, which is singular, is shown as an array."""
    show_created_users_with(service, "photos", [{"value": ["https://photos.example.com/1"], "type": "photo"}])
