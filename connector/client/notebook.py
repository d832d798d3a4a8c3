"""How an answer looks in a notebook: a table in which everything that others wrote is only text."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

from connector.client.texts import plain
from crypto.words import Words

if TYPE_CHECKING:
    from connector.client.answer import Answer
    from connector.client.answer_parts import Row
    from connector.client.values import Value

MOST_ROWS: Final = 200
_WHY: Final = Words("备注", "note")
_MORE: Final = Words("另有 {count} 行", "{count} more {count|row|rows}")
_LEFT_OUT: Final = Words(
    "HAVING 或 LIMIT 略去 {count} 格", "{count} more {count|cell|cells} left out by HAVING or LIMIT"
)
_QUESTION: Final = Words("问题编号 {id}", "question id {id}")
_RIGHT: Final = ' style="text-align: right"'


def html_of(answer: Answer) -> str:
    """Write an answer as HTML.

    Names, codes, units and notes are escaped, and characters that would steer the text are
    replaced; what stands between dollar signs is no formula.
    """
    noted = any(row.why for row in answer.rows)
    heads = [
        f"<th>{text(f'{column.name} [{column.unit}]' if column.unit else column.name)}</th>"
        for column in answer.columns
    ]
    if noted:
        heads.append(f"<th>{text(_WHY.said(answer.language))}</th>")
    lines = [_line(answer, row, noted=noted) for row in answer.rows[:MOST_ROWS]]
    below = [*answer.notes, _QUESTION.filled(answer.language, {"id": answer.question_id})]
    if answer.left_out:
        below.insert(0, _LEFT_OUT.filled(answer.language, {"count": answer.left_out}))
    if more := len(answer.rows) - len(lines):
        below.insert(0, _MORE.filled(answer.language, {"count": more}))
    return (
        '<div class="voile-answer tex2jax_ignore mathjax_ignore"><table>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
        f"{''.join(f'<div><small>{text(line)}</small></div>' for line in below)}</div>"
    )


def text(value: object) -> str:
    """Make a text harmless in HTML: no markup, and nothing that turns or hides what follows."""
    return escape(plain(str(value)), quote=True)


def _line(answer: Answer, row: Row, *, noted: bool) -> str:
    cells = []
    for column, value in zip(answer.columns, row.values, strict=True):
        figure = column.role == "aggregate"
        status = row.statuses.get(column.name, "")
        title = f' title="{text(status)}"' if value is None else ""
        cells.append(f"<td{_RIGHT if figure else ''}{title}>{text(_shown(value, status))}</td>")
    if noted:
        cells.append(f"<td>{text(row.why)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _shown(value: Value, status: str) -> str:
    if value is None:
        return "–" if status == "empty" else "×"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
