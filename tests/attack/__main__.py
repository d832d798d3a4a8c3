"""``python -m tests.attack``: every drill against running connectors; ends with 1 if one leaks.

``--long`` also has the adversary attack ten thousand tables.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.attack import run
from tests.attack.adversary import Rampage, rampage
from tests.attack.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

say = partial(print, flush=True)
TABLES = 10_000


def main() -> int:
    """Run what was chosen."""
    options = argparse.ArgumentParser(prog="tests.attack", description=__doc__)
    options.add_argument("--only", action="append", help="a drill's name, or a pattern; repeatable")
    options.add_argument("--list", action="store_true", help="name the drills and stop")
    options.add_argument("--json", action="store_true", help="one JSON object instead of words")
    long = f"and {TABLES:,} tables: ten minutes of one core"
    options.add_argument("--long", action="store_true", help=long)
    options.add_argument("--seed", type=int, help="of the tables; by default drawn and printed")
    options.add_argument("--count", type=int, default=TABLES, help="of the tables")
    chosen = options.parse_args()
    patterns = chosen.only or ["*"]
    picked = [name for name in run.names() if any(fnmatch(name, one) for one in patterns)]
    if not picked:
        options.error(f"no drill is named {' or '.join(patterns)}: see --list")
    if chosen.list:
        say("\n".join(picked))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="voile-attack-"))
    results = []
    try:
        with Scene(folder) as scene:
            for told in run.run_all(picked, scene):
                results.append(told)
                if not chosen.json:
                    say("\n".join([*run.lines(told), ""]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tables = _tables(chosen.seed, chosen.count, quiet=chosen.json) if chosen.long else None
    bad = [told for told in results if told.verdict != "held"]
    if chosen.json:
        found = {"drills": [told.to_json() for told in results], "summary": run.summary(results)}
        more = {"tables": tables.to_json()} if tables else {}
        say(json.dumps(found | more, ensure_ascii=False))
    else:
        say(run.summary(results))
    return 1 if bad or (tables is not None and not tables.held) else 0


def _tables(seed: int | None, count: int, *, quiet: bool) -> Rampage:
    """Run the adversary of the tables on all cores; the seeds are said first and last."""
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    told: Callable[[str], None] = (lambda _line: None) if quiet else say
    told(f"the adversary attacks {count:,} tables, seeds from {seed}")
    found = rampage(seed, count, say=told)
    told(found.line())
    return found


if __name__ == "__main__":
    sys.exit(main())
