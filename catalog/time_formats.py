"""How dates and times are written in a file: a strict subset of `strptime`'s directives.

Each directive stands for digits of a fixed number, or a word; `%-d`, `%-m`, `%-H` and `%-I` for one
or two digits without a leading zero. All else is text that must stand there as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_TWO: Final = "[0-9][0-9]"
# per directive: what it gives, and the regular expression of its texts
_DIRECTIVES: Final = {
    "%Y": ("year", "[0-9]{4}"),
    "%y": ("short", _TWO),
    "%m": ("month", _TWO),
    "%-m": ("month", "[1-9]|1[0-2]"),
    "%b": ("name", f"(?i:{'|'.join(MONTHS)})"),
    "%d": ("day", _TWO),
    "%-d": ("day", "[1-9]|[12][0-9]|3[01]"),
    "%H": ("hour", _TWO),
    "%-H": ("hour", "[0-9]|1[0-9]|2[0-3]"),
    "%I": ("half", "0[1-9]|1[0-2]"),
    "%-I": ("half", "[1-9]|1[0-2]"),
    "%p": ("noon", "(?i:am|pm)"),
    "%M": ("minute", _TWO),
    "%S": ("second", _TWO),
    "%f": ("fraction", "[0-9]{1,6}0*"),
    "%z": ("offset", "Z|[+-][0-9]{2}(?::?[0-9]{2})?"),
}
DIRECTIVES: Final = (*_DIRECTIVES, "%%")
_OPEN: Final = frozenset({"%-m", "%-d", "%-H", "%-I", "%f"})  # of no fixed number of digits
_PART: Final = re.compile(r"%-?.|[^%]+|%", re.DOTALL)
_LITERAL: Final = re.compile(r"[^0-9A-Za-z\u0080-\U0010ffff]")
_YEARS: Final = ("year", "short")
_MONTHS: Final = ("month", "name")
_HOURS: Final = ("hour", "half")


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """A format, checked.

    Attributes:
        pattern: Regular expression of a whole text, a group for each directive; for RE2 and `re`.
        parts: What the groups give, in their order.
        pieces: Its directives and the texts between them.
    """

    pattern: str
    parts: tuple[str, ...]
    pieces: tuple[str, ...]

    def written(self, values: Mapping[str, str]) -> str:
        """Returns a text in it, of the texts that its directives stand for."""
        return "".join(values.get(piece, piece) for piece in self.pieces)


def parse_format(text: str, *, time: bool, zoned: bool) -> TimeFormat | None:
    """Reads a format; None if it is none of a date, or of a timestamp.

    A date has year, month and day. A timestamp also has hour and minute, then seconds and their
    fraction if it likes, and `%z` if, and only if, the product declares a zone.

    Args:
        text: As in the product file.
        time: Whether it is one of timestamps.
        zoned: Whether those have a zone.
    """
    pattern, parts, is_open = "", [], False
    pieces: list[str] = _PART.findall(text)
    for piece in pieces:
        if piece == "%%" or not piece.startswith("%"):
            literal = "%" if piece == "%%" else piece
            if is_open and literal[0] in "0123456789":
                return None
            pattern += _LITERAL.sub(lambda found: "\\" + found[0], literal)
            is_open = False
            continue
        known = _DIRECTIVES.get(piece)
        if known is None or known[0] in parts or (is_open and known[0] not in ("name", "noon")):
            return None
        pattern += f"({known[1]})"
        parts.append(known[0])
        is_open = piece in _OPEN
    found = set(parts)
    if not _complete(found, time=time, zoned=zoned):
        return None
    return TimeFormat(f"^(?:{pattern})$", tuple(parts), tuple(pieces))


def _complete(found: set[str], *, time: bool, zoned: bool) -> bool:
    one_each = all(len(found & set(names)) == 1 for names in (_YEARS, _MONTHS, ("day",)))
    clock = found - {*_YEARS, *_MONTHS, "day"}
    if not one_each or not time:
        return one_each and not clock
    if len(clock & set(_HOURS)) != 1 or "minute" not in clock:
        return False
    if ("half" in clock) != ("noon" in clock) or ("offset" in clock) != zoned:
        return False
    return "fraction" not in clock or "second" in clock


_LETTERS: Final = {
    "%Y": "YYYY", "%y": "YY", "%m": "MM", "%-m": "M", "%b": "Mon", "%d": "DD", "%-d": "D",
    "%H": "HH", "%-H": "H", "%I": "hh", "%-I": "h", "%p": "AM", "%M": "MM", "%S": "SS",
    "%f": "ffffff", "%z": "+HH:MM", "%%": "%",
}  # fmt: skip


def readable(format_: str) -> str:
    """Write a format as people write it: `DD.MM.YYYY` for ``%d.%m.%Y``."""
    return "".join(_LETTERS.get(part, part) for part in _PART.findall(format_))
