"""A total that is only thought of: what `--explain` sends to each provider, who decides on it.

It has the parties, the columns and the question of a session, and neither a key nor a signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import problems
from contracts.cohort.errors import of_a_statement, wrong
from contracts.cohort.kinds import Party, Roster
from contracts.cohort.members import check_roles
from contracts.cohort.session import Plans
from crypto.records import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.cohort.session import ColumnPlan, Question
    from crypto.did import Did

DECIDES: Final = "cohort.decides"  # a phrase: we allow it, the cohort decides the cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Who would take part."""

    consumer: Did
    aggregator: Did
    roster: tuple[Did, ...]

    @classmethod
    def read(cls, consumer: Did, aggregator: Any, roster: Any) -> Draft:
        """Read what a consumer sends.

        Raises:
            MalformedError: no DIDs, one of them twice, or too many.
        """
        with of_a_statement():
            found: tuple[Did, ...] = value_of(Roster, roster, "/roster")
            adds_up: Did = value_of(Party, aggregator, "/aggregator")
        return cls(consumer=consumer, aggregator=adds_up, roster=found)

    def check(self, provider: Did) -> None:
        """Check who sits in it, as in a session; we must be among them.

        Raises:
            CohortError: the roles do not fit, or we are not asked.
        """
        check_roles(self)
        if provider not in self.roster:
            raise wrong("cohort.roster", problems.NOT_IN_ROSTER)


def read_columns(value: Any) -> tuple[ColumnPlan, ...]:
    """Read the columns that a consumer plans.

    Raises:
        MalformedError: another shape.
    """
    with of_a_statement():
        found: tuple[ColumnPlan, ...] = value_of(Plans, value, "/columns")
    return found


def body_of(
    agreement: str,
    question: Question,
    columns: Sequence[ColumnPlan],
    *,
    roster: Sequence[str],
    aggregator: str,
) -> dict[str, Any]:
    """Write what one provider is sent."""
    return {
        "agreement": agreement,
        "question": question.to_json(),
        "columns": [column.to_json() for column in columns],
        "roster": sorted(roster),
        "aggregator": aggregator,
    }
