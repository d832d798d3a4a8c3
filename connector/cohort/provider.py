"""The provider of a session: accepts it under its own contract; phase A is in `indicating`.

First comes what needs the network or takes long (reading signatures, proving the key, planning the
question), then one transaction decides and writes. Said again, a session gives the stored statement
again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.cohort import charges
from connector.cohort.draft import DECIDES, Draft, read_columns
from connector.cohort.evidence import between
from connector.cohort.refusing import Refusing
from connector.cohort.rows import ProviderSessionRow
from connector.cohort.speaking import hear, reason_of, say
from connector.cohort.telling import to_tell, with_acceptance
from connector.errors import Conflict, Refused
from connector.ports import unix, unix_ms
from connector.questions.reading import OvertakenError, in_turn
from connector.questions.usage import Usage, used
from connector.questions.work import budgeted
from contracts.cohort import states
from contracts.cohort.errors import CohortError
from contracts.cohort.session import Question, Session
from contracts.cohort.statements import Acceptance
from contracts.cohort.verify import check_columns, check_question, check_session
from crypto.canonical import digest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session as DbSession

    from connector.cohort.part import Part
    from connector.cohort.sessions import Sessions
    from connector.identity.auth import Caller
    from connector.questions.enforcement import Granted
    from connector.questions.work import Work
    from connector.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a consumer sends to open a session, read but not yet decided."""

    agreement: str
    session: Session
    session_jws: str
    question: Question
    proof: list[Any]


class Providing:
    """A provider's part in sessions, before phase A."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._node = sessions.node

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
        (7) none of its cells was answered in another roster, or overlaps one that was answered.

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
        proposal = Proposal(agreement, session, signed, question, proof)
        with budgeted(node, caller) as work:
            # (3), not for strangers: it costs, and (4) refuses them anyway
            if self._sessions.knows(caller.did, agreement):
                work.key()
                self._sessions.verified_key(session, agreement, json.dumps(proof))
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
            if row.session_jws != signed:
                raise Conflict(
                    "the session id is in use for another session",
                    code="cohort.session-reused",
                    next_step="draw a fresh id for every session",
                )
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
        )

    def _accept(
        self, tx: Transaction, proposal: Proposal, work: Work, before: Part
    ) -> ProviderSessionRow:
        node, session, question = self._node, proposal.session, proposal.question
        granted = self._admitted(tx.session, tx.now, proposal, work, before).granted
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
            version=granted.table.version,
            charge_key=charges.charge_key(granted.meaning, session.roster),
            session_jws=proposal.session_jws,
            question=json.dumps(question.to_json(), ensure_ascii=False),
            proof=json.dumps(proposal.proof),
            acceptance_jws=say(node, acceptance, tx.now),
            usage=to_tell(granted),
            min_cohort=granted.min_cohort,
            deadline=session.deadline,
            opened_ms=unix_ms(tx.now),
        )
        tx.session.add(row)
        tx.session.flush()
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

    def explain(
        self, caller: Caller, agreement: Any, asked: Any, columns: Any, roster: Any, aggregator: Any
    ) -> dict[str, Any]:
        """Say whether we would accept a question in a cohort; nothing is charged or written.

        It is decided as `open` decides it. Which cells are released is for the cohort to decide:
        no provider knows what the others may release.

        Raises:
            MalformedError: the question, its columns or the parties have another shape.
        """
        question = Question.from_json(asked)
        parties, plans = Draft.read(caller.did, aggregator, roster), read_columns(columns)
        if not isinstance(agreement, str):
            raise CohortError("no agreement is named", code="cohort.body")
        check_columns(plans, question)
        now = self._node.clock.now()
        with budgeted(self._node, caller) as work, self._node.db.reading() as db:
            try:
                parties.check(self._sessions.did)
                granted = self._sessions.admitted(
                    db, now, parties, plans, question, agreement, work=work
                ).granted
            except Refused as error:
                return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
            except CohortError as error:
                return {"allowed": False, "reasons": [reason_of(error).to_json()]}
            spent = used(db, counterparty=caller.did, agreement=agreement, now=now)
        return {
            "allowed": True,
            "decides": DECIDES,
            "reasons": [],
            "rules": list(granted.rules),
            "minCohort": granted.min_cohort,
            "minimumContributors": granted.minimum_contributors,
            "dataVersion": {"number": granted.table.number, "digest": granted.table.version},
            "usage": Usage(spent, granted.usage.limit).to_json(),
        }
