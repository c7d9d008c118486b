"""Writes at the same moment: names stay unique, no member is lost, one of two versions wins."""

import pytest

from scim_conformance.judge import Blocked, Violation, note, warn

UNIQUE, ADDED, CONDITION = "RFC7643-4.1.1-02", "RFC7644-3.5.2.1-12", "RFC7232-3.1-05"
CREATIONS = 4
WRITERS = 2


@pytest.mark.requirement(UNIQUE)
def test_one_of_several_parallel_creations_of_a_name_succeeds(scim, scim_session, body, unbroken):
    """Of several users with one userName that are created at the same moment one is created."""
    sent = body("User", minimal=True)
    responses = scim.at_once(*[lambda: scim.create("User", sent)] * CREATIONS)
    kind = scim_session.baseline.resource_type("User")
    made = [each for each in (scim_session.baseline.created(response, kind) for response in responses) if each]
    try:
        performed = unbroken(responses, UNIQUE)
        statuses = sorted(response.status for response in responses)
        if not performed:
            warn("None of the creations succeeded.", expected=["one status 201"], actual=f"statuses {statuses}")
        if len(performed) > 1:
            again = scim.create("User", sent)
            made += [each for each in [scim_session.baseline.created(again, kind)] if each]
            if again.is_success:
                raise Blocked("a userName that is taken is accepted even when nothing happens in parallel")
            raise Violation(
                f"{len(performed)} users with the same userName were created at the same moment.",
                expected=["one status 201, and 409 for the others"],
                actual=f"statuses {statuses}",
            )
        if any(response.status not in (201, 409) for response in responses):
            warn("A taken name was refused otherwise.", expected=["status 409"], actual=f"statuses {statuses}")
    finally:
        scim_session.discard(made)


@pytest.mark.usefixtures("working_patch")
@pytest.mark.requirement(ADDED)
def test_members_added_in_parallel_are_all_kept(scim, features, people, make, unbroken):
    """Every member whose addition to a group is confirmed is in the group, whatever was added at the same moment."""
    group, (_, users), kind = make("Group"), people, features.resource_type("Group")

    subs = {each.name: each for each in features.attributes(kind) if each.parent == "members"}

    def named(user):
        return {"$ref": f"{scim.base.url}{scim.location(user)}"} if "$ref" in subs and subs["$ref"].required else {}

    def adding(user):
        operation = {"op": "add", "path": "members", "value": [{"value": user["id"], **named(user)}]}
        return lambda: scim.modify(group, operation)

    def members():
        response = scim.read(group, attributes="members")
        if response.status != 200 or not response.is_json:
            raise Blocked(f"reading the group back failed: GET answered {response.status}")
        listed = response.body.get("members") or []
        return {each.get("value") for each in listed if isinstance(each, dict)}

    responses = scim.at_once(*[adding(user) for user in users])
    unbroken(responses, ADDED)
    confirmed = [
        user for user, response in zip(users, responses, strict=True) if response.is_success
    ]  # a refusal for the conflict is fair
    lost = [user for user in confirmed if user["id"] not in members()]
    if not confirmed:
        raise Blocked(f"no member can be added: PATCH answered {responses[0].status}")
    if lost:
        adding(lost[0])()
        if lost[0]["id"] not in members():
            raise Blocked("a member that is added alone is not shown either")
        raise Violation(
            f"{len(lost)} of {len(confirmed)} members that were added at the same moment are not in the group.",
            expected=["every member whose addition was confirmed"],
            actual=f"missing: {', '.join(user['id'] for user in lost)}",
        )


@pytest.mark.requirement(CONDITION)
def test_one_of_several_writers_with_the_same_version_wins(scim, people, asserted, unbroken, spare):
    """Of several PUTs on the condition of one version, sent at the same moment, one is performed."""
    user = people[1][0]
    kept = asserted(user)
    bodies = [{**kept, spare: f"Clerk {number}"} for number in range(WRITERS)]
    version = scim.read(user).headers.get("ETag")
    if not version:
        raise Blocked("a GET shows no version")
    condition = {"If-Match": version}
    responses = scim.at_once(*[lambda sent=sent: scim.replace(user, sent, headers=condition) for sent in bodies])
    performed = unbroken(responses, CONDITION)
    statuses = sorted(response.status for response in responses)
    if not performed:
        if version.startswith("W/") and set(statuses) == {412}:
            note("If-Match with a weak tag never matches, as strict HTTP has it.")
            return
        warn("None of the writes was performed.", expected=["one success"], actual=f"statuses {statuses}")
        return
    if len(performed) > 1:
        if 200 <= scim.replace(user, bodies[0], headers=condition).status < 300:
            raise Blocked("an outdated version does not stop a PUT even when nothing happens in parallel")
        raise Violation(
            f"{len(performed)} writes on the condition of one version were performed.",
            expected=["one success, and 412 for the others"],
            actual=f"statuses {statuses}",
        )
    winner = bodies[responses.index(performed[0])][spare]
    shown = scim.read(user)
    if shown.status == 200 and shown.is_json and shown.body.get(spare) != winner:
        raise Violation(
            "Another write than the one that was confirmed is stored.",
            expected=[f"{spare} {winner!r}"],
            actual=f"{spare} {shown.body.get(spare)!r}",
        )
