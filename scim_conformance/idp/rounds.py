"""The rounds of provisioning behind the checks of a mapping: each is gone through once a run, and many checks judge it.

One person is created and looked at, goes through a cycle without change, has one value changed, then all of them, is
switched off, and loses what can be lost. For every kind of value, others are created and looked at.
"""

from collections.abc import Callable
from typing import Final

from scim_conformance.client.client import ScimClient
from scim_conformance.client.features import Features
from scim_conformance.idp import cases, directory
from scim_conformance.idp.cases import Person
from scim_conformance.idp.mapping import Mapping, Object
from scim_conformance.idp.provisioning import Provisioning, Step

_BEFORE: Final = {
    "again": "created",
    "touched": "again",
    "changed": "touched",
    "switched": "changed",
    "cleared": "switched",
}
"""The rounds of the one person, each with the round before it; other names are locales, `long` and `missing`."""


class Rounds:
    """Goes through the rounds of each mapping and kind of object, and remembers them.

    `leader` gives the id of a manager by name, None where none can be made; `mark` invents the run's own part of names.
    """

    def __init__(
        self, scim: ScimClient, features: Features, leader: Callable[[str], str | None], mark: Callable[[], str]
    ) -> None:
        self._scim, self._features, self._leader, self._mark = scim, features, leader, mark
        self._known: dict[tuple[str, Object, str], tuple[Step, int, int]] = {}
        self._ways: dict[tuple[str, Object], Provisioning] = {}

    def way(self, mapping: Mapping, kind: Object) -> Provisioning:
        """Return how objects of a kind are provisioned by a mapping."""
        key = (mapping.name, kind)
        if key not in self._ways:
            self._ways[key] = Provisioning(self._scim, self._features, mapping, kind, self._leader)
        return self._ways[key]

    def step(self, mapping: Mapping, kind: Object, name: str) -> Step:
        """Return a round; its exchanges are evidence for the check that asks."""
        step, begun, ended = self._round(mapping, kind, name)
        self._scim.recall_exchanges(self._scim.exchanges[begun:ended])
        return step

    def _round(self, mapping: Mapping, kind: Object, name: str) -> tuple[Step, int, int]:
        key = (mapping.name, kind, name)
        if key not in self._known:
            before = self._round(mapping, kind, _BEFORE[name])[0] if name in _BEFORE else None
            begun = self._scim.count
            step = self._made(mapping, kind, name, before)
            self._known[key] = (step, begun, self._scim.count)
        return self._known[key]

    def _made(self, mapping: Mapping, kind: Object, name: str, before: Step | None) -> Step:
        way = self.way(mapping, kind)
        if before is None:
            person = self._first(mapping, kind, name)
            step = way.create(self._referring(mapping, person))
            if name != "long" or not step.trouble:
                return step
            # Nobody can be created with long names: somebody with short ones gets them one by one.
            short = self._referring(mapping, cases.plain(mapping, kind, self._mark()))
            return way.update(way.create(short), directory.lengthened(short))
        if name == "again":
            return way.again(before)
        if name == "touched":
            person = cases.touched(mapping, kind, dict(before.person))[0]
        elif name == "changed":
            person = cases.changed(mapping, kind, dict(before.person), _mark_of(before))
        elif name == "switched":
            person = cases.switched(mapping, dict(before.person))
        else:
            person = cases.emptied(mapping, kind, self._in_use(mapping, before))
        return way.update(before, self._referring(mapping, person))

    def _first(self, mapping: Mapping, kind: Object, name: str) -> Person:
        mark = self._mark()
        if name == "created":
            return {**cases.plain(mapping, kind, mark), "mark": mark}
        locale = "en_US" if name in ("long", "missing") else name
        person = cases.plain(mapping, kind, mark, locale)
        # To whom these people refer says nothing about their names, and would cost two requests each.
        person = {each: value for each, value in person.items() if each not in ("manager", "managerId", "members")}
        if name == "long":
            person = directory.lengthened(person)
        elif name == "missing":
            person = cases.emptied(mapping, kind, person)
        return {**person, "mark": mark}

    def _in_use(self, mapping: Mapping, before: Step) -> Person:
        name, on = ("accountEnabled", True) if mapping.idp == "entra" else ("status", "ACTIVE")
        return {**before.person, name: on}

    def _referring(self, mapping: Mapping, person: Person) -> Person:
        """Write into an Okta profile the id that the manager has in the application, as an administrator would."""
        if mapping.idp == "okta" and person.get("managerId") in cases.LEADERS:
            return {**person, "managerId": self._leader(person["managerId"])}
        return person


def _mark_of(step: Step) -> str:
    return str(step.person.get("mark", ""))
