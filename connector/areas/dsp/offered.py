"""What a provider offers, beside what we had asked for: looked at before anything is accepted.

A counter-offer takes the place of what was asked for. Whoever accepts it has seen it: an offer in
other terms is accepted only together with its digest, as the owner's API has shown it. One that we
cannot read, or to which no agreement could be made that we would verify, is not accepted at all.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import problems
from connector.process.errors import Conflict, Refused
from contracts import negotiation
from contracts.agreements import check_acceptable
from contracts.errors import UnacceptableTermsError
from crypto.canonical import digest
from policies.differences import differences
from policies.errors import PolicyError
from policies.odrl import parse_policy, same_terms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.areas.dsp.processes import ProcessRecord
    from crypto.words import Language
    from policies.model import Policy


def offered(row: ProcessRecord, language: Language = "en") -> dict[str, Any] | None:
    """Describe the offer of a negotiation; None where there is none.

    Args:
        row: The negotiation.
        language: In which it is said why its terms cannot be read.

    Returns:
        `policy` as it is on the wire, its `digest`, `unreadable` (why its terms cannot be read;
        empty where they can), `asked` (the offer we had asked for; None where we asked for none,
        or do not know), `differs`, and `differences` as `policies.differences` has them.
    """
    if row.kind != "negotiation" or not row.offer:
        return None
    offer = json.loads(row.offer)
    asked = _asked(row, offer)
    found = {"policy": offer, "digest": digest(offer), "asked": asked}
    try:
        policy = parse_policy(offer, kind="Offer")
    except PolicyError as error:
        return {**found, "unreadable": error.said(language), "differs": True, "differences": []}
    before = _understood(asked)
    same = before is not None and same_terms(before, policy) and before.target == policy.target
    differing = () if same else differences(before, policy)
    return {
        **found,
        "unreadable": "",
        "differs": not same,
        "differences": [item.to_json() for item in differing],
    }


def check_accepted(row: ProcessRecord, terms: str, *, us: str, now: datetime) -> None:
    """Look at the offer of a negotiation of ours that is about to be accepted.

    Args:
        row: The negotiation.
        terms: Digest of the offer that whoever accepts has seen; empty if they say of none.
        us: Our DID.
        now: When it is accepted.

    Raises:
        Refused: We cannot read its terms, or would not verify an agreement to them.
        Conflict: It differs from what was asked for, and whoever accepts has not said to know it.
    """
    if row.role != "consumer" or row.state != negotiation.OFFERED:
        return  # the machine says why not
    try:
        check_acceptable(json.loads(row.offer), assigner=row.counterparty, assignee=us, now=now)
    except PolicyError as error:
        raise Refused(
            replace(problems.OFFER_UNACCEPTABLE, code=error.code),
            reasons=error.reasons,
            why=error,
            pid=row.pid,
        ) from error
    except UnacceptableTermsError as error:
        raise Refused(
            replace(problems.OFFER_UNACCEPTABLE, code=error.code), why=error, pid=row.pid
        ) from error
    found = offered(row)
    if found is not None and terms != found["digest"] and (terms or found["differs"]):
        raise Conflict(problems.OFFER_CHANGED if terms else problems.OFFER_DIFFERS, pid=row.pid)


def _asked(row: ProcessRecord, offer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give what we had asked for: the offer itself until the provider has made one."""
    if row.role != "consumer" or row.opened_digest:
        return None
    if row.asked:
        found: Mapping[str, Any] = json.loads(row.asked)
        return found
    # a counter-offer that came before its like was kept has taken the place of what we asked for
    return None if row.state in {negotiation.OFFERED, negotiation.ACCEPTED} else offer


def _understood(policy: Mapping[str, Any] | None) -> Policy | None:
    try:
        return None if policy is None else parse_policy(policy, kind="Offer")
    except PolicyError:  # in terms that were understood when it was asked for
        return None
