"""Variants of bulk jobs: what section 3.7 of RFC 7644 leaves to the service provider (A50)."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from scim_conformance.server.bulk import BulkOperation, Job, references
from scim_conformance.server.errors import ScimError, invalid_syntax, invalid_value
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, around, swap, variant


def writing(service: Service, change: Callable[[dict[str, Any], BulkOperation, Response], object]) -> None:
    """Change the results of operations."""

    def result(original: Callable[..., Any], job: Job, operation: BulkOperation, response: Response) -> dict[str, Any]:
        written: dict[str, Any] = original(job, operation, response)
        change(written, operation, response)
        return written

    around(service.bulk_jobs, "result", result)


@variant()
def no_bulk(service: Service) -> None:
    """Bulk jobs are not supported, ServiceProviderConfig says so, and one is answered 501 (RFC 7644 section 3.7)."""
    service.capabilities.bulk = False


@variant()
def bulk_status_in_an_object(service: Service) -> None:
    """The status of each result is an object with a code, as an example of RFC 7644 section 3.7.2 has it (A50)."""
    after(service.bulk_jobs, "result_status", lambda status: {"code": status})


@variant()
def bulk_status_as_a_number(service: Service) -> None:
    """The status of each result is a number, which earns no more than a warning (A50)."""
    after(service.bulk_jobs, "result_status", int)


@variant()
def bulk_locations_are_paths(service: Service) -> None:
    """The locations in results are paths below the base URL (A50)."""

    def location(original: Callable[..., str | None], job: Job, *args: Any) -> str | None:
        found = original(job, *args)
        return found.removeprefix(service.locations.base(job.request)) if found else found

    around(service.bulk_jobs, "location", location)


@variant()
def bulk_results_have_responses(service: Service) -> None:
    """Results of operations that succeeded have a response, which they may (RFC 7644 section 3.7)."""
    writing(service, lambda result, _, response: result.update(response=response.json) if response.body else None)


@variant()
def bulk_results_in_another_order(service: Service) -> None:
    """The results of a job come in another order than its operations, each with its bulkId or location (A50)."""

    def post(original: Callable[[Request], Response], request: Request) -> Response:
        response = original(request)
        body = response.json
        body["Operations"].sort(key=lambda each: each["method"])
        response.body = json.dumps(body).encode()
        return response

    around(service.bulk_jobs, "post", post)


@variant()
def bulk_results_without_version(service: Service) -> None:
    """Results do not tell versions, which earns no more than a warning (RFC 7644 section 3.7)."""
    writing(service, lambda result, *_: result.pop("version", None))


@variant()
def bulk_refuses_malformed_jobs_whole(service: Service) -> None:
    """A job with an operation that is malformed, or refers to no operation, is refused as a whole with 400 (A50)."""

    def job(original: Callable[[Request], Job], request: Request) -> Job:
        found = original(request)
        for each in found.operations:
            if each.problem is not None:
                raise invalid_syntax(each.problem.detail)
            if each.data is None and each.method != "DELETE":
                raise invalid_value("A POST, PUT or PATCH needs data.")
            if any(found.named(bulk_id) is None for bulk_id in references([each.path, each.data])):
                raise invalid_value("An operation refers to a bulkId that no operation has.")
        return found

    around(service.bulk_jobs, "job", job)


@variant()
def bulk_needs_no_bulk_ids(service: Service) -> None:
    """A POST without a bulkId is performed, which earns no more than a warning (A50)."""

    def operation(original: Callable[..., BulkOperation], number: int, document: Any) -> BulkOperation:
        nameless = isinstance(document, dict) and document.get("method") == "POST" and "bulkId" not in document
        return original(number, {**document, "bulkId": f"of operation {number}"} if nameless else document)

    around(service.bulk_jobs, "operation", operation)


@variant()
def bulk_that_ends_early_is_an_error(service: Service) -> None:
    """A job that failOnErrors ended is answered 400 with its results, which earns no more than a warning (A50)."""
    swap(service.bulk_jobs, "status", lambda job: 400 if service.bulk_jobs.is_over(job) else 200)


def give_up(service: Service, job: Job, operation: BulkOperation) -> None:
    """Answer a POST with 409, and delete what it created before the circle was found."""
    path = f"{operation.path}/{job.ids[str(operation.bulk_id)]}"
    service.bulk_jobs.perform(service.bulk_jobs.single(job, BulkOperation(0, "DELETE", path), path, None))
    conflict = service.answers.error(job.request, ScimError(409, None, "The references form a circle."))
    operation.result = service.bulk_jobs.result(job, operation, conflict)


@variant()
def bulk_circles_are_conflicts(service: Service) -> None:
    """Circular references are answered with 409, which is allowed after an attempt (RFC 7644 section 3.7.1)."""

    def complete(job: Job, operation: BulkOperation, _: str) -> None:
        give_up(service, job, operation)
        for each in job.operations:
            if each.method == "POST" and each.path == operation.path and each.bulk_id in references(operation.data):
                give_up(service, job, each)

    swap(service.bulk_jobs, "complete", complete)


@variant()
def bulk_circles_are_broken_in_one_place(service: Service) -> None:
    """Of circular references one POST is answered with 409, and the rest is done (RFC 7644 section 3.7.1)."""
    swap(service.bulk_jobs, "complete", lambda job, operation, _: give_up(service, job, operation))


@variant()
def bulk_ids_are_known_backwards_only(service: Service) -> None:
    """References to later operations, and bulkIds in paths, are refused with 409, which earns a warning (A50)."""

    def resolve_first(original: Callable[..., set[str]], job: Job, operation: BulkOperation) -> set[str]:
        later = [
            each for each in references(operation.data) if (job.named(each) or operation).number > operation.number
        ]
        if later or references(operation.path):
            raise ScimError(HTTPStatus.CONFLICT, None, "The reference cannot be resolved.")
        return original(job, operation)

    around(service.bulk_jobs, "resolve_first", resolve_first)


@variant()
def bulk_limits_are_small(service: Service) -> None:
    """A job has 20 operations and 20,000 bytes at most, and ServiceProviderConfig says so (RFC 7644 section 3.7.4)."""
    service.capabilities.max_operations = 20
    service.capabilities.max_payload = 20_000
