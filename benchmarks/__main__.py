"""`python -m benchmarks [name …]`: run the benchmarks, print a table, keep the rows as JSON.

Each module here has `run() -> dict` with rows {name, value, unit, reference, ratio, goal, met}. The
exit status is 1 when a goal was missed, so that a script can tell; figures of a busy machine vary,
ratios much less.
"""

import json
import platform
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

NAMES = (
    "encryption",
    "total",
    "protected_table",
    "comparable",
    "comparable_pairs",
    "releasable",
    "decision",
    "masked_question",
    "promises",
    "hostile_questions",
    "strangers",
    "delivery",
    "audit",
    "console",
    "doors",
)
OUT = Path(__file__).parent / "out" / "bench.json"


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all there are."""
    console = Console()
    available = [name for name in NAMES if find_spec(f"benchmarks.{name}")]
    if unknown := [name for name in names if name not in available]:
        console.print(f"unknown benchmark `{unknown[0]}`; expected one of: {', '.join(available)}")
        return 2
    results: dict[str, Any] = {}
    for name in names or available:
        console.print(f"running {name} …")
        results[name] = import_module(f"benchmarks.{name}").run()
    rows = [row for result in results.values() for row in result["rows"]]
    console.print(_table(rows))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    OUT.write_text(json.dumps({"on": machine, "results": results}, indent=2) + "\n", "utf-8")
    console.print(f"rows kept in {OUT.relative_to(Path(__file__).parent.parent)}")
    return 0 if all(row["met"] in {True, None} for row in rows) else 1


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("what", "value", "unit", "beside", "ratio", "goal", "met")
    for row in rows:
        met = {True: "yes", False: "no", None: ""}[row["met"]]
        value, ratio = f"{row['value']:.4g}", _ratio(row["ratio"])
        table.add_row(row["name"], value, row["unit"], row["reference"], ratio, row["goal"], met)
    return table


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:,.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
