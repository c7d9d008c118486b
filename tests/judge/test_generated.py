"""What is generated for properties, and the model of PATCH."""

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim_conformance.client.features import core_features
from scim_conformance.judge.filters import Comparison, FilterSchema, Not
from scim_conformance.judge.malformed import BODIES, MESSAGES, bodies, filters, messages
from scim_conformance.judge.patching import Open, Step, after, outcome
from scim_conformance.judge.programs import programs, wrong_operations
from scim_conformance.judge.strategies import WORDS, asserted, body, filled, members, shapes, texts
from scim_conformance.judge.trees import known_places, trees

FEATURES = core_features()
USER = FEATURES.resource_type("User")
SHAPES = shapes(FEATURES, USER, "m4rk")
BY_NAME = {shape.attribute.name: shape for shape in SHAPES}
EMAILS = BY_NAME["emails"].attribute
WORK = {"value": "a@example.com", "type": "work", "primary": True}
HOME = {"value": "b@example.com", "type": "home"}


@given(texts())
def test_texts_survive_what_servers_may_do_to_them(text):
    """A generated text is not changed by normalisation or by cutting blanks at its ends, and is never empty."""
    assert text
    assert len(text) <= 128
    assert text == unicodedata.normalize("NFC", text) == text.strip()
    text.encode("utf-8")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_filled_to_a_length(word):
    """A word is repeated up to a length in characters, without a blank at the end."""
    assert [len(filled(word, length)) for length in (1, 8, 128)] == [1, 8, 128]
    assert filled(word, 0) == word


def test_what_has_rules_of_its_own_is_not_generated():
    """Names, passwords, members, references and what the provider computes are left out."""
    assert {"title", "name", "emails", "addresses", "department"} <= BY_NAME.keys()
    assert not {"userName", "password", "groups", "manager", "active", "roles", "id", "meta"} & BY_NAME.keys()
    assert "formatted" not in BY_NAME["name"].plain


@given(members(SHAPES, unassigned=True))
@settings(max_examples=50, deadline=None)
def test_bodies_are_what_a_server_takes(generated):
    """A body holds the members that were generated, its extensions are named, and one element at most is primary."""
    made = body(generated, SHAPES, {"schemas": [USER.schema], "userName": "a"})
    assert made["userName"] == "a"
    json.dumps(made).encode()
    for name in made:
        assert not name.startswith("urn:") or name in made["schemas"]
    elements = made.get("emails") or []
    assert sum(each.get("primary") is True for each in elements) <= 1
    assert len({each["value"] for each in elements}) == len(elements)


def test_empty_text_and_false_primary_need_not_come_back():
    """What is asserted leaves out empty text, and that an element is not primary."""
    assert asserted({"a": "", "b": "x", "c": [{"value": "v", "primary": False}]}) == {"b": "x", "c": [{"value": "v"}]}


@pytest.mark.parametrize(
    ("step", "state", "wanted"),
    [
        (Step("add", BY_NAME["title"].attribute, "x"), {}, {"title": "x"}),
        (Step("remove", BY_NAME["title"].attribute), {"title": "x"}, {}),
        (Step("replace", None, {"title": "x", "nickName": "y"}), {"title": "z"}, {"title": "x", "nickName": "y"}),
        (Step("add", BY_NAME["name"].attribute, {"givenName": "A"}), {"name": {"familyName": "B"}},
         {"name": {"familyName": "B", "givenName": "A"}}),
        (Step("remove", BY_NAME["name"].attribute, sub="familyName"), {"name": {"familyName": "B"}}, {}),
        (Step("add", EMAILS, [{**HOME, "primary": True}]), {"emails": [WORK]},
         {"emails": [{"value": "a@example.com", "type": "work"}, {**HOME, "primary": True}]}),
        (Step("replace", EMAILS, [HOME]), {"emails": [WORK]}, {"emails": [HOME]}),
        (Step("remove", EMAILS, where=Comparison("type", "eq", "work")), {"emails": [WORK]}, {}),
        (Step("replace", EMAILS, True, Comparison("type", "eq", "home"), "primary"), {"emails": [WORK, HOME]},
         {"emails": [{"value": "a@example.com", "type": "work"}, {**HOME, "primary": True}]}),
    ],
)  # fmt: skip
def test_the_model_knows_where_a_step_leads(step, state, wanted):
    """add, replace and remove do to simple, complex and multi-valued attributes what section 3.5.2 says."""
    known = {shape.path: shape.attribute for shape in SHAPES}
    before = json.dumps(state)
    assert after(state, step, known) == wanted
    assert json.dumps(state) == before


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (Step("remove", BY_NAME["title"].attribute), {}),
        (Step("replace", EMAILS, HOME, Comparison("type", "eq", "other")), {"emails": [WORK]}),
        (Step("add", EMAILS, [WORK]), {"emails": [WORK]}),
        (Step("replace", EMAILS, {"value": "c@example.com"}, Comparison("type", "eq", "work")), {"emails": [WORK]}),
        (Step("remove", EMAILS, sub="type"), {"emails": [WORK]}),
    ],
)
def test_what_the_specifications_leave_open_is_in_no_program(step, state):
    """A removal of nothing, a filter without match, an element twice and half an element have no known outcome."""
    with pytest.raises(Open):
        after(state, step, {})


def test_paths_are_written_with_filter_and_sub_attribute():
    """A step is sent with the path that says what it is about, and attributes of an extension in its own object."""
    step = Step("replace", EMAILS, "x", Comparison("type", "eq", "work"), "value")
    assert step.to_json() == {"op": "replace", "path": 'emails[type eq "work"].value', "value": "x"}
    urn = BY_NAME["department"].urn
    assert Step("add", None, {f"{urn}:department": "x"}).to_json() == {"op": "add", "value": {urn: {"department": "x"}}}


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_programs_end_where_they_say(data):
    """The state that a program names is what its steps lead to; with a wrong operation it is the one at the start."""
    chosen = [BY_NAME[name] for name in ("title", "nickName", "name", "emails")]
    start = {shape.path: shape.plain for shape in chosen}
    wrong = wrong_operations(BY_NAME["title"].attribute, "userName") if data.draw(st.booleans()) else ()
    program = data.draw(programs(chosen, start, wrong))
    known = {shape.path: shape.attribute for shape in chosen}
    assert program.result == (start if wrong else outcome(start, program.steps, known))
    assert len(program.operations()) == len(program.steps) + bool(wrong)


PEOPLE = [
    {"title": "Clerk", "nickName": "Ann", "emails": [WORK]},
    {"title": "clerk of works", "emails": [HOME]},
    {"nickName": "Zo\u00eb", "emails": [HOME, WORK]},
    {"title": "Intern", "nickName": "Bert", "emails": []},
]
SCHEMA = FilterSchema.of(FEATURES, USER)
PLACES = known_places([BY_NAME["title"].attribute, BY_NAME["nickName"].attribute, EMAILS], PEOPLE)
TREES = trees(PLACES, {"emails": [each.within for each in PLACES if each.path.startswith("emails.")]}, PEOPLE, SCHEMA)


@pytest.mark.parametrize("kind", range(len(TREES)))
def test_every_part_of_a_filter_counts(kind):
    """A generated filter finds some of the population and not all, and others when a part of it is left out."""

    @given(TREES[kind])
    @settings(max_examples=10, deadline=None, database=None)
    def every(tree):
        assert {True, False} <= {tree.matches(each, SCHEMA) for each in PEOPLE}
        tree = tree.part if isinstance(tree, Not) else tree
        found = [tree.matches(each, SCHEMA) for each in PEOPLE]
        for number in range(len(getattr(tree, "parts", ()))):
            rest = type(tree)(tree.parts[:number] + tree.parts[number + 1 :])
            assert [rest.matches(each, SCHEMA) for each in PEOPLE] != found

    every()


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_malformed_requests_say_whether_they_must_be_refused(data):
    """What is damaged is no JSON object; what only has to be survived is JSON by its grammar, or no UTF-8."""
    valid = {"schemas": ["urn:a"], "userName": "m", "title": "x"}
    texts_, structured = [BY_NAME["title"].attribute], [EMAILS]
    request = data.draw(bodies(data.draw(st.sampled_from(BODIES)), valid, texts_, structured))
    if "JSON with" in request.wrong:
        assert request.must
        with pytest.raises(ValueError, match=r".*"):
            json.loads(request.content)
    message = data.draw(
        messages(data.draw(st.sampled_from(MESSAGES)), wrong_operations(texts_[0], "userName"), "title")
    )
    assert message.method == "PATCH"
    text, must = data.draw(data.draw(st.sampled_from(filters("userName", "m"))))
    assert text
    assert isinstance(must, bool)
