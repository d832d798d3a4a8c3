"""Doors: how many of our files a question and a contract pass through, and how often they change files.

Two parties in one process, over the real WSGI applications, without sockets and threads of their own,
as `tests.simulators` has them. Both sides are counted. A *file* is one of our packages of which code ran;
a *move* is a call into it whose nearest caller of ours, library code in between or not, lies in another.
A generator that goes on is no call. The second question and the second contract are counted: imports and
what is set up once do not.

Beside them stands how large each room of connector/ is, computed from the paths: every folder with
modules of its own. And how many files outside an area's folder import it or name it:
`python -m benchmarks.doors --area connector/delivery`. No row has a goal.
"""

import argparse
import ast
import json
import re
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

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("crypto", "policies", "contracts", "catalog", "connector")
SHELL = "connector"
AREA = "connector/delivery"
OFFER = "strict"  # without a count, so it can be agreed with one consumer more than once
QUESTIONS = 3  # the last one is counted


@dataclass
class Doors:
    """What ran while `counting`: calls per file, and moves from one file to another."""

    counting: bool = False
    files: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    _generators: dict[int, FrameType] = field(default_factory=dict)  # held, so that no id comes twice
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, frame: FrameType, event: str, _: object) -> None:
        """Take a profile event, of any thread."""
        if not self.counting or event != "call":
            return
        name = ours(frame.f_code.co_filename)
        if not name:
            return
        with self._lock:
            if frame.f_code.co_flags & _GOES_ON:
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


_GOES_ON = 0x20 | 0x80 | 0x200  # generator, coroutine, asynchronous generator: see `inspect`


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
        threading.setprofile(None)  # type: ignore[arg-type]  # typeshed knows no None; it is the documented way


def passed() -> list[dict[str, Any]]:
    """Have a contract made and questions answered between two parties; give what each passed through."""
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
        _row(f"{name}: files entered", len(doors.files), "files", f"most in {most}"),
        _row(f"{name}: moves between files", sum(doors.moves.values()), "moves", between),
    ]


def rooms(shell: Path) -> dict[str, list[Path]]:
    """Give the modules of every folder below the shell, by the folder's path."""
    found: dict[str, list[Path]] = {}
    for path in sorted(shell.rglob("*.py")):
        found.setdefault(path.parent.relative_to(ROOT).as_posix(), []).append(path)
    return found


def _sizes() -> list[dict[str, Any]]:
    found = []
    for room, paths in rooms(ROOT / SHELL).items():
        lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
        name = f"{room}, single modules" if room == SHELL else room
        files = f"{len(paths)} files, the longest {max(lines)}"
        found.append(_row(f"size of {name}", sum(lines), "lines", files))
    return found


def imports(path: Path) -> set[str]:
    """Give the modules that a file imports anywhere, or names in a text as one that is imported."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def outside(area: str) -> tuple[list[Path], list[Path]]:
    """Find the files outside an area's folder that import it, and those that import or name it.

    Args:
        area: the folder, such as ``connector/delivery``; its name is the last part, as a word.
    """
    module, word = area.replace("/", "."), re.compile(rf"\b{re.escape(Path(area).name)}\b", re.I)
    importing, naming = [], []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.is_relative_to(ROOT / area):
                continue
            if any(name == module or name.startswith(f"{module}.") for name in imports(path)):
                importing.append(path)
            if path in importing[-1:] or word.search(path.read_text(encoding="utf-8")):
                naming.append(path)
    return importing, naming


def _outside(area: str) -> list[dict[str, Any]]:
    importing, naming = outside(area)
    which = ", ".join(path.relative_to(ROOT).as_posix() for path in importing)
    word = f"the word `{Path(area).name}`, any meaning"
    return [
        _row(f"files outside {area} that import it", len(importing), "files", which),
        _row(f"files outside {area} that import or name it", len(naming), "files", word),
    ]


def _row(name: str, value: int, unit: str, beside: str) -> dict[str, Any]:
    row = {"name": name, "value": value, "unit": unit, "reference": beside}
    return row | {"ratio": None, "goal": "", "met": None}


def run(area: str = AREA) -> dict[str, Any]:
    """Count, and return the rows.

    Args:
        area: the folder of which it is counted who outside names it.
    """
    return {"rows": [*passed(), *_sizes(), *_outside(area)]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors", description=__doc__)
    parser.add_argument("--area", default=AREA, help="the folder of an area, such as %(default)s")
    json.dump(run(parser.parse_args().area), sys.stdout, indent=2)
