"""Faults on the way: whatever gets lost, refused, doubled or crossed, both sides end equal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.dsp.store import started_transfer
from connector.process.errors import Unreachable
from connector.process.ports import Response
from contracts import messages as m
from contracts.messages import Pid
from tests.connector.dsp.area import AREAS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.dsp.conftest import Pair
    from tests.simulators import Net, Party


def _once(net: Net, suffix: str, act: Callable[[], Response | None]) -> list[str]:
    """Let ``act`` answer the first request to a URL that ends so; give the log of such requests."""
    seen: list[str] = []

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if not url.endswith(suffix):
            return None
        seen.append(url)
        return act() if len(seen) == 1 else None

    net.fault = fault
    return seen


def _later(pair: Pair, rounds: int = 12) -> None:
    """Let time pass between deliveries, so that what waits is tried again."""
    for _ in range(rounds):
        pair.clock.advance(20)
        pair.settle()


def _equal(pair: Pair, pid: str, state: str) -> None:
    ours, theirs = pair.both(pid)
    assert (ours["state"], theirs["state"]) == (state, state)
    assert ours["inFlight"] == theirs["inFlight"] == ""


def _unreachable() -> Response:
    raise Unreachable("no whole answer", code="peer-unreachable")


FAULTS: dict[str, Callable[[], Response | None]] = {
    "500": lambda: Response(status=500, headers={}, body=b"<html>oops"),
    "503": lambda: Response(status=503, headers={"retry-after": "1"}, body=b""),
    "429": lambda: Response(status=429, headers={}, body=b""),
    "half a body": _unreachable,
}
STEPS = (
    "/negotiations/request",
    "/agreement",
    "/agreement/verification",
    "/events",
)


@pytest.mark.sweep
@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("suffix", STEPS)
def test_passing_trouble_is_waited_out(pair: Pair, suffix: str, fault: str):
    """After 5xx, 429 or a lost connection the same message is sent again; one contract comes of it."""
    seen = _once(pair.net, suffix, FAULTS[fault])
    pid = pair.negotiate()
    _later(pair)
    _equal(pair, pid, "FINALIZED")
    assert len(seen) == 2
    assert len(pair.provider.manage("GET", "/v1/agreements")[1]["agreements"]) == 1


@pytest.mark.parametrize("suffix", STEPS)
def test_an_answer_lost_after_the_commit_doubles_nothing(pair: Pair, suffix: str):
    """The peer took it but its answer got lost: the repeat gets the stored answer."""
    net = pair.net
    plain = net.request
    lost: list[str] = []

    class Losing:
        """Carries each request, and loses the first answer from a URL that ends so."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            answer = plain(method, url, **more)
            if url.endswith(suffix) and not lost:
                lost.append(url)
                raise Unreachable("the answer got lost", code="peer-unreachable")
            return answer

    for party in (pair.consumer, pair.provider):
        object.__setattr__(party.node.peers, "_transport", Losing())
    pid = pair.negotiate()
    _later(pair)
    assert lost
    _equal(pair, pid, "FINALIZED")
    for party in (pair.consumer, pair.provider):
        assert len(party.manage("GET", "/v1/negotiations")[1]["negotiations"]) == 1
        assert len(party.manage("GET", "/v1/agreements")[1]["agreements"]) == 1
    ours, theirs = pair.both(pid)
    assert ours["signatures"] == theirs["signatures"] == "mutual"


def test_a_callback_may_beat_the_answer(pair: Pair):
    """The agreement arrives before the 201 of the request: it supplies the pid, nothing is lost."""
    plain = pair.net.request
    order: list[str] = []

    class Racing:
        """Lets the provider deliver before the consumer has its answer."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            answer = plain(method, url, **more)
            if url.endswith("/negotiations/request"):
                pair.provider.deliver()
                found = pair.consumer.manage("GET", "/v1/negotiations")[1]["negotiations"][0]
                order.append(found["state"])
            return answer

    object.__setattr__(pair.consumer.node.peers, "_transport", Racing())
    pid = pair.negotiate()
    pair.settle()
    assert order == ["AGREED"]
    _equal(pair, pid, "FINALIZED")


@pytest.mark.parametrize("suffix", STEPS[1:])
def test_a_409_is_compared_and_sent_again(pair: Pair, suffix: str):
    """A peer that saves late answers 409 to a legal message; it comes again and is taken."""
    seen = _once(pair.net, suffix, lambda: Response(status=409, headers={}, body=b"{}"))
    pid = pair.negotiate()
    _later(pair)
    _equal(pair, pid, "FINALIZED")
    assert len(seen) >= 2


def test_a_refusal_of_what_was_applied_is_reconciled(pair: Pair):
    """The peer refuses a repeat that it had applied (it forgot the id): its state settles it."""
    plain = pair.net.request
    calls: list[str] = []

    class Forgetful:
        """Takes the verification, loses the answer, then answers its repeat with 400."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            if url.endswith("/verification"):
                calls.append(url)
                if len(calls) > 1:
                    return Response(status=400, headers={}, body=b'{"code":"400"}')
                plain(method, url, **more)
                raise Unreachable("lost", code="peer-unreachable")
            return plain(method, url, **more)

    object.__setattr__(pair.consumer.node.peers, "_transport", Forgetful())
    pid = pair.negotiate()
    pair.consumer.deliver()
    pair.provider.deliver()
    pair.consumer.deliver()
    for _ in range(4):  # only the consumer sends now, so only the comparison can settle it
        pair.clock.advance(20)
        pair.consumer.deliver()
    state = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]
    assert (state["state"], state["inFlight"]) == ("VERIFIED", "")
    _later(pair)
    _equal(pair, pid, "FINALIZED")


def test_a_peer_that_has_ended_ends_us(pair: Pair):
    """The comparison finds the peer TERMINATED: so are we, and it is said who ended it."""
    pid = pair.negotiate()
    pair.consumer.deliver()
    ours, theirs = pair.both(pid)

    def gone(method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/agreement"):
            return Response(status=400, headers={}, body=b"")
        if method == "GET" and url.endswith(pid):
            state = m.ContractNegotiation(
                consumer_pid=Pid(pid), provider_pid=Pid(ours["providerPid"]), state="TERMINATED"
            )
            return Response(status=200, headers={}, body=m.encode(state))
        return None

    pair.net.fault = gone
    _later(pair, 3)
    assert theirs["state"] == "REQUESTED"
    theirs = pair.both(pid)[1]
    assert (theirs["state"], theirs["ended"]["by"]) == ("TERMINATED", pair.consumer.did)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_opening_ends_the_negotiation(pair: Pair, status: int):
    """4xx to the first message: on the peer's side there is nothing, so ours ends with its code."""
    body = json.dumps(
        {"@type": "ContractNegotiationError", "code": "offer.unknown", "reason": ["x"]}
    )
    pair.net.fault = lambda _m, url, _b: (
        Response(status=status, headers={}, body=body.encode())
        if url.endswith("/negotiations/request")
        else None
    )
    pid = pair.negotiate()
    _later(pair, 5)
    _, found = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")
    assert found["state"] == "TERMINATED"
    assert found["ended"] == {"by": pair.provider.did, "code": "offer.unknown", "reason": ["x"]}


def test_a_refused_later_message_is_parked_and_explained(pair: Pair):
    """404, again and again, to a later message parks it; `explain` says so and how to go on; it goes on."""
    pair.net.fault = lambda _m, url, _b: (
        Response(status=404, headers={}, body=b"") if url.endswith("/verification") else None
    )
    pid = pair.negotiate()
    _later(pair, 5)
    _, why = pair.consumer.manage("GET", f"/v1/explain/{pid}")
    assert (why["status"], why["state"], why["turn"]) == ("parked", "AGREED", "us")
    assert why["message"]["lastStatus"] == 404
    assert f"voile outbox retry {why['message']['outbox']}" in why["next"]
    pair.net.fault = None
    pair.consumer.manage("POST", f"/v1/outbox/{why['message']['outbox']}/retry", {})
    pair.settle()
    _equal(pair, pid, "FINALIZED")


def test_a_peer_that_saves_late_is_waited_for(pair: Pair):
    """A process that is not there yet (404) for three seconds after the peer spoke of it: no end."""
    began = pair.clock.now()
    pair.net.fault = lambda _m, url, _b: (
        Response(status=404, headers={}, body=b"")
        if url.endswith("/verification") and (pair.clock.now() - began).total_seconds() < 3
        else None
    )
    pid = pair.negotiate()
    for _ in range(100):  # pauses between attempts are drawn: twenty seconds hold the longest
        pair.settle()
        pair.clock.advance(0.2)
    _equal(pair, pid, "FINALIZED")


def test_a_peer_that_has_lost_a_process_is_not_waited_for_for_ever(pair: Pair):
    """404 for a minute from the first: given up aloud, after few attempts."""
    pair.net.fault = lambda _m, url, _b: (
        Response(status=404, headers={}, body=b"") if url.endswith("/verification") else None
    )
    pid = pair.negotiate()
    for _ in range(130):
        pair.settle()
        pair.clock.advance(1)
    _, why = pair.consumer.manage("GET", f"/v1/explain/{pid}")
    assert why["status"] == "parked"
    assert why["message"]["attempts"] <= 10


def test_endless_409_is_parked(pair: Pair):
    """A message that is refused again and again without a reason in the states is given up aloud."""
    pair.net.fault = lambda _m, url, _b: (
        Response(status=409, headers={}, body=b"") if url.endswith("/verification") else None
    )
    pid = pair.negotiate()
    _later(pair, 20)
    _, why = pair.consumer.manage("GET", f"/v1/explain/{pid}")
    assert why["status"] == "parked"
    assert "the peer says it is in AGREED" in why["trouble"]


def test_an_error_to_our_own_termination_is_ignored(pair: Pair):
    """Who ends a process has ended it, whatever the peer answers."""
    pair.net.fault = lambda _m, url, _b: (
        Response(status=404, headers={}, body=b"") if url.endswith("/termination") else None
    )
    pid = pair.negotiate()
    pair.consumer.deliver()
    pair.consumer.manage("POST", f"/v1/negotiations/{pid}/terminate", {})
    _later(pair, 5)
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "TERMINATED"


def test_rubbish_for_an_answer_waits_for_the_callback(pair: Pair):
    """A 201 that cannot be read is an acknowledgement; the agreement brings the peer's pid."""
    plain = pair.net.request

    class Rubbish:
        """Replaces the answer to the opening message."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            answer = plain(method, url, **more)
            if url.endswith("/negotiations/request"):
                return Response(status=201, headers={}, body=answer.body[:20])
            return answer

    object.__setattr__(pair.consumer.node.peers, "_transport", Rubbish())
    pid = pair.negotiate()
    pair.consumer.deliver()
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "OPENING"
    pair.settle()
    _equal(pair, pid, "FINALIZED")


def test_terminations_that_cross_end_both(pair: Pair):
    """Both sides end a transfer at once: both messages are taken, both are TERMINATED."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    pair.consumer.manage("POST", f"/v1/transfers/{pid}/terminate", {})
    pair.provider.manage("POST", f"/v1/transfers/{theirs}/terminate", {})
    pair.settle()
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"TERMINATED"}


def test_suspensions_that_cross_hold_both(pair: Pair):
    """Both sides pause at once: both are SUSPENDED, and only the provider can go on."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    pair.consumer.manage("POST", f"/v1/transfers/{pid}/suspend", {})
    pair.provider.manage("POST", f"/v1/transfers/{theirs}/suspend", {})
    _later(pair, 4)
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"SUSPENDED"}
    assert pair.consumer.manage("POST", f"/v1/transfers/{pid}/resume", {})[0] == 409
    pair.provider.manage("POST", f"/v1/transfers/{theirs}/resume", {})
    _later(pair, 4)
    assert {side["state"] for side in pair.both(pid, "transfers")} == {"STARTED"}


@pytest.mark.sweep
@pytest.mark.parametrize("side", ["consumer", "provider"])
@pytest.mark.parametrize("steps", range(5))
def test_a_restart_at_any_step_goes_on(pair: Pair, side: str, steps: int):
    """Closed and opened again between any two deliveries, a node goes on where it was."""
    pid = pair.negotiate()
    for step in range(steps):
        (pair.consumer, pair.provider)[step % 2].deliver(1)
    party: Party = getattr(pair, side)
    again = party.restart(AREAS)
    setattr(pair, side, again)
    try:
        pair.settle()
        _equal(pair, pid, "FINALIZED")
        assert pair.both(pid)[0]["signatures"] == "mutual"
    finally:
        again.close()


@pytest.mark.parametrize("suffix", ["/agreement", "/agreement/verification", "/events"])
def test_stripped_signatures_are_fetched(pair: Pair, suffix: str):
    """A proxy that strips our header downgrades nothing: the peer asks for the signature."""
    plain = pair.net.request

    class Stripping:
        """Forwards without the signature header."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            if url.endswith(suffix):
                headers = {k: v for k, v in more["headers"].items() if k != "Voile-Signature"}
                more = {**more, "headers": headers}
            return plain(method, url, **more)

    for party in (pair.consumer, pair.provider):
        object.__setattr__(party.node.peers, "_transport", Stripping())
    pid = pair.negotiate()
    pair.settle()
    _equal(pair, pid, "FINALIZED")
    ours, theirs = pair.both(pid)
    assert ours["signatures"] == theirs["signatures"] == "mutual"


def test_a_bad_fetched_signature_ends_the_negotiation(pair: Pair):
    """A signature that does not hold is as bad when it was fetched: the negotiation ends with its code."""
    plain = pair.net.request

    class Forging:
        """Strips the header and answers the question with another's signature."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            if url.endswith("/agreement"):
                headers = {k: v for k, v in more["headers"].items() if k != "Voile-Signature"}
                more = {**more, "headers": headers}
            answer = plain(method, url, **more)
            if url.endswith("/signatures"):
                body = answer.body.replace(b'"jws":"ey', b'"jws":"eY')
                return Response(status=200, headers={}, body=body)
            return answer

    for party in (pair.consumer, pair.provider):
        object.__setattr__(party.node.peers, "_transport", Forging())
    pid = pair.negotiate()
    pair.settle()
    _equal(pair, pid, "TERMINATED")
    assert pair.both(pid)[1]["ended"]["by"] == pair.consumer.did


def test_a_voile_that_shows_no_signature_gets_an_agreement_signed_by_us_only(pair: Pair):
    """If neither header nor question brings a signature, the agreement is `own`, never `mutual`."""
    plain = pair.net.request

    class Mute:
        """Strips the header and hides the route."""

        def request(self, method: str, url: str, **more: Any) -> Response:
            if url.endswith("/signatures"):
                return Response(status=404, headers={}, body=b"")
            headers = {
                k: v for k, v in (more.get("headers") or {}).items() if k != "Voile-Signature"
            }
            return plain(method, url, **{**more, "headers": headers})

    for party in (pair.consumer, pair.provider):
        object.__setattr__(party.node.peers, "_transport", Mute())
    pid = pair.negotiate()
    _later(pair, 4)
    _equal(pair, pid, "FINALIZED")
    ours, theirs = pair.both(pid)
    assert ours["signatures"] == theirs["signatures"] == "own"


@pytest.mark.parametrize("verb", ["suspend", "terminate", "complete"])
def test_data_stop_at_once_when_we_say_so(pair: Pair, verb: str):
    """A peer that does not answer our suspension gains nothing: no data flow from that moment on."""
    pid = pair.started()
    ours, theirs = pair.both(pid, "transfers")
    agreement, provider = ours["agreement"], pair.provider

    def flows() -> bool:
        with provider.node.db.reading() as session:
            found = started_transfer(session, agreement, counterparty=pair.consumer.did)
        return found is not None

    assert flows()
    pair.net.fault = lambda *_: Response(status=500, headers={}, body=b"")
    provider.manage("POST", f"/v1/transfers/{theirs['pid']}/{verb}", {})
    _later(pair, 2)
    assert provider.manage("GET", f"/v1/transfers/{theirs['pid']}")[1]["state"] == "STARTED"
    assert not flows()
    pair.net.fault = None
    _later(pair)
    ours, theirs = pair.both(pid, "transfers")
    assert ours["state"] == theirs["state"] != "STARTED"


def test_what_was_given_up_can_be_ended(pair: Pair):
    """A parked message does not hold up the owner's termination; a peer that never took the opening
    has nothing to end, so the negotiation ends here at once.
    """
    pair.net.fault = lambda _m, url, _b: (
        Response(status=403, headers={}, body=b"") if url.endswith("/verification") else None
    )
    pid = pair.negotiate()
    _later(pair, 5)
    pair.consumer.manage("POST", f"/v1/negotiations/{pid}/terminate", {"code": "enough"})
    pair.settle()
    _equal(pair, pid, "TERMINATED")

    pid = pair.negotiate()
    pair.net.fault = lambda *_: Response(status=500, headers={}, body=b"")
    for _ in range(70):
        pair.clock.advance(70)
        pair.consumer.deliver()
    assert pair.consumer.manage("GET", f"/v1/explain/{pid}")[1]["status"] == "parked"
    pair.consumer.manage("POST", f"/v1/negotiations/{pid}/terminate", {})
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "TERMINATED"
