"""The attribute mappings of a run, and the checks multiplied by their rows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scim_conformance.config import BadConfiguration
from scim_conformance.session.served import plain_id

if TYPE_CHECKING:
    import pytest

    from scim_conformance.config import Options
    from scim_conformance.idp.mapping import Mapping
    from scim_conformance.session.session import Session

OF_PROFILES = {"entra": ("entra",), "okta": ("okta",), "mapping": ("entra", "okta")}
"""The shipped mappings that a profile judges by, where the operator names no file."""
JUDGED_BY = "mapping"
"""The profile of a run that names a mapping and no profile."""


def chosen(options: "Options", profiles: Iterable[str]) -> "tuple[Mapping, ...]":
    """Return the mappings of a run: that of --mapping, else those of its profiles. Raises BadConfiguration."""
    from scim_conformance.idp.mapping import BadMapping, load, shipped  # noqa: PLC0415 - only runs with mappings pay

    names = dict.fromkeys(name for profile in profiles for name in OF_PROFILES.get(profile, ()))
    try:
        if options.mapping:
            return (load(options.mapping),)
        return tuple(shipped(name) for name in names)
    except BadMapping as problem:
        raise BadConfiguration(str(problem)) from None


def parametrize(metafunc: "pytest.Metafunc", session: "Session | None") -> None:
    """Multiply a check by the rows that its question is about; by none where the run judges no mapping."""
    from scim_conformance.idp.cases import FIXTURES, cases  # noqa: PLC0415 - only runs with mappings pay

    for name in FIXTURES:
        if name in metafunc.fixturenames:
            found: list[Any] = list(cases(session.mappings, name)) if session and session.mappings else []
            metafunc.parametrize(name, found, ids=[plain_id(case.id) for case in found])
