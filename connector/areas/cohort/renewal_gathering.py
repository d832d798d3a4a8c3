"""The aggregator of renewals: members ask, mark what would change, and get what is renewed.

Nothing begins before the owner of every member has asked. Their changes go to the aggregator alone;
what it signed stays. A renewal is worked out in rounds: see `crypto.disclosure.cohort_renewal`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from connector.areas.cohort import problems_tables
from connector.areas.cohort import renewal_deciding as deciding
from connector.areas.cohort.frozen import payload
from connector.areas.cohort.renewal_rows import RenewalGatheringRow, RenewalPartRow
from connector.areas.cohort.renewal_table import EVERY_MS
from connector.areas.cohort.speaking import hear_table
from connector.areas.cohort.table_rows import GatheringRow
from connector.identity.work import budgeted
from connector.process.errors import Conflict
from connector.process.ports import unix_ms
from contracts.cohort import signing
from contracts.cohort.errors import broken
from contracts.cohort.renewal_checks import check_asked, check_changed, check_edition
from contracts.cohort.renewal_statements import Asked, Changed, Proposed
from crypto.did import Did
from crypto.disclosure.cohort_changes import differences
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, check_changes
from crypto.words import verbatim

if TYPE_CHECKING:
    from sqlmodel import Session as DbSession

    from connector.areas.cohort.renewal_table import Renewable
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction


class RenewalGathering:
    """The renewals of one aggregator."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._did = Did(node.settings.did)
        self._rounds = deciding.Rounds(node)

    def ask(self, caller: Caller, signed: Any) -> dict[str, Any]:
        """Take what one member's owner asks; with the last of them, make the first proposal.

        (1) the caller asks under its own name, for a table that we made with it;
        (2) it asks for the renewal that is due: the next one, of the table as it stands, a day
            after the one before.

        Raises:
            NotFound: we made no such table with the caller.
            CohortError, Conflict: (2) fails.
            TooMany: the caller's requests have used up their work.
        """
        with budgeted(self._node, caller) as work:
            return self._ask(caller, signed, work)

    def _ask(self, caller: Caller, signed: Any, work: Work) -> dict[str, Any]:
        asked = hear_table(self._node, Asked, signed, by=caller.did, work=work)
        self._use_up(caller)
        try:
            return self._asked(caller, asked, str(signed), None)
        except _LastError:  # the only one for whom what is judged is looked at
            _, of = self._made_with(caller, asked.cohort, work)
            return self._asked(caller, asked, str(signed), of)

    def _asked(
        self, caller: Caller, asked: Asked, signed: str, of: Renewable | None
    ) -> dict[str, Any]:
        node = self._node
        with node.db.transaction() as tx:
            roster = deciding.roster_of(tx.session, asked.cohort, caller.did)  # (1)
            row = tx.session.get(RenewalGatheringRow, (asked.cohort, asked.renewal))
            kept = tx.session.get(RenewalPartRow, (asked.cohort, asked.renewal, caller.did))
            if row is None or kept is None:
                self._check_due(tx, asked)  # (2)
                there = deciding.parts_of(tx.session, asked.cohort, asked.renewal)
                last = {*there, caller.did} == set(roster)
                if last and of is None:
                    raise _LastError
                row = row or RenewalGatheringRow(cohort=asked.cohort, renewal=asked.renewal)
                tx.session.add(row)
                tx.session.add(
                    RenewalPartRow(
                        cohort=row.cohort,
                        renewal=row.renewal,
                        member=caller.did,
                        asked_jws=signed,
                    )
                )
                tx.session.flush()
                deciding.write(node, tx, row, signed, "renewal", by=caller.did)
                if last and of is not None:
                    self._begin(tx, of, row, asked)
            elif kept.asked_jws != signed:
                raise _said_before()
            return deciding.told(tx.session, roster, row)

    def mark(self, caller: Caller, signed: Any) -> dict[str, Any]:
        """Take one member's changes; with the last of them, work out what follows.

        (1) they are of the present proposal, and of the data that its earlier ones were of;
        (2) they are on what is judged of the table, by this release as by that of the proposal.

        Raises:
            NotFound: there is no such renewal with the caller.
            CohortError: (1) or (2) fails, or the cohort does not hold.
            TooMany: the caller's requests have used up their work.
        """
        with budgeted(self._node, caller) as work:
            return self._mark(caller, signed, work)

    def _mark(self, caller: Caller, signed: Any, work: Work) -> dict[str, Any]:
        node = self._node
        changed = hear_table(node, Changed, signed, by=caller.did, work=work)
        self._use_up(caller)
        with node.db.reading() as db:
            roster = deciding.roster_of(db, changed.cohort, caller.did)
            row, part = _marked_for(db, changed.cohort, caller.did, signed)
            if row.renewed_jws:
                return deciding.told(db, roster, row)
        _, of = self._made_with(caller, changed.cohort, work)
        with node.db.transaction() as tx:
            row, part = _marked_for(tx.session, changed.cohort, caller.did, signed)
            check_edition(Proposed.from_json(payload(row.proposal_jws)), of.judged)
            if part.marks_jws != signed:
                # its own part of what follows, which is worked out once: what others mark is not
                # for this member, so its budget does not tell it
                work.deciding(of.looked.bits(len(differences(row.renewal))))
                self._keep(tx, of, row, part, changed, str(signed))
        self._rounds.work_out(of, row.cohort, row.renewal, work)
        with node.db.reading() as db:
            return deciding.told(db, roster, deciding.renewals(db, row.cohort)[-1])

    def _use_up(self, caller: Caller) -> None:
        """Use up the token before anything that takes long."""
        with self._node.db.transaction() as tx:
            caller.consume(tx)

    def _made_with(self, caller: Caller, cohort: str, work: Work) -> tuple[GatheringRow, Renewable]:
        """Find a table and what is judged of it."""
        with self._node.db.reading() as db:
            found = deciding.made_with(db, cohort, caller.did, work)
        work.judged(found[1].looked.bits(1))
        return found

    def _keep(
        self,
        tx: Transaction,
        of: Renewable,
        row: RenewalGatheringRow,
        part: RenewalPartRow,
        changed: Changed,
        signed: str,
    ) -> None:
        # (1)
        before = Changed.from_json(payload(part.marks_jws)) if part.marks_jws else None
        proposal = signing.digest_of(row.proposal_jws)
        check_changed(
            changed,
            cohort=row.cohort,
            proposal=proposal,
            before=before,
            table=of.table,
            sizes=of.sizes,
        )
        if part.turn == row.turn:
            raise _said_before()
        # (2)
        try:
            check_changes(of.looked, changed.changes.bits, row.renewal)
        except ValueError as error:
            raise broken(
                "cohort.renewal.wrong", problems_tables.UNFIT, why=verbatim(str(error)).of()
            ) from error
        part.turn, part.marks_jws = row.turn, signed
        tx.session.add(part)
        deciding.write(self._node, tx, row, signed, "changes", by=part.member)

    def _check_due(self, tx: Transaction, asked: Asked) -> None:
        found = deciding.renewals(tx.session, asked.cohort)
        done = [row for row in found if row.renewed_jws]
        named = select(GatheringRow.classes_jws).where(col(GatheringRow.cohort) == asked.cohort)
        previous = done[-1].renewed_jws if done else tx.session.exec(named).one()
        since = done[-1].made_ms + EVERY_MS if done else 0
        if len(done) >= MOST_RENEWALS or unix_ms(tx.now) < since:
            raise Conflict(replace(problems_tables.RENEWED_LATELY, code="cohort.renewal.soon"))
        check_asked(
            asked,
            cohort=asked.cohort,
            aggregator=self._did,
            renewal=len(done) + 1,
            previous=signing.digest_of(previous),
        )

    def _begin(
        self, tx: Transaction, of: Renewable, row: RenewalGatheringRow, asked: Asked
    ) -> None:
        parts = deciding.parts_of(tx.session, row.cohort, row.renewal)
        assert set(parts) == set(of.roster), "the last one asks"
        proposed = Proposed(
            cohort=row.cohort,
            aggregator=self._did,
            renewal=row.renewal,
            previous=asked.previous,
            judged=of.judged,
            asked={Did(did): signing.digest_of(part.asked_jws) for did, part in parts.items()},
            turn=0,
            marks={},
            held=0,
        )
        deciding.propose(self._node, tx, row, proposed)


class _LastError(Exception):
    """All others have asked: now it is looked at what is judged."""


def _marked_for(
    db: DbSession, cohort: str, member: str, signed: Any
) -> tuple[RenewalGatheringRow, RenewalPartRow]:
    """Find the renewal that a member marks for, and what it sent.

    Raises:
        NotFound: there is none, or it is renewed, of other changes.
    """
    found = deciding.renewals(db, cohort)
    if not found or not found[-1].proposal_jws:
        raise deciding.unknown()
    part = deciding.parts_of(db, cohort, found[-1].renewal)[member]
    if found[-1].renewed_jws and part.marks_jws != signed:
        raise deciding.unknown()
    return found[-1], part


def _said_before() -> Conflict:
    return Conflict(problems_tables.SAID_IN_RENEWAL)
