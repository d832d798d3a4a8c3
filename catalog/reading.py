"""How the owner's file writes what it holds: the table `[reading]` of a product file.

It says how texts become values, never what is made of these: so it may change from one data version
to the next, as the file itself may. A product file without it reads as it always did.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

UTF8: Final = "utf-8"
# by the names that they are declared by: those of Python's codecs, each without a state of its own
ENCODINGS: Final = (
    *(UTF8, "utf-16", "utf-16-le", "utf-16-be"),
    *("gb18030", "gbk", "gb2312", "big5", "cp950", "shift_jis", "cp932", "euc-jp"),
    *("euc-kr", "cp949", "latin-1", "iso-8859-2", "iso-8859-15"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp437", "cp850", "koi8-r"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnReading:
    """How the texts of one column are written.

    Attributes:
        decimal: What stands before the decimal places.
        thousands: What stands between groups of three digits; empty if nothing does.
        format: Of a date or a timestamp, as `catalog.time_formats` says; empty for the usual one.
        percent: Whether each number has a percent sign after it; the value is the fraction.
        true: Words for true; empty for the usual ones.
        false: Words for false.
        empty: Texts that are no value, beside the empty one.
    """

    decimal: str = "."
    thousands: str = ""
    format: str = ""
    percent: bool = False
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


AS_USUAL: Final = ColumnReading()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a product's data are written.

    Attributes:
        encoding: Of text; one of `ENCODINGS`.
        files: Pattern of the names of the files in a folder that are read as one; empty if the
            data are one file. `*` stands for any characters, `?` for one.
        sheet: Name of the sheet of a workbook; empty if the data are none.
        header_row: Number of the row of the sheet that names its columns, from 1.
        columns: Per declared column that is written in another way than usual, how.
    """

    encoding: str = UTF8
    files: str = ""
    sheet: str = ""
    header_row: int = 1
    columns: Mapping[str, ColumnReading] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, column: str) -> ColumnReading:
        """Returns how the texts of a column are written."""
        return self.columns.get(column, AS_USUAL)

    def names(self, name: str) -> bool:
        """Says whether a file of the folder is one of those that are read."""
        return not name.startswith(".") and _is_like(name, self.files)

    def written(self) -> dict[str, object]:
        """Returns how it reads, as JSON, equal for equal readings; empty for the usual one."""
        found: dict[str, object] = {} if self.encoding == UTF8 else {"encoding": self.encoding}
        if self.sheet:
            found |= {"sheet": self.sheet, "headerRow": self.header_row}
        columns = {
            name: [
                *(how.decimal, how.thousands, how.format, how.percent),
                *(list(how.true), list(how.false), list(how.empty)),
            ]
            for name, how in sorted(self.columns.items())
        }
        return found | ({"columns": columns} if columns else {})


USUAL: Final = Reading()


def _is_like(name: str, pattern: str) -> bool:
    """Says whether a name is like a pattern, in steps of at most the product of their lengths.

    Only the last star that was met is ever given more characters: what an earlier one might take
    instead, the last one can take as well.
    """
    at = place = 0
    star, taken = -1, 0  # where the last star is, and up to where the name is taken by it
    while at < len(name):
        if place < len(pattern) and pattern[place] == "*":
            star, taken = place, at
            place += 1
        elif place < len(pattern) and pattern[place] in ("?", name[at]):
            at, place = at + 1, place + 1
        elif star >= 0:
            taken += 1
            at, place = taken, star + 1
        else:
            return False
    return pattern[place:].strip("*") == ""
