"""Asking a connector of one's own from a program: over its management API, as commands do.

::

    from connector.client import Connector

    buyer = Connector("buyer")
    answer = buyer.ask("SELECT …", agreement="urn:uuid:…", purpose="deliveryReliability")

docs/python.md walks through it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from connector.client.answer import WHY, Answer
    from connector.client.answer_parts import Bound, Column, Row, Withheld
    from connector.client.catalogue import Agreement, Described, Product
    from connector.client.connector import Connector
    from connector.client.errors import (
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

# a connector that draws answers reads some modules of this room, and need not load the others
_OF: Final = {
    "Agreement": "catalogue",
    "Answer": "answer",
    "Bound": "answer_parts",
    "Column": "answer_parts",
    "Connector": "connector",
    "Declined": "errors",
    "Described": "catalogue",
    "Explanation": "explanation",
    "Failed": "errors",
    "LibraryMissing": "errors",
    "Misused": "errors",
    "OtherTerms": "errors",
    "Product": "catalogue",
    "Refused": "errors",
    "Row": "answer_parts",
    "Speaking": "errors",
    "Standing": "explanation",
    "StillWaiting": "errors",
    "Unavailable": "errors",
    "WHY": "answer",
    "Withheld": "answer_parts",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for."""
    if name not in _OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_OF[name]}"), name)


def __dir__() -> list[str]:
    """Name what may be asked for."""
    return sorted(__all__)
