"""PATCH in steps on one user: extensions, selected elements, requests without path, RFC 7644 section 3.5.2.

The steps are made once, in their order, each followed by a GET; every check judges one of them. A check is blocked
where the user was not in the state that its step starts from.
"""

import json
from typing import Any, NamedTuple

import pytest

from scim_conformance.judge import Blocked, Violation, differences, note, warn
from scim_conformance.judge.expect import member_of

pytestmark = pytest.mark.usefixtures("patching")

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


class Step(NamedTuple):
    """The user before a PATCH, the answer, and the user after it as a GET shows it; empty where that failed."""

    before: dict[str, Any]
    response: Any
    after: dict[str, Any]

    @property
    def done(self) -> bool:
        """Whether the target says that it did it."""
        return self.response.is_success


class Steps:
    """One user and what became of it, step by step."""

    def __init__(self, session: Any, features: Any, spare: str, elements: Any, subs: dict[str, bool]):
        self._session, self._client = session, session.client
        self.text, self.elements, self.subs = spare, elements, subs
        self.first, self.second = elements.one(0, primary=True), elements.one(1)
        self.other = elements.one(1)["value"]
        self.manager = session.baseline.shared("User")["id"]
        self.extension = {a.name for a in features.attributes("User") if a.schema.lower() == ENTERPRISE.lower()}
        given: dict[str, Any] = {spare: "Clerk", elements.name: [self.first, self.second]}
        if subs["name"]:
            given["name"] = {"givenName": "Anna", "familyName": "Berg"}
        self.user = session.baseline.make("User", **given)
        self._now = session.baseline.read(self.user)
        self.known = {kind: self._make(operations) for kind, operations in self._written().items()}

    def _written(self) -> dict[str, list[dict[str, Any]]]:
        elements, text = self.elements.name, self.text
        one, two = (f'{elements}[type eq "{type_}"]' for type_ in self.elements.types[:2])
        shouted = "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text))
        steps: dict[str, list[dict[str, Any]]] = {
            "qualified": [{"op": "replace", "path": f"{CORE}:{text}", "value": "Qualified"}],
            "other letters": [{"op": "add", "value": {shouted: "Shouted"}}],
        }
        if self.subs["display"]:
            steps["element"] = [{"op": "add", "path": one, "value": {"display": "At work"}}]
        steps |= {
            "primary by path": [{"op": "replace", "path": f"{two}.primary", "value": True}],
            "the primary one": [{"op": "replace", "path": f"{elements}[primary eq true].value", "value": self.other}],
        }
        if self.subs["name"]:
            steps["dotted"] = [{"op": "add", "path": "name.middleName", "value": "Lee"}]
            steps["complex, no path"] = [{"op": "replace", "value": {"name": {"familyName": "Dahl"}}}]
        if "manager" in self.extension:
            manager = f"{ENTERPRISE}:manager"
            steps["manager"] = [{"op": "add", "path": manager, "value": {"value": self.manager}}]
            steps["no manager"] = [{"op": "remove", "path": manager}]
        if {"department", "costCenter"} <= self.extension:
            steps |= {
                "extension, in order": [
                    {"op": "add", "path": f"{ENTERPRISE}:department", "value": "Sales"},
                    {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "Tours"},
                    {"op": "add", "path": f"{ENTERPRISE}:costCenter", "value": "4130"},
                ],
                "unqualified": [{"op": "replace", "path": text, "value": "Unqualified"}],
                "extension, replaced": [{"op": "replace", "path": f"{ENTERPRISE}:department", "value": "Board"}],
                "extension, no path": [{"op": "add", "value": {ENTERPRISE: {"costCenter": "4131"}}}],
                "extension, removed": [{"op": "remove", "path": f"{ENTERPRISE}:department"}],
            }
        steps["nothing to remove"] = [{"op": "remove", "path": text}, {"op": "remove", "path": text}]
        steps["no match"] = [{"op": "add", "path": f'{elements}[type eq "{self._unused}"].value', "value": self.other}]
        return steps

    @property
    def _unused(self) -> str:
        return self.elements.types[2] if len(self.elements.types) > 2 else "pager"

    def _make(self, operations: list[dict[str, Any]]) -> Step:
        response = self._client.modify(self.user, *operations)
        got = self._client.read(self.user)
        before = self._now
        self._now = got.json if got.status == 200 and got.is_json and isinstance(got.json, dict) else {}
        return Step(before, response, self._now)


@pytest.fixture
def step(scim_session, features, spare, elements, keeps, user_attribute):
    """Give one of the steps; the check does not apply where the served schema has nothing for it."""

    def make() -> Steps:
        display = any(s.name == "display" and s.mutability == "readWrite" for s in elements.attribute.sub_attributes)
        name = {"givenName": "Anna", "familyName": "Berg", "middleName": "Lee"}
        subs = {"display": display, "name": user_attribute("name") is not None and keeps(name=name)}
        return Steps(scim_session, features, spare, elements, subs)

    def give(kind: str) -> tuple[Steps, Step]:
        steps = scim_session.baseline.once("patch: steps", make)
        if kind not in steps.known:
            pytest.skip("unsupported: the target does not keep the attributes that this is about")
        found = steps.known[kind]
        if not found.before or not found.after:
            raise Blocked("reading the user back failed")
        scim_session.client.recall(found.response)
        return steps, found

    return give


def must_be_done(step: Step) -> None:
    """Expect that the target says it did what was asked."""
    if not step.done:
        raise Violation(
            "A PATCH that has to be performed is refused.",
            expected=["a 2xx status"],
            actual=f"status {step.response.status}, {step.response.text[:200]}",
        )


def must_show(step: Step, path: str, value: Any) -> None:
    """Expect a value after a step."""
    found = of(step.after, path)
    if found != value:
        raise Violation(
            f"A PATCH of {path} did not do what it should.",
            expected=[f"{path} = {value!r}"],
            actual=f"{path} = {found!r}",
        )


def of(resource: dict[str, Any], path: str) -> Any:
    """Give the value at a path, None where there is none; an attribute of the extension is named alone."""
    found = member_of(resource, path)
    return found if found is not None else member_of(member_of(resource, ENTERPRISE) or {}, path)


def in_any_order(value: Any) -> Any:
    """Give a value so that two lists of the same elements are equal."""
    return sorted(json.dumps(each, sort_keys=True) for each in value) if isinstance(value, list) else value


def must_keep(step: Step, *paths: str) -> None:
    """Expect that values are after a step what they were before it."""
    for path in paths:
        if in_any_order(of(step.before, path)) != in_any_order(of(step.after, path)):
            raise Violation(
                f"A PATCH of something else changed {path}.",
                expected=[f"{path} = {of(step.before, path)!r}"],
                actual=f"{path} = {of(step.after, path)!r}",
            )


@pytest.mark.requirement("RFC7644-3.5.2-09", "RFC7644-3.10-03")
def test_a_path_may_name_the_schema(step):
    """A path that names the core schema before the attribute is understood."""
    steps, found = step("qualified")
    must_be_done(found)
    must_show(found, steps.text, "Qualified")


@pytest.mark.requirement("RFC7644-3.5.2.1-13")
def test_names_in_a_value_have_no_case(step):
    """Attribute names in the value of an add without path are recognised in any letter case."""
    steps, found = step("other letters")
    must_be_done(found)
    must_show(found, steps.text, "Shouted")


@pytest.mark.requirement("RFC7644-3.5.2.1-04", "RFC7644-3.10-04")
def test_add_sets_a_sub_attribute_by_its_path(step):
    """An add to a sub-attribute that has no value, named with a dot, sets it and leaves its neighbours."""
    _, found = step("dotted")
    must_be_done(found)
    must_show(found, "name.middleName", "Lee")
    must_keep(found, "name.givenName", "name.familyName")


@pytest.mark.requirement("RFC7644-3.5.2.3-01", "RFC7644-3.5.2.3-05")
def test_replace_without_path_sets_sub_attributes(step):
    """A replace without path whose value holds a complex attribute sets the sub-attributes that are given."""
    steps, found = step("complex, no path")
    must_be_done(found)
    must_show(found, "name.familyName", "Dahl")
    must_keep(found, steps.text, steps.elements.name)
    if of(found.before, "name.givenName") != of(found.after, "name.givenName"):
        warn(
            "A replace without path took sub-attributes away that it does not name.",
            expected=["name.givenName kept"],
            actual=f"name = {found.after.get('name')!r}",
        )


@pytest.mark.requirement("RFC7644-3.5.2.1-08", "RFC7644-3.5.2.1-05")
def test_add_to_an_element_sets_its_sub_attributes(step):
    """An add whose path selects an element sets the sub-attributes given there, and changes nothing else."""
    steps, found = step("element")
    must_be_done(found)
    before = found.before.get(steps.elements.name) or []
    wanted = [each | {"display": "At work"} if each.get("type") == steps.elements.types[0] else each for each in before]
    wrong = differences(
        {steps.elements.name: [plain(each) for each in wanted]}, found.after, [steps.elements.attribute], exact=True
    )
    shown = [each for each in found.after.get(steps.elements.name) or [] if isinstance(each, dict)]
    changed = [each.get("type") for each in shown if each.get("display") == "At work"]
    if wrong or changed != [steps.elements.types[0]]:
        raise Violation(
            "An add to a selected element did not do what it should.",
            requirement="RFC7644-3.5.2.1-08",
            expected=["display in that element, and nothing else changed"],
            actual="; ".join(wrong)[:300] or f"display in {changed}",
        )


def plain(element: dict[str, Any]) -> dict[str, Any]:
    """Give of an element what checks send."""
    return {name: each for name, each in element.items() if name in ("value", "type", "primary", "display")}


def primaries(resource: dict[str, Any], name: str) -> list[Any]:
    """Give the values of the primary elements of an attribute."""
    return [
        each.get("value") for each in resource.get(name) or [] if isinstance(each, dict) and each.get("primary") is True
    ]


@pytest.mark.requirement("RFC7644-3.5.2-18")
def test_primary_set_by_its_path_switches_the_others_off(step):
    """A PATCH that sets primary in a selected element makes it primary, and all other elements not primary."""
    steps, found = step("primary by path")
    if primaries(found.before, steps.elements.name) != [steps.first["value"]]:
        raise Blocked("the target does not keep the one primary element that a user was made with")
    must_be_done(found)
    shown = primaries(found.after, steps.elements.name)
    if shown != [steps.second["value"]]:
        raise Violation(
            "Setting primary in one element did not make it the only primary one.",
            expected=[f"{steps.second['value']} is primary, and no other"],
            actual=f"primary: {', '.join(map(str, shown)) or '(none)'}",
        )


@pytest.mark.requirement("RFC7644-3.5.2.3-08")
def test_a_filter_on_a_boolean_selects(step):
    """A replace whose path selects the primary element changes that one, and no other."""
    steps, found = step("the primary one")
    before = found.before.get(steps.elements.name) or []
    if len(primaries(found.before, steps.elements.name)) != 1:
        raise Blocked("no single element is primary")
    must_be_done(found)
    wanted = [plain(each) | ({"value": steps.other} if each.get("primary") is True else {}) for each in before]
    wrong = differences({steps.elements.name: wanted}, found.after, [steps.elements.attribute], exact=True)
    if wrong:
        raise Violation(
            "A replace of the value of the primary element did not do what it should.",
            expected=["another value in that element, and nothing else changed"],
            actual="; ".join(wrong)[:300],
        )


@pytest.mark.requirement("RFC7644-3.5.2-15", "RFC7644-3.5.2-16")
def test_later_operations_know_the_new_schema(step):
    """After an operation that adds the first attribute of an extension, later ones of the request work on it."""
    steps, found = step("extension, in order")
    if "manager" in steps.known and not of(steps.known["manager"].after, "manager"):
        raise Blocked("an add of an attribute of the extension does not set it, which another check judges")
    must_be_done(found)
    must_show(found, "department", "Tours")
    must_show(found, "costCenter", "4130")
    if ENTERPRISE.lower() not in [str(urn).lower() for urn in found.after.get("schemas") or []]:
        warn(
            "The extension of attributes added by PATCH is not in schemas.",
            expected=[f"schemas with {ENTERPRISE}"],
            actual=f"schemas = {found.after.get('schemas')}",
        )


def must_have(found: Step, **wanted: Any) -> None:
    """Be blocked unless attributes of the extension have these values before a step."""
    if any(of(found.before, name) != value for name, value in wanted.items()):
        raise Blocked(
            "an attribute of the extension does not have the value that it was given, which another check judges"
        )


@pytest.mark.requirement("RFC7644-3.5.2-14")
def test_an_unqualified_path_means_the_core_schema(step):
    """On a resource with an extension, a path without URI is that of the core attribute; the extension stays."""
    steps, found = step("unqualified")
    must_have(found, department="Tours")
    must_be_done(found)
    must_show(found, steps.text, "Unqualified")
    must_keep(found, "department", "costCenter")


@pytest.mark.requirement("RFC7644-3.5.2.3-02", "RFC7644-3.10-03")
def test_replace_of_an_extension_attribute(step):
    """A replace of an attribute of an extension sets it, and leaves the extension's others."""
    _, found = step("extension, replaced")
    must_have(found, department="Tours")
    must_be_done(found)
    must_show(found, "department", "Board")
    must_keep(found, "costCenter")


@pytest.mark.requirement("RFC7644-3.5.2.1-03")
def test_add_without_path_reaches_into_an_extension(step):
    """An add without path whose value holds an extension sets the attributes given there."""
    _, found = step("extension, no path")
    must_have(found, costCenter="4130")
    must_be_done(found)
    must_show(found, "costCenter", "4131")
    if of(found.before, "department") != of(found.after, "department"):
        warn(
            "An add without path took attributes of the extension away that it does not name.",
            expected=["department kept"],
            actual=f"{found.after.get(ENTERPRISE)!r}"[:200],
        )


@pytest.mark.requirement("RFC7644-3.5.2.1-04", "RFC7644-3.10-03")
def test_add_of_a_complex_extension_attribute(step):
    """An add of a complex attribute of an extension, the manager, sets it."""
    steps, found = step("manager")
    must_be_done(found)
    must_show(found, "manager.value", steps.manager)


@pytest.mark.requirement("RFC7644-3.5.2.2-02", "RFC7644-3.10-03")
@pytest.mark.parametrize(("kind", "name"), [("no manager", "manager"), ("extension, removed", "department")])
def test_remove_of_an_extension_attribute(step, kind, name):
    """A remove of an attribute of an extension takes it away, and leaves the extension's others."""
    _, found = step(kind)
    if of(found.before, name) is None:
        raise Blocked(f"the user has no {name}, which another check judges")
    must_be_done(found)
    if of(found.after, name) not in (None, [], {}):
        raise Violation(
            f"A remove of {name} left it.", expected=[f"no {name}"], actual=f"{name} = {of(found.after, name)!r}"
        )
    must_keep(found, "costCenter", "userName")


@pytest.mark.requirement("RFC7644-3.5.2.2-02")
def test_remove_of_what_has_no_value_changes_nothing(step):
    """A remove of an attribute that has no value succeeds or is refused as noTarget, and changes nothing else."""
    steps, found = step("nothing to remove")
    if found.response.status >= 500:
        raise Violation(
            "A remove of an attribute without value failed in the server.",
            expected=["success, or 400 noTarget"],
            actual=f"status {found.response.status}",
        )
    must_keep(found, "userName", "name", steps.elements.name, "active")
    note("Removing an attribute that has no value " + ("succeeds." if found.done else "is refused."))


@pytest.mark.requirement("RFC7644-3.5.2.1-08")
def test_add_to_no_element_breaks_nothing(step):
    """An add whose path selects no element makes one, is refused or does nothing, and leaves those that are there."""
    steps, found = step("no match")
    name = steps.elements.name
    before, after = ([plain(each) for each in one.get(name) or []] for one in (found.before, found.after))
    lost = [each for each in before if each not in after]
    if lost or found.response.status >= 500:
        raise Violation(
            "An add whose path selects no element did harm.",
            expected=["the elements that were there kept"],
            actual=f"status {found.response.status}, lost: {lost}"[:300],
        )
    what = "is refused" if not found.done else "makes one" if len(after) > len(before) else "does nothing"
    note(f"An add whose path selects no element {what}.")
