"""How users are reached, RFC 7643 section 4.1.2: emails, phoneNumbers, ims, photos and addresses."""

import re
from urllib.parse import urljoin

import pytest

from scim_conformance.judge import Violation, expect, note, warn
from scim_conformance.judge.users import IM_TYPES


def values(shown):
    """Give the values in the elements that are shown."""
    return [str(element.get("value") if isinstance(element, dict) else element) for element in shown or []]


def element_with(shown, part):
    """Give the element that is shown whose value holds a text, in any letter case; None where there is none."""
    for element in shown if isinstance(shown, list) else []:
        if isinstance(element, dict) and part.casefold() in str(element.get("value")).casefold():
            return element
    return None


# -- e-mail addresses -------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-4.1.2-04", "RFC7643-4.1.2-01")
def test_email_addresses_are_kept(kept):
    """The e-mail addresses of a user are kept with their types work, home and other, and are addresses still."""
    wrong = [value for value in values(kept("emails")) if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value)]
    if wrong:
        raise Violation(
            "An e-mail address is shown that is none.",
            requirement="RFC7643-4.1.2-01",
            expected=["local part, @ and domain, as in RFC 5321"],
            actual=", ".join(wrong),
        )


@pytest.mark.requirement("RFC7643-4.1.2-02", "RFC7643-4.1.2-03")
def test_the_domain_of_an_email_address_is_in_lower_case(told, unusual):
    """The domain of an e-mail address that was sent in capitals is shown in lower case."""
    sent = unusual["domain in capitals"].value[0]["value"]
    shown = told("domain in capitals")
    if shown is None:
        note("An e-mail address with a domain in capitals is refused.")
        return
    found = element_with(shown, sent)
    if found is None:
        raise Violation(
            "The e-mail address did not come back.",
            requirement="RFC7643-4.1.2-02",
            expected=[sent.lower()],
            actual=str(shown),
        )
    if "display" in found:
        note(f"emails.display is {'the canonical address' if found['display'] == sent.lower() else 'another text'}.")
    if found["value"].rpartition("@")[2] != sent.rpartition("@")[2].lower():
        raise Violation(
            "The domain of an e-mail address is not shown in lower case.",
            requirement="RFC7643-4.1.2-02",
            expected=["a domain in lower case"],
            actual=found["value"],
        )


# -- types of a client's own ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "probe",
    [
        pytest.param("e-mail of a type of its own", marks=pytest.mark.requirement("RFC7643-4.1.2-05")),
        pytest.param("number of a type of its own", marks=pytest.mark.requirement("RFC7643-4.1.2-09")),
        pytest.param("IM of a type of its own", marks=pytest.mark.requirement("RFC7643-4.1.2-12")),
    ],
)
def test_types_of_a_clients_own_are_taken_or_refused(told, unusual, probe):
    """A type that is not among the usual ones may be taken, or refused."""
    sent = unusual[probe].value[0]
    shown = told(probe)
    if shown is None:
        note(f"An element of {unusual[probe].attribute.name} with type {sent.get('type')!r} is refused.")
        return
    found = element_with(shown, sent["value"].removeprefix("tel:")) or {}
    note(
        f"An element of {unusual[probe].attribute.name} with type {sent.get('type')!r} has type {found.get('type')!r}."
    )


# -- telephone numbers -----------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.3-02", "RFC7643-4.1.2-06", "RFC7643-4.1.2-07")
def test_telephone_numbers_are_kept(kept):
    """Telephone numbers are kept with their types, and one that was sent as a tel: URI is shown as a tel: URI."""
    try:
        shown = kept("phoneNumbers")
    except Violation as problem:
        problem.requirement = "RFC7644-3.3-02"
        raise
    other = [value for value in values(shown) if not re.fullmatch(r"tel:\+?[0-9().-]+(;[^\s]+)?", value)]
    if other:
        raise Violation(
            "A telephone number that was sent as a tel: URI is shown in another form.",
            requirement="RFC7643-4.1.2-07",
            expected=["tel:+1-201-555-0100, or another tel: URI of that number (RFC 3966)"],
            actual=", ".join(other),
        )


@pytest.mark.requirement("RFC7643-4.1.2-07", "RFC7643-4.1.2-08")
def test_a_plain_telephone_number_stays_the_same_number(told):
    """A telephone number that was sent without tel: is refused, kept, or shown as the same number in another form."""
    shown = told("plain number")
    if shown is None:
        note("A telephone number that is no tel: URI is refused.")
        return
    found = [value for value in values(shown) if re.sub(r"\D", "", value) == "12015550142"]
    if not found:
        raise Violation(
            "A telephone number is shown as another number.",
            requirement="RFC7643-4.1.2-07",
            expected=["+1 (201) 555-0142, in any form"],
            actual=", ".join(values(shown)) or "none",
        )
    note(f"A telephone number sent as +1 (201) 555-0142 is shown as {found[0]}.")


# -- instant messages ------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.3-02", "RFC7643-4.1.2-11")
def test_instant_messaging_addresses_are_kept(kept):
    """Instant messaging addresses are kept, and their types are those of the RFC."""
    try:
        shown = kept("ims")
    except Violation as problem:
        problem.requirement = "RFC7644-3.3-02"
        raise
    kinds = [element.get("type") for element in shown if isinstance(element, dict)]
    if not {kind for kind in kinds if kind} <= set(IM_TYPES):
        warn("A type of an IM is none of the RFC's.", expected=[", ".join(IM_TYPES)], actual=str(kinds))


@pytest.mark.requirement("RFC7643-4.1.2-10")
def test_an_instant_messaging_address_is_normalised(told, unusual):
    """An instant messaging address is shown in lower case without blanks, where it was sent otherwise."""
    shown = told("IM with blanks")
    if shown is None:
        note("An instant messaging address with blanks is refused.")
        return
    sent = unusual["IM with blanks"].value[0]["value"]
    wanted = "".join(sent.split()).lower()
    alike = [value for value in values(shown) if "".join(value.split()).lower() == wanted]
    if wanted not in alike:
        raise Violation(
            "An instant messaging address is not shown in lower case without blanks.",
            expected=[wanted],
            actual=", ".join(alike) or "not shown at all",
        )


# -- pictures ---------------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-4.1.2-14")
def test_pictures_are_kept(usual, kept):
    """The pictures of a user are kept with their types photo and thumbnail, and shown as URLs."""
    shown = values(kept("photos", but=("value",)))
    other = [value for value in shown if not re.match(r"https?://[^/\s]|/", value)]
    if other:
        raise Violation("A picture is not shown by a URL.", expected=["an http or https URL"], actual=", ".join(other))
    if set(shown) != set(values(usual["photos"].value)):
        note("Pictures are shown by other URLs than those that were sent.")


@pytest.mark.requirement("RFC7643-4.1.2-15")
def test_a_picture_of_the_targets_is_an_image(scim, usual):
    """A picture that a user shows by a URL of the target's own is an image there, not a web page."""
    answer = usual.answer("photos")
    place = answer.read.url if answer.read is not None else ""
    urls = [urljoin(place, value) for value in values(answer.shown.get("photos")) if re.match("https?://|/", value)]
    own = [url for url in urls if scim.base.has(url)]
    scim.recall(answer.read)
    if not own:
        note("Users show pictures by the URLs that a client gave, not by URLs of the target's own.")
        return
    response = scim.get(own[0], headers={"Accept": "image/*"})
    expect(response).status(200).where(
        response.media_type.startswith("image/"),
        expected=f"an image at {own[0]}",
        actual=f"Content-Type: {response.media_type or '-'}",
    )


# -- addresses --------------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-4.1.2-19")
def test_addresses_are_kept(kept):
    """The addresses of a user are kept, in all their parts that the target serves."""
    kept("addresses", but=("country",))


@pytest.mark.requirement("RFC7643-4.1.2-22")
def test_a_country_has_two_letters(scim, usual):
    """The country of an address that was sent as a code of two letters is shown so."""
    if "country" not in usual["addresses"].value[0]:
        pytest.skip("unsupported: the target serves no addresses.country")
    answer = usual.answer("addresses")
    shown = answer.shown.get("addresses")
    found = [a.get("country") for a in shown or [] if isinstance(a, dict) and a.get("country") is not None]
    expect(scim.recall(answer.read)).where(
        all(isinstance(code, str) and re.fullmatch(r"[A-Za-z]{2}", code) for code in found),
        expected="countries as codes of two letters (ISO 3166-1), US and SE",
        actual=f"addresses.country = {found!r}",
    )


@pytest.mark.requirement("RFC7643-4.1.2-22")
def test_a_country_of_three_letters_is_not_made_another(tried, usual, body):
    """The country USA is refused with 400 invalidValue, or understood as US, or kept as it was sent."""
    if "country" not in usual["addresses"].value[0]:
        pytest.skip("unsupported: the target serves no addresses.country")
    response, shown = tried(body("User", addresses=[{"locality": "Hollywood", "country": "USA"}]))
    if shown is None:
        note("The country USA is refused.")
        return
    found = [address.get("country") for address in shown.get("addresses") or [] if isinstance(address, dict)]
    if found == ["USA"]:
        warn("The country USA is taken.", expected=["status 400, or the country US"], actual="country = 'USA'")
    else:
        expect(response).where(found in (["US"], [None], []), expected="country = 'US'", actual=f"country = {found!r}")


@pytest.mark.requirement("RFC7643-4.1.2-18")
def test_an_address_of_one_part_is_enough(told):
    """An address of which only the locality is known is taken."""
    shown = told("address of one part")
    if shown is None:
        raise Violation("An address of one part is refused.", expected=["a user with the address"], actual="status 4xx")


@pytest.mark.requirement("RFC7643-4.1.2-20", "RFC7643-4.1.2-21")
def test_line_breaks_in_an_address_are_kept(told, unusual):
    """Line breaks in the formatted address and in the street survive."""
    sent = unusual["address with line breaks"].value[0]
    shown = told("address with line breaks")
    if shown is None:
        note("An address with line breaks is refused.")
        return
    for name, requirement in (("formatted", "RFC7643-4.1.2-20"), ("streetAddress", "RFC7643-4.1.2-21")):
        texts = [str(each.get(name)).replace("\r\n", "\n") for each in shown if isinstance(each, dict)]
        if name in sent and sent[name] not in texts:
            raise Violation(
                f"Line breaks in addresses.{name} do not survive.",
                requirement=requirement,
                expected=[repr(sent[name])],
                actual=repr(texts),
            )
