"""The collector and the model."""

import json
import random

from scim_conformance.judge.verdicts import Verdict
from scim_conformance.report.model import JUDGED, VERDICTS, CheckResult, Report, worst


def test_the_order_of_verdicts_names_each_verdict_once():
    """The report's words are exactly the judge's verdicts."""
    assert sorted(VERDICTS) == sorted(Verdict)
    assert set(JUDGED) < set(VERDICTS)


def test_order_of_arrival_does_not_matter(finish, results, report):
    """Workers may deliver results in any order: the report is the same."""
    shuffled = list(results)
    random.Random(7).shuffle(shuffled)  # noqa: S311 - not a secret
    assert finish(shuffled) == report
    assert [check.id for check in report.checks] == sorted(check.id for check in results)


def test_a_check_that_comes_twice_counts_once_as_the_worse(finish, results, exchange):
    """A fail is not forgotten because the tear-down after it went wrong; the evidence of both is kept."""
    failed = results[2]
    teardown = CheckResult(
        failed.id, "t", "lifecycle", "error", failed.requirements, exchanges=[exchange(9), exchange(3)]
    )
    for order in ([failed, teardown], [teardown, failed]):
        report = finish(order)
        assert report.totals["fail"] == 1
        assert report.totals["error"] == 0
        assert sorted(e["number"] for e in report.checks[0].exchanges) == [2, 3, 9]


def test_totals_hold_all_seven_verdicts(report):
    """Totals name each verdict, also those that did not occur, and a waived fail is a fail."""
    assert report.totals == {"fail": 2, "error": 1, "warn": 1, "blocked": 2, "note": 1, "pass": 1, "skip": 1}
    assert list(report.totals) == list(VERDICTS)


def test_the_worst_verdict_wins(report):
    """A requirement that one check passed and another could not judge for an error is an error."""
    assert report.requirements["RFC7644-2-01"].verdict == "error"
    assert report.requirements["RFC7644-2-01"].checks == [
        "access/test_origin.py::test_origin",
        "access/test_token.py::test_missing",
    ]
    assert worst(["pass", "note", "skip"]) == "note"
    assert worst(["pass", "skip"]) == "pass"


def test_requirements_nobody_judged_are_absent(finish):
    """Without checks there are no requirements."""
    assert finish([]).requirements == {}


def test_a_warning_about_one_requirement_leaves_the_other_unjudged(report):
    """Where the judge names the requirement that is broken, the others of the check are not blamed."""
    assert report.requirements["RFC7644-3.3-02"].verdict == "warn"
    assert report.requirements["RFC7644-3.3-01"].verdict == "blocked"


def test_a_requirement_is_waived_only_when_every_fail_is(finish, results, report):
    """One fail without a waiver is enough to break the requirement."""
    assert report.requirements["RFC7644-3.6-02"].waived
    other = CheckResult("lifecycle/test_delete.py::test_gone", "t", "lifecycle", "fail", ["RFC7644-3.6-02"])
    assert not finish([*results, other]).requirements["RFC7644-3.6-02"].waived


def test_json_and_back(report):
    """Nothing is lost on the way through JSON, and `complete` is the last member."""
    data = json.loads(json.dumps(report.to_json()))
    assert Report.from_json(data) == report
    assert list(data)[-1] == "complete"
    assert next(iter(data)) == "format"


def test_redaction_reaches_every_free_text_and_nothing_else(report):
    """The last net changes evidence, never ids or words of the vocabulary."""
    clean = report.redacted(lambda text: text.replace("200", "***").replace("test", "###").replace("fail", "!!!"))
    patch = next(check for check in clean.checks if check.id.endswith("test_deactivate"))
    assert patch.verdict == "fail"
    assert patch.expected == ["*** with active false", "204"]
    assert patch.exchanges[1]["response"]["status"] == 200
    assert clean.requirements == report.requirements


def test_claims_stand_beside_what_was_seen(report):
    """Advertised and failing is inconsistent; what nobody judged stays open."""
    claims = {claim["claim"]: claim for claim in report.claims}
    assert claims["patch"]["advertised"] is True
    assert claims["patch"]["observed"] == "does not work"
    assert claims["patch"]["consistent"] is False
    assert claims["filter"]["observed"] == "not judged"
    assert claims["filter"]["consistent"] is None
    assert claims["bulk"]["advertised"] is False
    assert claims["sort"]["advertised"] is None


def test_what_the_probe_tried_counts_where_nothing_was_judged(finish):
    """A target without discovery may have been tried with one request; names of flags match in any letter case."""
    features = {
        "service_provider_config": {"Filter": {"SUPPORTED": True}},
        "tried": {"patch": [True, ""], "sort": [False, "no"]},
    }
    claims = {claim["claim"]: claim for claim in finish([], features=features).claims}
    assert (claims["patch"]["observed"], claims["patch"]["consistent"]) == ("works", None)
    assert claims["sort"]["observed"] == "does not work"
    assert claims["filter"]["advertised"] is True


def test_what_works_unadvertised_is_inconsistent(finish):
    """A capability that the checks saw working although it is denied is shown."""
    done = CheckResult("bulk/test_bulk.py::test_bulk", "t", "bulk", "pass", ["RFC7644-3.7-01"])
    bulk = next(claim for claim in finish([done]).claims if claim["claim"] == "bulk")
    assert (bulk["advertised"], bulk["observed"], bulk["consistent"]) == (False, "works", False)


def test_what_a_check_saw_work_unadvertised_is_told(finish):
    """A capability that is denied, and that a check saw working all the same, contradicts what is advertised."""
    seen = CheckResult("discovery/test_flags.py::test_sort", "t", "discovery", "note", [], observed={"sort": True})
    features = {"service_provider_config": {"sort": {"supported": False}}}
    sort = next(claim for claim in finish([seen], features=features).claims if claim["claim"] == "sort")
    assert (sort["advertised"], sort["observed"], sort["consistent"]) == (False, "works", False)


def test_characteristics_of_served_schemas_are_claims(finish):
    """Each keyword that some attribute is served with stands there, with these attributes and what the checks saw."""
    password = {"name": "password", "type": "string", "returned": "never", "mutability": "writeOnly"}
    value = {"name": "value", "type": "string", "case_exact": True, "canonical_values": ["a"]}
    emails = {"name": "emails", "type": "complex", "returned": "default", "sub_attributes": [value]}
    features = {
        "resource_types": [{"name": "User", "schema": "urn:user", "extensions": []}],
        "schemas": {
            "urn:user": {"id": "urn:user", "name": "User", "attributes": [password, emails]},
            "urn:other": {"id": "urn:other", "name": "Other", "attributes": [password]},
        },
    }
    shown = CheckResult("resources/test_x.py::test_never", "t", "resources", "fail", ["RFC7643-4.1.1-31"])
    claims = {claim["claim"]: claim for claim in finish([shown], features=features).claims}
    assert claims["returned=never"]["where"] == ["User.password"]
    assert claims["caseExact=true"]["where"] == ["User.emails.value"]
    assert claims["canonicalValues"]["where"] == ["User.emails.value"]
    assert claims["returned=never"]["kind"] == "characteristic"
    assert claims["mutability=writeOnly"]["observed"] == "not judged"
    assert "uniqueness=server" not in claims
