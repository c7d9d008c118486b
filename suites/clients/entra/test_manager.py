"""The manager, a reference that is sent once both people exist, in four spellings."""

import pytest

from scim_conformance.idp.entra.dialects import MANAGER
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation


@pytest.fixture
def has_manager(manager_of):
    """Expect a manager, in whatever shape it is shown; None for nobody."""

    def look(user, id_):
        found = manager_of(user)
        if found != id_:
            wanted = [f"the manager {id_}" if id_ else "no manager"]
            raise Violation("The user is shown with another manager.", expected=wanted, actual=f"manager = {found!r}")

    return look


@pytest.mark.requirement("ENTRA-U14-a")
@pytest.mark.usefixtures("capitals")
def test_a_manager_is_set_by_a_list(entra, employee, next_manager, has_manager):
    """A manager is set by a list with one reference at the bare path manager."""
    id_ = next_manager()
    concluded(entra.set_manager(employee, id_, "array"), Conclusion.UPDATED)
    has_manager(employee, id_)


@pytest.mark.requirement("ENTRA-U14-b")
def test_a_manager_is_set_by_a_string(either, employee, next_manager, has_manager):
    """A manager is set by the id alone, at the path with the URN."""
    id_ = next_manager()
    concluded(either.set_manager(employee, id_, "text"), Conclusion.UPDATED)
    has_manager(employee, id_)


@pytest.mark.requirement("ENTRA-U14-c")
@pytest.mark.parametrize("verb", ["add", "replace"])
@pytest.mark.usefixtures("flag")
def test_a_manager_is_set_by_an_object(flagged, employee, next_manager, has_manager, verb):
    """A manager is set by an object with the id as its value."""
    id_ = next_manager()
    send = flagged.set_manager if verb == "add" else flagged.change_manager
    concluded(send(employee, id_, "object"), Conclusion.UPDATED)
    has_manager(employee, id_)


@pytest.mark.requirement("ENTRA-U14-d")
@pytest.mark.usefixtures("capitals")
def test_a_manager_is_changed_by_a_string(entra, managed, next_manager, has_manager):
    """A manager is replaced by another one's id, a plain string."""
    user, _ = managed
    id_ = next_manager()
    concluded(entra.change_manager(user, id_, "text"), Conclusion.UPDATED)
    has_manager(user, id_)


@pytest.mark.requirement("ENTRA-U14-e")
@pytest.mark.usefixtures("capitals")
def test_a_manager_is_shown_as_an_object(entra, employee, next_manager, shown):
    """A manager who was set by a plain string is shown as an object with a value."""
    id_ = next_manager()
    entra.set_manager(employee, id_, "text")
    found = shown(employee).at(MANAGER)
    if id_ not in (found, found.get("value") if isinstance(found, dict) else None):
        raise Blocked("a manager cannot be set by a string")
    if not isinstance(found, dict):
        wanted = [f'manager = {{"value": "{id_}"}}']
        raise Violation("The manager is shown as a string.", expected=wanted, actual=f"manager = {found!r}")


@pytest.mark.parametrize(
    ("service", "shape"),
    [
        pytest.param(
            "aadOptscim062020", "empty object", marks=pytest.mark.requirement("ENTRA-U15-a"), id="empty object"
        ),
        pytest.param("aadOptscim062020", "empty text", marks=pytest.mark.requirement("ENTRA-U15-b"), id="empty text"),
        pytest.param("default", "remove", marks=pytest.mark.requirement("ENTRA-U15-c"), id="Remove"),
    ],
)
@pytest.mark.usefixtures("flag", "capitals")
def test_a_manager_is_taken_away(provisioning, managed, has_manager, service, shape):
    """A manager is taken away by what Entra ID sends for nobody."""
    user, _ = managed
    concluded(provisioning(service).clear_manager(user, shape), Conclusion.UPDATED)
    has_manager(user, None)


@pytest.mark.requirement("ENTRA-U07-a")
@pytest.mark.parametrize("swapped", [False, True], ids=["id first", "manager first"])
@pytest.mark.usefixtures("searches")
def test_a_manager_is_confirmed_by_a_search(entra, reporting, swapped):
    """A search for a user by id and manager finds the user."""
    user, id_ = reporting
    found = concluded(entra.refers(user, "manager", id_, swapped=swapped), Conclusion.LINKED).resource
    if found["id"] != user["id"]:
        raise Violation("The search finds somebody else.", expected=[user["id"]], actual=found["id"])


@pytest.mark.requirement("ENTRA-U07-b")
@pytest.mark.usefixtures("searches")
def test_another_manager_is_denied_by_a_search(entra, reporting):
    """A search for a user by id and another manager finds nobody."""
    user, _ = reporting
    concluded(entra.refers(user, "manager", user["id"]), Conclusion.UNCHANGED)
