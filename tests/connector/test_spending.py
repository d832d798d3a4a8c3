"""Tokens of many refusals: used up at once, written together, known after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from connector.identity.rows import ReplayRow
from connector.identity.spending import AT_ONCE_BURST
from connector.process.errors import StoreError
from tests.connector.questions.market import AREAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party

MANY = 100


@pytest.fixture
def parties(party: Callable[..., Party]) -> tuple[Party, Party]:
    """One that refuses, one that asks what it may not."""
    asked = party("acme", areas=AREAS, pin=["bolt"])
    return asked, party("bolt", areas=AREAS, pin=["acme"])


def _post(net: Net, asked: Party, token: str) -> int:
    url = asked.url + "/voile/v1/questions"
    headers = {"Authorization": f"Bearer {token}"}
    return net.request("POST", url, body=b"{}", headers=headers).status


def _tokens(asked: Party, asking: Party) -> list[str]:
    url = asked.url + "/voile/v1/questions"
    return [asking.node.peers.token(asked.did, "POST", url, b"{}") for _ in range(MANY)]


def _written(party: Party) -> int:
    with party.node.db.reading() as session:
        return len(session.exec(select(ReplayRow)).all())


def test_many_refusals_of_one_party_share_a_write(net: Net, parties: tuple[Party, Party]) -> None:
    """A hundred refusals take far fewer commits; each token is refused when it comes again."""
    asked, asking = parties
    tokens, commits = _tokens(asked, asking), asked.node.db.commits
    assert {_post(net, asked, token) for token in tokens} == {400}
    assert asked.node.db.commits - commits <= AT_ONCE_BURST + MANY / 4
    assert {_post(net, asked, token) for token in tokens} == {401}
    asked.node.spending.flush()
    assert _written(asked) == MANY
    assert {_post(net, asked, token) for token in tokens} == {401}


def test_a_stop_writes_what_waits(net: Net, parties: tuple[Party, Party]) -> None:
    """After a restart in the same second the tokens are known."""
    asked, asking = parties
    tokens = _tokens(asked, asking)
    for token in tokens:
        _post(net, asked, token)
    asked.restart(AREAS)
    assert {_post(net, asked, token) for token in tokens} == {401}


def test_what_cannot_be_written_counts_and_is_written_later(
    net: Net, parties: tuple[Party, Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full for a while: no token comes through twice, and in the end all are written."""
    asked, asking = parties
    tokens, spending = _tokens(asked, asking), asked.node.spending
    for token in tokens:
        _post(net, asked, token)
    name = (asked.did, asking.did, "one more")
    assert spending.later(name, 2**40)
    with monkeypatch.context() as full:
        full.setattr(asked.node.db, "read_only", "the disk is full")
        with pytest.raises(StoreError), asked.node.db.transaction():
            pass
        spending.flush()
        assert spending.waits(name)
    spending.flush()
    assert not spending.waits(name)
    assert _written(asked) == MANY + 1
