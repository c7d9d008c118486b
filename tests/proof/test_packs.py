"""Variants that share a server: who may, and what a pack's run says of its members."""

from scim_conformance.proof import Case, Outcome
from scim_conformance.proof.packs import joined, left_open, packs
from scim_conformance.proof.proving import cases
from scim_conformance.server import reference
from scim_conformance.server.variants import find

SOUND = Case("sound")
ONE, OTHER = Case("variant", "json-in-ascii", "One."), Case("variant", "empty-lists-without-resources", "Other.")
PACK = Case("variant", "one+other", "Both.", members=(ONE, OTHER))


def outcome(case, **verdicts):
    """An outcome with these verdicts of checks that claim one requirement."""
    return Outcome(case, verdicts=verdicts, claims={key: ["RFC7644-3.6-06"] for key in verdicts})


def test_variants_of_different_rules_share_a_server():
    """Two that change different rules stand together; who takes a type away stands alone, as does the sound one."""
    alone = Case("variant", "no-groups", "No groups.")
    found = packs([SOUND, ONE, alone, OTHER])
    assert found[:2] == [SOUND, alone]
    assert found[2].members == (ONE, OTHER)
    assert find(found[2].id).title.count(".") >= 2


def test_variants_of_one_rule_do_not():
    """The second of two that put their own function in the place of one method would undo the first."""
    first, second = Case("variant", "numeric-ids", "1."), Case("variant", "upper-case-ids", "2.")
    assert packs([SOUND, first, second]) == [SOUND, first, second]


def test_variants_that_deny_functions_share_no_server_with_others():
    """What each of them gates off has to be run again against all in its pack, so they are few, and by themselves."""
    denying = [Case("variant", id_, "Not there.") for id_ in ("no-patch", "no-sort")]
    found = packs([SOUND, ONE, *denying, OTHER])
    assert [case.members for case in found] == [(), (ONE, OTHER), tuple(denying)]


def test_nothing_is_lost_in_packing():
    """Every case of the whole proof is there once, alone or as a member."""
    chosen = cases()
    packed = packs(chosen)
    ids = [member.id for case in packed for member in case.members or (case,)]
    assert sorted(ids) == sorted(case.id for case in chosen)
    assert len(packed) < len(chosen)


def test_without_the_sound_server_nothing_is_packed():
    """Whoever asks for some variants gets a run of each."""
    assert packs([ONE, OTHER]) == [ONE, OTHER]


def test_several_variants_change_one_service():
    """`id+id` applies each of them."""
    service = reference()
    find("no-sort+small-pages").apply(service)
    assert not service.capabilities.sort
    assert service.capabilities.max_results == 3


def test_a_quiet_pack_says_so_of_each_member():
    """Where the pack judged all that the sound server's run judged, nothing is left open."""
    sound, seen = outcome(SOUND, judge="pass", idle="skip"), outcome(PACK, judge="note", idle="skip")
    assert left_open(seen, sound) == []
    assert joined(ONE, seen).complaints() == {}
    assert joined(ONE, seen).case is ONE


def test_what_a_pack_kept_from_judging_is_run_again():
    """A check that a member gated off is run against each alone, and its verdict joins the others."""
    sound, seen = outcome(SOUND, **{"judge[a]": "pass", "other": "pass"}), outcome(PACK, other="pass")
    rest = left_open(seen, sound)
    assert [case.id for case in rest] == [ONE.id, OTHER.id]
    assert rest[0].only == ("judge",)
    whole = joined(ONE, seen, outcome(rest[0], **{"judge[a]": "fail"}))
    assert list(whole.complaints()) == ["judge[a]"]
    assert whole.verdicts["other"] == "pass"


def test_members_of_a_loud_pack_are_examined_alone():
    """One of them, or two together, made a check complain: each has to show itself."""
    sound = outcome(SOUND, judge="pass")
    assert left_open(outcome(PACK, judge="fail"), sound) == [ONE, OTHER]
    assert left_open(outcome(PACK, judge="pass"), None) == [ONE, OTHER]
