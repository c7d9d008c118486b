"""One user that one check after the other gets: creating and deleting one for each would double the requests."""

from collections.abc import Callable
from typing import Any

from scim_conformance.judge.compare import differences, empty
from scim_conformance.judge.verdicts import Blocked

Resource = dict[str, Any]


class Patient:
    """A user that a PUT makes a new one of: with new names, and with just the values that a check begins with.

    `create` makes a user, `body` writes the body of one, `replace` sends a PUT, `read` a GET, `attributes` are those of
    the served schema. Where the answer to a PUT, or to a GET after the first one, does not show just what was asserted,
    a user is created after all, and the patient is given up: it may be anything by now.
    """

    def __init__(
        self,
        create: Callable[..., Resource],
        body: Callable[..., Resource],
        replace: Callable[[Resource, Resource], Any],
        read: Callable[[Resource], Any],
        attributes: list[Any],
    ) -> None:
        self._create, self._body, self._replace, self._read = create, body, replace, read
        self._attributes = attributes
        self._user: Resource | None = None
        self._given_up = False

    def made(self, **given: Any) -> Resource | None:
        """Return the user with these values, None where one has to be created instead."""
        if self._given_up:
            return None
        first = self._user is None
        if self._user is None:
            self._user = self._create()
        asserted = self._body("User", **given) | {"id": self._user["id"]}
        response = self._replace(self._user, asserted)
        answers = [response, self._read(self._user)] if first else [response]
        if all(self._is(answer, asserted) for answer in answers):
            return dict(response.json)
        self._given_up = True
        return None

    def _is(self, response: Any, asserted: Resource) -> bool:
        """Tell whether just what was asserted is shown, and what the provider adds of its own to any user."""
        shown = response.json if response.status == 200 and response.is_json else None  # noqa: PLR2004 - OK
        if not isinstance(shown, dict) or differences(asserted, shown, self._attributes, exact=True):
            return False
        former = self._user or {}
        if shown.get("id") != former.get("id"):
            return False
        named = {name.lower() for name in asserted}
        return all(
            name.lower() in named or empty(value) or name in former
            for name, value in shown.items()
            if name not in ("id", "meta", "schemas")
        )


def usable(replace_works: Callable[[], None]) -> bool:
    """Tell whether a plain PUT works on the target."""
    try:
        replace_works()
    except Blocked:
        return False
    return True


def sparing(make: Callable[..., Resource], patient: Callable[..., Resource | None]) -> Callable[..., Resource]:
    """Return what makes resources for one check: of users the patient, once, where the check asks for no userName."""
    taken: list[Resource] = []

    def build(resource_type: Any, **overrides: Any) -> Resource:
        name = resource_type if isinstance(resource_type, str) else resource_type.name
        found = None if name != "User" or taken or "userName" in overrides else patient(**overrides)
        if found is None:
            return make(resource_type, **overrides)
        taken.append(found)
        return found

    return build
