"""What tokens entitle to: a client, what it may do, for whom it acts, and until when (RFC 7644 sections 2 and 7.4)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from scim_conformance.server.clock import Clock

READ, WRITE = "read", "write"
"""The scopes: a token may have both, one or none."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one token entitles to.

    `client` names the provisioning domain, "" is that of the provisioning settings. Where a client acts for a
    `subject`, a person, it may do no more than that person, who reads and changes nobody but himself.
    """

    client: str = ""
    scopes: frozenset[str] = frozenset((READ, WRITE))
    subject: str = ""
    expires: datetime | None = None


OWN = Grant()
"""What the token of the provisioning settings entitles to: everything."""

ANYBODY = Grant(scopes=frozenset((WRITE,)))
"""What needs no token entitles to: registering."""


class Grants:
    """The tokens besides that of the provisioning settings, kept as digests, and which users their subjects are."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._grants: dict[bytes, Grant] = {}
        self._users: dict[str, str] = {}

    def issue(
        self,
        *,
        client: str = "",
        scopes: Iterable[str] = (READ, WRITE),
        subject: str = "",
        expires: datetime | None = None,
    ) -> str:
        """Make a token that entitles to this, and give it, this once."""
        token = secrets.token_urlsafe(32)
        self._grants[self._digest_of(token)] = Grant(client, frozenset(scopes), subject, expires)
        return token

    def of(self, token: str) -> Grant | None:
        """Give what a token entitles to now; None for one that was never issued or has expired."""
        # Looked up by digest, so that the time it takes tells nothing about the token.
        grant = self._grants.get(self._digest_of(token))
        return None if grant is None or self.is_expired(grant) else grant

    def is_expired(self, grant: Grant) -> bool:
        """Tell whether a token's time is over, by the server's clock."""
        return grant.expires is not None and self.clock.now() >= grant.expires

    def associate(self, subject: str, id_: str) -> None:
        """Say which user a subject is."""
        self._users[subject] = id_

    def user_of(self, grant: Grant) -> str | None:
        """Give the id of the user for whom a client acts, None for nobody or somebody who is no user yet."""
        return self._users.get(grant.subject) if grant.subject else None

    @staticmethod
    def _digest_of(token: str) -> bytes:
        return sha256(token.encode("utf-8", "surrogatepass")).digest()
