"""Attribute mappings: the format, what is wrong with a row, target paths, and composing bodies."""

import json
from pathlib import Path

import pytest

from scim_conformance.client.features import core_features
from scim_conformance.idp import directory, mapping, targets
from scim_conformance.idp.arrivals import fairly
from scim_conformance.idp.cases import Case, cases, plain
from scim_conformance.idp.provisioning import Provisioning
from scim_conformance.idp.targets import MISSING
from scim_conformance.judge.verdicts import Observations, Violation, observing

WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
HEAD = 'format = 1\nidp = "entra"\n'
SOUND = '[[user]]\ntarget = "userName"\nsource = "userPrincipalName"\nmatching = 1\n'


@pytest.fixture
def written(tmp_path):
    """Write a mapping file and load it."""

    def write(text, name="own.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return mapping.load(path)

    return write


@pytest.mark.parametrize(
    ("text", "value", "resource"),
    [
        ("userName", "ann", {"userName": "ann"}),
        ("name.givenName", "Ann", {"name": {"givenName": "Ann"}}),
        ('emails[type eq "work"].value', "a@b.c", {"emails": [{"type": "work", "value": "a@b.c"}]}),
        ('roles[primary eq "True"].value', "Admin", {"roles": [{"primary": True, "value": "Admin"}]}),
        (f"{WORK}:department", "Law", {WORK: {"department": "Law"}}),
        (f"{WORK}:manager.value", "7", {WORK: {"manager": {"value": "7"}}}),
        ("active", "False", {"active": False}),
        ("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", "Berg", {"name": {"familyName": "Berg"}}),
    ],
)
def test_a_value_is_put_at_its_path_and_read_back(text, value, resource):
    """What is put at a target path is read back from it, and nothing is left once it is taken away."""
    target = targets.parse(text)
    body = {}
    targets.place(body, target, value)
    assert body == resource
    assert targets.read(body, target) == (False if value == "False" else value)
    targets.remove(body, target)
    assert body == {}


def test_elements_are_found_in_any_letter_case():
    """An element is the same whether its type is written work or Work, and its primary true or "True"."""
    resource = {"Emails": [{"type": "home", "value": "x"}, {"Type": "Work", "Value": "y", "primary": "True"}]}
    assert mapping.stored(resource, 'emails[type eq "work" and primary eq true].value') == "y"
    assert mapping.stored(resource, 'emails[type eq "other"].value') is MISSING


@pytest.mark.parametrize("stored", [None, "x", 7, {"a": 1}, [None, 3, {"type": 3}], []])
def test_a_broken_resource_breaks_nothing(stored):
    """Whatever a target shows where a list or an object belongs, reading finds nothing, and writing writes."""
    for text in ('emails[type eq "work"].value', "emails.value", f"{WORK}:department"):
        target = targets.parse(text)
        body = {"emails": stored, WORK: stored}
        assert targets.read(body, target) is MISSING
        targets.remove(body, target)
        targets.place(body, target, "v")
        assert targets.read(body, target) == "v"


@pytest.mark.parametrize("text", ["", "user name", "emails[type=work].value", 'name.x[type eq "a"]', "emails[].value"])
def test_what_is_no_path_is_refused(text):
    """A path that cannot be read is refused with an example of one."""
    with pytest.raises(targets.BadTarget, match="is no target path"):
        targets.parse(text)


@pytest.mark.parametrize("name", mapping.SHIPPED)
def test_shipped_mappings_are_sound(name):
    """The mappings that come with the project have no problem, and every row reads known attributes."""
    found = mapping.shipped(name)
    assert found.problems == ()
    assert found.name == name
    assert found.matching()


@pytest.mark.parametrize(("name", "rows"), [("entra", 30), ("okta", 39)])
def test_default_tables_are_whole(name, rows):
    """The default tables have every row that the vendors' pages tell of."""
    assert len(mapping.shipped(name).rows) == rows


def test_nobody_knows_the_tables_of_braze():
    """What no public page prints is called unverified, row by row."""
    for name in ("braze-entra", "braze-okta"):
        assert {row.evidence for row in mapping.shipped(name).rows} == {"UNVERIFIED"}


def test_an_unknown_name_is_answered_with_the_closest():
    """A mapping that is not shipped is refused with the name that comes closest."""
    with pytest.raises(mapping.BadMapping, match="Closest: entra"):
        mapping.shipped("entry")


def test_composing_builds_the_body_that_is_posted():
    """Values go to their paths, several into one element; references are left to a later request."""
    person = directory.entra_person("m1", manager="somebody", accountEnabled=False)
    body = mapping.compose(mapping.shipped("entra").users, person, creating=True)
    assert body["userName"] == "m1@example.com"
    assert body["active"] is False
    assert body["name"]["formatted"] == f"{person['givenName']} {person['surname']}"
    assert [each["type"] for each in body["phoneNumbers"]] == ["work", "mobile", "fax"]
    assert body["addresses"][0]["locality"] == person["city"]
    assert "manager" not in body[WORK]


def test_references_are_resolved():
    """A manager becomes the id that it has on the target."""
    person = directory.entra_person("m1", manager="boss")
    rows = [row for row in mapping.shipped("entra").users if row.reference]
    assert mapping.compose(rows, person, creating=False, resolve={"boss": "7"}.get) == {
        WORK: {"manager": {"value": "7"}}
    }


def test_defaults_and_rows_of_creation_apply_to_creation_alone(written):
    """A default stands in for a missing value on creation; a row that applies on create is left out of an update."""
    found = written(
        HEAD
        + SOUND
        + '[[user]]\ntarget = "title"\nsource = "jobTitle"\ndefault = "None yet"\n'
        + '[[user]]\ntarget = "userType"\nconstant = "Guest"\napply = "create"\n'
    )
    person = {"userPrincipalName": "ann"}
    both = {"userName": "ann", "title": "None yet", "userType": "Guest"}
    assert mapping.compose(found.users, person, creating=True) == both
    assert mapping.compose(found.users, person, creating=False) == {"userName": "ann"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('target = "title"\nexpression = \'Jion(" ", [givenName])\'', "did you mean Join"),
        ('target = "title"\nsource = "jobTitel"', "closest: jobTitle"),
        ('target = "title"', "it has no source; give source"),
        ('source = "jobTitle"', "'target' is a required property"),
        ('target = "title"\nsource = "jobTitle"\nconstant = "x"', "it has source and constant"),
        ('target = "e[type=work].value"\nsource = "mail"', "is no target path"),
        ('target = "title"\nsource = "jobTitle"\naply = "create"', "did you mean apply?"),
        ('target = "title"\nsource = "jobTitle"\nmatching = 0', "matching is wrong"),
        ('target = "id"\nsource = "objectId"', "cannot be a target"),
        ('target = "USERNAME"\nsource = "mail"', "the row of line 3 has the same target"),
        ('target = "title"\nexpression = "[round]"', "the derived attribute round, which cannot be used"),
    ],
)
def test_one_bad_row_is_one_message_and_the_others_stand(written, row, told):
    """A row that cannot be used gives one message with its line, and the closest match; the other rows stand."""
    found = written(f'{HEAD}{SOUND}[[user]]\n{row}\n[derived]\nround = "[round]"\n')
    assert [each.target for each in found.users] == ["userName"]
    problem = next(each for each in found.problems if "circle" not in each.message)
    assert problem.line == 7
    assert told in problem.message


def test_a_circle_of_derived_attributes_is_told(written):
    """Derived attributes that read each other are named in the order of the circle, with a line."""
    found = written(f'{HEAD}{SOUND}[derived]\nfine = "[mail]"\na = "ToUpper([b])"\nb = "ToLower([a])"\n')
    assert str(found.problems[0]) == "line 9: derived attributes read each other in a circle: a -> b -> a"


def test_derived_attributes_feed_rows(written):
    """A derived attribute is computed before the rows, whatever the order in which the file has them."""
    text = f"{HEAD}{SOUND}[[user]]\ntarget = \"nickName\"\nexpression = '[short]'\n[derived]\n"
    found = written(text + "short = 'Mid([whole], 1, 3)'\nwhole = 'Join(\"\", [givenName], [surname])'\n")
    assert found.problems == ()
    assert found.users[1].value({"givenName": "Ann", "surname": "Berg"}) == "Ann"
    assert found.users[1].sources == {"givenName", "surname"}


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("idp = ", "own.toml", "line 1: no valid TOML"),
        ('{"idp": "entra",\n', "own.json", "line 2: no valid JSON"),
        ('{"names": []}', "own.json", "is no mapping"),
        ('idp = "entry"\n', "own.toml", "idp is wrong"),
        ('idp = "entra"\nusers = []\n', "own.toml", "did you mean user?"),
        ('idp = "entra"\n[[user]]\ntarget = "x"\n', "own.toml", "has no row that can be used: line 2"),
    ],
)
def test_a_file_of_no_use_is_refused_in_one_sentence(written, text, name, told):
    """A file that cannot be used as a whole is refused with its name, the line and what would be right."""
    with pytest.raises(mapping.BadMapping, match=name) as caught:
        written(text, name)
    assert told in str(caught.value)


def test_json_is_as_good_as_toml(written):
    """The same mapping can be written as JSON, and its rows know their lines."""
    rows = [{"target": "userName", "source": "login", "matching": 1}, {"target": "title", "source": "titel"}]
    found = written(json.dumps({"idp": "okta", "user": rows}, indent=1), "own.json")
    assert [row.target for row in found.users] == ["userName"]
    assert str(found.problems[0]).startswith("line 9: row title: Okta has no attribute")


def test_a_path_that_the_schema_lacks_is_told_with_the_closest(written):
    """A row for which the target's schema has no place says so, with its line and the path that comes closest."""
    found = written(f'{HEAD}{SOUND}[[user]]\ntarget = "name.givenNam"\nsource = "givenName"\n')
    way = Provisioning(None, core_features(), found, "user")
    told = "line 7: the target's schema of User has no name.givenNam; closest: name.givenName"
    assert way.unserved == {"name.givenNam": told}
    assert [row.target for row in way.rows] == ["userName"]


def test_rows_are_asked_what_they_can_be_asked(written):
    """A constant never changes, a required value is never cleared, and only texts can be long."""
    text = '[[user]]\ntarget = "title"\nsource = "jobTitle"\n[[user]]\ntarget = "locale"\nconstant = "en-US"\n'
    found = (written(HEAD + SOUND + text),)
    asked = {name: [case.row.path.name for case in cases(found, name)] for name in ("changing_row", "clearing_row")}
    assert asked == {"changing_row": ["userName", "title"], "clearing_row": ["title"]}
    assert [case.id for case in cases(found, "long_row")] == ["own:title"]


def test_attributes_of_the_customers_own_have_values(written):
    """Whatever a mapping reads, its people have: declared attributes and those of extensions."""
    rows = (
        '[[user]]\ntarget = "title"\nsource = "badge"\n[[user]]\ntarget = "nickName"\nsource = "extensionAttribute3"\n'
    )
    found = written('idp = "entra"\ncustom = ["badge"]\n' + rows)
    person = plain(found, "user", "m1")
    assert "m1" in person["badge"]
    assert "m1" in person["extensionAttribute3"]


def test_the_mapping_of_the_readme_can_be_read(written):
    """The example of a mapping in README.md is one, and none of its rows has a problem."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    blocks = readme.split("```toml\n")[1:]
    example = next(block.partition("```")[0] for block in blocks if "[[user]]" in block)
    found = written(example)
    assert found.problems == ()
    assert [row.kind for row in found.users] == ["direct", "expression", "direct", "constant"]


def test_what_nobody_verified_is_noted_and_never_fails():
    """A row that is UNVERIFIED does not fail a target; any other does."""
    rows = {row.target: row for row in mapping.shipped("okta").users}
    case = Case(mapping.shipped("okta"), rows['addresses[type eq "work"].formatted'])
    seen = Observations()
    with observing(seen), fairly(case):
        raise Violation("the value is lost")
    assert "nobody has verified that Okta has this row" in seen.notes[0]
    with pytest.raises(Violation), fairly(Case(mapping.shipped("okta"), rows["title"])):
        raise Violation("the value is lost")
