"""Contracts between real processes, by the commands a person types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.e2e.firm import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running, Space


def _said(party: Running, *arguments: str, code: int = 0) -> Any:
    done = party.voile(*arguments, "--json")
    assert done.returncode == code, f"{arguments}: {done.stdout}{done.stderr}{party.log[-3000:]}"
    return json.loads(done.stdout)


def _pair(space: Space) -> tuple[Running, Running]:
    provider = space.party("acme")
    consumer = space.party("bolt")
    pinned = {"VOILE_PINNED": f"{provider.did},{consumer.did}"}
    provider.env.update(pinned)
    consumer.env.update(pinned)
    return provider.start(), consumer.start()


def test_from_the_catalogue_to_a_started_transfer(space: Space, tmp_path: Path):
    """Catalogue, negotiation to FINALIZED with both signatures, transfer STARTED and steered."""
    provider, consumer = _pair(space)
    dataset = publish(provider, tmp_path)
    found = _said(consumer, "catalog", provider.did)
    assert [item["@id"] for item in found["dataset"]] == [dataset]

    contract = _said(consumer, "negotiate", provider.did, dataset, "--wait")
    assert contract["state"] == "FINALIZED"
    assert contract["signatures"] == "mutual"
    agreement = contract["agreement"]
    for party in (provider, consumer):
        shown = _said(party, "agreement", agreement)
        assert [stage["stage"] for stage in shown["stages"]] == ["AGREED", "VERIFIED", "FINALIZED"]

    transfer = _said(consumer, "transfer", "start", agreement, "--wait")
    assert transfer["state"] == "STARTED"
    assert transfer["dataAddress"]["endpoint"] == f"{provider.url}/voile/v1/questions"
    assert _said(consumer, "explain", contract["pid"])["status"] == "ended"
