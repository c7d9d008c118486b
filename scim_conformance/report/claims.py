"""Set what ServiceProviderConfig and the served schemas claim beside what the checks saw (RFC 7643, RFC 9865)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scim_conformance.catalogue.gates import CHARACTERISTICS
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

_UNCLAIMED = "uniqueness=none"
"""What is served with most attributes and claims nothing."""
_SERVED_AS = {"caseExact": "case_exact"}

WORKS = "works"
PARTLY = "partly works"
BROKEN = "does not work"
UNSEEN = "not judged"


def compute(
    features: Mapping[str, Any], checks: Iterable[CheckResult], catalogue: Mapping[str, Described]
) -> list[dict[str, Any]]:
    """Return for each flag and each served characteristic what is advertised, what was observed, whether they agree.

    `advertised` is None where the target says nothing, `consistent` is None where nothing was judged.
    """
    config = features.get("service_provider_config")
    every = list(checks)
    claims = []
    for claim, path, gate in CLAIMS:
        judged = _judging(every, gate, catalogue)
        advertised = _flag(config, path)
        observed = _observed(judged) if judged else _tried(features, claim, every)
        claims.append(_claim(claim, advertised, observed, judged))
    for characteristic, where in _served(features).items():
        judged = _judging(every, characteristic, catalogue)
        observed = _observed(judged) if judged else UNSEEN
        claims.append(_claim(characteristic, True, observed, judged, where))
    return claims


def _claim(
    claim: str,
    advertised: bool | None,  # noqa: FBT001 - a claim is a boolean
    observed: str,
    judged: Iterable[CheckResult],
    where: Iterable[str] = (),
) -> dict[str, Any]:
    attributes = list(where)
    return {
        "claim": claim,
        "kind": "characteristic" if attributes else "capability",
        "advertised": advertised,
        "where": attributes,
        "observed": observed,
        "consistent": _consistent(advertised, observed),
        "checks": [check.id for check in judged],
    }


def _judging(checks: Iterable[CheckResult], gate: str, catalogue: Mapping[str, Described]) -> list[CheckResult]:
    """Return the checks that judged a requirement which applies only where this is there."""
    return [check for check in checks if check.verdict in JUDGED and _depends(check, gate, catalogue)]


def _served(features: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the characteristics that attributes of the served schemas have, each with these attributes."""
    found: dict[str, list[str]] = {}
    schemas = features.get("schemas")
    used = {urn for kind in features.get("resource_types", ()) for urn in _schemas_of(kind)}
    for urn, schema in schemas.items() if isinstance(schemas, Mapping) else ():
        if urn not in used or schema.get("assumed"):
            continue  # that of a discovery document, or one that nobody served
        for attribute in schema.get("attributes", ()):
            _add(found, attribute, str(schema.get("name") or schema.get("id")))
    names = sorted(CHARACTERISTICS, key=lambda name: name == "type")  # types last: they claim least
    order = [f"{name}={value}" for name in names for value in CHARACTERISTICS[name]] + ["canonicalValues"]
    return {claim: found[claim] for claim in order if claim in found and claim != _UNCLAIMED}


def _schemas_of(resource_type: Mapping[str, Any]) -> list[str]:
    return [str(resource_type.get("schema")), *(urn for urn, _ in resource_type.get("extensions", ()))]


def _add(found: dict[str, list[str]], attribute: Mapping[str, Any], place: str) -> None:
    path = f"{place}.{attribute.get('name')}"
    for name, values in CHARACTERISTICS.items():
        value = attribute.get(_SERVED_AS.get(name, name))
        text = str(value).lower() if isinstance(value, bool) else value
        if text in values and not (name == "caseExact" and attribute.get("type") != "string"):
            found.setdefault(f"{name}={text}", []).append(path)
    if attribute.get("canonical_values"):
        found.setdefault("canonicalValues", []).append(path)
    for sub in attribute.get("sub_attributes", ()):
        _add(found, sub, path)


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


def _tried(features: Mapping[str, Any], claim: str, checks: Iterable[CheckResult]) -> str:
    """Return what a check, or the probe with one request, saw of a flag that the target does not advertise."""
    for check in checks:
        if claim in check.observed:
            return WORKS if check.observed[claim] else BROKEN
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
