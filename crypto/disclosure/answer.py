"""Answering from a protected table: unions of safe cells are released, the rest is withheld.

Every number that leaves here is a sum of safe cells, so no sequence of questions, and no coalition
of those who ask, learns anything finer than the safe cells (privacy.md §3.3).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crypto.disclosure.table import BLOCKED, PENDING, CellKey, GroupKey, ProtectedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Status = Literal["released", "empty", "withheld"]
Contribution = Literal["contribute", "empty", "blocked"]


@dataclass(frozen=True, slots=True)
class Block:
    """Groups that are withheld because safe cells reach from one into another.

    Attributes:
        groups: the groups that would be released as one sum.
        widen: per dimension, codes outside the question's filter that belong to that sum.
        releasable: whether the sum would then be released; not if it holds blocked cells.
    """

    groups: tuple[GroupKey, ...]
    widen: tuple[tuple[int, tuple[int, ...]], ...]
    releasable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """The answer for one group.

    Attributes:
        key: code indices, in the order of the grouping.
        rows: row count, `None` if withheld.
        sums: one exact integer per measure asked, `None` if withheld.
        safe_cells: which safe cells were summed (released), or were touched (withheld).
        contributors_at_least: a lower bound on how many contributors a released sum has.
        as_of: number of the oldest data version some part of the sum still stands at, because its
            changes must not be shown yet; `None` if all of it is current.
        block: why it is withheld, else `None`.
    """

    key: GroupKey
    status: Status
    rows: int | None
    sums: tuple[int, ...] | None
    safe_cells: tuple[int, ...] = ()
    contributors_at_least: int = 0
    as_of: int | None = None
    block: Block | None = None

    @property
    def together_with(self) -> tuple[GroupKey, ...]:
        """The other groups together with which this one would be released."""
        if self.block is None or not self.block.releasable:
            return ()
        return tuple(key for key in self.block.groups if key != self.key)


def answer(
    table: ProtectedTable,
    *,
    group_by: Sequence[int],
    measures: Sequence[str],
    keep: Callable[[CellKey], bool] | None = None,
    domain: Iterable[GroupKey] | None = None,
) -> tuple[GroupAnswer, ...]:
    """Answers one aggregate question.

    Args:
        table: the protected table.
        group_by: positions of the dimensions grouped by; empty for one total.
        measures: names of the measures to sum.
        keep: the filter, on finest cells; `None` keeps all.
        domain: the groups to answer, in this order; by default those that hold rows, ascending
            (and always the one group of a total).

    Raises:
        ValueError: on a dimension, measure or group that the table does not have.
    """
    columns = [table.column(measure) for measure in measures]
    projection = table.projection(group_by)
    touched = _touch(table, projection.group_of, len(projection.groups), keep)
    numbers = {key: g for g, key in enumerate(projection.groups)}
    if domain is None:
        keys = sorted(key for g, key in enumerate(projection.groups) if touched.is_there[g]) or (
            [()] if not group_by else []
        )
    else:
        keys = list(domain)
        for key in keys:
            if not table.in_domain(group_by, key):
                raise ValueError(f"expected codes of the table's dimensions, got `{key}`")
    blocks = _blocks(table, touched, projection.groups, projection.group_of, keep)
    nothing = tuple([0] * len(columns))
    answers = []
    for key in keys:
        group = numbers.get(key)
        if group is None or not touched.is_there[group]:
            answers.append(GroupAnswer(key=key, status="empty", rows=0, sums=nothing))
        elif group in blocks:
            parts = tuple(sorted([*touched.whole[group], *touched.straddling[group]]))
            answers.append(
                GroupAnswer(
                    key=key,
                    status="withheld",
                    rows=None,
                    sums=None,
                    safe_cells=parts,
                    block=blocks[group],
                )
            )
        else:
            answers.append(_released(table, key, touched, group, columns))
    return tuple(answers)


def indicate(answers: Iterable[GroupAnswer]) -> tuple[Contribution, ...]:
    """Returns the cohort protocol's phase A: what this table would add to each group's total."""
    meaning: dict[Status, Contribution] = {
        "released": "contribute",
        "empty": "empty",
        "withheld": "blocked",
    }
    return tuple(meaning[one.status] for one in answers)


@dataclass(slots=True)
class _Touched:
    """Per group: the safe cells wholly inside, those only partly, and what else stands there."""

    whole: list[list[int]]
    straddling: dict[int, list[int]]
    blocked: set[int]
    pending: dict[int, int]  # group -> oldest version
    is_there: list[bool]


def _touch(
    table: ProtectedTable,
    group_of: Sequence[int],
    groups: int,
    keep: Callable[[CellKey], bool] | None,
) -> _Touched:
    size_of = table.size_of
    whole: list[list[int]] = [[] for _ in range(groups)]
    parts: dict[tuple[int, int], int] = defaultdict(int)
    touched = _Touched(whole, defaultdict(list), set(), {}, [keep is None] * groups)
    rest = iter(table.pending_since)
    for key, group, member in zip(table.cells, group_of, table.membership, strict=True):
        since = next(rest) if member == PENDING else 0
        if keep is not None:
            if not keep(key):
                continue
            touched.is_there[group] = True
        if member >= 0:
            if size_of[member] == 1:
                whole[group].append(member)
            else:
                parts[group, member] += 1
        elif member == BLOCKED:
            touched.blocked.add(group)
        else:
            touched.pending[group] = min(since, touched.pending.get(group, since))
    for (group, member), count in parts.items():
        if count == size_of[member]:
            whole[group].append(member)
        else:
            touched.straddling[group].append(member)
    return touched


def _released(
    table: ProtectedTable,
    key: GroupKey,
    touched: _Touched,
    group: int,
    columns: Sequence[Sequence[int]],
) -> GroupAnswer:
    inside = touched.whole[group]
    safe = table.safe
    rows = sum([table.row_counts[i] for i in inside])
    versions = [safe[i].since for i in inside if safe[i].held]
    if group in touched.pending:
        versions.append(touched.pending[group])
    return GroupAnswer(
        key=key,
        status="released" if rows else "empty",
        rows=rows,
        sums=tuple([sum([column[i] for i in inside]) for column in columns]),
        safe_cells=tuple(sorted(inside)),
        contributors_at_least=max([safe[i].contributors for i in inside], default=0),
        as_of=min(versions) if versions else None,
    )


def _blocks(
    table: ProtectedTable,
    touched: _Touched,
    groups: Sequence[GroupKey],
    group_of: Sequence[int],
    keep: Callable[[CellKey], bool] | None,
) -> dict[int, Block]:
    """Closes withheld groups over the safe cells that reach from one into the next."""
    sharing: dict[int, list[int]] = defaultdict(list)  # straddling safe cell -> groups
    for group, members in touched.straddling.items():
        for member in members:
            sharing[member].append(group)
    outside: dict[int, list[CellKey]] = defaultdict(list)  # straddling safe cell -> cells left out
    if keep is not None and sharing:
        for key, member in zip(table.cells, table.membership, strict=True):
            if member in sharing and not keep(key):
                outside[member].append(key)

    blocks: dict[int, Block] = {}
    for start in sorted({*touched.straddling, *touched.blocked}):
        if start in blocks:
            continue
        component, edge, joined = {start}, [start], set[int]()
        while edge:
            for member in touched.straddling.get(edge.pop(), ()):
                if member not in joined:
                    joined.add(member)
                    fresh = [g for g in sharing[member] if g not in component]
                    component.update(fresh)
                    edge.extend(fresh)
        left_out = [key for member in joined for key in outside[member]]
        block = Block(
            groups=tuple(sorted(groups[g] for g in component)),
            widen=_widen(table, left_out, component, group_of, keep),
            releasable=not (component & touched.blocked),
        )
        blocks.update(dict.fromkeys(component, block))
    return blocks


def _widen(
    table: ProtectedTable,
    left_out: Sequence[CellKey],
    component: set[int],
    group_of: Sequence[int],
    keep: Callable[[CellKey], bool] | None,
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    if not left_out or keep is None:
        return ()
    mine = [
        key
        for key, group in zip(table.cells, group_of, strict=True)
        if group in component and keep(key)
    ]
    wider = []
    for dimension in range(len(table.dimensions)):
        inside = {key[dimension] for key in mine}
        codes = tuple(sorted({key[dimension] for key in left_out} - inside))
        if codes:
            wider.append((dimension, codes))
    return tuple(wider)
