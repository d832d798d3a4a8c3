"""Making the table of a product, second edition: of its first data version, or of an old table.

Source: disclosure.md §3; migration: §3.10.
"""

from __future__ import annotations

from dataclasses import replace
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
    base, rest = make_base_cells(source, finest, plan.forms, declaration.protection, notes)
    return _first(plan, source.ledger(base), base, rest, notes)


def migrate_table(
    declaration: Declaration,
    source: Source,
    *,
    safe: Sequence[Sequence[CellKey]],
    blocked: Sequence[CellKey],
    most_products: int = MAX_PRODUCTS,
) -> Made:
    """Makes the table of a product that the first edition published, from its stored basis.

    Its safe cells become the base cells as they are. Combinations whose sign bounds leave open are
    signed for good, since no extremes were kept.

    Args:
        declaration: what is declared, with units and scales.
        source: contributions per safe cell; asked for no finest cells and no extremes.
        safe: the finest cells of every safe cell.
        blocked: finest cells that were blocked.
        most_products: up to so many products of code sets, all are guarded.

    Raises:
        Refused: if the declaration cannot be published; the message says what helps.
    """
    plan = make_plan(declaration, None, most_products)
    base = sorted(tuple(sorted(keys)) for keys in safe)
    notes = Notes(finest=sum(map(len, base)) + len(blocked))
    made = _first(plan, source.ledger(base), base, sorted(blocked), notes)
    no_longer = {}
    for m, figure in enumerate(plan.figs[1:], 1):
        cells = set(made.table.cells[m])
        no_longer[figure.name] = tuple(c for c in range(len(base)) if 1 << c not in cells)
    return replace(made, no_longer=no_longer)


def _first(
    plan: Plan,
    ledger: Ledger,
    base: Sequence[tuple[CellKey, ...]],
    rest: Sequence[CellKey],
    notes: Notes,
) -> Made:
    cells, taken = cells_of(plan, ledger, base, range(len(base)), notes)
    prints = tuple(ledger.fingerprints())
    version = DataVersion(
        values=values_of(plan, ledger, range(len(base))),
        since=tuple(int(bool(text)) for text in prints),
        shown=prints,
        true=prints,
        carriers=carriers_of(plan, ledger, [[1 << c for c in range(len(base))], *cells.values()]),
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
