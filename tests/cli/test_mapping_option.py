"""An attribute mapping of one's own, from the command line."""

import json

import pytest

SOUND = """
idp = "entra"

[[user]]
target = "userName"
source = "userPrincipalName"
matching = 1
required = true

[[user]]
target = "title"
source = "jobTitle"

[[user]]
target = "nickName"
expression = 'Jion("", [givenName], [surname])'

[[user]]
target = "favouriteColour"
source = "extensionAttribute1"
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "the mapping file mine.toml does not exist; check --mapping"),
        ("idp = ", "mine.toml, line 1: no valid TOML"),
        ("[table]\n", "mine.toml is no mapping"),
    ],
)
def test_a_mapping_of_no_use_is_refused(cli, tmp_path, text, told):
    """A mapping that cannot be used ends the run with 4 and one sentence that names file, line and remedy."""
    if text is not None:
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    result = cli("run", "--mapping", "mine.toml")
    shown = result.stdout + result.stderr
    assert result.returncode == 4, shown
    assert told in shown
    assert "Traceback" not in shown


def test_one_bad_row_is_one_message_and_the_others_run(cli, tmp_path):
    """A row that cannot be read is one error, a path without a place a warning; the sound rows are judged."""
    (tmp_path / "mine.toml").write_text(SOUND, encoding="utf-8")
    result = cli("run", "--mapping", "mine.toml", "--suite", "mappings", "--output", "out")
    assert result.returncode == 3, result.stdout + result.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["profiles"] == ["entra"]
    verdicts = {each["id"].partition("::")[2]: each for each in report["checks"]}
    bad = verdicts["test_the_schema_has_a_place[mine:line14]"]
    assert bad["verdict"] == "error"
    assert "line 14: row nickName" in bad["message"]
    assert "did you mean Join" in bad["message"]
    homeless = verdicts["test_the_schema_has_a_place[mine:favouriteColour]"]
    assert homeless["verdict"] == "warn"
    assert "line 18: the target's schema of User has no favouriteColour" in homeless["warnings"][0]["message"]
    for name in ("test_the_value_comes_back", "test_a_changed_value_arrives", "test_a_second_cycle_sends_nothing"):
        assert verdicts[f"{name}[mine:title]"]["verdict"] == "pass"
    others = {each["verdict"] for each in verdicts.values() if each not in (bad, homeless)}
    assert others <= {"pass", "skip"}


def test_a_failing_row_names_all_that_is_needed(cli, tmp_path):
    """A failing row names its source or expression, its path, what was sent and what is stored."""
    text = SOUND.replace(
        'target = "title"\nsource = "jobTitle"', 'target = "title"\nexpression = "ToUpper([jobTitle])"'
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    fault = ("--fault", "texts-are-cut-at-100", "--requirement", "MAPPING-12")
    result = cli("run", "--mapping", "mine.toml", "--suite", "mappings", "--output", "out", *fault)
    assert result.returncode == 1, result.stdout + result.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    broken = next(each for each in report["checks"] if each["id"].endswith("not_cut[mine:title]"))
    wanted = ("expression: ToUpper([jobTitle])", "reads:  jobTitle", "path:   title", "sent:   ", "stored: ", "line 10")
    assert [word for word in wanted if word not in broken["detail"]] == []
