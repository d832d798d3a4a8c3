"""How much of an answer is released, counted once: for its table, its page and its provider.

A row is a cell of the answer. A figure is what one aggregate gives in one row: it is shown, or
merged (shown in a sum with others only), or withheld, or there is nothing to give as no row of the
data is behind it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.client.answer_notes import became
from connector.client.layout import laid_out
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.words import Language

_ROWS = Words("{count} 行有数字", "{count} {count|row|rows} with figures")
_PARTLY = Words("其中 {count} 行只有一部分", "{count} of them in part")
_WITHOUT = Words("{count} 行没有数字", "{count} {count|row|rows} without any")
_EMPTY = Words("{count} 行没有数据", "{count} {count|row|rows} of no data")
_FIGURES = Words(
    "公布 {shown} 个数字，合并 {merged} 个，扣下 {withheld} 个",
    "{shown} {shown|figure|figures} shown, {merged} merged, {withheld} withheld",
)
_CELLS = Words(
    "已发布 {released} 格，不发布 {withheld} 格",
    "{released} {released|cell|cells} released, {withheld} withheld",
)
_OF_ONE = Words(
    "{head}：公布 {shown}，合并 {merged}，扣下 {withheld}",
    "{head}: {shown} shown, {merged} merged, {withheld} withheld",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much of an answer is released.

    Attributes:
        rows: with at least one figure.
        partly: of these, with one that is not shown.
        without: rows without any figure, though there are data.
        empty: rows without data.
        shown: figures.
        merged: figures that are shown in a sum with others only.
        withheld: figures that are there and in no sum that is shown.
    """

    rows: int
    partly: int
    without: int
    empty: int
    shown: int
    merged: int
    withheld: int

    @property
    def missing(self) -> int:
        """How many figures are there and not shown."""
        return self.merged + self.withheld

    def said(self, language: Language) -> str:
        """Say rows and figures, each as what it is."""
        rows = [_ROWS.of(count=self.rows)]
        several = ((_PARTLY, self.partly), (_WITHOUT, self.without), (_EMPTY, self.empty))
        rows += [words.of(count=count) for words, count in several if count]
        comma, mark = ("，", "；") if language == "zh" else (", ", "; ")
        figures = _FIGURES.of(shown=self.shown, merged=self.merged, withheld=self.withheld)
        told = comma.join(one.said(language) for one in rows)
        return f"{told}{mark}{figures.said(language)}"


def counts_of(answer: Mapping[str, Any], outputs: Sequence[str] | None = None) -> Counts:
    """Count an answer.

    Args:
        answer: the payload.
        outputs: names of those that are shown, each as often as it is; all of them by default.
    """
    names = [one["name"] for one in answer["outputs"]] if outputs is None else list(outputs)
    rows = partly = without = empty = 0
    figures: Counter[str] = Counter()
    for cell in (*answer["cells"], *answer["withheld"]):
        found = Counter(became(cell, name) for name in names)
        figures += found
        if "reason" not in cell:
            rows, partly = rows + 1, partly + (found["merged"] + found["withheld"] > 0)
        elif cell["reason"] == "empty" and not cell.get("statuses"):
            empty += 1
        else:
            without += 1
    return Counts(
        rows=rows,
        partly=partly,
        without=without,
        empty=empty,
        shown=figures["shown"],
        merged=figures["merged"],
        withheld=figures["withheld"],
    )


def said_of_each(
    answer: Mapping[str, Any], heads: Sequence[tuple[str, str]], language: Language
) -> list[str]:
    """Say what becomes of each of several aggregates, where one is not shown of every row.

    Args:
        answer: the payload.
        heads: name and head of each that is shown.
        language: of the words.
    """
    if len(heads) < 2:
        return []
    each = [(head, counts_of(answer, [name])) for name, head in heads]
    if not any(counts.missing for _, counts in each):
        return []
    return [
        _OF_ONE.filled(
            language,
            {
                "head": head,
                "shown": counts.shown,
                "merged": counts.merged,
                "withheld": counts.withheld,
            },
        )
        for head, counts in each
    ]


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
        shown=cells["figuresShown"],
        merged=cells["figuresMerged"],
        withheld=cells["figuresWithheld"],
    )
    return counts.said(language)
