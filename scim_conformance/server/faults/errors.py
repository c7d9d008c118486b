"""Faults of errors: their bodies, their status codes and their scimTypes."""

import json
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ERROR, ScimError
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service

Body = dict[str, Any]
Which = Callable[[ScimError], bool]


def answered(service: Service, which: Which, make: Callable[[Request, ScimError], Response]) -> None:
    """Let some errors be answered in another way."""

    def error(original: Callable[..., Response], request: Request, problem: ScimError) -> Response:
        return make(request, problem) if which(problem) else original(request, problem)

    around(service.answers, "error", error)


def worded(service: Service, which: Which, change: Callable[[Body], Body]) -> None:
    """Let some errors have another body."""
    around(
        service.answers,
        "error_body",
        lambda original, problem: change(original(problem)) if which(problem) else original(problem),
    )


def retyped(service: Service, which: Which, scim_type: str | None) -> None:
    """Let some errors have another scimType, or none."""

    def change(body: Body) -> Body:
        rest = {name: value for name, value in body.items() if name != "scimType"}
        return {**rest, "scimType": scim_type} if scim_type else rest

    worded(service, which, change)


def restated(service: Service, which: Which, status: int) -> None:
    """Let some errors have another status, in the header and in the body."""

    def make(request: Request, problem: ScimError) -> Response:
        again = ScimError(status, problem.scim_type, problem.detail)
        return service.answers.document(request, status, service.answers.error_body(again))

    answered(service, which, make)


def any_error(_: ScimError) -> bool:
    """Take every error."""
    return True


def malformed(problem: ScimError) -> bool:
    """Take the errors about bodies that are no JSON."""
    return problem.detail.startswith("The body is not JSON")


def conflict(problem: ScimError) -> bool:
    """Take the errors about values that are taken."""
    return problem.status == 409  # noqa: PLR2004


def no_endpoint(problem: ScimError) -> bool:
    """Take the errors about endpoints that do not exist."""
    return problem.status == 404 and "endpoint" in problem.detail  # noqa: PLR2004


# -- the body -------------------------------------------------------------------------------


@fault(
    "RFC7644-3.12-01",
    "RFC7644-3.2-09",
    "RFC7643-2.1-04",
    "RFC7644-3.2-10",
    "RFC7644-3.1-01",
    "RFC7644-8.1-01",
    "RFC7644-3.12-22",
)
def malformed_bodies_are_answered_in_plain_text(service: Service) -> None:
    """A body that is no JSON is answered 400 with a line of plain text, as frameworks do."""
    text = Headers([("Content-Type", "text/plain")])
    answered(service, malformed, lambda _, problem: Response(problem.status, text, b"Bad Request"))


@fault("RFC7643-2.1-04", "RFC7644-3.2-10", "RFC7644-3.12-01", "RFC7644-3.2-09")
def conflicts_are_answered_with_a_text(service: Service) -> None:
    """A conflict is answered with a JSON text instead of an object."""

    def make(request: Request, problem: ScimError) -> Response:
        return service.answers.document(request, problem.status, f"uniqueness: {problem.detail}")

    answered(service, conflict, make)


@fault("RFC7644-3.12-01", "RFC7644-3.2-09")
def conflicts_have_no_body(service: Service) -> None:
    """A conflict is answered 409 without a body."""
    answered(service, conflict, lambda _, problem: Response(problem.status))


@fault("RFC7644-3.12-01", "RFC7644-3.1-03", "RFC7644-3.2-09")
def errors_have_no_schemas(service: Service) -> None:
    """Errors do not say what they are."""
    worded(service, any_error, lambda body: {name: value for name, value in body.items() if name != "schemas"})


@fault("RFC7644-3.12-01", "RFC7644-3.1-03", "RFC7644-3.2-09")
def errors_are_those_of_scim_1(service: Service) -> None:
    """Errors have the form of SCIM 1.1: a list of errors with code and description."""

    def old(body: Body) -> Body:
        return {"Errors": [{"code": body["status"], "description": body.get("detail", "")}]}

    worded(service, any_error, old)


@fault("RFC7644-3.12-01", "RFC7644-8.2-01", "RFC7644-3.2-09")
def the_uri_of_errors_is_in_lower_case(service: Service) -> None:
    """Errors name the URI of the Error message in lower case."""
    worded(service, any_error, lambda body: {**body, "schemas": [ERROR.lower()]})


@fault("RFC7644-3.12-02", "RFC7644-3.2-09")
def errors_have_no_status(service: Service) -> None:
    """Error bodies have no status."""
    worded(service, any_error, lambda body: {name: value for name, value in body.items() if name != "status"})


@fault("RFC7644-3.12-02", "RFC7644-3.2-09")
def errors_all_have_one_status(service: Service) -> None:
    """Error bodies say 400, whatever the HTTP status is."""
    worded(service, any_error, lambda body: {**body, "status": "400"})


@fault("RFC7644-3.12-02", "RFC7644-3.2-09")
def the_status_of_errors_is_a_phrase(service: Service) -> None:
    """Error bodies have a status such as `409 Conflict`."""
    worded(service, conflict, lambda body: {**body, "status": f"{body['status']} Conflict"})


@fault("RFC7644-3.2-08", "RFC7644-3.12-12")
def unknown_endpoints_answer_200_with_an_error(service: Service) -> None:
    """A request to an endpoint that does not exist is answered 200 with an error of status 404 in the body."""

    def make(request: Request, problem: ScimError) -> Response:
        return service.answers.document(request, 200, service.answers.error_body(problem))

    answered(service, no_endpoint, make)


@fault("RFC7644-3.12-03")
def scim_types_are_of_its_own_making(service: Service) -> None:
    """A body that is no JSON is refused with the scimType badRequest, which nobody defined."""
    worded(service, malformed, lambda body: {**body, "scimType": "badRequest"})


@fault("RFC7644-3.12-04")
def details_are_objects(service: Service) -> None:
    """The detail of an error is an object."""
    worded(service, any_error, lambda body: {**body, "detail": {"en": body.get("detail", "")}})


# -- the status -----------------------------------------------------------------------------


@fault("RFC7644-3.12-09", "RFC7644-3.12-05")
def malformed_bodies_break_the_server(service: Service) -> None:
    """A body that is no JSON is answered 500."""
    restated(service, malformed, 500)


@fault("RFC7644-3.12-09", "RFC7644-3.12-05")
def malformed_searches_are_answered(service: Service) -> None:
    """A search whose body is no JSON is answered 200 with an empty list."""

    def search(original: Callable[..., Response], request: Request, kinds: list[ResourceType]) -> Response:
        try:
            service.bodies.json(request)
        except ScimError:
            return service.answers.listed(request, service.answers.list_response([], 0, 1))
        return original(request, kinds)

    around(service.query, "search", search)


@fault("RFC7644-3.12-12", "RFC7644-3.12-05")
def unknown_endpoints_answer_an_empty_list(service: Service) -> None:
    """A GET of an endpoint that does not exist is answered 200 with an empty list."""

    def make(request: Request, _: ScimError) -> Response:
        return service.answers.listed(request, service.answers.list_response([], 0, 1))

    answered(service, no_endpoint, make)


@fault("RFC7644-3.12-12", "RFC7644-3.12-05")
def unknown_endpoints_break_the_server(service: Service) -> None:
    """A GET of an endpoint that does not exist is answered 500."""
    restated(service, no_endpoint, 500)


@fault("RFC7644-3.12-13", "RFC7644-3.12-05", "RFC7643-4.1.1-02", "RFC7644-3.3-11")
def conflicts_break_the_server(service: Service) -> None:
    """A POST of a value that is taken is answered 500."""
    restated(service, conflict, 500)


@fault("RFC7644-3.12-15")
def too_large_a_job_answers_400(service: Service) -> None:
    """A bulk job that is too large is answered 400."""
    restated(service, lambda problem: problem.status == 413, 400)  # noqa: PLR2004


@fault("RFC7644-3.12-15")
def the_limit_of_jobs_is_kept_secret(service: Service) -> None:
    """A bulk job that is too large is answered 413 without a word on how large it may be."""
    worded(service, lambda problem: problem.status == 413, lambda body: {**body, "detail": "Too large."})  # noqa: PLR2004


# -- the scimType ---------------------------------------------------------------------------


@fault("RFC7644-3.12-20")
def conflicts_have_no_scim_type(service: Service) -> None:
    """A conflict is answered without a scimType."""
    retyped(service, conflict, None)


@fault("RFC7644-3.12-20")
def conflicts_are_called_invalid_value(service: Service) -> None:
    """A conflict is answered with the scimType invalidValue."""
    retyped(service, conflict, "invalidValue")


@fault("RFC7644-3.12-22")
def malformed_bodies_have_no_scim_type(service: Service) -> None:
    """A body that is no JSON is refused without a scimType."""
    retyped(service, malformed, None)


@fault("RFC7644-3.12-22")
def malformed_bodies_are_called_mutability(service: Service) -> None:
    """A body that is no JSON is refused with the scimType mutability."""
    retyped(service, malformed, "mutability")


@fault("RFC7644-3.12-25")
def bad_values_have_no_scim_type(service: Service) -> None:
    """A value that is missing or of a wrong type is refused without a scimType."""
    retyped(service, lambda problem: problem.scim_type == "invalidValue", None)


@fault("RFC7644-3.12-25")
def bad_values_answer_422(service: Service) -> None:
    """A value that is missing or of a wrong type is refused with 422."""
    restated(service, lambda problem: problem.scim_type == "invalidValue", 422)


@fault("RFC7644-3.12-26")
def other_versions_have_no_scim_type(service: Service) -> None:
    """A request for another version is refused with 400 and no scimType."""
    retyped(service, lambda problem: problem.scim_type == "invalidVers", None)


@fault("RFC7644-3.12-27")
def sensitive_filters_have_no_scim_type(service: Service) -> None:
    """A filter that is not to stand in a URL is refused with 403 and no scimType."""
    retyped(service, lambda problem: problem.scim_type == "sensitive", None)


# -- what nobody knows ----------------------------------------------------------------------


@fault("RFC7644-3.1-07")
def unknown_attributes_are_kept(service: Service) -> None:
    """An attribute that no schema has is stored and shown."""
    kept: dict[str, Any] = {}

    def replace(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        body = service.bodies.json(request)
        known = {each.name.lower() for each in service.resource_types.base(kind).attributes}
        common = {"schemas", "id", "externalid", "meta"}
        kept[id_] = {
            name: value
            for name, value in (body.items() if isinstance(body, dict) else ())
            if name.lower() not in known | common and not name.lower().startswith("urn:")
        }
        return original(request, kind, id_)

    def show(shown: dict[str, Any]) -> dict[str, Any]:
        return {**shown, **kept.get(str(shown.get("id")), {})}

    around(service.lifecycle, "replace", replace)
    after(service.projection, "show", show)


@fault("RFC7644-3.1-07")
def unknown_attributes_break_the_server(service: Service) -> None:
    """A PUT with an attribute that no schema has is answered 500."""

    def replace(original: Callable[..., Response], request: Request, kind: ResourceType, id_: str) -> Response:
        known = {each.name for each in service.resource_types.base(kind).attributes}
        try:
            body = json.loads(request.body)
        except ValueError:
            return original(request, kind, id_)
        for name in body if isinstance(body, dict) else ():
            if name not in {*known, "schemas", "id", "externalId", "meta"} and not name.startswith("urn:"):
                raise ScimError(500, None, f"Unknown column {name}.")
        return original(request, kind, id_)

    around(service.lifecycle, "replace", replace)
