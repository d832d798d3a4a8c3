"""Where a page of a list ends, as it stands in the URL: a time and the id that goes with it."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 2048
_DIGITS: Final = 15


def mark(ms: int, name: str) -> str:
    """Write the last line of a page."""
    return f"{ms}.{name}"


def after_of(text: str) -> tuple[int, str] | None:
    """Read it; None where there is none, or what stands there is none."""
    ms, dot, name = text[:_LONGEST].partition(".")
    if not dot or not name or not (ms.isascii() and ms.isdigit() and len(ms) <= _DIGITS):
        return None
    return int(ms), name
