"""Requests that wait for a thread: said with the listener's name, from a crowd on, and seldom."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from waitress.task import ThreadedTaskDispatcher

from connector.http import crowd
from connector.http.crowd import Crowd
from connector.process.logs import logger

if TYPE_CHECKING:
    import pytest


def test_a_crowd_is_said_once_and_a_few_are_not(monkeypatch: pytest.MonkeyPatch):
    """The server itself tells of each that waits, one after another; its bare lines go nowhere."""
    stream = io.StringIO()
    now = [100.0]
    monkeypatch.setattr(crowd.time, "monotonic", lambda: now[0])
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.queue_logger = Crowd(logger(stream=stream), "console", threads=4)
    for _ in range(20):
        dispatcher.add_task(object())
    now[0] += crowd.SECONDS
    dispatcher.add_task(object())
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(one["event"], one["listener"], one["count"]) for one in lines] == [
        ("requests-wait-for-threads", "console", 8),
        ("requests-wait-for-threads", "console", 21),
    ]
