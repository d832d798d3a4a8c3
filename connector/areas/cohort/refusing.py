"""Around a step of a provider's session: a broken rule becomes a refusal as data, written down."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from connector.areas.cohort.evidence import between
from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.cohort.speaking import reason_of
from connector.areas.dsp import find_agreement
from connector.areas.questions import refusal
from connector.evidence import promises
from connector.process.errors import NotFound, Refused
from contracts.cohort.errors import CohortError

if TYPE_CHECKING:
    from connector.areas.cohort.sessions import Sessions
    from connector.identity.auth import Caller
    from contracts.cohort.session import Session

EXCUSES: Final = frozenset(
    {
        "cohort.member.standing",
        "cohort.member.group",
        "cohort.member.related",
        "cohort.too-small",
        "cohort.version.changed",
        "participant.not-certified",
        "product.unknown",
    }
)


def excused(error: Refused, *, consumer: str) -> bool:
    """Say whether a refusal after phase A is for causes that the consumer cannot bring about.

    It can bring about its own: let its certification lapse, or come into a supplier's group.
    """
    return bool(error.reasons) and all(
        reason.code in EXCUSES and consumer not in {reason.given, *reason.params.values()}
        for reason in error.reasons
    )


class Refusing:
    """Around a step: a broken rule becomes a refusal as data, written down; the session ends here.

    A batch that was contributed stays charged: only the aggregator's word gives it back.
    """

    def __init__(
        self, sessions: Sessions, caller: Caller, agreement: str, signed: str, session: Session
    ) -> None:
        self._sessions = sessions
        self._caller = caller
        self._agreement = agreement
        self._signed = signed
        self._session = session

    def __enter__(self) -> None:
        """Nothing to do before."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, CohortError | Refused):
            return
        refused = refusal(reason_of(error)) if isinstance(error, CohortError) else error
        _write_refusal(
            self._sessions, self._caller, self._agreement, self._signed, self._session, refused
        )
        with suppress(NotFound):  # it may not have been accepted: then there is nothing to end
            paid = not excused(refused, consumer=str(self._caller.did))
            self._sessions.end(self._caller.did, self._session.session, refused.code, paid=paid)
        if refused is not error:
            raise refused from error


def _write_refusal(
    sessions: Sessions,
    caller: Caller,
    agreement: str,
    signed: str,
    session: Session,
    error: Refused,
) -> None:
    """Write a refusal as a leaf of its own, after the transaction that it undid."""
    node, peer = sessions.node, str(caller.did)
    if not sessions.refusals.take(peer):
        node.refusals.count(peer, f"cohort: {error.code}")
        return
    with node.db.transaction() as tx:
        caller.consume(tx)
        found = find_agreement(tx.session, agreement, counterparty=peer)
        if found is None or found.role != "provider":
            node.refusals.count(peer, f"cohort: {error.code}")
            return
        told = [reason.to_json() for reason in error.reasons]
        known = tx.session.get(ProviderSessionRow, (peer, session.session)) is not None
        messages = [("REFUSAL", "CohortRefusal", "out")]
        if not known:
            messages.insert(0, ("QUESTION", "CohortQuestion", "in"))
        for kind, message, direction in messages:
            denied = kind == "REFUSAL"
            promises.append(
                node,
                tx,
                between(
                    node,
                    tx,
                    found,
                    kind=kind,
                    message=message,
                    session=session.session,
                    direction="out" if direction == "out" else "in",
                    signed=[signed],
                    policy={
                        "decision": "deny",
                        "reasons": [reason.code[:80] for reason in error.reasons][:16],
                    }
                    if denied
                    else None,
                    detail={"reasons": told} if denied else None,
                ),
            )
