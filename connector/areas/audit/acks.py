"""What others promised us, for a bundle: as it came, one file for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from connector.store.rows import AckRow
from contracts.audit.promised import path_of
from contracts.promises import Ack, Promised, write_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlmodel import Session

CHUNK: Final = 1000  # rows read at a time


def acks(
    session: Session, marked: Collection[tuple[str, str]]
) -> Iterator[tuple[str, list[bytes]]]:
    """Give the files with the promises about messages of which our leaves tell.

    Args:
        session: to read in.
        marked: counterparty and mark of each message in a leaf of the bundle; nobody, and the
            mark, of each statement that one names.
    """
    parties = select(col(AckRow.did)).distinct().order_by(col(AckRow.did))
    for did in session.execute(parties).scalars().all():
        lines = [
            _line(row)
            for row in _of(session, did)
            if (did, row.corr) in marked or ("", row.corr) in marked
        ]
        if lines:
            yield path_of(did), lines


def _of(session: Session, did: str) -> Iterator[AckRow]:
    """Read a party's promises, a page at a time: a reader has no transaction to hold a cursor."""
    after = ""
    while True:
        page = (
            select(AckRow)
            .where(col(AckRow.did) == did, col(AckRow.corr) > after)
            .order_by(col(AckRow.corr))
            .limit(CHUNK)
        )
        rows = session.execute(page).scalars().all()
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].corr


def _line(row: AckRow) -> bytes:
    promised = Promised(row.log, row.corr, row.index, row.leaf_hash, row.accepted)
    return write_line(row.did, Ack(promised, row.jws)) + b"\n"
