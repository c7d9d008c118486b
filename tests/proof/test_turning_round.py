"""How an outcome is turned round: what counts as caught, as missed, as collateral, as a complaint without cause."""

from scim_conformance.proof import Case, Outcome, summary, unproven

FAULT = Case("fault", "breaks-it", "It is broken.", ("RFC7644-3.6-06",))


def outcome(case, **verdicts):
    """An outcome with these verdicts; checks named `judge...` claim the fault's requirement."""
    claims = {name: ["RFC7644-3.6-06" if name.startswith("judge") else "RFC7644-3.6-02"] for name in verdicts}
    return Outcome(case, verdicts=verdicts, claims=claims)


def test_a_fault_is_caught_by_a_check_that_names_what_it_breaks():
    """A fail of a check that names the requirement catches the fault; a pass beside it does not matter."""
    seen = outcome(FAULT, judge_one="fail", judge_two="pass", other="pass")
    assert seen.caught()
    assert seen.caught_by() == {"RFC7644-3.6-06": ["judge_one"]}
    assert seen.collateral() == []


def test_a_fail_of_another_check_is_collateral_and_no_catch():
    """A check that names something else proves nothing, and is told as collateral."""
    seen = outcome(FAULT, judge="pass", other="fail")
    assert not seen.caught()
    assert seen.collateral() == ["other"]
    assert summary([seen])["missed"] == ["breaks-it"]


def test_blocked_and_warned_are_no_catch_of_a_must():
    """A MUST is caught by a fail alone; what is blocked has seen nothing."""
    assert not outcome(FAULT, judge="blocked").caught()
    assert not outcome(FAULT, judge="warn").caught()


def test_a_warning_catches_what_only_a_should_forbids():
    """For a SHOULD the warning is the catch."""
    fault = Case("fault", "breaks-it", "It is broken.", ("RFC7644-3.6-05",))
    assert Outcome(fault, verdicts={"judge": "warn"}, claims={"judge": ["RFC7644-3.6-05"]}).caught()


def test_a_run_that_did_not_start_misses_its_fault():
    """A fault that keeps the run from starting is not caught."""
    seen = outcome(FAULT, judge="fail")
    seen.problem = "the run ended with code 4"
    assert summary([seen])["missed"] == ["breaks-it"]


def test_warnings_are_allowed_on_variants_but_not_on_the_sound_server():
    """A variant may be warned of, where the specifications recommend otherwise; the sound server may not."""
    variant, sound = Case("variant", "v", "V."), Case("sound")
    assert outcome(variant, judge="warn", other="skip").complaints() == {}
    assert list(outcome(sound, judge="warn").complaints()) == ["judge"]
    assert list(outcome(variant, judge="blocked", other="fail").complaints()) == ["judge", "other"]


def test_a_check_is_proven_under_any_of_its_parameters():
    """One parameter that catches a fault proves the check."""
    seen = Outcome(
        FAULT,
        verdicts={"judge[a]": "fail", "judge[b]": "pass", "idle": "pass"},
        claims={"judge[a]": ["RFC7644-3.6-06"], "judge[b]": ["RFC7644-3.6-06"], "idle": ["RFC7644-3.6-06"]},
    )
    assert unproven([seen]) == ["idle"]
