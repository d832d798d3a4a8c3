"""What keeps a person from ending something on a page."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

UNSAID: Final = Problem(
    "page.reason-missing",
    Words(
        "未写明原因，或未确认后果",
        "no reason was given, or it was not said that what follows is understood",
    ),
    Words("请写明原因并勾选确认", "give a reason and tick the box"),
)
