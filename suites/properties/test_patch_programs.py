"""Programs of PATCH operations end where a model says, RFC 7644 section 3.5.2."""

import pytest

from scim_conformance.judge import Blocked, Violation, differences

SEQUENCE, PRIMARY, ATOMIC, FAILING = "RFC7644-3.5.2-17", "RFC7644-3.5.2-18", "RFC7644-3.5.2-20", "RFC7644-3.5.2-21"
TEXTS = ("title", "nickName", "userType", "costCenter", "department")
MOST_TEXTS = 3
ELEMENTS = ("emails", "phoneNumbers", "addresses")


@pytest.fixture(scope="session")
def start(subjects, scim_session):
    """The attributes that programs change, and the state that each of them starts from."""
    subject = subjects(scim_session.baseline.resource_type("User"))
    # A filter selects an element by the value that was sent, which a provider may keep in a canonical form.
    lists = [shape for shape in subject.named(*ELEMENTS) if shape.path in subject.literal]
    shapes = [*subject.named(*TEXTS)[:MOST_TEXTS], *subject.named("name"), *lists[:2]]
    state = {each.path: each.plain[:3] if each.attribute.multi_valued else each.plain for each in shapes}
    if not any(each.attribute.type == "string" for each in shapes):
        pytest.skip("unsupported: the target keeps no text of a user that a PATCH could change")
    return subject, shapes, state


@pytest.fixture
def compare(shown):
    """Read a resource back and expect a state of it, down to what has no value."""
    from scim_conformance.judge.strategies import asserted  # noqa: PLC0415 - brings Hypothesis

    def judge(subject, shapes, state, requirement):
        resource = shown(subject.resource)
        wanted = {each.path: asserted(state.get(each.path)) for each in shapes}
        sent = {name: value for name, value in subject.body(wanted, {"schemas": []}).items() if name != "schemas"}
        wrong = differences(sent, resource, [each.attribute for each in shapes], exact=True)
        if not wrong:
            wrong = [text for each in shapes for text in primaries(each, wanted[each.path], resource)]
            requirement = PRIMARY if wrong and requirement == SEQUENCE else requirement
        if wrong:
            raise Violation(
                "The operations led to another state.",
                expected=[f"{each.path} = {wanted[each.path]!r}" for each in shapes if wrong[0].startswith(each.path)],
                actual=wrong[0],
                requirement=requirement,
            )

    return judge


def primaries(shape, wanted, resource):
    """Tell where other elements are primary than should be."""
    if not shape.attribute.multi_valued or not isinstance(wanted, list) or not isinstance(wanted[0], dict):
        return []
    shown = resource.get(shape.attribute.name) or []
    found = sum(isinstance(each, dict) and each.get("primary") is True for each in shown)
    right = sum(each.get("primary") is True for each in wanted)
    return [f"{shape.path}: {found} primary elements instead of {right} in {shown!r}"] if found != right else []


@pytest.mark.usefixtures("working_patch")
@pytest.mark.requirement(SEQUENCE, PRIMARY, ATOMIC, FAILING)
def test_generated_programs_end_in_the_state_of_the_model(search, scim, start, compare, answered):
    """Operations are applied one after the other, as a model of PATCH predicts; with a wrong one, none of them is."""
    from scim_conformance.judge.programs import programs, wrong_operations  # noqa: PLC0415 - brings Hypothesis

    subject, shapes, state = start
    text = next(each.attribute for each in shapes if each.attribute.type == "string")

    def reset():
        response = scim.replace(subject.resource, subject.body(state))
        if response.status not in (200, 204):
            raise Blocked(f"a PUT of plain values answered {response.status}")

    def trial(program):
        operations = program.operations()
        if not program.steps:
            return
        reset()
        response = scim.modify(subject.resource, *operations)
        accepted = answered(response, SEQUENCE if program.wrong is None else FAILING)
        if program.wrong is None and not accepted:
            raise Violation(
                f"PATCH answered {response.status}.",
                expected=["status 200 or 204"],
                actual=f"status {response.status}, body {response.text[:200]}",
                requirement=SEQUENCE,
            )
        if program.wrong is not None and accepted:
            reset()
            if answered(scim.modify(subject.resource, program.wrong)):
                return  # alone it is not refused either, which other checks judge
            raise Violation(
                f"PATCH answered {response.status}, though it has an operation that is refused when it comes alone.",
                expected=["a refusal with a 4xx status"],
                actual=f"status {response.status}",
                requirement=FAILING,
            )
        compare(subject, shapes, program.result, SEQUENCE if program.wrong is None else ATOMIC)

    wrong = wrong_operations(text, "userName")
    right, failing = programs(shapes, state, ()), programs(shapes, state, wrong)
    search.over([right, failing], trial, after=subject.responses)
