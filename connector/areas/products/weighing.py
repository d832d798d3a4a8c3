"""Whether a publication is looser than what is published: decided by what cannot be looser.

What is not seen to be the same or narrower counts as looser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.file_product import FileProduct
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.file_product import FileOffer
    from catalog.product import Product, ProductOffer
    from crypto.words import Spoken

NO_DATA: Final = "-"  # in the place of a digest
LEVEL: Final = 2  # from which on each publication takes two
GRADED: Final = Words(
    "发布第 {level} 级数据：`{product}`", "publishes data of level {level}: `{product}`"
)
LEVEL_LOWER: Final = Words(
    "级别由 {before} 降为 {after}", "the level goes from {before} down to {after}"
)
RULES: Final = Words("保护规则有改动", "the rules of protection change")
SEPARATE: Final = Words(
    "新声明：其行不属于任何其他产品", "says newly that its rows are no other product's"
)
OFFER: Final = Words(
    "要约 `{name}` 是新的，或授予的比已发布的更多",
    "the offer `{name}` is new, or grants more than what is published",
)


def agreed_data(seen: str) -> str:
    """Give the digest of the data out of what a publication rested on; empty if it named none."""
    found = seen.partition(" ")[0]
    return "" if found == NO_DATA else found


def looser(now: Product | FileProduct, before: Product | FileProduct) -> Iterator[Spoken]:
    """Say in what a product is looser than the one that is published under its id."""
    if now.level < before.level:
        yield LEVEL_LOWER.of(before=before.level, after=now.level)
    if isinstance(now, FileProduct) or isinstance(before, FileProduct):
        if not (isinstance(now, FileProduct) and isinstance(before, FileProduct)):
            yield RULES
            return
        for given in now.offers:
            if not any(_file_within(given, one) for one in before.offers):
                yield OFFER.of(name=given.name)
        return
    if now.protection != before.protection:
        yield RULES
    if now.separate_rows and not before.separate_rows:
        yield SEPARATE
    for offer in now.offers:
        if not any(_within(offer, one) for one in before.offers):
            yield OFFER.of(name=offer.name)


def _within(now: ProductOffer, before: ProductOffer) -> bool:
    """Whether an offer grants no more than another did."""
    new, old = now.terms, before.terms
    return (
        {*new.purposes} <= {*old.purposes}
        and {*new.modes} <= {*old.modes}
        and _named(new.recipients, old.recipients)
        and _named(new.measures, old.measures)
        and _named(new.dimensions, old.dimensions)
        and _named(new.cohort_members, old.cohort_members)
        and all(
            _kept(*both)
            for both in (
                (new.membership, old.membership),
                (new.not_before, old.not_before),
                (new.not_after, old.not_after),
            )
        )
        and new.aggregator == old.aggregator
        and (old.count is None or (new.count is not None and new.count <= old.count))
        and (new.min_group_size or 0) >= (old.min_group_size or 0)
        and new.min_cohort >= old.min_cohort
    )


def _file_within(now: FileOffer, before: FileOffer) -> bool:
    return (
        {*now.formats} <= {*before.formats}
        and _named(now.purposes, before.purposes)
        and _named(now.recipients, before.recipients)
        and all(
            _kept(*both)
            for both in (
                (now.membership, before.membership),
                (now.not_before, before.not_before),
                (now.not_after, before.not_after),
            )
        )
    )


def _named(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    """Whether a list is no wider; an empty one means all."""
    return not old or (bool(new) and {*new} <= {*old})


def _kept(new: str, old: str) -> bool:
    """Whether a condition is still there as it was, where there was one."""
    return not old or new == old
