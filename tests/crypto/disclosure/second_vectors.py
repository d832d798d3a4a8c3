"""The test vectors' form of a table: a declaration and rows as JSON in, the complete result out."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from crypto.disclosure.bits import members
from crypto.disclosure.declaration import (
    Declaration,
    DeclaredMeasure,
    Protection,
    Refused,
    row_figures,
)
from crypto.disclosure.making import make_table
from crypto.disclosure.memory import Basis, MemorySource
from crypto.disclosure.migrating import migrate_table
from crypto.disclosure.quick_memory import QuickLedger
from crypto.disclosure.renewing import renew_table
from crypto.disclosure.rules import Rules
from crypto.disclosure.statuses import Output, answer_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.guarded_table import GuardedTable, Made
    from crypto.disclosure.memory import MemoryLedger
    from crypto.disclosure.table import CellKey

KINDS = {"COUNT": "rows", "SUM": "sum", "AVG": "average"}


def declared(given: dict[str, Any]) -> Declaration:
    """Reads a vector's declaration."""
    rules = given.get("rules", {})
    plain: dict[str, Any] = {}
    if "k" in rules:
        plain["minimum_contributors"] = rules["k"]
    if "dominance" in rules:
        plain["dominance"] = tuple((n, percent) for n, percent in rules["dominance"])
    if "p" in rules:
        plain["p_percent"] = rules["p"]
    others = {k: v for k, v in rules.items() if k not in ("k", "dominance", "p")}
    return Declaration(
        sizes=tuple(given["dims"]),
        measures=tuple(
            DeclaredMeasure(
                name=m["name"],
                lower=m["lo"],
                upper=m["hi"],
                unit=m.get("unit", ""),
                scale=m.get("scale", 0),
                empty=m.get("empty", "error"),
                columns=tuple(m.get("columns", ())),
            )
            for m in given["measures"]
        ),
        protection=Protection(rules=Rules(**plain), **others),
        equations=tuple(given.get("equations", ())),
    )


class QuickSource(MemorySource):
    """Rows whose ledger is the quick one, which engines read small tables into."""

    __slots__ = ()

    def ledger(
        self, places: Sequence[Sequence[CellKey]], shown: Sequence[Sequence[int]] = ()
    ) -> MemoryLedger:
        """Opens the figures of the places, to be added up by who asks."""
        known = super().ledger(places, shown)
        return QuickLedger(known.now, known.before)


class Product:
    """A table and the contents behind what its versions showed, as an owner keeps them."""

    def __init__(
        self,
        declaration: Declaration,
        *,
        most_products: int = 100_000,
        kind: type[MemorySource] = MemorySource,
    ) -> None:
        self.declaration = declaration
        self.kind = kind
        self.most_products = most_products
        self.table: GuardedTable | None = None
        self.brought: dict[tuple[int, int], Basis] = {}

    def source(self, rows: Sequence[Sequence[Any]]) -> MemorySource:
        """New rows, beside what earlier versions brought."""
        figured = [
            (who, tuple(cell), row_figures(self.declaration, values)) for who, cell, values in rows
        ]
        domain: list[tuple[int, ...]] = []
        if self.declaration.protection.zeros == "hidden":
            domain = list(product(*map(range, self.declaration.sizes)))
        return self.kind(figured, self.brought, domain)

    def publish(self, rows: Sequence[Sequence[Any]], migrate: dict[str, Any] | None = None) -> Made:
        source = self.source(rows)
        if migrate is not None and self.table is None:
            made = migrate_table(
                self.declaration,
                source,
                safe=[[tuple(key) for key in keys] for keys in migrate["safe"]],
                blocked=[tuple(key) for key in migrate["blocked"]],
                most_products=self.most_products,
            )
        elif self.table is None:
            made = make_table(self.declaration, source, most_products=self.most_products)
        else:
            made = renew_table(self.table, source, most_products=self.most_products)
        self.table = made.table
        now = source.ledger(self.table.base).now
        for cell in self.table.brought():
            self.brought[len(self.table.versions), cell] = now[cell]
        return made


def result_of(made: Made) -> dict[str, Any]:
    """What a vector says of one version."""
    table = made.table
    names = [figure.name for figure in table.figures]
    outputs = ["COUNT"]
    for measure in table.declaration.measures:
        outputs += [f"{kind} {measure.name}" for kind in ("SUM", "COUNT", "AVG")]
    answers = []
    for codes in cells_of_groupings(table.declaration.sizes):
        found = answer_set(table, codes, [output_of(text) for text in outputs])
        answers.append(
            {
                "codes": [None if c is None else sorted(c) for c in codes],
                "of_version": found.of_version,
                "outputs": {
                    text: [one.status, shown(one.values)]
                    for text, one in zip(outputs, found.outputs, strict=True)
                },
            }
        )
    result = {
        "base_cells": [[list(key) for key in keys] for keys in table.base],
        "blocked": [list(key) for key in table.newest.blocked],
        "pending": [list(key) for key in table.newest.pending],
        "held": list(made.held),
        "added": made.added,
        "measure_cells": {n: numbered(c) for n, c in zip(names, table.cells, strict=True)},
        "withheld": {n: numbered(c) for n, c in zip(names, table.withheld, strict=True)},
        "base_values": [dict(zip(names, v, strict=True)) for v in table.newest.values],
        "answers": answers,
    }
    del result["measure_cells"]["rows"], result["withheld"]["rows"]
    if made.no_longer is not None:
        result["no_longer"] = {name: list(cells) for name, cells in made.no_longer.items()}
    return result


def compute(vector: dict[str, Any], kind: type[MemorySource] = MemorySource) -> dict[str, Any]:
    """The complete result of a vector's declaration and rows."""
    try:
        product_ = Product(declared(vector["declaration"]), kind=kind)
        old = vector.get("migrate")
        versions = [result_of(product_.publish(rows, old)) for rows in vector["versions"]]
    except Refused as error:
        return {"refused": str(error)}
    assert product_.table is not None
    return {"versions": versions, "attack": attacked(vector, product_.table)}


def attacked(vector: dict[str, Any], table: GuardedTable) -> dict[str, Any] | None:
    """What the vector's attacker gets."""
    if "attack" not in vector:
        return None
    seen, total = [], 0
    for version, written, text, factor in vector["attack"]["terms"]:
        codes = tuple(None if c is None else frozenset(c) for c in written)
        one = answer_set(table, codes, [output_of(text)], version=version).outputs[0]
        seen.append(one.status)
        total += factor * one.values[0] if one.status == "released" else 0
    return {"statuses": seen, "value": total if set(seen) == {"released"} else None}


def output_of(text: str) -> Output:
    kind, _, measure = text.partition(" ")
    if measure and kind == "COUNT":
        return Output("count", measure)
    return Output(KINDS[kind], measure)  # type: ignore[arg-type]


def shown(values: tuple[int, ...]) -> Any:
    if not values:
        return None
    return values[0] if len(values) == 1 else list(values)


def numbered(cells: Sequence[int]) -> list[list[int]]:
    return sorted(members(cell) for cell in cells)


def cells_of_groupings(sizes: Sequence[int]) -> Iterator[tuple[frozenset[int] | None, ...]]:
    """Every cell of every grouping, in the order of the vectors."""
    for size in range(len(sizes) + 1):
        for grouping in combinations(range(len(sizes)), size):
            for codes in product(*[range(sizes[d]) for d in grouping]):
                at = dict(zip(grouping, codes, strict=True))
                yield tuple(frozenset([at[d]]) if d in at else None for d in range(len(sizes)))
