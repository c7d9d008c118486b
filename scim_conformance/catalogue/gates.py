"""Gates: what must hold on a target for a requirement to apply to it.

A gate is a word, or a word with a parameter: "patch", "resource:User", "type=binary", "hint:search". Whoever knows the
target answers a gate with a Fact; whoever judges asks for the first one that is closed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scim_conformance.catalogue.closest import taught
from scim_conformance.catalogue.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether one gate holds on one target; if not, who says so (the target or the operator) and a sentence."""

    holds: bool
    kind: Literal["", "unsupported", "disabled"] = ""
    reason: str = ""


Facts = Callable[[str], Fact]


class UnknownGate(LookupError):  # noqa: N818 - it says what was asked for
    """A gate that the catalogue has no word for; the message names the closest ones."""


_CAPABILITIES = {
    "patch": "ServiceProviderConfig advertises patch",
    "bulk": "ServiceProviderConfig advertises bulk",
    "filter": "ServiceProviderConfig advertises filter",
    "sort": "ServiceProviderConfig advertises sort",
    "etag": "ServiceProviderConfig advertises etag",
    "changePassword": "ServiceProviderConfig advertises changePassword",
    "pagination": "ServiceProviderConfig has pagination (RFC 9865)",
    "pagination.cursor": "ServiceProviderConfig advertises pagination.cursor",
    "pagination.index": "ServiceProviderConfig does not say pagination.index is false",
    "pagination.cursor.cursorTimeout": "ServiceProviderConfig gives pagination.cursorTimeout",
    "extension:enterprise": "the User resource type lists the enterprise extension",
    "schemaExtensions": "some resource type lists a schema extension",
    "schemaExtensions.required": "some resource type lists a schema extension as required",
    "canonicalValues": "some served attribute has canonicalValues",
    "uniqueness": "some served attribute is unique (server or global)",
    "bearer": "the operator gave a bearer token",
}

CHARACTERISTICS = {
    "type": ("string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"),
    "mutability": ("readOnly", "readWrite", "immutable", "writeOnly"),
    "returned": ("always", "never", "default", "request"),
    "uniqueness": ("none", "server", "global"),
    "caseExact": ("true", "false"),
}
"""The characteristics of attributes (RFC 7643 section 7) that requirements depend on, and their keywords."""

HINTS = {
    "search": "/.search exists",
    "root-query": "queries at the base URL are answered",
    "me": "a token that acts for a user was given (--user-token-env), or the run's own does",
    "two-clients": "the token of a second client, of another provisioning domain, was given (--other-token-env)",
    "two-tenants": "a second tenant was given (--other-tenant-url)",
    "scoped-tokens": "a token that may read and write nothing was given (--read-only-token-env)",
    "expired-token": "an expired token was given (--expired-token-env)",
    "revoked-token": "a token that has since been reset was given",
    "anonymous": "anybody may create a user at a path that was given (--registration-path)",
    "public-discovery": "discovery documents are shown to anybody",
    "self-service-subject": "a token limited to its own user was given (--user-token-env)",
    "many-resources": "the target holds enough resources to exceed its limits",
    "custom-resource-types": "the target has resource types of its own",
    "nested-groups": "groups can be members of groups",
    "versioned-base": "the base URL ends in a version segment such as /v2",
    "sensitive-filter": "a filter that the target's policy forbids in a URL was given",
    "precis": "the target claims to prepare strings by PRECIS",
    "redirects": "the target redirects requests",
    "origin": "an origin value was given, so the target asks for the origin header",
    "allowlist": "the target's IP allowlist, or an address that is not on it, was given",
    "default-workspace": "the target has a default workspace and its name was given",
    "provisioning-settings": "the target's provisioning settings can be reached: the bundled server",
}


def in_words(gate: str) -> str:
    """Say what a gate asks for. Raises UnknownGate."""
    if gate in _CAPABILITIES:
        return _CAPABILITIES[gate]
    name, _, value = gate.partition("=")
    if value in CHARACTERISTICS.get(name, ()):
        return f"some served attribute has {name} {value}"
    kind, _, value = gate.partition(":")
    if kind == "resource" and value:
        return f"the resource type {value} is served"
    if kind == "hint" and value in HINTS:
        return f"{HINTS[value]} (an operator's hint)"
    raise UnknownGate(taught("gate", gate, known_gates(), "The words are in scim_conformance/catalogue/gates.py."))


def known_gates() -> list[str]:
    """List every gate that has words, the open-ended resource:NAME by its two core types."""
    characteristics = [f"{name}={value}" for name, values in CHARACTERISTICS.items() for value in values]
    resources = ["resource:User", "resource:Group"]
    return [*_CAPABILITIES, *resources, *characteristics, *(f"hint:{hint}" for hint in HINTS)]


def closed(requirement: Requirement, facts: Facts) -> Fact | None:
    """Return the fact about the first gate that keeps a requirement from applying; None when it applies."""
    for gate in requirement.gates:
        fact = facts(gate)
        if not fact.holds:
            return fact
    return None
