"""The aggregator: it sees who takes part, which cells are cleared, and ciphertexts; nothing else.

1. The consumer opens a session with everybody's acceptance.
2. Each provider sends its indicators; with the last of them the cleared cells are signed.
3. Each provider sends its batch; with the last of them the product is made fresh and signed.

At every step everybody's standing is read again, in the transaction of the step. Whatever goes
wrong before the release ends the session: signed, for good, its batches dropped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.cohort import problems
from connector.areas.cohort.aggregation import Aggregation, admitted, progress
from connector.areas.cohort.frozen import payload
from connector.areas.cohort.rows import AggregationPartRow, AggregationRow
from connector.areas.cohort.speaking import hear, members
from connector.evidence import statements
from connector.identity.work import budgeted, owed
from connector.process.errors import Conflict, NotFound, VoileError
from connector.process.ports import unix, unix_ms
from contracts.cohort import problems_sessions, signing, states
from contracts.cohort.errors import broken
from contracts.cohort.members import check_members
from contracts.cohort.session import Session
from contracts.cohort.statements import Acceptance, Cleared, Contribution, Indicators
from contracts.cohort.verify import (
    check_contribution,
    check_indicators,
    check_roster,
    check_session,
)
from crypto.canonical import digest, digest_bytes
from crypto.paillier import frame

if TYPE_CHECKING:
    from connector.areas.cohort.wire import Progress
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction


OPENING: Final = 200_000  # steps to set aside: the key, and everybody's acceptance


class Aggregating:
    """The aggregation service of a hub."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._all = Aggregation(node)

    def step(self, did: str, session_id: str, name: str) -> str:
        """Name a step of a session that a party is in; empty for others."""
        return self._all.step(session_id, did, name)

    def open(
        self, caller: Caller, session_id: str, signed: Any, acceptances: Any, proof: Any
    ) -> Progress:
        """Open a session.

        (1) the session is the caller's own, of this moment, and names us;
        (2) every provider of its roster accepted exactly it;
        (3) its key is a key;
        (4) everybody is certified now, and the providers are strangers to each other.

        Raises:
            CohortError, PaillierError: one of them fails; nothing was opened.
            Conflict: the id is in use for another session.
            TooMany: the caller's requests have used up their work.
        """
        with budgeted(self._node, caller, most=OPENING) as work:
            return self._open(caller, session_id, signed, acceptances, proof, work)

    def _open(
        self,
        caller: Caller,
        session_id: str,
        signed: Any,
        acceptances: Any,
        proof: Any,
        work: Work,
    ) -> Progress:
        node = self._node
        # (1)
        session = hear(node, Session, signed, by=caller.did, work=work)
        check_session(session, expected_consumer=caller.did, now=unix(node.clock.now()))
        if session.session != session_id or session.aggregator != node.settings.did:
            raise broken("cohort.aggregator", problems.AGGREGATOR_OTHER)
        # (2)
        if not isinstance(acceptances, dict) or set(acceptances) != set(session.roster):
            raise broken("cohort.roster", problems.ACCEPTANCES_OTHER)
        heard = {
            did: hear(node, Acceptance, acceptances[did], by=did, work=work)
            for did in session.roster
        }
        min_cohort = check_roster(session, heard)
        # (3)
        admitted(session, json.dumps(proof), work)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = tx.session.get(AggregationRow, session_id)
            if row is not None and row.session_jws != signed:
                raise Conflict(problems.SESSION_REUSED)
            if row is not None:
                return progress(row)
            # (4)
            check_members(session, members(node, tx.session, session), min_cohort=min_cohort)
            row = AggregationRow(
                session=session_id,
                consumer=caller.did,
                state=states.step(states.AGGREGATOR, states.NONE, "open"),
                session_jws=signed,
                acceptances=json.dumps(acceptances),
                proof=json.dumps(proof),
                min_cohort=min_cohort,
                deadline=session.deadline,
                opened_ms=unix_ms(tx.now),
            )
            tx.session.add(row)
            query = {"providers": len(session.roster), "acceptances": digest(acceptances)}
            moved, said = (states.NONE, row.state), [signed, *acceptances.values()]
            statements.append(tx, self._all.leaf(tx, row, moved, said, query))
            return progress(row)

    def indicate(self, caller: Caller, session_id: str, signed: Any) -> Progress:
        """Take one provider's indicators; with the last one, say which cells are cleared.

        Raises:
            CohortError: they are not of this session.
            Conflict: it said something else before.
        """
        node = self._node
        with owed(node, caller) as work:
            session = self._all.of(session_id, caller.did)
            indicators = hear(node, Indicators, signed, by=caller.did, work=work)
        check_indicators(session, indicators)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = self._all.row(tx.session, session_id)
            part = tx.session.get(AggregationPartRow, (session_id, caller.did))
            if part is not None:
                if part.indicators_jws != signed:
                    raise _said_before()
            elif not self._all.over(tx, row, session):
                _expect(row, states.COLLECTING)
                part = AggregationPartRow(
                    session=session_id, provider=caller.did, indicators_jws=signed
                )
                tx.session.add(part)
                tx.session.flush()
                statements.append(tx, self._all.leaf(tx, row, (row.state, row.state), [signed]))
                self._all.clear(tx, row, session)
            return progress(row)

    def contribute(self, caller: Caller, session_id: str, batch: bytes, signed: Any) -> Progress:
        """Take one provider's batch; with the last one, release the product.

        What is here already is taken as it is. Else:

        (1) the contribution is signed by the caller, for these bytes and the cleared cells;
        (2) the bytes are a batch: layouts as planned, every ciphertext through the gate;
        (3) the session is not over, and the caller has not said something else before.

        Raises:
            CohortError, PaillierError: one of them fails.
        """
        with owed(self._node, caller) as work:
            session, cleared = self._contributed(caller, session_id, batch, signed, work)
        return self._all.release(session, cleared)

    def _contributed(
        self, caller: Caller, session_id: str, batch: bytes, signed: Any, work: Work
    ) -> tuple[Session, Cleared]:
        node = self._node
        session = self._all.of(session_id, caller.did)
        with node.db.reading() as db:
            cleared_jws = self._all.row(db, session_id).cleared_jws
            part = db.get(AggregationPartRow, (session_id, caller.did))
        kept = part is not None and (part.contribution_jws, part.batch) == (signed, batch)
        if not cleared_jws:
            raise broken("cohort.state", problems.PHASE_A)
        if kept:  # said again at the consumer's wish; it was read, and counted, the first time
            return session, Cleared.from_json(payload(cleared_jws))
        # (1)
        contribution = hear(node, Contribution, signed, by=caller.did, work=work)
        of_cells = signing.digest_of(cleared_jws)
        check_contribution(session, contribution, cleared=of_cells, batch=digest_bytes(batch))
        # (2)
        cleared = Cleared.from_json(payload(cleared_jws))  # we signed it
        layouts = session.layouts(max(1, len(cleared.indexes)))
        work.ciphertexts(read=sum(layout.ciphertexts for layout in layouts))
        frame.from_bytes(batch, key=session.key, layouts=layouts)
        # (3)
        with node.db.transaction() as tx:
            caller.consume(tx)
            self._keep(tx, session, caller.did, batch, signed)
        return session, cleared

    def _keep(
        self, tx: Transaction, session: Session, provider: str, batch: bytes, signed: str
    ) -> None:
        row = self._all.row(tx.session, session.session)
        part = tx.session.get(AggregationPartRow, (session.session, provider))
        if part is None:
            raise broken("cohort.state", problems.NO_INDICATORS)
        if part.contribution_jws:
            if part.contribution_jws != signed:
                raise _said_before()
        elif not self._all.over(tx, row, session):
            _expect(row, states.CLEARED)
            part.contribution_jws, part.batch = signed, batch
            tx.session.add(part)
            statements.append(tx, self._all.leaf(tx, row, (row.state, row.state), [signed]))

    def end(self, caller: Caller, session_id: str, reason: str, about: str) -> Progress:
        """End a session at the wish of a party of it, unless it was released."""
        session = self._all.of(session_id, caller.did)
        with self._node.db.transaction() as tx:
            caller.consume(tx)
            row = self._all.row(tx.session, session_id)
            if not self._all.over(tx, row, session):
                self._all.end(tx, row, session, reason, about, by=caller.did)
            return progress(row)

    def progress(self, caller: Caller, session_id: str) -> Progress:
        """Say how far a session is; past its deadline it ends here and now."""
        session = self._all.of(session_id, caller.did)
        with self._node.db.reading() as db:
            row = self._all.row(db, session_id)
        if row.state == states.CLEARED:  # all batches may be there, and the release was cut off
            return self._all.release(session, Cleared.from_json(payload(row.cleared_jws)))
        if row.state == states.COLLECTING:
            with self._node.db.transaction() as tx:
                row = self._all.row(tx.session, session_id)
                self._all.over(tx, row, session)
        return progress(row)

    def product(self, caller: Caller, session_id: str) -> bytes:
        """Give the product to the consumer of a released session.

        Raises:
            NotFound: it was not released, or the caller is not its consumer.
        """
        with self._node.db.reading() as db:
            row = db.get(AggregationRow, session_id)
        if row is None or row.consumer != caller.did or row.product is None:
            raise NotFound(problems_sessions.NO_PRODUCT, session=session_id[:64])
        return row.product

    def sweep(self) -> int:
        """End sessions whose deadline has passed; say how many."""
        now = unix(self._node.clock.now())
        with self._node.db.reading() as db:
            late = db.exec(
                select(AggregationRow.session).where(
                    col(AggregationRow.state).in_((states.COLLECTING, states.CLEARED)),
                    AggregationRow.deadline <= now,
                )
            ).all()
        for session_id in late:
            try:  # each by itself: one that cannot be ended keeps no other from its end
                session = self._all.stored(session_id)
                with self._node.db.transaction() as tx:
                    self._all.over(tx, self._all.row(tx.session, session_id), session)
            except VoileError as error:
                self._node.log.warning("cohort-unended", session=session_id, code=error.code)
        return len(late)


def _expect(row: AggregationRow, state: str) -> None:
    if row.state != state:
        raise broken(
            "cohort.state",
            problems.STATE_OTHER,
            problems.STATE_OTHER_STEP,
            state=row.state,
            due=state,
        )


def _said_before() -> Conflict:
    return Conflict(problems.SAID_BEFORE)
