"""When offers hold: one that is over before it begins is a slip, and one that is over says so.

Looked at when a product is published, never when a stored one is read: what was published once is
read for ever, and time passes over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog import problems_products as problems
from catalog.errors import ProductError
from catalog.product import ProductOffer
from policies.literals import interval

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from catalog.file_product import FileOffer


def check_begins(offers: Iterable[ProductOffer | FileOffer]) -> None:
    """Refuse offers that hold at no time at all.

    Args:
        offers: Of one product, in the order of its file.

    Raises:
        ProductError: One ends before it begins; names the key.
    """
    for number, offer in enumerate(offers, start=1):
        begins, ends = _bounds(offer)
        if begins and ends and _over(ends, interval(begins)[0]):
            raise ProductError(
                problems.OVER_BEFORE,
                field=f"offer[{number}].valid_until",
                begins=begins,
                ends=ends,
            )


def expired(offers: Iterable[ProductOffer | FileOffer], now: datetime) -> tuple[str, ...]:
    """Name the offers whose time is over: they are published, and nobody can take them.

    Args:
        offers: Of one product.
        now: When it is published.
    """
    return tuple(
        offer.name for offer in offers if _bounds(offer)[1] and _over(_bounds(offer)[1], now)
    )


def _bounds(offer: ProductOffer | FileOffer) -> tuple[str, str]:
    terms = offer.terms if isinstance(offer, ProductOffer) else offer
    return terms.not_before, terms.not_after


def _over(ends: str, at: datetime) -> bool:
    """Whether an end has passed: a day lasts to its end, an instant is still within."""
    start, end = interval(ends)
    return at >= end if end > start else at > start
