"""A member's part in making the cohort table of one of its products.

1. It joins: says publicly what it declares, and in which cohort its offers put the product.
2. When all have joined, it marks what it carries, for the aggregator alone.
3. When all have marked, it checks the classes, and freezes its figures on them.

Whoever has an agreement can set this going, but nothing in it depends on who does, or on what is to
be asked. Each step is stored before it is told, so a step that was cut off is taken again. What
takes long is made before the transaction that keeps it, as work of whoever set it going.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import problems, problems_tables
from connector.areas.cohort.commons import Common, common_of, known_codes
from connector.areas.cohort.draft import Draft
from connector.areas.cohort.entitled import product_of
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.frozen import payload
from connector.areas.cohort.gatherer import Gatherer
from connector.areas.cohort.membership import joining_of
from connector.areas.cohort.ready_state import Standing, made
from connector.areas.cohort.speaking import hear_table, members, reason_of, say
from connector.areas.cohort.table_rows import CohortMembershipRow
from connector.areas.products import changed_ms, declared, newest_digest, protected_table
from connector.areas.questions import OvertakenError, in_turn, refusal
from connector.identity.work import budgeted, ours
from connector.process.errors import NotFound, TooMany
from connector.process.ports import unix_ms
from connector.process.rate import Buckets
from contracts.cohort import signing
from contracts.cohort.errors import CohortError, broken, wrong
from contracts.cohort.members import check_members
from contracts.cohort.table_checks import check_classes, check_joinings
from contracts.cohort.table_statements import Classes, Joining, Marked, cohort_of
from contracts.cohort.table_texts import MAX_KEYS
from crypto.did import Did
from crypto.disclosure.cohort_marks import make_marks
from crypto.disclosure.cohort_snapshot import take_snapshot
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session as DbSession

    from catalog.product import Product
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction


MOST: Final = 200_000  # steps to set aside: a made table takes none, making it is owed once
TURNS: Final = 2.0  # a second that we call the aggregator about one product; 15 times as many saved


class Tabling:
    """The cohort tables of one member."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._did = Did(node.settings.did)
        # what we send the aggregator is our work there, whoever of our consumers sets it going
        self._turns = Buckets(rate=TURNS, burst=15 * TURNS)

    def ready(self, caller: Caller, agreement: Any) -> dict[str, Any]:
        """Bring the cohort table of an agreement's product as far as it goes now.

        Raises:
            Refused: there is no such agreement in force that grants totals, the caller or we are
                not certified now, or the product can be in no cohort.
            RemoteError: the aggregator cannot be reached.
            TooMany: work is used up, or consumers together set it going too often.
        """
        with budgeted(self._node, caller, most=MOST) as work:
            return self._ready(caller, agreement, work)

    def _ready(self, caller: Caller, agreement: Any, work: Work) -> dict[str, Any]:
        with self._node.db.transaction() as tx:
            caller.consume(tx)
        product = product_of(self._node, caller.did, agreement)
        try:
            return self.bring(product, work).to_json()
        except CohortError as error:
            raise refusal(reason_of(error)) from error

    def bring(self, dataset: str, work: Work) -> Standing:
        """Take every step that can be taken now; what it takes is counted."""
        node = self._node
        with node.db.reading() as db:
            row = db.get(CohortMembershipRow, dataset)
        if row is not None and row.classes_jws:
            return made(node, row)
        if not self._turns.take(dataset):
            raise TooMany(problems_tables.TABLE_TURN, seconds=1)
        if row is not None and row.marks_jws:
            row = self._finished(row, work)
        if row is None or not row.classes_jws:
            row = in_turn(lambda: self._joined(dataset))
        if row.classes_jws:
            return made(node, row)
        gatherer = Gatherer(node, row.aggregator)
        work.statement(row.joining_jws)
        told = gatherer.join(row.joining_jws)
        roster = tuple(json.loads(row.roster))
        if not told.joinings:
            return Standing(roster, missing=told.missing)
        joinings: dict[str, Joining] = {
            did: hear_table(node, Joining, signed, by=did, work=work)
            for did, signed in told.joinings.items()
        }
        cohort = cohort_of({Did(did): joining.digest for did, joining in joinings.items()})
        least = check_joinings({Did(d): j for d, j in joinings.items()}, ours=_own(row))
        common = common_of(joinings)
        row = self._marked(row, told.joinings, cohort, common, least, work)
        classes = told.classes
        if not classes:
            try:
                classes = gatherer.mark(row.marks_jws)
            except NotFound:  # somebody joined anew meanwhile: from the beginning, next time
                return Standing(roster)
        if not classes:
            return Standing(roster)
        return made(node, self._frozen(row, classes, common, least, work))

    def _finished(self, row: CohortMembershipRow, work: Work) -> CohortMembershipRow:
        """Freeze what we have marked if its classes are made by now.

        First of all: what its owner published meanwhile would make us join anew, and the others
        have frozen what they marked with us.
        """
        try:
            classes = Gatherer(self._node, row.aggregator).mark(row.marks_jws)
        except NotFound:  # somebody joined anew meanwhile
            return row
        if not classes:
            return row
        joinings: dict[str, Joining] = {}
        for did, signed in json.loads(row.joinings).items():
            joinings[did] = hear_table(self._node, Joining, signed, by=did, work=work)
        least = check_joinings({Did(d): j for d, j in joinings.items()}, ours=_own(row))
        return self._frozen(row, classes, common_of(joinings), least, work)

    def _joined(self, dataset: str) -> CohortMembershipRow:
        """Keep our joining, signed once for as long as it says the same."""
        node = self._node
        with node.db.reading() as db:
            joining = joining_of(db, self._did, dataset)
            said_of = _on_offer(db, dataset)
        with node.db.transaction() as tx:
            if _on_offer(tx.session, dataset) != said_of:
                raise OvertakenError
            row = tx.session.get(CohortMembershipRow, dataset)
            if row is not None and (
                row.classes_jws or payload(row.joining_jws) == joining.to_json()
            ):
                return row
            row = tx.session.merge(
                CohortMembershipRow(
                    dataset=dataset,
                    aggregator=joining.aggregator,
                    roster=json.dumps(list(joining.roster)),
                    joining_jws=say(node, joining, tx.now),
                    joined_ms=unix_ms(tx.now),
                    made_ms=0 if row is None else row.made_ms,
                )
            )
            self._write(tx, row, [row.joining_jws], "joining")
            return row

    def _marked(
        self,
        row: CohortMembershipRow,
        joinings: Mapping[str, str],
        cohort: str,
        common: Common,
        least: int,
        work: Work,
    ) -> CohortMembershipRow:
        """Keep our marks for these joinings, and which data version they are of.

        A product marks once: whoever could have it marked again and again, for other joinings,
        could compare. Only after its owner has published it again it is marked once more.

        Raises:
            CohortError: our table is declared otherwise by now, or the members do not hold; or we
                have marked for other joinings since it was published.
        """
        node = self._node
        if row.cohort == cohort and row.marks_jws:
            return row
        with node.db.reading() as db:
            published = protected_table(db, row.dataset)
            changed = changed_ms(db, row.dataset)
        if row.made_ms and changed <= row.made_ms:
            raise wrong("cohort.table.again", problems.MARKED_OTHER, member=self._did)
        work.cells(published, len(common.table.forms()))
        try:
            marks = make_marks(published.table, published.dimensions, common.table)
        except ValueError as error:
            raise broken(
                "cohort.table.changed", problems_tables.UNFIT, why=verbatim(str(error)).of()
            ) from error
        marked = Marked(
            cohort=cohort,
            member=self._did,
            number=published.number,
            version=published.version,
            marks=marks,
        )
        parties = Draft(
            consumer=Did(row.aggregator),
            aggregator=Did(row.aggregator),
            roster=tuple(map(Did, json.loads(row.roster))),
        )
        with node.db.transaction() as tx:
            check_members(parties, members(node, tx.session, parties), min_cohort=least)
            kept = tx.session.get(CohortMembershipRow, row.dataset)
            if (
                kept is None
                or (kept.joining_jws, kept.made_ms) != (row.joining_jws, row.made_ms)
                or kept.classes_jws
            ):
                raise broken("cohort.table.changed", problems_tables.JOINED_ANEW)
            kept.joinings, kept.cohort = json.dumps(dict(joinings)), cohort
            kept.marks_jws = say(node, marked, tx.now)
            kept.number, kept.version = published.number, published.version
            kept.made_ms = unix_ms(tx.now)
            kept.oldest = published.oldest
            tx.session.add(kept)
            self._write(tx, kept, [kept.marks_jws], "marks")
            return kept

    def _frozen(
        self, row: CohortMembershipRow, signed: str, common: Common, least: int, work: Work
    ) -> CohortMembershipRow:
        """Check the classes, and freeze our figures on them.

        Raises:
            CohortError: the classes are not made as they should be.
        """
        node = self._node
        # counted by what is declared: how large they are follows from everybody's marks
        work.part(finest=min(MAX_KEYS, common.table.finest), columns=1, cells=0)
        classes = hear_table(node, Classes, signed, by=row.aggregator, work=ours())
        check_classes(
            classes,
            cohort=row.cohort,
            ours=_own(row),
            marks=Marked.from_json(payload(row.marks_jws)).marks,
            digest=signing.digest_of(row.marks_jws),
            figures=len(common.table.figures),
            min_cohort=least,
        )
        with node.db.reading() as db:
            published = protected_table(db, row.dataset)
        work.cells(published, len(common.table.figures))
        version = published.table.versions[row.number - published.first]
        own = known_codes(published.dimensions, common.table.dimensions)
        figures = take_snapshot(published.table, version, own, common.table, classes.table)
        with node.db.transaction() as tx:
            kept = tx.session.get(CohortMembershipRow, row.dataset)
            if kept is None or kept.marks_jws != row.marks_jws:
                raise broken("cohort.table.changed", problems_tables.JOINED_ANEW)
            if kept.classes_jws:
                return kept
            kept.classes_jws, kept.made_ms = signed, unix_ms(tx.now)
            kept.figures = json.dumps(figures)
            tx.session.add(kept)
            self._write(tx, kept, [signed], "classes")
            return kept

    def _write(
        self, tx: Transaction, row: CohortMembershipRow, signed: list[str], what: str
    ) -> None:
        tx.append(
            alone(
                self._node,
                tx,
                role="provider",
                counterparty=row.aggregator,
                session=row.cohort,
                states=("", ""),
                signed=signed,
                query={"table": what, "product": row.dataset},
            )
        )


def _on_offer(db: DbSession, dataset: str) -> tuple[Product | None, str]:
    return declared(db, dataset), newest_digest(db, dataset)


def _own(row: CohortMembershipRow) -> Joining:
    return Joining.from_json(payload(row.joining_jws))
