"""The pytest door: options, marks and fixtures; all that judges is imported once a run is asked for.

This module is imported at every start of pytest wherever the package is installed, so it
imports pytest and the table of options alone.

PYTEST_DONT_REWRITE: the command line imports this module before pytest does, and nothing here asserts for users.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scim_conformance.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scim_conformance.client.client import ScimClient
    from scim_conformance.client.features import Features
    from scim_conformance.session.judging import Judging  # noqa: F401 - named in a text below
    from scim_conformance.session.session import Session

JUDGING = pytest.StashKey["Judging"]()
HANDOVER = "scim-conformance-options"
"""The name under which the command line registers an object with the options of the run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add every option as `--scim-NAME`, with an ini key `scim_NAME`."""
    group = parser.getgroup("scim", "SCIM conformance")
    for option in OPTIONS:
        group.addoption(f"--scim-{option.name}", dest=f"scim_{option.field}", **option.settings())
        if not option.secret:
            type_ = {"flag": "bool", "list": "linelist"}.get(option.kind, "string")
            parser.addini(f"scim_{option.field}", option.help, type=type_, default=None)  # type: ignore[arg-type]


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark; start a run where the options name a target."""
    config.addinivalue_line("markers", "requirement(*ids): the requirements that this check judges, by id")
    if config.option.help or config.option.version or config.option.markers:
        return
    given = _given(config)
    handover = config.pluginmanager.get_plugin(HANDOVER)
    worker = getattr(config, "workerinput", {}).get("scim")
    if handover is None and worker is None and not _names_a_target(given):
        return
    from scim_conformance.session.judging import begin  # noqa: PLC0415 - heavy

    config.stash[JUDGING] = begin(config, given, handover=handover, worker=worker)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the run, whatever ended it."""
    judging = config.stash.get(JUDGING, None)
    if judging is not None:
        judging.finish()


def _given(config: pytest.Config) -> dict[str, Any]:
    """Return the options as given on the command line, else in the ini file."""
    values: dict[str, Any] = {}
    for option in OPTIONS:
        value = getattr(config.option, f"scim_{option.field}", None)
        if value in (None, []) and not option.secret:
            value = config.getini(f"scim_{option.field}")
        values[option.field] = value or None
    return values


def _names_a_target(given: dict[str, Any]) -> bool:
    import os  # noqa: PLC0415 - stands beside its only use

    names = ("url", "app", "bundled", "definitions", "fault", "variant")
    return any(given[name] for name in names) or any(os.environ.get(f"SCIM_{name.upper()}") for name in names[:4])


# -- fixtures -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def scim_target(request: pytest.FixtureRequest) -> Any:
    """Override this fixture to name the target in code: return a URL, a WSGI application or an ASGI application."""
    judging = request.config.stash.get(JUDGING, None)
    if judging is None:
        pytest.exit(
            "nothing names a SCIM target: give --scim-url URL or --scim-bundled, "
            "or override the fixture scim_target in your conftest.py",
            returncode=4,
        )
    return judging.session.target


@pytest.fixture(scope="session")
def scim_session(request: pytest.FixtureRequest, scim_target: Any) -> Session:
    """The run: target, features, catalogue; made here where no option named a target."""
    config = request.config
    if JUDGING not in config.stash:
        from scim_conformance.session.judging import begin  # noqa: PLC0415 - heavy

        config.stash[JUDGING] = begin(config, _given(config), target=scim_target)
    session: Session = config.stash[JUDGING].session
    return session


@pytest.fixture(scope="session")
def scim(scim_session: Session) -> ScimClient:
    """The client to the target; it records every exchange, and lets only what this run created be changed."""
    return scim_session.client


@pytest.fixture(scope="session")
def features(scim_session: Session) -> Features:
    """What the target says it supports, and the schemas it serves."""
    assert scim_session.features is not None  # noqa: S101 - open() has set it
    return scim_session.features


@pytest.fixture(scope="session")
def operator(scim_session: Session) -> Any:
    """What the operator said of the target: the options of the run."""
    return scim_session.options


@pytest.fixture(scope="session")
def administrator(scim_session: Session) -> Any:
    """The provisioning settings page of the bundled server, None for any other target."""
    return scim_session.administrator


@pytest.fixture(scope="session")
def acting(scim: ScimClient) -> Callable[[str], dict[str, Any]]:
    """Let a request come from somebody else: `scim.get("/Me", **acting("user"))`; "nobody" has no token."""

    def as_another(who: str) -> dict[str, Any]:
        held, token = scim.target.credentials, scim.target.tokens.get(who)
        if who == "user" and token is None:
            return {}  # the operator said by a hint that the run's own token acts for a user
        if who != "nobody" and token is None:
            pytest.skip(f"disabled: no such token was given (--{who}-token-env)")
        return {"credentials": held.of_another(token)}

    return as_another


@pytest.fixture
def make(scim_session: Session) -> Iterator[Callable[..., dict[str, Any]]]:
    """Create resources: `make("User", title="Clerk")`; they are deleted when the check is over."""
    made: list[dict[str, Any]] = []

    def create(resource_type: Any, **overrides: Any) -> dict[str, Any]:
        resource = scim_session.baseline.make(resource_type, **overrides)
        made.append(resource)
        return resource

    yield create
    scim_session.discard(made)


@pytest.fixture(scope="session")
def body(scim_session: Session) -> Callable[..., dict[str, Any]]:
    """Build the body of a new resource without sending it: `body("User", minimal=True)`."""
    return scim_session.baseline.body


@pytest.fixture(scope="session")
def read(scim_session: Session) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Read a resource back; blocked where that fails."""
    return scim_session.baseline.read


@pytest.fixture
def user(make: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A user of this check's own."""
    return make("User")


@pytest.fixture
def group(make: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A group of this check's own."""
    return make("Group")


@pytest.fixture
def shared_user(scim_session: Session) -> dict[str, Any]:
    """A user that many checks share: read it, do not change it."""
    return scim_session.baseline.shared("User")


@pytest.fixture
def shared_group(scim_session: Session) -> dict[str, Any]:
    """A group that many checks share: read it, do not change it."""
    return scim_session.baseline.shared("Group")


@pytest.fixture
def resource(make: Callable[..., dict[str, Any]], resource_type: Any) -> dict[str, Any]:
    """A resource of this check's own, of the type at hand."""
    return make(resource_type)


@pytest.fixture
def shared_resource(scim_session: Session, resource_type: Any) -> dict[str, Any]:
    """A resource of the type at hand that many checks share: read it, do not change it."""
    return scim_session.baseline.shared(resource_type.name)


@pytest.fixture
def unknown_id(scim: ScimClient) -> str:
    """An id that no resource of the target has."""
    return scim.unknown_id()


@pytest.fixture
def working_patch(scim_session: Session) -> None:
    """Blocked unless a plain PATCH works."""
    scim_session.baseline.patch_works()


@pytest.fixture
def working_filter(scim_session: Session) -> None:
    """Blocked unless a plain eq filter works."""
    scim_session.baseline.filter_works()


@pytest.fixture
def working_replace(scim_session: Session) -> None:
    """Blocked unless a plain PUT works."""
    scim_session.baseline.replace_works()


@pytest.fixture
def working_delete(scim_session: Session) -> None:
    """Blocked unless a plain DELETE works."""
    scim_session.baseline.delete_works()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Multiply checks by what the target serves, and by the rows of attribute mappings."""
    wanted = {"resource_type", "served_schema", "served_attribute"} & set(metafunc.fixturenames)
    by_row = any(name.startswith("mapp") or name.endswith("_row") for name in metafunc.fixturenames)
    if by_row and metafunc.definition.get_closest_marker("requirement"):
        from scim_conformance.session.mappings import parametrize as by_rows  # noqa: PLC0415 - heavy

        judging = metafunc.config.stash.get(JUDGING, None)
        by_rows(metafunc, judging.session if judging else None, _given(metafunc.config))
    if wanted:
        from scim_conformance.session.served import parametrize  # noqa: PLC0415 - heavy

        judging = metafunc.config.stash.get(JUDGING, None)
        parametrize(metafunc, wanted, judging.session.features if judging else None)
