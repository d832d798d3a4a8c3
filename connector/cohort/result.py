"""From a verified product to an answer: decrypted sums become cells, as in a masked answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.questions.answers import total_cells
from crypto.disclosure import GroupAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.cohort.planning import Plan
    from connector.cohort.rows import CohortAskRow
    from contracts.cohort.session import Question, Session

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
        GroupAnswer(
            key=made.key_of(question.cells[cell]),
            status="released",
            rows=columns[""][place] if "" in columns else None,
            sums=tuple(columns[measure][place] for measure in bound.measures),
        )
        for place, cell in enumerate(cleared)
    ]
    out = set(cleared)
    withheld = [made.key_of(c) for i, c in enumerate(question.cells) if i not in out]
    cells = total_cells(bound, released, withheld, reason=REASON)
    dimensions = [bound.schema.dimensions[index] for index in bound.group_by]
    accepted: Mapping[str, Any] = json.loads(row.acceptances)
    return {
        "v": 1,
        "questionId": question.question_id,
        "session": session.session,
        "mode": "homomorphic",
        "consumer": session.consumer,
        "aggregator": session.aggregator,
        "providers": list(session.roster),
        "agreements": json.loads(row.agreements),
        "dataVersions": {did: told.get("dataVersion") for did, told in accepted.items()},
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
        "cells": list(cells.released),
        "withheld": list(cells.withheld),
        "leftOut": cells.filtered,
    }
