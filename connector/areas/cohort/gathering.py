"""The aggregator of a cohort table: members join, send their marks, and get the classes.

The marks go to the aggregator alone. It computes the classes once; what it signed stays, whatever
is asked and whoever asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from connector.areas.cohort import problems_tables
from connector.areas.cohort.aggregation import ROLE
from connector.areas.cohort.commons import common_of
from connector.areas.cohort.draft import Draft
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.frozen import payload
from connector.areas.cohort.speaking import hear_table, members, say
from connector.areas.cohort.table_rows import GatheringPartRow, GatheringRow
from connector.areas.cohort.wire import TABLES
from connector.evidence import statements
from connector.identity.once import Once
from connector.identity.work import budgeted
from connector.process.errors import BadRequest, Conflict, NotFound
from contracts.cohort import signing
from contracts.cohort.errors import broken
from contracts.cohort.members import OWNER_FLOOR, check_members
from contracts.cohort.table_statements import Classes, Joining, Marked, cohort_of
from contracts.cohort.table_texts import MAX_KEYS
from crypto.canonical import digest
from crypto.did import Did
from crypto.disclosure.cohort_table import check_marks, make_cohort_table
from crypto.words import verbatim

if TYPE_CHECKING:
    from sqlmodel import Session as DbSession

    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction


class Gathering:
    """The cohort tables of one aggregator."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._did = Did(node.settings.did)
        self._making: Once[None] = Once()

    def join(self, caller: Caller, signed: Any, version: Any) -> dict[str, Any]:
        """Take one member's joining; give all of them, when everybody of its roster has joined.

        (1) the caller joins under its own name, in a roster that names it, at us;
        (2) before the classes are made it may join anew; marks made for other joinings go. What
            says the same is the same joining, whenever and with whichever key it was signed.

        Raises:
            BadRequest: its connector is older: it would name the cohort otherwise.
            CohortError: (1) fails.
            Conflict: the classes are made, and it declares something else.
            TooMany: the caller's requests have used up their work.
        """
        with budgeted(self._node, caller) as work:
            return self._join(caller, signed, version, work)

    def _join(self, caller: Caller, signed: Any, version: Any, work: Work) -> dict[str, Any]:
        if version != TABLES:
            raise BadRequest(
                replace(problems_tables.TABLES_OLD, code="cohort.peer.old"), member=caller.did
            )
        # (1)
        joining = hear_table(self._node, Joining, signed, by=caller.did, work=work)
        if joining.aggregator != self._did or caller.did not in joining.roster:
            raise broken("cohort.aggregator", problems_tables.JOINS_OTHER)
        key = digest({"roster": list(joining.roster), "table": joining.described.get("name")})
        with self._node.db.transaction() as tx:
            caller.consume(tx)
            row = tx.session.get(GatheringRow, key) or GatheringRow(key=key)
            part = tx.session.get(GatheringPartRow, (key, caller.did))
            # (2)
            if part is None or payload(part.joining_jws) != joining.to_json():
                if row.classes_jws:
                    raise Conflict(problems_tables.TABLE_MADE)
                self._keep_joining(tx, row, joining, str(signed))
            elif part.joining_jws != signed and not row.classes_jws:
                part.joining_jws = str(signed)  # the newest key is the one that others can verify
                tx.session.add(part)
                statements.append(
                    tx, self._leaf(tx, caller.did, row, [part.joining_jws], "joining")
                )
            told = self._told(tx.session, row, joining)
        for text in told["joinings"].values():
            work.statement(text)
        return told

    def _keep_joining(
        self, tx: Transaction, row: GatheringRow, joining: Joining, signed: str
    ) -> None:
        for other in self._parts(tx.session, row.key).values():
            other.marks_jws = ""
            tx.session.add(other)
        tx.session.merge(GatheringPartRow(key=row.key, member=joining.member, joining_jws=signed))
        tx.session.flush()
        self._name(tx, row, joining)
        statements.append(tx, self._leaf(tx, joining.member, row, [signed], "joining"))

    def _name(self, tx: Transaction, row: GatheringRow, joining: Joining) -> None:
        """Name the cohort once all have joined."""
        parts = self._parts(tx.session, row.key)
        complete = set(parts) == set(joining.roster)
        row.cohort = cohort_of(_named(parts)) if complete else ""
        tx.session.add(row)

    def mark(self, caller: Caller, signed: Any) -> dict[str, Any]:
        """Take one member's marks; with the last of them, compute the classes and sign them.

        Returns:
            ``classes``, signed, or empty as long as marks of others are missing.

        Raises:
            NotFound: there is no such cohort, or its joinings have changed: join again.
            CohortError: the marks are of another table, or the cohort does not hold.
            TooMany: the caller's requests have used up their work.
        """
        with budgeted(self._node, caller) as work:
            return self._mark(caller, signed, work)

    def _mark(self, caller: Caller, signed: Any, work: Work) -> dict[str, Any]:
        node = self._node
        marked = hear_table(node, Marked, signed, by=caller.did, work=work)
        self._check(caller.did, marked, str(signed), work)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row, part = self._place(tx.session, marked.cohort, caller.did)
            if not row.classes_jws and part.marks_jws != signed:
                _once(part, str(signed))
                part.marks_jws = str(signed)
                tx.session.add(part)
                statements.append(tx, self._leaf(tx, caller.did, row, [part.marks_jws], "marks"))
        self._making(marked.cohort, lambda: self._make(marked.cohort))
        with node.db.reading() as db:
            made = self._of(db, marked.cohort)
        return {"classes": made.classes_jws if made is not None else ""}

    def _check(self, member: Did, marked: Marked, signed: str, work: Work) -> None:
        """Check marks before they are kept, and count their part of the making.

        Once for all: what others marked is not for this member, so its budget does not tell it; and
        who could send other marks while classes are made could have them made again and again.
        """
        with self._node.db.reading() as db:
            row, part = self._place(db, marked.cohort, member)
            parts = self._parts(db, row.key)
        if row.classes_jws or part.marks_jws == signed:
            return
        _once(part, signed)
        common = common_of(_heard(parts)).table
        work.merging(marked.marks.size, len(common.forms()))
        try:
            check_marks(common, member, marked.marks)
        except ValueError as error:
            raise broken(
                "cohort.table.wrong", problems_tables.UNFIT, why=verbatim(str(error)).of()
            ) from error

    def _place(
        self, db: DbSession, cohort: str, member: str
    ) -> tuple[GatheringRow, GatheringPartRow]:
        """Find what a member has in a cohort whose joinings are as they were."""
        row = self._of(db, cohort)
        part = db.get(GatheringPartRow, (row.key, member)) if row is not None else None
        if row is None or part is None:
            raise NotFound(problems_tables.COHORT_UNKNOWN)
        return row, part

    def _make(self, cohort: str) -> None:
        """Compute classes outside the transaction, once, whoever asks meanwhile."""
        node = self._node
        with node.db.reading() as db:
            row = self._of(db, cohort)
            if row is None or row.classes_jws:
                return
            parts = self._parts(db, row.key)
        if not all(part.marks_jws for part in parts.values()):
            return
        joinings = _heard(parts)
        marks = {d: Marked.from_json(payload(p.marks_jws)).marks for d, p in parts.items()}
        least = max(OWNER_FLOOR, *(joining.min_cohort for joining in joinings.values()))
        if len(joinings) < least:
            raise broken(
                "cohort.too-small", problems_tables.PROVIDERS_FEW, wanted=least, count=len(joinings)
            )
        parties = Draft(
            consumer=self._did, aggregator=self._did, roster=tuple(map(Did, sorted(parts)))
        )
        with node.db.reading() as db:  # before what takes long, and again when it is signed
            check_members(parties, members(node, db, parties), min_cohort=least)
        named = len(set[tuple[int, ...]]().union(*(of.named for of in marks.values())))
        if named > MAX_KEYS:
            raise broken("cohort.table.large", problems_tables.CELLS_MANY, most=MAX_KEYS)
        try:
            table = make_cohort_table(common_of(joinings).table, marks, min_cohort=least)
        except ValueError as error:
            raise broken(
                "cohort.table.wrong", problems_tables.UNFIT, why=verbatim(str(error)).of()
            ) from error
        with node.db.transaction() as tx:
            row = self._of(tx.session, cohort)
            now = self._parts(tx.session, row.key) if row is not None else {}
            same = {d: p.marks_jws for d, p in now.items()} == {
                d: p.marks_jws for d, p in parts.items()
            }
            if row is None or row.classes_jws or not same:
                return
            check_members(parties, members(node, tx.session, parties), min_cohort=least)
            statement = Classes(
                cohort=cohort,
                aggregator=self._did,
                marks={Did(d): signing.digest_of(p.marks_jws) for d, p in parts.items()},
                table=table,
                joinings=_named(parts),
            )
            row.classes_jws = say(node, statement, tx.now)
            tx.session.add(row)
            statements.append(tx, self._leaf(tx, "", row, [row.classes_jws], "classes"))

    def _told(self, db: DbSession, row: GatheringRow, joining: Joining) -> dict[str, Any]:
        parts = self._parts(db, row.key)
        return {
            "joinings": _joinings(parts) if row.cohort else {},
            "missing": sorted(set(joining.roster) - set(parts)),
            "classes": row.classes_jws,
        }

    @staticmethod
    def _of(db: DbSession, cohort: str) -> GatheringRow | None:
        return db.exec(select(GatheringRow).where(col(GatheringRow.cohort) == cohort)).first()

    @staticmethod
    def _parts(db: DbSession, key: str) -> dict[str, GatheringPartRow]:
        query = select(GatheringPartRow).where(GatheringPartRow.key == key)
        return {part.member: part for part in db.exec(query)}

    def _leaf(
        self, tx: Transaction, member: str, row: GatheringRow, signed: list[str], what: str
    ) -> Any:
        return alone(
            self._node,
            tx,
            role=ROLE,
            counterparty=member,
            session=row.cohort or row.key,
            states=("", ""),
            signed=signed,
            query={"table": what},
        )


def _once(part: GatheringPartRow, signed: str) -> None:
    """Refuse other marks of a member that has marked for these joinings.

    Raises:
        Conflict: they are not the ones that it sent before.
    """
    if part.marks_jws and part.marks_jws != signed:
        raise Conflict(problems_tables.MARKED_BEFORE)


def _heard(parts: dict[str, GatheringPartRow]) -> dict[str, Joining]:
    """Read what each member joined with; signatures were verified before they were stored."""
    return {did: Joining.from_json(payload(part.joining_jws)) for did, part in parts.items()}


def _joinings(parts: dict[str, GatheringPartRow]) -> dict[Did, str]:
    return {Did(did): parts[did].joining_jws for did in sorted(parts)}


def _named(parts: dict[str, GatheringPartRow]) -> dict[Did, str]:
    """Name what each member's joining says."""
    return {Did(did): digest(payload(parts[did].joining_jws)) for did in sorted(parts)}
