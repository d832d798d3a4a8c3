"""How the texts of a column are written, guessed from some of them: type, marks, order of a date.

Nothing is decided here for a whole file: `candidates` gives the ways in which some texts can be
read, the likeliest first, and whoever has the file holds each against all of it. A way is kept as
regular expressions that `re` and RE2 read alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from catalog.product import ColumnType

MOST_WORDS: Final = 20  # for no value, in one column
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOTHING: Final = frozenset(
    {
        *("na", "n/a", "#n/a", "null", "none", "nil", "nan", "missing", "unknown"),
        *("-", "--", "—", ".", "?", "\\n", "无", "空", "缺失", "暂无", "不详", "未知"),
    }
)
_WORDS: Final = (  # for true and for false
    *(("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off"), ("ja", "nein")),
    *(("j", "n"), ("oui", "non"), ("si", "no"), ("sí", "no"), ("是", "否"), ("真", "假")),
    *(("有", "无"), ("√", "×"), ("✓", "✗")),
)
_USUAL: Final = frozenset({"true", "false", "t", "f"})  # words that need no saying
_MARKS: Final = (  # between groups of digits, and before the decimal places
    *(("", "."), (",", "."), ("", ","), (".", ","), ("'", "."), ("\u2019", "."), (" ", ",")),
    *(("\u00a0", ","), ("\u202f", ","), ("'", ","), (" ", "."), ("\u00a0", "."), ("\u202f", ".")),
)
_SIGN: Final = "%\uff05 \u00a0\u202f"  # of a percentage, with a blank before it
_NUMBER: Final = re.compile("[-0-9.,'\u2019 \u00a0\u202f%\uff05]+")
_DAYS: Final = (  # the usual one first, then those of which the month is known from its place
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y年%-m月%-d日"),
    *("%Y-%-m-%-d", "%Y/%-m/%-d", "%d.%m.%Y", "%-d.%-m.%Y", "%d.%m.%y"),
    *("%d-%b-%Y", "%d-%b-%y", "%-d-%b-%Y", "%d %b %Y", "%-d %b %Y", "%b %d, %Y", "%b %-d, %Y"),
    *("%d/%m/%Y", "%m/%d/%Y", "%-d/%-m/%Y", "%-m/%-d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%-m/%-d/%y", "%-d/%-m/%y"),
)
_CLOCKS: Final = (
    *("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%-H:%M:%S", "%-H:%M"),
    *("%I:%M %p", "%-I:%M %p", "%I:%M:%S %p", "%-I:%M:%S %p"),
)
_PARTS: Final = {
    "%Y": "(?P<year>[0-9]{4})",
    "%y": "(?P<short>[0-9]{2})",
    "%m": "(?P<month>0[1-9]|1[0-2])",
    "%-m": "(?P<month>[1-9]|1[0-2])",
    "%b": f"(?P<name>(?i:{'|'.join(MONTHS)}))",
    "%d": "(?P<day>0[1-9]|[12][0-9]|3[01])",
    "%-d": "(?P<day>[1-9]|[12][0-9]|3[01])",
    "%H": "(?P<hour>[01][0-9]|2[0-3])",
    "%-H": "(?P<hour>[0-9]|1[0-9]|2[0-3])",
    "%I": "(?P<half>0[1-9]|1[0-2])",
    "%-I": "(?P<half>[1-9]|1[0-2])",
    "%p": "(?P<noon>(?i:am|pm))",
    "%M": "(?P<minute>[0-5][0-9])",
    "%S": "(?P<second>[0-5][0-9])",
    "%f": "(?P<fraction>[0-9]{1,6})",
}
_DIRECTIVE: Final = re.compile("%-?[A-Za-z]")
_OFFSET: Final = "(?:Z|[+-](?:(?:0[0-9]|1[0-3])(?::?[0-5][0-9])?|14(?::?00)?))"
_ISO: Final = "%Y-%m-%d"
_ISO_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6}0*)?)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A way in which a column's texts are written.

    Attributes:
        type: What they are.
        decimal: What stands before decimal places.
        thousands: What stands between groups of three digits; empty if nothing does.
        format: Of dates and times, by `strptime`'s directives; empty for the usual one.
        percent: Whether a percent sign stands after each number.
        true: Words for true; empty for the usual ones.
        false: Words for false.
        zoned: Whether a timestamp names its offset.
    """

    type: ColumnType
    decimal: str = "."
    thousands: str = ""
    format: str = ""
    percent: bool = False
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    zoned: bool = False

    @property
    def pattern(self) -> str:
        """Regular expression of a whole text."""
        match self.type:
            case "integer" | "decimal":
                return _number(self)
            case "date":
                return _written(self.format or _ISO)
            case "timestamp" if not self.format:
                return f"{_written(_ISO)}[ T]{_ISO_TIME}{_OFFSET if self.zoned else ''}"
            case "timestamp":
                return _written(self.format)
            case "boolean":
                words = (*self.true, *self.false)
                return "|".join(map(re.escape, words)) if words else "(?i)true|false|t|f"
            case "text":
                return "(?s).*"

    @property
    def is_usual(self) -> bool:
        """Whether a product file says nothing of it but its type."""
        return self == Form(type=self.type, zoned=self.zoned)


TEXT: Final = Form(type="text")


def is_nothing(text: str) -> bool:
    """Says whether a text is a word for no value, in one of the usual spellings."""
    return text.strip() == text and text.lower() in _NOTHING


def candidates(texts: Collection[str]) -> tuple[Form, ...]:
    """Returns the ways in which all of some texts can be read, the likeliest first.

    Args:
        texts: Some values of a column, none of them empty; each may stand there once.
    """
    if not texts:
        return ()
    forms = (*_booleans(texts), *_times(texts), *_numbers(texts))
    found = tuple(form for form in forms if all(fits(form, text) for text in texts))
    if any(text.lstrip("-").isdecimal() for text in texts):
        # `7` beside `1.234`, never `1.5`: a mark of thousands
        return tuple(sorted(found, key=lambda form: not form.thousands))
    return found


def fits(form: Form, text: str) -> bool:
    """Says whether a text is written so, a day that the calendar lacks is not."""
    found = _compiled(form.pattern).fullmatch(text)
    if found is None:
        return False
    return form.type not in ("date", "timestamp") or _exists(found)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _exists(found: re.Match[str]) -> bool:
    parts = found.groupdict()
    year = int(parts.get("year") or _century(parts["short"]) + parts["short"])
    month = MONTHS.index(parts["name"].lower()) + 1 if "name" in parts else int(parts["month"])
    try:
        date(year, month, int(parts["day"]))
    except ValueError:
        return False
    return True


def _century(short: str) -> str:
    return "20" if short < "69" else "19"  # as POSIX has it


def _number(form: Form) -> str:
    whole = "(?:0|[1-9][0-9]*)"  # 007 is no number: it would lose its zeros
    if form.thousands:
        mark = re.escape(form.thousands)
        whole = f"(?:0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+)"
    places = "" if form.type == "integer" else f"(?:{re.escape(form.decimal)}[0-9]+)?"
    sign = "[ \u00a0\u202f]?[%\uff05]" if form.percent else ""
    return f"-?{whole}{places}{sign}"


@cache
def _written(text: str) -> str:
    at, pattern = 0, ""
    for found in _DIRECTIVE.finditer(text):
        pattern += re.escape(text[at : found.start()]) + _PARTS[found[0]]
        at = found.end()
    return pattern + re.escape(text[at:])


def _booleans(texts: Iterable[str]) -> Iterator[Form]:
    given = set(texts)
    lower = {text.lower() for text in given}
    if lower <= _USUAL:
        yield Form(type="boolean")
        return
    for true, false in _WORDS:
        if lower == {true, false}:
            yield Form(
                type="boolean",
                true=tuple(sorted(text for text in given if text.lower() == true)),
                false=tuple(sorted(text for text in given if text.lower() == false)),
            )


def _times(texts: Collection[str]) -> Iterator[Form]:
    first = next(iter(texts))
    if not 6 <= len(first) <= 40 or not any(c in "0123456789" for c in first):
        return
    for day in _DAYS:
        if day == "%Y%m%d" and not all(text[:2] in ("19", "20") for text in texts):
            continue
        yield Form(type="date", format="" if day == _ISO else day)
    yield Form(type="timestamp")
    yield Form(type="timestamp", zoned=True)
    for day in _DAYS:
        if not re.match(_written(day), first):
            continue
        for clock in _CLOCKS:
            for between in (" ", "T"):
                if day != _ISO or not clock.startswith("%H"):
                    yield Form(type="timestamp", format=f"{day}{between}{clock}")


def _numbers(texts: Collection[str]) -> Iterator[Form]:
    if not all(_NUMBER.fullmatch(text) for text in texts):
        return
    there = frozenset(c for text in texts for c in text.rstrip(_SIGN))
    percent = any(text.endswith(("%", "\uff05")) for text in texts)
    for thousands, decimal in _MARKS:
        unused = (thousands and thousands not in there) or (decimal == "," and "," not in there)
        if unused and not (thousands == "." and "." in there):
            continue
        if not percent:
            yield Form(type="integer", thousands=thousands, decimal=_point(thousands))
        if decimal in there or percent:
            yield Form(type="decimal", thousands=thousands, decimal=decimal, percent=percent)


def differs(one: Form, other: Form) -> bool:
    """Says whether two ways give other values for the same texts, or values of another type."""
    if one.type != other.type:
        return True
    if one.type in ("date", "timestamp"):
        return _order(one.format or _ISO) != _order(other.format or _ISO)
    return (one.decimal, one.thousands) != (other.decimal, other.thousands)


def _order(text: str) -> str:
    return "".join(c for c in text if c in "Yymbd").lower()


def settled(columns: Sequence[tuple[Form, ...]]) -> tuple[tuple[Form, ...], ...]:
    """Returns the ways of each column of a file in an order that the others' ways suggest.

    A column like `1.234` or `01/02/2026` that can be read in two ways is read as those that can be
    read in one only: a file seldom writes in two.

    Args:
        columns: Per column, in which ways all of it can be read, the likeliest first.
    """
    sure = [forms[0] for forms in columns if len(forms) == 1]
    points = [form.decimal for form in sure if form.type == "decimal"]
    grouped = [form.decimal for form in sure if form.type == "integer" and form.thousands]
    formats = [form.format for form in sure if form.type in ("date", "timestamp")]

    def likely(form: Form) -> int:
        if form.type == "decimal" or form.thousands:
            return -(points + grouped).count(form.decimal)
        if form.type not in ("date", "timestamp"):
            return 0
        return -sum(_same_order(form.format or _ISO, other or _ISO) for other in formats)

    return tuple(tuple(sorted(forms, key=likely)) for forms in columns)


def _same_order(one: str, other: str) -> bool:
    return one[:2] == other[:2] or one[:3] == other[:3]


def _point(thousands: str) -> str:
    """Returns the decimal mark of whole numbers: any but the mark of their groups."""
    return "," if thousands == "." else "."
