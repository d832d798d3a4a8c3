"""What others promised us, for a bundle: as it came, one file for each of them."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
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
        marked: counterparty and mark of each message in a leaf of the bundle.
    """
    rows = select(AckRow).order_by(col(AckRow.did), col(AckRow.corr))
    found = session.execute(rows.execution_options(yield_per=CHUNK)).scalars()
    for did, of in groupby(found, key=attrgetter("did")):
        lines = [_line(row) for row in of if (did, row.corr) in marked]
        if lines:
            yield path_of(did), lines


def _line(row: AckRow) -> bytes:
    promised = Promised(row.log, row.corr, row.index, row.leaf_hash, row.accepted)
    return write_line(row.did, Ack(promised, row.jws)) + b"\n"
