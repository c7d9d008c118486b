"""Filters find exactly what an evaluation of their tree says, RFC 7644 section 3.4.2.2."""

import json

import pytest

from scim_conformance.judge import Blocked, Violation, differences, note

MATCHING, AND, OR, NOT = (f"RFC7644-3.4.2.2-{number}" for number in ("04", "24", "25", "26"))
ELEMENT, PRECEDENCE = "RFC7644-3.4.2.2-29", "RFC7644-3.4.2.2-35"

PEOPLE = (
    {"title": "Clerk", "nickName": "Ann", "userType": "Employee", "name": ("Anna", "Berg"),
     "emails": (("work", "com"), ("home", "org")), "department": "Research"},
    {"title": "clerk of works", "userType": "Contractor", "name": ("Bert", "Ahorn"),
     "emails": (("home", "com"), ("work", "org")), "department": "Sales"},
    {"title": 'Chief "Tea" Clerk', "nickName": "Zo\u00eb \U0001f600", "userType": "Employee", "name": ("Carla", "Berg"),
     "emails": (("work", "org"),)},
    {"nickName": "ann", "userType": "Intern", "name": ("Dora", "Dahl"),
     "emails": (("home", "org"), ("other", "com")), "department": "research lab"},
    {"title": "Intern", "nickName": "Bert", "userType": "Contractor", "name": ("Emil", "Carlsen"),
     "emails": (("other", "com"), ("home", "com")), "department": "Sales"},
    {"title": "Head of Research", "userType": "Employee", "name": ("Dora", "Ebert"),
     "emails": (("other", "org"),), "department": "Works"},
)  # fmt: skip
"""Who the filters look for: values that differ in letter case, that lie in each other, or that are missing."""

COMPARED = ("title", "nickName", "userType", "name", "emails", "department")
MOST_PAGES = 5


@pytest.fixture(scope="session")
def population(scim_session, features, filters):
    """Six users, made once a run: their mark, what the target shows of them, and which attributes it keeps."""
    filters()
    kind = scim_session.baseline.resource_type("User")
    served = [each for each in features.attributes(kind) if not each.parent and each.returned in ("default", "always")]
    mark, made, shown = scim_session.person().mark, [], []
    try:
        sent = [described(person, f"{mark}-{number}", served) for number, person in enumerate(PEOPLE)]
        for body in sent:
            base = scim_session.baseline.body(kind)  # it has what a required extension needs
            urns = {name: {**base.get(name, {}), **value} for name, value in body.items() if name.startswith("urn:")}
            made.append(scim_session.baseline.make(kind, **body | urns))
            complete = all(keeps(each, [body], made[-1:]) for each in served if each.name in COMPARED)
            # The answer to a POST need not show all; what a GET shows, decides.
            shown.append(made[-1] if complete else scim_session.baseline.read(made[-1]))
        kept = [each for each in served if each.name in COMPARED and keeps(each, sent, shown)]
        if not kept:
            raise Blocked("the target keeps none of the values that filters could look for")
        yield mark, shown, kept
    finally:
        scim_session.discard(made)


def described(person, mark, served):
    """Write what one of the people is made with, as far as the target serves it."""
    given, family = person["name"]
    wanted = {name: person[name] for name in ("title", "nickName", "userType") if name in person}
    wanted |= {"userName": f"{mark}@example.com", "name": {"givenName": given, "familyName": family}}
    # The mark, another one in every run, comes last, so that it decides about no order.
    emails = [{"value": f"{kind}.{given}.{mark}@example.{end}".lower(), "type": kind} for kind, end in person["emails"]]
    wanted["emails"] = [emails[0] | {"primary": True}, *emails[1:]]
    names = {each.name for each in served}
    body = {name: value for name, value in wanted.items() if name in names}
    urn = next((each.schema for each in served if each.name == "department"), None)
    return {**body, urn: {"department": person["department"]}} if urn and "department" in person else body


def keeps(attribute, sent, shown):
    """Tell whether each user shows what it was given of an attribute, and no value where it was given none."""
    urn = attribute.schema if attribute.path != attribute.name else ""
    for body, resource in zip(sent, shown, strict=True):
        value = (body.get(urn) or {}).get(attribute.name) if urn else body.get(attribute.name)
        wanted = {urn: {attribute.name: value}} if urn else {attribute.name: value}
        if differences(wanted, resource, [attribute], exact=True):
            return False
    return True


@pytest.fixture
def find(scim, listed_in):
    """Find users by a filter, page by page; None where the target refuses it."""

    def ask(filter_):
        found, total = [], 1
        for _ in range(MOST_PAGES):
            more = {"startIndex": len(found) + 1} if found else {}
            response = scim.query("User", filter_, **more)
            if response.status == 400 and not found:
                return None
            if response.status != 200 or not response.is_json:
                raise Violation(
                    f"A filter was answered {response.status}.",
                    expected=["status 200 and a list"],
                    actual=f"status {response.status}, body {response.text[:200]}",
                    requirement=MATCHING,
                )
            page = listed_in(response)
            found += [each.get("id") for each in page]
            total = response.body.get("totalResults")
            if not page or not isinstance(total, int) or len(found) >= total:
                break
        return found

    return ask


def row(tree):
    """Tell which requirement a counterexample is about: the most special of what its tree is made of."""
    text = tree.text()
    kinds = {type(part).__name__ for part in parts(tree)}
    if "Not" in kinds:
        return NOT
    if {"And", "Or"} <= kinds:
        return PRECEDENCE
    if "[" in text and " and " in text:
        return ELEMENT
    return AND if "And" in kinds else OR if "Or" in kinds else MATCHING


def parts(tree):
    """Give a tree and all trees in it."""
    inner = getattr(tree, "parts", None) or ((tree.part,) if hasattr(tree, "part") else ())
    return [tree, *(each for part in inner for each in parts(part))]


@pytest.mark.requirement(
    "RFC7644-3.4.2.2-04",
    "RFC7644-3.4.2.2-24",
    "RFC7644-3.4.2.2-25",
    "RFC7644-3.4.2.2-26",
    "RFC7644-3.4.2.2-29",
    "RFC7644-3.4.2.2-35",
)
def test_generated_filters_find_what_their_evaluation_says(search, features, population, find):
    """A filter of comparisons, and, or, not and brackets finds exactly those for whom its evaluation is true."""
    from scim_conformance.judge.filters import And, Comparison, FilterSchema, Group  # noqa: PLC0415 - of this check
    from scim_conformance.judge.trees import known_places, trees  # noqa: PLC0415 - brings Hypothesis

    mark, users, kept = population
    schema = FilterSchema.of(features, features.resource_type("User"))
    everyone = Comparison("userName", "sw", f"{mark}-")
    plain = [each for each in kept if each.type != "complex" or each.name == "name"]
    elements = [each for each in kept if each.multi_valued and each.type == "complex"]
    inner = {each.name: [place.within for place in known_places([each], users)] for each in elements}

    def trial(tree):
        scoped = And((everyone, Group(tree)))
        found = find(scoped.text())
        if found is None:
            refused(tree)
            return
        answers = {user["id"]: tree.matches(user, schema) for user in users}
        missing = [user for user in users if answers[user["id"]] is True and user["id"] not in found]
        foreign = [user for user in users if answers[user["id"]] is False and user["id"] in found]
        wrong = [f"does not find {name(user)}" for user in missing] + [f"finds {name(user)}" for user in foreign]
        if wrong:
            raise Violation(
                f"The filter {tree.text()} found others than those who match.",
                expected=[f"exactly {', '.join(name(user) for user in users if answers[user['id']]) or 'nobody'}"],
                actual=f"the filter {' and '.join(wrong)}",
                requirement=row(tree),
            )

    def name(user):
        return f"{user.get('userName')} ({json.dumps({each.name: user.get(each.name) for each in plain[:2]})})"

    def refused(tree):
        if "[" in tree.text():
            note("Filters with square brackets are refused.")
            return
        raise Violation(
            f"The filter {tree.text()} was refused.",
            expected=["status 200 and a list"],
            actual="status 400",
            requirement=row(tree),
        )

    strategies = trees(known_places([*plain, *elements], users), inner, users, schema)
    search.over(strategies, trial, examples=search.examples + 1)
