"""A first product file, drafted from what a file was found to hold.

It is cautious: what could tell of somebody is `never`, nothing is on offer, and wherever it takes a
person to decide a comment says what and why. Read strictly, it is a product, or its comments say
what is missing yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog import draft_words as words
from catalog.draft_names import identifier_of, nameable, names_of, within
from catalog.draft_offer import write_offer, write_terms
from catalog.draft_reading import write_doubts, write_reading
from catalog.draft_roles import MOST_CELLS, bounds_of, is_id, is_private, roles_of
from catalog.draft_sheet import Sheet, shown
from catalog.forms import TEXT
from catalog.surveyed import FEWEST, MOST_CODES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.draft_roles import Roles
    from catalog.surveyed import ColumnSurvey, Survey
    from crypto.words import Language

_NO_VALUE: Final = ("empty", "no_value", "(empty)")  # the code of rows without a value
_MOST_MENTIONED: Final = 20  # columns that comments speak of, though nothing is done with them


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted product file.

    Attributes:
        text: Its TOML.
        decisions: What a person must decide, as its comments say it.
        lacking: The keys without which it is no product yet.
    """

    text: str
    decisions: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the parts of a draft share: the columns as they are declared, names and roles."""

    sheet: Sheet
    survey: Survey
    columns: tuple[ColumnSurvey, ...]
    names: tuple[str, ...]
    usable: tuple[bool, ...]
    declared: tuple[bool, ...]
    roles: Roles


def draft_product(survey: Survey, name: str, language: Language, today: date) -> Draft:
    """Drafts the product file of a table.

    Args:
        survey: What its data hold.
        name: The name of the file, the folder or the table, without where it is.
        language: Of the comments.
        today: From which the time of an offer counts.
    """
    sheet = Sheet(language)
    headers = [column.source for column in survey.columns]
    usable = tuple(
        ok and not c.unreadable for ok, c in zip(nameable(headers), survey.columns, strict=True)
    )
    zoned, columns = _one_clock(survey.columns)
    survey = replace(survey, columns=columns)
    roles = roles_of(survey, usable)
    used = {*roles.dimensions, *roles.measures, *roles.more_measures[:_MOST_MENTIONED]}
    used |= set() if roles.contributor is None else {roles.contributor}
    declared = within(headers, usable, used)
    known = _Known(sheet, survey, columns, names_of(headers), usable, declared, roles)
    stem = name.rsplit("/", maxsplit=1)[-1].split(".", maxsplit=1)[0]
    sheet.say(words.HEAD, name=shown(name), rows=survey.rows)
    sheet.say(words.HOW)
    sheet.say(words.CODES_INSIDE)
    sheet.line()
    sheet.put("id", identifier_of(stem, between="-", fallback="my-data"))
    sheet.put("table", identifier_of(stem, between="_", fallback="my_data"))
    title = "".join(c for c in stem if c.isprintable()).strip()[:100]
    sheet.put("title", title or "my data")
    write_terms(sheet)
    _contributor(known)
    if zoned:
        sheet.decide(words.ZONE)
        sheet.put("zone", "UTC")
    _columns(known, mixed=[c for c in columns if _lost_zone(c)])
    _dimensions(known)
    _measures(known)
    write_offer(sheet, today)
    contributor = "" if roles.contributor is None else known.names[roles.contributor]
    told = [(n, c) for n, c, ok in zip(known.names, columns, declared, strict=True) if ok]
    write_reading(sheet, told, survey=survey, contributor=contributor)
    lacking = (("contributor",) if not contributor else ()) + (
        () if roles.dimensions else ("dimension",)
    )
    return Draft(sheet.text, tuple(sheet.decisions), lacking)


def _one_clock(columns: Sequence[ColumnSurvey]) -> tuple[bool, tuple[ColumnSurvey, ...]]:
    """Makes timestamps with an offset texts, if others have none: a product has one kind."""
    times = [c.form.zoned for c in columns if c.form.type == "timestamp"]
    if not times or all(times) or not any(times):
        return bool(times) and all(times), tuple(columns)
    return False, tuple(
        replace(c, form=TEXT, others=(c.form,), low=None, high=None) if c.form.zoned else c
        for c in columns
    )


def _lost_zone(column: ColumnSurvey) -> bool:
    return column.form == TEXT and any(other.zoned for other in column.others)


def _contributor(known: _Known) -> None:
    sheet, place = known.sheet, known.roles.contributor
    sheet.line()
    if place is None:
        sheet.decide(words.NOBODY)
        sheet.line('# contributor = "column"')
        return
    column = known.columns[place]
    said = words.BY_NAME if known.roles.by_name else words.BY_VALUES
    sheet.decide(said, column=shown(column.source), count=column.distinct)
    if column.distinct < 2 * 5:
        sheet.decide(words.FEW, count=column.distinct)
    sheet.put("contributor", known.names[place])
    if column.empty or column.worded:
        sheet.decide(words.DROPPED, rows=column.empty + column.worded)
        sheet.put("empty_contributor", "drop")


def _columns(known: _Known, mixed: Sequence[ColumnSurvey]) -> None:
    sheet = known.sheet
    sheet.line()
    sheet.say(words.COLUMNS)
    if any(n.startswith("column_") for n in known.names):
        sheet.decide(words.NAMES)
    for column in mixed:
        sheet.decide(words.MIXED_ZONES, column=shown(column.source))
    if known.survey.left_out:
        sheet.say(words.LEFT_OUT, count=known.survey.left_out)
    undeclared = sum(known.usable) - sum(known.declared)
    if undeclared:
        sheet.say(words.UNDECLARED, count=undeclared)
    sheet.line("column = [")
    for place, column in enumerate(known.columns):
        if not known.usable[place]:
            if column.fault is not None:
                sheet.decide(words.FAULTY, header=shown(column.source), fault=column.fault)
                continue
            said = words.UNREADABLE if column.unreadable else words.UNNAMEABLE
            sheet.say(said, header=shown(column.source), place=place + 1)
            continue
        if not known.declared[place]:
            continue
        if not _lost_zone(column):
            write_doubts(sheet, column)
        name = known.names[place]
        sheet.row(
            name=name,
            source=column.source if column.source != name else None,
            type=type_of(column),
            disclosure=_disclosure(known.roles, place),
        )
    sheet.line("]")


def _disclosure(roles: Roles, place: int) -> str:
    if place in roles.dimensions:
        return "group_key"
    return "aggregate" if place in roles.measures else "never"


def type_of(column: ColumnSurvey) -> str:
    """Returns the type of a column as a product file writes it, with some room for later data."""
    if column.form.type != "decimal":
        return column.form.type
    digits = min(30, max(column.digits, 1) + column.places + 3)
    return f"decimal({digits},{column.places})"


def _dimensions(known: _Known) -> None:
    sheet, roles = known.sheet, known.roles
    sheet.line()
    sheet.decide(words.DIMENSIONS)
    rows = known.survey.rows
    for place in roles.more_dimensions[:_MOST_MENTIONED]:
        column = known.columns[place]
        count = len(column.codes) or column.distinct
        sheet.say(words.COULD_GROUP, column=shown(column.source), count=count)
    for place, column in enumerate(known.columns):
        told = is_private(column) or is_id(column, rows) or place == roles.contributor
        if known.usable[place] and column.rare and column.form.type != "boolean" and not told:
            facts = {"count": column.rare, "least": FEWEST}
            sheet.decide(words.RARE_CODES, column=shown(column.source), **facts)
        many = column.form.type == "text" and MOST_CODES < column.distinct <= MOST_CELLS
        if known.usable[place] and many and not told:
            facts = {"count": column.distinct, "most": MOST_CODES}
            sheet.say(words.TOO_MANY_CODES, column=shown(column.source), **facts)
    if not roles.dimensions:
        sheet.decide(words.NO_DIMENSION, most=MOST_CODES)
        sheet.line(
            '# dimension = [{ name = "year", expression = \'year("day")\', range = [2024, 2026] }]'
        )
        return
    sheet.say(words.NEWER_CODES)
    taken = set(known.names)
    sheet.line("dimension = [")
    for place in roles.dimensions:
        _dimension(sheet, known.names[place], known.columns[place], taken)
    sheet.line("]")


def _dimension(sheet: Sheet, name: str, column: ColumnSurvey, taken: set[str]) -> None:
    if column.form.type == "date":
        assert column.low is not None
        assert column.high is not None
        year = f"{name[:50]}_year"
        while year in taken:
            year += "_"
        taken.add(year)
        span = (int(column.low), int(column.high))
        sheet.row(name=year, expression=f'year("{name}")', range=span)
    elif column.form.type == "boolean":
        sheet.row(name=name, codes=("false", "true"))
    elif column.form.type == "integer":
        codes = sorted(map(int, column.codes))
        if codes == list(range(codes[0], codes[-1] + 1)):
            sheet.row(name=name, range=(codes[0], codes[-1]))
        else:
            sheet.row(name=name, codes=codes)
    elif column.empty:
        code = next(code for code in _NO_VALUE if code not in column.codes)
        sheet.decide(
            words.WITHOUT_VALUE, column=shown(column.source), rows=column.empty, code=shown(code)
        )
        sheet.row(
            name=name, expression=f"coalesce(\"{name}\", '{code}')", codes=(*column.codes, code)
        )
    else:
        sheet.row(name=name, codes=column.codes)


def _measures(known: _Known) -> None:
    sheet, roles = known.sheet, known.roles
    sheet.line()
    if not roles.measures:
        sheet.decide(words.NO_MEASURE)
        return
    sheet.decide(words.MEASURES)
    sheet.line("measure = [")
    for place in roles.measures:
        _measure(sheet, known.names[place], known.columns[place])
    if roles.more_measures:
        sheet.say(words.MORE_MEASURES)
        sheet.off(on=True)
        for place in roles.more_measures[:_MOST_MENTIONED]:
            _measure(sheet, known.names[place], known.columns[place])
        sheet.off(on=False)
    sheet.line("]")


def _measure(sheet: Sheet, name: str, column: ColumnSurvey) -> None:
    low, high = column.low or Decimal(0), column.high or Decimal(0)
    if column.empty:
        sheet.decide(words.SKIPPED, column=shown(column.source), rows=column.empty)
    sheet.row(name=name, bounds=bounds_of(low, high), empty="skip" if column.empty else None)
