"""What the purposes of our profile mean, in words; a purpose of somebody's own is its IRI."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from crypto.words import Words
from policies.profile import PURPOSES, purpose_iri

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE_WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "planning": Words(
            "计划：产能计划与库存计划均属此类", "planning, of capacity and of stock too"
        ),
        "capacityPlanning": Words("产能计划", "planning of capacity"),
        "stockPlanning": Words("库存计划", "planning of stock"),
        "deliveryReliability": Words("评价交付是否准时", "judging how reliably deliveries come"),
        "quality": Words("评价与改进质量", "judging and improving quality"),
        "carbon": Words("核算碳排放", "accounting for carbon emissions"),
        "credit": Words("评价信用", "judging credit"),
    }
)
# of a purpose that has others under it: itself, without them
BARE_WORDS: Final[Mapping[str, Words]] = MappingProxyType({"planning": Words("计划", "planning")})
_SHORT: Final = {purpose_iri(name): name for name in PURPOSES}


def short_purpose(purpose: str) -> str:
    """Return the short name of a purpose of our profile; another as it is."""
    return _SHORT.get(purpose, purpose)
