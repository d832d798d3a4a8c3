"""Nobody reaches another's process, by any route; and doing things at once does them once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Message, Pid
from tests.connector.dsp.area import OPEN, offer_of
from tests.contracts.samples import SAMPLES

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

BASE = "/dsp/2025-1"


def _rules(pair: Pair) -> list[tuple[str, str]]:
    """Method and path of every route below the base that names a process."""
    return sorted(
        (method, rule.rule.removeprefix(BASE))
        for rule in pair.provider.apps.protocol.url_map.iter_rules()
        if rule.rule.startswith(BASE) and "<pid>" in rule.rule
        for method in (rule.methods or set()) & {"GET", "POST"}
    )


def _message(endpoint: str, consumer: str, provider: str) -> Message:
    """The message that belongs to a route, with these pids."""
    name = next(n for n in (type(s).__name__ for s in SAMPLES) if endpoint.endswith(n))
    sample = next(s for s in SAMPLES if type(s).__name__ == name)
    changes: dict[str, Any] = {"consumer_pid": Pid(consumer), "id": f"urn:try:{consumer}:{name}"}
    if isinstance(sample, m.ContractRequestMessage):
        changes["callback_address"] = None
    return replace(sample, provider_pid=Pid(provider), **changes)


def test_every_route_answers_a_third_party_as_if_there_were_nothing(pair: Pair, puppet: Puppet):
    """Each route × each process of others: the same 404 as for a pid that does not exist, and no
    state changes. The routes are read from the application: a new one is tried by itself.
    """
    transfer = pair.started()
    negotiation = pair.consumer.manage("GET", "/v1/negotiations")[1]["negotiations"][0]["pid"]
    before = pair.both(negotiation), pair.both(transfer, "transfers")
    views = {
        rule.rule.removeprefix(BASE): rule.endpoint
        for rule in pair.provider.apps.protocol.url_map.iter_rules()
    }
    tried = 0
    for method, path in _rules(pair):
        for state in (*before[0], *before[1]):
            for party in (pair.provider, pair.consumer):
                answers = []
                for pid in (state["providerPid"], state["consumerPid"], "urn:uuid:none"):
                    target = path.replace("<pid>", pid)
                    if method == "GET":
                        answers.append(puppet.get(party, BASE + target))
                    else:
                        body = _message(views[path], state["consumerPid"], state["providerPid"])
                        answers.append(puppet.send(party, target, body))
                assert answers[0] == answers[1] == answers[2]
                assert answers[0][0] == 404
                tried += 1
    assert tried >= 10 * 8
    assert before == (pair.both(negotiation), pair.both(transfer, "transfers"))


def test_eight_openings_at_once_make_one_negotiation(pair: Pair, puppet: Puppet):
    """The same opening under eight message ids at the same moment: one row, one pid for all."""

    def ask(number: int) -> tuple[int, dict[str, Any]]:
        request = m.ContractRequestMessage(
            id=f"urn:m:{number}",
            consumer_pid=Pid("urn:uuid:crow-1"),
            offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
            callback_address=puppet.base,
        )
        return puppet.send(pair.provider, "/negotiations/request", request)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert {status for status, _ in answers} == {201}
    assert len({body["providerPid"] for _, body in answers}) == 1
    assert len(pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"]) == 1
    pair.provider.deliver()
    assert len(puppet.messages("ContractAgreementMessage")) == 1


def test_finalized_against_terminated_at_once(pair: Pair):
    """The consumer terminates while FINALIZED is on its way: both sides end TERMINATED."""
    pid = pair.negotiate()
    pair.consumer.deliver(1)  # request
    pair.provider.deliver(1)  # agreement
    pair.consumer.deliver(1)  # verification: the provider's FINALIZED is in flight now
    ours, theirs = pair.both(pid)
    assert (ours["state"], theirs["state"]) == ("VERIFIED", "VERIFIED")
    assert theirs["inFlight"] == "Event FINALIZED"
    pair.consumer.manage("POST", f"/v1/negotiations/{pid}/terminate", {"code": "no"})
    for _ in range(4):
        pair.provider.deliver(1)
        pair.consumer.deliver(1)
        pair.clock.advance(5)
    ours, theirs = pair.both(pid)
    assert (ours["state"], theirs["state"]) == ("TERMINATED", "TERMINATED")
    for party in (pair.consumer, pair.provider):
        (agreement,) = party.manage("GET", "/v1/agreements")[1]["agreements"]
        assert agreement["inForce"] is False


def test_what_is_answered_is_json_of_the_protocol(pair: Pair):
    """Errors have the protocol's type and media type on every route, without a token too."""
    for method, path in _rules(pair):
        url = pair.provider.url + BASE + path.replace("<pid>", "urn:x")
        answer = pair.net.request(method, url, body=b"{}" if method == "POST" else None)
        kind = "TransferError" if "/transfers/" in path else "ContractNegotiationError"
        assert (answer.status, json.loads(answer.body)["@type"]) == (404, kind)
        assert answer.headers["content-type"] == "application/json"
