"""The thread that does things a little later."""

from __future__ import annotations

import threading

from connector.process.logs import logger
from tests.tck.profile.scheduler import Scheduler
from tests.waiting import PATIENCE


class Seconds:
    """A monotonic clock that stands."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_actions_run_when_they_are_due_and_in_that_order():
    """Not before, and whatever was said first does not come first."""
    clock, done = Seconds(), []
    scheduler = Scheduler(logger(did="did:web:a.example"), clock=clock)
    scheduler.after(2, lambda: done.append("late"))
    scheduler.after(1, lambda: done.append("soon"))
    assert scheduler.run_due() == 0
    clock.now = 1.5
    assert scheduler.run_due() == 1
    clock.now = 2.5
    assert scheduler.run_due() == 1
    assert done == ["soon", "late"]


def test_an_action_that_fails_does_not_stop_the_others():
    """It is logged; one lost case must not take the others along."""
    done = []
    scheduler = Scheduler(logger(did="did:web:a.example"), clock=Seconds())
    scheduler.after(0, lambda: 1 // 0)
    scheduler.after(0, lambda: done.append("other"))
    assert scheduler.run_due() == 2
    assert done == ["other"]


def test_its_thread_runs_what_falls_due_and_ends_when_told():
    """What comes while it waits is heard of at once."""
    scheduler = Scheduler(logger(did="did:web:a.example"))
    scheduler.start()
    heard = threading.Event()
    scheduler.after(0.01, heard.set)
    assert heard.wait(PATIENCE)
    never = threading.Event()
    scheduler.after(60, never.set)
    scheduler.stop()
    assert not never.is_set()
    assert not any(thread.name == "reactions" for thread in threading.enumerate())
