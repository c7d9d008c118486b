"""The whole proof: each fault caught, each check proven, every lawful server left in peace."""

import pytest

from scim_conformance import proof
from scim_conformance.catalogue import load
from scim_conformance.catalogue.checks import checks
from scim_conformance.server.faults import load_all


@pytest.fixture(scope="module")
def result():
    """Examine every case, in as many processes as there are processors."""
    return proof.summary(proof.prove(proof.cases(), workers=proof.processors(), collateral=False))


def test_every_fault_is_caught(result):
    """Each requirement that a fault breaks is seen to be broken by a check that names it."""
    missed = {
        id_: result["faults"][id_]["caught_by"] | {"problem": result["faults"][id_]["problem"]}
        for id_ in result["missed"]
    }
    assert missed == {}


def test_every_check_catches_something(result):
    """No check is there that cannot fail."""
    assert result["unproven_checks"] == []


def test_the_sound_server_and_every_variant_are_left_in_peace(result):
    """Nothing fails, breaks or is blocked on a server that does what the specifications allow."""
    assert {id_: result["variants"][id_] for id_ in result["loud"]} == {}
    assert len(result["variants"]) > 15


def test_faults_break_requirements_that_checks_judge():
    """A fault names known requirements, each of them judged by some check."""
    catalogue = load()
    judged = {id_ for check in checks() for id_ in check.requirements}
    strays = {
        fault.id: [id_ for id_ in fault.requirements if id_ not in catalogue or id_ not in judged]
        for fault in load_all().values()
    }
    assert {id_: ids for id_, ids in strays.items() if ids} == {}


def test_every_must_that_a_check_judges_has_a_fault():
    """Each provider requirement of MUST level that some check claims is broken by at least one fault."""
    catalogue = load()
    broken = {id_ for fault in load_all().values() for id_ in fault.requirements}
    unproven = sorted(
        {
            id_
            for check in checks()
            for id_ in check.requirements
            if catalogue[id_].level.startswith(("MUST", "REQUIRED"))
        }
        - broken
    )
    assert unproven == []
