"""Runs drills one after the other and writes what they tell."""

from __future__ import annotations

import importlib
import pkgutil
import time
import traceback
from typing import TYPE_CHECKING, Any

from tests.attack import drills
from tests.attack.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.attack.scene import Scene


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


def run_all(chosen: Iterable[str], scene: Scene) -> Iterator[Told]:
    """Run the drills of these names."""
    for name in chosen:
        yield run_one(name, drill(name).attack, scene)


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
