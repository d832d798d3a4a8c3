"""A member's figures in the data version that a renewal of its cohort table is of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.areas.cohort import problems_tables
from connector.areas.cohort.commons import known_codes
from connector.areas.cohort.frozen import frozen, history_of, payload, renewed
from connector.areas.cohort.renewal_table import looked_at
from connector.areas.products import protected_table
from contracts.cohort import signing
from contracts.cohort.errors import broken
from contracts.cohort.renewal_checks import check_proposed
from contracts.cohort.renewal_statements import Asked, Changed, Proposed
from crypto.disclosure.cohort_changes import Changes, History, make_changes
from crypto.disclosure.cohort_snapshot import take_later
from crypto.words import verbatim

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.cohort.renewal_rows import RenewalRow
    from connector.areas.cohort.renewal_table import Renewable
    from connector.areas.cohort.table_rows import CohortMembershipRow
    from crypto.did import Did
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_snapshot import Snapshot
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Our figures in the data version that a renewal is of.

    Attributes:
        figures: on the classes.
        blocked: classes in which we may not release something of it.
        appeared: finest common cells in no class in which we have something now.
        number: of the data version.
        version: its digest.
        oldest: the oldest data version that some of the figures stand at.
    """

    figures: Snapshot
    blocked: Bits
    appeared: tuple[CellKey, ...]
    number: int
    version: str
    oldest: int


def later_figures(db: Session, row: RenewalRow, of: Renewable, earlier: Changed | None) -> Later:
    """Read them, as they were in the first round, or of our newest version if this is that round.

    Where something lies under codes that the members do not know in common, we stay at what is
    shown: all our figures are as they were.
    """
    if earlier is not None:
        return Later(
            figures=tuple(map(tuple, json.loads(row.figures))),
            blocked=earlier.changes.blocked,
            appeared=earlier.changes.appeared,
            number=row.number,
            version=row.version,
            oldest=row.oldest,
        )
    published = protected_table(db, row.dataset)
    own = known_codes(published.dimensions, of.common.table.dimensions)
    try:
        found = take_later(published.table, own, of.common.table, of.table)
    except ValueError as error:
        raise broken(
            "cohort.table.changed", problems_tables.UNFIT, why=verbatim(str(error)).of()
        ) from error
    if found is None:
        shown = frozen(db, row.dataset)
        assert shown is not None, "it is made"
        return Later(
            figures=shown.figures,
            blocked=0,
            appeared=(),
            number=shown.number,
            version=shown.version,
            oldest=shown.oldest,
        )
    return Later(
        figures=found.figures,
        blocked=found.blocked,
        appeared=found.appeared,
        number=published.number,
        version=published.version,
        oldest=published.oldest,
    )


def changes_for(
    db: Session,
    us: Did,
    row: RenewalRow,
    made: CohortMembershipRow,
    of: Renewable,
    proposal: tuple[Proposed, str],
) -> tuple[Changed, Later]:
    """Check a proposal and make our changes for it.

    Args:
        db: for reading.
        us: our DID.
        row: the renewal, with the proposal that we marked for last.
        made: the cohort table.
        of: what is judged of it.
        proposal: the proposal, and as it was signed.

    Raises:
        CohortError: it is not made as it should be, or our table is declared otherwise by now.
    """
    proposed, signed = proposal
    earlier = Changed.from_json(payload(row.marks_jws)) if row.marks_jws else None
    check_proposed(
        proposed,
        ours=Asked.from_json(payload(row.asked_jws)),
        asked=signing.digest_of(row.asked_jws),
        roster=of.roster,
        looked=of.looked,
        judged=of.judged,
        before=Proposed.from_json(payload(row.proposal_jws)) if row.proposal_jws else None,
        changed=earlier,
        marks=signing.digest_of(row.marks_jws),
    )
    later = later_figures(db, row, of, earlier)
    history = history_of(made, renewed(db, row.dataset))
    history = History(snapshots=(*history.snapshots, later.figures), ages=history.ages)
    changed = Changed(
        cohort=row.cohort,
        member=us,
        proposal=signing.digest_of(signed),
        number=later.number,
        version=later.version,
        changes=Changes(
            blocked=later.blocked,
            appeared=later.appeared,
            bits=make_changes(looked_at(of), history, proposed.held, later.blocked),
        ),
    )
    return changed, later
