"""Provisioning in cycles: a person is matched, created, and from then on left alone until something changes."""

from dataclasses import replace

import pytest

from scim_conformance.idp.directory import entra_person
from scim_conformance.idp.entra import EntraClient
from scim_conformance.idp.mapping import shipped
from scim_conformance.idp.outcome import Conclusion, concluded
from scim_conformance.judge import Blocked


@pytest.mark.requirement("ENTRA-Q09-a")
@pytest.mark.usefixtures("searches")
def test_the_next_cycle_changes_nothing(scim, scim_session, has, mark):
    """A person who was provisioned by the default mapping is left alone by the next cycle."""
    default = shipped("entra")
    rows = tuple(row for row in default.rows if row.object != "user" or has(row.target))
    job = EntraClient(scim, mapping=replace(default, rows=rows))
    person = entra_person(mark())
    first = job.provision(person)
    if first.conclusion is not Conclusion.CREATED:
        raise Blocked(f"the person could not be created: {first.why}")
    try:
        concluded(job.provision(person), Conclusion.UNCHANGED)
    finally:
        scim_session.discard([first.resource])
