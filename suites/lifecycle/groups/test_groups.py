"""Groups as resources, RFC 7643 section 4.2."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.fixture
def made(scim_session, features):
    """Give the group that the answer to a POST is about; blocked where it does not tell."""

    def find(response):
        group = scim_session.baseline.created(response, features.resource_type("Group"))
        if group is None:
            raise Blocked("the answer to POST does not tell the id of the new group")
        return group

    return find


@pytest.fixture
def peopled(once, scim, post, body, member, people, members_attribute):
    """The answer to the GET of a group that was created with members."""
    params = {"attributes": "members"} if members_attribute.returned == "request" else {}

    def make():
        group = post("Group", body("Group", members=[member(each) for each in people])).resource
        return scim.read(group, **params)

    return once("a group with members", make)


@pytest.mark.requirement("RFC7643-4.2-01")
def test_groups_name_their_schema(as_kept, scim_session):
    """A group names the core Group schema in schemas."""
    shown = as_kept(scim_session.baseline.resource_type("Group")).get("schemas")
    if GROUP.lower() not in [str(urn).lower() for urn in shown or []]:
        raise Violation(
            "A group does not name the core Group schema.",
            expected=[f"schemas with {GROUP}"],
            actual=f"schemas = {shown!r}",
        )


@pytest.mark.requirement("RFC7643-4.2-02")
@pytest.mark.parametrize("how", ["absent", "null"])
def test_a_group_needs_a_display_name(scim, body, how):
    """A group without displayName is not created."""
    sent = body("Group", displayName=None)
    expect(scim.create("Group", sent if how == "absent" else {**sent, "displayName": None})).refused(
        400, scim_type="invalidValue"
    )


@pytest.mark.requirement("RFC7643-4.2-05")
def test_a_group_is_created_with_its_members(peopled, people):
    """A group that is created with members has them, each by its id."""
    ids, found = sorted(each["id"] for each in people), expect(peopled).status(200).json_object()
    shown = [each for each in peopled.body.get("members") or [] if isinstance(each, dict)]
    found.where(
        sorted(str(each.get("value")) for each in shown) == ids,
        expected=f"members {', '.join(ids)}",
        actual=f"members {', '.join(str(each.get('value')) for each in shown) or '(none)'}",
    )


@pytest.mark.requirement("RFC7643-4.2-05", "RFC7643-8.4-01")
def test_members_refer_to_resources(scim, peopled, places, features):
    """Each member has a value, and its $ref, where there is one, leads to the resource of that id."""
    shown = expect(peopled).status(200).json_object().response.body.get("members")
    if not shown:
        raise Blocked("a group that was created with members shows none")
    for element in shown:
        if not isinstance(element, dict) or not isinstance(element.get("value"), str):
            raise Violation(
                "A member has no value.",
                requirement="RFC7643-8.4-01",
                expected=["members with value"],
                actual=f"{element!r}",
            )
        if element.get("$ref") is None:
            warn("A member has no $ref.", expected=["$ref, the URI of the member"], actual=f"{element!r}")
        elif not places.name(str(element["$ref"]), features.resource_type("User"), element["value"]):
            raise Violation(
                "The $ref of a member is not its URI.",
                requirement="RFC7643-4.2-05",
                expected=[f"a URI that ends in {scim.location(('User', element['value']))}"],
                actual=f"$ref = {element['$ref']!r}",
            )


@pytest.mark.requirement("RFC7643-2.4-10", "RFC7643-4.2-05")
def test_a_member_named_twice_is_kept_once(scim, body, member, people, members_of, made):
    """A group that is created with the same member twice has it once, or is refused."""
    one = member(people[0])
    response = scim.create("Group", body("Group", members=[one, one]))
    if response.status == 400:
        note("A group with the same member twice is refused.")
        return
    shown = members_of(made(expect(response).success().response))
    if people[0]["id"] not in shown:
        raise Violation(
            "A group created with the same member twice lacks it.",
            requirement="RFC7643-4.2-05",
            expected=[f"members {people[0]['id']}"],
            actual=f"members {shown}",
        )
    if shown != [people[0]["id"]]:
        raise Violation(
            "A group keeps the same member twice.",
            requirement="RFC7643-2.4-10",
            expected=["the member once"],
            actual=f"members {', '.join(shown)}",
        )


@pytest.mark.requirement("RFC7643-4.2-05")
def test_an_unknown_member(scim, body, member, unknown_id, members_of, made):
    """A group that names an id as member which no resource has is refused or accepted, and nothing breaks."""
    response = scim.create("Group", body("Group", members=[member({"id": unknown_id})]))
    if response.is_success:
        note(
            "A member that does not exist is " + ("kept." if unknown_id in members_of(made(response)) else "left out.")
        )
    else:
        expect(response).refused(400, 404, 409)
        note(f"A member that does not exist is refused with {response.status}.")


@pytest.mark.requirement("RFC7643-4.2-07")
def test_a_required_part_of_a_member_is_asked_for(scim, body, member, people, members_attribute):
    """A member that lacks a sub-attribute which the served schema requires is refused with 400."""
    required = [sub.name for sub in members_attribute.sub_attributes if sub.required and sub.name != "value"]
    if not required:
        pytest.skip("unsupported: the served schema requires nothing of a member but its value")
    element = {name: value for name, value in member(people[0]).items() if name not in required}
    expect(scim.create("Group", body("Group", members=[element]))).refused(400, scim_type="invalidValue")


@pytest.mark.requirement("RFC7643-4.2-06")
def test_groups_can_be_members_of_groups(post, body, make, member, people, members_of):
    """A group can be made a member of another group."""
    inner = make("Group")
    group = post("Group", body("Group", members=[member(people[0]), member(inner, "Group")])).resource
    shown = members_of(group)
    if people[0]["id"] not in shown:
        raise Blocked("a group does not show the members that it was made with")
    if inner["id"] not in shown:
        raise Violation(
            "A group that was made a member of another is not shown as one.",
            expected=[f"members {people[0]['id']}, {inner['id']}"],
            actual=f"members {', '.join(shown)}",
        )


@pytest.mark.requirement("RFC7643-4.2-05")
@pytest.mark.usefixtures("working_delete")
def test_a_group_survives_its_member(scim, make, team, people, members_of):
    """When a member of a group is deleted the group stays, with its other members."""
    guest = make("User")
    group = team(guest, people[0])
    expect(scim.delete(guest)).success()
    try:
        shown = members_of(group)
    except Blocked as problem:
        message = "A group cannot be read after one of its members was deleted."
        raise Violation(message, expected=["status 200"], actual=str(problem)) from problem
    if people[0]["id"] not in shown:
        raise Violation(
            "A group lost another member when one was deleted.",
            expected=[f"members {people[0]['id']}"],
            actual=f"members {', '.join(shown) or '(none)'}",
        )
    note("A deleted member " + ("stays named in the group." if guest["id"] in shown else "leaves the group."))
