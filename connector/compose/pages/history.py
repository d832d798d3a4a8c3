"""The page of the questions under one contract: who asked what, how they overlap, what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.audit import why_answered
from connector.client.answer_counts import said_of_given
from connector.compose import history_words
from connector.compose.history import history, meant
from connector.compose.history_operations import HISTORY, Which
from connector.console.page import Page
from connector.party.operation import Call
from crypto.records import read
from crypto.words import verbatim
from policies.phrases import sentence
from policies.purpose_words import PURPOSE_WORDS
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Language, Spoken, Words

ROWS: Final = 50


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Show one page of them."""
    from connector.console.charts import Cell

    name, party = visit.path["agreement"], visit.asked("party")
    asked: dict[str, Any] = {"limit": ROWS}
    if party:
        asked["counterparty"] = party
    if (text := visit.asked("before")).isdigit() and text.isascii() and len(text) < 16:
        asked["before"] = int(text)
    call = Call(actor=visit.visitor.actor, path=visit.path, query=read(Which, asked))
    found = history(node, call)
    names = [(one["counterparty"], _of(one)) for one in found["questions"]]
    with node.db.reading() as session:
        why = why_answered(node, session, set(names))
    rows = [
        {**_row(one, visit.language), "allowed": why.get(name)}
        for one, name in zip(found["questions"], names, strict=True)
    ]
    places = {one["questionId"]: f"#{one['leaf']}" for one in found["questions"]}
    columns = [places[name] for name in found["compared"]]
    percent = history_words.PERCENT
    matrix = [
        (column, [Cell(share, percent.filled(visit.language, {"share": share})) for share in line])
        for column, line in zip(columns, found["overlap"], strict=True)
    ]
    kept = {"party": party} if party else {}
    here = f"/history/{quote(name, safe='')}"
    query = urlencode(kept)
    return {
        "agreement": meant(node, name, None)[0],
        "rows": rows,
        "columns": columns,
        "matrix": matrix if len(matrix) > 1 else [],
        "older": f"{here}?{urlencode({**kept, 'before': found['next']})}" if found["next"] else "",
        "dossier": f"/dossiers/{quote(name, safe='')}" + (f"?{query}" if query else ""),
        "states": history_words.STATES,
        "badges": history_words.BADGES,
    }


def _of(one: Mapping[str, Any]) -> str:
    """Name the question whose answer it got: its own, or the earlier one."""
    return str(one.get("answeredAs") or one["questionId"])


def _row(one: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        "leaf": one["leaf"],
        "asked": one["asked"],
        "counterparty": one["counterparty"],
        "name": one.get("name"),
        "unreadable": one.get("unreadable") or "",
        "sql": one.get("sql") or "",
        "purpose": _purpose(str(one.get("purpose") or "")),
        "state": one.get("state") or "",
        "cells": said_of_given(one["cells"], language) if one.get("cells") else "",
        "charged": one.get("charged"),
        "same": one.get("answeredAs") or "",
        "reasons": _said(one.get("reasons") or ()),
    }


def _purpose(purpose: str) -> Spoken | str:
    return (PURPOSE_WORDS.get(purpose) or verbatim(purpose)) if purpose else ""


def _said(reasons: Sequence[Any]) -> list[Words]:
    """Say the reasons of a refusal in both languages; what peers wrote is text."""
    read_ = [Reason.from_json(one) for one in reasons if isinstance(one, dict)]
    return [verbatim(sentence(one, "zh"), sentence(one, "en")) for one in read_]


PAGE: Final = Page(
    name="asking.history",
    path="/history/{agreement}",
    title=history_words.TITLE,
    may=HISTORY.may,
    view=view,
    template="compose/history.html",
    words=history_words,
    reading=HISTORY.reading,
    slashes=frozenset({"agreement"}),
)
