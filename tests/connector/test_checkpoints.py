"""Signed heads: of our own log, and of others'; what a rollback and a split view look like."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from connector.evidence.log import head
from connector.evidence.peer_heads import MAX_SIZE, PUSHES_PER_MINUTE
from connector.process.errors import ReadOnly, StoreError, TooMany
from connector.process.rate import Buckets
from connector.store.rows import CheckpointRow
from contracts.evidence import Entry
from crypto import merkle, notes
from crypto.errors import MalformedError, VerificationError, VoileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node
    from tests.simulators import Party, StandingClock


def append(node: Node) -> None:
    with node.db.transaction() as tx:
        tx.append(Entry(kind="CONFIGURATION", to_state="TESTED"))


def test_a_checkpoint_is_of_the_committed_head_and_stored_first(party: Callable[..., Party]):
    """It verifies under the key in the DID document; asking twice gives the same bytes."""
    acme = party("acme")
    append(acme.node)
    note = acme.node.checkpoints.sign()
    service = acme.node.peers.at_hand(acme.did).service("VoileLog")
    assert service is not None
    seen = notes.verify_checkpoint(
        note, service["vkey"], expected_origin="acme.example/voile/v1/log"
    )
    with acme.node.db.reading() as session:
        assert (seen.size, seen.root) == (head(session).size, head(session).root) == (2, seen.root)
        row = session.get(CheckpointRow, 2)
        assert row is not None
        assert row.note == note
    assert acme.node.checkpoints.sign() == note
    assert acme.node.checkpoints.anchor.read_bytes() == note


def test_an_anchor_that_cannot_be_written_is_written_later(party: Callable[..., Party]):
    """A full disk ends no signing for good: it is said, and made good as soon as there is room."""
    acme = party("acme")
    checkpoints = acme.node.checkpoints
    blocking = checkpoints.anchor.with_suffix(".new")
    blocking.mkdir()  # nothing can be written there
    append(acme.node)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"cannot write .*log\.anchor"):
            checkpoints.sign()
    blocking.rmdir()
    note = checkpoints.sign()
    assert checkpoints.anchor.read_bytes() == note


def test_what_is_remembered_of_a_failure_holds_no_frames(party: Callable[..., Party]):
    """Why nothing is signed, and why a node is read-only, stay for long: without what was read."""
    acme = party("acme")
    checkpoints = acme.node.checkpoints
    checkpoints.anchor.with_suffix(".new").mkdir()
    append(acme.node)
    checkpoints.start()
    checkpoints.stop()
    kept = checkpoints.trouble
    assert kept is not None
    assert kept.code == "anchor-unwritten"
    checkpoints.anchor.with_suffix(".new").rmdir()
    checkpoints.sign()
    checkpoints.anchor.write_bytes(b"no checkpoint")
    checkpoints.check_anchor()
    why = acme.node.db.read_only
    assert isinstance(why, VoileError)
    for error in (kept, why):
        assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)
        assert error.said("zh") != error.said("en")


def test_others_are_not_told_where_our_files_lie(party: Callable[..., Party]):
    """That it cannot be done now is all that a stranger learns of our machine's troubles."""
    acme = party("acme")
    acme.node.checkpoints.anchor.with_suffix(".new").mkdir()
    append(acme.node)
    answer = acme.apps.protocol.test_client().get("/voile/v1/log/checkpoint")
    assert answer.status_code == 503
    told = answer.get_data(as_text=True)
    assert str(acme.node.settings.data) not in told
    assert answer.get_json()["error"] == {
        "code": "anchor-unwritten",
        "message": "this connector cannot take the request now",
        "next": "try again later; if it stays so, tell its operator",
    }


@pytest.mark.parametrize(
    "damage",
    [
        "update log_head set size = 2, root = (select root from checkpoint where size = 2)",
        "update log_head set root = :zero",
        'update log_node set hash = :zero where level = 0 and "index" = 2',
        "delete from log_node where level = 1",
    ],
)
def test_a_log_that_is_behind_or_changed_signs_nothing(party: Callable[..., Party], damage: str):
    """A rolled-back, forged or damaged log makes the node read-only; nothing is written or signed."""
    acme = party("acme")
    for _ in range(2):
        append(acme.node)
        acme.node.checkpoints.sign()
    with acme.node.db.engine.begin() as connection:
        connection.execute(text(damage), {"zero": bytes(32)})
        connection.execute(text("delete from checkpoint where size > 2"))
    again = acme.restart()
    try:
        assert again.node.db.read_only
        with pytest.raises(ReadOnly, match="read-only"):
            append(again.node)
        assert again.manage("GET", "/v1/node")[1]["ready"] is False
    finally:
        again.close()


def test_a_sound_log_goes_on_after_restart(party: Callable[..., Party]):
    """The control of the test above: without damage the node writes and signs."""
    acme = party("acme")
    append(acme.node)
    acme.node.checkpoints.sign()
    again = acme.restart()
    try:
        append(again.node)
        assert again.node.checkpoints.sign()
    finally:
        again.close()


def test_a_peers_checkpoint_becomes_a_leaf_once(party: Callable[..., Party]):
    """Seen once: one leaf. Seen again: no second one."""
    acme, bolt = party("acme"), party("bolt")
    note = bolt.node.checkpoints.sign()
    acme.node.peers.document(bolt.did)
    for _ in range(2):
        with acme.node.db.transaction() as tx:
            assert acme.node.checkpoints.accept_peer(tx, bolt.did, note)
    with acme.node.db.reading() as session:
        kinds = session.execute(text('select kind from log_entry order by "index"')).scalars().all()
    assert kinds == ["CONFIGURATION", "PEER_CHECKPOINT"]


def test_two_roots_for_one_size_are_a_split_view(party: Callable[..., Party]):
    """Both notes are kept as the proof, and the second one is a leaf that says so."""
    acme, bolt = party("acme"), party("bolt")
    acme.node.peers.document(bolt.did)
    origin, key = bolt.node.checkpoints.origin, bolt.node.keys.log
    first = notes.sign_checkpoint(origin, 5, b"\1" * 32, key, origin)
    second = notes.sign_checkpoint(origin, 5, b"\2" * 32, key, origin)
    found = []
    for note in (first, second, first):
        with acme.node.db.transaction() as tx:
            found.append(acme.node.checkpoints.accept_peer(tx, bolt.did, note))
    assert found == [True, False, False]
    with acme.node.db.reading() as session:
        kept = session.execute(text("select note from peer_checkpoint")).scalars().all()
        assert {bytes(note) for note in kept} == {first, second}
        entries = session.execute(text("select entry from log_entry")).scalars().all()
    assert sum(b"SPLIT_VIEW" in bytes(entry) for entry in entries) == 1


def kept(acme: Party) -> list[int]:
    with acme.node.db.reading() as session:
        return list(
            session.execute(text("select size from peer_checkpoint order by size")).scalars()
        )


def a_minute() -> Buckets:
    """What may be pushed in one minute, which lasts."""
    return Buckets(rate=1, burst=PUSHES_PER_MINUTE, clock=lambda: 0.0)


def pushed(acme: Party, bolt: Party, size: int, word: str = "") -> bool:
    origin, key = bolt.node.checkpoints.origin, bolt.node.keys.log
    root = hashlib.sha256((word or str(size)).encode()).digest()
    note = notes.sign_checkpoint(origin, size, root, key, origin)
    acme.node.peers.document(bolt.did)
    with acme.node.db.transaction() as tx:
        return acme.node.checkpoints.accept_peer(tx, bolt.did, note, pushed=True)


def test_what_a_peer_pushes_is_one_leaf_a_day(party: Callable[..., Party], clock: StandingClock):
    """And the newest beside it, without a leaf; too many in a minute are not taken."""
    acme, bolt = party("acme"), party("bolt")
    acme.node.checkpoints._pushes = a_minute()
    for size in range(5, 5 + PUSHES_PER_MINUTE):
        assert pushed(acme, bolt, size)
    assert pushed(acme, bolt, size), "the same again changes nothing"
    for size in range(100, 120):
        with pytest.raises(TooMany):
            pushed(acme, bolt, size)
    assert kept(acme) == [5]
    with acme.node.db.reading() as session:
        assert head(session).size == 2
    clock.advance(86_400)
    acme.node.checkpoints._pushes = a_minute()
    assert pushed(acme, bolt, 500)
    assert pushed(acme, bolt, 501)
    assert kept(acme) == [5, 500]
    with acme.node.db.transaction() as tx:  # one that a contract asks for is always a leaf
        origin = bolt.node.checkpoints.origin
        note = notes.sign_checkpoint(origin, 502, b"\1" * 32, bolt.node.keys.log, origin)
        assert acme.node.checkpoints.accept_peer(tx, bolt.did, note)
    assert kept(acme) == [5, 500, 502]


def test_a_split_view_is_proved_from_the_newest_too_and_only_once(party: Callable[..., Party]):
    """Both halves become leaves although the first was only the newest; a third root is no more."""
    acme, bolt = party("acme"), party("bolt")
    acme.node.peers.document(bolt.did)
    assert pushed(acme, bolt, 5)
    assert pushed(acme, bolt, 6)
    assert kept(acme) == [5]
    assert not pushed(acme, bolt, 6, "other")
    assert kept(acme) == [5, 6, 6]
    for word in range(10):
        assert not pushed(acme, bolt, 6, f"third {word}")
    assert kept(acme) == [5, 6, 6]
    with acme.node.db.reading() as session:
        entries = session.execute(text("select entry from log_entry")).scalars().all()
    assert sum(b"SPLIT_VIEW" in bytes(entry) for entry in entries) == 1


def test_sizes_that_cannot_be_are_refused(party: Callable[..., Party], clock: StandingClock):
    """Beyond any log, under the root of another size, or grown faster than any log grows."""
    acme, bolt = party("acme"), party("bolt")
    acme.node.peers.document(bolt.did)
    origin, key = bolt.node.checkpoints.origin, bolt.node.keys.log
    for size, root in ((0, b"\1" * 32), (1, merkle.EMPTY_ROOT), (MAX_SIZE + 1, b"\1" * 32)):
        note = notes.sign_checkpoint(origin, size, root, key, origin)
        for unasked in (True, False):
            with pytest.raises(VerificationError), acme.node.db.transaction() as tx:
                acme.node.checkpoints.accept_peer(tx, bolt.did, note, pushed=unasked)
    assert pushed(acme, bolt, 10)
    clock.advance(86_400)
    with pytest.raises(VerificationError):
        pushed(acme, bolt, MAX_SIZE)
    assert pushed(acme, bolt, 10 + 86_400 * 1000)
    assert kept(acme) == [10, 10 + 86_400 * 1000]


def test_a_checkpoint_of_somebody_else_is_refused(party: Callable[..., Party]):
    """Another's key, another's origin, no note at all: refused, no leaf."""
    acme, bolt, carl = party("acme"), party("bolt"), party("carl")
    for other in (bolt, carl):
        acme.node.peers.document(other.did)
    origin, key = bolt.node.checkpoints.origin, bolt.node.keys.log
    theirs = carl.node.checkpoints.sign()
    forged = notes.sign_checkpoint(origin, 5, b"\1" * 32, carl.node.keys.log, origin)
    foreign = notes.sign_checkpoint(carl.node.checkpoints.origin, 5, b"\1" * 32, key, origin)
    for note in (theirs, forged, foreign, b"", b"x\n"):
        with (
            pytest.raises((VerificationError, MalformedError)),
            acme.node.db.transaction() as tx,
        ):
            acme.node.checkpoints.accept_peer(tx, bolt.did, note)
    with acme.node.db.reading() as session:
        assert head(session).size == 1


def test_exchange_fetches_after_the_commit(party: Callable[..., Party]):
    """The peer's newest checkpoint arrives by the outbox and becomes a leaf."""
    acme, bolt = party("acme", pin=["bolt"]), party("bolt", pin=["acme"])
    append(bolt.node)
    acme.node.peers.document(bolt.did)
    with acme.node.db.transaction() as tx:
        acme.node.checkpoints.exchange(tx, bolt.did)
    acme.deliver()
    with acme.node.db.reading() as session:
        rows = session.execute(text("select did, size from peer_checkpoint")).all()
    assert [tuple(row) for row in rows] == [(bolt.did, 2)]
