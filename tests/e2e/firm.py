"""A small firm's product and data, for tests that need something to negotiate about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running

PRODUCT = """
id = "deliveries"
title = "Deliveries"
domain = "production"
level = 1
table = "deliveries"
contributor = "customer"

[[column]]
name = "customer"
type = "text"
disclosure = "aggregate"

[[column]]
name = "mode"
type = "text"
disclosure = "group_key"

[[column]]
name = "quantity"
type = "integer"
disclosure = "aggregate"

[[dimension]]
name = "mode"
codes = ["RAIL", "ROAD"]

[[measure]]
name = "quantity"
unit = "piece"
bounds = [0, 1000]

[[offer]]
name = "standard"
purposes = ["capacityPlanning"]
modes = ["masked"]
count = 5
"""


def publish(party: Running, folder: Path, *, counted: bool = True) -> str:
    """Publish the product with forty customers; give the dataset's id.

    Without a count its offer may be agreed more than once with one consumer.
    """
    product, data = folder / "deliveries.toml", folder / "deliveries.csv"
    product.write_text(PRODUCT if counted else PRODUCT.replace("count = 5\n", ""))
    lines = [f"c{n % 40},{'RAIL' if n % 3 else 'ROAD'},{n % 17 + 1}" for n in range(800)]
    data.write_text("\n".join(["customer,mode,quantity", *lines]) + "\n")
    done = party.voile("publish", str(product), str(data), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return "deliveries"
