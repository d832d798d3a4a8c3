"""A connector's side of its data space: applying, staying certified, announcing, searching."""

from __future__ import annotations

from connector.areas.membership.announce import OnOffer, synchronise
from connector.areas.membership.area import AREA
from connector.areas.membership.finding import find as find_offered
from connector.areas.membership.operations import SEARCH

__all__ = [
    "AREA",
    "SEARCH",
    "OnOffer",
    "find_offered",
    "synchronise",
]
