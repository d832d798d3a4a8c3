"""Whoever fails in a total, at whatever point: charged once at most, and nothing stays locked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort import asking, calls
from connector.areas.cohort.aggregator import Aggregating
from connector.areas.cohort.rows import AggregationRow, ProviderSessionRow
from connector.areas.cohort.sessions import Sessions
from connector.areas.cohort.settling import Settling
from connector.areas.cohort.total import resume
from connector.areas.questions.rows import ChargeRow
from connector.process.errors import Unreachable
from crypto.b64 import unb64url
from tests.connector.cohort.alliance import FIRM_AREAS, SQL, SUPPLIERS, certified
from tests.connector.cohort.test_faults import Killed, charged, sweep
from tests.long import first_of

if TYPE_CHECKING:
    from connector.process.ports import Response
    from tests.connector.cohort.alliance import Alliance

FINAL = {"ENDED", "SETTLED", "ANSWERED", "RELEASED"}
OTHER = "SELECT SUM(available), COUNT(*) FROM stock WHERE brand = 'B2'"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not pause between attempts."""
    monkeypatch.setattr(calls, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(asking, "PAUSE_SECONDS", 0.001)


def later(alliance: Alliance, seconds: int = 400) -> None:
    """Pass the deadline, and let everybody's background work run."""
    alliance.buyer.node.clock.advance(seconds)  # type: ignore[attr-defined]
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    sweep(alliance)
    alliance.buyer.node.clock.advance(60)  # type: ignore[attr-defined]
    sweep(alliance)


def nothing_left(alliance: Alliance, agreements: list[str]) -> None:
    """Every session is at its end; what is charged was released or told."""
    found = alliance.states()
    assert {state for states in found.values() for state in states} <= FINAL, found
    for supplier in alliance.suppliers.values():
        with supplier.node.db.reading() as db:
            held = db.exec(select(ChargeRow.committed)).all()
        assert all(held)
    assert max(charged(alliance, agreements)) <= 1


def another_buyer(alliance: Alliance) -> None:
    """Somebody else asks for other cells of the same suppliers: what failed is not in his way."""
    second = certified(alliance.space, "eyre")
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    theirs = [alliance.agreement(name, second) for name in SUPPLIERS]
    first, alliance.buyer = alliance.buyer, second
    (cell,) = alliance.answer(theirs, OTHER)["answer"]["cells"]
    plain = [row[2] for row in alliance.plain()["B2"]]
    assert cell["values"] == {"available:sum": str(sum(plain)), "*:count": str(len(plain))}
    alliance.buyer = first


DEPTH = 4  # of a path that opens a session
POINTS = {  # where a supplier can die: what it is called for, or what it calls the aggregator for
    "asked": ("/cohorts/", ""),
    "asked for marks": ("/cohorts/", "/roster"),
    "sending marks": ("/aggregations/", "/indicators"),
    "asked for figures": ("/cohorts/", "/contribute"),
    "sending figures": ("/aggregations/", "/batch"),
    "told the end": ("/cohorts/", "/end"),
}


@dataclass
class Death:
    """The supplier `cogs` is gone from a point on, before or after the call there is done."""

    alliance: Alliance
    point: str
    after: bool
    gone: bool = False

    def __post_init__(self) -> None:
        self.net = self.alliance.buyer.net
        self.cogs = self.alliance.suppliers["cogs"]
        self.urls = (self.cogs.url, self.alliance.hub.url)
        self.whole = {url: self.net.apps[url] for url in self.urls}
        self.net.apps[self.cogs.url] = self._supplier
        self.net.apps[self.alliance.hub.url] = self._hub

    def _here(self, environ: Any) -> bool:
        part, end = POINTS[self.point]
        path = environ["PATH_INFO"]
        return part in path and (path.endswith(end) if end else path.count("/") == DEPTH)

    def _supplier(self, environ: Any, start_response: Any) -> Any:
        if self.gone:
            raise Unreachable("nobody there", code="peer-unreachable")
        app = self.whole[self.cogs.url]
        try:
            if not self._here(environ):
                return app(environ, start_response)
            if self.after:
                list(app(environ, start_response))
        except Killed:  # at a call of its own
            pass
        self.gone = True
        raise Unreachable("nobody there", code="peer-unreachable")

    def _hub(self, environ: Any, start_response: Any) -> Any:
        app = self.whole[self.alliance.hub.url]
        if not self._here(environ) or _caller(environ) != self.cogs.did:
            return app(environ, start_response)
        if self.after:
            list(app(environ, start_response))
        raise Killed

    def heal(self) -> None:
        """Start the supplier again."""
        assert self.gone
        self.net.apps.update(self.whole)
        self.alliance.suppliers["cogs"] = self.cogs.restart(FIRM_AREAS)


def _caller(environ: Any) -> str:
    """Say whose call it is, by the token that it bears."""
    token = environ["HTTP_AUTHORIZATION"].rpartition(" ")[2]
    return str(json.loads(unb64url(token.split(".")[1]))["iss"])


@pytest.mark.long
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("point", first_of(POINTS))
def test_a_supplier_that_dies_anywhere_locks_nothing(
    alliance: Alliance, point: str, *, after: bool
) -> None:
    """The others come to their end without it; when it is back, so does it, and all is as before."""
    agreements = alliance.agreements()
    death = Death(alliance, point, after)
    status, _ = alliance.ask(agreements, question_id="question-1")
    released = point == "told the end" or alliance.states()["hub"] == ["RELEASED"]
    assert released or status >= 400
    death.heal()
    later(alliance)
    nothing_left(alliance, agreements)
    if point in {"asked", "asked for marks", "sending marks"}:  # nothing had been told to anybody
        assert charged(alliance, agreements) in ([0, 0, 0], [1, 1, 1])
    answer = alliance.answer(agreements, question_id="question-1")["answer"]
    assert len(answer["cells"]) == 3
    assert charged(alliance, agreements) == [1, 1, 1]
    nothing_left(alliance, agreements)


@pytest.mark.long
@pytest.mark.parametrize("step", first_of(["/contribute", "", "/roster", "/product", "/end"]))
def test_a_buyer_that_dies_anywhere_and_stays_away_locks_nothing(
    alliance: Alliance, step: str
) -> None:
    """Past the deadline hub and suppliers come to the end without it, and serve another buyer."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def kill(_method: str, url: str, _body: bytes) -> Response | None:
        opening = not step and "/cohorts/" in url and url.count("/") == 6
        if opening or (step and url.endswith(step)):
            raise Killed
        return None

    net.fault = kill
    with pytest.raises(Killed):
        alliance.ask(agreements)
    net.fault = None
    alliance.buyer.node.clock.advance(400)  # type: ignore[attr-defined]
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    for _ in range(2):
        Aggregating(alliance.hub.node).sweep()
        for supplier in alliance.suppliers.values():
            Settling(Sessions(supplier.node)).sweep()
        alliance.buyer.node.clock.advance(60)  # type: ignore[attr-defined]
    left = {name: found for name, found in alliance.states().items() if name != "buyer"}
    assert {state for found in left.values() for state in found} <= FINAL, left
    told = step in {"/contribute", "/product", "/end"}  # the cleared cells were out, or the total
    assert charged(alliance, agreements) == ([1, 1, 1] if told else [0, 0, 0])
    if step not in {"/product", "/end"}:  # nothing was released: other cells are free
        another_buyer(alliance)


@pytest.mark.long
def test_a_released_total_whose_supplier_stays_away_does_not_hang_for_ever(
    alliance: Alliance,
) -> None:
    """The buyer died before it had kept what a supplier signed, and the supplier is gone since."""
    agreements = alliance.agreements()
    net, cogs = alliance.buyer.net, alliance.suppliers["cogs"]
    whole = net.apps[cogs.url]

    def lost(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"].endswith("/contribute"):
            list(whole(environ, start_response))
            raise Unreachable("the answer was lost", code="peer-unreachable")
        return whole(environ, start_response)

    net.apps[cogs.url] = lost
    status, _ = alliance.ask(agreements, question_id="question-1")
    assert status == 502
    assert alliance.states()["hub"] == ["RELEASED"]
    assert alliance.states()["buyer"] == ["ASKED"]
    later(alliance)
    assert alliance.states()["buyer"] == ["ASKED"]  # it may come back
    later(alliance, asking.PATIENCE_SECONDS)
    assert alliance.states()["buyer"] == ["ENDED"]
    net.apps[cogs.url] = whole
    later(alliance)
    nothing_left(alliance, agreements)
    answer = alliance.answer(agreements, question_id="question-1")["answer"]
    assert len(answer["cells"]) == 3
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
def test_a_session_that_cannot_be_ended_keeps_no_other_from_its_end(alliance: Alliance) -> None:
    """A row that cannot be read, at a supplier and at the hub, is passed over in every sweep."""
    agreements = alliance.agreements()
    for _ in range(2):
        with pytest.raises(Killed):
            _killed_at(alliance, "/contribute", agreements)
    first = min(alliance.sessions())
    for party, row in (
        (alliance.hub, AggregationRow),
        (alliance.suppliers["acme"], ProviderSessionRow),
    ):
        with party.node.db.transaction() as tx:
            for found in tx.session.exec(select(row).where(row.session == first)):  # type: ignore[attr-defined]
                found.session_jws = "e30.e30.e30"
                tx.session.add(found)
    alliance.buyer.node.clock.advance(400)  # type: ignore[attr-defined]
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    Aggregating(alliance.hub.node).sweep()
    Settling(Sessions(alliance.suppliers["acme"].node)).sweep()
    resume(alliance.buyer.node)
    assert sorted(alliance.states()["hub"]) == ["CLEARED", "ENDED"]
    assert sorted(alliance.states()["acme"]) == ["ENDED", "INDICATED"]


def _killed_at(alliance: Alliance, step: str, agreements: list[str]) -> None:
    def kill(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith(step):
            raise Killed
        return None

    alliance.buyer.net.fault = kill
    try:
        alliance.ask(agreements, SQL)
    finally:
        alliance.buyer.net.fault = None
