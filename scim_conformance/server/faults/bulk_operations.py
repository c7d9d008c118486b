"""Faults in what bulk jobs do with failures and with operations that are none (RFC 7644 sections 3.7 and 3.7.3)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from scim_conformance.server.bulk import BulkOperation, Job, references
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, swap
from scim_conformance.server.faults.bulk import Result, failed, writing
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

Run = Callable[[Job], None]


# -- failures -------------------------------------------------------------------------------


@fault("RFC7644-3.7-13")
def bulk_failures_without_response(service: Service) -> None:
    """The result of an operation that failed has no response, but a description of its own."""

    def change(result: Result, _operation: BulkOperation) -> None:
        if failed(result):
            result["description"] = result.pop("response").get("detail")

    writing(service, change)


@fault("RFC7644-3.7-15")
def bulk_failures_with_a_bare_response(service: Service) -> None:
    """The response of an operation that failed has a detail and nothing else."""

    def change(result: Result, _operation: BulkOperation) -> None:
        if failed(result):
            result["response"] = {"detail": result["response"].get("detail", "It failed.")}

    writing(service, change)


@fault("RFC7644-3.7-15")
def bulk_failures_with_another_status_inside(service: Service) -> None:
    """The response of an operation that failed has the status of the job, 200."""
    writing(service, lambda result, _: result["response"].update(status="200") if failed(result) else None)


@fault("RFC7644-3.7.3-04")
def bulk_failures_without_words(service: Service) -> None:
    """The response of an operation that failed does not say why."""
    writing(service, lambda result, _: result["response"].pop("detail", None) if failed(result) else None)


@fault("RFC7644-3.12-29")
def bulk_failures_without_scim_type(service: Service) -> None:
    """The response of an operation that failed has no scimType."""
    writing(service, lambda result, _: result["response"].pop("scimType", None) if failed(result) else None)


@fault("RFC7644-3.7-18")
def bulk_stops_at_the_first_failure(service: Service) -> None:
    """A job ends at the first failure, whatever its failOnErrors."""
    swap(service.bulk_jobs, "is_over", lambda job: job.errors() > 0)


@fault("RFC7644-3.7-18")
def bulk_undoes_everything_after_a_failure(service: Service) -> None:
    """A job in which an operation fails is undone as a whole, and the results still tell of successes."""

    def run(original: Run, job: Job) -> None:
        kept = {
            each.path: service.bulk_jobs.perform(Request("GET", each.path)).body
            for each in job.operations
            if each.method in ("PUT", "PATCH") and not references(each.path)
        }
        original(job)
        if job.errors():
            for path, body in kept.items():
                headers = job.request.headers
                service.bulk_jobs.perform(Request("PUT", path, headers=headers, body=body))

    around(service.bulk_jobs, "run", run)


@fault("RFC7644-3.7-24")
def bulk_ignores_fail_on_errors(service: Service) -> None:
    """A job is performed to its end, whatever its failOnErrors."""
    swap(service.bulk_jobs, "is_over", lambda _job: False)


@fault("RFC7644-3.7-24")
def bulk_ends_one_error_late(service: Service) -> None:
    """A job ends after one error more than failOnErrors."""
    swap(
        service.bulk_jobs,
        "is_over",
        lambda job: job.fail_on_errors is not None and 0 < job.fail_on_errors < job.errors(),
    )


@fault("RFC7644-3.7-24")
def bulk_with_fail_on_errors_ends_at_the_first(service: Service) -> None:
    """A job with a failOnErrors ends at the first error, whatever the number."""
    swap(service.bulk_jobs, "is_over", lambda job: job.fail_on_errors is not None and job.errors() > 0)


@fault("RFC7644-3.7-24")
def bulk_reports_what_it_left_undone(service: Service) -> None:
    """A job that ended by failOnErrors has results for the operations that it left undone."""

    def run(original: Run, job: Job) -> None:
        original(job)
        undone = ScimError(400, None, "The job ended before this operation.")
        for operation in job.operations:
            if operation.result is None:
                operation.result = service.bulk_jobs.result(job, operation, service.answers.error(job.request, undone))

    around(service.bulk_jobs, "run", run)


@fault("RFC7644-3.7-24")
def bulk_that_ended_reports_the_last_error_only(service: Service) -> None:
    """A job that ended by failOnErrors has the last result alone."""

    def run(original: Run, job: Job) -> None:
        original(job)
        done = [each for each in job.operations if each.result is not None]
        if len(done) < len(job.operations):
            job.operations = done[-1:]

    around(service.bulk_jobs, "run", run)


@fault("RFC7644-3.7-25")
def bulk_ignores_versions(service: Service) -> None:
    """An operation with a stale version is performed."""

    def single(original: Callable[..., Request], *args: Any) -> Request:
        request = original(*args)
        request.headers.remove("If-Match")
        return request

    around(service.bulk_jobs, "single", single)


@fault("RFC7644-3.7-25")
def bulk_refuses_every_version(service: Service) -> None:
    """An operation with a version is refused, as stale or as unknown."""

    def single(original: Callable[..., Request], *args: Any) -> Request:
        request = original(*args)
        if "If-Match" in request.headers:
            raise ScimError(400, "invalidValue", "A version is not supported here.")
        return request

    around(service.bulk_jobs, "single", single)


# -- operations that are none ---------------------------------------------------------------


def reading(service: Service, change: Callable[[dict[str, Any]], object]) -> None:
    """Change operations before they are read."""

    def operation(original: Callable[..., BulkOperation], number: int, document: Any) -> BulkOperation:
        asked = dict(document)
        change(asked)
        return original(number, asked)

    around(service.bulk_jobs, "operation", operation)


def unchecked(service: Service, excepted: Callable[[BulkOperation], bool]) -> None:
    """Do not look at some operations."""

    def check(original: Callable[..., None], operation: BulkOperation, texts: Mapping[str, Any]) -> None:
        if not excepted(operation):
            original(operation, texts)

    around(service.bulk_jobs, "check_operation", check)


@fault("RFC7644-3.7-06")
def bulk_reads_too(service: Service) -> None:
    """A GET in a job is performed."""
    unchecked(service, lambda operation: operation.method == "GET")


@fault("RFC7644-3.7-06")
def bulk_takes_any_method_for_a_deletion(service: Service) -> None:
    """An operation without a method succeeds and does nothing."""

    def result(original: Callable[..., Result], job: Job, operation: BulkOperation, response: Response) -> Result:
        return original(job, operation, Response(204) if not operation.method else response)

    around(service.bulk_jobs, "result", result)


@fault("RFC7644-3.7-07")
def bulk_needs_no_bulk_id(service: Service) -> None:
    """A POST without bulkId is performed."""
    reading(service, lambda asked: asked.setdefault("bulkId", "none") if asked.get("method") == "POST" else None)


@fault("RFC7644-3.7-09")
def bulk_guesses_the_path(service: Service) -> None:
    """An operation without path creates a user."""
    reading(service, lambda asked: asked.setdefault("path", "/Users"))


@fault("RFC7644-3.7-10")
def bulk_creates_below_resources(service: Service) -> None:
    """A POST whose path is a single resource creates one."""

    def change(asked: dict[str, Any]) -> None:
        if asked.get("method") == "POST":
            asked["path"] = "/" + str(asked.get("path", "")).strip("/").split("/")[0]

    reading(service, change)


@fault("RFC7644-3.7-10")
def bulk_succeeds_at_no_endpoint(service: Service) -> None:
    """A POST whose path is no endpoint succeeds and does nothing."""

    def result(original: Callable[..., Result], job: Job, operation: BulkOperation, response: Response) -> Result:
        nowhere = operation.path.count("/") == 1 and response.status == HTTPStatus.NOT_FOUND
        return original(job, operation, Response(204) if nowhere else response)

    around(service.bulk_jobs, "result", result)


@fault("RFC7644-3.7-11")
def bulk_without_data_fails(service: Service) -> None:
    """A POST without data fails with 500."""

    def single(original: Callable[..., Request], job: Job, operation: BulkOperation, path: str, data: Any) -> Request:
        if data is None and operation.method == "POST":
            raise ScimError(500, None, "The server made a mistake.")
        return original(job, operation, path, data)

    around(service.bulk_jobs, "single", single)


@fault("RFC7644-3.7-11")
def bulk_without_data_succeeds(service: Service) -> None:
    """A PUT or PATCH without data succeeds and does nothing."""

    def single(original: Callable[..., Request], job: Job, operation: BulkOperation, path: str, data: Any) -> Request:
        request = original(job, operation, path, data)
        if data is None and operation.method in ("PUT", "PATCH"):
            request.method = "GET"
        return request

    around(service.bulk_jobs, "single", single)
