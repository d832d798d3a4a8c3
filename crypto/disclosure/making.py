"""Making the table of a product, second edition, of its first data version.

Source: disclosure.md §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.guarded import MAX_PRODUCTS
from crypto.disclosure.guarded_table import DataVersion, GuardedTable, Made
from crypto.disclosure.measure_cells import make_base_cells
from crypto.disclosure.notes import Notes
from crypto.disclosure.plan import (
    Plan,
    carriers_of,
    cells_of,
    make_plan,
    stored,
    values_of,
    widened,
)
from crypto.disclosure.prints import unread_prints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.ledger import Ledger, Source
    from crypto.disclosure.table import CellKey


def make_table(
    declaration: Declaration, source: Source, *, most_products: int = MAX_PRODUCTS
) -> Made:
    """Makes the table of a product's first data version.

    Args:
        declaration: what the owner declares.
        source: the data.
        most_products: up to so many products of code sets, all are guarded.

    Raises:
        Refused: if the declaration cannot be published; the message says what helps.
    """
    plan = make_plan(declaration, widened(declaration, source, {}), most_products)
    notes, finest = Notes(), list(source.cells())
    notes.finest = len(finest)
    base, rest = make_base_cells(
        source, finest, plan.forms, plan.figs, declaration.protection, notes
    )
    ledger = source.ledger(base)
    return first_table(plan, ledger, base, rest, notes, unread_prints(ledger))


def first_table(
    plan: Plan,
    ledger: Ledger,
    base: Sequence[tuple[CellKey, ...]],
    rest: Sequence[CellKey],
    notes: Notes,
    prints: tuple[str, ...],
) -> Made:
    """Returns the table of one data version whose base cells are made.

    Args:
        plan: what follows from the declaration.
        ledger: the figures of the base cells.
        base: the finest cells of each.
        rest: the finest cells that are blocked.
        notes: where it is noted why.
        prints: the fingerprints of the base cells.
    """
    cells, taken = cells_of(plan, ledger, base, range(len(base)), notes)
    version = DataVersion(
        values=values_of(plan, ledger, range(len(base))),
        since=tuple(int(bool(text)) for text in prints),
        shown=prints,
        true=prints,
        carriers=carriers_of(ledger, [[1 << c for c in range(len(base))], *cells.values()]),
        held=(),
        blocked=tuple(rest),
        pending=(),
    )
    table = GuardedTable(
        declaration=plan.declaration,
        base=tuple(base),
        cells=stored(cells, len(plan.figs)),
        withheld=stored(taken, len(plan.figs)),
        extremes=plan.extremes,
        versions=(version,),
    )
    findings = notes.findings(plan.declaration.sizes, plan.guarded.left_out)
    return Made(table=table, held=(), added=0, findings=findings)
