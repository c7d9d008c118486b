"""Dashboard users as documents: what a request has to say of one, and what an answer shows."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scim_conformance.server.braze.permissions import Permissions
from scim_conformance.server.braze.refusals import bad_request
from scim_conformance.server.braze.vocabulary import DEPARTMENTS

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
NEVER = "N/A"
User = dict[str, Any]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_FILTER = re.compile(r'\s*userName\s+eq\s+"((?:[^"\\]|\\.)*)"\s*', re.IGNORECASE)
_SHOWN = 60
_NOON = 12


class Users:
    """Reads users from bodies and writes them into answers, one method a rule."""

    def __init__(self, permissions: Permissions) -> None:
        self.permissions = permissions

    # From a body

    def new(self, body: Any, moment: datetime) -> User:
        """Read a user to be created; what a client says of id and times does not count."""
        document = self.document(body)
        self.check_required(document, ("userName", "name", "department"))
        return {
            "id": self.new_id(),
            "userName": self.user_name(document["userName"]),
            "name": self.name(document["name"]),
            "department": self.department(document["department"]),
            "createdAt": self.moment(moment),
            "lastSignInAt": NEVER,
            "permissions": self.permissions.resolved(document.get("permissions")),
        }

    def changed(self, user: User, body: Any) -> User:
        """Read a user who is to be updated; the permissions are replaced whole."""
        document = self.document(body)
        self.check_required(document, ("name", "department", "permissions"))
        self.check_same_user_name(user, document)
        return {
            **user,
            "name": self.name(document["name"]),
            "department": self.department(document["department"]),
            "permissions": self.changed_permissions(user, document["permissions"]),
        }

    def changed_permissions(self, user: User, given: Any) -> dict[str, Any]:  # noqa: ARG002 - what was granted is gone
        """Give the permissions of a user who is updated: those of the request alone."""
        return self.permissions.resolved(given)

    def document(self, body: Any) -> dict[str, Any]:
        """Read the object of a body, whose schemas names the core user."""
        if not isinstance(body, dict):
            raise bad_request("The body has to be an object.")
        self.check_schemas(body.get("schemas"))
        return body

    def check_schemas(self, schemas: Any) -> None:
        """Refuse a body whose schemas does not name the core user."""
        if not isinstance(schemas, list) or USER not in schemas:
            raise bad_request(f"schemas has to name {USER}.")

    def check_required(self, document: Mapping[str, Any], required: tuple[str, ...]) -> None:
        """Refuse a body that leaves something out, naming all of it."""
        missing = [name for name in required if document.get(name) in (None, "")]
        if missing:
            raise bad_request(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.")

    def user_name(self, given: Any) -> str:
        """Read userName, which is an e-mail address."""
        if not isinstance(given, str) or not _ADDRESS.fullmatch(given):
            raise bad_request(f"userName has to be an e-mail address, not {str(given)[:_SHOWN]!r}.")
        return given

    def check_same_user_name(self, user: User, document: Mapping[str, Any]) -> None:
        """Refuse another userName: it cannot be changed."""
        given = document.get("userName")
        if given is not None and self.key(str(given)) != self.key(user["userName"]):
            raise bad_request("userName cannot be changed.")

    def name(self, given: Any) -> dict[str, str]:
        """Read the two names of a person."""
        if not isinstance(given, dict):
            raise bad_request("name has to be an object with givenName and familyName.")
        found = {part: given.get(part) for part in ("givenName", "familyName")}
        if not all(isinstance(value, str) and value.strip() for value in found.values()):
            raise bad_request("name needs a givenName and a familyName.")
        return {part: str(value) for part, value in found.items()}

    def department(self, given: Any) -> str:
        """Read the department, one of a list."""
        if given not in DEPARTMENTS:
            raise bad_request(f"department is {str(given)[:_SHOWN]!r}; it can be {', '.join(DEPARTMENTS)}.")
        return str(given)

    # What the server gives

    def new_id(self) -> str:
        """Make an id that no user has or had: four groups of eight hexadecimal digits."""
        digits = secrets.token_hex(16)
        return "-".join(digits[start : start + 8] for start in range(0, 32, 8))

    def moment(self, moment: datetime) -> str:
        """Write a moment: 2026 Nov 22, 9:05 AM."""
        half = "AM" if moment.hour < _NOON else "PM"
        date = f"{moment.year} {_MONTHS[moment.month - 1]} {moment.day:02d}"
        return f"{date}, {moment.hour % _NOON or _NOON}:{moment.minute:02d} {half}"

    def key(self, user_name: str) -> str:
        """Give what two users cannot share: the userName, whose letter case does not count."""
        return user_name.strip().casefold()

    # A search

    def searched(self, condition: str | None) -> str:
        """Read the filter: userName eq and an address, nothing else; there is no list of everybody."""
        match = _FILTER.fullmatch(condition or "")
        if match is None:
            raise bad_request()
        return re.sub(r"\\(.)", r"\1", match[1])

    # Into an answer

    def shown(self, user: User) -> User:
        """Show a user to whoever reads or updates one."""
        return self._members(user, "id", "userName", "name", "department", "createdAt", "lastSignInAt", "permissions")

    def shown_new(self, user: User) -> User:
        """Show a user to whoever created one."""
        return self._members(user, "id", "userName", "name", "department", "lastSignInAt", "permissions")

    def listed(self, user: User) -> User:
        """Show a user in the list that a search finds, where it has no schemas."""
        found = self._members(user, "userName", "id", "name", "department", "lastSignInAt", "permissions")
        del found["schemas"]
        return found

    @staticmethod
    def _members(user: User, *names: str) -> User:
        return {"schemas": [USER], **{name: user[name] for name in names if name in user}}
