"""Faults in the order of bulk operations, and in references by bulkId (RFC 7644 sections 3.7 to 3.7.2)."""

from collections.abc import Callable
from typing import Any

from scim_conformance.server.bulk import BulkOperation, Job, references, without
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import around, fault, skip, swap
from scim_conformance.server.faults.bulk import is_failure
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service

Run = Callable[[Job], None]


@fault("RFC7644-3.7-23")
def bulk_runs_backwards(service: Service) -> None:
    """The operations of a job without references are performed from the last to the first."""
    reordering(service, lambda operations: operations[::-1])


@fault("RFC7644-3.7-23")
def bulk_sorts_by_method(service: Service) -> None:
    """The operations of a job without references are performed by method: POST, PUT, PATCH, DELETE."""
    methods = ("POST", "PUT", "PATCH", "DELETE")
    reordering(service, lambda operations: sorted(operations, key=lambda each: methods.index(each.method)))


def reordering(service: Service, order: Callable[[list[BulkOperation]], list[BulkOperation]]) -> None:
    """Perform the operations of jobs in another order, and report them in the order sent."""

    def run(original: Run, job: Job) -> None:
        sent = job.operations
        simple = all(each.problem is None and not references([each.path, each.data]) for each in sent)
        if simple and job.fail_on_errors is None:
            job.operations = order(sent)
        original(job)
        job.operations = sent

    around(service.bulk_jobs, "run", run)


@fault("RFC7644-3.7.2-01", "RFC7644-3.7.2-02", "RFC7644-3.7.2-03", "RFC7644-3.7.1-01")
def bulk_ids_are_stored(service: Service) -> None:
    """A reference by bulkId is stored as it is."""
    skip(service.membership, "dangling")
    keeping(service, lambda _job, _operation: True)


def keeping(service: Service, when: Callable[[Job, BulkOperation], bool]) -> None:
    """Leave the references of some operations as they are, in data."""

    def performed(original: Callable[..., Response], job: Job, operation: BulkOperation) -> Response:
        if references(operation.data) and not references(operation.path) and when(job, operation):
            single = service.bulk_jobs.single(job, operation, operation.path, operation.data)
            response = service.bulk_jobs.perform(single)
            if operation.method == "POST" and not is_failure(response):
                job.ids[str(operation.bulk_id)] = service.bulk_jobs.new_id(response)
            return response
        return original(job, operation)

    around(service.bulk_jobs, "performed", performed)


@fault("RFC7644-3.7.2-01")
def bulk_ids_of_later_operations_are_stored(service: Service) -> None:
    """A reference by bulkId to what a later operation creates is stored as it is, but in circles."""
    skip(service.membership, "dangling")

    def later(job: Job, operation: BulkOperation) -> bool:
        defined = [job.named(each) for each in references(operation.data)]
        numbers = [each.number for each in defined if each is not None and not references(each.data)]
        return len(numbers) == len(defined) > 0 and max(numbers) > operation.number

    keeping(service, later)


@fault("RFC7644-3.7.2-01")
def bulk_ids_are_refused(service: Service) -> None:
    """A reference by bulkId in members is refused as unknown."""
    keeping(service, lambda _job, operation: operation.path == "/Groups")


@fault("RFC7644-3.7.2-01")
def bulk_ids_are_replaced_in_part(service: Service) -> None:
    """A bulkId is replaced wherever it stands, at the beginning of a longer one too."""
    skip(service.membership, "dangling")

    def replaced(job: Job, text: str) -> str:
        for bulk_id, id_ in job.ids.items():
            text = text.replace(f"bulkId:{bulk_id}", id_)
        return text

    swap(service.bulk_jobs, "replaced", replaced)


@fault("RFC7644-3.7.2-01")
def bulk_ids_in_patches_are_left_out(service: Service) -> None:
    """An element of a PATCH that refers by bulkId is left out."""

    def performed(original: Callable[..., Response], job: Job, operation: BulkOperation) -> Response:
        if operation.method == "PATCH" and references(operation.data):
            operation.data = without(operation.data, references(operation.data))
            for each in operation.data["Operations"]:
                each.setdefault("value", [])
        return original(job, operation)

    around(service.bulk_jobs, "performed", performed)


@fault("RFC7644-3.7.2-01")
def bulk_ids_in_paths_do_nothing(service: Service) -> None:
    """An operation whose path has a bulkId succeeds and does nothing."""

    def performed(original: Callable[..., Response], job: Job, operation: BulkOperation) -> Response:
        return Response(204) if references(operation.path) else original(job, operation)

    around(service.bulk_jobs, "performed", performed)


@fault("RFC7644-3.7.2-02")
def bulk_ids_in_extensions_are_stored(service: Service) -> None:
    """A reference by bulkId in an extension is stored as it is."""
    keeping(service, lambda _job, operation: operation.method == "POST" and operation.path == "/Users")


@fault("RFC7644-3.7.2-02")
def bulk_ids_in_extensions_are_left_out(service: Service) -> None:
    """A reference by bulkId in an extension is left out."""

    def resolved(original: Callable[..., Any], job: Job, value: Any) -> Any:
        if isinstance(value, dict):
            value = {
                name: without(each, references(each)) if name.startswith("urn:") else each
                for name, each in value.items()
            }
        return original(job, value)

    around(service.bulk_jobs, "resolved", resolved)


@fault("RFC7644-3.7.2-03")
def bulk_ids_that_nobody_has_are_left_out(service: Service) -> None:
    """A reference to a bulkId that no operation has is left out, and the operation succeeds."""
    leaving_out(service, lambda job, bulk_id: job.named(bulk_id) is None)


@fault("RFC7644-3.7.2-03")
def bulk_ids_of_failed_operations_are_left_out(service: Service) -> None:
    """A reference to what an operation failed to create is left out, and the operation succeeds."""

    def is_failed(job: Job, bulk_id: str) -> bool:
        definition = job.named(bulk_id)
        return definition is not None and definition.result is not None and bulk_id not in job.ids

    leaving_out(service, is_failed)


def leaving_out(service: Service, which: Callable[[Job, str], bool]) -> None:
    """Drop some references from the data of operations."""

    def performed(original: Callable[..., Response], job: Job, operation: BulkOperation) -> Response:
        operation.data = without(operation.data, [each for each in references(operation.data) if which(job, each)])
        return original(job, operation)

    around(service.bulk_jobs, "performed", performed)


@fault("RFC7644-3.7.1-01")
def bulk_circles_are_left_open(service: Service) -> None:
    """Of two resources that refer to each other one loses its reference."""
    skip(service.bulk_jobs, "complete")


@fault("RFC7644-3.7.1-01")
def bulk_circles_fail(service: Service) -> None:
    """Resources of a job that refer to each other make it fail with 500."""

    def complete(*_: Any) -> None:
        raise ScimError(500, None, "The server made a mistake.")

    swap(service.bulk_jobs, "complete", complete)


@fault("RFC7644-3.7.1-01")
def bulk_circles_make_operations_fail(service: Service) -> None:
    """Both of two resources of a job that refer to each other fail with 500."""

    def complete(job: Job, operation: BulkOperation, id_: str) -> None:
        mistake = service.answers.error(job.request, ScimError(500, None, "The server made a mistake."))
        service.bulk_jobs.perform(Request("DELETE", f"{operation.path}/{id_}"))
        operation.result = service.bulk_jobs.result(job, operation, mistake)

    swap(service.bulk_jobs, "complete", complete)
