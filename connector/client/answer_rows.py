"""An answer as rows: in the order and under the names of the question, for a table or for CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from connector.client.answer_counts import Counts, counts_of, said_of_each
from connector.client.answer_notes import Notes, status_of, status_of_cell
from connector.client.answer_words import bounds_of, older_providers
from connector.client.layout import laid_out
from connector.client.spreadsheet import NUMBER, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.client.answer_words import Tongue
    from connector.client.layout import Laid

_WIDE: Final = 5  # digits before the point from which on a column has its thousands apart


class AnswerRows:
    """Columns and rows of one verified answer.

    Attributes:
        answer: the verified payload.
        tongue: language of notes and heads.
        columns: head, `key` or `value`, and name of each.
    """

    def __init__(self, sql: str, answer: Mapping[str, Any], tongue: Tongue) -> None:
        """Lay out an answer.

        Args:
            sql: the question: gives the order of columns and their names.
            answer: the verified payload.
            tongue: language of notes and heads.
        """
        self.tongue = tongue
        self.answer = answer
        # as docs/answers.md says of the CSV, a key that is not selected comes first
        self.laid: list[Laid] = sorted(
            laid_out(sql, answer), key=lambda one: one.selected is not False
        )
        self.columns = [(one.full, one.kind, one.name) for one in self.laid]
        heads = {name: head for head, kind, name in self.columns if kind == "value"}
        self.notes = Notes(answer, heads, tongue)

    @property
    def counts(self) -> Counts:
        """How many rows and figures are released, and how many are not."""
        return counts_of(self.answer, self.outputs)

    def said_of_each(self) -> list[str]:
        """Say what becomes of each of several aggregates, where one is not shown of every row."""
        heads = [(name, head) for head, kind, name in self.columns if kind == "value"]
        return said_of_each(self.answer, heads, self.tongue)

    @property
    def outputs(self) -> list[str]:
        """The names of the aggregates, as often as they are shown."""
        return [name for _, kind, name in self.columns if kind == "value"]

    def texts(self, cell: Mapping[str, Any], *, bare: bool = False) -> list[str]:
        """Return a row; what has no figure is bare, or – where there is nothing, and × else."""
        values = cell.get("values", {})
        found = []
        for _, kind, name in self.columns:
            text = cell["key"][name] if kind == "key" else values.get(name)
            if text is None:
                nothing = "–" if status_of(cell, name) == "empty" else "×"
                text = "" if bare else nothing
            found.append(str(text))
        return found

    def csv(self) -> str:
        """Return CSV; what a spreadsheet would take for a formula is escaped.

        After the question's own columns comes the status of each aggregate, then that of the row.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        heads = [escaped(head) for head, _, _ in self.columns]
        values = [(head, name) for head, kind, name in self.columns if kind == "value"]
        states = [escaped(f"{head} status") for head, _ in values]
        writer.writerow([*heads, *states, "status", "note", "bounds"])
        bounds = "; ".join(bounds_of(self.answer))
        behind = "; ".join(older_providers(self.answer, self.tongue))
        for cell in (*self.answer["cells"], *self.answer["withheld"]):
            note = self.notes.of(cell) or ("" if "reason" in cell else behind)
            states = [status_of(cell, name) for _, name in values]
            row = [*self.texts(cell, bare=True), *states, status_of_cell(cell), note, bounds]
            writer.writerow([escaped(text) for text in row])
        return out.getvalue()

    def even_texts(self, cells: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
        """Return rows in which the numbers of a column are written alike."""
        values = {at for at, (_, kind, _) in enumerate(self.columns) if kind == "value"}
        columns = [
            even(column) if at in values else column
            for at, column in enumerate(zip(*map(self.texts, cells), strict=True))
        ]
        return list(zip(*columns, strict=True))


def even(texts: Sequence[str]) -> list[str]:
    """Return one column's numbers alike: as many places each, thousands apart in all or in none.

    Args:
        texts: numbers as decimal texts, and what stands for none.
    """
    numbers = [text for text in texts if NUMBER.fullmatch(text)]
    places = max((len(text.partition(".")[2]) for text in numbers), default=0)
    wide = any(len(text.partition(".")[0].lstrip("-")) >= _WIDE for text in numbers)
    shown = []
    for text in texts:
        if not NUMBER.fullmatch(text):
            shown.append(text)
            continue
        whole, _, fraction = text.partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        apart = f"{int(digits):,}" if wide else digits
        point = "." if places else ""
        shown.append(f"{sign}{apart}{point}{fraction.ljust(places, '0')}")
    return shown
