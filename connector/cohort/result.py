"""From a verified product to an answer: decrypted sums become cells, as in a masked answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalog.dcat import table_schema
from connector.cohort.columns import ROW_COUNT, counting
from connector.questions.answers import total_cells
from connector.questions.messages import ANSWER_VERSION, declared_bounds
from policies.plan import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.cohort.planning import Plan
    from connector.cohort.rows import CohortAskRow
    from contracts.cohort.session import Question, Session
    from policies.plan import BoundQuery

REASON = "cohort"  # too few contribute, or somebody may not release his part


def answer(
    made: Plan,
    row: CohortAskRow,
    session: Session,
    question: Question,
    *,
    cleared: Sequence[int],
    sums: Sequence[Sequence[int]],
) -> dict[str, Any]:
    """Make the answer that the asker gets.

    Args:
        made: the plan.
        row: the session's row.
        session: the session.
        question: its question.
        cleared: numbers of the cells that were released.
        sums: per column, one decrypted sum per released cell.
    """
    bound = made.bound
    columns = {
        column.measure: values for column, values in zip(question.columns, sums, strict=True)
    }
    released = [
        (
            made.key_of(question.cells[cell]),
            {name: values[place] for name, values in columns.items()},
            {name: values[place] for name, values in _counts(bound, columns).items()},
        )
        for place, cell in enumerate(cleared)
    ]
    out = set(cleared)
    withheld = [made.key_of(c) for i, c in enumerate(question.cells) if i not in out]
    cells = total_cells(bound, released, withheld, reason=REASON)
    dimensions = [bound.schema.dimensions[index] for index in bound.group_by]
    accepted: Mapping[str, Any] = json.loads(row.acceptances)
    return {
        "v": ANSWER_VERSION,
        "questionId": question.question_id,
        "session": session.session,
        "mode": "homomorphic",
        "consumer": session.consumer,
        "aggregator": session.aggregator,
        "providers": list(session.roster),
        "agreements": json.loads(row.agreements),
        "dataVersions": {did: _version(told) for did, told in accepted.items()},
        "purpose": question.purpose,
        "dimensions": [{"name": d.name, "unit": d.unit} for d in dimensions],
        "outputs": [
            {
                "name": output.name,
                "measure": output.measure,
                "function": output.function,
                "unit": output.unit,
                "scale": output.scale,
            }
            for output in bound.outputs
        ],
        "measures": _bounds(bound, json.loads(row.described), list(json.loads(row.agreements))),
        "cells": list(cells.released),
        "withheld": list(cells.withheld),
        "leftOut": cells.filtered,
    }


def _counts(bound: BoundQuery, columns: Mapping[str, Sequence[int]]) -> dict[str, Sequence[int]]:
    """Return the columns that count, by measure; sessions that older code began count rows only."""
    rows = columns.get(ROW_COUNT)
    found = {name: columns.get(counting(name), rows) for name in (*bound.measures, ROWS)}
    found[ROWS] = rows
    return {name: values for name, values in found.items() if values is not None}


def _version(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provider's data version, and the oldest one that parts of its table stand at.

    Which of its cells those are is not told: it would tell to which cells it contributes.
    """
    version = dict(told.get("dataVersion") or {})
    return version | ({"oldest": told["oldest"]} if isinstance(told.get("oldest"), int) else {})


def _bounds(
    bound: BoundQuery, described: Sequence[Mapping[str, Any]], providers: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the widest bounds of each measure, and each provider's own where they differ."""
    own = [table_schema(dataset) for dataset in described]
    found: list[dict[str, Any]] = []
    for told in declared_bounds(bound):
        measures = [schema.measure(told["name"]) for schema in own]
        ends = [(f"{m.lower:f}", f"{m.upper:f}") for m in measures if m is not None]
        each = {
            did: {"lower": lower, "upper": upper}
            for did, (lower, upper) in zip(providers, ends, strict=True)
        }
        found.append(told | ({"providers": each} if len(set(ends)) > 1 else {}))
    return found
