"""Okta's import: lists of users and groups, page by page, startIndex growing by count."""

from contextlib import suppress

import pytest

from scim_conformance.idp.okta.reading import number
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked, Violation

PAGE = 100
TURNS = 3
"""How often pages are asked for once more where somebody else may have changed the list in between."""
NEEDED = ("userName", "name.givenName", "name.familyName", "emails", "active")


@pytest.fixture(scope="session")
def first_page(once, wizard, linked, peopled):
    """The import of the first page of users, with the user whom Okta has linked, if there is one."""

    def ask():
        peopled()
        with suppress(Blocked):
            linked()
        return once("okta imports users", lambda: wizard.import_users(most=1))

    return ask


@pytest.fixture(scope="session")
def first_groups(once, wizard, pushed):
    """The import of the first page of groups, with the one that Okta has pushed, if there is one."""

    def ask():
        with suppress(Blocked):
            pushed()
        return once("okta imports groups", lambda: wizard.import_groups(most=1))

    return ask


@pytest.fixture
def own(wizard, first_page, linked, listed_as):
    """The user of this run as an import shows it: on the first page, else on the last."""
    id_ = linked().user["id"]

    def on(resources):
        return next((one for one in resources if isinstance(one, dict) and one.get("id") == id_), None)

    body = listed_as(first_page().responses[-1])
    found = on(body.get("Resources") or [])
    total = number(body.get("totalResults")) or 0
    if found is None and total > PAGE:
        last = listed_as(wizard.wire.page("/Users", total - PAGE + 1, PAGE))
        found = on(last.get("Resources") or [])
    if found is None:
        raise Blocked("no user of this run is on the first page of an import or on the last")
    return found


@pytest.mark.requirement("OKTA-U04")
def test_users_are_imported(first_page):
    """Okta's import of users gets its first page."""
    concluded(first_page(), Conclusion.IMPORTED)


@pytest.mark.requirement("OKTA-U04-a")
def test_a_page_of_users_has_integers(first_page, integers):
    """A page of users has its numbers as integers."""
    integers(first_page().responses[-1])


class Pages:
    """The first page of an import, and its two halves as pages of their own."""

    def __init__(self, wizard, listed_as):
        body = listed_as(wizard.wire.page("/Users", 1, PAGE))
        self.whole, self.total = self._ids(body), body.get("totalResults")
        self.half = len(self.whole) // 2
        if not self.half:
            raise Blocked("there are too few users for two pages")
        bodies = [listed_as(wizard.wire.page("/Users", start, self.half)) for start in (1, self.half + 1)]
        self.halves = [self._ids(body) for body in bodies]
        self.totals = [body.get("totalResults") for body in bodies]

    @staticmethod
    def _ids(body):
        return [one.get("id") for one in body.get("Resources") or [] if isinstance(one, dict)]

    @property
    def fit(self):
        """Whether the halves show, in the same order, what the whole does."""
        return self.halves[0] + self.halves[1] == self.whole[: 2 * self.half]

    @property
    def same_total(self):
        """Whether each page counts the same."""
        return all(total == self.total for total in self.totals)


@pytest.fixture
def pages(once, wizard, listed_as, peopled):
    """The pages of an import, as often asked for as others may have changed the list in between."""

    def ask():
        peopled()
        for _ in range(TURNS):
            found = Pages(wizard, listed_as)
            if found.fit and found.same_total:
                break
        return found

    return once("okta pages", ask)


@pytest.mark.requirement("OKTA-U04-b")
def test_pages_are_stable(pages):
    """Pages of users come in one order: nobody is on two of them, nobody is left out."""
    if not pages.fit:
        twice = len(set(pages.halves[0]) & set(pages.halves[1]))
        left_out = len(set(pages.whole[: 2 * pages.half]) - set(pages.halves[0] + pages.halves[1]))
        raise Violation(
            f"Two pages of {pages.half} do not show what one page of {PAGE} begins with.",
            expected=["the same users in the same order"],
            actual=f"{twice} users on both pages, {left_out} left out"
            if twice or left_out
            else f"another order, or pages of {len(pages.halves[0])} and {len(pages.halves[1])}",
        )


@pytest.mark.requirement("OKTA-U04-c")
def test_pages_count_everybody(pages):
    """The totalResults of each page of users counts all users."""
    if not pages.same_total:
        raise Violation(
            "Pages of one list count differently.",
            expected=[f"totalResults = {pages.total}"],
            actual=f"totalResults = {', '.join(map(str, pages.totals))}",
        )


@pytest.mark.requirement("OKTA-U04-d")
def test_a_page_holds_a_hundred(first_page, listed_as):
    """A page of users for count=100 holds as many where there are as many."""
    body = listed_as(first_page().responses[-1])
    found, total = len(body.get("Resources") or []), number(body.get("totalResults")) or 0
    if found < min(PAGE, total):
        raise Violation(
            f"The first page holds {found} of {total} users, and Okta goes on from the {PAGE + 1}st.",
            expected=[f"{min(PAGE, total)} users"],
            actual=f"{found} users",
        )


@pytest.mark.requirement("OKTA-U04-e")
def test_an_imported_user_is_complete(own, seen):
    """A user that Okta imports has id, userName, both names, emails and active."""
    whole, shown = flat(seen()), flat(own)
    if any(whole.get(each) in (None, "", []) for each in NEEDED):
        raise Blocked("GET of the user does not show what was sent, which another check judges")
    lacking = [each for each in NEEDED if shown.get(each) in (None, "", [])]
    if lacking:
        raise Violation("An imported user is not complete.", expected=list(NEEDED), actual=f"no {', '.join(lacking)}")


def flat(user):
    """Give the attributes of a user with those of the name beside them."""
    name = user.get("name") if isinstance(user.get("name"), dict) else {}
    return {**user, **{f"name.{sub}": value for sub, value in name.items()}}


@pytest.mark.requirement("OKTA-G02")
def test_groups_are_imported(first_groups, integers):
    """Okta's import of groups gets its first page, with integers."""
    integers(concluded(first_groups(), Conclusion.IMPORTED).responses[-1])


@pytest.mark.requirement("OKTA-G02-a")
def test_an_imported_group_has_its_members(first_groups, pushed, staff):
    """A group that Okta imports has its members."""
    if not first_groups().ok:
        raise Blocked("groups cannot be imported, which another check judges")
    found = next((one for one in first_groups().resources if one.get("id") == pushed()["id"]), None)
    if found is None:
        raise Blocked("the group of this run is not on the first page of an import")
    members = {one.get("value") for one in found.get("members") or [] if isinstance(one, dict)}
    if staff()[0]["id"] not in members:
        raise Violation(
            "An imported group lacks its members.", expected=["one member"], actual=f"{len(members)} members"
        )
