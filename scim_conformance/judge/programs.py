"""What is generated for properties: programs of PATCH operations, of which the model knows where they lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from hypothesis import strategies as st

from scim_conformance.client.features import Attribute
from scim_conformance.judge.filters import And, Comparison, Filter
from scim_conformance.judge.patching import Open, Step, after
from scim_conformance.judge.strategies import Shape


@dataclass(frozen=True)
class Program:
    """The operations of one PATCH request, the state that they must lead to, and perhaps one that must be refused."""

    steps: tuple[Step, ...]
    result: Mapping[str, Any]
    wrong: Mapping[str, Any] | None = None
    at: int = 0

    def operations(self) -> list[dict[str, Any]]:
        """Return the operations as they are sent."""
        sent = [step.to_json() for step in self.steps]
        return [*sent[: self.at], dict(self.wrong), *sent[self.at :]] if self.wrong is not None else sent


_LONGEST_PROGRAM: Final = 16


@st.composite
def programs(
    draw: Any, known: Sequence[Shape], start: Mapping[str, Any], wrong: Sequence[Mapping[str, Any]]
) -> Program:
    """Generate a program of up to sixteen operations on a state; one of the `wrong` ones, if any, is put among them."""
    by_path = {shape.path: shape.attribute for shape in known}
    steps: list[Step] = []
    state: Mapping[str, Any] = dict(start)
    for _ in range(_LONGEST_PROGRAM):
        if draw(st.integers(0, 14)) == 0:  # the simplest program is the one that ends at once
            break
        step = draw(_steps(known, state))
        try:
            state = after(state, step, by_path)
        except Open:
            continue
        steps.append(step)
    if not wrong:
        return Program(tuple(steps), state)
    refused = draw(st.sampled_from(list(wrong)))
    return Program(tuple(steps), dict(start), refused, len(steps) - draw(st.integers(0, len(steps) // 2)))


@st.composite
def _steps(draw: Any, known: Sequence[Shape], state: Mapping[str, Any]) -> Step:
    # Elements, which have most rules, come up most.
    shape = draw(st.sampled_from([each for each in known for _ in range(3 if each.attribute.multi_valued else 1)]))
    attribute = shape.attribute
    if attribute.multi_valued and attribute.type == "complex":
        return cast("Step", draw(_steps_on_elements(shape, state.get(shape.path) or [])))
    if attribute.type == "complex":
        return cast("Step", draw(_steps_on_complex(shape, state.get(shape.path) or {})))
    op = draw(st.sampled_from(["replace", "add", "remove", "without path"]))
    if op == "remove":
        return Step("remove", attribute)
    if op == "without path":
        several = [each for each in known if each.attribute.type != "complex"]
        chosen = draw(st.lists(st.sampled_from(several), min_size=1, max_size=3, unique_by=lambda each: each.path))
        return Step(draw(st.sampled_from(["replace", "add"])), None, {each.path: draw(each.values) for each in chosen})
    return Step(op, attribute, draw(shape.values))


@st.composite
def _steps_on_complex(draw: Any, shape: Shape, value: Mapping[str, Any]) -> Step:
    kind = draw(st.sampled_from(["replace", "add", "sub", "remove sub", "remove"]))
    attribute = shape.attribute
    if kind in ("replace", "add"):
        return Step(kind, attribute, draw(shape.values))
    if kind == "sub":
        name, new = draw(st.sampled_from(sorted(draw(shape.values).items(), key=str)))
        return Step(draw(st.sampled_from(["replace", "add"])), attribute, new, sub=name)
    removable = sorted(name for name in value if not _is_required(attribute, name))
    if kind == "remove sub" and removable:
        return Step("remove", attribute, sub=draw(st.sampled_from(removable)))
    return Step("remove", attribute)


@st.composite
def _steps_on_elements(draw: Any, shape: Shape, elements: Sequence[Mapping[str, Any]]) -> Step:
    attribute = shape.attribute
    kinds = ["add", "replace", "remove"]
    if elements:
        kinds += ["change sub", "primary", "change", "remove some", "primary", "remove sub"]
    kind = draw(st.sampled_from(kinds))
    if kind in ("add", "replace"):
        return Step(kind, attribute, draw(shape.values))
    if kind == "remove":
        return Step("remove", attribute)
    element = draw(st.sampled_from(list(elements)))
    where = draw(_choosing(element))
    if kind == "remove some":
        return Step("remove", attribute, where=where)
    if kind == "primary":
        return Step(draw(st.sampled_from(["replace", "add"])), attribute, True, where, "primary")
    if kind == "remove sub":
        names = [n for n in element if n not in ("value", "type", "primary") and not _is_required(attribute, n)]
        return Step("remove", attribute, where=where, sub=draw(st.sampled_from(sorted(names) or ["display"])))
    other = draw(shape.values)[0]
    if kind == "change":
        return Step("replace", attribute, {**element, **other}, where)
    name, new = draw(st.sampled_from(sorted(other.items(), key=str)))
    return Step(draw(st.sampled_from(["replace", "add"])), attribute, new, where, name)


@st.composite
def _choosing(draw: Any, element: Mapping[str, Any]) -> Filter:
    """Generate a filter that chooses an element, by one sub-attribute or by two."""
    conditions = [Comparison(name, "eq", value) for name, value in element.items() if isinstance(value, str)]
    first = draw(st.sampled_from(conditions or [Comparison("primary", "eq", True)]))
    if len(conditions) > 1 and draw(st.booleans()):
        second = draw(st.sampled_from([each for each in conditions if each is not first]))
        return And((first, second))
    return cast("Filter", first)


def _is_required(attribute: Attribute, name: str) -> bool:
    return any(sub.name == name and sub.required for sub in attribute.sub_attributes)


def wrong_operations(attribute: Attribute, naming: str) -> list[dict[str, Any]]:
    """Return operations that have to be refused; `attribute` is a text that clients may change."""
    return [
        {"op": "remove"},
        {"op": "remove", "path": naming},
        {"op": "move", "path": attribute.path, "value": "x"},
        {"op": "add", "path": attribute.path},
        {"op": "replace", "path": attribute.path, "value": {"a": {"b": "c"}}},
        {"op": "replace", "path": f"{attribute.path}[", "value": "x"},
        {"path": attribute.path, "value": "x"},
    ]
