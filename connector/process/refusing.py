"""A refusal as an error: all its reasons, and the first of them in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.process.errors import Refused

if TYPE_CHECKING:
    from policies.reasons import Reason


def refusal(*reasons: Reason) -> Refused:
    """Make the error that carries these reasons."""
    return Refused(reasons=reasons)
