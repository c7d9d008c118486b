"""Finding a WSGI or ASGI application by the path an operator gives, and telling the two apart."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable
from typing import Any, Literal

from scim_conformance.client.errors import BadTarget

_FORM = "write it as module:attribute, such as myproject.wsgi:app, or module:factory() for a function that makes one"


def application(path: str) -> tuple[Literal["wsgi", "asgi"], object]:
    """Import "module:attribute" with the current directory on the path, and tell its kind.

    "module:factory()" calls a function without arguments. Raises BadTarget naming what is wrong.
    """
    module_name, colon, attribute = path.partition(":")
    if not colon or not module_name.strip() or not attribute.strip():
        raise BadTarget(f"The application {path!r} does not name a module and an attribute; {_FORM}.")
    calls = attribute.endswith("()")
    attribute = attribute.removesuffix("()")
    module = _import(module_name, path)
    found: Any = module
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            raise BadTarget(
                f"The module {module_name} has no attribute {attribute!r}{_closest(module, attribute)}"
            ) from None
    if calls:
        found = _call(found, path)
    return kind_of(found, path), found


def kind_of(app: object, path: str) -> Literal["wsgi", "asgi"]:
    """Tell an application's kind by its signature: ASGI is a coroutine of three parameters, WSGI a callable of two."""
    if not callable(app):
        raise BadTarget(f"{path} is {_a(type(app).__name__)}, which cannot be called; {_FORM}.")
    is_coroutine = _is_coroutine(app)
    wanted = 3 if is_coroutine else 2
    fits = _takes(app, wanted)
    if inspect.isclass(app) and not (fits and hasattr(app, "__iter__")):
        raise BadTarget(
            f"{path} is a class, not an application; name an instance of it, or a function that makes one: {path}()."
        )
    if fits is not False:
        return "asgi" if is_coroutine else "wsgi"
    if _takes(app, 0) and not is_coroutine:
        raise BadTarget(f"{path} takes no arguments: a function that makes the application? Then write {path}().")
    if _takes(app, 3):
        raise BadTarget(f"{path} takes three arguments like an ASGI application, but is not an async function.")
    if _takes(app, 1):
        raise BadTarget(f"{path} takes one argument, as ASGI 2 applications did; only ASGI 3 and WSGI are supported.")
    raise BadTarget(
        f"{path} is neither a WSGI application (two arguments) nor an ASGI application (async, three arguments)."
    )


def _import(name: str, path: str) -> Any:
    folder = os.getcwd()  # noqa: PTH109 - sys.path holds texts
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as problem:
        missing = problem.name or name
        if name == missing or name.startswith(f"{missing}."):
            raise BadTarget(
                f"There is no module {missing!r} to import from {folder} or the installed packages; {_FORM}."
            ) from None
        raise BadTarget(
            f"Importing {name} failed: it needs the module {missing!r}, which is not installed here."
        ) from None
    except (Exception, SystemExit) as problem:  # the operator's own code may raise anything
        raise BadTarget(f"Importing {name} for {path} failed: {_said(problem)}") from problem


def _call(factory: Any, path: str) -> object:
    if not callable(factory):
        raise BadTarget(f"{path} ends in () but {path[:-2]} cannot be called.")
    try:
        return factory()
    except (Exception, SystemExit) as problem:  # the operator's own code may raise anything
        raise BadTarget(f"Calling {path} failed: {_said(problem)}") from problem


def _said(problem: BaseException) -> str:
    text = str(problem).strip().splitlines()
    return f"{type(problem).__name__}{f': {text[0][:300]}' if text else ''}"


def _closest(module: Any, attribute: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only needed once something is wrong

    close = get_close_matches(attribute, [name for name in vars(module) if not name.startswith("__")], 1)
    return f"; did you mean {close[0]!r}?" if close else "."


def _is_coroutine(app: Callable[..., Any]) -> bool:
    unwrapped: Any = app
    while hasattr(unwrapped, "func"):  # functools.partial
        unwrapped = unwrapped.func
    if inspect.iscoroutinefunction(unwrapped) or inspect.iscoroutinefunction(inspect.unwrap(unwrapped)):
        return True
    return not inspect.isclass(unwrapped) and inspect.iscoroutinefunction(getattr(type(unwrapped), "__call__", None))  # noqa: B004 - not asked whether it can be called


def _takes(app: Callable[..., Any], count: int) -> bool | None:
    """Tell whether the callable takes so many positional arguments; None when its signature cannot be known."""
    try:
        signature = inspect.signature(app)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*range(count))
    except TypeError:
        return False
    return True


def _a(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
