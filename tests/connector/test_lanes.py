"""The lanes of the outbox: one worker each, a bound per peer, nobody forgotten."""

from __future__ import annotations

from connector.outbox.breaker import PER_PEER, Admission
from connector.outbox.lanes import Lanes


def lanes(**limits: int) -> Lanes:
    return Lanes(lambda peer: Admission("quick", limits.get(peer, PER_PEER)))


def test_a_lane_is_under_way_once_and_comes_again_if_offered_meanwhile():
    """A second commit to a lane under way does not start a second worker, and is not forgotten."""
    found = lanes()
    found.offer([("a", "p")])
    assert found.take() == ("a", "p")
    found.offer([("a", "p"), ("a", "p")])
    assert found.take() is None
    found.release(("a", "p"), again=False)
    assert found.take() == ("a", "p")
    found.release(("a", "p"), again=False)
    assert found.take() is None


def test_a_lane_with_more_comes_after_the_others_of_its_peer():
    """Whoever has more to send lets the other lanes go first."""
    found = lanes(a=1)
    found.offer([("a", "p"), ("a", "q")])
    assert found.take() == ("a", "p")
    found.release(("a", "p"), again=True)
    assert found.take() == ("a", "q")


def test_a_peer_has_a_bounded_number_under_way_and_peers_take_turns():
    """A peer with many lanes leaves workers for the others."""
    found = lanes()
    found.offer([("a", str(n)) for n in range(PER_PEER + 6)])
    found.offer([("b", "0")])
    taken = [found.take() for _ in range(PER_PEER + 2)]
    assert taken[:2] == [("a", "0"), ("b", "0")]
    assert taken[-1] is None
    assert sum(lane is not None and lane[0] == "a" for lane in taken) == PER_PEER
    found.release(("a", "0"), again=False)
    assert found.take() == ("a", str(PER_PEER))


def test_a_peer_left_alone_holds_up_nobody():
    """Its lanes wait; those of others are taken."""
    limits = {"a": 0, "b": 1}
    found = Lanes(lambda peer: Admission("quick", limits[peer]))
    found.offer([("a", "p"), ("b", "q")])
    assert found.take() == ("b", "q")
    assert found.take() is None
    limits["a"] = 1
    assert found.take() == ("a", "p")


def test_a_lane_comes_when_its_time_has_come():
    """`ripen` offers what is due and says when to look again; a wake-up offers nothing."""
    found = lanes()
    found.later(200, ("a", "p"))
    found.later(100, ("b", "q"))
    found.wake_at(50)
    assert found.ripen(49) == 50
    assert found.ripen(60) == 100
    assert found.take() is None
    assert found.ripen(150) == 200
    assert found.take() == ("b", "q")
    assert found.ripen(200) is None
    assert found.take() == ("a", "p")
