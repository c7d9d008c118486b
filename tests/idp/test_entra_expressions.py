"""Microsoft Entra's provisioning expressions: what they give, on null as well, and what is said of wrong ones."""

import random
import re
import uuid
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_conformance.idp.expressions import (
    IGNORED,
    BadExpression,
    Circumstances,
    known_functions,
    parse,
    stringified,
)

ANNA = {
    "givenName": "Zoë",
    "surname": "van der Berg",
    "mail": "zoe@example.com",
    "userPrincipalName": "zoe.berg@example.com",
    "phone": "+49 5550100123",
    "IsSoftDeleted": False,
    "tags": ["red", "blue", "red"],
    "one": ["only"],
    "none": [],
    "empty": "",
    "code": 7,
    "hired": "2020-03-16-07:00",
    "manager": {"displayName": "Max"},
    "extension_1a_costCenter": "4711",
}
ROLES = {
    "appRoleAssignments": [
        {"id": "r-1", "value": "admin", "displayName": "Administrator"},
        {"id": "r-2", "value": "user", "displayName": "User"},
    ]
}


def value(text, attributes=ANNA, circumstances=None):
    """What an expression gives for a person."""
    return parse("entra", text).evaluate(attributes, circumstances)


TEXTS = [
    ("[mail]", "zoe@example.com"),
    ("[extension_1a_costCenter]", "4711"),
    ("[manager.displayName]", "Max"),
    ("[absent]", None),
    ("[manager.absent]", None),
    (r'"say \"no\" to \\ and \d"', 'say "no" to \\ and \\d'),
    ('Append([mail], ".test")', "zoe@example.com.test"),
    ('Append([absent], ".test")', None),
    ('Append("a", [absent])', "a"),
    ('Append(Mid("Johanna", 1, 3), Mid("Li", 1, 5))', "JohLi"),
    ('Join(" ", [givenName], [surname])', "Zoë van der Berg"),
    ('Join(", ", "", [surname], [absent], [givenName])', "van der Berg, Zoë"),
    ('Join("-", [tags], "x")', "red-blue-red-x"),
    ('Join(" ", [absent], [empty])', None),
    ('Join("", 1000, [code])', "10007"),
    ('Left("Johanna", 3)', "Joh"),
    ('Left("Jo", 3)', "Jo"),
    ('Left("Jo", 0)', ""),
    ('Left("Jo", -1)', "Jo"),
    ("Left([absent], 3)", ""),
    ('Mid("Johanna", 3, 2)', "ha"),
    ('Mid("Johanna", 6, 20)', "na"),
    ('Mid("Johanna", 60, 2)', ""),
    ("Mid([absent], 1, 1)", None),
    ('Len("four")', 4),
    ('InStr("The slow grey fox","slow")', 5),
    ('InStr("repEated","e",3,vbBinaryCompare)', 7),
    ('InStr("repEated","e",3,vbTextCompare)', 4),
    ('InStr("fox", "dog")', 0),
    ('InStr("fox", "x", , )', 3),
    ('Word("The slow grey fox",3," ")', "grey"),
    ('Word("This,is!not&much",3,",!&#")', "not"),
    ('Word("one", 2, " ")', ""),
    ('Word("one", 0, " ")', ""),
    ('Word([absent], 1, " ")', ""),
    ('Split("one, two", ",")', ["one", "two"]),
    ('Split([absent], ",")', None),
    ('StripSpaces(" a b  c ")', "abc"),
    ("StripSpaces([one])", "only"),
    ('ToLower("ÄB İ")', "äb İ"),
    ('ToLower("TITLE I", "tr-TR")', "tıtle ı"),  # noqa: RUF001 - the dotless i is the point
    ('ToUpper("straße")', "STRAßE"),
    ('ToUpper("title", "tr-TR")', "TİTLE"),
    ("ToUpper([absent])", None),
    ('PCase("ANNA MARIE (THIRD)")', "Anna Marie (Third)"),
    ('PCase("JEAN-D\'ARC")', "Jean-D'arc"),
    ('PCase("JEAN-D\'ARC"," \'-")', "Jean-D'Arc"),
    ("NormalizeDiacritics([givenName])", "Zoe"),
    ('NormalizeDiacritics("Łukasz Ñandú Æsir ßœø Nguyễn")', "Lukasz Nandu AEsir ssoeoe Nguyen"),
    ('NormalizeDiacritics("山田 й 한글 שָׁ")', "山田 й 한글 שָׁ"),
    ('ConvertToBase64("Hi")', "SABpAA=="),
    ('ConvertToUTF8Hex("Jé")', "4AC3A9"),
    ("Count([tags])", 3),
    ("Count([absent])", 0),
    ("Count([mail])", 1),
    ("Item([tags], 2)", "blue"),
    ("Item([tags], 9)", None),
    ("Item([absent], 1)", None),
    ("RemoveDuplicates([tags])", ["red", "blue"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_functions_on_texts(text, expected):
    """Functions on texts and lists give what the reference says; null mostly stays null."""
    assert value(text) == expected


REPLACED = [
    ('Replace([mail], "@example.com", , , "", , )', "zoe"),
    ('Replace([surname], "van", , , "von", , )', "von der Berg"),
    ('Replace([surname], "VAN", , , "von", , )', "van der Berg"),
    ('Replace([mail], "<u>", , , , , "login:<u>")', "login:zoe@example.com"),
    (r'Replace([phone], , "\\+(?<land>\\d* )(?<rest>\\d{10})", , "${rest}/${land}$$", , )', "5550100123/49 $"),
    (r'Replace([phone], , "[()\\s+-]+", , "", , )', "495550100123"),
    (r'Replace("545 Elm Street", , "(?<number>^\\d*)", "number", "888", , )', "888 Elm Street"),
    (r'Replace([mail], , "(?<end>@(.)*)", "end", "", , )', "zoe"),
    (r'Replace([absent], , "(?<rest>\\d{10})", "rest", , [phone], )', "5550100123"),
    (r'Replace([empty], , "(?<rest>\\d{10})", "rest", , [absent], )', None),
    (r'Replace([code], , "(?<rest>\\d{10})", "rest", , [phone], )', "7"),
    (r'Replace("aXbX", , "(?<one>X)|b", "one", "-", , )', "a-b-"),
    ('Replace("john_doe72", , "[a-zA-Z_]*", , "", , )', "72"),
    ('Replace("a.b", , "(.)", , "$1$0$9${no}", , )', "aa$9${no}..$9${no}bb$9${no}"),
    ('Replace([absent], "a", , , "b", , )', None),
    ('Replace("abc", "b", , , [absent], , )', "ac"),
    ('Replace("abc", "b", , , "x")', "axc"),
]


@pytest.mark.parametrize(("text", "expected"), REPLACED)
def test_replace_in_each_of_its_ways(text, expected):
    """Replace does what its combination of arguments asks for, in .NET's spelling of groups."""
    assert value(text) == expected


DECIDED = [
    ('Switch([IsSoftDeleted], , "False", "True", "True", "False")', "True"),
    ('Switch([code], "no", "7", "seven")', "seven"),
    ('Switch([givenName], "no", "zoë", "yes")', "no"),
    ('Switch([givenName], , "x", "y")', None),
    ('Switch([absent], "no", "", "empty")', "empty"),
    ('Switch([empty], "no", "", "empty")', "empty"),
    ('Switch(IsPresent([mail]), "none", "True", [mail])', "zoe@example.com"),
    ('IIF([givenName]="Zoë", [mail], [surname])', "zoe@example.com"),
    ('IIF([givenName]<>"Zoë", [mail], [surname])', "van der Berg"),
    ('IIF([code]>5, "many", "few")', "many"),
    ('IIF("10">"9", "number", "text")', "number"),
    ('IIF("b">="abc", 1, 2)', 1),
    ('IIF([absent]="", "empty", "else")', "else"),
    ('IIF(IsNullOrEmpty([absent]), "empty", "else")', "else"),
    ('IIF([givenName]="Max", Mid("x", 0, 1), "lazy")', "lazy"),
    ('IIF(CDate("2021-01-02") > CDate("2020-12-31"), "later", "earlier")', "later"),
    ("Coalesce([absent], [mail])", "zoe@example.com"),
    ("Coalesce([empty], [mail])", ""),
    ("Coalesce([absent], [none2])", None),
    ('SelectUniqueValue(Join("@", [absent]), Append("a", "b"), "c")', "ab"),
    ("IgnoreFlowIfNullOrEmpty([mail])", "zoe@example.com"),
    ("IgnoreFlowIfNullOrEmpty([empty])", IGNORED),
    ('IgnoreFlowIfNullOrEmpty(Switch([mail], "", "x", "y"))', IGNORED),
    ('Join("-", "a", IgnoreFlowIfNullOrEmpty([absent]))', "a"),
    ("Not([IsSoftDeleted])", True),
    ('Not("True")', False),
    ("Not([absent])", True),
    ("CBool([mail] = [mail])", True),
    ('CBool("0")', False),
    ("CBool([absent])", False),
    ("CStr([code])", "7"),
    ("CStr([IsSoftDeleted])", "False"),
    ("IsNull([absent])", True),
    ("IsNull([empty])", False),
    ("IsNullOrEmpty([empty])", True),
    ("IsPresent([mail])", True),
    ("IsPresent([none])", False),
    ("IsString([mail])", True),
    ("IsString([code])", False),
    ("BitAnd(&HF, &HF7)", 7),
    ('BitAnd("6", 3)', 2),
]


@pytest.mark.parametrize(("text", "expected"), DECIDED)
def test_functions_that_decide(text, expected):
    """Functions that decide and convert give what the reference says; a condition on nothing is not met."""
    found = value(text)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


DATES = [
    ('CDate("2021-06-30+08:00")', "6/29/2021 4:00:00 PM"),
    ("CDate([hired])", "3/16/2020 7:00:00 AM"),
    ('CDate("2009-06-15T01:45:30.25Z")', "6/15/2009 1:45:30 AM"),
    ("CDate([absent])", None),
    ('DateAdd("ww", 2, CDate([hired]))', "3/30/2020 7:00:00 AM"),
    ('DateAdd("d", -10, [hired])', "3/6/2020 7:00:00 AM"),
    ('DateAdd("m", 11, "2020-03-31")', "2/28/2021 12:00:00 AM"),
    ('DateAdd("yyyy", -1, "2020-02-29")', "2/28/2019 12:00:00 AM"),
    ('DateAdd("n", 90, "2020-02-29 23:00:00")', "3/1/2020 12:30:00 AM"),
    ('DateDiff("d", "2021-08-18+08:00", "2021-08-31+08:00")', 13),
    ('DateDiff("d", "8/25/2021 5:41:18 PM", "2012-03-16-07:00")', -3449),
    ('DateDiff("ww", "8/25/2021 5:41:18 PM", "2012-03-16-07:00")', -493),
    ('DateDiff("m", "8/25/2021 5:41:18 PM", "2012-03-16-07:00")', -113),
    ('DateDiff("yyyy", "8/25/2021 5:41:18 PM", "2012-03-16-07:00")', -9),
    ('DateDiff("h", "2021-08-24", "2021-08-25")', 24),
    ('DateDiff("s", "2021-08-24", "2021-08-25")', 86400),
    ('DateDiff("d", [hired], [absent])', None),
    ("DateFromNum(129699324000000000)", "1/1/2012 11:00:00 PM"),
    ('NumFromDate("2012-01-01 23:00:00Z")', 129699324000000000),
    ('FormatDateTime("20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")', "2015-01-23"),
    ('FormatDateTime("5/7/2021 3:04:05 PM", "None", "M/d/yyyy h:mm:ss tt", "dd.MM.yy HH\'h\'")', "07.05.21 15h"),
    ('FormatDateTime("7 May 2021", , "d MMM yyyy", "dddd MMMM ddd")', "Friday May Fri"),
    ('FormatDateTime("2020-12-31-08:00", "32", "yyyy-MM-ddzzz", "o")', "2020-12-31T08:00:00.0000000Z"),
    ('FormatDateTime("1 März 2020", , "d \\\\M\\\\ä\\\\r\\\\z yyyy", "s")', "2020-01-01T00:00:00"),
    ('FormatDateTime([absent], , "yyyy", "yy")', None),
    ('FormatDateTime([empty], , "yyyy", "yy")', None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_functions_on_dates(text, expected):
    """Dates are taken with their offset, given in UTC, and compared as the reference's examples have it."""
    assert value(text) == expected


def test_dates_go_through_nested_functions():
    """What one function writes, the next one reads, up to the number that Active Directory stores."""
    text = 'NumFromDate(Join("", FormatDateTime([hired], ,"yyyy-MM-ddzzz", "yyyy-MM-dd"), " 23:59:59-08:00"))'
    assert value(f"DateFromNum({text})") == "3/17/2020 7:59:59 AM"


def test_app_roles_take_the_documented_shapes():
    """One role is its value; several are complex values with displayName, or display where they replace."""
    assert value("SingleAppRoleAssignment([appRoleAssignments])", ROLES) == "admin"
    assert value("SingleAppRoleAssignment([appRoleAssignments])", {}) is None
    assert value("AppRoleAssignments([appRoleAssignments])", ROLES) == ["admin", "user"]
    kind = "WindowsAzureActiveDirectoryRole"
    assert value("AppRoleAssignmentsComplex([appRoleAssignments])", ROLES) == [
        {"primary": False, "type": kind, "displayName": "Administrator", "value": "admin"},
        {"primary": False, "type": kind, "displayName": "User", "value": "user"},
    ]
    assert value("AssertiveAppRoleAssignmentsComplex([appRoleAssignments])", ROLES)[1] == {
        "primary": False,
        "type": kind,
        "display": "User",
        "value": "user",
    }
    assert value("AssertiveAppRoleAssignmentsComplex([appRoleAssignments])", {}) == []
    assert stringified(ROLES["appRoleAssignments"])[0] == {
        "value": '{"id":"r-1","value":"admin","displayName":"Administrator"}'
    }
    with pytest.raises(BadExpression, match='its roles have value, displayName and id; found "admin"'):
        value("AppRoleAssignmentsComplex([appRoleAssignments])", {"appRoleAssignments": ["admin"]})


def test_chance_and_clock_are_given():
    """With the same circumstances an expression gives the same; without, the same person gets the same by chance."""

    def fixed(seed):
        return Circumstances(lambda: datetime(2026, 7, 2, 15, 33, 38, tzinfo=UTC), random.Random(seed))  # noqa: S311 - a test

    assert value("Now()", ANNA, fixed(1)) == "7/2/2026 3:33:38 PM"
    assert value("Guid()", ANNA, fixed(1)) == value("Guid()", ANNA, fixed(1)) != value("Guid()", ANNA, fixed(2))
    assert uuid.UUID(value("Guid()")).version == 4
    assert value("Guid()") == value("Guid()") != value("Guid()", {"mail": "other"})
    drawn = value('RandomString(10,2,2,2,1,"?,O0")')
    assert len(drawn) == 10
    assert sum(letter.isdigit() for letter in drawn) >= 2
    assert sum(not letter.isalnum() for letter in drawn) >= 2
    assert sum(letter.isupper() for letter in drawn) >= 2
    assert not set(drawn) & set("?,O0")
    assert value("RandomString(6,3,0,0,3)").isalnum()


def test_redacted_values_are_sent_and_never_shown():
    """Redact gives the value, and neither `shown` nor an error holds it."""
    expression = parse("entra", 'Append(Redact([secret]), "x")')
    assert expression.redacted
    found = expression.evaluate({"secret": "hunter2"})
    assert found == "hunter2x"
    assert expression.shown(found) == "[Redact]"
    assert parse("entra", "[mail]").shown("hunter2") == '"hunter2"'
    with pytest.raises(BadExpression) as caught:
        parse("entra", "Mid(Redact([secret]), [secret], 1)").evaluate({"secret": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert "redacts" in str(caught.value)


def test_sources_are_the_attributes_that_are_read():
    """An expression names the attributes that it reads, and keeps its text."""
    text = 'IIF([a.b]="x", Join(" ", [extension_1_c], [d e]), "[f]")'
    expression = parse("entra", text)
    assert expression.sources == {"a.b", "extension_1_c", "d e"}
    assert (expression.text, expression.dialect) == (text, "entra")


WRONG = [
    ("", 1, "it is empty"),
    ("Jion([a])", 1, "there is no function Jion; did you mean Join?"),
    ("tolower([a])", 1, "there is no function tolower; did you mean ToLower?"),
    ('Append("a", Qqqqqqq([b]))', 13, "there is no function Qqqqqqq; Microsoft's reference names them Join"),
    ("Mid([a], 1)", 1, "Mid takes 3 arguments (source, start, length), found 2"),
    ("Mid([a], 1, 2, 3)", 1, "Mid takes 3 arguments (source, start, length), found 4"),
    ("Not()", 1, "Not takes 1 argument (source), found 0"),
    ("Now([a])", 1, "Now takes 0 arguments, found 1"),
    ("ToLower()", 1, "ToLower takes 1 to 2 arguments (source, culture), found 0"),
    ('Join(" ")', 1, "Join takes at least 2 arguments (separator, source, ...), found 1"),
    ('Switch([a], "x", "k")', 1, "Switch takes at least 4 arguments (source, defaultValue, key, value, ...), found 3"),
    ('Switch([a], "x", "k", "v", "k")', 1, "Switch takes key and value in pairs after its first 2 arguments, found 5"),
    ("Mid([a], , 2)", 1, "Mid needs its start (argument 2), which is left out"),
    ('Replace([a], "b")', 1, "Replace needs oldValue with replacementValue or template"),
    ('Append([a] "b")', 12, 'found "b" where a comma or the closing parenthesis of Append must stand'),
    ('Append([a], "b"', 7, "the parenthesis after Append is never closed"),
    ('Append([a], "b', 13, 'found a text without its closing "'),
    ("Append([a, [b])", 8, "found an attribute without its closing ]"),
    ("Append([], [b])", 8, "found [], an attribute without a name"),
    ("Append(mail, [b])", 8, 'found mail alone; an attribute is written [mail], a text "mail"'),
    ("Append(now, [b])", 8, "the function Now needs parentheses"),
    ("Join(“ ”, [b])", 6, 'found “; texts stand in straight double quotes (")'),
    ("[a] & [b]", 5, "found & after the expression's end; values are put together with Join or Append"),
    ('IIF([a]="x" AND [b]="y", 1, 2)', 13, "found AND where a comma or the closing parenthesis of IIF must stand"),
    ("IIF([a]=[b]=[c], 1, 2)", 12, "found a second comparison, =; nest IIF to test two things"),
    ('IIF(= "x", 1, 2)', 5, "found = without a value before it"),
    ('Join(" ", SelectUniqueValue([a], [b]))', 11, "SelectUniqueValue must be the outermost function"),
    ("Not(" * 70, 245, "nested more than 60 levels deep"),
]


@pytest.mark.parametrize(("text", "column", "problem"), WRONG)
def test_what_cannot_be_read_is_said_with_its_column(text, column, problem):
    """An expression that cannot be read raises one sentence: where, what was found, what is allowed or close."""
    with pytest.raises(BadExpression, match=re.escape(problem)) as caught:
        parse("entra", text)
    assert caught.value.column == column
    assert str(caught.value).startswith(f"Entra expression, column {column}: ")


UNSUITED = [
    ('Append("a", Mid([mail], "x", 1))', 13, 'Mid: its start must be a whole number, found "x"'),
    ("Mid([mail], 0, 1)", 1, "Mid: its start counts from 1, found 0"),
    ("Mid([mail], [absent], 1)", 1, "Mid: its start must be a whole number, found nothing"),
    ("ToLower([tags])", 1, "ToLower: its source must be one value, found 3; use Item or Join"),
    ("ToLower([manager])", 1, "ToLower: its source must be one value, found a complex one"),
    ('ToLower("a", "Turkish, please")', 1, "its culture is a name such as en-US"),
    ("Item([tags], 0)", 1, "Item: its index counts from 1, found 0"),
    ('Split("a", "")', 1, "Split: its delimiter is empty"),
    ('InStr("a", "b", 0)', 1, "InStr: its start counts from 1, found 0"),
    ('InStr("a", "b", 1, "text")', 1, 'its compareType is vbTextCompare or vbBinaryCompare, found "text"'),
    ('CBool("maybe")', 1, 'CBool: found "maybe" where True, False or a number must stand'),
    ('IIF("maybe", 1, 2)', 1, 'IIF: found "maybe" where True, False or a number must stand'),
    ("IIF([tags] = 1, 1, 2)", 12, "=: must be one value, found 3"),
    ('CDate("tomorrow")', 1, 'CDate: "tomorrow" is no date; write 2021-06-30'),
    ('CDate("2021-02-30")', 1, '"2021-02-30" is no date: day is out of range for month'),
    ('CDate("0001-01-01+08:00")', 1, "is out of the range of dates"),
    ('DateAdd("w", 1, "2021-01-01")', 1, 'its interval is one of yyyy, m, ww, d, h, n, s, found "w"'),
    ('DateAdd("yyyy", 99999, "2021-01-01")', 1, "is out of the range of dates"),
    ('FormatDateTime("2021", , "yyyy-MM", "yyyy")', 1, 'FormatDateTime: "2021" is not written as "yyyy-MM" says'),
    ('FormatDateTime("2021", , "yyyy", "gg")', 1, 'the format "gg" has "gg", which is not understood here'),
    ('FormatDateTime("2021", , "yyyy", "x")', 1, '"x" is no standard format of dates'),
    ('FormatDateTime("2021", "AssumeUniversial", "yyyy", "yy")', 1, "did you mean AssumeUniversal?"),
    ('Replace("a", , "(", , "", , )', 1, 'the regular expression "(" is not understood'),
    (r'Replace("a", , "\\p{L}", , "", , )', 1, "is not understood"),
    ('Replace("a", , "(?<one>a)", "two", "", , )', 1, '"two" is no group of the regular expression; it has one'),
    ("RandomString(3,2,2,0,0)", 1, "its Length is at least the sum of the minimums and at most 256, found 3"),
    ('RandomString(3,2,0,0,0,"0123456789")', 1, "its CharactersToAvoid leaves none for MinimumNumbers"),
]


@pytest.mark.parametrize(("text", "column", "problem"), UNSUITED)
def test_what_cannot_be_evaluated_is_said_with_its_column(text, column, problem):
    """A function that cannot work with its arguments says so in one sentence, with its name and where it stands."""
    with pytest.raises(BadExpression, match=re.escape(problem)) as caught:
        value(text)
    assert caught.value.column == column


def test_known_functions_are_listed_and_each_is_tested():
    """Every function that is listed can be called, and is called somewhere in these tests."""
    names = known_functions("entra")
    assert names == sorted(names, key=str.lower)
    assert {"Join", "Switch", "AssertiveAppRoleAssignmentsComplex"} <= set(names)
    tested = " ".join(text for text, *_ in [*TEXTS, *REPLACED, *DECIDED, *DATES])
    elsewhere = ("AppRole", "Guid", "Now", "RandomString", "Redact")
    assert [name for name in names if f"{name}(" not in tested and not any(word in name for word in elsewhere)] == []


def test_unknown_dialects_are_refused():
    """A dialect that there is not is refused with the closest."""
    with pytest.raises(ValueError, match="there is no dialect 'entre' of expressions; did you mean 'entra'\\?"):
        parse("entre", "[a]")


PIECES = st.sampled_from(
    [*known_functions("entra"), "(", ")", ",", " ", "[mail]", "[tags]", "[absent]", '"a"', '"yyyy"', '"(?<a>b"', "1",
     "-1", "&HF", "0.5", "True", "=", "<", "<>", '"', "\\", "[", "]", "é", "\n", '"2021-06-30"']
)  # fmt: skip
CALLS = st.recursive(
    st.sampled_from(
        ["[mail]", "[tags]", "[absent]", "[manager]", '"a"', "1", "-1", "", '"yyyy"', '"2021-06-30"', '"("']
    ),
    lambda inner: st.builds(
        lambda name, arguments: f"{name}({','.join(arguments)})",
        st.sampled_from(known_functions("entra")),
        st.lists(inner, max_size=7),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join), CALLS))
def test_any_text_is_an_expression_or_a_bad_one(text):
    """Whatever stands in a mapping, reading and evaluating it end well or with BadExpression."""
    with suppress(BadExpression):
        parse("entra", text).evaluate(ANNA)
