"""Words about offers that were published with an empty list, when that was taken for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.product_file import empty_terms
from crypto.words import Words

if TYPE_CHECKING:
    from crypto.words import Spoken

EMPTY: Final = Words(
    "产品 `{product}` 的要约 `{offer}` 写有空列表 `{key}`："
    "发布时按未写此键处理，至今如此，即不作限定",
    "the offer `{offer}` of product `{product}` has an empty list `{key}`: it was published as if"
    " the key were left out, and still is, so it limits nothing",
)
EMPTY_NEXT: Final = Words(
    "若本意如此，请删去此键再发布；否则请写明各项再发布",
    "if that is meant, publish it again without the key; if not, name what is meant and publish it",
)


def emptied(product_id: str, text: str) -> list[tuple[Spoken, Spoken]]:
    """Say of each empty list in the offers of a published file what it means, and what to do."""
    return [
        (EMPTY.of(product=product_id, offer=offer, key=key), EMPTY_NEXT)
        for offer, key in empty_terms(text)
    ]
