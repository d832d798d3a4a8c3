"""Totals over several parties as two areas: of a participant, and of the hub that adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.cohort import aggregation_api, api
from connector.areas.cohort.aggregator import Aggregating
from connector.areas.cohort.live import LiveSessions
from connector.areas.cohort.negotiating import cohort_rule
from connector.areas.cohort.renewal_rows import (
    RenewalGatheringRow,
    RenewalPartRow,
    RenewalProposalRow,
    RenewalRoundRow,
    RenewalRow,
)
from connector.areas.cohort.renewing import Renewing
from connector.areas.cohort.rows import (
    AggregationPartRow,
    AggregationRow,
    CohortAskRow,
    ProviderSessionRow,
)
from connector.areas.cohort.sessions import Sessions
from connector.areas.cohort.settling import Settling
from connector.areas.cohort.table_rows import (
    CohortMembershipRow,
    GatheringPartRow,
    GatheringRow,
    RosterMemoryRow,
)
from connector.areas.cohort.total import Total, resume
from connector.party.area import Area
from connector.process.job import Every

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node

SWEEP_SECONDS: Final = 5.0


def _sweep(node: Node, work: Callable[[], object]) -> Every:
    return Every("cohort-sweep", SWEEP_SECONDS, work, node.log)


def jobs(node: Node) -> list[Every]:
    """Bring sessions to their end that nobody else brings there."""
    settling = Settling(Sessions(node))
    return [
        _sweep(node, settling.sweep),
        _sweep(node, lambda: resume(node)),
        _sweep(node, Renewing(node).sweep),
    ]


AREA = Area(
    name="cohort",
    tables=(
        ProviderSessionRow,
        CohortAskRow,
        RosterMemoryRow,
        CohortMembershipRow,
        RenewalRow,
        RenewalRoundRow,
    ),
    services=lambda _node: (LiveSessions(),),
    protocol=api.protocol_routes,
    operations=api.OPERATIONS,
    jobs=jobs,
    rules=(cohort_rule,),
    modes=(Total(),),
)
AGGREGATION = Area(
    name="aggregation",
    tables=(
        AggregationRow,
        AggregationPartRow,
        GatheringRow,
        GatheringPartRow,
        RenewalGatheringRow,
        RenewalProposalRow,
        RenewalPartRow,
    ),
    protocol=aggregation_api.protocol_routes,
    jobs=lambda node: [_sweep(node, Aggregating(node).sweep)],
)
