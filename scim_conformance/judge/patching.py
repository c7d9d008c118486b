"""A model of PATCH: the state that a program of operations must lead to (RFC 7644 section 3.5.2).

The judge's own reading of the RFC, on a state that maps the paths of attributes to their values. A step knows its
attribute, filter and sub-attribute, so that no path is ever parsed. Where the RFC, or a note on it, leaves the outcome
open (a removal that finds nothing, an element twice, a filter without match: A05, A06, A23, A34), `Open` is raised, and
no program is made of such a step.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from scim_conformance.client.features import Attribute
from scim_conformance.judge.filters import Filter, FilterSchema

State = dict[str, Any]
NOTHING: Final = object()
"""Stands for a value that an operation does not have."""


class Open(Exception):  # noqa: N818 - it says what the specifications leave the outcome
    """What a step leads to is not decided by the specifications."""


@dataclass(frozen=True)
class Step:
    """One operation; without attribute it has no path, and its value holds attributes by their paths."""

    op: str
    attribute: Attribute | None = None
    value: Any = NOTHING
    where: Filter | None = None
    sub: str = ""

    @property
    def path(self) -> str:
        """The path as it is sent, "" for none."""
        if self.attribute is None:
            return ""
        chosen = f"[{self.where.text()}]" if self.where is not None else ""
        return f"{self.attribute.path}{chosen}{f'.{self.sub}' if self.sub else ''}"

    def to_json(self) -> dict[str, Any]:
        """Return the operation as it is sent."""
        operation: dict[str, Any] = {"op": self.op}
        if self.path:
            operation["path"] = self.path
        if self.value is not NOTHING:
            operation["value"] = self.value if self.attribute is not None else _nested(self.value)
        return operation


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write attributes by path as a resource has them, those of an extension in an object of its own."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        urn, colon, name = path.rpartition(":")
        (found.setdefault(urn, {}) if colon else found)[name] = value
    return found


def outcome(state: Mapping[str, Any], steps: Sequence[Step], known: Mapping[str, Attribute]) -> State:
    """Return the state after all steps, each applied to what the one before left; `known` are attributes by path."""
    current = dict(deepcopy(dict(state)))
    for step in steps:
        current = after(current, step, known)
    return current


def after(state: Mapping[str, Any], step: Step, known: Mapping[str, Attribute]) -> State:
    """Return the state after one step; the state given in stays as it is."""
    new = deepcopy(dict(state))
    if step.attribute is not None:
        _apply(new, step, step.attribute)
        return new
    for path, value in step.value.items():
        _apply(new, Step(step.op, known[path], value), known[path])
    return new


def _apply(state: State, step: Step, attribute: Attribute) -> None:
    if attribute.multi_valued:
        _on_elements(state, step, attribute)
    elif attribute.type == "complex":
        _on_complex(state, step, attribute.path)
    elif step.op == "remove":
        _take(state, attribute.path)
    else:
        state[attribute.path] = deepcopy(step.value)
    if attribute.required and attribute.path not in state:
        raise Open(f"{attribute.path} is required, and what takes it away is refused")


def _take(holder: State, name: str) -> None:
    """Take a value away; whether taking away nothing succeeds is open (A05)."""
    if name not in holder:
        raise Open(f"{name} has no value that could be removed")
    del holder[name]


def _on_complex(state: State, step: Step, path: str) -> None:
    """Change a complex attribute with one value: the sub-attributes that are given, and no other (A32)."""
    if step.op == "remove" and not step.sub:
        _take(state, path)
        return
    value = state.setdefault(path, {})
    if step.op == "remove":
        _take(value, step.sub)
    elif step.sub:
        value[step.sub] = step.value
    else:
        value.update(deepcopy(step.value))
    if not value:
        del state[path]


def _on_elements(state: State, step: Step, attribute: Attribute) -> None:
    path = attribute.path
    if step.where is not None:
        _on_chosen(state, step, attribute, step.where)
    elif step.sub:
        raise Open("what a sub-attribute of all elements means is not said")
    elif step.op == "remove":
        _take(state, path)
    elif step.op == "replace":
        state[path] = deepcopy(step.value)
    else:
        for element in step.value:
            state.setdefault(path, []).append(deepcopy(element))
            _switch_primary(state[path], state[path][-1])
    _check_distinct(state.get(path, []))
    if not state.get(path, True):
        del state[path]


def _on_chosen(state: State, step: Step, attribute: Attribute, where: Filter) -> None:
    """Change the elements that a filter chooses; what it leads to without any is open, or another check's business."""
    elements = state.get(attribute.path, [])
    inner = FilterSchema((attribute,)).within(attribute)
    answers = [where.matches(element, inner) for element in elements]
    if None in answers or True not in answers:
        raise Open(f"{where.text()} chooses nothing, or nobody can say what")
    chosen = [element for element, answer in zip(elements, answers, strict=True) if answer]
    if step.op == "remove" and not step.sub:
        state[attribute.path] = [element for element in elements if not any(element is each for each in chosen)]
        return
    for element in chosen:
        if step.op == "remove":
            _take(element, step.sub)
        elif step.sub:
            element[step.sub] = step.value
        elif not element.keys() <= step.value.keys():
            raise Open("whether sub-attributes that are not given stay is not said")
        else:
            element.clear()
            element.update(deepcopy(step.value))
    if len(chosen) > 1 and any(element.get("primary") for element in chosen):
        raise Open("several elements would be primary")
    _switch_primary(elements, chosen[0])


def _switch_primary(elements: list[Any], changed: Any) -> None:
    """Let a new primary element be the only one (section 3.5.2)."""
    if isinstance(changed, dict) and changed.get("primary") is True:
        for element in elements:
            if element is not changed and isinstance(element, dict):
                element.pop("primary", None)


def _check_distinct(elements: Sequence[Any]) -> None:
    """Refuse elements that are alike: whether they become one is open (A23)."""
    seen = [_identity(element) for element in elements]
    if len(set(seen)) < len(seen):
        raise Open("two elements are alike")


def _identity(element: Any) -> str:
    if not isinstance(element, Mapping):
        return str(element).casefold()
    kept = {name: value for name, value in element.items() if name != "primary"}
    return str(kept.get("value", sorted(kept.items(), key=str))).casefold()
