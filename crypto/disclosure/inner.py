"""Check (d): base cells inside a measure cell (disclosure.md §3.5).

COUNT(*), and other measures, may be released on a part b of a measure cell q where m is not.
Whoever knows that in the rest every row is at a bound of m computes m(b) as m(q) − bound·n(rest),
n being rows or present(m). So each of m's own forms, and each combination of one sign that uses m
(not those that declared bounds settle), is judged on b with this in the place of m(b).
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import bits_of, members
from crypto.disclosure.ledger import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.forms import Coefficients, Form

UNIONS_OWN: Final = 12  # up to so many base cells all unions, above single ones and complements
UNIONS_COMBINED: Final = 6  # the same for combinations of several measures


def inner_checks(
    measure: int, all_forms: Sequence[Form], figs: Sequence[Figure], protection: Protection
) -> list[tuple[int, tuple[Ask, ...]]]:
    """Returns what is judged inside the cells of a measure.

    Returns:
        Pairs: up to how many base cells all unions are taken, and the forms on (part, rest).
    """
    found = []
    for own, limit in ((True, UNIONS_OWN), (False, UNIONS_COMBINED)):
        asks: list[Ask] = []
        for form in all_forms:
            if measure not in form.uses or form.declared or (form.own == measure) != own:
                continue
            if own or not form.signed:
                asks += _asks(form, measure, figs, own=own, carriers=form.carriers(protection))
        if asks:
            found.append((limit, tuple(asks)))
    return found


def parts(cell: Bits, limit: int) -> Iterator[tuple[Bits, Bits]]:
    """Walks through the proper parts of a measure cell that are judged, each with its rest."""
    numbers = members(cell)
    count = len(numbers)
    sizes = range(1, count) if count <= limit else sorted({1, count - 1})
    for size in sizes:
        for chosen in combinations(numbers, size):
            part = bits_of(chosen)
            yield part, cell & ~part


def at_a_bound(
    form: Form, measure: int, figs: Sequence[Figure], *, own: bool
) -> Iterator[tuple[int, Coefficients, Coefficients]]:
    """Yields what is known of a form on a part of a measure's cell if the rest stands at a bound.

    Args:
        form: one that uses the measure.
        measure: its number.
        figs: all figures.
        own: whether it is one of the measure's own forms.

    Yields:
        Which figure counts rows in it (`rows`, or present(m)), and coefficients on part and rest.
    """
    factor, figure = form.coefficients[measure], figs[measure]
    for bound in sorted({figure.lower, figure.upper}):
        for weight in sorted({0, figure.weight}):
            at_rest = [0] * len(figs)
            at_rest[measure] = factor
            at_rest[weight] -= factor * bound
            on_part = list(form.coefficients)
            if own and weight != figure.weight:  # COUNT(*) in the place of present(m)
                on_part[0] += on_part[figure.weight]
                on_part[figure.weight] = 0
            yield weight, tuple(on_part), tuple(at_rest)


def _asks(
    form: Form, measure: int, figs: Sequence[Figure], *, own: bool, carriers: int
) -> Iterator[Ask]:
    for _, on_part, at_rest in at_a_bound(form, measure, figs, own=own):
        yield Ask(on_part, carriers, at_rest, form=form.name, uses=form.uses)
