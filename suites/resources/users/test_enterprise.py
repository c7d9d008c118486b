"""The enterprise extension of users, RFC 7643 section 4.3."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")


@pytest.fixture
def texts(enterprise_attributes):
    """The names of the text attributes of the extension that the target serves."""
    found = [name for name in TEXTS if name in enterprise_attributes and enterprise_attributes[name].type == "string"]
    if not found:
        pytest.skip("unsupported: the served enterprise extension has none of the texts that the RFC defines")
    return found


@pytest.fixture(scope="session")
def extension():
    """Give what a user shows of the extension, and nothing where there is no object of that name."""

    def look(shown):
        found = [value for name, value in shown.items() if name.lower() == ENTERPRISE.lower()]
        return found[0] if found and isinstance(found[0], dict) else {}

    return look


@pytest.fixture
def extended(usual, texts, extension):
    """Blocked where a user shows nothing of the extension."""
    answer = usual.answer(texts[0])
    if answer.read is not None and not extension(answer.shown):
        raise Blocked("a user shows no member with the URI of the extension, which another check judges")


@pytest.fixture
def manager(scim, usual, extension):
    """The manager that a user shows who was given one, the id that was given, and the answer that shows it."""
    answer = usual.answer("manager")
    expect(scim.recall(answer.posted)).success()
    if not extension(answer.shown):
        raise Blocked("a user shows no member with the URI of the extension, which another check judges")
    return extension(answer.shown).get("manager"), usual["manager"].value["value"], scim.recall(answer.read)


@pytest.fixture
def manager_object(manager):
    """The same, where the manager is shown as an object."""
    if not isinstance(manager[0], dict):
        raise Blocked("the manager is not shown as an object, which another check judges")
    return manager


@pytest.mark.requirement("RFC7643-4.3-01")
def test_enterprise_attributes_live_in_a_member_of_their_own(scim, usual, texts, extension):
    """The attributes of the enterprise extension stand in a member named by its URI, and not beside the core ones."""
    answer = usual.answer(texts[0])
    expect(scim.recall(answer.posted)).success()
    shown = answer.shown
    outside = [name for name in texts if name in shown]
    expect(scim.recall(answer.read)).where(
        bool(extension(shown)) and not outside,
        expected=f"the member {ENTERPRISE} with {texts[0]}",
        actual=f"members {', '.join(shown)}",
    )


@pytest.mark.requirement("RFC7643-4.3-02")
@pytest.mark.usefixtures("extended")
def test_enterprise_texts_are_kept(kept, texts):
    """employeeNumber, costCenter, organization, division and department are kept as a POST sent them."""
    for name in texts:
        kept(name)


@pytest.mark.requirement("RFC7643-4.3-02")
@pytest.mark.usefixtures("patching", "extended")
def test_enterprise_texts_are_changed_by_patch(scim, make, after, extension, texts, usual, mark):
    """The texts of the extension are kept as a PATCH sent them."""
    user = made(make, usual, texts)
    changed = {name: f"{name} {mark()}" for name in texts}
    path = f"{ENTERPRISE}:"
    operations = [{"op": "replace", "path": path + name, "value": value} for name, value in changed.items()]
    expect(scim.modify(user, *operations)).success()
    same(after(user), extension, changed)


@pytest.mark.requirement("RFC7643-4.3-02")
@pytest.mark.usefixtures("working_replace", "extended")
def test_enterprise_texts_are_changed_by_put(scim, make, after, asserted, extension, texts, usual, mark):
    """The texts of the extension are kept as a PUT sent them."""
    user = made(make, usual, texts)
    changed = {name: f"{name} {mark()}" for name in texts}
    sent = asserted(user, **{ENTERPRISE: changed})
    sent["schemas"] = sorted({*sent["schemas"], ENTERPRISE})
    expect(scim.replace(user, sent)).success()
    same(after(user), extension, changed)


def made(make, usual, texts):
    """Create a user with the texts of the extension; blocked where the target refuses them."""
    return make("User", **{ENTERPRISE: {name: usual[name].value for name in texts}})


def same(seen, extension, wanted):
    """Expect that a user shows these texts in the extension."""
    found = extension(seen.response.json)
    wrong = {name: found.get(name) for name, value in wanted.items() if found.get(name) != value}
    seen.where(not wrong, expected=f"the new texts in {ENTERPRISE}", actual=f"{wrong}")


@pytest.mark.requirement("RFC7643-4.3-03")
def test_the_manager_is_one_object(manager):
    """The manager of a user is shown as one object, no list and no plain text."""
    shown, _, response = manager
    expect(response).where(isinstance(shown, dict), expected="manager as an object", actual=f"manager = {shown!r}")


@pytest.mark.requirement("RFC7643-4.3-04")
def test_the_value_of_a_manager_is_an_id(manager_object):
    """The value of a manager is the id of the user who is the manager."""
    shown, id_, response = manager_object
    expect(response).where(
        shown.get("value") == id_, expected=f"manager.value = {id_!r}", actual=f"manager.value = {shown.get('value')!r}"
    )


@pytest.mark.requirement("RFC7643-4.3-05")
def test_a_manager_is_shown_with_a_reference(manager_object, places, features):
    """A manager is shown with $ref, the URI of the user who is the manager."""
    shown, id_, response = manager_object
    reference = shown.get("$ref")
    expect(response).where(
        isinstance(reference, str) and places.name(reference, features.resource_type("User"), id_),
        expected=f"manager.$ref with the URI of the user {id_}",
        actual=f"manager.$ref = {reference!r}",
    )


@pytest.mark.requirement("RFC7643-4.3-06")
def test_the_name_of_a_manager_is_the_providers(told, shared_user, read):
    """The displayName of a manager that a client sends is ignored: what is shown is the manager's own."""
    shown = told("manager with a displayName")
    if shown is None:
        warn("A manager with a displayName is refused.", expected=["the readOnly displayName ignored"])
        return
    name = shown.get("displayName") if isinstance(shown, dict) else None
    own = read(shared_user).get("displayName")
    if name is None:
        note("A manager is shown without displayName.")
    elif name == "Somebody Else":
        warn("The displayName of a manager is taken from the client.", expected=[f"{own!r}, or none"], actual=name)
    elif name != own:
        raise Violation("A manager is shown by another's displayName.", expected=[f"{own!r}, or none"], actual=name)


@pytest.mark.requirement("RFC7643-4.3-06")
@pytest.mark.usefixtures("patching")
def test_the_name_of_a_manager_cannot_be_patched(scim, make, body, usual, unusual, extension, after):
    """A PATCH of the displayName of a manager is refused with 400 mutability, and changes nothing."""
    _ = unusual["manager with a displayName"]  # Skips where the displayName is not served as readOnly.
    required = body("User").get(ENTERPRISE) or {}
    user = make("User", **{ENTERPRISE: {**required, "manager": usual["manager"].value}})
    path = f"{ENTERPRISE}:manager.displayName"
    response = scim.modify(user, {"op": "replace", "path": path, "value": "Somebody Else"})
    if response.is_success:
        shown = extension(after(user).response.json).get("manager")
        changed = isinstance(shown, dict) and shown.get("displayName") == "Somebody Else"
        warn(
            f"A PATCH of manager.displayName is {'performed' if changed else 'answered as if it were performed'}.",
            expected=["status 400 with scimType mutability"],
            actual=f"status {response.status}",
        )
    else:
        expect(response).refused(400, scim_type="mutability")
