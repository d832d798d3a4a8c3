"""Answering a grouped question from a protected table: a status per output and group.

Source: disclosure.md §3.7, §4.4. The same as `statuses.answer_set` on each group, found at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.group_answers import Block, GroupAnswer, Part
from crypto.disclosure.questions import Question
from crypto.disclosure.statuses import figures_of
from crypto.disclosure.touching import kept_cells, touch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.statuses import Output
    from crypto.disclosure.table import CellKey, GroupKey

__all__ = ["Block", "GroupAnswer", "Part", "answer_groups"]


def answer_groups(
    table: PublishedTable,
    *,
    group_by: Sequence[int],
    outputs: Sequence[Output],
    keep: Callable[[CellKey], bool] | None = None,
    looks_at: Sequence[int] | None = None,
    domain: Iterable[GroupKey] | None = None,
) -> tuple[GroupAnswer, ...]:
    """Answers one aggregate question.

    Args:
        table: the table.
        group_by: positions of the dimensions grouped by; empty for one total.
        outputs: the aggregates asked.
        keep: the filter, on finest cells; `None` keeps all.
        looks_at: positions of the dimensions that `keep` depends on, so that it is called once per
            combination of their codes and not once per cell; `None` if that is not known.
        domain: the groups to answer, in this order; by default those that are not empty, ascending
            (and always the one group of a total).

    Raises:
        ValueError: on a dimension, measure or group that the table does not have.
    """
    index = table.index
    wanted = [figures_of(index.declared, output) for output in outputs]
    grouping = index.grouping(group_by)
    kept = None if keep is None else kept_cells(index, keep, looks_at)
    touched = touch(index, grouping, kept)
    if domain is None:
        keys = sorted(key for g, key in enumerate(grouping.groups) if touched.is_seen(g)) or (
            [()] if not group_by else []
        )
    else:
        keys = list(domain)
        sizes = table.table.declaration.sizes
        for key in keys:
            if len(key) != len(group_by) or not all(
                0 <= code < sizes[d] for d, code in zip(group_by, key, strict=True)
            ):
                raise ValueError(f"expected codes of the table's dimensions, got `{key}`")
    question = Question(table, grouping, touched, kept, wanted)
    return tuple([question.answer(key) for key in keys])
