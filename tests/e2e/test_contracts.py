"""Contracts between real processes, by the commands a person types."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from contracts import messages
from contracts.agreements import message_offer
from tests.e2e.firm import publish
from tests.e2e.processes import request, voile
from tests.long import first_of
from tests.waiting import until, wait_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.processes import Running, Space
    from tests.e2e.stranger import Stranger


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

    _said(provider, "transfer", "suspend", transfer["providerPid"], "--reason", "a pause")
    paused = _await(consumer, f"/v1/transfers/{transfer['pid']}", {"SUSPENDED"})
    assert paused["pausedBy"] == ["provider"]
    refused = _said(consumer, "transfer", "resume", transfer["pid"], code=1)
    assert refused["error"]["code"] == "transfer.illegal-message"
    _said(provider, "transfer", "resume", transfer["providerPid"])
    assert _await(consumer, f"/v1/transfers/{transfer['pid']}", {"STARTED"})["state"] == "STARTED"

    again = _said(consumer, "negotiate", provider.did, dataset, "--wait", code=1)
    assert again["state"] == "TERMINATED"
    assert [reason["code"] for reason in again["ended"]["reason"]] == ["agreement.exists"]
    _said(provider, "transfer", "terminate", transfer["providerPid"], "--reason", "cancelled")
    _await(consumer, f"/v1/transfers/{transfer['pid']}", {"TERMINATED"})
    assert [a["inForce"] for a in _said(provider, "agreements")["agreements"]] == [False]
    over = ("ask", "SELECT COUNT(*) FROM deliveries", "--purpose", "capacityPlanning")
    told = _said(consumer, *over, "--agreement", agreement, code=1)
    assert told["error"]["code"] == "transfer.ended-by-provider"
    other = _said(consumer, "transfer", "start", agreement, "--wait", code=1)
    assert (other["state"], other["ended"]["code"]) == ("TERMINATED", "agreement.ended")

    for words in (
        ("catalog", provider.did),
        ("agreement", agreement),
        ("agreements",),
        ("negotiations",),
        ("transfer", "list"),
        ("explain", transfer["pid"]),
    ):
        done = consumer.voile(*words)
        assert done.returncode == 0, done.stderr
        assert any(name in done.stdout for name in (dataset, agreement, transfer["pid"])), words
    missing = consumer.voile("negotiate", provider.did, "nothing", "--wait")
    assert missing.returncode == 1
    assert "voile catalog" in missing.stderr


def _await(party: Running, path: str, states: set[str]) -> Any:
    return wait_for(lambda: party.manage("GET", path)[1], lambda one: one["state"] in states)


@pytest.mark.long
def test_killed_in_the_middle_it_goes_on(space: Space, tmp_path: Path):
    """SIGKILL of either side at any moment of a negotiation, then a restart: each negotiation ends
    FINALIZED once, both sides hold the same agreements, and both logs still verify.
    """
    provider, consumer = _pair(space)
    dataset = publish(provider, tmp_path, counted=False)
    chance = random.Random(20261121)
    pids = []
    for number in range(6):
        status, body = consumer.manage(
            "POST", "/v1/negotiations", {"provider": provider.did, "dataset": dataset}
        )
        assert status == 201, body
        pids.append(body["pid"])
        time.sleep(chance.uniform(0, 0.09))
        victim = (consumer, provider)[number % 2]
        victim.kill()
        victim.start()
    ended = [
        _await(consumer, f"/v1/negotiations/{pid}", {"FINALIZED", "TERMINATED"}) for pid in pids
    ]
    assert [found["state"] for found in ended] == ["FINALIZED"] * len(pids)
    for found in ended:
        theirs = _await(provider, f"/v1/negotiations/{found['providerPid']}", {"FINALIZED"})
        assert (theirs["state"], theirs["agreement"]) == ("FINALIZED", found["agreement"])
        assert theirs["signatures"] == found["signatures"] == "mutual"
    for party in (provider, consumer):
        agreements = _said(party, "agreements")["agreements"]
        assert {item["id"] for item in agreements} == {found["agreement"] for found in ended}
        assert len(agreements) == len(pids)
    _audit(tmp_path, consumer, provider)


def _audit(folder: Path, *parties: Running) -> None:
    """Both bundles verify against the parties' pinned keys, and the two logs agree.

    A promise that comes between two exports is one that the first bundle cannot answer for: then
    both are exported again.
    """

    def compared() -> subprocess.CompletedProcess[str]:
        place = folder / f"audit-{len(list(folder.glob('audit-*')))}"
        place.mkdir()
        bundles = []
        for party in parties:
            trust = place / f"{party.name}.trust"
            bundle = place / f"{party.name}.bundle"
            _said(party, "audit", "trust", "--out", str(trust))
            _said(party, "audit", "export", "--out", str(bundle))
            done = voile("audit", "verify", str(bundle), "--trust", str(trust), "--json")
            assert done.returncode == 0, done.stdout + done.stderr
            bundles.append(str(bundle))
        trust = place / f"{parties[0].name}.trust"
        return voile("audit", "diff", *bundles, "--trust", str(trust), "--json")

    def settled(done: subprocess.CompletedProcess[str]) -> bool:
        found = json.loads(done.stdout)["findings"]
        return {one["code"] for one in found} != {"unanswerable"}

    done = wait_for(compared, settled, every=1)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.parametrize("trouble", first_of(["500", "half", "close", "hang"], 3))
def test_a_peer_in_trouble_is_waited_for(
    space: Space, tmp_path: Path, stranger: Callable[..., Stranger], trouble: str
):
    """A consumer that answers 500, sends half a body, closes or hangs gets the same agreement again,
    with the same message id, until it takes it; `explain` says meanwhile what is wrong.
    """
    provider = space.party("acme")
    peer = stranger("bolt")
    provider.env["VOILE_PINNED"] = peer.did
    provider.start()
    dataset = publish(provider, tmp_path)
    pid = _ask_by_hand(provider, peer, dataset, trouble)
    until(lambda: len(peer.requests) >= 2)
    why = _said(provider, "explain", pid)  # the peer is in trouble still, until we say otherwise
    assert why["state"] == "REQUESTED"
    assert why["status"] in ("sending", "retrying")
    peer.answer = (200, b"")
    peer.behave("ok")
    found = _await(provider, f"/v1/negotiations/{pid}", {"AGREED"})
    assert found["state"] == "AGREED"
    sent = {json.loads(body)["@id"] for _, path, _, body in peer.requests if "/agreement" in path}
    assert len(sent) == 1
    tokens = [headers["authorization"] for _, _, headers, _ in peer.requests]
    assert len(set(tokens)) == len(tokens), "a fresh token for each attempt"


def test_an_offer_in_other_terms_is_accepted_by_who_says_so(
    space: Space, stranger: Callable[..., Stranger]
):
    """A provider offers what nobody asked for: shown, refused without `--yes`, and then accepted."""
    consumer = space.party("bolt")
    peer = stranger("acme", voile=False)
    consumer.env["VOILE_PINNED"] = peer.did
    consumer.start()
    clause = {"leftOperand": "odrl:count", "operator": "lteq", "rightOperand": "7"}
    offer = {"@id": "urn:o", "permission": [{"action": "use", "constraint": [clause]}]}
    opening = messages.ContractOfferMessage(
        id="urn:uuid:m-1",
        provider_pid=messages.Pid("urn:uuid:p-1"),
        offer=message_offer(offer, dataset_id="urn:stock"),
        callback_address=f"{peer.url}/dsp/2025-1",
    )
    answer = _ask(consumer, peer, "POST", "/negotiations/offers", messages.encode(opening))
    pid = str(answer["consumerPid"])
    shown = consumer.voile("negotiation", pid)
    assert "the number of answers at most 7" in shown.stdout
    assert "nothing of it was asked for" in shown.stdout
    for words in (("accept", pid), ("accept", pid, "--json")):
        refused = consumer.voile(*words)
        assert refused.returncode == 1
        assert "--yes" in refused.stdout + refused.stderr
    assert "the number of answers at most 7" in consumer.voile("accept", pid).stdout, (
        "what is offered is printed"
    )
    assert not any(path.endswith("/events") for _, path, _, _ in peer.requests)
    accepted = consumer.voile("accept", pid, "--yes")
    assert accepted.returncode == 0, accepted.stderr
    until(lambda: any(path.endswith("/events") for _, path, _, _ in peer.requests))


def _ask_by_hand(provider: Running, peer: Stranger, dataset: str, trouble: str) -> str:
    """Open a negotiation as a peer that then misbehaves; give the provider's pid."""
    offer = _ask(provider, peer, "GET", f"/catalog/datasets/{dataset}")["hasPolicy"][0]
    peer.behave(trouble)
    opening = messages.ContractRequestMessage(
        id="urn:uuid:m-1",
        consumer_pid=messages.Pid("urn:uuid:c-1"),
        offer=message_offer(offer, dataset_id=dataset),
        callback_address=f"{peer.url}/dsp/2025-1",
    )
    answer = _ask(provider, peer, "POST", "/negotiations/request", messages.encode(opening))
    return str(answer["providerPid"])


def _ask(provider: Running, peer: Stranger, method: str, path: str, body: bytes = b"") -> Any:
    url = f"{provider.url}/dsp/2025-1{path}"
    token = peer.token(provider.did, method, url, body)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    status, _, data = request(
        provider.port, method, f"/{provider.name}/dsp/2025-1{path}", body or None, headers
    )
    assert status in (200, 201), data
    return json.loads(data)
