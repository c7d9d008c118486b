"""report.html as a file: pytest-html writes it with our part in it, and none of its markup is the target's."""

import re
from html.parser import HTMLParser

import pytest

from scim_conformance.report import page
from scim_conformance.report.html import Page, seal

VOID = {"meta", "link", "img", "input", "source", "br"}


class Outline(HTMLParser):
    """Gathers the elements of a page, their attributes and their texts."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Close elements up to the one named."""
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        """Note a text outside scripts and styles."""
        if not self.open or self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self):
        """All text, spaces folded."""
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture
def outline(report):
    """Return the conformance part of the canned report, taken apart."""
    return Outline(page.render(report))


def rows(outline):
    """Return the attributes of each check's row, by its id."""
    return {a["data-id"]: a for tag, a in outline.elements if tag == "details" and "data-id" in a}


def test_each_check_has_a_row_with_our_verdict(report, outline):
    """The rows are the report's checks with the report's words, the worst first."""
    found = rows(outline)
    assert {name: row["data-verdict"] for name, row in found.items()} == {c.id: c.verdict for c in report.checks}
    assert next(iter(found)) == "lifecycle/test_patch.py::test_deactivate"
    assert found["lifecycle/test_patch.py::test_deactivate"]["data-area"] == "patch-replace"
    assert found["lifecycle/test_patch.py::test_deactivate"]["data-level"] == "2"


def test_the_page_says_what_was_tested(outline):
    """Target, profiles, time, extent, tool, totals, claims and served types are on the page."""
    for said in (
        "https://scim.example.com/v2",
        "22 November 2026, 04:00 UTC, 12.5 s",
        "9 checks on 8 requirements, 42 requests",
        "scim-conformance 0.1.0",
        "1 requirement broken",
        "1 waived",
        "Entra ID cannot disable users",
        "POST /Users answered 500",
        "contradiction",
    ):
        assert said in outline.text


def test_nothing_of_the_target_is_markup(finish, results, exchange, report):
    """Whatever text the target sends, the page has the same elements as with harmless text, and no handlers."""
    evil = "\"'></details><script>window.hacked=1</script><img src=x onerror=alert(1)>{{ 7*7 }}\x1b[31m\ud800\u202e"
    harmless = page.render(report)
    for check in results:
        check.title = check.message = check.message and evil
        check.exchanges = [exchange(1, evil, evil, 200, note=evil) for _ in check.exchanges]
        for sent in check.exchanges:
            sent["response"] = {"status": 200, "headers": [[evil, evil], ["b", evil]], "body": evil}
    features = {"resource_types": [{"name": evil, "endpoint": evil}], "defects": [{"message": evil}]}
    poisoned = Outline(page.render(finish(results, target=evil, profiles=[evil], features=features)))
    plain = Outline(harmless)
    assert [tag for tag, _ in poisoned.elements].count("script") == 1
    assert "img" not in {tag for tag, _ in poisoned.elements}
    assert {tag for tag, _ in poisoned.elements} <= {tag for tag, _ in plain.elements}
    assert not [a for _, attributes in poisoned.elements for a in attributes if a.startswith("on") or a == "style"]
    assert "{{ 7*7 }}" in poisoned.text
    assert "\\x1b[31m\\ud800\\u202e" in poisoned.text


def test_links_go_nowhere_but_to_the_page_itself(outline):
    """Even without a policy there is nothing to load, and no link leaves the page."""
    links = [a[name] for _, a in outline.elements for name in ("href", "src", "action") if name in a]
    assert links
    assert all(link.startswith("#") for link in links)


def test_every_id_stands_once(outline):
    """Links and scripts find one element each, and every link has its goal."""
    ids = [a["id"] for _, a in outline.elements if "id" in a]
    assert len(ids) == len(set(ids))
    goals = [a["href"][1:] for tag, a in outline.elements if tag == "a" and a["href"].startswith("#check-")]
    assert set(goals) <= set(ids)


def test_pytest_html_writes_the_page_and_it_is_sealed(report, written):
    """The file is self-contained and locked: a policy, no handlers, no other script, nothing about the machine."""
    text = written.read_text()
    found = Outline(text)
    policy = next(a["content"] for tag, a in found.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "onclick" not in text
    assert [a.get("id") for tag, a in found.elements if tag == "script"] == ["scim-script"]
    assert "hunter2" not in text
    assert "SCIM conformance: https://scim.example.com/v2</title>" in text
    assert len(rows(found)) == len(report.checks)


def test_other_tests_of_a_session_keep_their_table(report, play):
    """In a team's own session pytest-html's table holds their tests, and only these."""
    text = play(report, "def test_check(check): pass\ndef test_mine(): assert 0\n").read_text()
    assert "Other tests of this session" in text
    blob = re.search(r'data-jsonblob="([^"]*)"', text)[1]
    assert "test_mine" in blob
    assert "test_check" not in blob
    assert text.count("'sha256-") == 4


def test_an_unused_page_does_nothing():
    """Without a report the hooks add nothing."""
    prefix, postfix = [], []
    Page(lambda: None).pytest_html_results_summary(prefix, postfix)
    assert prefix == postfix == []


def test_a_page_with_assets_is_not_locked_out_of_them(report, tmp_path):
    """Without --self-contained-html pytest-html loads a style and images from a folder, which stays possible."""
    path = tmp_path / "report.html"
    path.write_text(f'<html><head><meta charset="utf-8"/></head><body>{page.render(report)}</body></html>')
    seal(path, alone=True, locked=False)
    assert "Content-Security-Policy" not in path.read_text()
    assert 'name="viewport"' in path.read_text()


def test_sealing_another_layout_still_gives_a_page(tmp_path):
    """A pytest-html that lays its file out differently loses the extra head, not the report."""
    path = tmp_path / "report.html"
    path.write_text("<html><head></head><body>kept</body></html>")
    seal(path, alone=True)
    assert "kept" in path.read_text()
