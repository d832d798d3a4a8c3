"""Runs drills one after the other, one of them beside the others, and writes what they tell."""

from __future__ import annotations

import importlib
import multiprocessing
import pkgutil
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.attack import drills
from tests.attack.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from tests.attack.scene import Scene

ALONE: Final = ("hostile_questions", "strangers_cost_threads")  # they compare times: nothing beside
APART: Final = "two_worlds"  # it has processes of its own, and takes as long as half of the others


def names() -> list[str]:
    """Give the names of all drills, each a file in `drills`."""
    return sorted(module.name for module in pkgutil.iter_modules(drills.__path__))


def drill(name: str) -> Any:
    """Load a drill."""
    return importlib.import_module(f"{drills.__name__}.{name}")


def run_one(name: str, attack: Callable[[Scene, Told], None], scene: Scene) -> Told:
    """Run one drill; an error in it is its own failure, never a success."""
    told, begun = Told(name), time.monotonic()
    try:
        attack(scene, told)
    except Exception as error:  # noqa: BLE001 - whatever stops a drill stops only that one
        where = traceback.extract_tb(error.__traceback__)[-1]
        told.broken = f"{type(error).__name__} at {where.name}:{where.lineno}: {error}"[:600]
    finally:
        for attacker in scene.attackers.values():
            attacker.tap.fault = None
    told.seconds = time.monotonic() - begun
    return told


@dataclass(frozen=True)
class Ground:
    """What a drill needs that brings its own processes: a folder."""

    folder: Path
    attackers: dict[str, Any] = field(default_factory=dict)


def run_all(chosen: Collection[str], scene: Scene) -> Iterator[Told]:
    """Run the drills of these names: first those that compare times, one beside all later ones."""
    first = [name for name in chosen if name in ALONE]
    later = [name for name in chosen if name not in {*ALONE, APART}]
    for name in first:
        yield run_one(name, drill(name).attack, scene)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        apart = pool.submit(run_apart, APART, scene.folder) if APART in chosen else None
        for name in later:
            yield run_one(name, drill(name).attack, scene)
        if apart is not None:
            yield apart.result()


def run_apart(name: str, folder: Path) -> Told:
    """Run a drill in a process of its own."""
    ground: Any = Ground(folder)
    return run_one(name, drill(name).attack, ground)


def lines(told: Told) -> list[str]:
    """Write a drill's report: who, what was tried, what came, what could be inferred."""
    text = (drill(told.name).__doc__ or "").strip().splitlines()
    found = [f"{told.verdict:6}  {told.name}  ({told.seconds:.1f} s)"]
    found += [f"        {line}" for line in text if line]
    found += [f"        tried: {line}" for line in told.tried]
    found += [f"        came: {line}" for line in told.came]
    found += [f"        not inferred: {line}" for line in told.held]
    found += [f"        INFERRED: {line}" for line in told.leaked]
    found += [f"        the drill broke: {told.broken}"] if told.broken else []
    return found


def summary(told: Iterable[Told]) -> str:
    """Write the last line."""
    verdicts = [one.verdict for one in told]
    broken = verdicts.count("BROKEN")
    last = f"attack: {verdicts.count('held')} drills held, {verdicts.count('LEAKED')} leaked"
    return f"{last}, {broken} broke" if broken else last
