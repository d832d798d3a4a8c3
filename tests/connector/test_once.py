"""Work that many ask for is done once at a time, and what hangs holds up nobody else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.identity.once import Once
from connector.process.errors import Unreachable
from tests.waiting import PATIENCE


def test_whoever_asks_meanwhile_shares_the_outcome():
    """Four ask for the same at once: it is made once; afterwards it is made anew."""
    once: Once[int] = Once()
    begun, go, made = threading.Event(), threading.Event(), []

    def make() -> int:
        made.append(1)
        begun.set()
        go.wait(PATIENCE)
        return len(made)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(once, "a", make)
        assert begun.wait(PATIENCE)
        others = [pool.submit(once, "a", make) for _ in range(3)]
        assert once("b", lambda: 7) == 7, "another key waits for nobody"
        go.set()
        assert first.result(PATIENCE) == 1
        assert {other.result(PATIENCE) for other in others} <= {1, 2}
    assert once("a", make) == len(made)


def test_a_failure_is_shared_and_not_kept():
    """Who waited gets the same error; the next one tries again."""
    once: Once[int] = Once()

    def fail() -> int:
        raise Unreachable("gone", code="peer-unreachable")

    with pytest.raises(Unreachable):
        once("a", fail)
    assert once("a", lambda: 3) == 3
