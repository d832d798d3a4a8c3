"""An answer as an Excel workbook: its rows, and beside them why each withheld figure is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.client.answer_notes import status_of, status_of_cell
from connector.client.answer_rows import AnswerRows
from connector.client.answer_words import bounds_of
from connector.client.workbook import Figure, Sheet, workbook
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crypto.words import Language

ANSWER: Final = Words("答案", "Answer")
WITHHELD: Final = Words("被扣下的数字", "Withheld")
STATE: Final = Words("状态", "status")
NOTE: Final = Words("备注", "note")
BOUNDS: Final = Words("取值界限", "bounds")
FIGURE: Final = Words("数字", "figure")
RULE: Final = Words("规则", "rule")
WHY: Final = Words("原因", "why")


def answer_workbook(sql: str, answer: Mapping[str, Any], language: Language) -> bytes:
    """Write a verified answer as a workbook of two sheets.

    The first has the rows of the question, in its order and under its names: released figures as
    numbers, withheld ones empty. The second has one row for each figure that is not released.

    Args:
        sql: the question.
        answer: the verified payload.
        language: of heads and notes.
    """
    laid = AnswerRows(sql, answer, language)
    bounds = "; ".join(bounds_of(answer))
    heads = [head for head, _, _ in laid.columns]
    more = [STATE.said(language), NOTE.said(language), BOUNDS.said(language)]
    rows = [
        [*_row(laid, cell), status_of_cell(cell), laid.notes.of(cell), bounds]
        for cell in (*answer["cells"], *answer["withheld"])
    ]
    keys = [head for head, kind, _ in laid.columns if kind == "key"]
    said = [FIGURE.said(language), RULE.said(language), WHY.said(language)]
    return workbook(
        [
            Sheet(name=ANSWER.said(language), heads=[*heads, *more], rows=rows),
            Sheet(
                name=WITHHELD.said(language), heads=[*keys, *said], rows=list(_withheld(laid, keys))
            ),
        ]
    )


def _row(laid: AnswerRows, cell: Mapping[str, Any]) -> Iterator[str | Figure]:
    for text, (_, kind, _) in zip(laid.texts(cell, bare=True), laid.columns, strict=True):
        yield Figure(text) if kind == "value" and text else text


def _withheld(laid: AnswerRows, keys: list[str]) -> Iterator[list[str]]:
    for cell in (*laid.answer["cells"], *laid.answer["withheld"]):
        texts = laid.texts(cell, bare=True)
        place = [
            text for text, (_, kind, _) in zip(texts, laid.columns, strict=True) if kind == "key"
        ]
        assert len(place) == len(keys), "one head for each key"
        for head, kind, name in laid.columns:
            if kind == "value" and (status := status_of(cell, name)) != "released":
                yield [*place, head, status, laid.notes.why(cell, name)]
