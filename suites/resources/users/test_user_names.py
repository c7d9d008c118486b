"""How users are called, RFC 7643 sections 4.1 and 4.1.1: the schema, name and its parts, displayName."""

import pytest

from scim_conformance.judge import Blocked, Violation, note, warn

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.mark.requirement("RFC7643-4.1-01")
def test_users_name_their_schema(read, shared_user):
    """A user names the core User schema in schemas."""
    shown = read(shared_user).get("schemas")
    if USER.lower() not in [str(urn).lower() for urn in shown or []]:
        raise Violation(
            "A user does not name the core User schema.",
            expected=[f"schemas with {USER}"],
            actual=f"schemas = {shown!r}",
        )


@pytest.mark.requirement("RFC7643-4.1.1-09")
def test_the_parts_of_a_name_are_kept(scim, usual, kept):
    """Every part of a name that the target serves is kept as it was sent, or name.formatted is shown alone."""
    name = usual.answer("name").shown.get("name")
    parts = usual["name"].value.keys() - {"formatted"}
    if isinstance(name, dict) and name.get("formatted") and parts and not parts & name.keys():
        scim.recall(usual.answer("name").read)
        note("name.formatted is shown alone.")
    else:
        kept("name", but=("formatted",) if parts else ())


@pytest.mark.requirement("RFC7643-4.1.1-05", "RFC7643-4.1.1-06", "RFC7643-4.1.1-07", "RFC7643-4.1.1-08")
def test_a_name_and_its_parts_describe_the_same_name(scim, usual):
    """Where a user is shown with name.formatted and the parts of the name, both describe the same name."""
    name = shown_name(scim, usual)
    parts = {part: name[part] for part in ("givenName", "familyName") if isinstance(name.get(part), str)}
    formatted = name.get("formatted")
    if not parts or not isinstance(formatted, str):
        note(f"A name is shown as {'name.formatted alone' if formatted else 'its parts alone'}.")
        return
    note("A name is shown as name.formatted and as its parts.")
    missing = [f"{part} {text!r}" for part, text in parts.items() if text.casefold() not in formatted.casefold()]
    if missing:
        raise Violation(
            "name.formatted describes another name than the parts of the name do.",
            requirement="RFC7643-4.1.1-08",
            expected=[f"name.formatted with {', '.join(missing)}"],
            actual=f"name.formatted = {formatted!r}",
        )


@pytest.mark.requirement("RFC7643-4.1.1-08")
@pytest.mark.usefixtures("patching")
def test_name_formatted_follows_a_new_family_name(scim, make, after, usual):
    """When the family name alone is changed by PATCH, name.formatted is not left with the old one."""
    shown = shown_name(scim, usual)
    if not {"formatted", "familyName", "givenName"} <= shown.keys():
        pytest.skip("unsupported: the target does not show name.formatted as well as the parts of a name")
    user = make("User", name={"formatted": "Anna Berg", "givenName": "Anna", "familyName": "Berg"})
    scim.modify(user, {"op": "replace", "path": "name.familyName", "value": "Dahl"})
    seen = after(user)
    name = seen.response.json.get("name")
    if not isinstance(name, dict) or name.get("familyName") != "Dahl":
        raise Blocked("PATCH did not change name.familyName, which other checks judge")
    formatted = name.get("formatted")
    seen.where(
        not formatted or "Berg" not in formatted,
        expected="name.formatted with the new family name Dahl, or none",
        actual=f"name.formatted = {formatted!r}",
    )


@pytest.mark.requirement("RFC7643-4.1.1-10")
def test_a_display_name_is_not_empty(scim, usual):
    """A user may be shown with a displayName, which is not empty then."""
    answer = usual.answer("displayName")
    found = answer.shown.get("displayName")
    scim.recall(answer.read)
    if found is None:
        note("A user is shown without displayName.")
    elif not isinstance(found, str) or not found.strip():
        raise Violation("A user is shown with an empty displayName.", expected=["a text"], actual=repr(found))
    elif found != usual["displayName"].value:
        warn("displayName is not kept as sent.", expected=[usual["displayName"].value], actual=found)


def shown_name(scim, usual):
    """Give the name that the target shows of a user who was given all parts; blocked where it shows none."""
    answer = usual.answer("name")
    name = answer.shown.get("name")
    scim.recall(answer.read)
    if not isinstance(name, dict):
        raise Blocked("the target does not show the name of a user as an object, which another check judges")
    return name
