"""What the checks of cursors share: five users to be paged through, and walks from page to page that always end."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from scim_conformance.judge import Blocked, expect
from scim_conformance.judge.expect import excerpt

SIZE = 5
COUNT = 2
MOST = 2 * SIZE + 2
"""Pages after which a walk is given up: pages may be short, even empty (RFC 9865 section 2), but they have to end."""


@dataclass
class Page:
    """One page: the answer, which is a list, and the ids and cursors in it."""

    response: Any

    @property
    def body(self) -> dict[str, Any]:
        """The list."""
        return self.response.json

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The resources on the page."""
        found = self.body.get("Resources")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def ids(self) -> list[Any]:
        """The ids on the page, in order."""
        return [str(each.get("id")) for each in self.resources]

    def cursor(self, name: str = "nextCursor") -> str:
        """Give a cursor of the page as text, empty where there is none."""
        found = self.body.get(name)
        return found if isinstance(found, str) else "" if found is None else json.dumps(found)


@dataclass
class Walk:
    """The pages of one query from the first on; `broken` is the answer that was no page and ended the walk.

    `back` is the answer to the previousCursor of the second page, where it has one.
    """

    pages: list[Page] = field(default_factory=list)
    broken: Any = None
    repeated: str = ""
    back: Any = None

    @property
    def ended(self) -> bool:
        """Whether the last page says that it is the last one."""
        return self.broken is None and bool(self.pages) and not self.pages[-1].cursor()

    @property
    def ids(self) -> list[Any]:
        """The ids on all pages, in order."""
        return [id_ for page in self.pages for id_ in page.ids]

    def in_words(self) -> str:
        """Say how the walk went."""
        sizes = ", ".join(str(len(page.ids)) for page in self.pages)
        told = f"{len(self.pages)} pages with {sizes} resources, {len(set(map(str, self.ids)))} of them different"
        if self.broken is not None:
            return f"{told}; then the answer {self.broken.status}, {excerpt(self.broken.text)}"
        if self.repeated:
            return f"{told}; the last one leads to the cursor {self.repeated} again, which was followed before"
        return told if self.ended else f"{told}; the last one has a nextCursor still"


class Crew:
    """Users with a value in common, and a filter that finds them and nobody else."""

    def __init__(self, scim, users, filter_):
        self._scim = scim
        self.users = users
        self.ids = {user["id"] for user in users}
        self.filter = filter_

    def get(self, **params: Any) -> Any:
        """Query by GET; `cursor=""` begins to page by cursor."""
        return self._scim.query("User", self.filter, **params)

    def search(self, **members: Any) -> Any:
        """Query by POST of a search request."""
        return self._scim.search("User", filter=self.filter, **members)

    def first(self, **params: Any) -> Page:
        """Ask for a first page anew, for a cursor that is fresh; blocked where it leads nowhere."""
        page = as_page(self.get(**{"cursor": "", "count": COUNT, **params}))
        if page is None or not page.cursor():
            raise Blocked("the first page has no cursor to go on with, which other checks judge")
        return page

    def walk(self, ask: Any, *, looking_back: bool = False, **asked: Any) -> Walk:
        """Follow the cursors of a query to their end, but never over more than MOST pages."""
        walk = Walk()
        cursor, followed = "", set()
        while len(walk.pages) < MOST:
            response = ask(cursor=cursor, **asked)
            page = as_page(response)
            if page is None:
                walk.broken = response
                break
            walk.pages.append(page)
            if looking_back and len(walk.pages) == 2 and page.cursor("previousCursor"):
                walk.back = ask(cursor=page.cursor("previousCursor"), **asked)
            cursor = page.cursor()
            if not cursor:
                break
            if cursor in followed:
                walk.repeated = excerpt(cursor)
                break
            followed.add(cursor)
        return walk


def as_page(response: Any) -> Page | None:
    """Give an answer as a page, None where it is no list."""
    listed = response.status == 200 and response.is_json and isinstance(response.json, dict)
    return Page(response) if listed and isinstance(response.json.get("Resources"), list | None) else None


@pytest.fixture(scope="session")
def crew(scim_session, scim, features, mark, keeps):
    """Five users with one value in common; blocked where no filter on it finds exactly them."""
    fact = features.fact("filter")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    word = f"Crew {mark()}"
    for path, given in (
        ("displayName", {"displayName": word}),
        ("name.familyName", {"name": {"givenName": "Anna", "familyName": word}}),
    ):
        if not keeps(**given):
            continue
        users = []
        try:
            users += [scim_session.baseline.make("User", **given) for _ in range(SIZE)]
            found = Crew(scim, users, f"{path} eq {json.dumps(word)}")
            page = as_page(found.get())
            if page and page.ids and set(page.ids) <= found.ids and page.body.get("totalResults", SIZE) == SIZE:
                yield found
                return
        finally:
            scim_session.discard(users)
    raise Blocked("no eq filter finds exactly the five users that were made to be paged through")


@pytest.fixture(scope="session")
def walk_by_get(crew):
    """The walk through the crew by GET, two users a page; asked once a run."""
    return crew.walk(crew.get, count=COUNT, looking_back=True)


@pytest.fixture
def walk(walk_by_get, scim):
    """The walk through the crew by GET; blocked where even the first page is none."""
    for page in walk_by_get.pages:
        scim.recall(page.response)
    if not walk_by_get.pages or not walk_by_get.pages[0].ids:
        status = walk_by_get.broken.status if walk_by_get.broken else "200 without resources"
        raise Blocked(f"a query with an empty cursor does not work: it answered {status}")
    return walk_by_get


@pytest.fixture
def paged(walk):
    """The walk, where its first page leads on; that it has to is for one check to judge."""
    cursor = walk.pages[0].body.get("nextCursor")
    if not isinstance(cursor, str) or not cursor or len(walk.pages[0].ids) >= SIZE:
        raise Blocked("the first page does not lead to another one, which other checks judge")
    return walk


@pytest.fixture
def complete(paged, crew):
    """The walk, where its pages show every user once; that they have to is for one check to judge."""
    if not paged.ended or sorted(map(str, paged.ids)) != sorted(crew.ids):
        raise Blocked(f"the pages do not show every match once, which another check judges: {paged.in_words()}")
    return paged


@pytest.fixture(scope="session")
def invented(crew, mark):
    """The answer to a cursor that the target never gave out."""
    return crew.get(cursor=f"invented-{mark()}", count=COUNT)


@pytest.fixture
def outsider(scim):
    """Credentials that open nothing: the operator's without the token."""
    held = scim.target.credentials
    if not held.token:
        pytest.skip("disabled: no token was given, so the target seems to need none")
    return held.of_another(None)


@pytest.fixture
def no_disclosure(crew):
    """Expect of an error that it shows nothing of the users that are paged through."""

    def judge(response: Any) -> None:
        names = {str(user[name]) for user in crew.users for name in ("id", "userName") if user.get(name)}
        shown = sorted(name for name in names if name in response.text)
        expect(response).where(
            not shown,
            expected="an error that shows neither an id nor a userName of what is paged through",
            actual=f"it shows {', '.join(shown)}",
        )

    return judge
