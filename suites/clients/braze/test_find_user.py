"""Looking dashboard users up: by id, and by a search for the userName."""

import re

import pytest

from scim_conformance.judge import Violation, expect, note

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PRESENT = re.compile(r"\d{4} [A-Z][a-z]{2} \d{1,2}, \d{1,2}:\d{2} [AP]M")
OLDER = re.compile(r"[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2} [AP]M")


@pytest.mark.requirement("BRAZE-21")
@pytest.mark.parametrize("member", ["schemas", "id", "userName", "name", "department", "lastSignInAt", "permissions"])
def test_user_is_shown_by_id(braze, employee, once, member):
    """A GET by id shows schemas, id, userName, name, department, lastSignInAt and permissions."""
    _, user = employee()
    answer = once("braze: look up the shared user", lambda: braze.read(user["id"]))
    expect(answer).status(200).has(member)


@pytest.mark.requirement("BRAZE-22")
def test_time_of_creation_is_shown(braze, employee, once):
    """A GET by id shows createdAt."""
    _, user = employee()
    expect(once("braze: look up the shared user", lambda: braze.read(user["id"]))).has("createdAt")


@pytest.mark.requirement("BRAZE-23")
@pytest.mark.parametrize("member", ["createdAt", "lastSignInAt"])
def test_moments_are_written_for_people(braze, employee, once, member):
    """Moments are written like 2026 Nov 22, 10:15 AM, or N/A for never."""
    _, user = employee()
    answer = once("braze: look up the shared user", lambda: braze.read(user["id"]))
    found = answer.body.get(member)
    if found is None:
        pytest.skip(f"unsupported: {member} is not shown")
    text = str(found)
    note(f"{member} is written like {text}.")
    right = PRESENT.fullmatch(text) or OLDER.fullmatch(text) or (text == "N/A" and member == "lastSignInAt")
    expect(answer).where(bool(right), expected="a moment like 2026 Nov 22, 10:15 AM, or N/A", actual=f"{member} {text}")


@pytest.mark.requirement("BRAZE-24")
def test_nobody_is_not_found(braze, unknown_id):
    """A GET of an id that nobody has is answered 404 with an Error body."""
    answer = braze.read(unknown_id)
    expect(answer).status(404).json_object().has("status", 404, "404")
    expect(answer).where(ERROR in (answer.json.get("schemas") or []), expected=f"schemas with {ERROR}")


@pytest.mark.requirement("BRAZE-25")
def test_edition_of_the_404(braze, unknown_id):
    """The 404 of a GET is JSON with the detail of the present edition."""
    answer = braze.read(unknown_id)
    detail = answer.json.get("detail") if answer.is_json and isinstance(answer.json, dict) else None
    note(f"The 404 of a GET is {answer.media_type or 'without a type'} with the detail {detail!r}.")
    expect(answer).media_type("application/json").has("detail", "Resource not found")


# -- searching --------------------------------------------------------------------------------


@pytest.mark.requirement("BRAZE-26")
def test_search_finds_the_user(braze, employee, must_list):
    """A search for a userName finds the one user who has it."""
    person, user = employee()
    answer = braze.search(person["userName"])
    (found,) = must_list(answer, 1)
    expect(answer).where(LIST in (answer.json.get("schemas") or []), expected=f"schemas with {LIST}")
    expect(answer).where(found.get("id") == user["id"], expected=f"the user with the id {user['id']!r}")


@pytest.mark.requirement("BRAZE-26")
def test_search_finds_nobody_else(braze, hire, employee, must_list):
    """A search finds no user whose userName only begins like the one that is looked for."""
    person, _ = employee()
    other = hire(userName=f"{person['userName']}.example.com")
    (found,) = must_list(braze.search(person["userName"]), 1)
    if found.get("id") == other["id"]:
        raise Violation("A search finds a user with another userName.", expected=[person["userName"]],
                        actual=repr(found.get("userName")))  # fmt: skip


@pytest.mark.requirement("BRAZE-26")
@pytest.mark.parametrize("blank", ["%20", "+"])
def test_search_knows_encodings_of_a_blank(scim, employee, must_list, blank):
    """Blanks in a filter count however they are encoded, as %20 or as +."""
    person, _ = employee()
    condition = f'userName eq "{person["userName"]}"'.replace(" ", blank).replace('"', "%22").replace("@", "%40")
    must_list(scim.get("/Users", query=f"filter={condition}", headers={"Accept": "*/*"}), 1)


@pytest.mark.requirement("BRAZE-27")
@pytest.mark.parametrize("member", ["userName", "id", "name", "department", "lastSignInAt", "permissions"])
def test_search_shows_the_user(found_user, member):
    """A user who is found shows userName, id, name, department, lastSignInAt and permissions."""
    if found_user.get(member) in (None, "", {}):
        raise Violation(f"A user who is found is shown without {member}.", expected=[member], actual=repr(found_user))


@pytest.mark.requirement("BRAZE-28")
def test_search_without_a_hit(braze, somebody, must_list):
    """A search for a userName that nobody has finds nobody: totalResults 0 and no elements."""
    answer = braze.search(somebody()["userName"])
    note(f"A search that finds nobody is answered {answer.status}.")
    must_list(answer, 0)


@pytest.mark.requirement("BRAZE-32")
def test_letter_case_in_a_search(braze, employee):
    """Whether letter case counts in a search for a userName is the target's choice."""
    person, _ = employee()
    answer = braze.search(person["userName"].upper())
    found = answer.json.get("totalResults") if answer.is_json and isinstance(answer.json, dict) else None
    note(f"A search in other letter case finds {'the user' if found == 1 else 'nobody'}.")


@pytest.mark.requirement("BRAZE-29")
@pytest.mark.parametrize(
    "condition",
    [
        'id eq "{id}"',
        'department eq "marketing" and userName eq "{userName}"',
        'name.familyName eq "Nobody"',
        'userName co "{userName}"',
        'userName sw "{userName}"',
        'userName ne "{userName}"',
        "userName pr",
        'userName eq "{userName}" or userName eq "nobody@example.com"',
        "userName eq {userName}",
        "userName",
    ],
    ids=["id", "two", "name", "co", "sw", "ne", "pr", "or", "unquoted", "cut"],
)
def test_other_filters_are_refused(braze, employee, condition):
    """A filter on another attribute, with another operator, or of several conditions is refused with 400."""
    _, user = employee()
    expect(braze.find(condition.format(**user))).refused(400)


@pytest.mark.requirement("BRAZE-30")
@pytest.mark.parametrize("query", ["", "filter=", "count=1"], ids=["none", "empty", "count"])
def test_there_is_no_list_of_everybody(scim, query):
    """A GET of /Users without a filter is refused with 400."""
    expect(scim.get("/Users", query=query or None)).refused(400)


@pytest.mark.requirement("BRAZE-31")
@pytest.mark.parametrize("part", ["schemas", "status", "media type"])
def test_refusal_of_a_filter(braze, once, part):
    """The refusal of a filter is an Error body of type application/json whose status is the number 400."""
    answer = once("braze: refused filter", lambda: braze.find('department eq "nobody"'))
    if answer.status != 400:
        pytest.skip(f"unsupported: the filter is answered {answer.status}")
    if part == "media type":
        expect(answer).media_type("application/json")
    elif part == "status":
        expect(answer).has("status", 400)
    else:
        expect(answer).json_object()
        expect(answer).where(ERROR in (answer.json.get("schemas") or []), expected=f"schemas with {ERROR}")
