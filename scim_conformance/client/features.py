"""What a target supports: what it says, what had to be assumed, and the facts that gates ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scim_conformance.catalogue import Fact
from scim_conformance.catalogue.gates import HINTS, in_words
from scim_conformance.client.served import (
    ENTERPRISE,
    GROUP,
    USER,
    Attribute,
    Defect,
    ResourceType,
    ServedSchema,
    core_resource_types,
    core_schemas,
    json_kind,
    member,
)

FLAGS: Final = ("patch", "bulk", "filter", "sort", "etag", "changePassword")
"""What ServiceProviderConfig advertises by a member `supported` (RFC 7643 section 5)."""

_OTHER_WORDS: Final = {
    "users": "resource:User",
    "groups": "resource:Group",
    "enterprise": "extension:enterprise",
    "extensions": "schemaExtensions",
    "cursor": "pagination.cursor",
    "index": "pagination.index",
    "change_password": "changePassword",
    "change-password": "changePassword",
}
"""What an operator may write in the [features] table besides the gates' own words."""

_TRIED_BY_CHECKS: Final = ("search", "root-query")
"""Hints that nobody has to give: no document tells, but the first check that needs one tries (A49)."""

_YES: Final = Fact(True)


@dataclass(frozen=True)
class Features:
    """What is known of a target, from discovery, from what had to be tried, and from the operator.

    `tried` holds what a harmless request showed of a flag that ServiceProviderConfig does not give. `refused` is True
    when no request was let in, `refusal` says so in a sentence; `looks_wrong` is a sentence when nothing here looks
    like SCIM.
    """

    service_provider_config: Mapping[str, Any] | None = None
    resource_types: tuple[ResourceType, ...] = ()
    schemas: Mapping[str, ServedSchema] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    hints: Mapping[str, bool] = field(default_factory=dict)
    overrides: Mapping[str, bool] = field(default_factory=dict)
    tried: Mapping[str, tuple[bool, str]] = field(default_factory=dict)
    refused: bool = False
    refusal: str = ""
    looks_wrong: str = ""

    # -- what is served --------------------------------------------------------------------

    def resource_type(self, name: str) -> ResourceType | None:
        """Return a resource type by its name, in any letter case."""
        return next((one for one in self.resource_types if one.name.lower() == name.lower()), None)

    def schema_of(self, resource_type: ResourceType | str) -> ServedSchema:
        """Return the base schema of a resource type; an empty one marked as assumed when it is not served."""
        urn = self._named(resource_type).schema
        return self.schemas.get(urn) or ServedSchema(urn, assumed=True)

    def extensions_of(self, resource_type: ResourceType | str) -> Iterator[ServedSchema]:
        """Yield the schemas of a resource type's extensions that are known."""
        for urn, _ in self._named(resource_type).extensions:
            if urn in self.schemas:
                yield self.schemas[urn]

    def attributes(self, resource_type: ResourceType | str, *, extensions: bool = True) -> Iterator[Attribute]:
        """Yield the attributes of a resource type, each before its sub-attributes, then those of extensions."""
        yield from self.schema_of(resource_type).walk()
        if extensions:
            for schema in self.extensions_of(resource_type):
                yield from schema.walk()

    def supports(self, flag: str) -> bool | None:
        """Return what ServiceProviderConfig says of a flag ("patch", "pagination.cursor"), None for nothing."""
        if flag in FLAGS:
            return _boolean(member(member(self.service_provider_config, flag), "supported"))
        name, _, sub = flag.partition(".")
        value = member(self.service_provider_config, name)
        if not sub:
            return True if isinstance(value, Mapping) else None
        return _boolean(member(value, sub))

    # -- facts -----------------------------------------------------------------------------

    def fact(self, gate: str) -> Fact:
        """Answer a gate; raises UnknownGate for a word that the catalogue does not have."""
        words = in_words(gate)
        said = self._said_by_operator(gate)
        if said is not None:
            return said
        if gate in FLAGS:
            return self._flag(gate)
        if gate.startswith("pagination"):
            return self._pagination(gate)
        kind, colon, name = gate.partition(":")
        if colon and kind == "resource":
            return self._resource(name)
        if colon and kind == "hint":
            return self._hint(name)
        if gate == "bearer":
            return _YES if self.hints.get("bearer") else _disabled("No bearer token was given.")
        if gate in _EXTENSIONS:
            return _EXTENSIONS[gate](self)
        return self._characteristic(gate, words)

    def _said_by_operator(self, gate: str) -> Fact | None:
        for name, value in self.overrides.items():
            word = _OTHER_WORDS.get(name, name)
            if word == gate:
                return _YES if value else _disabled(f"The operator switched {word} off ([features] {name} = false).")
            if not value and gate.startswith(f"{word}."):
                return _disabled(f"The operator switched {word} off ([features] {name} = false).")
        return None

    def _flag(self, flag: str) -> Fact:
        says = self.supports(flag)
        if says is not None:
            return _YES if says else _unsupported(f"ServiceProviderConfig says {flag}.supported is false.")
        if flag in self.tried:
            works, reason = self.tried[flag]
            return _YES if works else _unsupported(reason)
        if self.service_provider_config is None:
            return _unsupported(f"There is no usable ServiceProviderConfig, so {flag} is not advertised.")
        return _unsupported(f"ServiceProviderConfig does not say whether {flag} is supported.")

    def _pagination(self, gate: str) -> Fact:
        pagination = member(self.service_provider_config, "pagination")
        if gate == "pagination.index":
            says = _boolean(member(pagination, "index"))
            return _YES if says is not False else _unsupported("ServiceProviderConfig says pagination.index is false.")
        if not isinstance(pagination, Mapping):
            return _unsupported("ServiceProviderConfig has no pagination (RFC 9865).")
        if gate == "pagination":
            return _YES
        if not _boolean(member(pagination, "cursor")):
            return _unsupported("ServiceProviderConfig does not say pagination.cursor is true.")
        if gate == "pagination.cursor.cursorTimeout" and member(pagination, "cursorTimeout") is None:
            return _unsupported("ServiceProviderConfig gives no pagination.cursorTimeout.")
        return _YES

    def _resource(self, name: str) -> Fact:
        if self.resource_type(name) is not None:
            return _YES
        served = ", ".join(one.name for one in self.resource_types) or "none"
        return _unsupported(f"The resource type {name} is not served (there are: {served}).")

    def _hint(self, name: str) -> Fact:
        given = self.hints.get(name, name in _TRIED_BY_CHECKS)
        if given:
            return _YES
        if given is False:
            return _disabled(f"The operator says no to the hint {name}: {HINTS[name]}.")
        return _disabled(f"Not known to be so, for the operator gave no hint: {HINTS[name]} ([hints] {name} = true).")

    def _characteristic(self, gate: str, words: str) -> Fact:
        name, _, value = gate.partition("=")
        if gate in ("uniqueness", "uniqueness=server"):
            found = any(one.uniqueness in (("server",) if value else ("server", "global")) for one in self._every())
            if found or self.resource_type("User") is not None:  # userName is unique by RFC 7643 section 4.1.1 itself
                return _YES
        elif gate == "canonicalValues":
            found = any(one.canonical_values for one in self._every())
        else:
            found = _common(name, value) or any(_has(one, name, value) for one in self._every())
        return _YES if found else _unsupported(f"{words.replace('some', 'No', 1)}.")

    def _every(self) -> Iterator[Attribute]:
        for resource_type in self.resource_types:
            yield from self.attributes(resource_type)

    def _extension_urns(self) -> list[tuple[str, bool]]:
        return [pair for resource_type in self.resource_types for pair in resource_type.extensions]

    def _named(self, resource_type: ResourceType | str) -> ResourceType:
        if isinstance(resource_type, ResourceType):
            return resource_type
        found = self.resource_type(resource_type)
        if found is None:
            raise LookupError(f"The target serves no resource type {resource_type!r}.")
        return found

    # -- from process to process -----------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, for reports and for other processes of the run."""
        config = self.service_provider_config
        return {
            "service_provider_config": None if config is None else dict(config),
            "resource_types": [one.to_json() for one in self.resource_types],
            "schemas": {urn: schema.to_json() for urn, schema in self.schemas.items()},
            "defects": [
                {"document": one.document, "message": one.message, "exchanges": list(one.exchanges)}
                for one in self.defects
            ],
            "hints": dict(self.hints),
            "overrides": dict(self.overrides),
            "tried": {flag: list(found) for flag, found in self.tried.items()},
            "refused": self.refused,
            "refusal": self.refusal,
            "looks_wrong": self.looks_wrong,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Features:
        """Make features of what `to_json` returned."""
        return cls(
            service_provider_config=plain["service_provider_config"],
            resource_types=tuple(ResourceType.from_json(one) for one in plain["resource_types"]),
            schemas={urn: ServedSchema.from_json(schema) for urn, schema in plain["schemas"].items()},
            defects=tuple(Defect(one["document"], one["message"], tuple(one["exchanges"])) for one in plain["defects"]),
            hints=dict(plain["hints"]),
            overrides=dict(plain["overrides"]),
            tried={flag: (bool(works), str(reason)) for flag, (works, reason) in plain["tried"].items()},
            refused=plain["refused"],
            refusal=plain["refusal"],
            looks_wrong=plain["looks_wrong"],
        )


def core_features() -> Features:
    """Return what the RFC's own schemas describe: User with the enterprise extension, and Group, all assumed."""
    return Features(resource_types=core_resource_types(), schemas=core_schemas())


def probe(
    client: Any, overrides: Mapping[str, bool] | None = None, hints: Mapping[str, bool] | None = None
) -> Features:
    """Learn what a target supports with a handful of harmless requests; see `probing.probe`."""
    from scim_conformance.client.probing import probe as ask  # noqa: PLC0415 - it imports this module

    return ask(client, overrides or {}, hints or {})


def switched_off(overrides: Mapping[str, bool], gate: str) -> bool:
    """Tell whether the operator's [features] table switches a gate off."""
    return any(not value and _OTHER_WORDS.get(name, name) == gate for name, value in overrides.items())


def _enterprise(features: Features) -> Fact:
    user = features.resource_type("User")
    if user is None:
        return _unsupported("The resource type User is not served.")
    if any(urn.lower() == ENTERPRISE.lower() for urn, _ in user.extensions):
        return _YES
    return _unsupported("The resource type User does not list the enterprise extension.")


def _some_extension(features: Features) -> Fact:
    return _YES if features._extension_urns() else _unsupported("No resource type lists a schema extension.")  # noqa: SLF001


def _required_extension(features: Features) -> Fact:
    if any(required for _, required in features._extension_urns()):  # noqa: SLF001 - of the same module
        return _YES
    return _unsupported("No resource type lists a schema extension as required.")


_EXTENSIONS: Final[Mapping[str, Callable[[Features], Fact]]] = {
    "extension:enterprise": _enterprise,
    "schemaExtensions": _some_extension,
    "schemaExtensions.required": _required_extension,
}


def _has(attribute: Attribute, characteristic: str, value: str) -> bool:
    found = {
        "type": attribute.type,
        "mutability": attribute.mutability,
        "returned": attribute.returned,
        "uniqueness": attribute.uniqueness,
        "caseExact": str(attribute.case_exact).lower(),
    }[characteristic]
    if characteristic == "caseExact" and attribute.type not in ("string", "reference", "binary"):
        return False
    return found == value


def _common(characteristic: str, value: str) -> bool:
    """Tell whether id, externalId or meta, which every resource has (RFC 7643 section 3.1), have a characteristic."""
    return (characteristic, value) in {
        ("mutability", "readOnly"),
        ("mutability", "readWrite"),
        ("returned", "always"),
        ("returned", "default"),
        ("caseExact", "true"),
    }


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return None


def _unsupported(reason: str) -> Fact:
    return Fact(False, "unsupported", reason)


def _disabled(reason: str) -> Fact:
    return Fact(False, "disabled", reason)


__all__ = [
    "ENTERPRISE",
    "FLAGS",
    "GROUP",
    "USER",
    "Attribute",
    "Defect",
    "Features",
    "ResourceType",
    "ServedSchema",
    "core_features",
    "core_schemas",
    "json_kind",
    "member",
    "probe",
    "switched_off",
]
