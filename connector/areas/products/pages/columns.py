"""Step 1 of the wizard: what each column is for, guessed and then confirmed by a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from catalog.draft_reasons import reasons_of
from catalog.outline import CUTS, MOST_ORDER, ColumnOutline, usable_columns
from catalog.outline_faults import field_words
from catalog.outline_forms import form_of, forms_of
from catalog.outline_words import FIELDS, FROM_ONE
from catalog.survey_json import survey_from_json
from catalog.time_formats import readable
from connector.areas.products import problems_drafts as problems
from connector.areas.products.draft_api import RUNS
from connector.areas.products.draft_faults import field_of
from connector.areas.products.draft_operations import COLUMNS
from connector.areas.products.draft_records import Columns
from connector.areas.products.draft_rows import lacking
from connector.areas.products.operations import STEWARDS
from connector.areas.products.pages import columns_words as words
from connector.areas.products.pages.days import days_sent, days_shown
from connector.areas.products.pages.wizard import (
    around,
    call_of,
    common_forms,
    draft_of,
    number_of,
    read_typed,
    seen_of,
    to_step,
)
from connector.console.page import Form, Page
from connector.process.errors import BadRequest
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.forms import Form as Written
    from catalog.surveyed import ColumnSurvey
    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Spoken

_PER_PAGE: Final = 50  # columns that are not in use
_FIELD: Final = re.compile(r"c(\d{1,3})_role")
_TYPES: Final = {
    "text": words.TYPE_TEXT,
    "integer": words.TYPE_INTEGER,
    "decimal": words.TYPE_DECIMAL,
    "date": words.TYPE_DATE,
    "timestamp": words.TYPE_TIMESTAMP,
    "boolean": words.TYPE_BOOLEAN,
}
ROLES: Final = (
    ("contributor", words.CONTRIBUTOR),
    ("dimension", words.DIMENSION),
    ("measure", words.MEASURE),
    ("unused", words.UNUSED),
)
_CUTS: Final = {
    "codes": words.CUT_CODES,
    "range": words.CUT_RANGE,
    "bins": words.CUT_BINS,
    "year": words.CUT_YEAR,
    "quarter": words.CUT_QUARTER,
    "month": words.CUT_MONTH,
}
_EMPTIES: Final = {
    "contributor": (("error", words.EMPTY_ERROR), ("drop", words.EMPTY_DROP)),
    "measure": (
        ("error", words.EMPTY_ERROR),
        ("zero", words.EMPTY_ZERO),
        ("skip", words.EMPTY_SKIP),
    ),
}
_CONFIRMS: Final = {
    "contributor": words.CONFIRM_CONTRIBUTOR,
    "dimension": words.CONFIRM_DIMENSION,
    "measure": words.CONFIRM_MEASURE,
}
_LIKE: Final = {"integer": "1{0}234", "decimal": "1{0}234{1}5"}


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives the columns: those in use first, each with what is decided of it."""
    shown = draft_of(node, visit)
    made = around(shown, "columns")
    if shown.outline is None or shown.survey is None:
        return made | {"columns": [], "others": [], "rows": 0, "left": 0, "missing": (), "more": ""}
    survey = survey_from_json(shown.survey)
    usable = usable_columns(survey)
    reasons = reasons_of(survey, usable)
    used: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for column in shown.outline.columns:
        told = _column(column, survey.columns[column.place], ok=usable[column.place])
        told["reason"] = reasons[column.place]
        (others if column.role == "unused" else used).append(told)
    order = [role for role, _ in ROLES]
    used.sort(key=lambda one: (order.index(one["role"]), one["order"]))
    begin = number_of(visit.asked("from", "0")) or 0
    end = begin + _PER_PAGE
    here = f"/drafts/{shown.draft.id}/columns"
    return made | {
        "columns": used,
        "others": others[begin:end],
        "more": f"{here}?from={end}" if end < len(others) else "",
        "days": days_shown(shown.outline, survey, usable),
        "rows": survey.rows,
        "left": len(shown.outline.unconfirmed),
        "missing": lacking(shown.outline),
        "roles": ROLES,
        "sheets": [(name, verbatim(name)) for name in shown.sheets],
        "sheet": shown.sheet,
    }


def _column(column: ColumnOutline, found: ColumnSurvey, *, ok: bool) -> dict[str, Any]:
    form = form_of(found, column)
    cut = column.cut
    return {
        "at": f"c{column.place}",
        "place": column.place,
        "source": found.source,
        "role": column.role,
        "order": column.order,
        "outline": column,
        "type": written_like(form),
        "samples": found.samples,
        "distinct": found.distinct,
        "without": found.empty + found.worded,
        "rare": found.rare,
        "usable": ok,
        "readings": [(number, written_like(one)) for number, one in enumerate(forms_of(found))],
        "cuts": [(key, _CUTS[key]) for key in CUTS[form.type]],
        "has_ends": cut in ("range", "year"),
        "has_codes": cut in ("codes", "bins"),
        "codes_said": words.EDGES if cut == "bins" else words.CODES,
        "codes": "\n".join(column.codes),
        "empties": _EMPTIES.get(column.role, ()),
        "confirm": _CONFIRMS.get(column.role, words.CONFIRM_DIMENSION),
    }


def written_like(form: Written) -> Spoken:
    """Says how a column's texts are written: the type, and an example where it is not usual."""
    kind = _TYPES[form.type]
    if form.type in _LIKE and (form.thousands or form.decimal != "." or form.percent):
        like = _LIKE[form.type].format(form.thousands, form.decimal) + ("%" * form.percent)
        return words.WRITTEN.of(type=kind, like=like)
    if form.format:
        return words.WRITTEN.of(type=kind, like=readable(form.format))
    return kind


def _read(visit: Visit) -> Call:
    columns = [
        _decided(visit, found[1]) for name in visit.given if (found := _FIELD.fullmatch(name))
    ]
    return call_of(
        visit, Columns(seen=seen_of(visit), columns=tuple(columns), days=days_sent(visit))
    )


def _decided(visit: Visit, place: str) -> ColumnOutline:
    def sent(name: str, default: str = "") -> str:
        return visit.sent(f"c{place}_{name}", default).strip()

    role, cut = sent("role"), sent("cut", "codes")
    # whoever changes what a column is for has not looked at what that asks to confirm
    same = role == sent("was") and cut == sent("cut_was", "codes")
    shown = f"c{place}_order" in visit.given
    # by the break that a browser sends alone: others are part of a code
    lines = visit.sent(f"c{place}_codes").replace("\r\n", "\n").split("\n")
    told = {
        "place": int(place),
        "role": role,
        "name": sent("name"),
        "zh": sent("zh"),
        "en": sent("en"),
        "unit": sent("unit"),
        "reading": number_of(sent("reading", "0")) or 0,
        "cut": cut,
        "codes": [line for line in lines if line.strip()],
        "lower": sent("lower"),
        "upper": sent("upper"),
        "empty": sent("empty", "error"),
        "order": _order(sent, int(place)) if role == "dimension" and shown else 0,
        "confirmed": same and role != "unused" and sent("confirmed") == "yes",
    }
    fields = {key: (field_of(int(place), key), field_words(key)) for key in told if key in FIELDS}
    return read_typed(ColumnOutline, told, fields, problems.COLUMN_FIELD, column=sent("name")[:63])


def _order(sent: Callable[..., str], place: int) -> int:
    """Reads how important a dimension is; nothing is cut down to what would be taken."""
    text = sent("order")
    found = number_of(text)
    if found is not None and 1 <= found <= MOST_ORDER:
        return found
    raise BadRequest(
        problems.COLUMN_FIELD,
        column=sent("name")[:63],
        what=field_words("order"),
        expected=FROM_ONE,
        got=f"`{text[:40]}`",
        field=field_of(place, "order"),
    )


COLUMNS_PAGE: Final = Page(
    name="products.columns",
    path="/drafts/{draft_id}/columns",
    title=words.TITLE,
    may=STEWARDS,
    view=view,
    template="products/columns.html",
    words=words,
    forms=(
        Form(
            name="columns",
            operation=COLUMNS,
            run=RUNS[COLUMNS.name],
            read=_read,
            then=to_step("columns"),
            done=words.SAVED,
        ),
        *common_forms("columns"),
    ),
)
