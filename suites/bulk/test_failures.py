"""What fails in bulk jobs, and what a target says of it, RFC 7644 sections 3.7 and 3.7.3."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.bulk import BULK_REQUEST, Job, status_code
from scim_conformance.judge.expect import ERROR_SCHEMA

STATUSES = {"gone": (404,), "invalid": (400,), "taken": (409, 400), "stale": (412, 409, 428)}


@pytest.mark.requirement("RFC7644-3.7-13")
def test_a_failure_has_a_response(failures):
    """The result of an operation that failed holds the body of the answer."""
    for name, result in failures.items():
        if not isinstance(result.get("response"), dict):
            raise Violation(
                f"The result of an operation that failed ({name}) has no response.",
                expected=["response, a SCIM error"],
                actual=f"response = {result.get('response')!r}",
            )


@pytest.mark.requirement("RFC7644-3.7-15")
def test_the_response_of_a_failure_is_a_scim_error(failures):
    """The response of an operation that failed is a SCIM error whose status is the operation's."""
    for name, result in failures.items():
        response = result.get("response")
        if not isinstance(response, dict):
            raise Blocked("the result of an operation that failed has no response, which another check judges")
        schemas, status = response.get("schemas"), response.get("status")
        if isinstance(status, int):
            warn("A status is a number.", expected=['"status" as a string'], actual=f'"status": {status}')
        right = isinstance(schemas, list) and ERROR_SCHEMA in schemas and str(status) == str(status_code(result))
        if not right:
            raise Violation(
                f"The response of an operation that failed ({name}) is no SCIM error body.",
                expected=[f"schemas with {ERROR_SCHEMA}", f'"status": "{status_code(result)}"'],
                actual=str(response)[:200],
            )


@pytest.mark.requirement("RFC7644-3.7.3-04")
def test_a_failure_is_explained(failures):
    """The result of an operation that failed explains the error in words for people."""
    for name, result in failures.items():
        places = [result, result.get("status"), result.get("response")]
        words = [place.get(key) for place in places if isinstance(place, dict) for key in ("detail", "description")]
        if not any(isinstance(each, str) and each.strip() for each in words):
            raise Violation(
                f"The result of an operation that failed ({name}) does not say why.",
                expected=["response.detail, or a description"],
                actual=str(dict(result))[:200],
            )


@pytest.mark.requirement("RFC7644-3.7.3-03")
@pytest.mark.parametrize("name", ["gone", "invalid"])
def test_a_failure_has_the_status_of_the_single_request(failing, name):
    """An operation that has to fail has the status that the single request would have had."""
    code = failing.status(name)
    if not 400 <= code < 500:
        raise Violation(
            f"In a bulk job {failing.words(name)}, which has to fail, is not refused.",
            expected=[f"status {' or '.join(map(str, STATUSES[name]))}"],
            actual=f"status {code}",
        )
    if code not in STATUSES[name]:
        warn(
            f"In a bulk job {failing.words(name)} failed with {code}.",
            expected=[f"status {' or '.join(map(str, STATUSES[name]))}"],
            actual=f"status {code}",
        )


@pytest.mark.requirement("RFC7644-3.12-29")
def test_failures_have_a_scim_type(failures):
    """The error of an operation in a bulk job carries the same scimType as that of a single request."""
    wanted = {"invalid": "invalidValue", "taken": "uniqueness"}
    found = {name: (failures[name].get("response") or {}) for name in wanted if name in failures}
    wrong = {name: each.get("scimType") for name, each in found.items() if each.get("scimType") != wanted[name]}
    if wrong:
        raise Violation(
            "Errors of operations in a bulk job do not have the scimType of single requests.",
            expected=[f"scimType {wanted[name]}" for name in wrong],
            actual=", ".join(f"scimType = {each!r}" for each in wrong.values()),
        )


@pytest.mark.requirement("RFC7644-3.7-18")
@pytest.mark.parametrize("name", ["early", "late"])
@pytest.mark.usefixtures("working")
def test_failures_do_not_stop_the_others(failing, bulk, name):
    """Without failOnErrors all operations are performed that can be, before and after those that fail."""
    if not failing.response.is_success:
        raise Blocked(f"a bulk job answered {failing.response.status}, which another check judges")
    value = {"early": "Early", "late": "Late"}[name]
    if failing.shown[name] == "Stale":
        raise Blocked("an operation with a stale version was performed, which another check judges")
    if failing.shown[name] != value:
        if bulk.fails_alone(failing.operations[name]):
            raise Blocked(f"{failing.words(name)} does not do what it should as a single request either")
        raise Violation(
            f"An operation {'before' if name == 'early' else 'after'} others that failed was not performed.",
            expected=[f"{bulk.text} = {value!r}"],
            actual=f"{bulk.text} = {failing.shown[name]!r}",
        )


@pytest.fixture
def stopping(bulk, people, scim_session, going_on):  # noqa: ARG001 - without it nothing follows from what is left undone
    """Jobs that end after one error, and after two: their answers, and what was changed by then."""

    def ask() -> dict[int, Job]:
        one, other, _ = people
        first = bulk.send({"gone": bulk.missing(), "after": bulk.change(one, "After one error")}, failOnErrors=1)
        first.shown = {"after": bulk.shown(one)}
        operations = {
            "gone": bulk.missing(),
            "between": bulk.change(one, "Between two errors"),
            "gone too": bulk.missing(),
            "after": bulk.change(other, "After two errors"),
        }
        second = bulk.send(operations, failOnErrors=2)
        second.shown = {"between": bulk.shown(one), "after": bulk.shown(other)}
        return {1: first, 2: second}

    return scim_session.baseline.once("bulk: stopping", ask)


def ended(job: Job) -> Job:
    """Give a job that failOnErrors ended; what it holds is not the question where it is answered with an error."""
    if 400 <= job.response.status < 500:
        pytest.skip(f"unsupported: a job that failOnErrors ended is answered {job.response.status}")
    return job


@pytest.mark.requirement("RFC7644-3.7-19", "RFC7644-3.7-24")
@pytest.mark.parametrize("errors", [1, 2])
def test_fail_on_errors_ends_the_job(stopping, bulk, errors):
    """With failOnErrors a job ends after that many errors: what comes later is not performed."""
    job = stopping[errors]
    if not job.response.is_success:
        expect(job.response).refused()
        warn("A job that ended by failOnErrors is answered with an error.", expected=["status 200, and the results"],
             actual=f"status {job.response.status}")  # fmt: skip
    if str(job.shown["after"]).startswith("After "):
        raise Violation(
            f"With failOnErrors = {errors} an operation was performed after {errors} errors.",
            expected=[f"{bulk.text} unchanged"],
            actual=f"{bulk.text} = {job.shown['after']!r}",
        )


@pytest.mark.requirement("RFC7644-3.7-19", "RFC7644-3.7-24")
@pytest.mark.parametrize("errors", [1, 2])
def test_fail_on_errors_reports_what_was_done(stopping, errors):
    """With failOnErrors the answer holds the results up to the last error, and none of what was left undone."""
    job = ended(stopping[errors])
    if str(job.shown["after"]).startswith("After "):
        raise Blocked("failOnErrors did not end the job, which another check judges")
    done = len(job.operations) - 1
    if len(job.results) != done:
        raise Violation(
            f"The answer to a job that ended by failOnErrors = {errors} has other results than those so far.",
            expected=[f"{done} results"],
            actual=f"{len(job.results)} results",
        )


@pytest.mark.requirement("RFC7644-3.7-19", "RFC7644-3.7-24")
def test_fail_on_errors_counts(stopping, bulk):
    """With failOnErrors = 2 one error does not end the job: what follows it is performed."""
    job = ended(stopping[2])
    if job.shown["between"] != "Between two errors":
        if bulk.fails_alone(job.operations["between"]):
            raise Blocked("the change does not work as a single request either")
        raise Violation(
            "With failOnErrors = 2 the job ended after one error.",
            expected=[f"{bulk.text} = 'Between two errors'"],
            actual=f"{bulk.text} = {job.shown['between']!r}",
        )


@pytest.mark.requirement("RFC7644-3.7-04", "RFC7644-3.7-26")
def test_the_answer_does_not_repeat_fail_on_errors(stopping):
    """The answer to a job has no failOnErrors, which is not valid there."""
    _ = ended(stopping[1]).results
    expect(stopping[1].response).lacks("failOnErrors")


@pytest.mark.requirement("RFC7644-3.7-08", "RFC7644-3.7-25")
@pytest.mark.usefixtures("working")
def test_a_stale_version_stops_the_operation(failing, bulk):
    """An operation whose version is not that of the resource fails with 412, and changes nothing."""
    if "stale" not in failing.operations:
        pytest.skip("unsupported: the target advertises no versions")
    if failing.shown["early"] == "Stale":
        raise Violation(
            "An operation with a stale version was performed.",
            expected=["status 412, and nothing changed"],
            actual=f"{bulk.text} = 'Stale'",
        )
    code = failing.status("stale")
    if code < 400:
        raise Blocked(f"an operation with a stale version answered {code}, and changed nothing")
    if code != 412:
        warn("A stale version is refused otherwise.", expected=["status 412"], actual=f"status {code}")


@pytest.mark.requirement("RFC7644-3.7-08", "RFC7644-3.7-25")
@pytest.mark.usefixtures("working")
def test_the_current_version_lets_the_operation_pass(bulk, people, scim):
    """An operation whose version is that of the resource is performed."""
    version = bulk.version(scim.read(("User", people[1]["id"])))
    job = bulk.send({"current": {**bulk.change(people[1], "Current"), "version": version}})
    if job.status("current") == 412 and version.startswith("W/"):
        warn("The current version, a weak ETag, does not match (strict HTTP).", expected=["success"], actual="412")
    elif not job.done("current"):
        raise Violation(
            "An operation with the current version is refused.",
            expected=["success"],
            actual=f"status {job.status('current')}",
        )


# -- jobs that are none ---------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.7-17")
@pytest.mark.usefixtures("working")
def test_a_job_that_is_no_json_is_refused(scim):
    """A bulk request that is no JSON is answered with an HTTP error."""
    headers = {"Content-Type": "application/scim+json"}
    text = f'{{"schemas": ["{BULK_REQUEST}"], "Operations": [{{"method": "DELETE"'.encode()
    expect(scim.post("/Bulk", content=text, headers=headers)).refused(400)


@pytest.mark.requirement("RFC7644-3.7-05")
@pytest.mark.parametrize("how", ["absent", "empty"])
@pytest.mark.usefixtures("working")
def test_a_job_without_operations_is_refused(scim, how):
    """A bulk request without any operation is answered with 400."""
    message = {"schemas": [BULK_REQUEST]} | ({"Operations": []} if how == "empty" else {})
    response = scim.post("/Bulk", json=message)
    if how == "empty" and response.is_success:
        warn("A job without operations is accepted.", expected=["status 400"], actual=f"status {response.status}")
        return
    expect(response).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7644-3.7-02")
@pytest.mark.usefixtures("working")
def test_a_job_that_does_not_name_its_schema_is_refused(scim, bulk):
    """A bulk request without the schema of bulk requests is answered with 400."""
    expect(scim.post("/Bulk", json={"Operations": [bulk.missing()]})).refused(400)


@pytest.mark.requirement("RFC7644-3.7-06")
@pytest.mark.usefixtures("refusing")
def test_other_methods_are_refused(bulk, people):
    """An operation without a method, or with one that is none of POST, PUT, PATCH and DELETE, fails with 400."""
    job = bulk.send(
        {"GET": {"method": "GET", "path": bulk.place(people[0])}, "none": {"path": bulk.missing()["path"], "data": {}}}
    )
    for name in job.operations:
        job.must_refuse(name, 400)


@pytest.mark.requirement("RFC7644-3.7-07")
@pytest.mark.usefixtures("refusing")
def test_a_post_without_bulk_id_is_refused(bulk):
    """A POST without bulkId fails with 400."""
    operation = bulk.post("")
    del operation["bulkId"]
    bulk.send({"nameless": operation}).must_refuse("nameless", 400)


@pytest.mark.requirement("RFC7644-3.7-09")
@pytest.mark.usefixtures("refusing")
def test_an_operation_without_path_is_refused(bulk):
    """An operation without path fails with 400."""
    operation = bulk.post("pathless")
    del operation["path"]
    bulk.send({"pathless": operation}).must_refuse("pathless", 400, 404)


@pytest.mark.requirement("RFC7644-3.7-10")
@pytest.mark.parametrize("where", ["a resource", "no endpoint"])
@pytest.mark.usefixtures("refusing")
def test_a_post_has_to_name_an_endpoint(bulk, scim, where):
    """A POST whose path is one resource, or no endpoint of a resource type, fails."""
    path = scim.location(("User", scim.unknown_id())) if where == "a resource" else "/NoSuchEndpoint"
    bulk.send({"astray": bulk.post("astray") | {"path": path}}).must_refuse("astray", 400, 404, 405)


@pytest.mark.requirement("RFC7644-3.7-11")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.usefixtures("refusing")
def test_an_operation_without_data_is_refused(bulk, people, method):
    """A POST, PUT or PATCH without data fails with 400."""
    path = bulk.scim.endpoint("User") if method == "POST" else bulk.place(people[0])
    if method == "PATCH" and not bulk.patching:
        pytest.skip("unsupported: the target advertises no PATCH")
    operation = {"method": method, "path": path} | ({"bulkId": "empty"} if method == "POST" else {})
    bulk.send({"empty": operation}).must_refuse("empty", 400)
