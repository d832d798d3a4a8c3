"""`voile --help` groups its commands: each once, in the order of the headings, in both languages."""

from __future__ import annotations

import sys

import pytest

from connector.__main__ import DEMO
from connector.faces.cli import main
from connector.faces.cli.headings import HEADINGS, OTHERS, heading_of
from connector.faces.cli.parts import PARTS


def test_every_command_has_one_heading():
    named = [name for _, names in HEADINGS for name in names]
    assert len(named) == len(set(named))
    assert {name for part in (*PARTS, DEMO) for name in part.names} == set(named)
    assert heading_of("of-a-profile") == OTHERS


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_shows_the_headings_in_order_and_each_command_below_its_own(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("VOILE_LANG", language)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sys, "argv", ["voile", "--help"])
    with pytest.raises(SystemExit):
        main(DEMO)
    out = capsys.readouterr().out
    places = [out.index(f"─ {words.said(language)} ─") for words, _ in HEADINGS]  # type: ignore[arg-type]
    assert places == sorted(places)
    for (_, names), begin, end in zip(HEADINGS, places, [*places[1:], len(out)], strict=True):
        rows = [line.split() for line in out[begin:end].splitlines()]
        assert [row[1] for row in rows if len(row) > 2 and row[1] in names] == list(names)
