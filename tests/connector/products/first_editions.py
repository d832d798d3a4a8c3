"""Products as the first edition published them: table, shape and bases as its connector left them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from catalog.product_file import read_product
from catalog.product_shape import before_units
from connector.areas.products.publication import set_product
from connector.areas.products.rows import ProductVersionRow
from connector.engines.duckdb.grouping import group_file
from connector.engines.progress import quiet
from connector.process.ports import unix_ms
from crypto.disclosure import encode
from tests.connector.engines.reading import contributions
from tests.crypto.disclosure.first_rules import statistics
from tests.crypto.disclosure.first_versions import first_version

if TYPE_CHECKING:
    from pathlib import Path

    from connector.party.node import Node
    from crypto.disclosure import ProtectedTable


def publish_first_edition(node: Node, text: str, data: Path, *, number: int = 1) -> ProtectedTable:
    """Publishes a version by the rules of the first edition; a later one has changed every cell."""
    product = read_product(text)
    scratch = data.parent / "scratch-of-first"
    scratch.mkdir(exist_ok=True)
    known: dict[Any, dict[Any, tuple[int, ...]]] = {}
    for measure in product.measures:  # one by one: of few enough nothing is refused
        alone = replace(product, measures=(measure,), equations=())
        with group_file(data, alone, scratch=scratch, progress=quiet) as grouped:
            rows = grouped.rows
            for cell, one in contributions(grouped).items():
                for who, (count, value) in one.items():
                    figures_of = known.setdefault(cell, {})
                    figures_of[who] = (*figures_of.get(who, (count,)), value)
    figures = 1 + len(product.measures)
    depth = product.rules.depth
    table = first_version(
        {c: statistics(one.values(), figures=figures, depth=depth) for c, one in known.items()},
        dimensions=product.codes,
        measures=tuple(m.name for m in product.measures),
        rules=product.rules,
        zeros=product.zeros,
        fetch=lambda cells: {cell: known[cell] for cell in cells},
        salt="00" * 16,
    )
    changed = tuple(replace(safe, since=number) for safe in table.safe)
    table = replace(table, number=number, safe=changed)
    folder = node.settings.data / "products" / product.id
    folder.mkdir(parents=True, exist_ok=True)
    name = f"basis-{number}-{table.version[-12:]}.parquet"
    _write_basis(folder / name, table, known)
    report: dict[str, Any] = {
        "product": product.id,
        "version": {"number": number, "digest": table.version},
        "rows": rows,
        "cells": {"finest": len(known), "safe": len(table.safe)},
        "margins": [],
        "clamped": {},
        "rounded": {},
    }
    with node.db.transaction() as tx:
        tx.session.add(
            ProductVersionRow(
                product=product.id,
                number=number,
                digest=table.version,
                protected=encode(table),
                shape=json.dumps(before_units(product.shape())),
                source="sha-256:" + "0" * 64,
                report=json.dumps(report),
                basis=name,
                published_ms=unix_ms(tx.now),
            )
        )
        set_product(tx, product, text, number)
    return table


def _write_basis(path: Path, table: ProtectedTable, known: dict[Any, Any]) -> None:
    rows = [
        (member, who, *figures)
        for cell, member in zip(table.cells, table.membership, strict=True)
        if member >= 0
        for who, figures in known[cell].items()
    ]
    width = len(rows[0]) - 2
    columns = ", ".join(f"f{i} HUGEINT" for i in range(width))
    with duckdb.connect() as session:
        session.execute(f"CREATE TABLE basis (safe BIGINT, contributor VARCHAR, {columns})")
        session.executemany(f"INSERT INTO basis VALUES ({', '.join('?' * (width + 2))})", rows)
        session.execute(f"COPY basis TO '{path}' (FORMAT parquet)")
