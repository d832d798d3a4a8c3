"""What a leaf counts of an answer or a total, held against what was signed, where that is at hand.

A leaf of an answer tells product, data version, mode, how many cells the question has, and how many
the table withholds whatever the figures are; leaves of before this form told how many are released,
and why each of the others is not. A leaf of a total tells how many cells are released, and how many
withheld. The signed answer, or the signed list of cleared cells, lies in an opened bundle; of a
closed one nothing is held against anything.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from contracts.audit.contradictions import ANSWER
from contracts.audit.layout import ENTRIES
from contracts.audit.report import Finding
from contracts.cohort.statements import CLEARED, Cleared, Contribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contracts.audit.contradictions import Said
    from contracts.audit.log import Log

CODE: Final = "counted-otherwise"
OF_THE_TABLE: Final = frozenset({"blocked", "merged", "withheld", "mixed"})  # whatever the figures
VERSIONS: Final = (1, 2)  # of answers, that are read here


def check_counts(said: Iterable[Said], log: Log) -> Iterator[Finding]:
    """Yield the leaves that count otherwise than the signed statements that they name.

    Args:
        said: statements of the bundle, whose signatures hold.
        log: its leaves.
    """
    held = {f"sha-256:{one.digest}": one for one in said if one.basis is not None}
    for index, leaf in enumerate(log.leaves):
        query = leaf.get("query", {}) if leaf is not None else {}
        for digest in leaf.get("sig", ()) if leaf is not None else ():
            one = held.get(digest)
            if one is not None and one.typ == Contribution.TYP:
                one = held.get(str(one.payload.get("cleared")))
            told = counted(one, query) if one is not None else {}
            wrong = sorted(name for name, value in told.items() if query.get(name) != value)
            if wrong:
                text = f"leaf {index} says `{wrong[0]}` otherwise than what was signed"
                yield Finding(code=CODE, where=ENTRIES, text=text, leaf=index)


def counted(one: Said, query: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a leaf must say of a statement that it names; nothing where that is not known.

    Args:
        one: a signed answer, or a list of cleared cells; of others nothing is counted.
        query: of the leaf: which form it has.
    """
    if one.typ == Cleared.TYP and "released" in query:
        return _of_cells(one.payload, query)
    return _of_answer(one.payload, query) if one.typ == ANSWER else {}


def _of_cells(payload: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    columns = payload.get("columns")
    if not isinstance(columns, list) or not all(isinstance(text, str) for text in columns):
        return {}  # of a session of before the present version
    marks = list(zip(*columns, strict=False))
    released = sum(CLEARED in mark for mark in marks)
    rest = len(marks) - released
    plain = isinstance(query.get("withheld"), int)  # as the aggregator's own leaf says it
    return {"released": released, "withheld": rest if plain else {"cohort": rest}}


def _of_answer(payload: Mapping[str, Any], query: Mapping[str, Any]) -> dict[str, Any]:
    cells, others, version = (payload.get(name) for name in ("cells", "withheld", "dataVersion"))
    listed = isinstance(cells, list) and isinstance(others, list) and isinstance(version, dict)
    if not listed or payload.get("v", 1) not in VERSIONS:
        return {}
    assert isinstance(cells, list)
    assert isinstance(others, list)
    assert isinstance(version, dict)
    reasons = []
    for cell in others:
        statuses = cell.get("statuses", {}) if isinstance(cell, dict) else None
        told = [cell.get("reason"), *statuses.values()] if isinstance(statuses, dict) else [None]
        if not all(isinstance(text, str) for text in told):
            return {}
        if "released" in query or OF_THE_TABLE.issuperset(told):
            reasons.append(told[0])
    found: dict[str, Any] = {name: payload.get(name) for name in ("mode", "product")}
    found |= {"dataVersion": version.get("digest"), "withheld": dict(Counter(reasons))}
    left = payload.get("leftOut")
    if "released" in query:
        found["released"] = len(cells)
    if "cells" in query or "released" not in query:  # who says both is held to both
        found["cells"] = len(cells) + len(others) + left if type(left) is int else -1
    return found
