"""Signed statements that the areas of this node keep: answers given and got, acts in cohorts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.cohort import (
    AggregationPartRow,
    AggregationRow,
    CohortAskRow,
    CohortMembershipRow,
    GatheringPartRow,
    GatheringRow,
    ProviderSessionRow,
    RenewalGatheringRow,
    RenewalPartRow,
    RenewalProposalRow,
    RenewalRoundRow,
    RenewalRow,
)
from connector.areas.questions import AskedQuestionRow, GivenAnswerRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlmodel import Session

# every column that holds a compact JWS which a leaf names; not the marks and changes that members
# of a cohort sent us as its aggregator: each opens its own (disclosure.md §8.2: to it alone)
_COLUMNS: Final[tuple[Any, ...]] = (
    col(GivenAnswerRow.jws),
    col(AskedQuestionRow.jws),
    col(ProviderSessionRow.session_jws),
    col(ProviderSessionRow.acceptance_jws),
    col(ProviderSessionRow.indicators_jws),
    col(ProviderSessionRow.cleared_jws),
    col(ProviderSessionRow.contribution_jws),
    col(ProviderSessionRow.outcome_jws),
    col(AggregationRow.session_jws),
    col(AggregationRow.cleared_jws),
    col(AggregationRow.outcome_jws),
    col(AggregationPartRow.indicators_jws),
    col(AggregationPartRow.contribution_jws),
    col(CohortMembershipRow.joining_jws),
    col(CohortMembershipRow.marks_jws),
    col(CohortMembershipRow.classes_jws),
    col(GatheringRow.classes_jws),
    col(GatheringPartRow.joining_jws),
    col(RenewalRow.asked_jws),
    col(RenewalRow.renewed_jws),
    col(RenewalRoundRow.proposal_jws),
    col(RenewalRoundRow.marks_jws),
    col(RenewalGatheringRow.renewed_jws),
    col(RenewalProposalRow.proposal_jws),
    col(RenewalPartRow.asked_jws),
    col(CohortAskRow.session_jws),
    col(CohortAskRow.cleared_jws),
    col(CohortAskRow.outcome_jws),
)
# and every column that holds several, by DID, in JSON
_BY_PARTY: Final[tuple[Any, ...]] = (
    col(AggregationRow.acceptances),
    col(CohortAskRow.acceptances),
    col(CohortAskRow.contributions),
    col(CohortMembershipRow.joinings),
)


def statements(session: Session, *, of: Collection[str] | None = None) -> Iterator[str]:
    """Yield each statement once per row that holds it.

    Args:
        session: of the database.
        of: sessions of totals; None for all statements, those of answers included.
    """
    for column in filter(lambda one: of is None or _in_sessions(one), _BY_PARTY):
        for text in session.execute(_only(select(column), column, of)).scalars():
            for item in json.loads(text).values():
                yield item if isinstance(item, str) else item["acceptance"]
    for column in filter(lambda one: of is None or _in_sessions(one), _COLUMNS):
        query = _only(select(column).where(column != ""), column, of)
        yield from session.execute(query).scalars()


def _in_sessions(column: Any) -> bool:
    """Say whether a column holds statements of sessions: not of answers or cohort tables."""
    return hasattr(column.class_, "session")


def _only(query: Any, column: Any, of: Collection[str] | None) -> Any:
    return query if of is None else query.where(col(column.class_.session).in_(of))
