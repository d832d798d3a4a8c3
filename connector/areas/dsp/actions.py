"""What the owner does: ask for a contract, end it, open and steer transfers.

Network first, then one transaction: the row, the leaf and the message in the outbox. The rest
happens as the peer answers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.areas.dsp import (
    evidence,
    giving_up,
    outbound,
    problems,
    processes,
    store,
)
from connector.areas.dsp import owner_decisions as ending
from connector.areas.dsp import peer_catalog as remote
from connector.areas.dsp.choosing import check_understood, choose
from connector.areas.dsp.context import QUESTION_FORMAT, TABLES
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.naming import named
from connector.areas.dsp.offered import check_accepted
from connector.areas.dsp.outbound import Why
from connector.areas.dsp.processes import ProcessRecord
from connector.areas.dsp.views import state_of
from connector.identity.fitness import check_fit, check_fit_now
from connector.process.errors import BadRequest, Conflict, NotFound
from connector.process.ports import unix_ms
from contracts import negotiation, transfer
from contracts.agreements import message_offer
from contracts.errors import LocalProtocolError, UnacceptableTermsError
from contracts.machine import TERMINATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.planes import Address, DataPlane
    from connector.areas.dsp.store import Kind
    from connector.store.transaction import Transaction

Verb = Literal["suspend", "resume", "complete", "terminate"]
STEERING: Final[Mapping[Verb, str]] = {
    "suspend": transfer.SUSPENSION,
    "resume": transfer.START,
    "complete": transfer.COMPLETION,
    "terminate": TERMINATION,
}
# what an owner decides that lets something come about; stopping and ending is always possible
_LEADS_ON: Final = frozenset({negotiation.ACCEPTED_EVENT, transfer.START})


def negotiate(
    dsp: Dsp,
    provider: str,
    dataset_id: str,
    offer_id: str | None = None,
    policy: Mapping[str, Any] | None = None,
) -> str:
    """Ask a provider for one of its offers.

    Args:
        dsp: The protocol.
        provider: DID of the provider.
        dataset_id: The dataset.
        offer_id: Which offer; needed only where there are several.
        policy: The offer as the provider's catalogue had it, from who has read that just now: the
            provider is not asked for it again, and refuses it if it has changed since.

    Returns:
        Our pid of the negotiation.

    Raises:
        NotFound: The provider shows us no such dataset or offer.
        Refused: The offer says something that we do not understand, or one of the two sides is not
            certified; nothing was sent.
    """
    check_fit_now(dsp.node, provider)
    if policy is None:
        policy = choose(remote.dataset(dsp.node, provider, dataset_id), offer_id)
    offer = message_offer(policy, dataset_id=dataset_id)
    check_understood(offer)
    base = remote.base_of(dsp.node, provider)
    with dsp.node.db.transaction() as tx:
        check_fit(dsp.node, tx.session, provider)
        row = ProcessRecord(
            pid=fresh_urn(dsp.node.entropy),
            kind="negotiation",
            role="consumer",
            counterparty=provider,
            callback=base,
            dataset=dataset_id,
            offer=json.dumps(offer, ensure_ascii=False),
            created_ms=unix_ms(tx.now),
            changed_ms=unix_ms(tx.now),
        )
        processes.add(tx.session, row)
        evidence.draw_process_key(dsp, tx, row.pid)
        outbound.propose(dsp, tx, row, negotiation.REQUEST)
        return row.pid


def accept(dsp: Dsp, pid: str, terms: str = "") -> None:
    """Accept the offer that a provider made in a negotiation of ours.

    Args:
        dsp: The protocol.
        pid: Our pid of the negotiation.
        terms: Digest of the offer that is meant, as `offered` gives it; needed where it differs
            from what was asked for.

    Raises:
        Refused: Its terms cannot be read, or no agreement to them would be verified.
        Conflict: It differs from what was asked for, and was not named; or none is on the table.
    """
    us = dsp.node.settings.did
    with dsp.node.db.transaction() as tx:
        row = store.own(tx.session, "negotiation", pid)
        check_accepted(row, terms, us=us, now=tx.now)
        _say(dsp, tx, row, negotiation.ACCEPTED_EVENT, Why())


def open_transfer(
    dsp: Dsp,
    agreement_id: str,
    format_: str = QUESTION_FORMAT,
    destination: Address | None = None,
) -> str:
    """Ask the provider of an agreement for a transfer; the one that is open already is enough.

    Args:
        dsp: The protocol.
        agreement_id: The agreement's name, see `connector.areas.dsp.naming`.
        format_: What kind of transfer.
        destination: Data address that a push goes to; each opens a transfer of its own.

    Returns:
        Our pid of the transfer.

    Raises:
        NotFound: We have no such agreement.
        Conflict: It is not in force, we are not its consumer, or several have this id.
        BadRequest: The format is unknown, or the agreement does not let it through.
        Refused: One of the two sides is not certified; nothing was sent.
    """
    plane = dsp.plane(format_)
    if plane is None:
        raise BadRequest(problems.FORMAT_UNKNOWN, field="format", format=format_[:80])
    with dsp.node.db.reading() as session:
        agreement = named(session, agreement_id, role="consumer")
    if agreement is None:
        raise NotFound(problems.AGREEMENT_MISSING, agreement=agreement_id[:200])
    if agreement.ended_at is not None:
        raise Conflict(
            problems.AGREEMENT_ENDED, agreement=agreement_id[:200], by=agreement.ended_by
        )
    state = state_of(agreement, dsp.node.clock.now())
    if agreement.role != "consumer" or not agreement.in_force:
        raise Conflict(
            problems.AGREEMENT_UNUSABLE,
            agreement=agreement_id[:200],
            role=agreement.role,
            state=state,
        )
    _ = agreement.policy  # under terms that we cannot read we ask for nothing
    with dsp.node.db.reading() as session:
        _let_through(plane, dsp, session, agreement, destination)
    check_fit_now(dsp.node, agreement.counterparty)
    base = remote.base_of(dsp.node, agreement.counterparty)
    with dsp.node.db.transaction() as tx:
        check_fit(dsp.node, tx.session, agreement.counterparty)
        for open_row in store.open_transfers(tx.session, agreement):
            ending = open_row.flying_event in store.STOPS or open_row.wanted
            if open_row.format == format_ and destination is None and not ending:
                return open_row.pid
        row = ProcessRecord(
            pid=fresh_urn(dsp.node.entropy),
            kind="transfer",
            role="consumer",
            counterparty=agreement.counterparty,
            callback=base,
            dataset=agreement.dataset_id,
            agreement=agreement.id,
            format=format_,
            created_ms=unix_ms(tx.now),
            changed_ms=unix_ms(tx.now),
        )
        processes.add(tx.session, row)
        plane.opened(dsp, tx, row, destination)
        outbound.propose(dsp, tx, row, transfer.REQUEST)
        return row.pid


def steer(dsp: Dsp, pid: str, verb: Verb, *, code: str = "", reason: Sequence[Any] = ()) -> None:
    """Suspend, resume, complete or terminate a transfer, from either side.

    What the provider's owner suspends or terminates is the use of the agreement, see `ending`.
    """
    _send(dsp, "transfer", pid, STEERING[verb], Why(code=code, reason=tuple(reason)))


def terminate(dsp: Dsp, pid: str, *, code: str = "", reason: Sequence[Any] = ()) -> None:
    """End a negotiation, from either side."""
    _send(dsp, "negotiation", pid, TERMINATION, Why(code=code, reason=tuple(reason)))


def _send(dsp: Dsp, kind: Kind, pid: str, event: str, why: Why) -> None:
    with dsp.node.db.transaction() as tx:
        row = store.own(tx.session, kind, pid)
        if kind == "transfer" and row.role == "provider":
            if event == TERMINATION:
                why = why if why.code else replace(why, code="agreement.ended")
            us = dsp.node.settings.did
            if ending.by_owner(tx, row, event, why, us=us) and row.state in TABLES[kind].final:
                return
        _say(dsp, tx, row, event, why)


def _say(dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str, why: Why) -> None:
    """Send what our owner wants, as soon as nothing else is in flight."""
    if row.state in TABLES[row.kind].final:
        transfers = row.kind == "transfer"
        ended = problems.TRANSFER_ENDED if transfers else problems.NEGOTIATION_ENDED
        raise Conflict(ended, state=row.state)
    if outbound.resumes_nothing(dsp, row, event):
        raise Conflict(problems.NOTHING_TO_RESUME)
    if event in _LEADS_ON:
        check_fit(dsp.node, tx.session, row.counterparty)
    if event == TERMINATION:
        row.ended_by, row.ended_code = dsp.node.settings.did, why.code
        row.ended_reason = json.dumps(list(why.reason), ensure_ascii=False)
        if giving_up.give_up(dsp, tx, row):
            return
    try:
        outbound.want(dsp, tx, row, event, why)
    except LocalProtocolError as error:
        raise Conflict.of(error) from error


def _let_through(
    plane: DataPlane,
    dsp: Dsp,
    session: Session,
    agreement: AgreementRecord,
    destination: Address | None,
) -> None:
    """What the provider would refuse is not asked for."""
    try:
        plane.check(dsp, session, agreement, destination)
    except UnacceptableTermsError as error:
        raise BadRequest.of(error) from error
