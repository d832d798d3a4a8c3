"""At which data versions a sum of safe cells stands: renewed ones are current, held ones older."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.table import CellKey, ProtectedTable


@dataclass(frozen=True, slots=True)
class Older:
    """Part of a sum that stands at an older data version than the rest.

    Attributes:
        version: its number.
        cells: the finest cells that stand there.
    """

    version: int
    cells: tuple[CellKey, ...]


def standing(
    table: ProtectedTable, inside: Sequence[int], pending: Sequence[tuple[int, CellKey]]
) -> tuple[int | None, tuple[Older, ...]]:
    """Says at which version a sum stands, or which parts of it stand at which older ones.

    A value is surely that of the version which brought it, and of the newest unless it is held.

    Args:
        table: the protected table.
        inside: the safe cells that are summed.
        pending: the pending finest cells of the sum, each with the version it was last as shown in.

    Returns:
        The one older version that all of it stands at; or None, and what stands at older versions
        than the newest, ascending.
    """
    held = [i for i in inside if table.safe[i].held]
    if not held and not pending:
        return None, ()
    versions = {table.safe[i].since for i in inside} | {version for version, _ in pending}
    if len(versions) == 1:
        return versions.pop(), ()
    found: dict[int, list[CellKey]] = defaultdict(list)
    for version, key in pending:
        found[version].append(key)
    for i in held:
        found[table.safe[i].since].extend(table.held_cells[i])
    return None, tuple(Older(number, tuple(sorted(found[number]))) for number in sorted(found))
