"""Acknowledgements of signed statements, between parties that share no key of a process.

An aggregator and the parties of its sessions have no mark of a message that only they can make.
What passes between them is signed, and the leaves on both sides name its digest: the mark is made
of that (`contracts.promises.statement_mark`). Which leaf names a statement first is noted when it
is written; whoever sends the statement, or is told it, is promised that leaf with the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeGuard

from flask import g
from sqlalchemy import bindparam, insert, select
from sqlmodel import col

from connector.evidence import promises
from connector.store.core import table_of
from connector.store.prepared import Prepared
from connector.store.rows import GivenAckRow, LogEntryRow
from contracts.cohort.signing import digest_of
from contracts.promises import HEADER, statement_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.evidence import Entry

KIND: Final = "STATEMENT"  # among the notes; they are of no party, so of whichever may know it
_FOUND: Final = Prepared(
    select(col(LogEntryRow.index), col(LogEntryRow.leaf_hash))
    .join(GivenAckRow, col(GivenAckRow.index) == col(LogEntryRow.index))
    .where(
        col(GivenAckRow.did) == bindparam("did"),
        col(GivenAckRow.process) == bindparam("process"),
        col(GivenAckRow.message) == bindparam("digest"),
        col(GivenAckRow.kind) == bindparam("kind"),
    )
)
_NOTE: Final = Prepared(
    insert(table_of(GivenAckRow)), ("did", "process", "message", "kind", "index")
)


def append(tx: Transaction, entry: Entry) -> None:
    """Append a leaf whose first signature is the statement that it tells of; note which it is."""
    leaf = tx.append(entry)
    if entry.sig and _FOUND.first(tx.session, **_place(entry.sig[0])) is None:
        named = {"did": "", "process": "", "message": entry.sig[0], "kind": KIND}
        _NOTE.run(tx.session, **named, index=leaf.index)


def promise(node: Node, *signed: object) -> None:
    """Promise the caller the leaves of statements, as far as there are any; they are durable.

    Args:
        node: this node.
        signed: what the caller has sent, or is told; what is no text or has no leaf is passed over.
    """
    caller = g.get("voile_caller")
    if caller is None or not caller.document.is_voile:
        return
    for text in signed:
        if not _is_text(text):
            continue
        digest = digest_of(text)
        with node.db.reading() as session:
            found = _FOUND.first(session, **_place(digest))
        if found is not None:
            index, leaf_hash = found
            made = promises.sign(
                node, node.clock.now(), statement_mark(digest), index, bytes(leaf_hash)
            )
            g.setdefault("voile_acks", []).append(made)


def carries(headers: Mapping[str, str]) -> bool:
    """Say whether an answer bears promises; names are in lower case."""
    return HEADER.lower() in headers


def none(_found: Mapping[str, Any]) -> list[str]:
    """Give no marks: of an answer of which nothing may be promised."""
    return []


def marks(*signed: object) -> list[str]:
    """Give the marks of statements, of those that are there."""
    return [statement_mark(digest_of(text)) for text in signed if _is_text(text)]


def keep(node: Node, did: str, headers: Mapping[str, str], corrs: Iterable[str]) -> None:
    """Keep what a peer promises of what we sent it, or of what it told us, if that is new.

    Args:
        node: this node.
        did: the peer.
        headers: of its answer, names in lower case.
        corrs: marks of what it may promise.
    """
    if not carries(headers):
        return
    with node.db.reading() as session:
        fresh = [corr for corr in corrs if not promises.is_held(session, did, corr)]
    if fresh:
        with node.db.transaction() as tx:
            promises.keep(node, tx, did, headers, fresh)


def _is_text(signed: object) -> TypeGuard[str]:
    return isinstance(signed, str) and signed.isascii() and signed != ""


def _place(digest: str) -> dict[str, str]:
    return {"did": "", "process": "", "digest": digest, "kind": KIND}
