"""The source as trees: many rules of the house look at every module, each is parsed once.

All are parsed at the first look and left out of every later collection of garbage: a million nodes,
which the collector would otherwise walk over again and again while they are made. The files of
these rules are one worker's, see `tests.order`.
"""

from __future__ import annotations

import ast
import gc
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("connector", "catalog", "contracts", "policies", "crypto")
N = TypeVar("N", bound=ast.AST)


@cache
def _trees() -> dict[Path, tuple[ast.Module, Mapping[type[Any], list[Any]]]]:
    gc.collect()
    gc.disable()
    try:
        files = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
        trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
        return {path: (tree, by_kind(tree)) for path, tree in trees.items()}
    finally:
        gc.freeze()
        gc.enable()


def parsed(path: Path) -> ast.Module:
    """Give the tree of a module, which nobody changes: neither the file meanwhile, nor the tree."""
    return _trees()[path][0]


def nodes(path: Path, *kinds: type[N]) -> Iterable[N]:
    """Give the nodes of these kinds that `ast.walk` finds in a module, one kind after the other."""
    found = kinds_of(path)
    return [node for kind in kinds for node in found.get(kind, ())]


def kinds_of(path: Path) -> Mapping[type[Any], list[Any]]:
    """Give the nodes of a module by their kind."""
    return _trees()[path][1]


def by_kind(tree: ast.AST) -> Mapping[type[Any], list[Any]]:
    """Lay out a tree's nodes by their kind."""
    found: dict[type[Any], list[Any]] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        found.setdefault(type(node), []).append(node)
        for value in vars(node).values():
            if isinstance(value, list):
                waiting += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append(value)
    return found
