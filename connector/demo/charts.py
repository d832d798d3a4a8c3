"""Charts as SVG text, drawn here and not in the reader's browser.

Each has a title and a description for those who do not see it. Colours are classes whose values the
page sets per theme; no meaning lies in a colour alone: heat maps bear their numbers, withheld parts
are hatched. The drawings are laid out for a narrow screen and grow with the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 360  # user units; the narrowest screen that has to be readable
_SHADES: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length, and the words at its end."""

    label: str
    amount: float
    words: str
    style: str = "bar"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole, with the class that colours or hatches it."""

    label: str
    amount: int
    style: str


def bars(
    rows: Sequence[Bar], *, uid: str, title: str, description: str, gutter: int = 92
) -> Markup:
    """Horizontal bars on one scale that begins at zero."""
    top = max((row.amount for row in rows), default=0) or 1
    room = WIDTH - gutter - 84
    body = []
    for index, row in enumerate(rows):
        y = index * 20
        length = max(room * row.amount / top, 0.5)
        body.append(
            f'<text class="label" x="{gutter - 6}" y="{y + 14}" text-anchor="end">'
            f"{escape(row.label)}</text>"
            f'<rect class="{row.style}" x="{gutter}" y="{y + 3}" width="{length:.1f}" height="14"/>'
            f'<text class="value" x="{gutter + length + 5:.1f}" y="{y + 14}">'
            f"{escape(row.words)}</text>"
        )
    return _svg(body, height=len(rows) * 20 + 2, uid=uid, title=title, description=description)


def heat_map(
    columns: Sequence[str],
    rows: Sequence[str],
    values: Mapping[tuple[str, str], float | None],
    words: Mapping[tuple[str, str], str],
    *,
    uid: str,
    title: str,
    description: str,
) -> Markup:
    """A grid of numbers, the darker the larger; a cell without a number is hatched."""
    known = [value for value in values.values() if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    left, wide, tall = 62, (WIDTH - 64) / max(len(columns), 1), 26
    body = [
        f'<text class="label" x="{left + (index + 0.5) * wide:.1f}" y="12" text-anchor="middle">'
        f"{escape(column)}</text>"
        for index, column in enumerate(columns)
    ]
    for line, row in enumerate(rows):
        y = 18 + line * tall
        body.append(
            f'<text class="label" x="{left - 6}" y="{y + 17}" text-anchor="end">'
            f"{escape(row)}</text>"
        )
        for index, column in enumerate(columns):
            x = left + index * wide
            value = values.get((row, column))
            style = "hatched" if value is None else f"shade{_shade(value, low, high)}"
            body.append(
                f'<rect class="{style}" x="{x:.1f}" y="{y}" width="{wide - 2:.1f}" '
                f'height="{tall - 2}" rx="2"/>'
                f'<text class="on-{style}" x="{x + wide / 2 - 1:.1f}" y="{y + 16}" '
                f'text-anchor="middle">{escape(words.get((row, column), "–"))}</text>'
            )
    height = 20 + len(rows) * tall
    return _svg(body, height=height, uid=uid, title=title, description=description)


def stacked_bar(parts: Sequence[Part], *, uid: str, title: str, description: str) -> Markup:
    """One bar for a whole, with a legend that bears the numbers."""
    whole = sum(part.amount for part in parts) or 1
    body, x = [], 0.0
    for index, part in enumerate(parts):
        width = WIDTH * part.amount / whole
        body.append(
            f'<rect class="{part.style}" x="{x:.1f}" y="0" width="{width:.1f}" height="22"/>'
        )
        x += width
        y = 34 + index * 19
        share = 100 * part.amount / whole
        body.append(
            f'<rect class="{part.style}" x="0" y="{y}" width="13" height="13"/>'
            f'<text class="label" x="20" y="{y + 11}">{escape(part.label)}: '
            f"{part.amount:,} ({share:.1f} %)</text>"
        )
    height = 36 + len(parts) * 19
    return _svg(body, height=height, uid=uid, title=title, description=description)


def tally(marks: Sequence[tuple[str, str]], *, uid: str, title: str, description: str) -> Markup:
    """One numbered square per question, each a (class, sign); ten to a line."""
    size = WIDTH / 10
    body = []
    for index, (style, sign) in enumerate(marks):
        x, y = (index % 10) * size, (index // 10) * size
        body.append(
            f'<rect class="{style}" x="{x + 1:.1f}" y="{y + 1:.1f}" width="{size - 3:.1f}" '
            f'height="{size - 3:.1f}" rx="3"/>'
            f'<text class="on-{style}" x="{x + size / 2:.1f}" y="{y + 15:.1f}" '
            f'text-anchor="middle">{index + 1}</text>'
            f'<text class="on-{style}" x="{x + size / 2:.1f}" y="{y + 29:.1f}" '
            f'text-anchor="middle">{escape(sign)}</text>'
        )
    lines = (len(marks) + 9) // 10
    return _svg(body, height=int(lines * size), uid=uid, title=title, description=description)


def _shade(value: float, low: float, high: float) -> int:
    if high <= low:
        return 0
    return min(int(_SHADES * (value - low) / (high - low)), _SHADES - 1)


def _svg(body: Sequence[str], *, height: int, uid: str, title: str, description: str) -> Markup:
    hatch = (
        f'<defs><pattern id="{uid}-h" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<rect class="hatch-line" width="2" height="6"/></pattern></defs>'
    )
    drawn = "".join(body).replace('class="hatched"', f'class="hatched" fill="url(#{uid}-h)"')
    return Markup(  # noqa: S704 - every word that came from outside was escaped above
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{uid}-t {uid}-d">'
        f'<title id="{uid}-t">{escape(title)}</title>'
        f'<desc id="{uid}-d">{escape(description)}</desc>'
        f"{hatch if 'hatched' in drawn else ''}{drawn}</svg>"
    )
