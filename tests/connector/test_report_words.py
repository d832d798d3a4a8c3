"""The owner's report as it is printed, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from catalog.finding_words import form_of, lack_of, rows_of
from connector.faces.cli.report_advice import advised
from connector.faces.cli.report_sheet import print_report
from connector.faces.cli.report_words import sections
from connector.faces.cli.tongue import speaking
from crypto.disclosure.declaration import DeclaredMeasure
from tests.connector.products.reported import BILLED, MODES, PAID, YEARS, Owner, Read, paid_but_for

if TYPE_CHECKING:
    from crypto.words import Language


def printed(report: dict[str, Any], tongue: Language, capsys: pytest.CaptureFixture[str]) -> str:
    with speaking(tongue):
        print_report(report)
    return capsys.readouterr().out


def test_a_withheld_measure_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Measure, rows, form, set, what was asked for, and what may help."""
    report = Owner(BILLED, PAID, dims=(YEARS, MODES)).publish(paid_but_for(2), Read(rows=80))
    en, zh = printed(report, "en", capsys), printed(report, "zh", capsys)
    assert (
        "paid (year = 2025; mode = RAIL, 20 rows): `billed − paid` on (year = 2025; mode = RAIL) concerns "
        "2 contributors, at least 5 are asked for"
    ) in en
    assert (
        "paid（year = 2025；mode = RAIL，20 行）：`billed − paid` 在（year = 2025；mode = RAIL）"
        in zh
    )
    assert "只涉及 2 个贡献者，至少要 5 个" in zh
    assert "what may help (it was not tried)" in en
    assert "offer one measure less, `billed`: of the withheld cells 1 of 1 fail" in en
    assert "可能有帮助的做法（未经试算）" in zh
    assert "少提供一个指标 `billed`" in zh
    assert "60  (75.00 %)" in en
    for text in (en, zh):
        head = next(
            line for line in text.splitlines() if "Grouped by" in line or "分组方式" in line
        )
        assert head.split()[-3:] == ["COUNT(*)", "SUM(billed)", "SUM(paid)"]
    shown = [line.split()[:4] for line in en.splitlines() if line.startswith(("COUNT", "SUM"))]
    assert shown == [
        ["COUNT(*)", "4", "0", "0"],
        ["SUM(billed)", "4", "0", "0"],
        ["SUM(paid)", "3", "0", "1"],
    ]


def test_a_report_without_findings_has_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is withheld: no section; and so for a report of the first edition."""
    report = Owner(BILLED, PAID, dims=(YEARS, MODES)).publish(paid_but_for(0), Read(rows=80))
    assert list(sections(report, zh=False)) == []
    first = {key: report[key] for key in ("product", "version", "rows", "cells", "rowsAtFinest")}
    margins = [{"dimensions": ["year"], "groups": 2, "released": 2, "rows": 80}]
    first |= {"margins": margins, "clamped": {}, "rounded": {}, "brokenRules": {}}
    text = printed(first, "en", capsys)
    assert "grand total" not in text
    assert text.splitlines()[-1].split() == ["year", "2", "2"]


def test_a_held_cell_and_a_migrated_one_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A change of too few; what the first edition released and this one does not."""
    cells = [[(year, mode)] for year in (0, 1) for mode in (0, 1)]
    owner = Owner(BILLED, PAID, dims=(YEARS, MODES))
    rows = paid_but_for(2)
    moved = owner.publish(rows, Read(rows=80), migrate={"safe": cells, "blocked": []})
    en, zh = printed(moved, "en", capsys), printed(moved, "zh", capsys)
    assert "released by the first edition, and no longer" in en
    assert "paid: 1 cell: (year = 2025; mode = RAIL)" in en
    assert "第一版曾公布、现在不再公布" in zh
    more = [[f"C{i:02}", (0, 0), [50, 50]] for i in range(20)]
    later = owner.publish([*rows, *more, ["C03", (0, 1), [50, 50]]], Read(rows=101))
    en, zh = printed(later, "en", capsys), printed(later, "zh", capsys)
    assert "held: a change of too few" in en
    assert "year = 2024; mode = RAIL: the change of " in en
    assert "concerns 1 contributor," in en
    assert "暂留旧值：变化涉及的贡献者太少" in zh


def test_leftovers_and_families_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    """What was merged in vain; sets on which combinations are not checked."""
    states = [DeclaredMeasure(name=name, lower=0, upper=1) for name in ("open", "shipped")]
    rows = [[f"C{i:02}", (0, i % 2), [i // 2 % 2, 1 - i // 2 % 2]] for i in range(40)]
    rows[5][2] = [0, 0]
    report = Owner(*states, dims=(YEARS, MODES)).publish(rows, Read(rows=40))
    en, zh = printed(report, "en", capsys), printed(report, "zh", capsys)
    assert "not released, whatever they were merged with" in en
    assert "`rows − open − shipped` concerns 1 contributor, at least 3" in en
    assert "if `open`, `shipped` exclude each other, make them codes of one dimension" in en
    assert "合并后仍不能公布" in zh
    dims = tuple((name, tuple(f"{name}{i}" for i in range(40))) for name in "abc")
    wide = Owner(dims=dims).publish([[f"C{i}", (0, 0, 0), []] for i in range(9)], Read(rows=9))
    en, zh = printed(wide, "en", capsys), printed(wide, "zh", capsys)
    assert "a x b on two codes of c: 1,248,000 sets" in en
    assert "a x b，只取 c 的两个编码：1,248,000 个" in zh


@pytest.mark.parametrize("zh", [False, True])
def test_every_rule_form_and_piece_of_advice_has_words(*, zh: bool) -> None:
    """No code of the JSON is printed as it is, in neither language."""
    said = [
        lack_of({"form": "x", "rule": rule, "needed": 80, "had": 97, "largest": 2}, zh=zh)
        for rule in ("carriers", "dominance", "p_percent", "nil")
    ]
    said += [form_of(name, zh=zh) for name in ("rows", "up(x)", "down(x)", "present(x)", "a − b")]
    given: dict[str, Any] = {
        "measure": "x", "measures": ["x", "y"], "dimension": "d", "cells": 1234, "of": 5000,
        "count": 3, "some": ["p", "q"],
    }  # fmt: skip
    kinds = ("measure", "units", "dimension", "order", "codes")
    said += [advised(given | {"kind": kind}, zh=zh) for kind in kinds]
    said.append(advised(given | {"kind": "codes", "withheld": True}, zh=zh))
    assert len(set(said)) == len(said)
    for text in said:
        assert not any(
            code in text for code in ("carriers", "p_percent", "up(", "down(", "present(")
        )
        if zh:
            assert any("\u4e00" <= c <= "\u9fff" for c in text) or text == "`a − b`"
        else:
            assert not any("\u4e00" <= c <= "\u9fff" for c in text)
    assert sum("1,234" in text for text in said) == len(kinds) + 1


def test_sets_are_said_briefly() -> None:
    """Codes that are many are counted; what is all but a few is said by these."""
    told = [
        {"dimension": "mode", "without": ["RAIL"]},
        {"dimension": "year", "codes": ["2024", "2025"], "more": 1200},
    ]
    assert rows_of(told, zh=False) == "mode ≠ RAIL; year = 2024, 2025, … (1,200 more)"
    assert rows_of(told, zh=True) == "mode ≠ RAIL；year = 2024、2025 等（另有 1,200 个）"
    assert rows_of([], zh=False) == "all rows"


def test_codes_steer_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of a file are printed as what they are not."""
    modes = ("mode", ("AIR", "RA\x1b[31mIL", "ROAD"))
    report = Owner(BILLED, PAID, dims=(YEARS, modes)).publish(paid_but_for(2), Read(rows=80))
    for tongue in ("en", "zh"):
        text = printed(report, tongue, capsys)
        assert "\x1b" not in text
        assert "RA\ufffd[31mIL" in text


def test_a_measure_that_skips_empty_values_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """What counts the rows with a value is written as a question asks for it."""
    skips = DeclaredMeasure(name="tip", lower=0, upper=9, empty="skip")
    rows = [[f"C{i:02}", (0, 0), [None if i % 3 else i % 7]] for i in range(40)]
    report = Owner(skips, dims=(YEARS, MODES)).publish(rows, Read(rows=40, skipped={"tip": 26}))
    assert report["emptySkipped"] == {"tip": 26}
    text = printed(report, "en", capsys)
    assert "COUNT(tip)" in text
    assert "empty values that do not count" in text
    assert "present(" not in text
