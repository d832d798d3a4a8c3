"""The reference beside the core: whole results on random tables, where numpy and it are at hand.

A measure with a lower bound above 0, or an upper one below, is a form of its own here, see
`crypto.disclosure.forms`: the reference is given it. The reference keeps what is left of merging as
units, each a tuple of finest cells, where single finest cells are meant; such units are taken apart
here before it goes on.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from crypto.disclosure.memory import MemorySource
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_vectors import Product, Refused, declared, result_of

MODULES = (
    "answers",
    "check_vectors",
    "declare",
    "fineness",
    "forms",
    "inner",
    "merging",
    "sets",
    "table",
)


class Reference:
    """The modules of a folder, loaded apart from everything else.

    Args:
        folder: where they lie.

    Raises:
        ImportError: if numpy is not at hand.
    """

    def __init__(self, folder: Path) -> None:
        before = {name: sys.modules.pop(name, None) for name in MODULES}
        wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        sys.path.insert(0, str(folder))
        try:
            found = {name: importlib.import_module(name) for name in MODULES}
        finally:
            sys.path.remove(str(folder))
            sys.dont_write_bytecode = wrote
            for name, module in before.items():
                sys.modules.pop(name, None)
                if module is not None:
                    sys.modules[name] = module
        self._table, self._answers = found["table"], found["answers"]
        self._read, self._refused = found["check_vectors"].declaration, found["declare"].Refused
        merge = found["merging"].merge

        def flat(items: Any, content: Any, judge: Any) -> Any:
            classes, rest = merge(items, content, judge)
            return classes, sorted(key for unit in rest for key in unit)

        self._table.merge = flat
        listed = found["forms"].forms

        def with_measures(decl: Any, extremes: Any = None) -> Any:
            """Add a measure itself where its bounds lie on one side of 0."""
            figs = found["declare"].figures(decl)
            for form in listed(decl, extremes):
                yield form
                own = figs[form.own] if form.own and form.name.startswith("down(") else None
                if own is not None and (own.lo > 0 or own.hi < 0):
                    alone = tuple(int(i == form.own) for i in range(len(figs)))
                    yield replace(
                        form,
                        name=own.name,
                        coef=alone,
                        uses=(form.own,),
                        bound=False,
                        declared=True,
                    )

        self._table.forms = lambda decl, extremes=None: list(with_measures(decl, extremes))

    def result(self, vector: dict[str, Any]) -> dict[str, Any]:
        """The complete result of a product."""
        try:
            table = self._table.Table(
                self._read(vector["declaration"]), max_products=vector["products"]
            )
            versions = []
            for number, rows in enumerate(vector["versions"]):
                old = vector.get("migrate")
                if old and not number:
                    report = table.migrate(rows, old["safe"], old["blocked"])
                else:
                    report = table.publish(rows)
                versions.append(self._version(table, report))
        except self._refused as error:
            return {"refused": str(error)}
        return json.loads(json.dumps({"versions": versions}))

    def _version(self, table: Any, report: dict[str, Any]) -> dict[str, Any]:
        names = [figure.name for figure in table.figs]
        outputs = ["COUNT"]
        for measure in table.decl.measures:
            outputs += [f"{kind} {measure.name}" for kind in ("SUM", "COUNT", "AVG")]
        answers = []
        for codes in self._answers.cells_of_groupings(table.decl.dims):
            given, of = self._answers.ask(table, len(table.history) - 1, codes, outputs)
            answers.append(
                {
                    "codes": [None if c is None else sorted(c) for c in codes],
                    "of_version": of,
                    "outputs": given,
                }
            )

        def numbered(cells: Any) -> Any:
            return {names[m]: sorted(sorted(q) for q in found) for m, found in cells.items()}

        return {
            "base_cells": table.base,
            "blocked": table.blocked,
            "pending": table.pending,
            "held": report["held"],
            "added": report["added"],
            "measure_cells": numbered(table.cells),
            "withheld": numbered(table.withheld),
            "base_values": [
                dict(zip(names, map(int, state.sum(0)), strict=True))
                for state in table.history[-1][0]
            ],
            "answers": answers,
            **({"no_longer": report["no_longer"]} if "no_longer" in report else {}),
        }


def core_result(vector: dict[str, Any], kind: type[MemorySource] = MemorySource) -> dict[str, Any]:
    """The complete result of the core, by the plain ledger in memory or another."""
    most = vector["products"]
    product = Product(declared(vector["declaration"]), most_products=most, kind=kind)
    try:
        versions = [
            result_of(product.publish(rows, vector.get("migrate"))) for rows in vector["versions"]
        ]
    except Refused as error:
        return {"refused": str(error)}
    return {"versions": versions}


def compare(
    reference: Reference, seed: int, count: int, kind: type[MemorySource] = MemorySource
) -> list[int]:
    """The seeds of random products on which core and reference differ in any field."""
    return [
        number
        for number in range(seed, seed + count)
        for vector in [any_product(random.Random(number))]
        if core_result(vector, kind) != reference.result(vector)
    ]


if __name__ == "__main__":  # FOLDER SEED COUNT
    differing = compare(Reference(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
    print(f"{sys.argv[3]} tables from seed {sys.argv[2]}: {len(differing)} differ {differing[:20]}")
    sys.exit(bool(differing))
