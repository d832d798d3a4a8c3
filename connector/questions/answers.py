"""Making the answer to a masked question: cells as text, what is withheld, and why.

Everything here is arithmetic on whole numbers. A cell is released when it is a union of safe cells
and has the contributors that the agreement asks for; HAVING, ORDER BY and LIMIT then look at
released cells only. Numbers leave as decimal texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector.questions.versions import Standing
from crypto.canonical import canonical
from crypto.disclosure import answer
from policies.plan import AVG_DECIMALS, keep, looks_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.questions.enforcement import Granted
    from crypto.disclosure import GroupAnswer
    from policies.plan import BoundOutput, BoundQuery


WIDEST: Final = "-" + "9" * 60  # no figure is longer: a sum of 128 bits, its point, its decimals


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one answer.

    Attributes:
        released: Those with values, in the order that the question asks for.
        withheld: Those that are not released, in the order of their codes.
        filtered: How many released ones HAVING or LIMIT left out.
        most_bytes: What the released ones take at most, as JSON, whatever their figures are and
            whichever of them HAVING lets through.
    """

    released: tuple[dict[str, Any], ...]
    withheld: tuple[dict[str, Any], ...]
    filtered: int
    most_bytes: int = 0


def masked_cells(granted: Granted) -> Cells:
    """Answer a granted question from the protected table.

    Args:
        granted: What the contract grants.

    Returns:
        The cells, as JSON.
    """
    bound = granted.bound
    groups = answer(
        granted.table,
        group_by=bound.group_by,
        measures=bound.measures,
        keep=keep(bound),
        looks_at=looks_at(bound),
    )
    withheld = []
    released: list[tuple[GroupAnswer, dict[str, str | None]]] = []
    for group in groups:
        if group.status == "withheld":
            withheld.append(_withheld(bound, group))
        elif group.status == "released" and (
            group.contributors_at_least < granted.minimum_contributors
        ):
            withheld.append({"key": _key(bound, group.key), "reason": "minGroupSize"})
        else:
            released.append((group, _values(bound, group)))
    standing = Standing(granted)
    told = [standing.of(group) for group, _ in released]
    sizes = _most_bytes(bound, [group.key for group, _ in released], told)
    parts = {group.key: part for (group, _), part in zip(released, told, strict=True)}
    chosen = _select(bound, released)
    return Cells(
        released=tuple(
            _released(bound, group, values) | parts[group.key] for group, values in chosen
        ),
        withheld=tuple(withheld),
        filtered=len(released) - len(chosen),
        most_bytes=sum(sizes if bound.limit is None else sizes[: bound.limit]),
    )


def total_cells(
    bound: BoundQuery,
    released: Sequence[GroupAnswer],
    withheld: Sequence[Sequence[int]],
    *,
    reason: str,
) -> Cells:
    """Make the cells of a total over several providers, from sums that the asker decrypted.

    Args:
        bound: The question.
        released: The cells that all providers released.
        withheld: Keys of the others.
        reason: Why they are withheld.
    """
    valued = [(group, _values(bound, group)) for group in released]
    chosen = _select(bound, valued)
    return Cells(
        released=tuple(_released(bound, group, values) for group, values in chosen),
        withheld=tuple({"key": _key(bound, key), "reason": reason} for key in withheld),
        filtered=len(valued) - len(chosen),
    )


def _most_bytes(
    bound: BoundQuery, keys: Sequence[Sequence[int]], told: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Return what each released cell takes at most as JSON, the largest first: no figure is read.

    Args:
        bound: The question.
        keys: Code indices of each cell.
        told: What is said of its data versions.
    """
    values = dict.fromkeys((output.name for output in bound.outputs), WIDEST)
    fixed = len(canonical({"key": {}, "status": "released", "values": values})) + 1
    dimensions = [bound.schema.dimensions[index] for index in bound.group_by]
    names = sum(len(canonical(d.name)) + 2 for d in dimensions)
    codes = [
        {code: len(canonical(d.codes[code])) for code in {key[place] for key in keys}}
        for place, d in enumerate(dimensions)
    ]
    return sorted(
        (
            fixed
            + names
            + sum(known[code] for known, code in zip(codes, key, strict=True))
            + (len(canonical(part)) if part else 0)
            for key, part in zip(keys, told, strict=True)
        ),
        reverse=True,
    )


def _select(
    bound: BoundQuery, released: list[tuple[GroupAnswer, dict[str, str | None]]]
) -> list[tuple[GroupAnswer, dict[str, str | None]]]:
    """Apply HAVING, ORDER BY and LIMIT to released cells."""
    having = bound.having
    if having is not None:
        released = [(g, v) for g, v in released if having.holds(_numbers(v))]
    # from the least important item to the most; sorting is stable. Averages of nothing come last
    for item in reversed(bound.order_by):
        if isinstance(item.by, int):
            place = item.by
            released.sort(key=lambda cell: cell[0].key[place], reverse=item.descending)
        else:
            name = item.by
            there = [cell for cell in released if cell[1][name] is not None]
            there.sort(key=lambda cell: Decimal(cell[1][name] or 0), reverse=item.descending)
            released = there + [cell for cell in released if cell[1][name] is None]
    return released if bound.limit is None else released[: bound.limit]


def _numbers(values: dict[str, str | None]) -> dict[str, Decimal | None]:
    return {name: None if text is None else Decimal(text) for name, text in values.items()}


def _released(
    bound: BoundQuery, group: GroupAnswer, values: dict[str, str | None]
) -> dict[str, Any]:
    return {"key": _key(bound, group.key), "status": group.status, "values": values}


def _withheld(bound: BoundQuery, group: GroupAnswer) -> dict[str, Any]:
    """Say together with which cells, and which codes outside the filter, one would be released."""
    cell: dict[str, Any] = {"key": _key(bound, group.key), "reason": "protected"}
    if group.together_with:
        cell["togetherWith"] = [_key(bound, key) for key in group.together_with]
    block = group.block
    if block is not None and block.releasable and block.widen:
        dimensions = bound.schema.dimensions
        cell["widen"] = {
            dimensions[index].name: [dimensions[index].codes[code] for code in codes]
            for index, codes in block.widen
        }
    return cell


def _key(bound: BoundQuery, key: Sequence[int]) -> dict[str, str]:
    dimensions = (bound.schema.dimensions[index] for index in bound.group_by)
    return {d.name: d.codes[code] for d, code in zip(dimensions, key, strict=True)}


def _values(bound: BoundQuery, group: GroupAnswer) -> dict[str, str | None]:
    sums = dict(zip(bound.measures, group.sums or (), strict=True))
    return {output.name: _value(output, group.rows or 0, sums) for output in bound.outputs}


def _value(output: BoundOutput, rows: int, sums: dict[str, int]) -> str | None:
    if output.function == "count":
        return str(rows)
    total = sums[output.measure]
    if output.function == "sum":
        return decimal_text(total, output.scale)
    if rows == 0:
        return None  # the average of nothing
    return decimal_text(round_half_even(total * 10**AVG_DECIMALS, rows), output.scale)


def round_half_even(numerator: int, denominator: int) -> int:
    """Return the whole number nearest to a fraction, the even one of two.

    Args:
        numerator: Any whole number.
        denominator: A positive one.
    """
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    up = twice > denominator or (twice == denominator and quotient % 2 == 1)
    return quotient + up


def decimal_text(value: int, scale: int) -> str:
    """Return ``value / 10**scale`` exactly, with all its decimal places.

    Args:
        value: A whole number in units of the scale.
        scale: Decimal places.
    """
    if scale == 0:
        return str(value)
    digits = str(abs(value)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"
