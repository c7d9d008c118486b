"""Injection, RFC 7643 section 9.2: text that means something to a database or a page is text like any other."""

from urllib.parse import quote

import pytest

from scim_conformance.judge import Blocked, expect

TEXTS = "' OR '1'='1' --; DROP TABLE users; \\\") *)(uid=*))(|(uid=* <script>alert(1)</script> ${7*7} {{7*7}} %s%n"
"""Beginnings of SQL, LDAP, script, template and format injections, one after the other."""
IDS = "' OR '1'='1"


@pytest.mark.requirement("RFC7643-9.2-03")
def test_an_id_is_no_code(scim):
    """A GET of an id that is a piece of SQL finds nothing, and breaks nothing."""
    response = scim.get(f"{scim.endpoint('User')}/{quote(IDS, safe='')}")
    expect(response).where(
        400 <= response.status < 500, expected="a 4xx status, best 404", actual=f"status {response.status}"
    )


@pytest.mark.requirement("RFC7643-9.2-03")
@pytest.mark.usefixtures("filtering")
def test_a_value_in_a_filter_is_no_code(scim, listed_in):
    """A filter for a userName that is a piece of SQL, LDAP and script finds nobody, or is refused."""
    quoted = TEXTS.replace("\\", "\\\\").replace('"', '\\"')
    response = scim.query("User", f'userName eq "{quoted}"', count=2)
    expect(response).where(response.status < 500 and not listed_in(response), expected="no resources, or a 4xx status")


@pytest.mark.requirement("RFC7643-9.2-03")
@pytest.mark.usefixtures("patches")
def test_a_stored_value_is_no_code(scim, specimens, scim_session, read):
    """A text that is a piece of SQL, LDAP and script is stored as it is, or refused."""
    specimen = specimens.of(scim_session.baseline.resource_type("User"))
    attribute = specimen.spelled
    if attribute is None or attribute.path not in specimen.stored():
        raise Blocked("the target keeps no text that may be anything")
    response = scim.modify(specimen.second, {"op": "replace", "path": attribute.path, "value": TEXTS})
    if 400 <= response.status < 500:
        return
    expect(response).success()
    found = read(specimen.second).get(attribute.name)
    expect(response).where(found == TEXTS, expected=f"{attribute.path} as it was sent", actual=repr(found))
