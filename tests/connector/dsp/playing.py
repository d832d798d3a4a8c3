"""A provider that a test plays by hand: what it answers, and the agreement that it sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.process.ports import Response
from contracts import messages as m
from contracts.agreements import agreement_of, message_offer
from contracts.messages import Pid
from tests.connector.dsp.area import OPEN, offer_of

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

P = Pid("urn:uuid:crow-provider")
EDC_CONTEXT = [
    "https://w3id.org/dspace/2025/1/context.jsonld",
    "https://w3id.org/edc/dspace/v0.0.1",
]


def serve(
    pair: Pair,
    puppet: Puppet,
    offer: dict[str, Any] | None = None,
    pid: Pid = P,
    more: tuple[dict[str, Any], ...] = (),
) -> None:
    """Let the puppet have a version document, one dataset, and an answer to openings."""
    version = {
        "protocolVersions": [{"version": "2025-1", "path": "/dsp/2025-1", "binding": "HTTPS"}]
    }
    dataset = m.Dataset(
        id=OPEN,
        has_policy=(offer or offer_of(OPEN),),
        distribution=({"format": "Voile-Question", "accessService": "urn:s"},),
    )

    def hear(method: str, url: str, sent: bytes) -> Response | None:
        if url == f"{puppet.party.url}/.well-known/dspace-version":
            return Response(status=200, headers={}, body=json.dumps(version).encode())
        if method == "GET" and "/catalog/datasets/" in url:
            body = m.to_object(dataset)
            shown = {**body, "hasPolicy": [*body["hasPolicy"], *more]}
            return Response(status=200, headers={}, body=json.dumps(shown).encode())
        if url.endswith(("/negotiations/request", "/transfers/request")):
            asked = json.loads(sent)
            cls = m.ContractNegotiation if "/negotiations/" in url else m.TransferProcess
            puppet.got.append((method, url.removeprefix(puppet.base), sent))
            state = cls(consumer_pid=asked["consumerPid"], provider_pid=pid, state="REQUESTED")
            answer = m.to_object(state) | {"@context": EDC_CONTEXT}
            return Response(status=200, headers={}, body=json.dumps(answer).encode())
        return puppet.hear(method, url, sent)

    pair.net.fault = hear


def negotiate(pair: Pair, puppet: Puppet) -> str:
    status, body = pair.consumer.manage(
        "POST", "/v1/negotiations", {"provider": puppet.did, "dataset": OPEN}
    )
    assert status == 201, body
    pair.consumer.deliver()
    return body["pid"]


def agreement(pair: Pair, puppet: Puppet, **change: Any) -> dict[str, Any]:
    made = agreement_of(
        message_offer(offer_of(OPEN), dataset_id=OPEN),
        agreement_id="urn:agreement:crow",
        assigner=puppet.did,
        assignee=pair.consumer.did,
        now=pair.clock.now(),
    )
    return made | change


def agree(pair: Pair, puppet: Puppet, pid: str, **change: Any) -> tuple[int, dict[str, Any]]:
    message = m.ContractAgreementMessage(
        id=f"urn:m:{len(puppet.got)}",
        consumer_pid=Pid(pid),
        provider_pid=P,
        agreement=agreement(pair, puppet, **change),
    )
    return puppet.send(pair.consumer, f"/negotiations/{pid}/agreement", message)
