"""A firm of that size with its hub and sellers: made once, kept, opened again.

All of them are real nodes in one process, on a network in memory. Keys, certifications, the first
product, the first contracts and questions come about as they do between firms; what there is much
of is written by the functions of the product that write it, many at a time (`offered`, `agreed`,
`asked`). The clock stands.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from connector.areas.membership.standing import Watch
from connector.compose import hub as operators
from connector.compose import participant
from connector.process.settings import load
from tests.connector.space import Space
from tests.simulators import Net, Party, StandingClock

PORT: Final = 23_457
ENV: Final = {"VOILE_CONSOLE_PORT": str(PORT)}
BEGIN: Final = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
KEPT: Final = Path(__file__).parents[2] / ".cache" / "big"
LAYOUT: Final = 1  # of what is made; a home of another one is made anew


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is."""

    leaves: int = 1_000_000
    questions: int = 200_000  # received; as many are asked
    products: int = 10_000  # our own
    others: int = 10_000  # of other firms, in the shared catalogue
    contracts: int = 4_000  # half as provider
    firms: int = 200  # certified

    def of(self, share: float) -> "Sizes":
        """Give a smaller one."""
        made = {name: max(20, int(getattr(self, name) * share)) for name in self.__slots__}
        return Sizes(**made)


@dataclass
class World:
    """All nodes."""

    net: Net
    clock: StandingClock
    hub: Party
    firm: Party
    sellers: list[Party] = field(default_factory=list)

    @property
    def parties(self) -> list[Party]:
        """All, the hub first."""
        return [self.hub, self.firm, *self.sellers]

    def deliver(self, rounds: int = 50) -> None:
        """Deliver until nothing is due."""
        for _ in range(rounds):
            if not sum(party.deliver() for party in self.parties):
                return

    def renew(self) -> None:
        """Let everybody have a fresh status document."""
        Space(self.hub, Party.make).renew()
        for party in (self.firm, *self.sellers):
            Watch(party.node).once()
        self.deliver()


@contextmanager
def world(sizes: Sizes) -> Iterator[tuple[World, dict[str, Any]]]:
    """Open the kept one of these sizes, after making it if there is none.

    Gives:
        It, and what making it took: seconds of wall and processor time, bytes.
    """
    values = [getattr(sizes, name) for name in sizes.__slots__]
    folder = KEPT / "-".join(map(str, (LAYOUT, *values)))
    if not (folder / "made.json").exists():
        _make(folder, sizes)
    made = json.loads((folder / "made.json").read_text("utf-8"))
    with ExitStack() as stack:
        net, clock = Net(), StandingClock(datetime.fromisoformat(made["now"]))
        opened = [
            _opened(folder / name, net, clock, operators.AREAS if name == "hub" else None)
            for name in made["parties"]
        ]
        for party in opened:
            stack.callback(party.close)
        yield World(net, clock, opened[0], opened[1], opened[2:]), made


def _opened(home: Path, net: Net, clock: StandingClock, areas: Any) -> Party:
    settings = load(home, ENV)
    entropy = os.urandom  # a seeded one would draw again what it drew before
    return Party._open(settings, home, net, clock, entropy, areas or participant.AREAS)  # noqa: SLF001


def _make(folder: Path, sizes: Sizes) -> None:
    from benchmarks.big.agreed import agree
    from benchmarks.big.asked import ask
    from benchmarks.big.begun import begin
    from benchmarks.big.offered import offer
    from benchmarks.big.peopled import people

    began, used = time.monotonic(), time.process_time()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    clock = StandingClock(BEGIN)
    made = begin(folder, clock)
    steps: tuple[tuple[str, Callable[[World, Sizes], None]], ...] = (
        ("products and catalogue", offer),
        ("contracts", agree),
        ("questions and leaves", ask),
        ("people", people),
    )
    try:
        for name, step in steps:
            at = time.process_time()
            step(made, sizes)
            say(f"{name}: {time.process_time() - at:.0f} s of processor time")
        made.renew()
        for party in made.parties:
            party.node.checkpoints.sign()
        names = [party.home.name for party in made.parties]
    finally:
        for party in made.parties:
            party.close()
    told = {
        "now": clock.now().isoformat(),
        "parties": names,
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - used,
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
    }
    (folder / "made.json").write_text(json.dumps(told), "utf-8")


def say(line: str) -> None:
    """Say how far it is."""
    print(f"  {time.strftime('%H:%M:%S')} {line}", flush=True)
