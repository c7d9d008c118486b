"""The registries of faults and variants, and the tools they are written with."""

import re

import pytest

from scim_conformance.server import faults, reference, variants
from scim_conformance.server.alter import NoSuchRule, after, answer, around, skip, swap
from scim_conformance.server.registry import BadEntry, UnknownEntry


@pytest.fixture(autouse=True)
def _registries(monkeypatch):
    """Leave the registries as they were, with everything in them: a module registers once, at its first import."""
    monkeypatch.setattr(faults, "FAULTS", dict(faults.load_all()))
    monkeypatch.setattr(variants, "VARIANTS", dict(variants.load_all()))


def test_tools_alter_one_service_alone():
    """Each tool changes the method of the one object it is given."""
    service, other = reference(), reference()
    swap(service.lifecycle, "new_id", lambda: "1")
    after(service.lifecycle, "new_id", lambda id_: id_ + "2")
    around(service.lifecycle, "new_id", lambda original: original() + "3")
    assert service.lifecycle.new_id() == "123"
    answer(service.versions, "if_match", value=False)
    skip(service.access, "check")
    assert service.versions.if_match(1, 2) is False
    assert service.access.check(1, path=2) is None
    assert len(other.lifecycle.new_id()) == 36


def test_tools_refuse_names_that_are_not_there():
    """A name that is no method is refused with the closest, so that a fault never goes silent."""
    with pytest.raises(NoSuchRule, match="new_id"):
        swap(reference().lifecycle, "newid", lambda: "1")
    with pytest.raises(NoSuchRule):
        swap(reference().lifecycle, "store", None)


def test_fault_is_registered_with_title_and_requirements():
    """A fault's id is its name with dashes, its title the docstring's first line."""

    @faults.fault("RFC7644-3.6-06", "RFC7644-3.6-02")
    def a_new_fault(service):
        """Something is wrong.

        At length.
        """

    found = faults.FAULTS["a-new-fault"]
    assert (found.requirements, found.title) == (("RFC7644-3.6-06", "RFC7644-3.6-02"), "Something is wrong.")
    assert found.area == "test_server_registries"
    assert found.apply is a_new_fault


def test_bad_entries_are_refused():
    """Without a sentence as docstring, without requirements, or twice, an entry is refused."""

    def no_docstring(service):
        pass

    def no_sentence(service):
        """no sentence"""  # noqa: D400, D403 the point of the test

    def fine(service):
        """All is fine."""

    for function in (no_docstring, no_sentence):
        with pytest.raises(BadEntry, match="docstring"):
            faults.fault("RFC7644-3.6-06")(function)
        with pytest.raises(BadEntry, match="docstring"):
            variants.variant()(function)
    with pytest.raises(BadEntry, match="no requirement"):
        faults.fault()(fine)
    variants.variant()(fine)
    with pytest.raises(BadEntry, match="twice"):
        variants.variant()(fine)


def test_unknown_ids_name_the_closest():
    """Asking for an id that is not there names the closest ones."""
    assert variants.find("no-patch").title
    with pytest.raises(UnknownEntry, match="no-patch"):
        variants.find("nopatch")
    with pytest.raises(UnknownEntry, match="no fault 'x'"):
        faults.find("x")


def test_guide_to_faults_names_real_methods():
    """Every method that the guide for writers of faults names exists."""
    guide = "access " + faults.__doc__.partition("\n\naccess ")[2]
    service = reference()
    owner, named = service, 0
    for line in guide.splitlines():
        head, rest = line[:12].strip(), line[12:]
        if head:
            owner = service if head == "service" else getattr(service, head)
        for part in re.sub(r"\([^)]*\)?|[A-Z][\w-]*\)?", "", rest).split(";"):
            holder, names = owner, part
            if match := re.match(r"\s*(\w+)(?::|\.| {2})", part):
                holder = getattr(service, match[1], None) or getattr(owner, match[1])
                names = part[match.end() :]
            for name in re.findall(r"[a-z_]+", names):
                assert callable(getattr(holder, name)), f"{head}: {name}"
                named += 1
    assert named > 120
