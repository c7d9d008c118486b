"""Specimens: of each resource type two resources with every attribute that clients write, from which all are judged.

A request is asked once and judged often. The first resource is only read. The second begins with the same values, is
then replaced, patched and emptied, always in this order, and read after each change. Where a target refuses a request
with all attributes, it is asked again with parts of them, so that one that it does not take in hides no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from scim_conformance.client.features import Attribute, ResourceType
from scim_conformance.client.response import Response
from scim_conformance.judge.compare import differences
from scim_conformance.judge.resources import naming_attribute
from scim_conformance.judge.values import (
    Referred,
    assembled,
    in_extension,
    is_free_text,
    refers,
    reverse,
    settable,
    top_level,
    value,
    visible,
)
from scim_conformance.judge.verdicts import Blocked

UNICODE = 'Zoë "Ωmega" \\ 日本語 𝒮𝒸𝒾𝓂 🐘'
"""Letters with accents, of other alphabets, outside the basic plane, and what JSON has to escape."""

_MOST_ATTEMPTS = 14
"""How often a request is asked again with fewer attributes; a sound target needs one attempt."""
_ABOUT_VALUES = (400, 409, 413, 422, 500, 502, 503)
"""Statuses that may be due to one of the values in a request."""

Values = dict[str, Any]
"""Values by the path of their top-level attribute."""


@dataclass(slots=True)
class Step:
    """One change: the values that were sent and taken in, the resource afterwards, and what was refused."""

    sent: Values = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Response] = field(default_factory=dict)
    responses: list[Response] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    before: Values = field(default_factory=dict)


def sifted(names: Sequence[str], send: Callable[[list[str]], Response]) -> tuple[list[str], dict[str, Response]]:
    """Send a request about all names, and where it is refused about parts of them, each beside those taken in so far.

    Returns the names that were taken in, and those that were refused, each with its answer. Raises `Blocked` where the
    refusal has nothing to do with values.
    """
    waiting, taken, refused = [list(names)], list[str](), dict[str, Response]()
    for _ in range(_MOST_ATTEMPTS):
        if not waiting:
            break
        group = waiting.pop(0)
        response = send([*taken, *group])
        if response.is_success:
            taken += group
        elif response.status not in _ABOUT_VALUES:
            raise Blocked(f"{response.exchange.method} {response.exchange.url} answered {response.status}")
        elif len(group) > 1:
            waiting[:0] = [group[: len(group) // 2], group[len(group) // 2 :]]
        else:
            refused |= dict.fromkeys(group, response)
    return taken, refused


class Specimens:
    """The specimens of one run, made when they are first asked for."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._specimens: dict[str, Specimen] = {}
        self._others: dict[str, dict[str, Any]] = {}
        self._made: list[dict[str, Any]] = []

    def of(self, resource_type: ResourceType) -> "Specimen":
        """Return the specimen of a resource type."""
        if resource_type.name not in self._specimens:
            self._specimens[resource_type.name] = Specimen(self, resource_type)
        return self._specimens[resource_type.name]

    def reference(self, which: int) -> Callable[[tuple[str, ...]], Referred | None]:
        """Return what gives a resource to refer to: always the same one for an even `which`, another for an odd one."""

        def refer(kinds: tuple[str, ...]) -> Referred | None:
            served = {each.name for each in self.session.features.resource_types}
            known = [kind for kind in kinds or ("User",) if kind in served]
            kind = "User" if "User" in known else next(iter(known), None)
            if kind is None:
                return None
            if which % 2 and kind not in self._others:
                self._others[kind] = self.keep(self.session.baseline.make(kind))
            resource = self._others[kind] if which % 2 else self.session.baseline.shared(kind)
            return resource["id"], self.session.client.base.resolve(self.session.client.location(resource))

        return refer

    def keep(self, resource: dict[str, Any]) -> dict[str, Any]:
        """Remember a resource, to delete it when all is judged."""
        self._made.append(resource)
        return resource

    def drop(self, resource: dict[str, Any]) -> None:
        """Delete a resource now."""
        self.session.discard([resource])
        self._made = [each for each in self._made if each is not resource]

    def close(self) -> None:
        """Delete everything."""
        self.session.discard(self._made)
        self._made = []


class Specimen:
    """Two resources of one type, and what was seen of them."""

    def __init__(self, specimens: Specimens, resource_type: ResourceType) -> None:
        self.resource_type = resource_type
        self._specimens = specimens
        self._session = specimens.session
        self._known: dict[str, Step | Blocked] = {}
        self._state: Values = {}
        self._first: dict[str, Any] = {}
        self._second: dict[str, Any] = {}
        features = self._session.features
        self.all = list(top_level(features, resource_type))
        self.attributes = [attribute for attribute in self.all if settable(attribute)]
        self.by_path: Mapping[str, Attribute] = {attribute.path: attribute for attribute in self.attributes}

    # -- what checks ask for ---------------------------------------------------------------

    @property
    def created(self) -> Step:
        """The first resource: every attribute given in a POST, and what a GET shows of it."""
        return self._once("created", self._create)

    @property
    def repeated(self) -> Step:
        """The second resource: created with the same values, but for unique ones, its members in reverse order."""
        return self._once("repeated", self._repeat)

    @property
    def replaced(self) -> Step:
        """The second resource after a PUT with other values for all that can be changed."""
        return self._once("replaced", self._replace)

    @property
    def patched(self) -> Step:
        """The second resource after a PATCH that replaces all that can be changed, each attribute by its path."""
        self._settle("replaced")
        return self._once("patched", self._patch)

    @property
    def emptied(self) -> Step:
        """The second resource after a PUT with null, or an empty array, for all that need not be there."""
        self._settle("replaced", "patched")
        return self._once("emptied", self._empty)

    @property
    def first(self) -> dict[str, Any]:
        """The first resource, by which it is addressed; blocked where it could not be made."""
        _ = self.created
        return self._first

    @property
    def second(self) -> dict[str, Any]:
        """The second resource, by which it is addressed; blocked where it could not be made."""
        _ = self.repeated
        return self._second

    def values(self, which: int) -> Values:
        """Invent a value for every attribute that clients write."""
        person, reference = self._session.person(), self._specimens.reference(which)
        found: Values = {}
        for attribute in self.attributes:
            made = value(attribute, person, which=which, reference=reference)
            if made is not None:
                found[attribute.path] = made
        return found

    @cached_property
    def spelled(self) -> Attribute | None:
        """The text attribute that is given characters of all kinds: one that may hold any text, and may be missing."""
        free = [each for each in self.attributes if is_free_text(each) and not self.required(each.path)]
        known = [each for name in ("title", "nickName", "description") for each in free if each.name == name]
        return next(iter([*known, *free]), None)

    def kept(self, step: Step, path: str) -> list[str]:
        """Tell how what is shown of an attribute differs from what was sent: nothing for one that was kept."""
        attribute = self.by_path[path]
        body = assembled(self.resource_type, {path: step.sent[path]}, self.attributes)
        return differences(body, step.shown, [attribute], exact=not refers(attribute))

    def stored(self) -> set[str]:
        """Give the attributes of which the target keeps what it is given in a POST, and shows it."""
        step = self.created
        return {path for path in step.sent if visible(self.by_path[path]) and not self.kept(step, path)}

    def required(self, path: str) -> bool:
        """Tell whether a POST needs an attribute: it is required itself, or its extension is."""
        attribute = self.by_path[path]
        if not attribute.required:
            return not in_extension(attribute) and attribute.name == naming_attribute(self.resource_type)
        needed = {urn.lower() for urn, required in self.resource_type.extensions if required}
        return not in_extension(attribute) or attribute.schema.lower() in needed

    def minimal(self, values: Values) -> Values:
        """Leave only what a POST needs."""
        return {path: each for path, each in values.items() if self.required(path)}

    def beside(self, values: Values) -> Values:
        """Add to values all that a POST with them needs: what is required, also of the extensions that they are in."""
        fresh = self.values(0)
        used = {self.by_path[path].schema for path in values if in_extension(self.by_path[path])}
        inside = {path for path, each in self.by_path.items() if each.required and each.schema in used}
        return self.minimal(fresh) | {path: fresh[path] for path in inside if path in fresh} | values

    def send(self, values: Values, *, backwards: bool = False) -> tuple[Response, dict[str, Any] | None]:
        """Create a resource with these values and no other; it is deleted when all is judged."""
        response, made, _ = self._post(values, backwards=backwards)
        return response, made

    # -- how it is done --------------------------------------------------------------------

    def _once(self, name: str, ask: Callable[[], Step]) -> Step:
        if name not in self._known:
            try:
                self._known[name] = ask()
            except Blocked as blocked:
                self._known[name] = blocked
        found = self._known[name]
        if isinstance(found, Blocked):
            raise Blocked(str(found))
        for response in found.responses:
            self._session.client.recall(response)
        return found

    def _settle(self, *names: str) -> None:
        """Take earlier steps, whatever comes of them."""
        for name in names:
            try:
                getattr(self, name)
            except Blocked:
                continue

    def _post(
        self, values: Values, *, backwards: bool = False
    ) -> tuple[Response, dict[str, Any] | None, dict[str, Any]]:
        body = assembled(self.resource_type, values, self.attributes)
        body["externalId"] = f"Ext-{self._session.person().mark}"
        body = reverse(body) if backwards else body
        response = self._session.client.create(self.resource_type, body)
        made = self._session.baseline.created(response, self.resource_type)
        return response, self._specimens.keep(made) if made else None, body

    def _made(self, values: Callable[[list[str]], Values], names: list[str], *, backwards: bool = False) -> Step:
        """Create a resource, asking for as many of the names as the target takes in."""
        step, made = Step(), list[dict[str, Any]]()

        def send(chosen: list[str]) -> Response:
            while made:  # a value of the last attempt may be one that no second resource can have
                self._specimens.drop(made.pop())
            wanted = values(chosen)
            response, resource, body = self._post(wanted, backwards=backwards)
            step.responses = [*step.responses[-1:], response]
            if resource is not None:
                made.append(resource)
                step.sent, step.body = wanted, body
            return response

        taken, step.refused = sifted(names, send)
        if not made and names:
            send(taken)
        if not made:
            last = step.responses[-1].status if step.responses else "nothing"
            raise Blocked(f"creating a {self.resource_type.name} failed: POST answered {last}")
        step.before = {"id": made[0]["id"]}
        step.shown = self._read(step, made[0])
        return step

    def _read(self, step: Step, resource: dict[str, Any]) -> dict[str, Any]:
        response = self._session.client.read((self.resource_type, resource["id"]))
        step.responses.append(response)
        body = response.json if response.is_json else None
        if response.status != HTTPStatus.OK or not isinstance(body, dict):
            raise Blocked(f"reading a {self.resource_type.name} back failed: GET answered {response.status}")
        return body

    def _create(self) -> Step:
        values = self.values(0)
        if self.spelled is not None:
            values[self.spelled.path] = f"{UNICODE} {values[self.spelled.path]}"
        base = self.minimal(values)
        optional = [path for path in values if path not in base]
        step = self._made(lambda names: base | {name: values[name] for name in names}, optional)
        self._first = {"id": step.before["id"], "meta": {"resourceType": self.resource_type.name}}
        return step

    def _repeat(self) -> Step:
        same, fresh = dict(self.created.sent), self.values(1)
        for path, attribute in self.by_path.items():
            if path in same and self.is_unique(attribute):
                same[path] = fresh[path]
        names = [path for path in same if not self.is_unique(self.by_path[path])]

        def values(chosen: list[str]) -> Values:
            return {path: same[path] if path in chosen else fresh.get(path, same[path]) for path in same}

        try:
            step = self._made(values, names, backwards=True)
        except Blocked:
            step = self._made(values, names)
        self._second = {"id": step.before["id"], "meta": {"resourceType": self.resource_type.name}}
        self._state = dict(step.sent)
        return step

    def is_unique(self, attribute: Attribute) -> bool:
        """Tell whether no two resources may have a value of an attribute; a userName is so whatever is served."""
        parts = (attribute, *attribute.sub_attributes)
        return attribute.name.lower() == "username" or any(part.uniqueness in ("server", "global") for part in parts)

    def changeable(self, attribute: Attribute) -> bool:
        """Tell whether an attribute that has a value may be given another one."""
        if attribute.mutability == "immutable":
            return False
        return attribute.multi_valued or all(sub.mutability != "immutable" for sub in attribute.sub_attributes)

    def _replace(self) -> Step:
        resource, new = self.second, self.values(1)
        before = dict(self._state)
        step = Step(before=before)

        def send(chosen: list[str]) -> Response:
            body = assembled(self.resource_type, before | {name: new[name] for name in chosen}, self.attributes)
            response: Response = self._session.client.replace(resource, {"id": resource["id"], **body})
            step.responses = [*step.responses[-1:], response]
            return response

        names = [path for path in before if self.changeable(self.by_path[path]) and path in new]
        taken, step.refused = sifted(names, send)
        step.sent = {name: new[name] for name in taken}
        self._state |= step.sent
        step.shown = self._read(step, resource)
        return step

    def _patch(self) -> Step:
        fact = self._session.features.fact("patch")
        if not fact.holds:
            raise Blocked(fact.reason)
        resource, new = self.second, self.values(2)
        step = Step(before=dict(self._state))

        def send(chosen: list[str]) -> Response:
            operations = [{"op": "replace", "path": name, "value": new[name]} for name in chosen]
            response: Response = self._session.client.modify(resource, *operations)
            step.responses = [*step.responses[-1:], response]
            return response

        names = [path for path in self._state if self.changeable(self.by_path[path]) and path in new]
        if not names:
            raise Blocked(f"nothing of a {self.resource_type.name} can be changed")
        taken, step.refused = sifted(names, send)
        step.sent = {name: new[name] for name in taken}
        self._state |= step.sent
        step.shown = self._read(step, resource)
        return step

    def _empty(self) -> Step:
        resource = self.second
        kept = {path: each for path, each in self._state.items() if not self.may_be_empty(path)}
        step = Step(before=dict(self._state))

        def send(chosen: list[str]) -> Response:
            nothing: Values = {name: [] if self.by_path[name].multi_valued else None for name in chosen}
            body = assembled(self.resource_type, kept | nothing, self.attributes)
            response: Response = self._session.client.replace(resource, {"id": resource["id"], **body})
            step.responses = [*step.responses[-1:], response]
            return response

        taken, step.refused = sifted([path for path in self._state if path not in kept], send)
        step.sent = dict.fromkeys(taken)
        for name in taken:
            self._state.pop(name)
        step.shown = self._read(step, resource)
        return step

    def may_be_empty(self, path: str) -> bool:
        """Tell whether an attribute that has a value can be taken away."""
        attribute = self.by_path[path]
        fixed = attribute.mutability != "readWrite" or not self.changeable(attribute)
        return not (fixed or attribute.required or self.required(path))
