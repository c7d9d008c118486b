"""Invented people: the same ones again, with the letters of their languages."""

import pytest

from scim_conformance.idp import directory
from scim_conformance.idp.directory import LOCALES, LONG, shows

MAKERS = (directory.entra_person, directory.okta_person, directory.entra_group, directory.okta_group)
EVERYWHERE = [(kind, locale) for kind, locales in LOCALES.items() for locale in locales]


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_arguments_give_the_same_person(make):
    """People are determined by mark, seed and locale."""
    assert make("m1", 3, "ja_JP") == make("m1", 3, "ja_JP")
    assert make("m1", 3) != make("m2", 3)
    assert make("m1", 3) != make("m1", 4)


@pytest.mark.parametrize(("kind", "locale"), EVERYWHERE)
def test_names_show_their_language(kind, locale):
    """Whatever the seed, names, titles and places of a locale have the letters that it is there for."""
    for seed in range(6):
        person = directory.entra_person("m1", seed, locale)
        for name in ("givenName", "surname", "displayName", "department"):
            assert shows(kind, person[name]), (name, person[name])


@pytest.mark.parametrize("locale", ["en_US", *(locale for _, locale in EVERYWHERE)])
@pytest.mark.parametrize("make", MAKERS[:2])
def test_another_seed_changes_what_can_change(make, locale):
    """The next seed gives another value for everything but the identity, so that a change is one."""
    identity = {"objectId", "id", "status", "accountEnabled", "appRoleAssignments", "userPrincipalName", "mail"}
    identity |= {"mailNickname", "proxyAddresses", "login", "email", "secondEmail"}
    before, after = make("m1", 0, locale), make("m1", 1, locale)
    assert [name for name in before if before[name] == after[name] and name not in identity] == []


@pytest.mark.parametrize("locale", ["en_US", *(locale for _, locale in EVERYWHERE)])
def test_names_and_addresses_carry_the_mark(locale):
    """A clean-up finds whatever a run has created by the mark in its names; addresses are at example.com."""
    entra, okta = directory.entra_person("m7x", 0, locale), directory.okta_person("m7x", 0, locale)
    marked = [entra[name] for name in ("userPrincipalName", "mail", "mailNickname", "displayName")]
    marked += [okta[name] for name in ("login", "email", "displayName")]
    marked += [directory.entra_group("m7x")["displayName"], directory.okta_group("m7x")["name"]]
    assert all("m7x" in each for each in marked)
    assert all(each.endswith("@example.com") for each in marked if "@" in each)


def test_overrides_replace_and_none_takes_away():
    """What is given wins; None leaves an attribute out."""
    person = directory.entra_person("m1", jobTitle="Poet", mail=None)
    assert person["jobTitle"] == "Poet"
    assert "mail" not in person


def test_lengthened_texts_are_long_and_forms_stay():
    """Free texts get 256 characters; addresses, numbers and codes keep their form."""
    person = directory.lengthened(directory.entra_person("m1"))
    assert len(person["jobTitle"]) == LONG
    assert person["displayName"].startswith("Dorothy") or len(person["displayName"]) == LONG
    assert person["mail"] == "m1@example.com"
    assert person["country"] == "US"


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("diacritics", "Sławik", "Slawik"),
        ("apostrophes", "O'Brien", "OBrien"),
        ("cjk", "横浜市", "Yokohama"),
        ("rtl", "חיפה", "Haifa"),
        ("long", "x" * LONG, "x" * (LONG - 1)),
    ],
)
def test_kinds_of_values_are_told_apart(kind, yes, no):
    """A value is of a kind where one of its characters is, and a list where one of its values is."""
    assert shows(kind, yes)
    assert shows(kind, [no, yes])
    assert not shows(kind, no)
    assert not shows(kind, None)
