"""A masked question end to end, beside the same SUM and COUNT in plain DuckDB over 6 million rows.

Two real connectors, each a process of its own on this machine. The owner of one posts a question to
its management API; it saves the question and its leaf durably, sends it with a fresh token; the
other decides, answers from the protected table, signs, charges and writes its leaves durably; the
first verifies the answer and stores it with its leaf. Timed is all of that, from the owner's call
to the verified answer. Every question means something else, so that none is a stored answer.

Reference: the same query in DuckDB on a table that is loaded already, without any of the above.
"""

import json
import statistics as median_of
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.protected_table import DATA, DISTRICTS, PRODUCT, ROWS
from tests.e2e.processes import Running, Space

GOAL = 1.0
OFFER = '\n[[offer]]\npurposes = ["capacityPlanning"]\nmodes = ["masked"]\n'
TABLE = """
CREATE TABLE deliveries AS
SELECT year, ship_mode, district, quantity, price FROM read_parquet('{path}')
"""
# every question has another meaning: another year and ship mode
FILTERS = [
    f"year = {year} AND ship_mode = 'M{mode}'" for year in range(2020, 2027) for mode in range(7)
]
TOTAL = "SELECT COUNT(*), SUM(quantity), SUM(price) FROM deliveries WHERE {where}"
BY_DISTRICT = (
    "SELECT district, COUNT(*), SUM(quantity), SUM(price) FROM deliveries "
    "WHERE {where} GROUP BY district"
)


def run() -> dict[str, Any]:
    """Measure, compare every released number with DuckDB's, and return the rows."""
    with tempfile.TemporaryDirectory() as name, Space(Path(name), quiet=True) as space:
        folder = Path(name)
        path = folder / "rows.parquet"
        with duckdb.connect() as session:
            session.execute(DATA.format(path=path))
            provider, consumer = _pair(space)
            _publish(provider, folder, path)
            agreement = _agree(provider, consumer)
            session.execute(TABLE.format(path=path))
            totals = _side_by_side(session, consumer, agreement, TOTAL)
            groups = _side_by_side(session, consumer, agreement, BY_DISTRICT)
    return {
        "rows": [
            _row("masked question end to end: COUNT and SUMs", totals, goal=True),
            _row(f"the same per district ({DISTRICTS} cells)", groups, goal=False),
        ]
    }


def _side_by_side(
    session: duckdb.DuckDBPyConnection, consumer: Running, agreement: str, template: str
) -> tuple[float, float]:
    """Ask each question both ways in turn; return the medians in milliseconds, ours first."""
    ours, plain = [], []
    for where in FILTERS:
        sql = template.format(where=where)
        start = time.perf_counter()
        rows = session.execute(sql).fetchall()
        plain.append(time.perf_counter() - start)
        start = time.perf_counter()
        answer = _ask(consumer, agreement, sql)
        ours.append(time.perf_counter() - start)
        _compare(rows, answer)
    return median_of.median(ours) * 1000, median_of.median(plain) * 1000


def _row(name: str, medians: tuple[float, float], *, goal: bool) -> dict[str, Any]:
    value, reference = medians
    return {
        "name": f"{name}, {ROWS:,} rows behind it",
        "value": value,
        "unit": "ms",
        "reference": f"the same in plain DuckDB: {reference:.1f} ms",
        "ratio": value / reference,
        "goal": f"<= {GOAL:g}x" if goal else "",
        "met": value / reference <= GOAL if goal else None,
    }


def _pair(space: Space) -> tuple[Running, Running]:
    provider, consumer = space.party("acme"), space.party("buyer")
    provider.env["VOILE_PINNED"] = consumer.did
    consumer.env["VOILE_PINNED"] = provider.did
    return provider.start(), consumer.start()


def _publish(provider: Running, folder: Path, path: Path) -> None:
    codes = ", ".join(f'"D{i}"' for i in range(DISTRICTS))
    product = folder / "bench.toml"
    product.write_text(PRODUCT % codes + OFFER, encoding="utf-8")
    made = provider.voile("publish", str(product), str(path), "--json", timeout=600)
    if made.returncode != 0:
        raise RuntimeError(made.stdout + made.stderr)


def _agree(provider: Running, consumer: Running) -> str:
    made = consumer.voile("negotiate", provider.did, "bench", "--wait", "--json")
    if made.returncode != 0:
        raise RuntimeError(made.stdout + made.stderr)
    agreement: str = json.loads(made.stdout)["agreement"]
    _ask(consumer, agreement, "SELECT COUNT(*) FROM deliveries")  # opens the transfer
    return agreement


def _ask(consumer: Running, agreement: str, sql: str) -> dict[str, Any]:
    body = {"agreements": [agreement], "sql": sql, "purpose": "capacityPlanning"}
    status, found = consumer.manage("POST", "/v1/questions", body)
    if status != 200 or found["repeated"]:
        raise RuntimeError(f"expected a fresh answer, got {status}: {str(found)[:500]}")
    answer: dict[str, Any] = found["answer"]
    return answer


def _compare(rows: list[Any], answer: dict[str, Any]) -> None:
    plain = {tuple(map(str, row[:-3])): [str(value) for value in row[-3:]] for row in rows}
    for cell in answer["cells"]:
        key = tuple(cell["key"].values())
        found = [cell["values"][n] for n in ("*:count", "quantity:sum", "price:sum")]
        if plain[key] != found:
            raise RuntimeError(f"the answers differ at {key}: {found} and {plain[key]}")
    if not answer["cells"]:
        raise RuntimeError("expected released cells")
