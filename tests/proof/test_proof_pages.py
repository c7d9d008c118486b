"""The proof as pages: what stands on them, and that the committed ones tell of every fault and variant there is."""

from pathlib import Path

from scim_conformance.catalogue import load
from scim_conformance.proof import Case, Outcome, summary
from scim_conformance.proof.page import INDEX, pages, write
from scim_conformance.server import faults, variants

ROOT = Path(__file__).parents[2]
CHECK = "lifecycle/test_delete.py::test_delete_answers_204"


def proof():
    """A proof of one fault that was caught, one that was missed, and one variant."""
    caught = Outcome(
        Case("fault", "caught", "It is | broken.", ("RFC7644-3.6-06",)),
        verdicts={f"{CHECK}[User]": "fail", f"{CHECK}[Group]": "fail"},
        claims={f"{CHECK}[User]": ["RFC7644-3.6-06"], f"{CHECK}[Group]": ["RFC7644-3.6-06"]},
    )
    missed = Outcome(Case("fault", "missed", "It is broken too.", ("RFC7644-3.6-06",)))
    return summary([caught, missed, Outcome(Case("variant", "other", "It is other.")), Outcome(Case("sound"))])


def test_a_page_tells_what_is_broken_and_who_noticed():
    """Each requirement stands with its faults, these with the checks that noticed, without their parameters."""
    text = pages(proof(), load())["RFC7644.md"]
    assert "## RFC7644-3.6-06 (STATED)" in text or "## RFC7644-3.6-06 (MUST)" in text
    assert f"| caught | It is \\| broken. | `{CHECK}` |" in text
    assert "| missed | It is broken too. | **nobody** |" in text


def test_the_index_sums_up_and_lists_variants():
    """The first page counts, links to the documents, and says why each variant may be different."""
    text = pages(proof(), load())[INDEX]
    assert "Faults caught: 1 of 2. Variants left in peace: 1 of 1." in text
    assert "| [RFC7644](RFC7644.md) | 1 | 2 |" in text
    assert "| other | It is other. |" in text


def test_pages_of_an_earlier_proof_go(tmp_path):
    """A document without any fault left has no page."""
    (tmp_path / "RFC1.md").write_text("old", encoding="utf-8")
    assert sorted(path.name for path in write(proof(), load(), tmp_path)) == [INDEX, "RFC7644.md"]
    assert not (tmp_path / "RFC1.md").exists()


def test_the_committed_pages_tell_of_every_fault_and_variant():
    """`scim-conformance prove --write` was run since a fault or variant was added, renamed or taken away."""
    folder = ROOT / "reports" / "proof"
    index = (folder / INDEX).read_text(encoding="utf-8")
    documents = [path for path in folder.glob("*.md") if path.name != INDEX]
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    assert [id_ for id_ in variants.load_all() if f"\n| {id_} | " not in index] == []
    known = faults.load_all()
    assert [id_ for id_ in known if f"\n| {id_} | " not in text] == []
    told = {line.split(" | ")[0].removeprefix("| ") for line in text.splitlines() if line.startswith("| ")}
    assert told - set(known) - {"fault", "---"} == set()
