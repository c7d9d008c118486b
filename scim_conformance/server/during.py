"""Damage that shows during one operation only, for faults about PUT that leave PATCH alone, and the other way about."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from scim_conformance.server.alter import around


def during(performer: object, operation: str, owner: object, name: str, new: Callable[..., Any]) -> None:
    """Wrap a method as `around` does, in force only while `performer` is inside its method `operation`.

    `during(service.lifecycle, "replace", service.validation, "omitted", new)` is about PUT alone.
    """
    performing = ContextVar(operation, default=False)

    def perform(original: Callable[..., Any], *args: Any, **options: Any) -> Any:
        token = performing.set(True)
        try:
            return original(*args, **options)
        finally:
            performing.reset(token)

    def chosen(original: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if performing.get():
            return new(original, *args, **options)
        return original(*args, **options)

    around(performer, operation, perform)
    around(owner, name, chosen)
