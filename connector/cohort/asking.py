"""The consumer of a session: asks, drives it through both phases, verifies, decrypts, keeps all.

The question, its session and the secret key are committed before anything leaves. Each later step
is a call that may be repeated, and what came back is stored before the next one; so a session goes
on after a crash (`resume`) and a repeated question id gets the stored answer.

What can go wrong before the release ends the session: the aggregator signs that it ended, and its
word goes to every provider, which gives back what it had charged.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from connector.cohort import result
from connector.cohort.evidence import alone, between
from connector.cohort.planning import Plan, plan
from connector.cohort.rows import CohortAskRow
from connector.cohort.speaking import hear, reason_of
from connector.cohort.wire import Aggregator, post
from connector.dsp import store as agreements
from connector.errors import (
    PeerRefused,
    Refused,
    RemoteError,
    Unreachable,
    VerificationError,
    VoileError,
)
from connector.ports import unix_ms
from connector.questions.enforcement import refusal
from contracts.cohort import signing, states
from contracts.cohort.errors import CohortError
from contracts.cohort.session import Question, Session
from contracts.cohort.statements import Acceptance, Cleared, Contribution, Ended, Released
from contracts.cohort.verify import check_cleared, check_outcome, check_released, check_roster
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.canonical import digest_bytes
from crypto.paillier import frame
from crypto.paillier.decrypt import decrypt
from crypto.paillier.jwk import secret_from_jwk
from crypto.paillier.proof import Transcript, prove

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.cohort.wire import Progress
    from connector.node import Node
    from connector.store.database import Transaction
    from crypto.paillier.keys import SecretKey

T = TypeVar("T")
ATTEMPTS: Final = 4
PAUSE_SECONDS: Final = 0.1


class Driving:
    """Drives sessions of ours to their end."""

    def __init__(self, node: Node, report: Callable[[str], None] = lambda _step: None) -> None:
        self._node = node
        self._report = report

    def drive(self, session_id: str) -> CohortAskRow:
        """Take a session from wherever it is to its answer.

        Raises:
            Refused: by a provider or the rules of the cohort; nothing is charged.
            VerificationError: somebody's word does not hold; see the evidence.
            RemoteError: somebody cannot be reached; asking again with the same id is safe.
        """
        row = self._row(session_id)
        if row.state != states.ASKED:
            return row
        session, question = _session(row), _question(row)
        secret = secret_from_jwk(strict_json.loads(self._node.secrets.get(secret_name(session_id))))
        made = plan(json.loads(row.described), question.sql)
        aggregator = Aggregator(self._node, session.aggregator, session_id)
        try:
            progress = self._run(row, session, question, secret, aggregator)
            return self._finish(row, session, question, secret, made, aggregator, progress)
        except VoileError as error:
            released = self._abort(session, aggregator, error)
            if released is None:
                raise
            self._contributions(session, released.cleared)
            return self._finish(row, session, question, secret, made, aggregator, released)

    # --- the two phases --------------------------------------------------------------------

    def _run(
        self,
        row: CohortAskRow,
        session: Session,
        question: Question,
        secret: SecretKey,
        aggregator: Aggregator,
    ) -> Progress:
        self._report("asking each provider")
        accepted = self._accepted(row, session, question, secret)
        acceptances = {did: told["acceptance"] for did, told in accepted.items()}
        self._report("opening the aggregation")
        proof = self._proof(secret, session, session.session, session.aggregator)
        self._again(lambda: aggregator.open(row.session_jws, acceptances, proof))
        self._report("phase A: which cells may be released")
        self._each(
            session, lambda did: self._to(did, session, "/roster", {"acceptances": acceptances})
        )
        progress = self._again(aggregator.progress)
        cleared = self._cleared(session, acceptances, progress)
        if not cleared.indexes:
            return progress
        self._report("phase B: encrypted contributions")
        self._contributions(session, progress.cleared)
        return self._again(aggregator.progress)

    def _accepted(
        self, row: CohortAskRow, session: Session, question: Question, secret: SecretKey
    ) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(row.acceptances)
        if kept:
            return kept
        ours: dict[str, str] = json.loads(row.agreements)

        def open_at(did: str) -> dict[str, Any]:
            body = {
                "session": row.session_jws,
                "question": question.to_json(),
                "agreement": ours[did],
                "proof": self._proof(secret, session, ours[did], did),
            }
            found = self._to(did, session, "", body)
            hear(self._node, Acceptance, found.get("acceptance"), by=did)
            return {name: found.get(name) for name in ("acceptance", "usage", "dataVersion")}

        told = self._each(session, open_at)
        check_roster(
            session,
            {d: hear(self._node, Acceptance, told[d]["acceptance"], by=d) for d in session.roster},
        )
        with self._node.db.transaction() as tx:
            found = self._row_in(tx, session.session)
            found.acceptances = json.dumps(told)
            tx.session.add(found)
            for did, answer in told.items():
                self._leaf(
                    tx, found, did, "COHORT", "CohortAcceptance", "in", [answer["acceptance"]]
                )
        row.acceptances = found.acceptances
        return told

    def _cleared(
        self, session: Session, acceptances: Mapping[str, str], progress: Progress
    ) -> Cleared:
        if not progress.cleared:
            raise self._ended(session, progress)
        cleared = hear(self._node, Cleared, progress.cleared, by=session.aggregator)
        heard = {
            did: hear(self._node, Acceptance, acceptances[did], by=did) for did in session.roster
        }
        check_cleared(session, cleared, min_cohort=check_roster(session, heard))
        return cleared

    def _contributions(self, session: Session, cleared: str) -> None:
        """Have every provider contribute, and keep what each of them signed."""
        body = {"cleared": cleared}
        told = self._each(session, lambda did: self._to(did, session, "/contribute", body))
        contributions = {did: str(answer.get("contribution")) for did, answer in told.items()}
        for did, signed in contributions.items():
            hear(self._node, Contribution, signed, by=did)
        with self._node.db.transaction() as tx:
            found = self._row_in(tx, session.session)
            if json.loads(found.contributions):
                return
            found.cleared_jws, found.contributions = cleared, json.dumps(contributions)
            tx.session.add(found)
            for did, signed in contributions.items():
                self._leaf(tx, found, did, "ANSWER", "CohortContribution", "in", [signed])

    def _finish(
        self,
        row: CohortAskRow,
        session: Session,
        question: Question,
        secret: SecretKey,
        made: Plan,
        aggregator: Aggregator,
        progress: Progress,
    ) -> CohortAskRow:
        """Verify the outcome, decrypt, and keep everything together with the answer."""
        node = self._node
        row = self._row(session.session)
        cleared = self._cleared(
            session,
            {did: told["acceptance"] for did, told in json.loads(row.acceptances).items()},
            progress,
        )
        sums: tuple[tuple[int, ...], ...] = tuple(() for _ in question.columns)
        product: bytes | None = None
        if cleared.indexes:
            if progress.state != states.RELEASED:
                raise self._ended(session, progress)
            released = hear(node, Released, progress.outcome, by=session.aggregator)
            product = self._again(aggregator.product)
            signed = json.loads(row.contributions)
            if not signed:
                raise CohortError("the contributions are not at hand", code="cohort.released")
            check_released(
                session,
                released,
                cleared=signing.digest_of(progress.cleared),
                product=digest_bytes(product),
                contributions={
                    did: hear(node, Contribution, signed[did], by=did) for did in session.roster
                },
            )
            batch = frame.from_bytes(
                product,
                key=session.key,
                layouts=session.layouts(len(cleared.indexes)),
                addends=len(session.roster),
            )
            self._report("decrypting")
            sums = decrypt(secret, batch)
        answer = result.answer(made, row, session, question, cleared=cleared.indexes, sums=sums)
        with node.db.transaction() as tx:
            found = self._row_in(tx, session.session)
            if found.state == states.ASKED:
                before, found.state = (
                    found.state,
                    states.step(states.CONSUMER, found.state, "answer"),
                )
                found.cleared_jws, found.outcome_jws = progress.cleared, progress.outcome
                found.product, found.answer = product, json.dumps(answer, ensure_ascii=False)
                found.ended_ms = unix_ms(tx.now)
                tx.session.add(found)
                tx.append(
                    alone(
                        kind="ANSWER",
                        role="consumer",
                        counterparty=session.aggregator,
                        session=session.session,
                        states=(before, found.state),
                        signed=[progress.cleared, progress.outcome],
                        query={
                            "providers": len(session.roster),
                            "released": len(cleared.indexes),
                            "withheld": {result.REASON: session.cells - len(cleared.indexes)},
                        },
                        detail={"answer": answer},
                    )
                )
        self._tell(session, progress.outcome)
        return found

    # --- when it goes wrong ---------------------------------------------------------------

    def _abort(
        self, session: Session, aggregator: Aggregator, error: VoileError
    ) -> Progress | None:
        """End the session everywhere; or say that it was released already: finish it."""
        about = str(error.params.get("member", ""))
        ended: Progress | None = None
        try:
            ended = self._again(lambda: aggregator.end(error.code[:100], about))
        except VoileError as missing:  # it was never opened there, or cannot be reached
            self._node.log.info("cohort-end", session=session.session, code=missing.code)
        if ended is not None and ended.state == states.RELEASED:
            return ended
        outcome = ended.outcome if ended is not None else ""
        reasons = error.reasons if isinstance(error, Refused) else ()
        with self._node.db.transaction() as tx:
            found = self._row_in(tx, session.session)
            if found.state == states.ASKED:
                before, found.state = found.state, states.step(states.CONSUMER, found.state, "end")
                found.outcome_jws, found.ended_ms = outcome, unix_ms(tx.now)
                found.reasons = json.dumps([reason.to_json() for reason in reasons])
                tx.session.add(found)
                if isinstance(error, Refused) and about in json.loads(found.agreements):
                    codes = [reason.code[:80] for reason in reasons][:16]
                    self._leaf(
                        tx,
                        found,
                        about,
                        "REFUSAL",
                        "CohortRefusal",
                        "in",
                        [found.session_jws],
                        policy={"decision": "deny", "reasons": codes},
                        detail={"reasons": [reason.to_json() for reason in reasons]},
                    )
                tx.append(
                    alone(
                        role="consumer",
                        counterparty=session.aggregator,
                        session=session.session,
                        states=(before, found.state),
                        signed=[outcome] if outcome else [],
                        query={"reason": error.code[:100]},
                    )
                )
        self._tell(session, outcome)
        return None

    def _ended(self, session: Session, progress: Progress) -> VoileError:
        """Make the error for a session that its aggregator ended."""
        if progress.state != states.ENDED:
            return Unreachable(
                "the session did not come to its end in time",
                code="cohort.unfinished",
                next_step="ask again with the same question id: it is not charged twice",
            )
        ended = hear(self._node, Ended, progress.outcome, by=session.aggregator)
        check_outcome(session, ended)
        error = CohortError(
            f"the aggregator ended the session: {ended.reason}",
            code=ended.reason,
            member=ended.about,
        )
        return refusal(reason_of(error))

    def _tell(self, session: Session, outcome: str) -> None:
        """Pass the outcome on to the providers; who cannot be reached asks the aggregator later."""

        def tell(did: str) -> None:
            try:
                self._to(did, session, "/end", {"outcome": outcome}, attempts=1)
            except VoileError as error:
                self._node.log.info("cohort-untold", peer=did, code=error.code)

        with ThreadPoolExecutor(len(session.roster)) as pool:
            list(pool.map(tell, session.roster))

    # --- calls ----------------------------------------------------------------------------------

    def _each(self, session: Session, call: Callable[[str], T]) -> dict[str, T]:
        """Call every provider at the same time; the first refusal is raised when all are back."""
        with ThreadPoolExecutor(len(session.roster)) as pool:
            pending = {did: pool.submit(call, did) for did in session.roster}
        failed = {did: f.exception() for did, f in pending.items() if f.exception() is not None}
        for kind in (Refused, VerificationError, VoileError, BaseException):
            for did, error in failed.items():
                if isinstance(error, kind):
                    if isinstance(error, VoileError):
                        error.params.setdefault("member", did)
                    raise error
        return {did: future.result() for did, future in pending.items()}

    def _to(
        self,
        did: str,
        session: Session,
        step: str,
        body: Mapping[str, Any],
        *,
        attempts: int = ATTEMPTS,
    ) -> dict[str, Any]:
        url = f"{self._node.peers.endpoint(did)}/cohorts/{session.session}{step}"
        kind = f"cohort{step.replace('/', '-') or '-question'}"
        return self._again(lambda: post(self._node, did, url, body, kind=kind), attempts=attempts)

    def _again(self, call: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
        """Make a call that may be repeated, again while nobody answers or answers 5xx."""
        for attempt in range(1, attempts + 1):
            try:
                return call()
            except RemoteError as error:
                final = isinstance(error, PeerRefused) and error.peer_status < 500
                if final or attempt == attempts:
                    raise
                time.sleep(PAUSE_SECONDS * 2**attempt)
        raise AssertionError("unreachable")

    def _proof(
        self, secret: SecretKey, session: Session, contract: str, verifier: str
    ) -> list[str]:
        transcript = Transcript(
            contract=contract,
            prover=session.consumer,
            verifier=verifier,
            nonce=unb64url(session.session),
        )
        return prove(secret, transcript).to_json()

    # --- rows and leaves ------------------------------------------------------------------------

    def _row(self, session_id: str) -> CohortAskRow:
        with self._node.db.reading() as db:
            row = db.get(CohortAskRow, session_id)
        assert row is not None, "sessions of ours are driven from their rows"
        return row

    def _row_in(self, tx: Transaction, session_id: str) -> CohortAskRow:
        row = tx.session.get(CohortAskRow, session_id)
        assert row is not None, "sessions of ours are driven from their rows"
        return row

    def _leaf(
        self,
        tx: Transaction,
        row: CohortAskRow,
        did: str,
        kind: str,
        message: str,
        direction: Any,
        signed: list[str],
        **more: Any,
    ) -> None:
        agreement = agreements.agreement(
            tx.session, json.loads(row.agreements)[did], counterparty=did
        )
        if agreement is None:
            raise CohortError("an agreement of the session is gone", code="agreement.unknown")
        tx.append(
            between(
                self._node,
                tx,
                agreement,
                kind=kind,
                message=message,
                session=row.session,
                direction=direction,
                signed=signed,
                **more,
            )
        )


def _session(row: CohortAskRow) -> Session:
    return Session.from_json(json.loads(unb64url(row.session_jws.split(".")[1])))


def _question(row: CohortAskRow) -> Question:
    return Question.from_json(json.loads(row.question_json))


def secret_name(session_id: str) -> str:
    """Name the secret key of a session of ours."""
    return f"paillier/{session_id}"
