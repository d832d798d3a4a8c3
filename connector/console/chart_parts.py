"""What charts are made of: their frame with its table, labels, figures as texts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from markupsafe import Markup, escape

from connector.console.text import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 640
_KINDS: Final = 6
_HEAD: Final = Markup('<th scope="col"><bdi>{}</bdi></th>')
_CORNER: Final = Markup("<td></td>")
_LABEL: Final = Markup('<th scope="row"><bdi>{}</bdi></th>')
_FIGURE: Final = Markup('<td class="number">{}</td>')
_KEY: Final = Markup(
    '<li><svg width="10" height="10" aria-hidden="true">'
    '<rect width="10" height="10" class="k{}"/></svg><bdi>{}</bdi></li>'
)


def drawn_chart(
    title: str,
    desc: str,
    drawn: Sequence[Markup],
    high: float,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    legend: Sequence[str] = (),
    table: str = "",
) -> Markup:
    """Draw the frame of a chart: title, description, and its figures as a table."""
    said = Markup("<title>{}</title><desc>{}</desc>").format(safe(title), safe(desc))
    svg = Markup(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}{}</svg>'
    ).format(
        WIDTH,
        written(high),
        WIDTH,
        written(high),
        safe(f"{title}. {desc}"),
        said,
        Markup("").join(drawn),
    )
    keys = Markup("").join(_KEY.format(kind_of(n), safe(name)) for n, name in enumerate(legend))
    keyed = Markup('<ul class="legend">{}</ul>').format(keys) if legend else Markup("")
    head = Markup("").join(_HEAD.format(safe(one)) if one else _CORNER for one in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                (_FIGURE if at else _LABEL).format(safe(one)) for at, one in enumerate(row)
            )
        )
        for row in rows
    )
    listed = Markup(
        '<details><summary>{}</summary><div class="scroll" tabindex="0" role="region"'
        ' aria-label="{}">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    ).format(safe(table or title), safe(title), head, body)
    return Markup('<figure class="chart">{}{}{}</figure>').format(svg, keyed, listed)


def lettering(
    x: float, y: float, said: str, anchor: str = "start", *, soft: bool = False, most: int = 0
) -> Markup:
    """Write a label."""
    text = _fitted(said, most) if most else shortened(said, 22)
    return Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        written(x), written(y), anchor, Markup(' class="soft"') if soft else "", safe(text)
    )


def safe(text: str) -> Markup:
    """Give a text as it goes into a chart: escaped, without what would reorder it."""
    return escape(harmless(str(text)))


def shortened(text: str, most: int) -> str:
    """Cut a text to so many characters."""
    return text if len(text) <= most else text[: max(most - 1, 1)] + "…"


def _fitted(text: str, most: int) -> str:
    """Cut a text to so many columns; what is as wide as a Chinese character takes two."""
    room = most
    for at, one in enumerate(text):
        room -= 1 + (east_asian_width(one) in "WF")
        if room < 0:
            return text[: max(at - 1, 1)] + "…"
    return text


def kind_of(number: int) -> int:
    """Give the colour of a kind."""
    return (number + 1) % _KINDS


def figure_of(value: float | Decimal) -> str:
    """Write a figure; decimals to their last digit."""
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return f"{value:,.6g}" if value % 1 else f"{value:,.0f}"


def written(value: float) -> str:
    """Write a measure of the drawing."""
    return f"{value:.1f}".removesuffix(".0")
