"""Set what ServiceProviderConfig claims beside what the checks saw (RFC 7643 section 5, RFC 9865 section 5)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scim_conformance.report.model import JUDGED, CheckResult, Described

# The claim's name here, its path in ServiceProviderConfig, and the gates of the requirements that judge it.
CLAIMS = (
    ("patch", "patch.supported", "patch"),
    ("filter", "filter.supported", "filter"),
    ("bulk", "bulk.supported", "bulk"),
    ("sort", "sort.supported", "sort"),
    ("etag", "etag.supported", "etag"),
    ("changePassword", "changePassword.supported", "changePassword"),
    ("pagination.index", "pagination.index", "pagination.index"),
    ("pagination.cursor", "pagination.cursor", "pagination.cursor"),
)

WORKS = "works"
PARTLY = "partly works"
BROKEN = "does not work"
UNSEEN = "not judged"


def compute(
    features: Mapping[str, Any], checks: Iterable[CheckResult], catalogue: Mapping[str, Described]
) -> list[dict[str, Any]]:
    """Return for each flag what is advertised, what was observed and whether the two agree.

    `advertised` is None where the target says nothing, `consistent` is None where nothing was judged.
    """
    config = features.get("service_provider_config")
    every = list(checks)
    claims = []
    for claim, path, gate in CLAIMS:
        related = [check for check in every if _depends(check, gate, catalogue)]
        judged = [check for check in related if check.verdict in JUDGED]
        advertised = _flag(config, path)
        observed = _observed(judged) if judged else _tried(features, claim)
        claims.append(
            {
                "claim": claim,
                "advertised": advertised,
                "observed": observed,
                "consistent": _consistent(advertised, observed),
                "checks": [check.id for check in judged],
            }
        )
    return claims


def _depends(check: CheckResult, gate: str, catalogue: Mapping[str, Described]) -> bool:
    """Whether the check judges a requirement that applies only where the capability is there."""
    gates = {
        name
        for requirement in check.requirements
        if requirement in catalogue
        for name in getattr(catalogue[requirement], "gates", ())
    }
    return any(name == gate or name.startswith(gate + ".") for name in gates)


def _flag(config: Any, path: str) -> bool | None:
    for name in path.split("."):
        if not isinstance(config, Mapping):
            return None
        config = next((value for key, value in config.items() if str(key).lower() == name.lower()), None)
    return config if isinstance(config, bool) else None


def _tried(features: Mapping[str, Any], claim: str) -> str:
    """Return what the probe saw of a flag that the target does not advertise; it tries some with one request."""
    tried = features.get("tried")
    found = tried.get(claim) if isinstance(tried, Mapping) else None
    if not isinstance(found, Sequence) or not found:
        return UNSEEN
    return WORKS if found[0] else BROKEN


def _observed(judged: Iterable[CheckResult]) -> str:
    verdicts = {check.verdict for check in judged}
    if "fail" not in verdicts:
        return WORKS
    return BROKEN if verdicts == {"fail"} else PARTLY


def _consistent(advertised: bool | None, observed: str) -> bool | None:  # noqa: FBT001 - a claim is a boolean
    if observed == UNSEEN or advertised is None:
        return None
    return observed == WORKS if advertised else observed == BROKEN
