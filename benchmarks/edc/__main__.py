"""`python -m benchmarks.edc`: Voile beside an Eclipse EDC, one after the other, one table.

Exit codes: 0 all goals met, 1 some missed, 2 wrong arguments, 3 Java or Maven is missing. EDC
listens on all interfaces, so the run enters a network namespace of its own where the machine allows
that. Quote figures of an idle machine only: the load before the run stands in the result.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from benchmarks.edc import measure
from benchmarks.edc.eclipse import FASTEST as FAST_LOOPS
from benchmarks.edc.eclipse import edc_pair
from benchmarks.edc.pair import Pair
from benchmarks.edc.report import DEFAULT, FASTEST, VOILE, markdown, rows, table
from benchmarks.edc.voile import voile_pair
from connector.store import sqlite
from tests.interop import namespace
from tests.interop.edc import Runtime, build
from tests.interop.toolchain import MissingToolError

OUT: Final = Path(__file__).parent.parent / "out" / "edc.json"
DATASETS: Final = 10_000
NO_TOOLS: Final = 3
COUNTED: Final = ("voile_commits_total", "voile_flushes_total", "voile_log_size")
FINALS: Final = (
    'voile_http_requests_total{endpoint="dsp.ContractNegotiationEventMessage",'
    'listener="protocol",status="200"}'
)


def main(arguments: Sequence[str]) -> int:
    """Measure both, print the table, keep the rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edc", description=__doc__)
    parser.add_argument("--only", choices=("voile", "edc"), help="one of the two")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, 1,000 datasets")
    given = parser.parse_args(arguments)
    console = Console()
    runtime: Runtime | None = None
    if given.only != "voile":
        try:
            runtime = build()
        except MissingToolError as error:
            console.print(f"bench-edc: {error}")
            return NO_TOOLS
    where = namespace.enter("benchmarks.edc", arguments)
    if where != "inside" and runtime is not None:
        console.print(f"warning: in the open, EDC listens on all interfaces: {where}")
    chosen = sqlite.journal()
    facts = {
        "EDC": "all stores in memory, mock identity: a restart forgets everything",
        "Voile": f"SQLite on disk, journal_mode={chosen.mode} synchronous={chosen.synchronous}:"
        " state, evidence and message are flushed before anybody is answered; signed tokens",
    }
    for name, fact in facts.items():
        console.print(f"{name}: {fact}")
    load = os.getloadavg()[0]
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="voile-bench-") as folder:
        run = _Run(console, Path(folder), quick=given.quick)
        if runtime is not None:
            results[DEFAULT] = run.edc(runtime, DEFAULT, {}, catalogue=True)
            results[FASTEST] = run.edc(runtime, FASTEST, FAST_LOOPS, catalogue=False)
        if given.only != "edc":
            results[VOILE] = run.voile()
    made = rows(results)
    console.print(table(made))
    console.print(f"load before the run {load:.2f}, on {os.cpu_count()} cores")
    machine = {"python": platform.python_version(), "machine": platform.machine(), "load": load}
    kept = {"on": machine, "facts": facts, "quick": given.quick, "rows": made, "results": results}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    OUT.with_suffix(".md").write_text(markdown(made), encoding="utf-8")
    console.print(f"kept in {OUT.relative_to(Path(__file__).parents[2])}, the table in edc.md")
    return 0 if all(row["met"] in {True, None} for row in made) else 1


class _Run:
    def __init__(self, console: Console, folder: Path, *, quick: bool) -> None:
        self._console = console
        self._folder = folder
        self._quick = quick
        self._datasets = DATASETS // 10 if quick else DATASETS
        self._serial = 0

    def _fresh(self) -> Path:
        self._serial += 1
        path = self._folder / str(self._serial)
        path.mkdir()
        return path

    def _say(self, words: str) -> None:
        self._console.print(f"{time.strftime('%H:%M:%S')} {words} …")

    def edc(
        self, runtime: Runtime, name: str, options: Mapping[str, str], *, catalogue: bool
    ) -> dict[str, Any]:
        """Measure a pair of EDC."""
        self._say(f"{name}: idle, negotiations, transfers")
        with edc_pair(runtime, self._fresh(), name, options) as pair:
            found = self._work(pair, slow=name == DEFAULT)
        if catalogue:
            self._say(f"{name}: catalogue of {self._datasets:,}")
            filled = edc_pair(runtime, self._fresh(), name, options, datasets=self._datasets)
            found["catalogue"] = self._catalogue(filled)
        return found

    def voile(self) -> dict[str, Any]:
        """Measure a pair of Voile."""
        self._say("Voile: idle, negotiations, transfers")
        with voile_pair(self._fresh()) as pair:
            before = pair.metrics()
            found = self._work(pair, slow=False)
            found["profile"] = _profile(before, pair.metrics())
        self._say(f"Voile: publishing and catalogue of {self._datasets:,}")
        found["catalogue"] = self._catalogue(voile_pair(self._fresh(), datasets=self._datasets))
        return found

    def _work(self, pair: Pair, *, slow: bool) -> dict[str, Any]:
        few = self._quick or slow
        return {
            "idle": measure.idle(pair, seconds=5 if self._quick else 20),
            "sequential": measure.sequential(pair, count=10 if few else 100, warm=5 if few else 20),
            "at_once": measure.at_once(
                pair, count=300, warm=50, repeat=1 if self._quick else 2 if slow else 3
            ),
            "pulls": measure.pulls(pair, count=5 if few else 20, warm=2),
        }

    def _catalogue(self, filled: AbstractContextManager[Pair]) -> dict[str, Any]:
        with filled as pair:
            return measure.catalogue(pair, datasets=self._datasets, repeat=5)


def _profile(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Say what a contract cost, both sides together: all that was done is divided by contracts."""
    grown = {name: after[name] - before.get(name, 0.0) for name in after}
    contracts = grown[FINALS]
    return {name: grown[name] / contracts for name in COUNTED} | {"contracts": contracts}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
