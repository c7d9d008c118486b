"""Values that only one resource may have, RFC 7643 sections 4.1.1 and 7, RFC 7644 section 3.3."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn


@pytest.fixture
def taken(once, scim_session, as_made, user_name):
    """The userName of a user that is there."""
    return once("a userName that is taken", lambda: user_name(as_made(scim_session.baseline.make("User"))))


@pytest.fixture
def taken_again(once, taken, scim, body):
    """The answer to the POST of a second user of that userName."""
    return once("a userName taken again", lambda: scim.create("User", body("User", userName=taken)))


@pytest.fixture
def definition(features):
    """The served definition of userName, None where there is none."""
    schema = features.schema_of(features.resource_type("User"))
    return next((attribute for attribute in schema.attributes if attribute.name.lower() == "username"), None)


@pytest.fixture
def accepted_by_the_schema(definition):
    """Warn of a second user that was created as the served schema has it, though not as the specification has it."""

    def judge(response, *, case_exact=False):
        if not response.is_success or definition is None:
            return False
        says = "is not unique" if definition.uniqueness == "none" else ""
        says = says or ("is caseExact" if case_exact and definition.case_exact else "")
        if says:
            warn(
                "A second user was created whose userName should be a conflict.",
                expected=["status 409 Conflict: userName is unique, whatever the letter case (RFC 7643 section 4.1.1)"],
                actual=f"status {response.status}; the served schema says that userName {says}",
            )
        return bool(says)

    return judge


@pytest.mark.requirement("RFC7643-4.1.1-02", "RFC7644-3.3-11")
def test_user_name_is_taken_once(taken_again, accepted_by_the_schema):
    """The POST of a second user of the same userName is refused with 409 uniqueness."""
    if not accepted_by_the_schema(taken_again):
        expect(taken_again).refused(409, scim_type="uniqueness")


@pytest.mark.requirement("RFC7643-4.1.1-04")
def test_letter_case_does_not_make_another_user_name(taken, accepted_by_the_schema, scim, body):
    """The POST of a second user whose userName differs by letter case alone is refused with 409 uniqueness."""
    response = scim.create("User", body("User", userName=taken.swapcase()))
    if not accepted_by_the_schema(response, case_exact=True):
        expect(response).refused(409, scim_type="uniqueness")


@pytest.mark.requirement("RFC9110-15.5.10-01")
def test_conflict_is_explained(taken, taken_again, definition):
    """The 409 that answers a POST of a userName that is taken says what the conflict is about."""
    response = taken_again
    if response.status != 409:
        if definition is not None and definition.uniqueness == "none":
            pytest.skip("unsupported: the served schema says that userName is not unique")
        raise Blocked(f"POST of a userName that is taken did not answer 409 but {response.status}")
    text = response.text.lower()
    expect(response).where(
        "username" in text or taken.lower() in text, expected="a body that names userName or its value"
    )


@pytest.mark.requirement("RFC7644-3.3-11")
def test_unique_value_is_taken_once(make, scim, body, features, resource_type):
    """A value that another resource has is refused in a POST, for each attribute that the schema calls unique."""
    unique = [
        attribute.name
        for attribute in features.schema_of(resource_type).attributes
        if attribute.uniqueness in ("server", "global")
        and attribute.mutability != "readOnly"
        and attribute.type == "string"
        and attribute.name.lower() not in ("id", "username")
    ]
    if not unique:
        pytest.skip(f"unsupported: no attribute of {resource_type.name} but a userName is unique")
    sent = body(resource_type)
    first = make(resource_type, **{name: sent.get(name) or sent["externalId"] for name in unique})
    for name in unique:
        if not isinstance(first.get(name), str):
            raise Blocked(f"the target does not show {name} of a new {resource_type.name}")
        response = scim.create(resource_type, body(resource_type, **{name: first[name]}))
        if response.is_success:
            raise Violation(
                f"A second {resource_type.name} with the same {name} was created.",
                expected=["status 409 Conflict, for the served schema calls it unique"],
                actual=f"status {response.status}",
            )
        expect(response).refused(409, scim_type="uniqueness")
