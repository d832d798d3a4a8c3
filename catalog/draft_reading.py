"""The table `[reading]` of a drafted product file: how the file writes what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog import draft_words as words
from catalog.draft_sheet import quoted, shown
from catalog.forms import differs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.database_source import DatabaseSource
    from catalog.draft_sheet import Sheet, Value
    from catalog.forms import Form
    from catalog.surveyed import ColumnSurvey, Survey

_UTF8 = "utf-8"
Keys = dict[str, "Value | Sequence[Value]"]


def write_reading(
    sheet: Sheet,
    columns: Sequence[tuple[str, ColumnSurvey]],
    *,
    survey: Survey,
    contributor: str,
) -> None:
    """Adds `[source]` of a database; else `[reading]`, if something is to be said of the files.

    Args:
        sheet: The draft.
        columns: Name and findings of each declared column, as it is declared.
        survey: What else was found.
        contributor: Name of the contributor's column; empty if there is none.
    """
    shared = _shared([c.form for _, c in columns])
    own = {name: _own(c, shared, named=name == contributor) for name, c in columns}
    own = {name: keys for name, keys in own.items() if keys}
    if survey.source is not None:
        _write_source(sheet, survey.source)
        return
    where = _where(survey)
    if not where and not shared and not own:
        return
    sheet.line()
    if own or shared.keys() | where.keys() & {"encoding"}:
        sheet.decide(words.READING)
    shared = {**where, **shared}
    sheet.line("[reading]")
    for key, value in shared.items():
        sheet.put(key, value)
    for name, column in columns:
        if name not in own:
            continue
        sheet.line()
        if "empty" in own[name]:
            listed = [shown(word) for word in column.nothing]
            sheet.decide(words.NOTHING_WORDS, column=shown(column.source), words=listed)
        key = name if name.isascii() else quoted(name)
        sheet.line(f"[reading.column.{key}]")
        for word, value in own[name].items():
            sheet.put(word, value)


def _where(survey: Survey) -> Keys:
    """Returns which files or sheet hold the data, and their encoding if it is no usual one."""
    found: Keys = {} if survey.encoding in ("", _UTF8) else {"encoding": survey.encoding}
    if survey.files:
        found["files"] = survey.files
    if survey.sheet:
        found["sheet"] = survey.sheet
        found |= {"header_row": survey.header_row} if survey.header_row > 1 else {}
    return found


def _write_source(sheet: Sheet, source: DatabaseSource) -> None:
    sheet.line()
    sheet.decide(words.SOURCE)
    sheet.line("[source]")
    sheet.put("database", source.database)
    if source.table is not None:
        sheet.put("table", source.table)
    else:
        sheet.put("query", source.query)


def write_doubts(sheet: Sheet, column: ColumnSurvey) -> None:
    """Adds a comment on a column that can be read in two ways of different meaning."""
    for other in column.others:
        if differs(column.form, other):
            sheet.decide(
                words.TWO_WAYS,
                column=shown(column.source),
                first=described(column.form),
                second=described(other),
            )
            return


def described(form: Form) -> str:
    """Returns how a comment names a way of writing: its type, and an example or a format."""
    if form.type in ("integer", "decimal"):
        places = "" if form.type == "integer" else f"{form.decimal}5"
        return f"{form.type} `1{form.thousands}234{places}`"
    return f"{form.type} `{form.format}`" if form.format else form.type


def _shared(forms: Sequence[Form]) -> Keys:
    """Returns what is said once: what every column that it is about agrees in."""
    found: Keys = {}
    numbers = [form for form in forms if form.type == "decimal" or form.thousands]
    points = {form.decimal for form in numbers}
    groups = {form.thousands for form in numbers if form.thousands}
    if len(points) == 1 and len(groups) <= 1 and not groups & points:
        found |= {"decimal": ","} if points == {","} else {}
        found |= {"thousands": groups.pop()} if groups else {}
    for kind in ("date", "timestamp"):
        formats = {form.format for form in forms if form.type == kind}
        if len(formats) == 1 and formats != {""}:
            found[f"{kind}_format"] = formats.pop()
    return found


def _own(column: ColumnSurvey, shared: Keys, *, named: bool) -> Keys:
    """Returns what is said of one column alone."""
    form, found = column.form, Keys()
    if form.type == "decimal" or (form.type == "integer" and form.thousands):
        if form.decimal != shared.get("decimal", "."):
            found["decimal"] = form.decimal
        if form.thousands and form.thousands != shared.get("thousands", ""):
            found["thousands"] = form.thousands
        if form.percent:
            found["percent"] = True
    key = f"{form.type}_format"
    if form.format and form.format != shared.get(key):
        found[key] = form.format
    if form.true:
        found |= {"true": form.true, "false": form.false}
    if column.nothing and (form.type != "text" or named):
        found["empty"] = column.nothing
    return found
