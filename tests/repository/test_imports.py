"""The arrows between the packages, as ARCHITECTURE.md draws them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "scim_conformance"
DATA = {"scim_conformance.paths"}

# A package may import itself, the standard library, third parties, and of ours only what stands here.
ALLOWED = {
    "catalogue": {*DATA},
    "client": {"scim_conformance", "scim_conformance.catalogue", *DATA},
    "judge": {"scim_conformance.catalogue", "scim_conformance.client", *DATA},
    "idp": {"scim_conformance.catalogue", "scim_conformance.client", "scim_conformance.judge", *DATA},
    "report": {
        "scim_conformance",
        "scim_conformance.catalogue",
        "scim_conformance.client.exchange",
        "scim_conformance.judge.verdicts",
        *DATA,
    },
    "server": {"scim_conformance", *DATA},
    "suites": {"scim_conformance.judge", "scim_conformance.idp"},
}
# Only these may import a third-party package of the runtime: one door each, so that a move touches one place.
OWNERS = {
    "httpx": {"client"},
    "anyio": {"client"},
    "flask": {"server"},
    "waitress": {"server"},
    "werkzeug": {"server"},
    "faker": {"judge", "idp"},
    "hypothesis": {"judge", "suites"},
}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at any depth, with `from x import y` as `x.y` and as `x`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the whole name"
            yield str(node.module)


def files(package: str) -> list[Path]:
    """The Python files of a package, or of the suites."""
    folder = ROOT / "suites" if package == "suites" else PACKAGE / package
    return sorted(folder.rglob("*.py"))


def within(module: str, allowed: set[str]) -> bool:
    """Whether a module is one of those allowed, or inside one."""
    return any(module == name or (name != "scim_conformance" and module.startswith(name + ".")) for name in allowed)


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_packages_import_only_along_the_arrows(package):
    """No file imports one of our packages that the ground plan does not let it see."""
    own = f"scim_conformance.{package}"
    strays = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files(package)
        for module in imports(path)
        if module.split(".")[0] == "scim_conformance"
        and not within(module, ALLOWED[package])
        and not (package != "suites" and within(module, {own}))
    ]
    assert strays == []


def test_suites_never_import_each_other():
    """Suites share through fixtures: imported twice under two names, a module would exist twice."""
    strays = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files("suites")
        for module in imports(path)
        if module.split(".")[0] in ("suites", "conftest") or module.startswith("scim_conformance.suites")
    ]
    assert strays == []


@pytest.mark.parametrize("third_party", sorted(OWNERS))
def test_third_parties_have_one_door(third_party):
    """A third-party package is imported by its owner alone, so that it can be exchanged in one place."""
    strays = []
    for path in [*PACKAGE.rglob("*.py"), *files("suites")]:
        place = path.relative_to(PACKAGE).parts[0] if path.is_relative_to(PACKAGE) else "suites"
        if place not in OWNERS[third_party] and any(module.split(".")[0] == third_party for module in imports(path)):
            strays.append(str(path.relative_to(ROOT)))
    assert strays == []


def test_plugin_imports_pytest_alone():
    """The plugin module is imported at every start of pytest: at its top it imports pytest and the table of options."""
    tree = ast.parse((PACKAGE / "plugin.py").read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in top if isinstance(node, ast.ImportFrom)}
    assert names == {"__future__", "typing", "pytest", "scim_conformance.options"}
