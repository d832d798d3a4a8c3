"""What reads a workbook in a process of its own, with bounds: it may fail there and harm nobody.

Started by `workbook_process`, which asks once, by one line of JSON on its standard input, and reads
lines of JSON. It imports the standard library and calamine, nothing else.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import sys
import zipfile
import zlib
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from connector.engines.sheet_text import (
    MOST_LISTED,
    NO_PERCENT,
    SHOWN_OTHERWISE,
    faulty_cells,
)
from connector.engines.workbook_parts import Refused, check_names, only_sheet, sheet_names

_CHUNK: Final = 1 << 20
_COUNT: Final = re.compile(rb"[cC]ount\s*=\s*[\"']([^\"']{0,200})[\"']")
_TEXTS: Final = (".xml", ".rels")
_OVERLAP: Final = 256
_MOST_MERGED: Final = 1_000  # cells that are merged, in a sheet of which all is told
_DIE_WITH_PARENT: Final = 1  # of Linux's prctl


def main() -> None:
    """Answers one question on the standard output, and ends."""
    asked = json.loads(sys.stdin.readline())
    _bound(asked)
    try:
        _read(asked)
    except Refused as error:
        _tell("refused", error.what, error.facts)
    except MemoryError:
        _tell("refused", "ENDED", {})
    except BaseException as error:
        import python_calamine

        if not isinstance(error, python_calamine.CalamineError) and (
            type(error).__name__ != "PanicException"  # what pyo3 raises where Rust gives up
        ):
            raise
        _tell("refused", "DAMAGED", {})
    sys.stdout.flush()


def _tell(*what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


def _bound(asked: dict[str, Any]) -> None:
    """Bounds memory and time, where the system can, and ends with who started us."""
    try:
        import resource
    except ImportError:
        return
    limits = ((resource.RLIMIT_AS, "memory"), (resource.RLIMIT_CPU, "seconds"))
    for which, most in limits:
        soft = asked[most]
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            soft = min(soft, hard)
        resource.setrlimit(which, (soft, soft))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError):  # where memory ends for all, it ends here
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != asked["parent"]:  # who asked has ended before
            sys.exit(1)


def _read(asked: dict[str, Any]) -> None:
    path, name, head = Path(asked["path"]), asked["sheet"], asked["head"]
    _check_parts(path, asked)
    if asked.get("names"):
        with zipfile.ZipFile(path) as archive:
            _tell("sheets", sheet_names(archive))
        return
    if not name:
        with zipfile.ZipFile(path) as archive:
            name = only_sheet(archive)
    most = min(asked["most"], max(asked["free"], asked["times"] * path.stat().st_size))
    faults = faulty_cells(path, name, head, most)  # before calamine makes room for the sheet
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        sheet = book.get_sheet_by_name(name)
        left = sheet.start[1] if sheet.start else 0  # rows are given from the first, columns here
        rows = sheet.iter_rows()
        header = [_named(value) for value in next(islice(rows, head - 1, head), ())]
        if asked["columns"] is None:
            _tell_whole(sheet, name, head, header, faults)
            return
        _tell("header", left, header)
        if any(header.count(column["source"]) != 1 for column in asked["columns"]):
            return
        places = [header.index(column["source"]) for column in asked["columns"]]
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
            if bottom + 1 >= head and any(first <= place + left <= last for place in places):
                _tell("merged", top, first, bottom, last)
                return
        found: list[tuple[int, str, str]] = []
        for place, column in zip(places, asked["columns"], strict=True):
            for (number, what), cells in faults.items():
                skipped = (what == SHOWN_OTHERWISE and not column["text"]) or (
                    what == NO_PERCENT and not column["percent"]
                )
                if number == place + left + 1 and not skipped:
                    found += [(row, at, what) for row, at in cells]
        _tell("faults", sorted(found)[:MOST_LISTED])
        _tell_rows(rows, head, header, places)


def _tell_whole(
    sheet: Any,
    name: str,
    head: int,
    header: list[str],
    faults: dict[tuple[int, str], list[tuple[int, str]]],
) -> None:
    """Tells all columns of a sheet that nobody has declared yet."""
    left = sheet.start[1] if sheet.start else 0
    _tell("header", name, left, header)
    merged = [
        (top, first, bottom, last)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
        if bottom + 1 >= head
    ]
    found = [
        (number - left - 1, what, cells[0][1])
        for (number, what), cells in faults.items()
        if what != NO_PERCENT and 0 <= number - left - 1 < len(header)
    ]
    places = range(len(header))
    timed = set()
    for row in islice(sheet.iter_rows(), head, None):
        timed |= {
            place
            for place in places
            if isinstance(row[place], dt.datetime) and row[place].time() != dt.time()
        }
    _tell("found", merged[:_MOST_MERGED], sorted(found), sorted(timed))
    for number, row in enumerate(islice(sheet.iter_rows(), head, None), head + 1):
        if any(cell != "" for cell in row):
            _tell("row", number, [_value(row[place]) for place in places])
    _tell("end", "")


def _tell_rows(rows: Any, head: int, header: list[str], places: list[int]) -> None:
    """Tells the rows with something in a declared column, and a digest of all named columns."""
    named = [place for place, name in enumerate(header) if name]
    digest = sha256(json.dumps([header[place] for place in named]).encode())
    for number, row in enumerate(rows, head + 1):
        whole = [_value(row[place]) for place in named]
        if any(value != "" for value in whole):
            digest.update(json.dumps(whole).encode())
        cells = [row[place] for place in places]
        if any(cell != "" for cell in cells):
            _tell("row", number, [_value(cell) for cell in cells])
    _tell("end", digest.hexdigest())


def _named(value: object) -> str:
    """Returns a cell of the header as a name."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _value(value: Any) -> object:
    """Returns a cell as JSON: itself, or the parts of a moment; those of a time alone are none."""
    if isinstance(value, str | bool | int | float):
        return value
    if not isinstance(value, dt.date):
        return {"day": None, "time": str(value)}
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    return {"day": [*moment.timetuple()[:6], moment.microsecond]}


def _check_parts(path: Path, asked: dict[str, Any]) -> None:
    """Reads all parts once, and refuses a workbook that holds more than it says, or too much."""
    packed, size = path.stat().st_size, 0
    try:
        with zipfile.ZipFile(path) as archive:
            check_names(archive)
            for info in archive.infolist():
                with archive.open(info) as part:
                    last = b""
                    while chunk := part.read(_CHUNK):
                        size += len(chunk)
                        if b"\0" in chunk and info.filename.lower().endswith(_TEXTS):
                            raise Refused("DAMAGED")
                        _check_counts(last + chunk, info.file_size)
                        last = chunk[-_OVERLAP:]
                        if size > asked["most"] or size > max(
                            asked["free"], asked["times"] * packed
                        ):
                            raise Refused("TOO_LARGE")
    except (
        *(zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, ValueError),
        *(zlib.error, NotImplementedError),
    ) as error:
        raise Refused("DAMAGED") from error


def _check_counts(text: bytes, most: int) -> None:
    """Refuses a count of more items than there are bytes: calamine would make room for them.

    Raises:
        Refused: It has one, or one that is written so that it cannot be seen.
    """
    for found in _COUNT.finditer(text):
        if not found[1].isdigit() or int(found[1]) > most:
            raise Refused("DAMAGED")
