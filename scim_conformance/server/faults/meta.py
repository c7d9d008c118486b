"""Faults of meta: what it tells of a resource's type, times and place."""

from collections.abc import Callable
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Any

from scim_conformance.server.comparison import instant
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.create import Document, reshaped
from scim_conformance.server.faults.lists import listing
from scim_conformance.server.messages import Request
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service


def told(service: Service, change: Callable[[ResourceType, Document], Document]) -> None:
    """Let every answer show another meta than it would."""

    def view(original: Callable[..., Document], kind: ResourceType, resource: Document, request: Request) -> Document:
        shown = original(kind, resource, request)
        return shown | {"meta": change(kind, shown["meta"])}

    around(service.membership, "view", view)


def untold(service: Service, name: str) -> None:
    """Let every answer show a meta without one of its members."""
    told(service, lambda _, meta: {key: value for key, value in meta.items() if key != name})


def retold(service: Service, names: tuple[str, ...], write: Callable[[str], Any]) -> None:
    """Let every answer show members of meta that are written otherwise."""
    told(service, lambda _, meta: {key: write(value) if key in names else value for key, value in meta.items()})


# -- type and place -------------------------------------------------------------------------


@fault("RFC7643-3-01", "RFC7643-3.1-24", "RFC7643-3.1-02")
def resource_type_is_not_told(service: Service) -> None:
    """No resource has meta.resourceType."""
    untold(service, "resourceType")


@fault("RFC7643-3-01", "RFC7643-3.1-24", "RFC7643-3.1-02")
def resource_type_is_told_in_lower_case(service: Service) -> None:
    """The meta.resourceType of resources is the name of their type in lower case."""
    retold(service, ("resourceType",), str.lower)


@fault("RFC7643-3-01", "RFC7643-3.1-24", "RFC7643-3.1-02")
def resource_type_is_told_as_the_endpoint(service: Service) -> None:
    """The meta.resourceType of resources is the name of their endpoint."""
    told(service, lambda kind, meta: meta | {"resourceType": kind.endpoint.strip("/")})


@fault("RFC7643-3-01", "RFC7643-3.1-24", "RFC7643-3.1-02")
def resource_type_of_listed_groups_is_that_of_users(service: Service) -> None:
    """Lists show groups as resources of type User."""

    def change(body: Document) -> Document:
        for resource in body["Resources"]:
            if "meta" in resource:
                resource["meta"] = resource["meta"] | {"resourceType": "User"}
        return body

    listing(service, change)


@fault("RFC7643-3.1-28", "RFC7643-3.1-02", "RFC7644-3.3-10")
def location_is_not_told(service: Service) -> None:
    """No resource has meta.location."""
    untold(service, "location")


@fault("RFC7643-3.1-28", "RFC7643-3.1-02")
def location_is_told_as_the_endpoint(service: Service) -> None:
    """A GET shows the URI of the endpoint in meta.location."""

    def change(body: Document) -> Document:
        meta = body.get("meta", {})
        return body | {"meta": meta | {"location": meta["location"].rpartition("/")[0]}} if "location" in meta else body

    after(service.answers, "found", lambda response: reshaped(response, change))


@fault("RFC7643-3.1-28", "RFC7643-3.1-02")
def location_in_lists_leaves_out_the_base(service: Service) -> None:
    """Lists show a meta.location that leaves out the path of the base URL, and so leads nowhere."""

    def change(body: Document) -> Document:
        for resource in body["Resources"]:
            if "meta" in resource:
                location = resource["meta"]["location"].replace(service.locations.base_path, "", 1)
                resource["meta"] = resource["meta"] | {"location": location}
        return body

    listing(service, change)


# -- times ----------------------------------------------------------------------------------


@fault("RFC7643-3.1-02", "RFC7643-3.1-01")
def time_of_creation_is_not_told(service: Service) -> None:
    """No resource has meta.created."""
    untold(service, "created")


@fault("RFC7643-3.1-02", "RFC7643-3.1-01")
def time_of_change_is_not_told(service: Service) -> None:
    """No resource has meta.lastModified."""
    untold(service, "lastModified")


@fault("RFC7643-3.1-02", "RFC7643-3.1-01")
def meta_is_not_listed(service: Service) -> None:
    """Lists show no times in the meta of their resources."""

    def change(body: Document) -> Document:
        for resource in body["Resources"]:
            if "meta" in resource:
                kept = ("resourceType", "location", "version")
                resource["meta"] = {name: value for name, value in resource["meta"].items() if name in kept}
        return body

    listing(service, change)


@fault("RFC7643-2.3.5-03", "RFC7643-2.3.5-01", "RFC7643-3.1-25")
def times_are_numbers(service: Service) -> None:
    """The times in meta are numbers of seconds."""
    retold(service, ("created", "lastModified"), lambda text: int(instant(text).timestamp()))


@fault("RFC7643-2.3.5-02", "RFC7643-2.3.5-01", "RFC7643-3.1-25")
def times_are_dates(service: Service) -> None:
    """The times in meta are dates without a time of day."""
    retold(service, ("created", "lastModified"), lambda text: text[:10])


@fault("RFC7643-2.3.5-01", "RFC7643-3.1-25")
def times_are_written_as_in_http(service: Service) -> None:
    """The times in meta are written as in HTTP headers."""
    retold(
        service, ("created", "lastModified"), lambda text: format_datetime(instant(text).astimezone(UTC), usegmt=True)
    )


@fault("RFC7643-2.3.5-01", "RFC7643-3.1-25")
def time_of_creation_has_a_blank(service: Service) -> None:
    """The meta.created of resources has a blank between date and time."""
    retold(service, ("created",), lambda text: text.replace("T", " "))


@fault("RFC7643-3.1-27")
def new_resource_was_changed_already(service: Service) -> None:
    """The meta.lastModified of a new resource is five seconds later than its meta.created."""

    def stamp(resource: Document) -> Document:
        moment = instant(resource["meta"]["created"]) + timedelta(seconds=5)
        resource["meta"]["lastModified"] = service.clock.written(moment)
        return resource

    after(service.lifecycle, "stamped_new", stamp)


@fault("RFC7643-3.1-27")
def reading_counts_as_a_change(service: Service) -> None:
    """A GET shows the time of reading, an hour on, as meta.lastModified."""

    def change(body: Document) -> Document:
        moment = service.clock.written(service.clock.now() + timedelta(hours=1))
        meta = body.get("meta", {})
        return body | {"meta": meta | {"lastModified": moment}} if "lastModified" in meta else body

    after(service.answers, "found", lambda response: reshaped(response, change))
