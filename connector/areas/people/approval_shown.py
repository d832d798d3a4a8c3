"""Requests as their parties see them: lists by page, one with all that a decision needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import and_, or_
from sqlmodel import col, select

from connector.areas.people import problems_approvals as problems
from connector.areas.people.approval_deciding import may_decide
from connector.areas.people.approval_force import force_of
from connector.areas.people.approval_records import (
    Approval,
    Approvals,
    Box,
    FourEyes,
    Said,
    Sent,
    Shown,
    Vote,
)
from connector.areas.people.approval_rows import (
    AGREED,
    PENDING,
    RUNNING,
    WAITING,
    ApprovalRow,
    ApprovalVoteRow,
)
from connector.areas.people.approvals import (
    Approvals as Service,
)
from connector.areas.people.approvals import (
    acts_now,
    asked_of,
    found,
    gets_secret,
    is_of,
    salted,
    state_of,
    weighed_now,
)
from connector.party.area import Areas
from connector.process.actor import roles_at
from connector.process.errors import NotFound, VoileError
from connector.process.ports import unix_ms
from crypto.record_kinds import fields_of, words_of
from crypto.strict_json import loads

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from connector.party.node import Node
    from connector.party.operation import Operation
    from connector.process.actor import Actor
    from crypto.words import Spoken

READS_ALL: Final = frozenset({"cdo", "security", "certifier", "auditor"})
COUNTED: Final = 100  # of what waits for somebody, at most


def listed(node: Node, who: Actor, asked: Box) -> Approvals:
    """List a page of requests, the newest first."""
    service = node.services[Service]
    now = unix_ms(node.clock.now())
    with node.db.reading() as session:
        query = select(ApprovalRow).where(_in_box(node, who, asked.box), _stands(asked.state, now))
        if asked.before:
            last = found(session, asked.before)
            query = query.where(
                or_(
                    col(ApprovalRow.requested_ms) < last.requested_ms,
                    and_(
                        col(ApprovalRow.requested_ms) == last.requested_ms,
                        col(ApprovalRow.id) < last.id,
                    ),
                )
            )
        query = query.order_by(
            col(ApprovalRow.requested_ms).desc(), col(ApprovalRow.id).desc()
        ).limit(asked.limit + 1)
        rows = session.exec(query).all()
        on = force_of(session, service.enrolled)
        shown = tuple(_approval(node, session, row, who) for row in rows[: asked.limit])
    more = shown[-1].id if len(rows) > asked.limit else None
    return Approvals(in_force=on.on or on.due, approvals=shown, next=more)


def waiting_for(node: Node, who: Actor) -> int:
    """Count what waits for somebody: to decide, or to fetch; at most `COUNTED`."""
    now = unix_ms(node.clock.now())
    mine = and_(_by(who), col(ApprovalRow.state) == AGREED, col(ApprovalRow.expires_ms) > now)
    query = (
        select(ApprovalRow.id)
        .where(or_(and_(_to(node, who), _stands("pending", now)), mine))
        .limit(COUNTED)
    )
    with node.db.reading() as session:
        return len(session.exec(query).all())


def shown(node: Node, approval_id: str, who: Actor) -> Shown:
    """Show one request.

    Raises:
        NotFound: there is none, or it is no business of who asks: the two look alike.
    """
    with node.db.reading() as session:
        row = found(session, approval_id)
        if not _may_see(node, session, row, who):
            raise NotFound(problems.MISSING, name=approval_id[:100])
        approval = _approval(node, session, row, who)
        query = (
            select(ApprovalVoteRow)
            .where(ApprovalVoteRow.request == row.id)
            .order_by(col(ApprovalVoteRow.voted_ms), col(ApprovalVoteRow.person))
        )
        votes = tuple(map(_vote, session.exec(query).all()))
    changes, moved = _changes(node, row)
    return Shown(
        approval=approval,
        sent=_sent(node, row),
        changes=changes,
        moved=moved,
        votes=votes,
        digest=salted(row.salt, row.asked),
        salt=row.salt,
        asked=row.asked,
        outcome=_outcome(row, who),
    )


def _outcome(row: ApprovalRow, who: Actor) -> dict[str, Any] | None:
    """Give what came of it; an answer of the operation itself is not for who only audits."""
    found: dict[str, Any] | None = json.loads(row.outcome) if row.outcome else None
    if found is not None and who.roles <= {"auditor"}:
        return {name: value for name, value in found.items() if name != "result"}
    return found


def four_eyes(node: Node) -> FourEyes:
    """Say whether they are in force."""
    with node.db.reading() as session:
        now = force_of(session, node.services[Service].enrolled)
    return FourEyes(
        in_force=now.on or now.due,
        since=now.since,
        deciders=now.deciders,
        why=_in_both(now.why),
        heed=_in_both(now.heed),
    )


def _in_both(said: Spoken | None) -> Said | None:
    return Said(zh=said.said("zh"), en=said.said("en")) if said is not None else None


def _stands(state: str, now: int) -> ColumnElement[bool]:
    late = and_(col(ApprovalRow.state).in_((PENDING, AGREED)), col(ApprovalRow.expires_ms) <= now)
    waits = and_(col(ApprovalRow.state).in_(WAITING), ~late)
    return waits if state == "pending" else ~waits


def _in_box(node: Node, who: Actor, box: str) -> ColumnElement[bool]:
    if box == "by-me":
        return _by(who)
    if box == "to-me":
        return _to(node, who)
    if who.roles & READS_ALL:
        return col(ApprovalRow.id).is_not(None)
    return or_(_by(who), _to(node, who))


def _by(who: Actor) -> ColumnElement[bool]:
    mine = col(ApprovalRow.requester) == str(who)
    return or_(mine, col(ApprovalRow.person) == who.behind) if who.behind else mine


def _to(node: Node, who: Actor) -> ColumnElement[bool]:
    """Those that somebody may decide and has not, or has decided."""
    names = [
        one.name
        for one in node.services[Areas].operations
        if one.approval is not None and one.approval & who.roles and who.behind
    ]
    agreed = select(ApprovalVoteRow.request).where(ApprovalVoteRow.person == who.behind)
    return and_(
        col(ApprovalRow.operation).in_(names),
        ~_by(who),
        or_(col(ApprovalRow.state) != PENDING, col(ApprovalRow.id).not_in(agreed)),
    )


def _may_see(node: Node, session: Session, row: ApprovalRow, who: Actor) -> bool:
    if is_of(row, who) or who.roles & READS_ALL:
        return True
    voted = bool(who.behind) and session.get(ApprovalVoteRow, (row.id, who.behind)) is not None
    return voted or may_decide(row, asked_of(node, row).operation, who)


def _approval(node: Node, session: Session, row: ApprovalRow, who: Actor) -> Approval:
    bound = node.services[Areas].bound(row.operation)
    operation = bound[0] if bound is not None else None
    state = state_of(row, unix_ms(node.clock.now()))
    may = acts_now(session, node.services[Service].enrolled, who)
    vote = session.get(ApprovalVoteRow, (row.id, who.behind)) if who.behind else None
    voted = vote is not None
    decides = operation is not None and state == PENDING and may_decide(row, operation, may)
    mine = is_of(row, who)
    secret = operation is not None and operation.hands_over
    helps = mine or (vote is not None and vote.agreed)
    waits = state == AGREED or (state == RUNNING and row.id not in node.services[Service].doing)
    fetches = waits and operation is not None and (gets_secret(row, who) if secret else helps)
    return Approval(
        id=row.id,
        operation=row.operation,
        zh=operation.words.zh if operation else row.operation,
        en=operation.words.en if operation else row.operation,
        state=state,  # type: ignore[arg-type]  # one of `State`
        requester=row.requester,
        person=row.person or None,
        reason=row.reason or None,
        needs=row.needs,
        roles=tuple(
            role
            for role in roles_at(node.settings.role)
            if operation and role in (operation.approval or ())
        ),
        requested=row.requested_ms,
        expires=row.expires_ms,
        ended=row.ended_ms or None,
        mine=mine,
        decidable=decides and not voted,
        fetchable=fetches,
    )


def _changes(node: Node, row: ApprovalRow) -> tuple[tuple[Said, ...], bool]:
    """Say what it would change, as long as it waits; whether that is not what was asked."""
    if row.state not in WAITING:
        return (), False
    try:
        weighed = weighed_now(node, asked_of(node, row), glance=True)
    except VoileError as error:
        return (Said(zh=error.said("zh"), en=error.said("en")),), True
    if weighed is None:
        return (), False
    said = tuple(Said(zh=one.said("zh"), en=one.said("en")) for one in weighed.changes)
    return said, weighed.seen != row.seen


def _sent(node: Node, row: ApprovalRow) -> tuple[Sent, ...]:
    """Give what was sent, each with its words."""
    bound = node.services[Areas].bound(row.operation)
    if bound is None:
        return ()
    operation: Operation = bound[0]
    asked: Any = loads(row.asked.encode(), max_bytes=len(row.asked.encode()) + 1)
    found: list[Sent] = []
    for name, words in operation.named.items():
        value = asked["path"].get(name)
        found.append(Sent(field=name, place="path", zh=words.zh, en=words.en, value=value))
    records: tuple[tuple[Literal["query", "body"], type[Any]], ...] = (
        ("query", operation.query),
        ("body", operation.body),
    )
    for place, record in records:
        for each in fields_of(record):
            if each.key not in asked[place]:
                continue
            said = words_of(each.kind)
            found.append(
                Sent(
                    field=each.key,
                    place=place,
                    zh=said.zh if said else each.key,
                    en=said.en if said else each.key,
                    value=asked[place][each.key],
                )
            )
    return tuple(found)


def _vote(row: ApprovalVoteRow) -> Vote:
    return Vote(
        person=row.person,
        actor=row.actor,
        agreed=row.agreed,
        voted=row.voted_ms,
        reason=row.reason or None,
    )
