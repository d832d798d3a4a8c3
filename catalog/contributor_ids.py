"""How contributor ids are read: spellings of one name are one contributor.

An id is brought into Unicode's compatibility form (NFKC: full and half width, composed and
decomposed letters become the same), loses the characters that do not show (category Cf, variation
selectors and fillers), is trimmed, and each run of blanks inside becomes one space. Upper and lower
case stay apart unless the product file says `contributor_case = "fold"`: then Unicode's case
folding follows. An id of which nothing is left is no id.

Spec: Unicode Standard Annex 15 (normalisation forms), section 3.13 (caseless matching).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = re.compile(  # default-ignorable characters outside category Cf
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
PLAIN: Final = "[!-~]+( [!-~]+)*"  # ASCII ids that are as they should be; case aside


def normalised(text: str) -> str:
    """Returns an id as it counts, empty if nothing of it is left."""
    if not text.isascii():
        text = _seen(unicodedata.normalize("NFKC", text))
    return " ".join(text.split())


def folded(text: str) -> str:
    """Returns a normalised id without its case."""
    return normalised(text.casefold())


def _seen(text: str) -> str:
    """Takes away what does not show; parts that it kept apart may compose then."""
    kept = text
    if not text.isprintable():
        kept = "".join(c for c in kept if unicodedata.category(c) != "Cf")
    kept = _UNSEEN.sub("", kept)
    return kept if kept is text or kept == text else unicodedata.normalize("NFKC", kept)
