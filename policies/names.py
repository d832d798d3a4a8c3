"""Finding the columns that a question names, and whether their labels allow the use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from policies.columns import permits
from policies.sql_text import refused

if TYPE_CHECKING:
    from policies.columns import Use
    from policies.errors import QueryError
    from policies.query import AggregateQuery, Column
    from policies.schema import Measure, TableSchema

_SHOWN: Final = 20  # names in a message


class Names:
    """The declared names of one table, as one question may use them."""

    def __init__(self, schema: TableSchema, query: AggregateQuery) -> None:
        """Check that the question is about this table.

        Args:
            schema: The table.
            query: The question.

        Raises:
            QueryError: It asks another table.
        """
        self.schema = schema
        self._qualifiers = {query.alias.casefold() or schema.table.casefold()}
        table = query.table
        if not _same(table, schema.table):
            raise refused(
                "question.unknown-table",
                table.at,
                given=table.name,
                expected=schema.table,
                nxt="next.declared-names",
            )

    def dimension(self, column: Column, use: Literal["group", "filter"]) -> int:
        """Return the position of a dimension that may be used so.

        Args:
            column: As the question names it.
            use: For GROUP BY or for WHERE.

        Returns:
            Its position in the schema.

        Raises:
            QueryError: Unknown, not a dimension, or its label does not allow the use.
        """
        self._check_qualifier(column)
        for index, dimension in enumerate(self.schema.dimensions):
            if _same(column, dimension.name):
                if not permits(dimension.disclosure, use):
                    raise self._label(column, dimension.disclosure, self._dimensions(use))
                return index
        raise self._not_there(column, use, self._dimensions(use))

    def measure(self, column: Column, function: str) -> Measure:
        """Return the measure that may be aggregated so.

        Args:
            column: As the question names it.
            function: ``sum``, ``count`` or ``avg``.

        Returns:
            The measure.

        Raises:
            QueryError: Unknown, not a measure, or its label does not allow the function.
        """
        self._check_qualifier(column)
        for measure in self.schema.measures:
            if _same(column, measure.name):
                if not permits(measure.disclosure, "aggregate"):
                    raise self._label(column, measure.disclosure, self.measures())
                if function not in measure.functions:
                    raise refused(
                        "question.function-not-listed",
                        column.at,
                        given=f"{measure.name}:{function}",
                        expected=", ".join(sorted(measure.functions)),
                        nxt="next.declared-names",
                    )
                return measure
        raise self._not_there(column, "aggregate", self.measures())

    def measures(self) -> str:
        """Return the measures that can be asked for, as text."""
        usable = [m.name for m in self.schema.measures if permits(m.disclosure, "aggregate")]
        return _listing(["COUNT(*)", *usable])

    def _dimensions(self, use: Literal["group", "filter"]) -> str:
        return _listing([d.name for d in self.schema.dimensions if permits(d.disclosure, use)])

    def _check_qualifier(self, column: Column) -> None:
        if column.qualifier and column.qualifier.casefold() not in self._qualifiers:
            raise refused(
                "question.unknown-table",
                column.at,
                given=column.qualifier,
                expected=self.schema.table,
                nxt="next.declared-names",
            )

    def _label(self, column: Column, label: str, available: str) -> QueryError:
        return refused(
            "question.label-never" if label == "never" else "question.label",
            column.at,
            given=column.name,
            expected=available,
            nxt="next.declared-names",
        )

    def _not_there(self, column: Column, use: Use, available: str) -> QueryError:
        """Say why a column is not one that this use can speak of."""
        schema = self.schema
        if _same(column, schema.contributor):
            code = "question.contributor"
        elif any(_same(column, name) and label == "never" for name, label in schema.others):
            code = "question.label-never"
        elif any(_same(column, name) for name, _ in schema.others):
            code = "question.not-in-table"
        elif use == "aggregate" and any(_same(column, d.name) for d in schema.dimensions):
            code = "question.is-dimension"
        elif use != "aggregate" and any(_same(column, m.name) for m in schema.measures):
            code = "question.is-measure"
        else:
            code = "question.unknown-column"
        return refused(
            code, column.at, given=column.name, expected=available, nxt="next.declared-names"
        )


def _same(column: Column, name: str) -> bool:
    if column.quoted:
        return column.name == name
    return column.name.casefold() == name.casefold()


def _listing(names: list[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, …" if len(names) > _SHOWN else shown or "nothing"
