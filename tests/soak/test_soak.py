"""The short soak: a hundred negotiations with their transfers through every kind of fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.soak.faults import KINDS, WEIGHTS, Plan
from tests.soak.run import soak

if TYPE_CHECKING:
    from pathlib import Path

NEGOTIATIONS = 100


@pytest.mark.long
@pytest.mark.e2e
@pytest.mark.enable_socket
def test_both_sides_agree_whatever_the_wire_does(tmp_path: Path):
    """Two real connectors, faults in a fifth of all requests, each killed once: afterwards every
    process is in the same state on both sides, none is lost or doubled, and both logs agree.
    """
    plan = Plan(seed=7, kills=1, every=150, hangs=False)
    found = soak(NEGOTIATIONS, plan, tmp_path)
    print(*found.lines(), sep="\n")
    assert found.findings == ()
    assert found.negotiations >= NEGOTIATIONS
    assert found.transfers >= NEGOTIATIONS // 2
    assert all(found.faults[kind] > 0 for kind in WEIGHTS)
    assert found.faults["kill"] == 2


def test_the_plan_is_a_function_of_the_seed():
    """Two runs with one seed meet the same faults; another seed others; every kind occurs."""
    one, two, other = Plan(seed=1), Plan(seed=1), Plan(seed=2)
    numbers = range(1, 5000)
    faults = [one.fault("acme", n) for n in numbers]
    assert faults == [two.fault("acme", n) for n in numbers]
    assert faults != [other.fault("acme", n) for n in numbers]
    assert faults != [one.fault("bolt", n) for n in numbers]
    assert one.deaths("acme") == two.deaths("acme") != other.deaths("acme")
    assert {fault.kind for fault in faults if fault} | {"kill"} == set(KINDS)
    share = sum(fault is not None for fault in faults) / len(faults)
    assert 0.18 < share < 0.23
