"""What the template shows, in the order and the grouping it shows it in."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from scim_conformance.report import evidence
from scim_conformance.report.claims import PARTLY
from scim_conformance.report.failure import where
from scim_conformance.report.model import VERDICTS, CheckResult, Judged, Report
from scim_conformance.report.overview import blocked_by_cause, extent, generated, headline, remarks, when
from scim_conformance.report.providers import Line, Standing, is_provider, standings
from scim_conformance.report.text import cut

_BODY = 16_500  # characters of a body; what the client keeps
_BODY_OF_A_PASS = 2_000
_TITLES = {
    "fail": "a requirement is broken",
    "error": "the harness or the network broke; the target is not blamed",
    "warn": "a recommendation is not followed, or a small flaw",
    "blocked": "a precondition did not hold, so nothing can be said",
    "note": "what the target does where it is free to choose",
    "pass": "kept",
    "skip": "does not apply to this target, or was switched off",
}
_LEVELS = ((2, "MUST, REQUIRED, stated"), (1, "SHOULD, RECOMMENDED"), (0, "MAY, OPTIONAL"))


def view(report: Report) -> dict[str, Any]:
    """Return all that the template needs."""
    ordered = sorted(report.checks, key=lambda check: _order(report, check))
    return {
        "report": report,
        "headline": headline(report),
        "tone": _tone(report),
        "facts": _facts(report),
        "tiles": _tiles(report),
        "providers": [_standing(standing) for standing in standings(report)],
        "broken": _broken(report),
        "causes": [(cause, [_link(check) for check in checks]) for cause, checks in blocked_by_cause(report).items()],
        "areas": _areas(report),
        "claims": _claims(report),
        "claims_judged": any(claim["checks"] for claim in report.claims),
        "served": _served(report.features),
        "defects": _defects(report.features),
        "rows": [_row(report, check) for check in ordered],
        "verdicts": [(verdict, report.totals[verdict], _TITLES[verdict]) for verdict in VERDICTS],
        "levels": [
            (weight, name) for weight, name in _LEVELS if any(report.weight(c) == weight for c in report.checks)
        ],
    }


def _order(report: Report, check: CheckResult) -> tuple[int, bool, int, str]:
    return VERDICTS.index(check.verdict), check.waived is not None, -report.weight(check), check.id


def _tone(report: Report) -> str:
    if report.with_verdict("fail", "error") or report.problems or not report.complete:
        return "bad"
    return "mixed" if report.totals["warn"] or report.totals["blocked"] or not report.checks else "good"


def _facts(report: Report) -> list[tuple[str, str]]:
    return [
        ("Target", report.target),
        ("Judged by", ", ".join(report.profiles) or "no profile"),
        ("Run", f"{when(report.started)}, {evidence.duration(report.seconds)}"),
        ("Extent", extent(report)),
        *([("Generated examples", generated(report))] if generated(report) else []),
    ]


def _tiles(report: Report) -> list[dict[str, Any]]:
    said = remarks(report)
    return [
        {"verdict": name, "count": report.totals[name], "title": _TITLES[name], "remark": said.get(name, "")}
        for name in VERDICTS
    ]


def _broken(report: Report) -> list[dict[str, Any]]:
    """Return each broken requirement, the most binding first, with the checks that say so.

    Those of an identity provider stand in its own section.
    """
    grouped: dict[str, list[CheckResult]] = {}
    for check in report.with_verdict("fail"):
        entries = report.judged(check)
        if not entries or not is_provider(entries[0]):
            grouped.setdefault(entries[0].id if entries else "", []).append(check)
    known = sorted(grouped, key=lambda name: (-_weight(report.requirements.get(name)), name))
    return [
        {
            "entry": report.requirements.get(name),
            "where": where(report.requirements[name]) if name else "",
            "checks": [_link(check) for check in grouped[name]],
        }
        for name in known
    ]


def _standing(standing: Standing) -> dict[str, Any]:
    """Return how the target stands with one identity provider: what breaks in full, what works in brief."""
    groups = (
        ("What breaks", "fail", standing.broken),
        ("What works with a flaw", "warn", standing.flawed),
        ("What could not be judged", "blocked", standing.open),
    )
    return {
        "standing": standing,
        "anchor": f"provider-{standing.document.lower()}",
        "groups": [
            (title, verdict, [_provider_line(line) for line in lines]) for title, verdict, lines in groups if lines
        ],
        "works": [
            (section, [_provider_line(line) for line in lines]) for section, lines in standing.sections().items()
        ],
        "recorded": [_provider_line(line) for line in standing.recorded if any(c.notes for c in line.checks)],
    }


def _provider_line(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "checks": [_link(check) for check in line.checks],
        "notes": [note for check in line.checks for note in check.notes],
    }


def _weight(entry: Judged | None) -> int:
    return 2 if entry is None else entry.weight


def _link(check: CheckResult) -> dict[str, Any]:
    return {"anchor": anchor(check.id), "id": check.id, "message": check.message or check.title}


def anchor(check: str) -> str:
    """Return the name under which the page is opened at a check: the same in every report."""
    return f"check-{hashlib.sha256(check.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"


def _areas(report: Report) -> list[dict[str, Any]]:
    """Return for each area how many checks had which verdict, as numbers and as the parts of a bar."""
    counts: dict[str, dict[str, int]] = {}
    for check in report.checks:
        of_area = counts.setdefault(report.area(check), dict.fromkeys(VERDICTS, 0))
        of_area[check.verdict] += 1
    areas = []
    for name, of_area in sorted(counts.items()):
        total = sum(of_area.values())
        parts, start = [], 0.0
        for verdict, number in of_area.items():
            if number:
                width = number * 100 / total
                parts.append({"verdict": verdict, "x": f"{start:.3f}", "width": f"{width:.3f}"})
                start += width
        said = ", ".join(f"{number} {verdict}" for verdict, number in of_area.items() if number)
        areas.append({"name": name, "counts": of_area, "total": total, "parts": parts, "said": said})
    return areas


def _claims(report: Report) -> list[dict[str, Any]]:
    words = {True: "yes", False: "no", None: "not said"}
    together = {True: ("agrees", "pass"), False: ("contradiction", "fail"), None: ("open", "skip")}
    return [
        {
            "claim": claim["claim"],
            "kind": claim["kind"],
            "where": ", ".join(claim["where"]),
            "attributes": len(claim["where"]),
            "advertised": words[claim["advertised"]],
            "observed": claim["observed"],
            "together": ("not fully", "warn") if claim["observed"] == PARTLY else together[claim["consistent"]],
            "number": len(claim["checks"]),
        }
        for claim in report.claims
    ]


def _served(features: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the target serves, as far as the probe could tell."""
    types = [
        f"{resource_type.get('name', '?')} ({resource_type.get('endpoint', '?')}){_assumed(resource_type)}"
        for resource_type in _list(features, "resource_types")
    ]
    schemas = [f"{schema.get('id', '?')}{_assumed(schema)}" for schema in _list(features, "schemas")]
    return [
        (name, values)
        for name, values in (("Resource types", ", ".join(types)), ("Schemas", ", ".join(schemas)))
        if values
    ]


def _defects(features: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the discovery documents, and with the target as a whole."""
    whole = [str(features[name]) for name in ("refusal", "looks_wrong") if features.get(name)]
    return whole + [str(defect.get("message", defect)) for defect in _list(features, "defects")]


def _assumed(entry: Mapping[str, Any]) -> str:
    return " [assumed]" if entry.get("assumed") else ""


def _list(features: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a member of the features, whether it is a list or a map of them."""
    found = features.get(name) or ()
    values: Iterable[Any] = found.values() if isinstance(found, Mapping) else found
    return [value for value in values if isinstance(value, Mapping)]


def _row(report: Report, check: CheckResult) -> dict[str, Any]:
    entries = report.judged(check)
    limit = _BODY if check.verdict != "pass" else _BODY_OF_A_PASS
    return {
        "check": check,
        "anchor": anchor(check.id),
        "area": report.area(check),
        "weight": report.weight(check),
        "entries": [{"entry": entry, "where": where(entry)} for entry in entries],
        "requirement": entries[0].id if entries else ", ".join(check.requirements),
        "more": len(entries) - 1 if entries else 0,
        "level": entries[0].level if entries else "",
        "time": evidence.duration(check.seconds),
        "message": check.message or (check.notes[0] if check.notes else ""),
        "warnings": [
            w for w in check.warnings if w.get("message") != check.message or w.get("expected") != check.expected
        ],
        "exchanges": [_exchange(exchange, limit) for exchange in check.exchanges],
    }


def _exchange(exchange: Mapping[str, Any], limit: int) -> dict[str, Any]:
    status = evidence.answer(exchange)
    return {
        "number": exchange.get("number", ""),
        "method": str(exchange.get("method", "")),
        "url": str(exchange.get("url", "")),
        "status": status,
        "class": status[0] if status[:1].isdigit() else "none",
        "time": evidence.duration(exchange.get("seconds")),
        "note": str(exchange.get("note") or ""),
        "sides": [
            {
                "name": name,
                "headers": evidence.headers(exchange.get(member)),
                "body": cut(evidence.body(exchange.get(member)), limit),
            }
            for name, member in (("Request", "request"), ("Response", "response"))
            if exchange.get(member)
        ],
        "curl": evidence.curl(exchange),
    }
