"""Registered numbers of firms: which kind one is, and whether its check digits hold.

A number that holds is well written, no more: whether the firm bears it is for the register of its
country. The rules are those of python-stdnum: GB 32100 (USCC), ISO 17442 (LEI), and each EU
member's own for VAT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal

Kind = Literal["uscc", "lei", "vat", "other"]
Verdict = Literal["holds", "wrong", "unknown"]

_USCC: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_VAT: Final = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A registered number: its kind, and what its check digits say."""

    kind: Kind
    verdict: Verdict


class Numbers:
    """Looks at registered numbers; a service of a hub."""

    def __init__(self) -> None:
        self._importing = Lock()  # by two threads at once, one may see half of it

    def look_at(self, text: str) -> Number:
        """Say what a registered number is.

        Args:
            text: as the firm wrote it; spaces, dots and dashes are left out.
        """
        plain = re.sub(r"[\s.\-]", "", text[:_LONGEST]).upper()
        with self._importing:  # the rules of a country are imported when it is first asked for
            return _judged(plain)


def _judged(plain: str) -> Number:
    from stdnum import lei
    from stdnum.cn import uscc
    from stdnum.eu import vat

    if _USCC.fullmatch(plain):
        return Number("uscc", "holds" if uscc.is_valid(plain) else "wrong")
    if _LEI.fullmatch(plain):
        return Number("lei", "holds" if lei.is_valid(plain) else "wrong")
    country = plain[:2].lower()
    if _VAT.fullmatch(plain) and country in {*vat.MEMBER_STATES, "el"}:
        return Number("vat", "holds" if vat.is_valid(plain) else "wrong")
    return Number("other", "unknown")
