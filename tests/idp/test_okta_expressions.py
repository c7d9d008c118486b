"""Okta's Expression Language in profile mappings: what it gives, on null as well, and what is said of wrong ones."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_conformance.idp.expressions import BadExpression, Circumstances, known_functions, parse
from scim_conformance.idp.expressions.okta_functions import OUT_OF_REACH
from scim_conformance.paths import SCHEMAS

ANNA = {
    "id": "00u1",
    "firstName": "Anna",
    "lastName": "Berg",
    "email": "anna.berg@example.com",
    "login": "anna@example.com",
    "title": "Senior engineer",
    "empty": "",
    "salary": 70000,
    "isContractor": False,
    "tags": ["red", "blue"],
    "csv": "one,two",
    "countryCode": "DE",
    "zendesk.role": "agent",
    "org": {"name": "acme"},
    "complex": {"a": 1},
}


def value(text, attributes=ANNA, circumstances=None):
    """What an expression gives for a person."""
    return parse("okta", text).evaluate(attributes, circumstances)


TEXTS = [
    ("user.firstName", "Anna"),
    ("firstName", "Anna"),
    ("source.firstName + appuser.lastName + appUser.lastName", "AnnaBergBerg"),
    ("zendesk.role", "agent"),
    ("org.name", "acme"),
    ("user.absent", None),
    ("user.getInternalProperty('id')", "00u1"),
    ("'it''s' + \"\\\"", "it's\\"),
    ('user.firstName + " " + user.lastName', "Anna Berg"),
    ("user.firstName + user.absent", "Anna"),
    ("user.absent + null", None),
    ("1 + 2 + 'x'", "3x"),
    ("'x' + 1 + true", "x1true"),
    ('String.append("This is", " it")', "This is it"),
    ('String.append(user.absent, "x")', "x"),
    ('String.join(",", "a", "b", "c")', "a,b,c"),
    ('String.join(" ", user.firstName, user.absent, user.lastName)', "Anna Berg"),
    ('String.join("-", user.tags)', "red-blue"),
    ('String.join("-", user.absent)', None),
    ('String.len("four")', 4),
    ("String.len(user.absent)", 0),
    ('String.removeSpaces("a b c")', "abc"),
    ('String.replace("this is", "is", "at")', "that at"),
    ('String.replaceFirst("this is", "is", "at")', "that is"),
    ('String.replace("a.b", ".", "")', "ab"),
    ('String.startsWith("Kiss", "K")', True),
    ('String.startsWith("Kiss", "k")', False),
    ('String.stringContains(user.email, "@example")', True),
    ('String.stringContains(user.absent, "")', False),
    ('String.stringSwitch("some title", "other", "no", "1", "title", "2", "some", "3")', "2"),
    ('String.stringSwitch(user.absent, "other", "no", "1")', "other"),
    ('String.substring("This is it", 2, 7)', "is is"),
    ('String.substring("abc", 1, 99)', "bc"),
    ('String.substring("abc", -5, 2)', "ab"),
    ("String.substring(user.lastName, String.len(user.lastName)-2, String.len(user.lastName))", "rg"),
    ('String.substringAfter(user.email, "@")', "example.com"),
    ('String.substringAfter("abc", "@")', ""),
    ('String.substringBefore(user.email, "@")', "anna.berg"),
    ('String.substringBefore("abc", "@")', "abc"),
    ("String.substringBefore(user.absent, '@')", None),
    ('String.toUpperCase("straße")', "STRASSE"),
    ('String.toLowerCase("ThiS")', "this"),
    ("toLowerCase(substring(user.firstName, 0, 1)) + '.' + toUpperCase(user.lastName)", "a.BERG"),
    ('substringBefore(substringAfter(user.email, "@"), ".") + "\\" + substringBefore(user.email, "@")',
     "example\\anna.berg"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_functions_on_texts(text, expected):
    """References, concatenation and functions on texts give what is documented; null is nothing in a concatenation."""
    assert value(text) == expected


DECIDED = [
    ("(user.email != null && user.email != '') ? 'work' : ''", "work"),
    ("(user.absent != null && user.absent != '') ? 'work' : ''", ""),
    ("user.empty == null", False),
    ("user.absent == NULL", True),
    ("user.salary == 70000 ? 'Sales' : 'Other'", "Sales"),
    ("user.salary == '70000'", False),
    ("user.salary >= 70000 AND !user.isContractor", True),
    ("user.salary > 70000 || user.isContractor", False),
    ("user.isContractor or user.firstName < 'B' and true", True),
    ("user.absent AND user.absent", False),
    ("!user.absent", True),
    ("user.absent < 3", False),
    ("user.isContractor == 0", False),
    ("user.title matches '(?i).*ENGINEER'", True),
    ("user.title matches 'engineer'", False),
    ("user.absent matches '.*'", False),
    ("user.absent ?: user.empty ?: user.firstName", "Anna"),
    ("user.tags ?: {}", ["red", "blue"]),
    ("false ? 1 : false ? 2 : true ? 3 : 4", 3),
    ("true ? (false ? 1 : 2) : 3", 2),
    ("true ? true ? 1 : 2 : 3", 1),
    ("false ? String.substring('x', 'y', 1) : 'lazy'", "lazy"),
    ("false && user.tags < 1", False),
    ('"San " + (String.len(user.absent) == 0 ? "" : user.absent + ". ") + user.lastName', "San Berg"),
]


@pytest.mark.parametrize(("text", "expected"), DECIDED)
def test_conditions(text, expected):
    """Conditions, comparisons and defaults decide as documented; null and the empty text are told apart."""
    found = value(text)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


ARRAYS = [
    ("{1, 2, 3}[0]", 1),
    ("user.tags[1]", "blue"),
    ("user.tags[9]", None),
    ("user.absent[0]", None),
    ("Arrays.add({10, 20}, 30)", [10, 20, 30]),
    ("Arrays.add(user.absent, 'x')", ["x"]),
    ("Arrays.remove({10, 20, 30}, 20)", [10, 30]),
    ("Arrays.clear({10, 20})", []),
    ("Arrays.get({5, 6, 7}, 1)", 6),
    ("Arrays.get(user.tags, 5)", None),
    ("Arrays.flatten(10, {20, {30}}, 40)", [10, 20, 30, 40]),
    ("Arrays.contains(user.tags, 'red')", True),
    ("Arrays.contains(user.csv, 'two')", True),
    ("Arrays.contains({}, 'two')", False),
    ("Arrays.size(user.tags)", 2),
    ("Arrays.size(NULL)", 0),
    ("Arrays.isEmpty({10})", False),
    ("Arrays.isEmpty(null)", True),
    ('Arrays.toCsvString({"a", " b ", 3})', "a, b ,3"),
    ("Arrays.toCsvString(null)", None),
]
CONVERTED = [
    ("Convert.toInt('1234')", 1234),
    ("Convert.toInt(123.4)", 123),
    ("Convert.toInt(123.5)", 124),
    ("Convert.toInt(-1.6)", -2),
    ("Convert.toInt(user.absent)", None),
    ("Convert.toNum('3.141')", 3.141),
    ("Convert.toNum(2)", 2.0),
    ('Iso3166Convert.toAlpha2("IND")', "IN"),
    ('Iso3166Convert.toAlpha3("840")', "USA"),
    ("Iso3166Convert.toNumeric(user.countryCode)", "276"),
    ('Iso3166Convert.toName("fr")', "France"),
    ("Iso3166Convert.toName(4)", "Afghanistan"),
    ('Iso3166Convert.toName("Atlantis")', None),
    ("Iso3166Convert.toName(user.absent)", None),
    ("Time.now()", "2026-07-31T17:18:37.979Z"),
    ('Time.now("EST")', "2026-07-31T13:18:37.979-04:00"),
    ('Time.now("Asia/Tokyo", "YYYY-MM-dd HH:mm:ss")', "2026-08-01 02:18:37"),
    ('Time.now("UTC", "E d MMM yy \'at\' h a, SSS Z ZZ")', "Fri 31 Jul 26 at 5 PM, 979 +0000 +00:00"),
    ('Time.fromWindowsToIso8601("132223104000000000")', "2020-01-01T00:00:00.000Z"),
    ('Time.fromUnixToIso8601("1577836800")', "2020-01-01T00:00:00.000Z"),
    ('Time.fromStringToIso8601("17 June 2015 00:23:19", "dd MMMM yyyy HH:mm:ss")', "2015-06-17T00:23:19.000Z"),
    ('Time.fromIso8601ToWindows("2020-01-01T00:00:00Z")', "132223104000000000"),
    ('Time.fromIso8601ToUnix("2020-01-01T01:00:00+01:00")', "1577836800"),
    ('Time.fromIso8601ToString("2015-06-17T00:23:19Z", "MM/dd/yyyy")', "06/17/2015"),
    ("Time.fromIso8601ToString(user.absent, 'yyyy')", None),
]


@pytest.mark.parametrize(("text", "expected"), ARRAYS + CONVERTED)
def test_arrays_and_conversions(text, expected):
    """Arrays count from 0, take comma-separated texts, and null for none; values are converted."""
    clock = Circumstances(lambda: datetime(2026, 7, 31, 17, 18, 37, 979000, tzinfo=UTC))
    found = value(text, ANNA, clock)
    assert found == expected
    assert type(found) is type(expected)


def test_sources_are_the_attributes_that_are_read():
    """Names stand without the profile in front; another application's attributes keep its name."""
    text = "user.a + source.b + appuser.c + zendesk.d + e + user.getInternalProperty('id') + {user.f}[0]"
    assert parse("okta", text).sources == {"a", "b", "c", "zendesk.d", "e", "id", "f"}


def test_another_profile_may_be_given_apart():
    """An attribute of the application's profile is taken under its whole name where that is given."""
    assert value("appuser.role", {"role": "a", "appuser.role": "b"}) == "b"
    assert value("appuser.role", {"role": "a"}) == "a"
    assert value("user.role", {"role": "a", "user.role": "b"}) == "a"


def test_table_of_countries_is_whole():
    """The 249 countries of ISO 3166-1 have each three different codes and a name."""
    table = json.loads((SCHEMAS / "iso-3166-1.json").read_text(encoding="utf-8"))
    assert len(table) == 249
    assert list(table) == sorted(table)
    rows = [(two, *others) for two, others in table.items()]
    for column, pattern in enumerate(("[A-Z]{2}", "[A-Z]{3}", "[0-9]{3}", r"\S.*")):
        assert all(re.fullmatch(pattern, row[column]) for row in rows)
        assert len({row[column] for row in rows}) == 249


WRONG = [
    ("", 1, "it is empty"),
    ("String.substringBefor(user.email, '@')", 1, "there is no function String.substringBefor; did you mean"),
    ("string.tolowercase(user.email)", 1, "did you mean String.toLowerCase?"),
    ("qqqqqq(1)", 1, "there is no function qqqqqq; names begin with String."),
    ("String.len()", 1, "String.len takes 1 argument (input), found 0"),
    ("String.append('a')", 1, "String.append takes 2 arguments (str, suffix), found 1"),
    ("String.stringSwitch('a', 'b', 'c')", 1, "String.stringSwitch takes at least 4 arguments"),
    (
        "String.stringSwitch('a', 'b', 'c', 'd', 'e')",
        1,
        "String.stringSwitch takes key and value in pairs after its fir",
    ),
    ("Time.now('a', 'b', 'c')", 1, "Time.now takes 0 to 2 arguments (timeZoneId, format), found 3"),
    ("String.append('a', )", 20, "found ) where argument 2 of String.append must stand"),
    ("String.append('a' 'b')", 19, "found 'b' where a comma or the closing parenthesis of String.append must stand"),
    ("String.append('a', 'b'", 14, "the parenthesis after String.append is never closed"),
    ("String.len", 1, "the function String.len stands without its parentheses"),
    ("user", 1, "found user alone; one of its attributes is written user.firstName"),
    ("user.", 1, "found user alone"),
    (
        "user.firstName user.lastName",
        16,
        "found user.lastName after the expression's end; texts are put together with +",
    ),
    ("user.a = 'b'", 8, "found =; two values are compared with =="),
    ("user.a & user.b", 8, "found a single &; conditions are joined with AND, OR, && or ||"),
    ("user.a * 2", 8, "found *; of the operators on numbers + and - are documented"),
    ("user.a == 1 == 2", 13, "found a second comparison, =="),
    ("'open", 1, "found a text without its closing '"),
    ("“open”", 1, "found “; texts stand in straight quotes"),
    ("(user.a", 8, "found the end where the closing parenthesis must stand"),
    ("{1, 2", 6, "found the end where a comma or the closing } of the array must stand"),
    ("{'a': 'b'}", 5, "found a map"),
    ("user.a[0", 9, "found the end where the closing ] of the index must stand"),
    ("a[0][0][0][0]", 11, "found a fourth index"),
    ("user.a ? 'b'", 13, "where the : of the condition must stand; a condition is written condition ? one : other"),
    ("user.a +", 9, "found the end where an attribute, a text, a number or a function must stand"),
    ("user.profile.firstName", 1, "attributes of a profile have no parts, write user.firstName"),
    ("user.email.toLowerCase()", 1, "Okta's Identity Engine; write String.toLowerCase(user.email)"),
    ("user.email.contains('@')", 1, "Okta's Identity Engine; write String.stringContains(user.email, ...)"),
    ("'ABC'.toLowerCase()", 6, "found .toLowerCase after a value"),
    ("session.amr", 1, "session.amr belongs to a sign-in"),
    ("user.getInternalProperty(id)", 1, 'takes 1 argument, the name of a property in quotes such as "id"'),
    ("user.getInternalProperty('ids')", 26, "there is no internal property 'ids'; did you mean id?"),
    ("user.getInternalPropety('id')", 1, "did you mean user.getInternalProperty?"),
    ("hasWorkdayUser() ? findWorkdayUser().employeeID : null", 1, "hasWorkdayUser cannot be evaluated outside of Okta"),
    ("user.getLinkedObject('manager').lastName", 1, "it reads linked objects in Okta"),
    ("(" * 70, 61, "nested more than 60 levels deep"),
    ("!" * 70, 61, "nested more than 60 levels deep"),
    ("a?b:" * 200 + "c", 2, "more than 150 functions and operators inside each other"),
]


@pytest.mark.parametrize(("text", "column", "problem"), WRONG)
def test_what_cannot_be_read_is_said_with_its_column(text, column, problem):
    """An expression that cannot be read raises one sentence: where, what was found, what is allowed or close."""
    with pytest.raises(BadExpression, match=re.escape(problem)) as caught:
        parse("okta", text)
    assert caught.value.column == column
    assert str(caught.value).startswith(f"Okta expression, column {column}: ")


@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_what_only_okta_knows_is_said_so(name):
    """A documented function that reads what only Okta knows is not called unknown."""
    with pytest.raises(BadExpression, match="cannot be evaluated outside of Okta"):
        parse("okta", f"'a' + {name}('b')")


UNSUITED = [
    ("'a' + String.toLowerCase(user.tags)", 7, "String.toLowerCase: its input must be one value, found 2"),
    ("String.substring('abc', '1', 2)", 1, 'its startIndex must be a whole number, found "1"'),
    ("String.append('a', user.complex)", 1, "its suffix must be one value, found a complex one"),
    ("user.salary ? 1 : 2", 13, "the condition before ? must be true or false, found 70000"),
    ("user.title AND true", 1, 'what AND joins must be true or false, found "Senior engineer"'),
    ("!user.title", 1, "what ! negates must be true or false"),
    ("user.title < 3", 12, '<: two numbers or two texts can be compared, found "Senior engineer" and 3'),
    ("user.title matches '('", 12, "matches: the regular expression"),
    ("'a' - 1", 5, 'what - works on must be a number, found "a"'),
    ("'a' + user.tags", 5, "what + works on must be one value, found 2"),
    ("user.title[0]", 11, "an index stands after an array"),
    ("user.tags['a']", 10, "an index is a whole number from 0"),
    ("Arrays.get(user.tags, -1)", 1, "its position counts from 0, found -1"),
    ("Arrays.size(3)", 1, "its array must be an array such as {1, 2}, found 3"),
    ("Convert.toInt('many')", 1, 'Convert.toInt: must be a number, found "many"'),
    ("Convert.toInt('99999999999')", 1, "99999999999 is out of the range of an integer"),
    ("Time.now('Mars')", 1, 'its timeZoneId is one such as Europe/Berlin, found "Mars"'),
    ("Time.fromUnixToIso8601('soon')", 1, 'must be a number, found "soon"'),
    ("Time.fromUnixToIso8601('999999999999999')", 1, "is out of the range of dates"),
    ("Time.fromIso8601ToUnix('soon')", 1, '"soon" is no date'),
    ("Time.fromStringToIso8601('2020', 'yyyy-MM')", 1, '"2020" is not written as "yyyy-MM" says'),
    ("Time.now('UTC', 'www')", 1, 'the format "www" has "www", which is not understood here'),
]


@pytest.mark.parametrize(("text", "column", "problem"), UNSUITED)
def test_what_cannot_be_evaluated_is_said_with_its_column(text, column, problem):
    """An operator or a function that cannot work with its values says so in one sentence, and where it stands."""
    with pytest.raises(BadExpression, match=re.escape(problem)) as caught:
        value(text)
    assert caught.value.column == column


def test_long_chains_are_no_deep_ones():
    """Long sums and chains of conditions, as lists of countries have them, are evaluated."""
    assert value("+".join(["'a'"] * 2000)) == "a" * 2000
    chain = "".join(f"user.salary == {number} ? 'no' : " for number in range(120))
    assert value(f"{chain} 'yes'") == "yes"


def test_known_functions_are_listed_and_each_is_tested():
    """Every function that is listed is called somewhere in these tests."""
    names = known_functions("okta")
    tested = " ".join(text for text, _ in [*TEXTS, *DECIDED, *ARRAYS, *CONVERTED])
    assert {"String.substringBefore", "substringBefore", "Time.now"} <= set(names)
    assert not set(names) & set(OUT_OF_REACH)
    assert [name for name in names if f"{name}(" not in tested] == []


OPERANDS = ["user.email", "user.tags", "user.absent", "user.complex", "user.salary", "'a'", "'@'", "1", "-1", "null",
            "true", "{1, 'a'}", "{}", "'yyyy'", "'('", "'2020-01-01'"]  # fmt: skip
PIECES = st.sampled_from(
    [*OPERANDS, *known_functions("okta"), "(", ")", ",", "?", ":", "?:", "+", "-", "!", "&&", " OR ", "==", "<", "[",
     "]", "'", '"', "matches", ".", "\n", "é"]
)  # fmt: skip


def grown(inner):
    """Calls, sums, comparisons, conditions and elements of smaller expressions."""
    called = st.builds(
        lambda name, arguments: f"{name}({','.join(arguments)})",
        st.sampled_from(known_functions("okta")),
        st.lists(inner, max_size=5),
    )
    signs = st.sampled_from(["+", "-", "==", "!=", "<", ">=", "&&", "||", " matches ", "?:"])
    joined = st.builds(lambda one, sign, other: f"({one}{sign}{other})", inner, signs, inner)
    chosen = st.builds("({} ? {} : {})".format, inner, inner, inner)
    return st.one_of(called, joined, chosen, st.builds("{}[{}]".format, inner, inner), inner.map("!{}".format))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(PIECES, max_size=12).map("".join),
        st.recursive(st.sampled_from(OPERANDS), grown, max_leaves=8),
    )
)
def test_any_text_is_an_expression_or_a_bad_one(text):
    """Whatever stands in a mapping, reading and evaluating it end well or with BadExpression."""
    with suppress(BadExpression):
        parse("okta", text).evaluate(ANNA)
