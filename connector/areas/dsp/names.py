"""Names that we draw: random URNs without "/", and how their entropy comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from connector.process.ports import Entropy


def fresh_urn(entropy: Entropy) -> str:
    """Draw a `urn:uuid:` of 122 random bits, for a pid, a message or an agreement."""
    return UUID(bytes=entropy(16), version=4).urn
