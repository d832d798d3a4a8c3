"""How large the whole numbers become that a table is judged in, from its declaration alone.

Source: disclosure.md §5: sums times coefficients times 100 must fit the engine's integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.disclosure.declaration import figures
from crypto.disclosure.forms import widest

if TYPE_CHECKING:
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.rules import Rules

ENGINE_BITS: Final = 127  # of a signed integer of 128 bits
TOKEN_RANGE: Final = 2**31  # of the random numbers that contents are recognised by


def sample_factor(rules: Rules) -> int:
    """Returns 100 times f: a sample must carry so many times what one contributor can have.

    f = max(100·n / percent over all dominance rules, 2 + p/100), never below 3.
    """
    shares = [-(-10_000 * n // percent) for n, percent in rules.dominance]
    return max(300, 200 + rules.p_percent, *shares)


def greatest_judged(declaration: Declaration, rows: int) -> int:
    """Returns a bound of every net of a form over so many rows, times what it is compared by.

    Twice the widest form: inside a measure cell a bound stands beside what it bounds.
    """
    return 2 * widest(declaration) * rows * sample_factor(declaration.protection.rules)


def greatest_number(declaration: Declaration, rows: int) -> int:
    """Returns a bound of every number that comes up while a table of so many rows is judged.

    Beside nets these are the sums of all figures times random numbers, by which contents are
    recognised.
    """
    recognised = sum(max(map(abs, f.ends)) for f in figures(declaration)) * TOKEN_RANGE
    return max(greatest_judged(declaration, rows), recognised * rows)
