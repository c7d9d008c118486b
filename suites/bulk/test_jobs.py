"""Bulk jobs and the answers to them, RFC 7644 sections 3.7 and 3.7.3."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.bulk import BULK_REQUEST, BULK_RESPONSE, status_code
from scim_conformance.judge.expect import member_of

USUAL = {"created": (201,), "replaced": (200, 204), "modified": (200, 204), "deleted": (204, 200)}
"""The status of each operation of the mixed job; 204 after PUT and 200 after DELETE are for other checks to judge."""


@pytest.mark.requirement("RFC7644-3.7-01")
def test_bulk_jobs_are_performed_where_they_are_advertised(features, mixed):
    """A target that advertises bulk jobs does not answer one as if there were no such thing."""
    fact = features.fact("bulk")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    performed = mixed.response.status not in (403, 404, 405, 501)
    expect(mixed.response).where(performed, expected="the job performed, as ServiceProviderConfig says")


@pytest.mark.requirement("RFC7644-3.7-01")
def test_bulk_jobs_are_refused_where_they_are_not_advertised(scim, features):
    """A target that says it has no bulk jobs answers 501 to one."""
    if features.supports("bulk") is not False:
        pytest.skip("unsupported: the target does not say that it has no bulk jobs")
    operation = {"method": "DELETE", "path": scim.location(("User", scim.unknown_id()))}
    expect(scim.post("/Bulk", json={"schemas": [BULK_REQUEST], "Operations": [operation]})).refused(501)


@pytest.mark.requirement("RFC7644-3.7-16")
@pytest.mark.parametrize("job", ["mixed", "failing"])
def test_a_processed_job_is_answered_with_200(mixed, failing, job):
    """A bulk job that was processed is answered with 200, even if single operations failed."""
    answer = {"mixed": mixed, "failing": failing}[job].response
    if answer.status in (404, 405, 501):
        raise Blocked(f"a bulk job answered {answer.status}")
    expect(answer).status(200)


@pytest.mark.requirement("RFC7644-3.7-03")
def test_the_answer_names_its_schema(mixed):
    """The answer to a bulk job names the schema of bulk responses."""
    _ = mixed.results
    found = member_of(mixed.response.body, "schemas")
    names = [str(urn).lower() for urn in found] if isinstance(found, list) else []
    expect(mixed.response).where(BULK_RESPONSE.lower() in names, expected=f"schemas with {BULK_RESPONSE}")


@pytest.mark.requirement("RFC7644-3.7-05")
def test_the_answer_has_operations(mixed):
    """The answer to a bulk job holds the results in an array Operations."""
    if not mixed.response.is_success:
        raise Blocked(f"a bulk job answered {mixed.response.status}")
    expect(mixed.response).json_object().where(mixed.found is not None, expected="an array Operations")


@pytest.mark.requirement("RFC7644-3.7.3-01")
@pytest.mark.parametrize("job", ["mixed", "failing"])
def test_every_operation_has_a_result(mixed, failing, job):
    """The answer to a bulk job holds the result of every operation, succeeded or failed."""
    judged = {"mixed": mixed, "failing": failing}[job]
    if failing.shown["late"] != "Late":
        raise Blocked("a failure ends the job, which another check judges")
    missing = [judged.words(name) for name in judged.operations if judged.of(name) is None]
    if missing or len(judged.results) != len(judged.operations):
        raise Violation(
            "The answer to a bulk job does not have one result for each operation.",
            expected=[f"{len(judged.operations)} results"],
            actual=f"{len(judged.results)} results" + (f", none for {', '.join(missing)}" if missing else ""),
        )


@pytest.mark.requirement("RFC7644-3.7.3-05")
def test_results_name_their_method(mixed):
    """Each result in the answer to a bulk job names the method of its operation."""
    for name, operation in mixed.operations.items():
        result = mixed.of(name)
        if result is None:
            raise Blocked(f"{mixed.words(name)} has no result, which another check judges")
        found = result.get("method")
        if str(found).upper() != operation["method"]:
            raise Violation(
                "A result does not name the method of its operation.",
                expected=[f"method = {operation['method']!r}"],
                actual=f"method = {found!r}",
            )


@pytest.mark.requirement("RFC7644-3.7-21")
def test_a_bulk_id_is_repeated_with_the_new_resource(mixed, places, features):
    """The result of a POST repeats its bulkId, with the location of the new resource."""
    result = mixed.of("created")
    if result is None or not mixed.done("created"):
        raise Blocked("the POST of a bulk job has no result, or failed, which other checks judge")
    if result.get("bulkId") != mixed.operations["created"]["bulkId"]:
        raise Violation(
            "The result of a POST does not repeat its bulkId.",
            expected=[f"bulkId = {mixed.operations['created']['bulkId']!r}"],
            actual=f"bulkId = {result.get('bulkId')!r}",
        )
    location = result.get("location")
    id_ = mixed.created("created")
    if not isinstance(location, str) or not places.name(location, features.resource_type("User"), id_):
        raise Violation(
            "The result of a POST has no location of the new resource.",
            expected=["location, the URI of the new user"],
            actual=f"location = {location!r}",
        )


@pytest.mark.requirement("RFC7644-3.7-12", "RFC7644-3.7.3-02")
@pytest.mark.parametrize("job", ["mixed", "failing"])
def test_results_have_a_location(mixed, failing, places, features, people, job):
    """Every result but that of a failed POST has the location of the resource that the operation is about."""
    judged = {"mixed": mixed, "failing": failing}[job]
    about = {"replaced": people[0], "modified": people[1], "deleted": people[2]}
    about |= {"early": people[0], "stale": people[0], "late": people[1]}
    for name, operation in judged.operations.items():
        result = judged.of(name)
        if result is None or (operation["method"] == "POST" and (job == "failing" or not judged.done(name))):
            continue
        location = result.get("location")
        right = isinstance(location, str) and bool(location)
        if right and name in about:
            right = places.name(location, features.resource_type("User"), about[name]["id"])
        if not right:
            raise Violation(
                f"The result of {judged.words(name)} has no location of that resource.",
                expected=["location, the URI of the resource"],
                actual=f"location = {location!r}",
            )


@pytest.mark.requirement("RFC7644-3.7.3-02")
def test_the_location_leads_to_the_new_resource(mixed, scim, places, features):
    """By the location in the result of a POST the new resource can be read."""
    location = (mixed.of("created") or {}).get("location")
    id_ = mixed.created("created")
    if location is None or mixed.shown["created"].status != 200:
        raise Blocked("the result of a POST has no location, or nothing was created, which other checks judge")
    if isinstance(location, str) and "://" not in location:
        location = scim.base.resolve(location)  # like the paths of operations, it may be relative to the base URL (A50)
    places.lead_to("location", location, scim.base.url + "/", features.resource_type("User"), id_)


@pytest.mark.requirement("RFC7644-3.7.3-03", "RFC7644-3.7-14")
def test_results_tell_the_status_of_the_single_request(mixed):
    """Each result has the status that a single request would have had."""
    responses = 0
    for name, usual in USUAL.items():
        result = mixed.of(name)
        if result is None:
            raise Blocked(f"{mixed.words(name)} has no result, which another check judges")
        responses += isinstance(result.get("response"), dict)
        if status_code(result) not in usual:
            raise Violation(
                f"{mixed.words(name)} has another status than the single request.".replace("the", "The", 1),
                requirement="RFC7644-3.7.3-03",
                expected=[f"status {' or '.join(map(str, usual))}"],
                actual=f"status = {result.get('status')!r}",
            )
        if isinstance(result.get("status"), int):
            warn("The status of a result is a number.", expected=["a string"], actual=f"status = {result['status']}")
    if responses:
        note(f"{responses} of {len(USUAL)} successful results have a response, which they may omit.")


@pytest.mark.requirement("RFC7644-3.7.3-03", "RFC7644-3.7-16")
@pytest.mark.parametrize("name", ["created", "replaced", "modified", "deleted"])
def test_what_is_said_to_be_done_is_done(mixed, bulk, name):
    """An operation that has succeeded according to its result has done what the single request does."""
    if not mixed.done(name):
        raise Blocked(f"{mixed.words(name)} answered {mixed.status(name)}, which another check judges")
    if name == "created":
        _ = mixed.created(name)
    shown = mixed.shown[name]
    if name == "created":
        named = str(member_of(shown.json, "userName")) if shown.status == 200 and shown.is_json else ""
        right = named.lower() == mixed.operations[name]["data"]["userName"].lower()
    elif name == "deleted":
        right = shown.status != 200
    else:
        right = shown.is_json and shown.json.get(bulk.text) == {"replaced": "Replaced", "modified": "Modified"}[name]
        if not right and bulk.fails_alone(mixed.operations[name]):
            raise Blocked(f"{mixed.words(name)} does not do what it should as a single request either")
    if not right:
        raise Violation(
            f"{mixed.words(name)} succeeded and did not do what it says.".replace("the", "The", 1),
            requirement="RFC7644-3.7.3-03",
            expected=["a change as by the single request"],
            actual="no such change afterwards",
        )


@pytest.mark.requirement("RFC7644-3.7.3-05")
@pytest.mark.parametrize("name", ["created", "replaced", "modified"])
def test_results_tell_the_new_version(mixed, bulk, features, name):
    """Where versions are supported a result tells the version that the resource has after the operation."""
    fact = features.fact("etag")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    if not mixed.done(name):
        raise Blocked(f"{mixed.words(name)} answered {mixed.status(name)}")
    found = (mixed.of(name) or {}).get("version")
    if found is None:
        warn("The result of an operation has no version.", expected=["version, the new one"], actual="no version")
        return
    if name == "created":
        _ = mixed.created(name)
    real = bulk.version(mixed.shown[name])
    if str(found).removeprefix("W/").strip('"') != real.removeprefix("W/").strip('"'):
        raise Violation(
            "The result of an operation tells another version than the resource has.",
            expected=[f"version = {real!r}"],
            actual=f"version = {found!r}",
        )


@pytest.mark.requirement("RFC7644-3.7.2-01", "RFC7644-3.7-20")
def test_a_bulk_id_is_no_id(mixed):
    """A resource that a bulk job creates gets an id of its own, not its bulkId."""
    id_ = mixed.created("created")
    if id_ == mixed.operations["created"]["bulkId"] or "bulkId" in id_:
        raise Violation(
            "A resource that a bulk job created has its bulkId as id.",
            expected=["an id that the target assigns"],
            actual=f"id = {id_!r}",
        )
