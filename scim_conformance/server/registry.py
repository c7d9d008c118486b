"""What the registries of faults and variants share: an entry is a documented function in a module of one package."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, TypeVar

from scim_conformance.server.service import Service

Apply = Callable[[Service], None]
Entry = TypeVar("Entry")
Served = Literal["rfc", "braze"]
"""The bundled servers, by what `serve --profile` calls them."""


class BadEntry(ValueError):  # noqa: N818 it says what is wrong
    """A fault or variant is not written as it has to be; the message says what is missing."""


class UnknownEntry(LookupError):  # noqa: N818 it says what is wrong
    """There is no fault or variant of that id; the message names the closest."""


def entry_id(apply: Apply) -> str:
    """Make the id of a fault or variant: the function's name with dashes."""
    return apply.__name__.replace("_", "-")


def entry_title(apply: Apply) -> str:
    """Give the title: the docstring's first line, which has to be a sentence."""
    title = (apply.__doc__ or "").strip().partition("\n")[0].strip()
    if not title.endswith("."):
        raise BadEntry(f"{apply.__module__}.{apply.__name__} needs a docstring whose first line is a sentence.")
    return title


def area(apply: Apply) -> str:
    """Give the area: the name of the module."""
    return apply.__module__.rpartition(".")[2]


def check_new(entries: Mapping[str, object], id_: str, apply: Apply) -> None:
    """Refuse a second entry of one id."""
    if id_ in entries:
        raise BadEntry(f"{id_} is defined twice; the second time in {apply.__module__}.")


def load_package(name: str, paths: list[str]) -> None:
    """Import every module of a package, so that its entries are known."""
    for module in iter_modules(paths):
        import_module(f"{name}.{module.name}")


def find_entry(entries: Mapping[str, Entry], id_: str, what: str) -> Entry:
    """Find an entry by its id; raise UnknownEntry, which names the closest."""
    try:
        return entries[id_]
    except KeyError:
        closest = ", ".join(get_close_matches(id_, entries, n=3, cutoff=0.3)) or "none"
        raise UnknownEntry(f"There is no {what} {id_!r}; the closest are {closest}.") from None
