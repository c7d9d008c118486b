"""Waivers: recorded, reasoned, expiring permissions for known fails, kept in a TOML file.

```toml
[[waiver]]
check = "lifecycle/test_delete.py::test_delete_answers_204[User]"   # without [User]: every parameter of it
# or: requirement = "RFC7644-3.6-02"
reason = "Version 4 of the server mends it."
owner = "directory team"
expires = 2027-03-31    # the last day on which it holds
```
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from scim_conformance.report.model import JUDGED, CheckResult

_KEYS = ("check", "requirement", "reason", "owner", "expires")
_TABLE = re.compile(r"^\s*\[\[\s*waiver\s*\]\]", re.MULTILINE)
_SAMPLE = "[[waiver]] with `check` or `requirement`, and `reason`, `owner` and `expires`"


class BadWaivers(Exception):  # noqa: N818 - it says what it is
    """A waiver file cannot be used; the text names every mistake with its place, one a line."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """The permission for one check, all parameters of a check, or one requirement to fail until a day."""

    reason: str
    owner: str
    expires: date
    check: str = ""
    requirement: str = ""
    line: int = 0

    @property
    def subject(self) -> str:
        """What is waived."""
        return self.check or self.requirement

    @property
    def exact(self) -> bool:
        """Whether it is about one check alone, so that one result decides whether it is needed."""
        return self.check.endswith("]")

    def covers(self, check: str, requirements: Iterable[str]) -> bool:
        """Whether it is about this check."""
        if self.requirement:
            return self.requirement in requirements
        return check == self.check or check.startswith(self.check + "[")

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires

    def to_json(self) -> dict[str, str]:
        """Return what a report says of it."""
        return {"reason": self.reason, "owner": self.owner, "expires": self.expires.isoformat()}


@dataclass(frozen=True, slots=True)
class Waivers:
    """All waivers of a run."""

    waivers: tuple[Waiver, ...] = ()
    path: Path | None = None

    @classmethod
    def load(cls, path: Path) -> "Waivers":
        """Read a waiver file; raise `BadWaivers` with every mistake in it."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise BadWaivers(f"The waiver file {path} cannot be read: {reason}.") from None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadWaivers(f"The waiver file {path} is not TOML: {error}.") from None
        return cls(tuple(_Reader(path, text).waivers(data)), path)

    def match(self, check: str, requirements: Sequence[str], today: date | None = None) -> Waiver | None:
        """Return the waiver that lets this check fail today, the most particular one, or None.

        Ask it for a check whose verdict is fail: nothing else can be waived.
        """
        day = today or datetime.now(UTC).date()
        holding = [w for w in self.waivers if w.covers(check, requirements) and not w.expired(day)]
        return min(holding, key=lambda w: (w.check != check, not w.check), default=None)

    def problems(self, results: Iterable[CheckResult], today: date, *, partial: bool = False) -> list[str]:
        """Return a sentence for each waiver that expired though it is needed, or is no longer needed.

        A waiver whose checks were not selected, or could not be judged, is no problem. Of a `partial` run (a choice
        of checks) only waivers of one exact check can be called unneeded: the others' checks may not have been chosen.
        """
        every = list(results)
        sentences = (self._problem(waiver, every, today, partial=partial) for waiver in self.waivers)
        return [sentence for sentence in sentences if sentence]

    def _problem(self, waiver: Waiver, results: list[CheckResult], today: date, *, partial: bool) -> str:
        covered = [result for result in results if waiver.covers(result.id, result.requirements)]
        place = f"{self.path or 'waivers'}:{waiver.line}" if waiver.line else str(self.path or "waivers")
        if any(_fails(waiver, result) for result in covered):
            if not waiver.expired(today):
                return ""
            return (
                f"{place}: the waiver of {waiver.subject} expired on {waiver.expires} and it still fails: "
                f"mend the target, or agree on a new date with its owner, {waiver.owner}."
            )
        judged = [result for result in covered if result.verdict != "skip"]
        sure = waiver.exact or not partial
        if not judged or not sure or any(result.verdict not in JUDGED for result in judged):
            return ""
        return f"{place}: the waiver of {waiver.subject} is no longer needed, as nothing it covers fails: delete it."


def _fails(waiver: Waiver, result: CheckResult) -> bool:
    if waiver.requirement:
        return result.verdict_on(waiver.requirement) == "fail"
    return result.verdict == "fail"


class _Reader:
    """Turns the tables of one file into waivers, gathering mistakes with their lines."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = [text.count("\n", 0, match.end()) + 1 for match in _TABLE.finditer(text)]
        self._mistakes: list[str] = []

    def waivers(self, data: dict[str, Any]) -> list[Waiver]:
        for key in data:
            if key != "waiver":
                self._mistake(0, f"unknown table `{key}`{_closest(key, ['waiver'])}: the file holds {_SAMPLE}")
        tables = data.get("waiver", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._mistake(0, f"`waiver` has to be a list of tables: write {_SAMPLE}")
            tables = []
        lines = self._lines if len(self._lines) == len(tables) else [0] * len(tables)
        found = [self._waiver(table, line) for table, line in zip(tables, lines, strict=True)]
        self._refuse_twins([waiver for waiver in found if waiver])
        if self._mistakes:
            raise BadWaivers("\n".join(self._mistakes))
        return [waiver for waiver in found if waiver]

    def _mistake(self, line: int, text: str) -> None:
        place = f"{self._path}:{line}" if line else str(self._path)
        self._mistakes.append(f"{place}: {text}.")

    def _waiver(self, table: dict[str, Any], line: int) -> Waiver | None:
        before = len(self._mistakes)
        for key in table:
            if key not in _KEYS:
                self._mistake(line, f"unknown key `{key}`{_closest(key, _KEYS)}")
        if ("check" in table) == ("requirement" in table):
            self._mistake(line, "a waiver names either a `check` or a `requirement`")
        texts = {name: self._text(table, name, line) for name in ("reason", "owner")}
        texts |= {name: self._text(table, name, line) for name in ("check", "requirement") if name in table}
        expires = self._expires(table, line)
        if expires is None or len(self._mistakes) > before:
            return None
        return Waiver(expires=expires, line=line, **texts)

    def _text(self, table: dict[str, Any], name: str, line: int) -> str:
        value = table.get(name)
        if value is None:
            self._mistake(line, f"`{name}` is missing")
        elif not isinstance(value, str) or not value.strip():
            self._mistake(line, f"`{name}` has to be a text that says something")
        elif name == "check" and "::" not in value:
            self._mistake(
                line, f"`check` has to be the id of a check, such as lifecycle/test_delete.py::test_gone, not {value!r}"
            )
        else:
            return value.strip()
        return ""

    def _expires(self, table: dict[str, Any], line: int) -> date | None:
        value = table.get("expires")
        if value is None:
            self._mistake(line, "`expires` is missing: give the last day on which the waiver holds")
            return None
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                value = repr(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._mistake(line, f"`expires` has to be a day such as 2027-03-31, not {value}")
        return None

    def _refuse_twins(self, waivers: list[Waiver]) -> None:
        seen: dict[str, Waiver] = {}
        for waiver in waivers:
            if waiver.subject in seen:
                first = seen[waiver.subject].line
                self._mistake(
                    waiver.line, f"{waiver.subject} is waived twice" + (f", first in line {first}" if first else "")
                )
            seen.setdefault(waiver.subject, waiver)


def _closest(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, known, 1, 0.5)
    return f", did you mean `{near[0]}`?" if near else ""
