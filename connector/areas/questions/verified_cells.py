"""The form of the cells of a signed answer: what is expected where one does not have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions import problems_answers

if TYPE_CHECKING:
    from crypto.words import Words

NUMBER: Final = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,40})?")
STATUSES: Final = frozenset({"empty", "blocked", "merged", "withheld", "mixed", "minGroupSize"})


def check_cell(cell: Any, dimensions: set[str], outputs: set[str], *, old: bool) -> Words | None:
    """Check a cell with figures.

    Args:
        cell: The cell.
        dimensions: Names of those announced.
        outputs: Names of those announced.
        old: Whether the answer is of version 1, where each output of such a cell is released.

    Returns:
        What is expected, None if it is there.
    """
    if not _is_key(cell, dimensions):
        return problems_answers.KEYS
    values = cell.get("values")
    if not isinstance(values, dict) or set(values) != outputs:
        return problems_answers.VALUES
    if not all(v is None or (isinstance(v, str) and NUMBER.fullmatch(v)) for v in values.values()):
        return problems_answers.NUMBERS
    if not old:
        statuses = cell.get("statuses")
        if not _are_statuses(statuses, outputs) or len(statuses) == len(outputs):
            return problems_answers.STATUSES
        if set(statuses) != {name for name, text in values.items() if text is None}:
            return problems_answers.NUMBER_OR_STATUS
    return _check_rest(cell, dimensions, outputs)


def check_withheld(cell: Any, dimensions: set[str], outputs: set[str]) -> Words | None:
    """Check a cell without figures; give what is expected, None if it is there."""
    if not _is_key(cell, dimensions):
        return problems_answers.KEYS
    if not isinstance(cell.get("reason"), str):
        return problems_answers.REASON
    if not _are_statuses(cell.get("statuses", {}), outputs):
        return problems_answers.STATUSES_OF
    return _check_rest(cell, dimensions, outputs)


def _check_rest(cell: dict[str, Any], dimensions: set[str], outputs: set[str]) -> Words | None:
    """Check data versions and advice."""
    if "asOf" in cell and type(cell["asOf"]) is not int:
        return problems_answers.AS_OF
    if "versions" in cell and ("asOf" in cell or not _are_versions(cell["versions"])):
        return problems_answers.VERSIONS
    advice = cell.get("advice", {})
    if not isinstance(advice, dict) or not set(advice) <= outputs:
        return problems_answers.ADVICE
    if not all(_is_advice(one, dimensions) for one in (cell, *advice.values())):
        return problems_answers.TOGETHER
    return None


def _is_advice(told: Any, dimensions: set[str]) -> bool:
    if not isinstance(told, dict):
        return False
    together, widen = told.get("togetherWith", []), told.get("widen", {})
    return (
        isinstance(together, list)
        and all(_is_key({"key": key}, dimensions) for key in together)
        and isinstance(widen, dict)
        and all(
            isinstance(codes, list) and all(isinstance(code, str) for code in codes)
            for codes in widen.values()
        )
    )


def _are_statuses(statuses: Any, outputs: set[str]) -> bool:
    return (
        isinstance(statuses, dict)
        and set(statuses) <= outputs
        and all(isinstance(one, str) and one in STATUSES for one in statuses.values())
    )


def _is_key(cell: Any, dimensions: set[str]) -> bool:
    key = cell.get("key") if isinstance(cell, dict) else None
    return (
        isinstance(key, dict)
        and set(key) == dimensions
        and all(isinstance(code, str) for code in key.values())
    )


def _are_versions(versions: Any) -> bool:
    if not isinstance(versions, list) or len(versions) < 2:
        return False
    if not all(isinstance(v, dict) and type(v.get("number")) is int for v in versions):
        return False
    return all(
        isinstance(version.get("parts"), list)
        and type(version.get("more", 0)) is int
        and all(
            isinstance(part, dict) and all(isinstance(code, str) for code in part.values())
            for part in version["parts"]
        )
        for version in versions[:-1]
    )
