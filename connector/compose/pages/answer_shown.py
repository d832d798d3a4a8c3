"""An answer as a page shows it: rows with their notes, charts, what is withheld by rule."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from connector.client.answer_notes import became, status_of
from connector.client.answer_rows import AnswerRows
from connector.client.answer_words import providers_versions, said_of_bounds
from connector.client.margin_words import helpful_margins
from connector.compose.pages import answer_words as w
from connector.console import charts
from connector.console import words as c
from crypto.canonical import digest_bytes
from crypto.words import verbatim
from policies.phrases import render
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from connector.client.layout import Laid
    from crypto.words import Language

ROWS: Final = 100  # of one page
_CHARTS: Final = 3
_BARS: Final = 40
_NO_CELL: Final = charts.Cell(None, "–", absent=True)  # as in the table of the answer


def answer_shown(
    sql: str,
    answer: Mapping[str, Any],
    language: Language,
    *,
    path: str,
    start: int,
    names: Mapping[str, str],
    margins: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Give what the template shows of a verified answer.

    Args:
        sql: the question.
        answer: the payload.
        language: of heads and notes.
        path: of the page.
        start: number of the first row shown.
        names: of the providers, by DID.
        margins: what the provider publishes of groupings.
    """
    laid = AnswerRows(sql, answer, language)
    cells = [*answer["cells"], *answer["withheld"]]
    start = start if 0 < start < len(cells) else 0
    shown = cells[start : start + ROWS]
    notes = [laid.notes.of(cell) for cell in shown]
    kinds = [kind == "key" for _, kind, _ in laid.columns]
    noted = any(notes)
    heads = [
        (verbatim(head), "" if key else "number")
        for (head, _, _), key in zip(laid.columns, kinds, strict=True)
    ]
    last = start + len(shown)
    return {
        "figures": True,
        "signed": "",
        "none": not answer["cells"],
        "heads": [*heads, *([(w.NOTE, "")] if noted else [])],
        "noted": noted,
        "rows": [
            {"cells": list(zip(texts, kinds, strict=True)), "note": note}
            for texts, note in zip(laid.even_texts(shown), notes, strict=True)
        ],
        "parts": (start + 1, last, len(cells)) if len(cells) > ROWS else None,
        "next": f"{path}?from={last}" if last < len(cells) else "",
        "first": path if start else "",
        "charts": list(_charts(laid, language)),
        "counted": [laid.counts.said(language), *laid.said_of_each()],
        "left_out": answer.get("leftOut", 0),
        "bounds": said_of_bounds(answer, language),
        "versions": _versions(answer, language, names),
        "helps": helpful_margins(answer, laid.outputs, margins),
        "rules": _rules(laid, answer, language),
    }


def without_figures(shown: Mapping[str, Any], signature: object) -> dict[str, Any]:
    """Give what an auditor sees of an answer: counts and rules, and the digest of what was signed.

    The figures are the provider's, released to whoever has the contract.
    """
    signed = digest_bytes(signature.encode("ascii")) if isinstance(signature, str) else ""
    nothing: dict[str, Any] = {
        "heads": [],
        "rows": [],
        "charts": [],
        "parts": None,
        "next": "",
        "first": "",
    }
    return {**shown, **nothing, "figures": False, "signed": signed}


def _versions(answer: Mapping[str, Any], language: Language, names: Mapping[str, str]) -> list[str]:
    told = answer.get("dataVersion")
    if isinstance(told, dict) and "number" in told:
        return [str(told["number"])]
    told = answer.get("dataVersions") or {}
    named = {names.get(did, did): one for did, one in told.items()}
    if len(named) < len(told):  # two of one name: their ids tell them apart
        named = told
    return providers_versions({**answer, "dataVersions": named}, language)


def _rules(
    laid: AnswerRows, answer: Mapping[str, Any], language: Language
) -> list[tuple[str, int]]:
    """Count figures that are there and not shown alone, by rule in words."""
    counts: Counter[str] = Counter()
    least = str(answer.get("minimumContributors", ""))
    for cell in (*answer["cells"], *answer["withheld"]):
        for name in laid.outputs:
            match became(cell, name):
                case "merged":
                    counts[w.TOGETHER.said(language)] += 1
                case "withheld":
                    rule = Reason(code=f"answer.{status_of(cell, name)}", expected=least)
                    counts[render(rule, language)] += 1
    return counts.most_common()


def _charts(laid: AnswerRows, language: Language) -> Iterator[Markup]:
    keys = [one for one in laid.laid if one.kind == "key"]
    values = [one for one in laid.laid if one.kind == "value"]
    for value in values[:_CHARTS]:
        if len(keys) == 1:
            drawn = _bars(laid.answer["cells"], keys[0], value, language)
        elif len(keys) == 2:
            drawn = _heat(laid.answer, keys, value, language)
        else:
            drawn = None
        if drawn is not None:
            yield drawn


def _bars(
    cells: Sequence[Mapping[str, Any]], key: Laid, value: Laid, language: Language
) -> Markup | None:
    """Draw a bar a cell; figures below nothing have no bar of their own, so none is drawn."""
    found = [
        (str(cell["key"][key.name]), Decimal(str(figure)))
        for cell in cells
        if (figure := cell.get("values", {}).get(value.name)) is not None
    ]
    if not 1 < len(found) <= _BARS or any(figure < 0 for _, figure in found):
        return None
    title = w.CHART.filled(language, {"measure": value.full, "dimension": key.head})
    says = w.CHART_SAYS.filled(language, {"count": len(found)})
    bars = [(label, (figure,)) for label, figure in found]
    return charts.stacked(title, says, bars, [value.full], table=c.AS_TABLE.said(language))


def _heat(
    answer: Mapping[str, Any], keys: Sequence[Laid], value: Laid, language: Language
) -> Markup | None:
    """Draw what is released by two dimensions; what is withheld is crossed.

    What the answer does not hold is not drawn: nobody withheld it.
    """
    down, along = keys
    cells = [*answer["cells"], *answer["withheld"]]
    found = {
        (cell["key"][down.name], cell["key"][along.name]): _cell(cell, value.name, language)
        for cell in cells
    }
    rows = sorted({row for row, _ in found})
    columns = sorted({column for _, column in found})
    if not answer["cells"] or len(rows) * len(columns) > charts.MOST_CELLS:
        return None
    title = w.CHART_TWO.filled(
        language, {"measure": value.full, "rows": down.head, "columns": along.head}
    )
    drawn = [(str(row), [found.get((row, column), _NO_CELL) for column in columns]) for row in rows]
    says, table = w.HEAT_SAYS.said(language), c.AS_TABLE.said(language)
    return charts.heat(title, says, [str(one) for one in columns], drawn, table=table)


def _cell(cell: Mapping[str, Any], name: str, language: Language) -> charts.Cell:
    figure = cell.get("values", {}).get(name)
    if figure is None:
        empty = status_of(cell, name) == "empty"
        return _NO_CELL if empty else charts.Cell(None, w.WITHHELD.said(language))
    return charts.Cell(float(str(figure)), str(figure))
