"""Sessions of totals as an attacker makes them: an honest one is planned, changed, signed, sent."""

from __future__ import annotations

import json
import re
import time
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.party.web import error_json
from connector.process.errors import VoileError, http_status
from connector.process.ports import Response
from contracts.cohort.session import Question, Session
from crypto import jws
from crypto.b64 import unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError
from tests.asking import ask_briefly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.attack.insider import Insider

SQL = "SELECT brand, SUM(held), COUNT(*) FROM held GROUP BY brand"
PURPOSE = "stockPlanning"
SESSION = re.compile(
    r"(?P<base>.*)/voile/v1/(?P<what>cohorts|aggregations)/[A-Za-z0-9_-]{22}(?P<step>/\w+)?$"
)
TRIES = 20  # work that is set aside for a consumer comes back by the second
BITS = 2048  # the shortest that is taken, which is the quickest to draw


@dataclass
class Opening:
    """What the consumer sends to a supplier to open a session.

    Attributes:
        session: what it signs.
        body: the whole body, in which the signed session will stand.
    """

    session: dict[str, Any]
    body: dict[str, Any]

    @property
    def question(self) -> dict[str, Any]:
        """The question in clear."""
        found: dict[str, Any] = self.body["question"]
        return found

    @property
    def agreement(self) -> str:
        """The agreement with this supplier."""
        return str(self.body["agreement"])

    @property
    def proof(self) -> list[str]:
        """The proof of the key."""
        return list(self.body["proof"])

    def changed(self, **session: Any) -> Opening:
        """Change members of the session."""
        made = deepcopy(self)
        made.session |= session
        return made

    def asking(self, **question: Any) -> Opening:
        """Change members of the question, and the digests in the session with it where it is one."""
        made = deepcopy(self)
        made.body["question"] = made.question | question
        try:
            read = Question.from_json(made.question)
        except MalformedError:
            return made
        made.session |= {"query": read.query_digest, "domain": read.domain_digest}
        made.session |= {"cells": len(read.cells)}
        return made


def draw(who: Insider, agreements: Sequence[str], sql: str = SQL) -> dict[str, Opening]:
    """Plan an honest session and keep what would have left: per supplier's DID, its opening."""
    kept: dict[str, Any] = {}

    def keep(_method: str, url: str, body: bytes) -> Response | None:
        found = SESSION.match(url)
        if found is None:
            return None
        if found["what"] == "cohorts" and not found["step"]:
            kept[found["base"]] = json.loads(body)
        return _gone()

    who.tap.fault = keep
    try:
        outcome = ask(who, agreements, sql)
    finally:
        who.tap.fault = None
    assert kept, outcome
    found = {}
    for base, sent in kept.items():
        session = json.loads(unb64url(sent["session"].split(".")[1]))
        did = next(
            d for d in session["roster"] if base.endswith(":" + d.split("%3A")[1].replace(":", "/"))
        )
        found[did] = Opening(session, sent)
    return found


def ask(who: Insider, agreements: Sequence[str], sql: str = SQL, **more: Any) -> tuple[int, Any]:
    """Ask for a total under a short key; status and body as the management API gives them."""
    wanted = {"sql": sql, "purpose": PURPOSE}
    try:
        return 200, ask_briefly(who.node, list(agreements), **wanted | more)
    except VoileError as error:
        return http_status(error), error_json(error)


def signed(who: Insider, session: dict[str, Any]) -> str:
    """Sign whatever an attacker wants to say as a session, well-formed or not."""
    keys = who.node.keys
    now = int(who.node.clock.now().timestamp())
    try:
        payload = canonical(session)
    except MalformedError:  # numbers that no honest party can write
        payload = json.dumps(session, separators=(",", ":"), sort_keys=True).encode()
    return jws.sign(payload, keys.agreements, typ=Session.TYP, kid=keys.agreements_kid, iat=now)


def body_of(who: Insider, opening: Opening) -> dict[str, Any]:
    """Make the body that opens a session."""
    return opening.body | {"session": signed(who, opening.session)}


def open_at(who: Insider, supplier: Any, opening: Opening) -> tuple[int, Any]:
    """Open a session at one supplier; status and parsed body. Comes back when told to."""
    path = f"/voile/v1/cohorts/{opening.session['session']}"
    for _ in range(TRIES):
        answer = who.call(supplier, "POST", path, body_of(who, opening))
        if answer.status != 429:
            break
        time.sleep(float(answer.headers["retry-after"]))
    return answer.status, json.loads(answer.body) if answer.body else None


def codes(body: Any) -> list[str]:
    """Give the codes of a refusal."""
    error = (body or {}).get("error", {})
    return [reason["code"] for reason in error.get("reasons", [])] or [error.get("code", "")]


def _gone() -> Response:
    body = b'{"error":{"code":"not-found","message":"not found","next":""}}'
    return Response(status=404, headers={"content-type": "application/json"}, body=body)
