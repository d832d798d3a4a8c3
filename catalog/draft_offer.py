"""Grading and offer of a drafted product file; nothing is on offer until a person says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from catalog import draft_words as words
from catalog.grading import DOMAINS

if TYPE_CHECKING:
    from datetime import date

    from catalog.draft_sheet import Sheet

_DAYS: Final = 90
RECIPIENT: Final = "did:web:fill-in-the-recipient.example"  # nobody: `.example` is kept free


def write_terms(sheet: Sheet) -> None:
    """Adds domain and level: the cautious ones, and what is to be decided about them."""
    zh = sheet.language == "zh"
    known = [f"{key} {said}" if zh else key for key, said in DOMAINS.items()]
    sheet.decide(words.DOMAIN, known=known)
    sheet.put("domain", "management")
    sheet.decide(words.LEVEL)
    sheet.put("level", 2)


def write_offer(sheet: Sheet, today: date) -> None:
    """Adds one offer, every line of it a comment.

    Args:
        sheet: The draft.
        today: From which its time counts.
    """
    sheet.line()
    sheet.decide(words.OFFERS)
    sheet.off(on=True)
    sheet.line("offer = [")
    sheet.row(
        name="standard",
        purposes=("planning",),
        modes=("masked",),
        count=50,
        recipients=(RECIPIENT,),
        valid_until=f"{today + timedelta(days=_DAYS)}Z",
    )
    sheet.line("]")
    sheet.off(on=False)
