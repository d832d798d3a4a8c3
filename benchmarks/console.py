"""Evidence search and its pages over a million leaves, beside Datasette over the same table.

The whole of both is timed without a socket: the request, the search, the page. Ours is the console
with its session and rights, in a node with a log of real leaves; Datasette's is its page of the
same table under the same filter, with the same indexes, 50 rows, facets and counts left out. Each
filter is asked for many times; what counts is the 95th of a hundred, in time of the processor, so
that what else the machine does weighs less.

Datasette (Apache-2.0) is no dependency: `pip install datasette==0.65.5` beside; without it the
second column is empty.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.test import Client

from benchmarks.many_leaves import fill
from connector.evidence.log import head
from connector.process.ports import unix_ms
from tests.areas import ASKING, AUDIT, COHORT, DSP, OWN, PRODUCTS, QUESTIONS
from tests.connector.console.door import Door, area, opened
from tests.simulators import Net, Party, StandingClock

LEAVES = int(os.environ.get("VOILE_BENCH_LEAVES", "1000000"))
ROUNDS = 20
GOAL_MS = 100.0
GOAL_RATIO = 1.0
MOST_BYTES = 150_000
PORT = 23_457
FIRM = "did:web:firm-7.example"
FILTERS: dict[str, dict[str, str]] = {
    "all": {},
    "kind": {"kind": "REFUSAL"},
    "party": {"party": FIRM},
    "party and kind": {"party": FIRM, "kind": "TRANSFER"},
    "agreement": {"agreement": "urn:uuid:agreement-7"},
    "process": {"process": "question-123"},
    "kind that never meets the party": {"party": FIRM, "kind": "CERTIFICATION"},
}
ALONE: dict[str, dict[str, str]] = {  # Datasette has no such search over one table
    "decision": {"decision": "deny"},
    "product by free id": {"id": "product-7"},
    "agreement by free id": {"id": "urn:uuid:agreement-7"},
    "party and decision": {"party": FIRM, "decision": "deny"},
    "refusals of a product": {"id": "product-7", "kind": "REFUSAL"},
    "before a day": {"until": "2026-11-24", "kind": "ANSWER"},
}
COLUMNS = {"party": "counterparty"}


def run() -> dict[str, Any]:
    """Measure, and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        door, clock = Door(), StandingClock()
        areas = (OWN, PRODUCTS, DSP, QUESTIONS, COHORT, ASKING, AUDIT, area(door))
        env = {"VOILE_CONSOLE_PORT": str(PORT)}
        party = Party.make(Path(name), "acme", Net(), clock, areas=areas, env=env)
        try:
            return {"rows": _rows(party, door, clock)}
        finally:
            party.close()


def _rows(party: Party, door: Door, clock: StandingClock) -> list[dict[str, Any]]:
    path = party.node.settings.data / "voile.db"
    with party.node.db.reading() as session:
        size = head(session).size
    started = time.process_time()
    fill(path, size, LEAVES - size, unix_ms(clock.now()), party.node.settings.space)
    made = time.process_time() - started
    party.node.checkpoints.sign()
    client = Client(opened(party))
    token = door.begin("security")
    client.set_cookie(f"voile-{PORT}", token, domain="localhost")

    def ours(path: str) -> None:
        answer = client.get(path, base_url=f"http://localhost:{PORT}")
        assert answer.status_code == 200, answer.get_data(as_text=True)[-500:]
        assert len(answer.data) < MOST_BYTES, path

    rows = [_row(f"{LEAVES:,} leaves made", made, "s CPU", None, None, None)]
    theirs = _datasette(path) if find_spec("datasette") else None
    for name, wanted in FILTERS.items():
        mine = _p95(lambda wanted=wanted: ours(f"/evidence?{urlencode(wanted)}"))
        other = _p95(lambda wanted=wanted: theirs(wanted)) if theirs else None
        rows.append(_page(f"evidence page: {name}", mine, other))
    for name, wanted in ALONE.items():
        mine = _p95(lambda wanted=wanted: ours(f"/evidence?{urlencode(wanted)}"))
        rows.append(_page(f"evidence page: {name}", mine, None))
    middle = LEAVES // 2
    older = f"/evidence?{urlencode({'kind': 'REFUSAL', 'before': middle})}"
    rows.append(_page("evidence page: from the middle", _p95(lambda: ours(older)), None))
    rows.append(_page("record page", _p95(lambda: ours(f"/evidence/{middle}")), None))
    return rows


def _datasette(path: Path) -> Callable[[dict[str, str]], None]:
    from datasette.app import Datasette

    settings = {"default_page_size": 50, "default_facet_size": 5, "suggest_facets": False,
                "sql_time_limit_ms": 10_000, "num_sql_threads": 1}  # fmt: skip
    loop = asyncio.new_event_loop()
    served = Datasette([str(path)], settings=settings)
    loop.run_until_complete(served.invoke_startup())

    def get(wanted: dict[str, str]) -> None:
        query = urlencode(
            {
                **{COLUMNS.get(name, name): value for name, value in wanted.items()},
                "_sort_desc": "index",
                "_nocount": "1",
                "_nofacet": "1",
            }
        )
        answer = loop.run_until_complete(served.client.get(f"/{quote('voile')}/log_entry?{query}"))
        assert answer.status_code == 200, answer.text[-300:]

    return get


def _p95(once: Callable[[], None]) -> float:
    once()  # what is made at the first time is not measured
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        once()
        taken.append((time.process_time() - started) * 1000)
    return statistics.quantiles(taken, n=20)[18]


def _page(name: str, mine: float, other: float | None) -> dict[str, Any]:
    ratio = mine / other if other else None
    return _row(name, mine, "ms CPU p95", other, ratio, mine <= GOAL_MS)


def _row(
    name: str, value: float, unit: str, reference: Any, ratio: Any, met: bool | None
) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": "" if reference is None else f"{reference:.4g} ms",
        "ratio": ratio,
        "goal": f"<= {GOAL_MS:.0f} ms" if met is not None else "",
        "met": met,
    }
