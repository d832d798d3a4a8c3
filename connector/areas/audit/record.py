"""One leaf with what proves it: the checkpoint that covers it, and its path up to the root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import desc, select
from sqlmodel import col

from connector.areas.audit import problems
from connector.areas.audit.searching import read_leaf
from connector.evidence.log import node_reader
from connector.process.errors import NotFound
from connector.store.rows import CheckpointRow, LogDetailRow, LogEntryRow
from crypto import merkle, notes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlmodel import Session

    from connector.areas.audit.searching import Read
    from connector.party.node import Node

ALGORITHM: Final = "Ed25519"


@dataclass(frozen=True, slots=True)
class Step:
    """One step up: the hash beside, on which side it stands, and what both give."""

    sibling: bytes
    left: bool
    result: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The signed head that covers a leaf.

    Attributes:
        size: leaves that it covers.
        root: of them.
        time_ms: when it was signed.
        note: as it was signed.
        origin: name of the log.
        key_id: of the key in the note, hexadecimal.
        thumbprint: of the key that signed (RFC 7638).
        path: from the leaf up to the root.
    """

    size: int
    root: bytes
    time_ms: int
    note: str
    origin: str
    key_id: str
    thumbprint: str
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A leaf and what is around it.

    Attributes:
        read: the leaf.
        detail: none, sealed or erased.
        covered: None where no head that covers it is signed yet.
        before: the leaf before it of the same process.
        after: the leaf after it of the same process.
    """

    read: Read
    detail: str
    covered: Covered | None
    before: int | None
    after: int | None


def record(node: Node, session: Session, index: int) -> Record:
    """Give one leaf of this node's log.

    Raises:
        NotFound: there is none at that place.
    """
    read = read_leaf(session, index)
    if read is None:
        raise NotFound(problems.NO_LEAF, index=index)
    process = read.leaf.get("process", "")
    return Record(
        read=read,
        detail=_detail(session, read.leaf),
        covered=_covered(node, session, read),
        before=_beside(session, process, read, newer=False) if process else None,
        after=_beside(session, process, read, newer=True) if process else None,
    )


def path_of(session: Session, read: Read, size: int) -> tuple[Step, ...]:
    """Give the way from a leaf up to the root of a log of some size."""
    proof = merkle.inclusion_proof(read.index, size, node_reader(session))
    found: list[Step] = []
    value, place, last = read.leaf_hash, read.index, size - 1
    for sibling in proof:  # as RFC 9162, section 2.1.3.2, goes up
        if place & 1 or place == last:
            value = merkle.node_hash(sibling, value)
            found.append(Step(sibling, left=True, result=value))
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = merkle.node_hash(value, sibling)
            found.append(Step(sibling, left=False, result=value))
        place, last = place >> 1, last >> 1
    return tuple(found)


def _covered(node: Node, session: Session, read: Read) -> Covered | None:
    query = (
        select(CheckpointRow)
        .where(col(CheckpointRow.size) > read.index)
        .order_by(col(CheckpointRow.size))
        .limit(1)
    )
    row = session.execute(query).scalar()
    if row is None:
        return None
    origin, public = node.checkpoints.origin, node.keys.log.public
    key = notes.parse_vkey(notes.vkey(origin, public))
    return Covered(
        size=row.size,
        root=row.root,
        time_ms=row.time_ms,
        note=row.note.decode("utf-8"),
        origin=origin,
        key_id=key.key_id.hex(),
        thumbprint=public.thumbprint(),
        path=path_of(session, read, row.size),
    )


def _detail(session: Session, leaf: Mapping[str, Any]) -> str:
    if "commit" not in leaf:
        return "none"
    query = select(col(LogDetailRow.entry_id)).where(col(LogDetailRow.entry_id) == leaf["id"])
    return "erased" if session.execute(query).first() is None else "sealed"


def _beside(session: Session, process: str, read: Read, *, newer: bool) -> int | None:
    """Give the next leaf of a process, by place; a process is one party's, whose name it has."""
    place = col(LogEntryRow.index)
    query = select(place).where(
        col(LogEntryRow.process) == process,
        col(LogEntryRow.counterparty) == read.leaf.get("counterparty", ""),
        place > read.index if newer else place < read.index,
    )
    return session.execute(query.order_by(place if newer else desc(place)).limit(1)).scalar()
