"""A provider's sessions: finding them, deciding them again, ending them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import charges, problems
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.frozen import answered_from, frozen, overtaken, stands
from connector.areas.cohort.part import Part, made
from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.cohort.speaking import members
from connector.areas.dsp import find_agreement
from connector.areas.questions import OvertakenError, decide_question
from connector.evidence import statements
from connector.process.errors import NotFound
from connector.process.ports import unix
from connector.process.rate import Buckets
from contracts.cohort import problems_sessions, states
from contracts.cohort.errors import broken, wrong
from contracts.cohort.members import check_members
from contracts.cohort.session import Question, Session
from crypto.b64 import unb64url
from crypto.did import Did
from crypto.paillier.gate import admit
from crypto.paillier.proof import KeyProof, Transcript
from policies.profile import HOMOMORPHIC

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlmodel import Session as DbSession

    from connector.areas.cohort.frozen import Frozen
    from connector.areas.questions import Granted
    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.cohort.members import Parties
    from contracts.cohort.session import ColumnPlan
    from crypto.paillier.gate import VerifiedKey

WRITTEN_REFUSALS_PER_SECOND: Final = 1.0


class Sessions:
    """The sessions of one provider."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.did = Did(node.settings.did)
        # a refusal costs a durable write: beyond this rate it is counted, not written one by one
        self.refusals = Buckets(rate=WRITTEN_REFUSALS_PER_SECOND, burst=60.0)

    def row(self, consumer: str, session_id: str) -> ProviderSessionRow:
        """Find a session of a consumer."""
        with self.node.db.reading() as db:
            row = db.get(ProviderSessionRow, (consumer, session_id))
        return _found(row, session_id)

    @staticmethod
    def row_in(tx: Transaction, consumer: str, session_id: str) -> ProviderSessionRow:
        """Find a session of a consumer, in a transaction."""
        return _found(tx.session.get(ProviderSessionRow, (consumer, session_id)), session_id)

    def step(self, consumer: str, session_id: str, name: str) -> str:
        """Name a step of a session that a consumer opened here; empty if there is none."""
        with self.node.db.reading() as db:
            known = db.get(ProviderSessionRow, (consumer, session_id)) is not None
        return f"{name} {session_id}" if known else ""

    def knows(self, consumer: str, agreement: str) -> bool:
        """Say whether we have an agreement with a consumer."""
        with self.node.db.reading() as db:
            return find_agreement(db, agreement, counterparty=consumer) is not None

    def granted(
        self,
        db: DbSession,
        now: datetime,
        session: Parties,
        question: Question,
        agreement: str,
        *,
        work: Work,
        before: Part | None = None,
    ) -> Granted:
        """Decide the question under our contract, not counting what it holds already.

        Raises:
            Refused: the contract does not grant it.
            OvertakenError: it does not grant what it granted before.
        """
        found = decide_question(
            db,
            self.node,
            now,
            caller=session.consumer,
            agreement_id=agreement,
            sql=question.sql,
            purpose=question.purpose,
            mode=HOMOMORPHIC,
            roster=session.roster,
            aggregator=session.aggregator,
            charged_as=lambda meaning: charges.charge_key(meaning, session.roster),
            frozen=self._version_of(db, agreement, session.consumer),
            plan=None if before is None else before.granted.plan,
            work=work,
        )
        if before is not None and not found.same_as(before.granted):
            raise OvertakenError
        return found

    def admitted(
        self,
        db: DbSession,
        now: datetime,
        parties: Parties,
        columns: Sequence[ColumnPlan],
        question: Question,
        agreement: str,
        *,
        work: Work,
        before: Part | None = None,
        table: str | None = None,
    ) -> Part:
        """Decide whether we take part: in a session that is opened, or in one that is explained.

        Decided in a transaction, it takes over from `before` what takes long.

        (1) our contract grants the question, in this cohort, through this aggregator;
        (2) everybody is certified now, and the providers are strangers to each other;
        (3) the cohort is our offers', its table is made, and made for enough providers; a session
            names it (`table`) as we have it, with the same renewals;
        (4) its columns and dimensions mean what ours mean.

        Raises:
            Refused: (1) fails.
            CohortError: one of the others does.
            OvertakenError: what was decided before does not hold any more.
        """
        granted = self.granted(  # (1)
            db, now, parties, question, agreement, work=work, before=before
        )
        # (2)
        check_members(parties, members(self.node, db, parties), min_cohort=granted.min_cohort)
        # (3)
        if before is not None:
            return self._again(db, granted, before)
        cohort = self._cohort(db, parties, granted)
        if table not in {None, cohort.digest}:
            raise wrong("cohort.table.other", problems.OTHER_TABLE)
        return made(granted, cohort, columns, question, work)  # (4)

    @staticmethod
    def _again(db: DbSession, granted: Granted, before: Part) -> Part:
        """Take over what was made of a cohort table, if it is still the product's."""
        if not stands(db, granted.agreement.dataset_id, before.cohort):
            raise OvertakenError
        return replace(before, granted=granted)

    def _cohort(self, db: DbSession, parties: Parties, granted: Granted) -> Frozen:
        """Find the cohort table that a session of these parties is answered from."""
        found = frozen(db, granted.agreement.dataset_id)
        if found is None:
            raise wrong("cohort.table.missing", problems.TABLE_MISSING)
        if (found.roster, found.aggregator) != (tuple(parties.roster), parties.aggregator):
            raise wrong(
                "cohort.roster.other",
                problems.ROSTER_OTHER,
                member=self.did,
                expected=", ".join(found.roster),
            )
        if granted.min_cohort > found.table.min_cohort:
            raise wrong("cohort.too-small", problems.CONTRACT_LARGER)
        if granted.minimum_contributors > granted.bound.schema.minimum_contributors:
            raise wrong(
                "cohort.group-size",
                problems.GROUPS_LARGER,
            )
        return found

    def still_granted(
        self,
        db: DbSession,
        now: datetime,
        row: ProviderSessionRow,
        session: Session,
        *,
        work: Work,
        before: Part | None = None,
    ) -> Part:
        """Decide again, on the cohort table that the session names.

        Decided in a transaction, it takes over from `before` what takes long.

        Raises:
            CohortError: the deadline has passed, or the table is another by now.
            Refused: the contract does not grant it any more.
            OvertakenError: what was decided before does not hold any more; decide it anew.
        """
        if unix(now) >= row.deadline:
            raise broken("cohort.deadline", problems.DEADLINE)
        question = Question.from_json(json.loads(row.question))
        granted = self.granted(db, now, session, question, row.agreement, work=work, before=before)
        if before is not None:
            return self._again(db, granted, before)
        cohort = self._cohort(db, session, granted)
        if cohort.digest != session.table:
            raise broken("cohort.version.changed", problems.TABLE_BETWEEN)
        return made(granted, cohort, session.columns, question, work)

    @staticmethod
    def _version_of(db: DbSession, agreement: str, consumer: str) -> str:
        """Name what totals under an agreement are answered from; empty if there are none."""
        found = find_agreement(db, agreement, counterparty=consumer)
        return answered_from(db, found.dataset_id) if found is not None else ""

    def verified_key(self, session: Session, agreement: str, proof: str, work: Work) -> VerifiedKey:
        """Let the consumer's key in, for this agreement and us; counted first.

        Raises:
            PaillierError: it is not a key, or not proved; always the same.
            MalformedError: the proof has another form.
        """
        work.key()
        transcript = Transcript(
            contract=agreement,
            prover=session.consumer,
            verifier=self.did,
            nonce=unb64url(session.session),
        )
        return admit(session.key, KeyProof.from_json(json.loads(proof)), transcript)

    def end(
        self, consumer: str, session_id: str, reason: str, *, outcome: str = "", paid: bool = False
    ) -> str:
        """End a session, and give back what it held unless the consumer has to pay.

        Args:
            consumer: whose session.
            session_id: its id.
            reason: a code.
            outcome: the aggregator's signed word; without it a contributed batch stays charged.
            paid: it is the consumer's doing; it pays if we had told our indicators, unless the
                table was renewed since: asking again would not be free.

        Returns:
            The state it is in now.
        """
        with self.node.db.transaction() as tx:
            row = self.row_in(tx, consumer, session_id)
            if row.state in {states.ENDED, states.SETTLED}:
                return row.state
            if row.state == states.CONTRIBUTED and not outcome:
                return row.state
            before, row.state = row.state, states.step(states.PROVIDER, row.state, "end")
            row.outcome_jws, row.batch = outcome, None
            tx.session.add(row)
            tx.session.flush()
            old = overtaken(tx.session, row.dataset, session_of(row).table)
            paid = paid and before != states.ACCEPTED and not old
            (charges.keep if paid else charges.give_back)(tx, row)
            leaf = alone(
                self.node,
                tx,
                role="provider",
                counterparty=consumer,
                session=session_id,
                agreement=row.agreement,
                states=(before, row.state),
                signed=[outcome] if outcome else [],
                query={"reason": reason[:100]} | ({"charged": True} if paid else {}),
            )
            statements.append(tx, leaf)
            return row.state


def session_of(row: ProviderSessionRow) -> Session:
    """Read the session of a row; its signature was verified before it was stored."""
    return Session.from_json(json.loads(unb64url(row.session_jws.split(".")[1])))


def marks_of(row: ProviderSessionRow) -> tuple[str, ...]:
    """Read our own indicators of a row; of a session of version 1, one text for all columns."""
    payload: dict[str, Any] = json.loads(unb64url(row.indicators_jws.split(".")[1]))
    return (payload["cells"],) if "cells" in payload else tuple(payload["columns"])


def _found(row: ProviderSessionRow | None, session_id: str) -> ProviderSessionRow:
    if row is None:
        raise NotFound(problems_sessions.SESSION_UNKNOWN, session=session_id[:64])
    return row
