"""How peers answer decides what they may have under way: nobody's trouble is another's."""

from __future__ import annotations

import pytest

from connector.outbox.breaker import (
    ERRORS,
    OF_SLOW,
    PER_PEER,
    PROBE_MS,
    SLOW_SECONDS,
    Admission,
    Breaker,
)
from connector.outbox.lanes import ROOM, Lanes
from connector.outbox.outcome import CAP_MS


class Time:
    """A clock on the wall and one that measures, moved together."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def now(self) -> int:
        return self.ms

    def pulse(self) -> float:
        return self.ms / 1000

    def pass_(self, seconds: float) -> None:
        self.ms += int(seconds * 1000)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker(time.now, time.pulse)


def answer(breaker: Breaker, peer: str = "a") -> bool:
    return breaker.ended(peer, breaker.began(peer), "answered")


def miss(breaker: Breaker, peer: str = "a") -> None:
    breaker.ended(peer, breaker.began(peer), "silent")


def test_a_peer_is_new_until_it_has_answered(breaker: Breaker):
    """One message first; once it has answered, several."""
    assert breaker.admit("a") == Admission("new", 1)
    call = breaker.began("a")
    assert breaker.admit("a") == Admission("new", 1)
    assert breaker.ended("a", call, "answered") is False
    assert breaker.admit("a") == Admission("quick", PER_PEER)


def test_a_silent_peer_is_left_alone_longer_each_time(breaker: Breaker, time: Time):
    """Nothing until its time has come, then one message; the pauses grow to their cap."""
    waits = []
    for _ in range(12):
        miss(breaker)
        waits.append(breaker.not_before("a") - time.ms)
        assert breaker.admit("a").most == 0
        time.pass_(waits[-1] / 1000 + 0.001)
        assert breaker.admit("a") == Admission("slow", 1)
    assert all(0 < wait <= CAP_MS for wait in waits)
    assert waits[-1] > 8 * waits[0]


def test_a_peer_that_answers_after_a_while_has_come_back(breaker: Breaker):
    """Two misses and an answer: what waited may go; a single miss is nothing to speak of."""
    miss(breaker)
    assert answer(breaker) is False
    miss(breaker)
    miss(breaker)
    assert answer(breaker) is True
    assert breaker.admit("a") == Admission("quick", PER_PEER)
    assert breaker.not_before("a") == 0


def test_one_answer_of_5xx_is_no_absence_but_a_row_of_them_is(breaker: Breaker):
    """One process may meet trouble that no other meets."""
    answer(breaker)
    for _ in range(ERRORS - 1):
        breaker.ended("a", breaker.began("a"), "error")
        assert breaker.admit("a") == Admission("quick", PER_PEER)
    breaker.ended("a", breaker.began("a"), "error")
    assert breaker.admit("a").most == 0


def test_what_went_wrong_on_our_side_is_not_the_peers(breaker: Breaker):
    """A message that we could not even send says nothing of the peer."""
    answer(breaker)
    breaker.ended("a", breaker.began("a"), "ours")
    assert breaker.admit("a") == Admission("quick", PER_PEER)


def test_a_busy_peer_that_answers_keeps_some_under_way(breaker: Breaker, time: Time):
    """It takes long, each time: it uses the share of the slow, but is not served one by one."""
    answer(breaker)
    for _ in range(3):
        calls = [breaker.began("a") for _ in range(PER_PEER)]
        time.pass_(SLOW_SECONDS + 0.1)
        assert breaker.admit("a") == Admission("slow", OF_SLOW)
        for call in calls:
            breaker.ended("a", call, "answered")
            assert breaker.admit("a") == Admission("slow", OF_SLOW)
    answer(breaker)
    assert breaker.admit("a") == Admission("quick", PER_PEER)


def test_one_message_that_hangs_does_not_stop_the_others_of_a_new_peer(
    breaker: Breaker, time: Time
):
    """Before its first answer a peer gets one message, and one more for each that takes long."""
    breaker.began("a")
    time.pass_(SLOW_SECONDS + 0.1)
    assert breaker.admit("a") == Admission("slow", 2)
    breaker.began("a")
    assert breaker.admit("a") == Admission("slow", 2)


def test_what_fails_together_is_one_failure(breaker: Breaker, time: Time):
    """Four that break off at once do not make the pause eight times as long."""
    answer(breaker)
    calls = [breaker.began("a") for _ in range(PER_PEER)]
    time.pass_(0.1)
    for call in calls:
        breaker.ended("a", call, "silent")
    assert answer(breaker) is False  # one miss is nothing to come back from


def test_a_peer_that_calls_us_is_tried_at_once_but_not_all_the_time(breaker: Breaker, time: Time):
    """It may be there again; if it still cannot be called, its calls do not make us storm it."""
    assert not breaker.heard("a")
    for _ in range(6):
        miss(breaker)
    assert breaker.heard("a")
    assert breaker.admit("a") == Admission("slow", 1)
    miss(breaker)
    assert not breaker.heard("a")
    time.pass_(PROBE_MS / 1000 + 0.001)
    assert breaker.heard("a")


def test_peers_that_hang_use_up_their_own_share(breaker: Breaker, time: Time):
    """A hundred peers hang with ten lanes each: a quick one and a new one still get workers."""
    for peer in ("quick", *(f"hang{n}" for n in range(100))):
        answer(breaker, peer)
    lanes = Lanes(breaker.admit)
    lanes.offer([(f"hang{n}", str(lane)) for n in range(100) for lane in range(10)])
    for _ in range(8):  # as they are found to hang, they use another share, while there is room
        while (lane := lanes.take()) is not None:
            breaker.began(lane[0])
        time.pass_(SLOW_SECONDS + 0.1)
    lanes.offer([("quick", "p"), ("new", "p")])
    assert {lanes.take(), lanes.take()} == {("quick", "p"), ("new", "p")}
    assert lanes.take() is None
    under_way = sum(lanes._used.values())
    assert under_way <= sum(ROOM.values())


def test_new_peers_that_hang_leave_room_for_known_ones(breaker: Breaker):
    """After a restart nobody has answered yet: each gets one worker, up to a bound."""
    answer(breaker, "quick")
    lanes = Lanes(breaker.admit)
    lanes.offer([(f"new{n}", str(lane)) for n in range(200) for lane in range(3)])
    taken = []
    while (lane := lanes.take()) is not None:
        taken.append(lane[0])
        breaker.began(lane[0])
    assert len(taken) == len(set(taken)) == ROOM["new"]
    lanes.offer([("quick", "p")])
    assert lanes.take() == ("quick", "p")
