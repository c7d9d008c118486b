"""Searching for counterexamples: what is tried, what is shown, and what ends a search."""

import json

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BrokenAnswer, HarnessError, Throttled
from scim_conformance.client.target import Target
from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.properties import SIMPLIFYING, Search
from scim_conformance.judge.verdicts import Observations, observing, warn

NUMBERS = [st.lists(st.integers(0, 1000), min_size=1, max_size=20)]


class Counting:
    """A target that answers with what it is sent; `calls` are the bodies that came."""

    def __init__(self):
        self.calls = []

    def __call__(self, environ, start_response):
        """Answer as WSGI has it."""
        body = environ["wsgi.input"].read()
        self.calls.append(json.loads(body))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]


@pytest.fixture
def target():
    """An application that answers with what it is sent."""
    return Counting()


@pytest.fixture
def client(target):
    """A client of that application, with a token."""
    with ScimClient(Target.of(target, token="s3cret-t0ken")) as made:
        yield made


def search_of(client, **more):
    """Make a search with a few examples."""
    return Search(client, **{"seed": 7644, "examples": 6, "name": "test", **more})


def sending(client, holds):
    """Make a trial that sends the value and expects something of what comes back."""

    def trial(value):
        shown = client.post("/.search", json=value, resource=False).json
        if not holds(shown):
            raise Violation("It does not hold.", expected=["that it holds"], actual=str(shown))

    return trial


def test_one_seed_gives_one_list_of_examples(client, target):
    """The same seed and name give the same examples, another seed or name gives others."""
    for _ in range(2):
        search_of(client).over(NUMBERS, sending(client, lambda _: True))
    assert len(target.calls) == 12
    first = target.calls[:6]
    assert target.calls[6:] == first
    search_of(client, seed=1).over(NUMBERS, sending(client, lambda _: True))
    search_of(client, name="another").over(NUMBERS, sending(client, lambda _: True))
    assert first not in (target.calls[12:18], target.calls[18:])


def test_the_simplest_counterexample_is_reported_with_its_requests_alone(client, target):
    """Of all that was tried only the simplest example is evidence, as curl lines that read the token from outside."""
    with pytest.raises(Violation) as caught:
        search_of(client).over(NUMBERS, sending(client, lambda numbers: all(number < 500 for number in numbers)))
    assert target.calls[-1] == [500]
    assert "[500]" in caught.value.finding.actual
    evidence = client.take_recalled()
    assert [json.loads(each.request_body) for each in evidence] == [[500]]
    assert client.take() == []
    assert caught.value.detail.count("curl ") == 1
    assert "$SCIM_TOKEN" in caught.value.detail
    assert "seed 7644" in caught.value.detail
    assert "s3cret" not in caught.value.detail


def test_simplifying_is_bounded(client, target):
    """A counterexample is made simpler with a bounded number of further requests."""
    values = [st.lists(st.integers(0, 10**9), min_size=40, max_size=40)]
    with pytest.raises(Violation):
        search_of(client).over(values, sending(client, lambda numbers: sum(numbers) < 10**9))
    assert len(target.calls) <= 6 + SIMPLIFYING + 2


@pytest.mark.parametrize(
    "problem", [Blocked("no user"), HarnessError("no network"), Throttled("wait"), BrokenAnswer("it hung", None)]
)
def test_what_is_no_verdict_of_the_property_ends_the_search(client, target, problem):
    """A blocked step, a skip, throttling and a broken answer pass through as they are, and nothing more is tried."""

    def trial(value):
        client.post("/.search", json=value, resource=False)
        raise problem

    with pytest.raises(type(problem), match=str(problem)):
        search_of(client).over(NUMBERS, trial)
    assert len(target.calls) == 1


def test_a_skip_ends_the_search(client):
    """A skip inside of an example skips the check."""

    def trial(_):
        pytest.skip("unsupported: no such thing")

    with pytest.raises(pytest.skip.Exception):
        search_of(client).over(NUMBERS, trial)


def test_a_target_that_answers_differently_is_told_so(client, target):
    """Where the simplest example goes well when it is tried again, the verdict says that the target is not steady."""

    def trial(value):
        client.post("/.search", json=value, resource=False)
        if len(target.calls) == 3:
            raise Violation("It does not hold.")

    with pytest.raises(Violation, match="answers the same requests differently"):
        search_of(client).over(NUMBERS, trial)
    assert [json.loads(each.request_body) for each in client.take_recalled()] == [target.calls[2]]


def test_warnings_of_examples_are_few(client):
    """What examples warn of is passed on, the first few times."""

    def trial(value):
        warn(f"Something about {value}.")

    with observing(Observations()) as seen:
        search_of(client).over(NUMBERS, trial)
    assert len(seen.warnings) == 3


def test_a_machine_writes_programs_that_are_tried_once(client, target):
    """A program of a state machine is carried out when it is complete, and the simplest failing one is reported."""
    search = search_of(client)

    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.program = []

        @rule(number=st.integers(0, 9))
        def act(self, number):
            self.program.append(number)

        def teardown(self):
            program = list(self.program)
            trial = sending(client, lambda numbers: 7 not in numbers)
            search.attempt(json.dumps(program), lambda: trial(program))

    with pytest.raises(Violation) as caught:
        search.machine(Machine, examples=6, steps=10)
    assert "7" in caught.value.finding.actual
    assert 7 in target.calls[-1]
    assert len(json.dumps(target.calls[-1])) <= min(len(json.dumps(each)) for each in target.calls if 7 in each)
