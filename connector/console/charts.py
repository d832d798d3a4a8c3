"""Charts as SVG with a title, a description and a table of the same figures; no script, no style.

Geometry stands in presentation attributes, colours in classes of the stylesheet. Labels are texts
in the language of the page already, such as `w.state`; they may come from others: all is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from connector.console.chart_parts import (
    WIDTH,
    drawn_chart,
    figure_of,
    kind_of,
    lettering,
    safe,
    shortened,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

DRAWN: Final = frozenset({"stacked", "bullet", "heat", "timeline", "intervals"})
MOST_CELLS: Final = 600
_LONGEST: Final = 88  # columns of a label beside a moment; what is wide takes two
_HOLLOW: Final = Markup(
    '<rect x="{0}" y="{1}" width="12" height="12" class="mark limit">{3}</rect>'
)
_DOT: Final = Markup('<circle cx="{0}" cy="{2}" r="6" class="k1">{3}</circle>')
_STEPS: Final = (0.15, 0.35, 0.55, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a heat map.

    Attributes:
        value: its figure; None where there is none.
        said: its figure as a text, or why there is none.
        absent: nothing is withheld there: there is no such cell, or nothing in it.
    """

    value: float | None
    said: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a timeline: its words, and whether something lacks there, or is yet to come."""

    said: str
    gap: bool = False


def stacked(
    title: str,
    desc: str,
    bars: Sequence[tuple[str, Sequence[float | Decimal]]],
    kinds: Sequence[str],
    *,
    table: str = "",
) -> Markup:
    """Draw one horizontal bar a row, each of parts.

    Args:
        title: of the chart.
        desc: one sentence that says what it shows.
        bars: label and one figure per kind; decimals are written to their last digit.
        kinds: what the parts are.
        table: what its table is called, where the page says the title already.
    """
    most = max((sum(map(float, figures)) for _, figures in bars), default=0) or 1
    drawn, left = [], 150
    for row, (label, figures) in enumerate(bars):
        y, x = row * 28, float(left)
        drawn.append(lettering(left - 10, y + 16, label, "end"))
        for kind, figure in enumerate(figures):
            wide = (WIDTH - left - 60) * float(figure) / most
            drawn.append(
                Markup('<rect x="{}" y="{}" width="{}" height="20" class="k{}"/>').format(
                    written(x), y, written(wide), kind_of(kind)
                )
            )
            x += wide
        whole = figures[0] if len(figures) == 1 else sum(figures)  # a sum may round decimals
        drawn.append(lettering(x + 6, y + 16, figure_of(whole), soft=True))
    rows = [[label, *map(figure_of, figures)] for label, figures in bars]
    return drawn_chart(title, desc, drawn, len(bars) * 28, ["", *kinds], rows, legend=kinds,
                  table=table)  # fmt: skip


def bullet(title: str, desc: str, *, spent: float, limit: float, after: float | None = None,
           heads: Sequence[str] = ("", "", ""), table: str = "") -> Markup:  # fmt: skip
    """Draw what is spent of a limit, and what would be after one more step.

    Args:
        title: of the chart.
        desc: one sentence that says what it shows.
        spent: until now.
        limit: that holds.
        after: after the step that is asked about.
        heads: of the table: spent, after, limit.
        table: what its table is called, where the page says the title already.
    """
    whole = max(limit, spent, after or 0) or 1

    def at(value: float) -> str:
        return written((WIDTH - 20) * value / whole)

    drawn = [Markup('<rect x="0" y="4" width="{}" height="16" class="track"/>').format(at(whole))]
    if after is not None:
        drawn.append(
            Markup('<rect x="0" y="4" width="{}" height="16" class="k1" opacity="0.35"/>').format(
                at(after)
            )
        )
    drawn.append(Markup('<rect x="0" y="8" width="{}" height="8" class="k1"/>').format(at(spent)))
    drawn.append(Markup('<line x1="{0}" x2="{0}" y1="0" y2="24" class="limit"/>').format(at(limit)))
    figures = [figure_of(spent), "—" if after is None else figure_of(after), figure_of(limit)]
    return drawn_chart(title, desc, drawn, 24, heads, [figures], table=table)


def heat(
    title: str,
    desc: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Cell]]],
    *,
    table: str = "",
) -> Markup:
    """Draw a heat map of at most 600 cells; a withheld cell is outlined and crossed.

    Where there is no cell, nothing is drawn.

    Args:
        title: of the chart.
        desc: one sentence that says what it shows.
        columns: labels of the columns.
        rows: label and cells of each row.
        table: what its table is called, where the page says the title already.

    Raises:
        ValueError: there are more cells.
    """
    if len(columns) * len(rows) > MOST_CELLS:
        raise ValueError("too many cells for one heat map")
    values = [cell.value for _, cells in rows for cell in cells if cell.value is not None]
    low, high = min(values, default=0), max(values, default=0)
    left = 150
    wide = min(48.0, (WIDTH - left) / max(len(columns), 1))
    drawn = []
    for row, (label, cells) in enumerate(rows):
        y = 24 + row * 22
        drawn.append(lettering(left - 8, y + 15, label, "end"))
        for column, cell in enumerate(cells):
            x = left + column * wide
            said = Markup("<title>{}</title>").format(safe(cell.said))
            box = Markup('x="{}" y="{}" width="{}" height="20"').format(
                written(x), y, written(wide - 2)
            )
            if cell.absent:
                continue
            if cell.value is None:
                drawn.append(Markup('<rect {} class="withheld">{}</rect>').format(box, said))
                drawn.append(
                    Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="axis"/>').format(
                        written(x), y + 20, written(x + wide - 2), y
                    )
                )
                continue
            share = (cell.value - low) / (high - low) if high > low else 1.0
            shade = _STEPS[min(int(share * len(_STEPS)), len(_STEPS) - 1)]
            drawn.append(
                Markup('<rect {} class="cell k1" fill-opacity="{}">{}</rect>').format(
                    box, shade, said
                )
            )
    if wide >= 30:
        drawn += [
            lettering(left + at * wide, 14, shortened(name, int(wide / 7)), soft=True)
            for at, name in enumerate(columns)
        ]
    figures = [[label, *(cell.said for cell in cells)] for label, cells in rows]
    return drawn_chart(
        title, desc, drawn, 24 + len(rows) * 22, ["", *columns], figures, table=table
    )


def timeline(
    title: str,
    desc: str,
    moments: Sequence[Moment],
    heads: Sequence[str] = ("", ""),
    *,
    table: str = "",
) -> Markup:
    """Draw moments from above to below, what each was beside it, gaps as open squares.

    Args:
        title: of the chart.
        desc: one sentence that says what it shows.
        moments: in their order.
        heads: of the table: number and what it was.
        table: what its table is called, where the page says the title already.
    """
    x, step = 32, 26
    high = step * max(len(moments), 1)
    drawn = [
        Markup('<line x1="{x}" x2="{x}" y1="{}" y2="{}" class="axis"/>').format(
            step // 2, high - step // 2, x=x
        )
    ]
    for number, one in enumerate(moments, 1):
        y = step * number - step // 2
        said = Markup("<title>{}</title>").format(safe(one.said))
        drawn.append(lettering(x - 12, y + 4, str(number), "end", soft=True))
        drawn.append((_HOLLOW if one.gap else _DOT).format(x - 6 if one.gap else x, y - 6, y, said))
        drawn.append(lettering(x + 14, y + 4, one.said, most=_LONGEST))
    rows = [[str(number), one.said] for number, one in enumerate(moments, 1)]
    return drawn_chart(title, desc, drawn, high, heads, rows, table=table)


def intervals(
    title: str,
    desc: str,
    rows: Sequence[tuple[str, float, float, float]],
    heads: Sequence[str],
    *,
    table: str = "",
) -> Markup:
    """Draw a dot with its interval a row: label, figure, from, to.

    Args:
        title: of the chart.
        desc: one sentence that says what it shows.
        rows: one each.
        heads: of the table: label, figure, from, to.
        table: what its table is called, where the page says the title already.
    """
    low = min((min(row[2], 0) for row in rows), default=0)
    high = max((row[3] for row in rows), default=1)
    left, whole = 150, (high - low) or 1

    def at(value: float) -> float:
        return left + (WIDTH - left - 20) * (value - low) / whole

    drawn = []
    for number, (label, figure, first, last) in enumerate(rows):
        y = 12 + number * 26
        drawn += [
            lettering(left - 8, y + 4, label, "end"),
            Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" class="span"/>').format(
                written(at(first)), written(at(last)), y=y
            ),
            Markup('<circle cx="{}" cy="{}" r="5" class="mark"/>').format(written(at(figure)), y),
        ]
    said = [[row[0], *map(figure_of, row[1:])] for row in rows]
    return drawn_chart(title, desc, drawn, len(rows) * 26, heads, said, table=table)
