"""Answers of other parties in a session, read by whose fault they are."""

from __future__ import annotations

import json

import pytest

from connector.areas.cohort.wire import answered
from connector.process.errors import (
    NotFound,
    PeerRefused,
    Refused,
    RemoteError,
    VoileError,
    http_status,
)
from connector.process.ports import Response
from crypto.words import LANGUAGES


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


@pytest.mark.parametrize("status", [400, 403, 404, 409])
@pytest.mark.parametrize("message", ["", "not like this"])
def test_what_a_peer_says_to_do_is_handed_on_with_its_words_or_without(
    status: int, message: str
) -> None:
    """The step that it names stays, and braces in it are text."""
    error = {"code": "x", "message": message, "next": "ask {them} first"}
    body = json.dumps({"error": error}).encode()
    with pytest.raises(VoileError) as caught:
        answered("did:web:hub.example", Response(status=status, headers={}, body=body))
    assert caught.value.code == "x"
    for language in LANGUAGES:
        assert caught.value.following(language) == "ask {them} first"
    assert caught.value.message == (message or f"`did:web:hub.example` answered {status}")


def test_a_peer_that_says_nothing_to_do_leaves_what_we_say() -> None:
    """Without a step of its own, ours stands."""
    with pytest.raises(PeerRefused) as caught:
        answered("did:web:hub.example", Response(status=429, headers={}, body=b""))
    assert caught.value.next_step


def test_a_refusal_with_reasons_alone_says_who_answered() -> None:
    """Reasons without a message: the party and its status stand in what we say."""
    reason = {"code": "cohort.too-small", "next": "next.ask"}
    body = json.dumps({"error": {"code": "x", "reasons": [reason], "next": "wait"}}).encode()
    with pytest.raises(Refused) as caught:
        answered("did:web:hub.example", Response(status=403, headers={}, body=body))
    assert caught.value.message == "`did:web:hub.example` answered 403"
    assert caught.value.next_step == "wait"
    assert [one.code for one in caught.value.reasons] == ["cohort.too-small"]
