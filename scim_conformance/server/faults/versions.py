"""Faults of versions: the ETag header, meta.version, and when they change."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.create import reshaped
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

Resource = Mapping[str, Any]


def without_etag(response: Response) -> Response:
    """Take the ETag out of an answer."""
    response.headers.remove("ETag")
    return response


def retold(service: Service, name: str, write: Callable[[str], str]) -> None:
    """Let one kind of answer tell its version in the header in another way."""

    def change(response: Response) -> Response:
        version = response.headers.get("ETag")
        if version:
            response.headers.set("ETag", write(version))
        return response

    after(service.answers, name, change)


def versioned_by(service: Service, make: Callable[[Resource], str]) -> None:
    """Let a version be made from something else than all that a resource holds."""
    swap(service.versions, "version", lambda resource: service.versions.tag(make(resource)))


# -- the header -----------------------------------------------------------------------------


@fault("RFC7644-3.14-02", "RFC7232-2.3.1-01", "RFC7232-2.4-01")
def get_has_no_etag(service: Service) -> None:
    """The answer to GET has no ETag header, although versions are advertised; meta.version is there."""
    after(service.answers, "found", without_etag)


@fault("RFC7644-3.14-02", "RFC7232-2.3.1-01", "RFC7232-2.4-01")
def get_of_a_group_has_no_etag(service: Service) -> None:
    """The answer to GET of a group has no ETag header."""

    def found(original: Callable[..., Response], request: Request, resource: Resource, *rest: Any) -> Response:
        response = original(request, resource, *rest)
        return without_etag(response) if resource["meta"]["resourceType"] == "Group" else response

    around(service.answers, "found", found)


@fault("RFC7232-2.4-01")
def head_has_no_etag(service: Service) -> None:
    """The answer to HEAD has no ETag header, unlike the one to GET."""

    def finished(original: Callable[..., Response], request: Request, response: Response) -> Response:
        return original(request, without_etag(response) if request.method == "HEAD" else response)

    around(service, "finished", finished)


@fault("RFC7232-2.3-01")
def etag_has_no_quotes(service: Service) -> None:
    """The ETag of a GET is written without quotes, unlike meta.version."""
    retold(service, "found", lambda version: version.replace('"', ""))


@fault("RFC7232-2.3-01")
def etag_has_blanks(service: Service) -> None:
    """The ETag of a GET has blanks between its quotes."""
    retold(service, "found", lambda version: version.replace('W/"', 'W/" '))


@fault("RFC7232-2.3-01", "RFC7232-2.3-02", "RFC7643-3.1-31")
def weakness_is_written_in_lower_case(service: Service) -> None:
    """Versions begin with w/ instead of W/."""
    swap(service.versions, "tag", lambda opaque: f'w/"{opaque}"')


@fault("RFC7232-2.3-02", "RFC7643-3.1-31")
def weak_versions_look_strong(service: Service) -> None:
    """Versions have no W/, although they stay when the groups of a user change."""
    swap(service.versions, "tag", lambda opaque: f'"{opaque}"')


# -- meta.version ---------------------------------------------------------------------------


@fault("RFC7644-3.14-03")
def meta_has_no_version(service: Service) -> None:
    """Resources have no meta.version, although versions are advertised and answers have an ETag."""

    def show(shown: dict[str, Any]) -> dict[str, Any]:
        if "meta" in shown:
            shown["meta"] = {name: value for name, value in shown["meta"].items() if name != "version"}
        return shown

    after(service.projection, "show", show)


@fault("RFC7643-3.1-29")
def meta_version_is_a_number_of_its_own(service: Service) -> None:
    """The meta.version that a GET shows is a revision number, and not the ETag beside it."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if "meta" in body:
            body["meta"]["version"] = 'W/"1"'
        return body

    after(service.answers, "found", lambda response: reshaped(response, change))


@fault("RFC7643-3.1-29")
def put_tells_the_former_version(service: Service) -> None:
    """The ETag of a PUT is that of the resource as it was, and not the meta.version beside it."""
    former: dict[str, str] = {}

    def update(original: Callable[..., Any], kind: Any, record: Any, draft: Any) -> Any:
        former[record.id] = record.resource["meta"].get("version", "")
        return original(kind, record, draft)

    def replaced(original: Callable[..., Response], request: Request, resource: Resource, *rest: Any) -> Response:
        response = original(request, resource, *rest)
        if "ETag" in response.headers:
            response.headers.set("ETag", former[resource["id"]])
        return response

    around(service.lifecycle, "update", update)
    around(service.answers, "replaced", replaced)


@fault("RFC7643-3.1-30")
def letter_case_of_versions_does_not_count(service: Service) -> None:
    """Versions are compared without regard to letter case."""
    same = service.versions.same
    swap(service.versions, "same", lambda one, other: same(one, other) or same(one[:2] + one[2:].swapcase(), other))


# -- when it changes ------------------------------------------------------------------------


@fault("RFC7644-3.14-07", "RFC7232-2.1-01")
def version_is_the_id(service: Service) -> None:
    """The version of a resource never changes: it is made from its id."""
    versioned_by(service, lambda resource: str(resource["id"]))


@fault("RFC7644-3.14-07", "RFC7232-2.1-01")
def version_is_the_user_name(service: Service) -> None:
    """The version of a resource changes with its userName alone."""
    versioned_by(service, lambda resource: f"{resource['id']}-{len(resource.get('userName', ''))}")


@fault("RFC7644-3.14-07", "RFC7232-2.1-01")
def patch_keeps_the_version(service: Service) -> None:
    """PATCH changes a resource and leaves its version as it was."""
    performing = {"patch": False}

    def modify(original: Callable[..., Response], *args: Any) -> Response:
        performing["patch"] = True
        try:
            return original(*args)
        finally:
            performing["patch"] = False

    def stamped(original: Callable[..., Any], before: Resource, draft: Any) -> Any:
        resource = original(before, draft)
        if performing["patch"]:
            resource["meta"]["version"] = before["meta"]["version"]
        return resource

    around(service.lifecycle, "modify", modify)
    around(service.lifecycle, "stamped_change", stamped)


@fault("RFC7644-3.14-07")
def every_read_has_a_version_of_its_own(service: Service) -> None:
    """The version that a GET tells is another one each time, in the header and in meta."""
    count = iter(range(1, 1_000_000))

    def found(original: Callable[..., Response], request: Request, resource: Resource, shown: Any, *rest: Any) -> Any:
        version = service.versions.tag(f"{next(count)}")
        again = {**resource, "meta": {**resource["meta"], "version": version}}
        if "version" in shown.get("meta", {}):
            shown = {**shown, "meta": {**shown["meta"], "version": version}}
        return original(request, again, shown, *rest)

    around(service.answers, "found", found)
