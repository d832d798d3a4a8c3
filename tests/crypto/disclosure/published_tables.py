"""Published tables of the second edition, and the slow way to answer any set of finest cells."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from crypto.disclosure.published import PublishedTable
from crypto.disclosure.statuses import Output, SetAnswer, _Asked
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_attack import second_edition

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from random import Random

    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey

SALT = "5a" * 16


def published_table(dice: Random) -> PublishedTable | None:
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


def some_filter(dice: Random, table: GuardedTable) -> frozenset[CellKey] | None:
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
