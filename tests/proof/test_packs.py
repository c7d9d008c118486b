"""Variants that share a server: who may, and what a pack's run says of its members."""

from dataclasses import replace

from scim_conformance.proof import Case, Outcome
from scim_conformance.proof.packs import each, halves, joined, packs
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
    """Two that change different rules stand together; who denies a function stands alone, as does the sound one."""
    alone = Case("variant", "no-patch", "No PATCH.")
    found = packs([SOUND, ONE, alone, OTHER])
    assert found[:2] == [SOUND, alone]
    assert found[2].members == (ONE, OTHER)
    assert find(found[2].id).title.count(".") >= 2


def test_variants_of_one_rule_do_not():
    """The second of two that put their own function in the place of one method would undo the first."""
    first, second = Case("variant", "numeric-ids", "1."), Case("variant", "upper-case-ids", "2.")
    assert packs([SOUND, first, second]) == [SOUND, first, second]


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
    assert halves(seen, sound) == []
    assert [one.case for one in each(seen)] == [ONE, OTHER]
    assert [one.complaints() for one in each(seen)] == [{}, {}]


def test_what_a_pack_kept_from_judging_is_run_again():
    """A check that a member gated off is run against each half, and its verdict joins the others."""
    sound, seen = outcome(SOUND, **{"judge[a]": "pass", "other": "pass"}), outcome(PACK, other="pass")
    rest = halves(seen, sound)
    assert [case.id for case in rest] == [ONE.id, OTHER.id]
    assert rest[0].only == ("judge",)
    whole = joined(outcome(rest[0], **{"judge[a]": "fail"}), seen)
    assert list(whole.complaints()) == ["judge[a]"]
    assert whole.verdicts["other"] == "pass"
    assert each(whole)[0].case == ONE


def test_a_pack_is_halved_until_one_variant_is_left():
    """Four variants make two packs of two, these two of one each."""
    four = tuple(Case("variant", f"v{number}", "V.") for number in range(4))
    sound, pack = outcome(SOUND, judge="pass"), Case("variant", "all", "All.", members=four)
    first = halves(outcome(pack, judge="skip"), sound)
    assert [case.members for case in first] == [four[:2], four[2:]]
    assert [case.id for case in halves(outcome(first[0], judge="skip"), sound)] == ["v0", "v1"]
    assert halves(outcome(first[1], judge="pass"), sound) == []


def test_what_complained_of_a_pack_is_asked_again():
    """One, or two together, made a check complain: it alone is run against each half, and its verdict is forgotten."""
    sound, loud = outcome(SOUND, judge="pass", other="pass"), outcome(PACK, judge="fail", other="pass")
    rest = halves(loud, sound)
    assert [(case.id, case.only) for case in rest] == [(ONE.id, ("judge",)), (OTHER.id, ("judge",))]
    quiet, guilty = (joined(outcome(case, judge=word), loud) for case, word in zip(rest, ("pass", "fail"), strict=True))
    assert quiet.complaints() == {}
    assert quiet.verdicts["other"] == "pass"
    assert list(guilty.complaints()) == ["judge"]


def test_a_run_that_broke_off_tells_nothing():
    """Where a pack's run came to no end, or nothing can be compared, all is run again against each half."""
    sound, broken = outcome(SOUND, judge="pass"), replace(outcome(PACK, judge="pass"), problem="it broke off")
    assert [(case.id, case.only) for case in halves(broken, sound)] == [(ONE.id, ()), (OTHER.id, ())]
    assert halves(outcome(PACK, judge="pass"), None) != []
    assert joined(outcome(ONE, other="pass"), broken).verdicts == {"other": "pass"}
