"""Published tables of the second edition, and the slow way to answer any set of finest cells."""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING

from crypto.disclosure.groups import GroupAnswer, answer_groups
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.statuses import Output, SetAnswer, _Asked
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_attack import second_edition

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey, GroupKey

SALT = "5a" * 16

Kept = frozenset[tuple[int, ...]] | None  # the finest cells that a filter keeps; None: all
Question = tuple[PublishedTable, tuple[int, ...], Kept]


def published_table(dice: random.Random) -> PublishedTable | None:
    """A random or built table of one to four versions, under more rules than those bring."""
    vector = any_product(dice)
    rules = vector["declaration"]["rules"]
    if dice.random() < 0.3:
        rules["zeros"] = "hidden"
    if dice.random() < 0.3:
        rules["mixed_versions"] = True
    made = second_edition(vector)
    if made is None or made[0].table is None:
        return None
    return published(made[0].table, first=dice.choice([1, 1, 4]))


def published(table: GuardedTable, *, first: int = 1) -> PublishedTable:
    """Gives a table's dimensions and codes names, and a salt."""
    dimensions = tuple(
        (f"d{d}", tuple(f"c{code}" for code in range(size)))
        for d, size in enumerate(table.declaration.sizes)
    )
    return PublishedTable(table=table, dimensions=dimensions, salt=SALT, first=first)


def all_outputs(table: GuardedTable) -> list[Output]:
    """COUNT(*), and SUM, COUNT and AVG of every figure."""
    outputs = [Output("rows")]
    for figure in table.figures[1:]:
        outputs += [Output("sum", figure.name), Output("average", figure.name)]
        outputs.append(Output("count", figure.name))
    return outputs


def all_cells(table: GuardedTable) -> list[CellKey]:
    """All finest cells that there may be."""
    return list(product(*map(range, table.declaration.sizes)))


def some_filter(dice: random.Random, table: GuardedTable) -> Kept:
    """None, a product of code sets, or any cells."""
    cells = all_cells(table)
    how = dice.choice(["all", "codes", "any"])
    if how == "all":
        return None
    if how == "any":
        return frozenset(key for key in cells if dice.random() < 0.7)
    chosen = [
        {code for code in range(size) if dice.random() < 0.7} for size in table.declaration.sizes
    ]
    return frozenset(
        key for key in cells if all(k in codes for k, codes in zip(key, chosen, strict=True))
    )


class _Set(_Asked):
    """Any finest cells, where `answer_set` asks a product of code sets."""

    def holds(self, key: CellKey) -> bool:
        return key in self.codes


def answer_cells(
    table: GuardedTable, cells: Collection[CellKey], outputs: Sequence[Output]
) -> SetAnswer:
    """Answers for any finest cells, as `answer_set` does for products."""
    return _Set(table, frozenset(cells), len(table.versions)).answer(outputs)  # type: ignore[arg-type]


@cache
def questions(seed: int) -> list[Question]:
    """A table, and every grouping of it with some filters."""
    dice = random.Random(seed)
    table = published_table(dice)
    if table is None:
        return []
    count = len(table.dimensions)
    groupings = [g for size in range(count + 1) for g in combinations(range(count), size)]
    if count > 1:
        groupings.append(tuple(reversed(range(count))))
    return [(table, g, some_filter(dice, table.table)) for g in groupings for _ in range(3)]


def asked(
    table: PublishedTable, group_by: tuple[int, ...], kept: Kept
) -> dict[GroupKey, GroupAnswer]:
    """All groups there may be."""
    domain = list(product(*[range(table.table.declaration.sizes[d]) for d in group_by]))
    found = answer_groups(
        table,
        group_by=group_by,
        outputs=all_outputs(table.table),
        keep=None if kept is None else kept.__contains__,
        domain=domain,
    )
    assert [one.key for one in found] == domain
    return {one.key: one for one in found}


def within(
    table: PublishedTable,
    group_by: tuple[int, ...],
    kept: Kept,
    key: GroupKey,
) -> set[CellKey]:
    """The finest cells of a group."""
    return {
        cell
        for cell in all_cells(table.table)
        if tuple(cell[d] for d in group_by) == key and (kept is None or cell in kept)
    }
