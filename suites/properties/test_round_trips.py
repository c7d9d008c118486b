"""Resources come back as they were sent, RFC 7643 section 2.3 and RFC 7644 sections 3.3 and 3.5.1."""

import json

import pytest

from scim_conformance.judge import Blocked, Violation, differences, warn

STRINGS = "RFC7643-2.3.1-01"
FEW = 5


@pytest.fixture(scope="session")
def compare(shown):
    """Read a resource back and expect what was sent, by meaning."""
    from scim_conformance.judge.strategies import asserted  # noqa: PLC0415 - brings Hypothesis

    def judge(sent, resource, attributes):
        if resource is None:
            raise Blocked("the answer to POST does not show the resource")
        wrong = differences(asserted(sent), shown(resource), attributes)
        if wrong:
            raise Violation(
                "What was written came back otherwise.", expected=["the values as they were sent"], actual=wrong[0]
            )

    return judge


def refused(response):
    """Warn of values that were refused: a string may have to have a form, but these have none that is known."""
    warn(
        f"Generated values were refused with {response.status}.",
        expected=["values that are stored as they were sent"],
        actual=response.text[:200],
    )


JSON = {"Content-Type": "application/scim+json"}


@pytest.mark.requirement(STRINGS, "RFC7644-3.5.1-04")
def test_generated_resources_come_back_as_sent(search, scim, scim_session, subjects, resource_type, compare, answered):
    """What a resource is created or replaced with is what a GET shows, in every script, length and type."""
    from hypothesis import strategies as st  # noqa: PLC0415 - heavy

    from scim_conformance.judge.strategies import members  # noqa: PLC0415 - brings Hypothesis

    subject = subjects(resource_type)

    def trial(example):
        generated, escaped, anew = example
        if not generated:
            return
        sent = subject.body(generated, scim_session.baseline.body(resource_type, minimal=True) if anew else None)
        content = json.dumps(sent, ensure_ascii=escaped).encode()  # escaped: every character outside ASCII as \\u
        if anew:
            response = scim.post(resource_type.endpoint, content=content, headers=JSON)
        else:
            response = scim.put(scim.location(subject.resource), content=content, headers=JSON)
        if not answered(response):
            refused(response)
            return
        resource = scim_session.baseline.created(response, resource_type) if anew else subject.resource
        try:
            compare(sent, resource, subject.attributes)
        finally:
            scim_session.discard([resource] if anew and resource else [])

    examples = [
        st.tuples(members(subject.shapes, unassigned=True), st.booleans(), st.just(anew))
        for anew in (False, True, False)
    ]
    # Where there is little to generate, few examples say as much as many.
    few = len(subject.shapes) < FEW
    search.over(examples, trial, examples=max(1, search.examples // (6 if few else 1)), after=subject.responses)
