"""Whole conversations between two connectors, over the real applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair


def test_a_negotiation_is_finalized_with_both_signatures(pair: Pair):
    """A request for a published offer ends FINALIZED on both sides, with a whole chain."""
    pid = pair.negotiate()
    pair.settle()
    ours, theirs = pair.both(pid)
    assert ours["state"] == theirs["state"] == "FINALIZED"
    assert ours["signatures"] == theirs["signatures"] == "mutual"
    assert ours["agreement"] == theirs["agreement"]
    sides = [
        party.manage("GET", f"/v1/agreements/{ours['agreement']}")[1]
        for party in (pair.consumer, pair.provider)
    ]
    assert sides[0]["body"] == sides[1]["body"]
    assert [stage["jws"] for stage in sides[0]["stages"]] == [s["jws"] for s in sides[1]["stages"]]
    assert [s["stage"] for s in sides[0]["stages"]] == ["AGREED", "VERIFIED", "FINALIZED"]
