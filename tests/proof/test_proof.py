"""The whole proof: each fault caught, each check proven, every lawful server left in peace."""

from scim_conformance import proof
from scim_conformance.catalogue import load
from scim_conformance.catalogue.checks import checks
from scim_conformance.server.faults import load_all


def test_the_proof_holds():
    """Every fault is caught by a check that names what it breaks, every check catches one, no lawful server is blamed.

    One test, so that workers which share the tests out do not make the proof twice.
    """
    result = proof.summary(proof.prove(proof.cases(), workers=proof.processors(), collateral=False))
    missed = {id_: (result["faults"][id_]["caught_by"], result["faults"][id_]["problem"]) for id_ in result["missed"]}
    assert missed == {}
    assert result["unproven_checks"] == []
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
    """Each requirement of MUST level that some check claims is broken by a fault, or says why none can show it."""
    catalogue = load()
    broken = {id_ for fault in load_all().values() for id_ in fault.requirements}
    unproven = sorted(
        {
            id_
            for check in checks()
            for id_ in check.requirements
            if catalogue[id_].level.startswith(("MUST", "REQUIRED")) and not catalogue[id_].unproven
        }
        - broken
    )
    assert unproven == []
