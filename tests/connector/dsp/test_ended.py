"""Ending an agreement, with or without a transfer, and getting one back that was lost."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import delete, select

from connector.areas.dsp import doctored, store
from connector.areas.dsp.recovery import missing
from connector.areas.dsp.rows import AgreementRow, ProcessRow, SignatureRow
from connector.process.errors import NotFound
from connector.process.ports import Response
from connector.store.rows import LogEntryRow
from contracts import messages as m
from contracts.evidence import parse_leaf
from crypto.b64 import b64url
from tests.connector.dsp.area import AREAS
from tests.connector.dsp.playing import P, agree, negotiate, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.connector.dsp.conftest import Pair, Puppet
    from tests.simulators import Party


def _end(party: Party, agreement: str, **why: Any) -> dict[str, Any]:
    status, found = party.manage("POST", f"/v1/agreements/{agreement}/end", why)
    assert status == 200, found
    shown: dict[str, Any] = found
    return shown


def _shown(party: Party, agreement: str) -> dict[str, Any]:
    status, found = party.manage("GET", f"/v1/agreements/{agreement}")
    assert status == 200, found
    shown: dict[str, Any] = found
    return shown


def _leaves(party: Party, state: str) -> list[dict[str, Any]]:
    with party.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()  # type: ignore[arg-type]
    leaves = [parse_leaf(row.entry) for row in rows]
    return [leaf for leaf in leaves if leaf["kind"] == "AGREEMENT" and leaf.get("to") == state]


def _sides(pair: Pair, side: str) -> tuple[Party, Party]:
    return (pair.consumer, pair.provider) if side == "consumer" else (pair.provider, pair.consumer)


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_an_agreement_without_a_transfer_is_ended_by_either_side(pair: Pair, side: str):
    """Over on both sides, with a leaf each; nothing opens under it; a repeat changes nothing."""
    agreement = pair.agreement()
    ours, theirs = _sides(pair, side)
    found = _end(ours, agreement, reason="enough", code="enough")
    assert (found["inForce"], found["endedBy"], found["told"]) == (False, ours.did, True)
    assert found["endedWhy"] == {"code": "enough", "reason": ["enough"]}
    pair.settle()
    there = _shown(theirs, agreement)
    assert (there["inForce"], there["endedBy"]) == (False, ours.did)
    assert there["endedWhy"] == found["endedWhy"]
    assert [leaf["agreement"] for leaf in _leaves(ours, "ended")] == [agreement]
    assert [leaf["agreement"] for leaf in _leaves(theirs, "ended")] == [agreement]

    again = _end(ours, agreement, reason="once more")
    assert (again["ended"], again["endedWhy"]) == (found["ended"], found["endedWhy"])
    pair.settle()
    assert len(_leaves(ours, "ended")) == len(_leaves(theirs, "ended")) == 1
    status, answer = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    assert (status, answer["error"]["code"]) == (409, "agreement-ended")
    assert ours.did in answer["error"]["message"]


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_its_transfers_end_with_it(pair: Pair, side: str):
    """What is open is terminated in the protocol's own words, with code and reason."""
    pid = pair.started()
    agreement = pair.both(pid, "transfers")[0]["agreement"]
    ours, _ = _sides(pair, side)
    _end(ours, agreement, reason="enough")
    pair.settle()
    for found in pair.both(pid, "transfers"):
        assert found["state"] == "TERMINATED"
        assert found["ended"] == {"by": ours.did, "code": "agreement.ended", "reason": ["enough"]}


def test_an_agreement_that_ended_with_a_transfer_is_told_of_when_it_is_ended(pair: Pair):
    """Its provider terminated the transfer: over there it stands in force until it is said, once."""
    pid = pair.started()
    transfer = pair.both(pid, "transfers")[1]
    agreement = transfer["agreement"]
    path = f"/v1/transfers/{transfer['pid']}/terminate"
    assert pair.provider.manage("POST", path, {})[0] == 200
    pair.settle()
    assert not _shown(pair.provider, agreement)["inForce"]
    assert _shown(pair.consumer, agreement)["inForce"]
    assert _end(pair.provider, agreement)["told"]
    pair.settle()
    assert not _shown(pair.consumer, agreement)["inForce"]
    assert len(_leaves(pair.consumer, "ended")) == len(_leaves(pair.provider, "ended")) == 1
    sent = len(pair.net.sent)
    assert _end(pair.provider, agreement)["told"]
    pair.settle()
    assert len(pair.net.sent) == sent  # nothing new was said


def test_a_transfer_is_refused_by_who_has_ended_it(pair: Pair):
    """The provider's end has not reached the consumer: its request is refused with the reason."""
    agreement = pair.agreement()
    pair.net.fault = lambda _m, url, _b: (
        Response(status=500, headers={}, body=b"") if url.endswith("/end") else None
    )
    _end(pair.provider, agreement)
    pair.settle()
    assert _shown(pair.consumer, agreement)["inForce"]
    _, body = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    pair.settle()
    _, found = pair.consumer.manage("GET", f"/v1/transfers/{body['pid']}")
    assert (found["state"], found["ended"]["code"]) == ("TERMINATED", "agreement.ended")
    assert "ended by the provider" in found["ended"]["reason"][0]


@pytest.mark.parametrize(
    "why",
    [
        {"code": "x" * 201},
        {"code": "two\nlines"},
        {"reason": ["no"] * 101},
        {"reason": "x" * 40_000},
    ],
)
def test_what_the_other_side_would_not_take_ends_nothing(pair: Pair, why: dict[str, Any]):
    """A code or reasons beyond what a message carries are refused before anything is done."""
    agreement = pair.agreement()
    status, _ = pair.consumer.manage("POST", f"/v1/agreements/{agreement}/end", why)
    assert status == 400
    assert _shown(pair.consumer, agreement)["inForce"]
    assert _leaves(pair.consumer, "ended") == []


def test_looking_at_agreements_makes_no_database(pair: Pair, tmp_path: Path):
    """A database that is lost stays lost: the doctor changes nothing."""
    empty = tmp_path / "empty"
    empty.mkdir()
    settings = replace(pair.consumer.node.settings, data=empty, database="")
    assert doctored.examine(settings) == []
    assert list(empty.iterdir()) == []


def test_an_end_survives_a_restart(pair: Pair):
    """Ended is ended, also for the process that comes after."""
    agreement = pair.agreement()
    _end(pair.consumer, agreement, reason="enough")
    pair.consumer = pair.consumer.restart(AREAS)
    try:
        assert _shown(pair.consumer, agreement)["endedWhy"]["reason"] == ["enough"]
        pair.settle()
        assert not _shown(pair.provider, agreement)["inForce"]
    finally:
        pair.consumer.close()


def test_a_plain_peer_is_not_told_and_it_is_said(pair: Pair, puppet: Puppet):
    """Signed by us only: over here, no message leaves, and the answer says so."""
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    agree(pair, puppet, pid)
    pair.consumer.deliver()
    assert _refused(pair.consumer, "urn:agreement:crow") == (409, "agreement-not-final")
    _finalize(pair, puppet, pid)
    sent = len(puppet.got)
    found = _end(pair.consumer, "urn:agreement:crow")
    pair.consumer.deliver()
    assert (found["inForce"], found["told"]) == (False, False)
    assert len(puppet.got) == sent


def _finalize(pair: Pair, puppet: Puppet, pid: str) -> None:
    event = m.ContractNegotiationEventMessage(
        id="urn:f", consumer_pid=m.Pid(pid), provider_pid=P, event_type="FINALIZED"
    )
    assert puppet.send(pair.consumer, f"/negotiations/{pid}/events", event)[0] == 200


def _refused(party: Party, agreement: str) -> tuple[int, str]:
    status, answer = party.manage("POST", f"/v1/agreements/{agreement}/end", {})
    return status, answer["error"]["code"]


def test_nobody_ends_the_agreements_of_others(pair: Pair, puppet: Puppet):
    """A third party's word about an agreement of ours is that about an unknown one."""
    agreement = pair.agreement()
    url = f"{pair.provider.url}/voile/v1/agreements/{agreement}/end"
    body = json.dumps({"code": "x", "reason": []}).encode()
    answer = puppet.party.node.peers.call(pair.provider.did, "POST", url, body=body)
    assert answer.status == 404
    assert _shown(pair.provider, agreement)["inForce"]
    assert _refused(pair.consumer, "urn:none") == (404, "agreement-missing")


def test_ending_does_not_begin_the_count_anew(pair: Pair):
    """A consumer that ends and asks again is bound by what it had, until the provider ends it."""
    agreement = pair.agreement()
    _end(pair.consumer, agreement)
    pair.settle()
    pid = pair.negotiate_and_settle()
    _, found = pair.consumer.manage("GET", f"/v1/negotiations/{pid}")
    (reason,) = found["ended"]["reason"]
    assert (reason["code"], reason["given"]) == ("agreement.ended-by-consumer", agreement)
    assert _end(pair.provider, agreement)["endedBy"] == pair.provider.did
    assert [leaf["from"] for leaf in _leaves(pair.provider, "released")] == ["ended"]
    assert pair.both(pair.negotiate_and_settle())[0]["state"] == "FINALIZED"


# --- what was lost --------------------------------------------------------------------------


def _forget(party: Party) -> None:
    """Put the consumer back to before all its contracts, as the restore of a backup does."""
    with party.node.db.transaction() as tx:
        for row in tx.session.exec(select(AgreementRow)).all():
            with suppress(NotFound):
                party.node.secrets.delete(tx, store.process_key_name(row.negotiation))
        for table in (SignatureRow, AgreementRow, ProcessRow):
            tx.session.execute(delete(table))


def _recover(pair: Pair) -> dict[str, Any]:
    body = {"provider": pair.provider.did}
    status, found = pair.consumer.manage("POST", "/v1/agreements/recover", body)
    assert status == 200, found
    told: dict[str, Any] = found
    return told


def test_a_restored_consumer_gets_its_agreements_back(pair: Pair):
    """Stuck before; then the same agreement, signatures and key, a leaf, and a transfer that runs."""
    agreement, other = pair.agreement(), pair.agreement_of("urn:dataset:1")
    before = _shown(pair.consumer, agreement)
    _forget(pair.consumer)
    pid = pair.negotiate_and_settle()
    _, why = pair.consumer.manage("GET", f"/v1/explain/{pid}")
    assert f"voile agreements recover --from {pair.provider.did}" in why["next"]
    with pair.consumer.node.db.reading() as session:
        assert missing(session) == [(pair.provider.did, agreement)]
    assert doctored.examine(pair.provider.node.settings)[0].text.startswith("2 in force")
    said = doctored.examine(pair.consumer.node.settings)[-1]
    assert (said.state, agreement in said.text) == ("note", True)
    assert f"voile agreements recover --from {pair.provider.did}" in said.next_step

    found = _recover(pair)
    assert (set(found["recovered"]), found["refused"]) == ({agreement, other}, [])
    after = _shown(pair.consumer, agreement)
    assert after["inForce"]
    assert {**after, "finalized": ""} == {**before, "finalized": "", "stages": after["stages"]}
    assert [s["jws"] for s in after["stages"]] == [s["jws"] for s in before["stages"]]
    leaves = _leaves(pair.consumer, "RECOVERED")
    assert {leaf["agreement"] for leaf in leaves} == {agreement, other}
    assert all(len(leaf["sig"]) == len(after["stages"]) for leaf in leaves)
    assert set(_recover(pair)["known"]) == {agreement, other}
    with pair.consumer.node.db.reading() as session:
        assert missing(session) == []

    _, body = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    pair.settle()
    assert pair.both(body["pid"], "transfers")[0]["state"] == "STARTED"
    _end(pair.consumer, agreement)
    pair.settle()
    assert not _shown(pair.provider, agreement)["inForce"]


def test_what_comes_back_is_kept_beside_another_that_took_its_id_meanwhile(
    pair: Pair, puppet: Puppet
):
    """Both sides had signed it, so nobody's choice of an id keeps it away; each has its pid."""
    lost = pair.agreement()
    _forget(pair.consumer)
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    assert agree(pair, puppet, pid, **{"@id": lost})[0] == 200
    pair.net.fault = puppet.hear
    assert _recover(pair)["recovered"] == [lost]
    assert _refused(pair.consumer, lost) == (409, "agreement-ambiguous")
    with pair.consumer.node.db.reading() as session:
        rows = {row.counterparty: row for row in session.exec(select(AgreementRow)).all()}
    mine, theirs = rows[pair.provider.did], rows[puppet.did]
    assert (mine.namesakes, theirs.namesakes, theirs.negotiation) == (1, 0, pid)
    assert _shown(pair.consumer, mine.negotiation)["inForce"]


def _changed(pair: Pair, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Recover from a provider that shows something else than it has."""
    pair.net.fault = None
    url = f"{pair.provider.url}/voile/v1/agreements?after="
    honest = pair.consumer.node.peers.call(pair.provider.did, "GET", url)
    page = json.loads(honest.body)
    change(page["agreements"][0])

    def lie(method: str, url: str, _body: bytes) -> Response | None:
        if method == "GET" and "/agreements?" in url:
            return Response(status=200, headers={}, body=json.dumps(page).encode())
        return None

    pair.net.fault = lie
    return _recover(pair)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda it: it["agreement"].update(target="urn:other"), "signature"),
        (lambda it: it["agreement"]["permission"][0].pop("constraint"), "signature"),
        (lambda it: it["agreement"].update({"@id": "urn:other"}), "signature"),
        (lambda it: it.update(consumerPid="urn:uuid:other"), "signature"),
        (lambda it: it["stages"].pop("VERIFIED"), "agreement-unsigned"),
        (lambda it: it["stages"].update(VERIFIED=it["stages"]["AGREED"]), "agreement-signature"),
        (lambda it: it["agreement"].update(assignee="did:web:crow.example"), "agreement-foreign"),
        (lambda it: it.pop("providerPid"), "message.malformed"),
        (lambda it: it.update(processKey=b64url(b"short")), "message.process-key"),
    ],
)
def test_a_provider_makes_up_no_agreement(
    pair: Pair, change: Callable[[dict[str, Any]], None], code: str
):
    """Another term, target, id or party, a stage less, or one signed by another: nothing is kept."""
    pair.agreement()
    _forget(pair.consumer)
    found = _changed(pair, change)
    assert found["recovered"] == []
    assert [item["code"] for item in found["refused"]] == [code]
    assert pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"] == []
    assert _leaves(pair.consumer, "RECOVERED") == []


def test_what_ended_here_is_not_brought_back(pair: Pair):
    """A negotiation that is known here stays as it is, whatever its provider shows."""
    agreement = pair.agreement()
    with pair.consumer.node.db.transaction() as tx:
        tx.session.execute(delete(AgreementRow))
        row = tx.session.exec(select(ProcessRow)).one()
        row.state = "TERMINATED"
        tx.session.add(row)
    (refused,) = _recover(pair)["refused"]
    assert (refused["agreement"], refused["code"]) == (agreement, "negotiation-known")
    assert pair.consumer.manage("GET", "/v1/agreements")[1]["agreements"] == []


def test_agreements_are_shown_to_their_consumer_only(pair: Pair, puppet: Puppet):
    """A third party sees none of them; page after page the consumer sees all."""
    for number in range(5):
        pair.agreement_of(f"urn:dataset:{number}")
    url = f"{pair.provider.url}/voile/v1/agreements"
    answer = puppet.party.node.peers.call(pair.provider.did, "GET", url)
    assert json.loads(answer.body) == {"agreements": [], "next": ""}
    assert len(_recover(pair)["known"]) == 5
