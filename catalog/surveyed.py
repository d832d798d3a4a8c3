"""What was found in a data file that nobody has declared yet: facts, no choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

    from catalog.database_source import DatabaseSource
    from catalog.forms import Form
    from crypto.words import Spoken

FEWEST: Final = 5  # contributors of a code that a draft names; a table asks for as many by itself
MOST_CODES: Final = 60  # values of a column that are named one by one
MOST_SAMPLES: Final = 5  # values of a column that its owner is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSurvey:
    """What one column holds.

    Attributes:
        source: Its name in the file.
        form: How all of its texts are written.
        others: Further ways in which all of them could be read.
        nothing: Words for no value in it.
        empty: How many rows are without a value; in a column that is no text, words count, too.
        worded: Of a text column, how many rows have one of those words.
        distinct: About how many different values there are.
        longest: Characters of the longest text.
        codes: Its values, ascending, if there are few; else none.
        rare: How many of these codes fewer than `FEWEST` likely contributors have.
        low: The least number, or year; None if it is none.
        high: The greatest.
        digits: Most digits before the point.
        places: Most digits after it.
        unreadable: Whether no column can be declared over it, as it is nested or binary, or for
            another fault.
        fault: Which other one; None if there is none.
        samples: Some of its first values as they are written, cut short: for its owner's eyes.
    """

    source: str
    form: Form
    others: tuple[Form, ...] = ()
    nothing: tuple[str, ...] = ()
    empty: int = 0
    worded: int = 0
    distinct: int = 0
    longest: int = 0
    codes: tuple[str, ...] = ()
    rare: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    digits: int = 0
    places: int = 0
    unreadable: bool = False
    samples: tuple[str, ...] = ()
    fault: Spoken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What data hold.

    Attributes:
        rows: How many rows there are; all of them were read.
        columns: Its columns, in their order; of more than 500 the first.
        left_out: How many columns there are beside.
        encoding: Of its text; empty if there is none to be named.
        delimiter: Of its fields; empty for Parquet.
        files: Pattern of the names of the files, if they are those of a folder; else empty.
        sheet: Of a workbook; empty if it is none.
        header_row: The number of the row of the sheet that names its columns, from 1.
        source: What was read of a database; None if it is none.
    """

    rows: int
    columns: tuple[ColumnSurvey, ...]
    left_out: int = 0
    encoding: str = ""
    delimiter: str = ""
    files: str = ""
    sheet: str = ""
    header_row: int = 1
    source: DatabaseSource | None = None
