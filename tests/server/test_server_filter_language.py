"""The filter parser: the whole grammar, and errors that name the column."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_conformance.server.errors import ScimError
from scim_conformance.server.filters import OPERATORS, And, Compare, FilterParser, Not, Or, Present, ValuePath
from scim_conformance.server.patch_paths import PatchPath, PatchPathParser
from scim_conformance.server.paths import attribute_path

names = st.sampled_from(
    [
        "userName",
        "name.familyName",
        "meta.lastModified",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
        "x-y_z$1",
        "not1",
        "android",
        "oreo",
    ]
)
paths = names.map(attribute_path)
values = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(max_size=12).filter(lambda text: text.isascii() or text.encode("utf-8", "ignore").decode() == text)
)
simple = st.builds(Compare, paths, st.sampled_from(OPERATORS), values) | st.builds(Present, paths)


def joined(kind, parts):
    """Join parts as the parser does, which makes one list of `a and b and c`."""
    flat = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return kind(tuple(flat))


def extend(inner):
    """Make larger filters of smaller ones."""
    lists = st.lists(inner, min_size=2, max_size=3)
    return (
        st.builds(Not, inner) | lists.map(lambda parts: joined(And, parts)) | lists.map(lambda parts: joined(Or, parts))
    )


bracketed = st.recursive(simple, extend, max_leaves=4)
filters = st.recursive(simple | st.builds(ValuePath, paths, bracketed), extend, max_leaves=8)


@given(filters)
def test_what_is_printed_is_read_back(filter_):
    """Printing a filter and reading it gives the same filter, precedence and brackets included."""
    assert FilterParser(str(filter_)).parse() == filter_


@given(filters, st.sampled_from(["upper", "lower", "title"]))
def test_words_of_the_language_are_case_insensitive(filter_, case):
    """Operators and logical words mean the same in any letter case."""
    changed = [
        getattr(word, case)() if word in (*OPERATORS, "pr", "and", "or", "not") else word
        for word in str(filter_).split(" ")
    ]
    text = " ".join(changed)
    if '"' not in text:
        assert FilterParser(text).parse() == filter_


pieces = st.sampled_from([*'ab ()[]".:\\-1u$', " and ", " or ", " eq ", " pr", "not ", "name", ' eq "x"'])


@given(st.lists(pieces, max_size=12).map("".join))
def test_any_text_is_read_or_refused(text):
    """Any text is a filter or is refused with invalidFilter; nothing else happens."""
    refusal = None
    try:
        found = FilterParser(text).parse()
    except ScimError as error:
        refusal = error
    if refusal is None:
        assert FilterParser(str(found)).parse() == found
    else:
        assert (refusal.status, refusal.scim_type, "olumn" in refusal.detail) == (400, "invalidFilter", True)


def parsed(text):
    """Read a filter and show it with all brackets."""

    def shown(found):
        match found:
            case And(parts):
                return "(" + " & ".join(map(shown, parts)) + ")"
            case Or(parts):
                return "(" + " | ".join(map(shown, parts)) + ")"
            case Not(inner):
                return "!" + shown(inner)
            case ValuePath(path, inner):
                return f"{path}[{shown(inner)}]"
        return str(found.path)

    return shown(FilterParser(text).parse())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a pr and b pr or c pr", "((a & b) | c)"),
        ("a pr or b pr and c pr", "(a | (b & c))"),
        ("(a pr or b pr) and c pr", "((a | b) & c)"),
        ("not (a pr) and b pr", "(!a & b)"),
        ("not(a pr or b pr) or c pr", "(!(a | b) | c)"),
        ("NOT (not (a pr))", "!!a"),
        ("e[a pr and (b pr or c pr)] and d pr", "(e[(a & (b | c))] & d)"),
        ("((a pr))", "a"),
        ('  a   eq   "x"  ', "a"),
        ('e[type eq "work"].value eq "x"', "e[(type & value)]"),
        ("a pr and b pr and c pr", "(a & b & c)"),
        ("not pr", "not"),
        ("or pr and and pr", "(or & and)"),
    ],
)
def test_precedence_and_grouping(text, expected):
    """Grouping binds most, then not, then and, then or."""
    assert parsed(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"x"', "x"),
        ('""', ""),
        (r'"a\"b\\c\/\u00e9\n"', 'a"b\\c/é\n'),
        (r'"\ud83d\ude00"', "😀"),
        ('"a) or (b"', "a) or (b"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-12", -12),
        ("3.25", 3.25),
        ("1e3", 1000.0),
    ],
)
def test_values_are_json(text, value):
    """A comparison value is a JSON string, number, true, false or null."""
    found = FilterParser(f"a eq {text}").parse()
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "an attribute name"),
        ("userName", 9, "an operator"),
        ("userName eq", 12, "a quoted string"),
        ("userName regex 1", 10, "an operator"),
        ('userName eq "x', 13, "double quotes"),
        ("userName eq 'x'", 13, "a quoted string"),
        ("userName eq x", 13, "a quoted string"),
        ("userName eq True", 13, "a quoted string"),
        ("userName eq 01", 13, "a quoted string"),
        ('a eq "x" b eq "y"', 10, "'and', 'or' or the end"),
        ('a eq "x" and', 13, "an attribute name"),
        ('(a eq "x"', 10, "')'"),
        ('a eq "x")', 9, "'and', 'or' or the end"),
        ('e[type eq "x"', 14, "']'"),
        ("e[a[b pr] pr]", 4, "square brackets"),
        ("e[]", 3, "an attribute name"),
        ("()", 2, "an attribute name"),
        ("not a pr", 5, "an operator"),
        (r'a eq "\x"', 6, "double quotes"),
        (r'a eq "\ud800"', 6, "double quotes"),
        ("1a eq 1", 1, "an attribute name"),
        (".a eq 1", 1, "an attribute name"),
        ("a. eq 1", 1, "an attribute name"),
        ("a.b.c eq 1", 1, "an attribute name"),
        ('a="x"', 1, "an attribute name"),
        ('a eq {"b":1}', 6, "a quoted string"),
    ],
)
def test_errors_name_the_column(text, column, words):
    """A refusal says at which column what was expected."""
    with pytest.raises(ScimError) as caught:
        FilterParser(text).parse()
    assert caught.value.scim_type == "invalidFilter"
    assert f"At column {column} of" in caught.value.detail
    assert words in caught.value.detail


def test_deep_nesting_is_refused():
    """A filter nested thousands of levels deep is refused, not a crash."""
    with pytest.raises(ScimError, match="deeper than 40"):
        FilterParser("(" * 5000 + "a pr" + ")" * 5000).parse()


def test_numbers_without_end_are_refused():
    """A number of thousands of digits is refused, not a crash."""
    with pytest.raises(ScimError, match="too long"):
        FilterParser("a eq " + "9" * 5000).parse()


def test_long_chains_are_fine():
    """A chain of thousands of conditions is no nesting."""
    assert len(FilterParser(" or ".join(["a pr"] * 5000)).parse().parts) == 5000


@pytest.mark.parametrize(
    ("text", "attribute", "condition", "sub"),
    [
        ("userName", "userName", None, ""),
        ("name.familyName", "name.familyName", None, ""),
        ('emails[type eq "work"]', "emails", 'type eq "work"', ""),
        ('emails[type eq "work" and value ew "x"].display', "emails", 'type eq "work" and value ew "x"', "display"),
        ('members[value eq "1"].$ref', "members", 'value eq "1"', "$ref"),
        ("urn:a:2.0:User:manager.value", "urn:a:2.0:User:manager.value", None, ""),
        ("urn:a:2.0:User:things[a eq 1 or not (b pr)].c", "urn:a:2.0:User:things", "a eq 1 or not (b pr)", "c"),
    ],
)
def test_patch_paths(text, attribute, condition, sub):
    """A path is an attribute path, or an attribute with a filter and perhaps a sub-attribute."""
    found = PatchPathParser(text).path()
    assert found == PatchPath(attribute_path(attribute), found.filter, sub)
    assert (str(found.filter) if found.filter else None) == condition
    assert str(found) == text


@pytest.mark.parametrize(
    ("text", "scim_type"),
    [
        ("", "invalidPath"),
        (" userName", "invalidPath"),
        ("user name", "invalidPath"),
        ("emails[0", "invalidFilter"),
        ("emails[0]", "invalidFilter"),
        ("emails[]", "invalidFilter"),
        ('emails[type eq "work"]value', "invalidPath"),
        ('emails[type eq "work"].', "invalidPath"),
        ('emails[type eq "work"].a.b', "invalidPath"),
        ('emails[type eq "work"].urn:a:b', "invalidPath"),
        ('emails.value[type eq "work"]', "invalidPath"),
        ("/emails/0", "invalidPath"),
        ("emails[type eq]", "invalidFilter"),
        ('emails[type eq "work"', "invalidFilter"),
        ("emails[a[b pr] pr]", "invalidFilter"),
    ],
)
def test_bad_patch_paths(text, scim_type):
    """A malformed path is invalidPath, a malformed filter in its brackets invalidFilter."""
    with pytest.raises(ScimError) as caught:
        PatchPathParser(text).path()
    assert (caught.value.status, caught.value.scim_type) == (400, scim_type)


def test_strings_print_as_json():
    """A value with quotes and backslashes is printed so that it can be read."""
    assert str(Compare(attribute_path("a"), "eq", 'x"\\')) == "a eq " + json.dumps('x"\\')
