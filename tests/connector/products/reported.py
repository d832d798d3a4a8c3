"""Owners who publish small tables of the second edition, for tests of their reports."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from catalog.product_file import read_product
from connector.areas.products.report import make_report
from connector.engines.spellings import Alike, Spellings
from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Protection
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.rules import Rules
from tests.catalog.product_texts import DELIVERIES
from tests.crypto.disclosure.second_vectors import Product

PRODUCT = read_product(DELIVERIES)
MODES = ("mode", ("AIR", "RAIL", "ROAD", "SHIP"))
YEARS = ("year", ("2024", "2025"))
BILLED = DeclaredMeasure(name="billed", lower=0, upper=500, unit="CNY")
PAID = DeclaredMeasure(name="paid", lower=0, upper=500, unit="CNY")
RULES = Protection(rules=Rules(minimum_contributors=5))
Dims = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Read:
    """What was counted while a file was read."""

    rows: int = 41
    clamped: dict[str, int] = field(default_factory=lambda: {"billed": 2})
    rounded: dict[str, int] = field(default_factory=dict)
    zeroed: dict[str, int] = field(default_factory=lambda: {"paid": 1})
    skipped: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    spellings: Spellings = field(default_factory=lambda: Spellings(Alike(0, ()), Alike(0, ())))

    def recognised(self) -> tuple[str, ...]:
        """Digests of the rows."""
        return ("rows-sha-256:ab",)


class Owner:
    """A product whose versions are published one after the other."""

    def __init__(self, *measures: DeclaredMeasure, dims: Dims, rules: Protection = RULES) -> None:
        sizes = tuple(len(codes) for _, codes in dims)
        self.kept = Product(Declaration(sizes=sizes, measures=measures, protection=rules))
        self.dims = dims
        self.report: dict[str, Any] | None = None

    def publish(self, rows: list[Any], grouped: Any = None, migrate: Any = None) -> dict[str, Any]:
        made = self.kept.publish(rows, migrate)
        published = PublishedTable(table=made.table, dimensions=self.dims, salt="5a" * 16)
        self.report = make_report(PRODUCT, made, published, grouped=grouped, previous=self.report)
        return json.loads(json.dumps(self.report))


def paid_but_for(few: int, people: int = 20) -> list[Any]:
    """Everybody paid in both years by two modes what was billed, but for some in 2025 by RAIL."""
    rows = []
    for i in range(people):
        for year in (0, 1):
            for mode in (0, 1):
                owed = 5 * (-1) ** i if i < few and (year, mode) == (1, 1) else 0
                rows.append([f"C{i:02}", (year, mode), [100 + i, 100 + i - owed]])
    return rows
