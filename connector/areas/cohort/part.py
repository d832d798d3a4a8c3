"""A provider's part of a total as it was decided: what takes long is made outside transactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.areas.cohort.figures import figures
from contracts.cohort.table_texts import MAX_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.areas.cohort.figures import Figures
    from connector.areas.cohort.frozen import Frozen
    from connector.areas.questions import Granted
    from connector.identity.work import Work
    from contracts.cohort.session import ColumnPlan, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A provider's part.

    Attributes:
        granted: what the contract grants.
        cohort: the cohort table that it is made of.
        own: our figures of the session's cells.
        walk: steps of work that they took.
    """

    granted: Granted
    cohort: Frozen
    own: Figures
    walk: int


def made(
    granted: Granted,
    cohort: Frozen,
    columns: Sequence[ColumnPlan],
    question: Question,
    work: Work,
) -> Part:
    """Make our figures of the session's cells.

    Raises:
        Refused: the question speaks of what the providers do not have in common.
        CohortError: the providers do not mean the same by the question.
    """
    walk = work.part(
        finest=min(MAX_KEYS, cohort.common.table.finest),
        columns=len(columns),
        cells=len(question.cells),
    )
    own = figures(granted, cohort, columns, question, spend=work.runs)
    return Part(granted=granted, cohort=cohort, own=own, walk=walk)
