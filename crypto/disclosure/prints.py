"""Fingerprints of a first data version, read when a second one is first compared with it.

They are of no use before, and cost as much as grouping the data; the basis of the first version has
all that they are made of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.ledger import Ledger

_UNREAD: Final = "unread "  # no fingerprint begins like this


def unread_prints(ledger: Ledger) -> tuple[str, ...]:
    """Returns, per place of a first version, a text of its own, or `""` where nobody has a row."""
    return tuple(f"{_UNREAD}{c}" if most else "" for c, most in enumerate(ledger.most_rows()))


def with_prints(old: GuardedTable, ledger: Ledger) -> GuardedTable:
    """Returns a table whose first version has its fingerprints.

    Args:
        old: the table.
        ledger: knows what the first version showed of its base cells.
    """
    first = old.versions[0]
    if not any(text.startswith(_UNREAD) for text in first.shown):
        return old
    prints = tuple(ledger.fingerprints(1)[: len(first.shown)])
    first = replace(first, shown=prints, true=prints)
    return replace(old, versions=(first, *old.versions[1:]))
