"""Which checks there are and what they judge, read from the source of the suites without importing them."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scim_conformance.paths import SUITES

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class UnreadableMark(ValueError):  # noqa: N818 - it says what is wrong
    """A requirement mark whose ids cannot be read from the source; the message names the file and line."""


@dataclass(frozen=True, slots=True)
class CheckSource:
    """One test function of the suites. Its id is the one that reports give it, without parameters."""

    id: str
    title: str
    requirements: tuple[str, ...]
    line: int
    path: Path

    @property
    def suite(self) -> str:
        """The folder or file of the suites that it belongs to, such as lifecycle."""
        return self.id.split("/")[0].split("::")[0]


@functools.cache
def checks(folder: Path = SUITES) -> tuple[CheckSource, ...]:
    """Return every check below the folder that carries a requirement mark, in the order of files and lines.

    Raises UnreadableMark for a mark whose ids cannot be read from the source.
    """
    return tuple(check for path in sorted(folder.rglob("test_*.py")) for check in _of_file(path, folder))


def _of_file(path: Path, folder: Path) -> Iterator[CheckSource]:
    module = ast.parse(path.read_text(encoding="utf-8"), str(path))
    constants = _constants(module)
    common = _module_marks(path, constants)
    place = path.relative_to(folder).as_posix()
    for function, inherited in _functions(module.body, common, path, constants):
        ids = dict.fromkeys([*inherited, *_ids(function.decorator_list, path, constants)])
        if ids:
            title = (ast.get_docstring(function) or function.name).splitlines()[0].strip()
            yield CheckSource(f"{place}::{function.name}", title, tuple(ids), function.lineno, path)


def _functions(
    body: list[ast.stmt], inherited: list[str], path: Path, constants: dict[str, ast.expr]
) -> Iterator[tuple[_Function, list[str]]]:
    for node in body:
        if isinstance(node, _Function) and node.name.startswith("test"):
            yield node, inherited
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _functions(node.body, [*inherited, *_ids(node.decorator_list, path, constants)], path, constants)


def _constants(module: ast.Module) -> dict[str, ast.expr]:
    """Return the module's plain assignments, because a mark may name a tuple of ids that several checks share."""
    found: dict[str, ast.expr] = {}
    for node in module.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            found |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
    return found


def _module_marks(path: Path, constants: dict[str, ast.expr]) -> list[str]:
    value = constants.get("pytestmark")
    if value is None:
        return []
    marks = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    return _ids(marks, path, constants)


def _ids(expressions: list[ast.expr], path: Path, constants: dict[str, ast.expr]) -> list[str]:
    """Return the ids of every requirement mark in the expressions, marks inside pytest.param included."""
    found: list[str] = []
    for expression in expressions:
        named = constants.get(expression.id) if isinstance(expression, ast.Name) else None
        for node in ast.walk(named or expression):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
                for argument in node.args:
                    found += _texts(argument, path, constants)
    return found


def _texts(argument: ast.expr, path: Path, constants: dict[str, ast.expr]) -> list[str]:
    if isinstance(argument, ast.Starred):
        return _texts(argument.value, path, constants)
    if isinstance(argument, ast.Name) and argument.id in constants:
        return _texts(constants[argument.id], path, constants)
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.Tuple | ast.List):
        return [text for element in argument.elts for text in _texts(element, path, constants)]
    message = (
        f"{path}:{argument.lineno}: the requirement mark has {ast.unparse(argument)}, which cannot be read without "
        "running it. Write the id as a text, or the name of a module constant that holds texts."
    )
    raise UnreadableMark(message)
