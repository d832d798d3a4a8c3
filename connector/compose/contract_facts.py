"""What this node knows of a contract beyond its terms: uses, what must hold, what an end stops."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import func
from sqlmodel import col, select

from connector.areas.cohort import CohortMembershipRow
from connector.areas.dsp import (
    ProcessRow,
    holding,
    open_transfers,
    page_words,
    started_transfer,
)
from connector.areas.questions import ANSWERED, ASKED, AskedQuestionRow, GivenAnswerRow, used
from connector.compose.pages import contract_words as w
from connector.console.terms import cut, reason_said
from policies.errors import PolicyError
from policies.offers import most_answers
from policies.profile import HOMOMORPHIC
from policies.term import term

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node
    from crypto.words import Spoken, Words

MOST: Final = 20
MOST_COUNTED: Final = 1000
MOST_TOTALS: Final = 1000  # that are looked through, the newest
MOST_SQL: Final = 500
_SIGNATURE: Final = 86  # characters of one at the end of an answer
_OVER: Final = frozenset({"COMPLETED", "TERMINATED"})


@dataclass(frozen=True, slots=True)
class Uses:
    """What is used of a contract's count.

    Attributes:
        spent: so many; as far as we can know it, where the other side counts.
        limit: that holds; None: there is none.
        told: whether the side that counts said so; else it is what we counted of our own.
    """

    spent: int
    limit: int | None
    told: bool

    @property
    def left(self) -> int | None:
        """How many answers are left; None where they are not limited."""
        return None if self.limit is None else max(0, self.limit - self.spent)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must be for a contract to be used."""

    said: Words
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question under the contract: our own, or what we answered."""

    at: int
    id: str
    sql: str
    kind: str
    said: Spoken
    reasons: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A transfer of the contract."""

    pid: str
    href: str
    format: str
    kind: str
    said: Spoken
    running: bool
    changed: int
    trouble: str
    open: bool
    paused_by_us: bool


def ms(at: datetime) -> int:
    """Give a moment in milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def usage_of(session: Session, one: AgreementRecord, now: datetime) -> Uses:
    """Say what is used: as we count it who provide; else as the provider told us, or we count.

    A provider tells it with each answer to a question of its own; of totals nobody does. Where the
    answers that we hold are more than it said, they are what is known.
    """
    limit = None if isinstance(one.terms, PolicyError) else most_answers(one.terms)
    if one.role == "provider":
        spent = used(session, counterparty=one.counterparty, agreement=one.id, now=now)
        return Uses(spent, limit, told=True)
    answered = [row for row in _asked(session, one, answered=True, most=1) if row.usage]
    told = _number(json.loads(answered[0].usage)) if answered else None
    own = _answered(session, one)
    return Uses(max(told or 0, own), limit, told=told is not None and told >= own)


def _answered(session: Session, one: AgreementRecord) -> int:
    """Count the answers that we hold under a contract; a repeat of one is the same answer."""
    jws = col(AskedQuestionRow.jws)
    signature = func.substr(jws, func.length(jws) - _SIGNATURE + 1)  # the whole may be long
    rows = (
        select(signature, AskedQuestionRow.attempt)
        .where(AskedQuestionRow.state == ANSWERED)
        .order_by(col(AskedQuestionRow.asked_ms).desc())
    )
    alone = rows.where(AskedQuestionRow.agreements == json.dumps({one.counterparty: one.id})).limit(
        MOST_COUNTED
    )
    totals = rows.where(AskedQuestionRow.mode == HOMOMORPHIC, _names(one)).limit(MOST_TOTALS)
    found = {
        signed or attempt
        for query in (alone, totals)
        for signed, attempt in session.exec(query).all()
    }
    return len(found)


def _number(told: Any) -> int | None:
    spent = told.get("used") if isinstance(told, dict) else None
    return spent if type(spent) is int and 0 <= spent < 2**53 else None


def ladder(
    node: Node, session: Session, one: AgreementRecord, usage: Uses, now: datetime
) -> list[Step]:
    """Give, in the order in which they are looked at, what must be for it to be used now."""
    readable = not isinstance(one.terms, PolicyError)
    certified = {
        did: node.status.standing(session, did).certified
        for did in (node.settings.did, one.counterparty)
    }
    steps = [
        Step(w.CONCLUDED, one.finalized_at is not None),
        Step(w.NOT_ENDED, one.ended_at is None),
        Step(w.SIGNED_BOTH, one.signatures == "mutual"),
        Step(w.READABLE, readable),
        Step(w.IN_TIME, readable and term(one.policy, now) == "open"),
        Step(w.COUNT_LEFT, usage.left != 0),
        Step(w.WE_CERTIFIED, certified[node.settings.did]),
        Step(w.THEY_CERTIFIED, certified[one.counterparty]),
    ]
    if one.role == "provider":
        steps.append(Step(w.NOT_HELD, holding(session, one) is None))
    runs = started_transfer(session, one.id, counterparty=one.counterparty, role=one.role)
    return [*steps, Step(w.TRANSFER_RUNS, runs is not None)]


def questions_of(session: Session, one: AgreementRecord) -> list[Asked]:
    """Give the newest questions under it: what we asked, or what we answered."""
    if one.role == "provider":
        rows = session.exec(
            select(GivenAnswerRow.question, GivenAnswerRow.answered_ms)
            .where(
                GivenAnswerRow.agreement == one.id, GivenAnswerRow.counterparty == one.counterparty
            )
            .order_by(col(GivenAnswerRow.answered_ms).desc())
            .limit(MOST)
        ).all()
        kind, said = w.STATES["answered"]
        return [
            Asked(at=at, id=name, sql="", kind=kind, said=said, reasons=()) for name, at in rows
        ]
    return [
        Asked(
            at=row.asked_ms,
            id=row.question,
            sql=cut(row.sql, MOST_SQL),
            kind=w.STATES[row.state][0],
            said=w.STATES[row.state][1],
            reasons=tuple(reason_said(item) for item in _listed(row.reasons)),
        )
        for row in _asked(session, one)
    ]


def transfers_of(session: Session, one: AgreementRecord) -> list[Passed]:
    """Give its newest transfers."""
    rows = session.exec(
        select(ProcessRow)
        .where(
            ProcessRow.agreement == one.id,
            # few have it; by its party's index all transfers with the party would be looked at
            col(ProcessRow.kind) + "" == "transfer",
            col(ProcessRow.counterparty) + "" == one.counterparty,
            col(ProcessRow.role) + "" == one.role,
        )
        .order_by(col(ProcessRow.created_ms).desc())
        .limit(MOST)
    ).all()
    return [
        Passed(
            pid=row.pid,
            href=f"/deliveries/{quote(row.pid, safe='')}",
            format=row.format,
            kind=page_words.state_said(row.state)[0],
            said=page_words.state_said(row.state)[1],
            running=row.state == "STARTED" and not row.flying_event and not row.wanted,
            changed=row.changed_ms,
            trouble=cut(row.trouble),
            open=row.state not in _OVER,
            paused_by_us=one.role in row.paused_by.split(","),
        )
        for row in rows
    ]


def stops(session: Session, one: AgreementRecord, usage: Uses) -> list[Spoken]:
    """Say what would stop if we ended it now."""
    found: list[Spoken] = [w.STOPS_ALL]
    if transfers := len(open_transfers(session, one)):
        found.append(w.STOPS_TRANSFERS.of(count=transfers))
    if waiting := _open_questions(session, one):
        found.append(w.STOPS_QUESTIONS.of(count=waiting))
    if usage.left:
        found.append(w.STOPS_LEFT.of(count=usage.left))
    if one.role == "provider" and session.get(CohortMembershipRow, one.dataset_id) is not None:
        found.append(w.STOPS_TABLE)
    found.append(w.STOPS_GIVEN)
    found.append(w.STOPS_TOLD if one.signatures == "mutual" else w.STOPS_UNTOLD)
    return found


def _open_questions(session: Session, one: AgreementRecord) -> int:
    if one.role == "provider":
        return 0
    # few are open at a time, whatever there is of others
    some = (
        select(AskedQuestionRow.attempt)
        .where(AskedQuestionRow.state == ASKED, _names(one))
        .limit(MOST_COUNTED)
    )
    return int(session.exec(select(func.count()).select_from(some.subquery())).one())


def _asked(
    session: Session, one: AgreementRecord, *, answered: bool = False, most: int = MOST
) -> list[AskedQuestionRow]:
    """Give the newest questions of ours under an agreement, alone or in a total.

    Those to its provider alone are found by an index; totals are looked through, the newest.
    """
    at = col(AskedQuestionRow.asked_ms)
    alone = select(AskedQuestionRow).where(
        AskedQuestionRow.agreements == json.dumps({one.counterparty: one.id})
    )
    totals = (
        select(AskedQuestionRow.attempt)
        .where(AskedQuestionRow.mode == HOMOMORPHIC)
        .order_by(at.desc())
        .limit(MOST_TOTALS)
        .subquery()
    )
    mixed = select(AskedQuestionRow).where(
        col(AskedQuestionRow.attempt).in_(select(totals.c.attempt)), _names(one)
    )
    rows: dict[str, AskedQuestionRow] = {}
    for query in (alone, mixed):
        chosen = query.where(AskedQuestionRow.usage != "") if answered else query
        found = session.exec(chosen.order_by(at.desc()).limit(most)).all()
        rows |= {row.attempt: row for row in found}
    return sorted(rows.values(), key=lambda row: row.asked_ms, reverse=True)[:most]


def _names(one: AgreementRecord) -> ColumnElement[bool]:
    """Say which questions of ours name an agreement; no index leads there."""
    name = json.dumps(one.counterparty) + ": " + json.dumps(one.id)
    return col(AskedQuestionRow.agreements).contains(name, autoescape=True)


def _listed(text: str) -> Sequence[Any]:
    found = json.loads(text) if text else []
    return found if isinstance(found, list) else ()
