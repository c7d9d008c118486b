"""Uniqueness, RFC 7643 section 7: which values resources may share, for any attribute of any resource type."""

import pytest

from scim_conformance.judge import Violation, expect, note, warn
from scim_conformance.judge.resources import naming_attribute
from scim_conformance.judge.values import found_in, visible

ROW = {"server": "RFC7643-7-43", "global": "RFC7643-7-46"}


@pytest.fixture
def unique(specimen):
    """Give the attributes and sub-attributes of one uniqueness, each with the path of its top-level attribute."""

    def select(scope):
        sent = specimen.created.sent
        found = [
            (path, part)
            for path in sent
            for part in specimen.by_path[path].walk()
            if part.uniqueness == scope and part.mutability != "readOnly" and visible(part)
        ]
        if not found:
            pytest.skip(f"unsupported: no attribute of {specimen.resource_type.name} with a value is unique ({scope})")
        return found

    return select


def clashing(specimen, path, part):
    """Give values for a new resource that share only those of one unique attribute with the first one."""
    first = specimen.created.sent[path]
    if part.path == path:
        return specimen.beside({path: first})
    new = specimen.values(0)[path]
    elements = new if isinstance(new, list) else [new]
    before = first[0] if isinstance(first, list) else first
    elements[0][part.name] = before.get(part.name)
    return specimen.beside({path: new})


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param("server", marks=pytest.mark.requirement("RFC7643-7-43", "RFC7643-7-40")),
        pytest.param("global", marks=pytest.mark.requirement("RFC7643-7-46", "RFC7643-7-40")),
    ],
)
def test_no_second_resource_has_a_unique_value(specimen, unique, scope):
    """A POST with a value that another resource has in a unique attribute is refused with 409, or 400, uniqueness."""
    for path, part in unique(scope):
        response, made = specimen.send(clashing(specimen, path, part))
        if made is not None:
            raise Violation(
                f"A second {specimen.resource_type.name} was created with a {part.path} that another one has.",
                expected=["status 409 with scimType uniqueness"],
                actual=f"status {response.status}",
                requirement=ROW[scope],
            )
        if response.status == 400:
            note(f"A conflict of {part.path} is answered with 400.")
        expect(response).refused(409, 400, scim_type="uniqueness")


@pytest.mark.requirement("RFC7643-7-45")
@pytest.mark.usefixtures("patches")
def test_no_change_makes_two_share_a_unique_value(scim, specimen, unique, read):
    """A PATCH that gives a resource a unique value of another one is refused: never do two share it."""
    tried = 0
    for path, part in unique("server"):
        if part.path != path or part.mutability == "immutable" or specimen.by_path[path].multi_valued:
            continue
        tried += 1
        value = specimen.created.sent[path]
        response = scim.modify(specimen.second, {"op": "replace", "path": path, "value": value})
        if response.status >= 400:
            expect(response).refused(409, 400, scim_type="uniqueness")
            continue
        if found_in(read(specimen.second), specimen.by_path[path]) == found_in(specimen.created.shown, part):
            raise Violation(
                f"PATCH made two resources share a {path}.",
                expected=["status 409 or 400 with scimType uniqueness"],
                actual=f"status {response.status}",
            )
        warn(f"PATCH of {path} was accepted and ignored.", expected=["status 409 or 400"], actual=str(response.status))
    if not tried:
        pytest.skip(f"unsupported: no single attribute of {specimen.resource_type.name} that can be changed is unique")


@pytest.fixture
def shared(specimen):
    """Judge which attributes two resources could not share, of those chosen."""

    def judge(chosen):
        step = specimen.repeated
        return {
            path: f"{path} is refused with status {response.status}"
            for path, response in step.refused.items()
            if path in chosen
        }

    return judge


@pytest.mark.requirement("RFC7643-7-42")
def test_resources_may_share_values_that_are_not_unique(specimen, shared, unstated, blame):
    """Two resources may have the same values in every attribute whose uniqueness is none."""
    chosen = {
        path
        for path, each in specimen.by_path.items()
        if not specimen.is_unique(each) and not unstated(each, "uniqueness")
    }
    lost = shared(chosen)
    name = naming_attribute(specimen.resource_type)
    if name in lost:  # A68: many servers find a group by its name.
        warn(f"Two resources cannot share {name}.", expected=["status 201"], actual=lost.pop(name))
    blame(lost.values(), "Two resources cannot share a value that is not unique.", expected="two with the same value")


@pytest.mark.requirement("RFC7643-2.2-06")
def test_attributes_without_uniqueness_may_be_shared(specimen, shared, without, blame):
    """Two resources may have the same values in every attribute whose served definition has no uniqueness."""
    chosen = {each.path for each in without("uniqueness") if not specimen.is_unique(each)}
    blame(shared(chosen).values(), "Two resources cannot share a value that is not unique.", expected="status 201")
