"""A provider's part of a total as it was decided: what takes long is made outside transactions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connector.cohort.figures import figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.cohort.figures import Figures
    from connector.questions.enforcement import Granted
    from connector.questions.work import Work
    from contracts.cohort.session import ColumnPlan, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A provider's part.

    Attributes:
        granted: what the contract grants.
        own: our figures of the session's cells.
        content: keys of the safe cells behind some of the cells, each with its cell's shape.
    """

    granted: Granted
    own: Figures
    content: Mapping[str, str] = field(default_factory=dict)

    def with_content(self, cells: Sequence[int], work: Work) -> Part:
        """Name what some of the cells cover.

        Raises:
            CohortError: they are too many to tell apart.
        """
        diagrams = self.granted.bound.diagrams
        before = diagrams.work
        try:
            content = self.own.content_of(self.granted.bound, cells)
        finally:
            work.runs(diagrams.work - before)
        return replace(self, content=content)


def made(granted: Granted, columns: Sequence[ColumnPlan], question: Question, work: Work) -> Part:
    """Make our figures of the session's cells.

    Raises:
        CohortError: the providers do not mean the same by the question.
    """
    work.cells(granted.table)
    return Part(granted=granted, own=figures(granted, columns, question))
