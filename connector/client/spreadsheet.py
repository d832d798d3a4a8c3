"""Texts as cells of a spreadsheet: none of them is taken for a formula."""

from __future__ import annotations

import re
from typing import Final

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
BOM: Final = "\ufeff"  # Excel takes a file for UTF-8 by it
_STEERS: Final = ("\t", "\r")
# What begins a formula, where a cell begins: at its start, and behind what a spreadsheet of another
# country takes for the end of a cell. It reads the wide forms as it reads the narrow ones.
_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(\s*)(?=[=+\-@＝＋－＠])")


def escaped(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula; plain numbers stay numbers.

    Cells are separated by commas; one that separates by semicolons finds none in it either.
    """
    if NUMBER.fullmatch(text):
        return text
    safe = _FORMULA.sub(r"\1\2'", text)
    return "'" + safe if safe.startswith(_STEERS) else safe
