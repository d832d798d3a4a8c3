"""A refusal as an error: all its reasons, and the first of them in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.process.errors import Refused
from policies.phrases import render

if TYPE_CHECKING:
    from policies.reasons import Reason


def refusal(*reasons: Reason) -> Refused:
    """Make the error that carries these reasons."""
    first = reasons[0]
    return Refused(
        render(first).rstrip("."),
        code=first.code,
        next_step=render(first.next).rstrip(".") if first.next else "",
        reasons=reasons,
    )
