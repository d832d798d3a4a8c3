"""The management listener: the owner's own API, behind management keys."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, request
from sqlalchemy import select
from sqlmodel import col

from connector.evidence.log import head
from connector.party import problems
from connector.party.area import Areas
from connector.party.credentials import Listed, add, holder, listed, renew_first, revoke
from connector.party.operations import (
    ADD_KEY,
    LIST_KEYS,
    OUTBOX,
    RENEW_TOKEN,
    RETRY,
    REVOKE_KEY,
    SHOW,
    TRAFFIC,
    DrawnKey,
    Key,
    Keys,
    Messages,
    TokenFile,
)
from connector.party.readiness import readiness
from connector.party.web import base_app, error_response, language, row_number
from connector.process import problems_home as process_problems
from connector.process.actor import act_as, actor
from connector.process.errors import Forbidden, SettingsError, Unauthenticated
from connector.process.ports import unix_ms
from connector.store.outbox_rows import OutboxRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Blueprint, Response

    from connector.party.node import Node
    from connector.party.operation import Call, Operation
    from connector.party.routes import Run
    from connector.process.actor import Actor

BODY_BYTES: Final = 64 << 20


def management_app(node: Node, blueprints: Iterable[Blueprint]) -> Flask:
    """Make the application that the owner's commands call."""
    with node.db.reading() as session:
        if not listed(session):
            raise SettingsError(process_problems.NO_TOKEN, home=node.settings.home)
    app = base_app("management", node, body_bytes=BODY_BYTES)

    def identify() -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        who = _admitted(node, given.strip()) if scheme == "Bearer" else None
        if who is None:
            node.refusals.count(request.remote_addr or "", "management token")
            raise Unauthenticated("management token")
        act_as(who)

    def unauthenticated(error: Unauthenticated) -> Response:
        return error_response(error.advise(problems.TOKEN_IN_FILE))

    def lacking(error: Forbidden) -> Response:
        if error.code in {"role-missing", "key-roles"}:  # whoever probes leaves a trace
            node.refusals.count(str(actor()), f"role: {error.code}")
            node.log.info("role-missing", code=error.code, reason=error.message)
        return error_response(error)

    app.before_request(identify)
    app.register_error_handler(Forbidden, lacking)
    app.register_error_handler(Unauthenticated, unauthenticated)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def _admitted(node: Node, token: str) -> Actor | None:
    """Give as who somebody acts that shows a token; None if it opens nothing.

    A key that a person drew does no more than the person, and nothing once the person has ended.
    """
    with node.db.reading() as session:
        who = holder(session, token)
        for area in node.services[Areas].areas:
            if who is not None and who.person and area.holds is not None:
                who = area.holds(session, who, unix_ms(node.clock.now()))
    return who


class TokenTurn:
    """One renewal of the first key at a time: two would leave the token of one, the digest of none.

    A service of each node.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()


def _renew(node: Node, call: Call) -> TokenFile:
    with node.services[TokenTurn].lock:
        renew_first(node, call.actor)
    return TokenFile(management_token=str(node.settings.token_file))


def _add(node: Node, call: Call) -> DrawnKey:
    key, token = add(node, call.body.name, call.body.roles, by=call.actor)
    return DrawnKey(key=_key(key), token=token)


def _describe(node: Node, _call: Call) -> dict[str, Any]:
    with node.db.reading() as session:
        size = head(session).size
    settings = node.settings
    return {
        "did": settings.did,
        "role": settings.role,
        "publicUrl": settings.public_url,
        "hub": settings.hub_did,
        "space": settings.space,
        "language": settings.language,
        "software": node.software,
        "log": {"origin": node.checkpoints.origin, "size": size},
        **readiness(node, language()),
    }


def _outbox(node: Node, call: Call) -> dict[str, Any]:
    return {"messages": _messages(node, call.query), "counts": dict(node.outbox.counts())}


def _retry(node: Node, call: Call) -> dict[str, Any]:
    number = row_number(call.path["row_id"], problems.MESSAGE_MISSING)
    with node.db.transaction() as tx:
        node.outbox.resume(tx, number)
    return {"id": number, "state": "waiting"}


def _keys(node: Node, _call: Call) -> Keys:
    with node.db.reading() as session:
        return Keys(keys=tuple(_key(one) for one in listed(session)))


def _key(found: Listed) -> Key:
    return Key(
        id=found.id,
        name=found.name,
        roles=found.roles,
        created=found.created,
        revoked=found.revoked,
        person=found.person,
    )


def _messages(node: Node, asked: Messages) -> list[dict[str, Any]]:
    query = select(OutboxRow).order_by(col(OutboxRow.id).desc()).limit(asked.limit)
    if asked.state is not None:
        query = query.where(col(OutboxRow.state) == asked.state)
    with node.db.reading() as session:
        rows = session.execute(query).scalars().all()
    return [
        {
            "id": row.id,
            "peer": row.peer,
            "kind": row.kind,
            "process": row.process,
            "messageId": row.message_id,
            "state": row.state,
            "attempts": row.attempts,
            "lastStatus": row.last_status,
            "reason": row.reason,
            "created": row.created_ms,
            "next": row.next_ms,
        }
        for row in rows
    ]


# what an owner can do with the node itself
OPERATIONS: Final[Mapping[Operation, Run]] = {
    SHOW: _describe,
    TRAFFIC: lambda node, _call: {"lines": node.traffic.lines()},
    OUTBOX: _outbox,
    RETRY: _retry,
    RENEW_TOKEN: _renew,
    LIST_KEYS: _keys,
    ADD_KEY: _add,
    REVOKE_KEY: lambda node, call: _key(revoke(node, call.path["name"], by=call.actor)),
}
