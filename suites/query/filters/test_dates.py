"""Filters on times, which are compared as instants whatever their time zone, RFC 7644 section 3.4.2.2."""

from datetime import UTC, timedelta, timezone

import pytest

from scim_conformance.judge import Blocked
from scim_conformance.judge.compare import instant
from scim_conformance.judge.filters import And, Comparison, Or

HOUR = timedelta(hours=1)
EAST, WEST = timezone(timedelta(hours=9)), timezone(timedelta(hours=-9))


def written(moment, zone=UTC):
    """Write an instant as a time in a zone."""
    return moment.astimezone(zone).isoformat(timespec="seconds").replace("+00:00", "Z")


@pytest.fixture(scope="session")
def around(scoped):
    """An hour before the first user of the population was created, and an hour after the last."""
    shown = [(member.shown.get("meta") or {}).get("created") for member in scoped.users.values()]
    moments = [instant(each) for each in shown if isinstance(each, str)]
    if None in moments or len(moments) < len(shown):
        raise Blocked("the target does not show when its users were created")
    return min(moments) - HOUR, max(moments) + HOUR


@pytest.mark.requirement("RFC7644-3.4.2.2-16", "RFC7644-3.4.2.2-43")
def test_gt_finds_later_times(finds, around):
    """A gt filter finds what was created after an instant, and not what was created before it."""
    before, after = around
    finds(Comparison("meta.created", "gt", written(before)))
    finds(Comparison("meta.created", "gt", written(after)))


@pytest.mark.requirement("RFC7644-3.4.2.2-20", "RFC7644-3.4.2.2-43")
def test_lt_finds_earlier_times(finds, around):
    """An lt filter finds what was created before an instant, and not what was created after it."""
    before, after = around
    finds(Comparison("meta.created", "lt", written(before)))
    finds(Comparison("meta.created", "lt", written(after)))


@pytest.mark.requirement("RFC7644-3.4.2.2-18", "RFC7644-3.4.2.2-22", "RFC7644-3.4.2.2-43")
def test_ge_and_le_enclose_times(finds, around):
    """Filters with ge and le find what was created between two instants, and nothing outside."""
    before, after = (written(each) for each in around)
    finds(And((Comparison("meta.created", "ge", before), Comparison("meta.created", "le", after))))
    finds(Or((Comparison("meta.created", "le", before), Comparison("meta.created", "ge", after))))


@pytest.mark.requirement("RFC7644-3.4.2.2-43")
def test_time_zones_count(finds, plainly_finds, around):
    """A filter compares instants: one that reads as later in its time zone, and is earlier, counts as earlier."""
    before, after = around
    plainly_finds(Comparison("meta.created", "gt", written(before)))
    plainly_finds(Comparison("meta.created", "lt", written(after)))
    finds(Comparison("meta.created", "gt", written(before, EAST)))
    finds(Comparison("meta.created", "lt", written(after, WEST)))


@pytest.mark.requirement("RFC7644-3.4.2.2-43")
def test_times_of_clients_are_compared_as_instants(scoped, finds):
    """A filter compares the times that clients wrote as instants, whatever the time zones on both sides."""
    times = scoped.typed("dateTime")
    if not times:
        pytest.skip("unsupported: users have no time that clients may set")
    for path in times:
        for operator in ("gt", "ge", "lt", "le"):
            finds(Comparison(path, operator, "2024-03-01T06:00:00-05:00"), path)
