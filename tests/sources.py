"""The source as trees: many rules of the house look at every module, each is parsed once."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@cache
def parsed(path: Path) -> ast.Module:
    """Give the tree of a file, which nobody changes: neither the file meanwhile, nor the tree."""
    return ast.parse(path.read_text(encoding="utf-8"))
