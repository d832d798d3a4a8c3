"""What the steps of the product wizard share: the draft, where one is, and what is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from connector.areas.products.draft_advice import advice_of
from connector.areas.products.draft_api import RUNS, show
from connector.areas.products.draft_operations import CANCEL, DROP, READ
from connector.areas.products.draft_records import Dropping, Reread
from connector.areas.products.drafts import DAYS
from connector.areas.products.pages import wizard_words as words
from connector.console.forms import check_confirmed
from connector.console.page import Form
from connector.party.operation import Call
from connector.process.errors import BadRequest, MalformedError
from crypto.records import read
from crypto.words import Words, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.products.draft_records import DraftShown, Working
    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Operation
    from crypto.problem import Problem
    from crypto.words import Spoken

STEPS: Final = (
    ("columns", words.STEP_COLUMNS),
    ("preview", words.STEP_PREVIEW),
    ("offer", words.STEP_OFFER),
    ("seen", words.STEP_SEEN),
    ("publish", words.STEP_PUBLISH),
)
STAGES: Final[Mapping[str, Words]] = {
    "read": words.STAGE_READ,
    "check": words.STAGE_CHECK,
    "group": words.STAGE_GROUP,
    "cells": words.STAGE_CELLS,
    "compare": words.STAGE_COMPARE,
    "merge": words.STAGE_MERGE,
    "write": words.STAGE_WRITE,
    "store": words.STAGE_STORE,
}
_Made = TypeVar("_Made")
_RENEWING: Final = ("preview", "publish")  # the steps of a new data version


def draft_of(node: Node, visit: Visit) -> DraftShown:
    """Gives the draft of a page's path."""
    return show(node, Call(actor=visit.visitor.actor, path=visit.path))


def around(shown: DraftShown, step: str) -> dict[str, Any]:
    """Gives what stands around every step."""
    draft = shown.draft
    renewal = bool(draft.product) and draft.state != "published"
    steps = [
        {"href": f"/drafts/{draft.id}/{name}", "said": said, "here": name == step}
        for name, said in STEPS
        if not renewal or name in _RENEWING
    ]
    at = next((n for n, one in enumerate(steps) if one["here"]), 0)
    following = steps[at + 1] if at + 1 < len(steps) else None
    return {
        "draft": draft,
        "shown": shown,
        "steps": steps,
        "following": following,
        "renewal": renewal,
        "working": under_way(draft.working),
        "interrupted": draft.state == "reading" and draft.working is None,
        "failure": failure_of(shown.error, renewal=renewal),
        "gone": draft.state == "published",
        "publishing": None,
        "published": "",
        "refused": None,
        "kept_days": DAYS,
        "ws": words,
    }


def under_way(working: Working | None) -> dict[str, Any] | None:
    """Says what is being done, and how far it is."""
    if working is None:
        return None
    return {
        "what": words.WORKING_READ if working.reads else words.WORKING_PREVIEW,
        "waits": working.state == "waiting",
        "stage": words.WORKING_STAGE.of(
            stage=STAGES.get(working.stage, words.STAGE_CHECK), percent=round(100 * working.done)
        ),
    }


def failure_of(
    told: Mapping[Any, Any] | None, *, renewal: bool = False
) -> dict[str, Spoken | str] | None:
    """Reads a kept error: what it says and what to do, in both languages."""
    if told is None:
        return None
    zh, en = told["zh"]["error"], told["en"]["error"]
    code = str(en["code"])
    return {
        "said": verbatim(str(zh["message"]), str(en["message"])),
        "next": advice_of(code, str(zh.get("next", "")), str(en.get("next", "")), renewal=renewal),
        "code": code,
    }


def call_of(visit: Visit, body: object = None) -> Call:
    """Makes the call of a form of a draft's page."""
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def read_typed(
    record: type[_Made],
    told: Mapping[str, Any],
    fields: Mapping[str, tuple[str, Spoken]],
    problem: Problem,
    **facts: Any,
) -> _Made:
    """Reads what was typed into a form, and says what is wrong of its field.

    Args:
        record: What it makes.
        told: Its values, by their names in JSON.
        fields: Of each the field of the form, and what it is called there.
        problem: What is said of a field.
        facts: What else that says.

    Raises:
        BadRequest: Which field, and what should stand there.
    """
    try:
        return read(record, told)
    except MalformedError as error:
        key = str(error.params.get("pointer", "")).strip("/").partition("/")[0]
        if key not in fields:
            raise
        field, what = fields[key]
        expected, got = error.params["expected"], error.params["got"]
        raise BadRequest(
            problem, what=what, expected=expected, got=got, field=field, **facts
        ) from error


def seen_of(visit: Visit) -> int:
    """Gives how many changes of the draft the page had seen."""
    sent = visit.sent("seen")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


def number_of(text: str) -> int | None:
    """Reads a whole number; None for another text."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 13 else None


def to_step(step: str) -> Any:
    """Makes what gives the path of a step."""
    return lambda visit, _made: f"/drafts/{visit.path['draft_id']}/{step}"


def _form(name: str, operation: Operation, read: Any, then: Any, done: Words) -> Form:
    return Form(
        name=name,
        operation=operation,
        run=RUNS[operation.name],
        read=read,
        then=then,
        done=done,
    )


def common_forms(step: str) -> tuple[Form, ...]:
    """Gives the forms that every step has: cancel, read again, drop."""
    return (
        _form("cancel", CANCEL, call_of, to_step(step), words.STOPPED),
        _form("read", READ, _reread, to_step(step), words.READING_BEGUN),
        _form("drop", DROP, _dropping, lambda _visit, _made: "/new-product", words.DROPPED),
    )


def _reread(visit: Visit) -> Call:
    if "sheet" in visit.given:  # of a draft that was read: what was decided is given up
        check_confirmed(visit, "read_understood")
    head = min(max(number_of(visit.sent("head", "1")) or 1, 1), 1000)
    return call_of(visit, Reread(sheet=visit.sent("sheet"), head=head, seen=seen_of(visit)))


def _dropping(visit: Visit) -> Call:
    check_confirmed(visit, "drop_understood")
    return call_of(visit, Dropping(seen=seen_of(visit)))
