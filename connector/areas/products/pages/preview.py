"""Step 2 of the wizard: what becomes of each cell, and which rule says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from connector.areas.products.draft_advice import advice_of
from connector.areas.products.draft_api import RUNS
from connector.areas.products.draft_cells import STATES
from connector.areas.products.draft_operations import PREVIEW
from connector.areas.products.draft_records import Previewing
from connector.areas.products.operations import STEWARDS
from connector.areas.products.pages import preview_words as words
from connector.areas.products.pages.wizard import (
    around,
    call_of,
    common_forms,
    draft_of,
    number_of,
    to_step,
)
from connector.client.margin_table import is_whole, margin_row, term_of
from connector.console.charts import MOST_CELLS, Cell
from connector.console.page import Form, Page
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Language, Spoken

_PER_PAGE: Final = 100
_MOST_MARGINS: Final = 16
_DOMINANCE: Final = re.compile(r"dominance_(\d+)_(\d+)")
_SAID: Final = {
    "shown": words.SHOWN,
    "merged": words.MERGED,
    "withheld": words.WITHHELD,
    "held": words.HELD,
    "waiting": words.WAITING,
}
_KINDS: Final = {
    "shown": "good",
    "merged": "wait",
    "withheld": "bad",
    "held": "info",
    "waiting": "off",
}
_SHADES: Final = {"shown": 1.0, "merged": 0.3, "held": 0.6}
_ADVICE: Final = {
    "measure": words.ADVICE_MEASURE,
    "units": words.ADVICE_UNITS,
    "dimension": words.ADVICE_DIMENSION,
    "order": words.ADVICE_ORDER,
    "codes": words.ADVICE_CODES,
}


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Gives the last preview, if there is one."""
    shown = draft_of(node, visit)
    made = around(shown, "preview") | {"found": None, "fresh": shown.fresh}
    if shown.preview is None:
        return made
    found, renewal = shown.preview, made["renewal"]
    made |= {
        "found": found,
        "findings": [finding(one, renewal=renewal) for one in found["findings"]],
        "orders": [
            _order(one, place, renewal=renewal) for place, one in enumerate(found["orders"])
        ],
        "shares": found["shares"],
        "margins": _margins(found["orders"]),
        "all_margins": len(found["orders"][0]["margins"]) if found["orders"] else 0,
        "near": _near(found["report"]),
        "advice": _advice(found["report"]),
        "cells": None,
    }
    if found["cells"] is not None:
        made |= _cells(found["cells"], visit, _least(shown.text)) | _counts(found["report"])
    return made


def finding(told: Mapping[str, Any], *, renewal: bool) -> dict[str, Any]:
    """Says what publishing would be refused for, and what to do in the wizard about it."""
    message, step = told["message"], told["next"]
    return {
        "said": verbatim(message["zh"], message["en"]),
        "next": advice_of(told["code"], step["zh"] or "", step["en"] or "", renewal=renewal),
        "code": told["code"],
    }


def _least(text: str) -> int:
    from catalog.product_file import read_product

    return read_product(text, stored=True).rules.minimum_contributors


def _counts(report: Mapping[str, Any]) -> dict[str, Any]:
    """Gives of how many cells each figure is shown, merged and withheld, as the report has it."""
    return {
        "counts": [one | {"term": term_of(one["name"])} for one in report.get("figures", ())],
        "waiting": report["cells"]["pending"],
    }


def _margins(orders: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [margin_row(one) for one in orders[0]["margins"][:_MOST_MARGINS]] if orders else []


def _cells(told: Mapping[str, Any], visit: Visit, least: int) -> dict[str, Any]:
    """Says what becomes of the cells, for the rows or one measure."""
    figures = [verbatim(term_of(name)) for name in ("rows", *told["measures"])]
    figure = min(number_of(visit.asked("figure", "0")) or 0, len(figures) - 1)
    states = [STATES[cell[1][figure]] for cell in told["cells"]]
    begin = number_of(visit.asked("from", "0")) or 0
    chosen = list(zip(told["cells"], states, strict=True))[begin : begin + _PER_PAGE]
    names = [one["name"] for one in told["dimensions"]]
    codes = [one["codes"] for one in told["dimensions"]]
    end = begin + _PER_PAGE
    here = f"/drafts/{visit.path['draft_id']}/preview?figure={figure}"
    return {
        "cells": told,
        "figures": list(enumerate(figures)),
        "figure": figure,
        "figure_said": figures[figure],
        "names": names,
        "listed": [
            {
                "codes": [codes[d][at] for d, at in enumerate(cell[0])],
                "said": _SAID[state],
                "kind": _KINDS[state],
                "why": _why(cell, state, figure, least),
            }
            for cell, state in chosen
        ],
        "more": f"{here}&from={end}" if end < len(states) else "",
        "first": here if begin else "",
        "map": _map(told, states, visit.language),
    }


def _why(cell: Sequence[Any], state: str, figure: int, least: int) -> list[Spoken]:
    """Says the rules by which a cell is not shown alone; how many contribute is never said."""
    if state in ("shown", "held", "waiting"):
        return []
    found = [rule_said(rule, least) for rule in cell[2]]
    if not found:
        of_measure = figure and (state == "withheld" or cell[1][0] == "s")
        found = [words.RULE_MEASURE if of_measure else words.RULE_TAKEN]
    return [*found, words.WITH_OTHERS.of(count=cell[3])] if cell[3] else found


def rule_said(rule: str, least: int) -> Spoken:
    """Says a rule of protection."""
    if rule == "minimum_contributors":
        return words.RULE_MINIMUM.of(least=least)
    if found := _DOMINANCE.fullmatch(rule):
        if found[1] == "1":
            return words.RULE_DOMINANCE_ONE.of(percent=found[2])
        return words.RULE_DOMINANCE.of(n=found[1], percent=found[2])
    return {"p_percent": words.RULE_P, "nil": words.RULE_NIL}.get(rule, verbatim(rule))


def _map(told: Mapping[str, Any], states: Sequence[str], language: Language) -> Any:
    """Lays cells out: the last dimension across, the others down; None if there are too many."""
    *down, across = told["dimensions"]
    rows: dict[tuple[int, ...], dict[int, str]] = {}
    for cell, state in zip(told["cells"], states, strict=True):
        *first, last = cell[0]
        rows.setdefault(tuple(first), {})[last] = state
    wide = len(across["codes"])
    if not rows or told["count"] > len(states) or len(rows) * wide > MOST_CELLS:
        return None
    said = {state: word.said(language) for state, word in _SAID.items()}
    nothing = words.NO_ROWS.said(language)
    drawn = []
    for key, row in rows.items():
        label = " · ".join(down[d]["codes"][at] for d, at in enumerate(key))
        drawn.append((label, [_cell(row.get(at), said, nothing) for at in range(wide)]))
    return {"columns": across["codes"], "rows": drawn}


def _cell(state: str | None, said: Mapping[str, str], nothing: str) -> Cell:
    if state is None:
        return Cell(0.0, nothing)
    return Cell(_SHADES.get(state), said[state])


def _order(one: Mapping[str, Any], place: int, *, renewal: bool) -> dict[str, Any]:
    whole = sum(is_whole(margin) for margin in one["margins"])
    return {
        "said": " → ".join(one["dimensions"]),
        "here": place == 0,
        "finding": finding(one["finding"], renewal=renewal) if one["finding"] else None,
        "percent": (one["rowsAtFinest"] or {}).get("percent", ""),
        "whole": whole,
        "all": len(one["margins"]),
    }


def _near(report: Mapping[str, Any] | None) -> list[list[str]]:
    found = ((report or {}).get("contributorIds") or {}).get("near") or {}
    return list(found.get("some", ()))


def _advice(report: Mapping[str, Any] | None) -> list[Spoken]:
    """Say what would help, each once: it may help withheld cells and merged ones alike."""
    found: dict[tuple[str, str], int] = {}
    for one in (report or {}).get("advice", ()):
        name = one.get("measure") or one.get("dimension") or one.get("measures", "")
        if one["kind"] in _ADVICE:
            key = (one["kind"], str(name))
            found[key] = max(found.get(key, 0), one.get("cells", 0))
    return [_ADVICE[kind].of(name=name, cells=cells) for (kind, name), cells in found.items()]


def _read(visit: Visit) -> Call:
    return call_of(visit, Previewing(accept_clamped=visit.sent("clamped") == "yes"))


PREVIEW_PAGE: Final = Page(
    name="products.preview",
    path="/drafts/{draft_id}/preview",
    title=words.TITLE,
    may=STEWARDS,
    view=view,
    template="products/preview.html",
    words=words,
    forms=(
        Form(
            name="preview",
            operation=PREVIEW,
            run=RUNS[PREVIEW.name],
            read=_read,
            then=to_step("preview"),
            done=words.BEGUN,
        ),
        *common_forms("preview"),
    ),
)
