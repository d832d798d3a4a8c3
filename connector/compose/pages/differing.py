"""Two texts, line by line: what stands, and what somebody wrote without having seen it."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# of each text, between what both begin and end with: to align more that is alike takes seconds
MOST_LINES: Final = 150
_MOST_TEXT: Final = 300  # characters of one


def differing(stands: str, written: str) -> list[tuple[str, str]] | None:
    """Give the lines that are in one of two texts only.

    Args:
        stands: what is there now.
        written: what was sent.

    Returns:
        `-` for a line that stands and was not sent, `+` for one that was sent and does not stand;
        None where they differ in too much to be shown.
    """
    before, after = stands.splitlines(), written.splitlines()
    head = _alike(before, after)
    before, after = before[head:], after[head:]
    tail = _alike(before[::-1], after[::-1])
    before, after = before[: len(before) - tail], after[: len(after) - tail]
    if max(len(before), len(after)) > MOST_LINES:
        return None
    found: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, low, high, first, last in matcher.get_opcodes():
        if tag != "equal":
            found += [("-", _cut(line)) for line in before[low:high]]
            found += [("+", _cut(line)) for line in after[first:last]]
    return found


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines that both begin with."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))


def _cut(line: str) -> str:
    return line if len(line) <= _MOST_TEXT else line[:_MOST_TEXT] + "…"
