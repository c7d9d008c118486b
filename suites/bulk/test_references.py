"""References between the operations of one bulk job, RFC 7644 sections 3.7, 3.7.1 and 3.7.2."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, note, warn
from scim_conformance.judge.bulk import Job

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Links:
    """Writes references by bulkId, and reads which resources are referred to."""

    def __init__(self, bulk: Any, features: Any) -> None:
        self.bulk = bulk
        self._group = features.resource_type("Group")
        attributes = features.attributes(self._group) if self._group else ()
        self._members = {a.path: a for a in attributes}.get("members")
        self.manager = f"{ENTERPRISE}:manager".lower() in {a.path.lower() for a in features.attributes("User")}

    def members(self, *bulk_ids: str, kind: str = "User") -> dict[str, Any]:
        """Write the members of a group; the check does not apply where groups have none."""
        if self._members is None:
            pytest.skip("unsupported: the target serves no groups with members")
        required = {sub.name for sub in self._members.sub_attributes if sub.required}
        endpoint = self.bulk.scim.endpoint(kind)
        elements = []
        for each in bulk_ids:
            more = {"$ref": f"{self.bulk.scim.base.url}{endpoint}/bulkId:{each}", "type": kind, "display": "A member"}
            elements.append({"value": f"bulkId:{each}"} | {name: more[name] for name in more if name in required})
        return {"members": elements}

    def managed_by(self, bulk_id: str) -> dict[str, Any]:
        """Write the extension that names a user's manager."""
        required = self.bulk.baseline.body("User", minimal=True).get(ENTERPRISE) or {}
        return {ENTERPRISE: {**required, "manager": {"value": f"bulkId:{bulk_id}"}}}

    def of(self, kind: str, id_: str) -> list[str]:
        """Give the ids that a resource refers to: the members of a group, the manager of a user."""
        if kind == "User":
            manager = (self.bulk.baseline.read((kind, id_)).get(ENTERPRISE) or {}).get("manager")
            return [str(manager.get("value") if isinstance(manager, dict) else manager)] if manager else []
        params = {"attributes": "members"} if self._members.returned == "request" else {}
        response = self.bulk.scim.read((kind, id_), **params)
        if response.status != 200 or not response.is_json:
            raise Blocked(f"reading a group back failed: GET answered {response.status}")
        shown = response.json.get("members") or []
        return sorted(str(each.get("value") if isinstance(each, dict) else each) for each in shown)

    def must_be(self, kind: str, id_: str, wanted: list[str], requirement: str) -> None:
        """Expect that a resource refers to exactly these."""
        found = self.of(kind, id_)
        if found != sorted(wanted):
            raise Violation(
                "A reference by bulkId did not become a reference to the resource that the job created.",
                requirement=requirement,
                expected=[f"{'members' if kind == 'Group' else 'manager'} {', '.join(wanted)}"],
                actual=", ".join(found) or "no reference",
            )


def must_be_done(job: Job, name: str, requirement: str) -> None:
    """Expect that an operation with a reference was done."""
    if not job.done(name):
        raise Violation(
            f"In a bulk job {job.words(name)} was refused, though its references are to what the job creates.",
            requirement=requirement,
            expected=["the reference resolved"],
            actual=f"its result: {str(dict(job.of(name) or {}))[:200]}",
        )


@pytest.fixture
def links(bulk, features, working):  # noqa: ARG001 - where no plain job works, references are not the question
    """References by bulkId."""
    return Links(bulk, features)


@pytest.fixture
def linked(links, bulk, scim_session):
    """A job in which one user, made first, is the manager of another, who is made a member of a group.

    The bulkId of one begins with that of the other, and so tells whether a reference is read to its end.
    """

    def ask() -> Job:
        operations = {
            "boss": bulk.post("q"),
            "anna": bulk.post("qq", **(links.managed_by("q") if links.manager else {})),
        }
        if bulk.session.features.resource_type("Group"):
            operations["team"] = bulk.post("team", "Group", **links.members("qq"))
        return bulk.send(operations)

    return scim_session.baseline.once("bulk: linked", ask)


@pytest.mark.requirement("RFC7644-3.7.2-01")
def test_members_are_resolved(linked, links):
    """A member given by bulkId is shown by the id of the user that the same job created."""
    if "team" not in linked.operations:
        pytest.skip("unsupported: the target serves no groups")
    anna = linked.created("anna")
    must_be_done(linked, "team", "RFC7644-3.7.2-01")
    links.must_be("Group", linked.created("team"), [anna], "RFC7644-3.7.2-01")


@pytest.mark.requirement("RFC7644-3.7.2-02")
def test_references_in_extensions_are_resolved(linked, links):
    """A manager given by bulkId, in the enterprise extension, is shown by the id of the user that the job created."""
    if not links.manager:
        pytest.skip("unsupported: the served enterprise extension has no manager")
    boss = linked.created("boss")
    must_be_done(linked, "anna", "RFC7644-3.7.2-02")
    links.must_be("User", linked.created("anna"), [boss], "RFC7644-3.7.2-02")


@pytest.mark.requirement("RFC7644-3.7.2-01")
def test_references_to_what_comes_later_are_resolved(bulk, links, linked):
    """A reference by bulkId to what a later operation creates is resolved, or the operation fails."""
    if "team" in linked.operations and not linked.done("team"):
        raise Blocked("a member given by bulkId is not taken at all, which another check judges")
    job = bulk.send({"team": bulk.post("t", "Group", **links.members("later")), "later": bulk.post("later")})
    later = job.created("later")
    if job.done("team"):
        links.must_be("Group", job.created("team"), [later], "RFC7644-3.7.2-01")
    else:
        warn(
            "A reference to what a later operation creates is refused.",
            expected=["the reference resolved"],
            actual=f"status {job.status('team')}",
        )


@pytest.fixture
def addressed(bulk, links, scim_session):
    """A job that creates a user, changes it by its bulkId in a path, and makes it a member of a group by PATCH."""

    def ask() -> Job:
        path = f"{bulk.scim.endpoint('User')}/bulkId:new"
        operations = {"new": bulk.post("new")}
        if bulk.patching:
            operations["changed"] = bulk.patch(path, "replace", bulk.text, "By its bulkId")
        else:
            data = {**operations["new"]["data"], bulk.text: "By its bulkId"}
            operations["changed"] = {"method": "PUT", "path": path, "data": data}
        if bulk.patching and bulk.session.features.resource_type("Group"):
            group = bulk.baseline.make("Group")
            bulk.made.append((bulk.scim.endpoint("Group"), group["id"]))
            value = links.members("new")["members"]
            operations["joined"] = bulk.patch(bulk.place(group, "Group"), "add", "members", value)
        job = bulk.send(operations)
        job.shown = {"group": group["id"] if "joined" in operations else ""}
        return job

    return scim_session.baseline.once("bulk: addressed", ask)


@pytest.mark.requirement("RFC7644-3.7.2-01")
def test_a_bulk_id_in_a_path_is_resolved(addressed, bulk):
    """A bulkId in the path of an operation stands for the resource that the same job created."""
    id_ = addressed.created("new")
    if not addressed.done("changed"):
        warn(
            "A bulkId in the path of an operation is refused.",
            expected=["the operation performed on what the job created"],
            actual=f"status {addressed.status('changed')}",
        )
        return
    shown = bulk.shown({"id": id_})
    if shown != "By its bulkId":
        raise Violation(
            "An operation whose path has a bulkId succeeded, and did nothing to that resource.",
            expected=[f"{bulk.text} = 'By its bulkId'"],
            actual=f"{bulk.text} = {shown!r}",
        )


@pytest.mark.requirement("RFC7644-3.7.2-01")
def test_a_bulk_id_in_a_patch_is_resolved(addressed, links):
    """A bulkId in the value of a PATCH becomes the id of what the same job created."""
    if "joined" not in addressed.operations:
        pytest.skip("unsupported: the target has no PATCH, or no groups")
    id_ = addressed.created("new")
    must_be_done(addressed, "joined", "RFC7644-3.7.2-01")
    links.must_be("Group", addressed.shown["group"], [id_], "RFC7644-3.7.2-01")


@pytest.mark.requirement("RFC7644-3.7-23")
@pytest.mark.usefixtures("working")
def test_the_outcome_is_that_of_the_order_sent(bulk, people, mixed):
    """Operations on one resource leave it as if they were performed in the order in which they were sent."""
    user = people[0]
    operations = {
        "put": bulk.put(user, "First"),
        "change": bulk.change(user, "Second"),
        "last": bulk.put(user, "Third"),
    }
    job = bulk.send(operations)
    undone = [job.words(name) for name in operations if not job.done(name)]
    if undone:
        raise Blocked(f"{undone[0]} failed in a bulk job, which other checks judge")
    if not mixed.shown["replaced"].is_json or mixed.shown["replaced"].json.get(bulk.text) != "Replaced":
        raise Blocked("a PUT in a bulk job changes nothing, which another check judges")
    if bulk.shown(user) != "Third":
        if bulk.fails_alone(bulk.put(user, "Fourth")):
            raise Blocked("the change does not work as a single request either")
        raise Violation(
            "Operations on one resource were not performed in their order.",
            expected=[f"{bulk.text} = 'Third'"],
            actual=f"{bulk.text} = {bulk.shown(user)!r}",
        )


# -- circles --------------------------------------------------------------------------------


@pytest.fixture
def circle(bulk, links, features):
    """A job that creates two resources which refer to each other: groups, else users, each the other's manager."""
    if features.fact("hint:nested-groups").holds and features.resource_type("Group"):
        kind, ends = "Group", [links.members("two", kind="Group"), links.members("one", kind="Group")]
    elif links.manager:
        kind, ends = "User", [links.managed_by("two"), links.managed_by("one")]
    else:
        pytest.skip("unsupported: there is nothing by which two resources could refer to each other")
    return kind, bulk.send({"one": bulk.post("one", kind, **ends[0]), "two": bulk.post("two", kind, **ends[1])})


@pytest.mark.requirement("RFC7644-3.7.1-01", "RFC7644-3.7.1-02")
def test_circular_references_are_resolved(circle, links):
    """Two resources of a job that refer to each other are created with these references, or refused with 409."""
    kind, job = circle
    if job.response.status >= 500:
        raise Violation(
            "Circular references made a bulk job go wrong.",
            requirement="RFC7644-3.7.1-01",
            expected=["the references resolved, or status 409"],
            actual=f"status {job.response.status}",
        )
    if job.response.status == 409 or (job.response.is_success and 409 in map(job.status, job.operations)):
        note("Circular references are not resolved, but answered with 409.")
        return  # What the other of the two refers to then is nobody's rule.
    for name, other in (("one", "two"), ("two", "one")):
        if job.done(name):
            wanted = [job.created(other)] if job.done(other) else []
            links.must_be(kind, job.created(name), wanted, "RFC7644-3.7.1-01")
        elif 400 <= job.status(name) < 500:
            warn("Circular references are refused otherwise.", expected=["the references resolved, or status 409"],
                 actual=f"status {job.status(name)}")  # fmt: skip
        else:
            raise Violation(
                "Circular references made an operation go wrong.",
                requirement="RFC7644-3.7.1-01",
                expected=["the references resolved, or status 409"],
                actual=f"status {job.status(name)}",
            )


# -- references that lead nowhere -----------------------------------------------------------


@pytest.fixture
def dangling(bulk, links, linked, scim_session, refusing):  # noqa: ARG001 - else nothing would be seen of failures
    """A job with references to what no operation creates, and to what an operation failed to create."""
    if "team" in linked.operations and not linked.done("team"):
        raise Blocked("a member given by bulkId is not taken at all, which another check judges")

    def ask() -> Job:
        return bulk.send(
            {
                "failed": bulk.post("failed", userName=None),
                "to the failed": bulk.post("f", "Group", **links.members("failed")),
                "to nobody": bulk.post("n", "Group", **links.members("nobody")),
            }
        )

    return scim_session.baseline.once("bulk: dangling", ask)


@pytest.mark.requirement("RFC7644-3.7.2-03")
@pytest.mark.parametrize("name", ["to the failed", "to nobody"])
def test_a_reference_to_nothing_fails(dangling, name):
    """An operation that refers to what no operation creates, or to what one failed to create, fails itself."""
    if dangling.response.is_success and name == "to the failed" and dangling.done("failed"):
        raise Blocked("a user without a userName was created, which another check judges")
    dangling.must_refuse(name, 400, 409, 412)
