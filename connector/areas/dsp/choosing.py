"""Which offer of a dataset is asked for: the one that was named, or the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.dsp import problems
from connector.process.errors import BadRequest, NotFound, Refused
from policies.errors import PolicyError
from policies.odrl import parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.messages.catalogs import DatasetRead


def check_understood(offer: Mapping[str, Any]) -> None:
    """What we do not understand, we do not sign.

    Raises:
        Refused: Some of its terms are not understood.
    """
    try:
        parse_policy(offer, kind="Offer")
    except PolicyError as error:
        raise Refused.of(error) from error


def choose(found: DatasetRead, offer_id: str | None) -> Mapping[str, Any]:
    """Find the offer that is meant; one that cannot be read may have been, so it counts here.

    Args:
        found: The dataset, as its provider shows it.
        offer_id: Its name; None where there is but one.

    Raises:
        BadRequest: There are several, and none was named.
        NotFound: There is none of that name that can be read.
    """
    offers = found.dataset.has_policy
    lost = [part.id for part in found.unreadable if part.part == "hasPolicy"]
    others = [name for name in lost if not any(offer["@id"] == name for offer in offers)]
    if offer_id is None and len(offers) == 1 and not others:
        return offers[0]
    names: list[object] = [f"`{offer['@id']}`" for offer in offers]
    names += [problems.UNREADABLE_NAME.of(name=name) for name in others]
    dataset = (found.dataset.id or "")[:200]
    if offer_id is None:
        raise BadRequest(
            problems.OFFER_AMBIGUOUS,
            count=len(offers) + len(others),
            names=names,
            dataset=dataset,
        )
    for offer in offers:
        if offer["@id"] == offer_id:
            return offer
    raise NotFound(problems.OFFER_MISSING, offer=offer_id[:200], names=names, dataset=dataset)
