"""One roster and one shape per safe cell.

Cohorts {1,2,3} and {1,2,3,4} over one cell would give away supplier 4. And a cell of brand A beside
one of brands A and B would give away who alone holds B, although nobody may ask for B. So a
provider remembers in which roster, and as part of which cell, each of its safe cells was answered,
to whomever, and answers it in no other. What was answered is then disjoint or the same, whatever
the order of questions and however many ask: there is nothing to subtract.

What is remembered is the safe cell's content, so it carries over to a data version that did not
change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col, select

from connector.cohort.rows import RosterMemoryRow
from contracts.cohort.errors import CohortError
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from connector.cohort.rows import ProviderSessionRow
    from connector.store.database import Transaction


def roster_digest(roster: Sequence[str]) -> str:
    """Name a roster."""
    return digest(sorted(roster))


def check(db: Session, *, dataset: str, cells: Mapping[str, str], roster: Sequence[str]) -> None:
    """Check that none of the safe cells was answered in another roster, or in another cell.

    Args:
        db: any session; of the transaction that answers, where one does.
        dataset: the product.
        cells: per key of a safe cell, the shape of the question's cell that it is part of.
        roster: of the session.

    Raises:
        CohortError: some were; not how many, which would tell how many this supplier holds.
    """
    mine = roster_digest(roster)
    query = (
        select(RosterMemoryRow.cell, RosterMemoryRow.roster, RosterMemoryRow.shape)
        .where(RosterMemoryRow.dataset == dataset)
        .distinct()
    )
    known = [entry for entry in db.exec(query) if entry[0] in cells]
    if any(other != mine for _, other, _ in known):
        raise CohortError(
            "some of the cells were answered in another cohort already",
            code="cohort.roster.changed",
            next_step="ask in the cohort of the first time, or leave those cells out",
        )
    if any(shape != cells[cell] for cell, _, shape in known):
        raise CohortError(
            "some of the cells overlap cells that were answered before",
            code="cohort.cell.overlaps",
            next_step="ask for the cells of the first time, and add them up",
        )


def remember(
    tx: Transaction,
    row: ProviderSessionRow,
    *,
    cells: Mapping[str, str],
    roster: Sequence[str],
) -> None:
    """Remember roster and shape of the safe cells that a session is answered from."""
    mine = roster_digest(roster)
    for cell, shape in sorted(cells.items()):
        tx.session.merge(
            RosterMemoryRow(
                dataset=row.dataset,
                cell=cell,
                consumer=row.consumer,
                session=row.session,
                roster=mine,
                shape=shape,
            )
        )
    tx.session.flush()


def carry_over(tx: Transaction, dataset: str, renamed: Mapping[str, str]) -> None:
    """Remember under new names what was answered of contents that stay as they are.

    Args:
        tx: the transaction that renames them: a table that is made anew numbers its cells anew.
        dataset: the product.
        renamed: the new name of each content, by the old one.
    """
    query = select(RosterMemoryRow).where(RosterMemoryRow.dataset == dataset)
    for row in tx.session.exec(query).all():
        if row.cell in renamed:
            tx.session.merge(RosterMemoryRow(**{**row.model_dump(), "cell": renamed[row.cell]}))
    tx.session.flush()


def forget(tx: Transaction, row: ProviderSessionRow) -> None:
    """Forget what a session put here: its aggregator signed that nothing was released."""
    tx.session.execute(
        delete(RosterMemoryRow).where(
            col(RosterMemoryRow.consumer) == row.consumer,
            col(RosterMemoryRow.session) == row.session,
        )
    )
