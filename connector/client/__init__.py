"""Asking a connector of one's own from a program: over its management API, as commands do.

::

    from connector.client import Connector

    buyer = Connector("buyer")
    answer = buyer.ask("SELECT …", agreement="urn:uuid:…", purpose="deliveryReliability")

docs/python.md walks through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """Import all of it once any is asked for: who draws answers reads some modules alone."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from connector.client import face

    return getattr(face, name)


def __dir__() -> list[str]:
    """Name what may be asked for."""
    return sorted(__all__)
