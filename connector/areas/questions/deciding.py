"""Deciding a question to one provider: what answering does, and explaining says.

It is decided outside a transaction first, with everything that takes long: planning, walking over
the cells, looking whether they fit. The transaction that answers decides again, and takes over what
was made if it is granted in the same way; if not, it starts anew.

The same question, by its id or by its meaning on the same data version, stands for the answer that
it got before, and is not charged again. Other content under a known id is a conflict.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from connector.areas.questions.enforcement import decide_question, refusal
from connector.areas.questions.messages import ANSWER_VERSION, MAX_ANSWER_BYTES, answer_payload
from connector.areas.questions.reading import OvertakenError
from connector.areas.questions.store import answer_of, answer_to, received
from connector.identity.work import Work
from connector.process.errors import Conflict
from contracts import problems_questions
from crypto.canonical import canonical
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlmodel import Session

    from connector.areas.questions.answers import Cells
    from connector.areas.questions.enforcement import Granted
    from connector.areas.questions.messages import Question
    from connector.areas.questions.one_provider import OneProvider
    from connector.areas.questions.store import Given, Received
    from connector.party.node import Node

MANY: Final = 10**12  # more cells than any question has


def charge_key(question_id: str) -> str:
    """Name the charge of an answer; the asker chose the id, so a prefix keeps other kinds apart."""
    return f"masked:{question_id}"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a question.

    Attributes:
        granted: What the contract grants.
        known: What its id stands for already.
        stored: The answer that it got before, or one that means the same.
        cells: The answer, where nothing is stored.
    """

    granted: Granted
    known: Received | None
    stored: Given | None
    cells: Cells | None


def decide(
    node: Node,
    session: Session,
    now: datetime,
    *,
    caller: str,
    question: Question,
    modes: Mapping[str, OneProvider],
    work: Work | None = None,
    before: Decided | None = None,
) -> Decided:
    """Decide a question, whether it is answered then or explained.

    Args:
        node: This node, the provider.
        session: Of the transaction that will answer it; any session for reading before that, and
            where it is explained.
        now: The time of the transaction.
        caller: The authenticated consumer.
        question: What it asks.
        modes: Those in which a request is answered, by name.
        work: Counts what it takes.
        before: What was decided outside the transaction.

    Raises:
        Refused: With all reasons.
        Conflict: The id was used for another question.
        OvertakenError: What was decided before does not hold any more.
    """
    if question.mode not in modes:
        raise refusal(
            Reason(
                code="question.mode-unfit",
                given=question.mode,
                expected=", ".join(modes),
                next="next.ask-cohort",
            )
        )
    known = received(session, caller, question.id)
    if known is not None and known.content != question.content:
        raise Conflict(problems_questions.ID_NOT_FRESH, question=question.id)
    # a repeat gets its stored bytes, which its asker could read when it first asked
    if ANSWER_VERSION not in question.answers and not (known is not None and known.answer):
        raise refusal(
            Reason(
                code="question.older-asker",
                given=caller,
                expected=str(ANSWER_VERSION),
                next="next.upgrade-asker",
            )
        )
    stored: list[Given] = []

    def charged_as(meaning: str) -> str:
        if known is not None and known.answer:
            row = answer_of(session, caller, known.answer)
        else:
            row = answer_to(session, caller, question.agreement, meaning)
        if row is None:
            return ""
        stored.append(row)
        return charge_key(row.question)

    work = work or Work()
    granted = decide_question(
        session,
        node,
        now,
        caller=caller,
        agreement_id=question.agreement,
        sql=question.sql,
        purpose=question.purpose,
        mode=question.mode,
        charged_as=charged_as,
        plan=None if before is None else before.granted.plan,
        work=work,
    )
    if stored:
        return Decided(granted, known, stored[0], None)
    if before is None:
        work.cells(granted.table, len(granted.bound.outputs))
        return Decided(
            granted, known, None, _fitting(node, modes[question.mode], granted, question, now)
        )
    if before.cells is None or not granted.same_as(before.granted):
        raise OvertakenError
    return Decided(granted, known, None, before.cells)


def _fitting(
    node: Node, mode: OneProvider, granted: Granted, question: Question, now: datetime
) -> Cells:
    """Make the cells of the answer.

    One that does not fit would be charged and never arrive. What it takes at most is looked at, not
    what it takes: that depends on figures, and a refusal is free.

    Raises:
        Refused: They do not fit into an answer.
    """
    cells, us = mode.cells(granted), node.settings.did
    frame = replace(cells, released=(), withheld=(), filtered=MANY)
    size = len(canonical(answer_payload(granted, frame, question, provider=us, now=now)))
    if size + cells.most_bytes > MAX_ANSWER_BYTES:
        raise refusal(
            Reason(
                code="answer.too-large",
                expected=str(MAX_ANSWER_BYTES),
                next="next.ask-less",
            )
        )
    return cells
