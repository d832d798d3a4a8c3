"""How a session ends at a provider: on the aggregator's signed word, or past its deadline.

What was charged is given back only on that word, unless a consumer that knew the cleared cells
brought the end about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.cohort import charges
from connector.areas.cohort.evidence import alone
from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.cohort.sessions import Sessions, session_of
from connector.areas.cohort.speaking import hear
from connector.areas.cohort.telling import with_release
from connector.areas.cohort.wire import Aggregator
from connector.evidence import statements
from connector.identity.work import ours, owed
from connector.process.errors import NotFound, VoileError
from connector.process.ports import unix, unix_ms
from contracts.cohort import states
from contracts.cohort.ending import Ended
from contracts.cohort.statements import Released
from contracts.cohort.verify import check_outcome
from crypto.canonical import digest_bytes
from crypto.jws import read_header

if TYPE_CHECKING:
    from connector.areas.cohort.wire import Progress
    from connector.identity.auth import Caller
    from connector.identity.work import Work
    from contracts.cohort.session import Session

ASK_EVERY_MS: Final = 30_000


class Settling:
    """How a provider's sessions end."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._node = sessions.node

    def finish(self, caller: Caller, session_id: str, outcome: Any) -> dict[str, Any]:
        """Take the outcome that the consumer passes on, or its wish to stop before phase A.

        Once our indicators left, its wish alone ends nothing: we ask the aggregator, in `sweep`.

        Returns:
            The state; and what follows from our rows, once the charge is final.
        """
        with owed(self._node, caller) as work:
            row = self._sessions.row(caller.did, session_id)
            if outcome:
                row = self._settle(row, session_of(row), outcome, work)
                return {"state": row.state, **with_release(row)}
            if row.state != states.ACCEPTED:
                return {"state": row.state}
            return {"state": self._sessions.end(caller.did, session_id, "cohort.given-up")}

    def heed(
        self, row: ProviderSessionRow, session: Session, progress: Progress
    ) -> ProviderSessionRow:
        """Take the outcome that the aggregator's answer carries, if it carries one."""
        return self._settle(row, session, progress.outcome, ours()) if progress.outcome else row

    def _settle(
        self, row: ProviderSessionRow, session: Session, signed: Any, work: Work
    ) -> ProviderSessionRow:
        """Make the charge final, or give it back, by the aggregator's signed word."""
        kind: type[Released | Ended]
        kind = Ended if _typ(signed) == Ended.TYP else Released
        outcome = hear(self._node, kind, signed, by=session.aggregator, work=work)
        check_outcome(session, outcome)
        if isinstance(outcome, Ended):
            paid = outcome.charges(row.consumer)
            self._sessions.end(row.consumer, row.session, outcome.reason, outcome=signed, paid=paid)
            return self._sessions.row(row.consumer, row.session)
        with self._node.db.transaction() as tx:
            row = self._sessions.row_in(tx, row.consumer, row.session)
            if row.state != states.CONTRIBUTED:
                return row
            ours = outcome.batches.get(self._sessions.did) == digest_bytes(row.batch or b"")
            before, row.state = row.state, states.step(states.PROVIDER, row.state, "settle")
            row.outcome_jws, row.batch = signed, None
            tx.session.add(row)
            charges.settle(tx, row)
            statements.append(
                tx,
                alone(
                    self._node,
                    tx,
                    role="provider",
                    counterparty=row.consumer,
                    session=row.session,
                    agreement=row.agreement,
                    states=(before, row.state),
                    signed=[signed, row.cleared_jws],
                    query={"ourBatch": ours},
                ),
            )
            return row

    def sweep(self) -> int:
        """Past the deadline end what was only accepted; ask how the other sessions ended."""
        now = self._node.clock.now()
        with self._node.db.reading() as db:
            rows = db.exec(
                select(ProviderSessionRow).where(
                    col(ProviderSessionRow.state).in_(
                        (states.ACCEPTED, states.INDICATED, states.CONTRIBUTED)
                    ),
                    ProviderSessionRow.deadline < unix(now),
                    ProviderSessionRow.asked_ms <= unix_ms(now) - ASK_EVERY_MS,
                )
            ).all()
        for row in rows:
            try:  # each by itself: one that cannot be ended keeps no other from its end
                self._bring_to_end(row)
            except VoileError as error:
                self._node.log.info("cohort-unsettled", session=row.session, code=error.code)
        return len(rows)

    def _bring_to_end(self, row: ProviderSessionRow) -> None:
        if row.state == states.ACCEPTED:
            self._sessions.end(row.consumer, row.session, "cohort.deadline")
            return
        self._mark_asked(row)
        session = session_of(row)
        try:
            progress = Aggregator(self._node, session.aggregator, row.session).progress()
        except NotFound:  # never opened there: nobody was told anything
            self._sessions.end(row.consumer, row.session, "cohort.deadline")
        else:
            self.heed(row, session, progress)

    def _mark_asked(self, row: ProviderSessionRow) -> None:
        with self._node.db.transaction() as tx:
            found = self._sessions.row_in(tx, row.consumer, row.session)
            found.asked_ms = unix_ms(tx.now)
            tx.session.add(found)


def _typ(signed: Any) -> str:
    if not isinstance(signed, str):
        return ""
    return str(read_header(signed.split(".")[0]).get("typ", ""))
