"""Revocations, lost answers, crashes and silence in the middle of a total."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.cohort import aggregator
from connector.areas.cohort.aggregator import Aggregating
from connector.areas.cohort.refusing import EXCUSES, excused
from connector.areas.cohort.sessions import Sessions
from connector.areas.cohort.settling import Settling
from connector.areas.cohort.total import resume
from connector.process.errors import Unreachable
from connector.process.refusing import refusal
from crypto.paillier import frame
from policies.reasons import Reason
from tests.connector.cohort.alliance import AGGREGATOR_AREAS, FIRM_AREAS, SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.long import first_of
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.process.ports import Response
    from tests.connector.cohort.alliance import Alliance


class Killed(BaseException):
    """The process of the one who was calling is gone."""


def once(
    matches: Callable[[str, str], bool], act: Callable[[], Response | None]
) -> Callable[[str, str, bytes], Response | None]:
    """Make a fault that strikes at the first matching call only."""
    struck = []

    def fault(method: str, url: str, _body: bytes) -> Response | None:
        if struck or not matches(method, url):
            return None
        struck.append(url)
        return act()

    return fault


def sweep(alliance: Alliance) -> None:
    """Let every background sweep run once."""
    Aggregating(alliance.hub.node).sweep()
    for supplier in alliance.suppliers.values():
        Settling(Sessions(supplier.node)).sweep()
    resume(alliance.buyer.node)


def charged(alliance: Alliance, agreements: list[str]) -> list[int]:
    return [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)]


@pytest.mark.long
def test_a_supplier_revoked_between_the_phases_ends_it_uncharged(alliance: Alliance) -> None:
    """Everybody refuses phase B, the aggregator signs the end, no provider keeps a charge."""
    agreements = alliance.agreements()

    def revoke() -> None:
        net.fault = None
        alliance.revoke("cogs")

    net = alliance.buyer.net
    net.fault = once(lambda _m, url: url.endswith("/contribute"), revoke)
    status, body = alliance.ask(agreements)
    assert status == 403
    codes = {reason["code"] for reason in body["error"]["reasons"]}
    assert codes == {"cohort.member.standing"}
    states = alliance.states()
    assert states["buyer"] == states["hub"] == states["acme"] == states["bolt"] == ["ENDED"]
    assert charged(alliance, agreements)[:2] == [0, 0]
    # the survivors are two, and the ended session left no memory that would bind them
    assert alliance.reasons(agreements[:2]) == ["plan.too-few"]


@pytest.mark.long
def test_a_charge_is_given_back_when_the_session_ends_after_it(alliance: Alliance) -> None:
    """One supplier has contributed when another is revoked: the aggregator's word refunds it."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def revoke() -> None:
        net.fault = None
        assert charged(alliance, agreements) == [1, 1, 1]  # held or charged
        alliance.revoke("cogs")

    batches: list[str] = []

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/batch"):
            batches.append(url)
            if len(batches) == 2:
                revoke()
        return None

    net.fault = fault
    status, _ = alliance.ask(agreements)
    assert status in {401, 403, 502}
    states = alliance.states()
    assert states["hub"] == ["ENDED"]
    assert states["acme"] == states["bolt"] == ["ENDED"]
    assert charged(alliance, agreements)[:2] == [0, 0]


@pytest.mark.long
@pytest.mark.parametrize(
    "step", first_of(["/contribute", "/roster", "/indicators", "/batch", "/product"])
)
def test_a_lost_answer_is_asked_for_again(alliance: Alliance, step: str) -> None:
    """The receiver did it, the answer was lost: said again, it is done once and charged once."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def lose(method: str, url: str, body: bytes) -> Response | None:
        if not url.endswith(step):
            return None
        net.fault = None
        headers = net.sent[-1].headers  # a token for another call is refused, as it should be
        net.request(method, url, body=body, headers=headers)
        raise Unreachable("the answer was lost", code="peer-unreachable")

    net.fault = lose
    outcome = alliance.answer(agreements)
    assert len(outcome["answer"]["cells"]) == 3
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
@pytest.mark.parametrize("step", first_of(["/contribute", "", "/roster", "/product", "/end"]))
def test_a_buyer_killed_anywhere_goes_on_or_ends(alliance: Alliance, step: str) -> None:
    """After a crash at any step the same question id gives the answer, charged once."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def kill() -> None:
        raise Killed

    def matches(_method: str, url: str) -> bool:
        return (
            "/voile/v1/cohorts/" in url + "/" and url.endswith(step)
            if step != "/product"
            else (url.endswith(step))
        )

    net.fault = once(matches, kill)
    with pytest.raises(Killed):
        alliance.ask(agreements, question_id="question-1")
    net.fault = None
    alliance.buyer = alliance.buyer.restart(FIRM_AREAS)
    alliance.space.settle(alliance.buyer)
    outcome = alliance.answer(agreements, question_id="question-1")
    assert len(outcome["answer"]["cells"]) == 3
    assert charged(alliance, agreements) == [1, 1, 1]
    assert set(alliance.states()["buyer"]) == {"ANSWERED"}


@pytest.mark.long
def test_a_buyer_that_never_comes_back_pays_for_the_cleared_cells(alliance: Alliance) -> None:
    """Past the deadline the aggregator ends the session by its silence; providers ask, and charge."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/contribute") and url.startswith(alliance.suppliers["cogs"].url):
            raise Killed
        return None

    net.fault = fault
    with pytest.raises(Killed):
        alliance.ask(agreements)
    net.fault = None
    assert "CONTRIBUTED" in alliance.states()["acme"] + alliance.states()["bolt"]
    alliance.buyer.node.clock.advance(400)
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    sweep(alliance)
    sweep(alliance)
    assert {state for found in alliance.states().values() for state in found} == {"ENDED"}
    assert charged(alliance, agreements) == [1, 1, 1]
    outcome = alliance.answer(agreements)  # the same total again is what was charged
    assert len(outcome["answer"]["cells"]) == 3
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
@pytest.mark.parametrize("how", first_of(["silence", "wish"]))
def test_a_buyer_that_stops_before_phase_b_pays(alliance: Alliance, how: str) -> None:
    """Who holds what is told by the cleared cells: nobody may read them again and again for free."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/contribute"):
            if how == "silence":
                raise Killed
            raise Unreachable("the buyer sends nothing", code="peer-unreachable")
        return None

    net.fault = fault
    if how == "wish":
        assert alliance.ask(agreements)[0] == 502
    else:
        with pytest.raises(Killed):
            alliance.ask(agreements)
        (row,) = alliance.sessions()
        for supplier in alliance.suppliers.values():  # its own word gives nothing back
            url = f"{supplier.url}/voile/v1/cohorts/{row}/end"
            alliance.buyer.node.peers.call(supplier.did, "POST", url, body=b'{"outcome":""}')
        assert charged(alliance, agreements) == [1, 1, 1]
        alliance.buyer.node.clock.advance(400)
        alliance.space.renew()
        alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
        sweep(alliance)
    net.fault = None
    for name in SUPPLIERS:
        assert alliance.states()[name] == ["ENDED"]
    alliance.buyer.node.clock.advance(2000)  # charged for good, not held
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.parametrize(
    ("codes", "free"),
    [
        (("cohort.version.changed",), True),
        (("cohort.member.standing",), True),
        (("transfer.not-started",), False),  # the buyer can suspend its transfer
        (("cohort.roster.changed",), False),  # by another session of its own
        (("cohort.deadline",), False),
        (("cohort.version.changed", "transfer.not-started"), False),
    ],
)
def test_only_refusals_that_a_buyer_cannot_bring_about_are_free(
    codes: tuple[str, ...], *, free: bool
) -> None:
    """After phase A a refusal that the buyer provokes must not give its charge back."""
    found = refusal(*(Reason(code=code) for code in codes))
    assert excused(found, consumer="did:web:buyer.example") is free


@pytest.mark.parametrize(
    ("whom", "free"), [("did:web:buyer.example", False), ("did:web:cogs.example", True)]
)
@pytest.mark.parametrize("code", sorted(EXCUSES))
def test_nobody_is_excused_by_what_became_of_itself(code: str, whom: str, *, free: bool) -> None:
    """A buyer that lets its certification lapse after phase A pays, alone or beside others."""
    about = Reason(code=code, given=whom)
    related = Reason(code=code, given="did:web:bolt.example", params={"other": whom})
    beside = Reason(code=code, given="did:web:bolt.example")
    for reasons in ((about,), (related,), (beside, about)):
        assert excused(refusal(*reasons), consumer="did:web:buyer.example") is free


@pytest.mark.long
def test_an_end_before_the_cells_are_cleared_is_free(alliance: Alliance) -> None:
    """A provider that nobody reaches in phase A: nothing was told, what was held is given back."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/roster") and url.startswith(alliance.suppliers["cogs"].url):
            raise Unreachable("nobody there", code="peer-unreachable")
        return None

    net.fault = fault
    assert alliance.ask(agreements)[0] == 502
    assert charged(alliance, agreements) == [0, 0, 0]
    assert alliance.states()["acme"] == ["ENDED"]


@pytest.mark.long
def test_a_released_session_is_settled_without_the_buyer(alliance: Alliance) -> None:
    """A buyer that takes the product and says nothing is charged all the same."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def silent(_method: str, url: str, _body: bytes) -> Response | None:
        if "/cohorts/" in url and url.endswith("/end"):
            raise Unreachable("nobody listens", code="peer-unreachable")
        if url.endswith("/batch"):
            turn = next(batches)  # together, all would hear of the release
            until(lambda: sum(one.url.endswith("/batch") for one in net.sent[before:]) >= turn)
        return None

    batches, before = count(), len(net.sent)
    net.fault = silent
    alliance.answer(agreements)
    net.fault = None
    unsettled = sum(alliance.states()[name] == ["CONTRIBUTED"] for name in SUPPLIERS)
    assert unsettled == 2  # the one whose batch was the last heard it from the aggregator
    alliance.buyer.node.clock.advance(400)
    alliance.space.renew()
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    sweep(alliance)
    assert all(alliance.states()[name] == ["SETTLED"] for name in SUPPLIERS)
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
def test_an_aggregator_that_restarts_goes_on(alliance: Alliance) -> None:
    """It reopens between the phases from its rows; nobody notices more than a retry."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def restart() -> None:
        net.fault = None
        alliance.hub = alliance.space.hub = alliance.hub.restart(AGGREGATOR_AREAS)

    net.fault = once(lambda _m, url: url.endswith("/contribute"), restart)
    outcome = alliance.answer(agreements)
    assert len(outcome["answer"]["cells"]) == 3


@pytest.mark.long
def test_an_aggregator_that_is_gone_ends_the_question_with_a_clear_error(
    alliance: Alliance,
) -> None:
    """Nothing is released, the error says what to do, and the same id asks again later."""
    agreements = alliance.agreements()
    net = alliance.buyer.net
    origin = alliance.hub.url
    gone = net.apps.pop(origin)
    status, body = alliance.ask(agreements, question_id="question-1")
    assert status == 502
    assert body["error"]["params"]["questionId"] == "question-1"
    net.apps[origin] = gone
    alliance.answer(agreements, question_id="question-1")
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
def test_a_new_data_version_between_the_phases_changes_nothing(alliance: Alliance) -> None:
    """Totals are of the data that the cohort table was made of, whenever newer ones come."""
    agreements = alliance.agreements()
    net = alliance.buyer.net

    def republish() -> None:
        net.fault = None
        rows = [(p, b, a + 1, c) for p, b, a, c in alliance.stocks["acme"]]
        alliance.publish("acme", rows)

    before = alliance.plain()["B2"]
    ours = alliance.suppliers["acme"].url
    net.fault = once(lambda _m, u: u.startswith(ours) and u.endswith("/contribute"), republish)
    cells = alliance.answer(agreements)["answer"]["cells"]
    (found,) = [cell["values"] for cell in cells if cell["key"]["brand"] == "B2"]
    assert found["available:sum"] == str(sum(row[2] for row in before))
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
def test_both_sides_write_the_same_marks(alliance: Alliance) -> None:
    """Each message between buyer and supplier bears one mark in both logs, also when refused."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    alliance.ask(agreements, purpose="credit")
    kinds = ("QUESTION", "COHORT", "ANSWER", "REFUSAL")

    def marks(party: Any, other: Any) -> list[tuple[str, str]]:
        return sorted(
            (leaf["msg"]["type"], leaf["corr"])
            for leaf in alliance.leaves(party, *kinds)
            if leaf.get("corr") and leaf["counterparty"] == other.did
        )

    for supplier in alliance.suppliers.values():
        ours = marks(alliance.buyer, supplier)
        assert ours == marks(supplier, alliance.buyer)
        assert [kind for kind, _ in ours] == [
            "CohortAcceptance",
            "CohortContribution",
            "CohortQuestion",
            "CohortQuestion",
            "CohortRefusal",
        ]
    assert json.dumps(alliance.leaves(alliance.hub, "COHORT")).count("aggregator") >= 8


@pytest.mark.long
def test_what_a_consumer_has_posted_again_is_not_read_again(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch that a supplier posts again is the supplier's work at the aggregator: it is not read
    a second time, and not posted more often than a lost answer needs.
    """
    agreements, net = alliance.agreements(), alliance.buyer.net
    read: list[int] = []
    monkeypatch.setattr(
        aggregator.frame,
        "from_bytes",
        lambda *a, _real=frame.from_bytes, **k: (read.append(1), _real(*a, **k))[1],
    )
    sent: list[bytes] = []
    posted: list[str] = []

    def fault(_method: str, url: str, body: bytes) -> Response | None:
        if url.endswith("/batch"):
            posted.append(url)
        if url.endswith("/contribute") and url.startswith(alliance.suppliers["cogs"].url):
            raise Killed
        if url.endswith("/contribute") and url.startswith(alliance.suppliers["acme"].url):
            sent.append(body)
        return None

    net.fault = fault
    with pytest.raises(Killed):
        alliance.ask(agreements)
    (session,) = alliance.sessions()
    acme = alliance.suppliers["acme"]
    for again in (acme.node, alliance.hub.node):
        monkeypatch.setattr(again.calls, "_rate", 1e9)
    before, at_first = len(read), len(posted)
    path = f"cohorts/{session}/contribute"
    found = [post(alliance, alliance.buyer, acme, path, json.loads(sent[0])) for _ in range(30)]
    assert {answer.status for answer in found} == {200}
    assert len({answer.body for answer in found}) == 1
    assert len(read) == before
    assert 0 < len(posted) - at_first < 15
