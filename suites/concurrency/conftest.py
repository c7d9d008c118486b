"""What the checks of concurrency share: the operator's leave to send requests in parallel, and a few users."""

import pytest

from scim_conformance.judge import Violation

MEMBERS = 3


@pytest.fixture(scope="session", autouse=True)
def parallel(operator):
    """Requests in parallel: the checks do not apply, and make nothing, where the operator forbids them."""
    if operator.no_concurrency:
        pytest.skip("disabled: the operator forbids requests in parallel (--no-concurrency)")


@pytest.fixture(scope="session")
def people(scim_session):
    """Users that all checks of concurrency use, made once a run; the mark that begins their names, and the users."""
    mark, made = f"{scim_session.person().mark}-", []
    try:
        for number in range(MEMBERS):
            made.append(scim_session.baseline.make("User", userName=f"{mark}{number}@example.com"))  # noqa: PERF401 - what is made is deleted, come what may
        yield mark, made
    finally:
        scim_session.discard(made)


@pytest.fixture(scope="session")
def unbroken():
    """Expect that no answer to requests in parallel says that the server failed."""

    def judge(responses, requirement):
        for response in responses:
            if response.status >= 500:
                raise Violation(
                    f"{response.exchange.method}, sent in parallel with others, answered {response.status}.",
                    expected=["a success, or a refusal with a 4xx status"],
                    actual=f"status {response.status}, body {response.text[:200]}",
                    requirement=requirement,
                )
        return [response for response in responses if response.is_success]

    return judge
