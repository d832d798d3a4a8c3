"""``python -m tests.worlds``: lives the two worlds and compares; ends with 1 if they differ."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.worlds.compare import compare

MOST = 40


def main() -> int:
    """Live both worlds and print where they differ."""
    options = argparse.ArgumentParser(prog="tests.worlds", description=__doc__)
    options.add_argument("--steps", nargs="*", help="only these steps of the script")
    options.add_argument("--thrice", action="store_true", help="look for digests of the rows, too")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="voile-worlds-") as folder:
        found = compare(Path(folder), chosen.steps or None, thrice=chosen.thrice)
    for line in found.differences[:MOST]:
        print(line)
    print(f"worlds: {found.responses} responses, {len(found.differences)} differ")
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main())
