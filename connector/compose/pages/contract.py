"""One contract: what it says, whether it may be used now, what was done under it, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.dsp import (
    AGREEMENTS,
    END,
    QUESTION_FORMAT,
    RESUME,
    RUNS,
    SUSPEND,
    TRANSFER,
    agreement_state,
    contracts_stand,
    named_agreement,
    page_words,
    titles_of,
)
from connector.compose import contract_facts as facts
from connector.compose import problems_page as problems
from connector.compose.pages import contract_words as w
from connector.compose.pages.contract_course import course
from connector.compose.pages.contracts import validity_of
from connector.compose.pages.shared import way_to
from connector.console.forms import reason_in
from connector.console.page import Form, Page
from connector.console.terms import name_of, namer, terms_file, terms_of, why_said
from connector.party.area import Areas
from connector.party.operation import Call
from connector.process.errors import NotFound
from crypto.records import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from sqlmodel import Session

    from connector.areas.dsp import AgreementRecord
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Words

PRODUCT: Final = "/catalogue/{provider}/{dataset}"


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Give it."""
    agreement_id = visit.path["agreement_id"]
    now = node.clock.now()
    with node.db.reading() as session:
        one = named_agreement(session, agreement_id)
        if one is None:
            raise NotFound(problems.NO_CONTRACT, agreement=agreement_id[:200])
        part = (one.role, one.dataset_id)
        state = agreement_state(one, now)
        ((kind, said),) = contracts_stand(node, session, [one], now)
        usage = facts.usage_of(session, one, now)
        steps = facts.ladder(node, session, one, usage, now)
        transfers = facts.transfers_of(session, one)
        return {
            "agreement": one.id,
            "what": titles_of(node, session, [part], visit).get(part, ""),
            "dataset": one.dataset_id,
            "kind": kind,
            "said": said,
            "provides": one.role == "provider",
            "parties": _parties(node, session, one, visit),
            "signed": page_words.SIGNED[one.signatures],
            "terms": terms_of(one.body, "Agreement", namer(node, session)),
            "terms_file": f"/contract-terms/{quote(one.id, safe='')}",
            "validity": validity_of(one, now),
            "ended": _ended(node, session, one, visit),
            "steps": steps,
            "usable": all(step.good for step in steps),
            "course": course(session, one, now),
            "usage": usage,
            "uses": _uses(usage),
            "most": facts.MOST,
            "questions": facts.questions_of(session, one),
            "transfers": transfers,
            "pausable": next((row.pid for row in transfers if row.running), ""),
            "paused": next((row.pid for row in transfers if row.open and row.paused_by_us), ""),
            "question_format": QUESTION_FORMAT,
            "opens": one.role == "consumer" and state == "in force" and not any(
                row.open and row.format == QUESTION_FORMAT for row in transfers
            ),
            "stops": facts.stops(session, one, usage) if one.in_force else (),
            "links": _links(node, one, visit),
            "all_deliveries": _deliveries(node, one, visit),
        }  # fmt: skip


def file(node: Node, visit: Visit) -> Response:
    """Give its terms to save."""
    agreement_id = visit.path["agreement_id"]
    with node.db.reading() as session:
        one = named_agreement(session, agreement_id)
    if one is None:
        raise NotFound(problems.NO_CONTRACT, agreement=agreement_id[:200])
    return terms_file(one.body)


def _parties(
    node: Node, session: Session, one: AgreementRecord, visit: Visit
) -> list[tuple[Words, str, str, bool]]:
    us = node.settings.did
    there = {"provider": one.counterparty, "consumer": one.counterparty} | {one.role: us}
    return [
        (label, name_of(node, session, there[side], visit.language), there[side], side == one.role)
        for side, label in (("provider", w.PROVIDER), ("consumer", w.CONSUMER))
    ]


def _ended(
    node: Node, session: Session, one: AgreementRecord, visit: Visit
) -> dict[str, Any] | None:
    if one.ended_at is None:
        return None
    reasons = one.ended_why.get("reason") or ()
    return {
        "ours": one.ended_by == node.settings.did,
        "name": name_of(node, session, one.ended_by, visit.language),
        "did": one.ended_by,
        "at": facts.ms(one.ended_at),
        "why": why_said(
            str(one.ended_why.get("code", "")), reasons if isinstance(reasons, list) else [reasons]
        ),
    }


def _uses(usage: facts.Uses) -> object:
    if usage.limit is None:
        return w.USES_FREE.of(used=usage.spent)
    return w.USES_SAY.of(used=usage.spent, limit=usage.limit)


def _links(node: Node, one: AgreementRecord, visit: Visit) -> list[tuple[str, Words]]:
    """Give the pages that lead on, as far as there are such, and the visitor may open them."""
    pages = {p.path for p in node.services[Areas].pages if p.may & visit.visitor.roles}
    whose = {"party": one.counterparty}
    pid = quote(one.negotiation, safe="")
    found = [
        (
            "/negotiations/{pid}",
            f"/negotiations/{pid}",
            w.TO_NEGOTIATION,
        ),
        ("/evidence", f"/evidence?{urlencode({'agreement': one.id, **whose})}", w.EVIDENCE),
        ("/dossiers/{agreement}", f"/dossiers/{pid}", w.DOSSIER),
    ]
    if one.role == "provider":
        found.append(("/history/{agreement}", f"/history/{pid}", w.HISTORY))
    else:
        there = f"/catalogue/{quote(one.counterparty, safe='')}/{quote(one.dataset_id, safe='')}"
        found.append((PRODUCT, there, w.TO_PRODUCT))
    return [(href, said) for path, href, said in found if path in pages]


def _deliveries(node: Node, one: AgreementRecord, visit: Visit) -> str:
    """Give where deliveries with the other side are listed; empty where there is no such page."""
    if not way_to(node, visit.visitor, "/deliveries"):
        return ""
    return f"/deliveries?{urlencode({'party': one.counterparty})}"


def _end(visit: Visit) -> Call:
    body = read(END.body, {"reason": reason_in(visit, confirmed=True)})
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _open(visit: Visit) -> Call:
    body = read(TRANSFER.body, {"agreement": visit.path["agreement_id"]})
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _pause(visit: Visit) -> Call:
    body = read(SUSPEND.body, {"reason": reason_in(visit)})
    return Call(actor=visit.visitor.actor, path={"pid": visit.sent("pid")[:2048]}, body=body)


def _resume(visit: Visit) -> Call:
    body = read(RESUME.body, {})
    return Call(actor=visit.visitor.actor, path={"pid": visit.sent("pid")[:2048]}, body=body)


def _here(visit: Visit, _made: Any) -> str:
    return f"/contracts/{quote(visit.path['agreement_id'], safe='')}"


_FORMS: Final = (
    ("end", END, _end, w.ENDED_NOW),
    ("open", TRANSFER, _open, w.OPENED_NOW),
    ("pause", SUSPEND, _pause, w.PAUSED_NOW),
    ("resume", RESUME, _resume, w.RESUMED_NOW),
)
CONTRACT: Final = Page(
    name="asking.contract",
    path="/contracts/{agreement_id}",
    slashes=frozenset({"agreement_id"}),
    title=w.TITLE,
    may=AGREEMENTS.may,
    view=view,
    template="compose/contract.html",
    words=w,
    forms=tuple(
        Form(name=name, operation=operation, run=RUNS[operation], read=read_, then=_here, done=done)
        for name, operation, read_, done in _FORMS
    ),
)
CONTRACT_TERMS: Final = Page(
    name="asking.contract_terms",
    path="/contract-terms/{agreement_id}",
    slashes=frozenset({"agreement_id"}),
    title=w.AS_WRITTEN,
    may=AGREEMENTS.may,
    view=file,
    template="compose/contract.html",
    words=w,
)
