"""Doors: through how many of our files a question and a contract pass, and how often they move.

Two parties in one process, over the real WSGI applications, without sockets, as `tests.simulators`
has them. Both sides are counted. A *file* is one of our packages of which code ran; a *move* is a
call into it whose nearest caller of ours, library code in between or not, lies in another file. A
generator that goes on is no call. The second contract and a later question are counted: imports and
what is set up once are not.

Beside them stands how large each room of connector/ is: every folder with modules of its own, as
the paths say. And how many files outside an area's folder import it, or name it:
`python -m benchmarks.doors --area connector/areas/delivery`. No row has a goal.
"""

import argparse
import inspect
import json
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.rooms import PACKAGES, ROOT, named, row, sizes

AREA = "connector/areas/delivery"
OFFER = "strict"  # without a count, so it can be agreed with one consumer more than once
QUESTIONS = 3  # the last one is counted


@dataclass
class Doors:
    """What ran while `counting`: calls per file, and moves from one file to another."""

    counting: bool = False
    files: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    # by id, and held, so that no id comes twice
    _generators: dict[int, FrameType] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, frame: FrameType, event: str, _: object) -> None:
        """Take a profile event, of any thread."""
        if not self.counting or event != "call":
            return
        name = ours(frame.f_code.co_filename)
        if not name:
            return
        with self._lock:
            if frame.f_code.co_flags & inspect.CO_GENERATOR:
                if id(frame) in self._generators:
                    return
                self._generators[id(frame)] = frame
            self.files[name] += 1
            caller = frame.f_back
            while caller is not None and not ours(caller.f_code.co_filename):
                caller = caller.f_back
            if caller is not None and (before := ours(caller.f_code.co_filename)) != name:
                self.moves[before, name] += 1

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count what is done meanwhile, from nothing."""
        self.files.clear()
        self.moves.clear()
        self.counting = True
        try:
            yield
        finally:
            self.counting = False
            self._generators.clear()


@cache
def ours(file: str) -> str:
    """Give a file of our packages, relative to the root; empty for any other."""
    try:
        path = Path(file).resolve().relative_to(ROOT)
    except ValueError:
        return ""
    return path.as_posix() if path.parts[0] in PACKAGES else ""


@contextmanager
def profiled() -> Iterator[Doors]:
    """Watch this thread, and every thread that begins meanwhile."""
    doors = Doors()
    threading.setprofile(doors.see)
    sys.setprofile(doors.see)
    try:
        yield doors
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]  # as documented; typeshed knows no None


def passed() -> list[dict[str, Any]]:
    """Have contracts made and questions answered; give what the last of each passed through."""
    from tests.connector.questions.market import AREAS, Market, publish_deliveries, questions
    from tests.simulators import Net, Party, StandingClock

    with tempfile.TemporaryDirectory() as name, profiled() as doors:
        folder, net, clock = Path(name), Net(), StandingClock()
        provider = Party.make(folder, "acme", net, clock, areas=AREAS, pin=["bolt"])
        consumer = Party.make(folder, "bolt", net, clock, areas=AREAS, pin=["acme"])
        try:
            publish_deliveries(provider, folder)
            market = Market(provider, consumer, net, clock)
            agreement = market.agreement()
            asked = questions(QUESTIONS)
            for sql in asked[:-1]:
                market.answer(agreement, sql)
            with doors.watching():
                found = market.answer(agreement, asked[-1])
            if found["repeated"] or not found["answer"]["cells"]:
                raise RuntimeError(f"expected a fresh answer with cells: {found}")
            rows = _rows("a masked question, the asker's call to the verified answer", doors)
            policy = _offer(market)
            _contract(market, policy)
            with doors.watching():
                _contract(market, policy)
            return rows + _rows("a contract, REQUESTED to FINALIZED on both sides", doors)
        finally:
            provider.close()
            consumer.close()


def _offer(market: Any) -> Any:
    """Read the offer in the provider's catalogue, as whoever negotiates does before."""
    _, found = market.consumer.manage("POST", "/v1/catalog", {"provider": market.provider.did})
    (dataset,) = found["dataset"]
    (policy,) = (offer for offer in dataset["hasPolicy"] if f":{OFFER}:" in offer["@id"])
    return policy


def _contract(market: Any, policy: Any) -> None:
    """Ask for a contract, and deliver message by message until both sides have it."""
    body = {"provider": market.provider.did, "dataset": "deliveries", "policy": policy}
    status, opened = market.consumer.manage("POST", "/v1/negotiations", body)
    if status != 201:
        raise RuntimeError(f"expected a negotiation under way, got {status}: {opened}")
    parties = (market.consumer, market.provider)
    while sum(party.deliver(1) for party in parties):
        pass
    told = [party.manage("GET", "/v1/negotiations")[1]["negotiations"] for party in parties]
    if {one["state"] for found in told for one in found} != {"FINALIZED"}:
        raise RuntimeError(f"expected contracts on both sides: {told}")


def _rows(name: str, doors: Doors) -> list[dict[str, Any]]:
    rooms = Counter(Path(file).parent.as_posix() for file in doors.files)
    most = ", ".join(f"{room} {count}" for room, count in rooms.most_common(4))
    between = f"{len(doors.moves)} pairs of files, {sum(doors.files.values()):,} calls into ours"
    return [
        row(f"{name}: files entered", len(doors.files), "files", f"most in {most}"),
        row(f"{name}: moves between files", sum(doors.moves.values()), "moves", between),
    ]


def run(area: str = AREA) -> dict[str, Any]:
    """Count, and return the rows.

    Args:
        area: the folder of which it is counted who outside names it.
    """
    return {"rows": [*passed(), *sizes(), *named(area)]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors", description=__doc__)
    parser.add_argument("--area", default=AREA, help="the folder of an area, such as %(default)s")
    json.dump(run(parser.parse_args().area), sys.stdout, indent=2)
