"""What can be wrong with how a command is used."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

LANGUAGE_UNKNOWN: Final = Problem(
    "language",
    Words("未知的语言 `{given}`", "language `{given}` is not known"),
    Words("请用 zh 或 en", "use zh or en"),
)
