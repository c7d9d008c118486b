"""Faults of references and of the elements that hold them (RFC 7643 sections 2.3.7 and 2.4)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.definitions import serve_examples
from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service

Document = dict[str, Any]


@fault("RFC7643-2.3.7-04")
def relative_references_start_at_the_host(service: Service) -> None:
    """References are paths from the root of the host, without the path of the base URL."""
    swap(service.locations, "reference", lambda _request, endpoint, id_: f"{endpoint}/{id_}")


@fault("RFC7643-2.3.7-04")
def relative_references_lack_the_endpoint(service: Service) -> None:
    """References are bare ids, which lead nowhere from the base URL."""
    swap(service.locations, "reference", lambda _request, _endpoint, id_: id_)


@fault("RFC7643-2.3.7-05")
def references_are_urns(service: Service) -> None:
    """The $ref of a resource is a URN, which no client can read."""
    swap(service.locations, "reference", lambda _request, _endpoint, id_: f"urn:uuid:{id_}")


@fault("RFC7643-2.3.7-06")
def references_lead_to_another_endpoint(service: Service) -> None:
    """The $ref of a user leads to the groups, where there is no resource of that id."""
    around(
        service.locations,
        "reference",
        lambda original, request, endpoint, id_: original(request, endpoint.replace("/Users", "/Groups"), id_),
    )


@fault("RFC7643-2.4-02")
def references_lead_to_another_resource(service: Service) -> None:
    """The $ref of a member leads to another resource than the value beside it names."""

    def described(original: Callable[..., Document], attribute: Any, element: Any, request: Request) -> Document:
        shown = original(attribute, element, request)
        other = next((each for each in service.store.scan("User") if each.id != element["value"]), None)
        if "$ref" in shown and other is not None:
            shown["$ref"] = service.locations.reference(request, "/Users", other.id)
        return shown

    around(service.membership, "described", described)


@fault("RFC7643-2.4-02")
def owners_have_names_for_values(service: Service) -> None:
    """The value of an element that refers to a user is the user's name."""
    serve_examples(service)

    def described(original: Callable[..., Document], attribute: Any, element: Any, request: Request) -> Document:
        shown = original(attribute, element, request)
        return {**shown, "value": shown.get("displayName")} if attribute.name == "owner" else shown

    around(service.membership, "described", described)


@fault("RFC7643-2.4-06")
def references_have_a_scheme_in_capitals(service: Service) -> None:
    """The scheme of a $ref is written in capital letters."""
    after(service.locations, "reference", lambda uri: uri.replace("http", "HTTP", 1))


@fault("RFC7643-2.4-06")
def references_have_dot_segments(service: Service) -> None:
    """A $ref has a segment that is a dot."""
    after(service.locations, "reference", lambda uri: uri.replace("/Users/", "/./Users/"))


@fault("RFC7643-2.4-06")
def references_escape_what_needs_none(service: Service) -> None:
    """A $ref has hyphens escaped."""
    after(service.locations, "reference", lambda uri: uri.replace("-", "%2D"))


def unversioned(service: Service, treat: Callable[[Any, Any, list[Document]], None]) -> None:
    """Treat an added member whose $ref lacks the version segment in a way of its own."""

    def append(original: Callable[..., None], holder: Any, target: Any, value: Any) -> None:
        listed = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
        foreign = [each for each in listed if "/v2/" not in str(each.get("$ref", "/v2/"))]
        if foreign:
            treat(holder, target, foreign)
        else:
            original(holder, target, value)

    around(service.patching, "append", append)


@fault("RFC7643-2.4-07")
def references_without_version_are_refused(service: Service) -> None:
    """A member whose $ref lacks the version segment is refused."""

    def refuse(_holder: Any, _target: Any, _foreign: list[Document]) -> None:
        raise invalid_value("$ref is of another server.")

    unversioned(service, refuse)


@fault("RFC7643-2.4-07")
def references_without_version_are_others(service: Service) -> None:
    """A member whose $ref lacks the version segment is taken for another one, and added a second time."""

    def add(holder: Any, target: Any, foreign: list[Document]) -> None:
        holder[target.attribute.name] = [*holder.get(target.attribute.name, []), *foreign]

    unversioned(service, add)


# -- elements -------------------------------------------------------------------------------


@fault("RFC7643-2.4-01")
def sub_attributes_of_photos_cannot_be_selected(service: Service) -> None:
    """A GET that asks for photos.value shows no photos."""
    around(service.projection, "names", lambda original, text: _without_photos(original(text)))


def _without_photos(names: Any) -> Any:
    return tuple(name for name in names if not name.startswith("photos.")) if names else names


@fault("RFC7643-2.4-01")
def elements_of_addresses_are_changed_together(service: Service) -> None:
    """A PATCH of a sub-attribute of one address changes it in all of them."""

    def matching(original: Callable[..., list[Any]], holder: Document, target: Any) -> list[Any]:
        if target.attribute.name == "addresses":
            return list(holder.get("addresses") or [])
        return original(holder, target)

    around(service.patching, "matching", matching)


@fault("RFC7643-2.4-03")
def all_photos_are_primary(service: Service) -> None:
    """Every photo of a user is shown as the primary one."""

    def view(shown: Document) -> Document:
        if isinstance(shown.get("photos"), list):
            shown["photos"] = [{**each, "primary": True} for each in shown["photos"]]
        return shown

    after(service.membership, "view", view)
