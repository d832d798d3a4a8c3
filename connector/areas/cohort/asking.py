"""The consumer of a session: drives it through both phases, verifies, decrypts.

The question, its session and the secret key were committed before anything left. Each step is a
call that may be repeated, and what came back is kept before the next one; so a session goes on
after a crash, from its row.

What goes wrong before the release ends the session: the aggregator signs that it ended, and its
word goes to every provider, which gives back what it had charged.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import consumer_rows as keeping
from connector.areas.cohort import promised, result, tagging, taking
from connector.areas.cohort.calls import ATTEMPTS, PAUSE_SECONDS, Calls, Told, again, named_if_older
from connector.areas.cohort.falsehood import FalseTotalError
from connector.areas.cohort.live import LiveSessions
from connector.areas.cohort.planning import plan
from connector.areas.cohort.speaking import hear
from connector.areas.cohort.test_pause import wait_at
from connector.areas.cohort.wire import Aggregator
from connector.evidence import statements
from connector.identity.fitness import check_fit_now
from connector.identity.work import ours
from connector.process.errors import Refused, VoileError
from connector.process.ports import unix
from contracts.cohort import states
from contracts.cohort.errors import CohortError
from contracts.cohort.statements import Acceptance, Cleared, Contribution
from contracts.cohort.verify import check_cleared, check_roster, check_tagged
from crypto import strict_json
from crypto.b64 import b64url, unb64url
from crypto.paillier.jwk import secret_from_jwk
from crypto.paillier.proof import Transcript, prove

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.cohort.wire import Progress
    from connector.party.node import Node
    from crypto.paillier.keys import SecretKey

PATIENCE_SECONDS: Final = 3600  # past the deadline; asked again, the same total costs nothing


def secret_name(session_id: str) -> str:
    """Name the secret key of a session of ours."""
    return f"paillier/{session_id}"


class Driving:
    """Drives one session of ours to its end."""

    def __init__(
        self, node: Node, session_id: str, report: Callable[[str], None] = lambda _step: None
    ) -> None:
        self._node = node
        self._report = report
        row = keeping.row_of(node, session_id)
        self._session_jws = row.session_jws
        self._agreements = keeping.asked_of(node, session_id).by_provider
        self._described = json.loads(row.described)
        self._session = keeping.session_of(row)
        self._question = keeping.question_of(row)
        self._calls = Calls(node, self._session)
        self._aggregator = Aggregator(node, self._session.aggregator, session_id)

    def drive(self) -> None:
        """Take the session from wherever it is to its answer.

        Raises:
            Refused: by a provider or the rules of the cohort; nothing is charged.
            VerificationError: somebody's word does not hold; see the evidence.
            RemoteError: somebody cannot be reached; asking again with the same id is safe.
        """
        with self._node.services[LiveSessions].driving(self._session.session):
            self._drive()

    def _drive(self) -> None:
        if keeping.is_over(self._node, self._session.session):
            return
        stored = self._node.secrets.get(secret_name(self._session.session))
        secret = secret_from_jwk(strict_json.loads(stored))
        try:
            check_tagged(self._session)
            check_fit_now(self._node, self._session.aggregator, *self._session.roster)
            self._finish(secret, self._run(secret))
        except FalseTotalError:
            raise  # it is over, and written down
        except VoileError as error:
            released = self._abort(error)
            if released is None:
                raise
        else:
            return
        self._late(secret, released)

    def _late(self, secret: SecretKey, released: Progress) -> None:
        """Take a total that was released all the same; not for ever, if somebody stays away."""
        try:
            self._contribute(released.cleared)
            self._finish(secret, released)
        except FalseTotalError:
            raise
        except VoileError as error:
            if unix(self._node.clock.now()) >= self._session.deadline + PATIENCE_SECONDS:
                keeping.keep_end(self._node, self._session, error, released.outcome)
                self._tell(released.outcome)
            raise

    # --- the two phases --------------------------------------------------------------------

    def _run(self, secret: SecretKey) -> Progress:
        session = self._session
        self._report("asking each provider")
        acceptances = self._accept(secret)
        self._report("opening the aggregation")
        proof = self._proof(secret, session.session, session.aggregator)
        named_if_older(
            session.aggregator,
            lambda: again(lambda: self._aggregator.open(self._session_jws, acceptances, proof)),
        )
        self._report("phase A: which cells may be released")
        body = {"acceptances": acceptances}
        self._kept(self._calls.each(lambda did: self._to(did, "/roster", body)))
        progress = again(self._aggregator.progress)
        if self._cleared(progress).indexes:
            wait_at(self._node.settings.testing.cohort_gate)
            self._report("phase B: encrypted contributions")
            progress = self._contributed(progress)
        return progress

    def _contributed(self, progress: Progress) -> Progress:
        """Have everybody contribute until the aggregator has it all, or says that it is over."""
        for attempt in range(1, ATTEMPTS + 1):
            self._contribute(progress.cleared)
            progress = again(self._aggregator.progress)
            if progress.state != states.CLEARED:
                break
            time.sleep(PAUSE_SECONDS * attempt)
        return progress

    def _accept(self, secret: SecretKey) -> dict[str, str]:
        """Open the session at every provider; an acceptance that is kept is not asked for again."""
        node, session = self._node, self._session
        known = json.loads(keeping.row_of(node, session.session).acceptances)

        def open_at(did: str) -> dict[str, Any]:
            if did in known:
                kept: dict[str, Any] = known[did]
                return kept
            body = {
                "session": self._session_jws,
                "question": self._question.to_json(),
                "agreement": self._agreements[did],
                "proof": self._proof(secret, self._agreements[did], did),
                "seed": b64url(tagging.seed_of(node, session).value),
            }
            found = named_if_older(did, lambda: self._to(did, "", body))
            hear(node, Acceptance, found.get("acceptance"), by=did, work=ours())
            return {name: found.get(name) for name in ("acceptance", "usage", "dataVersion")}

        told = self._calls.each(open_at)
        keeping.keep_acceptances(node, session.session, told.answers)
        accepted = self._kept(told)
        return {did: answer["acceptance"] for did, answer in accepted.items()}

    def _cleared(self, progress: Progress) -> Cleared:
        """Verify the list of cleared cells.

        Raises:
            Refused: the session ended before there was one.
        """
        if not progress.cleared:
            raise taking.no_outcome(self._node, self._session, progress)
        node, session = self._node, self._session
        cleared = hear(node, Cleared, progress.cleared, by=session.aggregator, work=ours())
        told = json.loads(keeping.row_of(node, session.session).acceptances)
        heard = {
            d: hear(node, Acceptance, told[d]["acceptance"], by=d, work=ours())
            for d in session.roster
        }
        check_cleared(session, cleared, min_cohort=check_roster(session, heard))
        return cleared

    def _contribute(self, cleared: str) -> None:
        """Have every provider contribute, and keep what each of them signed."""
        node, body = self._node, {"cleared": cleared}

        def contribute_at(did: str) -> keeping.Contributed:
            found = self._to(did, "/contribute", body)
            signed = str(found.get("contribution"))
            heard = hear(node, Contribution, signed, by=did, work=ours())
            try:
                secret = tagging.read_secret(found.get("secret"), heard)
            except CohortError as error:  # what it signed is kept all the same
                return keeping.Contributed(signed, wrong=error)
            return keeping.Contributed(signed, secret)

        told = self._calls.each(contribute_at)
        keeping.keep_contributions(node, self._session, cleared, told.answers)
        for answer in self._kept(told).values():
            if answer.wrong is not None:
                raise answer.wrong

    def _finish(self, secret: SecretKey, progress: Progress) -> None:
        """Verify the outcome, decrypt, and keep everything together with the answer."""
        session, question = self._session, self._question
        cleared = self._cleared(progress)
        row = keeping.row_of(self._node, session.session)
        product: bytes | None = None
        sums: tuple[tuple[int, ...], ...] = tuple(() for _ in question.columns)
        if cleared.indexes:
            contributions = json.loads(row.contributions)
            product = taking.fetch(self._node, session, self._aggregator, progress, contributions)
            self._report("decrypting and checking")
            try:
                sums = taking.sums(self._node, session, secret, product, len(cleared.indexes))
            except FalseTotalError as error:
                keeping.keep_false(self._node, session, progress, product, error)
                self._tell(progress.outcome)
                raise
        made = plan(self._described, question.sql)
        told = self._tell(progress.outcome)
        answer = result.answer(
            made, row, session, question, self._agreements, cleared=cleared, sums=sums, told=told
        )
        keeping.keep_answer(self._node, session, cleared, progress, product, answer)

    # --- when it goes wrong ---------------------------------------------------------------

    def _kept(self, told: Told[Any]) -> dict[str, Any]:
        """Give all answers; before the first error is raised, keep every refusal."""
        if told.refusals:
            keeping.keep_refusals(self._node, self._session.session, told.refusals)
        found: dict[str, Any] = told.all()
        return found

    def _abort(self, error: VoileError) -> Progress | None:
        """End the session everywhere; or say that it was released already: finish it."""
        about = str(error.params.get("member", ""))
        ended: Progress | None = None
        try:
            ended = again(lambda: self._aggregator.end(error.code[:100], about))
        except VoileError as missing:  # it was never opened there, or cannot be reached
            self._node.log.info("cohort-end", session=self._session.session, code=missing.code)
        released = ended is not None and ended.state == states.RELEASED
        if released and self._session.seed and self._everybody_fit():
            return ended  # a total that may not be taken now is asked for again: it costs nothing
        outcome = ended.outcome if ended is not None else ""
        keeping.keep_end(self._node, self._session, error, outcome)
        self._tell(outcome)
        return None

    def _everybody_fit(self) -> bool:
        """Look at everybody's standing ourselves: a supplier's word for it proves nothing."""
        try:
            check_fit_now(self._node, self._session.aggregator, *self._session.roster)
        except Refused:
            return False
        return True

    def _tell(self, outcome: str) -> dict[str, dict[str, Any]]:
        """Pass the outcome on; a provider that cannot be reached asks the aggregator later.

        Returns:
            What the others say to it.
        """
        body = {"outcome": outcome}
        told = self._calls.each(
            lambda did: self._calls.to(
                did, "/end", body, attempts=1, marks=lambda _: statements.marks(outcome)
            )
        )
        for did, error in told.errors.items():
            self._node.log.info("cohort-untold", peer=did, code=error.code)
        return told.answers

    def _to(self, did: str, step: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post a step to a provider; keep what it promises of our messages and its answers."""
        ours = self._session.session, self._session_jws, self._agreements[did]
        kept = partial(promised.marks, self._node, did, *ours)
        return self._calls.to(did, step, body, marks=kept)

    def _proof(self, secret: SecretKey, contract: str, verifier: str) -> list[str]:
        transcript = Transcript(
            contract=contract,
            prover=self._session.consumer,
            verifier=verifier,
            nonce=unb64url(self._session.session),
        )
        return prove(secret, transcript).to_json()
