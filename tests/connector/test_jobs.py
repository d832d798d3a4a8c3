"""Jobs: what is handed in before they start, while they run, and when they have stopped."""

from __future__ import annotations

import threading

from structlog import get_logger

from connector.process.actor import Actor, acting, actor
from connector.process.job import Pool, at_once
from tests.waiting import until


def test_a_pool_takes_what_comes_before_it_is_started():
    """Listeners open a moment earlier; it is done as whoever handed it in, in their order."""
    pool, done = Pool("test", 1, get_logger()), []
    for name in ("first", "second"):
        with acting(Actor("key", name)):
            assert pool.submit(lambda: done.append(actor().name))
    assert done == []
    pool.start()
    until(lambda: done == ["first", "second"])
    pool.stop()
    assert not pool.submit(lambda: done.append("late"))
    assert done == ["first", "second"]


def test_a_pool_that_stops_begins_nothing_more():
    """What is under way ends; what waits is not begun; a bug of one ends no other."""
    pool, done = Pool("test", 1, get_logger()), []
    begun, held = threading.Event(), threading.Event()
    pool.start()
    pool.submit(lambda: 1 / 0)
    pool.submit(lambda: (begun.set(), held.wait(30), done.append("under way")))
    assert begun.wait(30)
    pool.submit(lambda: done.append("waits"))
    threading.Timer(0.1, held.set).start()
    pool.stop()
    assert done == ["under way"]


def test_at_once_keeps_order_and_actor():
    """Each as whoever calls; results in order; the first error when all have ended."""
    barrier = threading.Barrier(3)
    with acting(Actor("peer", "did:web:a.example")):
        found = at_once(lambda n: (barrier.wait(10), n, actor().name)[1:], (3, 1, 2))
    assert found == [(n, "did:web:a.example") for n in (3, 1, 2)]
    assert at_once(lambda n: n, ()) == []
