"""From a verified product to an answer: decrypted sums become cells, as in a masked answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.areas.cohort.columns import ROW_COUNT, counting
from connector.areas.questions import ANSWER_VERSION, declared_bounds, total_cells
from contracts.cohort.statements import CLEARED
from policies.plan import ROWS
from policies.profile import HOMOMORPHIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.cohort.planning import Plan
    from connector.areas.cohort.rows import CohortAskRow
    from contracts.cohort.session import Question, Session
    from contracts.cohort.statements import Cleared

REASON = "cohort"  # no union of classes: too few carry it alone


def answer(
    made: Plan,
    row: CohortAskRow,
    session: Session,
    question: Question,
    agreements: Mapping[str, str],
    *,
    cleared: Cleared,
    sums: Sequence[Sequence[int]],
    told: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Make the answer that the asker gets.

    Args:
        made: the plan.
        row: the session's row.
        session: the session.
        question: its question.
        agreements: ours with each provider, by its DID.
        cleared: which figures were released.
        sums: per column, one decrypted sum per cell of which something was released.
        told: what providers that could be reached said to the release.
    """
    bound = made.bound
    released = []
    for place, cell in enumerate(cleared.indexes):
        figures = {
            column.measure: values[place]
            for column, marks, values in zip(question.columns, cleared.columns, sums, strict=True)
            if marks[cell] == CLEARED
        }
        released.append((made.key_of(question.cells[cell]), figures, _counts(made, figures)))
    out = set(cleared.indexes)
    withheld = [made.key_of(c) for i, c in enumerate(question.cells) if i not in out]
    cells = total_cells(bound, released, withheld, reason=REASON)
    dimensions = [bound.schema.dimensions[index] for index in bound.group_by]
    accepted: Mapping[str, Any] = json.loads(row.acceptances)
    return {
        "v": ANSWER_VERSION,
        "questionId": question.question_id,
        "session": session.session,
        "mode": HOMOMORPHIC,
        "consumer": session.consumer,
        "aggregator": session.aggregator,
        "providers": list(session.roster),
        "agreements": dict(agreements),
        "dataVersions": {did: _version(one, told.get(did, {})) for did, one in accepted.items()},
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
        "measures": declared_bounds(bound),
        "cells": list(cells.released),
        "withheld": list(cells.withheld),
        "leftOut": cells.filtered,
    }


def _counts(made: Plan, told: Mapping[str, int]) -> dict[str, int]:
    """Return what columns count, by measure; sessions that older code began count rows only."""
    asked = {column.measure for column in made.columns}
    names = {name: counting(name) for name in made.bound.measures} | {ROWS: ROW_COUNT}
    columns = {name: c if c in asked else ROW_COUNT for name, c in names.items()}
    return {name: told[column] for name, column in columns.items() if column in told}


def _version(accepted: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provider's data version, and the oldest one that parts of its table stand at.

    Which of its cells those are is not told: it would tell to which cells it contributes.
    """
    version = dict(accepted.get("dataVersion") or {})
    oldest = told.get("oldest")
    return version | ({"oldest": oldest} if type(oldest) is int else {})
