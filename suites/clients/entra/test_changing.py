"""Changing users by PATCH, in the default dialect and in that of the flag."""

import pytest

from scim_conformance.idp.entra.dialects import ENTERPRISE, Change
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation


@pytest.fixture
def kept(shown):
    """Send changes, and expect to be shown the new values."""

    def send(service, user, *changes):
        concluded(service.change(user, *changes), Conclusion.UPDATED)
        view = shown(user)
        for change in changes:
            view.expect(change.path, change.value)
        return view

    return send


@pytest.fixture
def changes(has, mark, address):
    """Give the changes of the documented example, with new values, for the attributes that the target serves."""

    def build(verb="replace"):
        new = mark()
        wanted = {
            "displayName": f"Pvlo {new}",
            'emails[type eq "work"].value': address(),
            "name.givenName": f"Gtfd {new}",
            "name.familyName": f"Pkqf {new}",
            "externalId": f"Eqpj-{new}",
            f"{ENTERPRISE}:employeeNumber": new,
        }
        return [Change(verb, path, value) for path, value in wanted.items() if has(path)]

    return build


@pytest.mark.requirement("ENTRA-U08")
def test_the_default_dialect_changes_several_attributes(entra, account, changes, kept):
    """One PATCH with an operation and a path for each attribute changes all of them."""
    kept(entra, account, *changes())


@pytest.mark.parametrize(
    "verb",
    [
        pytest.param("replace", marks=pytest.mark.requirement("ENTRA-U09-a")),
        pytest.param("add", marks=pytest.mark.requirement("ENTRA-U09-b")),
    ],
)
@pytest.mark.usefixtures("flag")
def test_the_flags_dialect_changes_several_attributes(flagged, account, changes, kept, verb):
    """One value without path, under dotted names and URNs, changes all attributes that it names."""
    sent = changes(verb)
    view = kept(flagged, account, *sent)
    verbatim = [each.path for each in sent if each.path in view.resource and ("." in each.path or ":" in each.path)]
    if verbatim:
        raise Violation("Dotted names are stored as they stand.", expected=["paths"], actual=", ".join(verbatim))


@pytest.mark.requirement("ENTRA-U09-c")
@pytest.mark.usefixtures("flag")
def test_a_dotted_name_reaches_into_a_list(flagged, account, address, needs, shown):
    """The name emails.value in a value without path changes the address."""
    needs("emails.value")
    new = address()
    concluded(flagged.operate(account, {"op": "replace", "value": {"emails.value": new}}), Conclusion.UPDATED)
    addresses = [email.get("value") for email in shown(account).at("emails") or []]
    if new not in addresses:
        raise Violation("The address is not there.", expected=[new], actual=", ".join(map(str, addresses)))


@pytest.mark.requirement("ENTRA-U10")
def test_one_string_is_added(either, account, mark, needs, kept):
    """A single string is added by its path."""
    needs("nickName")
    kept(either, account, Change("add", "nickName", f"Babs {mark()}"))


@pytest.mark.requirement("ENTRA-U11")
@pytest.mark.usefixtures("searches")
def test_a_renamed_user_is_found_by_the_new_name(either, account, address):
    """A user who is renamed keeps the id and is found by the new name."""
    name = address("renamed-")
    concluded(either.rename(account, name), Conclusion.UPDATED)
    outcome = concluded(either.match("userName", name), Conclusion.LINKED)
    if outcome.resource["id"] != account["id"]:
        raise Violation("The id has changed.", expected=[account["id"]], actual=outcome.resource["id"])


# -- habits ---------------------------------------------------------------------------------


@pytest.mark.requirement("ENTRA-Q01")
@pytest.mark.usefixtures("flag")
def test_operations_may_begin_with_a_capital_letter(entra, account, has, shown, mark):
    """Add, Replace and Remove are understood as add, replace and remove."""
    served = [path for path in ("title", "nickName", "preferredLanguage", "userType") if has(path)]
    if len(served) < 2:
        pytest.skip("unsupported: the target serves too few of the attributes of text")
    (added, removed), new = served[:2], mark()
    operations = [
        {"op": "Add", "path": added, "value": f"Countess {new}"},
        {"op": "Replace", "path": "displayName", "value": f"Ada {new}"},
        {"op": "Add", "path": removed, "value": "Ada"},
        {"op": "Remove", "path": removed},
    ]
    concluded(entra.operate(account, *operations), Conclusion.UPDATED)
    view = shown(account).expect(added, f"Countess {new}").expect("displayName", f"Ada {new}")
    view.expect(removed, None, "")


@pytest.mark.parametrize(
    ("verb", "path", "value"),
    [
        pytest.param(
            "replace",
            'addresses[type eq "work"].formatted',
            "One Way, Redmond",
            marks=pytest.mark.requirement("ENTRA-Q08-a"),
        ),
        pytest.param(
            "add",
            'phoneNumbers[type eq "mobile"].value',
            "425-555-0107",
            marks=pytest.mark.requirement("ENTRA-Q08-b"),
        ),
    ],
    ids=["Replace", "Add"],
)
@pytest.mark.usefixtures("capitals")
def test_an_element_that_is_not_there_is_made(entra, account, needs, kept, verb, path, value):
    """An operation on an element that the user does not have makes the element."""
    needs(path, path.replace("formatted", "type").replace("value", "type"))
    if account.get(path.partition("[")[0]):
        raise Blocked("a new user has such an element already")
    kept(entra, account, Change(verb, path, value))
