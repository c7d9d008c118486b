"""Faults of attributes and excludedAttributes (RFC 7644 sections 3.4.2.5 and 3.9)."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Request
from scim_conformance.server.projection import EVERYTHING, Wanted
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

Names = tuple[str, ...]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def asked(service: Service, change: Callable[[Wanted], Wanted]) -> None:
    """Let the two parameters be read in another way, for every request."""
    after(service.projection, "wanted", change)


def asked_by(service: Service, method: str, change: Callable[[Wanted], Wanted]) -> None:
    """Let the two parameters be read in another way by requests for one resource that have this method."""

    def wanted(original: Callable[[Request], Wanted], request: Request) -> Wanted:
        return change(original(request)) if request.method == method else original(request)

    around(service.lifecycle, "wanted", wanted)


def named(service: Service, change: Callable[[str], str]) -> None:
    """Let each name in the two parameters be read in another way."""
    around(service.projection, "key", lambda original, kind, name: original(kind, change(name)))


# -- attributes -----------------------------------------------------------------------------

IGNORED = ("RFC7644-3.9-03", "RFC7644-3.9-04", "RFC7644-3.4.2.5-01", "RFC7644-3.4.2.5-04", "RFC7643-7-38")


@fault(*IGNORED)
def attributes_is_ignored(service: Service) -> None:
    """The parameter attributes is ignored everywhere."""
    asked(service, lambda wanted: Wanted(None, wanted.excluded))


@fault(*IGNORED)
def attributes_is_ignored_in_lists(service: Service) -> None:
    """The parameter attributes is ignored by queries."""
    after(service.query, "wanted", lambda wanted: Wanted(None, wanted.excluded))


@fault(*IGNORED)
def attributes_is_ignored_for_groups(service: Service) -> None:
    """The parameter attributes is ignored where groups are shown."""

    def show(original: Callable[..., Any], kind: ResourceType, resource: Any, wanted: Wanted, *rest: Any) -> Any:
        return original(kind, resource, EVERYTHING if kind.name == "Group" else wanted, *rest)

    around(service.projection, "show", show)


@fault("RFC7644-3.9-04")
def attributes_shows_the_external_id_besides(service: Service) -> None:
    """With attributes, externalId is shown though it was not named."""
    asked(service, lambda wanted: Wanted(wanted.attributes and (*wanted.attributes, "externalId"), wanted.excluded))


@fault("RFC7644-3.9-04")
def attributes_hides_what_it_names(service: Service) -> None:
    """With attributes, userName and displayName are not shown though they be named."""

    def names(found: Names | None) -> Names | None:
        return found and (tuple(each for each in found if each not in ("userName", "displayName")) or ("none",))

    asked(service, lambda wanted: Wanted(names(wanted.attributes), wanted.excluded))


@fault("RFC7643-7-35", "RFC7644-3.9-04")
def attributes_hides_the_id(service: Service) -> None:
    """With attributes, the id is shown only if it is named."""

    def always(original: Callable[..., bool], attribute: Any, key: str, names: Any, *rest: Any) -> bool:
        return original(attribute, key, names, *rest) and (key != "id" or names is None or "id" in names)

    around(service.projection, "always_is_shown", always)


# -- excludedAttributes ---------------------------------------------------------------------

NOT_EXCLUDED = ("RFC7644-3.9-05", "RFC7644-3.4.2.5-01", "RFC7644-3.4.2.5-04")


@fault(*NOT_EXCLUDED)
def excluded_attributes_is_ignored(service: Service) -> None:
    """The parameter excludedAttributes is ignored everywhere."""
    asked(service, lambda wanted: Wanted(wanted.attributes, None))


@fault(*NOT_EXCLUDED)
def excluded_attributes_is_ignored_in_lists(service: Service) -> None:
    """The parameter excludedAttributes is ignored by queries."""
    after(service.query, "wanted", lambda wanted: Wanted(wanted.attributes, None))


@fault("RFC7644-3.9-05")
def excluded_attributes_hides_the_rest(service: Service) -> None:
    """With excludedAttributes, only what is always returned is shown."""
    asked(service, lambda wanted: Wanted(("id",), None) if wanted.excluded else wanted)


@fault("RFC7644-3.9-05")
def excluded_attributes_hides_the_external_id_besides(service: Service) -> None:
    """With excludedAttributes, externalId is hidden though it was not named."""
    asked(service, lambda wanted: Wanted(wanted.attributes, wanted.excluded and (*wanted.excluded, "externalId")))


@fault("RFC7644-3.4.2.5-06", "RFC7643-7-35")
def excluded_attributes_hides_the_id(service: Service) -> None:
    """With id in excludedAttributes, the id is not shown."""

    def always(original: Callable[..., bool], attribute: Any, key: str, names: Any, hidden: Any, *rest: Any) -> bool:
        return original(attribute, key, names, hidden, *rest) and (key != "id" or "id" not in hidden)

    around(service.projection, "always_is_shown", always)


@fault("RFC7644-3.9-05")
def excluded_sub_attribute_takes_its_attribute_away(service: Service) -> None:
    """With a sub-attribute in excludedAttributes, its whole attribute is hidden."""

    def names(found: Names | None) -> Names | None:
        return found and tuple(each if ":" in each else each.partition(".")[0] for each in found)

    asked(service, lambda wanted: Wanted(wanted.attributes, names(wanted.excluded)))


@fault("RFC7644-3.9-05")
def excluded_sub_attribute_is_shown(service: Service) -> None:
    """A sub-attribute in excludedAttributes is shown all the same."""

    def names(found: Names | None) -> Names | None:
        return found and tuple(each for each in found if "." not in each)

    asked(service, lambda wanted: Wanted(wanted.attributes, names(wanted.excluded)))


# -- names ----------------------------------------------------------------------------------


@fault("RFC7644-3.9-06")
def only_the_first_name_counts(service: Service) -> None:
    """Of several names in attributes only the first one counts."""
    asked(service, lambda wanted: Wanted(wanted.attributes and wanted.attributes[:1], wanted.excluded))


@fault("RFC7644-3.9-07", "RFC7644-3.10-04")
def a_sub_attribute_brings_its_attribute(service: Service) -> None:
    """With a sub-attribute in attributes, its whole attribute is shown."""

    def names(found: Names | None) -> Names | None:
        return found and tuple(each if ":" in each else each.partition(".")[0] for each in found)

    asked(service, lambda wanted: Wanted(names(wanted.attributes), wanted.excluded))


@fault("RFC7644-3.9-05", "RFC7644-3.9-07", "RFC7644-3.10-04")
def sub_attributes_cannot_be_named(service: Service) -> None:
    """A sub-attribute in attributes is taken for an unknown name."""
    named(service, lambda name: name.replace(".", "_") if ":" not in name else name)


@fault("RFC7644-3.9-07")
def a_complex_attribute_loses_its_sub_attributes(service: Service) -> None:
    """With name in attributes, only its formatted sub-attribute is shown."""

    def names(found: Names | None) -> Names | None:
        return found and tuple("name.formatted" if each == "name" else each for each in found)

    asked(service, lambda wanted: Wanted(names(wanted.attributes), wanted.excluded))


@fault("RFC7644-3.10-01")
def core_attributes_have_no_uri(service: Service) -> None:
    """A core attribute in attributes is not recognised by the URI of its schema."""
    named(service, lambda name: "unknown" if name.startswith(USER) else name)


@fault("RFC7644-3.10-03")
def an_extension_attribute_brings_its_extension(service: Service) -> None:
    """With an attribute of an extension in attributes, the whole extension is shown."""
    named(service, lambda name: name.rpartition(":")[0] if ":extension:" in name else name)


@fault("RFC7644-3.10-03")
def extension_attributes_cannot_be_named(service: Service) -> None:
    """An attribute of an extension in attributes is not recognised by the URI of its schema."""
    named(service, lambda name: "unknown" if ":extension:" in name else name)


@fault("RFC7644-3.10-05")
def letter_case_of_projected_names_counts(service: Service) -> None:
    """A name in attributes is recognised only in the letter case of the schema."""
    known = {"name", "name.familyName", "name.givenName", "userName", "displayName", "emails", "emails.value", "id"}

    def key(original: Callable[..., str], kind: ResourceType, name: str) -> str:
        exact = {each.lower(): each for each in known}.get(name.lower(), name)
        return original(kind, name if name == exact else "unknown")

    around(service.projection, "key", key)


@fault("RFC7644-3.9-08")
def unknown_names_are_refused(service: Service) -> None:
    """A name in attributes or excludedAttributes that no attribute has is refused with 400."""

    def key(original: Callable[..., str], kind: ResourceType, name: str) -> str:
        found = original(kind, name)
        if not found:
            raise invalid_value(f"There is no attribute {name}.")
        return found

    around(service.projection, "key", key)


# -- answers to writes ----------------------------------------------------------------------

WRITTEN = ("RFC7644-3.9-02", "RFC7644-3.4.2.5-04")


@fault(*WRITTEN, "RFC7643-7-38")
def post_ignores_attributes(service: Service) -> None:
    """The answer to POST shows the whole resource whatever attributes says."""
    asked_by(service, "POST", lambda wanted: Wanted(None, wanted.excluded))


@fault(*WRITTEN, "RFC7643-7-38")
def put_ignores_attributes(service: Service) -> None:
    """The answer to PUT shows the whole resource whatever attributes says."""
    asked_by(service, "PUT", lambda wanted: Wanted(None, wanted.excluded))


@fault(*WRITTEN, "RFC7643-7-38")
def patch_ignores_attributes(service: Service) -> None:
    """The answer to PATCH shows the whole resource whatever attributes says."""
    asked_by(service, "PATCH", lambda wanted: Wanted(None, wanted.excluded))


@fault(*WRITTEN)
def writes_ignore_excluded_attributes(service: Service) -> None:
    """The answers to POST, PUT and PATCH show what excludedAttributes names."""
    for method in ("POST", "PUT", "PATCH"):
        asked_by(service, method, lambda wanted: Wanted(wanted.attributes, None))


@fault(*WRITTEN)
def patch_hides_the_rest_of_what_is_excluded(service: Service) -> None:
    """The answer to PATCH with excludedAttributes shows the id alone."""
    asked_by(service, "PATCH", lambda wanted: Wanted(("id",), None) if wanted.excluded else wanted)


# -- the default set ------------------------------------------------------------------------


def hidden_by_default(service: Service, *keys: str) -> None:
    """Let attributes that are returned by default be shown by reads and lists only if they are named."""

    def default(
        original: Callable[..., bool], attribute: Any, key: str, names: Any, hidden: Any, asserted: Any
    ) -> bool:
        shown = original(attribute, key, names, hidden, asserted)
        return shown and (names is not None or key not in keys or key in asserted)

    around(service.projection, "default_is_shown", default)


@fault("RFC7644-3.4-02", "RFC7644-3.9-01")
def nick_name_is_shown_on_request(service: Service) -> None:
    """nickName, which is returned by default, is shown only if it is named."""
    hidden_by_default(service, "nickname")


@fault("RFC7644-3.4-02", "RFC7644-3.9-01")
def department_is_shown_on_request(service: Service) -> None:
    """The department of the enterprise extension, which is returned by default, is shown only if it is named."""
    hidden_by_default(service, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:department")


@fault("RFC7643-2.2-05")
def undefined_returned_means_request(service: Service) -> None:
    """The served definition of nickName says nothing of returned, and nickName is shown only if it is named."""
    omit_returned(service, "nickName")
    hidden_by_default(service, "nickname")


@fault("RFC7643-2.2-05")
def undefined_returned_means_always(service: Service) -> None:
    """The served definition of nickName says nothing of returned, and nickName is shown whatever attributes names."""
    omit_returned(service, "nickName")
    asked(service, lambda wanted: Wanted(wanted.attributes and (*wanted.attributes, "nickName"), wanted.excluded))


def omit_returned(service: Service, name: str) -> None:
    """Let the served schema of users say nothing of `returned` for one attribute."""

    def documents(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**each, "attributes": [cut(attribute) for attribute in each["attributes"]]} if each["id"] == USER else each
            for each in found
        ]

    def cut(attribute: Mapping[str, Any]) -> dict[str, Any]:
        omitted = attribute["name"] == name
        return {key: value for key, value in attribute.items() if not (omitted and key == "returned")}

    after(service.discovery, "schema_documents", documents)
