"""An outline as a product file: what is decided, in the words that publishing reads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from catalog import outline_words as words
from catalog.draft import type_of
from catalog.draft_names import within
from catalog.draft_reading import write_reading
from catalog.draft_sheet import Sheet, shown, written
from catalog.outline import usable_columns
from catalog.outline_forms import DECIMAL, form_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from catalog.draft_sheet import Value
    from catalog.outline import ColumnOutline, OfferOutline, Outline
    from catalog.outline_days import DaysOutline
    from catalog.surveyed import ColumnSurvey, Survey
    from crypto.words import Language

_LABELS: Final = {"dimension": "group_key", "measure": "aggregate"}
_WIDEST: Final = (
    60  # places before and behind the point: `1e999999999` is short, its digits are not
)
_DIGITS, _PLACES = 14, 4  # of numbers of which nothing is known
OFFERS_BEGIN: Final = "offer = ["  # lines of their own
TABLE_ENDS: Final = "]"
_NO_VALUE: Final = ("empty", "no_value", "(empty)")


class _Decided(Sheet):
    """A sheet on which nothing is left to decide."""

    def decide(self, _words: object, /, **_facts: object) -> None:
        """Says nothing: it was confirmed."""


def product_text(
    outline: Outline,
    survey: Survey,
    *,
    language: Language,
    file: str,
    space: str,
) -> str:
    """Writes the product file.

    Args:
        outline: What was decided.
        survey: What the file holds.
        language: Of the comments.
        file: Name of the data file.
        space: The owner's data space, whose members an offer may be for.
    """
    made = _Decided(language)
    about = outline.about
    made.say(words.HEAD, name=shown(file))
    made.say(words.CODES_INSIDE)
    made.line()
    made.put("id", about.id)
    made.put("table", about.table)
    made.put("domain", about.domain)
    made.put("level", about.level)
    contributor = next(iter(outline.of("contributor")), None)
    if contributor is not None:
        made.put("contributor", contributor.name)
        if contributor.empty == "drop":
            made.put("empty_contributor", "drop")
    if about.separate_rows:
        made.put("separate_rows", value=True)
    if about.zone:
        made.put("zone", about.zone)
    _texts(made, "title", about.title_zh, about.title_en, about.id)
    _texts(made, "description", about.description_zh, about.description_en, "")
    columns = _columns(made, outline, survey)
    _dimensions(made, outline, survey)
    _measures(made, outline, survey)
    if outline.offer is not None and outline.offer.names_somebody:
        _offer(made, outline.offer, space)
    write_reading(
        made,
        columns,
        survey=survey,
        contributor="" if contributor is None else contributor.name,
    )
    return made.text


def _texts(made: Sheet, key: str, zh: str, en: str, fallback: str) -> None:
    zh, en = zh or en or fallback, en or zh or fallback
    if zh:
        made.line(f"{key} = {{ zh = {written(zh)}, en = {written(en)} }}")


def _columns(made: Sheet, outline: Outline, survey: Survey) -> list[tuple[str, ColumnSurvey]]:
    """Declares what is in use, and others as `never` while there is room."""
    taken = {place for one in outline.days for place in (one.later, one.earlier)}
    used = taken | {column.place for column in outline.columns if column.role != "unused"}
    headers = [column.source for column in survey.columns]
    declared = within(headers, usable_columns(survey), used)
    told = []
    made.line()
    made.line("column = [")
    for column in outline.columns:
        if not declared[column.place]:
            continue
        found = survey.columns[column.place]
        read = replace(found, form=form_of(found, column))
        if read.form == DECIMAL and not found.digits:
            read = replace(read, digits=_DIGITS, places=_PLACES)
        told.append((column.name, read))
        made.row(
            name=column.name,
            source=found.source if found.source != column.name else None,
            type=type_of(read),
            disclosure=_labels(column, taken),
        )
    made.line("]")
    return told


def _labels(column: ColumnOutline, taken: AbstractSet[int]) -> Value | tuple[Value, ...]:
    """Gives what a column may be used for; a day may be grouped by and be taken from another."""
    label = _LABELS.get(column.role, "")
    if column.place not in taken:
        return label or "never"
    return (label, "aggregate") if label and label != "aggregate" else "aggregate"


def _title(column: ColumnOutline | DaysOutline) -> str:
    if not (column.zh or column.en):
        return ""
    zh, en = column.zh or column.en, column.en or column.zh
    return f", title = {{ zh = {written(zh)}, en = {written(en)} }}"


def _row(
    made: Sheet, column: ColumnOutline | DaysOutline, **values: Value | tuple[Value, ...]
) -> None:
    inside = ", ".join(f"{key} = {written(v)}" for key, v in values.items() if v is not None)
    made.line(f"  {{ {inside}{_title(column)} }},")


def _dimensions(made: Sheet, outline: Outline, survey: Survey) -> None:
    made.line()
    made.line("dimension = [")
    taken = {column.name for column in outline.columns}
    for column in outline.of("dimension"):
        found = survey.columns[column.place]
        kind = form_of(found, column).type
        name, quoted = column.name, f'"{column.name}"'
        if column.cut in ("year", "quarter", "month"):
            own = f"{name[:50]}_{column.cut}"
            while own in taken:
                own += "_"
            taken.add(own)
            ends = {"quarter": (1, 4), "month": (1, 12)}.get(
                column.cut, (_whole(column.lower), _whole(column.upper))
            )
            _row(made, column, name=own, expression=f"{column.cut}({quoted})", range=ends)
        elif column.cut == "range":
            ends = (_whole(column.lower), _whole(column.upper))
            _row(made, column, name=name, range=ends, unit=column.unit or None)
        elif column.cut == "bins":
            edges = tuple(map(_edge, column.codes))
            listed = ", ".join(edges)
            whole = ", whole = true" if kind == "integer" else ""
            unit = f", unit = {written(column.unit)}" if column.unit else ""
            made.line(
                f"  {{ name = {written(name)}, bins = [{listed}]{whole}{unit}{_title(column)} }},"
            )
        elif kind == "integer":
            _row(made, column, name=name, codes=tuple(map(_whole, column.codes)))
        elif found.empty and kind == "text":
            code = _free({*column.codes, *found.codes})
            given = f"coalesce({quoted}, '{code}')"
            _row(made, column, name=name, expression=given, codes=(*column.codes, code))
        else:
            _row(made, column, name=name, codes=column.codes)
    made.line("]")


def _free(taken: AbstractSet[str]) -> str:
    """Returns a code for rows without a value that no row with one has."""
    more = (f"(empty {number})" for number in count(2))
    return next(code for code in chain(_NO_VALUE, more) if code not in taken)


def _measures(made: Sheet, outline: Outline, survey: Survey) -> None:
    listed = outline.of("measure")
    if not listed and not outline.days:
        return
    made.line()
    made.line("measure = [")
    for column in listed:
        empty = column.empty if column.empty in ("zero", "skip") else None
        _row(
            made,
            column,
            name=column.name,
            bounds=(_number(column.lower), _number(column.upper)),
            unit=column.unit or None,
            empty=empty,
        )
    for days in outline.days:
        names = [outline.columns[place].name for place in (days.later, days.earlier)]
        lacks = any(survey.columns[place].empty for place in (days.later, days.earlier))
        _row(
            made,
            days,
            name=days.name,
            expression=" - ".join(f'"{name}"' for name in names),
            bounds=(_whole(days.lower), _whole(days.upper)),
            unit="d",
            empty="skip" if lacks else None,
        )
    made.line("]")


def _offer(made: Sheet, offer: OfferOutline, space: str) -> None:
    made.line()
    made.line(OFFERS_BEGIN)
    made.row(
        name="standard",
        purposes=offer.purposes,
        modes=("masked",),
        count=offer.count,
        recipients=offer.recipients if offer.audience == "named" else None,
        members_of=space if offer.audience == "space" else None,
        min_group_size=offer.minimum,
        valid_until=f"{offer.until}Z" if len(offer.until) == 10 else offer.until or None,
    )
    made.line(TABLE_ENDS)


def _number(text: str) -> Value:
    """Returns a number as it was written; another text stays one, and is refused by its reader."""
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not found.is_finite() or not -_WIDEST <= found.adjusted() <= _WIDEST:
        return text
    exponent = found.as_tuple().exponent
    return found if isinstance(exponent, int) and exponent >= -_WIDEST else text


def _whole(text: str) -> Value:
    found = _number(text)
    if isinstance(found, Decimal) and found == found.to_integral_value():
        return int(found)
    return text


def _edge(text: str) -> str:
    found = text.strip().lower()
    return found if found in ("inf", "-inf") else written(_number(text))
