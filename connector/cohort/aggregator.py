"""The aggregator: it sees who takes part, which cells are cleared, and ciphertexts; nothing else.

1. The consumer opens a session with everybody's acceptance.
2. Each provider sends its indicators; with the last of them the cleared cells are signed.
3. Each provider sends its batch; with the last of them the product is made fresh and signed.

At every step everybody's standing is read again, in the transaction of the step. Whatever goes
wrong before the release ends the session: signed, for good, its batches dropped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlmodel import col, select

from connector.cohort.evidence import alone
from connector.cohort.rows import AggregationPartRow, AggregationRow
from connector.cohort.speaking import hear, members, say
from connector.cohort.wire import Progress
from connector.errors import BadRequest, Conflict, NotFound
from connector.ports import unix, unix_ms
from contracts.cohort import signing, states
from contracts.cohort.errors import CohortError
from contracts.cohort.members import check_members
from contracts.cohort.session import Session
from contracts.cohort.statements import (
    Acceptance,
    Cleared,
    Contribution,
    Ended,
    Indicators,
    Released,
)
from contracts.cohort.verify import (
    check_contribution,
    check_indicators,
    check_roster,
    check_session,
    clear,
)
from crypto.b64 import unb64url
from crypto.canonical import digest_bytes
from crypto.did import Did
from crypto.paillier import frame
from crypto.paillier.ciphertext import add
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.gate import admit
from crypto.paillier.proof import KeyProof, Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from connector.identity.auth import Caller
    from connector.node import Node
    from connector.store.database import Transaction
    from crypto.paillier.gate import VerifiedKey

ROLE = "aggregator"


class Aggregating:
    """The aggregation service of a hub."""

    def __init__(self, node: Node) -> None:
        self._node = node

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
        """
        node = self._node
        # (1)
        session = hear(node, Session, signed, by=caller.did)
        check_session(session, expected_consumer=caller.did, now=unix(node.clock.now()))
        if session.session != session_id or session.aggregator != node.settings.did:
            raise CohortError("the session names another aggregator", code="cohort.aggregator")
        # (2)
        if not isinstance(acceptances, dict) or set(acceptances) != set(session.roster):
            raise CohortError("the acceptances are not those of the roster", code="cohort.roster")
        heard = {did: hear(node, Acceptance, acceptances[did], by=did) for did in session.roster}
        min_cohort = check_roster(session, heard)
        # (3)
        _admit(session, json.dumps(proof))
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = tx.session.get(AggregationRow, session_id)
            if row is not None:
                return _known(row, signed)
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
            signatures = [signed, *acceptances.values()]
            tx.append(self._leaf(row, (states.NONE, row.state), signatures))
            return _progress(row)

    def indicate(self, caller: Caller, session_id: str, signed: Any) -> Progress:
        """Take one provider's indicators; with the last one, say which cells are cleared."""
        node = self._node
        session = self._session(session_id, caller)
        indicators = hear(node, Indicators, signed, by=caller.did)
        check_indicators(session, indicators)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = self._row(tx, session_id)
            part = tx.session.get(AggregationPartRow, (session_id, caller.did))
            if part is None and not self._over(tx, row, session):
                if row.state != states.COLLECTING:
                    raise _not_now(row)
                part = AggregationPartRow(
                    session=session_id, provider=caller.did, indicators_jws=signed
                )
                tx.session.add(part)
                tx.session.flush()
                tx.append(self._leaf(row, (row.state, row.state), [signed]))
                self._clear(tx, row, session)
            elif part is not None and part.indicators_jws != signed:
                raise _said_before()
            return _progress(row)

    def contribute(self, caller: Caller, session_id: str, batch: bytes, signed: Any) -> Progress:
        """Take one provider's batch; with the last one, release the product."""
        node = self._node
        session = self._session(session_id, caller)
        contribution = hear(node, Contribution, signed, by=caller.did)
        with node.db.reading() as db:
            seen = db.get(AggregationRow, session_id)
        cleared_jws = seen.cleared_jws if seen else ""
        if not cleared_jws:
            raise CohortError("phase A has not ended", code="cohort.state")
        check_contribution(
            session,
            contribution,
            cleared=signing.digest_of(cleared_jws),
            batch=digest_bytes(batch),
        )
        cleared = hear(node, Cleared, cleared_jws, by=node.settings.did)
        layouts = session.layouts(len(cleared.indexes))
        frame.from_bytes(batch, key=session.key, layouts=layouts)  # the gate
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = self._row(tx, session_id)
            part = tx.session.get(AggregationPartRow, (session_id, caller.did))
            if part is None:
                raise CohortError("no indicators came before the batch", code="cohort.state")
            if part.contribution_jws and part.contribution_jws != signed:
                raise _said_before()
            if not part.contribution_jws and not self._over(tx, row, session):
                if row.state != states.CLEARED:
                    raise _not_now(row)
                part.contribution_jws, part.batch = signed, batch
                tx.session.add(part)
                tx.append(self._leaf(row, (row.state, row.state), [signed]))
        return self._release(session, cleared)

    def end(self, caller: Caller, session_id: str, reason: str, about: str) -> Progress:
        """End a session at the wish of a party of it, unless it was released."""
        session = self._session(session_id, caller)
        with self._node.db.transaction() as tx:
            caller.consume(tx)
            row = self._row(tx, session_id)
            if not self._over(tx, row, session):
                self._end(tx, row, session, reason, about)
            return _progress(row)

    def progress(self, caller: Caller, session_id: str) -> Progress:
        """Say how far a session is; past its deadline it ends here and now."""
        session = self._session(session_id, caller)
        with self._node.db.reading() as db:
            row = db.get(AggregationRow, session_id)
        if row is not None and row.state in {states.RELEASED, states.ENDED}:
            return _progress(row)
        if row is not None and row.cleared_jws:
            return self._release(session, hear(self._node, Cleared, row.cleared_jws, by=self._did))
        with self._node.db.transaction() as tx:
            row = self._row(tx, session_id)
            self._over(tx, row, session)
            return _progress(row)

    def product(self, caller: Caller, session_id: str) -> bytes:
        """Give the product to the consumer of a released session."""
        with self._node.db.reading() as db:
            row = db.get(AggregationRow, session_id)
        if row is None or row.consumer != caller.did or row.product is None:
            raise _missing(session_id)
        return row.product

    def sweep(self) -> int:
        """End sessions whose deadline has passed; say how many."""
        now = unix(self._node.clock.now())
        with self._node.db.reading() as db:
            late = db.exec(
                select(AggregationRow.session, AggregationRow.session_jws).where(
                    col(AggregationRow.state).in_((states.COLLECTING, states.CLEARED)),
                    AggregationRow.deadline <= now,
                )
            ).all()
        for session_id, _ in late:
            session = self._stored(session_id)
            with self._node.db.transaction() as tx:
                self._over(tx, self._row(tx, session_id), session)
        return len(late)

    # --- steps inside a transaction ---------------------------------------------------------

    def _over(self, tx: Transaction, row: AggregationRow, session: Session) -> bool:
        """Say whether a session is over, ending it now if time or somebody's standing says so."""
        if row.state in {states.RELEASED, states.ENDED}:
            return True
        if unix(tx.now) >= row.deadline:
            self._end(tx, row, session, "cohort.deadline", "")
            return True
        try:
            check_members(
                session, members(self._node, tx.session, session), min_cohort=row.min_cohort
            )
        except CohortError as error:
            self._end(tx, row, session, error.code, str(error.params.get("member", "")))
            return True
        return False

    def _clear(self, tx: Transaction, row: AggregationRow, session: Session) -> None:
        parts = self._parts(tx, row.session)
        if set(parts) != set(session.roster):
            return
        said = {did: _stored_indicators(parts[did]) for did in session.roster}
        cells = clear(session, said, min_cohort=row.min_cohort)
        statement = Cleared(
            session=session.session,
            transcript=session.transcript,
            aggregator=session.aggregator,
            min_cohort=row.min_cohort,
            cells=cells,
            indicators={Did(did): signing.digest_of(parts[did].indicators_jws) for did in parts},
        )
        before, row.state = row.state, states.step(states.AGGREGATOR, row.state, "clear")
        row.cleared_jws = say(self._node, statement, tx.now)
        tx.session.add(row)
        query = {"released": len(statement.indexes), "withheld": cells.count("0")}
        tx.append(self._leaf(row, (before, row.state), [row.cleared_jws], query))
        if not statement.indexes:
            self._end(tx, row, session, "cohort.nothing_cleared", "")

    def _release(self, session: Session, cleared: Cleared) -> Progress:
        """Multiply and re-randomise when all batches are there; the first to finish is kept."""
        node = self._node
        layouts = session.layouts(max(1, len(cleared.indexes)))
        with node.db.reading() as db:
            row = db.get(AggregationRow, session.session)
            parts = self._parts_of(db, session.session)
        batches = {did: part.batch for did, part in parts.items() if part.batch is not None}
        whole = (
            row is not None and row.state == states.CLEARED and len(batches) == len(session.roster)
        )
        product = b""
        if whole and row is not None:
            taken = [
                frame.from_bytes(b, key=session.key, layouts=layouts) for b in batches.values()
            ]
            total = add(taken)
            expected = sum(layout.ciphertexts for layout in layouts)
            encryptor = Encryptor.make(_admit(session, row.proof), node.entropy, expected=expected)
            product = frame.to_bytes(encryptor.refresh(total))
        with node.db.transaction() as tx:
            row = self._row(tx, session.session)
            if self._over(tx, row, session) or not whole:
                return _progress(row)
            statement = Released(
                session=session.session,
                transcript=session.transcript,
                aggregator=session.aggregator,
                cleared=signing.digest_of(row.cleared_jws),
                batches={Did(did): digest_bytes(batch) for did, batch in batches.items()},
                product=digest_bytes(product),
            )
            before, row.state = row.state, states.step(states.AGGREGATOR, row.state, "release")
            row.product, row.outcome_jws = product, say(node, statement, tx.now)
            tx.session.add(row)
            self._drop_batches(tx, session.session)
            tx.append(self._leaf(row, (before, row.state), [row.outcome_jws]))
            return _progress(row)

    def _end(
        self, tx: Transaction, row: AggregationRow, session: Session, reason: str, about: str
    ) -> None:
        statement = Ended(
            session=session.session,
            transcript=session.transcript,
            aggregator=session.aggregator,
            reason=reason,
            about=about,
        )
        before, row.state = row.state, states.step(states.AGGREGATOR, row.state, "end")
        row.outcome_jws = say(self._node, statement, tx.now)
        tx.session.add(row)
        self._drop_batches(tx, session.session)
        tx.append(self._leaf(row, (before, row.state), [row.outcome_jws], {"reason": reason}))

    def _drop_batches(self, tx: Transaction, session_id: str) -> None:
        for part in self._parts(tx, session_id).values():
            part.batch = None
            tx.session.add(part)

    # --- looking up -----------------------------------------------------------------------------

    @property
    def _did(self) -> str:
        return self._node.settings.did

    def _stored(self, session_id: str) -> Session:
        with self._node.db.reading() as db:
            row = db.get(AggregationRow, session_id)
        if row is None:
            raise _missing(session_id)
        return _own_copy(row.session_jws)

    def _session(self, session_id: str, caller: Caller) -> Session:
        """Give a session to somebody who is in it; to others there is none of that id."""
        session = self._stored(session_id)
        if caller.did != session.consumer and caller.did not in session.roster:
            raise _missing(session_id)
        return session

    def _row(self, tx: Transaction, session_id: str) -> AggregationRow:
        row = tx.session.get(AggregationRow, session_id)
        if row is None:
            raise _missing(session_id)
        return row

    def _parts(self, tx: Transaction, session_id: str) -> dict[str, AggregationPartRow]:
        return self._parts_of(tx.session, session_id)

    @staticmethod
    def _parts_of(db: Any, session_id: str) -> dict[str, AggregationPartRow]:
        query = select(AggregationPartRow).where(AggregationPartRow.session == session_id)
        return {row.provider: row for row in db.exec(query)}

    @staticmethod
    def _leaf(
        row: AggregationRow,
        moved: tuple[str, str],
        signed: list[str],
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        return alone(
            role=ROLE,
            counterparty=row.consumer,
            session=row.session,
            states=moved,
            signed=signed,
            query=query,
        )


def _own_copy(jws: str) -> Session:
    """Read a statement that was verified before it was stored."""
    return Session.from_json(json.loads(unb64url(jws.split(".")[1])))


def _stored_indicators(part: AggregationPartRow) -> Indicators:
    return Indicators.from_json(json.loads(unb64url(part.indicators_jws.split(".")[1])))


def _admit(session: Session, proof: str) -> VerifiedKey:
    """Let the consumer's key in, for this session and this aggregator."""
    transcript = Transcript(
        contract=session.session,
        prover=session.consumer,
        verifier=session.aggregator,
        nonce=unb64url(session.session),
    )
    return admit(session.key, KeyProof.from_json(json.loads(proof)), transcript)


def _known(row: AggregationRow, signed: str) -> Progress:
    if row.session_jws != signed:
        raise Conflict(
            "the session id is in use for another session",
            code="cohort.session-reused",
            next_step="draw a fresh id for every session",
        )
    return _progress(row)


def _progress(row: AggregationRow) -> Progress:
    return Progress(row.state, row.cleared_jws, row.outcome_jws)


def _not_now(row: AggregationRow) -> CohortError:
    return CohortError(f"not in state `{row.state}`", code="cohort.state", state=row.state)


def _said_before() -> Conflict:
    return Conflict(
        "something else was said before in this session",
        code="cohort.said-before",
        next_step="send the same statement again, or open a new session",
    )


def _missing(session_id: str) -> NotFound:
    if len(session_id) > 64:
        raise BadRequest("no session id", code="cohort.body", next_step="send the session's id")
    return NotFound(f"no session `{session_id}`", code="session-missing", next_step="open it first")
