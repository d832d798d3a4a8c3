"""Totals are acknowledged: between consumer and suppliers, and by the aggregator to all of them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from connector.process.ports import Response, unix
from connector.store.rows import AckRow, LogEntryRow
from contracts.audit.diff import diff
from contracts.promises import (
    HEADER,
    Ack,
    Promised,
    make_ack,
    statement_mark,
    verify_ack,
    write_line,
)
from crypto.canonical import canonical
from crypto.did import DidDocument
from tests.connector.audit.forging import lines_of, resign_as, rewrite
from tests.connector.audit.second import verified
from tests.connector.cohort.test_audit import bundles
from tests.connector.cohort.test_renewal import grown, renewed

if TYPE_CHECKING:
    from contracts.audit.verify import Bundle
    from tests.connector.cohort.alliance import Alliance
    from tests.simulators import Party


def told(holder: Party, giver: Party) -> list[str]:
    """What a party keeps of another, verified: of each the leaf's state, kind and message."""
    with holder.node.db.reading() as session:
        query = select(AckRow).where(AckRow.did == giver.did).order_by(AckRow.index)
        rows = list(session.execute(query).scalars())
        ours = [json.loads(e) for e in session.execute(select(LogEntryRow.entry)).scalars()]
    marks = {leaf.get("corr") for leaf in ours}
    marks |= {statement_mark(digest) for leaf in ours for digest in leaf.get("sig", ())}
    with giver.node.db.reading() as session:
        leaves = {row.index: row for row in session.execute(select(LogEntryRow)).scalars()}
    document = holder.node.peers.at_hand(giver.did)
    found = []
    for row in rows:
        leaf = json.loads(leaves[row.index].entry)
        assert leaves[row.index].leaf_hash.hex() == row.leaf_hash
        assert row.corr in {leaf.get("corr"), *map(statement_mark, leaf.get("sig", ()))}
        assert row.corr in marks
        ack = Ack(Promised(row.log, row.corr, row.index, row.leaf_hash, row.accepted), row.jws)
        assert verify_ack(
            ack, giver.did, lambda kid: document.key(kid, relationship="assertionMethod")
        )
        if leaf["kind"] in {"NEGOTIATION", "TRANSFER"}:
            continue
        found.append(leaf.get("msg", {}).get("type") or leaf.get("query", {}).get("table")
                     or leaf.get("to", ""))  # fmt: skip
    return found


def promised(alliance: Alliance) -> None:
    """What the buyer owes its suppliers goes out."""
    alliance.buyer.node.replies.flush()
    alliance.settle(alliance.buyer)


def of_a_total(alliance: Alliance) -> None:
    """A total's messages are kept as they should be, by everybody who took part."""
    hub, buyer = alliance.hub, alliance.buyer
    assert told(buyer, hub) == ["COLLECTING", "RELEASED"]
    for name, party in alliance.suppliers.items():
        # its joining, marks, indicators and batch; and how it ended, where it was told at once
        assert told(party, hub)[:4] == ["joining", "marks", "COLLECTING", "CLEARED"], name
        said = ["CohortQuestion", "CohortAcceptance", "CohortContribution", "SETTLED"]
        assert told(buyer, party) == said, name
        assert told(party, buyer) == ["CohortAcceptance", "CohortContribution"], name


@pytest.mark.long
def test_each_message_of_a_total_that_has_a_leaf_is_acknowledged(alliance: Alliance):
    """The session, every acceptance, indicators, batch, contribution, outcome; a plan has no leaf."""
    alliance.answer(alliance.agreements())
    promised(alliance)
    of_a_total(alliance)


def test_a_refusal_is_acknowledged_by_who_gives_it(alliance: Alliance):
    """With the question that it refuses."""
    agreements = alliance.agreements()
    assert alliance.ask(agreements, purpose="creditRating")[0] == 403
    refused = {
        kind for party in alliance.suppliers.values() for kind in told(alliance.buyer, party)
    }
    assert refused <= {"CohortQuestion", "CohortRefusal", "CohortAcceptance"}
    assert {"CohortQuestion", "CohortRefusal"} <= refused


@pytest.mark.long
def test_what_was_lost_on_its_way_is_promised_when_it_is_said_again(alliance: Alliance):
    """Each answer that bears promises is lost once, to consumer and suppliers alike."""
    agreements, net = alliance.agreements(), alliance.buyer.net
    request, lost = net.request, set()

    def losing(method: str, url: str, **how: object) -> Response:
        answer = request(method, url, **how)  # type: ignore[arg-type]
        step = url if "/cohorts/" in url or "/aggregations/" in url else ""
        if (
            step
            and not step.endswith("/end")
            and step not in lost
            and HEADER.lower() in answer.headers
        ):
            lost.add(step)
            return Response(status=503, headers={}, body=b"")
        return answer

    net.request = losing  # type: ignore[assignment]
    alliance.answer(agreements)
    promised(alliance)
    of_a_total(alliance)
    assert len(lost) > 8


@pytest.mark.long
def test_peers_that_are_no_voile_are_promised_nothing(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
):
    """And the total goes on."""
    agreements = alliance.agreements()
    monkeypatch.setattr(DidDocument, "is_voile", property(lambda _: False))
    alliance.answer(agreements)
    for party in alliance.suppliers.values():
        assert told(alliance.buyer, party) == told(party, alliance.hub) == []


@pytest.mark.long
def test_a_renewal_is_acknowledged(alliance: Alliance):
    """What owners ask, and every round of what would change."""
    alliance.answer(alliance.agreements())
    grown(alliance)
    renewed(alliance)
    for party in alliance.suppliers.values():
        assert Counter(told(party, alliance.hub))["renewal"] == 1
        assert Counter(told(party, alliance.hub))["changes"] >= 1


def shown(bundle: Bundle, party: Party, lines: list[bytes]) -> Bundle:
    """Another history, signed by its firm with its true keys."""
    case: Any = SimpleNamespace(pair=SimpleNamespace(consumer=party), consumer=bundle)
    return rewrite(case, lines)


def proofs(one: Bundle, other: Bundle) -> set[tuple[str, str]]:
    found = diff(one, other).findings
    return {(each.code, each.where) for each in found if each.level == "proof"}


@pytest.mark.long
def test_whoever_leaves_out_what_it_promised_is_convicted_and_nobody_else(alliance: Alliance):
    """The hub a batch, a supplier its contribution, the buyer an acceptance: by whom they told it."""
    alliance.answer(alliance.agreements())
    promised(alliance)
    found = bundles(alliance)
    for name, bundle in found.items():
        assert verified(bundle).findings == (), name
    honest = diff(found["acme"], found["hub"])
    assert honest.findings == ()
    assert honest.counts["acks"] == 4 + (
        "RELEASED" in told(alliance.suppliers["acme"], alliance.hub)
    )
    acme, hub, buyer = alliance.suppliers["acme"], alliance.hub, alliance.buyer
    guilty = {
        ("hub", "acme"): (hub, told_of(hub, acme, "CLEARED")),
        ("hub", "buyer"): (hub, told_of(hub, buyer, "RELEASED")),
        ("acme", "buyer"): (acme, told_of(acme, buyer, "CohortContribution")),
        ("buyer", "acme"): (buyer, told_of(buyer, acme, "CohortAcceptance")),
    }
    for (who, by), (party, at) in guilty.items():
        lines = lines_of(found[who])
        extra = canonical(json.loads(lines[-1]) | {"id": "0" * 32})
        bent = canonical(json.loads(lines[at]) | {"actor": "somebody"})
        for forged in (
            [*lines[:at], *lines[at + 1 :], extra],
            [*lines[:at], bent, *lines[at + 1 :]],
        ):
            said = proofs(shown(found[who], party, forged), found[by])
            assert ("broken-promise", party.did) in said, (who, by)
            assert {where for code, where in said if code == "broken-promise"} == {party.did}


def told_of(giver: Party, holder: Party, what: str) -> int:
    """Where the promised leaf of a message is."""
    with holder.node.db.reading() as session:
        query = select(AckRow.index).where(AckRow.did == giver.did).order_by(AckRow.index)
        places = list(session.execute(query).scalars())
    with giver.node.db.reading() as session:
        leaves = {row.index: row.entry for row in session.execute(select(LogEntryRow)).scalars()}
    named = [at for at in places if f'"{what}"'.encode() in leaves[at]]
    return named[-1]


@pytest.mark.long
def test_a_promise_of_a_statement_that_no_leaf_names_is_unlogged(alliance: Alliance):
    """Both verifiers: whoever puts one there afterwards is found out."""
    alliance.answer(alliance.agreements())
    found = bundles(alliance)["acme"]
    (path,) = (p for p in found.files if p.startswith("acks/") and b"hub" in found.files[p])
    line = found.files[path].split(b"\n")[0]
    acme, hub = alliance.suppliers["acme"], alliance.hub
    keys = hub.node.keys
    told = json.loads(line)
    other = Promised(
        told["log"], statement_mark("sha-256:" + "0" * 64), told["index"], told["hash"]
    )
    ack = make_ack(
        other, key=keys.agreements, kid=keys.agreements_kid, now=unix(hub.node.clock.now())
    )
    files = {**found.files, path: found.files[path] + write_line(hub.did, ack) + b"\n"}
    report = verified(resign_as(acme, replace(found, files=files)))
    assert [one.code for one in report.findings] == ["ack-unlogged"]
