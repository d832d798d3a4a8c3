"""The page of one question of ours: how it stands, and its answer as table, chart and file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import Response, after_this_request

from connector.areas.cohort import CohortAskRow
from connector.areas.dsp import find_agreement
from connector.areas.questions import ANSWERED, ASKED, answer_of, attempt_at
from connector.client.answer_counts import counts_of
from connector.client.answer_rows import AnswerRows
from connector.client.answer_workbook import answer_workbook
from connector.client.question_words import STATES
from connector.client.workbook import MEDIA
from connector.compose import problems_pages as problems
from connector.compose.asking_operations import ASK, LIST
from connector.compose.pages import answer_words as w
from connector.compose.pages.answer_shown import answer_shown, without_figures
from connector.compose.pages.asking_now import AskingNow
from connector.compose.pages.contracts_at_hand import Descriptions
from connector.compose.pages.shared import name_of, number_in, question_page
from connector.compose.pages.workbench import MODES, PATH, read_ask
from connector.compose.published import published_margins
from connector.console.page import Form, Page
from connector.console.tables import csv_file, named
from connector.process.errors import NotFound, Refused
from crypto.words import verbatim
from policies.phrases import render
from policies.purpose_words import PURPOSE_WORDS, short_purpose
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.dsp import AgreementRecord
    from connector.areas.questions import Asked
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken

KINDS: Final = {
    "asked": "wait",
    "open": "wait",
    "answered": "good",
    "refused": "bad",
    "failed": "bad",
    "ended": "off",
}
_REFRESH: Final = "3"  # seconds


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    question = visit.path["id"][:2048]
    now, row = node.services[AskingNow], attempt_at(node, question)
    running, failed = now.running(question), now.failure(question)
    if row is None and not running and failed is None:
        raise NotFound(problems.QUESTION_MISSING, question=question[:200])
    if running:
        after_this_request(_again_soon)
    found: dict[str, Any] = {
        "id": question,
        "kind": "wait" if running or row is None else KINDS.get(row.state, "off"),
        "said": w.UNDER_WAY if running else STATES["failed" if row is None else row.state],
        "running": running,
        "failed": None if running or (row and row.state == ANSWERED) else failed,
        "again": f"{PATH}?{urlencode({'again': question})}",
        "steps": [],
        "reasons": None,
        "answer": None,
        "open": False,
        "sql": "",
        "mode": "",
        "firms": [],
        "asked": 0,
        "ended": 0,
        "purpose_said": "",
    }
    return found if row is None else found | _of_row(node, visit, row, running=running)


def _of_row(node: Node, visit: Visit, row: Asked, *, running: bool) -> dict[str, Any]:
    language, path = visit.language, question_page(row.question)
    told = answer_of(node, row)
    with node.db.reading() as session:
        firms = [
            _firm(node, session, did, agreement, visit)
            for did, agreement in row.by_provider.items()
        ]
        steps = list(_steps(session, row)) if running else []
    names = {one["did"]: one["name"] for one in firms}
    purpose = short_purpose(row.purpose)
    made: dict[str, Any] = {
        "steps": steps,
        "reasons": None if row.state == ANSWERED or not row.told else refused_of(row),
        "open": row.state == ASKED and not running,
        "sql": row.sql,
        "purpose": row.purpose,
        "purpose_said": PURPOSE_WORDS.get(purpose) or verbatim(purpose),
        "mode": MODES.get(row.mode) or verbatim(row.mode),
        "why": render(row.why, language) if row.why else "",
        "firms": firms,
        "asked": row.asked_ms,
        "ended": row.ended_ms,
        "csv": f"{path}/answer.csv",
        "workbook": f"{path}/answer.xlsx",
        "python": python_of(row),
    }
    if told is not None:
        start = number_in(visit.asked("from"), 0)
        lacks = counts_of(told.answer).missing > 0
        shown = answer_shown(
            row.sql,
            told.answer,
            language,
            path=path,
            start=start,
            names=names,
            margins=published_margins(node, _agreement(node, row)) if lacks else (),
        )
        asks = bool(ASK.may & visit.visitor.roles)
        made["answer"] = shown if asks else without_figures(shown, told.signature)
        for one in firms:
            one["left"] = _left(told.usage, one["did"])
    return made


def _agreement(node: Node, row: Asked) -> AgreementRecord | None:
    """Give the agreement of a question of one provider; None for a total."""
    if len(row.by_provider) != 1:
        return None
    ((did, agreement),) = row.by_provider.items()
    with node.db.reading() as session:
        return find_agreement(session, agreement, counterparty=did)


def refused_of(row: Asked) -> Refused:
    """Give the refusal of a question, as it was told."""
    return Refused(reasons=tuple(Reason.from_json(one) for one in row.told))


def _firm(node: Node, session: Session, did: str, agreement: str, visit: Visit) -> dict[str, Any]:
    record = find_agreement(session, agreement, counterparty=did)
    product = record.dataset_id if record is not None else ""
    title = node.services[Descriptions].title(did, product)[visit.language] if product else ""
    name = name_of(node, session, did, visit.language)
    named = record.negotiation if record is not None else agreement
    return {
        "did": did, "name": name, "agreement": agreement, "named": named, "product": title,
        "left": "",
    }  # fmt: skip


def _left(usage: Mapping[str, Any], did: str) -> Spoken | str:
    """Say what is left of the contract with a provider; of a total it is told by provider."""
    own = usage if "limit" in usage else usage.get(did)
    if not isinstance(own, dict):
        return ""
    if own.get("limit") is None:
        return w.UNLIMITED
    return w.LEFT_OF.of(left=own.get("left"), limit=own["limit"])


def _steps(session: Session, row: Asked) -> Iterator[tuple[Spoken, str, Spoken]]:
    """Say how far a total is, by what is kept of it."""
    kept = session.get(CohortAskRow, row.attempt)
    if kept is None:
        return
    whole = len(row.by_provider)
    yield w.DRAWN, "good", w.DONE
    accepted = len(json.loads(kept.acceptances))
    yield w.ACCEPTED, _done(accepted == whole), w.OF.of(done=accepted, all=whole)
    yield w.CLEARED, _done(bool(kept.cleared_jws)), w.DONE if kept.cleared_jws else w.WAITS
    given = len(json.loads(kept.contributions))
    yield w.CONTRIBUTED, _done(given == whole), w.OF.of(done=given, all=whole)
    over = row.state == ANSWERED
    yield w.OPENED, _done(over), w.DONE if over else w.WAITS


def _done(done: bool) -> str:
    return "good" if done else "wait"


def _again_soon(response: Response) -> Response:
    """Have the browser ask again by itself, without a script."""
    response.headers["Refresh"] = _REFRESH
    return response


def python_of(row: Asked) -> str:
    """Write the question for docs/python.md's library: the stored answer comes, uncharged."""
    agreements = list(row.by_provider.values())
    named: object = agreements[0] if len(agreements) == 1 else agreements
    sql = _python_text(row.sql)
    return (
        "from connector.client import Connector\n\n"
        "asker = Connector()\n"
        "answer = asker.ask(\n"
        f"    {sql},\n"
        f"    agreement={named!r},\n"
        f"    purpose={short_purpose(row.purpose)!r},\n"
        f"    question_id={row.question!r},\n"
        ")\n"
        "for row in answer:\n"
        "    print(dict(row))\n"
    )


def _python_text(sql: str) -> str:
    lines: Sequence[str] = sql.split("\n")
    return "\n    ".join(
        repr(line + ("\n" if number < len(lines) else "")) for number, line in enumerate(lines, 1)
    )


def _told(node: Node, visit: Visit) -> tuple[str, str, Mapping[str, Any]]:
    """Give SQL, id and answer of the question that the path names."""
    question = visit.path["id"][:2048]
    row = attempt_at(node, question)
    if row is None:
        raise NotFound(problems.QUESTION_MISSING, question=question[:200])
    told = answer_of(node, row)
    if told is None:
        raise NotFound(problems.QUESTION_UNANSWERED, question=question[:200])
    return row.sql, row.question, told.answer


def _file(node: Node, visit: Visit) -> Response:
    sql, question, told = _told(node, visit)
    text = AnswerRows(sql, told, visit.language).csv()
    return csv_file(f"answer-{question}", text, bom=visit.asked("bom") == "1")


def _workbook(node: Node, visit: Visit) -> Response:
    sql, question, told = _told(node, visit)
    data = answer_workbook(sql, told, visit.language)
    return named(Response(data, mimetype=MEDIA), f"answer-{question}", ".xlsx")


ANSWER: Final = Page(
    name="asking.answer",
    path="/questions/{id}",
    slashes=frozenset({"id"}),
    title=w.TITLE,
    may=LIST.may,
    view=_view,
    template="compose/answer.html",
    words=w,
    forms=(
        Form(
            name="ask",
            operation=ASK,
            run=lambda node, call: node.services[AskingNow].ask(node, call),
            read=read_ask,
            then=lambda _visit, made: question_page(made["question_id"]),
            done=w.RESUMED,
        ),
    ),
)
FILE: Final = Page(
    name="asking.file",
    path="/questions/{id}/answer.csv",
    slashes=frozenset({"id"}),
    title=w.CSV,
    may=ASK.may,
    view=_file,
    template="compose/answer.html",
    words=w,
)
WORKBOOK: Final = Page(
    name="asking.workbook",
    path="/questions/{id}/answer.xlsx",
    slashes=frozenset({"id"}),
    title=w.WORKBOOK,
    may=ASK.may,
    view=_workbook,
    template="compose/answer.html",
    words=w,
)
