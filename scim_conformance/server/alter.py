"""Altering one service and no other: the tools with which faults and variants are written.

Each takes an object of a service and the name of one of its methods, refuses a name that is not there (so that a fault
does not go silent when the server is rewritten), and changes the method on that one object.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any


class NoSuchRule(AttributeError):  # noqa: N818 it says what is wrong
    """The object has no method of that name; the message names the closest."""


def swap(owner: object, name: str, new: Callable[..., Any]) -> None:
    """Put another function in the place of a method; it gets the method's arguments."""
    _method(owner, name)
    setattr(owner, name, new)


def around(owner: object, name: str, new: Callable[..., Any]) -> None:
    """Wrap a method; `new` gets the original and then its arguments."""
    original = _method(owner, name)
    setattr(owner, name, lambda *args, **options: new(original, *args, **options))


def after(owner: object, name: str, change: Callable[[Any], Any]) -> None:
    """Change what a method returns; `change` gets the result and gives the new one."""
    around(owner, name, lambda original, *args, **options: change(original(*args, **options)))


def answer(owner: object, name: str, value: Any) -> None:
    """Make a method return a value whatever it is asked; for `True`, `False` and other constants."""
    swap(owner, name, lambda *_args, **_options: value)


def skip(owner: object, name: str) -> None:
    """Make a method that checks or changes something do nothing."""
    answer(owner, name, None)


def _method(owner: object, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] | None = getattr(owner, name, None)
    if not callable(found):
        known = [each for each in dir(owner) if not each.startswith("_") and callable(getattr(owner, each))]
        closest = ", ".join(get_close_matches(name, known, cutoff=0.4) or sorted(known))
        raise NoSuchRule(f"{type(owner).__name__} has no method {name!r}; the closest are {closest}.")
    return found
