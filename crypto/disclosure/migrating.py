"""Making the table of a product that the first edition published (disclosure.md §3.10).

What its earlier versions showed may be in somebody's hands, so they become the first versions of
the new table: every later change is judged against each of them (§4.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from crypto.disclosure.guarded import MAX_PRODUCTS
from crypto.disclosure.guarded_table import DataVersion, Made
from crypto.disclosure.making import first_table
from crypto.disclosure.notes import Notes
from crypto.disclosure.plan import Plan, carriers_of, make_plan, values_of
from crypto.disclosure.renewing import MAX_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.ledger import Source
    from crypto.disclosure.table import CellKey

MAX_EARLIER: Final = MAX_VERSIONS - 1  # the migrated version is one too

_NEVER_SHOWN: Final = "held"  # no fingerprint: the true contents of a held cell were not kept

Cell = tuple["CellKey", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One data version as the first edition showed it.

    Attributes:
        source: the contributions that it showed, per safe cell.
        since: by the finest cells of each safe cell, the version that brought it; versions are
            counted from 1, the first of those given.
        held: the safe cells that kept an earlier state.
        blocked: finest cells that were blocked.
        pending: finest cells that read as empty although they held rows.
    """

    source: Source
    since: dict[Cell, int]
    held: Collection[Cell] = ()
    blocked: Sequence[CellKey] = ()
    pending: Sequence[CellKey] = ()


def migrate_table(
    declaration: Declaration,
    source: Source,
    *,
    safe: Sequence[Sequence[CellKey]],
    blocked: Sequence[CellKey],
    held: Collection[Cell] = (),
    pending: Sequence[CellKey] = (),
    earlier: Sequence[Earlier] = (),
    most_products: int = MAX_PRODUCTS,
) -> Made:
    """Makes the table of a product that the first edition published, from its stored bases.

    Its safe cells become the base cells as they are, those that an earlier version had first.
    Combinations whose sign bounds leave open are signed for good, since no extremes were kept.

    Args:
        declaration: what is declared, with units and scales.
        source: contributions per safe cell; asked for no finest cells and no extremes. Sources are
            asked one after the other, this one last.
        safe: the finest cells of every safe cell.
        blocked: finest cells that were blocked.
        held: the safe cells that keep an earlier state.
        pending: finest cells that read as empty although they hold rows.
        earlier: what was shown before, the oldest first; at most `MAX_EARLIER`.
        most_products: up to so many products of code sets, all are guarded.

    Raises:
        Refused: if the declaration cannot be published; the message says what helps.
        ValueError: if an earlier version has a cell that a later one has not, or there are too
            many.
    """
    plan = make_plan(declaration, None, most_products)
    cells = [tuple(sorted(keys)) for keys in safe]
    base = _ordered(cells, earlier)
    notes = Notes(finest=sum(map(len, base)) + len(blocked))
    ledger = source.ledger(base)
    prints = tuple(ledger.fingerprints())
    made = first_table(plan, ledger, base, sorted(blocked), notes, prints)
    table = made.table
    no_longer = {}
    for m, figure in enumerate(plan.figs[1:], 1):
        alone = set(table.cells[m])
        no_longer[figure.name] = tuple(c for c in range(len(base)) if 1 << c not in alone)
    measures = [*table.cells[1:]]
    before = [_version(plan, one, base, measures) for one in earlier]
    number = len(before) + 1
    stale = _places(held, base)
    now = replace(
        table.newest,
        since=tuple(since and number for since in table.newest.since),
        true=_true(table.newest.true, stale),
        held=stale,
        pending=tuple(sorted(pending)),
    )
    table = replace(table, versions=(*before, now))
    return replace(made, table=table, held=stale, no_longer=no_longer)


def _ordered(cells: Sequence[Cell], earlier: Sequence[Earlier]) -> list[Cell]:
    """Returns the cells in the order in which they were shown first: so a version's rows end."""
    if len(earlier) > MAX_EARLIER:
        raise ValueError(f"expected at most {MAX_EARLIER} earlier versions, got {len(earlier)}")
    place: dict[Cell, int] = dict.fromkeys(cells, len(earlier))
    for number in range(len(earlier) - 1, -1, -1):
        for keys in earlier[number].since:
            if place.get(keys) != number + 1:
                raise ValueError("expected every earlier cell in all later versions")
            place[keys] = number
    return sorted(cells, key=lambda keys: (place[keys], keys))


def _version(
    plan: Plan, one: Earlier, base: Sequence[Cell], measures: Sequence[Sequence[Bits]]
) -> DataVersion:
    """Returns what one earlier version showed of the base cells that it had."""
    count = len(one.since)
    there = (1 << count) - 1
    ledger = one.source.ledger(base[:count])
    shown = tuple(ledger.fingerprints())
    then = [[cell & there for cell in of] for of in measures]
    held = _places(one.held, base)
    return DataVersion(
        values=values_of(plan, ledger, range(count)),
        since=tuple(one.since[base[c]] if shown[c] else 0 for c in range(count)),
        shown=shown,
        true=_true(shown, held),
        carriers=carriers_of(ledger, [[1 << c for c in range(count)], *then]),
        held=held,
        blocked=tuple(sorted(one.blocked)),
        pending=tuple(sorted(one.pending)),
    )


def _places(cells: Collection[Cell], base: Sequence[Cell]) -> tuple[int, ...]:
    wanted = set(cells)
    return tuple([c for c, keys in enumerate(base) if keys in wanted])


def _true(shown: Sequence[str], held: Collection[int]) -> tuple[str, ...]:
    return tuple([_NEVER_SHOWN if c in held else text for c, text in enumerate(shown)])
