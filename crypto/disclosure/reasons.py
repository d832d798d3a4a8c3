"""Why one measure cell is withheld: of all that failed in it, what its owner is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from crypto.disclosure.diagnosis import Withheld, lacks
from crypto.disclosure.inside import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.fineness import Profile
    from crypto.disclosure.guarded import Masks
    from crypto.disclosure.ledger import Ask
    from crypto.disclosure.rules import Rules


class Failing(NamedTuple):
    """One form that is not fine on one set of base cells."""

    bits: Bits
    ask: Ask
    profile: Profile


def withheld(
    measure: int,
    cell: Bits,
    rows: int,
    *,
    outer: Sequence[tuple[Masks, Failing]],
    inner: Sequence[Failing],
    figs: Sequence[Figure],
    spans: Sequence[Masks],
    rules: Rules,
) -> Withheld:
    """Returns why a measure cell is withheld.

    Args:
        measure: number of its figure.
        cell: its base cells.
        rows: how many rows it has.
        outer: what failed on all that is released in a guarded set, with the set.
        inner: what failed on a part of the cell (disclosure.md §3.5).
        figs: the figures.
        spans: the codes that base cells reach.
        rules: dominance and p%.
    """
    everything = [*(failed for _, failed in outer), *inner]
    if outer:
        where, example = min(outer, key=lambda pair: pair[1].bits.bit_count())
    else:
        example = min(inner, key=lambda failed: failed.bits.bit_count())
        where = span_of(example.bits, spans)
    always = set.intersection(*[_measures(failed.ask, figs) for failed in everything])
    return Withheld(
        measure=measure,
        codes=span_of(cell, spans),
        base=cell.bit_count(),
        rows=rows,
        failed=tuple(Counter(failed.ask.form for failed in everything).most_common()),
        always=tuple(sorted(always - {measure})),
        example=lacks(example.ask, example.profile, rules)[0],
        where=where,
        inside=not outer,
    )


def _measures(ask: Ask, figs: Sequence[Figure]) -> set[int]:
    """Returns the measures of a form; present(m) goes with m, right after it."""
    return {i + 1 if i + 1 < len(figs) and figs[i + 1].weight == i else i for i in ask.uses}
