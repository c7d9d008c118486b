"""Okta's discovery of entitlements, which Identity Governance sends when provisioning is turned on."""

import pytest

from scim_conformance.idp.okta.entitlements import ENTITLEMENT, ROLE
from scim_conformance.idp.okta.reading import COUNTS
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Violation, expect

LONGEST = 1000


@pytest.fixture(autouse=True)
def kinds(features):
    """The served resource types that are roles or entitlements; the checks do not apply where there are none."""
    found = [kind for kind in features.resource_types if kind.schema in (ROLE, ENTITLEMENT)]
    return found or pytest.skip("unsupported: no resource type is a role or an entitlement by Okta's schemas")


@pytest.fixture
def discovery(once, wizard):
    """What discovering the entitlements came to."""
    return once("okta discovers entitlements", wizard.discover_entitlements)


@pytest.mark.requirement("OKTA-E01")
def test_entitlements_are_discovered(discovery, kinds):
    """Okta's discovery of entitlements finds their endpoints in /ResourceTypes and reads each."""
    concluded(discovery, Conclusion.IMPORTED)
    read = [response for response in discovery.responses if "startIndex=1" in response.exchange.url]
    if len(read) != len(kinds):
        raise Violation(
            "Okta finds not every list of roles and entitlements.",
            expected=[kind.endpoint for kind in kinds],
            actual=", ".join(response.exchange.url for response in read),
        )


@pytest.mark.requirement("OKTA-E02")
def test_entitlements_are_listed(wizard, kinds):
    """The list of a kind of entitlements for count=1 has one resource, and integers."""
    for kind in kinds:
        response = wizard.wire.ask("GET", kind.endpoint, "count=1&startIndex=1")
        expect(response).status(200).json_object()
        body = response.body
        expect(response).where(
            isinstance(body.get("Resources"), list) and len(body["Resources"]) == 1 == body.get("itemsPerPage"),
            expected="one resource, and itemsPerPage = 1",
        )
        expect(response).where(
            all(isinstance(body.get(name), int) and not isinstance(body[name], bool) for name in COUNTS),
            expected=f"{', '.join(COUNTS)} as integers",
        )


@pytest.mark.requirement("OKTA-E03")
def test_an_entitlement_has_a_name_and_a_type(discovery):
    """Each entitlement has id, displayName and type, each role id and displayName."""
    for one in discovery.resources:
        needed = ["id", "displayName"] + (["type"] if ENTITLEMENT in (one.get("schemas") or []) else [])
        lacking = [name for name in needed if not one.get(name)]
        if lacking:
            raise Violation("An entitlement is not complete.", expected=needed, actual=f"no {', '.join(lacking)}")


@pytest.mark.requirement("OKTA-E04")
def test_a_description_is_short(discovery):
    """The description of an entitlement or a role has at most 1000 characters."""
    longest = max((len(str(one.get("description") or "")) for one in discovery.resources), default=0)
    if longest > LONGEST:
        raise Violation("A description is too long.", expected=[f"{LONGEST} characters"], actual=f"{longest}")


@pytest.mark.requirement("OKTA-E05")
def test_extensions_are_described(features, wizard):
    """GET /Schemas describes each extension that a resource type names."""
    response = wizard.wire.ask("GET", "/Schemas")
    expect(response).status(200).json_object()
    described = {one.get("id") for one in response.body.get("Resources") or [] if isinstance(one, dict)}
    named = {urn for kind in features.resource_types for urn, _ in kind.extensions}
    expect(response).where(
        named <= described,
        expected=f"schemas {', '.join(sorted(named))}",
        actual=", ".join(sorted(map(str, described))),
    )
