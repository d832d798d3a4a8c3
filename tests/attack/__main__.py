"""``python -m tests.attack``: every drill against running connectors; ends with 1 if one leaks.

``--long`` also has the adversary attack ten thousand tables.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from tests.attack import run
from tests.attack.scene import Scene

say = partial(print, flush=True)
TABLES = 10_000


def main() -> int:
    """Run what was chosen."""
    options = argparse.ArgumentParser(prog="tests.attack", description=__doc__)
    options.add_argument("--only", action="append", help="a drill's name, or a pattern; repeatable")
    options.add_argument("--list", action="store_true", help="name the drills and stop")
    options.add_argument("--json", action="store_true", help="one JSON object instead of words")
    options.add_argument("--long", action="store_true", help=f"and {TABLES} tables (an hour)")
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
        say(json.dumps(found | ({"tables": tables} if tables else {}), ensure_ascii=False))
    else:
        say(run.summary(results))
    return 1 if bad or (tables is not None and not tables["held"]) else 0


def _tables(seed: int | None, count: int, *, quiet: bool) -> dict[str, object]:
    """Run the adversary of the tables in a process of its own; its last line tells the seeds."""
    seed = random.SystemRandom().randrange(2**31) if seed is None else seed
    if not quiet:
        say(f"the adversary attacks {count} tables, seeds from {seed}")
    command = [sys.executable, "-m", "tests.crypto.disclosure.second_attack", str(seed), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-20:]
    if not quiet:
        say("\n".join(last))
    return {"seed": seed, "count": count, "held": done.returncode == 0, "last": last[-1:]}


if __name__ == "__main__":
    sys.exit(main())
