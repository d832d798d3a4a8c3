"""Answering a question: one transaction decides, answers, charges and writes the evidence.

What takes long is done before it, within the consumer's budget, and only looked through in it.

The same question (by its id, or by its meaning on the same data version) gets the stored answer,
byte for byte, and is not charged again. Other content under a known id is a conflict. A refusal
changes nothing but the log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import find_agreement
from connector.areas.questions import usage
from connector.areas.questions.deciding import charge_key, decide
from connector.areas.questions.evidence import answer_leaf, plan_of, question_leaf, refusal_leaf
from connector.areas.questions.messages import ANSWER_TYP, Question, answer_payload
from connector.areas.questions.one_provider import one_provider_modes
from connector.areas.questions.reading import in_turn
from connector.areas.questions.store import give, received, remember
from connector.evidence import promises
from connector.identity.work import budgeted
from connector.process.errors import Refused
from connector.process.ports import unix
from connector.process.rate import Buckets
from crypto import jws
from crypto.canonical import canonical

if TYPE_CHECKING:
    from connector.areas.questions.deciding import Decided
    from connector.areas.questions.store import Given
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.party.node import Node
    from connector.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as it leaves.

    Attributes:
        jws: Signed; the stored bytes where it was given before.
        repeated: Whether it was given before, and is not charged again.
        usage: Of the agreement's count, this answer included.
    """

    jws: str
    repeated: bool
    usage: usage.Usage

    def to_json(self) -> dict[str, Any]:
        """Return the body of the response."""
        return {"answer": self.jws, "repeated": self.repeated, "usage": self.usage.to_json()}


class Answering:
    """Answers questions of authenticated callers, in each mode with one provider."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._modes = one_provider_modes(node)
        # a refusal costs a durable write: beyond this rate it is counted, not written one by one
        self._refusals = Buckets(rate=1.0, burst=60.0)

    def answer(self, caller: Caller, question: Question) -> Answered:
        """Answer a question, or give the answer that it got before.

        Args:
            caller: Authenticated; its token is used up in the transaction of the answer.
            question: What it asks.

        Returns:
            The signed answer, and what is used of the agreement's count.

        Raises:
            Refused: With all reasons; nothing was charged.
            Conflict: The id was used for another question.
            TooMany: The consumer's questions have used up their work.
            OvertakenError: What it is decided on changes all the time.
        """
        with budgeted(self._node, caller) as work:
            try:
                return in_turn(lambda: self._answer(caller, question, work))
            except Refused as error:
                self._write_refusal(caller, question, error)
                raise

    def explain(self, caller: Caller, question: Question) -> dict[str, Any]:
        """Say whether a question would be answered, and why. Nothing is charged or written.

        Raises:
            Conflict: The id was used for another question.
        """
        asked = replace(question, explain=False)
        with budgeted(self._node, caller) as work:
            try:
                found = self._planned(str(caller.did), asked, work)
            except Refused as error:
                return {"allowed": False, "reasons": [r.to_json() for r in error.reasons]}
        granted, repeated = found.granted, found.stored is not None
        before = granted.usage.used - (0 if repeated else 1)
        return {
            "allowed": True,
            "reasons": [],
            "repeated": repeated,
            "rules": list(granted.rules),
            "clauses": [clause.to_json() for clause in granted.clauses()],
            "mode": granted.mode,
            "outputs": [output.name for output in granted.bound.outputs],
            "dimensions": list(granted.bound.mentioned),
            "minimumContributors": granted.minimum_contributors,
            "dataVersion": {"number": granted.table.number, "digest": granted.table.version},
            "usage": usage.Usage(before, granted.usage.limit).to_json(),
        }

    def _planned(self, caller: str, question: Question, work: Work) -> Decided:
        """Decide what takes long, on what stands now."""
        node = self._node
        with node.db.reading() as session:
            return decide(
                node,
                session,
                node.clock.now(),
                caller=caller,
                question=question,
                modes=self._modes,
                work=work,
            )

    def _answer(self, caller: Caller, question: Question, work: Work) -> Answered:
        node, did = self._node, str(caller.did)
        before = self._planned(did, question, work)
        with node.db.transaction() as tx:
            caller.consume(tx)
            found = decide(
                node,
                tx.session,
                tx.now,
                caller=did,
                question=question,
                modes=self._modes,
                work=work,
                before=before,
            )
            if found.stored is not None:
                return self._again(tx, did, question, found, found.stored)
            answered = self._first(tx, did, question, found)
        work.paid(found.granted.table, len(found.granted.bound.outputs))
        return answered

    def _first(
        self,
        tx: Transaction,
        caller: str,
        question: Question,
        decided: Decided,
    ) -> Answered:
        node = self._node
        granted, known, cells = decided.granted, decided.known, decided.cells
        assert cells is not None, "nothing is stored"
        payload = answer_payload(granted, cells, question, provider=node.settings.did, now=tx.now)
        keys = node.keys.now()
        signed = jws.sign(
            canonical(payload),
            keys.agreements,
            typ=ANSWER_TYP,
            kid=keys.agreements_kid,
            iat=unix(tx.now),
        )
        give(tx, caller, question, meaning=granted.meaning, jws=signed)
        remember(tx, caller, question, answer=question.id, known=known is not None)
        usage.commit(
            tx, counterparty=caller, agreement=question.agreement, key=charge_key(question.id)
        )
        policy = {
            "digest": granted.policy_digest,
            "decision": "allow",
            "rules": list(granted.rules)[:16],
        }
        agreement = granted.agreement
        if known is None:
            query = {"plan": plan_of(node, tx, agreement, granted.meaning)}
            asked = question_leaf(node, tx, agreement, question, direction="in", query=query)
            promises.append(node, tx, asked)
        given = answer_leaf(node, tx, agreement, payload, signed, direction="out", policy=policy)
        promises.append(node, tx, given)
        return Answered(jws=signed, repeated=False, usage=granted.usage)

    def _again(
        self,
        tx: Transaction,
        caller: str,
        question: Question,
        decided: Decided,
        row: Given,
    ) -> Answered:
        granted, known = decided.granted, decided.known
        if known is None or not known.answer:
            remember(tx, caller, question, answer=row.question, known=known is not None)
        if known is None:
            plan = plan_of(self._node, tx, granted.agreement, granted.meaning)
            query = {"plan": plan, "answeredAs": row.question}
            asked = question_leaf(
                self._node, tx, granted.agreement, question, direction="in", query=query
            )
            promises.append(self._node, tx, asked)
        given = {row.question} if known is None else {question.id, row.question}
        for name in sorted(given):  # a new one's leaf is promised above
            promises.again(self._node, tx, caller, name, name)
        return Answered(jws=row.jws, repeated=True, usage=granted.usage)

    def _write_refusal(self, caller: Caller, question: Question, error: Refused) -> None:
        """Write a refusal as a leaf of its own, after the transaction that it undid."""
        node, peer = self._node, str(caller.did)
        if not self._refusals.take(peer):
            node.refusals.count(peer, f"question: {error.code}")
            return
        with node.db.transaction() as tx:
            caller.consume(tx)
            agreement = find_agreement(tx.session, question.agreement, counterparty=peer)
            if agreement is None or agreement.role != "provider":
                node.refusals.count(peer, f"question: {error.code}")
                return
            known = received(tx.session, peer, question.id)
            if known is None:
                remember(tx, peer, question, answer="", known=False)
                asked = question_leaf(node, tx, agreement, question, direction="in")
                promises.append(node, tx, asked)
            said = refusal_leaf(node, tx, agreement, question, error.reasons, direction="out")
            promises.append(node, tx, said)
