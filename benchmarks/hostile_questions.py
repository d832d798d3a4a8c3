"""A consumer's questions while another one asks what is refused, in six threads, without a pause.

A product of 10 million combinations of declared codes (100,000 parts, ten plants, ten modes). One
consumer asks fresh questions one after the other and waits for the verified answer of each: a few
alone, a few while the hostile one asks, in turn, so that both meet the same machine. Every process
is real; the medians stand side by side.

Reference: the same consumer, the same kind of questions, nobody else there.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Self

from benchmarks.masked_question import OFFER
from tests.e2e.processes import Running, Space, environment

GOAL = 1.5
MEMORY_GOAL_MB = 300
ROUNDS = 8
ASKED = 10  # questions per round and kind
ROWS = 60_000
CUSTOMERS = 2_000
PRODUCT = """
id = "parts"
table = "parts"
contributor = "customer"
domain = "maintenance"
level = 1
column = [
  {name = "customer", type = "integer", disclosure = "never"},
  {name = "part", type = "integer", disclosure = "filter"},
  {name = "plant", type = "text", disclosure = "group_key"},
  {name = "mode", type = "text", disclosure = "group_key"},
  {name = "qty", type = "integer", disclosure = "aggregate"},
]
dimension = [
  {name = "part", range = [0, 99999]},
  {name = "plant", codes = [%s]},
  {name = "mode", codes = [%s]},
]
measure = [{name = "qty", bounds = [0, 100]}]
"""


def run() -> dict[str, Any]:
    """Measure both runs and return the rows."""
    with tempfile.TemporaryDirectory() as name, Space(Path(name), quiet=True) as space:
        folder = Path(name)
        provider, consumer, hostile = (space.party(n) for n in ("acme", "buyer", "mallory"))
        provider.env["VOILE_PINNED"] = f"{consumer.did},{hostile.did}"
        for party in (consumer, hostile):
            party.env["VOILE_PINNED"] = provider.did
        for party in (provider, consumer, hostile):
            party.start()
        _publish(provider, folder)
        agreement, theirs = _agree(provider, consumer), _agree(provider, hostile)
        numbers = iter(range(100_000))
        _times(consumer, agreement, numbers)  # warm
        quiet, loud = [], []
        _forget_peak(provider)
        with _Askers(hostile, provider, theirs) as askers:
            for _ in range(ROUNDS):
                quiet += _times(consumer, agreement, numbers)
                with askers.asking():
                    loud += _times(consumer, agreement, numbers)
            memory = _peak_mb(provider)
    medians = (statistics.median(times) * 1000 for times in (quiet, loud))
    return {"rows": _rows(*medians, memory, askers.said)}


def _rows(quiet: float, loud: float, memory: float, said: dict[str, Any]) -> list[dict[str, Any]]:
    late = sum(count for told, count in said["told"].items() if told.startswith("429"))
    asked = sum(said["told"].values())
    least, most = said["waits"]
    return [
        {
            "name": "a consumer's question while another asks refused ones in six threads",
            "value": loud,
            "unit": "ms",
            "reference": f"the same when nobody does: {quiet:.1f} ms",
            "ratio": loud / quiet,
            "goal": f"<= {GOAL:g}x",
            "met": loud / quiet <= GOAL,
        },
        {
            "name": "refused questions of those six threads that got 429 with a time",
            "value": late,
            "unit": "",
            "reference": f"asked: {asked}; told to wait {least} to {most} s",
            "ratio": late / max(1, asked),
            "goal": "> 0",
            "met": late > 0 and least > 0,
        },
        {
            "name": "memory of the provider at its highest while both asked",
            "value": memory,
            "unit": "MB",
            "reference": "declared: 10 million combinations",
            "ratio": None,
            "goal": f"<= {MEMORY_GOAL_MB} MB",
            "met": memory <= MEMORY_GOAL_MB,
        },
    ]


class _Askers:
    """The hostile process, while it runs."""

    def __init__(self, hostile: Running, provider: Running, agreement: str) -> None:
        self.said: dict[str, Any] = {}
        place = [str(hostile.home), provider.url, provider.did, agreement]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile_askers", *place],
            env=environment(hostile.env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, ready = self._process.stdin, self._process.stdout.readline()
        if ready != "ready\n":
            raise RuntimeError(f"the hostile askers did not start: {ready}")

    def __enter__(self) -> Self:
        return self

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask from here to the end of the block."""
        self._turn()
        time.sleep(1)
        yield
        self._turn()

    def _turn(self) -> None:
        self._in.write("\n")
        self._in.flush()

    def __exit__(self, *_: object) -> None:
        out, _nothing = self._process.communicate(timeout=120)
        self.said = json.loads(out)


def _publish(provider: Running, folder: Path) -> None:
    drawn = random.Random(11)
    data = folder / "parts.csv"
    with data.open("w", encoding="utf-8") as file:
        file.write("customer,part,plant,mode,qty\n")
        for _ in range(ROWS):
            part = drawn.randrange(600) if drawn.random() < 0.8 else drawn.randrange(100_000)
            file.write(
                f"{drawn.randrange(CUSTOMERS)},{part},P{drawn.randrange(10)},"
                f"M{drawn.randrange(10)},{drawn.randrange(1, 100)}\n"
            )
    plants, modes = (", ".join(f'"{c}{i}"' for i in range(10)) for c in "PM")
    product = folder / "parts.toml"
    product.write_text(PRODUCT % (plants, modes) + OFFER, encoding="utf-8")
    made = provider.voile("publish", str(product), str(data), "--json", timeout=900)
    if made.returncode != 0:
        raise RuntimeError(made.stdout + made.stderr)


def _agree(provider: Running, consumer: Running) -> str:
    made = consumer.voile("negotiate", provider.did, "parts", "--wait", "--json")
    if made.returncode != 0:
        raise RuntimeError(made.stdout + made.stderr)
    agreement: str = json.loads(made.stdout)["agreement"]
    _ask(consumer, agreement, "SELECT COUNT(*) FROM parts")  # opens the transfer
    return agreement


def _times(consumer: Running, agreement: str, numbers: Iterator[int]) -> list[float]:
    """Ask fresh questions one after the other; give the seconds of each."""
    took = []
    for number in islice(numbers, ASKED):
        sql = f"SELECT plant, SUM(qty) FROM parts WHERE part < {90_000 + number} GROUP BY plant"
        begun = time.perf_counter()
        _ask(consumer, agreement, sql)
        took.append(time.perf_counter() - begun)
        time.sleep(0.1)
    return took


def _ask(consumer: Running, agreement: str, sql: str) -> None:
    body = {"agreements": [agreement], "sql": sql, "purpose": "capacityPlanning"}
    status, found = consumer.manage("POST", "/v1/questions", body)
    if status != 200 or found["repeated"]:
        raise RuntimeError(f"expected a fresh answer, got {status}: {str(found)[:500]}")


def _forget_peak(party: Running) -> None:
    """Have the kernel count the highest memory anew: what publishing took is not asked for here."""
    assert party.process is not None
    Path(f"/proc/{party.process.pid}/clear_refs").write_text("5", encoding="ascii")


def _peak_mb(party: Running) -> float:
    assert party.process is not None
    status = Path(f"/proc/{party.process.pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
