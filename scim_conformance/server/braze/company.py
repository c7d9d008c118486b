"""What a company has besides its users: workspaces, teams, roles and permission sets, each with a name and an id."""

from hashlib import sha256
from typing import Literal

Kind = Literal["workspace", "team", "role", "permission set"]


class Company:
    """Knows names by ids; a name that is mentioned for the first time is one that the company has from then on."""

    def __init__(self) -> None:
        self._names: dict[tuple[Kind, str], str] = {}

    def named(self, kind: Kind, name: str) -> str:
        """Give the id of what has this name."""
        id_ = sha256(f"{kind}\x1f{name}".encode()).hexdigest()[:24]
        self._names[kind, id_] = name
        return id_

    def name(self, kind: Kind, id_: str) -> str | None:
        """Give the name of what has this id, None where the company has no such thing."""
        return self._names.get((kind, id_))
