"""What the owner sends to have a publication checked, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from connector.areas.products.records import Publication
from crypto.records import Range
from crypto.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Publication):
    """What is to be checked.

    Attributes:
        orders: in how many orders of the dimensions a first table is tried.
    """

    orders: Annotated[
        int,
        Range(1, 3),
        Words("尝试几种维度次序", "how many orders of the dimensions are tried"),
    ] = 3
