"""Two texts, line by line: what stands, and what somebody wrote without having seen it."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

MOST_LINES: Final = 4000  # of each that are compared: more would keep others waiting
MOST_SHOWN: Final = 200  # lines
_MOST_TEXT: Final = 300  # characters of one


def differing(stands: str, written: str) -> list[tuple[str, str]] | None:
    """Give the lines that are in one of two texts only.

    Args:
        stands: what is there now.
        written: what was sent.

    Returns:
        `-` for a line that stands and was not sent, `+` for one that was sent and does not stand;
        None where the texts are too long to be compared, or differ in too much to be shown.
    """
    before, after = stands.splitlines(), written.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        return None
    found: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, low, high, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        found += [("-", _cut(line)) for line in before[low:high]]
        found += [("+", _cut(line)) for line in after[first:last]]
        if len(found) > MOST_SHOWN:
            return None
    return found


def _cut(line: str) -> str:
    return line if len(line) <= _MOST_TEXT else line[:_MOST_TEXT] + "…"
