"""``python -m tests.attack.adversary SEED COUNT``: many tables attacked, on all cores.

The adversary is `second_attack`; it says how far it is, and every finding at once, with its seed.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_attack import Spoils, attack_second

if TYPE_CHECKING:
    from collections.abc import Callable

PORTION = 100  # tables that one core takes at a time; some seconds


@dataclass
class Rampage:
    """What came of many tables.

    Attributes:
        seed: of the first table; the others follow.
        count: how many were to be attacked.
        attacked: how many were.
        tried: how many combinations, by kind.
        found: one line per breach, and per table on which the adversary broke, with its seed.
    """

    seed: int
    count: int
    attacked: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether all were attacked, something was tried, and nothing was found."""
        return self.attacked == self.count and bool(self.tried) and not self.found

    def line(self) -> str:
        """Write the last line."""
        last = self.seed + self.count - 1
        said = f"{len(self.found)} findings in {sum(self.tried.values()):,} combinations"
        kinds = ", ".join(f"{kind} {n:,}" for kind, n in sorted(self.tried.items()))
        return f"tables: {self.attacked:,} attacked, seeds {self.seed} to {last}: {said} ({kinds})"

    def to_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "seed": self.seed,
            "count": self.count,
            "attacked": self.attacked,
            "held": self.held,
            "tried": dict(self.tried),
            "found": self.found,
        }


def one_table(seed: int) -> Spoils:
    """Attack the table of a seed."""
    return attack_second(any_product(random.Random(seed)))


def portion(
    attack: Callable[[int], Spoils], seed: int, count: int
) -> tuple[int, Counter[str], list[str]]:
    """Attack that many tables in this process; how many, what was tried, what was found."""
    tried: Counter[str] = Counter()
    found = []
    for number in range(seed, seed + count):
        try:
            spoils = attack(number)
        except Exception as error:  # noqa: BLE001 - a table on which it breaks was not withstood
            found.append(f"seed {number}: the adversary broke: {type(error).__name__}: {error}")
            continue
        tried += spoils.tried
        found += [f"seed {number}: {breach}" for breach in spoils.breaches]
    return count, tried, found


def rampage(
    seed: int,
    count: int,
    *,
    say: Callable[[str], None],
    attack: Callable[[int], Spoils] = one_table,
    size: int = PORTION,
) -> Rampage:
    """Attack tables of consecutive seeds on all cores.

    Args:
        seed: of the first table.
        count: how many.
        say: told of every finding at once, and how far it is.
        attack: what attacks the table of a seed; importable, for it runs in other processes.
        size: tables per portion.
    """
    made = Rampage(seed, count)
    starts = range(seed, seed + count, size)
    spawn = multiprocessing.get_context("spawn")  # threads of the drills may still be about
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=spawn) as pool:
        pending = [pool.submit(portion, attack, s, min(size, seed + count - s)) for s in starts]
        for done in as_completed(pending):
            attacked, tried, found = done.result()
            made.attacked += attacked
            made.tried += tried
            made.found += found
            for line in found:
                say(line)
            say(f"{made.attacked:,} of {count:,} tables, {len(made.found)} findings")
    return made


if __name__ == "__main__":
    done = rampage(int(sys.argv[1]), int(sys.argv[2]), say=partial(print, flush=True))
    print(done.line())
    sys.exit(not done.held)
