"""The provider of a session: accepts it under its own contract; phase A is in `indicating`.

First comes what needs the network or takes long (reading signatures, proving the key, planning the
question), then one transaction decides and writes. Said again, a session gives the stored statement
again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import charges, problems
from connector.areas.cohort.evidence import between
from connector.areas.cohort.proposal import Proposal
from connector.areas.cohort.refusing import Refusing
from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.cohort.speaking import hear, say
from connector.areas.cohort.tagging import keep_seed, read_seed
from connector.areas.cohort.telling import to_tell, with_acceptance
from connector.areas.questions import OvertakenError, in_turn, plan_of
from connector.evidence import promises
from connector.identity.work import budgeted
from connector.process.errors import Conflict
from connector.process.ports import unix, unix_ms
from contracts.cohort import states
from contracts.cohort.errors import broken
from contracts.cohort.session import Question, Session
from contracts.cohort.statements import Acceptance
from contracts.cohort.verify import check_question, check_session
from crypto.canonical import digest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session as DbSession

    from connector.areas.cohort.part import Part
    from connector.areas.cohort.sessions import Sessions
    from connector.areas.questions import Granted
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.store.transaction import Transaction


class Providing:
    """A provider's part in sessions, before phase A."""

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
        with budgeted(self._node, caller) as work:
            return self._open(caller, session_id, signed, asked, agreement, proof, seed, work)

    def _open(
        self,
        caller: Caller,
        session_id: str,
        signed: Any,
        asked: Any,
        agreement: Any,
        proof: Any,
        seed: Any,
        work: Work,
    ) -> dict[str, Any]:
        node = self._node
        # (1)
        session = hear(node, Session, signed, by=caller.did, work=work)
        check_session(session, expected_consumer=caller.did, now=unix(node.clock.now()))
        if session.session != session_id or self._sessions.did not in session.roster:
            raise broken("cohort.roster", problems.SESSION_NOT_OURS)
        question = Question.from_json(asked)  # (2)
        check_question(session, question)
        if not isinstance(agreement, str):
            raise broken("cohort.body", problems.NO_AGREEMENT)
        proposal = Proposal(agreement, session, signed, question, proof, read_seed(session, seed))
        # (3), not for strangers: it costs, and (4) refuses them anyway
        if self._sessions.knows(caller.did, agreement):
            self._sessions.verified_key(session, agreement, json.dumps(proof), work)
        with Refusing(self._sessions, caller, agreement, signed, session):
            return in_turn(lambda: self._opened(caller, proposal, work))

    def _opened(self, caller: Caller, proposal: Proposal, work: Work) -> dict[str, Any]:
        node, session, signed = self._node, proposal.session, proposal.session_jws
        place = (session.consumer, session.session)
        before = None
        with node.db.reading() as db:
            if db.get(ProviderSessionRow, place) is None:
                before = self._admitted(db, node.clock.now(), proposal, work)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = tx.session.get(ProviderSessionRow, place)
            if row is None:
                if before is None:
                    raise OvertakenError
                row = self._accept(tx, proposal, work, before)
            elif row.session_jws == signed:  # its answer was lost on its way
                promises.again(node, tx, caller.did, row.session, row.session)
            if row.session_jws != signed:
                raise Conflict(problems.SESSION_REUSED)
            return {"acceptance": row.acceptance_jws, **with_acceptance(row)}

    def _admitted(
        self,
        db: DbSession,
        now: datetime,
        proposal: Proposal,
        work: Work,
        before: Part | None = None,
    ) -> Part:
        """Decide (4) to (7) of `open`."""
        session, question = proposal.session, proposal.question
        return self._sessions.admitted(
            db,
            now,
            session,
            session.columns,
            question,
            proposal.agreement,
            work=work,
            before=before,
            table=session.table,
        )

    def _accept(
        self, tx: Transaction, proposal: Proposal, work: Work, before: Part
    ) -> ProviderSessionRow:
        node, session, question = self._node, proposal.session, proposal.question
        part = self._admitted(tx.session, tx.now, proposal, work, before)
        granted, cohort = part.granted, part.cohort
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
        promises.append(
            node,
            tx,
            between(
                node,
                tx,
                agreement,
                kind="QUESTION",
                message="CohortQuestion",
                session=row.session,
                direction="in",
                signed=[row.session_jws],
                query={
                    "plan": plan_of(node, tx, agreement, granted.meaning),
                    "product": row.dataset,
                    "cells": session.cells,
                },
                detail={
                    "sql": question.sql,
                    "purpose": question.purpose,
                    "roster": list(session.roster),
                },
            ),
        )
        promises.append(
            node,
            tx,
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
            ),
        )
