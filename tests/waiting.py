"""Waiting for what is to happen: long enough for a busy machine, and never less than one look.

A run that is green waits no longer than it must, so patience costs nothing. A test that waits with
a loop of its own forgets one of the two: its body may run zero times, or its time is the time of
an idle machine; `tests/setup/test_patience.py` finds such loops.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 120.0  # seconds; what takes longer on a machine that still works will not come
T = TypeVar("T")


def until(holds: Callable[[], object], seconds: float = PATIENCE, every: float = 0.02) -> None:
    """Look until something holds, once at least.

    Raises:
        AssertionError: It did not in time.
    """
    wait_for(lambda: None, lambda _: holds(), seconds, every)


def equals(
    look: Callable[[], object], wanted: object, seconds: float = PATIENCE, every: float = 0.05
) -> None:
    """Look until a value is the one that is wanted.

    Raises:
        AssertionError: It was another to the end, and which.
    """
    wait_for(look, lambda value: value == wanted, seconds, every)


def wait_for(
    look: Callable[[], T],
    good: Callable[[T], object],
    seconds: float = PATIENCE,
    every: float = 0.05,
) -> T:
    """Look, once at least, until what is seen is good; give it.

    Raises:
        AssertionError: It was not in time; with what was seen last.
    """
    deadline = time.monotonic() + seconds
    while not good(seen := look()):
        assert time.monotonic() < deadline, f"it did not happen in {seconds:.0f} s: {seen!r}"
        time.sleep(every)
    return seen
