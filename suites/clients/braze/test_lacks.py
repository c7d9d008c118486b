"""What SCIM has and Braze's API has not: recorded, so that a report is honest about it."""

import pytest

from scim_conformance.judge import note

NOT_OFFERED = (400, 404, 405, 501)


def offers(answer):
    """Say whether something is there."""
    return f"is not there ({answer.status})" if answer.status in NOT_OFFERED else f"is answered {answer.status}"


@pytest.mark.requirement("BRAZE-L01")
@pytest.mark.parametrize("document", ["ServiceProviderConfig", "ResourceTypes", "Schemas"])
def test_no_discovery(scim, document):
    """There is no discovery: clients have to know what is supported."""
    note(f"/{document} {offers(scim.get(f'/{document}'))}.")


@pytest.mark.requirement("BRAZE-L02")
def test_no_patch(scim, unknown_id):
    """There is no PATCH: a change is a PUT."""
    operation = {"op": "replace", "path": "department", "value": "bi"}
    note(f"PATCH {offers(scim.modify(('/Users', unknown_id), operation))}.")


@pytest.mark.requirement("BRAZE-L03")
def test_no_groups(scim, unknown_id):
    """There are no groups."""
    answer = scim.get("/Groups", params={"filter": f'displayName eq "{unknown_id}"'})
    note(f"/Groups {offers(answer)}.")


@pytest.mark.requirement("BRAZE-L04")
def test_no_active(employee, look_up):
    """There is no active: nobody can be deactivated, only deleted."""
    _, user = employee()
    note("Users have active." if "active" in look_up(user) else "Users have no active.")


@pytest.mark.requirement("BRAZE-L05")
def test_no_meta_and_no_location(braze, somebody):
    """Users have no meta, and a creation is answered without Location."""
    answer = braze.create(braze.body(somebody()))
    meta = answer.is_json and isinstance(answer.json, dict) and "meta" in answer.json
    note(f"A new user is shown {'with' if meta else 'without'} meta, "
         f"{'with' if answer.headers.get('Location') else 'without'} Location.")  # fmt: skip


@pytest.mark.requirement("BRAZE-L06")
def test_other_media_type(braze, employee, once):
    """Answers are not of the type application/scim+json."""
    person, _ = employee()
    answer = once("braze: search for the shared user", lambda: braze.search(person["userName"]))
    note(f"Answers are of the type {answer.media_type or 'that is not given'}.")


@pytest.mark.requirement("BRAZE-L07")
def test_bare_lists(braze, employee, once):
    """Users in a list have no schemas, and the list has neither startIndex nor itemsPerPage."""
    person, _ = employee()
    answer = once("braze: search for the shared user", lambda: braze.search(person["userName"]))
    body = answer.json if answer.is_json and isinstance(answer.json, dict) else {}
    missing = [name for name in ("startIndex", "itemsPerPage") if name not in body]
    first = next((each for each in body.get("Resources") or [] if isinstance(each, dict)), {})
    missing += [] if "schemas" in first else ["schemas of its users"]
    note(f"A list lacks {', '.join(missing) or 'nothing'}.")


@pytest.mark.requirement("BRAZE-L08")
def test_no_extension(employee, look_up):
    """What the core schema lacks, department and permissions, stands beside it in no schema of its own."""
    _, user = employee()
    note(f"The schemas of a user are {', '.join(map(str, look_up(user).get('schemas') or [])) or 'not named'}.")
