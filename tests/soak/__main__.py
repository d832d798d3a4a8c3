"""``python -m tests.soak --count 1000 --seed 1``; ends with 1 if anything does not hold."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.soak.faults import Plan
from tests.soak.run import soak

say = partial(print, flush=True)


def main() -> int:
    """Run one soak and print what it came to."""
    options = argparse.ArgumentParser(prog="tests.soak", description=__doc__)
    options.add_argument("--count", type=int, default=1000, help="negotiations; default 1000")
    options.add_argument("--seed", type=int, default=1, help="of faults and stories; default 1")
    options.add_argument("--rate", type=float, default=0.2, help="share of requests with a fault")
    options.add_argument("--tellers", type=int, default=12, help="stories at a time")
    options.add_argument("--keep", action="store_true", help="keep homes, logs and bundles")
    chosen = options.parse_args()
    plan = Plan(seed=chosen.seed, rate=chosen.rate, kills=max(2, chosen.count // 100))
    folder = Path(tempfile.mkdtemp(prefix="voile-soak-"))
    say(f"seed {plan.seed}, {chosen.count} negotiations, faults in {plan.rate:.0%} of requests")
    found = soak(chosen.count, plan, folder, tellers=chosen.tellers, say=say)
    for line in found.lines():
        say(line)
    if found.findings or chosen.keep:
        say(f"homes, logs and bundles: {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if found.findings else 0


if __name__ == "__main__":
    sys.exit(main())
