"""However much there is, a page takes as many statements, and the database as much work, as before.

Every page of every role is opened in two data spaces, one with eight times as many of everything
as the other. Neither is timed: statements are counted, and what SQLite does for them in steps of its
virtual machine; and its plans must not walk a long table from end to end.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.big.visits import Visit, Visitors, visits
from benchmarks.big.world import Sizes, World, world
from connector.store import sqlite
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.simulators import Party

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(databases.SERVER), reason="counts what SQLite does"),
]
# the small one fills each page, too: what a page costs may hang on how many rows it shows
SMALL = Sizes(
    leaves=2000, questions=400, products=120, others=120, contracts=800, firms=240, sellers=1
)
LARGE = Sizes(
    leaves=9000, questions=1800, products=540, others=540, contracts=3600, firms=1080, sellers=1
)
STEPS = 100  # of the virtual machine, at which it tells
LONG = (
    *("log_entry", "log_term", "question_received", "question_answer", "question_asked"),
    *("question_charge", "product", "product_version", "dsp_agreement", "dsp_process"),
)
WALKED = re.compile(rf"SCAN ({'|'.join(LONG)})(?! USING)\b")


@dataclass
class Work:
    """What the database was asked, and how much it did."""

    statements: list[str] = field(default_factory=list)
    steps: int = 0

    def step(self) -> int:
        self.steps += STEPS
        return 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts what readers ask."""
    counted, take = Work(), sqlite.Readers.take

    def counting(self: Any) -> Any:
        connection = take(self)
        connection.set_trace_callback(counted.statements.append)
        connection.set_progress_handler(counted.step, STEPS)
        return connection

    monkeypatch.setattr(sqlite.Readers, "take", counting)
    return counted


@dataclass
class Cost:
    """Of a page: its statements, and the steps that they took."""

    statements: int
    steps: int


def costs(party: Party, work: Work) -> Iterator[tuple[Visit, Cost]]:
    """Open every page twice; what the first time makes for all others is not counted.

    For one role each: what another sees besides is in its rail.
    """
    visitors = Visitors(party)
    addresses = {visit.path: visit for visit in reversed(visits(party))}
    for visit in addresses.values():
        visitors.open(visit)
        work.statements.clear()
        work.steps = 0
        visitors.open(visit)
        yield visit, Cost(len(work.statements), work.steps)


def nodes(found: World) -> tuple[Party, Party]:
    return found.firm, found.hub


def plans(party: Party, statements: Counter[str]) -> Iterator[tuple[str, str]]:
    """Give how SQLite goes about what was asked."""
    path = party.node.settings.data / "voile.db"
    with sqlite3.connect(path) as db:
        for said in statements:
            if said.startswith("SELECT"):
                lines = db.execute(f"EXPLAIN QUERY PLAN {said}").fetchall()
                yield said, " | ".join(str(line[-1]) for line in lines)


@pytest.mark.long
def test_pages_cost_the_same_however_much_there_is(tmp_path: Path, work: Work):
    made: list[dict[tuple[str, str], Cost]] = []
    asked: Counter[str] = Counter()
    for sizes in (SMALL, LARGE):
        with world(sizes, tmp_path) as (found, _):
            here: dict[tuple[str, str], Cost] = {}
            for party in nodes(found):
                kinds = Counter[str]()
                for visit, cost in costs(party, work):
                    kinds[visit.page] += 1
                    here[visit.role, f"{visit.page} {kinds[visit.page]}"] = cost
                    asked.update(work.statements)
            if sizes is LARGE:
                walked = {
                    f"{plan}: {said}"
                    for said, plan in plans(found.firm, asked)
                    if WALKED.search(plan)
                }
            made.append(here)
    small, large = made
    assert small.keys() == large.keys()
    more = {
        name: (small[name], cost)
        for name, cost in large.items()
        # of a page's rows a few more may be answered ones, of which more is read
        if cost.statements > 1.2 * small[name].statements + 5
        or cost.steps > 2 * small[name].steps + 5000
    }
    assert not more, more
    assert not walked
