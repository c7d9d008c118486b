"""Bulk jobs (RFC 7644 section 3.7): many operations in one request, which may refer to each other by bulkId."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from scim_conformance.server.answers import Answers
from scim_conformance.server.bodies import MEDIA_TYPES, MESSAGES, Bodies
from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.errors import ScimError, invalid_syntax, invalid_value
from scim_conformance.server.locations import Locations
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceTypes

BULK_REQUEST = MESSAGES + "BulkRequest"
BULK_RESPONSE = MESSAGES + "BulkResponse"
METHODS = ("POST", "PUT", "PATCH", "DELETE")
_PREFIX = "bulkId:"
_QUOTED = re.compile(r'"bulkId:([^"]+)"')
"""A reference inside the filter of a PATCH path, such as members[value eq "bulkId:qwerty"]."""


@dataclass(slots=True)
class BulkOperation:
    """One operation of a job; `result` is None until it was performed."""

    number: int
    method: str
    path: str
    bulk_id: str | None = None
    version: str | None = None
    data: Any = None
    result: dict[str, Any] | None = None
    problem: ScimError | None = None
    failed: bool = False


@dataclass(slots=True)
class Job:
    """A bulk job at work: its operations, the ids that bulkIds stand for, and what waits to be completed."""

    request: Request
    operations: list[BulkOperation]
    fail_on_errors: int | None
    ids: dict[str, str] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    incomplete: list[tuple[BulkOperation, str]] = field(default_factory=list)

    def named(self, bulk_id: str) -> BulkOperation | None:
        """Find the POST that defines a bulkId."""
        return next((each for each in self.operations if each.method == "POST" and each.bulk_id == bulk_id), None)

    def errors(self) -> int:
        """Count the operations that failed."""
        return sum(each.failed for each in self.operations)


class Bulk:
    """The rules of bulk jobs; `perform` is how the service answers a single request."""

    def __init__(
        self,
        *,
        capabilities: Capabilities,
        resource_types: ResourceTypes,
        locations: Locations,
        bodies: Bodies,
        answers: Answers,
        perform: Callable[[Request], Response],
    ) -> None:
        self.capabilities = capabilities
        self.resource_types = resource_types
        self.locations = locations
        self.bodies = bodies
        self.answers = answers
        self.perform = perform

    def post(self, request: Request) -> Response:
        """Answer POST /Bulk with the results of all operations that were performed."""
        self.check_payload(request)
        job = self.job(request)
        self.run(job)
        results = [each.result for each in job.operations if each.result is not None]
        return self.answers.document(request, self.status(job), {"schemas": [BULK_RESPONSE], "Operations": results})

    def status(self, _job: Job) -> int:
        """Give the status of a job that was processed: 200, whatever became of its operations."""
        return 200

    # The request

    def job(self, request: Request) -> Job:
        """Read the job; refuse it as a whole if it is no job or has too many operations."""
        members = self.bodies.message(request, BULK_REQUEST)
        operations = members.get("operations")
        if not isinstance(operations, list) or not operations:
            raise invalid_syntax("Operations has to be a list of one or more operations.")
        self.check_operations(operations)
        limit = members.get("failonerrors")
        if isinstance(limit, bool) or not isinstance(limit, int | None):
            raise invalid_value("failOnErrors has to be a whole number.")
        job = Job(request, [self.operation(n, each) for n, each in enumerate(operations)], limit)
        self.check_bulk_ids(job)
        return job

    def check_payload(self, request: Request) -> None:
        """Refuse a job that is too large, naming the limit (section 3.7.4)."""
        if len(request.body) > self.capabilities.max_payload:
            raise ScimError(413, None, f"The job is larger than maxPayloadSize, {self.capabilities.max_payload} bytes.")

    def check_operations(self, operations: list[Any]) -> None:
        """Refuse a job with too many operations, naming the limit (section 3.7.4)."""
        limit = self.capabilities.max_operations
        if len(operations) > limit:
            raise ScimError(413, None, f"The job has {len(operations)} operations; maxOperations is {limit}.")

    def operation(self, number: int, document: Any) -> BulkOperation:
        """Read one operation; what is wrong with it is its own result, not the job's."""
        members = {name.lower(): value for name, value in document.items()} if isinstance(document, dict) else {}
        texts = {name: members.get(name) for name in ("method", "path", "bulkid", "version")}
        found = BulkOperation(
            number,
            str(texts["method"] or "").upper(),
            unquote(str(texts["path"] or "")),
            texts["bulkid"] if isinstance(texts["bulkid"], str) else None,
            texts["version"] if isinstance(texts["version"], str) else None,
            members.get("data"),
        )
        try:
            self.check_operation(found, texts)
        except ScimError as problem:
            found.problem = problem
        return found

    def check_operation(self, operation: BulkOperation, texts: Mapping[str, Any]) -> None:
        """Refuse an operation without a method of the four, a path, or, for POST, a bulkId."""
        if any(not isinstance(text, str | None) for text in texts.values()):
            raise invalid_syntax("method, path, bulkId and version of an operation have to be strings.")
        if operation.method not in METHODS:
            raise invalid_syntax(f"method has to be one of {', '.join(METHODS)}.")
        segments = operation.path.strip("/").split("/")
        if not operation.path.startswith("/") or len(segments) != (1 if operation.method == "POST" else 2):
            raise invalid_syntax("path has to be an endpoint for POST, and a resource for the other methods.")
        if operation.method == "POST" and not operation.bulk_id:
            raise invalid_syntax("A POST operation needs a bulkId.")

        if self.resource_types.at("/" + segments[0]) is None:
            raise ScimError(404, None, "path has to begin with the endpoint of a resource type.")

    def check_bulk_ids(self, job: Job) -> None:
        """Refuse a POST whose bulkId an earlier one has: a bulkId is unique within a job."""
        for operation in job.operations:
            if operation.method == "POST" and operation.bulk_id and operation.problem is None:
                first = job.named(operation.bulk_id)
                if first is not operation:
                    operation.problem = invalid_value("An earlier operation of the job has this bulkId.")

    # The work

    def run(self, job: Job) -> None:
        """Perform the operations in order, until the job has as many errors as it allows."""
        for operation in job.operations:
            if self.is_over(job):
                break
            self.attempt(job, operation)
            self.complete_known(job)
        for operation, id_ in job.incomplete:
            self.complete(job, operation, id_)

    def complete_known(self, job: Job) -> None:
        """Complete what waits for nothing any more, before a later operation works on it."""
        waiting = job.incomplete
        job.incomplete = [
            (operation, id_) for operation, id_ in waiting if not job.ids.keys() >= set(references(operation.data))
        ]
        for operation, id_ in waiting:
            if (operation, id_) not in job.incomplete:
                self.complete(job, operation, id_)

    def is_over(self, job: Job) -> bool:
        """Tell whether the job has failed as often as failOnErrors allows."""
        return job.fail_on_errors is not None and 0 < job.fail_on_errors <= job.errors()

    def attempt(self, job: Job, operation: BulkOperation) -> None:
        """Perform one operation, unless it was performed already because another one needed it."""
        if operation.result is not None or operation.number in job.begun:
            return
        job.begun.add(operation.number)
        try:
            response = self.performed(job, operation)
        except ScimError as problem:
            response = self.answers.error(job.request, problem)
        operation.result = self.result(job, operation, response)

    def performed(self, job: Job, operation: BulkOperation) -> Response:
        """Resolve the references of one operation and let the service answer it."""
        if operation.problem is not None:
            raise operation.problem
        waiting = self.resolve_first(job, operation)
        data = without(operation.data, waiting) if waiting else operation.data
        response = self.perform(
            self.single(job, operation, self.resolved(job, operation.path), self.resolved(job, data))
        )
        if operation.method == "POST" and response.status < 300:  # noqa: PLR2004 the class of success codes
            id_ = self.new_id(response)
            job.ids[str(operation.bulk_id)] = id_
            if waiting:
                job.incomplete.append((operation, id_))
        return response

    def new_id(self, response: Response) -> str:
        """Give the id of what a POST created; its answer need not have a body, but has a Location."""
        body = self.body_of(response)
        named = body.get("id") if isinstance(body, dict) else None
        return str(named) if named else unquote((response.headers.get("Location") or "").rpartition("/")[2])

    def body_of(self, response: Response) -> Any:
        """Give the body of the answer to one operation, as text where it is no JSON."""
        try:
            return json.loads(response.body)
        except ValueError:
            return response.body.decode("utf-8", "replace")

    def resolve_first(self, job: Job, operation: BulkOperation) -> set[str]:
        """Perform what the operation refers to; give the bulkIds that form a circle with it and have to wait."""
        waiting: set[str] = set()
        for bulk_id in references([operation.path, operation.data]):
            definition = job.named(bulk_id)
            if definition is None:
                raise invalid_value(f"No operation of the job has the bulkId {bulk_id[:80]!r}.")
            self.attempt(job, definition)
            if bulk_id in job.ids:
                continue
            if definition.result is not None:
                raise ScimError(409, None, f"The operation with the bulkId {bulk_id[:80]!r} failed.")
            waiting.add(bulk_id)
        return waiting

    def resolved(self, job: Job, value: Any) -> Any:
        """Put ids in the place of bulkIds, in a path or in data (section 3.7.2)."""
        if isinstance(value, str):
            return self.replaced(job, value)
        if isinstance(value, dict):
            return {name: self.resolved(job, each) for name, each in value.items()}
        return [self.resolved(job, each) for each in value] if isinstance(value, list) else value

    def replaced(self, job: Job, text: str) -> str:
        """Put ids in the place of bulkIds in one text; what no operation defines stays."""
        text = _QUOTED.sub(lambda found: json.dumps(job.ids.get(found[1], _PREFIX + found[1])), text)
        segments = text.split("/")
        for place, segment in enumerate(segments):
            bulk_id = segment.removeprefix(_PREFIX)
            if segment.startswith(_PREFIX) and bulk_id in job.ids:
                # In a path the id is a segment of its own; as a value it is the whole text.
                segments[place] = job.ids[bulk_id]
        return "/".join(segments)

    def single(self, job: Job, operation: BulkOperation, path: str, data: Any) -> Request:
        """Make the request that does the same by itself; `version` is its If-Match."""
        kept = [(name, value) for name, value in job.request.headers if name.lower() in ("host", "accept")]
        headers = Headers([*kept, ("Content-Type", MEDIA_TYPES[0])])
        if operation.version:
            headers.add("If-Match", operation.version)
        body = b"" if data is None else json.dumps(data, ensure_ascii=False).encode()
        return replace(job.request, method=operation.method, path=path, query=[], headers=headers, body=body)

    def complete(self, job: Job, operation: BulkOperation, id_: str) -> None:
        """Give a resource the references that had to wait, now that all ids are known (section 3.7.1)."""
        path = f"{operation.path}/{id_}"
        whole = BulkOperation(operation.number, "PUT", path, data=operation.data)
        unknown = [each for each in references(operation.data) if each not in job.ids]
        response = None if unknown else self.perform(self.single(job, whole, path, self.resolved(job, whole.data)))
        if response is None or response.status >= 400:  # noqa: PLR2004 the classes of error codes
            # What was created without its references is not what was asked for, so it goes again.
            self.perform(self.single(job, BulkOperation(operation.number, "DELETE", path), path, None))
            conflict = ScimError(409, None, "The circular references could not be resolved.")
            operation.result = self.result(job, operation, self.answers.error(job.request, conflict))
        elif operation.result is not None and "version" in operation.result:
            operation.result["version"] = response.headers.get("ETag")

    # The response

    def result(self, job: Job, operation: BulkOperation, response: Response) -> dict[str, Any]:
        """Write the result of one operation (section 3.7.3): the body of the answer only when it failed."""
        operation.failed = response.status >= 400  # noqa: PLR2004 the classes of error codes
        result: dict[str, Any] = {"method": operation.method}
        if operation.bulk_id:
            result["bulkId"] = operation.bulk_id
        location = self.location(job, operation, response)
        if location:
            result["location"] = location
        version = response.headers.get("ETag")
        if version:
            result["version"] = version
        result["status"] = self.result_status(response)
        if operation.failed:
            result["response"] = self.body_of(response)
        return result

    def result_status(self, response: Response) -> Any:
        """Write the status of one operation, as text."""
        return str(response.status)

    def location(self, job: Job, operation: BulkOperation, response: Response) -> str | None:
        """Give the location of what an operation was about; a failed POST has none."""
        named = response.headers.get("Location") or response.headers.get("Content-Location")
        if named or operation.method == "POST":
            return named
        segments = self.resolved(job, operation.path).strip("/").split("/")
        return f"{self.locations.base(job.request)}/{'/'.join(quote(each, safe=':~') for each in segments)}"


def references(value: Any) -> list[str]:
    """Give the bulkIds that a value refers to, each once, in order."""
    return list(dict.fromkeys(_references(value)))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        for segment in value.split("/"):
            if segment.startswith(_PREFIX):
                yield segment.removeprefix(_PREFIX)
        yield from _QUOTED.findall(value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _references(each)


def without(value: Any, bulk_ids: Iterable[str]) -> Any:
    """Give data without the values that refer to these bulkIds."""
    waiting = set(bulk_ids)
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if waiting.isdisjoint(_own_references(each))}
        return {name: without(each, waiting) for name, each in kept.items()}
    if isinstance(value, list):
        return [without(each, waiting) for each in value if waiting.isdisjoint(_own_references(each))]
    return value


def _own_references(value: Any) -> Iterator[str]:
    # A string refers by itself, an object by its strings; lists and deeper objects are looked into one by one.
    strings = value.values() if isinstance(value, dict) else [value]
    return _references([each for each in strings if isinstance(each, str)])
