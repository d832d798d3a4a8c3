"""Marks and classes of a cohort table, and changes of a renewal, as JSON, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final

from contracts.cohort import problems_fields
from crypto.disclosure.bits import bits_of, members
from crypto.disclosure.cohort_changes import Changes
from crypto.disclosure.cohort_marks import Marks
from crypto.disclosure.cohort_table import CohortTable
from crypto.record_errors import wrong
from crypto.records import As, Range, read

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


def marks_from_json(value: object, at: str = "") -> Marks:
    """Read marks.

    Args:
        value: what stands in JSON.
        at: where it stands, as a JSON pointer; so below.

    Raises:
        MalformedError: another shape.
    """
    found = read(_Marks, value, at)
    return Marks(carries=found.carries, reaching=found.reaching, blocked=found.blocked)


def classes_to_json(table: CohortTable) -> dict[str, Any]:
    """Return the classes of a cohort table; those of measures by numbers of those for rows."""
    return {
        "minCohort": table.min_cohort,
        "classes": [_keys(cells) for cells in table.classes],
        "measures": [[members(bits) for bits in figure] for figure in table.measures],
        "blocked": _keys(table.blocked),
    }


def classes_from_json(value: object, at: str = "") -> CohortTable:
    """Read the classes of a cohort table.

    (1) classes are disjoint and ordered by least cell, and so are those of each measure;
    (2) what is blocked is in none;
    (3) together they name at most `MAX_KEYS` cells: what a walk over them takes is counted so.

    Raises:
        MalformedError: another shape.
    """
    found = read(_Classes, value, at)
    classes, blocked = found.classes, found.blocked
    every = [key for cells in classes for key in cells]
    if len(every) + len(blocked) > MAX_KEYS:  # (3)
        raise wrong(f"{at}/classes", [], problems_fields.CELLS_UP_TO.of(most=MAX_KEYS))
    # (1), (2)
    firsts = [cells[0] for cells in classes]
    if len({*every, *blocked}) != len(every) + len(blocked) or firsts != sorted(firsts):
        raise wrong(f"{at}/classes", [], problems_fields.CLASSES_APART)
    measures, place = [], f"{at}/measures"
    for figure in _list(found.measures, place, MAX_FIGURES):
        parts = _list(figure, place, MAX_KEYS)
        numbers = [_numbers(part, place, len(classes), least=1) for part in parts]
        flat = [number for part in numbers for number in part]
        if len(set(flat)) != len(flat) or any(a[0] >= b[0] for a, b in pairwise(numbers)):
            raise wrong(place, figure, problems_fields.MEASURES_APART)
        measures.append(tuple(bits_of(part) for part in numbers))
    return CohortTable(
        min_cohort=found.min_cohort, classes=classes, measures=tuple(measures), blocked=blocked
    )


def numbers_to_json(bits: Bits) -> list[int]:
    """Return classes given as bits by their numbers."""
    return members(bits)


def numbers_from_json(value: object, at: str) -> Bits:
    """Read classes given by their numbers, ascending; whether there are such, who reads knows.

    Raises:
        MalformedError: another shape.
    """
    return bits_of(_numbers(value, at, MAX_KEYS))


def cells_to_json(cells: Sequence[CellKey]) -> list[list[int]]:
    """Return finest cells."""
    return _keys(cells)


def cells_from_json(value: object, at: str) -> Cells:
    """Read finest cells, ascending.

    Raises:
        MalformedError: another shape.
    """
    return _cells(value, at)


def changes_to_json(changes: Changes) -> dict[str, Any]:
    """Return a member's changes in a renewal; what is marked in hex."""
    return {
        "blocked": members(changes.blocked),
        "appeared": _keys(changes.appeared),
        "bits": f"{changes.bits:x}",
    }


def changes_from_json(value: object, at: str = "") -> Changes:
    """Read a member's changes in a renewal.

    Raises:
        MalformedError: another shape.
    """
    found = read(_Changes, value, at)
    return Changes(blocked=found.blocked, appeared=found.appeared, bits=found.bits)


def _keys(cells: Sequence[CellKey]) -> list[list[int]]:
    return [list(key) for key in cells]


def _list(value: object, at: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise wrong(at, value, problems_fields.ARRAY_UP_TO.of(most=most))
    return value


def _key(value: object, at: str) -> CellKey:
    found = _list(value, at, 64)
    if any(type(code) is not int or not 0 <= code < MAX_CODE for code in found):
        raise wrong(at, value, problems_fields.CELLS_AS_CODES)
    return tuple(found)


def _cells(value: object, at: str, *, least: int = 0) -> Cells:
    found = tuple(_key(item, at) for item in _list(value, at, MAX_KEYS))
    if len(found) < least or any(a >= b for a, b in pairwise(found)):
        raise wrong(at, value, problems_fields.CELLS_AT_LEAST.of(least=least))
    return found


def _numbers(value: object, at: str, below: int, *, least: int = 0) -> list[int]:
    found = _list(value, at, MAX_KEYS)
    if len(found) < least or any(type(n) is not int or not 0 <= n < below for n in found):
        raise wrong(at, value, problems_fields.CLASS_NUMBERS)
    if any(a >= b for a, b in pairwise(found)):
        raise wrong(at, value, problems_fields.CLASS_NUMBERS_UP)
    return found


def _hex(value: object, at: str, most: int) -> int:
    if not isinstance(value, str) or len(value) > most // 4 or not _HEX.fullmatch(value):
        raise wrong(at, [], problems_fields.HEX)  # what is marked is quoted nowhere
    return int(value, 16)


def _marked(value: object, at: str) -> int:
    return _hex(value, at, MAX_MARKS)


def _carries(value: object, at: str) -> dict[CellKey, int]:
    carries: dict[CellKey, int] = {}
    for item in _list(value, at, MAX_KEYS):
        if not isinstance(item, list) or len(item) != 2:
            raise wrong(at, item, problems_fields.CELL_AND_FORMS)
        key = _key(item[0], at)
        if key in carries or (carries and key < next(reversed(carries))):
            raise wrong(at, item, problems_fields.CELLS_ASCENDING)
        carries[key] = _hex(item[1], at, MAX_FORMS)
    return carries


def _reaching(value: object, at: str) -> tuple[tuple[Cells, ...], ...]:
    return tuple(
        tuple(_cells(cells, at, least=2) for cells in _list(figure, at, MAX_KEYS))
        for figure in _list(value, at, MAX_FIGURES)
    )


def _blocked(value: object, at: str) -> tuple[Cells, ...]:
    return tuple(_cells(cells, at) for cells in _list(value, at, MAX_FIGURES))


def _classes(value: object, at: str) -> tuple[Cells, ...]:
    return tuple(_cells(cells, at, least=1) for cells in _list(value, at, MAX_KEYS))


@dataclass(frozen=True, slots=True)
class _Marks:
    carries: Annotated[Any, As(_carries)]
    reaching: Annotated[Any, As(_reaching)]
    blocked: Annotated[Any, As(_blocked)]


@dataclass(frozen=True, slots=True)
class _Classes:
    min_cohort: Annotated[int, Range(1, 1000)]
    classes: Annotated[Any, As(_classes)]
    measures: Any  # numbers of classes: read when these are known
    blocked: Annotated[Any, As(cells_from_json)]


@dataclass(frozen=True, slots=True)
class _Changes:
    blocked: Annotated[Any, As(numbers_from_json)]
    appeared: Annotated[Any, As(cells_from_json)]
    bits: Annotated[int, As(_marked)]
