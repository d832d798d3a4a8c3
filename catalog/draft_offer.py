"""The offer of a drafted product file: written out, and not on offer until a person says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from catalog import draft_words as words

if TYPE_CHECKING:
    from datetime import date

    from catalog.draft_sheet import Sheet

_DAYS: Final = 90
RECIPIENT: Final = "did:web:fill-in-the-recipient.example"  # nobody: `.example` is kept free


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
