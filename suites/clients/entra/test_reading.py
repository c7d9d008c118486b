"""Reading users by id and page by page, and what is left of them when they are deleted."""

import pytest

from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Violation, expect

PAGE = 2


@pytest.mark.requirement("ENTRA-U06-a")
def test_a_linked_user_is_read_by_id(by_id, somebody):
    """A linked user is read by id."""
    found = concluded(by_id, Conclusion.LINKED).resource
    if found.get("id") != somebody["id"]:
        raise Violation("Somebody else is shown.", expected=[somebody["id"]], actual=str(found.get("id")))


@pytest.mark.requirement("ENTRA-U06-c")
def test_an_unknown_id_is_a_scim_error(entra, unknown_id):
    """An id that no user has is answered by 404 with a SCIM error."""
    expect(entra.read_user({"id": unknown_id}).responses[-1]).status(404).error()


@pytest.mark.requirement("ENTRA-U17")
def test_a_deleted_user_is_gone(entra, hired):
    """A user whose source was deleted is deleted, and not shown any more."""
    user = hired()
    concluded(entra.delete_user(user), Conclusion.DELETED)
    expect(entra.read_user(user).responses[-1]).status(404)


@pytest.mark.requirement("ENTRA-U18")
def test_accounts_are_discovered_page_by_page(entra, people):
    """Account discovery gets pages of the size that it asks for, and nobody twice."""
    people()
    first, second = (concluded(entra.import_users(page, PAGE), Conclusion.IMPORTED) for page in (1, 2))
    expect(first.responses[-1]).where(
        lambda response: isinstance(response.body.get("totalResults"), int), expected="totalResults as a number"
    )
    pages = [[user.get("id") for user in outcome.resources] for outcome in (first, second)]
    if not pages[0] or any(len(page) > PAGE for page in pages):
        sizes = " and ".join(str(len(page)) for page in pages)
        raise Violation("The pages are of another size.", expected=[f"1 to {PAGE} users a page"], actual=sizes)
    if set(pages[0]) & set(pages[1]):
        raise Violation("A user is on two pages.", expected=["each user once"], actual=f"{pages[0]}, then {pages[1]}")
