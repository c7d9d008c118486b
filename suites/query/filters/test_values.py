"""The values in filters: letter case, Unicode, JSON's and the URL's ways to write them, and no value at all."""

import unicodedata
from urllib.parse import unquote

import pytest

from scim_conformance.judge import Blocked, Violation, expect
from scim_conformance.judge.filters import And, Comparison, Or, Present
from scim_conformance.judge.users import CERTIFICATE


@pytest.fixture(scope="session")
def silent(features, scim_session):
    """The names of the attributes of users of which the served schema does not say whether they are case-exact."""
    served = features.schema_of(scim_session.baseline.resource_type("User")).raw.get("attributes") or []
    return {each.get("name") for each in served if isinstance(each, dict) and "caseExact" not in each}


@pytest.mark.requirement("RFC7644-3.4.2.2-41", "RFC7643-7-23", "RFC7643-7-26")
@pytest.mark.parametrize(
    ("operator", "value"), [("eq", "cLERK"), ("ne", "cLERK"), ("co", "LPH"), ("sw", "ALPHA"), ("ew", "clerk")]
)
def test_case_does_not_count(scoped, finds, plainly_finds, silent, operator, value):
    """Letter case does not count for an attribute of which the served schema says that caseExact is false."""
    scoped.require(scoped.word)
    if scoped.attribute(scoped.word).case_exact:
        pytest.skip(f"unsupported: the served schema says that {scoped.word} is case-exact")
    if scoped.word in silent or operator != "eq":
        plainly_finds(Comparison(scoped.word, "eq", "cLERK"), scoped.word)
    plainly_finds(Comparison(scoped.word, operator, "Clerk"), scoped.word)
    finds(Comparison(scoped.word, operator, value), scoped.word)


@pytest.mark.requirement("RFC7644-3.4.2.2-41", "RFC7643-7-23", "RFC7643-7-26")
@pytest.mark.parametrize(("operator", "right", "wrong"), [("sw", "Ext-", "EXT-"), ("ew", "a", "A")])
def test_case_counts_where_it_is_exact(scoped, finds, plainly_finds, operator, right, wrong):
    """Letter case counts for an attribute that is case-exact: externalId."""
    if any(member.shown.get("externalId") != member.sent["externalId"] for member in scoped.users.values()):
        pytest.skip("unsupported: the target does not keep the externalId of users")
    plainly_finds(Comparison("externalId", operator, right))
    finds(Comparison("externalId", operator, wrong))


@pytest.mark.requirement("RFC7643-2.2-03")
def test_case_does_not_count_by_default(scoped, finds, silent):
    """Letter case does not count for an attribute of which the served schema does not say whether it is case-exact."""
    if scoped.word not in silent:
        pytest.skip(f"unsupported: the served schema says of {scoped.word} whether it is case-exact")
    finds(Comparison(scoped.word, "eq", "cLERK"), scoped.word)


@pytest.mark.requirement("RFC7643-2.3.6-04")
def test_binaries_are_case_exact(scoped, scim, post, body, features, answers, scim_session):
    """A binary value is found by itself, and not by a text that differs from it in letter case alone."""
    kind = scim_session.baseline.resource_type("User")
    binary = [a for a in features.attributes(kind) if a.type == "binary" and a.mutability == "readWrite"]
    attribute = next((a for a in binary if not a.path.lower().startswith("urn:") and a.returned == "default"), None)
    if attribute is None:
        pytest.skip("unsupported: users have no binary attribute that clients may set")
    value = {attribute.name: CERTIFICATE} if attribute.parent else CERTIFICATE
    several = scoped.attribute(attribute.parent or attribute.path).multi_valued
    given = {attribute.parent or attribute.name: [value] if several else value}
    user = post("User", body("User", **given)).resource
    name = Comparison("userName", "eq", user.get("userName"))
    try:
        if answers.ids(And((name, Comparison(attribute.path, "eq", CERTIFICATE))).text()) != [user["id"]]:
            raise Blocked(f"an eq filter on {attribute.path} does not find its value")
        other = And((name, Comparison(attribute.path, "eq", CERTIFICATE.swapcase()))).text()
        if answers.ids(other):
            raise Violation(
                f"A filter on {attribute.path} finds a binary value by a text in another letter case.",
                expected=["nobody found"],
                actual="the user found",
            )
    finally:
        scim.discard(user)


@pytest.mark.requirement("RFC7644-3.4.2.2-33")
def test_values_are_escaped_as_in_json(finds):
    """A filter's text is a JSON string: quotes and backslashes in it have a backslash before them."""
    finds(Comparison("nickName", "eq", 'Zoe "Zed" \\ Unal'), "nickName")


@pytest.mark.requirement("RFC7644-3.4.2.2-33")
@pytest.mark.usefixtures("names")
def test_characters_may_be_escaped_by_number(finds):
    """A filter's text is a JSON string: a character may be written by its number in Unicode."""
    finds(Comparison("name.familyName", "eq", "\u00d6stberg", written=r'"\u00d6stberg"'), "name.familyName")


@pytest.mark.requirement("RFC7644-1.2-01")
@pytest.mark.usefixtures("names")
def test_a_url_may_be_percent_encoded_throughout(scoped, scim):
    """A filter of which every byte is percent-encoded, letters beyond ASCII as UTF-8, is understood."""
    scoped.require("name.familyName")
    user = scoped["g"]
    name = Comparison("userName", "eq", user.sent["userName"])
    filter_ = And((name, Comparison("name.familyName", "eq", "\u00d6stberg"))).text()
    query = "filter=" + "".join(f"%{byte:02X}" for byte in filter_.encode())
    response = scim.get(scim.endpoint("User"), query=query)
    listed = expect(response).status(200).json_object().response.body.get("Resources") or []
    found = [each.get("id") for each in listed if isinstance(each, dict)]
    expect(response).where(user.id in found, expected=f"the user found by the filter {unquote(query[7:])}")


@pytest.mark.requirement("RFC7643-2.5-01")
def test_what_was_cleared_is_not_present(scoped, scim, make, read, asserted, answers, user_name, plainly_finds):
    """A pr filter does not find a user whose attributes were set to null, or to an empty array."""
    scoped.require(scoped.word, "emails")
    if any(scoped.attribute(name).required for name in (scoped.word, "emails")):
        pytest.skip(f"unsupported: {scoped.word} or emails is required")
    for name in (scoped.word, "emails"):
        plainly_finds(Present(name), name)
    user = make("User", **{scoped.word: "Clerk"})
    response = scim.replace(user, asserted(user, **{scoped.word: None, "emails": []}))
    if response.status not in (200, 204):
        raise Blocked(f"a PUT with null and an empty array does not work: it answered {response.status}")
    shown = response.body if response.status == 200 and response.content else read(user)
    if shown.get(scoped.word) or shown.get("emails"):
        raise Blocked("a PUT with null and an empty array leaves values there")
    name = Comparison("userName", "eq", user_name(user))
    filter_ = And((name, Or((Present(scoped.word), Present("emails"))))).text()
    if user["id"] in answers.ids(filter_):
        raise Violation(
            f"The filter {filter_} finds a user who has neither.", expected=["nobody found"], actual="the user found"
        )


# -- preparation by PRECIS (RFC 7644 sections 5 and 7.8, A97) ----------------------------------


@pytest.fixture
def prepared(make, mark):
    """A user of this check's own whose userName has a letter beyond ASCII, and the same name in another form."""
    name = f"{mark()}\u00e9@example.com"
    wide = name[0].translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    return make("User", userName=name), unicodedata.normalize("NFD", wide + name[1:].upper())


@pytest.mark.requirement("RFC7644-5-01")
@pytest.mark.usefixtures("filtering")
def test_user_names_are_prepared(prepared, scim, body, answers, user_name):
    """A userName in another width, letter case and normalisation is the same userName: in filters and for a POST."""
    user, other = prepared
    if answers.ids(Comparison("userName", "eq", user_name(user)).text()) != [user["id"]]:
        raise Blocked("a userName with letters beyond ASCII is not found by itself")
    filter_ = Comparison("userName", "eq", other).text()
    if answers.ids(filter_) != [user["id"]]:
        raise Violation(
            f"The filter {filter_} does not find the user whose name this is once it is prepared.",
            expected=["the user found"],
            actual="the user not found",
        )
    expect(scim.create("User", body("User", userName=other))).refused(409, 400, scim_type="uniqueness")


@pytest.mark.requirement("RFC7644-7.8-01")
def test_texts_are_prepared(scoped, answers, plainly_finds):
    """A filter finds a text that has the same letters in another normalisation."""
    plainly_finds(Comparison("name.familyName", "eq", "\u00d6stberg"), "name.familyName")
    other = unicodedata.normalize("NFD", "\u00d6stberg")
    filter_ = And((scoped.within, Comparison("name.familyName", "eq", other))).text()
    if scoped.letters(answers.ids(filter_)) != "g":
        raise Violation(
            "A filter does not find a text that has the same letters in another normalisation.",
            expected=["the user with the familyName \u00d6stberg"],
            actual="not found",
        )
