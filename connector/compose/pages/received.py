"""The list of questions that others asked of us, filtered by the address, and as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from connector.client.answer_counts import said_of_given
from connector.client.question_words import STATES, reason_said
from connector.client.received_csv import CSV_HEADS, csv_row, name_of
from connector.compose.pages import received_words as w
from connector.compose.pages.answer import KINDS
from connector.compose.pages.shared import number_in
from connector.compose.received import received
from connector.compose.received_operations import MOST, RECEIVED, Wanted
from connector.console import words as c
from connector.console.page import Page
from connector.console.tables import csv_file
from connector.party.operation import Call
from connector.process.errors import VoileError
from connector.process.ports import unix_ms
from crypto.instants import read_interval
from crypto.records import read
from crypto.words import verbatim
from policies.purpose_words import PURPOSE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Response

    from connector.console.page import Visit
    from connector.party.node import Node

_PER_PAGE: Final = 25  # each is read from its leaf, the rows behind it and its answer
MOST_LOOKED: Final = 20_000  # records that one page looks through
MOST_IN_A_FILE: Final = 5_000
_TEXTS: Final = ("counterparty", "agreement", "product", "state")
_STATES: Final = ("answered", "refused", "open", "ended")
_LONG: Final = 160


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    asked = _asked(visit)
    page = received(node, _call(visit, asked, _PER_PAGE), looks=MOST_LOOKED)
    kept = {name: value for name, value in asked.items() if value}
    before = visit.asked("before")
    following = page["next"]
    return {
        "rows": [_row(row, visit) for row in page["questions"]],
        "asked": asked,
        "filtered": bool(kept),
        "states": [("", c.ALL), *((one, STATES[one]) for one in _STATES)],
        "looked": following is not None and len(page["questions"]) < _PER_PAGE,
        "next": f"/received?{urlencode({**kept, 'before': following})}"
        if following is not None
        else "",
        "first": f"/received?{urlencode(kept)}" if before else "",
        "csv": f"/received.csv?{urlencode(kept)}",
        "excel": f"/received.csv?{urlencode({**kept, 'bom': 1})}",
        "most": MOST_IN_A_FILE,
    }


def _asked(visit: Visit) -> dict[str, str]:
    """Read the filters; a day that is none is left out."""
    found = {name: visit.asked(name).strip()[:2048] for name in _TEXTS}
    if found["state"] not in _STATES:
        found["state"] = ""
    for name in ("since", "until"):
        day = visit.asked(name)
        found[name] = day if _bounds(day) is not None else ""
    return found


def _bounds(day: str) -> tuple[int, int] | None:
    if len(day) != 10:
        return None
    try:
        begin, end = read_interval(f"{day}Z")
    except (VoileError, ValueError):
        return None
    return unix_ms(begin), unix_ms(end)


def _call(visit: Visit, asked: Mapping[str, str], limit: int) -> Call:
    query: dict[str, Any] = {name: asked[name] for name in _TEXTS if asked[name]}
    if since := _bounds(asked["since"]):
        query["since"] = since[0]
    if until := _bounds(asked["until"]):
        query["until"] = until[1]
    before = number_in(visit.asked("before"), -1)
    if before >= 0:
        query["before"] = before
    wanted = read(Wanted, query | {"limit": limit})
    return Call(actor=visit.visitor.actor, query=wanted)


def _row(row: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    cells, charged, state = row.get("cells"), row.get("charged"), row.get("state")
    sql, purpose = row.get("sql") or "", row.get("purpose") or ""
    return {
        "asked": row["asked"],
        "name": name_of(row, visit.language),
        "counterparty": row["counterparty"],
        "of_asker": f"/received?{urlencode({'counterparty': row['counterparty']})}",
        "of_contract": f"/received?{urlencode({n: row[n] for n in ('agreement', 'counterparty')})}",
        "agreement": row["agreement"],
        "product": row.get("product") or "",
        "purpose": PURPOSE_WORDS.get(purpose) or verbatim(purpose),
        "sql": sql if len(sql) <= _LONG else sql[:_LONG] + "…",
        "kind": KINDS.get(state or "", "off"),
        "said": STATES.get(state or "") or c.UNKNOWN,
        "cells": said_of_given(cells, visit.language) if cells else "",
        "charged": "" if charged is None else (c.YES if charged else c.NO),
        "unreadable": row.get("unreadable") or "",
        "reasons": [
            (reason_said(one, visit.language), str(one.get("code", "")))
            for one in row.get("reasons") or ()
        ],
    }


def _file(node: Node, visit: Visit) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([head.said(visit.language) for head in CSV_HEADS])
    writer.writerows(csv_row(row, visit.language) for row in _all(node, visit))
    return csv_file("questions-received", out.getvalue(), bom=visit.asked("bom") == "1")


def _all(node: Node, visit: Visit) -> Iterator[Mapping[str, Any]]:
    call = _call(visit, _asked(visit), MOST)
    for _ in range(MOST_IN_A_FILE // MOST):
        page = received(node, call)
        yield from page["questions"]
        if page["next"] is None:
            return
        call = replace(call, query=replace(call.query, before=page["next"]))


RECEIVED_PAGE: Final = Page(
    name="asking.received",
    path="/received",
    title=w.TITLE,
    may=RECEIVED.may,
    view=_view,
    template="compose/received.html",
    words=w,
    reading=RECEIVED.reading,
)
RECEIVED_FILE: Final = Page(
    name="asking.received_file",
    path="/received.csv",
    title=w.CSV,
    may=RECEIVED.may,
    view=_file,
    template="compose/received.html",
    words=w,
    reading=RECEIVED.reading,
)
