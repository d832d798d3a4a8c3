"""Phase B at a provider; how a session ends there is in `settling`.

In one transaction: everybody's standing, the contract, the roster of each cell, the charge, the
commitment and its leaf. The encryption before it can be thrown away; the sending after it can be
repeated, the bytes are stored.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import charges, problems, tagging
from connector.areas.cohort.evidence import between
from connector.areas.cohort.packing import pack
from connector.areas.cohort.refusing import Refusing, excused
from connector.areas.cohort.sessions import Sessions, marks_of, session_of
from connector.areas.cohort.settling import Settling
from connector.areas.cohort.speaking import hear, members, say
from connector.areas.cohort.wire import Aggregator
from connector.areas.questions import in_turn, plan_of
from connector.evidence import promises
from connector.identity.work import STEPS_PER_SECOND, STEPS_SAVED, owed
from connector.process.errors import Conflict, Refused, RemoteError, VoileError
from connector.process.rate import Buckets
from contracts.cohort import signing, states
from contracts.cohort.errors import broken
from contracts.cohort.members import check_members
from contracts.cohort.session import Question
from contracts.cohort.statements import Cleared
from contracts.cohort.verify import check_cleared, check_tagged
from crypto.b64 import b64url

if TYPE_CHECKING:
    from connector.areas.cohort.rows import ProviderSessionRow
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from contracts.cohort.session import Session


class Contributing:
    """A provider's part in sessions, from phase B on."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._node = sessions.node
        self._settling = Settling(sessions)
        # what a consumer has us post again is our work at the aggregator
        self._again = Buckets(rate=STEPS_PER_SECOND, burst=STEPS_SAVED)

    def contribute(self, caller: Caller, session_id: str, signed: Any) -> dict[str, Any]:
        """Encrypt our figures of the cleared cells and post them to the aggregator.

        (1) the list of cleared cells is the aggregator's, made from our indicators;
        (2) everybody is certified now; the contract still grants it, on the same cohort table.

        Returns:
            The signed contribution.

        Raises:
            Refused: one of them fails; the session has ended here, and is charged only if the
                consumer can have brought that about.
        """
        with owed(self._node, caller) as work:
            return self._contributed(caller, session_id, signed, work)

    def _contributed(
        self, caller: Caller, session_id: str, signed: Any, work: Work
    ) -> dict[str, Any]:
        node, sessions = self._node, self._sessions
        row = sessions.row(caller.did, session_id)
        session = session_of(row)
        check_tagged(session)  # one that an older connector opened ends at its deadline
        if not row.contribution_jws:
            # (1)
            if row.state != states.INDICATED:
                raise Conflict(
                    replace(problems.NO_CONTRIBUTION, code="cohort.state"), state=row.state
                )
            cleared = hear(node, Cleared, signed, by=session.aggregator, work=work)
            own = (sessions.did, signing.digest_of(row.indicators_jws), marks_of(row))
            check_cleared(session, cleared, min_cohort=row.min_cohort, own=own)
            if not cleared.indexes:
                raise broken("cohort.nothing-cleared", problems.NOTHING_CLEARED)
            try:
                with Refusing(sessions, caller, row.agreement, row.session_jws, session):
                    row = in_turn(lambda: self._contribute(caller, session, cleared, signed, work))
            except Refused as error:
                if excused(error, consumer=str(caller.did)):
                    self._end_everywhere(session, error)
                raise
        else:  # its answer was lost on its way
            with node.db.transaction() as tx:
                promises.again(node, tx, caller.did, session_id, session_id)
        waits = row.state == states.CONTRIBUTED and row.batch is not None
        if waits and row.batch is not None and self._again.take(row.session):
            work.pages(len(row.batch))
            row = self._deliver(row, session, row.batch)
        return {
            "contribution": row.contribution_jws,
            "state": row.state,
            "outcome": row.outcome_jws,
            "secret": b64url(tagging.secret_of(node, session, sessions.did)),
        }

    def _end_everywhere(self, session: Session, error: Refused) -> None:
        """Have the aggregator sign the end as our doing, so that nobody has to pay for it."""
        try:
            aggregator = Aggregator(self._node, session.aggregator, session.session)
            aggregator.end(error.code[:100], str(error.params.get("member", "")))
        except VoileError as missing:
            self._node.log.info("cohort-end", session=session.session, code=missing.code)

    def _deliver(
        self, row: ProviderSessionRow, session: Session, batch: bytes
    ) -> ProviderSessionRow:
        """Post our batch; when the aggregator cannot be reached, the consumer has us try again."""
        aggregator = Aggregator(self._node, session.aggregator, row.session)
        try:
            progress = aggregator.contribute(batch, row.contribution_jws)
        except RemoteError as error:
            self._node.log.warning("cohort-undelivered", session=row.session, code=error.code)
            return row
        return self._settling.heed(row, session, progress)

    def _contribute(
        self, caller: Caller, session: Session, cleared: Cleared, signed: str, work: Work
    ) -> ProviderSessionRow:
        node, sessions = self._node, self._sessions
        # the slow part first, on what we see now; the transaction decides whether it may be used
        row = sessions.row(caller.did, session.session)
        with node.db.reading() as db:
            planned = sessions.still_granted(db, node.clock.now(), row, session, work=work)
        values = planned.own.of(cleared.indexes)
        key = sessions.verified_key(session, row.agreement, row.proof, work)
        layouts = session.layouts(len(cleared.indexes))
        made = work.ciphertexts(sum(layout.ciphertexts for layout in layouts))
        packed = pack(node, session, len(cleared.indexes), key, values)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = sessions.row_in(tx, caller.did, session.session)
            if row.contribution_jws:
                return row  # a repeat of this very call was quicker
            # (2)
            check_members(session, members(node, tx.session, session), min_cohort=row.min_cohort)
            part = sessions.still_granted(
                tx.session, tx.now, row, session, work=work, before=planned
            )
            granted = part.granted
            is_new = not charges.is_charged(tx, row)
            charges.charge(tx, row)
            statement = packed.statement(session, sessions.did, signed)
            tagging.keep_secrets(node, tx, session, {sessions.did: packed.secret})
            if is_new:  # else the agreement does not bound it, so its work is paid in full
                tx.after_commit(lambda: work.contributed(part.walk, made))
            before, row.state = row.state, states.step(states.PROVIDER, row.state, "contribute")
            row.cleared_jws, row.batch = signed, packed.batch
            row.contribution_jws = say(node, statement, tx.now)
            tx.session.add(row)
            promises.append(
                node,
                tx,
                between(
                    node,
                    tx,
                    granted.agreement,
                    kind="ANSWER",
                    message="CohortContribution",
                    session=row.session,
                    direction="out",
                    signed=[row.contribution_jws],
                    states=(before, row.state),
                    policy={
                        "digest": granted.policy_digest,
                        "decision": "allow",
                        "rules": list(granted.rules)[:16],
                    },
                    query={
                        "plan": plan_of(node, tx, granted.agreement, granted.meaning),
                        "product": row.dataset,
                        "dataVersion": row.version,
                        "released": len(cleared.indexes),
                        "withheld": {"cohort": session.cells - len(cleared.indexes)},
                    },
                    detail=packed.detail(
                        cleared, Question.from_json(json.loads(row.question)), statement.commitment
                    ),
                ),
            )
            return row
