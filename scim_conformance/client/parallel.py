"""Requests sent at the same moment, a bounded number of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from scim_conformance.client.errors import HarnessError

MOST: Final = 8
"""Requests that are under way at once; what is asked of a target is to be fair, not to be fast."""
_TOGETHER: Final = 5.0
"""Seconds that threads wait for one another before the first request."""

Result = TypeVar("Result")


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Make calls in as many threads, which begin together; return the results in the order of the calls.

    All calls are ended when this returns or raises. Raises what a call raised, a HarnessError before anything else.
    """
    if len(calls) > MOST:
        message = f"{len(calls)} requests at once are too many; {MOST} are allowed."
        raise HarnessError(message)
    results: dict[int, Result] = {}
    problems: list[BaseException] = []
    together = threading.Barrier(len(calls))

    def make(number: int) -> None:
        try:
            together.wait(_TOGETHER)
            results[number] = calls[number]()
        except BaseException as problem:  # noqa: BLE001 - raised again in the thread that asked
            problems.append(problem)

    threads = [threading.Thread(target=make, args=(number,), daemon=True) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for problem in sorted(problems, key=lambda each: not isinstance(each, HarnessError)):
        raise problem
    return [results[number] for number in range(len(calls))]
