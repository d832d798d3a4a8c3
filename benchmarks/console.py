"""Every page of every role over a million leaves and ten thousand products, beside Datasette.

The data space is `benchmarks.big`: it is made at the first run, which takes minutes, and kept under
`.cache/big`. Each page is opened many times by a person who has signed in, without a socket: the
request, its session and rights, what is read, the page. What counts is the 95th of a hundred in
time of the processor, so that what else the machine does weighs less, and the bytes of the page. A
row is of the dearest address of a page; each address stands in `benchmarks/out/console.json`.

Datasette (Apache-2.0) shows its page of the same table under the same filter, with the same
indexes, 50 rows, facets and counts left out. It is no dependency: `make bench ARGS=console`
installs it into a folder of its own (`requirements/bench.txt`); without it the column is empty.
"""

import asyncio
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.big.visits import FIRM, Visitors, visits
from benchmarks.big.world import Sizes, say, world
from tests.simulators import Party

# of fewer visits the 95th would be the dearest one: that with a collection of garbage in it
ROUNDS: Final = int(os.environ.get("VOILE_BENCH_ROUNDS", "60"))
GOAL_MS: Final = 100.0
MOST_BYTES: Final = 150_000
BESIDE: Final = Path(__file__).parents[1] / ".cache" / "bench"
OUT: Final = Path(__file__).parent / "out" / "console.json"
SMALL: Final = Sizes(
    leaves=20_000, questions=3_000, products=1_000, others=400, contracts=200, firms=50
)
FILES: Final = frozenset(
    {
        *("/received.csv", "/questions/{id}/answer.csv"),
        *("/dossier-json/{agreement}", "/dossier-file/{agreement}"),
    }
)
TABLES: Final = {  # a list of ours, and what Datasette shows beside it
    "/evidence": ("log_entry", {"_sort_desc": "index"}),
    "/evidence?kind=REFUSAL": ("log_entry", {"_sort_desc": "index", "kind": "REFUSAL"}),
    f"/evidence?{urlencode({'party': FIRM})}": (
        "log_entry",
        {"_sort_desc": "index", "counterparty": FIRM},
    ),
    "/received": ("question_answer", {"_sort_desc": "answered_ms"}),
    "/questions": ("question_asked", {"_sort_desc": "asked_ms"}),
    "/products": ("product", {"_sort": "id"}),
    "/contracts": ("dsp_agreement", {"_sort_desc": "agreed_ms"}),
}


def run() -> dict[str, Any]:
    """Measure, and return the rows."""
    sizes = SMALL if os.environ.get("VOILE_BENCH_SMALL") else Sizes()
    with world(sizes) as (found, told):
        rows = [
            _row(f"{sizes.leaves:,} leaves made", told["cpu"], "s CPU", f"{told['seconds']:.0f} s"),
            _row("disk", told["bytes"] / 2**20, "MiB"),
        ]
        gc.collect()
        gc.freeze()  # as a process that serves does (`connector.compose.preload`)
        measured = [one for party in (found.firm, found.hub) for one in _measured(party)]
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", "utf-8")
        beside = _beside(found.firm)
    return {"rows": [*rows, *_worst(measured), *_compared(measured, beside)]}


def _measured(party: Party) -> list[dict[str, Any]]:
    visitors, found = Visitors(party), []
    for visit in visits(party):
        size = visitors.open(visit)  # what is made at the first time is not measured
        is_file = visit.page in FILES
        taken = _taken(lambda visit=visit: visitors.open(visit), 3 if is_file else ROUNDS)
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[18]
        found.append(
            {"node": party.node.settings.role, "role": visit.role, "page": visit.page}
            | {"path": visit.path, "p50": p50, "p95": p95, "bytes": size, "file": is_file}
        )
        if not is_file and (p95 > GOAL_MS or size > MOST_BYTES):
            say(f"{visit.role} {visit.path}: {p95:.0f} ms, {size:,} bytes")
    return found


def _taken(once: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        once()
        taken.append((time.process_time() - started) * 1000)
    return taken


def _worst(measured: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give a row for each page: its dearest address, and its heaviest."""
    rows = []
    for place in dict.fromkeys((one["node"], one["page"]) for one in measured):
        of = [one for one in measured if (one["node"], one["page"]) == place]
        dear, most = max(of, key=lambda one: one["p95"]), max(one["bytes"] for one in of)
        name = f"{'hub ' if place[0] == 'hub' else ''}{place[1]}"
        if dear["path"] != place[1] and "?" in dear["path"]:
            name += f" ({dear['path'].partition('?')[2][:60]})"
        met = None if dear["file"] else dear["p95"] <= GOAL_MS and most < MOST_BYTES
        rows.append(
            _row(name, dear["p95"], "ms CPU p95", f"{most / 1000:.0f} KB")
            | {"goal": "" if dear["file"] else f"<= {GOAL_MS:.0f} ms, < 150 KB", "met": met}
        )
    return rows


def _compared(measured: list[dict[str, Any]], beside: Mapping[str, float]) -> list[dict[str, Any]]:
    rows = []
    for path, theirs in beside.items():
        ours = max(one["p95"] for one in measured if one["path"] == path)
        made = _row(f"{path} beside Datasette", ours, "ms CPU p95", f"{theirs:.4g} ms")
        rows.append(made | {"ratio": ours / theirs})
    return rows


def _beside(party: Party) -> dict[str, float]:
    """Give what Datasette takes for the same lists, in milliseconds of the processor."""
    sys.path.append(str(BESIDE))  # behind our own: it lies there for this alone
    if find_spec("datasette") is None:
        return {}
    from datasette.app import Datasette

    settings = {"default_page_size": 50, "default_facet_size": 5, "suggest_facets": False,
                "sql_time_limit_ms": 60_000, "num_sql_threads": 1}  # fmt: skip
    loop = asyncio.new_event_loop()
    served = Datasette([str(party.node.settings.data / "voile.db")], settings=settings)
    loop.run_until_complete(served.invoke_startup())
    found = {}
    for path, (table, wanted) in TABLES.items():
        query = urlencode({**wanted, "_nocount": "1", "_nofacet": "1"})

        def once(address: str = f"/voile/{table}?{query}") -> None:
            answer = loop.run_until_complete(served.client.get(address))
            if answer.status_code != 200:
                raise RuntimeError(answer.text[-300:])

        once()
        found[path] = statistics.quantiles(_taken(once, ROUNDS), n=20)[18]
    loop.close()
    return found


def _row(name: str, value: float, unit: str, reference: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "reference": reference}  | {
        "ratio": None, "goal": "", "met": None
    }  # fmt: skip
