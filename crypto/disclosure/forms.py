"""The forms: linear combinations of figures that an asker can compute on one set of rows.

Source: disclosure.md §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

from crypto.disclosure import words
from crypto.disclosure.declaration import Refused, comparable, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crypto.disclosure.declaration import Declaration, Figure, Protection

Coefficients = tuple[int, ...]  # one whole number per figure
Extremes = tuple[int, int]  # least and greatest value over rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form.

    Attributes:
        name: for the owner's eyes.
        coefficients: one per figure.
        uses: figures other than `rows` that must be released for it, ascending; when it fails, a
            cell of the last one is withheld.
        signed: whether it is not known to have one sign.
        own: the measure whose own cells it judges; 0 for combinations and `rows`.
        bound: whether it is an `up` or a `down`.
        count: whether it is made of rows and indicators only.
        declared: whether declared bounds alone give it one sign: then it lies in the cone of
            `rows`, `up` and `down`, and only its changes tell something: also of a measure itself
            that cannot be 0, whose changes need not show in those (beyond disclosure.md §2).
    """

    name: str
    coefficients: Coefficients
    uses: tuple[int, ...]
    signed: bool = False
    own: int = 0
    bound: bool = False
    count: bool = False
    declared: bool = False

    def carriers(self, protection: Protection) -> int:
        """How many contributors must carry it."""
        if self.count:
            return protection.indicator_carriers
        return protection.rules.minimum_contributors


def forms(
    declaration: Declaration, extremes: Mapping[Coefficients, Extremes] | None
) -> tuple[Form, ...]:
    """Returns all forms of a declaration.

    Args:
        declaration: what is declared.
        extremes: for each of `open_combinations` its least and greatest value over the rows of all
            versions so far; `None` if they were not kept: then only declared bounds decide.

    Raises:
        Refused: if more than six measures are comparable, or an equation names no figure.
    """
    figs = figures(declaration)
    found = [Form(name="rows", coefficients=_vector(len(figs), {0: 1}), uses=())]
    for i, figure in enumerate(figs[1:], 1):
        found.extend(_own_forms(figs, i))
        alone = _vector(len(figs), {i: 1})
        declared = _is_declared(figs, alone)
        if declared and 0 in (figure.lower, figure.upper):
            continue  # it is its own `up` or `down`
        sign = 0 if declared else _sign(alone, extremes)
        found.append(
            Form(
                name=figure.name,
                coefficients=_times(alone, sign or 1),
                uses=(i,),
                signed=not (sign or declared),
                own=i,
                declared=declared,
            )
        )
    for combined in combined_figures(declaration):
        declared = _is_declared(figs, combined)
        sign = 0 if declared else _sign(combined, extremes)
        uses = tuple(i for i in range(1, len(figs)) if combined[i])
        coefficients = _times(combined, sign or 1)
        found.append(
            Form(
                name=_written(figs, coefficients),
                coefficients=coefficients,
                uses=uses,
                signed=not (sign or declared),
                count=all(figs[i].is_indicator for i in uses),
                declared=declared,
            )
        )
    return tuple(found)


def open_combinations(declaration: Declaration) -> tuple[Coefficients, ...]:
    """Returns what rows must tell: combinations whose sign declared bounds leave open, no rows."""
    figs = figures(declaration)
    alone = [_vector(len(figs), {i: 1}) for i in range(1, len(figs))]
    wanted = [c for c in (*alone, *combined_figures(declaration)) if not _is_declared(figs, c)]
    return tuple(dict.fromkeys((0, *c[1:]) for c in wanted))


def widest(declaration: Declaration) -> int:
    """Returns the greatest absolute value of any form in one row; times rows it bounds every sum.

    The factor 4 of a second difference (1, 2, 1) is in it.
    """
    figs = figures(declaration)
    found = forms(declaration, None)
    most = [max(map(abs, f.ends)) for f in figs]
    return 4 * max(
        sum(abs(c) * m for c, m in zip(form.coefficients, most, strict=True)) for form in found
    )


def combined_figures(declaration: Declaration) -> tuple[Coefficients, ...]:
    """Returns every combination of figures to be looked at, each once up to its sign, in order.

    Per group of comparable figures, at the finest scale of the group: every 2 and 3 of them with
    coefficients ±1, and if their bounds are equal also plus and minus each bound times rows; of 4
    or more indicators: rows minus the sum of each set of 4 or more; of 4 or more others: each minus
    the sum of all others. Then the declared equations.
    """
    figs = figures(declaration)
    found: dict[Coefficients, None] = {}
    for group in comparable(figs):
        scale = max(figs[i].scale for i in group)
        unit = {i: 10 ** (scale - figs[i].scale) for i in group}
        found |= dict.fromkeys(_twos_and_threes(figs, group, unit))
        if len(group) < 4:
            continue
        if all(figs[i].is_indicator for i in group):
            for size in range(4, len(group) + 1):
                for some in combinations(group, size):
                    parts = {0: 1} | dict.fromkeys(some, -1)
                    found[_normal(_vector(len(figs), parts))] = None
        else:
            for one in group:
                parts = {i: u if i == one else -u for i, u in unit.items()}
                found[_normal(_vector(len(figs), parts))] = None
    names = [f.name for f in figs]
    for equation in declaration.equations:
        unknown = sorted(set(equation) - set(names))
        if unknown:
            raise Refused(words.UNDECLARED, words.THESE, names=str(unknown))
        found[_normal(tuple(equation.get(name, 0) for name in names))] = None
    return tuple(found)


def _twos_and_threes(
    figs: Sequence[Figure], group: Sequence[int], unit: Mapping[int, int]
) -> Iterator[Coefficients]:
    for size in (2, 3):
        for some in combinations(group, size):
            bounds = {(figs[i].lower * unit[i], figs[i].upper * unit[i]) for i in some}
            shifts = {0}
            if len(bounds) == 1:
                shifts |= {sign * bound for bound in min(bounds) for sign in (1, -1)}
            for signs in product((1, -1), repeat=size - 1):
                parts = {i: s * unit[i] for i, s in zip(some, (1, *signs), strict=True)}
                for shift in sorted(shifts):
                    yield _normal(_vector(len(figs), {0: shift} | parts))


def _own_forms(figs: Sequence[Figure], i: int) -> Iterator[Form]:
    figure = figs[i]
    weight = figure.weight
    uses = (weight, i) if weight else (i,)
    for name, sign, bound in (("up", -1, figure.upper), ("down", 1, -figure.lower)):
        yield Form(
            name=f"{name}({figure.name})",
            coefficients=_vector(len(figs), {weight: bound, i: sign}),
            uses=uses,
            own=i,
            bound=True,
            count=figure.is_indicator,
        )


def _is_declared(figs: Sequence[Figure], coefficients: Coefficients) -> bool:
    least = most = coefficients[0]
    for c, figure in zip(coefficients[1:], figs[1:], strict=True):
        low, high = sorted((c * figure.ends[0], c * figure.ends[1]))
        least, most = least + low, most + high
    return least >= 0 or most <= 0


def _sign(coefficients: Coefficients, extremes: Mapping[Coefficients, Extremes] | None) -> int:
    """Returns 1 or -1 if every row had that sign so far, else 0."""
    if extremes is None:
        return 0
    least, most = extremes[(0, *coefficients[1:])]
    if least + coefficients[0] >= 0:
        return 1
    return -1 if most + coefficients[0] <= 0 else 0


def _vector(length: int, parts: Mapping[int, int]) -> Coefficients:
    return tuple(parts.get(i, 0) for i in range(length))


def _times(coefficients: Coefficients, factor: int) -> Coefficients:
    return tuple(factor * c for c in coefficients)


def _normal(coefficients: Coefficients) -> Coefficients:
    """Makes the first figure after `rows` count positively: a form and its negative are one."""
    first = next((c for c in coefficients[1:] if c), coefficients[0])
    return coefficients if first > 0 else _times(coefficients, -1)


def _written(figs: Sequence[Figure], coefficients: Coefficients) -> str:
    """Writes a form, what is added first: `billed − paid`, `100·tax − rows − 19·net`."""
    parts = [(c, figure.name) for c, figure in zip(coefficients, figs, strict=True) if c]
    parts.sort(key=lambda part: part[0] < 0)
    text = ""
    for c, name in parts:
        sign = "−" if c < 0 else "+"
        text += f" {sign} " if text else sign.replace("+", "")
        text += name if abs(c) == 1 else f"{abs(c)}·{name}"
    return text
