"""Products of several comparable measures, their rows, and the core's reading of the same rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.declared_table import declaration_of
from catalog.product_file import read_product
from crypto.disclosure.declaration import row_figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from catalog.product import Product

Values = tuple[str | None, ...]
Line = tuple[str, int, int, Values]  # contributor, two codes, the fields of the measures

TEXT = """
id = "orders"
table = "orders"
domain = "production"
level = 1
contributor = "who"
{keys}

[rules]
minimum_contributors = 3
{rules}

[[column]]
name = "who"
type = "text"
disclosure = "never"

[[column]]
name = "region"
type = "integer"
disclosure = "group_key"

[[column]]
name = "kind"
type = "integer"
disclosure = "group_key"

[[column]]
name = "net"
type = "decimal(12,2)"
disclosure = "aggregate"

[[column]]
name = "paid"
type = "decimal(12,1)"
disclosure = "aggregate"

[[column]]
name = "shift"
type = "integer"
disclosure = "aggregate"

[[column]]
name = "open"
type = "boolean"
disclosure = "aggregate"

[[column]]
name = "late"
type = "boolean"
disclosure = "aggregate"

[[dimension]]
name = "region"
codes = [1, 2, 3]

[[dimension]]
name = "kind"
codes = [1, 2]

[[measure]]
name = "net"
unit = "EUR"
bounds = [0, 100]

[[measure]]
name = "paid"
unit = " eur"
bounds = [0, 100]
empty = "zero"

[[measure]]
name = "shift"
unit = "min"
bounds = [{low}, 60]
empty = "skip"

[[measure]]
name = "open"
bounds = [0, 1]

[[measure]]
name = "late"
bounds = [0, 1]
empty = "skip"
"""
NAMES = ("who", "region", "kind", "net", "paid", "shift", "open", "late")


def orders(*, keys: str = "", rules: str = "", low: int = -60) -> Product:
    """A product of two amounts of one unit, minutes that may be missing, and two indicators."""
    return read_product(TEXT.format(keys=keys, rules=rules, low=low))


def some_lines(dice: Random, count: int, people: int = 25) -> list[Line]:
    """Orders of which some are unpaid, some have no minutes, and few are late."""
    lines = []
    for _ in range(count):
        net = dice.choice([0, 5, 50, dice.randrange(100), 130])
        paid = dice.choice([net, net, net, 0, dice.randrange(100)])
        shift = dice.choice([None, "-90", "0", str(dice.randrange(-60, 60)), "15"])
        lines.append(
            (
                f"C{int(dice.random() ** 1.3 * people):02}",
                dice.choice([1, 1, 2, 3]),
                dice.choice([1, 2]),
                (
                    f"{net}.{dice.choice(['00', '25'])}",
                    dice.choice([f"{paid}.5", f"{paid}.0", None]),
                    shift,
                    dice.choice(["true", "false"]),
                    dice.choice([None, "true", "false", "false", "false"]),
                ),
            )
        )
    return lines


def csv_file(folder: Path, lines: Sequence[Line], name: str = "data.csv") -> Path:
    """Writes orders as CSV."""
    rows = [",".join(NAMES)]
    for who, region, kind, values in lines:
        rows.append(",".join([who, str(region), str(kind), *(v or "" for v in values)]))
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def figured(
    product: Product, lines: Sequence[Line]
) -> list[tuple[str, tuple[int, int], tuple[int, ...]]]:
    """What the core says that these rows are: contributor, finest cell, figures."""
    declaration = declaration_of(product)
    rows = []
    for who, region, kind, values in lines:
        units = [
            _units(text, m.scale) for text, m in zip(values, declaration.measures, strict=True)
        ]
        rows.append((who, (region - 1, kind - 1), row_figures(declaration, units)))
    return rows


def _units(text: str | None, scale: int) -> int | None:
    if text is None:
        return None
    if text in ("true", "false"):
        return int(text == "true")
    return int(Decimal(text).scaleb(scale))
