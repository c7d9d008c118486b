"""The service: five endpoints for dashboard users, on the reference server's access control, store and errors."""

from typing import Any

from scim_conformance.server.braze.answers import BrazeAnswers
from scim_conformance.server.braze.company import Company
from scim_conformance.server.braze.limit import DailyLimit
from scim_conformance.server.braze.permissions import Permissions
from scim_conformance.server.braze.refusals import (
    failed_to_delete,
    resource_not_found,
    user_exists,
    user_not_found,
)
from scim_conformance.server.braze.settings import BrazeSettings
from scim_conformance.server.braze.users import USER, User, Users
from scim_conformance.server.braze.vocabulary import DEPARTMENTS
from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Handlers, Service
from scim_conformance.server.settings import BadSetting, Settings
from scim_conformance.server.setup import TITLES, Row
from scim_conformance.server.store import Record, Store, Taken

OWNER = "owner@example.com"
_KIND = "User"


class Braze(Service):
    """A SCIM service like Braze's; its rules are methods of `users`, `permissions`, `limit`, `answers` and its own."""

    def __init__(
        self, settings: BrazeSettings, store: Store | None = None, *, base_path: str = "", owner: str = OWNER
    ) -> None:
        super().__init__(settings, store, base_path=base_path)
        self.answers: BrazeAnswers = BrazeAnswers(self.versions)
        self.company = Company()
        self.permissions = Permissions(settings, self.company)
        self.users = Users(self.permissions)
        self.limit = DailyLimit(settings, self.clock)
        for record in self.store.scan(_KIND):  # of an earlier process
            self.permissions.resolved(_without_ids(record.resource["permissions"]))
        if owner and self.holder(owner) is None:
            self.insert(self.users.new(_owner(owner), self.clock.now()))

    def new_settings(self, **filled_in: str) -> Settings:
        """Open a settings page with these fields filled in; raise ValueError for a value that a field does not take."""
        return BrazeSettings(**filled_in)  # type: ignore[arg-type]

    def attribute_mapping(self, method: str) -> tuple[Row, ...]:
        """Give what a request says of a user; refuse the methods of identity providers, which need PATCH and active."""
        if method != "custom":
            raise BadSetting(
                f"the API of --profile braze has neither active nor PATCH, which {TITLES[method].partition(',')[0]} "
                "needs; it serves the method custom alone, --profile rfc serves the others"
            )
        return (
            Row("the e-mail address", "userName", "required; it cannot be changed"),
            Row("the first name", "name.givenName", "required"),
            Row("the last name", "name.familyName", "required"),
            Row("the department", "department", f"required; one of {', '.join(DEPARTMENTS)}"),
            Row("what the user may do", "permissions", "companyPermissions, roles and appGroup; the default workspace"),
        )

    # From request to endpoint

    def answer(self, request: Request) -> Response:
        """Let the request in, count it, find its endpoint, and let that answer."""
        path = self.relative_path(request.path)
        self.access.check(request, path or "")
        self.limit.count()
        self.check_size(request)
        if path is None:
            raise resource_not_found()
        return self.dispatch(request, self.endpoint(path))

    def relative_path(self, path: str) -> str | None:
        """Give the path below the base URL; None if it is not below it."""
        base = self.locations.base_path
        return path[len(base) :] if path.startswith(base + "/") else None

    def endpoint(self, path: str) -> Handlers:
        """Find the methods of the endpoint a path leads to, or answer 404: there are users alone."""
        match path.strip("/").split("/"):
            case ["Users"]:
                return {"GET": self.search, "POST": self.create}
            case ["Users", id_] if id_:
                return {
                    "GET": lambda request: self.look_up(request, id_),
                    "PUT": lambda request: self.update(request, id_),
                    "DELETE": lambda request: self.delete(request, id_),
                }
        raise resource_not_found()

    # The five endpoints

    def create(self, request: Request) -> Response:
        """Create a user."""
        user = self.users.new(self.bodies.json(request), self.clock.now())
        self.insert(user)
        return self.answers.created_user(request, self.users.shown_new(user))

    def look_up(self, request: Request, id_: str) -> Response:
        """Show a user."""
        return self.answers.found_user(request, self.users.shown(self.existing(id_, resource_not_found())))

    def search(self, request: Request) -> Response:
        """Find the user with a userName."""
        found = self.holder(self.users.searched(request.parameter("filter")))
        return self.answers.found_users(request, [] if found is None else [self.users.listed(found)])

    def update(self, request: Request, id_: str) -> Response:
        """Replace the name, the department and the permissions of a user."""
        with self.store.transaction():
            user = self.users.changed(self.existing(id_, user_not_found()), self.bodies.json(request))
            self.store.update(self.record(user))
        return self.answers.updated_user(request, self.users.shown(user))

    def delete(self, request: Request, id_: str) -> Response:  # noqa: ARG002 - as the other endpoints
        """Delete a user, unless nobody else is left."""
        with self.store.transaction():
            self.existing(id_, user_not_found())
            self.check_not_last()
            self.store.remove(_KIND, id_)
        return self.answers.deleted()

    # What they share

    def existing(self, id_: str, refusal: ScimError) -> User:
        """Find a user by id, or raise the refusal."""
        record = self.store.get(_KIND, id_)
        if record is None:
            raise refusal
        return record.resource

    def holder(self, user_name: str) -> User | None:
        """Find the user with a userName, None where nobody has it."""
        record = self.store.holder(self.users.key(user_name))
        return None if record is None else record.resource

    def insert(self, user: User) -> None:
        """Store a new user; a userName that is taken is a 409."""
        try:
            self.store.insert(self.record(user))
        except Taken:
            raise user_exists() from None

    def record(self, user: User) -> Record:
        """Make the record of a user."""
        return Record(_KIND, user["id"], user, frozenset({self.users.key(user["userName"])}))

    def check_not_last(self) -> None:
        """Refuse to delete the last user of the company."""
        if self.store.count(_KIND) <= 1:
            raise failed_to_delete()


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(each) for name, each in value.items() if not name.endswith("Id")}
    return [_without_ids(each) for each in value] if isinstance(value, list) else value


def _owner(user_name: str) -> dict[str, Any]:
    return {
        "schemas": [USER],
        "userName": user_name,
        "name": {"givenName": "First", "familyName": "Owner"},
        "department": "pm",
        "permissions": {"companyPermissions": ["admin"]},
    }
