"""Texts as cells of a spreadsheet: none of them is taken for a formula."""

from __future__ import annotations

import re
from typing import Final

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
BOM: Final = "\ufeff"  # Excel takes a file for UTF-8 by it
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
# a spreadsheet reads these as it reads their narrow forms
_WIDE: Final = ("＝", "＋", "－", "＠")


def escaped(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if text.startswith((*_FORMULA, *_WIDE)) and not NUMBER.fullmatch(text):
        return "'" + text
    return text
