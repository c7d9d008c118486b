"""When a requirement applies, and by which requirements a target is judged."""

import pytest

from scim_conformance.catalogue import PROFILES, Fact, UnknownGate, UnknownProfile, closed, in_words, profile
from scim_conformance.catalogue.gates import known_gates
from scim_conformance.catalogue.loading import DOCUMENTS, SPECIFICATIONS
from scim_conformance.catalogue.profiles import narrowest


def facts(**answers):
    """Return facts in which every gate holds but those given."""
    return lambda gate: answers.get(gate.replace(":", "_"), Fact(holds=True))


def test_every_gate_in_the_data_has_words(catalogue):
    """A requirement never waits for a gate that nobody can answer or explain."""
    for requirement in catalogue.values():
        for gate in requirement.gates:
            assert in_words(gate)


def test_every_known_gate_has_words():
    """What is offered as a closest match can itself be explained."""
    assert all(in_words(gate) for gate in known_gates())


def test_any_resource_type_is_a_gate():
    """Resource types are the target's own, so their names are open."""
    assert in_words("resource:Device") == "the resource type Device is served"


@pytest.mark.parametrize("gate", ["pach", "hint:serch", "type=strin", "resource:", ""])
def test_an_unknown_gate_is_taught(gate):
    """A slip in a gate is an error that names what may have been meant."""
    with pytest.raises(UnknownGate, match=f'There is no gate "{gate}"'):
        in_words(gate)


def test_a_requirement_without_gates_is_never_closed(catalogue):
    """Nothing a target lacks keeps an ungated requirement from applying."""
    assert closed(catalogue["RFC7644-3.6-02"], lambda _: Fact(holds=False, kind="unsupported")) is None


def test_the_first_gate_that_does_not_hold_is_the_reason(catalogue):
    """Where several gates are shut the first one is told, and who said so."""
    requirement = catalogue["RFC7644-3.5.2.1-12"]
    assert requirement.gates == ("patch", "resource:Group")
    shut = Fact(holds=False, kind="unsupported", reason="no PATCH")
    switched_off = Fact(holds=False, kind="disabled", reason="no groups, please")
    assert closed(requirement, facts()) is None
    assert closed(requirement, facts(resource_Group=switched_off)) is switched_off
    assert closed(requirement, facts(patch=shut, resource_Group=switched_off)) is shut


def test_the_default_profile_includes_every_specification(catalogue):
    """What does not apply to a target is left out by gates, not by the profile; identity providers are asked for."""
    outside = {requirement.document for requirement in catalogue.values() if not profile().includes(requirement)}
    assert outside == set(DOCUMENTS) - set(SPECIFICATIONS)


def test_every_document_is_judged_by_a_profile():
    """A requirement that no profile includes would never be judged."""
    assert set(DOCUMENTS) == set().union(*(one.documents for one in PROFILES.values()))


@pytest.mark.parametrize(("document", "name"), [("MAPPING", "mapping"), ("ENTRA", "entra"), ("RFC7644", "rfc")])
def test_the_narrowest_profile_of_a_document(document, name):
    """A fault is looked for by what judges its document, and by as little else as there is."""
    assert narrowest(document) == name


def test_an_unknown_profile_is_taught():
    """The message names the closest profile and those there are."""
    with pytest.raises(UnknownProfile, match=r'There is no profile "rfcs"\. Closest: rfc\. There are: rfc'):
        profile("rfcs")
