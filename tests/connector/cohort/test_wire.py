"""Answers of other parties in a session, read by whose fault they are."""

from __future__ import annotations

import pytest

from connector.areas.cohort.wire import answered
from connector.process.errors import NotFound, RemoteError, http_status
from connector.process.ports import Response


def test_an_answer_that_is_no_json_is_the_peers_fault() -> None:
    """Garbage from an aggregator is a bad gateway, not a bad request of the asker."""
    with pytest.raises(RemoteError) as caught:
        answered("did:web:hub.example", Response(status=200, headers={}, body=b'{"a":1,"a":2}'))
    assert caught.value.code == "peer-unreadable"
    assert http_status(caught.value) == 502


def test_an_empty_refusal_keeps_its_status() -> None:
    """A body is not needed to understand a 404."""
    with pytest.raises(NotFound):
        answered("did:web:hub.example", Response(status=404, headers={}, body=b""))
