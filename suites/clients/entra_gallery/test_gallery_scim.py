"""Microsoft's gallery tests that talk SCIM by themselves, each under its own name."""

import json
import re
from typing import Any

import pytest

from scim_conformance.judge import Violation, note
from scim_conformance.judge.vendor_tests import (
    ENTERPRISE,
    answers,
    keeps,
    listed,
    place,
    succeeds,
    value_at,
    veiled,
)

MANAGER = f"{ENTERPRISE}:manager"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PAGE, MOST_PAGES = 5, 10


def flattened(schema: dict[str, Any]) -> set[str]:
    """Write the names of a schema's attributes as the test does: `emails[type eq "work"].value`, `name.givenName`."""
    names: set[str] = set()
    for attribute in schema.get("attributes") or []:
        name, subs = attribute.get("name"), attribute.get("subAttributes") or []
        kinds = {each.get("name"): each for each in subs}
        if attribute.get("type") != "complex" or name in ("manager", "members"):
            names.add(name)
        elif not attribute.get("multiValued"):
            names |= {f"{name}.{each}" for each in kinds}
        else:
            types = (kinds.get("type") or {}).get("canonicalValues") or []
            keys = [f'type eq "{each}"' for each in types] or ['primary eq "True"']
            names |= {f"{name}[{key}].{each}" for key in keys for each in kinds}
    return names


@pytest.mark.requirement("ENTRA-GALLERY-15")
def test_schema_discoverability(logic_app, targets, untargeted):
    """Gallery, Schema_Discoverability_Test: every mapped attribute can be read out of /Schemas."""
    schemas = {each.get("id"): each for each in listed(answers(logic_app.get("/Schemas"), 200, what="GET /Schemas"))}
    missing = [urn for urn in (USER, GROUP) if urn not in schemas]
    if missing:
        raise Violation("/Schemas lacks schemas that the test needs.", expected=missing, actual=str(sorted(schemas)))
    found = {each.lower() for each in flattened(schemas[USER])}
    found |= {f"{urn}:{a.get('name')}".lower() for urn in schemas for a in schemas[urn].get("attributes") or []}
    groups = {each.lower() for each in flattened(schemas[GROUP])}
    wanted = ["userName", "active", *targets, *([MANAGER] if MANAGER.lower() in found else [])]
    lacking = [each for each in wanted if each.lower() not in found]
    lacking += [each for each in ("displayName", "members") if each.lower() not in groups]
    if lacking:
        raise Violation(
            "/Schemas does not show every attribute that is mapped by default.",
            expected=lacking,
            actual=f"{len(found)} names of attributes of users, {len(groups)} of groups",
        )
    if untargeted:
        note(f"The mapping has to go without {', '.join(untargeted)}, which the schema of users lacks.")
    if "externalid" not in found:
        note(
            "The schemas do not list externalId, which RFC 7643 section 3.1 has in no schema; where the mapping has "
            "it, the test says that it is missing."
        )


@pytest.mark.requirement("ENTRA-GALLERY-16")
def test_null_update(logic_app, new_user, targets):
    """Gallery, SCIM_Null_Update_Test: "" and then null clear every mapped attribute that is not required."""
    user = logic_app.created("/Users", new_user())
    for value, phase in ("", "with an empty text"), (None, "with null"):
        operations = [{"op": "replace", "path": path, "value": value} for path in targets]
        succeeds(logic_app.patch(place("/Users", user), *operations), f"The PATCH that clears {phase}")
        shown = logic_app.read(place("/Users", user))
        left = {path: value_at(shown, path) for path in targets if not (phase == "with null" and "[" in path)}
        kept = {path: found for path, found in left.items() if found is not None and (found != "" or value is None)}
        if kept:
            raise Violation(
                f"{len(kept)} attributes that were replaced {phase} have a value still.",
                expected=["null, no value, or an empty text" if value == "" else "null, or no value"],
                actual=", ".join(f"{path} = {found!r}" for path, found in list(kept.items())[:6]),
            )


@pytest.mark.requirement("ENTRA-GALLERY-17")
def test_user_create(logic_app, new_user):
    """Gallery, SCIM_User_Create_Test: the new user has an id, and the userName letter for letter."""
    sent = new_user()
    shown = created(logic_app.post("/Users", sent)).json_object
    keeps(shown, [("userName", sent["userName"])])


@pytest.mark.requirement("ENTRA-GALLERY-19")
def test_group_create(logic_app, new_group, groups_are_served):
    """Gallery, SCIM_Group_Create_Test: the new group has an id, and the displayName letter for letter."""
    groups_are_served()
    sent = new_group()
    shown = created(logic_app.post("/Groups", sent)).json_object
    keeps(shown, [("displayName", sent["displayName"])])


def created(response: Any) -> Any:
    """Return the answer to a POST that shows a resource with an id; 200 passes, and is noted."""
    answers(response, 200, 201, what="The POST")
    if not response.json_object.get("id"):
        raise Violation("The answer to the POST shows no id.", expected=["an id"], actual=f"status {response.status}")
    if response.status == 200:
        note("The POST is answered 200, which this test takes; RFC 7644 section 3.3 wants 201.")
    return response


@pytest.mark.requirement("ENTRA-GALLERY-18")
def test_user_update(logic_app, a_user, targets, mark):
    """Gallery, SCIM_User_Update_Test: every mapped attribute takes the new value, letter for letter."""
    new = {"userName": None, **targets, "externalId": None}
    values = {path: new[path] or f"upd-{mark()}" for path in new}
    operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    succeeds(logic_app.patch(place("/Users", a_user), *operations), "The PATCH of every mapped attribute")
    shown = logic_app.read(place("/Users", a_user))
    # Of elements the test asks no more than that the value is somewhere among them.
    there = [
        path for path in values if "[" in path and json.dumps(values[path]) in json.dumps(shown.get(list_of(path)))
    ]
    keeps(shown, [(path, value) for path, value in values.items() if path not in there])


def list_of(path: str) -> str:
    """Return the name of the attribute whose elements a path is about."""
    return re.sub(r"\[.*", "", path)


@pytest.mark.requirement("ENTRA-GALLERY-20")
def test_group_update(logic_app, make_group, mark):
    """Gallery, SCIM_Group_Update_Test: displayName and externalId of a group take the new value, letter for letter."""
    group = make_group()
    values = [("displayName", f"upd-{mark()}"), ("externalId", f"upd-{mark()}")]
    operations = [{"op": "replace", "path": path, "value": value} for path, value in values]
    succeeds(logic_app.patch(place("/Groups", group), *operations), "The PATCH of the group")
    keeps(logic_app.read(place("/Groups", group)), values)


@pytest.fixture
def pages(scim, logic_app):
    """Go through the pages of an endpoint as the test does, after it made up for what lacks of eleven resources."""

    def total(response: Any) -> int:
        found = response.json_object.get("totalResults")
        return found if isinstance(found, int) else 0

    def turn(endpoint: str, write: Any) -> None:
        first = veiled(logic_app.get(endpoint, f"startIndex=1&count={PAGE}"), scim)
        for _ in range(11 - total(first)):
            logic_app.created(endpoint, write())
        start, seen = 1, 0
        while start and seen < MOST_PAGES:
            page = veiled(logic_app.get(endpoint, f"startIndex={start}&count={PAGE}"), scim)
            answers(page, 200, what=f"Page {seen + 1}")
            told = page.json_object.get("startIndex")
            if told != seen * PAGE + 1:
                raise Violation(
                    f"Page {seen + 1} has another startIndex than the test expects.",
                    expected=[f"startIndex {seen * PAGE + 1}"],
                    actual=f"startIndex {told!r}, {len(listed(page))} resources",
                )
            seen += 1
            start = told + len(listed(page)) if listed(page) and told + len(listed(page)) <= total(page) else 0
        if seen < 2:
            raise Violation(
                "The list of eleven resources or more has no second page.",
                expected=[f"two pages at least, of {PAGE} resources"],
                actual="one page",
            )

    return turn


@pytest.mark.requirement("ENTRA-GALLERY-23")
def test_user_pagination(pages, new_user, mark):
    """Gallery, SCIM_User_Pagination_Test: the pages of users begin with 1, 6, 11 and so on."""
    pages("/Users", lambda: new_user(displayName=f"PagUser {mark()}"))


@pytest.mark.requirement("ENTRA-GALLERY-24")
def test_group_pagination(pages, new_group, groups_are_served):
    """Gallery, SCIM_Group_Pagination_Test: the pages of groups begin with 1, 6, 11 and so on."""
    groups_are_served()
    pages("/Groups", new_group)


@pytest.mark.requirement("ENTRA-GALLERY-25")
@pytest.mark.usefixtures("managers_are_served")
def test_update_manager(logic_app, a_user, new_user):
    """Gallery, SCIM_Update_Manager_Test: the manager is set, changed and removed by the id as a plain text."""
    for op in "Add", "replace":
        manager = logic_app.created("/Users", new_user())["id"]
        change = {"op": op, "path": MANAGER, "value": manager}
        succeeds(logic_app.patch(place("/Users", a_user), change), f"The PATCH {op} of the manager")
        shown = logic_app.read(place("/Users", a_user))
        keeps(
            shown if value_at(shown, MANAGER) else {MANAGER.rpartition(":")[0]: shown}, [(f"{MANAGER}.value", manager)]
        )
    removal = {"op": "replace", "path": MANAGER, "value": ""}
    succeeds(logic_app.patch(place("/Users", a_user), removal), "The PATCH that replaces the manager by an empty text")
    left = value_at(logic_app.read(place("/Users", a_user)), f"{MANAGER}.value")
    if left:
        raise Violation("The manager is still there.", expected=["no manager, or an empty value"], actual=str(left))
