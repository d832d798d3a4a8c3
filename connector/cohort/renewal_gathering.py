"""The aggregator of renewals: members ask, mark what would change, and get what is renewed.

Nothing begins before the owner of every member has asked. Their changes go to the aggregator alone;
what it signed stays. A renewal is worked out in rounds: see `crypto.disclosure.cohort_renewal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.cohort import renewal_deciding as deciding
from connector.cohort.frozen import payload
from connector.cohort.renewal_rows import RenewalGatheringRow, RenewalPartRow
from connector.cohort.renewal_table import EVERY_MS
from connector.cohort.speaking import hear_table
from connector.errors import Conflict
from connector.ports import unix_ms
from connector.questions.work import budgeted
from contracts.cohort import signing
from contracts.cohort.errors import CohortError
from contracts.cohort.renewal_checks import check_asked, check_changed, check_edition
from contracts.cohort.renewal_statements import Asked, Changed, Proposed
from crypto.did import Did
from crypto.disclosure.cohort_changes import differences
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, check_changes

if TYPE_CHECKING:
    from connector.cohort.renewal_table import Renewable
    from connector.cohort.table_rows import GatheringRow
    from connector.identity.auth import Caller
    from connector.node import Node
    from connector.questions.work import Work
    from connector.store.database import Transaction


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
        node = self._node
        asked = hear_table(node, Asked, signed, by=caller.did, work=work)
        made, of = self._made_with(caller, asked.cohort, work)  # (1)
        with node.db.transaction() as tx:
            row = tx.session.get(RenewalGatheringRow, (asked.cohort, asked.renewal))
            kept = tx.session.get(RenewalPartRow, (asked.cohort, asked.renewal, caller.did))
            if row is None or kept is None:
                self._check_due(tx, made, asked)  # (2)
                row = row or RenewalGatheringRow(cohort=asked.cohort, renewal=asked.renewal)
                tx.session.add(row)
                tx.session.add(
                    RenewalPartRow(
                        cohort=row.cohort,
                        renewal=row.renewal,
                        member=caller.did,
                        asked_jws=str(signed),
                    )
                )
                tx.session.flush()
                deciding.write(node, tx, row, str(signed), "renewal", by=caller.did)
                self._begin(tx, of, row, asked)
            elif kept.asked_jws != signed:
                raise _said_before()
            return deciding.told(tx.session, of, row)

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
        _, of = self._made_with(caller, changed.cohort, work)
        with node.db.transaction() as tx:
            found = deciding.renewals(tx.session, changed.cohort)
            if not found or not found[-1].proposal_jws:
                raise deciding.unknown()
            row = found[-1]
            check_edition(Proposed.from_json(payload(row.proposal_jws)), of.judged)
            part = deciding.parts_of(tx.session, row.cohort, row.renewal)[caller.did]
            if part.marks_jws != signed:
                if row.renewed_jws:
                    raise deciding.unknown()
                # its own part of what follows, which is worked out once: what others mark is not
                # for this member, so its budget does not tell it
                work.deciding(of.looked.bits(len(differences(row.renewal))))
                self._keep(tx, of, row, part, changed, str(signed))
        self._rounds.work_out(of, row.cohort, row.renewal, work)
        with node.db.reading() as db:
            return deciding.told(db, of, deciding.renewals(db, row.cohort)[-1])

    def _made_with(self, caller: Caller, cohort: str, work: Work) -> tuple[GatheringRow, Renewable]:
        """Find a table and what is judged of it: that takes long, so the token is used up first."""
        with self._node.db.transaction() as tx:
            caller.consume(tx)
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
            raise CohortError(str(error), code="cohort.renewal.wrong") from error
        part.turn, part.marks_jws = row.turn, signed
        tx.session.add(part)
        deciding.write(self._node, tx, row, signed, "changes", by=part.member)

    def _check_due(self, tx: Transaction, made: GatheringRow, asked: Asked) -> None:
        found = deciding.renewals(tx.session, made.cohort)
        done = [row for row in found if row.renewed_jws]
        previous = done[-1].renewed_jws if done else made.classes_jws
        since = done[-1].made_ms + EVERY_MS if done else 0
        if len(done) >= MOST_RENEWALS or unix_ms(tx.now) < since:
            raise Conflict(
                "the table was renewed less than a day ago, or as often as it may be",
                code="cohort.renewal.soon",
                next_step="ask again a day after the last renewal; a table has three",
            )
        check_asked(
            asked,
            cohort=made.cohort,
            aggregator=self._did,
            renewal=len(done) + 1,
            previous=signing.digest_of(previous),
        )

    def _begin(
        self, tx: Transaction, of: Renewable, row: RenewalGatheringRow, asked: Asked
    ) -> None:
        parts = deciding.parts_of(tx.session, row.cohort, row.renewal)
        if set(parts) != set(of.roster):
            return
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


def _said_before() -> Conflict:
    return Conflict(
        "something else was said before in this renewal",
        code="cohort.said-before",
        next_step="send the same statement again",
    )
