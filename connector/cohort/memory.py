"""One roster per safe cell: cohorts {1,2,3} and {1,2,3,4} over one cell would give away supplier 4.

A provider remembers in which roster each safe cell was answered, to whomever, and answers it in no
other: pairwise differences say nothing about what three rosters together give away. What is
remembered is the cell's content, so it carries over to a data version that did not change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col, select

from connector.cohort.rows import RosterMemoryRow
from contracts.cohort.errors import CohortError
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connector.cohort.rows import ProviderSessionRow
    from connector.store.database import Transaction


def roster_digest(roster: Sequence[str]) -> str:
    """Name a roster."""
    return digest(sorted(roster))


def check(tx: Transaction, *, dataset: str, cells: Iterable[str], roster: Sequence[str]) -> None:
    """Check that none of the cells was answered in another roster.

    Raises:
        CohortError: some were; `params` say how many.
    """
    mine = roster_digest(roster)
    query = select(RosterMemoryRow.cell).where(
        RosterMemoryRow.dataset == dataset, RosterMemoryRow.roster != mine
    )
    taken = set(tx.session.exec(query)) & set(cells)
    if taken:
        raise CohortError(
            f"{len(taken)} of the cells were answered in another cohort already",
            code="cohort.roster.changed",
            next_step="ask in the cohort of the first time, or leave those cells out",
            cells=len(taken),
        )


def remember(
    tx: Transaction, row: ProviderSessionRow, *, cells: Iterable[str], roster: Sequence[str]
) -> None:
    """Remember the roster of the cells that a session is answered in."""
    mine = roster_digest(roster)
    for cell in sorted(set(cells)):
        tx.session.merge(
            RosterMemoryRow(
                dataset=row.dataset,
                cell=cell,
                consumer=row.consumer,
                session=row.session,
                roster=mine,
            )
        )
    tx.session.flush()


def forget(tx: Transaction, row: ProviderSessionRow) -> None:
    """Forget what a session put here: its aggregator signed that nothing was released."""
    tx.session.execute(
        delete(RosterMemoryRow).where(
            col(RosterMemoryRow.consumer) == row.consumer,
            col(RosterMemoryRow.session) == row.session,
        )
    )
