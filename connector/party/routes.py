"""Routes of the management listener, made from operations: rights, then the body, then the work."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin
from urllib.parse import unquote

from flask import Blueprint, Response, request

from connector.party import problems
from connector.party.gate import MEDIA, Held, told
from connector.party.operation import Call
from connector.party.performing import check_may, perform
from connector.party.web import json_object, language, reply
from connector.process.actor import actor
from connector.process.errors import BadRequest
from crypto.record_kinds import bare_of, fields_of
from crypto.records import read, write

if TYPE_CHECKING:
    from connector.party.node import Node
    from connector.party.operation import Operation

OPERATIONS_OF: Final = "_operations"  # how the blueprints of operations are called
REASON: Final = "Voile-Reason"  # header, percent-encoded UTF-8
MOST_REASON: Final = 500
Run = Callable[["Node", Call], object]
Bound = Mapping["Operation", Run]


def routes_of(node: Node, name: str, operations: Bound) -> Blueprint:
    """Make the routes of an area's operations.

    Args:
        node: this node.
        name: of the area.
        operations: with what does each.
    """
    routes = Blueprint(f"{name}{OPERATIONS_OF}", __name__)
    for operation, run in operations.items():
        routes.add_url_rule(
            operation.rule,
            endpoint=operation.name.replace(".", "_"),
            view_func=_view(node, operation, run),
            methods=[operation.method],
        )
    return routes


def _view(node: Node, operation: Operation, run: Run) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        check_may(
            operation.name, operation.may, at=node.settings.role
        )  # before what was sent is looked at
        call = Call(
            actor=actor(),
            path=path,
            body=_body(operation),
            query=read(operation.query, _query(operation.query)),
            reason=_reason(),
        )
        made = perform(node, operation, run, call)
        if isinstance(made, Response):
            return made
        if isinstance(made, Held):
            return waits(made)
        shown = write(made) if dataclasses.is_dataclass(made) else made
        return reply(shown, operation.status)

    return view


def waits(held: Held) -> Response:
    """Make the answer that an act waits for a second person."""
    response = reply(told(held, language()), 202)
    response.mimetype = MEDIA
    response.headers["Content-Language"] = language()
    return response


def _reason() -> str:
    """Read why, if the caller says so: a header, as bodies are the operations' own."""
    given = unquote(request.headers.get(REASON, ""))
    if len(given) > MOST_REASON or not given.isprintable():
        raise BadRequest(problems.REASON_HEADER, most=MOST_REASON)
    return given.strip()


def _body(operation: Operation) -> Any:
    demands = any(each.required for each in fields_of(operation.body))
    if not demands and not request.get_data(cache=True):
        return read(operation.body, {})
    return read(operation.body, json_object())


def _query(record: type[Any]) -> dict[str, Any]:
    """Give the query as its record reads it; a number that is none stays a text, and is refused."""
    kinds = {field.key: bare_of(field.kind) for field in fields_of(record)}
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        kind = kinds.get(name)
        if get_origin(kind) is tuple or len(values) > 1:
            found[name] = values  # twice where once is meant is refused, not picked from
        elif (
            _is_number(kind) and values[0].isascii() and values[0].isdigit() and len(values[0]) < 17
        ):
            found[name] = int(values[0])
        else:
            found[name] = values[0]
    return found


def _is_number(kind: Any) -> bool:
    """Say whether a field takes an integer and no text."""
    return kind is int or {bare_of(one) for one in get_args(kind)} == {int, NoneType}
