"""What users say of themselves, RFC 7643 section 4.1.1: texts without form, profileUrl, languages and time zone."""

from posixpath import normpath
from urllib.parse import unquote, urlsplit, urlunsplit

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note


@pytest.mark.requirement("RFC7643-4.1.1-15")
@pytest.mark.parametrize("name", ["nickName", "title", "userType"])
def test_free_texts_are_kept(kept, name):
    """nickName, title and userType are kept as they were sent, whatever they say."""
    kept(name)


@pytest.mark.requirement("RFC7643-4.1.1-16")
def test_a_profile_url_is_kept(kept):
    """A profileUrl is kept."""
    kept("profileUrl")


@pytest.mark.requirement("RFC7643-4.1.1-16")
def test_a_profile_url_names_the_same_place(told):
    """A profileUrl that is not in canonical form is refused, kept, or shown in the canonical form of RFC 3986."""
    sent, found = "HTTPS://Example.COM/people/%7Eanna/../anna.berg", told("URL that is not canonical")
    if found is not None and canonical(str(found)) != canonical(sent):
        raise Violation(
            "A profileUrl names another place than the one that was sent.",
            expected=[sent, canonical(sent)],
            actual=str(found),
        )
    forms = {None: "refused", canonical(sent): "made canonical", sent: "kept as it was sent"}
    note(f"A profileUrl that is not in canonical form is {forms.get(found, 'made canonical in part')}.")


def canonical(url: str) -> str:
    """Return a URL in the canonical form of RFC 3986 section 6.2.2, as far as it has only letters, dots and tildes."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), normpath(unquote(parts.path)), parts.query, ""))


@pytest.mark.requirement("RFC7643-4.1.1-17")
def test_a_preferred_language_is_kept(kept):
    """A preferredLanguage in the form of an Accept-Language header field, with several tags and weights, is kept."""
    kept("preferredLanguage")


@pytest.mark.requirement("RFC7643-4.1.1-18")
def test_a_locale_is_kept(kept):
    """A locale with language and region, separated by a hyphen, is kept."""
    kept("locale")


@pytest.mark.requirement("RFC7643-4.1.1-19")
def test_a_locale_with_an_underscore_is_taken_or_refused(told):
    """A locale whose tags are separated by an underscore may be taken, or refused."""
    found = told("locale with an underscore")
    note("A locale with an underscore is " + ("refused." if found is None else f"taken, and shown as {found}."))


@pytest.mark.requirement("RFC7643-4.1.1-20")
def test_a_time_zone_is_kept(kept):
    """A timezone of the IANA database, with a slash and an underscore, is kept."""
    kept("timezone")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("profileUrl", "not a URL", marks=pytest.mark.requirement("RFC7643-4.1.1-16")),
        pytest.param("locale", "en US", marks=pytest.mark.requirement("RFC7643-4.1.1-18")),
        pytest.param("timezone", "Middle-earth/Bree", marks=pytest.mark.requirement("RFC7643-4.1.1-20")),
        pytest.param("emails", "not an address", marks=pytest.mark.requirement("RFC7643-4.1.2-01")),
    ],
)
def test_a_malformed_value_is_taken_or_refused(scim, body, usual, name, value):
    """A value of the wrong format is taken as it is, or refused with 400 invalidValue."""
    if not 200 <= usual.answer(name).posted.status < 300:
        raise Blocked(f"the target refuses a good {name}, which another check judges")
    if name == "emails":
        value = [usual[name].value[0] | {"value": value}]
    response = scim.create("User", body("User", **{name: value}))
    if response.is_success:
        note(f"A malformed {name} is taken.")
        return
    note(f"A malformed {name} is refused.")
    expect(response).refused(400, scim_type=("invalidValue", "invalidSyntax"))
