"""An answer as rows: in the order and under the names of the question, for a table or for CSV."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from connector.client.answer_notes import Notes, status_of, status_of_cell
from connector.client.answer_words import bounds_of, older_providers
from connector.client.layout import laid_out
from connector.faces.cli.client import printable

if TYPE_CHECKING:
    from rich.table import Table

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WIDE = 5  # digits before the point from which on a column has its thousands apart
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AnswerTable:
    """Columns and rows of one verified answer."""

    def __init__(self, sql: str, answer: Mapping[str, Any], tongue: Literal["zh", "en"]) -> None:
        """Lay out an answer.

        Args:
            sql: The question: gives the order of columns and their names.
            answer: The verified payload.
            tongue: Language of notes and heads.
        """
        self._tongue = tongue
        self._answer = answer
        # as docs/answers.md says of the CSV, a key that is not selected comes first
        laid = sorted(laid_out(sql, answer), key=lambda one: one.selected is not False)
        # head, "key" or "value", name
        self._columns = [(one.full, one.kind, one.name) for one in laid]
        heads = {name: head for head, kind, name in self._columns if kind == "value"}
        self._notes = Notes(answer, heads, tongue)

    def rich(self) -> "Table":
        """Return a table for the terminal; withheld cells stand at its end."""
        from rich.table import Table
        from rich.text import Text  # as it stands: a unit in brackets is no markup

        noted = bool(self._answer["withheld"]) or any(map(self._notes.of, self._answer["cells"]))
        table = Table()
        for head, kind, _ in self._columns:
            table.add_column(Text(head), justify="left" if kind == "key" else "right")
        if noted:
            table.add_column("备注" if self._tongue == "zh" else "note")
        rows = [self._texts(cell) for cell in self._answer["cells"]]
        values = {i for i, (_, kind, _) in enumerate(self._columns) if kind == "value"}
        columns = [
            even(column) if i in values else column
            for i, column in enumerate(zip(*rows, strict=True))
        ]
        for cell, *shown in zip(self._answer["cells"], *columns, strict=True):
            note = [self._notes.of(cell)] if noted else []
            table.add_row(*[Text(printable(text)) for text in (*shown, *note)])
        for cell in self._answer["withheld"]:
            shown = [*self._texts(cell), self._notes.of(cell)]
            table.add_row(*[Text(printable(text)) for text in shown], style="dim")
        return table

    def csv(self) -> str:
        """Return CSV; what a spreadsheet would take for a formula is escaped.

        After the question's own columns comes the status of each aggregate, then that of the row.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        heads = [escaped(head) for head, _, _ in self._columns]
        values = [(head, name) for head, kind, name in self._columns if kind == "value"]
        states = [escaped(f"{head} status") for head, _ in values]
        writer.writerow([*heads, *states, "status", "note", "bounds"])
        bounds = "; ".join(bounds_of(self._answer))
        behind = "; ".join(older_providers(self._answer, self._tongue))
        for cell in (*self._answer["cells"], *self._answer["withheld"]):
            note = self._notes.of(cell) or ("" if "reason" in cell else behind)
            states = [status_of(cell, name) for _, name in values]
            row = [*self._texts(cell, bare=True), *states, status_of_cell(cell), note, bounds]
            writer.writerow([escaped(text) for text in row])
        return out.getvalue()

    def _texts(self, cell: Mapping[str, Any], *, bare: bool = False) -> list[str]:
        """Return a row; what has no figure is bare, or – where there is nothing, and × else."""
        values = cell.get("values", {})
        found = []
        for _, kind, name in self._columns:
            text = cell["key"][name] if kind == "key" else values.get(name)
            if text is None:
                nothing = "–" if status_of(cell, name) == "empty" else "×"
                text = "" if bare else nothing
            found.append(str(text))
        return found


def even(texts: Sequence[str]) -> list[str]:
    """Return one column's numbers alike: as many places each, thousands apart in all or in none.

    Args:
        texts: Numbers as decimal texts, and what stands for none.
    """
    numbers = [text for text in texts if _NUMBER.fullmatch(text)]
    places = max((len(text.partition(".")[2]) for text in numbers), default=0)
    wide = any(len(text.partition(".")[0].lstrip("-")) >= _WIDE for text in numbers)
    shown = []
    for text in texts:
        if not _NUMBER.fullmatch(text):
            shown.append(text)
            continue
        whole, _, fraction = text.partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        apart = f"{int(digits):,}" if wide else digits
        point = "." if places else ""
        shown.append(f"{sign}{apart}{point}{fraction.ljust(places, '0')}")
    return shown


def escaped(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
