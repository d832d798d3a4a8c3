"""Which margins of a protected table can be asked for: how much of each grouping is released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.answer import answer
from crypto.disclosure.shares import Margin, groupings

if TYPE_CHECKING:
    from crypto.disclosure.table import ProtectedTable


def margins(table: ProtectedTable) -> tuple[Margin, ...]:
    """Returns every grouping, from the grand total to the finest.

    With more than six dimensions only those that keep the most important ones are looked at.
    """
    found = []
    for grouping in groupings(len(table.dimensions)):
        answers = answer(table, group_by=grouping, measures=())
        released = [one for one in answers if one.rows is not None]
        found.append(
            Margin(
                dimensions=tuple(table.dimensions[d][0] for d in grouping),
                groups=len(answers),
                released=len(released),
                rows=sum(one.rows for one in released if one.rows is not None),
            )
        )
    return tuple(found)
