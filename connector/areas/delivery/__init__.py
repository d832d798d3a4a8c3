"""Plain delivery: files that an agreement lets through, fetched by the consumer or sent to it."""

from __future__ import annotations

from connector.areas.delivery.area import AREA

__all__ = ["AREA"]
