"""Whole lives of resources: what a state machine does with them, and what a model of it expects."""

import json

import pytest

from scim_conformance.judge import Blocked, Violation

READ, COUNTED = "RFC7644-3.4.1-01", "RFC7644-3.4.2-05"
GONE, NOT_FOUND, STABLE_ID = "RFC7644-3.6-02", "RFC7644-3.6-03", "RFC7643-3.1-08"
VERSION, CONDITION = "RFC7644-3.14-07", "RFC7232-3.1-05"
REFUSED = (400, 409, 412, 428)
STEPS = 8


def wrong(message, expected, actual, requirement):
    """Make the violation that a step showed."""
    return Violation(message, expected=[expected], actual=actual, requirement=requirement)


class World:
    """What a program has done so far: the resources it made, the text that each should have, and what is gone."""

    def __init__(self, session, spare, find):
        self.session, self.scim, self.spare, self._find = session, session.client, spare, find
        self.mark = session.person().mark
        self.made, self.texts, self.gone = {}, {}, set()

    def perform(self, deed):
        """Take one step, and expect of its answer what the model says."""
        getattr(self, deed.kind)(deed)

    def done(self, response, deed):
        """Expect that a write was performed."""
        if not response.is_success:
            actual = f"status {response.status}, body {response.text[:200]}"
            raise wrong(f"To {deed.kind} failed with {response.status}.", "a 2xx status", actual, READ)

    def body(self, number, text):
        """Write the body of a resource."""
        name = f"{self.mark}-{number}@example.com"
        return self.session.baseline.body("User", minimal=True, userName=name, **{self.spare: text})

    def create(self, deed):
        """POST; the id is one that no resource of the program has had."""
        response = self.scim.create("User", self.body(deed.which, deed.text))
        self.done(response, deed)
        resource = self.session.baseline.created(response, self.session.baseline.resource_type("User"))
        if resource is None:
            raise Blocked("the answer to POST does not show the resource")
        if resource["id"] in {each["id"] for each in self.made.values()}:
            raise wrong("Two resources had the same id.", "an id that is new", resource["id"], STABLE_ID)
        self.made[deed.which], self.texts[deed.which] = resource, deed.text

    def replace(self, deed):
        """PUT another text."""
        sent = self.body(deed.which, deed.text)
        self.done(self.scim.replace(self.made[deed.which], sent), deed)
        self.texts[deed.which] = deed.text

    def modify(self, deed):
        """PATCH another text in."""
        operation = {"op": "replace", "path": self.spare, "value": deed.text}
        self.done(self.scim.modify(self.made[deed.which], operation), deed)
        self.texts[deed.which] = deed.text

    def delete(self, deed):
        """DELETE; from now on it is gone."""
        self.done(self.scim.delete(self.made[deed.which]), deed)
        self.gone.add(deed.which)

    def read(self, deed):
        """GET; a resource that is alive shows its text, one that is gone is not there."""
        response = self.scim.read(self.made[deed.which])
        if deed.which in self.gone:
            if response.status not in (404, 410):
                raise wrong("A deleted resource was answered.", "status 404", f"status {response.status}", GONE)
            return
        shown = response.json if response.is_json and isinstance(response.json, dict) else {}
        seen = (response.status, shown.get("id"), shown.get(self.spare))
        if seen != (200, self.made[deed.which]["id"], self.texts[deed.which]):
            wanted = f"status 200, its id and {self.spare} {self.texts[deed.which]!r}"
            raise wrong(
                "A resource was not read as it was written.", wanted, f"status, id and {self.spare}: {seen}", READ
            )

    def find(self, deed):
        """Find by its text what is alive, and nothing that is gone."""
        wanted = {
            self.made[each]["id"] for each in self.made if each not in self.gone and self.texts[each] == deed.text
        }
        text = json.dumps(deed.text, ensure_ascii=False)
        found = self._find(f"userName sw {json.dumps(self.mark + '-')} and {self.spare} eq {text}")
        if found & {self.made[each]["id"] for each in self.gone}:
            raise wrong("A deleted resource was found.", "only what is there", f"found {sorted(found)}", NOT_FOUND)
        if found != wanted:
            raise wrong("A search found others.", f"exactly {sorted(wanted)}", f"found {sorted(found)}", COUNTED)


@pytest.fixture
def found_ids(scim, listed_in):
    """Find the ids of a handful of users by a filter."""

    def find(filter_):
        response = scim.query("User", filter_)
        if response.status != 200:
            raise Blocked(f"a plain filter does not work: it was answered {response.status}")
        return {each.get("id") for each in listed_in(response)}

    return find


@pytest.mark.requirement(READ, GONE, NOT_FOUND, STABLE_ID, COUNTED)
def test_resources_live_as_the_model_says(search, scim_session, spare, found_ids, working):
    """Users that are created, replaced, modified, read, found and deleted in any order are what a model says."""
    from scim_conformance.judge.lives import Lives, lives  # noqa: PLC0415 - brings Hypothesis

    def perform(program, at):
        world = World(scim_session, spare, found_ids)
        try:
            for number, deed in enumerate(program):
                at(number)
                world.perform(deed)
        finally:
            scim_session.discard([each for number, each in world.made.items() if number not in world.gone])

    trials = Lives(search, perform)
    machine = lives(trials, patches=working["patch"], finds=working["filter"])
    search.machine(machine, examples=max(1, search.examples // 6), steps=STEPS)


@pytest.fixture
def working(features, scim_session):
    """Which of a plain filter and a plain PATCH the target gets right; the machine does without the others."""
    known = {}
    for name, tried in (("filter", scim_session.baseline.filter_works), ("patch", scim_session.baseline.patch_works)):
        try:
            if features.fact(name).holds:
                tried()
            known[name] = features.fact(name).holds
        except Blocked:
            known[name] = False
    return known


class Conditions:
    """What a program has done to one user: its text, and the versions that it had."""

    def __init__(self, scim, subject, shape):
        self.scim, self.subject, self.shape = scim, subject, shape
        self.text, self.version, self.old = None, "", []

    def look(self):
        """Read the user; give its text and its version."""
        response = self.scim.read(self.subject.resource)
        version = response.headers.get("ETag")
        if response.status != 200 or not response.is_json or not version:
            raise Blocked(f"a GET shows no version: it answered {response.status}")
        return response.json.get(self.shape.attribute.name), version

    def write(self, kind, text, version):
        """Send another text, on the condition of a version."""
        condition = {"If-Match": version}
        if kind.endswith("modify"):
            operation = {"op": "replace", "path": self.shape.path, "value": text}
            return self.scim.modify(self.subject.resource, operation, headers=condition)
        sent = self.subject.body({self.shape.path: text})
        return self.scim.replace(self.subject.resource, sent, headers=condition)

    def perform(self, deed):
        """Take one step, and expect what the model says."""
        if not self.version:
            self.text, self.version = self.look()
        if deed.kind.startswith("stale"):
            self.stale(deed)
        elif deed.kind == "read":
            self.unchanged()
        else:
            self.change(deed)

    def change(self, deed):
        """Write on the condition of the current version; strict HTTP never lets a weak one match."""
        response = self.write(deed.kind, deed.text, self.version)
        if response.status == 412 and self.version.startswith("W/"):
            return
        if not response.is_success:
            actual = f"status {response.status}, body {response.text[:200]}"
            raise wrong("A write with the current version was refused.", "a 2xx status", actual, VERSION)
        changed, former = deed.text != self.text, self.version
        self.text, self.version = deed.text, response.headers.get("ETag") or self.look()[1]
        if changed and self.version == former:
            raise wrong("The version stayed the same over a change.", "another ETag", f"ETag: {former}", VERSION)
        if self.version != former:
            self.old.append(former)

    def stale(self, deed):
        """Write on the condition of a version that is outdated: nothing happens."""
        if not self.old or self.old[-1] == self.version or self.text == deed.text:
            return
        response = self.write(deed.kind, deed.text, self.old[-1])
        if response.is_success:
            seen = f"status {response.status} for If-Match: {self.old[-1]}"
            raise wrong("A write with an outdated version was performed.", "a refusal, best 412", seen, CONDITION)
        self.unchanged()

    def unchanged(self):
        """Expect the text and the version that are known."""
        text, version = self.look()
        if text != self.text:
            raise wrong("A refused write changed the resource.", f"{self.text!r}", f"{text!r}", CONDITION)
        if version != self.version:
            raise wrong("The version changed without a change.", f"ETag: {self.version}", f"ETag: {version}", VERSION)


@pytest.mark.requirement(VERSION, CONDITION)
def test_versions_change_as_the_model_says(search, scim, user_subject, working):
    """The version of a user changes with every change and with nothing else, and an outdated one stops a write."""
    from scim_conformance.judge.lives import Lives, versions  # noqa: PLC0415 - brings Hypothesis

    texts = user_subject.named("title", "nickName", "userType", "displayName")
    if not texts:
        pytest.skip("unsupported: the target keeps no text of a user that could be changed")

    def perform(program, at):
        conditions = Conditions(scim, user_subject, texts[0])
        for number, deed in enumerate(program):
            at(number)
            conditions.perform(deed)

    machine = versions(Lives(search, perform), patches=working["patch"])
    search.machine(machine, examples=max(1, search.examples // 6), steps=STEPS - 2)
