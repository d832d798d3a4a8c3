"""How contributor ids are read: spellings of one name are one contributor.

An id is brought into Unicode's compatibility form (NFKC: full and half width, composed and
decomposed letters become the same), loses the characters that do not show (categories Cf and Cc but
for tabs and ends of lines, which are blanks; variation selectors, fillers, the empty Braille cell
and the place of an object), is trimmed, and each run of blanks inside becomes one space. Upper and
lower case stay apart unless the product file says `contributor_case = "fold"`: then Unicode's case
folding follows. An id of which nothing is left is no id.

Spec: Unicode Standard Annex 15 (normalisation forms), section 3.13 (caseless matching).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(  # default-ignorable or empty, outside the categories Cf and Cc
    "[\u2800\ufffc\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_HIDDEN: Final = frozenset({"Cf", "Cc"})
_BLANKS: Final = frozenset("\t\n\v\f\r\x85")  # of category Cc
PLAIN: Final = "[!-~]+( [!-~]+)*"  # ASCII ids that are as they should be; case aside


def normalised(text: str) -> str:
    """Returns an id as it counts, empty if nothing of it is left."""
    if not text.isascii():
        text = _seen(unicodedata.normalize("NFKC", text))
    elif not text.isprintable():
        text = _seen(text)
    return " ".join(text.split())


def folded(text: str) -> str:
    """Returns an id as it counts without its case; a letter's case may show in normal form only."""
    return normalised(normalised(text).casefold())


def _seen(text: str) -> str:
    """Takes away what does not show; parts that it kept apart may compose then."""
    kept = text
    if not text.isprintable():
        kept = "".join(c for c in kept if c in _BLANKS or unicodedata.category(c) not in _HIDDEN)
    kept = _UNSEEN.sub("", kept)
    return kept if kept is text or kept == text else unicodedata.normalize("NFKC", kept)
