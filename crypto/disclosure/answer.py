"""Answering from a protected table: unions of safe cells are released, the rest is withheld.

Every number that leaves here is a sum of safe cells, so no sequence of questions, and no coalition
of those who ask, learns anything finer than the safe cells (privacy.md §3.3).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crypto.disclosure.standing import standing
from crypto.disclosure.table import BLOCKED, PENDING, CellKey, GroupKey, Projection, ProtectedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from crypto.disclosure.standing import Older

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
        as_of: number of the older data version that all of the sum stands at, because its changes
            must not be shown yet; `None` if some of it is current, or stands at another one.
        older: what of the sum stands at older versions, ascending, where `as_of` cannot say it.
        block: why it is withheld, else `None`.
    """

    key: GroupKey
    status: Status
    rows: int | None
    sums: tuple[int, ...] | None
    safe_cells: tuple[int, ...] = ()
    contributors_at_least: int = 0
    as_of: int | None = None
    older: tuple[Older, ...] = ()
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
    looks_at: Sequence[int] | None = None,
    domain: Iterable[GroupKey] | None = None,
) -> tuple[GroupAnswer, ...]:
    """Answers one aggregate question.

    Args:
        table: the protected table.
        group_by: positions of the dimensions grouped by; empty for one total.
        measures: names of the measures to sum.
        keep: the filter, on finest cells; `None` keeps all.
        looks_at: positions of the dimensions that `keep` depends on, so that it is called once per
            combination of their codes and not once per cell; `None` if that is not known.
        domain: the groups to answer, in this order; by default those that hold rows, ascending
            (and always the one group of a total).

    Raises:
        ValueError: on a dimension, measure or group that the table does not have.
    """
    columns = [table.column(measure) for measure in measures]
    projection = table.projection(group_by)
    kept = None if keep is None else _kept(table, keep, looks_at)
    touched = _touch(table, projection, kept)
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
    blocks = _blocks(table, projection, touched, kept)
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


def _kept(
    table: ProtectedTable, keep: Callable[[CellKey], bool], looks_at: Sequence[int] | None
) -> list[bool]:
    """Returns for each finest cell whether the filter keeps it."""
    if looks_at is None:
        return [keep(key) for key in table.cells]
    seen = table.projection(looks_at)
    whole = [0] * len(table.dimensions)
    flags = []
    for codes in seen.groups:
        for position, code in zip(looks_at, codes, strict=True):
            whole[position] = code
        flags.append(keep(tuple(whole)))
    return [flags[group] for group in seen.group_of]


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
    pending: dict[int, list[tuple[int, CellKey]]]  # group -> version and finest cell
    is_there: list[bool]


def _touch(table: ProtectedTable, projection: Projection, kept: Sequence[bool] | None) -> _Touched:
    size_of, groups = table.size_of, len(projection.groups)
    whole: list[list[int]] = [[] for _ in range(groups)]
    parts: dict[tuple[int, int], int] = defaultdict(int)
    touched = _Touched(whole, defaultdict(list), set(), defaultdict(list), [kept is None] * groups)
    since = iter(table.pending_since)
    for place, (group, member) in enumerate(
        zip(projection.group_of, table.membership, strict=True)
    ):
        version = next(since) if member == PENDING else 0
        if kept is not None:
            if not kept[place]:
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
            touched.pending[group].append((version, table.cells[place]))
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
    as_of, older = standing(table, inside, touched.pending.get(group, ()))
    return GroupAnswer(
        key=key,
        status="released" if rows else "empty",
        rows=rows,
        sums=tuple([sum([column[i] for i in inside]) for column in columns]),
        safe_cells=tuple(sorted(inside)),
        contributors_at_least=max([safe[i].contributors for i in inside], default=0),
        as_of=as_of,
        older=older,
    )


def _blocks(
    table: ProtectedTable,
    projection: Projection,
    touched: _Touched,
    kept: Sequence[bool] | None,
) -> dict[int, Block]:
    """Closes withheld groups over the safe cells that reach from one into the next."""
    sharing: dict[int, list[int]] = defaultdict(list)  # straddling safe cell -> groups
    for group, members in touched.straddling.items():
        for member in members:
            sharing[member].append(group)
    wider = _Wider(table, projection, sharing, kept)
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
        block = Block(
            groups=tuple(sorted(projection.groups[g] for g in component)),
            widen=wider.codes(component, joined),
            releasable=not (component & touched.blocked),
        )
        blocks.update(dict.fromkeys(component, block))
    return blocks


class _Wider:
    """Finds which codes a filter leaves out of straddling safe cells; looks at each cell once."""

    def __init__(
        self,
        table: ProtectedTable,
        projection: Projection,
        sharing: Mapping[int, Sequence[int]],
        kept: Sequence[bool] | None,
    ) -> None:
        self._dimensions = range(len(table.dimensions))
        self._outside: dict[int, list[CellKey]] = defaultdict(list)  # by straddling safe cell
        self._inside: dict[int, list[CellKey]] = defaultdict(list)  # by group
        if kept is None or not sharing:
            return
        withheld = {group for groups in sharing.values() for group in groups}
        for key, group, member, inside in zip(
            table.cells, projection.group_of, table.membership, kept, strict=True
        ):
            if not inside and member in sharing:
                self._outside[member].append(key)
            elif inside and group in withheld:
                self._inside[group].append(key)

    def codes(
        self, groups: Iterable[int], members: Iterable[int]
    ) -> tuple[tuple[int, tuple[int, ...]], ...]:
        outside = [key for member in members for key in self._outside.get(member, ())]
        if not outside:
            return ()
        inside = [key for group in groups for key in self._inside.get(group, ())]
        found = []
        for dimension in self._dimensions:
            named = {key[dimension] for key in outside} - {key[dimension] for key in inside}
            if named:
                found.append((dimension, tuple(sorted(named))))
        return tuple(found)
