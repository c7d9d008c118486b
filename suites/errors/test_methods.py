"""Methods that an endpoint does not have, or nobody knows, RFC 9110 sections 9.1, 10.2.1 and 15.6.2."""

import pytest

from scim_conformance.judge import expect, warn

REFUSALS = (405, 404, 403, 400, 501)
"""All of these refuse as well (A75); 405 with Allow says most."""


@pytest.mark.requirement("RFC9110-9.1-03")
@pytest.mark.parametrize("kind", ["replace of all", "post to one"])
def test_method_that_is_not_there_is_refused(gallery, kind):
    """PUT to the endpoint of all resources, and POST to a single one, are refused, best with 405."""
    expect(gallery.one(kind)).status(*REFUSALS)


@pytest.mark.requirement("RFC9110-10.2.1-01")
def test_405_says_what_is_allowed(gallery):
    """An answer 405 has an Allow header with the methods that are there."""
    offending = [(one, "no Allow") for _, one in gallery.every() if one.status == 405 and "Allow" not in one.headers]
    gallery.reject(offending, "A 405 does not say what is allowed.", expected=["a header such as Allow: GET, POST"])


@pytest.mark.requirement("RFC9110-9.1-02", "RFC9110-15.6.2-01")
def test_unknown_method_answers_501(gallery):
    """A method that nobody knows is answered 501."""
    response = gallery.one("unknown method")
    if response.status in (400, 403, 404, 405):
        warn("An unknown method was refused otherwise.", expected=["501"], actual=f"status {response.status}")
        return
    expect(response).status(501)
