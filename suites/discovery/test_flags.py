"""Functions that ServiceProviderConfig does not advertise: what a target does with them, RFC 7643 section 5.

What is advertised is judged where it belongs, by the checks of filters, sorting, versions. Here a function that is
denied is asked for once. To do it all the same, to ignore what was asked for, and to refuse it are all in order, and
the report sets what was seen beside the claim; to break is not.
"""

import json

import pytest

from scim_conformance.judge import Blocked, Violation, note, observe
from scim_conformance.judge.resources import naming_attribute


@pytest.fixture
def denied(features):
    """Say what is judged: a function that ServiceProviderConfig denies; skips where it is advertised."""

    def look(flag):
        if features.supports(flag):
            pytest.skip(f"unsupported: {flag} is advertised, and judged by its own checks")
        if features.fact("filter").kind == "disabled" and flag == "filter":
            pytest.skip("disabled: the operator switched filter off")

    return look


@pytest.fixture
def one(scim_session, features):
    """Two resources of one type with the attribute that names them: users, else of the first type that is served."""
    kind = features.resource_type("User") or next(iter(features.resource_types), None)
    if kind is None:
        raise Blocked("the target serves no resource type")
    return kind, naming_attribute(kind), scim_session.baseline


@pytest.fixture
def pair(one, once, by_name):
    """A filter that finds two resources of this run, and their names in order."""
    kind, name, baseline = one

    def make():
        made = [baseline.read((kind, baseline.make(kind)["id"])) for _ in range(2)]
        return " or ".join(by_name(kind, each) for each in made), sorted(str(each[name]) for each in made)

    return once("two resources to sort", make)


def answered(flag, response, *, works):
    """Record whether a function works that is not advertised; only an answer that breaks is a violation."""
    if response.status >= 500 and response.status != 501:
        raise Violation(
            f"A request for {flag}, which is not advertised, breaks the target.",
            expected=["the function performed, ignored, or refused with 4xx or 501"],
            actual=f"status {response.status}",
        )
    observe(flag, works=works)
    if works:
        note(f"{flag} works, though ServiceProviderConfig does not advertise it.")


@pytest.fixture
def shown(listed_in):
    """Give the names of the resources that a list shows, in its order."""
    return lambda response, name: [str(each.get(name)) for each in listed_in(response)]


@pytest.mark.requirement("RFC7643-5-12")
def test_filter_that_is_not_advertised(denied, one, scim, as_kept, shown):
    """A filter that ServiceProviderConfig does not advertise is applied, ignored or refused, and breaks nothing."""
    denied("filter")
    kind, name, _ = one
    value = as_kept(kind)[name]
    response = scim.query(kind, f"{name} eq {json.dumps(value)}", count=2)
    answered("filter", response, works=shown(response, name) == [value])


@pytest.mark.requirement("RFC7643-5-17")
def test_sorting_that_is_not_advertised(denied, one, pair, scim, shown):
    """A sortBy that ServiceProviderConfig does not advertise is applied, ignored or refused, and breaks nothing."""
    denied("sort")
    (kind, name, _), (filter_, names) = one, pair
    for order, wanted in (("ascending", names), ("descending", names[::-1])):
        response = scim.query(kind, filter_, sortBy=name, sortOrder=order, count=2)
        works = shown(response, name) == wanted
        answered("sort", response, works=works)
        if not works:
            break


@pytest.mark.requirement("RFC7643-5-19")
def test_versions_that_are_not_advertised(denied, one, scim, as_kept):
    """A condition on versions that ServiceProviderConfig does not advertise is met or ignored, and breaks nothing."""
    denied("etag")
    kind, _, _ = one
    plain = scim.read((kind, as_kept(kind)["id"]))
    tag = plain.headers.get("ETag")
    response = scim.read((kind, as_kept(kind)["id"]), headers={"If-None-Match": tag or '"nobody-has-this-version"'})
    answered("etag", response, works=bool(tag) and response.status == 304)
