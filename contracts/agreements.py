"""From an offer to an agreement: how it is built, and how it is checked against what was said.

Spec: DSP 2025-1 §7.1; voile design dsp.md §3, policies.md §4. What is compared are the compiled
terms, never the bytes: a peer may reorder, drop `constraint: []` or send one member for a list.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from contracts import problems
from contracts.errors import UnacceptableTermsError
from crypto.problem import Problem
from policies.odrl import parse_policy, same_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Words

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
        found = _unacceptable("target", f"`{dataset_id}`", problems.ANOTHER_TARGET)
        raise found.advise(problems.ASK_FOR_ITS_DATASET)
    wanted = parse_policy(requested, kind="Offer")
    ours = parse_policy(message_offer(published, dataset_id=dataset_id), kind="Offer")
    if not same_terms(wanted, ours):
        found = _unacceptable("terms", problems.PUBLISHED_TERMS, problems.OTHER_TERMS)
        raise found.advise(problems.FETCH_AGAIN)


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
            raise _unacceptable(clause, f"`{expected}`", problems.ANOTHER_PARTY)
    # (2)
    if agreement["target"] != offer["target"]:
        raise _unacceptable("target", problems.OFFERS_TARGET, problems.ANOTHER_TARGET)
    # (3)
    if "timestamp" not in agreement:
        found = _unacceptable("timestamp", problems.A_TIMESTAMP, problems.NONE)
        raise found.advise(problems.ASK_TO_DATE)
    # (4)
    if not same_terms(parse_policy(agreement, kind="Agreement"), parse_policy(offer, kind="Offer")):
        raise _unacceptable("terms", problems.OFFERED_TERMS, problems.OTHER_TERMS)


def _unacceptable(clause: str, expected: str | Words, got: Words) -> UnacceptableTermsError:
    # its codes are phrases, too: the ends of negotiations say them
    problem = Problem(f"agreement.{clause}-differs", problems.CLAUSE, problems.NEGOTIATE_AGAIN)
    return UnacceptableTermsError(problem, clause=clause, expected=expected, got=got)
