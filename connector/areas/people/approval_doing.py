"""Having an agreed request done, in the name of who asked, once.

The state says that it was begun before anything is done: whoever finds it begun by a process that
is no more knows that nobody knows how far it came.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from connector.areas.people import problems_approvals as problems
from connector.areas.people.approval_rows import AGREED, DONE, FAILED, RUNNING, ApprovalVoteRow
from connector.areas.people.approvals import (
    Approvals,
    acts_now,
    asked_of,
    found,
    gets_secret,
    is_of,
    leaf,
    state_of,
    weighed_now,
)
from connector.party.performing import check_may
from connector.process.actor import acting, read_actor
from connector.process.errors import Conflict, Forbidden, VoileError, error_json
from connector.process.ports import unix_ms
from crypto.records import write

if TYPE_CHECKING:
    from connector.areas.people.approval_rows import ApprovalRow
    from connector.party.node import Node
    from connector.process.actor import Actor


def carry_out(node: Node, approval_id: str) -> Any:
    """Do it; what came of it is kept with the request.

    Returns:
        What the operation answered, as JSON; None where it failed.

    Raises:
        Conflict: it is not agreed to, or is being done.
    """
    try:
        return _carried_out(node, approval_id)
    except Conflict as error:
        if error.code in {problems.NOT_AGREED.code, problems.UNDER_WAY.code}:
            raise
        return None
    except VoileError:
        return None


def fetch(node: Node, approval_id: str, who: Actor) -> Any:
    """Have it done for one of its parties, and give the answer.

    Returns:
        What the operation answered, as JSON.

    Raises:
        NotFound: there is no such request.
        Forbidden: somebody else's; where the answer holds a secret, anybody's but who asked: the
            key that did, or its person.
        Conflict: it is not agreed to, or is being done; VoileError: why it could not be done.
    """
    with node.db.reading() as session:
        row = found(session, approval_id)
        voted = session.get(ApprovalVoteRow, (approval_id, who.behind)) if who.behind else None
    hands_over = asked_of(node, row).operation.hands_over
    helps = is_of(row, who) or (voted is not None and voted.agreed)
    if not (gets_secret(row, who) if hands_over else helps):
        raise Forbidden(problems.NOT_YOURS, name=approval_id)
    return _carried_out(node, approval_id)


def _carried_out(node: Node, approval_id: str) -> Any:
    service = node.services[Approvals]
    with service.turn:
        if approval_id in service.doing:
            raise Conflict(problems.UNDER_WAY, name=approval_id)
        with node.db.transaction() as tx:
            row = found(tx.session, approval_id)
            state = state_of(row, unix_ms(tx.now))
            if state not in {AGREED, RUNNING}:
                raise Conflict(problems.NOT_AGREED, name=approval_id, state=state)
            leaf(tx, node, row, "BEGUN", again=state == RUNNING)
            row.state = RUNNING
            tx.session.add(row)
        service.doing.add(approval_id)
    try:
        made = _done(node, approval_id)
    except VoileError as error:
        told = {language: error_json(error, language)["error"] for language in ("zh", "en")}
        _settle(node, approval_id, FAILED, {"error": _both(told)})
        raise
    finally:
        service.doing.discard(approval_id)
    return made


def _done(node: Node, approval_id: str) -> Any:
    """Do it; whatever is no error of ours leaves it begun: nobody knows how far it came."""
    with node.db.reading() as session:
        row = found(session, approval_id)
        asked = asked_of(node, row)
        said = read_actor(row.requester)
        who = acts_now(session, node.services[Approvals].enrolled, said)
    if who is None or not who.roles & asked.operation.may or who.behind != row.person:
        raise Forbidden(problems.REQUESTER, who=said, operation=row.operation)
    weighed = weighed_now(node, asked)
    if weighed is not None and weighed.seen != row.seen:
        raise Conflict(problems.MOVED, name=approval_id)
    call = dataclasses.replace(asked.call, actor=who, seen=row.seen)
    with acting(who):
        check_may(asked.operation.name, asked.operation.may, at=node.settings.role)
        made = asked.run(node, call)
    shown: Any = write(made) if dataclasses.is_dataclass(made) else made
    kept = {} if asked.operation.hands_over else {"result": shown}
    _settle(node, approval_id, DONE, kept)
    return shown


def _settle(node: Node, approval_id: str, state: str, outcome: dict[str, Any]) -> None:
    with node.db.transaction() as tx:
        row: ApprovalRow = found(tx.session, approval_id)
        row.state, row.ended_ms = state, unix_ms(tx.now)
        row.outcome = json.dumps(outcome, ensure_ascii=False)
        tx.session.add(row)
        tx.session.flush()
        code = outcome.get("error", {}).get("code")
        leaf(tx, node, row, state.upper(), **({"code": code} if code else {}))


def _both(told: dict[str, Any]) -> dict[str, Any]:
    """Keep an error in both languages."""
    return {
        "code": told["en"]["code"],
        "zh": {"message": told["zh"]["message"], "next": told["zh"]["next"]},
        "en": {"message": told["en"]["message"], "next": told["en"]["next"]},
    }
