"""Time that passes on the bundled server when a check says so."""

from scim_conformance.config import Options
from scim_conformance.session.bundled import bundled_target


def test_time_passes_for_a_while():
    """Within `later` a cursor is as old as was said; after it, it is young again."""
    _, administrator = bundled_target(Options(bundled=True))
    cursors = administrator._service.cursors
    before = cursors.clock()
    with administrator.later(1000):
        assert 1000 <= cursors.clock() - before < 1100
    assert cursors.clock() - before < 100
