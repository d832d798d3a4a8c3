"""Data that lie in a database: the key `source` of a product file. Where it is, the node knows."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final

from catalog import problems_products, problems_reading
from catalog.errors import ProductError
from catalog.toml_fields import Fields, wrong
from crypto import records
from crypto.errors import MalformedError
from crypto.record_kinds import fields_of
from crypto.records import Name, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.product import SourceColumn

LONGEST: Final = 20_000  # characters of a query


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSource:
    """What is read of a database.

    Attributes:
        database: The name by which the node knows it.
        query: A query that gives the columns, without a semicolon at its end.
        table: A table or view that has them; `schema.table` too. One of the two is given.
        append_only: Whether rows only ever come behind those that there are: a schedule checks it.
    """

    database: Annotated[str, Text(longest=60)]
    query: Annotated[str, Text(longest=LONGEST, lines=True)] | None = None
    table: Annotated[str, Text(longest=200)] | None = None
    append_only: Annotated[bool, Name("append_only")] = False

    def select(
        self,
        columns: Sequence[SourceColumn],
        *,
        written: Mapping[str, str] = MappingProxyType({}),
        ordered: Mapping[str, str] = MappingProxyType({}),
        order: bool = True,
    ) -> str:
        """Returns SQL that gives the declared columns by their names in the database.

        A table's rows are ordered, so that equal rows are an equal text.

        Args:
            columns: The declared columns.
            written: Per column that is not given as it is, SQL of it: `{0}` is its value, `{1}`
                its name.
            ordered: Per column that has no order of its own, SQL of what has: `{}` is its value.
            order: Whether a table's rows are put in order at all.
        """
        # by the name of the relation: SQLite takes a quoted name that is no column for a text
        values = [(c.source, f"data.{_quoted(c.source)}") for c in columns]
        names = ", ".join(
            written.get(name, "{0}").format(value, _quoted(name)) for name, value in values
        )
        if self.table is not None:
            by = ", ".join(ordered.get(name, "{}").format(value) for name, value in values)
            ending = f" ORDER BY {by}" if order else ""
            return f"SELECT {names} FROM {self._relation} AS data{ending}"  # noqa: S608 - quoted
        return f"SELECT {names} FROM {self._relation} AS data"  # noqa: S608 - the owner's own

    def whole(self) -> str:
        """Returns SQL that gives all columns, in their order."""
        return f"SELECT data.* FROM {self._relation} AS data"  # noqa: S608 - as above

    @property
    def _relation(self) -> str:
        if self.table is None:
            return f"(\n{self.query}\n)"
        return ".".join(_quoted(part) for part in self.table.split("."))


def read_source(fields: Fields) -> DatabaseSource | None:
    """Reads the key, if it is there.

    Raises:
        ProductError: If it is wrong, or stands beside `[reading]`, which is of files.
    """
    value = fields.raw("source")
    if value is None:
        return None
    part = Fields(value, "source")
    part.only(*(each.key for each in fields_of(DatabaseSource)))
    try:
        found = records.read(DatabaseSource, value, "source")
    except MalformedError as error:
        facts = error.params
        where = str(facts["pointer"]).replace("/", ".")
        raise ProductError(
            problems_products.FIELD, field=where, expected=facts["expected"], got=facts["got"]
        ) from error
    if (found.query is None) == (found.table is None):
        raise wrong("source", problems_reading.QUERY_OR_TABLE, value)
    if fields.has("reading"):
        raise wrong("reading", problems_reading.NO_READING, fields.raw("reading"))
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
