"""The attribute mappings of a run, and the checks multiplied by their rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scim_conformance.config import BadConfiguration, gather
from scim_conformance.session.served import plain_id

if TYPE_CHECKING:
    import pytest

    from scim_conformance.config import Options
    from scim_conformance.idp.mapping import Mapping
    from scim_conformance.session.session import Session

OF_PROFILES = {"entra": ("entra",), "okta": ("okta",), "mapping": ("entra", "okta")}
"""The shipped mappings that a profile judges by, where the operator names no file."""


def chosen(options: "Options") -> "tuple[Mapping, ...]":
    """Return the mappings of a run: that of --mapping, else those of its profiles. Raises BadConfiguration."""
    names = dict.fromkeys(name for profile in options.profile for name in OF_PROFILES.get(profile, ()))
    if not (options.mapping or names):
        return ()
    from scim_conformance.idp.mapping import BadMapping, load, shipped  # noqa: PLC0415 - only runs with mappings pay

    try:
        if options.mapping:
            return (load(options.mapping),)
        return tuple(shipped(name) for name in names)
    except BadMapping as problem:
        raise BadConfiguration(str(problem)) from None


def default_profiles(mappings: "tuple[Mapping, ...]") -> tuple[str, ...]:
    """Return what a run is judged by that names no profile: with a mapping, all that its identity provider needs."""
    return tuple(mapping.idp for mapping in mappings) or ("rfc",)


def parametrize(metafunc: "pytest.Metafunc", session: "Session | None", given: "dict[str, Any]") -> None:
    """Multiply a check by the rows that its question is about; by none where the run judges no mapping.

    Where the target is named in code there is no session yet, so the mappings follow from the options as `given`.
    """
    from scim_conformance.idp.cases import FIXTURES, cases  # noqa: PLC0415 - only runs with mappings pay

    mappings = session.mappings if session else chosen(gather(given, folder=Path.cwd()))
    for name in FIXTURES:
        if name in metafunc.fixturenames:
            found: list[Any] = list(cases(mappings, name))
            metafunc.parametrize(name, found, ids=[plain_id(case.id) for case in found])
