"""What a participant does by itself after a message was applied.

The provider agrees when the request is its published offer and the caller passes the policy at
stage negotiation, else it terminates with code and reasons as data; it finalizes what was verified,
and starts transfers that agreement, policy and standing allow. The consumer
verifies an agreement that says what the offer said, else it terminates. Whoever finds one of the
two sides not certified goes no step further, and ends the process saying who.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import agreement_use as agreed
from connector.areas.dsp import agreements, outbound, problems_messages, signing
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.outbound import Why
from connector.identity.fitness import unfit
from contracts import negotiation, transfer
from contracts.agreements import agreement_of, check_agreement, check_request, message_offer
from contracts.errors import UnacceptableTermsError
from contracts.machine import TERMINATION
from policies.errors import PolicyError
from policies.odrl import parse_policy
from policies.offers import count_limit
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.areas.dsp.rows import AgreementRow
    from connector.store.transaction import Transaction

TURNED_DOWN: Final = "transfer.refused"  # by the gate; another request may pass later
_UNFIT: Final = {"negotiation": "negotiation.refused", "transfer": TURNED_DOWN}


def automatic(dsp: Dsp, tx: Transaction, row: ProcessRecord, event: str) -> None:
    """React to a message of the peer; runs in the transaction that applied it."""
    reaction = _REACTIONS.get((row.kind, row.role, event))
    if reaction is None:
        return
    if reasons := unfit(dsp.node, tx.session, row.counterparty, reader=row.counterparty):
        refuse(dsp, tx, row, refusal(_UNFIT[row.kind], reasons))
        return
    reaction(dsp, tx, row)


def consider(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Provider, asked for an offer: agree or terminate."""
    offer = json.loads(row.offer)
    try:
        policy = parse_policy(offer, kind="Offer")
        published = _published(dsp, tx, offer)
        check_request(offer, published, dataset_id=row.dataset)
    except (UnacceptableTermsError, PolicyError) as error:
        refuse(dsp, tx, row, _why(error))
        return
    reasons = dsp.gate.reasons(
        tx.session, "negotiation", policy=policy, peer=row.counterparty, dataset=row.dataset
    )
    if reasons:
        refuse(dsp, tx, row, refusal("negotiation.refused", reasons))
        return
    # what we agree to is our own text: a peer may drop what it has no place for (profile and
    # conflict), and compares the agreement with the catalogue all the same
    row.offer = json.dumps(message_offer(published, dataset_id=row.dataset), ensure_ascii=False)
    agree(dsp, tx, row)


def agree(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Make the agreement out of the offer on the table and send it.

    An offer that is good for a number of answers is agreed once with each consumer: otherwise its
    count would begin anew with every negotiation.
    """
    offer = json.loads(row.offer)
    if count_limit(parse_policy(offer, kind="Offer")) is not None:
        made = agreed.bound_by(
            tx.session,
            counterparty=row.counterparty,
            dataset=row.dataset,
            offer_id=offer["@id"],
            besides=row.pid,
        )
        if made is not None:
            refuse(dsp, tx, row, refusal("negotiation.refused", (_bound(made),)))
            return
    body = agreement_of(
        offer,
        agreement_id=fresh_urn(dsp.node.entropy),
        assigner=dsp.node.settings.did,
        assignee=row.counterparty,
        now=tx.now,
    )
    agreements.make(tx, row, body)
    outbound.propose(dsp, tx, row, negotiation.AGREEMENT)


def _bound(made: AgreementRow) -> Reason:
    if made.ended_ms is None:
        return Reason(code="agreement.exists", given=made.agreement, next="next.use-agreement")
    code = "agreement.ended-by-consumer"
    return Reason(code=code, given=made.agreement, next="next.ask-to-end")


def verify(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Consumer, given an agreement: verify that it says what was offered, or terminate."""
    try:
        check_agreement(
            signing.agreement_body(tx, row),
            offer=json.loads(row.offer),
            assigner=row.counterparty,
            assignee=dsp.node.settings.did,
        )
    except (UnacceptableTermsError, PolicyError) as error:
        refuse(dsp, tx, row, _why(error))
        return
    outbound.want(dsp, tx, row, negotiation.VERIFICATION)


def finalize(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Provider, told that the agreement was verified: finalize."""
    outbound.want(dsp, tx, row, negotiation.FINALIZED_EVENT)


def begin(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Provider, asked for a transfer: start it if agreement, policy and standing let data flow."""
    agreement = agreements.find(tx.session, row.agreement, counterparty=row.counterparty)
    assert agreement is not None, "the opening of the transfer has found it"
    reasons = dsp.plane_of(row).hindrances(dsp, tx, row, agreement)
    if reasons:
        refuse(dsp, tx, row, refusal(TURNED_DOWN, reasons))
        return
    outbound.propose(dsp, tx, row, transfer.START)


def renew(dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
    """Provider, whose transfer a consumer resumed: a plain one waits for our Start, so send one."""
    if dsp.plane_of(row).renews(dsp, row):
        outbound.want(dsp, tx, row, transfer.START)


def refuse(dsp: Dsp, tx: Transaction, row: ProcessRecord, why: Why) -> None:
    """End the process from our side, saying why."""
    row.ended_by = dsp.node.settings.did
    row.ended_code = why.code
    row.ended_reason = json.dumps(list(why.reason), ensure_ascii=False)
    outbound.want(dsp, tx, row, TERMINATION, why)


def refusal(code: str, reasons: tuple[Reason, ...]) -> Why:
    """Turn a gate's reasons into what a termination carries: data, not prose."""
    return Why(code=code, reason=tuple(reason.to_json() for reason in reasons))


def _why(error: UnacceptableTermsError | PolicyError) -> Why:
    if isinstance(error, PolicyError):
        return refusal(error.code, error.reasons)
    clause = str(error.params.get("clause", ""))
    return Why(code=error.code, reason=({"code": error.code, "clause": clause},))


def _published(dsp: Dsp, tx: Transaction, offer: Mapping[str, Any]) -> Mapping[str, Any]:
    dataset = dsp.shelf.dataset(tx.session, offer["target"])
    for item in (dataset or {}).get("hasPolicy", ()):
        if item["@id"] == offer["@id"]:
            found: Mapping[str, Any] = item
            return found
    raise UnacceptableTermsError(
        replace(problems_messages.OFFER_UNKNOWN, code="offer.unknown"), clause="offer"
    )


_REACTIONS: Final[
    Mapping[tuple[str, str, str], Callable[[Dsp, Transaction, ProcessRecord], None]]
] = {
    ("negotiation", "provider", negotiation.REQUEST): consider,
    ("negotiation", "provider", negotiation.ACCEPTED_EVENT): agree,
    ("negotiation", "provider", negotiation.VERIFICATION): finalize,
    ("negotiation", "consumer", negotiation.AGREEMENT): verify,
    ("transfer", "provider", transfer.REQUEST): begin,
    ("transfer", "provider", transfer.START): renew,
}
