"""A third certified party beside every object of two others, over every route of both protocols.

The routes come from `docs/api.md`, of which another test holds that it lists exactly what is served;
each has a row here, and a new one fails until it has. For a route that names an object, the third
party sends what the rightful one sends, at the very moment when it does, under its own token: once as
it is, once with ids that name nothing. It must get the same answer, byte for byte, and the rightful
party must get on as if nobody had asked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from sqlmodel import select

from connector.areas.cohort.table_rows import GatheringRow
from contracts.messages.codec import encode
from crypto import jws
from crypto.b64 import unb64url
from crypto.canonical import canonical
from crypto.errors import VoileError
from tests.connector.cohort.alliance import PURPOSE, certified
from tests.connector.cohort.test_renewal import grown, renewed
from tests.connector.dsp.test_access import _message
from tests.connector.test_api_docs import documented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.process.ports import Response
    from tests.connector.cohort.alliance import Alliance
    from tests.simulators import Party

DSP, OWN = "/dsp/2025-1", "/voile/v1"
# rows: what a route names. "object": somebody's, so tried; else why there is nothing to tell
PUBLIC = "the same for everybody"
SELF = "of the caller itself"
OPENS = "begins something of the caller's own"
TOLD = "the hub alone"
OBJECT = "object"

PARTICIPANT = {
    ("GET", "/did.json"): PUBLIC,
    ("GET", "/.well-known/dspace-version"): PUBLIC,
    ("GET", f"{OWN}/log/checkpoint"): PUBLIC,
    ("POST", f"{OWN}/log/checkpoints"): SELF,
    ("GET", f"{OWN}/standing"): SELF,
    ("POST", f"{OWN}/status"): TOLD,
    ("POST", f"{DSP}/catalog/request"): PUBLIC,
    ("GET", f"{DSP}/catalog/datasets/{{dataset_id}}"): PUBLIC,
    ("POST", f"{DSP}/negotiations/request"): OPENS,
    ("POST", f"{DSP}/negotiations/offers"): OPENS,
    ("GET", f"{DSP}/negotiations/{{pid}}"): OBJECT,
    ("POST", f"{DSP}/negotiations/{{pid}}/request"): OBJECT,
    ("POST", f"{DSP}/negotiations/{{pid}}/offers"): OBJECT,
    ("POST", f"{DSP}/negotiations/{{pid}}/events"): OBJECT,
    ("POST", f"{DSP}/negotiations/{{pid}}/agreement"): OBJECT,
    ("POST", f"{DSP}/negotiations/{{pid}}/agreement/verification"): OBJECT,
    ("POST", f"{DSP}/negotiations/{{pid}}/termination"): OBJECT,
    ("POST", f"{DSP}/transfers/request"): OBJECT,
    ("GET", f"{DSP}/transfers/{{pid}}"): OBJECT,
    ("POST", f"{DSP}/transfers/{{pid}}/start"): OBJECT,
    ("POST", f"{DSP}/transfers/{{pid}}/suspension"): OBJECT,
    ("POST", f"{DSP}/transfers/{{pid}}/completion"): OBJECT,
    ("POST", f"{DSP}/transfers/{{pid}}/termination"): OBJECT,
    ("GET", f"{OWN}/agreements"): SELF,
    ("POST", f"{OWN}/agreements/{{agreement_id}}/end"): OBJECT,
    ("GET", f"{OWN}/agreements/{{agreement_id}}/signatures"): OBJECT,
    ("GET", f"{OWN}/data/{{path}}"): OBJECT,
    ("POST", f"{OWN}/questions"): OBJECT,
    ("POST", f"{OWN}/acks"): OBJECT,
    ("POST", f"{OWN}/cohorts/tables/ready"): OBJECT,
    ("POST", f"{OWN}/cohorts/explain"): OBJECT,
    ("POST", f"{OWN}/cohorts/{{session_id}}"): OBJECT,
    ("POST", f"{OWN}/cohorts/{{session_id}}/roster"): OBJECT,
    ("POST", f"{OWN}/cohorts/{{session_id}}/contribute"): OBJECT,
    ("POST", f"{OWN}/cohorts/{{session_id}}/end"): OBJECT,
}
HUB = {
    ("GET", "/did.json"): PUBLIC,
    ("GET", f"{OWN}/log/checkpoint"): PUBLIC,
    ("POST", f"{OWN}/log/checkpoints"): SELF,
    ("GET", f"{OWN}/standing"): SELF,
    ("GET", f"{OWN}/register"): PUBLIC,
    ("POST", f"{OWN}/applications"): SELF,
    ("GET", f"{OWN}/applications/mine"): SELF,
    ("POST", f"{OWN}/keys"): SELF,
    ("GET", f"{OWN}/status"): PUBLIC,
    ("POST", f"{OWN}/catalog"): SELF,
    ("DELETE", f"{OWN}/catalog/{{dataset_id}}"): OBJECT,
    ("GET", f"{OWN}/catalog/search"): PUBLIC,
    ("POST", f"{OWN}/aggregations/tables/join"): OBJECT,
    ("POST", f"{OWN}/aggregations/tables/marks"): OBJECT,
    ("POST", f"{OWN}/aggregations/tables/renew"): OBJECT,
    ("POST", f"{OWN}/aggregations/tables/changes"): OBJECT,
    ("POST", f"{OWN}/aggregations/{{session_id}}"): OBJECT,
    ("GET", f"{OWN}/aggregations/{{session_id}}"): OBJECT,
    ("POST", f"{OWN}/aggregations/{{session_id}}/indicators"): OBJECT,
    ("POST", f"{OWN}/aggregations/{{session_id}}/batch"): OBJECT,
    ("GET", f"{OWN}/aggregations/{{session_id}}/product"): OBJECT,
    ("POST", f"{OWN}/aggregations/{{session_id}}/end"): OBJECT,
}
# who signs a joining itself, with itself among the members, begins a cohort of its own
EXPLAIN = ("Participant", "POST", f"{OWN}/cohorts/explain")  # 200: that it would be refused
ACKS = ("Participant", "POST", f"{OWN}/acks")  # 200: that nothing of it is kept
OWN_TOO = {("Hub", "POST", f"{OWN}/aggregations/tables/join"): {200}, EXPLAIN: {200}, ACKS: {200}}
# the protocol has no 404 for a request about an agreement
REFUSED_AS = {
    ("Participant", "POST", f"{DSP}/transfers/request"): {400},
    EXPLAIN: {200},
    ACKS: {200},
}
KINDS = ("ANSWER", "QUESTION", "COHORT")  # of leaves of which somebody may promise
ROWS = {"Participant": PARTICIPANT, "Hub": HUB}
Route = tuple[str, str, str]  # whose, method, path as documented


def route_of(who: str, method: str, path: str) -> Route | None:
    """Find the row of a request; a path without parameters goes before one with."""
    fitting = [
        (who, one, form) for one, form in ROWS[who]
        if one == method and re.fullmatch(re.sub(r"\\{\w+\\}|\{\w+\}", "[^/]+", form), path)
    ]  # fmt: skip
    return min(fitting, key=lambda row: row[2].count("{"), default=None)


def unverified(text: str, part: int) -> Any:
    """Read a part of a compact JWS: header or payload."""
    return json.loads(unb64url(text.split(".")[part]))


def none_of(name: str) -> str:
    """Give an id of the same form that names nothing."""
    if len(name) < 16:  # the owner's own word, not drawn
        return name[::-1]
    return name[:-12] + "".join("0" if one != "-" else one for one in name[-12:])


@dataclass
class Third:
    """A certified firm that is no side of anything."""

    alliance: Alliance
    party: Party
    known: set[str] = field(default_factory=set)  # ids of others' objects
    tried: dict[Route, set[int]] = field(default_factory=dict)
    rightful: dict[Route, set[int]] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    busy: bool = False

    def hosts(self) -> dict[str, tuple[str, Party]]:
        firms = (self.alliance.buyer, *self.alliance.suppliers.values())
        found = {party.url: ("Participant", party) for party in firms}
        return found | {self.alliance.hub.url: ("Hub", self.alliance.hub)}

    def beside(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> None:
        """Send what somebody is about to send, to objects that are there and to none."""
        parts = urlsplit(url)
        who, callee = self.hosts().get(f"{parts.scheme}://{parts.netloc}", ("", None))
        route = route_of(who, method, unquote(parts.path)) if callee is not None else None
        if route is None or ROWS[who][route[1:]] != OBJECT or callee is None:
            return
        self.ask(route, callee, parts.path, body, headers)
        if b'"ey' in body:  # with statements that were signed for it: also with its own signature
            caller = unverified(headers["Authorization"].split(" ")[-1], 1)["iss"]
            for whose in (caller, "nobody's"):  # in its own name throughout, or as it was said
                self.ask(route, callee, parts.path, body, headers, instead_of=whose)

    def ask(
        self, route: Route, callee: Party, path: str, body: bytes, headers: Any = None,
        *, instead_of: str = "",
    ) -> None:  # fmt: skip
        """Ask both ways and keep what differs.

        Args:
            route: its row.
            callee: who is asked.
            path: with ids that name something.
            body: likewise.
            headers: as the rightful party sends them; the token is left out.
            instead_of: whose statements in the body are signed anew, in the third party's name.
        """
        names = self.known | set(self.alliance.agreed.values())
        filled = [part for form, part in zip(route[2].split("/"), path.split("/"), strict=True)
                  if form.startswith("{")]  # fmt: skip
        names |= {unquote(part) for part in filled}
        self.known |= {unquote(part) for part in filled}
        answers = []
        for real in (True, False):
            there, said = unquote(path), body
            for name in () if real else names:
                there = there.replace(name, none_of(name))
                said = said.replace(name.encode(), none_of(name).encode())
            if instead_of:
                said = self.resigned(said, instead_of, set() if real else names)
            answers.append(self._told(route[1], callee, there, said, headers or {}, names))
        if answers[0][0] == 200 and route == EXPLAIN:
            assert json.loads(answers[0][2])["allowed"] is False
        if answers[0][0] == 200 and route == ACKS:
            assert json.loads(answers[0][2]) == {"kept": 0}
        self.tried.setdefault(route, set()).add(answers[0][0])
        if answers[0] != answers[1]:
            self.differing.append(f"{route}: {answers}")

    def resigned(self, body: bytes, caller: str, names: set[str]) -> bytes:
        """Sign every statement in a body as one's own, about the same or about nothing."""
        keys = self.party.node.keys

        def again(found: re.Match[bytes]) -> bytes:
            text = found[0].decode()
            try:
                said = canonical(unverified(text, 1)).decode().replace(caller, self.party.did)
            except (ValueError, VoileError):
                return found[0]
            for name in names:
                said = said.replace(name, none_of(name))
            return jws.sign(said.encode(), keys.agreements, typ=unverified(text, 0)["typ"],
                            kid=keys.agreements_kid).encode()  # fmt: skip

        return re.sub(rb"ey[\w-]+\.[\w-]+\.[\w-]+", again, body)

    def _told(self, method: str, callee: Party, path: str, body: bytes, headers: dict[str, str],
              names: set[str]) -> tuple[int, str, bytes]:  # fmt: skip
        kept = {name: text for name, text in headers.items() if name.lower() != "authorization"}
        self.busy = True
        try:
            answer: Response = self.party.node.peers.call(
                callee.did,
                method,
                callee.url + quote(path, safe="/:"),
                body=body or None,
                headers=kept,
            )
        finally:
            self.busy = False
        said = answer.body
        for name in names:
            said = said.replace(name.encode(), b"ID").replace(none_of(name).encode(), b"ID")
        same = {name: text for name, text in answer.headers.items()
                if name.lower() not in {"date", "content-length"}}  # fmt: skip
        return answer.status, json.dumps(same, sort_keys=True), said


def listening(alliance: Alliance) -> Third:
    """Put the third party beside every request of the others."""
    eve = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    third, net = Third(alliance, eve), alliance.buyer.net
    inner = net.request

    def request(method: str, url: str, *, body: Any = None, headers: Any = None, **how: Any) -> Any:
        token = dict(headers or {}).get("Authorization", "")
        if not third.busy and token:
            third.beside(method, url, body or b"", dict(headers or {}))
        return inner(method, url, body=body, headers=headers, **how)

    net.request = request  # type: ignore[method-assign]
    return third


def test_every_route_has_a_row():
    """A new route fails here until somebody has said what of others it names."""
    for who, rows in ROWS.items():
        assert set(rows) == documented(f"{who}, protocol listener"), who


@pytest.mark.long
def test_a_third_party_gets_what_there_is_for_nothing(alliance: Alliance):
    """Beside negotiations, transfers, a total, a renewal, and afterwards: every route and object."""
    third = listening(alliance)
    buyer = alliance.buyer
    agreements = alliance.agreements()
    alliance.answer(agreements)
    with alliance.hub.node.db.reading() as db:
        # the third party began others, which nobody joins
        made = select(GatheringRow.cohort).where(GatheringRow.classes_jws != "")
        third.known.add(db.exec(made).one())
    grown(alliance)
    renewed(alliance)
    more = alliance.another("acme")
    transfer = next(one["pid"] for one in buyer.manage("GET", "/v1/transfers")[1]["transfers"]
                    if one["agreement"] == more)  # fmt: skip
    for verb in ("suspend", "resume", "complete"):
        status, body = buyer.manage("POST", f"/v1/transfers/{transfer}/{verb}", {})
        assert status < 300, body
        alliance.settle(buyer)
    afterwards(third, more)
    assert not third.differing, "\n".join(third.differing[:20])
    objects = {
        (who, *row) for who, rows in ROWS.items() for row, kind in rows.items() if kind == OBJECT
    }
    assert set(third.tried) == objects
    assert len(third.rightful) == 5
    for route, statuses in third.rightful.items():
        assert 200 in statuses, route  # else there was nothing to hide
    for route, statuses in third.tried.items():
        assert not statuses - {400, 403, 404, 409} - OWN_TOO.get(route, set()), route
        assert statuses & ({403, 404} | REFUSED_AS.get(route, set())), f"{route}: {statuses}"


def afterwards(third: Third, more: str) -> None:
    """Ask of every object by every route, with the body that belongs to it."""
    alliance = third.alliance
    acme, buyer = alliance.suppliers["acme"], alliance.buyer
    agreements = [*alliance.agreed.values(), more]
    (session,) = alliance.sessions()
    views = {(method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)): rule.endpoint
             for rule in acme.apps.protocol.url_map.iter_rules()
             for method in rule.methods or ()}  # fmt: skip
    for who, rows in ROWS.items():
        for (method, form), kind in rows.items():
            if kind != OBJECT:
                continue
            for callee in (acme, buyer) if who == "Participant" else (alliance.hub,):
                for filled, body in told(callee, method, form, agreements, session, views, third):
                    headers = {"Content-Type": "application/json"}
                    third.ask((who, method, form), callee, filled, body, headers)
                    if method == "GET" and callee is not buyer and "/data/" not in form:
                        url = callee.url + quote(filled, safe="/:")
                        answer = buyer.node.peers.call(callee.did, "GET", url)
                        third.rightful.setdefault((who, method, form), set()).add(answer.status)


def told(callee: Party, method: str, form: str, agreements: list[str], session: str,
         views: dict[tuple[str, str], str], third: Third) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """Give path and body for each object that a route may name."""
    kind = "transfers" if "/transfers" in form or "/data/" in form else "negotiations"
    if "{pid}" in form or "{path}" in form:
        for one in callee.manage("GET", f"/v1/{kind}")[1][kind]:
            for name in ("consumerPid", "providerPid"):
                body = b""
                if method == "POST":
                    view = views[method, form]
                    body = encode(_message(view, one["consumerPid"], one["providerPid"]))
                yield re.sub(r"\{\w+\}", one[name], form), body
        return
    question = {"questionId": "question", "agreementId": agreements[0], "answers": [2],
                "sql": "SELECT COUNT(*) FROM stock", "purpose": PURPOSE}  # fmt: skip
    bodies = {
        f"{OWN}/questions": question,
        f"{OWN}/agreements/{{agreement_id}}/end": {"code": "no", "reason": []},
        f"{OWN}/aggregations/{{session_id}}/end": {"reason": "cohort.given-up", "about": ""},
        f"{OWN}/cohorts/explain": explained(third, agreements[0]),
        f"{OWN}/cohorts/tables/ready": {"agreement": agreements[0]},
        f"{OWN}/acks": {
            "acks": [{"kind": kind, "of": session, "ack": f"0;{'0' * 64};;e.e.e"} for kind in KINDS]
        },
    }
    body = json.dumps(bodies.get(form, {})).encode() if method == "POST" else b""
    named = {"{session_id}": [session], "{agreement_id}": agreements, "{dataset_id}": ["stock"]}  # fmt: skip
    for place, names in named.items():
        if place in form:
            yield from ((form.replace(place, name), body) for name in names)
            return
    yield form, body


def explained(third: Third, agreement: str) -> dict[str, Any]:
    """Say what a total would be asked for, as the buyer said it when it opened the session."""
    opened = next(json.loads(sent.body) for sent in third.party.net.sent
                  if re.search(r"/cohorts/[^/]+$", sent.url) and b'"question"' in sent.body)  # fmt: skip
    session = unverified(opened["session"], 1)
    return {"agreement": agreement, "question": opened["question"], "columns": session["columns"],
            "roster": session["roster"], "aggregator": session["aggregator"]}  # fmt: skip
