"""Values that are not plain ASCII, long ones, and none: what becomes of them at the target path of a row."""

from itertools import chain

import pytest

from scim_conformance.idp.arrivals import arrived, broken, fairly, is_a_word_for_nothing, judge, row_of
from scim_conformance.idp.directory import LOCALES, shows
from scim_conformance.idp.targets import MISSING
from scim_conformance.judge import Blocked, Violation, note


@pytest.fixture(scope="session")
def judge_people(on, on_sound):
    """Judge a row with the people whose names are of a kind: by GET, in the list that finds them, and that one does."""

    def look(kind, case):
        row = row_of(case)
        _, plain = on_sound(case, "created")
        # One language is enough for groups, whose rows are few.
        for locale in LOCALES[kind] if row.object == "user" else LOCALES[kind][:1]:
            way, step = on(case, locale)
            if not shows(kind, step.wanted.get(row.target)):
                continue
            with fairly(case):
                judge(case, way, step, step.first_shown(row.target), f"for a name of {locale}")
                lists = [listed_in(each) for each in (plain, step)]
                if all(lists) and arrived(way, row, plain, lists[0]) and arrived(way, row, step, step.shown()):
                    judge(
                        case, way, step, lists[1], f"for a name of {locale}, in the list that a filter is answered with"
                    )
                if row.matching is not None and row.target in plain.found and is_found(plain, row):
                    must_be_found(step, row)

    return look


def listed_in(step):
    """Give how the answers to the matching filters show an object, None where they do not."""
    return next((each for each in chain(*step.found.values()) if each.get("id") == step.id), None)


def is_found(step, row):
    """Tell whether the filter on a matching attribute found an object."""
    return step.id in [each.get("id") for each in step.found.get(row.target, ())]


def must_be_found(step, row):
    """Expect that the filter on a matching attribute found an object, which it does where the value is plain."""
    if not is_found(step, row):
        raise Violation(
            f"A search by {row.target} does not find who was provisioned, whose value is no plain word.",
            expected=[f"{row.target} eq {step.wanted[row.target]!r} finds {step.id}"],
            actual="not found",
        )


@pytest.mark.requirement("MAPPING-08")
def test_diacritics_arrive(judge_people, diacritics_row):
    """Letters with diacritics arrive as they were sent, and who has them in the matching attribute is found."""
    judge_people("diacritics", diacritics_row)


@pytest.mark.requirement("MAPPING-09")
def test_apostrophes_arrive(judge_people, apostrophes_row):
    """Apostrophes arrive as they were sent, and who has one in the matching attribute is found."""
    judge_people("apostrophes", apostrophes_row)


@pytest.mark.requirement("MAPPING-10")
def test_chinese_and_japanese_arrive(judge_people, cjk_row):
    """Chinese and Japanese characters arrive as they were sent, and who has them in the matching attribute is found."""
    judge_people("cjk", cjk_row)


@pytest.mark.requirement("MAPPING-11")
def test_right_to_left_text_arrives(judge_people, rtl_row):
    """Arabic and Hebrew text arrives as it was sent, and who has it in the matching attribute is found."""
    judge_people("rtl", rtl_row)


@pytest.mark.requirement("MAPPING-12")
def test_long_values_are_not_cut(on_sound, on, long_row):
    """A value of 256 characters is stored whole, or refused."""
    on_sound(long_row, "created")
    way, step = on(long_row, "long")
    row = row_of(long_row)
    if row.target in step.refused:
        note(f"{row.target} does not take {len(str(step.wanted[row.target]))} characters: {step.refused[row.target]}")
        return
    with fairly(long_row):
        judge(long_row, way, step, step.first_shown(row.target), "with 256 characters or more")


@pytest.mark.requirement("MAPPING-13")
def test_no_value_makes_no_word(on, missing_row):
    """A source without a value makes no value at the target path, and no word for nothing."""
    _, step = on(missing_row, "missing")
    row = row_of(missing_row)
    stored = row.stored(step.shown())
    if step.wanted.get(row.target, MISSING) is not MISSING:
        raise Blocked("the row has a value for this person all the same")
    with fairly(missing_row):
        if is_a_word_for_nothing(stored):
            raise broken(missing_row, step, step.shown(), "is a word for nothing, where nothing was sent")
    if stored is not MISSING:
        note(f"{row.target} has a value of the target's own: {stored!r}")
