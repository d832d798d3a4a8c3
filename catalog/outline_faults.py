"""What is wrong with a decision about a column, said of the field in which it was typed.

A product file is written of an outline, and its reader names keys of that file. Whoever decides
column by column has seen none: here each fault is of a column and of what stands beside it there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog import outline_words as words
from catalog.draft_names import within
from catalog.errors import ProductError
from catalog.outline import ColumnOutline, usable_columns
from catalog.outline_forms import form_of
from catalog.product_names import read_name
from catalog.toml_fields import Fields, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.outline import Outline
    from catalog.outline_days import DaysOutline
    from catalog.surveyed import Survey
    from crypto.words import Spoken

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{1,30})?|\.[0-9]{1,30})")
_PART: Final = re.compile(r"(column|dimension|measure)\[([0-9]+)\]\.([a-z_]+)")
_TYPED: Final = {
    "name": "name",
    "source": "name",
    "title": "zh",
    "unit": "unit",
    "codes": "codes",
    "bins": "codes",
    "whole": "codes",
    "range": "lower",
    "bounds": "lower",
    "scale": "lower",
    "empty": "empty",
    "expression": "reading",
    "type": "reading",
    "disclosure": "role",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One field that cannot be taken.

    Attributes:
        place: Of the column; -1 and less for the first measure of days, and so on.
        key: Of the field: one of those of a `ColumnOutline`.
        expected: What should stand there.
        got: What stands there.
    """

    place: int
    key: str
    expected: object
    got: object


def faults_of(outline: Outline, survey: Survey, before: Outline) -> Iterator[Fault]:
    """Gives what was typed wrong, column by column; what nobody was asked for yet is not.

    Args:
        outline: What is decided now.
        survey: What the file holds.
        before: What was decided before: what it shows was asked for.
    """
    asked = {column.place: (column.role, column.cut, column.reading) for column in before.columns}
    names: dict[str, int] = {}
    for column in outline.columns:
        if column.role == "unused":
            continue
        yield from _of_name(column, names)
        known = asked.get(column.place) == (column.role, column.cut, column.reading)
        yield from _of_ends(column, known=known)
        yield from _of_codes(column, survey)
    yield from _of_order(outline)
    for number, days in enumerate(outline.days):
        yield from _of_days(outline, survey, days, -1 - number, names)


def _of_days(
    outline: Outline, survey: Survey, days: DaysOutline, place: int, names: dict[str, int]
) -> Iterator[Fault]:
    for key, at in (("later", days.later), ("earlier", days.earlier)):
        known = at < len(survey.columns)
        kind = form_of(survey.columns[at], outline.columns[at]).type if known else ""
        if kind != "date" or not usable_columns(survey)[at]:
            yield Fault(place=place, key=key, expected=words.A_COLUMN_OF_DAYS, got=shown(kind))
    if days.later == days.earlier:
        yield Fault(place=place, key="earlier", expected=words.ANOTHER_COLUMN, got=words.THE_SAME)
    made = ColumnOutline(
        place=0, role="measure", name=days.name, lower=days.lower, upper=days.upper
    )
    found = [*_of_name(made, names), *_of_ends(made, known=True, whole=True)]
    yield from (replace(one, place=place) for one in found)


def _of_name(column: ColumnOutline, names: dict[str, int]) -> Iterator[Fault]:
    try:
        read_name(Fields({"name": column.name}), "name")
    except ProductError as error:
        yield Fault(
            place=column.place,
            key="name",
            expected=error.params.get("expected", words.A_NAME),
            got=shown(column.name or None),
        )
    if column.name in names:
        yield Fault(
            place=column.place, key="name", expected=words.OTHER_NAME, got=shown(column.name)
        )
    names[column.name] = column.place


def _of_ends(column: ColumnOutline, *, known: bool, whole: bool = False) -> Iterator[Fault]:
    ends = (("lower", column.lower), ("upper", column.upper))
    if column.role == "measure" and not whole:
        pattern, expected = _NUMBER, words.A_PLAIN_NUMBER
    elif whole or (column.role == "dimension" and column.cut in ("range", "year")):
        pattern, expected = _WHOLE, words.A_PLAIN_WHOLE
    else:
        return
    sound = True
    for key, text in ends:
        if not text.strip() and not known:
            sound = False
        elif not pattern.fullmatch(text.strip()):
            sound = False
            got = shown(text.strip() or None)
            yield Fault(place=column.place, key=key, expected=expected, got=got)
    if not sound:
        return
    lower, upper = Decimal(column.lower.strip()), Decimal(column.upper.strip())
    if lower > upper:
        above = words.NOT_BELOW.of(lower=column.lower.strip())
        yield Fault(place=column.place, key="upper", expected=above, got=shown(column.upper))
    if column.role == "measure" and column.empty == "zero" and not lower <= 0 <= upper:
        key, text = ("lower", column.lower) if lower > 0 else ("upper", column.upper)
        yield Fault(place=column.place, key=key, expected=words.WITH_ZERO, got=shown(text))


def _of_codes(column: ColumnOutline, survey: Survey) -> Iterator[Fault]:
    if column.role != "dimension" or column.cut not in ("codes", "bins"):
        return
    whole = form_of(survey.columns[column.place], column).type == "integer"
    if column.cut == "codes":
        for text in column.codes if whole else ():
            if not _WHOLE.fullmatch(text.strip()):
                yield Fault(
                    place=column.place,
                    key="codes",
                    expected=words.A_PLAIN_WHOLE,
                    got=shown(text.strip()),
                )
        return
    last: Decimal | None = None
    for text in (code.strip().lower() for code in column.codes):
        if text not in ("inf", "-inf") and not (_WHOLE if whole else _NUMBER).fullmatch(text):
            expected = words.A_PLAIN_WHOLE if whole else words.A_PLAIN_NUMBER
            yield Fault(place=column.place, key="codes", expected=expected, got=shown(text))
            return
        edge = Decimal(text)
        if last is not None and edge <= last:
            yield Fault(place=column.place, key="codes", expected=words.ASCENDING, got=shown(text))
            return
        last = edge


def _of_order(outline: Outline) -> Iterator[Fault]:
    taken: dict[int, str] = {}
    for column in outline.of("dimension"):
        if column.order < 1:
            yield Fault(
                place=column.place, key="order", expected=words.FROM_ONE, got=shown(column.order)
            )
        elif column.order in taken:
            other = words.OTHER_ORDER.of(column=taken[column.order])
            yield Fault(place=column.place, key="order", expected=other, got=shown(column.order))
        else:
            taken[column.order] = column.name


def typed_at(error: ProductError, outline: Outline, survey: Survey) -> tuple[int, str] | None:
    """Says of which column and field a reader of the product file speaks; None for another part.

    Args:
        error: What the reader found.
        outline: What the product file was written of.
        survey: What the file holds.
    """
    found = _PART.match(error.field)
    if found is None or found[3] not in _TYPED:
        return None
    kind, number = found[1], int(found[2]) - 1
    if kind == "column":
        used = {column.place for column in outline.columns if column.role != "unused"}
        headers = [column.source for column in survey.columns]
        declared = within(headers, usable_columns(survey), used)
        columns = tuple(column for column in outline.columns if declared[column.place])
    else:
        columns = outline.of("dimension" if kind == "dimension" else "measure")
    if number >= len(columns):
        more = kind == "measure" and number - len(columns) < len(outline.days)
        return (len(columns) - number - 1, _TYPED[found[3]]) if more else None
    return columns[number].place, _TYPED[found[3]]


def field_words(key: str) -> Spoken:
    """Says what a field of a column is called."""
    return words.FIELDS[key]
