"""In what the offers of a page differ: what one grants that the other does not."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

from crypto.instants import read_interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from policies.schema import TableSchema

MOST_COMPARED: Final = 8  # offers that are laid side by side
MOST_VALUES: Final = 40  # named of a kind; the others are counted
_FUNCTIONS: Final = ("sum", "avg", "count")
_ROWS: Final = "*:count"


def differences(
    offers: Sequence[Mapping[str, Any]], schema: TableSchema | None
) -> list[dict[str, Any]]:
    """Say of each two offers what one grants that the other does not.

    A provider's lists may be long: of each kind some values are named, and `more` counts the rest.
    """
    compared = offers[:MOST_COMPARED]
    found = (
        {"offer": one["id"], "beyond": other["id"], "grants": _more(one, other, schema)}
        for one, other in permutations(compared, 2)
    )
    return [each for each in found if each["grants"]]


def _more(
    one: Mapping[str, Any], other: Mapping[str, Any], schema: TableSchema | None
) -> list[dict[str, Any]]:
    measures, dimensions = _declared(schema)
    more = {
        "purpose": _beyond(*([p["name"] for p in of["purposes"]] for of in (one, other))),
        "queryMode": _beyond(one["modes"], other["modes"]),
        "measure": _beyond(one["measures"] or measures, other["measures"] or measures),
        "dimension": _beyond(one["dimensions"] or dimensions, other["dimensions"] or dimensions),
        "recipient": _open(one["recipients"], other["recipients"]),
        "cohortMember": _open(one["cohort"], other["cohort"]) if one["minCohort"] else [],
        "count": _freer(one["count"], other["count"]),
    }
    if one["minimumContributors"] < other["minimumContributors"]:
        more["minGroupSize"] = [str(one["minimumContributors"])]
    if other["until"] and (not one["until"] or _last(one["until"]) > _last(other["until"])):
        more["until"] = one["until"] or [""]
    if other["from"] and (not one["from"] or _last(one["from"]) < _last(other["from"])):
        more["from"] = one["from"] or [""]
    return [
        {
            "of": name,
            "values": values[:MOST_VALUES],
            "more": max(0, len(values) - MOST_VALUES),
        }
        for name, values in more.items()
        if values
    ]


def _declared(schema: TableSchema | None) -> tuple[list[str], list[str]]:
    """Return what an offer that names no measures or dimensions grants."""
    if schema is None:
        return [], []
    pairs = [f"{measure.name}:{function}" for measure in schema.measures for function in _FUNCTIONS]
    return [*pairs, _ROWS], [dimension.name for dimension in schema.dimensions]


def _last(times: Sequence[str]) -> datetime:
    """Return the latest of days and moments."""
    return max(read_interval(text)[0] for text in times)


def _beyond(one: Sequence[str], other: Sequence[str]) -> list[str]:
    known = set(other)
    return [value for value in one if value not in known]


def _open(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Compare lists of which an empty one lets anybody in: an empty text stands for anybody."""
    if not other:
        return []
    return _beyond(one, other) if one else [""]


def _freer(one: int | None, other: int | None) -> list[str]:
    """Compare counts of which none means no limit: an empty text."""
    if other is None or (one is not None and one <= other):
        return []
    return [""] if one is None else [str(one)]
