"""Run the scenarios: `python -m tests.interop [--only WORD]`.

Exit codes: 0 all held, 1 some did not, 2 wrong arguments, 3 Java or Maven is missing.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.interop import catalogues, many, namespace, negotiations, transfers_in, transfers_out
from tests.interop.registry import SCENARIOS
from tests.interop.stage import scenes
from tests.interop.toolchain import MissingToolError, build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.interop.registry import Scenario
    from tests.interop.scene import Scene

PARTS: Final = (catalogues, negotiations, transfers_out, transfers_in, many)
NO_TOOLS: Final = 3


def main(arguments: Sequence[str]) -> int:
    """Build, enter a network of our own, run; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.interop", description=__doc__)
    parser.add_argument("--only", default="", help="scenarios whose line has this word")
    parser.add_argument("--keep", type=Path, help="a folder for logs, properties and homes")
    given = parser.parse_args(arguments)
    try:
        runtime = build()
    except MissingToolError as error:
        sys.stdout.write(f"interop: {error}\n")
        return NO_TOOLS
    where = namespace.enter("tests.interop", arguments)
    if where != "inside":
        _say(f"warning: in the open, EDC listens on all interfaces: {where}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    order = [part.__name__ for part in PARTS]
    chosen = [s for s in SCENARIOS if given.only in f"{s.asker}: {s.name}"]
    chosen.sort(key=lambda found: order.index(found.run.__module__))
    with tempfile.TemporaryDirectory(prefix="voile-interop-") as folder:
        begun = time.perf_counter()
        with scenes(runtime, given.keep or Path(folder)) as (calm, rapid):
            _say(f"two EDC 0.15.1, two Voile, ready after {time.perf_counter() - begun:.1f} s")
            held = sum([_held(found, rapid if found.rapid else calm) for found in chosen])
    _say(f"interop: {held} scenarios held, {len(chosen) - held} failed")
    return 0 if held == len(chosen) else 1


def _held(found: Scenario, scene: Scene) -> bool:
    begun = time.perf_counter()
    try:
        said, held = found.run(scene), True
    except Exception as error:  # noqa: BLE001 -- the others are to be tried too
        said, held = f"{type(error).__name__}: {error}", False
        trace = traceback.extract_tb(error.__traceback__)[1:]
        said += "".join(f"\n      {frame.filename}:{frame.lineno}" for frame in trace)
    word = "held  " if held else "FAILED"
    _say(f"{word} {time.perf_counter() - begun:6.1f} s  {found.asker}: {found.name}: {said}")
    return held


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
