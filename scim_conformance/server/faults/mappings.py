"""Faults that an attribute mapping shows: values that are lost, normalised, cut or left behind on their way."""

import re
from collections.abc import Callable
from typing import Any

from scim_conformance.server.faults import around, fault
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.faults.user_values import keeping
from scim_conformance.server.patch_changes import Target
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

Change = Callable[[Resource, Target, Any], None]


def recording(service: Service, change: Callable[[Resource], None]) -> None:
    """Change users before they are stored."""

    def record(original: Callable[..., Any], kind: ResourceType, resource: Resource) -> Any:
        if kind.name == "User":
            change(resource)
        return original(kind, resource)

    around(service.lifecycle, "record", record)


def on_update(service: Service, change: Callable[[Resource, Resource], None]) -> None:
    """Change users before they are stored in the place of their older self, which comes first."""

    def stamped(original: Callable[..., Resource], before: Resource, draft: Resource) -> Resource:
        if "userName" in draft:
            change(before, draft)
        return original(before, draft)

    around(service.lifecycle, "stamped_change", stamped)


# -- what does not come back ----------------------------------------------------------------------


@fault("MAPPING-01")
def regions_of_addresses_are_not_kept(service: Service) -> None:
    """The region of an address is not stored, although the served schema has it."""

    def change(user: Resource) -> None:
        for address in user.get("addresses", []):
            address.pop("region", None)

    recording(service, change)


@fault("MAPPING-01")
def new_users_lose_their_enterprise_attributes(service: Service) -> None:
    """What a POST says of the enterprise extension is not stored, but for the manager."""

    def new_resource(original: Callable[..., Resource], kind: ResourceType, draft: Resource) -> Resource:
        work = draft.get(ENTERPRISE)
        if work:
            draft[ENTERPRISE] = {name: value for name, value in work.items() if name == "manager"}
        return original(kind, draft)

    around(service.lifecycle, "new_resource", new_resource)


@fault("MAPPING-01")
def display_names_are_made_of_the_name(service: Service) -> None:
    """DisplayName is always what name.givenName and name.familyName give, whatever the client sent."""

    def change(user: Resource) -> None:
        name = user.get("name") or {}
        made = " ".join(name[part] for part in ("givenName", "familyName") if part in name)
        if made and "displayName" in user:
            user["displayName"] = made

    recording(service, change)


@fault("MAPPING-01")
def activity_is_shown_as_text(service: Service) -> None:
    """`active` is shown as the text "True" or "False", as Entra ID writes it."""
    showing(service, "User", lambda user: {**user, "active": str(user.get("active", True))})


@fault("MAPPING-01")
def only_the_first_telephone_number_is_kept(service: Service) -> None:
    """Of several telephone numbers the first is kept alone."""
    recording(
        service, lambda user: user.update({"phoneNumbers": user["phoneNumbers"][:1]} if "phoneNumbers" in user else {})
    )


@fault("MAPPING-01")
def languages_lose_their_region(service: Service) -> None:
    """PreferredLanguage is kept as the language alone."""
    keeping(service, "preferredLanguage", lambda text: text.partition("-")[0])


@fault("MAPPING-01")
def external_ids_of_groups_are_lost(service: Service) -> None:
    """The externalId of a group is not stored."""

    def new_resource(original: Callable[..., Resource], kind: ResourceType, draft: Resource) -> Resource:
        if kind.name == "Group":
            draft.pop("externalId", None)
        return original(kind, draft)

    around(service.lifecycle, "new_resource", new_resource)


# -- finding -------------------------------------------------------------------------------------------


@fault("MAPPING-02")
def lists_show_users_in_short(service: Service) -> None:
    """A list shows of users neither addresses nor telephone numbers, which GET of a user does."""

    def shown(original: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
        found = original(*arguments)
        return {name: value for name, value in found.items() if name not in ("addresses", "phoneNumbers")}

    around(service.query, "shown", shown)


@fault("MAPPING-03")
def group_names_with_blanks_find_nothing(service: Service) -> None:
    """A filter on the displayName of groups finds nothing that has a blank in it."""

    def eq(original: Callable[[Any, Any], bool], value: Any, wanted: Any) -> bool:
        return original(value, wanted) and not (isinstance(value, str) and " " in value)

    around(service.evaluation, "eq", eq)


@fault("MAPPING-03")
def a_domain_is_enough_to_be_found(service: Service) -> None:
    """A filter on a name with an at sign finds everybody of the same domain."""

    def eq(original: Callable[[Any, Any], bool], value: Any, wanted: Any) -> bool:
        if isinstance(value, str) and isinstance(wanted, str) and "@" in wanted:
            return original(value.rpartition("@")[2], wanted.rpartition("@")[2])
        return original(value, wanted)

    around(service.evaluation, "eq", eq)


# -- changes ---------------------------------------------------------------------------------------------


@fault("MAPPING-04")
def elements_are_never_replaced(service: Service) -> None:
    """A replace whose path selects an element by its type is answered well, and changes nothing."""

    def replace(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is None:
            original(holder, target, value)

    around(service.patching, "replace", replace)


@fault("MAPPING-04")
def any_text_makes_active(service: Service) -> None:
    """The text "False" makes a user active, since it is not empty."""

    def boolean(original: Callable[[Any, str], bool], value: Any, place: str) -> bool:
        return bool(value) if isinstance(value, str) else original(value, place)

    around(service.values, "boolean", boolean)


@fault("MAPPING-04")
def display_names_never_change(service: Service) -> None:
    """DisplayName stays what it was when the user was created."""

    def change(before: Resource, draft: Resource) -> None:
        if "displayName" in before and "displayName" in draft:
            draft["displayName"] = before["displayName"]

    on_update(service, change)


@fault("MAPPING-04")
def managers_never_change(service: Service) -> None:
    """A user who has a manager keeps that one, whatever the client sends."""

    def change(before: Resource, draft: Resource) -> None:
        old, new = before.get(ENTERPRISE) or {}, draft.get(ENTERPRISE) or {}
        if "manager" in old and "manager" in new:
            draft[ENTERPRISE] = {**new, "manager": old["manager"]}

    on_update(service, change)


@fault("MAPPING-04", "MAPPING-05")
def members_never_leave(service: Service) -> None:
    """A remove of listed members is answered well, and takes nobody out of the group."""

    def remove_listed(_original: Change, _holder: Resource, _target: Target, _value: Any) -> None:
        pass

    around(service.patching, "remove_listed", remove_listed)


@fault("MAPPING-05")
def removals_in_elements_are_ignored(service: Service) -> None:
    """A remove of a sub-attribute whose path selects an element is answered well, and changes nothing."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if target.filter is None or target.sub is None:
            original(holder, target, value)

    around(service.patching, "remove", remove)


@fault("MAPPING-05")
def extensions_are_never_cleared(service: Service) -> None:
    """A remove of an attribute of an extension is answered well, and changes nothing."""

    def remove(original: Change, holder: Resource, target: Target, value: Any) -> None:
        if not target.extension:
            original(holder, target, value)

    around(service.patching, "remove", remove)


@fault("MAPPING-05")
def cleared_titles_become_a_dash(service: Service) -> None:
    """A title that is taken away is kept as a dash."""

    def change(before: Resource, draft: Resource) -> None:
        if before.get("title") and "title" not in draft:
            draft["title"] = "-"

    on_update(service, change)


# -- drift -----------------------------------------------------------------------------------------------


@fault("MAPPING-06")
def telephone_numbers_are_normalised(service: Service) -> None:
    """Telephone numbers are kept as their digits behind a plus sign."""
    keeping(service, "phoneNumbers.value", lambda text: f"+{re.sub(r'[^0-9]', '', text)}")


@fault("MAPPING-06")
def telephone_numbers_become_uris(service: Service) -> None:
    """Telephone numbers are shown as URIs of the scheme tel."""

    def show(user: dict[str, Any]) -> dict[str, Any]:
        known = user.get("phoneNumbers", [])
        numbers = [{**each, "value": f"tel:{each['value']}"} if "value" in each else each for each in known]
        return {**user, "phoneNumbers": numbers} if numbers else user

    showing(service, "User", show)


@fault("MAPPING-06", "MAPPING-01")
def managers_are_shown_as_text(service: Service) -> None:
    """The manager is shown as the bare id, which Entra ID does not recognise."""

    def show(user: dict[str, Any]) -> dict[str, Any]:
        manager = (user.get(ENTERPRISE) or {}).get("manager")
        return {**user, ENTERPRISE: {**user[ENTERPRISE], "manager": manager["value"]}} if manager else user

    showing(service, "User", show)


# -- what must stay ------------------------------------------------------------------------------------


@fault("MAPPING-07")
def updates_lose_the_enterprise_attributes(service: Service) -> None:
    """A change that is not about the enterprise extension takes its attributes away."""

    def change(before: Resource, draft: Resource) -> None:
        if draft.get(ENTERPRISE) == before.get(ENTERPRISE):
            draft.pop(ENTERPRISE, None)

    on_update(service, change)


@fault("MAPPING-07")
def updates_overwrite_the_work_address(service: Service) -> None:
    """A change that is not about addresses puts the company's own in the place of the work address."""
    own = {"streetAddress": "9 Harbour Road", "locality": "Port Sample", "postalCode": "99999"}

    def change(before: Resource, draft: Resource) -> None:
        if draft.get("addresses") == before.get("addresses"):
            for address in draft.get("addresses", []):
                address.update(own)

    on_update(service, change)
