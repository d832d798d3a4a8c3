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
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from connector.areas.membership.standing import poll
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
    sellers: int = 8  # whose connectors answer


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
            poll(party.node)
        self.deliver()


@contextmanager
def world(sizes: Sizes, kept: Path = KEPT) -> Iterator[tuple[World, dict[str, Any]]]:
    """Open the kept one of these sizes, after making it if there is none.

    Args:
        sizes: how much there is in it.
        kept: folder of those that are kept.

    Gives:
        It, and what making it took: seconds of wall and processor time, bytes.
    """
    values = [getattr(sizes, name) for name in sizes.__slots__]
    folder = kept / "-".join(map(str, (LAYOUT, *values)))
    told = _told(folder)
    if not told.get("bytes"):
        told = _make(folder, sizes, told)
    with _nodes(folder, told) as found:
        yield found, told


def _told(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder / "made.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return told


@contextmanager
def _nodes(folder: Path, told: Mapping[str, Any]) -> Iterator[World]:
    """Open what is kept, at the moment at which it was closed."""
    with ExitStack() as stack:
        net, clock = Net(), StandingClock(datetime.fromisoformat(told["now"]))
        opened = [
            _opened(folder / name, net, clock, operators.AREAS if name == "hub" else None)
            for name in told["parties"]
        ]
        for party in opened:
            stack.callback(party.close)
        yield World(net, clock, opened[0], opened[1], opened[2:])


def _opened(home: Path, net: Net, clock: StandingClock, areas: Any) -> Party:
    settings = load(home, ENV)
    entropy = os.urandom  # a seeded one would draw again what it drew before
    return Party._open(settings, home, net, clock, entropy, areas or participant.AREAS)  # noqa: SLF001


def _make(folder: Path, sizes: Sizes, told: dict[str, Any]) -> dict[str, Any]:
    """Go through the steps that are not done yet, each kept when it is done."""
    from benchmarks.big.agreed import agree
    from benchmarks.big.asked import ask
    from benchmarks.big.begun import begin
    from benchmarks.big.offered import offer
    from benchmarks.big.peopled import people

    steps: dict[str, Callable[[World, Sizes], None]] = {
        "products and catalogue": offer,
        "contracts": agree,
        "questions and leaves": ask,
        "people": people,
    }
    if not told:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        made = begin(folder, StandingClock(BEGIN), sizes.sellers)
        names = [party.home.name for party in made.parties]
        for party in made.parties:
            party.close()
        told = {"parties": names, "done": [], "seconds": 0.0, "cpu": 0.0}
        told["now"] = made.clock.now().isoformat()
    for name in [step for step in steps if step not in told["done"]]:
        began, used = time.monotonic(), time.process_time()
        with _nodes(folder, told) as found:
            found.renew()
            steps[name](found, sizes)
            found.renew()
            for party in found.parties:
                party.node.checkpoints.sign()
            told["now"] = found.clock.now().isoformat()
        told["done"] = [*told["done"], name]
        told["seconds"] += time.monotonic() - began
        told["cpu"] += time.process_time() - used
        say(f"{name}: {time.process_time() - used:.0f} s of processor time")
        (folder / "made.json").write_text(json.dumps(told), "utf-8")
    files = [path for path in folder.rglob("*") if path.is_file()]
    told["bytes"] = sum(path.stat().st_size for path in files)
    (folder / "made.json").write_text(json.dumps(told), "utf-8")
    return told


def say(line: str) -> None:
    """Say how far it is."""
    print(f"  {time.strftime('%H:%M:%S')} {line}", flush=True)
