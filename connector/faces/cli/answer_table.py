"""An answer as a table for the terminal, from `connector.client.answer_rows`."""

from typing import TYPE_CHECKING

from connector.client.answer_rows import AnswerRows, even
from connector.client.spreadsheet import escaped
from connector.faces.cli.client import printable

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["AnswerTable", "escaped", "even"]


class AnswerTable(AnswerRows):
    """Columns and rows of one verified answer."""

    def rich(self) -> "Table":
        """Return a table for the terminal; withheld cells stand at its end."""
        from rich.table import Table
        from rich.text import Text  # as it stands: a unit in brackets is no markup

        cells, others = self.answer["cells"], self.answer["withheld"]
        noted = bool(others) or any(map(self.notes.of, cells))
        table = Table()
        for head, kind, _ in self.columns:
            table.add_column(Text(head), justify="left" if kind == "key" else "right")
        if noted:
            table.add_column("备注" if self.tongue == "zh" else "note")
        for cell, shown in zip(cells, self.even_texts(cells), strict=True):
            note = [self.notes.of(cell)] if noted else []
            table.add_row(*[Text(printable(text)) for text in (*shown, *note)])
        for cell in others:
            row = [*self.texts(cell), self.notes.of(cell)]
            table.add_row(*[Text(printable(text)) for text in row], style="dim")
        return table
