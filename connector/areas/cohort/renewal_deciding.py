"""Steps of a renewal at its aggregator: what follows from a round, and what was sent so far."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.cohort import problems_tables
from connector.areas.cohort.aggregation import ROLE
from connector.areas.cohort.draft import Draft
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.frozen import payload
from connector.areas.cohort.renewal_rows import (
    RenewalGatheringRow,
    RenewalPartRow,
    RenewalProposalRow,
)
from connector.areas.cohort.renewal_table import Renewable, looked_at, renewable
from connector.areas.cohort.speaking import members, say
from connector.areas.cohort.table_rows import GatheringPartRow, GatheringRow
from connector.evidence import statements
from connector.process.errors import NotFound
from connector.process.ports import unix_ms
from contracts.cohort import signing
from contracts.cohort.errors import broken
from contracts.cohort.members import check_members
from contracts.cohort.renewal_statements import Changed, Proposed, Renewed
from crypto.did import Did
from crypto.disclosure.cohort_renewal import decide
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlmodel import Session as DbSession

    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.disclosure.cohort_changes import Changes
    from crypto.disclosure.cohort_renewal import Decided

_Round = tuple[str, int, int]  # cohort, renewal, turn
KEPT: Final = 16  # rounds of which it is remembered what follows


def made_with(
    db: DbSession, cohort: str, member: str, work: Work
) -> tuple[GatheringRow, Renewable]:
    """Find a table that was made with a member; to others there is none of that name.

    Args:
        db: for reading.
        cohort: names the table.
        member: who asks.
        work: counts what it takes.

    Raises:
        NotFound: there is none.
        CohortError: there is too much to be judged of it.
    """
    row = db.exec(select(GatheringRow).where(col(GatheringRow.cohort) == cohort)).first()
    if row is None or not row.classes_jws:
        raise unknown()
    query = select(GatheringPartRow).where(GatheringPartRow.key == row.key)
    joinings = {part.member: part.joining_jws for part in db.exec(query)}
    if member not in joinings:
        raise unknown()
    named = json.dumps(joinings, sort_keys=True)
    return row, renewable(named, row.classes_jws, work.making)


def roster_of(db: DbSession, cohort: str, member: str) -> tuple[str, ...]:
    """Find the members of a table that was made with a member: nothing of it is read.

    Raises:
        NotFound: there is none.
    """
    named = select(GatheringRow.key).where(
        col(GatheringRow.cohort) == cohort, col(GatheringRow.classes_jws) != ""
    )
    key = db.exec(named).first()
    query = select(GatheringPartRow.member).where(col(GatheringPartRow.key) == key)
    roster = tuple(db.exec(query))
    if member not in roster:
        raise unknown()
    return roster


def renewals(db: DbSession, cohort: str) -> list[RenewalGatheringRow]:
    """Find the renewals of a table, the first one first."""
    query = select(RenewalGatheringRow).where(RenewalGatheringRow.cohort == cohort)
    return list(db.exec(query.order_by(col(RenewalGatheringRow.renewal))))


def parts_of(db: DbSession, cohort: str, renewal: int) -> dict[str, RenewalPartRow]:
    """Find what members sent for a renewal."""
    query = select(RenewalPartRow).where(
        RenewalPartRow.cohort == cohort, RenewalPartRow.renewal == renewal
    )
    return {part.member: part for part in db.exec(query)}


def told(db: DbSession, roster: Collection[str], row: RenewalGatheringRow) -> dict[str, Any]:
    """Say how far a renewal is, as its members are told."""
    missing = set(roster) - set(parts_of(db, row.cohort, row.renewal))
    return {
        "missing": sorted(missing),
        "proposal": row.proposal_jws,
        "renewed": row.renewed_jws,
    }


def write(
    node: Node, tx: Transaction, row: RenewalGatheringRow, signed: str, what: str, by: str = ""
) -> None:
    """Write the leaf of a step."""
    statements.append(
        tx,
        alone(
            node,
            tx,
            role=ROLE,
            counterparty=by,
            session=row.cohort,
            states=("", ""),
            signed=[signed],
            query={"table": what, "renewal": row.renewal},
        ),
    )


def propose(node: Node, tx: Transaction, row: RenewalGatheringRow, proposed: Proposed) -> None:
    """Sign a proposal and keep it."""
    row.turn, row.proposal_jws = proposed.turn, say(node, proposed, tx.now)
    tx.session.add(row)
    tx.session.add(
        RenewalProposalRow(
            cohort=row.cohort, renewal=row.renewal, turn=row.turn, proposal_jws=row.proposal_jws
        )
    )
    write(node, tx, row, row.proposal_jws, "proposal")


class Rounds:
    """What follows from rounds: worked out once each, whoever asks, however often."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = Lock()
        self._under_way: set[_Round] = set()
        self._found: OrderedDict[_Round, Decided] = OrderedDict()  # the newest KEPT

    def work_out(self, of: Renewable, cohort: str, renewal: int, work: Work) -> None:
        """Decide outside the transaction what follows from a round, if all have marked for it.

        Args:
            of: what is judged of the table.
            cohort: names the table.
            renewal: number of the renewal.
            work: counts what it takes to look at all of that again; deciding was counted.

        Raises:
            CohortError: the cohort does not hold.
        """
        node = self._node
        us = Did(node.settings.did)
        parties = Draft(consumer=us, aggregator=us, roster=of.roster)
        least = of.table.min_cohort
        with node.db.reading() as db:
            row = db.get(RenewalGatheringRow, (cohort, renewal))
            parts = parts_of(db, cohort, renewal)
            if row is None or row.renewed_jws or any(p.turn != row.turn for p in parts.values()):
                return
            check_members(parties, members(node, db, parties), min_cohort=least)
        proposed = Proposed.from_json(payload(row.proposal_jws))
        changes = [Changed.from_json(payload(part.marks_jws)).changes for part in parts.values()]
        decided = self._decided(of, proposed, changes, work)
        if decided is None:
            return  # another request is about it
        with node.db.transaction() as tx:
            now = tx.session.get(RenewalGatheringRow, (cohort, renewal))
            if now is None or now.renewed_jws or now.turn != row.turn:
                return
            check_members(parties, members(node, tx.session, parties), min_cohort=least)
            marks = {Did(did): signing.digest_of(part.marks_jws) for did, part in parts.items()}
            _follow(node, tx, now, proposed, decided, marks)

    def _decided(
        self, of: Renewable, proposed: Proposed, changes: Sequence[Changes], work: Work
    ) -> Decided | None:
        """Decide, or give what was decided before; None while another request decides."""
        key = (proposed.cohort, proposed.renewal, proposed.turn)
        with self._lock:
            if key in self._found:
                return self._found[key]
            if key in self._under_way:
                return None
            self._under_way.add(key)
        try:
            decided = decide(
                looked_at(of, work.making),
                proposed.held,
                changes,
                min_cohort=of.table.min_cohort,
                renewal=proposed.renewal,
                turn=proposed.turn,
            )
            with self._lock:
                self._found[key] = decided
                if len(self._found) > KEPT:
                    self._found.popitem(last=False)
        except ValueError as error:
            raise broken(
                "cohort.renewal.wrong", problems_tables.UNFIT, why=verbatim(str(error)).of()
            ) from error
        finally:
            with self._lock:
                self._under_way.discard(key)
        return decided


def _follow(
    node: Node,
    tx: Transaction,
    row: RenewalGatheringRow,
    proposed: Proposed,
    decided: Decided,
    marks: Mapping[Did, str],
) -> None:
    if decided.held != proposed.held:
        further = replace(proposed, turn=row.turn + 1, marks=marks, held=decided.held)
        propose(node, tx, row, further)
        return
    renewed = Renewed(
        cohort=proposed.cohort,
        aggregator=proposed.aggregator,
        renewal=proposed.renewal,
        previous=proposed.previous,
        proposal=signing.digest_of(row.proposal_jws),
        marks=marks,
        held=decided.held,
        appeared=decided.appeared,
    )
    row.renewed_jws, row.made_ms = say(node, renewed, tx.now), unix_ms(tx.now)
    tx.session.add(row)
    write(node, tx, row, row.renewed_jws, "renewed")


def unknown() -> NotFound:
    """Make the error for a renewal that there is not."""
    return NotFound(replace(problems_tables.NOT_RENEWING, code="cohort.renewal.unknown"))
