"""Calls made of the fields of forms, by the record of the operation's body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.console import problems
from connector.party.operation import Call
from connector.process.errors import BadRequest
from crypto.record_kinds import fields_of
from crypto.records import read

if TYPE_CHECKING:
    from collections.abc import Collection

    from connector.console.page import Visit
    from connector.party.operation import Operation

_LONGEST = 15  # digits of a number
_REASON = 500  # characters


def call_of(
    operation: Operation,
    visit: Visit,
    *,
    numbers: Collection[str] = (),
    optional: Collection[str] = (),
) -> Call:
    """Make a call of an operation whose body has texts and numbers only.

    Args:
        operation: what is to be done; its record names the fields.
        visit: what was sent.
        numbers: fields that are whole numbers; what is none stays a text, and is refused.
        optional: fields that count as left out when they are empty.

    Raises:
        BadRequest: a field is missing or wrong.
    """
    body: dict[str, Any] = {}
    for field in fields_of(operation.body):
        if field.key not in visit.given:
            continue
        text = visit.sent(field.key).replace("\r\n", "\n").strip()
        if not text and field.key in optional:
            continue
        whole = text.isascii() and text.isdigit() and len(text) <= _LONGEST
        body[field.key] = int(text) if field.key in numbers and whole else text
    return Call(actor=visit.visitor.actor, path=visit.path, body=read(operation.body, body))


def check_confirmed(visit: Visit, name: str = "understood", *, of: str = "yes") -> None:
    """Refuse what cannot be undone as long as its box is not ticked.

    Args:
        visit: what was sent.
        name: of the box; forms of one page have names of their own, or a tick would go over.
        of: value of the box: where a page has such a form for each of several, which one it is.

    Raises:
        BadRequest: it was not ticked.
    """
    if not of or visit.sent(name) != of:
        raise BadRequest(problems.NOT_CONFIRMED, field=name)


def reason_in(visit: Visit, *, confirmed: bool = False) -> str:
    """Give the reason that was sent, in one line.

    Args:
        visit: what was sent.
        confirmed: whether the box `understood` must be ticked, too.

    Raises:
        BadRequest: there is no reason, or it was not confirmed.
    """
    reason = " ".join(visit.sent("reason").split())[:_REASON]
    if not reason:
        raise BadRequest(problems.REASON_EMPTY)
    if confirmed:
        check_confirmed(visit)
    return reason
