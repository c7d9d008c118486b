"""How large a bulk job may be, RFC 7644 section 3.7.4."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.bulk import BULK_REQUEST

MOST_OPERATIONS = 5_000
MOST_BYTES = 4 * 1024 * 1024
"""Limits above these are not tried: to go beyond them would be a burden on the target."""

NAMES = {"maxOperations": ("operation",), "maxPayloadSize": ("payload", "size", "large", "byte", "length", "big")}
"""By which words a text tells which limit was meant, where it does not give the number."""


@pytest.fixture
def limit(features):
    """Read a limit from ServiceProviderConfig: `limit("maxOperations")`; None where it is no whole number."""

    def read(name: str) -> int | None:
        found = ((features.service_provider_config or {}).get("bulk") or {}).get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    return read


@pytest.mark.requirement("RFC7644-3.7.4-01")
@pytest.mark.parametrize("name", ["maxOperations", "maxPayloadSize"])
def test_there_are_limits(limit, name):
    """A target with bulk jobs defines how many operations one may have, and how large it may be."""
    found = limit(name)
    if found is None or found <= 0:
        raise Violation(
            f"ServiceProviderConfig defines no {name}, though bulk jobs are supported.",
            expected=[f"bulk.{name}, a positive whole number"],
            actual=f"bulk.{name} = {found!r}",
        )


@pytest.fixture(params=["maxOperations", "maxPayloadSize"])
def exceeding(request, limit, scim, scim_session):
    """The answer to a job beyond each limit; none of its operations could do anything."""
    name, most = request.param, {"maxOperations": MOST_OPERATIONS, "maxPayloadSize": MOST_BYTES}[request.param]
    value = limit(name)
    if value is None or value <= 0:
        raise Blocked(f"ServiceProviderConfig defines no {name}, which another check judges")
    if value > most:
        pytest.skip(f"unsupported: {name} is {value}, which is too much to be tried")
    path = scim.location(("User", scim.unknown_id()))

    def ask() -> Any:
        if name == "maxOperations":
            operations: list[dict[str, Any]] = [{"method": "DELETE", "path": path}] * (value + 1)
        else:
            operation = {"op": "replace", "path": "displayName", "value": "x" * value}
            data = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
            operations = [{"method": "PATCH", "path": path, "data": data}]
        return scim.post("/Bulk", json={"schemas": [BULK_REQUEST], "Operations": operations})

    return name, value, scim_session.baseline.once(f"bulk: {name}", ask)


@pytest.mark.requirement("RFC7644-3.7.4-03")
@pytest.mark.usefixtures("working")
def test_what_exceeds_a_limit_is_answered_with_413(exceeding):
    """A bulk job with more operations than maxOperations, or larger than maxPayloadSize, is answered with 413."""
    expect(exceeding[2]).refused(413)


@pytest.mark.requirement("RFC7644-3.7.4-04")
def test_the_refusal_names_the_limit(exceeding):
    """The refusal of a job that is too large says in its body which limit was exceeded."""
    name, value, response = exceeding
    if not 400 <= response.status < 500:
        raise Blocked(f"a job beyond {name} answered {response.status}, which another check judges")
    body = response.json if response.is_json else None
    if not isinstance(body, dict) or "schemas" not in body:
        warn(f"The refusal of a job beyond {name} is no SCIM error; a gateway's, perhaps.",
             expected=["a SCIM error that names the limit"], actual=response.text[:200])  # fmt: skip
        return
    text = f"{body.get('detail')} {body.get('description')}".replace(",", "").lower()
    if str(value) not in text and name.lower() not in text and not any(word in text for word in NAMES[name]):
        raise Violation(
            f"The refusal of a job beyond {name} does not say which limit was exceeded.",
            expected=[f"detail with {name} or {value}"],
            actual=f"detail = {body.get('detail')!r}",
        )
