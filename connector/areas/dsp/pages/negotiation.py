"""One negotiation: the terms side by side, whose turn it is, what happened, and the decision."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlmodel import col, select

from connector.areas.dsp import management, store
from connector.areas.dsp import problems as dsp_problems
from connector.areas.dsp.explain import explain
from connector.areas.dsp.offered import offered
from connector.areas.dsp.operations import ACCEPT, CDO, READERS, TERMINATE
from connector.areas.dsp.pages import negotiation_words as w
from connector.areas.dsp.pages import words
from connector.areas.dsp.pages.negotiations import node_pages, turn_of
from connector.areas.dsp.pages.titles import titles_of
from connector.console import problems
from connector.console.forms import call_of, reason_in
from connector.console.page import Form, Page
from connector.console.terms import (
    Terms,
    compared,
    cut,
    name_of,
    namer,
    terms_file,
    terms_of,
    why_said,
)
from connector.party.operation import Call
from connector.process.errors import BadRequest, NotFound
from connector.store.rows import LogEntryRow
from contracts import negotiation
from contracts.evidence import parse_leaf
from crypto.records import read
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from sqlmodel import Session

    from connector.areas.dsp.processes import ProcessRecord
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken

MOST_STEPS: Final = 50
RECORD: Final = "/evidence/{index}"
CONTRACT: Final = "/contracts/{agreement_id}"
PRODUCT: Final = "/catalogue/{provider}/{dataset}"


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    pages = {page.path for page in node_pages(node) if page.may & visit.visitor.roles}
    with node.db.reading() as session:
        row = store.own(session, "negotiation", visit.path["pid"])
        told = explain(session, row.pid, visit.language)
        part = (row.role, row.dataset)
        kind, said = words.state_said(row.state)
        over = row.state in negotiation.TABLE.final
        return {
            "pid": row.pid,
            "title_of_it": titles_of(node, session, [part], visit).get(part, ""),
            "dataset": row.dataset,
            "name": name_of(node, session, row.counterparty, visit.language),
            "did": row.counterparty,
            "part": words.SIDES[row.role],
            "kind": kind,
            "said": said,
            "turn": turn_of(row),
            "begun": row.created_ms,
            "changed": row.changed_ms,
            "over": over,
            "waits": not over and told["status"] != "ours",
            "contract": _contract(row, pages),
            "product": _product(row, pages),
            "ended": _ended(node, session, row, visit),
            "stands": _stands(node, row, told, visit),
            "offer": _offer(node, session, row, visit),
            "history": _history(session, row),
            "most": MOST_STEPS,
            "record": RECORD in pages,
        }


def _file(node: Node, visit: Visit) -> Response:
    """Give the terms on the table to save."""
    with node.db.reading() as session:
        row = store.own(session, "negotiation", visit.path["pid"])
    if not row.offer:
        raise NotFound(dsp_problems.NO_TERMS, pid=row.pid)
    return terms_file(json.loads(row.offer))


def _contract(row: ProcessRecord, pages: set[str]) -> str:
    if CONTRACT not in pages or not row.agreement or row.state != negotiation.FINALIZED:
        return ""
    return f"/contracts/{quote(row.pid, safe='')}"


def _product(row: ProcessRecord, pages: set[str]) -> str:
    if PRODUCT not in pages or row.role != "consumer":
        return ""
    return f"/catalogue/{quote(row.counterparty, safe='')}/{quote(row.dataset, safe='')}"


def _ended(node: Node, session: Session, row: ProcessRecord, visit: Visit) -> dict[str, Any] | None:
    if not row.ended_by:
        return None
    ours = row.ended_by == node.settings.did
    return {
        "ours": ours,
        "name": name_of(node, session, row.ended_by, visit.language),
        "did": row.ended_by,
        "why": why_said(row.ended_code, json.loads(row.ended_reason) if row.ended_reason else []),
        "code": row.ended_code,
    }


def _stands(
    node: Node, row: ProcessRecord, told: Mapping[str, Any], visit: Visit
) -> dict[str, Any]:
    """Say where it stands, what keeps it there, and what helps."""
    status = told["status"]
    agreed = status == "ended" and row.state == negotiation.FINALIZED
    step = w.STEPS.get("agreed" if agreed else status, w.DO_WAIT)
    if status == "ours" and not CDO & visit.visitor.roles:
        step = w.DO_OFFER_CDO
    message, heard = told["message"], told["peerState"]
    return {
        "meaning": told["meaning"],
        "next": step,
        "message": message
        and {
            "what": words.event_said(row.flying_event),
            "attempts": message["attempts"],
            "status": message["lastStatus"],
            "reason": cut(message["reason"]),
        },
        "trouble": cut(row.trouble),
        "refused": [one | {"reason": cut(one["reason"])} for one in told["refused"]],
        "heard": heard and (heard["askedMs"], words.state_said(heard["said"])[1]),
        "reach": "" if told["status"] == "ended" else node.presence.warned(visit.language),
    }


def _offer(node: Node, session: Session, row: ProcessRecord, visit: Visit) -> dict[str, Any] | None:
    """Give what is offered beside what was asked for, line by line."""
    found = offered(row, visit.language)
    if found is None:
        return None
    name = namer(node, session)
    policy = found["policy"]
    theirs = terms_of(policy, "Offer", name)
    mine = terms_of(found["asked"], "Offer", name) if found["asked"] is not None else None
    beside = mine is not None and found["differs"]
    asked, lines = compared(mine or Terms((), verbatim(""), ""), theirs, visit.language)
    of = (found["asked"] or policy).get("target"), policy.get("target")
    return {
        "id": str(policy.get("@id", "")),
        "digest": visit.shown("terms", found["digest"], dsp_problems.OFFER_CHANGED),
        "unreadable": found["unreadable"],
        "differs": found["differs"] and row.role == "consumer" and not row.opened_digest,
        "asked": asked,
        "lines": lines,
        "other_dataset": tuple(map(str, of)) if of[0] != of[1] else None,
        "unsaid": not any(alone for rule in (*asked, *lines) for _, alone in rule),
        "sentences": theirs.sentences,
        "beside": beside,
        "known": mine is not None,
        "terms": theirs,
        "file": f"/offer-terms/{quote(row.pid, safe='')}",
        "open": row.role == "consumer"
        and row.state == negotiation.OFFERED
        and not row.flying_event
        and not row.wanted,
    }


def _history(session: Session, row: ProcessRecord) -> list[tuple[int, int, Spoken]]:
    """Give what happened, the oldest first, as the evidence log has it: time, record, words."""
    query = (
        select(col(LogEntryRow.index), col(LogEntryRow.time_ms), col(LogEntryRow.entry))
        .where(col(LogEntryRow.process) == row.pid)
        .order_by(col(LogEntryRow.index).desc())
        .limit(MOST_STEPS)
    )
    found = [
        (time, index, _step(parse_leaf(entry))) for index, time, entry in session.exec(query).all()
    ]
    return found[::-1]


def _step(leaf: Mapping[str, Any]) -> Spoken:
    message = leaf.get("msg") or {}
    source, target = (str(leaf.get(name, "")) for name in ("from", "to"))
    if not target or target == source:
        return w.ON_WAY.of(what=words.message_said(str(message.get("type", ""))))
    who = {"out": w.BY_US, "in": w.BY_THEM}.get(str(message.get("direction")))
    said = words.state_said(target)[1]
    return said if who is None else who.of(state=said)


def _accept(visit: Visit) -> Call:
    if visit.sent("differs") == "yes" and visit.sent("understood") != "yes":
        raise BadRequest(problems.NOT_CONFIRMED)
    return call_of(ACCEPT, visit)


def _terminate(visit: Visit) -> Call:
    body = read(TERMINATE.body, {"reason": reason_in(visit)})
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _here(visit: Visit, _made: Any) -> str:
    return f"/negotiations/{quote(visit.path['pid'], safe='')}"


NEGOTIATION: Final = Page(
    name="dsp.negotiation",
    path="/negotiations/{pid}",
    title=w.TITLE,
    may=READERS,
    view=_view,
    template="dsp/negotiation.html",
    words=w,
    forms=(
        Form(
            name="accept",
            operation=ACCEPT,
            run=management.OPERATIONS[ACCEPT],
            read=_accept,
            then=_here,
            done=w.ACCEPTED_NOW,
        ),
        Form(
            name="terminate",
            operation=TERMINATE,
            run=management.OPERATIONS[TERMINATE],
            read=_terminate,
            then=_here,
            done=w.ENDED_NOW,
        ),
    ),
)
OFFER_TERMS: Final = Page(
    name="dsp.offer_terms",
    path="/offer-terms/{pid}",
    title=w.AS_WRITTEN,
    may=READERS,
    view=_file,
    template="dsp/negotiation.html",
    words=w,
)
