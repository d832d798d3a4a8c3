"""How much of an answer is released, counted once: for its table, its page and its provider.

A row is a cell of the answer. A figure is what one aggregate gives in one row: it is released, or
withheld, or there is nothing to give as no row of the data is behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.client.answer_notes import status_of
from connector.client.layout import laid_out
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.words import Language

_ROWS = Words("{count} 行有数字", "{count} {count|row|rows} with figures")
_PARTLY = Words("其中 {count} 行只有一部分", "{count} of them in part")
_WITHOUT = Words("{count} 行没有数字", "{count} {count|row|rows} without any")
_EMPTY = Words("{count} 行没有数据", "{count} {count|row|rows} of no data")
_WITHHELD = Words("保留 {count} 个数字", "{count} {count|figure|figures} withheld")
_CELLS = Words(
    "已发布 {released} 格，不发布 {withheld} 格",
    "{released} {released|cell|cells} released, {withheld} withheld",
)
_NOTHING = Words("没有保留任何数字", "no figure withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much of an answer is released.

    Attributes:
        rows: with at least one figure.
        partly: of these, with one that is withheld.
        without: rows without any figure, though there are data.
        empty: rows without data.
        released: figures.
        withheld: figures that are there and not given.
    """

    rows: int
    partly: int
    without: int
    empty: int
    released: int
    withheld: int

    def said(self, language: Language) -> str:
        """Say rows and figures, each as what it is."""
        rows = [_ROWS.of(count=self.rows)]
        several = ((_PARTLY, self.partly), (_WITHOUT, self.without), (_EMPTY, self.empty))
        rows += [words.of(count=count) for words, count in several if count]
        comma, mark = ("，", "；") if language == "zh" else (", ", "; ")
        figures = _WITHHELD.of(count=self.withheld) if self.withheld else _NOTHING
        told = comma.join(one.said(language) for one in rows)
        return f"{told}{mark}{figures.said(language)}"


def counts_of(answer: Mapping[str, Any], outputs: Sequence[str] | None = None) -> Counts:
    """Count an answer.

    Args:
        answer: the payload.
        outputs: names of those that are shown, each as often as it is; all of them by default.
    """
    names = [one["name"] for one in answer["outputs"]] if outputs is None else list(outputs)
    rows = partly = without = empty = released = withheld = 0
    for cell in (*answer["cells"], *answer["withheld"]):
        found = [status_of(cell, name) for name in names]
        given, nothing = found.count("released"), found.count("empty")
        hidden = len(found) - given - nothing
        released, withheld = released + given, withheld + hidden
        if "reason" not in cell:
            rows, partly = rows + 1, partly + (hidden > 0)
        elif cell["reason"] == "empty" and not cell.get("statuses"):
            empty += 1
        else:
            without += 1
    return Counts(
        rows=rows,
        partly=partly,
        without=without,
        empty=empty,
        released=released,
        withheld=withheld,
    )


def outputs_shown(sql: str, answer: Mapping[str, Any]) -> list[str]:
    """Name the outputs that a question shows; of one that cannot be read here all."""
    return [one.name for one in laid_out(sql, answer) if one.kind == "value"]


def said_of_given(cells: Mapping[str, Any], language: Language) -> str:
    """Say how much its provider gave to a question, from the `cells` of the owner's list.

    What a provider of an older version tells, or of a total whose text is gone, is of cells alone.
    """
    if cells.get("figuresWithheld") is None:
        return _CELLS.filled(language, cells)
    counts = Counts(
        rows=cells["released"],
        partly=cells["partly"],
        without=cells["withheld"],
        empty=0,
        released=cells["figuresReleased"],
        withheld=cells["figuresWithheld"],
    )
    return counts.said(language)
