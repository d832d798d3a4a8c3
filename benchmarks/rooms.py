"""Rooms: how large the folders of the shell are, and who outside an area's folder knows of it.

Read from the files alone, whatever the folders are called. The rows are shown by `doors`.
"""

import ast
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("crypto", "policies", "contracts", "catalog", "connector")
SHELL = "connector"


def rooms(shell: Path) -> dict[str, list[Path]]:
    """Give the modules of every folder below the shell, by the folder's path."""
    found: dict[str, list[Path]] = {}
    for path in sorted(shell.rglob("*.py")):
        found.setdefault(path.parent.relative_to(ROOT).as_posix(), []).append(path)
    return found


def sizes() -> list[dict[str, Any]]:
    """Give the rows of how large each room of the shell is."""
    found = []
    for room, paths in rooms(ROOT / SHELL).items():
        lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
        name = f"{room}, single modules" if room == SHELL else room
        files = f"{len(paths)} files, the longest {max(lines)}"
        found.append(row(f"size of {name}", sum(lines), "lines", files))
    return found


def imports(path: Path) -> set[str]:
    """Give the modules that a file imports anywhere, and its texts: areas are named in some."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def outside(area: str) -> tuple[list[Path], list[Path]]:
    """Find the files outside an area's folder that import it, and those that import or name it.

    Args:
        area: a folder, such as ``connector/areas/delivery``; its name is the last part, as a word.
    """
    module = area.replace("/", ".")
    word = re.compile(rf"\b{re.escape(Path(area).name)}\b", re.IGNORECASE)
    importing, naming = [], []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.is_relative_to(ROOT / area):
                continue
            if any(name == module or name.startswith(f"{module}.") for name in imports(path)):
                importing.append(path)
            if path in importing[-1:] or word.search(path.read_text(encoding="utf-8")):
                naming.append(path)
    return importing, naming


def named(area: str) -> list[dict[str, Any]]:
    """Give the rows of how many files outside an area know of it."""
    importing, naming = outside(area)
    which = ", ".join(path.relative_to(ROOT).as_posix() for path in importing)
    word = f"the word `{Path(area).name}`, any meaning"
    return [
        row(f"files outside {area} that import it", len(importing), "files", which),
        row(f"files outside {area} that import or name it", len(naming), "files", word),
    ]


def row(name: str, value: int, unit: str, beside: str) -> dict[str, Any]:
    """Make a row of a benchmark, without reference and goal."""
    made = {"name": name, "value": value, "unit": unit, "reference": beside}
    return made | {"ratio": None, "goal": "", "met": None}
