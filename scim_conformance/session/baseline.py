"""The few operations that most checks stand on, each tried once a run.

One cause is one fail: where a plain PATCH does not work, the check of the plain PATCH
fails, and every other check that patches is blocked and says why.
"""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from scim_conformance.client.errors import BrokenAnswer
from scim_conformance.client.features import ResourceType
from scim_conformance.client.response import NotJson, Response
from scim_conformance.judge.resources import build, naming_attribute
from scim_conformance.judge.verdicts import Blocked

if TYPE_CHECKING:
    from scim_conformance.session.session import Session

Resource = dict[str, Any]
Answer = TypeVar("Answer")


class Baseline:
    """Prepares resources, and remembers which plain operations work on this target."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._known: dict[str, str] = {}
        self._shared: dict[str, Resource] = {}
        self._answers: dict[Hashable, tuple[Any, int, int]] = {}

    def once(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """Ask something once a run and give the answer to every check that judges a side of it.

        The exchanges of the first time are evidence for each of them. What raises is tried again next time.
        """
        client = self._session.client
        if key not in self._answers:
            begun = client.count
            answer = ask()
            self._answers[key] = (answer, begun, client.count)
        found, begun, ended = self._answers[key]
        client.recall_exchanges(client.exchanges[begun:ended])
        return found  # type: ignore[no-any-return]  # the key says what it is

    # -- resources -------------------------------------------------------------------------

    def resource_type(self, name: str) -> ResourceType:
        """Return a served resource type by name; raises `Blocked` where the target lacks it."""
        found = self._session.features.resource_type(name) if self._session.features else None
        if found is None:
            raise Blocked(f"the target serves no resource type {name}")
        return found

    def body(self, resource_type: ResourceType | str, *, minimal: bool = False, **overrides: Any) -> Resource:
        """Return the body of a new resource that the target should accept, built from its served schema."""
        if isinstance(resource_type, str):
            resource_type = self.resource_type(resource_type)
        assert self._session.features is not None  # noqa: S101 - for the type checker
        person = self._session.person()
        return build(
            resource_type,
            self._session.features,
            person,
            minimal=minimal,
            reference=self._referenced,
            overrides=overrides,
        )

    def make(self, resource_type: ResourceType | str, **overrides: Any) -> Resource:
        """Create a resource and return it as the target shows it; raises `Blocked` where that fails.

        Lenient on purpose: whatever is wrong with the answer to a POST is the create
        checks' business. All that is needed here is an id.
        """
        if isinstance(resource_type, str):
            resource_type = self.resource_type(resource_type)
        body = self.body(resource_type, **overrides)
        name = resource_type.name
        response = _attempt(f"creating a {name}", lambda: self._session.client.create(resource_type, body))
        created = self.created(response, resource_type)
        if created is None:
            raise Blocked(f"creating a {name} failed: POST {resource_type.endpoint} answered {response.status}")
        return created

    def created(self, response: Response, resource_type: ResourceType) -> Resource | None:
        """Return the resource that the answer to a POST shows, read by its Location where the body is missing."""
        if not response.is_success:
            return None
        shown = response.json if response.is_json and isinstance(response.json, dict) else {}
        if isinstance(shown.get("id"), str) and shown["id"]:
            return shown
        location = response.headers.get("Location")
        if not location:
            return None
        id_ = location.rstrip("/").rsplit("/", 1)[-1]
        read = _attempt("reading it", lambda: self._session.client.read((resource_type, id_)))
        found = read.json if read.status == 200 and read.is_json and isinstance(read.json, dict) else {}  # noqa: PLR2004
        return found | {"id": id_} if found else None

    def shared(self, name: str) -> Resource:
        """Return the one resource of this type that checks only read; a failed creation is tried again next time."""
        if name not in self._shared:
            self._shared[name] = self.make(name)
        return self._shared[name]

    def read(self, resource: Resource) -> Resource:
        """Return the resource as a GET shows it now; raises `Blocked` where it cannot be read."""
        return self.shown(_attempt("reading the resource back", lambda: self._session.client.read(resource)))

    def shown(self, response: Response) -> Resource:
        """Return the resource that the answer to a GET shows; raises `Blocked` where it shows none."""
        if response.status != 200 or not response.is_json or not isinstance(response.json, dict):  # noqa: PLR2004
            raise Blocked(f"reading the resource back failed: GET answered {response.status}")
        if not isinstance(response.json.get("id"), str) or not response.json["id"]:
            raise Blocked("reading the resource back failed: GET shows it without an id")
        return dict(response.json)

    def _trial(self) -> Resource:
        """Return the user that the operations below are tried on, so that the shared one stays as it was made."""
        if "trial" not in self._shared:
            self._shared["trial"] = self.make("User")
        return self._shared["trial"]

    def _referenced(self, kinds: tuple[str, ...]) -> str:
        return str(self.shared("User" if "User" in kinds or not kinds else kinds[0])["id"])

    # -- operations ------------------------------------------------------------------------

    def patch_works(self) -> None:
        """Raise `Blocked` unless a plain replace of one attribute by PATCH works."""
        self._tried("patch", self._try_patch)

    def filter_works(self) -> None:
        """Raise `Blocked` unless a created resource is found by an eq filter on its name."""
        self._tried("filter", self._try_filter)

    def replace_works(self) -> None:
        """Raise `Blocked` unless a PUT of what was read, with one value changed, works."""
        self._tried("replace", self._try_replace)

    def delete_works(self) -> None:
        """Raise `Blocked` unless a created resource can be deleted."""
        self._tried("delete", self._try_delete)

    def _tried(self, operation: str, attempt: Callable[[], str]) -> None:
        if operation not in self._known:
            self._known[operation] = attempt()
        if self._known[operation]:
            raise Blocked(self._known[operation])

    def _try_patch(self) -> str:
        user = self._trial()
        value = f"Patched {self._session.run_id}"
        operation = {"op": "replace", "path": "displayName", "value": value}
        if not self._has("displayName"):
            operation = {"op": "replace", "path": "name.familyName", "value": value}
        response = _attempt("a plain PATCH", lambda: self._session.client.modify(user, operation))
        if response.status in (200, 204):
            return ""
        return f"a plain PATCH does not work: replacing {operation['path']} answered {response.status}"

    def _try_filter(self) -> str:
        user = self.shared("User")
        type_ = self.resource_type("User")
        name = naming_attribute(type_)
        if not isinstance(user.get(name), str):  # the answer to a POST need not show it
            user = self.read(user)
        if not isinstance(user.get(name), str):
            return f"no filter can be tried: the target does not show {name}"
        response = _attempt("a plain filter", lambda: self._session.client.query(type_, f'{name} eq "{user[name]}"'))
        found = response.json.get("Resources") if response.is_json and isinstance(response.json, dict) else None
        if response.status == 200 and isinstance(found, list):  # noqa: PLR2004
            ids = [resource.get("id") for resource in found if isinstance(resource, dict)]
            if ids == [user["id"]]:
                return ""
            if user["id"] in ids:
                return f"a plain filter does not work: {name} eq of a resource just created found others as well"
        return f"a plain filter does not work: {name} eq of a resource just created did not find it"

    def _try_replace(self) -> str:
        user = self.read(self._trial())
        body = {name: value for name, value in user.items() if name.lower() not in self._read_only()}
        body["displayName"] = f"Replaced {self._session.run_id}"
        response = _attempt("a plain PUT", lambda: self._session.client.replace(user, body))
        if response.status in (200, 204):
            return ""
        return f"a plain PUT does not work: it answered {response.status}"

    def _try_delete(self) -> str:
        user = self.make("User")
        response = _attempt("a plain DELETE", lambda: self._session.client.delete(user))
        return "" if response.is_success else f"a plain DELETE does not work: it answered {response.status}"

    def _read_only(self) -> set[str]:
        """Return the names of what a client does not set, in lower case; to send it is the business of other checks."""
        features = self._session.features
        attributes = features.attributes(self.resource_type("User")) if features else ()
        return {"id", "meta"} | {a.name.lower() for a in attributes if not a.parent and a.mutability == "readOnly"}

    def _has(self, name: str) -> bool:
        features = self._session.features
        if features is None:
            return False
        return any(attribute.path == name for attribute in features.attributes(self.resource_type("User")))


def _attempt(what: str, call: Callable[[], Response]) -> Response:
    try:
        return call()
    except (BrokenAnswer, NotJson) as problem:
        raise Blocked(f"{what} failed: {problem}") from problem
