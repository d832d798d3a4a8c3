"""Contributor ids in DuckDB: read by one rule wherever they stand, in the file and in bases.

DuckDB knows NFC only, so the ids that are not plain ASCII are normalised here, each distinct one
once, and those that change are joined back. Ids of other types than text stay as they are.
"""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.contributor_ids import PLAIN, folded, normalised
from connector.engines.duckdb.names import literal, quoted
from connector.engines.spellings import Alike, Spellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.product import Product
    from connector.engines.duckdb.session import DuckSession

MAX_GROUPS: Final = 20  # listed in a report
MAX_SPELLINGS: Final = 6  # listed of each
_BATCH: Final = 50_000  # ids inserted at a time


class Contributors:
    """Normalises the contributor column of relations of one session."""

    def __init__(self, session: DuckSession, product: Product) -> None:
        """Prepare for one publication; nothing is read yet."""
        self._session = session
        self._column = product.contributor
        self._fold = product.contributor_case == "fold"
        kinds = {column.name: column.type for column in product.columns}
        self._text = kinds[product.contributor] == "text"
        if self._text:
            # only ids that the rule changes, or whose folded form lower() does not give
            session.run("CREATE TEMP TABLE spelled (raw VARCHAR, id VARCHAR, folded VARCHAR)")

    @property
    def are_texts(self) -> bool:
        """Whether the ids are texts."""
        return self._text

    def normalise(self, relation: str) -> Spellings:
        """Rewrites the file's relation, a table or a view; an id of nothing becomes NULL.

        Returns:
            Which ids fell together, and which differ in case only.
        """
        if not self._text:
            return Spellings()
        column = quoted(self._column)
        self._session.run(
            f"CREATE OR REPLACE TEMP TABLE written AS SELECT DISTINCT {column} AS raw "
            f"FROM {relation} WHERE {column} IS NOT NULL"
        )
        self._learn("written", "raw")
        found = self._spellings()
        self._session.run("DROP TABLE written")
        (views,) = self._session.one(
            f"SELECT count(*) FROM duckdb_views() WHERE view_name = {literal(relation)}"
        )
        if views:
            self._rewrite_view(relation, column)
        else:
            self._rewrite_table(relation, column)
        return found

    def normalise_ids(self, table: str) -> None:
        """Rewrites the column `contributor` of a table of ours."""
        if self._text:
            self._learn(table, "contributor")
            self._rewrite_table(table, "contributor")

    def or_nobody(self) -> str:
        """Returns SQL of the column `contributor` of a table of ours, an id of nothing as ''."""
        return "coalesce(contributor, '')" if self._text else "contributor"

    def compared(self, table: str, *, fold: bool) -> str:
        """Returns SQL of the distinct ids of a table of ours as two products are compared by.

        Args:
            table: with a column `contributor`.
            fold: Whether case counts for neither of the products.
        """
        if not self._text:
            return f"SELECT DISTINCT contributor FROM {table}"
        self._learn(table, "contributor")
        old = f"{table}.contributor"
        new = _folded(old) if fold or self._fold else f"coalesce(spelled.id, {old})"
        return (
            f"SELECT DISTINCT {new} AS contributor FROM {table} "
            f"LEFT JOIN spelled ON {old} = spelled.raw"
        )

    def _learn(self, table: str, column: str) -> None:
        """Normalises the distinct ids of a table that are neither plain nor known."""
        changed: list[tuple[str, str, str]] = []
        for (raw,) in self._session.stream(
            f"SELECT DISTINCT {table}.{column} FROM {table} "
            f"ANTI JOIN spelled ON {table}.{column} = spelled.raw "
            f"WHERE {table}.{column} IS NOT NULL AND NOT {_is_plain(f'{table}.{column}')}"
        ):
            known = normalised(raw)
            lower = folded(known)
            if known != raw or lower != raw:
                changed.append((raw, known, lower))
        for start in range(0, len(changed), _BATCH):
            parts = [list(part) for part in zip(*changed[start : start + _BATCH], strict=True)]
            self._session.run(
                "INSERT INTO spelled SELECT "
                "unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                parts,
            )

    def _rewrite_table(self, table: str, column: str) -> None:
        new = "folded" if self._fold else "id"
        self._session.run(
            f"UPDATE {table} SET {column} = nullif(spelled.{new}, '') FROM spelled "
            f"WHERE {table}.{column} = spelled.raw AND spelled.{new} <> spelled.raw"
        )
        if self._fold:
            self._session.run(
                f"UPDATE {table} SET {column} = lower({column}) "
                f"WHERE {_is_plain(column)} AND {column} <> lower({column})"
            )

    def _rewrite_view(self, view: str, column: str) -> None:
        (changes,) = self._session.one("SELECT count(*) FROM spelled WHERE id <> raw")
        if not changes and not self._fold:
            return
        old = f"read_as.{column}"
        new = _folded(old) if self._fold else f"coalesce(spelled.id, {old})"
        self._session.run(f"ALTER VIEW {view} RENAME TO read_as")
        self._session.run(
            f"CREATE TEMP VIEW {view} AS SELECT read_as.* REPLACE (nullif({new}, '') AS {column}) "
            f"FROM read_as LEFT JOIN spelled ON {old} = spelled.raw"
        )

    def _spellings(self) -> Spellings:
        self._session.run(
            "CREATE OR REPLACE TEMP TABLE alike AS SELECT written.raw, "
            f"coalesce(spelled.id, written.raw) AS id, {_folded('written.raw')} AS folded "
            "FROM written LEFT JOIN spelled ON written.raw = spelled.raw"
        )
        if self._fold:
            return Spellings(together=self._alike("raw", "folded"))
        together = self._alike("raw", "id")
        return Spellings(together, self._alike("id", "folded"))

    def _alike(self, written: str, by: str) -> Alike:
        grouped = (
            f"SELECT {by} AS one, list_sort(list(DISTINCT {written})) AS several FROM alike "
            f"WHERE {by} <> '' GROUP BY {by} HAVING count(DISTINCT {written}) > 1"
        )
        (count,) = self._session.one(f"SELECT count(*) FROM ({grouped})")
        if not count:
            return Alike()
        rows: Sequence[tuple[list[str]]] = self._session.rows(
            f"SELECT several[:{MAX_SPELLINGS}] FROM ({grouped}) "
            f"ORDER BY len(several) DESC, one LIMIT {MAX_GROUPS}"
        )
        return Alike(int(count), tuple(tuple(several) for (several,) in rows))


def _is_plain(column: str) -> str:
    return f"regexp_full_match({column}, {literal(PLAIN)})"


def _folded(column: str) -> str:
    return (
        f"CASE WHEN {_is_plain(column)} THEN lower({column}) "
        f"ELSE coalesce(spelled.folded, {column}) END"
    )
