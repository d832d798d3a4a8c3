"""How questions that others asked of us are printed: as lines, and as rows of CSV."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from connector.faces.cli.answer_table import escaped
from connector.faces.cli.client import harmless, printable, put, said, say, unreadable
from connector.faces.cli.question_lines import STATES, sentence_of
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import NO, YES, padded
from crypto.words import Language, Words

_NONE: Final = Words("没有这样的提问", "there are no such questions")
_UNDER: Final = Words(
    "合约 {agreement}  产品 {product}  用途 {purpose}",
    "agreement {agreement}  product {product}  purpose {purpose}",
)
_NO_TEXT: Final = Words("未保存提问文本", "the text is not kept")
_CELLS: Final = Words(
    "已发布 {released} 格，不发布 {withheld} 格", "{released} cells released, {withheld} withheld"
)
_LEFT_OUT: Final = Words(
    "，HAVING 或 LIMIT 略去 {count} 格", ", {count} left out by HAVING or LIMIT"
)
_CHARGED: Final = Words("；已计次", "; charged")
_UNCHARGED: Final = Words("；未计次", "; not charged")
_AS: Final = Words("，答案同 {question}", ", with the answer to {question}")
_MORE: Final = Words(
    "还有更早的：加上 --before {leaf}", "there are older ones: add --before {leaf}"
)
# a spreadsheet reads these as it reads their narrow forms
_WIDE: Final = ("＝", "＋", "－", "＠")

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
)


def say_received(page: Mapping[str, Any]) -> None:
    """Print one page, newest first, and how to see the next."""
    if not page["questions"]:
        say(_NONE)
    for row in page["questions"]:
        _say(row)
    if page["next"] is not None:
        say(_MORE, leaf=page["next"])


def _say(row: Mapping[str, Any]) -> None:
    state = said(STATES[row["state"]]) if row.get("state") in STATES else ""
    who = " ".join(text for text in (_name(row), row["counterparty"]) if text)
    put(printable(f"{padded(state, 9)} {moment_of(row['asked'])}  {who}  {row['questionId']}"))
    if "unreadable" in row:
        put(f"          {unreadable(row)}")
        return
    facts = {name: row.get(name) or "–" for name in ("agreement", "product", "purpose")}
    put(f"          {said(_UNDER, **facts)}  {printable(row['mode'])}")
    put(f"          {printable(row['sql']) if row.get('sql') else said(_NO_TEXT)}")
    if cells := row.get("cells"):
        parts = [said(_CELLS, **cells)]
        if cells["leftOut"]:
            parts.append(said(_LEFT_OUT, count=cells["leftOut"]))
        parts.append(said(_CHARGED if row["charged"] else _UNCHARGED))
        if row.get("answeredAs"):
            parts.append(said(_AS, question=row["answeredAs"]))
        put(f"          {''.join(parts)}")
    for reason in row.get("reasons", []):
        put(f"          {sentence_of(reason)}")


def csv_row(row: Mapping[str, Any], tongue: Language) -> list[str]:
    """Give the cells of one question, none of which a spreadsheet takes for a formula."""
    cells = row.get("cells") or {}
    state, charged = row.get("state"), row.get("charged")
    found = (
        moment_of(row["asked"]),
        row["counterparty"],
        _name(row),
        row["agreement"],
        row.get("offer"),
        row.get("product"),
        row.get("purpose"),
        row.get("mode"),
        STATES[state].said(tongue) if state in STATES else state,
        cells.get("released"),
        cells.get("withheld"),
        cells.get("leftOut"),
        None if charged is None else (YES if charged else NO).said(tongue),
        row.get("answeredAs"),
        "; ".join(sentence_of(reason) for reason in row.get("reasons", [])),
        row["questionId"],
        row.get("sql"),
        row.get("unreadable"),
    )
    return [_cell("" if value is None else str(value)) for value in found]


def _cell(text: str) -> str:
    text = escaped(text)  # before what steers a terminal goes: a tab counts as it came
    text = f"'{text}" if text.startswith(_WIDE) else text
    return harmless(text.replace("\t", " "))


def moment_of(unix_ms: int) -> str:
    """Write a moment to the second."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _name(row: Mapping[str, Any]) -> str:
    names = row.get("name") or {}
    return str(names.get(spoken()) or names.get("en") or names.get("zh") or "")
