"""All that programs take from this room, imported when the first of it is asked for."""

from __future__ import annotations

from connector.client.answer import WHY, Answer
from connector.client.answer_parts import Bound, Column, Row, Withheld
from connector.client.catalogue import Agreement, Described, Product
from connector.client.connector import Connector
from connector.client.errors import (
    AwaitsApproval,
    Declined,
    Failed,
    LibraryMissing,
    Misused,
    OtherTerms,
    Refused,
    Speaking,
    StillWaiting,
    Unavailable,
)
from connector.client.explanation import Explanation, Standing

__all__ = [
    "WHY",
    "Agreement",
    "Answer",
    "AwaitsApproval",
    "Bound",
    "Column",
    "Connector",
    "Declined",
    "Described",
    "Explanation",
    "Failed",
    "LibraryMissing",
    "Misused",
    "OtherTerms",
    "Product",
    "Refused",
    "Row",
    "Speaking",
    "Standing",
    "StillWaiting",
    "Unavailable",
    "Withheld",
]
