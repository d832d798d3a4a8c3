"""How questions that others asked of us are printed as lines."""

from collections.abc import Mapping
from typing import Any, Final

from connector.client.answer_counts import said_of_given
from connector.client.question_words import STATES
from connector.client.received_csv import CSV_HEADS, csv_row, moment_of, name_of
from connector.faces.cli.client import printable, put, said, say, unreadable
from connector.faces.cli.question_lines import sentence_of
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded
from crypto.words import Words

__all__ = ["CSV_HEADS", "csv_row", "say_received"]

_NONE: Final = Words("没有这样的提问", "there are no such questions")
_UNDER: Final = Words(
    "合约 {agreement}  产品 {product}  用途 {purpose}",
    "agreement {agreement}  product {product}  purpose {purpose}",
)
_NO_TEXT: Final = Words("未保存提问文本", "the text is not kept")
_LEFT_OUT: Final = Words(
    "，HAVING 或 LIMIT 略去 {count} 格", ", {count} left out by HAVING or LIMIT"
)
_CHARGED: Final = Words("；已计次", "; charged")
_UNCHARGED: Final = Words("；未计次", "; not charged")
_AS: Final = Words("，答案同 {question}", ", with the answer to {question}")
_MORE: Final = Words(
    "还有更早的：加上 --before {leaf}", "there are older ones: add --before {leaf}"
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
    who = " ".join(text for text in (name_of(row, spoken()), row["counterparty"]) if text)
    put(printable(f"{padded(state, 9)} {moment_of(row['asked'])}  {who}  {row['questionId']}"))
    if "unreadable" in row:
        put(f"          {unreadable(row)}")
        return
    facts = {name: row.get(name) or "–" for name in ("agreement", "product", "purpose")}
    put(f"          {said(_UNDER, **facts)}  {printable(row['mode'])}")
    put(f"          {printable(row['sql']) if row.get('sql') else said(_NO_TEXT)}")
    if cells := row.get("cells"):
        parts = [said_of_given(cells, spoken())]
        if cells["leftOut"]:
            parts.append(said(_LEFT_OUT, count=cells["leftOut"]))
        parts.append(said(_CHARGED if row["charged"] else _UNCHARGED))
        if row.get("answeredAs"):
            parts.append(said(_AS, question=row["answeredAs"]))
        put(f"          {''.join(parts)}")
    for reason in row.get("reasons", []):
        put(f"          {sentence_of(reason)}")
