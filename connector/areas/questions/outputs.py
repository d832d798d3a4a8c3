"""What one set of rows is answered with, output by output: a text, or why there is none.

An output that is not released has a status: that of the table (`empty`, `blocked`, `merged`,
`withheld`, `mixed`), or `minGroupSize` where the agreement demands more contributors than the owner
and this output may have fewer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.areas.questions.decimals import output_text
from crypto.disclosure.statuses import Output
from policies.plan import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.questions.granted import Granted
    from crypto.disclosure.groups import Block, GroupAnswer
    from crypto.disclosure.statuses import OutputAnswer
    from policies.plan import BoundOutput, BoundQuery

MIN_GROUP_SIZE: Final = "minGroupSize"
_KINDS: Final[Mapping[str, Literal["sum", "average", "count"]]] = MappingProxyType(
    {"sum": "sum", "avg": "average", "count": "count"}
)


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of an answer, before HAVING, ORDER BY and LIMIT.

    Attributes:
        key: Code indices, in the order of the grouping.
        values: Per output a decimal text, None where it is not released.
        statuses: Of each output that is not released.
        advice: Per such output, with what it would be released; only where something helps.
        marks: What is said of its data versions.
    """

    key: tuple[int, ...]
    values: Mapping[str, str | None]
    statuses: Mapping[str, str] = field(default_factory=_none)
    advice: Mapping[str, Mapping[str, Any]] = field(default_factory=_none)
    marks: Mapping[str, Any] = field(default_factory=_none)

    @property
    def is_released(self) -> bool:
        """Whether at least one output is."""
        return len(self.statuses) < len(self.values)


def asked_outputs(bound: BoundQuery) -> tuple[Output, ...]:
    """Return the outputs of a question as the table is asked for them."""
    return tuple(
        Output("rows") if o.measure == ROWS else Output(_KINDS[o.function], o.measure)
        for o in bound.outputs
    )


def least_carriers(granted: Granted) -> int:
    """Return the contributors that each output must have; 0 where the table's rules are enough.

    They are where the agreement demands no more than the owner does.
    """
    least = granted.minimum_contributors
    return least if least > granted.bound.schema.minimum_contributors else 0


def status_of(answer: OutputAnswer, least: int, *, has_rows: bool) -> str:
    """Return what one output comes to under an agreement.

    That nobody has a value is told no more than that few have: an average of nothing is an exact
    count of 0.

    Args:
        answer: What the table says.
        least: From `least_carriers`.
        has_rows: Whether any base cell is summed; where none is, that all is empty is public.
    """
    if answer.status == "released" and answer.carriers < least:
        return MIN_GROUP_SIZE
    if answer.status == "empty" and least and has_rows:
        return MIN_GROUP_SIZE
    return answer.status


def cell_of(bound: BoundQuery, group: GroupAnswer, *, least: int, marks: Mapping[str, Any]) -> Cell:
    """Judge one group.

    Args:
        bound: The question.
        group: What the table says.
        least: From `least_carriers`.
        marks: What is said of its data versions.
    """
    values: dict[str, str | None] = {}
    statuses: dict[str, str] = {}
    advice: dict[str, Mapping[str, Any]] = {}
    for output, answer, block in zip(bound.outputs, group.outputs, group.blocks, strict=True):
        status = status_of(answer, least, has_rows=bool(group.base))
        released = status == "released"
        values[output.name] = output_text(output, answer.values) if released else None
        if not released:
            statuses[output.name] = status
            if told := _advice(bound, group, block):
                advice[output.name] = told
    return Cell(key=group.key, values=values, statuses=statuses, advice=advice, marks=marks)


def key_json(bound: BoundQuery, key: Sequence[int]) -> dict[str, str]:
    """Return a key as names and codes."""
    dimensions = (bound.schema.dimensions[index] for index in bound.group_by)
    return {d.name: d.codes[code] for d, code in zip(dimensions, key, strict=True)}


def released_json(bound: BoundQuery, cell: Cell) -> dict[str, Any]:
    """Return a cell of which at least one output is released."""
    return {
        "key": key_json(bound, cell.key),
        "values": dict(cell.values),
        "statuses": dict(cell.statuses),
        **_advice_json(cell),
        **cell.marks,
    }


def withheld_json(bound: BoundQuery, cell: Cell, reason: str = "") -> dict[str, Any]:
    """Return a cell of which nothing is given.

    Args:
        bound: The question.
        cell: The cell.
        reason: Why; by default the status of its first output.
    """
    found = list(cell.statuses.values())
    told: dict[str, Any] = {"key": key_json(bound, cell.key), "reason": reason or found[0]}
    if reason or len(set(found)) > 1:
        told["statuses"] = dict(cell.statuses)
    return told | _advice_json(cell) | dict(cell.marks)


def total_output(output: BoundOutput, sums: Mapping[str, int], counts: Mapping[str, int]) -> Any:
    """Return one output of a total over several providers; None for the average of nothing.

    Args:
        output: What was asked.
        sums: Per measure its sum.
        counts: Per measure how many rows have a value; under `policies.plan.ROWS` the rows.
    """
    if output.function == "count":
        return output_text(output, (counts[output.measure],))
    if output.function == "sum":
        return output_text(output, (sums[output.measure],))
    count = counts[output.measure]
    return output_text(output, (sums[output.measure], count)) if count else None


def _advice_json(cell: Cell) -> dict[str, Any]:
    """Say it once where it is the same for all that is not released, else output by output."""
    told = list(cell.advice.values())
    if not told:
        return {}
    if len(told) == len(cell.statuses) and all(one == told[0] for one in told):
        return dict(told[0])
    return {"advice": {name: dict(one) for name, one in cell.advice.items()}}


def _advice(bound: BoundQuery, group: GroupAnswer, block: Block | None) -> dict[str, Any]:
    """Say together with which cells, and which codes outside the filter, it would be released."""
    if block is None or not block.releasable:
        return {}
    found: dict[str, Any] = {}
    others = [key_json(bound, key) for key in block.groups if key != group.key]
    if others:
        found["togetherWith"] = others
    if block.widen:
        dimensions = bound.schema.dimensions
        found["widen"] = {
            dimensions[index].name: [dimensions[index].codes[code] for code in codes]
            for index, codes in block.widen
        }
    return found
