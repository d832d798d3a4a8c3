"""The operator's hub: who may take part, and the shared catalogue. No row, no result, no key."""

from __future__ import annotations

from connector.areas.hub.area import AREA
from connector.areas.hub.certified_keys import certified
from connector.areas.hub.rows import ParticipantRow

__all__ = ["AREA", "ParticipantRow", "certified"]
