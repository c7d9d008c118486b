"""What the checks of attribute types and characteristics share: two resources of each type with every attribute."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.specimens import Specimens


@pytest.fixture(scope="session")
def specimens(scim_session):
    """The resources from which types and characteristics are judged, made when they are first needed."""
    made = Specimens(scim_session)
    yield made
    made.close()


@pytest.fixture
def specimen(specimens, resource_type):
    """The resources of the type at hand with every attribute that clients write."""
    return specimens.of(resource_type)


@pytest.fixture
def shown(specimen):
    """What was shown of resources of the type at hand: in answers to POST, PUT and PATCH, and to a GET after each."""
    steps = [specimen.created]
    for later in ("repeated", "replaced", "patched"):
        try:
            steps.append(getattr(specimen, later))
        except Blocked:
            continue
    bodies = [
        response.json for step in steps for response in step.responses if response.status < 300 and response.is_json
    ]
    return [body for body in bodies if isinstance(body, dict) and "id" in body]


@pytest.fixture(scope="session")
def blame():
    """Raise a violation where something offends: `blame(offending, "A value is of another type.", expected="...")`."""

    def judge(offending: Any, message: str, *, expected: str, requirement: str | None = None) -> None:
        found = [str(each) for each in offending]
        if found:
            more = f" and {len(found) - 4} more" if len(found) > 4 else ""
            raise Violation(message, expected=[expected], actual="; ".join(found[:4]) + more, requirement=requirement)

    return judge


@pytest.fixture(scope="session")
def unstated(features):
    """Tell whether a served definition says nothing of a characteristic: `unstated(title, "type")`."""

    def judge(attribute: Any, member: str) -> bool:
        schema = next((each for urn, each in features.schemas.items() if urn.lower() == attribute.schema.lower()), None)
        if schema is None or schema.assumed:
            return False
        named = [each for each in (attribute.parent, attribute.name) if each]
        definitions: Any = member_of(schema.raw, "attributes")
        found: Any = None
        for name in named:
            listed = [each for each in definitions if isinstance(each, dict)] if isinstance(definitions, list) else []
            found = next((each for each in listed if str(member_of(each, "name")).lower() == name.lower()), None)
            definitions = member_of(found, "subAttributes") if found else None
        return found is not None and member_of(found, member) is None

    return judge


@pytest.fixture
def without(specimen, unstated):
    """Give the attributes whose served definition says nothing of a characteristic; the check needs at least one."""

    def select(member: str) -> list[Any]:
        found = [each for each in specimen.attributes if unstated(each, member)]
        if not found:
            pytest.skip(f"unsupported: every definition of an attribute of {specimen.resource_type.name} has {member}")
        return found

    return select


@pytest.fixture
def patches(features):
    """PATCH: the check does not apply where the target advertises none."""
    fact = features.fact("patch")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")


@pytest.fixture(scope="session")
def succeeded():
    """Block a check where a step of its own preparation did not succeed."""

    def judge(what: str, response: Any) -> Any:
        if not response.is_success:
            raise Blocked(f"{what} answered {response.status}")
        return response

    return judge
