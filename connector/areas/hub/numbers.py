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
_LOADING: Final = Lock()


@dataclass(frozen=True, slots=True)
class Number:
    """A registered number: its kind, and what its check digits say."""

    kind: Kind
    verdict: Verdict


def look_at(text: str) -> Number:
    """Say what a registered number is.

    Args:
        text: as the firm wrote it; spaces, dots and dashes are left out.
    """
    with _LOADING:  # they import the rules of a country when it is first asked for
        return _look_at(text)


def _look_at(text: str) -> Number:
    from stdnum import lei
    from stdnum.cn import uscc
    from stdnum.eu import vat

    plain = re.sub(r"[\s.\-]", "", text[:_LONGEST]).upper()
    if _USCC.fullmatch(plain):
        return Number("uscc", "holds" if uscc.is_valid(plain) else "wrong")
    if _LEI.fullmatch(plain):
        return Number("lei", "holds" if lei.is_valid(plain) else "wrong")
    country = plain[:2].lower()
    if _VAT.fullmatch(plain) and country in {*vat.MEMBER_STATES, "el"}:
        return Number("vat", "holds" if vat.is_valid(plain) else "wrong")
    return Number("other", "unknown")
