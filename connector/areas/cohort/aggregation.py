"""The steps of an aggregation inside a transaction: cleared, released, ended.

A session is over when it was released or ended, when its deadline has passed, or when somebody in
it is not certified any more; that is looked at in the transaction of every step.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import select

from connector.areas.cohort.evidence import alone
from connector.areas.cohort.rows import AggregationPartRow, AggregationRow
from connector.areas.cohort.speaking import members, say
from connector.areas.cohort.wire import Progress
from connector.evidence import statements
from connector.identity.once import Once
from connector.identity.work import Work, ours
from connector.process.errors import NotFound
from connector.process.ports import unix
from contracts.cohort import problems_sessions, signing, states
from contracts.cohort.clearing import clear
from contracts.cohort.ending import Ended
from contracts.cohort.errors import CohortError
from contracts.cohort.members import check_members
from contracts.cohort.session import Session
from contracts.cohort.statements import Cleared, Indicators, Released
from crypto.b64 import unb64url
from crypto.canonical import digest_bytes
from crypto.did import Did
from crypto.paillier import frame
from crypto.paillier.ciphertext import add
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.gate import admit
from crypto.paillier.proof import KeyProof, Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session as DbSession

    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.evidence import Entry
    from crypto.paillier.gate import VerifiedKey

ROLE: Final = "aggregator"
NAMED_SIGNATURES: Final = 16  # a leaf has 4 KiB


class Aggregation:
    """The sessions of one aggregator."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.did = node.settings.did
        self._releasing: Once[Progress] = Once()

    # --- looking up -----------------------------------------------------------------------------

    def stored(self, session_id: str) -> Session:
        """Read a session; its signature was verified before it was stored."""
        with self.node.db.reading() as db:
            row = db.get(AggregationRow, session_id)
        if row is None:
            raise _missing(session_id)
        return Session.from_json(_payload(row.session_jws))

    def of(self, session_id: str, party: str) -> Session:
        """Give a session to somebody who is in it; to others there is none of that id."""
        session = self.stored(session_id)
        if party != session.consumer and party not in session.roster:
            raise _missing(session_id)
        return session

    def step(self, session_id: str, party: str, name: str) -> str:
        """Name a step of a session that a party is in; empty for others."""
        try:
            self.of(session_id, party)
        except NotFound:
            return ""
        return f"{name} {session_id}"

    @staticmethod
    def row(db: DbSession, session_id: str) -> AggregationRow:
        """Find the row of a session."""
        found = db.get(AggregationRow, session_id)
        if found is None:
            raise _missing(session_id)
        return found

    @staticmethod
    def parts(db: DbSession, session_id: str) -> dict[str, AggregationPartRow]:
        """Find what the providers of a session sent."""
        query = select(AggregationPartRow).where(AggregationPartRow.session == session_id)
        return {part.provider: part for part in db.exec(query)}

    # --- steps ----------------------------------------------------------------------------------

    def over(self, tx: Transaction, row: AggregationRow, session: Session) -> bool:
        """Say whether a session is over, ending it now if time or somebody's standing says so."""
        if row.state in {states.RELEASED, states.ENDED}:
            return True
        if unix(tx.now) >= row.deadline:
            self.end(tx, row, session, "cohort.deadline", "", by=self._late(tx, row))
            return True
        try:
            standing = members(self.node, tx.session, session)
            check_members(session, standing, min_cohort=row.min_cohort)
        except CohortError as error:
            self.end(tx, row, session, error.code, str(error.params.get("member", "")))
            return True
        return False

    def clear(self, tx: Transaction, row: AggregationRow, session: Session) -> None:
        """Sign which cells are cleared, when everybody's indicators are there."""
        parts = self.parts(tx.session, row.session)
        if set(parts) != set(session.roster):
            return
        said = {
            did: Indicators.from_json(_payload(parts[did].indicators_jws)) for did in session.roster
        }
        columns = clear(session, said)
        statement = Cleared(
            session=session.session,
            transcript=session.transcript,
            aggregator=session.aggregator,
            min_cohort=row.min_cohort,
            columns=columns,
            indicators={
                did: signing.digest_of(parts[did].indicators_jws) for did in session.roster
            },
        )
        before, row.state = row.state, states.step(states.AGGREGATOR, row.state, "clear")
        row.cleared_jws = say(self.node, statement, tx.now)
        tx.session.add(row)
        released = len(statement.indexes)
        query = {"released": released, "withheld": session.cells - released}
        statements.append(tx, self.leaf(tx, row, (before, row.state), [row.cleared_jws], query))
        if not statement.indexes:
            self.end(tx, row, session, "cohort.nothing-cleared", "")

    def release(self, session: Session, cleared: Cleared) -> Progress:
        """Multiply and re-randomise when all batches are there; once, whoever asks meanwhile.

        It is work of the session's consumer, however many parties ask how far it is.
        """
        return self._releasing(session.session, lambda: self._release(session, cleared))

    def _release(self, session: Session, cleared: Cleared) -> Progress:
        with self.node.db.reading() as db:
            row = self.row(db, session.session)
            parts = self.parts(db, session.session)
        batches = {did: part.batch for did, part in parts.items() if part.batch is not None}
        product = b""
        if row.state == states.CLEARED and set(batches) == set(session.roster):
            work = Work()
            made = sum(layout.ciphertexts for layout in session.layouts(len(cleared.indexes)))
            work.ciphertexts(made, read=made * len(batches))
            work.key()
            try:
                product = self._product(session, cleared, row.proof, list(batches.values()))
                work.released()
            finally:
                self.node.work.owe(session.consumer, work.steps)
        with self.node.db.transaction() as tx:
            row = self.row(tx.session, session.session)
            if self.over(tx, row, session) or not product:
                return progress(row)
            statement = Released(
                session=session.session,
                transcript=session.transcript,
                aggregator=session.aggregator,
                cleared=signing.digest_of(row.cleared_jws),
                batches={Did(did): digest_bytes(batch) for did, batch in batches.items()},
                product=digest_bytes(product),
            )
            before, row.state = row.state, states.step(states.AGGREGATOR, row.state, "release")
            row.product, row.outcome_jws = product, say(self.node, statement, tx.now)
            tx.session.add(row)
            self._drop_batches(tx, session.session)
            statements.append(tx, self.leaf(tx, row, (before, row.state), [row.outcome_jws]))
            return progress(row)

    def end(
        self,
        tx: Transaction,
        row: AggregationRow,
        session: Session,
        reason: str,
        about: str,
        *,
        by: str = "",
    ) -> None:
        """Sign that nothing will ever be released and whose doing it is, and drop what came.

        Args:
            tx: the transaction.
            row: the session's row.
            session: the session.
            reason: a code.
            about: whom it concerns, or empty.
            by: who wished it or was silent; empty for ourselves.
        """
        statement = Ended(
            session=session.session,
            transcript=session.transcript,
            aggregator=session.aggregator,
            reason=reason,
            about=about,
            by=Did(by) if by else session.aggregator,
            cleared=signing.digest_of(row.cleared_jws) if row.cleared_jws else "",
        )
        before, row.state = row.state, states.step(states.AGGREGATOR, row.state, "end")
        row.outcome_jws = say(self.node, statement, tx.now)
        tx.session.add(row)
        self._drop_batches(tx, session.session)
        statements.append(
            tx, self.leaf(tx, row, (before, row.state), [row.outcome_jws], {"reason": reason})
        )

    def _late(self, tx: Transaction, row: AggregationRow) -> str:
        """Say who let the deadline pass: with every batch at hand ourselves, else the consumer."""
        parts = self.parts(tx.session, row.session).values()
        return "" if all(part.batch is not None for part in parts) else row.consumer

    def leaf(
        self,
        tx: Transaction,
        row: AggregationRow,
        moved: tuple[str, str],
        signed: Sequence[str],
        query: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Make the leaf of a step."""
        return alone(
            self.node,
            tx,
            role=ROLE,
            counterparty=row.consumer,
            session=row.session,
            states=moved,
            signed=signed[:NAMED_SIGNATURES],
            query=query,
        )

    def _product(
        self, session: Session, cleared: Cleared, proof: str, batches: Sequence[bytes]
    ) -> bytes:
        layouts = session.layouts(len(cleared.indexes))
        taken = [frame.from_bytes(b, key=session.key, layouts=layouts) for b in batches]
        expected = sum(layout.ciphertexts for layout in layouts)
        key = admitted(session, proof, ours())  # counted with the release
        encryptor = Encryptor.make(key, self.node.entropy, expected=expected)
        return frame.to_bytes(encryptor.refresh(add(taken)))

    def _drop_batches(self, tx: Transaction, session_id: str) -> None:
        for part in self.parts(tx.session, session_id).values():
            part.batch = None
            tx.session.add(part)


def admitted(session: Session, proof: str, work: Work) -> VerifiedKey:
    """Let the consumer's key in, for this session and this aggregator; counted first.

    Raises:
        PaillierError: it is not a key, or not proved; always the same.
    """
    work.key()
    transcript = Transcript(
        contract=session.session,
        prover=session.consumer,
        verifier=session.aggregator,
        nonce=unb64url(session.session),
    )
    return admit(session.key, KeyProof.from_json(json.loads(proof)), transcript)


def progress(row: AggregationRow) -> Progress:
    """Say how far a session is."""
    return Progress(row.state, row.cleared_jws, row.outcome_jws)


def _payload(jws: str) -> Any:
    """Read a statement that was verified before it was stored."""
    return json.loads(unb64url(jws.split(".")[1]))


def _missing(session_id: str) -> NotFound:
    return NotFound(problems_sessions.SESSION_UNKNOWN, session=session_id[:64])
