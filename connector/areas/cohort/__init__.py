"""Totals over several providers: provider side, aggregator side, consumer side.

The rules are `contracts.cohort`; here are the rows, the calls and the order of steps. Every change
of state writes its leaf in the same transaction. Each call may be repeated: what was said stays
said, so a process that is killed anywhere goes on from its rows.
"""

from __future__ import annotations

from connector.areas.cohort.area import AGGREGATION, AREA
from connector.areas.cohort.asking import secret_name
from connector.areas.cohort.commons import common_of
from connector.areas.cohort.renewal_rows import (
    RenewalGatheringRow,
    RenewalPartRow,
    RenewalProposalRow,
    RenewalRoundRow,
    RenewalRow,
)
from connector.areas.cohort.rows import (
    AggregationPartRow,
    AggregationRow,
    CohortAskRow,
    ProviderSessionRow,
)
from connector.areas.cohort.table_rows import (
    CohortMembershipRow,
    GatheringPartRow,
    GatheringRow,
    RosterMemoryRow,
)
from connector.areas.cohort.told_sessions import ToldOf, told_of

__all__ = [
    "AGGREGATION",
    "AREA",
    "AggregationPartRow",
    "AggregationRow",
    "CohortAskRow",
    "CohortMembershipRow",
    "GatheringPartRow",
    "GatheringRow",
    "ProviderSessionRow",
    "RenewalGatheringRow",
    "RenewalPartRow",
    "RenewalProposalRow",
    "RenewalRoundRow",
    "RenewalRow",
    "RosterMemoryRow",
    "ToldOf",
    "common_of",
    "secret_name",
    "told_of",
]
