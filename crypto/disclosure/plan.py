"""What follows from a declaration, and the steps that first and later versions share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from crypto.disclosure.declaration import Declaration, figures
from crypto.disclosure.forms import Coefficients, Extremes, Form, forms, open_combinations
from crypto.disclosure.guarded import GuardedSets, guarded_sets
from crypto.disclosure.guarded_table import spans_of
from crypto.disclosure.measure_cells import Cells, make_measure_cells
from crypto.disclosure.withholding import withhold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.ledger import Ledger, Source
    from crypto.disclosure.notes import Notes
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a declaration."""

    declaration: Declaration
    extremes: Mapping[Coefficients, Extremes] | None
    figs: Sequence[Figure]
    forms: Sequence[Form]
    guarded: GuardedSets


def make_plan(
    declaration: Declaration, extremes: Mapping[Coefficients, Extremes] | None, most_products: int
) -> Plan:
    """Returns what follows from a declaration and the extremes of all rows so far.

    Raises:
        Refused: if it cannot be published; the message says what helps.
    """
    return Plan(
        declaration,
        extremes,
        figures(declaration),
        forms(declaration, extremes),
        guarded_sets(declaration.sizes, most_products=most_products),
    )


def widened(
    declaration: Declaration, source: Source, before: Mapping[Coefficients, Extremes]
) -> dict[Coefficients, Extremes]:
    """Returns the extremes over the rows of all versions: those before, and the new ones."""
    wanted = open_combinations(declaration)
    new = source.extremes(wanted) if wanted else {}
    found = {}
    for combination in wanted:
        low, high = new[combination]
        least, most = before.get(combination, (low, high))
        found[combination] = (min(low, least), max(high, most))
    return found


def cells_of(
    plan: Plan,
    ledger: Ledger,
    base: Sequence[tuple[CellKey, ...]],
    made_of: Sequence[int],
    notes: Notes,
) -> tuple[Cells, Cells]:
    """Returns the measure cells of some base cells, released and withheld; notes why."""
    protection = plan.declaration.protection
    cells = make_measure_cells(ledger, base, made_of, plan.forms, plan.figs, protection, notes)
    taken = withhold(
        cells,
        ledger=ledger,
        keys=base,
        spans=spans_of(base),
        guarded=plan.guarded,
        all_forms=plan.forms,
        figs=plan.figs,
        protection=protection,
        notes=notes,
    )
    return cells, taken


def carriers_of(
    ledger: Ledger, cells: Sequence[Sequence[Bits]], held: Bits = 0
) -> tuple[tuple[int, ...], ...]:
    """Returns per figure how many contributors carry it in each of some cells, as shown.

    Args:
        ledger: the figures of the base cells; of a set without any, zeros may be fewer.
        cells: of every figure.
        held: base cells that count as shown last.
    """
    carried = iter(ledger.carriers([cell for of in cells for cell in of], held))
    return tuple(
        tuple(known[figure] if figure < len(known) else 0 for known in islice(carried, len(of)))
        for figure, of in enumerate(cells)
    )


def stored(cells: Mapping[int, Sequence[Bits]], width: int) -> tuple[tuple[Bits, ...], ...]:
    """Returns measure cells as a table keeps them, by number of figure."""
    return ((), *(tuple(cells.get(m, ())) for m in range(1, width)))


def values_of(plan: Plan, ledger: Ledger, places: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Returns the sums of the new data; a place without rows has zeros, however many come."""
    totals, width = ledger.totals(), len(plan.figs)
    return tuple((*totals[c], *[0] * (width - len(totals[c]))) for c in places)
