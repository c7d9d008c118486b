"""Queries by POST to /.search, and queries over all types: RFC 7644 sections 3.4.2.1 and 3.4.3."""

import json

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.compare import empty

NOT_OFFERED = (404, 405, 501)
MANY = 100


def not_offered(response, what):
    """Warn that something is not there which the RFC lists, and no document announces (A49)."""
    warn(
        f"{what} is not supported: {response.exchange.method} {response.exchange.url} answered {response.status}.",
        expected=["status 200"],
        actual=f"status {response.status}",
    )


# -- /.search below the endpoint of a type --------------------------------------------------


@pytest.fixture(scope="session")
def search(scim, once):
    """Search for resources of a type, once a run: `search("User", filter="...")`."""

    def ask(resource_type, **members):
        name = getattr(resource_type, "name", resource_type)
        return once(("search", name, json.dumps(members)), lambda: scim.search(resource_type, **members))

    return ask


@pytest.mark.requirement("RFC7644-3.4.3-02")
def test_a_search_is_a_query(search, resource_type, shared_resource, features, by_name, as_kept):
    """A POST to an endpoint that ends in /.search is answered 200 with a list; nothing is created."""
    filtering = features.fact("filter").holds
    asked = {"filter": by_name(resource_type, as_kept(resource_type))} if filtering else {"count": 1}
    answer = search(resource_type, **asked)
    if answer.status in NOT_OFFERED:
        not_offered(answer, "Searching by POST")
        return
    shown = expect(answer).status(200).json_object()
    total = answer.body.get("totalResults")
    shown.where(
        not filtering or shared_resource["id"] in answer.text,
        expected="a list with the resource that the filter finds",
    )
    shown.where(isinstance(total, int) and total > 0, expected="totalResults of 1 or more", actual=f"{total!r}")


@pytest.fixture
def crowd(scoped, search):
    """The population, with the answer to a search for it; the checks do not apply where there is no /.search."""
    found = search("User", filter=scoped.scope, count=MANY)
    if found.status in NOT_OFFERED:
        pytest.skip(f"unsupported: POST /Users/.search answered {found.status}")
    if found.status != 200 or not found.is_json or not isinstance(found.json, dict):
        raise Blocked(f"a search does not work: it answered {found.status}, which another check judges")
    return scoped


@pytest.mark.requirement("RFC7644-3.4.3-18")
def test_a_search_agrees_with_get(crowd, search, answers, listed_in):
    """A search is answered with the list that a GET with the same parameters shows."""
    plain = answers.first(crowd.scope)
    found = search("User", filter=crowd.scope, count=MANY)
    if not listed_in(plain):
        raise Blocked("a query by GET shows no resources, which other checks judge")
    answer = expect(found).status(200)
    for name in ("schemas", "totalResults", "itemsPerPage"):
        wanted, shown = plain.body.get(name), found.body.get(name)
        answer.where(shown == wanted, expected=f"{name} = {wanted!r}", actual=f"{name} = {shown!r}")
    by_id = {str(each.get("id")): each for each in listed_in(found)}
    other = [str(each.get("id")) for each in listed_in(plain) if by_id.get(str(each.get("id"))) != each]
    answer.where(
        not other and len(by_id) == len(listed_in(plain)),
        expected=f"the same {len(listed_in(plain))} resources as by GET, with the same attributes",
        actual=f"{len(by_id)} resources; not there, or shown otherwise: {', '.join(map(str, other)) or 'none'}",
    )


@pytest.fixture
def agreeing(crowd, search, listed_in):
    """The population; blocked where a plain search does not find just its users."""
    found = crowd.letters(str(each.get("id")) for each in listed_in(search("User", filter=crowd.scope, count=MANY)))
    if not found or set(found) - set(crowd.users):
        raise Blocked("a plain search does not find those who are there, which another check judges")
    return crowd


@pytest.mark.requirement("RFC7644-3.4.3-18", "RFC7644-3.4.3-06", "RFC7644-3.4.3-16", "RFC7644-3.4.3-17")
def test_a_search_heeds_attributes_and_pages(agreeing, search, scim, listed_in, features):
    """A search heeds attributes, startIndex and count in its body as a GET does in its URL."""
    page = {"count": 2} | ({"startIndex": 3} if features.fact("pagination.index").holds else {})
    plain = scim.query("User", agreeing.scope, attributes="userName", **page)
    if not listed_in(plain):
        raise Blocked("a page of a query by GET shows no resources, which other checks judge")
    found = search("User", filter=agreeing.scope, attributes=["userName"], **page)
    answer = expect(found).status(200).json_object()
    wanted, shown = plain.body.get("startIndex"), found.body.get("startIndex")
    answer.where(shown == wanted, expected=f"startIndex = {wanted!r}", actual=f"startIndex = {shown!r}")
    sizes = len(listed_in(plain)), len(listed_in(found))
    answer.where(sizes[0] == sizes[1], expected=f"{sizes[0]} resources, as by GET", actual=f"{sizes[1]} resources")
    members = [{name for each in listed_in(those) for name in each} for those in (plain, found)]
    answer.where(
        members[0] == members[1],
        expected=f"{', '.join(sorted(members[0]))}, as by GET",
        actual=", ".join(sorted(members[1])),
    )


@pytest.fixture
def reduced(agreeing, search, scim, once, features, hideable):
    """The answers to a GET and to a search that leave out id and another attribute, sorted where that is supported."""
    order = {"sortBy": "userName", "sortOrder": "descending"} if features.fact("sort").holds else {}
    names = ["id", *hideable[:1]]
    plain = once(
        "users without id",
        lambda: scim.query("User", agreeing.scope, excludedAttributes=",".join(names), count=MANY, **order),
    )
    return plain, search("User", filter=agreeing.scope, excludedAttributes=names, count=MANY, **order)


@pytest.mark.requirement("RFC7644-3.4.3-07", "RFC7644-3.4.3-09")
def test_a_search_keeps_what_is_always_returned(reduced, listed_in, hideable):
    """With excludedAttributes in the body of a search, what it names is left out, but not what is always returned."""
    plain, found = reduced
    if not listed_in(plain) or not all(is_reduced(each, hideable) for each in listed_in(plain)):
        raise Blocked("excludedAttributes does not work on a GET, which another check judges")
    answer = expect(found).status(200).json_object()
    for each in listed_in(found):
        answer.where(
            is_reduced(each, hideable),
            expected=f"id and userName, and no {', '.join(hideable[:1])}",
            actual=", ".join(each),
        )


def is_reduced(resource, hideable):
    """Tell whether a resource shows id and userName, and not what was to be left out."""
    kept = not empty(resource.get("id")) and not empty(resource.get("userName"))
    return kept and all(empty(resource.get(name)) for name in hideable[:1])


@pytest.mark.requirement("RFC7644-3.4.3-12")
def test_a_search_is_sorted(reduced, listed_in):
    """With sortBy in its body, a search is answered in that order."""
    names, shown = ([str(each.get("userName")).casefold() for each in listed_in(answer)] for answer in reduced)
    if names != sorted(names, reverse=True) or len(set(names)) < 2:
        raise Blocked("a query by GET is not sorted, or does not show userName, which other checks judge")
    expect(reduced[1]).status(200).json_object().where(
        len(shown) > 1 and shown == [name for name in names if name in shown],
        expected=", ".join(names),
        actual=", ".join(shown),
    )


# -- queries over all types -----------------------------------------------------------------


class Everything:
    """A user and a group of this run, and queries at the base URL for them."""

    def __init__(self, scim, once, user, group):
        self.scim, self.once, self.user, self.group = scim, once, user, group
        self.scope = f"(id eq {json.dumps(user['id'])} or id eq {json.dumps(group)})"
        self.both = {user["id"], group}

    def get(self, filter_):
        """Query the base URL by GET, once a run."""
        return self.once(("root", filter_), lambda: self.scim.get("/", params={"filter": filter_}))


@pytest.fixture(scope="session")
def everything(scim, once, scoped, teams):
    """Queries at the base URL for a user and a group."""
    return Everything(scim, once, scoped["a"].shown, next(iter(teams.names)))


@pytest.fixture
def root(everything, listed_in):
    """Queries at the base URL; the checks do not apply where it cannot be queried."""
    plain = everything.get(everything.scope)
    if plain.status in NOT_OFFERED:
        pytest.skip(f"unsupported: a GET of the base URL answered {plain.status}")
    if {str(each.get("id")) for each in listed_in(plain)} != everything.both:
        raise Blocked("a query at the base URL does not find a user and a group by id, which another check judges")
    return everything


def found_by(answer, listed_in, wanted, what):
    """Expect that a query finds just these ids."""
    shown = expect(answer).status(200).json_object()
    ids = {str(each.get("id")) for each in listed_in(answer)}
    shown.where(ids == wanted, expected=what, actual=f"the resources {', '.join(map(str, ids)) or '(none)'}")


@pytest.mark.requirement("RFC7644-3.4.2.1-03")
def test_the_base_url_lists_all_types(everything, listed_in):
    """A query at the base URL covers the resources of all types: a user and a group are found by one filter."""
    answer = everything.get(everything.scope)
    if answer.status in NOT_OFFERED:
        not_offered(answer, "A query at the base URL")
        return
    found_by(answer, listed_in, everything.both, "the user and the group")


@pytest.mark.requirement("RFC7644-3.4.2.1-06", "RFC7644-3.4.2.1-04")
def test_filters_select_among_all_types(root, listed_in):
    """A filter at the base URL means what it means at an endpoint: meta.resourceType selects a type."""
    answer = root.get(f'meta.resourceType eq "Group" and {root.scope}')
    found_by(answer, listed_in, {root.group}, "the group alone")


@pytest.mark.requirement("RFC7644-3.4.2.1-07")
@pytest.mark.parametrize("how", ["pr", "eq"])
def test_an_attribute_that_a_type_lacks_has_no_value(root, listed_in, how):
    """At the base URL, an attribute that a type does not have counts as having no value, and is no error."""
    condition = "userName pr" if how == "pr" else f"userName eq {json.dumps(root.user['userName'])}"
    answer = root.get(f"{condition} and {root.scope}")
    found_by(answer, listed_in, {root.user["id"]}, "the user alone, since groups have no userName")


@pytest.mark.requirement("RFC7644-3.4.3-19")
def test_a_search_covers_the_types_of_its_endpoint(everything, crowd, search, listed_in):  # noqa: ARG001 - it works
    """A search at the base URL covers all types, one below the endpoint of users covers users alone."""
    found_by(search("User", filter=everything.scope), listed_in, {everything.user["id"]}, "the user alone")
    answer = search(None, filter=everything.scope)
    if answer.status in NOT_OFFERED:
        not_offered(answer, "Searching at the base URL")
        return
    found_by(answer, listed_in, everything.both, "the user and the group")


# -- other queries --------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.4.2.1-05")
@pytest.mark.usefixtures("shared_user")
def test_an_unfiltered_query_is_answered_or_has_too_many_results(scim):
    """A query without a filter is answered, or refused with 400 and tooMany where it would have too many results."""
    answer = scim.query("User", count=1)
    if answer.status == 200:
        expect(answer).json_object()
        return
    expect(answer).refused(400)
    found = answer.body.get("scimType") if answer.is_json else None
    if answer.status == 400 and found != "tooMany":
        raise Violation(
            "A query without a filter was refused otherwise than for its many results.",
            expected=["status 200", "status 400 with the scimType tooMany"],
            actual=f"status 400 with the scimType {found!r}",
        )


@pytest.mark.requirement("RFC7644-3.4.2.1-02")
def test_a_filter_on_one_resource_is_a_query(population, scim, mark, listed_in):
    """A filter on the URL of one resource is a query over that resource: one that does not match finds nothing."""
    member = population["a"]
    answer = scim.read(member.shown, params={"filter": f'userName eq "{mark()}"'})
    lists = answer.is_json and isinstance(answer.json, dict) and "totalResults" in answer.json
    if answer.status == 404 or (answer.status == 200 and lists and not listed_in(answer)):
        return
    note(f"A filter on the URL of one resource that does not match is answered {answer.status}, as if there were none.")
