"""From an offer to an agreement: how it is built, and how it is checked against what was said.

Spec: DSP 2025-1 §7.1; voile design dsp.md §3, policies.md §4. What is compared are the compiled
terms, never the bytes: a peer may reorder, drop `constraint: []` or send one member for a list.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from contracts.errors import UnacceptableTermsError
from policies.odrl import parse_policy, same_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_TERMS: Final = frozenset(
    {"@id", "@type", "@context", "target", "assigner", "assignee", "timestamp"}
)


def message_offer(offer: Mapping[str, Any], *, dataset_id: str) -> dict[str, Any]:
    """Turn an offer of a catalogue into one for a message: the same, with its target.

    Identifiers and rules are copied verbatim: EDC's offer ids are looked up as they are.
    """
    return {**offer, "@type": "Offer", "target": dataset_id}


def agreement_of(
    offer: Mapping[str, Any],
    *,
    agreement_id: str,
    assigner: str,
    assignee: str,
    now: datetime,
) -> dict[str, Any]:
    """Build the provider's agreement out of the offer that was asked for, rules unchanged."""
    terms = {key: value for key, value in offer.items() if key not in _NOT_TERMS}
    return {
        "@id": agreement_id,
        "@type": "Agreement",
        "target": offer["target"],
        "assigner": assigner,
        "assignee": assignee,
        "timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **terms,
    }


def check_request(
    requested: Mapping[str, Any], published: Mapping[str, Any], *, dataset_id: str
) -> None:
    """Check that a requested offer is the published one.

    Raises:
        UnacceptableTermsError: Another target, or terms that differ from those published.
    """
    if requested["target"] != dataset_id:
        raise _unacceptable(
            "target", f"`{dataset_id}`", "another target", "ask for the dataset that it is made for"
        )
    wanted = parse_policy(requested, kind="Offer")
    ours = parse_policy(message_offer(published, dataset_id=dataset_id), kind="Offer")
    if not same_terms(wanted, ours):
        raise _unacceptable(
            "terms",
            "the terms of the published offer",
            "other terms",
            "fetch the catalogue again and ask for the offer as it stands there",
        )


def check_acceptable(
    offer: Mapping[str, Any], *, assigner: str, assignee: str, now: datetime
) -> None:
    """Check, before an offer is accepted, that the agreement made of it would be verified.

    Args:
        offer: The provider's offer, out of its message.
        assigner: DID of the provider.
        assignee: Our DID.
        now: When it is accepted.

    Raises:
        UnacceptableTermsError: It names other parties, or an agreement to it would say else.
        PolicyError: Its terms are not understood.
    """
    made = agreement_of(
        offer, agreement_id=offer["@id"], assigner=assigner, assignee=assignee, now=now
    )
    check_agreement(made, offer=offer, assigner=assigner, assignee=assignee)


def check_agreement(
    agreement: Mapping[str, Any], *, offer: Mapping[str, Any], assigner: str, assignee: str
) -> None:
    """Check an agreement against the last offer and the two authenticated parties.

    (1) assigner and assignee are the two who talk; (2) the target is the offer's; (3) it bears the
    moment it was made; (4) its terms compile to those of the last offer.

    Raises:
        UnacceptableTermsError: One of them does not hold; `params["clause"]` names it.
    """
    # (1)
    for clause, expected in (("assigner", assigner), ("assignee", assignee)):
        if agreement[clause] != expected:
            raise _unacceptable(
                clause, f"`{expected}`", "another party", "terminate and negotiate again"
            )
    # (2)
    if agreement["target"] != offer["target"]:
        raise _unacceptable(
            "target", "the offer's target", "another target", "terminate and negotiate again"
        )
    # (3)
    if "timestamp" not in agreement:
        raise _unacceptable("timestamp", "a timestamp", "none", "ask the provider to date it")
    # (4)
    if not same_terms(parse_policy(agreement, kind="Agreement"), parse_policy(offer, kind="Offer")):
        raise _unacceptable(
            "terms", "the terms of the last offer", "other terms", "terminate and negotiate again"
        )


def _unacceptable(clause: str, expected: str, got: str, next_step: str) -> UnacceptableTermsError:
    return UnacceptableTermsError(
        f"`{clause}`: expected {expected}, got {got}",
        code=f"agreement.{clause}-differs",
        next_step=next_step,
        clause=clause,
    )
