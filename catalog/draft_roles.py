"""Which use a column of an undeclared file is likely meant for: cautious guesses by rule.

A use that would show more than it should is never guessed: what is long, rare, an id or sounds like
a person is `never`, whatever else speaks for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from catalog.surveyed import MOST_CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.surveyed import ColumnSurvey, Survey

MOST_DIMENSIONS: Final = 4
MOST_MEASURES: Final = 4  # without units all are compared with each other
MOST_CELLS: Final = 10_000
MOST_YEARS: Final = 100
MOST_WHOLE: Final = 24  # different whole numbers that may be codes
_LONGEST_CODE: Final = 60
_LEAST_CONTRIBUTORS: Final = 10
_LARGEST: Final = Decimal(10) ** 15  # a bound, in units of its scale: sums stay within 128 bits
_STEPS: Final = tuple(map(Decimal, ("1", "1.5", "2", "3", "5", "7.5", "10")))
_SOMEBODY: Final = re.compile(
    r"(?i)customer|client|supplier|vendor|company|firm|merchant|dealer|patient|member|employee"
    r"|user|account|person|kunde|lieferant|firma|fournisseur"
    r"|客户|顾客|供应商|供方|公司|企业|厂商|商户|经销商|患者|会员|员工|用户|账户|单位名称"
)
_ID: Final = re.compile(
    r"(?i)(?:^|[^a-z])(?:id|ids|no|nr|num|number|key|code|uuid|guid)$|[a-z](?:ID|Id|No|Nr|Num)$|num$"
    r"|编号|号码|单号|序号|代码|编码"
)
_CALENDAR: Final = re.compile(
    r"(?i)(?:^|[^a-z])(?:year|month|day|week|quarter|hour|minute|second|time|date|jahr|monat)s?$"
    r"|[年月日时分秒周]$|年份|月份|日期|时间"
)
_PRIVATE: Final = re.compile(
    r"(?i)name|mail|phone|mobile|(?:^|[^a-z])(?:tel|fax)|address|street|birth|passport|ssn|iban|card|comment|note"
    r"|remark|password|token|secret|geo|lat(?:itude)?$|lon(?:gitude)?$|\bip\b"
    r"|姓名|名称|邮箱|电话|手机|传真|地址|住址|生日|出生|身份证|护照|银行卡|备注|说明|密码|经度|纬度"
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns by their places in the survey.

    Attributes:
        contributor: The likely unit of privacy; None if none offers itself.
        by_name: Whether its name says so, not only how often its values repeat.
        dimensions: What may be grouped by; a date by its year.
        measures: What may be summed.
        more_dimensions: What could be one too, but would make too many cells.
        more_measures: What could be one too, beyond `MOST_MEASURES`.
    """

    contributor: int | None
    by_name: bool
    dimensions: tuple[int, ...]
    measures: tuple[int, ...]
    more_dimensions: tuple[int, ...]
    more_measures: tuple[int, ...]


def roles_of(survey: Survey, usable: Sequence[bool]) -> Roles:
    """Guesses the use of each column.

    Args:
        survey: The file.
        usable: Per column, whether a product file can declare it.
    """
    places = [
        i for i, c in enumerate(survey.columns) if usable[i] and not c.unreadable and c.distinct
    ]
    contributor, by_name = _contributor(survey, places)
    rest = [i for i in places if i != contributor and not is_private(survey.columns[i])]
    possible = sorted((i for i in rest if _size(survey, i)), key=lambda i: _rank(survey, i))
    dimensions: list[int] = []
    cells = 1
    for i in possible:
        size = _size(survey, i)
        timed = survey.columns[i].form.type == "date"
        if timed and any(survey.columns[j].form.type == "date" for j in dimensions):
            continue
        if len(dimensions) < MOST_DIMENSIONS and cells * size <= MOST_CELLS:
            dimensions.append(i)
            cells *= size
    measures = [i for i in rest if i not in dimensions and _is_measure(survey, i)]
    return Roles(
        contributor=contributor,
        by_name=by_name,
        dimensions=tuple(dimensions),
        measures=tuple(measures[:MOST_MEASURES]),
        more_dimensions=tuple(i for i in possible if i not in {*dimensions, *measures}),
        more_measures=tuple(measures[MOST_MEASURES:]),
    )


def is_somebody(header: str) -> bool:
    """Says whether a column is called like those that a firm's data tell of."""
    return bool(_SOMEBODY.search(header))


def is_private(column: ColumnSurvey) -> bool:
    """Says whether a column sounds like a person, a place or free text, or is long."""
    if column.form.type in ("date", "timestamp", "boolean"):
        return bool(re.search(r"(?i)birth|生日|出生", column.source))
    return named_private(column) or column.longest > _LONGEST_CODE


def named_private(column: ColumnSurvey) -> bool:
    """Says whether it is the name alone that sounds so; of a day it can be nothing else."""
    dated = column.form.type in ("date", "timestamp", "boolean")
    return dated or bool(_PRIVATE.search(column.source))


def named_id(column: ColumnSurvey) -> bool:
    """Says whether a column is called like an id."""
    return bool(_ID.search(column.source))


def is_calendar(column: ColumnSurvey) -> bool:
    """Says whether a column is called like a time, a sum of which means nothing."""
    return bool(_CALENDAR.search(column.source))


def is_id(column: ColumnSurvey, rows: int) -> bool:
    """Says whether a column is an id: by its name, or as hardly a value is there twice."""
    if named_id(column):
        return True
    whole = column.form.type in ("text", "integer")
    return whole and rows >= 50 and column.distinct * 10 > (rows - column.empty) * 9


def _contributor(survey: Survey, places: Sequence[int]) -> tuple[int | None, bool]:
    named, others = [], []
    for i in places:
        column = survey.columns[i]
        if column.form.type not in ("text", "integer") or column.longest > 2 * _LONGEST_CODE:
            continue
        if column.distinct < 3 or not column.form.is_usual:
            continue
        twice = 2 * column.distinct <= survey.rows
        if is_somebody(column.source):
            named.append((bool(_ID.search(column.source)), column.distinct, -i))
        elif twice and column.distinct >= _LEAST_CONTRIBUTORS and _is_somebody(column, survey.rows):
            others.append((column.form.type == "text", column.distinct, -i))
    if named:
        return -max(named)[-1], True
    return (-max(others)[-1], False) if others else (None, False)


def _is_somebody(column: ColumnSurvey, rows: int) -> bool:
    """Says whether values could be parties without a name that says so: an id, or many texts."""
    return is_id(column, rows) or (column.form.type == "text" and column.distinct > MOST_CODES)


def _rank(survey: Survey, place: int) -> tuple[bool, int, int]:
    """Orders dimensions: the year of a date first, then those of fewest codes."""
    return survey.columns[place].form.type != "date", _size(survey, place), place


def _size(survey: Survey, place: int) -> int:
    """Returns how many codes a column would have as a dimension; 0 if it would be none."""
    column = survey.columns[place]
    if column.form.type == "date":
        span = int(column.high - column.low) + 1 if column.high and column.low else 0
        return span if span <= MOST_YEARS and not column.empty else 0
    if not column.codes or len(column.codes) < 2 or 4 * len(column.codes) > survey.rows:
        return 0
    if column.rare and column.form.type != "boolean":  # a code is public, its rows need not be
        return 0
    if column.form.type == "text" and not is_id(column, survey.rows):
        sound = all(code.strip() and code.isprintable() for code in column.codes)
        return len(column.codes) + bool(column.empty) if sound else 0
    if column.form.type == "integer" and column.form.is_usual:
        few = len(column.codes) <= MOST_WHOLE and not column.empty
        return len(column.codes) if few and not _ID.search(column.source) else 0
    return len(column.codes) if column.form.type == "boolean" and not column.empty else 0


def _is_measure(survey: Survey, place: int) -> bool:
    column = survey.columns[place]
    if column.form.type not in ("integer", "decimal") or is_id(column, survey.rows):
        return False
    if column.low is None or column.high is None or column.distinct < 2:
        return False
    if is_calendar(column):
        return False
    lower, upper = bounds_of(column.low, column.high)
    return max(-lower, upper).scaleb(column.places) <= _LARGEST


def bounds_of(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Returns round bounds that hold all values, with a margin that hides the outermost ones."""
    return -_beyond(-low) if low < 0 else Decimal(0), _beyond(high) if high > 0 else Decimal(0)


def _beyond(value: Decimal) -> Decimal:
    """Returns the least round number that is more than a tenth above a positive one."""
    wanted = value * Decimal("1.1")
    power = Decimal(10) ** wanted.adjusted()
    step = next(step for step in _STEPS if step * power >= wanted)
    found = step * power
    if found == found.to_integral_value():
        return found.quantize(Decimal(1))
    return found.quantize(Decimal(1), rounding=ROUND_CEILING) if found > 1 else found.normalize()
