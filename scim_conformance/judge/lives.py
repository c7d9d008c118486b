"""What is generated for properties: lives of resources, written by a state machine and checked against its model.

The machine only writes programs: what it does next depends on its model, never on an answer. A program is carried out
when it is complete, so that one that is known, or that begins as a failing one did, costs no request.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from scim_conformance.judge.properties import Search, key_of

TEXTS: Final = ("Clerk", "Manager", "Zo\u00eb \U0001f600")
_MOST_ALIVE: Final = 2


@dataclass(frozen=True)
class Deed:
    """One step: what is done, to which resource (numbered as they are made), and with what text."""

    kind: str
    which: int
    text: str = ""


Program = tuple[Deed, ...]
Trial = Callable[[Program], int | None]
"""Carries a program out and raises what a step of it broke; told by `Broke`, which step that was."""


class Lives:
    """Tries programs, each from its start; one that begins like a program that failed has failed."""

    def __init__(self, search: Search, perform: Callable[[Program, Callable[[int], None]], None]) -> None:
        self._search = search
        self._perform = perform
        self._failing: list[Program] = []

    def attempt(self, program: Program) -> None:
        """Try a program; `perform` is told how to say which step it is at."""
        for begun in self._failing:
            if program[: len(begun)] == begun:
                program = begun
        reached = [0]

        def trial() -> None:
            reached[0] = 0
            self._perform(program, lambda step: reached.__setitem__(0, step))

        try:
            self._search.attempt(key_of(program), trial)
        except Exception:
            if program[: reached[0] + 1] not in self._failing:
                self._failing.append(program[: reached[0] + 1])
            raise


def lives(trials: Lives, *, patches: bool, finds: bool) -> type[RuleBasedStateMachine]:  # noqa: C901 - one class
    """Return a machine that creates, replaces, modifies, reads, finds and deletes up to two resources at a time.

    It has one rule, for Hypothesis leaves some rules out of every program, of which there are few here. Each program
    ends in two changes, a search, a deletion and a creation, and in a look at everything that it made.
    """
    kinds = [
        "idle",
        "replace",
        "read",
        "create",
        "delete",
        "create",
        *["modify", "modify"] * patches,
        *["find"] * finds,
    ]

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.program: list[Deed] = []
            self.alive: list[int] = []
            self.gone: list[int] = []
            self.texts: dict[int, str] = {}

        @rule(kind=st.sampled_from(kinds), which=st.integers(0, 3), text=st.sampled_from(TEXTS))
        def act(self, kind: str, which: int, text: str) -> None:
            """Do something that the model has a place for; the simplest is to do nothing."""
            if kind != "idle":
                self.do(kind, which, text)

        def do(self, kind: str, which: int, text: str) -> None:
            if not self.alive or (kind == "create" and len(self.alive) < _MOST_ALIVE):
                self.alive.append(len(self.alive) + len(self.gone))
                self.write(Deed("create", self.alive[-1], text))
            elif kind in ("read", "create"):
                everything = [*self.alive, *self.gone]
                self.program.append(Deed("read", everything[which % len(everything)]))
            elif kind == "find":
                self.program.append(Deed("find", 0, text))
            elif kind == "delete":
                self.gone.append(self.alive.pop(which % len(self.alive)))
                self.program.append(Deed("delete", self.gone[-1]))
            else:
                self.write(Deed(kind, self.alive[which % len(self.alive)], text))

        def write(self, deed: Deed) -> None:
            deed = replace(deed, text=_another(deed.text, self.texts.get(deed.which, "")))
            self.program.append(deed)
            self.texts[deed.which] = deed.text

        def teardown(self) -> None:
            if self.program and self.alive:
                self.write(Deed("modify" if patches else "replace", self.alive[0], TEXTS[0]))
                self.write(Deed("replace", self.alive[0], TEXTS[2]))
                self.program.append(Deed("find" if finds else "read", 0 if finds else self.alive[0], TEXTS[2]))
                self.gone.append(self.alive.pop(0))
                self.program.append(Deed("delete", self.gone[-1]))
                self.alive.append(len(self.alive) + len(self.gone))
                self.write(Deed("create", self.alive[-1], TEXTS[1]))
            look = [Deed("read", each) for each in [*self.alive, *self.gone]]
            sought = sorted({self.texts[each] for each in [*self.alive[:1], *self.gone[-1:]]}) if finds else []
            _carried_out(trials, [*self.program, *look, *(Deed("find", 0, text) for text in sought)])

    return Machine


def versions(trials: Lives, *, patches: bool) -> type[RuleBasedStateMachine]:
    """Return a machine that reads one resource, and changes it with its current version or with an outdated one."""
    kinds = ["idle", "read", "replace", "stale replace", *["modify", "stale modify", "modify"] * patches]

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.program: list[Deed] = []
            self.text = ""

        @rule(kind=st.sampled_from(kinds), text=st.sampled_from(TEXTS))
        def act(self, kind: str, text: str) -> None:
            """Do something; the simplest is to do nothing."""
            if kind in ("replace", "modify"):
                self.text = text = _another(text, self.text)
            if kind != "idle":
                self.program.append(Deed(kind, 0, "" if kind == "read" else text))

        def teardown(self) -> None:
            _carried_out(trials, self.program)

    return Machine


def _another(text: str, present: str) -> str:
    """Return a text that is not the present one: what a write without change does is another matter."""
    return text if text != present else TEXTS[(TEXTS.index(text) + 1) % len(TEXTS)]


def _carried_out(trials: Lives, program: Sequence[Deed]) -> None:
    if program and sys.exc_info()[0] is None:  # else Hypothesis gave the program up while it was written
        trials.attempt(tuple(program))
