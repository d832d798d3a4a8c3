"""The provider of a session: accepts it under its own contract, then tells the aggregator phase A.

Each step first does what needs the network or takes long (reading signatures, proving the key),
then decides and writes in one transaction, then calls the aggregator. Said again, a step gives the
stored statement again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.cohort import charges, memory
from connector.cohort.evidence import alone, between
from connector.cohort.figures import figures
from connector.cohort.rows import ProviderSessionRow
from connector.cohort.speaking import hear, members, reason_of, say
from connector.cohort.wire import Aggregator
from connector.dsp import store as agreements
from connector.errors import Conflict, NotFound, Refused
from connector.ports import unix, unix_ms
from connector.questions.enforcement import decide_question, refusal
from connector.questions.usage import Usage
from connector.rate import Buckets
from contracts.cohort import states
from contracts.cohort.errors import CohortError
from contracts.cohort.members import check_members
from contracts.cohort.session import MAX_ROSTER, Question, Session
from contracts.cohort.statements import Acceptance, Indicators
from contracts.cohort.verify import check_question, check_roster, check_session
from crypto.b64 import unb64url
from crypto.canonical import digest
from crypto.paillier.gate import admit
from crypto.paillier.proof import KeyProof, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.cohort.figures import Figures
    from connector.identity.auth import Caller
    from connector.node import Node
    from connector.questions.enforcement import Granted
    from connector.store.database import Transaction
    from crypto.paillier.gate import VerifiedKey

MODE: Final = "homomorphic"
WRITTEN_REFUSALS_PER_SECOND: Final = 1.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a consumer sends to open a session, read but not yet decided."""

    agreement: str
    session: Session
    session_jws: str
    question: Question
    proof: list[Any]


class Providing:
    """A provider's part in sessions, up to phase A."""

    def __init__(self, node: Node) -> None:
        self._node = node
        # a refusal costs a durable write: beyond this rate it is counted, not written one by one
        self._refusals = Buckets(rate=WRITTEN_REFUSALS_PER_SECOND, burst=60.0)

    def open(
        self, caller: Caller, session_id: str, signed: Any, asked: Any, agreement: Any, proof: Any
    ) -> dict[str, Any]:
        """Accept a session, or refuse it with reasons.

        (1) the session is the caller's own, of this moment, and names us;
        (2) the question is the one it signed;
        (3) its key is a key, proved for this agreement;
        (4) our contract grants the question, in this cohort, through this aggregator;
        (5) everybody is certified now, and the providers are strangers to each other;
        (6) its columns and dimensions mean what ours mean;
        (7) none of its cells was answered in another roster.

        Returns:
            The signed acceptance, what is used of the count, and the data version.

        Raises:
            Refused: by the contract or the rules of the cohort, as data.
            PaillierError: the key is refused, uniformly.
        """
        node = self._node
        # (1)
        session = hear(node, Session, signed, by=caller.did)
        check_session(session, expected_consumer=caller.did, now=unix(node.clock.now()))
        if session.session != session_id or node.settings.did not in session.roster:
            raise CohortError("the session does not name us", code="cohort.roster")
        # (2)
        question = Question.from_json(asked)
        check_question(session, question)
        if not isinstance(agreement, str):
            raise CohortError("no agreement is named", code="cohort.body")
        proposal = Proposal(agreement, session, signed, question, proof)
        # (3)
        self.verified_key(session, agreement, json.dumps(proof))
        try:
            with node.db.transaction() as tx:
                caller.consume(tx)
                row = tx.session.get(ProviderSessionRow, (caller.did, session_id))
                if row is not None:
                    return _accepted(row, signed)
                return self._accept(tx, proposal)
        except CohortError as error:
            refused = refusal(reason_of(error))
            self._write_refusal(caller, proposal, refused)
            raise refused from error
        except Refused as error:
            self._write_refusal(caller, proposal, error)
            raise

    def _accept(self, tx: Transaction, proposal: Proposal) -> dict[str, Any]:
        node, session, question = self._node, proposal.session, proposal.question
        # (4)
        granted = self.granted(tx, session, question, proposal.agreement)
        # (5)
        check_members(session, members(node, tx.session, session), min_cohort=granted.min_cohort)
        # (6), (7)
        own = figures(granted, session, question)
        dataset = granted.agreement.dataset_id
        cells = own.content_of(tuple(range(session.cells)))
        memory.check(tx, dataset=dataset, cells=cells, roster=session.roster)
        acceptance = Acceptance(
            session=session.session,
            transcript=session.transcript,
            provider=node_did(node),
            agreement=digest(proposal.agreement),
            min_cohort=granted.min_cohort,
        )
        row = ProviderSessionRow(
            consumer=session.consumer,
            session=session.session,
            state=states.step(states.PROVIDER, states.NONE, "accept"),
            agreement=proposal.agreement,
            dataset=dataset,
            version=granted.table.version,
            charge_key=charges.charge_key(granted.meaning, session.roster),
            session_jws=proposal.session_jws,
            question=json.dumps(question.to_json(), ensure_ascii=False),
            proof=json.dumps(proposal.proof),
            acceptance_jws=say(node, acceptance, tx.now),
            usage=json.dumps(
                {
                    "usage": granted.usage.to_json(),
                    "dataVersion": {
                        "number": granted.table.number,
                        "digest": granted.table.version,
                    },
                }
            ),
            min_cohort=granted.min_cohort,
            deadline=session.deadline,
            opened_ms=unix_ms(tx.now),
        )
        tx.session.add(row)
        tx.session.flush()
        charges.hold(tx, row, seconds=session.deadline - unix(tx.now))
        policy = {
            "digest": granted.policy_digest,
            "decision": "allow",
            "rules": list(granted.rules)[:16],
        }
        write = self._writer(tx, granted, session)
        write(
            "QUESTION",
            "CohortQuestion",
            "in",
            [row.session_jws],
            query={"plan": granted.meaning, "product": dataset, "cells": session.cells},
            detail={"sql": question.sql, "purpose": question.purpose, "roster": session.roster},
        )
        write(
            "COHORT",
            "CohortAcceptance",
            "out",
            [row.acceptance_jws],
            states=(states.NONE, row.state),
            policy=policy,
        )
        return _accepted(row, row.session_jws)

    def indicate(self, caller: Caller, session_id: str, acceptances: Any) -> dict[str, Any]:
        """Check the whole roster, then tell the aggregator which cells we contribute to.

        (1) everybody's signed acceptance of exactly this session, ours as we gave it;
        (2) everybody certified now, strangers to each other, enough for the strictest contract;
        (3) the contract still grants it, on the same data version.

        Raises:
            Refused: one of them fails; the session has ended here.
            Unreachable: the aggregator; say it again.
        """
        node = self._node
        row = self.row(caller.did, session_id)
        session = session_of(row)
        # (1)
        if not isinstance(acceptances, dict) or set(acceptances) != set(session.roster):
            raise CohortError("the acceptances are not those of the roster", code="cohort.roster")
        if acceptances[node_did(node)] != row.acceptance_jws:
            raise CohortError("our own acceptance was changed", code="cohort.roster")
        heard = {did: hear(node, Acceptance, acceptances[did], by=did) for did in session.roster}
        min_cohort = check_roster(session, heard)
        with self.ending(caller.did, session_id), node.db.transaction() as tx:
            caller.consume(tx)
            row = self.row_in(tx, caller.did, session_id)
            if row.state == states.ACCEPTED:
                self._indicate(tx, row, session, min_cohort, acceptances)
            elif not row.indicators_jws:
                raise Conflict(f"not in state `{row.state}`", code="cohort.state")
        progress = Aggregator(node, session.aggregator, session_id).indicate(row.indicators_jws)
        return {"state": row.state, "aggregation": progress.to_json()}

    def _indicate(
        self,
        tx: Transaction,
        row: ProviderSessionRow,
        session: Session,
        min_cohort: int,
        acceptances: dict[str, str],
    ) -> None:
        # (2)
        node = self._node
        check_members(session, members(node, tx.session, session), min_cohort=min_cohort)
        # (3)
        granted, own = self.still_granted(tx, row, session)
        statement = Indicators(
            session=session.session,
            transcript=session.transcript,
            provider=node_did(node),
            cells=own.marks,
        )
        before, row.state = row.state, states.step(states.PROVIDER, row.state, "indicate")
        row.indicators_jws, row.min_cohort = say(node, statement, tx.now), min_cohort
        tx.session.add(row)
        tx.append(
            alone(
                role="provider",
                counterparty=row.consumer,
                session=row.session,
                agreement=row.agreement,
                states=(before, row.state),
                signed=[row.indicators_jws, *acceptances.values()][:16],
                query={"plan": granted.meaning},
                detail={"cells": own.marks},
            )
        )

    def explain(
        self, caller: Caller, agreement: Any, sql: Any, purpose: Any, roster: Any, aggregator: Any
    ) -> dict[str, Any]:
        """Say whether we would accept a question in a cohort; nothing is charged or written."""
        texts = (agreement, sql, purpose, aggregator)
        listed = roster if isinstance(roster, list) and len(roster) <= MAX_ROSTER else []
        if not listed or not all(isinstance(text, str) for text in (*texts, *listed)):
            raise CohortError("expected texts and a list of DIDs", code="cohort.body")
        try:
            with self._node.db.transaction() as tx:
                granted = decide_question(
                    tx,
                    self._node,
                    caller=str(caller.did),
                    agreement_id=agreement,
                    sql=sql,
                    purpose=purpose,
                    mode=MODE,
                    roster=listed,
                    aggregator=aggregator,
                    charged_as=lambda meaning: charges.charge_key(meaning, listed),
                )
        except Refused as error:
            return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
        left = granted.usage
        return {
            "allowed": True,
            "reasons": [],
            "rules": list(granted.rules),
            "minCohort": granted.min_cohort,
            "minimumContributors": granted.minimum_contributors,
            "dataVersion": {"number": granted.table.number, "digest": granted.table.version},
            "usage": Usage(left.used - 1, left.limit).to_json(),
        }

    # --- used by phase B too ----------------------------------------------------------------

    def granted(
        self, tx: Transaction, session: Session, question: Question, agreement: str
    ) -> Granted:
        """Decide the question under our contract, not counting what it holds already."""
        return decide_question(
            tx,
            self._node,
            caller=session.consumer,
            agreement_id=agreement,
            sql=question.sql,
            purpose=question.purpose,
            mode=MODE,
            roster=session.roster,
            aggregator=session.aggregator,
            charged_as=lambda meaning: charges.charge_key(meaning, session.roster),
        )

    def still_granted(
        self, tx: Transaction, row: ProviderSessionRow, session: Session
    ) -> tuple[Granted, Figures]:
        """Decide again, on the data version that the session was accepted on.

        Raises:
            CohortError: the data version or the deadline has passed.
            Refused: the contract does not grant it any more.
        """
        if unix(tx.now) >= row.deadline:
            raise CohortError("the session's deadline has passed", code="cohort.deadline")
        question = Question.from_json(json.loads(row.question))
        granted = self.granted(tx, session, question, row.agreement)
        if granted.table.version != row.version:
            raise CohortError("a new data version came between", code="cohort.version.changed")
        return granted, figures(granted, session, question)

    def verified_key(self, session: Session, agreement: str, proof: str) -> VerifiedKey:
        """Let the consumer's key in, for this agreement and us.

        Raises:
            PaillierError: it is not a key, or not proved; always the same.
            MalformedError: the proof has another form.
        """
        transcript = Transcript(
            contract=agreement,
            prover=session.consumer,
            verifier=node_did(self._node),
            nonce=unb64url(session.session),
        )
        return admit(session.key, KeyProof.from_json(json.loads(proof)), transcript)

    def row(self, consumer: str, session_id: str) -> ProviderSessionRow:
        """Find a session of a consumer."""
        with self._node.db.reading() as db:
            row = db.get(ProviderSessionRow, (consumer, session_id))
        return _found(row, session_id)

    def row_in(self, tx: Transaction, consumer: str, session_id: str) -> ProviderSessionRow:
        """Find a session of a consumer, in a transaction."""
        return _found(tx.session.get(ProviderSessionRow, (consumer, session_id)), session_id)

    def ending(self, consumer: str, session_id: str) -> _Ending:
        """End the session here when the block is refused; see `_Ending`."""
        return _Ending(self, consumer, session_id)

    def end(
        self, consumer: str, session_id: str, reason: str, *, outcome: str = ""
    ) -> ProviderSessionRow:
        """End a session and give back what it held.

        Args:
            consumer: whose session.
            session_id: its id.
            reason: a code.
            outcome: the aggregator's signed word; without it a contributed batch stays charged.
        """
        with self._node.db.transaction() as tx:
            row = self.row_in(tx, consumer, session_id)
            if row.state in {states.ENDED, states.SETTLED}:
                return row
            if row.state == states.CONTRIBUTED and not outcome:
                return row
            before, row.state = row.state, states.step(states.PROVIDER, row.state, "end")
            row.outcome_jws, row.batch = outcome, None
            tx.session.add(row)
            tx.session.flush()
            charges.give_back(tx, row)
            memory.forget(tx, row)
            tx.append(
                alone(
                    role="provider",
                    counterparty=consumer,
                    session=session_id,
                    agreement=row.agreement,
                    states=(before, row.state),
                    signed=[outcome] if outcome else [],
                    query={"reason": reason},
                )
            )
            return row

    def _writer(self, tx: Transaction, granted: Granted, session: Session) -> Callable[..., None]:
        def write(kind: str, message: str, direction: Any, signed: list[str], **more: Any) -> None:
            tx.append(
                between(
                    self._node,
                    tx,
                    granted.agreement,
                    kind=kind,
                    message=message,
                    session=session.session,
                    direction=direction,
                    signed=signed,
                    **more,
                )
            )

        return write

    def _write_refusal(self, caller: Caller, proposal: Proposal, error: Refused) -> None:
        """Write a refusal as a leaf of its own, after the transaction that it undid."""
        node, peer = self._node, str(caller.did)
        if not self._refusals.take(peer):
            node.refusals.count(peer, f"cohort: {error.code}")
            return
        with node.db.transaction() as tx:
            caller.consume(tx)
            found = agreements.agreement(tx.session, proposal.agreement, counterparty=peer)
            if found is None or found.role != "provider":
                node.refusals.count(peer, f"cohort: {error.code}")
                return
            codes = [reason.code[:80] for reason in error.reasons][:16]
            tx.append(
                between(
                    node,
                    tx,
                    found,
                    kind="REFUSAL",
                    message="CohortRefusal",
                    session=proposal.session.session,
                    direction="out",
                    signed=[proposal.session_jws],
                    policy={"decision": "deny", "reasons": codes},
                    detail={
                        "sql": proposal.question.sql,
                        "purpose": proposal.question.purpose,
                        "reasons": [reason.to_json() for reason in error.reasons],
                    },
                )
            )


class _Ending:
    """Ends a session at this provider when the block under it is refused by contract or cohort.

    A batch that was contributed stays charged: only the aggregator's word gives it back.
    """

    def __init__(self, service: Providing, consumer: str, session_id: str) -> None:
        self._service, self._consumer, self._session = service, consumer, session_id

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, CohortError):
            self._service.end(self._consumer, self._session, error.code)
            raise refusal(reason_of(error)) from error
        if isinstance(error, Refused):
            self._service.end(self._consumer, self._session, error.code)


def node_did(node: Node) -> Any:
    """Give our own DID."""
    return node.settings.did


def session_of(row: ProviderSessionRow) -> Session:
    """Read the session of a row; its signature was verified before it was stored."""
    return Session.from_json(json.loads(unb64url(row.session_jws.split(".")[1])))


def _accepted(row: ProviderSessionRow, signed: str) -> dict[str, Any]:
    if row.session_jws != signed:
        raise Conflict(
            "the session id is in use for another session",
            code="cohort.session-reused",
            next_step="draw a fresh id for every session",
        )
    return {"acceptance": row.acceptance_jws, **json.loads(row.usage)}


def _found(row: ProviderSessionRow | None, session_id: str) -> ProviderSessionRow:
    if row is None:
        raise NotFound(
            f"no session `{session_id[:64]}`", code="session-missing", next_step="open it first"
        )
    return row
