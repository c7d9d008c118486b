"""Faults of conditional requests: If-Match and If-None-Match."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, answer, around, fault, swap
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

Resource = Mapping[str, Any]
Verb = Callable[[Request, ResourceType, str], Response]


def unconditional(request: Request) -> Request:
    """Give a request without its conditions."""
    kept = [(name, value) for name, value in request.headers if not name.lower().startswith("if-")]
    return Request(
        request.method, request.path, request.query, Headers(kept), request.body, request.peer, request.scheme
    )


def blind(service: Service, *verbs: str) -> None:
    """Let some verbs take no notice of conditions."""
    for verb in verbs:
        around(service.lifecycle, verb, lambda original, request, *rest: original(unconditional(request), *rest))


def ignoring(service: Service, header: str, method: str) -> None:
    """Let a method take no notice of a condition."""
    name = header.lower().replace("-", "_")
    around(
        service.versions,
        name,
        lambda original, request, resource: request.method == method or original(request, resource),
    )


def failing_as(service: Service, status: int) -> None:
    """Let a precondition that is false be refused with another status."""
    swap(service.versions, "precondition_failed", lambda detail: ScimError(status, None, detail))


def every_version(service: Service) -> dict[str, set[str]]:
    """Give a dictionary that will hold all versions that a resource ever had, by its id."""
    ever: dict[str, set[str]] = {}

    def versioned(resource: dict[str, Any]) -> dict[str, Any]:
        ever.setdefault(resource["id"], set()).add(resource["meta"].get("version", ""))
        return resource

    after(service.lifecycle, "versioned", versioned)
    return ever


def done_and_refused(service: Service, verb: str) -> None:
    """Let a change be done, and then refused for its condition."""

    def act(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        before = service.lifecycle.existing(kind, id_).resource
        if service.versions.if_match(request, before):
            return original(request, kind, id_)
        original(unconditional(request), kind, id_)
        raise service.versions.precondition_failed("The resource has another version than If-Match says.")

    around(service.lifecycle, verb, act)


# -- If-Match -------------------------------------------------------------------------------


@fault("RFC7232-3.1-05")
def if_match_is_ignored(service: Service) -> None:
    """If-Match is not looked at, although versions are advertised."""
    answer(service.versions, "if_match", value=True)


@fault("RFC7232-3.1-05")
def put_ignores_if_match(service: Service) -> None:
    """PUT does not look at If-Match."""
    ignoring(service, "If-Match", "PUT")


@fault("RFC7232-3.1-05")
def patch_ignores_if_match(service: Service) -> None:
    """PATCH does not look at If-Match."""
    ignoring(service, "If-Match", "PATCH")


@fault("RFC7232-3.1-05")
def former_versions_match(service: Service) -> None:
    """If-Match lets every version pass that the resource ever had."""
    ever = every_version(service)

    def if_match(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        tags = service.versions.tags(request, "If-Match") or []
        return original(request, resource) or bool(ever.get(resource["id"], set()) & set(tags))

    around(service.versions, "if_match", if_match)


@fault("RFC7232-3.1-05")
def change_with_another_version_answers_as_if_done(service: Service) -> None:
    """A PUT or PATCH with an outdated version answers 200 with the resource as it is, which was not changed."""

    def act(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        resource = service.lifecycle.existing(kind, id_).resource
        if service.versions.if_match(request, resource):
            return original(request, kind, id_)
        service.bodies.json(request)
        wanted = service.lifecycle.wanted(request)
        return service.answers.document(request, 200, service.lifecycle.shown(request, kind, resource, wanted))

    for verb in ("replace", "modify"):
        around(service.lifecycle, verb, act)


@fault("RFC7232-3.1-04", "RFC7232-3.1-05", "RFC7232-5-01")
def put_is_done_and_refused(service: Service) -> None:
    """A PUT with another version is answered 412 after it was done."""
    done_and_refused(service, "replace")


@fault("RFC7232-3.1-04", "RFC7232-3.1-05", "RFC7232-5-01")
def patch_is_done_and_refused(service: Service) -> None:
    """A PATCH with another version is answered 412 after it was done."""
    done_and_refused(service, "modify")


@fault("RFC7232-3.1-04")
def delete_is_done_and_refused(service: Service) -> None:
    """A DELETE with another version is answered 412 after it was done."""
    done_and_refused(service, "delete")


@fault("RFC7232-3.1-02")
def one_version_is_looked_at(service: Service) -> None:
    """Of several versions in If-Match the first alone is looked at."""

    def tags(original: Callable[..., list[str] | None], request: Request, header: str) -> list[str] | None:
        found = original(request, header)
        return found[:1] if header == "If-Match" and found else found

    around(service.versions, "tags", tags)


@fault("RFC7232-3.1-02", "RFC7644-3.14-06")
def no_version_matches(service: Service) -> None:
    """A PUT or PATCH with If-Match is refused, whatever the version is."""

    def if_match(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        if request.method in ("PUT", "PATCH") and request.headers.get("If-Match", "*") != "*":
            raise ScimError(400, "invalidValue", "If-Match is not understood.")
        return original(request, resource)

    around(service.versions, "if_match", if_match)


@fault("RFC7232-3.1-01")
def star_matches_nothing(service: Service) -> None:
    """If-Match: * is taken for a version of that name, which no resource has."""

    def tags(original: Callable[..., list[str] | None], request: Request, header: str) -> list[str] | None:
        found = original(request, header)
        return [] if found == ["*"] and header == "If-Match" else found

    around(service.versions, "tags", tags)


@fault("RFC7232-3.1-01")
def star_creates(service: Service) -> None:
    """A PUT with If-Match: * to an id that no resource has creates a resource."""

    def replace(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        if service.store.get(kind.name, id_) is None and request.headers.get("If-Match") == "*":
            return service.lifecycle.create(unconditional(request), kind)
        return original(request, kind, id_)

    around(service.lifecycle, "replace", replace)


@fault("RFC7232-3.1-06", "RFC7232-4.2-01", "RFC7644-3.12-14")
def outdated_version_answers_400(service: Service) -> None:
    """A precondition that is false is answered 400."""
    failing_as(service, 400)


@fault("RFC7232-3.1-06", "RFC7232-4.2-01", "RFC7644-3.12-14")
def outdated_version_answers_409(service: Service) -> None:
    """A precondition that is false is answered 409, which tells less (A26)."""
    failing_as(service, 409)


@fault("RFC7644-3.12-01", "RFC7644-3.12-02")
def outdated_version_answers_412_without_a_body(service: Service) -> None:
    """A precondition that is false is answered 412 without a body."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        return Response(412) if problem.status == 412 else original(request, problem)  # noqa: PLR2004

    around(service.answers, "error", error)


# -- If-None-Match --------------------------------------------------------------------------


@fault("RFC7232-3.2-06", "RFC7644-3.14-04")
def if_none_match_is_ignored_by_get(service: Service) -> None:
    """GET with If-None-Match and the current version answers 200."""
    ignoring(service, "If-None-Match", "GET")


@fault("RFC7232-3.2-06")
def if_none_match_is_ignored_by_head(service: Service) -> None:
    """HEAD with If-None-Match and the current version answers 200."""
    ignoring(service, "If-None-Match", "HEAD")


@fault("RFC7232-3.2-06", "RFC7644-3.14-04")
def unchanged_resource_answers_204(service: Service) -> None:
    """GET with If-None-Match and the current version answers 204."""

    def turned(response: Response) -> Response:
        response.status = 204
        return response

    after(service.answers, "not_modified", turned)


@fault("RFC7232-3.2-06", "RFC7644-3.14-04")
def unchanged_resource_answers_412(service: Service) -> None:
    """GET with If-None-Match and the current version answers 412."""

    def refuse(*_: Any) -> Response:
        raise service.versions.precondition_failed("The resource did not change.")

    swap(service.answers, "not_modified", refuse)


@fault("RFC7232-3.2-06")
def change_with_if_none_match_answers_304(service: Service) -> None:
    """A PUT or PATCH that If-None-Match rules out is answered 304."""

    def check(original: Callable[..., None], request: Request, resource: Resource) -> None:
        if not service.versions.if_none_match(request, resource):
            raise ScimError(304, None, "The resource did not change.")
        original(request, resource)

    around(service.versions, "check_write", check)


@fault("RFC7232-3.2-06")
def list_of_versions_is_not_read(service: Service) -> None:
    """If-None-Match with several versions is taken for one, which no resource has."""

    def tags(original: Callable[..., list[str] | None], request: Request, header: str) -> list[str] | None:
        found = original(request, header)
        return [] if header == "If-None-Match" and found and len(found) > 1 else found

    around(service.versions, "tags", tags)


@fault("RFC7232-3.2-05")
def if_none_match_is_ignored_by_changes(service: Service) -> None:
    """PUT and PATCH do not look for versions in If-None-Match, only for *."""
    around(
        service.versions,
        "if_none_match",
        lambda original, request, resource: (
            (request.method in ("PUT", "PATCH") and request.headers.get("If-None-Match") != "*")
            or original(request, resource)
        ),
    )


@fault("RFC7232-3.2-03", "RFC7232-3.2-05")
def change_is_done_before_if_none_match(service: Service) -> None:
    """A PUT that If-None-Match rules out is answered 412 after it was done."""

    def replace(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        before = service.lifecycle.existing(kind, id_).resource
        if service.versions.if_none_match(request, before):
            return original(request, kind, id_)
        original(unconditional(request), kind, id_)
        raise service.versions.precondition_failed("If-None-Match rules this version out.")

    around(service.lifecycle, "replace", replace)


@fault("RFC7232-3.2-04")
def star_is_no_version_of_a_get(service: Service) -> None:
    """GET with If-None-Match: * answers 200."""

    def if_none_match(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        star = request.headers.get("If-None-Match") == "*" and request.method == "GET"
        return star or original(request, resource)

    around(service.versions, "if_none_match", if_none_match)


@fault("RFC7232-3.2-04")
def star_is_no_version_of_a_put(service: Service) -> None:
    """PUT with If-None-Match: * is performed on a resource that is there."""

    def if_none_match(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        star = request.headers.get("If-None-Match") == "*" and request.method == "PUT"
        return star or original(request, resource)

    around(service.versions, "if_none_match", if_none_match)


@fault("RFC7232-2.3.2-01", "RFC7232-3.2-01")
def if_none_match_compares_letter_by_letter(service: Service) -> None:
    """If-None-Match takes a version with W/ and the same without it for two."""

    def if_none_match(request: Request, resource: Resource) -> bool:
        tags = service.versions.tags(request, "If-None-Match") or []
        return "*" not in tags and resource["meta"]["version"] not in tags

    swap(service.versions, "if_none_match", if_none_match)


@fault("RFC7644-3.14-05")
def changed_resource_answers_304(service: Service) -> None:
    """GET with a former version in If-None-Match answers 304, as if nothing had changed."""
    ever = every_version(service)

    def if_none_match(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        if request.method == "GET" and request.headers.get("If-None-Match") in ever.get(resource["id"], ()):
            return False
        return original(request, resource)

    around(service.versions, "if_none_match", if_none_match)


# -- 304 ------------------------------------------------------------------------------------


@fault("RFC7232-4.1-01")
def unchanged_resource_has_no_etag(service: Service) -> None:
    """An answer 304 has no ETag."""

    def without(response: Response) -> Response:
        response.headers.remove("ETag")
        return response

    after(service.answers, "not_modified", without)


@fault("RFC7232-4.1-01")
def unchanged_resource_has_no_location(service: Service) -> None:
    """An answer 304 has no Content-Location, although the answer 200 has one."""

    def without(response: Response) -> Response:
        response.headers.remove("Content-Location")
        return response

    after(service.answers, "not_modified", without)


@fault("RFC7232-4.1-03")
def unchanged_resource_has_a_body(service: Service) -> None:
    """An answer 304 has a body."""

    def filled(response: Response) -> Response:
        response.body = b"{}"
        return response

    after(service.answers, "not_modified", filled)


@fault("RFC7232-4.1-02")
def unchanged_resource_has_a_media_type(service: Service) -> None:
    """An answer 304 has a Content-Type."""

    def described(response: Response) -> Response:
        response.headers.set("Content-Type", "application/scim+json")
        return response

    after(service.answers, "not_modified", described)


# -- their place among other checks ---------------------------------------------------------


@fault("RFC7232-6-01")
def if_none_match_decides_first(service: Service) -> None:
    """Where there is an If-None-Match, it alone decides."""

    def if_match(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        return "If-None-Match" in request.headers or original(request, resource)

    around(service.versions, "if_match", if_match)


@fault("RFC7232-5-02")
def unknown_id_with_if_match_answers_412(service: Service) -> None:
    """A PUT with If-Match to an id that no resource has answers 412."""

    def replace(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        if "If-Match" in request.headers and service.store.get(kind.name, id_) is None:
            raise service.versions.precondition_failed("There is no version at all.")
        return original(request, kind, id_)

    around(service.lifecycle, "replace", replace)


@fault("RFC7232-5-01", "RFC7232-5-02")
def conditions_are_looked_at_before_credentials(service: Service) -> None:
    """GET of an unchanged resource answers 304 to anybody who names its version."""

    def handle(original: Callable[..., Response], request: Request) -> Response:
        id_ = request.path.rpartition("/")[2]
        record = service.store.find(id_)
        known = record is not None and not service.versions.if_none_match(request, record.resource)
        if record is not None and known and request.method == "GET" and "Authorization" not in request.headers:
            return Response(304, Headers([("ETag", record.resource["meta"]["version"])]))
        return original(request)

    around(service, "handle", handle)


@fault("RFC7232-5-01", "RFC7232-5-02")
def conditions_break_on_bad_bodies(service: Service) -> None:
    """A PUT whose body is no JSON answers 200 where its If-Match is false: nothing was read, and nothing was done."""

    def replace(original: Verb, request: Request, kind: ResourceType, id_: str) -> Response:
        record = service.lifecycle.existing(kind, id_)
        if not service.versions.if_match(request, record.resource):
            try:
                service.bodies.json(request)
            except ScimError:
                return service.answers.document(request, 200, {"schemas": []})
        return original(request, kind, id_)

    around(service.lifecycle, "replace", replace)
