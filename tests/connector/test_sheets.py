"""A printed table loses no figure, whatever the width."""

from __future__ import annotations

import pytest
from rich.table import Table

from connector.faces.cli.sheet import print_sheet


@pytest.mark.parametrize("width", ["20", "40", "80", "200"])
def test_no_figure_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
):
    """Twelve sums in a narrow pipe stand there digit by digit, and so does each word of a note."""
    monkeypatch.setenv("COLUMNS", width)
    figures = [f"{-(10**10) - i:,}" for i in range(12)]
    table = Table()
    table.add_column("mode")
    for i in range(12):
        table.add_column(f"SUM(m{i})", justify="right")
    table.add_column("note")
    table.add_row("AIR", *figures, "released only together with SEA")
    print_sheet(table)
    said = capsys.readouterr().out
    assert all(figure in said for figure in figures)
    assert all(word in said for word in ("released", "together", "SEA"))
    assert "…" not in said
