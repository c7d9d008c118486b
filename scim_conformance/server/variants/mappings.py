"""Variants that an attribute mapping has to bear: other forms of the same values, and more than was sent."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource
from scim_conformance.server.variants import around, swap, variant
from scim_conformance.server.variants.formats import keeping
from scim_conformance.server.variants.schemas import put_keeps_omitted_attributes

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PROVIDERS = ("entra", "okta")
_LONGEST = 200


def showing_users(service: Service, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change how users are shown, by themselves and in lists."""

    def view(original: Callable[..., dict[str, Any]], kind: ResourceType, *rest: Any) -> dict[str, Any]:
        found = original(kind, *rest)
        return change(found) if kind.name == "User" else found

    around(service.membership, "view", view)


def storing_users(service: Service, change: Callable[[Resource], None]) -> None:
    """Change users before they are stored."""

    def record(original: Callable[..., Any], kind: ResourceType, resource: Resource) -> Any:
        if kind.name == "User":
            change(resource)
        return original(kind, resource)

    around(service.lifecycle, "record", record)


@variant(profiles=PROVIDERS)
def mapped_addresses_in_lower_case(service: Service) -> None:
    """E-mail addresses are kept in lower case, which the served schema says does not count (RFC 7643 section 2.2)."""
    keeping(service, "emails.value", str.lower)


@variant(profiles=PROVIDERS)
def mapped_elements_in_another_order(service: Service) -> None:
    """Elements of multi-valued attributes, which have no order, are shown in reverse (RFC 7643 section 2.4)."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(each) for each in reversed(value)] if isinstance(value, list) else value

    around(service.membership, "view", lambda original, *rest: turned(original(*rest)))


@variant(profiles=PROVIDERS)
def mapped_users_have_more(service: Service) -> None:
    """Users have attributes and elements that no client sent, which are the provider's own (A83)."""

    def change(user: Resource) -> None:
        user.setdefault("timezone", "Europe/Berlin")
        user.setdefault("userType", "Member")
        user.setdefault("ims", [{"value": "desk", "type": "work"}])
        if not any(each.get("type") == "home" for each in user.get("emails", [])):
            user["emails"] = [{"value": "home@example.com", "type": "home"}, *user.get("emails", [])]

    storing_users(service, change)


@variant(profiles=PROVIDERS)
def mapped_elements_have_a_primary(service: Service) -> None:
    """The first e-mail address and telephone number are called primary where the client calls none so (A83)."""

    def change(user: Resource) -> None:
        for name in ("emails", "phoneNumbers", "addresses"):
            elements = user.get(name) or []
            if elements and not any(each.get("primary") for each in elements):
                elements[0]["primary"] = True

    storing_users(service, change)


@variant(profiles=PROVIDERS)
def mapped_elements_have_a_display(service: Service) -> None:
    """Every e-mail address and telephone number has a display of the provider's own (A83)."""

    def change(user: Resource) -> None:
        for name in ("emails", "phoneNumbers"):
            for each in user.get(name) or []:
                if "value" in each:
                    each["display"] = f"<{each['value']}>"

    storing_users(service, change)


@variant(profiles=PROVIDERS)
def mapped_changes_are_answered_204(service: Service) -> None:
    """PATCH is answered by 204 without a body (RFC 7644 section 3.5.2, A04)."""

    def modified(_request: Request, resource: Mapping[str, Any], _shown: Any, _location: str) -> Response:
        return Response(204, Headers(service.versions.headers(resource)))

    swap(service.answers, "modified", modified)


@variant(profiles=PROVIDERS)
def mapped_creations_tell_the_id_alone(service: Service) -> None:
    """The answer to POST shows schemas, id and meta alone; a GET shows the rest (A84)."""

    def created(original: Callable[..., Response], request: Request, resource: Any, shown: Any, where: str) -> Response:
        return original(request, resource, {name: shown[name] for name in ("schemas", "id", "meta")}, where)

    around(service.answers, "created", created)


@variant(profiles=("mapping",))
def mapped_titles_are_cleared_to_empty_texts(service: Service) -> None:
    """A title or nickName that is taken away is shown as an empty text, as Microsoft's own gate takes it."""

    def stamped(original: Callable[..., Resource], before: Resource, draft: Resource) -> Resource:
        for name in ("title", "nickName"):
            if before.get(name) and name not in draft:
                draft[name] = ""
        return original(before, draft)

    around(service.lifecycle, "stamped_change", stamped)


@variant(profiles=PROVIDERS)
def mapped_elements_without_value_go(service: Service) -> None:
    """An element of e-mail addresses or telephone numbers that has lost its value goes as a whole."""

    def change(user: Resource) -> None:
        for name in ("emails", "phoneNumbers"):
            kept = [each for each in user.get(name) or [] if each.get("value")]
            user.update({name: kept} if kept else {})
            if not kept:
                user.pop(name, None)

    storing_users(service, change)


@variant(profiles=PROVIDERS)
def mapped_long_texts_are_refused(service: Service) -> None:
    """Texts of more than 200 characters are refused with 400: the RFC sets no limit, and forbids none."""

    def string(original: Callable[[Any, str], str], value: Any, place: str) -> str:
        text = original(value, place)
        if len(text) > _LONGEST:
            raise invalid_value(f"{place} has at most {_LONGEST} characters.")
        return text

    around(service.values, "string", string)


@variant(profiles=PROVIDERS)
def mapped_addresses_have_no_place(service: Service) -> None:
    """The served schema of users has no addresses, so that such values are ignored (A17)."""
    service.schemas.remove(USER, "addresses")


@variant(profiles=PROVIDERS)
def mapped_enterprise_has_no_place(service: Service) -> None:
    """Users have no enterprise extension, so that such values are ignored (RFC 7643 section 3.3, A16)."""
    service.resource_types.retract("User", ENTERPRISE)


@variant(profiles=PROVIDERS)
def mapped_names_have_defaults(service: Service) -> None:
    """A user without displayName or name.formatted gets one made of the parts of the name (A83)."""

    def change(user: Resource) -> None:
        name = user.get("name") or {}
        full = " ".join(name[part] for part in ("givenName", "familyName") if part in name)
        if full:
            user.setdefault("displayName", full)
            name.setdefault("formatted", full)

    storing_users(service, change)


@variant(profiles=PROVIDERS)
def mapped_texts_are_composed(service: Service) -> None:
    """Texts are kept in Unicode's composed form and without blanks at their ends."""

    def canonical(original: Callable[..., Any], attribute: Attribute, value: Any, place: str) -> Any:
        found = original(attribute, value, place)
        return unicodedata.normalize("NFC", found).strip() if isinstance(found, str) else found

    around(service.values, "canonical", canonical)


@variant(profiles=PROVIDERS)
def mapped_omissions_keep_what_was(service: Service) -> None:
    """PUT keeps what the body leaves out (RFC 7644 section 3.5.1, A01)."""
    put_keeps_omitted_attributes(service)


@variant(profiles=PROVIDERS)
def mapped_users_show_nulls(service: Service) -> None:
    """Attributes without a value are shown as null or as an empty list (RFC 7643 section 2.5)."""
    nothing: dict[str, Any] = {
        "title": None,
        "nickName": None,
        "phoneNumbers": [],
        "addresses": None,
        "preferredLanguage": None,
    }
    showing_users(service, lambda user: {**nothing, **user})


@variant(profiles=PROVIDERS)
def mapped_managers_have_names(service: Service) -> None:
    """A manager is shown with a displayName and further members of the provider's own (RFC 7643 section 4.3)."""

    def show(user: dict[str, Any]) -> dict[str, Any]:
        manager = (user.get(ENTERPRISE) or {}).get("manager")
        if not manager:
            return user
        return {**user, ENTERPRISE: {**user[ENTERPRISE], "manager": {**manager, "displayName": "A Manager"}}}

    showing_users(service, show)
