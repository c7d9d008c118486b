"""Multiplying checks by what a target serves, with test ids that no server can spoil."""

import re
from collections.abc import Iterable

import pytest

from scim_conformance.client.features import Features, core_features

_LONGEST_ID = 80


def parametrize(metafunc: pytest.Metafunc, wanted: Iterable[str], features: Features | None) -> None:
    """Parametrise the `wanted` arguments of one check by the features at hand, else by the RFC's core schemas."""
    served = features or core_features()
    values: list[tuple[str, object]]
    for name in sorted(wanted):
        if any(name in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")):
            continue
        if name == "resource_type":
            values = [(type_.name, type_) for type_ in served.resource_types]
        elif name == "served_schema":
            values = [*sorted(served.schemas.items())]
        else:
            values = [
                (f"{type_.name}:{attribute.path}", (type_, attribute))
                for type_ in served.resource_types
                for attribute in served.attributes(type_)
            ]
        metafunc.parametrize(name, [value for _, value in values], ids=[plain_id(text) for text, _ in values])


def plain_id(text: str) -> str:
    """Return a test id made of letters, digits and `._:$-` alone, so that no server text reaches a page or a shell."""
    return re.sub(r"[^A-Za-z0-9._:$-]", "_", text)[:_LONGEST_ID] or "_"
