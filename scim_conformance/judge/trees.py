"""What is generated for properties: trees of filters over a population whose values are known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from scim_conformance.client.features import Attribute
from scim_conformance.judge.filters import And, Comparison, Filter, FilterSchema, Not, Or, Present, ValuePath
from scim_conformance.judge.operators import Answer, any_of, negation

_DEEPEST: Final = 2
_SHORTEST: Final = 2
_MOST_PAIRS: Final = 4
_MOST_VALUES: Final = 4
_WIDEST: Final = 3


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


class Part(NamedTuple):
    """A filter, and whom of the population it finds."""

    filter: Filter
    found: tuple[Answer, ...]


def trees(
    known: Sequence[Known],
    bracketed: Mapping[str, Sequence[Known]],
    population: Sequence[Mapping[str, Any]],
    schema: FilterSchema,
) -> list[SearchStrategy[Filter]]:
    """Generate filters, in several kinds, that tell the population apart, and of which every part counts.

    `bracketed` are the sub-attributes of the attributes with elements.
    """

    def part(filter_: Filter) -> Part:
        return Part(filter_, tuple(filter_.matches(each, schema) for each in population))

    alone = [
        *_comparisons(known),
        *(ValuePath(path, each) for path, inner in bracketed.items() for each in _inner(inner)),
    ]
    table = [each for each in map(part, alone) if _tells([each.found])]
    deep_and, deep_or, flat_and, flat_or = (
        _joined(table, depth, conjunction=kind) for depth in (_DEEPEST, 1) for kind in (True, False)
    )
    both, either = (st.sampled_from(_in_brackets(table, kind) or table) for kind in (And, Or))
    kinds = [deep_or, flat_and, deep_and.map(_negated), either, flat_or, both, deep_or.map(_negated)]
    return [kind.map(lambda each: each.filter) for kind in kinds]


def _in_brackets(table: Sequence[Part], kind: type[And] | type[Or]) -> list[Part]:
    """Return the filters in square brackets that join two conditions one way, and find others than the other way."""
    found = {each.filter: each.found for each in table if isinstance(each.filter, ValuePath)}
    other = Or if kind is And else And
    return [
        Part(filter_, answers)
        for filter_, answers in found.items()
        if isinstance(filter_, ValuePath)
        and isinstance(filter_.part, kind)
        and found.get(ValuePath(filter_.path, other(filter_.part.parts))) != answers
    ]


def _comparisons(known: Sequence[Known]) -> Iterator[Filter]:
    """Yield comparisons with every value of every place, with its parts, and in another letter case."""
    for place in known:
        yield Present(place.path)
        for value in place.values:
            if isinstance(value, bool):
                yield Comparison(place.path, "eq", value)
                continue
            middle = value[1 : 1 + _SHORTEST].strip() or value
            words = {"eq": value, "ne": value, "sw": value[:_SHORTEST].strip(), "ew": value[-1:], "co": middle,
                     "gt": value, "le": value}  # fmt: skip
            for operator, wanted in words.items():
                yield Comparison(place.path, operator, wanted)
                if wanted.isascii():
                    yield Comparison(place.path, operator, wanted.swapcase())


def _inner(known: Sequence[Known]) -> Iterator[Filter]:
    """Yield filters for square brackets: one condition, one denied, and two joined."""
    few = [Known(place.path, place.values[:_MOST_VALUES]) for place in known]
    alone = list(_comparisons(few))
    yield from alone
    equal = [each for each in alone if isinstance(each, Comparison) and each.operator in ("eq", "ew")]
    yield from (Not(each) for each in equal)
    for number, first in enumerate(equal):
        others = [each for each in equal[number + 1 :] if each.path != first.path]
        for second in others[:_MOST_PAIRS]:
            yield And((first, second))
            yield Or((first, second))


def _together(parts: Sequence[tuple[Answer, ...]], *, conjunction: bool) -> tuple[Answer, ...]:
    if not conjunction:
        return tuple(any_of(each) for each in zip(*parts, strict=True))
    return tuple(negation(any_of(map(negation, each))) for each in zip(*parts, strict=True))


def _tells(parts: Sequence[tuple[Answer, ...]], *, conjunction: bool = True) -> bool:
    """Tell whether parts, joined, find some of the population and not all, and others when any of them is left out."""
    found = _together(parts, conjunction=conjunction)
    if not {True, False} <= set(found):
        return False
    rests = [[*parts[:number], *parts[number + 1 :]] for number in range(len(parts))] if len(parts) > 1 else []
    return all(_together(rest, conjunction=conjunction) != found for rest in rests)


def _negated(part: Part) -> Part:
    return Part(Not(part.filter), tuple(map(negation, part.found)))


@st.composite
def _joined(draw: Any, table: Sequence[Part], depth: int, *, conjunction: bool) -> Part:
    """Join up to three parts, each of which counts: comparisons, or what is joined the other way."""
    parts: list[Part] = []
    kinds = {each.found for each in table}

    def counts(found: tuple[Answer, ...]) -> bool:
        return _tells([*(each.found for each in parts), found], conjunction=conjunction)

    for _ in range(_WIDEST):
        kind = (
            draw(st.sampled_from(["leaf", "denied", "joined", "denied", "joined and denied"])) if depth > 1 else "leaf"
        )
        if "joined" in kind:
            part = draw(_joined(table, depth - 1, conjunction=not conjunction))
        else:
            right = {found for found in kinds if counts(found)}
            # Who decides about few leaves something to the other parts.
            modest = {found for found in right if found.count(not conjunction) <= len(found) // _WIDEST}
            pool = [each for each in table if each.found in (modest or right)]
            if not pool:
                break
            part = draw(st.sampled_from(pool))
        part = _negated(part) if "denied" in kind and not isinstance(part.filter, Not) else part
        if counts(part.found):
            parts.append(part)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        alone: Part = draw(st.sampled_from(list(table)))
        return alone
    filters = tuple(each.filter for each in parts)
    found = _together([each.found for each in parts], conjunction=conjunction)
    return Part(And(filters) if conjunction else Or(filters), found)
