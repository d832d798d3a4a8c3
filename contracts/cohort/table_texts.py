"""Marks and classes of a cohort table, and changes of a renewal, as JSON, read strictly."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from contracts.cohort import problems_fields
from contracts.cohort.errors import malformed
from crypto.disclosure.bits import bits_of, members
from crypto.disclosure.cohort_changes import Changes
from crypto.disclosure.cohort_marks import Marks
from crypto.disclosure.cohort_table import CohortTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_marks import Cells
    from crypto.disclosure.table import CellKey

MAX_KEYS: Final = 200_000  # finest common cells that marks or classes may name
MAX_FIGURES: Final = 64
MAX_FORMS: Final = 4096
MAX_MARKS: Final = 8 << 20  # of a member's changes, as bits
MAX_CODE: Final = 1 << 31
_HEX: Final = re.compile(r"0|[1-9a-f][0-9a-f]*")


def marks_to_json(marks: Marks) -> dict[str, Any]:
    """Return marks; what is carried as [cell, bits of the forms in hex]."""
    return {
        "carries": [[list(key), f"{bits:x}"] for key, bits in sorted(marks.carries.items())],
        "reaching": [[_keys(cells) for cells in figure] for figure in marks.reaching],
        "blocked": [_keys(cells) for cells in marks.blocked],
    }


def marks_from_json(value: object) -> Marks:
    """Read marks.

    Raises:
        MalformedError: another shape.
    """
    if not isinstance(value, dict) or set(value) != {"carries", "reaching", "blocked"}:
        raise malformed("marks", problems_fields.MARKS_OBJECT)
    carries = {}
    for item in _list(value["carries"], "carries", MAX_KEYS):
        if not isinstance(item, list) or len(item) != 2:
            raise malformed("carries", problems_fields.CELL_AND_FORMS)
        carries[_key(item[0], "carries")] = _hex(item[1], "carries", MAX_FORMS)
    found = Marks(
        carries=carries,
        reaching=tuple(
            tuple(
                _cells(cells, "reaching", least=2) for cells in _list(figure, "reaching", MAX_KEYS)
            )
            for figure in _list(value["reaching"], "reaching", MAX_FIGURES)
        ),
        blocked=tuple(
            _cells(cells, "blocked") for cells in _list(value["blocked"], "blocked", MAX_FIGURES)
        ),
    )
    if list(carries) != sorted(carries) or len(carries) != len(value["carries"]):
        raise malformed("carries", problems_fields.CELLS_ASCENDING)
    return found


def classes_to_json(table: CohortTable) -> dict[str, Any]:
    """Return the classes of a cohort table; those of measures by numbers of those for rows."""
    return {
        "minCohort": table.min_cohort,
        "classes": [_keys(cells) for cells in table.classes],
        "measures": [[members(bits) for bits in figure] for figure in table.measures],
        "blocked": _keys(table.blocked),
    }


def classes_from_json(value: object) -> CohortTable:
    """Read the classes of a cohort table.

    (1) classes are disjoint and ordered by least cell, and so are those of each measure;
    (2) what is blocked is in none;
    (3) together they name at most `MAX_KEYS` cells: what a walk over them takes is counted so.

    Raises:
        MalformedError: another shape.
    """
    if not isinstance(value, dict) or set(value) != {"minCohort", "classes", "measures", "blocked"}:
        raise malformed("table", problems_fields.TABLE_OBJECT)
    least = value["minCohort"]
    if type(least) is not int or not 1 <= least <= 1000:
        raise malformed("minCohort", problems_fields.ONE_TO_1000)
    classes = tuple(
        _cells(cells, "classes", least=1) for cells in _list(value["classes"], "classes", MAX_KEYS)
    )
    blocked = _cells(value["blocked"], "blocked")
    every = [key for cells in classes for key in cells]
    if len(every) + len(blocked) > MAX_KEYS:  # (3)
        raise malformed("classes", problems_fields.CELLS_UP_TO.of(most=MAX_KEYS))
    # (1), (2)
    firsts = [cells[0] for cells in classes]
    if len({*every, *blocked}) != len(every) + len(blocked) or firsts != sorted(firsts):
        raise malformed("classes", problems_fields.CLASSES_APART)
    measures = []
    for figure in _list(value["measures"], "measures", MAX_FIGURES):
        numbers = [_numbers(part, len(classes)) for part in _list(figure, "measures", MAX_KEYS)]
        flat = [number for part in numbers for number in part]
        if len(set(flat)) != len(flat) or any(a[0] >= b[0] for a, b in pairwise(numbers)):
            raise malformed("measures", problems_fields.MEASURES_APART)
        measures.append(tuple(bits_of(part) for part in numbers))
    return CohortTable(min_cohort=least, classes=classes, measures=tuple(measures), blocked=blocked)


def numbers_to_json(bits: Bits) -> list[int]:
    """Return classes given as bits by their numbers."""
    return members(bits)


def numbers_from_json(value: object, name: str) -> Bits:
    """Read classes given by their numbers, ascending; whether there are such, who reads knows.

    Raises:
        MalformedError: another shape.
    """
    found = _list(value, name, MAX_KEYS)
    if any(type(n) is not int or not 0 <= n < MAX_KEYS for n in found):
        raise malformed(name, problems_fields.CLASS_NUMBERS)
    if any(a >= b for a, b in pairwise(found)):
        raise malformed(name, problems_fields.CLASS_NUMBERS_UP)
    return bits_of(found)


def cells_to_json(cells: Sequence[CellKey]) -> list[list[int]]:
    """Return finest cells."""
    return _keys(cells)


def cells_from_json(value: object, name: str) -> Cells:
    """Read finest cells, ascending.

    Raises:
        MalformedError: another shape.
    """
    return _cells(value, name)


def changes_to_json(changes: Changes) -> dict[str, Any]:
    """Return a member's changes in a renewal; what is marked in hex."""
    return {
        "blocked": members(changes.blocked),
        "appeared": _keys(changes.appeared),
        "bits": f"{changes.bits:x}",
    }


def changes_from_json(value: object) -> Changes:
    """Read a member's changes in a renewal.

    Raises:
        MalformedError: another shape.
    """
    if not isinstance(value, dict) or set(value) != {"blocked", "appeared", "bits"}:
        raise malformed("changes", problems_fields.CHANGES_OBJECT)
    return Changes(
        blocked=numbers_from_json(value["blocked"], "blocked"),
        appeared=_cells(value["appeared"], "appeared"),
        bits=_hex(value["bits"], "bits", MAX_MARKS),
    )


def _keys(cells: Sequence[CellKey]) -> list[list[int]]:
    return [list(key) for key in cells]


def _list(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise malformed(name, problems_fields.ARRAY_UP_TO.of(most=most))
    return value


def _key(value: object, name: str) -> CellKey:
    found = _list(value, name, 64)
    if any(type(code) is not int or not 0 <= code < MAX_CODE for code in found):
        raise malformed(name, problems_fields.CELLS_AS_CODES)
    return tuple(found)


def _cells(value: object, name: str, *, least: int = 0) -> Cells:
    found = tuple(_key(item, name) for item in _list(value, name, MAX_KEYS))
    if len(found) < least or any(a >= b for a, b in pairwise(found)):
        raise malformed(name, problems_fields.CELLS_AT_LEAST.of(least=least))
    return found


def _numbers(value: object, below: int) -> list[int]:
    found = _list(value, "measures", MAX_KEYS)
    if not found or any(type(n) is not int or not 0 <= n < below for n in found):
        raise malformed("measures", problems_fields.CLASS_NUMBERS)
    if any(a >= b for a, b in pairwise(found)):
        raise malformed("measures", problems_fields.CLASS_NUMBERS_UP)
    return found


def _hex(value: object, name: str, most: int) -> int:
    if not isinstance(value, str) or len(value) > most // 4 or not _HEX.fullmatch(value):
        raise malformed(name, problems_fields.HEX)
    return int(value, 16)
