"""Questions that others asked of us as rows of CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from connector.client.question_words import STATES, reason_said
from connector.client.spreadsheet import escaped
from connector.client.texts import plain
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.words import Language

_YES: Final = Words("是", "yes")
_NO: Final = Words("否", "no")
CSV_HEADS: Final[Sequence[Words]] = (
    Words("时间（UTC）", "asked (UTC)"),
    Words("提问方", "asker"),
    Words("名称", "name"),
    Words("合约", "agreement"),
    Words("要约", "offer"),
    Words("产品", "product"),
    Words("用途", "purpose"),
    Words("方式", "mode"),
    Words("状态", "state"),
    Words("已发布格数", "cells released"),
    Words("不发布格数", "cells withheld"),
    Words("略去格数", "cells left out"),
    Words("已计次", "charged"),
    Words("答案同", "answered as"),
    Words("理由", "reasons"),
    Words("提问编号", "question"),
    Words("SQL", "SQL"),
    Words("无法读取", "unreadable"),
    Words("公布的数字", "figures shown"),
    Words("合并的数字", "figures merged"),
    Words("扣下的数字", "figures withheld"),
)


def csv_row(row: Mapping[str, Any], tongue: Language) -> list[str]:
    """Give the cells of one question, none of which a spreadsheet takes for a formula."""
    cells = row.get("cells") or {}
    state, charged = row.get("state"), row.get("charged")
    found = (
        moment_of(row["asked"]),
        row["counterparty"],
        name_of(row, tongue),
        row["agreement"],
        row.get("offer"),
        row.get("product"),
        row.get("purpose"),
        row.get("mode"),
        STATES[state].said(tongue) if state in STATES else state,
        cells.get("released"),
        cells.get("withheld"),
        cells.get("leftOut"),
        None if charged is None else (_YES if charged else _NO).said(tongue),
        row.get("answeredAs"),
        "; ".join(plain(reason_said(reason, tongue)) for reason in row.get("reasons", [])),
        row["questionId"],
        row.get("sql"),
        row.get("unreadable"),
        cells.get("figuresShown"),
        cells.get("figuresMerged"),
        cells.get("figuresWithheld"),
    )
    return [_cell("" if value is None else str(value)) for value in found]


def _cell(text: str) -> str:
    text = escaped(text)  # before what steers a terminal goes: a tab counts as it came
    return "\n".join(map(plain, text.replace("\t", " ").split("\n")))


def moment_of(unix_ms: int) -> str:
    """Write a moment to the second."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def name_of(row: Mapping[str, Any], tongue: Language) -> str:
    """Give the certified name of who asked, in this language or another; empty without one."""
    names = row.get("name") or {}
    return str(names.get(tongue) or names.get("en") or names.get("zh") or "")
