"""Texts that others wrote, made fit to be shown: nothing in them steers what stands around them."""

from __future__ import annotations

import re
from typing import Final

# controls, lone surrogates, marks that turn the direction of writing, what shows as nothing at all,
# separators of lines, tags; the joiners that some scripts need stay
_STEERING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
SHORT: Final = 26  # an id that is no longer is shown whole
_HEAD: Final = 14
_TAIL: Final = 8


def harmless(text: str) -> str:
    """Give a text in which what would steer a reader's screen shows as a replacement mark."""
    return _STEERING.sub("\ufffd", text)


def shortened(text: str) -> str:
    """Give an id without its middle."""
    return text if len(text) <= SHORT else f"{text[:_HEAD]}…{text[-_TAIL:]}"
