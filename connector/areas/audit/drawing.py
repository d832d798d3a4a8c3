"""What the audit's charts show, as figures and words: `connector.console.charts` draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from connector.areas.audit import page_words as w
from connector.areas.audit.dossier_words import OF_STAGE, POINT
from connector.console.charts import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crypto.words import Language

MOST: Final = 24  # points of a timeline that can be told apart


def moments(
    found: Mapping[str, Any], language: Language, when: Callable[[int], str]
) -> list[Moment]:
    """Give the points of a dossier's timeline: the first and last leaf of each stage, and gaps.

    Of the other party's standing all changes are told.

    They stand at equal distances in the order of the log: hours of negotiating and years of use
    would otherwise fall on one point.
    """
    points: list[tuple[int, str, bool]] = []
    for stage, words in OF_STAGE.items():
        of = [event["record"] for event in found["events"] if event["stage"] == stage]
        ends = [of[0], of[-1]] if len(of) > 1 and stage != "standing" else of
        for one in ends:
            facts = {"time": when(one["time"]), "stage": words, "index": one["index"]}
            points.append((one["index"], POINT.filled(language, facts), False))
    last = max((index for index, _, _ in points), default=0)
    points += [
        (gap["leaf"] if gap["leaf"] is not None else last, gap["text"][language], True)
        for gap in found["gaps"]
    ]
    points.sort(key=lambda point: (point[0], point[2]))
    return [Moment(said, gap) for _, said, gap in points[:MOST]]


def path(found: Mapping[str, Any], language: Language) -> Markup:
    """Draw the way of a leaf up to the root, with a table of the same.

    Args:
        found: a record with its head.
        language: of the words.
    """
    steps = found["head"]["path"]
    high = 44 * (len(steps) + 1)
    drawn = [_node(high - 22, found["leafHash"])]
    for number, step in enumerate(steps, 1):
        y = high - 22 - 44 * number
        x = 120 if step["side"] == "left" else 520
        drawn += [
            Markup('<line x1="{}" y1="{}" x2="320" y2="{}" class="axis"/>').format(at, y + 44, y)
            for at in (320, x)
        ]
        drawn.append(
            Markup('<rect x="{}" y="{}" width="12" height="12" class="mark"/>').format(
                x - 6, y + 38
            )
        )
        drawn.append(_label(x + 12, y + 48, step["sibling"]))
    drawn += [
        _node(high - 22 - 44 * number, step["result"]) for number, step in enumerate(steps, 1)
    ]
    title, desc = w.PATH.said(language), w.PATH_SHOWN.said(language)
    svg = Markup(
        '<svg viewBox="0 0 640 {}" width="640" height="{}" role="img" aria-label="{}">'
        "<title>{}</title><desc>{}</desc>{}</svg>"
    ).format(high, high, title, title, desc, Markup("").join(drawn))
    return Markup('<figure class="chart">{}{}</figure>').format(svg, _steps(steps, language))


def _node(y: int, name: str) -> Markup:
    dot = Markup('<circle cx="320" cy="{}" r="6" class="k1"/>').format(y)
    return dot + _label(332, y + 4, name)


def _label(x: int, y: int, name: str) -> Markup:
    return Markup('<text x="{}" y="{}">{}</text>').format(x, y, f"{name[:10]}…")


def _steps(steps: Sequence[Mapping[str, Any]], language: Language) -> Markup:
    heads = (w.STEP, w.SIDE, w.SIBLING, w.TOGETHER)
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(one.said(language)) for one in heads
    )
    sides = {"left": w.LEFT.said(language), "right": w.RIGHT.said(language)}
    rows = Markup("").join(
        Markup(
            '<tr><th scope="row">{}</th><td>{}</td><td><code>{}</code></td>'
            "<td><code>{}</code></td></tr>"
        ).format(number, sides[step["side"]], step["sibling"], step["result"])
        for number, step in enumerate(steps, 1)
    )
    title = w.PATH.said(language)
    return Markup(
        '<details><summary>{}</summary><div class="scroll" tabindex="0" role="region"'
        ' aria-label="{}"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
        "</details>"
    ).format(title, title, head, rows)
