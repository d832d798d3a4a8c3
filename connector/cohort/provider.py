"""The provider of a session: accepts it under its own contract, then tells the aggregator phase A.

Each step first does what needs the network or takes long (reading signatures, proving the key),
then decides and writes in one transaction, then calls the aggregator. Said again, a step gives the
stored statement again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.cohort import charges
from connector.cohort.evidence import alone, between
from connector.cohort.proposal import Proposal
from connector.cohort.refusing import Refusing
from connector.cohort.rows import ProviderSessionRow
from connector.cohort.sessions import Sessions, session_of
from connector.cohort.speaking import hear, members, say
from connector.cohort.tagging import keep_seed, read_seed
from connector.cohort.telling import to_tell, with_acceptance
from connector.cohort.wire import Aggregator
from connector.errors import Conflict
from connector.ports import unix, unix_ms
from connector.questions.reading import outcome
from contracts.cohort import states
from contracts.cohort.errors import CohortError
from contracts.cohort.members import check_members
from contracts.cohort.session import Question, Session
from contracts.cohort.statements import Acceptance, Indicators
from contracts.cohort.verify import check_question, check_roster, check_session
from crypto.canonical import digest

if TYPE_CHECKING:
    from connector.identity.auth import Caller
    from connector.questions.enforcement import Granted
    from connector.store.database import Transaction


class Providing:
    """A provider's part in sessions, up to phase A."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._node = sessions.node

    def open(
        self,
        caller: Caller,
        session_id: str,
        signed: Any,
        asked: Any,
        agreement: Any,
        proof: Any,
        seed: Any,
    ) -> dict[str, Any]:
        """Accept a session, or refuse it with reasons.

        (1) the session is the caller's own, of this moment and version, and names us;
        (2) the question and the seed of the tags are the ones it signed;
        (3) its key is a key, proved for this agreement;
        (4) our contract grants the question, in this cohort, through this aggregator;
        (5) everybody is certified now, and the providers are strangers to each other;
        (6) its columns and dimensions mean what ours mean;
        (7) it names the cohort table of our product, which its roster is that of.

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
        if session.session != session_id or self._sessions.did not in session.roster:
            raise CohortError("the session does not name us", code="cohort.roster")
        question = Question.from_json(asked)  # (2)
        check_question(session, question)
        if not isinstance(agreement, str):
            raise CohortError("no agreement is named", code="cohort.body")
        proposal = Proposal(agreement, session, signed, question, proof, read_seed(session, seed))
        # (3), not for strangers: it costs, and (4) refuses them anyway
        if self._sessions.knows(caller.did, agreement):
            self._sessions.verified_key(session, agreement, json.dumps(proof))
        outcome(question.sql)  # outside the transaction: it may be slow
        with (
            Refusing(self._sessions, caller, agreement, signed, session),
            node.db.transaction() as tx,
        ):
            caller.consume(tx)
            row = tx.session.get(ProviderSessionRow, (caller.did, session_id))
            if row is None:
                row = self._accept(tx, proposal)
            if row.session_jws != signed:
                raise Conflict(
                    "the session id is in use for another session",
                    code="cohort.session-reused",
                    next_step="draw a fresh id for every session",
                )
            return {"acceptance": row.acceptance_jws, **with_acceptance(row)}

    def _accept(self, tx: Transaction, proposal: Proposal) -> ProviderSessionRow:
        node, session, question = self._node, proposal.session, proposal.question
        # (4) to (7)
        granted, cohort, _ = self._sessions.admitted(
            tx.session, tx.now, session, session.columns, question, proposal.agreement
        )
        if session.table != cohort.digest:
            raise CohortError(
                "the session names another cohort table",
                code="cohort.table.other",
                next_step="ask again: the table is read anew",
            )
        dataset = granted.agreement.dataset_id
        acceptance = Acceptance(
            session=session.session,
            transcript=session.transcript,
            provider=self._sessions.did,
            agreement=digest(proposal.agreement),
            min_cohort=granted.min_cohort,
        )
        row = ProviderSessionRow(
            consumer=session.consumer,
            session=session.session,
            state=states.step(states.PROVIDER, states.NONE, "accept"),
            agreement=proposal.agreement,
            dataset=dataset,
            version=cohort.version,
            charge_key=charges.charge_key(granted.meaning, session.roster),
            session_jws=proposal.session_jws,
            question=json.dumps(question.to_json(), ensure_ascii=False),
            proof=json.dumps(proposal.proof),
            acceptance_jws=say(node, acceptance, tx.now),
            usage=to_tell(granted, cohort),
            min_cohort=granted.min_cohort,
            deadline=session.deadline,
            opened_ms=unix_ms(tx.now),
        )
        tx.session.add(row)
        tx.session.flush()
        keep_seed(node, tx, session, proposal.seed)
        charges.hold(tx, row, seconds=session.deadline - unix(tx.now))
        self._write_accepted(tx, row, granted, session, question)
        return row

    def _write_accepted(
        self,
        tx: Transaction,
        row: ProviderSessionRow,
        granted: Granted,
        session: Session,
        question: Question,
    ) -> None:
        node, agreement = self._node, granted.agreement
        tx.append(
            between(
                node,
                tx,
                agreement,
                kind="QUESTION",
                message="CohortQuestion",
                session=row.session,
                direction="in",
                signed=[row.session_jws],
                query={"plan": granted.meaning, "product": row.dataset, "cells": session.cells},
                detail={
                    "sql": question.sql,
                    "purpose": question.purpose,
                    "roster": list(session.roster),
                },
            )
        )
        tx.append(
            between(
                node,
                tx,
                agreement,
                kind="COHORT",
                message="CohortAcceptance",
                session=row.session,
                direction="out",
                signed=[row.acceptance_jws],
                states=(states.NONE, row.state),
                policy={
                    "digest": granted.policy_digest,
                    "decision": "allow",
                    "rules": list(granted.rules)[:16],
                },
            )
        )

    def indicate(self, caller: Caller, session_id: str, acceptances: Any) -> dict[str, Any]:
        """Check the whole roster, then tell the aggregator which cells we contribute to.

        (1) everybody's signed acceptance of exactly this session, ours as we gave it;
        (2) everybody certified now, strangers to each other, enough for the strictest contract;
        (3) the contract still grants it, on the same data version.

        Raises:
            Refused: one of them fails; the session has ended here.
            Unreachable: the aggregator; say it again.
        """
        node, sessions = self._node, self._sessions
        row = sessions.row(caller.did, session_id)
        session = session_of(row)
        # (1)
        if not isinstance(acceptances, dict) or set(acceptances) != set(session.roster):
            raise CohortError("the acceptances are not those of the roster", code="cohort.roster")
        if acceptances[sessions.did] != row.acceptance_jws:
            raise CohortError("our own acceptance was changed", code="cohort.roster")
        heard = {did: hear(node, Acceptance, acceptances[did], by=did) for did in session.roster}
        min_cohort = check_roster(session, heard)
        with (
            Refusing(sessions, caller, row.agreement, row.session_jws, session),
            node.db.transaction() as tx,
        ):
            caller.consume(tx)
            row = sessions.row_in(tx, caller.did, session_id)
            if row.state == states.ACCEPTED:
                self._indicate(tx, row, session, min_cohort, digest(acceptances))
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
        acceptances: str,
    ) -> None:
        node = self._node
        # (2)
        check_members(session, members(node, tx.session, session), min_cohort=min_cohort)
        # (3)
        granted, own = self._sessions.still_granted(tx, row, session)
        statement = Indicators(
            session=session.session,
            transcript=session.transcript,
            provider=self._sessions.did,
            columns=own.marks,
        )
        before, row.state = row.state, states.step(states.PROVIDER, row.state, "indicate")
        row.indicators_jws, row.min_cohort = say(node, statement, tx.now), min_cohort
        tx.session.add(row)
        tx.append(
            alone(
                node,
                tx,
                role="provider",
                counterparty=row.consumer,
                session=row.session,
                agreement=row.agreement,
                states=(before, row.state),
                signed=[row.indicators_jws],
                query={"plan": granted.meaning, "acceptances": acceptances},
                detail={"columns": list(own.marks)},
            )
        )
