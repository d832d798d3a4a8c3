"""Acknowledgements on their way: signed with the leaf, sent once it is durable, kept by the other.

`append` writes a leaf about a caller's message and signs the promise in the same transaction; the
header leaves with the answer to the request, after the commit: nothing is promised that a crash can
take back. Whoever sent the message keeps what it can verify (`keep`), one for each message.
A peer that is no Voile gets no header. A repeat is promised again (`again`).
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import g, has_request_context
from sqlalchemy import bindparam, insert, select
from sqlmodel import col

from connector.evidence import problems
from connector.process.errors import VerificationError, VoileError
from connector.process.ports import unix, unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared
from connector.store.rows import AckRow, GivenAckRow, LogEntryRow
from contracts.evidence import parse_leaf
from contracts.promises import (
    APART_SECONDS,
    HEADER,
    MOST,
    Ack,
    Promised,
    from_header,
    make_ack,
    to_header,
    verify_ack,
)
from crypto.notes import parse_vkey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from flask import Response
    from sqlmodel import Session

    from connector.identity.auth import Caller
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.evidence import Entry
    from crypto.did import DidDocument
    from crypto.keys import PublicKey

_ANSWERS: Final = frozenset({"ANSWER", "COHORT"})  # the latter: a session is accepted
_EXPECTED: Final = ("acks", "expected")
_HELD: Final = Prepared(
    select(col(AckRow.jws)).where(
        col(AckRow.did) == bindparam("did"), col(AckRow.corr) == bindparam("corr")
    )
)
_KEEP: Final = Prepared(
    insert(table_of(AckRow)),
    ("did", "corr", "log", "index", "leaf_hash", "accepted", "jws", "jwk", "kept_ms"),
)
_GIVEN: Final = Prepared(
    select(col(GivenAckRow.index), col(GivenAckRow.kind))
    .where(
        col(GivenAckRow.did) == bindparam("did"),
        col(GivenAckRow.process) == bindparam("process"),
        col(GivenAckRow.message) == bindparam("message"),
    )
    .order_by(col(GivenAckRow.index))
)
_NOTE: Final = Prepared(
    insert(table_of(GivenAckRow)), ("did", "process", "message", "kind", "index")
)
_LEAF: Final = Prepared(
    select(col(LogEntryRow.entry), col(LogEntryRow.leaf_hash)).where(
        col(LogEntryRow.index) == bindparam("index")
    )
)


def append(node: Node, tx: Transaction, entry: Entry) -> None:
    """Append a leaf about a message; promise it to its counterparty, if that is who calls.

    Of what was taken, and of answers, it is noted which leaf that is: for `again`, and for what
    their taker promises in turn.
    """
    leaf = tx.append(entry)
    if not entry.corr or _promisee(entry.counterparty) is None:
        return
    _promise(node, tx, entry.corr, leaf.index, leaf.leaf_hash)
    told = entry.msg or {}
    if told.get("id") and (told.get("direction") == "in" or entry.kind in _ANSWERS):
        key = {"did": entry.counterparty, "process": entry.process, "message": told["id"]}
        if entry.kind not in {kind for _, kind in _GIVEN.rows(tx.session, **key)}:
            _NOTE.run(tx.session, **key, kind=entry.kind, index=leaf.index)


def again(node: Node, tx: Transaction, peer: str, process: str, message: str) -> None:
    """Promise once more the leaves of a message, and of its answer: that was lost on its way.

    Not of refusals: there may be many of one question, and the answer is what is asked for. The
    work is the same however many leaves a process has.

    Args:
        node: this node.
        tx: the transaction of the repeat.
        peer: who repeats.
        process: under which our leaves are.
        message: its id.
    """
    if _promisee(peer) is None:
        return
    for index, _ in _GIVEN.rows(tx.session, did=peer, process=process, message=message):
        found = _LEAF.first(tx.session, index=index)
        assert found is not None, "a leaf stays"
        entry, leaf_hash = found
        _promise(node, tx, parse_leaf(bytes(entry))["corr"], index, bytes(leaf_hash))


def _promisee(peer: str) -> Caller | None:
    """Give the caller of the present request, if it is a certain Voile."""
    caller: Caller | None = g.get("voile_caller") if has_request_context() else None
    return (
        caller if caller is not None and caller.did == peer and caller.document.is_voile else None
    )


def sign(node: Node, now: datetime, corr: str, index: int, leaf_hash: bytes) -> str:
    """Sign that a leaf tells of a message, as it stands in a header: not before it is written."""
    keys = node.keys.now()
    accepted = node.checkpoints.accepted
    promised = Promised(keys.log.public.thumbprint(), corr, index, leaf_hash.hex(), accepted)
    return to_header(
        make_ack(promised, key=keys.agreements, kid=keys.agreements_kid, now=unix(now))
    )


def _promise(node: Node, tx: Transaction, corr: str, index: int, leaf_hash: bytes) -> None:
    text = sign(node, tx.now, corr, index, leaf_hash)

    def leave() -> None:
        g.setdefault("voile_acks", []).append(text)

    tx.after_commit(leave)


def add_header(response: Response) -> None:
    """Put what was promised in the present request beside its answer."""
    acks = g.pop("voile_acks", [])
    if acks:
        response.headers[HEADER] = ", ".join(acks[:MOST])


def expect(tx: Transaction, corr: str) -> None:
    """Note in a transaction that a message of ours with this mark was taken: see `keep`."""
    tx.memo.setdefault(_EXPECTED, []).append(corr)


def expected(tx: Transaction) -> Sequence[str]:
    """Give the marks of our messages that were taken in this transaction."""
    found: list[str] = tx.memo.get(_EXPECTED, [])
    return found


def keep(
    node: Node, tx: Transaction, did: str, headers: Mapping[str, str], corrs: Sequence[str]
) -> None:
    """Keep a peer's promises about messages of ours, or its answer; each that is wrong is dropped.

    Args:
        node: this node.
        tx: the transaction that writes our own leaf of it.
        did: the peer.
        headers: of its answer, names in lower case.
        corrs: marks of what it may promise, in the order in which it would.
    """
    text = headers.get(HEADER.lower(), "")
    if not text or not corrs:
        return
    try:
        document = node.peers.at_hand(did)
        log = log_of(node, did, document)
        header = from_header(text)
    except VoileError as error:
        node.log.warning("ack-dropped", peer=did, code=error.code, error=error.message)
        return
    left = list(dict.fromkeys(corrs))
    unfit: list[VoileError] = []
    for told in header:
        try:
            ack, key = _fitting(tx, document, log, left, told)
        except VoileError as error:
            unfit.append(error)
            continue
        left.remove(ack.promised.corr)
        keep_one(tx, did, ack, key)
    # a peer that repeats an answer promises again what we do not wait for: nothing of that is
    # missing, and no owner needs to read of it; what we do wait for and did not get is said
    say = node.log.info if left else node.log.debug
    event = "ack-dropped" if left else "ack-repeated"
    for why in unfit:
        say(event, peer=did, code=why.code, error=why.message)


def log_of(node: Node, did: str, document: DidDocument) -> str:
    """Give the thumbprint of the key of a peer's log.

    Raises:
        VerificationError: it names no log, or one under a key that is not certified.
    """
    service = document.service("VoileLog")
    if service is None or not isinstance(service.get("vkey"), str):
        raise VerificationError(problems.NAMES_NO_LOG)
    thumbprint = _thumbprint(service["vkey"])
    vouched = node.peers.vouch(did)
    if vouched is not None and thumbprint not in vouched.current:
        raise VerificationError(problems.LOG_KEY)
    return thumbprint


@lru_cache(maxsize=256)
def _thumbprint(vkey: str) -> str:
    return parse_vkey(vkey).public.thumbprint()


def _fitting(
    tx: Transaction,
    document: DidDocument,
    log: str,
    corrs: Sequence[str],
    told: tuple[int, str, str, str],
) -> tuple[Ack, PublicKey]:
    """Find which of our messages a promise is about: the one with whose mark it holds."""
    used: list[PublicKey] = []

    def find(kid: str) -> PublicKey:
        used.append(document.key(kid, relationship="assertionMethod"))
        return used[-1]

    index, leaf_hash, accepted, jws = told
    failed: VoileError = VerificationError(problems.NOTHING_LEFT)
    for corr in corrs:
        ack = Ack(Promised(log, corr, index, leaf_hash, accepted), jws)
        try:
            made = verify_ack(ack, document.did, find)
        except VoileError as error:
            failed = error
            continue
        if abs(made - unix(tx.now)) > APART_SECONDS:
            raise VerificationError(problems.ACK_FAR)
        return ack, used[-1]
    raise failed


def is_held(session: Session, did: str, corr: str) -> bool:
    """Say whether a promise about a message is kept."""
    return _HELD.first(session, did=did, corr=corr) is not None


def keep_one(tx: Transaction, did: str, ack: Ack, key: PublicKey) -> None:
    """Keep a promise and the key that verified it, unless one about this message is kept."""
    promised = ack.promised
    if not is_held(tx.session, did, promised.corr):
        row = {
            "did": did,
            "corr": promised.corr,
            "log": promised.log,
            "index": promised.index,
            "leaf_hash": promised.hash,
            "accepted": promised.accepted,
            "jws": ack.jws,
            "jwk": json.dumps(dict(key.jwk())),
            "kept_ms": unix_ms(tx.now),
        }
        _KEEP.many(tx.session, [row])
