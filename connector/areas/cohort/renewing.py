"""A member's part in renewing the cohort table of one of its products.

1. Its owner asks; no consumer can. When the owners of all members have, the aggregator proposes.
2. It marks what would change, for the aggregator alone, in the data version that was its newest
   when the first proposal came; again for each further proposal.
3. When the aggregator says what is renewed, its sessions answer from that.

Each step is stored before it is told, so a step that was cut off is taken again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.cohort import problems_tables
from connector.areas.cohort.draft import Draft
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.frozen import digest_now, history_of, payload, renewed, withheld_by
from connector.areas.cohort.gatherer import Gatherer
from connector.areas.cohort.membership import joining_of
from connector.areas.cohort.renewal_changes import changes_for
from connector.areas.cohort.renewal_rows import RenewalRoundRow, RenewalRow
from connector.areas.cohort.renewal_table import EVERY_MS, renewable
from connector.areas.cohort.speaking import hear_table, members, say
from connector.areas.cohort.table_rows import CohortMembershipRow
from connector.identity.fitness import check_fit
from connector.identity.work import ours
from connector.process.errors import Conflict, NotFound, Unreachable, VoileError
from connector.process.ports import unix_ms
from contracts.cohort import signing
from contracts.cohort.errors import broken
from contracts.cohort.members import check_members
from contracts.cohort.renewal_checks import check_renewed
from contracts.cohort.renewal_statements import Asked, Changed, Proposed, Renewed
from crypto.did import Did
from crypto.disclosure.cohort_changes import renewed_ages
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS

if TYPE_CHECKING:
    from connector.areas.cohort.renewal_table import Renewable
    from connector.party.node import Node
    from connector.store.transaction import Transaction

ASK_EVERY_MS: Final = 30_000  # how often we look whether the others have gone on


class _OvertakenError(Conflict):
    """The same step was taken meanwhile, by the sweeper or by the owner's asking."""


class Renewing:
    """The renewals of one member."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._did = Did(node.settings.did)
        self._looked: dict[str, int] = {}  # by product, when we last looked in vain

    def ask(self, dataset: str) -> dict[str, Any]:
        """Ask for a renewal as the owner, or say how far the one that was asked for is.

        (1) the product's cohort table is made, its offers put it in that cohort still, and it has
            classes;
        (2) it was renewed less often than it may be; one of less than a day ago is the last one.

        Raises:
            NotFound, Conflict: one of them fails.
            Refused: the product is not on offer, or we or the aggregator are not certified now.
            CohortError: the table is too large to be judged.
            PeerRefused: by the aggregator; what was asked stands, and is sent again.
        """
        node = self._node
        with node.db.reading() as db:
            kept = db.get(CohortMembershipRow, dataset)
        if kept is not None and kept.classes_jws:
            renewable(kept.joinings, kept.classes_jws)  # takes long, once
        with node.db.transaction() as tx:
            made = self._made(tx, dataset)  # (1)
            row = self._last(tx, dataset)
            # (2)
            done = row is not None and bool(row.renewed_jws)
            if row is None or (done and unix_ms(tx.now) >= row.made_ms + EVERY_MS):
                row = self._asked(tx, made, 1 if row is None else row.renewal + 1)
        missing: tuple[str, ...] = ()
        try:
            missing = () if row.renewed_jws else self._bring(row)
        except (Unreachable, _OvertakenError) as error:  # the sweeper goes on
            node.log.info("cohort-renewal", product=dataset, code=error.code)
        return self._told(dataset, row.renewal, missing)

    def sweep(self) -> int:
        """Take every step of renewals under way that can be taken now; say how many there are."""
        now = unix_ms(self._node.clock.now())
        with self._node.db.reading() as db:
            rows = db.exec(select(RenewalRow).where(RenewalRow.renewed_jws == "")).all()
        for row in rows:
            if self._looked.get(row.dataset, 0) > now - ASK_EVERY_MS:
                continue
            self._looked[row.dataset] = now
            try:  # each by itself: one that cannot go on keeps no other from its end
                self._bring(row)
            except VoileError as error:
                self._node.log.info("cohort-renewal", product=row.dataset, code=error.code)
        return len(rows)

    def _made(self, tx: Transaction, dataset: str) -> CohortMembershipRow:
        made = tx.session.get(CohortMembershipRow, dataset)
        if made is None or not made.classes_jws:
            raise NotFound(
                replace(problems_tables.NO_TABLE, code="cohort.table.missing"), product=dataset
            )
        self._check_offered(tx, made)
        if not renewable(made.joinings, made.classes_jws).table.classes:
            raise Conflict(replace(problems_tables.NO_CLASSES, code="cohort.renewal.nothing"))
        return made

    def _check_offered(self, tx: Transaction, made: CohortMembershipRow) -> None:
        """Check that the product is on offer in its table's cohort, and that we are certified.

        Not when the owner asks alone: who withdraws it then has nothing more marked.
        """
        check_fit(self._node, tx.session, made.aggregator)
        joining = joining_of(tx.session, self._did, made.dataset)
        if (joining.aggregator, list(joining.roster)) != (made.aggregator, json.loads(made.roster)):
            raise Conflict(
                replace(problems_tables.OFFERED_ELSEWHERE, code="cohort.roster.other"),
                product=made.dataset,
            )

    def _asked(self, tx: Transaction, made: CohortMembershipRow, renewal: int) -> RenewalRow:
        if renewal > MOST_RENEWALS:
            raise Conflict(
                replace(problems_tables.RENEWED_MOST, code="cohort.renewal.most"),
                most=MOST_RENEWALS,
            )
        asked = Asked(
            cohort=made.cohort,
            aggregator=Did(made.aggregator),
            member=self._did,
            renewal=renewal,
            previous=digest_now(tx.session, made.dataset),
        )
        row = RenewalRow(
            dataset=made.dataset,
            renewal=renewal,
            cohort=made.cohort,
            aggregator=made.aggregator,
            asked_jws=say(self._node, asked, tx.now),
            asked_ms=unix_ms(tx.now),
        )
        tx.session.add(row)
        self._write(tx, row, [row.asked_jws], "renewal")
        return row

    def _bring(self, row: RenewalRow) -> tuple[str, ...]:
        """Take every step that can be taken now; give the members whose owners have not asked."""
        node = self._node
        with node.db.reading() as db:
            made = db.get(CohortMembershipRow, row.dataset)
        assert made is not None, "it was there when the renewal was asked for"
        gatherer = Gatherer(node, row.aggregator)
        told = gatherer.renew(row.asked_jws)
        if not told.renewed and not told.proposal:
            return told.missing  # waiting takes nothing
        of = renewable(made.joinings, made.classes_jws)
        for _ in range(MOST_ROUNDS + 1):
            if told.renewed:
                self._take(row, of, told.renewed)
                return ()
            if not told.proposal:
                return told.missing
            marked = row.proposal_jws
            row = self._marked(row, made, of, told.proposal)
            told = gatherer.change(row.marks_jws)
            if not told.renewed and told.proposal == row.proposal_jws == marked:
                break  # others have not marked for it yet
        return ()

    def _marked(
        self, row: RenewalRow, made: CohortMembershipRow, of: Renewable, signed: str
    ) -> RenewalRow:
        """Keep our changes for a proposal, and in the first round which data version they are of.

        Raises:
            CohortError: the proposal is not made as it should be, or the members do not hold.
            Refused, Conflict: its owner has withdrawn the product, or taken it out of the cohort.
        """
        node = self._node
        if row.proposal_jws == signed:
            return row
        proposed = hear_table(node, Proposed, signed, by=row.aggregator, work=ours())
        with node.db.reading() as db:
            changed, later = changes_for(db, self._did, row, made, of, (proposed, signed))
        hub = Did(row.aggregator)
        parties = Draft(consumer=hub, aggregator=hub, roster=of.roster)
        with node.db.transaction() as tx:
            self._check_offered(tx, made)
            standing = members(node, tx.session, parties)
            check_members(parties, standing, min_cohort=of.table.min_cohort)
            kept = tx.session.get(RenewalRow, (row.dataset, row.renewal))
            if kept is None or kept.renewed_jws or kept.proposal_jws != row.proposal_jws:
                raise _OvertakenError(
                    replace(problems_tables.STEP_OVERTAKEN, code="cohort.renewal.step")
                )
            kept.proposal_jws, kept.marks_jws = signed, say(node, changed, tx.now)
            kept.number, kept.version, kept.oldest = later.number, later.version, later.oldest
            kept.figures = json.dumps(later.figures)
            tx.session.add(kept)
            tx.session.add(
                RenewalRoundRow(
                    dataset=row.dataset,
                    renewal=row.renewal,
                    turn=proposed.turn,
                    proposal_jws=signed,
                    marks_jws=kept.marks_jws,
                )
            )
            self._write(tx, kept, [kept.marks_jws, signed], "changes")
            return kept

    def _take(self, row: RenewalRow, of: Renewable, signed: str) -> None:
        """Keep what is renewed: from now on sessions answer from it.

        Raises:
            CohortError: it is not made as it should be.
        """
        node = self._node
        said = hear_table(node, Renewed, signed, by=row.aggregator, work=ours())
        if not row.marks_jws:
            raise broken("cohort.renewal.wrong", problems_tables.NO_PROPOSAL)
        check_renewed(
            said,
            proposed=Proposed.from_json(payload(row.proposal_jws)),
            proposal=signing.digest_of(row.proposal_jws),
            ours=Changed.from_json(payload(row.marks_jws)),
            marks=signing.digest_of(row.marks_jws),
            roster=of.roster,
            table=of.table,
            sizes=of.sizes,
            looked=of.looked,
        )
        with node.db.transaction() as tx:
            kept = tx.session.get(RenewalRow, (row.dataset, row.renewal))
            if kept is None or kept.marks_jws != row.marks_jws:
                raise _OvertakenError(
                    replace(problems_tables.STEP_OVERTAKEN, code="cohort.renewal.step")
                )
            if kept.renewed_jws:
                return
            made = tx.session.get(CohortMembershipRow, row.dataset)
            assert made is not None, "it was there when the renewal was asked for"
            before = history_of(made, renewed(tx.session, row.dataset)).ages[-1]
            kept.ages = json.dumps(renewed_ages(before, said.held, row.renewal))
            kept.renewed_jws, kept.made_ms = signed, unix_ms(tx.now)
            tx.session.add(kept)
            self._write(tx, kept, [signed], "renewed")

    def _told(self, dataset: str, renewal: int, missing: tuple[str, ...]) -> dict[str, Any]:
        """Say how far a renewal is, as the owner is told."""
        with self._node.db.reading() as db:
            row = db.get(RenewalRow, (dataset, renewal))
            assert row is not None, "it was asked for"
            withheld = withheld_by(db, row) if row.renewed_jws else (0, 0)
        state = "asked" if not row.proposal_jws else "marked"
        found: dict[str, Any] = {"product": dataset, "renewal": renewal, "missing": list(missing)}
        if row.renewed_jws:
            state, ages = "renewed", json.loads(row.ages)
            found["classes"] = {"all": len(ages), "held": sum(age != renewal for age in ages)}
            found["withheld"] = dict(zip(("before", "after"), withheld, strict=True))
        if row.number:
            found["dataVersion"] = {"number": row.number, "digest": row.version}
        return found | {"state": state}

    @staticmethod
    def _last(tx: Transaction, dataset: str) -> RenewalRow | None:
        query = select(RenewalRow).where(RenewalRow.dataset == dataset)
        return tx.session.exec(query.order_by(col(RenewalRow.renewal).desc()).limit(1)).first()

    def _write(self, tx: Transaction, row: RenewalRow, signed: list[str], what: str) -> None:
        tx.append(
            alone(
                self._node,
                tx,
                role="provider",
                counterparty=row.aggregator,
                session=row.cohort,
                states=("", ""),
                signed=signed,
                query={"table": what, "renewal": row.renewal, "product": row.dataset},
            )
        )
