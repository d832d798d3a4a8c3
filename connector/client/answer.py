"""An answer as a value: columns, rows, what is withheld and why, whose figures they are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector.client.answer_counts import Counts, counts_of, said_of_each
from connector.client.answer_notes import NOT_MISSING, Notes, status_of
from connector.client.answer_parts import Bound, Row, columns_of, withheld_of
from connector.client.answer_words import providers_versions, said_of_bounds
from connector.client.layout import laid_out
from connector.client.margin_words import helpful_margins
from connector.client.texts import plain
from connector.client.values import Kind, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from crypto.words import Language, Spoken

WHY: Final = "withheld_because"  # what the column of reasons is called


class Answer:
    """A verified answer.

    Attributes:
        sql: the question.
        columns: its columns.
        rows: released cells in the order asked for, then those of which nothing is.
        withheld: each figure that is there and not released.
        question_id: asked again under it, it is not charged twice.
        mode: how it was answered.
        repeated: whether the stored answer came, and nothing was charged.
        usage: what is used of the agreement's count; of a total, by provider.
        language: of the words in it.
        signature: the signed answer; of a total, all statements behind it.
        margins: where a figure is withheld, what the provider publishes of groupings.
        raw: the verified payload (docs/answers.md).
    """

    def __init__(
        self, found: Mapping[str, Any], sql: str, language: Language, kinds: Mapping[str, Kind]
    ) -> None:
        """Read what the API gave.

        Args:
            found: the reply of `POST /v1/questions`.
            sql: the question.
            language: of notes.
            kinds: what keys of dimensions are, where that is known.
        """
        self.sql, self.language = sql, language
        self.raw: Mapping[str, Any] = found["answer"]
        self.question_id = str(found["questionId"])
        self.mode = str(found["mode"])
        self.repeated = found.get("repeated") is True
        self.usage: Mapping[str, Any] = found.get("usage") or {}
        self.signature: Any = found.get("signature")
        self.margins: Sequence[Mapping[str, Any]] = found.get("margins") or ()
        laid = laid_out(sql, self.raw)
        self.columns = columns_of(laid, self.raw, kinds)
        heads = {c.source: c.name for c in self.columns if c.role == "aggregate"}
        notes = Notes(self.raw, heads, language)
        cells = (*self.raw["cells"], *self.raw["withheld"])
        self.rows = tuple(self._row(cell, notes) for cell in cells)
        self.withheld = tuple(
            withheld_of(cell, column, notes)
            for cell in cells
            for column in self.columns
            if column.role == "aggregate" and status_of(cell, column.source) not in NOT_MISSING
        )

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        if "withheld" not in vars(self):  # in a traceback of what could not be read
            return "<Answer, not read>"
        told = self.counts.said("en")
        return f"<Answer {plain(self.question_id, most=80)}: {len(self.columns)} columns; {told}>"

    def _repr_html_(self) -> str:
        from connector.client.notebook import html_of

        return html_of(self)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def units(self) -> dict[str, str]:
        """The unit of each column that has one."""
        return {column.name: column.unit for column in self.columns if column.unit}

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The declared bounds of each measure that was asked for."""
        return tuple(
            Bound(m["name"], Decimal(m["lower"]), Decimal(m["upper"]), m.get("unit", ""))
            for m in self.raw.get("measures", ())
        )

    @property
    def data_versions(self) -> dict[str, int]:
        """From which data version each provider answered, by its DID."""
        if "dataVersions" in self.raw:
            told = self.raw["dataVersions"].items()
            return {did: one["number"] for did, one in told if isinstance(one, dict)}
        told = self.raw.get("dataVersion") or {}
        return {self.raw["provider"]: told["number"]} if "number" in told else {}

    @property
    def counts(self) -> Counts:
        """How many rows and figures are released, and how many are not."""
        return counts_of(self.raw, [c.source for c in self.columns if c.role == "aggregate"])

    def _heads(self) -> list[tuple[str, str]]:
        return [(c.source, c.name) for c in self.columns if c.role == "aggregate"]

    def _helpful(self) -> list[Spoken]:
        names = [source for source, _ in self._heads()]
        return helpful_margins(self.raw, names, self.margins)

    @property
    def left_out(self) -> int:
        """How many released cells HAVING or LIMIT left out."""
        return int(self.raw.get("leftOut", 0))

    @property
    def notes(self) -> list[str]:
        """What is to be known of all of it, in words: bounds, versions, how much is released."""
        lines = [
            said_of_bounds(self.raw, self.language),
            *providers_versions(self.raw, self.language),
            self.counts.said(self.language),
            *said_of_each(self.raw, self._heads(), self.language),
            *(one.said(self.language) for one in self._helpful()),
        ]
        return [line for line in lines if line]

    def to_pandas(self, *, exact: bool = True, why: str = WHY) -> pd.DataFrame:
        """Give a pandas DataFrame; units, bounds and versions are in its `attrs`.

        Args:
            exact: whole numbers as `Int64`, decimals as `decimal.Decimal`. False makes floats of
                all figures, NaN where one is withheld: for a chart, not for an account.
            why: name of the column of reasons; empty leaves it out.

        Raises:
            LibraryMissing: pandas is not installed.
        """
        from connector.client.frames import to_pandas

        return to_pandas(self, exact=exact, why=why)

    def to_polars(self, *, why: str = WHY) -> pl.DataFrame:
        """Give a polars DataFrame: whole numbers, decimals and dates exact, null where withheld.

        Raises:
            LibraryMissing: polars is not installed.
        """
        from connector.client.frames import to_polars

        return to_polars(self, why=why)

    def to_arrow(self, *, why: str = WHY) -> pa.Table:
        """Give an Arrow table, with units in its fields and the rest in its metadata.

        Raises:
            LibraryMissing: pyarrow is not installed.
        """
        from connector.client.frames import to_arrow

        return to_arrow(self, why=why)

    def _row(self, cell: Mapping[str, Any], notes: Notes) -> Row:
        shown = cell.get("values", {})
        texts = [
            cell["key"][c.source] if c.role == "dimension" else shown.get(c.source)
            for c in self.columns
        ]
        pairs = zip(texts, self.columns, strict=True)
        values = tuple(None if text is None else value_of(text, c.kind) for text, c in pairs)
        statuses = {
            c.name: status_of(cell, c.source) for c in self.columns if c.role == "aggregate"
        }
        return Row(values, self.names, statuses, notes.of(cell))
