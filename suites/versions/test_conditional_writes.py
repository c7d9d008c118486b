"""Changing on the condition that nobody else did: If-Match, RFC 7644 section 3.14, RFC 7232 sections 3.1, 3.2, 5, 6."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn

PRECONDITION_FAILED = 412


def refused(attempt, *, because):
    """Expect that a change whose condition is false was neither done nor answered as if it were."""
    status = attempt.response.status
    expect(attempt.response).where(
        not attempt.performed and 300 <= status < 500,
        expected=f"a refusal, best with status 412 Precondition Failed: {because}",
        actual=f"status {status}; the resource {'was' if attempt.performed else 'was not'} changed",
    )


def performed(attempt, *, because):
    """Expect that a change whose condition is true was done; strict HTTP lets no weak version match (A25)."""
    status = attempt.response.status
    expect(attempt.response).where(
        attempt.performed and 200 <= status < 300,
        expected=f"the change performed: {because}",
        actual=f"status {status}; the resource {'was' if attempt.performed else 'was not'} changed",
    )


@pytest.fixture
def matching(story):
    """A PUT with If-Match and the current version is performed; strict HTTP lets no weak version match."""
    attempt = story.write("PUT", if_match="current")
    if attempt.response.status == PRECONDITION_FAILED and story.tag.startswith("W/"):
        pytest.skip("unsupported: the target lets no weak version match in If-Match, as strict HTTP has it")
    if not attempt.performed:
        raise Blocked(f"PUT with If-Match and the current version answered {attempt.response.status}")


@pytest.mark.requirement("RFC7232-3.1-02", "RFC7644-3.14-06", "RFC7232-3.1-03")
def test_change_of_the_current_version_is_performed(story, method):
    """PUT and PATCH with If-Match and the current version are performed."""
    weak = story.tag.startswith("W/")
    attempt = story.write(method, if_match="current")
    if weak and attempt.response.status == PRECONDITION_FAILED and not attempt.performed:
        warn(
            "If-Match with the current version, which is weak, was refused: strict HTTP, against RFC 7644.",
            expected=["the change performed, as in RFC 7644 section 3.14"],
            actual="status 412 Precondition Failed",
        )
        return
    performed(attempt, because="the version in If-Match is the current one")
    if weak:
        note("If-Match with a weak version matches, as RFC 7644 section 3.14 shows and strict HTTP does not.")


@pytest.mark.requirement("RFC7232-3.1-02")
@pytest.mark.usefixtures("matching")
def test_one_of_several_versions_is_enough(story):
    """A PUT with If-Match and a list of versions is performed when the current one is among them."""
    performed(story.write("PUT", if_match="list"), because="one of the versions in If-Match is the current one")


@pytest.mark.requirement("RFC7232-3.1-01")
def test_any_version_of_what_is_there_is_enough(story, method):
    """PUT and PATCH with If-Match: * are performed on a resource that is there."""
    performed(story.write(method, if_match="*"), because="there is a version that * stands for")


@pytest.mark.requirement("RFC7232-3.1-01")
def test_no_version_is_there_of_an_unknown_id(story, unknown_id, scim):
    """PUT with If-Match: * to an id that no resource has creates nothing."""
    response = story.unknown(unknown_id, if_match="*")
    if response.is_success and 200 <= story.unknown(scim.unknown_id()).status < 300:
        raise Blocked("PUT to an id that no resource has succeeds without If-Match as well")
    expect(response).where(not response.is_success, expected="a refusal, best with status 404 Not Found")


@pytest.mark.requirement("RFC7232-3.1-05")
def test_change_of_an_outdated_version_is_not_performed(story, method):
    """PUT and PATCH with If-Match and an outdated version are not performed."""
    refused(story.write(method, if_match="stale"), because="the version in If-Match is not the current one")


@pytest.mark.requirement("RFC7232-3.1-05")
def test_change_of_an_invented_version_is_not_performed(story):
    """A PUT with If-Match and versions that the resource never had is not performed."""
    refused(story.write("PUT", if_match="strangers"), because="no version in If-Match is the current one")


@pytest.mark.requirement("RFC7232-3.1-04", "RFC7232-5-01")
def test_if_match_is_looked_at_first(story, method):
    """A PUT or PATCH that is refused for its If-Match has changed nothing."""
    attempt = story.write(method, if_match="stale")
    if attempt.response.is_success:
        raise Blocked(f"{method} with an outdated version is not refused, which another check judges")
    refused(attempt, because="the condition is evaluated before the change")


@pytest.mark.requirement("RFC7232-3.1-05", "RFC7232-3.1-04", "RFC7644-3.6-08")
def test_another_version_is_not_deleted(user, scim):
    """DELETE with If-Match and an invented version does not delete; RFC 7644 names PUT and PATCH alone."""
    response = scim.delete(user, headers={"If-Match": '"scim-conformance"'})
    there = scim.read(user).status == 200 or scim.read(user).status == 200  # a new resource may show late (A78)
    if response.is_success:
        warn(
            "DELETE takes no notice of If-Match.",
            expected=["a refusal, best with status 412 Precondition Failed"],
            actual=f"status {response.status}; the resource is {'still there' if there else 'gone'}",
        )
        return
    expect(response).where(there, expected="the resource, for its DELETE was refused", actual="it is gone")


@pytest.mark.requirement("RFC7232-3.1-06", "RFC7232-4.2-01", "RFC7644-3.12-14", "RFC9110-13.1.1-01")
def test_another_version_answers_412(story, method):
    """The answer to a PUT or PATCH with If-Match and an outdated version is 412."""
    response = story.write(method, if_match="stale").response
    if response.is_success:
        raise Blocked(f"{method} with an outdated version is not refused, which another check judges")
    expect(response).refused(412)


@pytest.mark.requirement("RFC7644-3.12-01", "RFC7644-3.12-02", "RFC7644-3.12-14")
def test_412_is_a_scim_error(story):
    """The refusal of an outdated version has a SCIM error body with its status."""
    response = story.write("PUT", if_match="stale").response
    if not 400 <= response.status < 500:
        raise Blocked(f"PUT with an outdated version answered {response.status}, which another check judges")
    expect(response).error()


@pytest.mark.requirement("RFC7232-3.2-05", "RFC7232-3.2-03")
def test_change_is_not_performed_if_none_may_match(story, method):
    """PUT and PATCH with If-None-Match and the current version are not performed."""
    refused(story.write(method, if_none_match="current"), because="If-None-Match rules out the current version")


@pytest.mark.requirement("RFC7232-3.2-04")
def test_change_is_not_performed_if_nothing_may_be_there(story):
    """PUT with If-None-Match: * is not performed on a resource that is there."""
    if story.write("PUT", if_none_match="current").performed:
        raise Blocked("PUT does not look at If-None-Match, which another check judges")
    refused(story.write("PUT", if_none_match="*"), because="the resource is there")


@pytest.mark.requirement("RFC7232-3.2-06")
def test_if_none_match_of_a_change_answers_412(story, method):
    """The answer to a PUT or PATCH with If-None-Match and the current version is 412, not 304."""
    response = story.write(method, if_none_match="current").response
    if response.is_success:
        raise Blocked(f"{method} with If-None-Match is not refused, which another check judges")
    expect(response).refused(412)


@pytest.mark.requirement("RFC7232-6-01")
def test_if_match_decides_before_if_none_match(story):
    """With a false If-Match a PUT is refused, and a GET answered 412, whatever If-None-Match says."""
    alone = story.write("PUT", if_match="stale")
    if alone.performed or alone.response.is_success:
        raise Blocked("PUT with an outdated version is not refused, which another check judges")
    attempt = story.write("PUT", if_match="stale", if_none_match="strangers")
    refused(attempt, because="If-Match is false, and is looked at first")
    both = story.read(if_match="stale", if_none_match="current")
    expect(both).should.status(412)  # RFC 7644 names If-Match for changes alone.


@pytest.mark.requirement("RFC7232-5-02")
def test_unknown_id_outranks_if_match(story, unknown_id, scim):
    """PUT to an id that no resource has answers with If-Match as without: the condition does not count."""
    conditional = story.unknown(unknown_id, if_match="strangers")
    if conditional.status != PRECONDITION_FAILED and not conditional.is_success:
        return
    plain = story.unknown(scim.unknown_id())
    if plain.is_success:
        raise Blocked(f"PUT to an id that no resource has answers {plain.status}")
    raise Violation(
        "The precondition decided about a request that would have been refused anyway.",
        expected=[f"status {plain.status}, as without If-Match"],
        actual=f"status {conditional.status}",
    )


@pytest.mark.requirement("RFC7232-5-01", "RFC7232-5-02")
def test_credentials_outrank_conditions(story, scim):
    """A GET without credentials is refused as such, whatever its If-None-Match and If-Match say."""
    if scim.target.credentials.token is None:
        pytest.skip("disabled: no bearer token was given")
    place = scim.location(("User", story.user["id"]))
    conditions = {"If-Match": story.tags("strangers"), "If-None-Match": story.tag}
    response = scim.get(place, headers=conditions, credentials=None)
    expect(response).where(
        response.status not in (304, PRECONDITION_FAILED),
        expected="status 401 Unauthorized: conditions are looked at after authentication",
    )


@pytest.mark.requirement("RFC7232-5-01", "RFC7232-5-02")
def test_syntax_outranks_conditions(story):
    """A PUT whose body is no JSON is refused as such, whatever its If-Match says."""
    response = story.broken(if_match="strangers")
    expect(response).where(not response.is_success, expected="a refusal, best with status 400 Bad Request")
    if response.status == PRECONDITION_FAILED:
        warn(
            "The precondition decided about a request whose body is no JSON.",
            expected=["status 400 Bad Request, as without If-Match"],
            actual="status 412 Precondition Failed",
        )
