"""Which result of a bulk job belongs to which operation, and when one counts as refused."""

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.bulk import Job
from scim_conformance.judge.verdicts import Observations, observing

OPERATIONS = {
    "anna": {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}},
    "first": {"method": "PATCH", "path": "/Users/1", "data": {}},
    "second": {"method": "PATCH", "path": "/Users/1", "data": {}},
    "gone": {"method": "DELETE", "path": "/Users/a%20b"},
}


class Answer:
    """An answer to a job, as far as a Job looks at it."""

    def __init__(self, *results, status=200, body=None):
        self.status = status
        self.is_success = 200 <= status < 300
        self.json = {"Operations": list(results)} if body is None else body
        self.is_json = True


def job(*results, **more):
    """A job that was answered with these results."""
    return Job(OPERATIONS, Answer(*results, **more))


def test_results_are_found_in_any_order():
    """A result is found by its bulkId, else by method and location; of equal operations the order decides."""
    base = "https://inner/api"
    found = job(
        {"method": "DELETE", "location": f"{base}/Users/a%20b", "status": "404"},
        {"method": "PATCH", "location": "/Users/1", "status": 200},
        {"method": "PATCH", "location": f"{base}/Users/1", "status": {"code": "204"}},
        {"method": "POST", "bulkId": "a", "location": f"{base}/Users/x%2Fy", "status": "201"},
    )
    assert [found.status(name) for name in OPERATIONS] == [201, 200, 204, 404]
    assert found.created("anna") == "x/y"


def test_results_without_marks_are_found_by_their_place():
    """Where nothing tells results apart their order does, unless there are more or fewer than operations."""
    bare = [{"status": "201", "response": {"id": "7"}}, {"status": "200"}, {"status": "204"}, {"status": "404"}]
    assert [job(*bare).status(name) for name in OPERATIONS] == [201, 200, 204, 404]
    assert job(*bare).created("anna") == "7"
    with pytest.raises(Blocked, match="the status of the operation DELETE"):
        job(*bare[1:]).status("gone")


@pytest.mark.parametrize("answer", [{"status": 500}, {"body": []}, {"body": {"Operations": {}}}])
def test_without_results_there_is_nothing_to_judge(answer):
    """An answer without results blocks what would judge them."""
    with pytest.raises(Blocked, match="not answered with results"):
        job(**answer).of("anna")


def test_refusals():
    """An operation is refused by its own status or with the whole job; another status than hoped for is a warning."""
    seen = Observations()
    with observing(seen):
        job(status=400).must_refuse("anna", 400)
        job({"method": "POST", "bulkId": "a", "status": "400"}).must_refuse("anna", 400)
        assert seen.warnings == []
        job({"method": "POST", "bulkId": "a", "status": "404"}).must_refuse("anna", 400)
        job().must_refuse("anna", 400)
    assert len(seen.warnings) == 2
    for answer in (job(status=500), job({"method": "POST", "bulkId": "a", "status": "201"})):
        with pytest.raises(Violation):
            answer.must_refuse("anna", 400)
    with pytest.raises(Violation):
        job({"method": "POST", "bulkId": "a", "status": "500"}).must_refuse("anna")
