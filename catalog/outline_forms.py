"""How a column of a product that is being made is read: the forms that fit it, the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.forms import TEXT, Form

if TYPE_CHECKING:
    from catalog.outline import ColumnOutline
    from catalog.surveyed import ColumnSurvey

DECIMAL: Final = Form(type="decimal")  # of a column in which some values are none
DAY: Final = Form(type="date")


def form_of(column: ColumnSurvey, outline: ColumnOutline) -> Form:
    """Returns the way in which a column is read."""
    forms = forms_of(column)
    return forms[min(outline.reading, len(forms) - 1)]


def forms_of(column: ColumnSurvey) -> tuple[Form, ...]:
    """Returns the ways in which a column may be read: those that fit all of it come first.

    The others are for who knows better: a preview names the values that do not fit.
    """
    rest = (DECIMAL, DAY) if column.form == TEXT else (TEXT,)
    return tuple(dict.fromkeys((column.form, *column.others, *rest)))
