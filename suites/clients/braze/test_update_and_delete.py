"""Updating dashboard users by PUT, and deleting them."""

import pytest

from scim_conformance.judge import Violation, expect, note

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def company(user):
    """Give what a user may do in the company."""
    return (user.get("permissions") or {}).get("companyPermissions")


@pytest.fixture
def changed(somebody):
    """A person whose name, department and permissions are others."""
    return somebody(
        name={"givenName": "Changed", "familyName": "Person"},
        department="engineering",
        permissions={"companyPermissions": ["add_remove_app_groups"]},
    )


@pytest.mark.requirement("BRAZE-33")
@pytest.mark.parametrize("member", ["name", "department", "permissions"])
def test_update_replaces(braze, hire, changed, look_up, member):
    """A PUT replaces name, department and permissions: its answer shows the new ones, and so does a GET."""
    user = hire()
    answer = braze.update(user["id"], braze.update_body(changed))
    expect(answer).status(200)
    for seen in (answer.body, look_up(user)):
        found = company(seen) if member == "permissions" else seen.get(member)
        wanted = ["add_remove_app_groups"] if member == "permissions" else changed[member]
        if found != wanted:
            raise Violation(f"A PUT does not replace {member}.", expected=[repr(wanted)], actual=repr(found))


@pytest.mark.requirement("BRAZE-33")
def test_update_shows_the_whole_user(braze, hire, changed):
    """The answer to a PUT shows the whole user, with id and userName."""
    user = hire()
    answer = braze.update(user["id"], braze.update_body(changed))
    expect(answer).status(200).has("id", user["id"]).has("userName", user["userName"])


@pytest.mark.requirement("BRAZE-34")
def test_update_does_not_rename(braze, hire, changed, look_up):
    """A PUT with another userName leaves the userName as it is."""
    user = hire()
    answer = braze.update(user["id"], {**braze.update_body(changed), "userName": changed["userName"]})
    expect(answer).where(answer.status < 500, expected="a refusal, or success without another userName")
    note(f"Another userName in a PUT is {'ignored' if answer.status < 300 else f'refused with {answer.status}'}.")
    found = look_up(user).get("userName")
    if found != user["userName"]:
        raise Violation("A PUT changes userName.", expected=[user["userName"]], actual=repr(found))


@pytest.mark.requirement("BRAZE-35")
def test_update_needs_permissions(braze, hire, changed):
    """A PUT without permissions is refused with 400."""
    body = {name: value for name, value in braze.update_body(changed).items() if name != "permissions"}
    expect(braze.update(hire()["id"], body)).refused(400)


@pytest.mark.requirement("BRAZE-36")
def test_update_replaces_permissions_whole(braze, hire, changed, look_up):
    """A PUT takes away the permissions that it does not name."""
    user = hire(permissions={"companyPermissions": ["manage_company_settings"]})
    expect(braze.update(user["id"], braze.update_body(changed))).status(200)
    found = company(look_up(user))
    kept = isinstance(found, list) and "manage_company_settings" in found
    note(f"Permissions that a PUT does not name are {'kept' if kept else 'taken away'}.")
    if kept:
        raise Violation("A PUT keeps permissions that it does not name.", expected=["add_remove_app_groups alone"],
                        actual=repr(found))  # fmt: skip


@pytest.mark.requirement("BRAZE-37")
@pytest.mark.usefixtures("nobody_is_told")
def test_update_creates_nobody(braze, changed, unknown_id):
    """A PUT to an id that nobody has is answered 404, and creates nobody."""
    expect(braze.update(unknown_id, braze.update_body(changed))).refused(404)
    expect(braze.read(unknown_id)).where(lambda answer: answer.status != 200, expected="nobody with this id")


@pytest.mark.requirement("BRAZE-38")
def test_delete_is_answered_204(braze, hire):
    """A DELETE answers 204 and sends no body."""
    expect(braze.delete(hire()["id"])).status(204).no_body()


@pytest.mark.requirement("BRAZE-39")
@pytest.mark.usefixtures("nobody_is_told")
@pytest.mark.parametrize("way", ["by id", "by a search"])
def test_deleted_users_are_gone(braze, hire, way):
    """A user who was deleted is found neither by id nor by a search."""
    user = hire()
    expect(braze.delete(user["id"])).success()
    if way == "by id":
        expect(braze.read(user["id"])).status(404, 410)
        return
    answer = braze.search(user["userName"])
    found = answer.json.get("Resources") if answer.is_json and isinstance(answer.json, dict) else None
    expect(answer).where(not found, expected="nobody with this userName")


@pytest.mark.requirement("BRAZE-40")
def test_delete_of_nobody(braze, unknown_id):
    """A DELETE of an id that nobody has is answered 404."""
    expect(braze.delete(unknown_id)).refused(404)


@pytest.mark.requirement("BRAZE-40")
def test_delete_twice(braze, hire):
    """A second DELETE of one user is answered 404."""
    user = hire()
    expect(braze.delete(user["id"])).success()
    expect(braze.delete(user["id"])).refused(404)


@pytest.mark.requirement("BRAZE-41")
def test_last_user_stays(braze, hire, administrator):
    """The last user of a company cannot be deleted: 500, and the user stays."""
    user = hire()
    with administrator.alone(user["id"]):
        answer = braze.delete(user["id"])
        expect(answer).status(500).has("detail", "Failed to delete user")
        expect(braze.read(user["id"])).status(200)


@pytest.mark.requirement("BRAZE-42")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("part", ["body", "media type"])
def test_edition_of_the_404_of_a_change(braze, changed, unknown_id, once, method, part):
    """The 404 of PUT and DELETE is an Error body that says User not found, sent as text/html."""
    ask = {
        "PUT": lambda: braze.update(unknown_id, braze.update_body(changed)),
        "DELETE": lambda: braze.delete(unknown_id),
    }
    answer = once(("braze: change of nobody", method), ask[method])
    if answer.status != 404:
        pytest.skip(f"unsupported: the {method} of nobody is answered {answer.status}")
    if part == "media type":
        expect(answer).media_type("text/html")
        return
    expect(answer).has("detail", "User not found")
    expect(answer).where(ERROR in (answer.json.get("schemas") or []), expected=f"schemas with {ERROR}")
