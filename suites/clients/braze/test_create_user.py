"""Creating dashboard users by POST: what has to be sent, and what comes back."""

import pytest

from scim_conformance.judge import Blocked, Violation, differences, expect, note

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def without(body, name):
    """Return a body that lacks one member."""
    return {member: value for member, value in body.items() if member != name}


@pytest.mark.requirement("BRAZE-01")
def test_a_user_is_created(braze, somebody):
    """A POST with schemas, userName, name, department and permissions creates a dashboard user."""
    person = somebody(permissions={"companyPermissions": ["manage_company_settings"]})
    answer = braze.create(braze.body(person))
    expect(answer).success()
    shown = answer.json if answer.is_json and isinstance(answer.json, dict) else {}
    if isinstance(shown.get("id"), str):
        found = braze.read(shown["id"])
        expect(found).where(found.status != 404, expected="the user who was created")


@pytest.mark.requirement("BRAZE-02")
def test_status_of_a_creation(braze, somebody):
    """A user who was created is answered with the status 201."""
    answer = braze.create(braze.body(somebody()))
    expect(answer).success()
    note(f"Creating a user is answered {answer.status}.")
    expect(answer).status(201)


@pytest.mark.requirement("BRAZE-03")
def test_new_user_is_shown(braze, somebody):
    """The answer to a POST shows the new user with an id, and with userName, name and department as sent."""
    person = somebody()
    answer = braze.create(braze.body(person))
    if answer.status >= 300:
        raise Blocked(f"creating a user failed: POST answered {answer.status}")
    user = expect(answer).has("id").response.body
    wrong = {name: user.get(name) for name in ("userName", "name", "department") if user.get(name) != person[name]}
    if wrong:
        raise Violation("The answer to a POST shows another user than was sent.",
                        expected=[f"{name} = {person[name]!r}" for name in wrong], actual=repr(wrong))  # fmt: skip
    if USER not in (user.get("schemas") or []):
        raise Violation("The answer to a POST shows a user without the schema of users.", expected=[USER],
                        actual=repr(user.get("schemas")))  # fmt: skip


@pytest.mark.requirement("BRAZE-04")
def test_permissions_may_be_left_out(braze, somebody):
    """A POST without permissions creates a user all the same."""
    expect(braze.create(without(braze.body(somebody()), "permissions"))).success()


@pytest.mark.requirement("BRAZE-06")
def test_new_user_has_never_signed_in(employee):
    """The answer to a POST has lastSignInAt, which tells that the new user has never signed in."""
    _, user = employee()
    last = user.get("lastSignInAt")
    never = isinstance(last, str) and (last == "N/A" or "1970" in last)
    if not never:
        raise Violation("lastSignInAt does not tell that a new user has never signed in.",
                        expected=["N/A", "1970, as an older edition has it"], actual=repr(last))  # fmt: skip


@pytest.mark.requirement("BRAZE-07")
@pytest.mark.parametrize("member", ["schemas", "userName", "name", "department"])
def test_required_members_are_required(braze, somebody, member):
    """A POST that lacks schemas, userName, name or department is refused with 400."""
    expect(braze.create(without(braze.body(somebody()), member))).refused(400)


@pytest.mark.requirement("BRAZE-08")
@pytest.mark.parametrize("form", ["a word", "two at signs", "no domain"])
def test_user_name_is_an_address(braze, somebody, form):
    """A userName that is no e-mail address is refused with 400."""
    mark = somebody()["userName"].partition("@")[0]
    given = {"a word": mark, "two at signs": f"{mark}@example@com", "no domain": f"{mark}@"}[form]
    expect(braze.create(braze.body(somebody(userName=given)))).refused(400)


@pytest.mark.requirement("BRAZE-09")
@pytest.mark.parametrize("department", ["sales", "Finance", "", 7])
def test_department_is_one_of_seven(braze, somebody, department):
    """A department that is none of the seven strings of the appendix is refused with 400."""
    expect(braze.create(braze.body(somebody(department=department)))).refused(400)


@pytest.mark.requirement("BRAZE-09")
@pytest.mark.parametrize("department", ["agency", "bi", "c_suite", "engineering", "finance", "marketing", "pm"])
def test_every_department_is_known(braze, somebody, department):
    """Each of the seven departments of the appendix is taken, and shown as it was sent."""
    expect(braze.create(braze.body(somebody(department=department)))).success().has("department", department)


@pytest.mark.requirement("BRAZE-10")
def test_a_taken_user_name_is_refused(braze, employee):
    """A second user with the userName of an existing one is refused with 409 and an Error body."""
    person, _ = employee()
    answer = braze.create(braze.body({**person, "name": {"givenName": "Another", "familyName": "Person"}}))
    expect(answer).status(409).json_object().has("status", 409, "409")
    expect(answer).where(ERROR in (answer.json.get("schemas") or []), expected=f"schemas with {ERROR}")


@pytest.mark.requirement("BRAZE-11")
def test_media_type_of_a_conflict(braze, employee):
    """The answer 409 is sent as text/json, as its sample has it."""
    person, _ = employee()
    answer = braze.create(braze.body(person))
    note(f"A conflict is answered {answer.status} as {answer.headers.get('Content-Type', 'nothing at all')}.")
    expect(answer).media_type("text/json")


@pytest.mark.requirement("BRAZE-12")
@pytest.mark.parametrize("content", [b"{", b"userName=x", b"[]", b"\xff"], ids=["cut", "form", "list", "no-text"])
def test_what_is_no_json_is_refused(scim, content):
    """A POST whose body is no JSON object is refused with 400."""
    answer = scim.post("/Users", content=content, headers={"Content-Type": "application/json"}, resource=False)
    expect(answer).refused(400)


@pytest.mark.requirement("BRAZE-51")
def test_application_json_is_served(braze, somebody):
    """A body that is sent as application/json, with or without its charset, is served."""
    for media_type in ("application/json", "application/json; charset=utf-8"):
        answer = braze.create(braze.body(somebody()), headers={"Content-Type": media_type})
        expect(answer).where(answer.status != 415, expected="a status other than 415")


@pytest.mark.requirement("BRAZE-50")
def test_the_id_stays_the_same(braze, employee):
    """The id of a user is the same in the answers to POST, GET and a search."""
    person, user = employee()
    read, found = braze.read(user["id"]), braze.search(person["userName"])
    expect(read).where(read.status != 200 or read.body.get("id") == user["id"], expected=f"id = {user['id']!r}")
    listed = found.json.get("Resources") if found.is_json and isinstance(found.json, dict) else None
    ids = [each.get("id") for each in listed or [] if isinstance(each, dict)]
    expect(found).where(ids in ([], [user["id"]]), expected=f"id = {user['id']!r}", actual=f"ids {ids}")


@pytest.mark.requirement("BRAZE-03")
def test_what_is_shown_is_what_is_kept(employee, look_up):
    """A GET shows the same user as the answer to the POST did."""
    person, user = employee()
    found = look_up(user)
    wrong = differences({name: person[name] for name in ("userName", "name", "department")}, found, [])
    if wrong:
        raise Violation("A GET shows another user than was created.", expected=["the user as created"],
                        actual="; ".join(map(str, wrong)))  # fmt: skip
