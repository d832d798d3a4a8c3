"""Signed heads of the logs of others: each that a contract asks for, of what they push one a day.

A head that we asked for when a contract became final is a leaf of ours. What a party pushes costs
it nothing, so it causes one leaf a day; the newest is kept beside, without a leaf, and a few a
minute are taken. Two roots for one size are a split view: the two notes, and leaves that name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select
from sqlmodel import col

from connector.evidence import problems
from connector.process.errors import MalformedError, TooMany, VerificationError
from connector.process.ports import unix_ms
from connector.process.rate import Buckets
from connector.store.facts import fact, set_fact
from connector.store.outbox_rows import Outgoing
from connector.store.rows import PeerCheckpointRow
from contracts.evidence import Entry
from crypto import merkle, notes
from crypto.canonical import digest_bytes

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    from connector.identity.peers import Peers
    from connector.process.ports import Response
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction
    from crypto.notes import Checkpoint

OUTBOX_KIND: Final = "log.checkpoint"
PUSHES_PER_MINUTE: Final = 6
DAY_MS: Final = 86_400_000
MAX_SIZE: Final = 2**40  # leaves: a thousand a second, for thirty years
LEAVES_PER_SECOND: Final = 10_000  # no log grows faster
AT_ONCE: Final = 10_000_000  # and what it may have grown while nobody's clock agreed


class PeerHeads:
    """Keeps the heads of others' logs."""

    def __init__(self, peers: Peers, log: FilteringBoundLogger) -> None:
        self._peers = peers
        self._log = log
        self._pushes = Buckets(rate=PUSHES_PER_MINUTE / 60, burst=PUSHES_PER_MINUTE)

    def exchange(self, tx: Transaction, did: str) -> None:
        """Fetch the peer's newest checkpoint once this transaction is committed, and keep it.

        Both sides do so when a contract is final: from then on neither can rewrite what the other
        has seen. A peer without a log is left alone.
        """
        service = self._peers.at_hand(did).service("VoileLog")
        if service is None or not isinstance(service.get("serviceEndpoint"), str):
            return
        url = f"{service['serviceEndpoint']}/checkpoint"
        tx.send(
            Outgoing(peer=did, url=url, body=b"", kind=OUTBOX_KIND, process="log", method="GET")
        )

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """Keep the checkpoint that a peer answered with; one that does not hold is logged."""
        try:
            self.accept_peer(tx, row.peer, response.body)
        except (VerificationError, MalformedError) as error:
            self._log.error("peer-checkpoint", peer=row.peer, code=error.code, error=error.message)

    def refused(self, _tx: Transaction, row: Queued, response: Response) -> None:
        """A peer that refuses its checkpoint is logged; the message is parked."""
        self._log.warning("peer-checkpoint", peer=row.peer, status=response.status)

    def accept_peer(self, tx: Transaction, did: str, note: bytes, *, pushed: bool = False) -> bool:
        """Keep a peer's signed checkpoint, and a leaf that says we saw it.

        Its DID document must be at hand (it is, once its token was checked).

        Args:
            tx: the transaction.
            did: whose log it is of.
            note: the signed note.
            pushed: it came unasked: at most one leaf a day, else it is only the newest.

        Returns:
            False if it shows a split view: the peer signed two roots for one size. Two such notes
            are kept; they are the proof.

        Raises:
            VerificationError: it is not a checkpoint of the peer's log, or its size cannot be.
            TooMany: it pushes too many; nothing is kept.
        """
        seen = self._verified(did, note)
        roots = set(
            tx.session.execute(
                select(col(PeerCheckpointRow.root)).where(
                    col(PeerCheckpointRow.did) == did, col(PeerCheckpointRow.size) == seen.size
                )
            ).scalars()
        )
        newest = _newest(tx, did)
        if newest is not None and _contradicts(newest[1], seen, roots):
            self._keep(tx, did, *newest, split=bool(roots))  # the other half of a proof
            roots.add(newest[1].root.hex())
        root = seen.root.hex()
        if root in roots:
            return len(roots) == 1
        if len(roots) > 1:
            return False  # the proof is kept already
        split = bool(roots)
        if pushed and not split:
            if newest is not None and newest[0] == note:
                return True
            _check_growth(tx, did, seen)
            if not self._pushes.take(did):
                raise TooMany(
                    problems.HEADS_RATE,
                    most=PUSHES_PER_MINUTE,
                    seconds=60 // PUSHES_PER_MINUTE,
                )
            if newest is None or newest[1].size < seen.size:
                set_fact(tx.session, _name(did), note.decode("utf-8"))
            if _seen_today(tx, did):
                return True
        self._keep(tx, did, note, seen, split=split)
        return not split

    def _verified(self, did: str, note: bytes) -> Checkpoint:
        service = self._peers.at_hand(did).service("VoileLog")
        if service is None or not isinstance(service.get("vkey"), str):
            raise VerificationError(problems.PEER_LOG_MISSING, did=did)
        endpoint = str(service.get("serviceEndpoint", ""))
        vouched = self._peers.vouch(did)
        if vouched is not None and _thumbprint(service["vkey"]) not in vouched.current:
            raise VerificationError(problems.PEER_LOG_KEY, did=did)
        seen = notes.verify_checkpoint(
            note,
            service["vkey"],
            expected_origin=endpoint.split("://", 1)[-1],
        )
        if seen.size > MAX_SIZE or (seen.size == 0) != (seen.root == merkle.EMPTY_ROOT):
            raise _impossible(seen)
        return seen

    def _keep(
        self, tx: Transaction, did: str, note: bytes, seen: Checkpoint, *, split: bool
    ) -> None:
        root = seen.root.hex()
        tx.session.execute(
            insert(PeerCheckpointRow).values(
                did=did, size=seen.size, root=root, origin=seen.origin, note=note,
                time_ms=unix_ms(tx.now),
            )
        )  # fmt: skip
        tx.append(
            Entry(
                kind="PEER_CHECKPOINT",
                counterparty=did,
                sig=(digest_bytes(note),),
                to_state="SPLIT_VIEW" if split else "SEEN",
                detail={"origin": seen.origin, "size": seen.size, "root": root},
            )
        )
        if split:
            self._log.error("split-view", peer=did, size=seen.size)


def _thumbprint(vkey: str) -> str:
    return notes.parse_vkey(vkey).public.thumbprint()


def _name(did: str) -> str:
    return f"head/{did}"


def _newest(tx: Transaction, did: str) -> tuple[bytes, Checkpoint] | None:
    """Give the newest head that was pushed; it was verified when it was kept."""
    kept = fact(tx.session, _name(did))
    if kept is None:
        return None
    note = kept.encode("utf-8")
    return note, notes.parse_checkpoint(note)


def _contradicts(newest: Checkpoint, seen: Checkpoint, roots: set[str]) -> bool:
    """Say whether the newest pushed head has another root for a size, and is not kept as a row."""
    same = newest.size == seen.size and newest.root != seen.root
    return same and newest.root.hex() not in roots


def _seen_today(tx: Transaction, did: str) -> bool:
    last = tx.session.execute(
        select(func.max(col(PeerCheckpointRow.time_ms))).where(col(PeerCheckpointRow.did) == did)
    ).scalar()
    return last is not None and last // DAY_MS == unix_ms(tx.now) // DAY_MS


def _check_growth(tx: Transaction, did: str, seen: Checkpoint) -> None:
    """Refuse a size that no log can have reached since the last one that we kept."""
    before = tx.session.execute(
        select(col(PeerCheckpointRow.size), col(PeerCheckpointRow.time_ms))
        .where(col(PeerCheckpointRow.did) == did)
        .order_by(col(PeerCheckpointRow.size).desc())
        .limit(1)
    ).first()
    if before is None:
        return
    seconds = max(0, unix_ms(tx.now) - before.time_ms) // 1000
    if seen.size > before.size + AT_ONCE + LEAVES_PER_SECOND * seconds:
        raise _impossible(seen)


def _impossible(seen: Checkpoint) -> VerificationError:
    return VerificationError(problems.PEER_LOG_SIZE, size=seen.size)
