"""Variants of time: slow answers, and how moments are written."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from time import sleep
from typing import Any

from scim_conformance.server.messages import Response
from scim_conformance.server.service import Service
from scim_conformance.server.variants import around, swap, variant

_SLOW = 10


@variant()
def slow_answers(service: Service) -> None:
    """Every tenth answer takes 50 milliseconds; nothing says how long an answer may take."""
    counted = {"requests": 0}

    def handle(original: Callable[..., Response], *args: Any) -> Response:
        counted["requests"] += 1
        if counted["requests"] % _SLOW == 0:
            sleep(0.05)
        return original(*args)

    around(service, "handle", handle)


@variant()
def times_with_an_offset(service: Service) -> None:
    """Times are written with an offset instead of Z, which xsd:dateTime allows (RFC 7643 section 2.3.5)."""
    zone = timezone(timedelta(hours=2))
    swap(service.clock, "written", lambda moment: moment.astimezone(zone).isoformat(timespec="milliseconds"))


@variant()
def times_with_microseconds(service: Service) -> None:
    """Times are written to the microsecond; xsd:dateTime allows any number of fraction digits (A53)."""
    swap(service.clock, "written", lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


@variant()
def times_to_the_second(service: Service) -> None:
    """Times have no fraction; a later change shows a later second (A53)."""

    def stamp(_original: Callable[..., str], after: str | None = None) -> str:
        moment = service.clock.now()
        if after is not None:
            # Two changes within one second: the clock goes ahead, so that every change shows.
            moment = max(moment, datetime.fromisoformat(after) + timedelta(seconds=1))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    around(service.clock, "stamp", stamp)
