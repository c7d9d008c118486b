"""The expressions of identity providers, read and evaluated: Microsoft Entra's and Okta's.

`parse("entra", 'Join(" ", [givenName], [surname])').evaluate({"givenName": "Anna", "surname": "Berg"})` is "Anna Berg".
An expression that cannot be read raises BadExpression, with the column, what was found there and what is allowed; so
does one that does not work with a person's values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scim_conformance.idp.expressions import entra, entra_functions, okta, okta_functions
from scim_conformance.idp.expressions.entra_roles import stringified
from scim_conformance.idp.expressions.language import (
    IGNORED,
    BadExpression,
    Circumstances,
    Expression,
    Function,
    closest,
)

__all__ = ["IGNORED", "BadExpression", "Circumstances", "Expression", "known_functions", "parse", "stringified"]

_READERS: Final[Mapping[str, Callable[[str], Expression]]] = {"entra": entra.parse, "okta": okta.parse}
_FUNCTIONS: Final[Mapping[str, Mapping[str, Function]]] = {
    "entra": entra_functions.FUNCTIONS,
    "okta": okta_functions.FUNCTIONS,
}


def _known(dialect: str) -> str:
    if dialect not in _READERS:
        near = closest(dialect, _READERS)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(_READERS)}"
        raise ValueError(f"there is no dialect {dialect!r} of expressions; {hint}")
    return dialect


def parse(dialect: str, text: str) -> Expression:
    """Read an expression of "entra" or "okta"; raises BadExpression."""
    return _READERS[_known(dialect)](text)


def known_functions(dialect: str) -> list[str]:
    """The names of the functions that can be evaluated in a dialect."""
    return list(_FUNCTIONS[_known(dialect)])
