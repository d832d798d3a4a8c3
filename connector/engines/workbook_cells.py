"""Cells of a workbook as texts: numbers, dates and truth in the way that the product file declares.

A cell has a type of its own. So its value is written as `[reading]` says that texts of its column
are, and comes back as what it is.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.time_formats import MONTHS, parse_format
from connector.engines import problems_workbooks as problems

if TYPE_CHECKING:
    from catalog.product import Product, SourceColumn
    from catalog.reading import ColumnReading
    from crypto.words import Spoken

SHORT_YEARS: Final = range(1969, 2069)  # those that two digits stand for
_EXACT: Final = 2**53  # from here on a double stands for several whole numbers
_FIRST: Final = dt.datetime(1900, 3, 1)  # noqa: DTZ001 - before it, Excel counts a day too many
_ERRORS: Final = frozenset(
    {
        *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"),
        *("#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA"),
    }
)


def column_letters(index: int) -> str:
    """Returns the letters of a column, from 0: A, B, … AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def written(value: object, column: SourceColumn, product: Product) -> str | Spoken:
    """Returns a cell as a text of its column, or why it cannot be one."""
    how = product.reading.of(column.name)
    match value:
        case bool():
            return _truth(value, column, how)
        case int() | float():
            return _number(value, column, how)
        case dt.datetime() | dt.date():
            return _time(value, column, product)
        case dt.time() | dt.timedelta():
            return problems.NO_DAY
        case str() if value in _ERRORS and value not in how.empty:
            return problems.AN_ERROR.of(error=value)
        case _:
            return str(value)


def as_found(value: object, *, timed: bool) -> str | Spoken:
    """Returns a cell as a text, as `written` does where nothing is declared; or why it is none.

    Args:
        value: The cell.
        timed: Whether some day of its column has a time: then all are written with theirs.
    """
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            if abs(value) >= _EXACT:
                return problems.TOO_LARGE_A_NUMBER
            return f"{_exact(value):f}"
        case dt.datetime():
            if value < _FIRST:
                return problems.BEFORE_1900
            return value.isoformat(" ") if timed else value.date().isoformat()
        case dt.time() | dt.timedelta():
            return problems.NO_DAY
        case str() if value in _ERRORS:
            return problems.AN_ERROR.of(error=value)
        case _:
            return str(value)


def _exact(value: float) -> Decimal:
    number = Decimal(repr(value))
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def _truth(value: bool, column: SourceColumn, how: ColumnReading) -> str:
    if column.type == "boolean" and how.true:
        return (how.true if value else how.false)[0]
    return "TRUE" if value else "FALSE"


def _number(value: float, column: SourceColumn, how: ColumnReading) -> str | Spoken:
    if abs(value) >= _EXACT:
        return problems.TOO_LARGE_A_NUMBER
    number = _exact(value)
    if column.type not in ("integer", "decimal"):
        return f"{number:f}"
    if how.percent:
        return f"{number.scaleb(2):f}%".replace(".", how.decimal)
    return f"{number:f}".replace(".", how.decimal)


def _time(value: dt.date, column: SourceColumn, product: Product) -> str | Spoken:
    moment = value if isinstance(value, dt.datetime) else None
    if moment is None:
        moment = dt.datetime.combine(value, dt.time())
    if moment < _FIRST:
        return problems.BEFORE_1900
    whole_day = moment.time() == dt.time()
    how = product.reading.of(column.name)
    if how.format and (whole_day or column.type == "timestamp"):
        return _formatted(moment, how.format, column, product)
    if column.type == "timestamp" or not whole_day:
        return moment.isoformat(" ")
    return moment.date().isoformat()


def _formatted(
    moment: dt.datetime, text: str, column: SourceColumn, product: Product
) -> str | Spoken:
    """Writes a day or time in a declared format; what the format has no room for is refused."""
    form = parse_format(text, time=column.type == "timestamp", zoned=bool(product.zone))
    assert form is not None, "the product file was read with it"
    if "offset" in form.parts:
        return problems.NO_ZONE
    if "short" in form.parts and moment.year not in SHORT_YEARS:
        return problems.NO_CENTURY.of(format=text)
    if moment.microsecond and "fraction" not in form.parts:
        return problems.NO_ROOM.of(format=text)
    if moment.second and "second" not in form.parts:
        return problems.NO_ROOM.of(format=text)
    half, month = moment.hour % 12 or 12, MONTHS[moment.month - 1].capitalize()
    values = {
        "%Y": f"{moment.year:04}",
        "%y": f"{moment.year % 100:02}",
        "%m": f"{moment.month:02}",
        "%-m": str(moment.month),
        "%b": month,
        "%d": f"{moment.day:02}",
        "%-d": str(moment.day),
        "%H": f"{moment.hour:02}",
        "%-H": str(moment.hour),
        "%I": f"{half:02}",
        "%-I": str(half),
        "%p": "PM" if moment.hour > 11 else "AM",
        "%M": f"{moment.minute:02}",
        "%S": f"{moment.second:02}",
        "%f": f"{moment.microsecond:06}",
        "%%": "%",
    }
    return form.written(values)
