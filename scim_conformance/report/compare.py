"""Two reports side by side: what broke, what was mended, what came and went."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from scim_conformance.report.model import CheckResult, Report
from scim_conformance.report.text import counted, one_line

WAIVED = "waived"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One check in both reports; `old` or `new` is empty where it is not in that one."""

    id: str
    old: str
    new: str
    requirements: tuple[str, ...]
    message: str

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON members."""
        return {
            "check": self.id,
            "old": self.old or None,
            "new": self.new or None,
            "requirements": list(self.requirements),
            "message": self.message,
        }


@dataclass(slots=True)
class Comparison:
    """What differs between an old and a new report; every list is sorted by check."""

    new_fails: list[Change] = field(default_factory=list)
    """Checks that fail now and did not before, whether they were there or not."""
    fixed: list[Change] = field(default_factory=list)
    """Checks that failed, waived or not, and now were judged and did not."""
    still_failing: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    """Checks whose verdict is another one for any other reason."""
    new_checks: list[Change] = field(default_factory=list)
    removed_checks: list[Change] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    """Why the two may not be comparable: another target, other profiles, another version of the tool."""

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON members."""
        members = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "differences"}
        lists = {name: [change.to_json() for change in changes] for name, changes in members.items()}
        return {"differences": self.differences} | lists


def compare(old: Report, new: Report) -> Comparison:
    """Return what the new report says differently."""
    comparison = Comparison(differences=list(_differences(old, new)))
    before = {check.id: check for check in old.checks}
    after = {check.id: check for check in new.checks}
    for name in sorted(before.keys() | after.keys()):
        change = _change(before.get(name), after.get(name))
        if change is not None:
            _file(comparison, change)
    return comparison


def _change(old: CheckResult | None, new: CheckResult | None) -> Change | None:
    shown = new or old
    if shown is None:
        return None
    return Change(shown.id, _state(old), _state(new), tuple(shown.requirements), shown.message)


def _state(check: CheckResult | None) -> str:
    if check is None:
        return ""
    return WAIVED if check.verdict == "fail" and check.waived is not None else check.verdict


def _file(comparison: Comparison, change: Change) -> None:
    """Put a change where it belongs: a check that is new and fails belongs to the new fails alone."""
    if change.new == "fail":
        (comparison.still_failing if change.old == "fail" else comparison.new_fails).append(change)
    elif not change.new:
        comparison.removed_checks.append(change)
    elif not change.old:
        comparison.new_checks.append(change)
    elif change.old in ("fail", WAIVED) and change.new in ("pass", "warn", "note"):
        comparison.fixed.append(change)
    elif change.old != change.new:
        comparison.changed.append(change)


def _differences(old: Report, new: Report) -> Iterator[str]:
    pairs = (
        ("target", old.target, new.target),
        ("set of profiles", ", ".join(sorted(old.profiles)), ", ".join(sorted(new.profiles))),
        ("tool", " ".join(old.tool.values()), " ".join(new.tool.values())),
    )
    for name, before, after in pairs:
        if before != after:
            yield f"The {name} differs: {one_line(before)} before, {one_line(after)} now."


def render(comparison: Comparison) -> str:
    """Return the comparison as text for a terminal."""
    parts: list[list[str]] = [comparison.differences]
    sections: tuple[tuple[str, list[Change]], ...] = (
        ("New fails", comparison.new_fails),
        ("Fixed", comparison.fixed),
        ("Still failing", comparison.still_failing),
        ("Changed verdicts", comparison.changed),
        ("New checks", comparison.new_checks),
        ("Removed checks", comparison.removed_checks),
    )
    for title, changes in sections:
        if changes:
            parts.append([f"{title} ({len(changes)}):", *_listed(changes)])
    parts.append([_end(comparison)])
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _listed(changes: list[Change]) -> Iterator[str]:
    """Yield the changes; of those that fail nothing is left out."""
    shown = changes if any(change.new == "fail" for change in changes) else changes[:_SHOWN]
    for change in shown:
        yield from _lines(change)
    if len(changes) > len(shown):
        yield f"  ... and {len(changes) - len(shown)} more; --json names them all"


def _lines(change: Change) -> Iterator[str]:
    verdicts = " -> ".join(verdict for verdict in (change.old, change.new) if verdict)
    requirements = f"  {', '.join(change.requirements)}" if change.requirements else ""
    yield f"  {one_line(change.id)}  [{verdicts}]{requirements}"
    if change.message and change.new in ("fail", "error"):
        yield f"      {one_line(change.message, 200)}"


def _end(comparison: Comparison) -> str:
    numbers = (
        counted(len(comparison.new_fails), "new fail"),
        f"{len(comparison.fixed)} fixed",
        f"{len(comparison.still_failing)} still failing",
        f"{len(comparison.changed)} changed otherwise",
        counted(len(comparison.new_checks), "new check"),
        counted(len(comparison.removed_checks), "removed check"),
    )
    return ", ".join(numbers) + "."
