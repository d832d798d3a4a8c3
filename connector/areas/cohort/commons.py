"""What the tables of a cohort have in common, as everybody in it reads it from all joinings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from catalog.dcat import TABLE, table_schema
from connector.areas.cohort import problems, problems_tables
from connector.areas.cohort.columns import ROW_COUNT, counted
from connector.areas.cohort.planning import common
from contracts.cohort.errors import broken
from crypto.disclosure.cohort_common import CommonTable, Declared, common_table
from crypto.disclosure.declaration import Refused as TableRefused
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.cohort.table_statements import Joining
    from crypto.disclosure.cohort_common import Dimensions
    from policies.schema import TableSchema


@dataclass(frozen=True, slots=True)
class Common:
    """What all members have in common: for questions, and for figures."""

    schema: TableSchema
    table: CommonTable

    def figure(self, column: str) -> int | None:
        """Return the number of the figure that a column of a session adds up, None if none."""
        numbers = {figure.name: i for i, figure in enumerate(self.table.figures)}
        if column == ROW_COUNT:
            return 0
        measure = counted(column)
        if measure is None:
            return numbers.get(column)
        return numbers.get(f"present({measure})", 0 if measure in numbers else None)


def _check_described(joining: Joining, schema: TableSchema) -> None:
    """Refuse a joining whose measures are not those of the table that it describes."""
    said = [
        (m.name, m.scale, m.unit.strip(), m.lower * 10**m.scale, m.upper * 10**m.scale)
        for m in schema.measures
    ]
    if said != [(m.name, m.scale, m.unit.strip(), m.lower, m.upper) for m in joining.measures]:
        raise broken(
            "cohort.table.described",
            problems.DESCRIBED_OTHERWISE,
            problems.DESCRIBED_OTHERWISE_STEP,
            member=joining.member,
        )


def common_of(joinings: Mapping[str, Joining]) -> Common:
    """Read what members have in common.

    Raises:
        Refused, CohortError: they do not mean the same.
        ProductError: a description of a table that is not understood.
    """
    ordered = [joinings[did] for did in sorted(joinings)]
    described = [{TABLE: {"@value": dict(joining.described)}} for joining in ordered]
    schemas = [table_schema(dataset) for dataset in described]
    for joining, own in zip(ordered, schemas, strict=True):
        _check_described(joining, own)
    schema = common(schemas)
    declared: dict[str, Declared] = {
        joining.member: Declared(
            dimensions=tuple((d.name, d.codes) for d in own.dimensions), measures=joining.measures
        )
        for joining, own in zip(ordered, schemas, strict=True)
    }
    whole = [d.name for d in schema.dimensions if d.kind == "integer"]
    try:
        table = common_table(declared, whole=whole)
    except TableRefused as error:
        raise broken(
            "cohort.table.differs.measures",
            problems_tables.DECLARED_APART,
            problems_tables.DECLARE_ALIKE,
            why=verbatim(str(error)).of(),
        ) from error
    return Common(schema, table)


def known_codes(own: Dimensions, common: Dimensions) -> Dimensions:
    """Leave out codes that were appended since the members joined: none of them is in the marks."""
    of = {name: set(codes) for name, codes in common}
    return tuple(
        (name, tuple(takewhile(of[name].__contains__, codes)) if name in of else codes)
        for name, codes in own
    )
