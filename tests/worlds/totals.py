"""Sessions of totals: honest ones, and every field of every message out of range."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.attack import sessions
from tests.worlds.caller import call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.attack.sessions import Opening
    from tests.worlds.space import World

STRANGE: tuple[Any, ...] = (None, "", "x", -1, 0, 1 << 60, [], {}, True)
EXTRA: dict[str, tuple[Any, ...]] = {
    "cells": (1, 4096, 4097),
    "issued": (1, 1 << 40),
    "deadline": (1, 1 << 40),
    "v": (2,),
}


def totals(world: World) -> None:
    """See the module."""
    agreements = world.notes["stock"]
    for who in (world.mallory, world.eve):
        for named in (agreements[0], world.notes["ledger"], "urn:uuid:none", None):
            path = "/voile/v1/cohorts/tables/ready"
            call(world.book, "ready", world.acme, "POST", path, {"agreement": named}, who=who)
    for sql in (sessions.SQL, "SELECT SUM(held) FROM held", sessions.SQL + " ORDER BY brand"):
        status, found = sessions.ask(world.mallory, agreements, sql)
        found.pop("seconds", None)
        world.book.note(f"total {sql}", status, [], json.dumps(found).encode(), length=False)
    _forged(world, sessions.draw(world.mallory, agreements))
    _phases(world)


def _forged(world: World, drawn: dict[str, Opening]) -> None:
    """Open sessions with one field changed; the honest one last."""
    honest = drawn[world.acme.did]
    for label, opening in variants(honest):
        path = f"/voile/v1/cohorts/{honest.session['session']}"
        body = sessions.body_of(world.mallory, opening)
        call(world.book, label, world.acme, "POST", path, body, who=world.mallory)
    body = sessions.body_of(world.mallory, honest)
    for name in body:
        for value in STRANGE:
            strange = body | {name: value}
            path = f"/voile/v1/cohorts/{honest.session['session']}"
            call(
                world.book,
                f"{name} {str(value)[:20]}",
                world.acme,
                "POST",
                path,
                strange,
                who=world.mallory,
            )
    for label, opening in variants(honest):
        if label.startswith("session.") and not label.startswith(("session.roster", "session.agg")):
            continue  # no part of what is explained
        roster, columns = opening.session.get("roster"), opening.session.get("columns")
        asked = {
            "agreement": opening.agreement,
            "question": opening.question,
            "columns": columns,
            "roster": roster,
            "aggregator": opening.session.get("aggregator"),
        }
        path = "/voile/v1/cohorts/explain"
        call(world.book, f"explain {label}", world.acme, "POST", path, asked, who=world.mallory)
    for who in (world.eve, world.mallory):
        call(world.book, "open", world.acme, "POST", path_of(honest), body, who=who)
    world.notes["accepted"] = honest


def path_of(opening: Opening) -> str:
    return f"/voile/v1/cohorts/{opening.session['session']}"


def variants(honest: Opening) -> Iterator[tuple[str, Opening]]:
    """Give sessions and questions with one member strange.

    What says the same as the honest one is left out: signed a second later it is another session
    under the same id.
    """
    for label, opening in _changed(honest):
        if (opening.session, opening.question) != (honest.session, honest.question):
            yield label, opening


def _changed(honest: Opening) -> Iterator[tuple[str, Opening]]:
    for name in honest.session:
        for value in (*STRANGE, *EXTRA.get(name, ())):
            yield f"session.{name} = {str(value)[:20]}", honest.changed(**{name: value})
    for name in honest.question:
        for value in (*STRANGE, *EXTRA.get(name, ())):
            yield f"question.{name} = {str(value)[:20]}", honest.asking(**{name: value})
    for place, column in enumerate(honest.session["columns"]):
        for name in column:
            for value in (*STRANGE, "1", "-1", "999", str(10**30), str(-(10**30))):
                columns = [dict(each) for each in honest.session["columns"]]
                columns[place][name] = value
                yield f"column {place} {name} = {str(value)[:20]}", honest.changed(columns=columns)
    for name, value in (("lower", "0"), ("upper", "4000"), ("upper", "90000")):
        columns = [each | {name: value} for each in honest.session["columns"]]
        yield f"all columns {name} = {value}", honest.changed(columns=columns)


def _phases(world: World) -> None:
    """Messages of phases that are not due, with nonsense, by everybody."""
    session = world.notes["accepted"].session["session"]
    callers = {
        "the consumer": world.mallory,
        "a stranger": world.eve,
        "a supplier": world.callers["bolt"],
    }
    for name, who in callers.items():
        for step, field in (
            ("roster", "acceptances"),
            ("contribute", "cleared"),
            ("end", "outcome"),
        ):
            for value in STRANGE:
                path = f"/voile/v1/cohorts/{session}/{step}"
                label = f"{name}: {field} {str(value)[:20]}"
                call(world.book, label, world.acme, "POST", path, {field: value}, who=who)
        base = f"/voile/v1/aggregations/{session}"
        for path in (base, f"{base}/product"):
            call(world.book, name, world.hub, "GET", path, who=who)
        strange = {"session": "x", "acceptances": {}, "proof": []}
        call(world.book, name, world.hub, "POST", base, strange, who=who)
        call(
            world.book, name, world.hub, "POST", f"{base}/indicators", {"indicators": "x"}, who=who
        )
        call(world.book, name, world.hub, "POST", f"{base}/batch", b"VPB\x01", who=who)
        call(
            world.book,
            name,
            world.hub,
            "POST",
            f"{base}/end",
            {"reason": "x", "about": ""},
            who=who,
        )
