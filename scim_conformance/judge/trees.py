"""What is generated for properties: trees of filters over a population whose values are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from scim_conformance.client.features import Attribute
from scim_conformance.judge.filters import And, Comparison, Filter, Not, Or, Present, ValuePath

_DEEPEST: Final = 3
_SHORTEST: Final = 2


@dataclass(frozen=True)
class Known:
    """A path that filters may speak of, and the values that the population has there."""

    path: str
    values: tuple[Any, ...]

    @property
    def within(self) -> "Known":
        """The same place as it is named inside the square brackets behind its attribute."""
        return Known(self.path.rpartition(".")[2], self.values)


def known_places(attributes: Sequence[Attribute], population: Sequence[Mapping[str, Any]]) -> list[Known]:
    """Return the places of these attributes, sub-attributes by name, with the values that the resources have there."""
    found = []
    for attribute in attributes:
        holders = [resource.get(attribute.schema) or {} for resource in population]
        values = [holder.get(attribute.name) for holder in holders] if attribute.path != attribute.name else []
        values = values or [resource.get(attribute.name) for resource in population]
        if attribute.type != "complex":
            found.append(Known(attribute.path, _distinct(values)))
            continue
        elements = [each for value in values for each in (value if isinstance(value, list) else [value]) if each]
        for sub in attribute.sub_attributes:
            inner = _distinct(element.get(sub.name) for element in elements)
            if inner:
                found.append(Known(sub.path, inner))
    return [each for each in found if each.values]


def _distinct(values: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for value in values if isinstance(value, (str, bool))))


def trees(known: Sequence[Known], bracketed: Mapping[str, Sequence[Known]]) -> SearchStrategy[Filter]:
    """Generate filters of up to three levels; `bracketed` are the sub-attributes of the attributes with elements."""
    return _tree(tuple(known), tuple(bracketed.items()), _DEEPEST)


@st.composite
def _tree(draw: Any, known: Any, bracketed: Any, depth: int) -> Filter:
    kinds = ["leaf", *(["and", "or", "not", "and", "or"] if depth else []), *(["brackets"] if bracketed else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "brackets":
        path, inner = draw(st.sampled_from(bracketed))
        return ValuePath(path, draw(_tree(tuple(inner), (), 1)))
    if kind == "leaf":
        leaf: Filter = draw(_leaf(known))
        return leaf
    if kind == "not":
        return Not(draw(_tree(known, bracketed, depth - 1)))
    parts = tuple(draw(_tree(known, bracketed, depth - 1)) for _ in range(draw(st.integers(2, 3))))
    return And(parts) if kind == "and" else Or(parts)


@st.composite
def _leaf(draw: Any, known: Sequence[Known]) -> Filter:
    place = draw(st.sampled_from(list(known)))
    value = draw(st.sampled_from(list(place.values)))
    if isinstance(value, bool):
        return Comparison(place.path, "eq", draw(st.booleans()))
    operator = draw(st.sampled_from(["eq", "sw", "co", "ew", "ne", "pr", "gt", "le"]))
    if operator == "pr":
        return Present(place.path)
    start = draw(st.integers(0, max(0, len(value) - _SHORTEST)))
    parts = {"sw": value[: start + 1], "ew": value[start:], "co": value[start : start + _SHORTEST]}
    wanted = parts.get(operator, value)
    if not wanted.strip():
        wanted = value
    return Comparison(
        place.path, operator, draw(st.sampled_from([wanted, wanted.swapcase()])) if wanted.isascii() else wanted
    )
