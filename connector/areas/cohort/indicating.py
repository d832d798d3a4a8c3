"""Phase A at a provider: it checks the whole roster, then tells the aggregator its cells.

First comes what needs the network or takes long (reading signatures, making our figures), then one
transaction decides and writes, then the aggregator is called. Said again, it is told the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import problems
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.refusing import Refusing
from connector.areas.cohort.sessions import session_of
from connector.areas.cohort.speaking import hear, members, say
from connector.areas.cohort.wire import Aggregator
from connector.areas.questions import in_turn, plan_of
from connector.identity.work import owed
from connector.process.errors import Conflict
from contracts.cohort import states
from contracts.cohort.errors import broken
from contracts.cohort.members import check_members
from contracts.cohort.statements import Acceptance, Indicators
from contracts.cohort.verify import check_roster
from crypto.canonical import digest

if TYPE_CHECKING:
    from sqlmodel import Session as DbSession

    from connector.areas.cohort.part import Part
    from connector.areas.cohort.rows import ProviderSessionRow
    from connector.areas.cohort.sessions import Sessions
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from connector.store.transaction import Transaction
    from contracts.cohort.session import Session


class Indicating:
    """A provider's part in sessions in phase A."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._node = sessions.node

    def indicate(self, caller: Caller, session_id: str, acceptances: Any) -> dict[str, Any]:
        """Check the whole roster, then tell the aggregator which cells we contribute to.

        (1) everybody's signed acceptance of exactly this session, ours as we gave it;
        (2) everybody certified now, strangers to each other, enough for the strictest contract;
        (3) the contract still grants it, on the same cohort table.

        Raises:
            Refused: one of them fails; the session has ended here.
            Unreachable: the aggregator; say it again.
        """
        with owed(self._node, caller) as work:
            return self._checked(caller, session_id, acceptances, work)

    def _checked(
        self, caller: Caller, session_id: str, acceptances: Any, work: Work
    ) -> dict[str, Any]:
        node, sessions = self._node, self._sessions
        row = sessions.row(caller.did, session_id)
        session = session_of(row)
        # (1)
        if not isinstance(acceptances, dict) or set(acceptances) != set(session.roster):
            raise broken("cohort.roster", problems.ACCEPTANCES_OTHER)
        if acceptances[sessions.did] != row.acceptance_jws:
            raise broken("cohort.roster", problems.ACCEPTANCE_CHANGED)
        heard = {
            did: hear(node, Acceptance, acceptances[did], by=did, work=work)
            for did in session.roster
        }
        min_cohort = check_roster(session, heard)
        told = (min_cohort, digest(acceptances))
        with Refusing(sessions, caller, row.agreement, row.session_jws, session):
            row = in_turn(lambda: self._indicated(caller, session, told, work))
        progress = Aggregator(node, session.aggregator, session_id).indicate(row.indicators_jws)
        return {"state": row.state, "aggregation": progress.to_json()}

    def _indicated(
        self, caller: Caller, session: Session, told: tuple[int, str], work: Work
    ) -> ProviderSessionRow:
        node, sessions = self._node, self._sessions
        row, before = sessions.row(caller.did, session.session), None
        if row.state == states.ACCEPTED:
            with node.db.reading() as db:
                self._check_members(db, session, told[0])
                before = sessions.still_granted(db, node.clock.now(), row, session, work=work)
        with node.db.transaction() as tx:
            caller.consume(tx)
            row = sessions.row_in(tx, caller.did, session.session)
            if row.state == states.ACCEPTED and before is not None:  # no state leads back to it
                self._check_members(tx.session, session, told[0])  # (2)
                part = sessions.still_granted(  # (3)
                    tx.session, tx.now, row, session, work=work, before=before
                )
                self._indicate(tx, row, session, told, part)
            elif not row.indicators_jws:
                raise Conflict(replace(problems.NOT_IN_STATE, code="cohort.state"), state=row.state)
        return row

    def _check_members(self, db: DbSession, session: Session, min_cohort: int) -> None:
        check_members(session, members(self._node, db, session), min_cohort=min_cohort)

    def _indicate(
        self,
        tx: Transaction,
        row: ProviderSessionRow,
        session: Session,
        told: tuple[int, str],
        part: Part,
    ) -> None:
        node, (min_cohort, acceptances) = self._node, told
        granted, own = part.granted, part.own
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
                query={
                    "plan": plan_of(node, tx, granted.agreement, granted.meaning),
                    "acceptances": acceptances,
                },
                detail={"columns": list(own.marks)},
            )
        )
