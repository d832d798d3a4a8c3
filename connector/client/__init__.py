"""Asking a connector of one's own from a program: over its management API, as commands do.

::

    from connector.client import Connector

    buyer = Connector("buyer")
    answer = buyer.ask("SELECT …", agreement="urn:uuid:…", purpose="deliveryReliability")

docs/python.md walks through it.
"""

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
