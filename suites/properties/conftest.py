"""What the properties share: the search for a counterexample, and the one user that most of them write to."""

from collections.abc import Mapping
from typing import Any

import pytest

from scim_conformance.judge import Blocked, BrokenAnswer, Violation, differences


@pytest.fixture
def search(request, scim, operator):
    """Look for a counterexample among as many generated examples as the operator asked for."""
    from scim_conformance.judge.properties import Search  # noqa: PLC0415 - brings Hypothesis

    name = request.node.nodeid.rpartition("/")[2]
    return Search(scim, seed=operator.seed, examples=operator.examples, name=name)


class Subject:
    """A resource that examples are written to, and what can be generated for it.

    `shapes` are the attributes of which the target keeps a plain value, `literal` the paths of those where it is shown
    letter for letter and not in another form of the same meaning; `responses` the answer to its creation.
    """

    def __init__(self, kind: Any, resource: dict[str, Any], responses: list[Any], base: dict[str, Any]):
        self.kind, self.resource, self.responses, self.base = kind, resource, responses, base
        self.shapes: list[Any] = []
        self.literal: set[str] = set()

    @property
    def attributes(self) -> list[Any]:
        """The attributes that are generated."""
        return [shape.attribute for shape in self.shapes]

    def body(self, members: Mapping[str, Any], base: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write a whole body with these members, for the subject itself or from another base."""
        from scim_conformance.judge.strategies import body  # noqa: PLC0415 - brings Hypothesis

        return body(members, self.shapes, base or self.base)

    def named(self, *names: str) -> list[Any]:
        """Give the shapes of some attributes, as far as there are such."""
        return [shape for shape in self.shapes if shape.attribute.name in names]


@pytest.fixture(scope="session")
def subjects(scim_session, features):
    """Make, once a run, the resource of a type that examples are written to; blocked where that fails."""
    from scim_conformance.judge.strategies import shapes  # noqa: PLC0415 - brings Hypothesis

    made: dict[str, Subject] = {}

    def subject(kind: Any) -> Subject:
        if kind.name not in made:
            base = scim_session.baseline.body(kind, minimal=True)
            response = scim_session.client.create(kind, base)
            resource = scim_session.baseline.created(response, kind)
            if resource is None:
                raise Blocked(f"creating a {kind.name} failed: POST answered {response.status}")
            made[kind.name] = Subject(kind, resource, [response], base)
            made[kind.name].shapes = shapes(features, kind, scim_session.person().mark)
            _keep_what_is_kept(scim_session, made[kind.name])
        if not made[kind.name].shapes:
            raise Blocked(f"the target keeps none of the plain values that a {kind.name} is given by PUT")
        return made[kind.name]

    yield subject
    scim_session.discard([each.resource for each in made.values()])


def _keep_what_is_kept(session: Any, subject: Subject) -> None:
    """Leave the attributes alone of which the target does not keep even a plain value; other checks judge that."""
    for known in (subject.shapes, subject.named("title", "displayName", "name", "emails")):
        subject.shapes = known
        sent = subject.body({shape.path: shape.plain for shape in known})
        if known and session.client.replace(subject.resource, sent).status in (200, 204):
            shown = session.baseline.read(subject.resource)
            subject.shapes = [
                s
                for s in known
                if not differences(subject.body({s.path: s.plain}, {"schemas": []}), shown, [s.attribute])
            ]
            subject.literal = {s.path for s in subject.shapes if _is_literal(s.plain, shown.get(s.attribute.name))}
            return
    subject.shapes = []


def _is_literal(sent: Any, shown: Any) -> bool:
    """Tell whether a value comes back as it was sent: elements by their `value`, by which a filter finds them."""
    if not isinstance(sent, list):
        return True
    values = [{str(e.get("value") if isinstance(e, Mapping) else e) for e in each or []} for each in (sent, shown)]
    return values[0] <= values[1]


@pytest.fixture
def user_subject(subjects, scim_session):
    """The user that examples are written to."""
    return subjects(scim_session.baseline.resource_type("User"))


@pytest.fixture(scope="session")
def answered():
    """Tell whether a write was performed; refusing it is allowed, failing is not."""

    def judge(response: Any, requirement: str | None = None) -> bool:
        if response.status >= 500:
            raise Violation(
                f"{response.exchange.method} answered {response.status}.",
                expected=["a success, or a refusal with a 4xx status"],
                actual=f"status {response.status}",
                requirement=requirement,
            )
        return response.is_success

    return judge


@pytest.fixture(scope="session")
def shown(scim_session):
    """Read a resource back; blocked where it cannot be read."""

    def read(resource: dict[str, Any]) -> dict[str, Any]:
        try:
            return scim_session.baseline.read(resource)
        except BrokenAnswer as problem:
            raise Blocked(f"reading the resource back failed: {problem}") from problem

    return read
