"""Acknowledgements between two connectors: sent with the answer, kept by whoever sent the message."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock, patch

import pytest
from flask import Flask, g
from sqlalchemy import select

from connector.areas.audit.trusting import snapshot
from connector.evidence import promises
from connector.process.errors import RemoteError, StoreError
from connector.process.logs import logger
from connector.process.ports import Response, unix
from connector.store.rows import AckRow, LogEntryRow
from contracts.audit.diff import diff
from contracts.audit.verify import verify
from contracts.evidence import Entry
from contracts.promises import HEADER, Ack, Promised, from_header, make_ack, to_header, verify_ack
from crypto import notes
from crypto.canonical import canonical
from crypto.did import DidDocument
from tests.connector.audit.conftest import make_case
from tests.connector.audit.forging import lines_of, rewrite
from tests.connector.dsp.area import AREAS as DSP_AREAS
from tests.connector.dsp.conftest import Pair
from tests.connector.questions.conftest import market  # noqa: F401 -- a fixture
from tests.connector.questions.market import questions
from tests.simulators import Net

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.connector.questions.market import Market
    from tests.simulators import Party, StandingClock

MARK = "hmac-sha-256:" + "0" * 64
NAME = HEADER.lower()


def kept(party: Party) -> list[AckRow]:
    with party.node.db.reading() as session:
        return list(session.execute(select(AckRow).order_by(AckRow.index)).scalars())


def log(party: Party) -> list[LogEntryRow]:
    with party.node.db.reading() as session:
        return list(session.execute(select(LogEntryRow).order_by(LogEntryRow.index)).scalars())


def listening(party: Party) -> io.StringIO:
    """Read what a party logs from now on."""
    stream = io.StringIO()
    object.__setattr__(party.node, "log", logger(stream=stream))
    return stream


def hold(holder: Party, giver: Party) -> list[AckRow]:
    """What is kept: each of it verifies, and is a leaf of the giver's about a message of both."""
    rows, leaves = kept(holder), log(giver)
    ours = {json.loads(leaf.entry).get("corr") for leaf in log(holder)}
    document = holder.node.peers.at_hand(giver.did)
    for row in rows:
        assert row.did == giver.did
        assert row.log == giver.node.keys.log.public.thumbprint()
        leaf = leaves[row.index]
        assert leaf.leaf_hash.hex() == row.leaf_hash
        assert json.loads(leaf.entry)["corr"] == row.corr
        assert row.corr in ours
        before = (one for one in leaves[: row.index] if b'"HEAD_ACCEPTED"' in one.entry)
        assert row.accepted == "".join([one.leaf_hash.hex() for one in before][-1:])
        ack = Ack(Promised(row.log, row.corr, row.index, row.leaf_hash, row.accepted), row.jws)
        assert verify_ack(
            ack, giver.did, lambda kid: document.key(kid, relationship="assertionMethod")
        )
    return rows


class Wire:
    """Changes answers with acknowledgements on their way."""

    def __init__(self, net: Net, change: Callable[[Response], Response]) -> None:
        self.seen: list[str] = []
        request = Net.request

        def changed(*given: Any, **named: Any) -> Response:
            answer = request(net, *given, **named)
            if NAME in answer.headers:
                self.seen.append(answer.headers[NAME])
                answer = change(answer)
            return answer

        net.request = changed  # type: ignore[method-assign]


@pytest.fixture
def pair(party: Callable[..., Party], net: Net, clock: StandingClock) -> Pair:
    """Two parties that pin each other."""
    provider = party("acme", areas=DSP_AREAS, pin=["bolt"])
    consumer = party("bolt", areas=DSP_AREAS, pin=["acme"])
    return Pair(provider=provider, consumer=consumer, net=net, clock=clock)


def test_a_promise_names_the_newest_admission_of_its_log(pair: Pair):
    """None at first; then the leaf of it, in the process that wrote it and in the next."""
    checkpoints = pair.provider.node.checkpoints
    checkpoints.sign()
    pair.negotiate()
    pair.consumer.deliver(1)
    for _ in range(2):
        checkpoints.check_anchor(accept=True)
        newest = checkpoints.accepted
        assert newest == log(pair.provider)[-1].leaf_hash.hex()
    checkpoints.accepted = ""
    checkpoints.check_anchor()
    assert checkpoints.accepted == newest
    pair.settle()
    named = [row.accepted for row in hold(pair.consumer, pair.provider)]
    assert named == ["", newest]


def test_a_bundle_holds_the_key_of_each_kept_promise(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    """As of signatures: a key of which no document tells any more, and nobody can be asked."""
    pair.negotiate()
    pair.consumer.deliver(1)
    (row,) = kept(pair.consumer)
    keys, node = pair.provider.node.keys, pair.consumer.node
    gone = Mock(side_effect=RemoteError("gone", code="peer-unreachable"))
    monkeypatch.setattr(node.peers, "document", gone)
    with node.db.reading() as session:
        trust, _ = snapshot(node, session, [])
    (party,) = trust.parties
    assert (party.did, row.did) == (pair.provider.did,) * 2
    assert party.keys == ((keys.agreements_kid, keys.agreements.public),)


def test_a_promise_under_another_name_of_its_key_is_dropped(pair: Pair):
    """Its document has that name today."""
    keys, node = pair.provider.node.keys, pair.consumer.node
    kid = f"{pair.provider.did}#k"
    document = pair.provider.node.peers.at_hand(pair.provider.did)
    method = {"id": kid, "type": "JsonWebKey", "controller": pair.provider.did,
              "publicKeyJwk": dict(keys.agreements.public.jwk())}  # fmt: skip
    raw = dict(document.raw)
    raw["verificationMethod"] = [*raw["verificationMethod"], method]
    raw["assertionMethod"] = [*raw["assertionMethod"], kid]
    aliased = replace(DidDocument.parse(raw, expected=pair.provider.did), vouched=document.vouched)
    promised = Promised(keys.log.public.thumbprint(), MARK, 1, "0" * 64)
    for name, count in ((kid, 0), (keys.agreements_kid, 1)):
        with node.db.transaction() as tx:
            ack = make_ack(promised, key=keys.agreements, kid=name, now=unix(tx.now))
            with patch.object(type(node.peers), "at_hand", return_value=aliased):
                headers = {NAME: to_header(ack)}
                promises.keep(node, tx, pair.provider.did, headers, [MARK])
        assert len(kept(pair.consumer)) == count


def test_each_message_of_a_negotiation_is_acknowledged_both_ways(pair: Pair):
    """Request and verification by the provider, agreement and event by the consumer."""
    pair.agreement()
    types = [
        [json.loads(log(giver)[row.index].entry)["msg"]["type"] for row in hold(holder, giver)]
        for holder, giver in ((pair.consumer, pair.provider), (pair.provider, pair.consumer))
    ]
    assert types == [
        ["ContractRequestMessage", "ContractAgreementVerificationMessage"],
        ["ContractAgreementMessage", "ContractNegotiationEventMessage"],
    ]


def test_question_answer_and_refusal_are_acknowledged_once(market: Market):  # noqa: F811
    """The provider's leaf of the question and that of its reply; asked again, no second one."""
    agreement = market.agreement()
    before = len(kept(market.consumer))
    market.answer(agreement, questions(1)[0])
    assert market.reasons(agreement, "SELECT SUM(comment) FROM deliveries")
    rows = hold(market.consumer, market.provider)[before:]
    kinds = [log(market.provider)[row.index].kind for row in rows]
    assert kinds == ["QUESTION", "ANSWER", "QUESTION", "REFUSAL"]


def test_an_answer_that_was_lost_brings_its_promises_when_it_is_asked_for_again(
    market: Market,  # noqa: F811
    net: Net,
):
    """Of a question that is known, and of a message of the protocol."""
    agreement = market.agreement()
    lost: list[str] = []
    request = Net.request

    def losing(*given: Any, **named: Any) -> Response:
        answer = request(net, *given, **named)
        if NAME in answer.headers and not lost:
            lost.append(answer.headers[NAME])
            return Response(status=502, headers={}, body=b"")
        return answer

    net.request = losing  # type: ignore[method-assign]
    before = len(kept(market.consumer))
    market.answer(agreement, questions(1)[0])
    assert lost
    rows = hold(market.consumer, market.provider)[before:]
    assert [log(market.provider)[row.index].kind for row in rows] == ["QUESTION", "ANSWER"]
    assert [(row.index, row.leaf_hash) for row in rows] == [
        (index, leaf) for index, leaf, _, _ in from_header(lost[0])
    ]
    lost.clear()
    offered = market.agreement("strict", started=False)
    assert lost
    assert offered
    hold(market.consumer, market.provider)
    hold(market.provider, market.consumer)


def test_a_repeat_costs_the_same_however_long_its_process_is(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    """And many refusals of a question do not keep its answer from being promised."""
    node, did = pair.provider.node, pair.consumer.did
    told: dict[str, Any] = {"counterparty": did, "process": "q", "agreement": "urn:a"}
    read = Mock(wraps=promises.parse_leaf)
    monkeypatch.setattr(promises, "parse_leaf", read)

    def leaf(kind: str, direction: str, message: str = "q") -> Entry:
        mark = "hmac-sha-256:" + hashlib.sha256(f"{kind} {message}".encode()).hexdigest()
        msg = {"direction": direction, "type": kind, "id": message}
        return Entry(kind=kind, corr=mark, msg=msg, **told)

    def promised(change: Callable[[Any], None]) -> list[int]:
        with Flask("one").test_request_context():
            g.voile_caller = SimpleNamespace(did=did, document=SimpleNamespace(is_voile=True))
            with node.db.transaction() as tx:
                change(tx)
            return [from_header(text)[0][0] for text in g.get("voile_acks", [])]

    def taken(tx: Any) -> None:
        promises.append(node, tx, leaf("QUESTION", "in"))
        for number in range(6):
            promises.append(node, tx, leaf("REFUSAL", "out"))
            promises.append(node, tx, leaf("QUESTION", "in", f"other-{number}"))
        promises.append(node, tx, leaf("ANSWER", "out"))

    first = promised(taken)
    for _ in range(2):
        again = promised(lambda tx: promises.again(node, tx, did, "q", "q"))
        assert again == [first[0], first[-1]]
    assert read.call_count == 4
    assert promised(lambda tx: promises.again(node, tx, pair.provider.did, "q", "q")) == []


def bent(answer: Response, text: str) -> Response:
    return replace(answer, headers={**answer.headers, NAME: text})


def test_a_wrong_acknowledgement_is_dropped_and_business_goes_on(pair: Pair):
    """Another leaf, another log, another key, another time, nonsense, too many, none: nothing kept."""
    keys = pair.provider.node.keys
    other = pair.consumer.node.keys
    now = int(pair.clock.now().timestamp())

    def made(text: str, **change: Any) -> str:
        index, leaf, _, _ = from_header(text)[0]
        told: dict[str, Any] = {
            "log": keys.log.public.thumbprint(), "corr": "hmac-sha-256:" + "0" * 64,
            "index": index, "hash": leaf,
        }  # fmt: skip
        how: dict[str, Any] = {"key": keys.agreements, "kid": keys.agreements_kid, "now": now}
        how |= {name: change.pop(name) for name in tuple(change) if name in how}
        return to_header(make_ack(Promised(**told | change), **how))

    wrong: list[Callable[[str], str]] = [
        lambda text: text.replace(";", ";0", 1),
        lambda text: str(from_header(text)[0][0] + 1) + text[text.index(";") :],
        made,  # of a message that we never sent
        lambda text: made(text, key=other.agreements, kid=other.agreements_kid),
        lambda text: made(text, log=other.log.public.thumbprint()),
        lambda _: "nonsense",
        lambda text: ", ".join([text] * 5),
        lambda _: "",
    ]
    for change in wrong:
        wire = Wire(
            pair.net, lambda answer, change=change: bent(answer, change(answer.headers[NAME]))
        )
        assert pair.negotiate_and_settle()
        assert wire.seen
        assert kept(pair.consumer) == kept(pair.provider) == []


def test_a_wrong_promise_before_a_right_one_does_not_keep_that_out(pair: Pair):
    """One that fits none of our messages is left aside, and what follows is looked at."""

    def crowded(answer: Response) -> Response:
        index, rest = answer.headers[NAME].split(";", 1)
        wrong = f"{int(index) + 1};{rest}"
        return bent(answer, f"{wrong}, {wrong}, {answer.headers[NAME]}, {wrong}")

    said = listening(pair.consumer)
    wire = Wire(pair.net, crowded)
    pair.negotiate()
    pair.consumer.deliver(1)
    assert wire.seen
    assert len(hold(pair.consumer, pair.provider)) == 1
    assert "ack-" not in said.getvalue()  # nothing is missing: nobody needs to read of the others


def test_a_promise_that_is_missing_is_said(pair: Pair):
    """Where none that came fits what we wait for, the log says why not."""
    said = listening(pair.consumer)
    Wire(pair.net, lambda answer: bent(answer, f"1{answer.headers[NAME]}"))
    pair.negotiate()
    pair.consumer.deliver(1)
    assert kept(pair.consumer) == []
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [one["event"] for one in lines if "ack" in one["event"]] == ["ack-dropped"]


def test_a_promise_whose_time_is_far_from_ours_is_dropped(pair: Pair):
    """Who dates it forward could always show a bundle that is older than it."""

    def late(answer: Response) -> Response:
        pair.clock.advance(301)
        return answer

    Wire(pair.net, late)
    pair.negotiate()
    pair.consumer.deliver(1)
    assert kept(pair.consumer) == []


def test_no_promise_leaves_before_its_leaf_is_durable(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    """The commit fails after the promise was signed: the answer is an error and carries none."""
    signed: list[object] = []
    real = promises.make_ack
    monkeypatch.setattr(
        promises, "make_ack", lambda *given, **named: signed.append(1) or real(*given, **named)
    )
    db = pair.provider.node.db
    commit = db._commit
    failing = [True]

    def fails(connection: Any) -> None:
        if failing and signed:
            failing.clear()
            raise StoreError("the disk", code="store-failed")
        commit(connection)

    monkeypatch.setattr(db, "_commit", fails)
    wire = Wire(pair.net, lambda answer: answer)
    pair.negotiate()
    before = len(log(pair.provider))
    pair.consumer.deliver(1)
    assert (len(signed), failing, wire.seen) == (1, [], [])
    assert len(log(pair.provider)) == before
    assert kept(pair.consumer) == []
    pair.clock.advance(1)
    pair.settle()
    assert len(hold(pair.consumer, pair.provider)) == 2


def test_a_peer_that_is_no_voile_gets_no_header(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    """The official kit and EDC see what they saw before."""
    monkeypatch.setattr(DidDocument, "is_voile", property(lambda _: False))
    wire = Wire(pair.net, lambda answer: answer)
    pair.agreement()
    assert wire.seen == []
    assert kept(pair.consumer) == kept(pair.provider) == []


def test_a_dropped_leaf_in_a_real_bundle_is_proof_and_a_restored_copy_is_not(tmp_path: Path):
    """The consumer of a true pair hides a leaf of after the last head, with its own true keys."""
    case = make_case(tmp_path)
    try:
        assert verify(case.provider).counts["acks"] == verify(case.consumer).counts["acks"] == 3
        lines = lines_of(case.consumer)
        promised = max(row.index for row in kept(case.pair.provider))
        extra = canonical(json.loads(lines[-1]) | {"id": "0" * 32})
        hidden = [*lines[:promised], *lines[promised + 1 :], extra]
        report = diff(rewrite(case, hidden), case.provider)
        assert ("proof", "broken-promise") in {(one.level, one.code) for one in report.findings}
        # an older copy that goes on after its operator said so
        consumer = case.pair.consumer
        consumer.node.checkpoints.check_anchor(accept=True)
        last = json.loads(log(consumer)[-1].entry)
        assert (last["kind"], last["to"]) == ("CONFIGURATION", "HEAD_ACCEPTED")
        admitted = [*lines[:promised], log(consumer)[-1].entry, *hidden[-3:]]
        report = diff(rewrite(case, admitted), case.provider)
        assert "proof" not in {one.level for one in report.findings}
        assert "rolled-back" in {one.code for one in report.findings}
    finally:
        case.pair.provider.close()
        case.pair.consumer.close()


def test_an_older_copy_is_accepted_with_a_leaf_and_never_against_the_anchor(pair: Pair):
    """The leaf stands only where the log is whole and the anchor knows no more."""
    pair.agreement()
    node = pair.consumer.node
    checkpoints, size = node.checkpoints, len(log(pair.consumer))
    note = checkpoints.sign()
    checkpoints.check_anchor()
    assert len(log(pair.consumer)) == size
    larger = notes.sign_checkpoint(
        checkpoints.origin, size + 1, b"r" * 32, node.keys.log, checkpoints.origin
    )
    checkpoints.anchor.write_bytes(larger)
    checkpoints.check_anchor(accept=True)
    assert node.db.read_only
    assert len(log(pair.consumer)) == size
    node.db.read_only = ""
    checkpoints.anchor.write_bytes(note)
    checkpoints.check_anchor(accept=True)
    assert len(log(pair.consumer)) == size + 1
