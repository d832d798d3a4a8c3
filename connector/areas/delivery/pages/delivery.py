"""One delivery: where it stands, what flowed and its proof, and what can be done about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from catalog.file_product import PULL, PUSH
from connector.areas.delivery.attempts import attempts
from connector.areas.delivery.jobs import Fetcher
from connector.areas.delivery.operations import WATCH
from connector.areas.delivery.pages import delivery_words as w
from connector.areas.delivery.pages import words
from connector.areas.delivery.pages.deliveries import amount_of, attempt_amount, path_of
from connector.areas.delivery.rows import WAITING, PushRow
from connector.areas.dsp import (
    COMPLETE,
    QUESTION_FORMAT,
    RESUME,
    RUNS,
    STOP,
    SUSPEND,
    TRANSFERS,
    agreements_bearing,
    explain_process,
    own_process,
    page_words,
    titles_of,
)
from connector.console.forms import reason_in
from connector.console.page import Form, Page
from connector.console.terms import code_said, name_of, why_said
from connector.party.area import Areas
from connector.party.management import OPERATIONS as OWN
from connector.party.operation import Call
from connector.party.operations import RETRY
from connector.store.outbox_rows import PARKED
from contracts import transfer
from crypto.records import read
from crypto.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.areas.delivery.attempts import Attempt
    from connector.areas.dsp import ProcessRecord
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken, Words

MOST_TEXT: Final = 2000
_OVER: Final = transfer.TABLE.final
RECORD: Final = "/evidence/{index}"
_RUNNING: Final = {
    ("consumer", PULL): w.DO_FETCH,
    ("provider", PULL): w.DO_THEY_FETCH,
    ("provider", PUSH): w.DO_SENDS,
    ("consumer", PUSH): w.DO_THEY_SEND,
    ("consumer", QUESTION_FORMAT): w.DO_ASK,
    ("provider", QUESTION_FORMAT): w.DO_ANSWERS,
}


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    pages = {one.path for one in node.services[Areas].pages if one.may & visit.visitor.roles}
    with node.db.reading() as session:
        row = own_process(session, "transfer", visit.path["pid"])
        told = explain_process(session, row.pid, visit.language)
        part = (row.role, row.dataset)
        kind, said = page_words.state_said(row.state)
        found = list(attempts(session, row.pid))
        over, quiet = row.state in _OVER, not (row.flying_event or row.wanted)
        started = row.state == transfer.STARTED and quiet
        contract = _contract(session, row)
        ask = f"/questions/new?agreement={quote(contract, safe='')}"
        return {
            "pid": row.pid,
            "peer_pid": row.peer_pid or "",
            "what": titles_of(node, session, [part], visit).get(part, ""),
            "dataset": row.dataset,
            "name": name_of(node, session, row.counterparty, visit.language),
            "did": row.counterparty,
            "direction": words.DIRECTIONS[row.role],
            "mode": words.mode_said(row.format),
            "amount": amount_of(row, found[0] if found else None),
            "kind": kind,
            "said": said,
            "begun": row.created_ms,
            "changed": row.changed_ms,
            "waits": not over,
            "contract": f"/contracts/{quote(contract, safe='')}" if contract else "",
            "ask": ask if row.format == QUESTION_FORMAT and row.role == "consumer" and started
            and "/questions/new" in pages else "",
            "stands": _stands(row, told),
            "command": _command(row, contract) if started and contract else "",
            "push": _push(session, row),
            "fetch": _fetch(node, row, visit),
            "ended": _ended(node, session, row, visit),
            "attempts": [_attempt(one) for one in found],
            "record": RECORD in pages,
            "over": over,
            "pausable": started,
            "resumable": not over and row.role in row.paused_by.split(","),
            "completable": started,
            "provides": row.role == "provider",
        }  # fmt: skip


def _stands(row: ProcessRecord, told: Mapping[str, Any]) -> dict[str, Any]:
    """Say where it stands, what keeps it there, and what helps."""
    status, message, heard = told["status"], told["message"], told["peerState"]
    step: Words = w.STEPS.get(status, w.DO_WAIT)
    if status == "ended":
        step = w.DO_NOTHING if row.state == transfer.COMPLETED else w.DO_AGAIN
    elif status == "running":
        step = _RUNNING.get((row.role, row.format), w.DO_NOTHING)
    return {
        "meaning": told["meaning"],
        "next": step,
        "message": message
        and {
            "what": page_words.event_said(row.flying_event),
            "attempts": message["attempts"],
            "status": message["lastStatus"],
            "reason": message["reason"][:MOST_TEXT],
            "retry": message["outbox"] if message["state"] == PARKED else None,
        },
        "trouble": row.trouble[:MOST_TEXT],
        "heard": heard and (heard["askedMs"], page_words.state_said(heard["said"])[1]),
    }


def _contract(session: Session, row: ProcessRecord) -> str:
    """Name its contract as our pages and commands do: its `@id` is another's choice."""
    found = (
        one.negotiation
        for one in agreements_bearing(session, row.agreement)
        if (one.counterparty, one.role) == (row.counterparty, row.role)
    )
    return next(found, "")


def _command(row: ProcessRecord, contract: str) -> str:
    """Write what fetches the file: a place on the connector's machine is named there alone."""
    if (row.role, row.format) != ("consumer", PULL):
        return ""
    return f"voile transfer fetch {contract} --out FILE"


def _push(session: Session, row: ProcessRecord) -> dict[str, Any] | None:
    """Say how far we are with sending a file; None where we send none."""
    found = session.get(PushRow, row.pid) if row.format == PUSH else None
    if found is None:
        return None
    due = found.state == WAITING and row.state == transfer.STARTED
    return {
        "attempts": found.attempts,
        "next": found.next_ms if due and found.attempts else 0,
        "why": code_said(found.reason) if found.reason else NOTHING,
    }


def _fetch(node: Node, row: ProcessRecord, visit: Visit) -> dict[str, Any] | None:
    """Say how far the newest fetch is of which this process knows; None where there is none."""
    if (row.role, row.format) != ("consumer", PULL):
        return None
    job = node.services[Fetcher].of_transfer(row.pid)
    if job is None:
        return None
    told = job.to_json(visit.language)
    failed = told.get("error")
    kind, said = {
        "waiting": ("wait", w.FETCH_WAITS),
        "running": ("wait", words.UNDER_WAY),
        "done": ("good", w.FETCHED),
        "failed": ("bad", w.FETCH_FAILED),
    }[job.state]
    whole = told["total"]
    return {
        "kind": kind,
        "said": said,
        "done": words.size_said(told["bytes"]),
        "all": words.size_said(whole) if whole else "",
        "percent": min(100, 100 * told["bytes"] // whole) if whole else None,
        "message": failed["message"] if failed else "",
        "next": failed["next"] if failed else "",
        "out": told["out"] if WATCH.may & visit.visitor.roles else "",
    }


def _ended(node: Node, session: Session, row: ProcessRecord, visit: Visit) -> dict[str, Any] | None:
    if not row.ended_by:
        return None
    return {
        "ours": row.ended_by == node.settings.did,
        "name": name_of(node, session, row.ended_by, visit.language),
        "did": row.ended_by,
        "why": why_said(row.ended_code, json.loads(row.ended_reason) if row.ended_reason else []),
    }


def _attempt(one: Attempt) -> dict[str, Any]:
    kind, said = words.outcome_said(one.outcome)
    why: Spoken = code_said(one.why) if one.why else NOTHING
    return {
        "at": one.time_ms,
        "index": one.index,
        "kind": kind,
        "said": said,
        "amount": attempt_amount(one),
        "digest": one.digest,
        "why": why,
    }


def _pause(visit: Visit) -> Call:
    body = read(SUSPEND.body, {"reason": reason_in(visit)})
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _resume(visit: Visit) -> Call:
    return Call(actor=visit.visitor.actor, path=visit.path, body=read(RESUME.body, {}))


def _complete(visit: Visit) -> Call:
    body = read(COMPLETE.body, {"reason": reason_in(visit)})
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _end(visit: Visit) -> Call:
    body = read(STOP.body, {"reason": reason_in(visit, confirmed=True)})
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _retry(visit: Visit) -> Call:
    return Call(actor=visit.visitor.actor, path={"row_id": visit.sent("id")[:20]})


def _here(visit: Visit, _made: Any) -> str:
    return path_of(visit.path["pid"])


_FORMS: Final = (
    ("pause", SUSPEND, RUNS[SUSPEND], _pause, w.PAUSED_NOW),
    ("resume", RESUME, RUNS[RESUME], _resume, w.RESUMED_NOW),
    ("complete", COMPLETE, RUNS[COMPLETE], _complete, w.COMPLETED_NOW),
    ("end", STOP, RUNS[STOP], _end, w.ENDED_NOW),
    ("retry", RETRY, OWN[RETRY], _retry, w.RETRIED),
)
DELIVERY: Final = Page(
    name="delivery.one",
    path="/deliveries/{pid}",
    title=w.TITLE,
    may=TRANSFERS.may,
    view=_view,
    template="delivery/delivery.html",
    words=w,
    beside=page_words.LISTS,
    forms=tuple(
        Form(name=name, operation=operation, run=run, read=read_, then=_here, done=done)
        for name, operation, run, read_, done in _FORMS
    ),
)
