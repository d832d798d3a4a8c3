"""A connector's side of its data space: applying, staying certified, announcing, searching."""

from __future__ import annotations

from connector.areas.membership.announce import OnOffer, synchronise
from connector.areas.membership.area import AREA

__all__ = [
    "AREA",
    "OnOffer",
    "synchronise",
]
