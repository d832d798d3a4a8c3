"""What cannot be read is shown as such, with its id and why, and hides nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.dsp.rows import AgreementRow, ProcessRow
from connector.process.ports import Response
from contracts import messages as m
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.playing import agree, negotiate, serve

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

NOVEL = {"leftOperand": "inForceDate", "operator": "gteq", "rightOperand": "contractAgreement+0s"}


def _with_novel_term() -> list[dict[str, Any]]:
    permission: list[dict[str, Any]] = json.loads(json.dumps(offer_of(OPEN)["permission"]))
    permission[0]["constraint"].append(NOVEL)
    return permission


def test_an_agreement_in_terms_that_we_do_not_know_hides_no_other(pair: Pair, puppet: Puppet):
    """A provider adds a term after we read its offer: ended here, listed, and the others stay."""
    good = pair.agreement()
    serve(pair, puppet)
    puppet.answers["/signatures"] = (200, b'{"stages": {}}')
    pid = negotiate(pair, puppet)
    assert agree(pair, puppet, pid, permission=_with_novel_term())[0] == 200
    pair.consumer.deliver()
    assert pair.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"] == "TERMINATED"

    status, found = pair.consumer.manage("GET", "/v1/agreements")
    assert status == 200
    shown = {item["id"]: item for item in found["agreements"]}
    assert shown[good]["inForce"]
    assert shown[good]["unreadable"] == ""
    lost = shown["urn:agreement:crow"]
    assert not lost["inForce"]
    assert "/permission/0/constraint/" in lost["unreadable"]
    status, one = pair.consumer.manage("GET", "/v1/agreements/urn:agreement:crow")
    assert (status, one["body"]["permission"]) == (200, _with_novel_term())


@pytest.mark.parametrize("body", ['{"permission": [{"action": "lend"}]}', "[]", "no json"])
def test_nothing_is_done_under_an_agreement_that_cannot_be_read(pair: Pair, body: str):
    """One that an older version wrote, in force: listed on both sides, and no transfer opens."""
    known, other = pair.agreement(), pair.agreement_of("urn:dataset:1")
    for party in (pair.consumer, pair.provider):
        with party.node.db.transaction() as tx:
            row = tx.session.exec(select(AgreementRow).where(AgreementRow.agreement == known)).one()
            row.body = body
            tx.session.add(row)
    for party in (pair.consumer, pair.provider):
        _, found = party.manage("GET", "/v1/agreements")
        shown = {item["id"]: bool(item["unreadable"]) for item in found["agreements"]}
        assert shown == {known: True, other: False}
    status, answer = pair.consumer.manage("POST", "/v1/transfers", {"agreement": known})
    assert status == 400
    assert known in answer["error"]["message"]
    assert pair.consumer.manage("GET", "/v1/transfers")[1]["transfers"] == []


def test_a_process_that_cannot_be_read_hides_no_other(pair: Pair):
    """A row that is damaged stands in the list by its pid; the other is shown whole."""
    first, second = pair.negotiate(), pair.negotiate("urn:dataset:1")
    with pair.consumer.node.db.transaction() as tx:
        row = tx.session.get(ProcessRow, first)
        assert row is not None
        row.wanted = "{"
        tx.session.add(row)
    status, found = pair.consumer.manage("GET", "/v1/negotiations")
    shown = {item["pid"]: item for item in found["negotiations"]}
    assert status == 200
    assert shown[first]["counterparty"] == pair.provider.did
    assert shown[first]["unreadable"]
    assert shown[second]["providerPid"] == ""


def _catalogue(pair: Pair, puppet: Puppet, *datasets: Any) -> dict[str, Any]:
    """What the owner sees of a catalogue that the puppet writes by hand."""
    serve(pair, puppet)
    inner = pair.net.fault
    assert inner is not None
    body = m.to_object(m.Catalog(id="urn:c", participant_id="crow")) | {"dataset": list(datasets)}

    def hear(method: str, url: str, data: bytes) -> Response | None:
        if url.endswith("/catalog/request"):
            return Response(status=200, headers={}, body=json.dumps(body).encode())
        return inner(method, url, data)

    pair.net.fault = hear
    status, found = pair.consumer.manage("POST", "/v1/catalog", {"provider": puppet.did})
    assert status == 200, found
    return found


def _dataset(name: str, **change: Any) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "Dataset",
        "hasPolicy": [{**offer_of(OPEN), "@id": f"{name}:offer"}],
        "distribution": [{"@type": "Distribution", "format": "X", "accessService": "urn:s"}],
    } | change


def test_a_dataset_that_cannot_be_read_hides_no_other(pair: Pair, puppet: Puppet):
    """Without distributions, as of a connector without data plane; without an id; no object."""
    nameless = _dataset("")
    del nameless["@id"]
    found = _catalogue(
        pair, puppet, _dataset("urn:bare", distribution=[]), _dataset("urn:a"), nameless, 7
    )
    assert [item["@id"] for item in found["dataset"]] == ["urn:a"]
    lost = [(part["part"], part["id"]) for part in found["unreadable"]]
    assert lost == [("dataset", "urn:bare"), ("dataset", ""), ("dataset", "")]
    assert "/dataset/0/distribution" in found["unreadable"][0]["why"]
    assert "/dataset/2/@id" in found["unreadable"][1]["why"]


def test_an_offer_that_cannot_be_read_hides_no_other(pair: Pair, puppet: Puppet):
    """One of no shape is left out, one of unknown terms is marked, the third is as it was."""
    good = {**offer_of(OPEN), "@id": "urn:good"}
    novel = {**good, "@id": "urn:novel", "permission": _with_novel_term()}
    shapeless = {"@id": "urn:shapeless", "@type": "Offer", "permission": []}
    found = _catalogue(pair, puppet, _dataset("urn:a", hasPolicy=[shapeless, novel, good]))
    assert [offer["@id"] for offer in found["dataset"][0]["hasPolicy"]] == ["urn:novel", "urn:good"]
    lost = {part["id"]: part for part in found["unreadable"]}
    assert lost.keys() == {"urn:shapeless", "urn:novel"}
    assert {part["dataset"] for part in lost.values()} == {"urn:a"}


def test_an_empty_catalogue_is_read(pair: Pair, puppet: Puppet):
    """A list of nothing, where the schema wants none at all: nothing is on offer, and no error."""
    found = _catalogue(pair, puppet)
    assert (found.get("dataset", []), found["unreadable"]) == ([], [])


def test_the_offer_that_can_be_read_is_asked_for_by_name(pair: Pair, puppet: Puppet):
    """Beside one that cannot be read none is chosen for us; the readable one is by its name."""
    shapeless = {"@id": "urn:shapeless", "@type": "Offer", "permission": []}
    serve(pair, puppet, more=(shapeless,))
    wanted = {"provider": puppet.did, "dataset": OPEN}
    status, answer = pair.consumer.manage("POST", "/v1/negotiations", wanted)
    assert (status, answer["error"]["code"]) == (400, "offer-ambiguous")
    assert "`urn:shapeless` (cannot be read)" in answer["error"]["message"]
    named = {**wanted, "offer": offer_of(OPEN)["@id"]}
    assert pair.consumer.manage("POST", "/v1/negotiations", named)[0] == 201
