"""Faults of bulk jobs and of the answers to them (RFC 7644 sections 3.7, 3.7.3 and 3.7.4)."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from scim_conformance.server.bulk import BulkOperation, Job
from scim_conformance.server.errors import ScimError, not_implemented
from scim_conformance.server.faults import after, answer, around, fault, skip, swap
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

Result = dict[str, Any]


def answering(service: Service, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the body of the answer to a job."""

    def post(original: Callable[[Request], Response], request: Request) -> Response:
        response = original(request)
        body = response.json
        change(body)
        response.body = json.dumps(body).encode()
        return response

    around(service.bulk_jobs, "post", post)


def writing(service: Service, change: Callable[[Result, BulkOperation], object]) -> None:
    """Change the results of operations."""

    def result(original: Callable[..., Result], job: Job, operation: BulkOperation, response: Response) -> Result:
        written = original(job, operation, response)
        change(written, operation)
        return written

    around(service.bulk_jobs, "result", result)


def failed(result: Result) -> bool:
    """Tell whether a result is that of a failure."""
    return str(result["status"])[0] in "45"


def is_failure(response: Response) -> bool:
    """Tell whether the answer to one operation is a refusal."""
    return response.status >= HTTPStatus.BAD_REQUEST


# -- the job --------------------------------------------------------------------------------


@fault("RFC7644-3.7-01")
def bulk_is_advertised_only(service: Service) -> None:
    """ServiceProviderConfig says that bulk jobs are supported, and one is answered 501."""

    def post(_request: Request) -> Response:
        raise not_implemented("Bulk jobs are not supported.")

    swap(service.bulk_jobs, "post", post)


@fault("RFC7644-3.7-01")
def bulk_unadvertised_is_half_there(service: Service) -> None:
    """ServiceProviderConfig says that bulk jobs are not supported, and one is answered 200 without being performed."""
    service.capabilities.bulk = False
    swap(service, "bulk", lambda request: service.answers.document(request, 200, {"Operations": []}))


@fault("RFC7644-3.7-16")
def bulk_with_failures_answers_400(service: Service) -> None:
    """A job in which an operation failed is answered 400."""
    swap(service.bulk_jobs, "status", lambda job: 400 if job.errors() else 200)


@fault("RFC7644-3.7-16")
def bulk_answers_207(service: Service) -> None:
    """A job is answered 207, as WebDAV has it."""
    answer(service.bulk_jobs, "status", 207)


@fault("RFC7644-3.7-16", "RFC7644-3.7.3-03")
def bulk_is_accepted_and_forgotten(service: Service) -> None:
    """A job is answered as if all operations had succeeded, and creations and deletions are not performed."""

    def perform(original: Callable[[Request], Response], request: Request) -> Response:
        if request.method == "POST":
            created = original(request)
            if created.status == HTTPStatus.CREATED:
                original(Request("DELETE", f"{request.path}/{json.loads(created.body)['id']}"))
            return created
        if request.method == "DELETE":
            found = original(Request("GET", request.path, headers=request.headers))
            return Response(204) if found.status == HTTPStatus.OK else found
        return original(request)

    around(service.bulk_jobs, "perform", perform)


@fault("RFC7644-3.7.3-03")
def bulk_says_done_and_changes_nothing(service: Service) -> None:
    """PUT and PATCH in a job are answered with 200 and the resource as it was."""

    def perform(original: Callable[[Request], Response], request: Request) -> Response:
        changing = request.method in ("PUT", "PATCH")
        return original(Request("GET", request.path, headers=request.headers) if changing else request)

    around(service.bulk_jobs, "perform", perform)


@fault("RFC7644-3.7-17")
def bulk_takes_bad_json_for_an_empty_job(service: Service) -> None:
    """A job that is no JSON is answered 200, without results."""

    def post(original: Callable[[Request], Response], request: Request) -> Response:
        try:
            json.loads(request.body)
        except ValueError:
            return service.answers.document(request, 200, {"schemas": [BULK_RESPONSE], "Operations": []})
        return original(request)

    around(service.bulk_jobs, "post", post)


BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


@fault("RFC7644-3.7-05")
def bulk_without_operations_succeeds(service: Service) -> None:
    """A job without Operations is answered 200."""

    def job(original: Callable[[Request], Job], request: Request) -> Job:
        return original(request) if b'"Operations"' in request.body else Job(request, [], None)

    around(service.bulk_jobs, "job", job)


@fault("RFC7644-3.7-05")
def bulk_without_operations_fails(service: Service) -> None:
    """A job without Operations, or without any in it, is answered 500."""

    def job(original: Callable[[Request], Job], request: Request) -> Job:
        try:
            return original(request)
        except ScimError as error:
            if error.detail.startswith("Operations has"):
                raise ScimError(500, None, "The server made a mistake.") from error
            raise

    around(service.bulk_jobs, "job", job)


@fault("RFC7644-3.7-02")
def bulk_needs_no_schema(service: Service) -> None:
    """A job that does not name the schema of bulk requests is performed."""
    around(
        service.bodies,
        "check_message_schema",
        lambda original, members, urn: None if urn.endswith("BulkRequest") else original(members, urn),
    )


# -- the answer -----------------------------------------------------------------------------


@fault("RFC7644-3.7-03")
def bulk_answers_with_the_schema_of_the_request(service: Service) -> None:
    """The answer to a job names the schema of bulk requests."""
    answering(service, lambda body: body.update(schemas=["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]))


@fault("RFC7644-3.7-03")
def bulk_answers_without_schemas(service: Service) -> None:
    """The answer to a job has no schemas."""
    answering(service, lambda body: body.pop("schemas"))


@fault("RFC7644-3.7-05")
def bulk_answers_with_resources(service: Service) -> None:
    """The answer to a job holds the results as Resources."""
    answering(service, lambda body: body.update(Resources=body.pop("Operations")))


@fault("RFC7644-3.7-26")
def bulk_repeats_fail_on_errors(service: Service) -> None:
    """The answer to a job repeats its failOnErrors."""

    def post(original: Callable[[Request], Response], request: Request) -> Response:
        response = original(request)
        limit = json.loads(request.body).get("failOnErrors")
        response.body = json.dumps({**response.json, "failOnErrors": limit}).encode()
        return response

    around(service.bulk_jobs, "post", post)


@fault("RFC7644-3.7.3-01")
def bulk_reports_failures_only(service: Service) -> None:
    """The answer to a job holds the results of operations that failed, where any did."""

    def change(body: dict[str, Any]) -> None:
        body["Operations"] = [each for each in body["Operations"] if failed(each)] or body["Operations"]

    answering(service, change)


@fault("RFC7644-3.7.3-01")
def bulk_reports_successes_only(service: Service) -> None:
    """The answer to a job holds the results of operations that succeeded."""
    answering(service, lambda body: body.update(Operations=[each for each in body["Operations"] if not failed(each)]))


@fault("RFC7644-3.7.3-01")
def bulk_leaves_deletions_out(service: Service) -> None:
    """The answer to a job does not hold the results of deletions that succeeded, which have nothing to show."""
    answering(
        service, lambda body: body.update(Operations=[each for each in body["Operations"] if each["status"] != "204"])
    )


# -- results --------------------------------------------------------------------------------


@fault("RFC7644-3.7.3-05")
def bulk_results_without_method(service: Service) -> None:
    """Results do not name the method."""
    writing(service, lambda result, _: result.pop("method"))


@fault("RFC7644-3.7.3-05")
def bulk_results_tell_the_old_version(service: Service) -> None:
    """The result of a PUT or PATCH tells the version that the resource had before."""
    known: dict[str, str] = {}

    def perform(original: Callable[[Request], Response], request: Request) -> Response:
        if request.method in ("PUT", "PATCH"):
            before = original(Request("GET", request.path, headers=request.headers))
            known["version"] = before.headers.get("ETag") or ""
        return original(request)

    def change(result: Result, operation: BulkOperation) -> None:
        if operation.method in ("PUT", "PATCH") and "version" in result:
            result["version"] = known["version"]

    around(service.bulk_jobs, "perform", perform)
    writing(service, change)


@fault("RFC7644-3.7-12", "RFC7644-3.7.3-02")
def bulk_results_without_location(service: Service) -> None:
    """Results but those of POST have no location."""
    writing(service, lambda result, operation: operation.method == "POST" or result.pop("location"))


@fault("RFC7644-3.7-12", "RFC7644-3.7.3-02")
def bulk_failures_without_location(service: Service) -> None:
    """The results of operations that failed have no location, whatever their method."""
    writing(service, lambda result, _: result.pop("location", None) if failed(result) else None)


@fault("RFC7644-3.7-12", "RFC7644-3.7.3-02")
def bulk_results_have_the_location_of_the_endpoint(service: Service) -> None:
    """The location of results but those of POST is that of the endpoint, without the id."""

    def change(result: Result, operation: BulkOperation) -> None:
        if operation.method != "POST":
            result["location"] = result["location"].rpartition("/")[0]

    writing(service, change)


@fault("RFC7644-3.7.3-02")
def bulk_locations_lead_nowhere(service: Service) -> None:
    """The location in the result of a POST is a URI at which nothing is read."""

    def change(result: Result, operation: BulkOperation) -> None:
        if operation.method == "POST" and "location" in result:
            result["location"] = result["location"].replace("/Users/", "/Bulk/Users/")

    writing(service, change)


@fault("RFC7644-3.7-21")
def bulk_results_without_bulk_id(service: Service) -> None:
    """Results do not repeat the bulkId."""
    writing(service, lambda result, _: result.pop("bulkId", None))


@fault("RFC7644-3.7-21", "RFC7644-3.7-12", "RFC7644-3.7.3-02")
def bulk_results_without_location_of_the_new(service: Service) -> None:
    """The result of a POST has the id of the new resource, but no location."""

    def result(original: Callable[..., Result], job: Job, operation: BulkOperation, response: Response) -> Result:
        written = original(job, operation, response)
        if operation.method == "POST" and response.status == HTTPStatus.CREATED:
            written.pop("location")
            written["response"] = response.json
        return written

    around(service.bulk_jobs, "result", result)


def telling(service: Service, success: str | None, failure: str | None) -> None:
    """Write these statuses for operations that succeeded and failed; None leaves them as they are."""

    def status(original: Callable[[Response], str], response: Response) -> str:
        return (failure if is_failure(response) else success) or original(response)

    around(service.bulk_jobs, "result_status", status)


@fault("RFC7644-3.7.3-03")
def bulk_results_all_have_200(service: Service) -> None:
    """Every operation that succeeded has the status 200."""
    telling(service, "200", None)


@fault("RFC7644-3.7.3-03")
def bulk_failures_have_200(service: Service) -> None:
    """Every operation that failed has the status 200, and an error as response."""
    telling(service, None, "200")


@fault("RFC7644-3.7.3-03")
def bulk_results_say_ok(service: Service) -> None:
    """Results tell the status in words: OK and FAILED."""
    telling(service, "OK", "FAILED")


# -- limits ---------------------------------------------------------------------------------


def advertising(service: Service, **limits: int) -> None:
    """Advertise other limits than those in force."""
    after(service.discovery, "bulk", lambda document: {**document, **limits})


@fault("RFC7644-3.7.4-01")
def bulk_limits_are_0(service: Service) -> None:
    """ServiceProviderConfig has 0 for both limits of bulk jobs, which it supports."""
    advertising(service, maxOperations=0, maxPayloadSize=0)


@fault("RFC7644-3.7.4-01")
def bulk_limits_are_minus_1(service: Service) -> None:
    """ServiceProviderConfig has -1 for both limits of bulk jobs, as if that meant that there are none."""
    advertising(service, maxOperations=-1, maxPayloadSize=-1)


@fault("RFC7644-3.7.4-03")
def bulk_takes_any_number_of_operations(service: Service) -> None:
    """A job with more operations than maxOperations is performed."""
    skip(service.bulk_jobs, "check_operations")


@fault("RFC7644-3.7.4-03")
def bulk_takes_any_size(service: Service) -> None:
    """A job larger than maxPayloadSize is performed."""
    skip(service.bulk_jobs, "check_payload")


@fault("RFC7644-3.7.4-03")
def bulk_beyond_limits_fails(service: Service) -> None:
    """A job beyond a limit is answered 500."""

    def post(original: Callable[[Request], Response], request: Request) -> Response:
        try:
            return original(request)
        except ScimError as error:
            if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                error.status = 500
            raise

    around(service.bulk_jobs, "post", post)


@fault("RFC7644-3.7.4-04")
def bulk_refusals_do_not_name_the_limit(service: Service) -> None:
    """The refusal of a job beyond a limit says no more than that it cannot be done."""

    def post(original: Callable[[Request], Response], request: Request) -> Response:
        try:
            return original(request)
        except ScimError as error:
            if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                error.detail = "The request cannot be processed."
            raise

    around(service.bulk_jobs, "post", post)


@fault("RFC7644-3.7.2-01", "RFC7644-3.7-20")
def bulk_ids_become_ids(service: Service) -> None:
    """A resource that a bulk job creates has its bulkId for its id."""
    names: list[str] = []

    def performed(original: Callable[..., Response], job: Job, operation: BulkOperation) -> Response:
        names.append(str(operation.bulk_id) if operation.method == "POST" else "")
        try:
            return original(job, operation)
        finally:
            names.pop()

    around(service.bulk_jobs, "performed", performed)
    around(service.lifecycle, "new_id", lambda original: names[-1] if names and names[-1] else original())
