"""Who got an answer promises its leaf of it: sent a moment later, kept by who gave the answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from connector.areas.audit.trusting import known_parties, trust_of
from connector.evidence import promises, replies
from connector.identity.work import PER_PROMISE
from connector.process.errors import StoreError, Unreachable
from connector.process.ports import Response, unix
from connector.store.outbox_rows import DELIVERED, PARKED, OutboxRow
from connector.store.rows import OwedAckRow
from contracts.audit.diff import diff
from contracts.audit.verify import Bundle, verify
from contracts.promises import Ack, Promised, from_header, make_ack, to_header, verify_ack
from crypto.canonical import canonical
from crypto.vouched import Vouched
from tests.connector.audit.conftest import Case
from tests.connector.audit.forging import lines_of, rewrite
from tests.connector.audit.second import verified
from tests.connector.questions.market import AREAS, questions
from tests.connector.test_promises import hold, kept, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.store.rows import AckRow
    from tests.connector.questions.market import Market
    from tests.simulators import Party

DAY = 24 * 3600


def send(market: Market) -> None:
    """What is owed goes out, and whatever follows from it."""
    market.consumer.node.replies.flush()
    market.settle()


def owed(party: Party) -> list[OwedAckRow]:
    with party.node.db.reading() as session:
        return list(session.execute(select(OwedAckRow).order_by(OwedAckRow.message)).scalars())


def messages(party: Party) -> list[OutboxRow]:
    """What is, or was, in the outbox for promises of answers."""
    query = select(OutboxRow).where(OutboxRow.kind == replies.KIND).order_by(OutboxRow.id)
    with party.node.db.reading() as session:
        return list(session.execute(query).scalars())


def answers(market: Market) -> list[AckRow]:
    """What the provider keeps of the consumer about answers; each of it holds."""
    rows, leaves = hold(market.provider, market.consumer), log(market.consumer)
    return [row for row in rows if leaves[row.index].kind == "ANSWER"]


def asked(market: Market, count: int = 1) -> str:
    """Ask some questions; give their agreement."""
    agreement = market.agreement()
    for sql in questions(count):
        market.answer(agreement, sql)
    return agreement


def post(market: Market, body: Any, who: Party | None = None) -> Response:
    """Send a body to the provider's route, as a party."""
    caller = who or market.consumer
    to = market.provider.url + "/voile/v1/acks"
    return caller.node.peers.call(market.provider.did, "POST", to, body=canonical(body))


def item(row: OwedAckRow, **change: Any) -> dict[str, Any]:
    return {"ack": row.ack, "kind": row.kind, "of": row.message} | change


def test_an_answer_is_promised_by_who_got_it(market: Market):
    """After a moment, in one request for all of that moment; a refusal is not."""
    agreement = asked(market, 3)
    assert market.reasons(agreement, "SELECT SUM(comment) FROM deliveries")
    assert answers(market) == []
    assert len(owed(market.consumer)) == 3
    send(market)
    assert len(answers(market)) == 3
    assert owed(market.consumer) == []
    (sent,) = messages(market.consumer)
    assert (sent.state, sent.attempts) == (DELIVERED, 1)
    send(market)
    assert len(messages(market.consumer)) == 1


def test_a_question_waits_for_nothing_more(market: Market):
    """One request; the consumer commits when it asks and when it takes, the provider once."""
    agreement = asked(market)
    parties = (market.consumer, market.provider)
    before = [party.node.db.commits for party in parties], len(market.net.sent)
    market.answer(agreement, questions(2)[1])
    assert [party.node.db.commits - n for party, n in zip(parties, before[0], strict=True)] == [
        2,
        1,
    ]
    assert len(market.net.sent) - before[1] == 1


def test_the_same_answer_to_another_question_is_promised_once(market: Market):
    """Asked in other words it is the stored one: of one mark one promise is kept."""
    agreement = asked(market)
    send(market)
    market.answer(agreement, questions(1)[0].replace("SUM(qty)", "sum( qty )"))
    send(market)
    assert len(answers(market)) == 1
    assert len(messages(market.consumer)) == 2


def test_at_most_so_many_a_request_and_one_request_at_a_time(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    """A peer that was away is not sent everything at once."""
    monkeypatch.setattr(replies, "MOST", 5)
    asked(market, 12)
    for left in (7, 7):  # the first has not come back
        market.consumer.node.replies.flush()
        assert len(owed(market.consumer)) == left
        assert len(messages(market.consumer)) == 1
    for _ in range(3):
        send(market)
    assert [len(json.loads(one.body)["acks"]) for one in messages(market.consumer)] == [5, 5, 2]
    assert len(answers(market)) == 12


def test_what_a_killed_process_left_is_sent_by_the_next(market: Market):
    """The promise commits with its leaf: after a crash between that and sending it is there."""
    asked(market, 2)
    market.consumer = market.consumer.restart(AREAS)
    assert len(owed(market.consumer)) == 2
    send(market)
    assert len(answers(market)) == 2
    market.consumer.close()


def test_nothing_is_owed_of_an_answer_that_was_not_kept(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    """The commit of the leaf fails after the promise was signed: neither is there."""
    agreement = market.agreement()
    signed, real, failing = [], promises.make_ack, [True]
    db = market.consumer.node.db
    commit = db._commit

    def making(*given: Any, **named: Any) -> Ack:
        signed.append(named["kid"])
        return real(*given, **named)

    def fails(connection: Any) -> None:
        if failing and any(kid.startswith(market.consumer.did) for kid in signed):
            failing.clear()
            raise StoreError("the disk", code="store-failed")
        commit(connection)

    monkeypatch.setattr(promises, "make_ack", making)
    monkeypatch.setattr(db, "_commit", fails)
    status, body = market.ask(agreement, questions(1)[0])
    assert status == 503
    assert owed(market.consumer) == []
    market.answer(agreement, questions(1)[0], questionId=body["error"]["params"]["questionId"])
    send(market)
    assert len(answers(market)) == 1


def test_an_older_peer_is_told_once_a_day(market: Market):
    """It has no such route: what is owed is dropped, and business goes on."""
    gone = Response(status=404, headers={}, body=b"")
    told: list[str] = []

    def fault(_method: str, url: str, _body: bytes) -> Response | None:
        if not url.endswith("/acks"):
            return None
        told.append(url)
        return gone

    market.net.fault = fault
    agreement = asked(market, 2)
    for _ in range(3):
        send(market)
        market.clock.advance(2)
    assert len(told) == 2  # the outbox believes a 404 when a fresh token meets it, too
    market.answer(agreement, questions(3)[2])
    for _ in range(3):
        send(market)
        market.clock.advance(2)
    assert (len(told), owed(market.consumer)) == (2, [])
    market.net.fault = None
    market.clock.advance(DAY)
    market.answer(agreement, questions(4)[3])
    send(market)
    assert len(answers(market)) == 1


def test_a_peer_that_never_takes_them_costs_one_message_and_a_week(market: Market):
    """However often it is tried; what is owed for longer is dropped."""

    def away(_method: str, url: str, _body: bytes) -> Response | None:
        if url.endswith("/acks"):
            raise Unreachable("nobody", code="peer-unreachable")
        return None

    market.net.fault = away
    agreement = asked(market)
    send(market)
    market.answer(agreement, questions(2)[1])
    for _ in range(10):
        market.clock.advance(60)
        send(market)
    assert len(messages(market.consumer)) == len(owed(market.consumer)) == 1
    market.clock.advance(8 * DAY)
    send(market)
    assert owed(market.consumer) == []
    market.net.fault = None
    market.clock.advance(60)
    market.settle()
    assert answers(market)[0].index > 0  # it is of then, and still it is taken


def test_what_was_given_up_is_tried_again_once_a_day(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    """A peer whose route breaks holds up one message, and gets it when it is mended."""
    monkeypatch.setattr("connector.outbox.outcome.MAX_ATTEMPTS", 3)
    asked(market)
    broken = Response(status=500, headers={}, body=b"")
    market.net.fault = lambda _m, url, _b: broken if url.endswith("/acks") else None
    for _ in range(5):
        send(market)
        market.clock.advance(61)
    (one,) = messages(market.consumer)
    assert (one.state, one.attempts) == (PARKED, 3)
    market.net.fault = None
    agreement = market.agreement("narrow")
    market.answer(agreement, questions(2)[1])
    send(market)
    assert [one.state for one in messages(market.consumer)] == [PARKED]
    market.clock.advance(DAY + 1)
    for _ in range(2):
        send(market)
    assert [one.state for one in messages(market.consumer)] == [DELIVERED] * 2
    assert len(answers(market)) == 2


def test_who_does_not_know_us_now_is_tried_again(market: Market, monkeypatch: pytest.MonkeyPatch):
    """Suspended for a while: nothing is lost."""
    asked(market)
    out = Response(status=401, headers={}, body=b"")
    market.net.fault = lambda _m, url, _b: out if url.endswith("/acks") else None
    for _ in range(5):
        send(market)
        market.clock.advance(60)
    market.net.fault = None
    send(market)
    assert len(answers(market)) == 1


def test_a_repeat_is_kept_once_and_costs_no_commit(market: Market):
    """The same request as often as one likes: the same answer, nothing verified, nothing written."""
    asked(market, 2)
    body = {"acks": [item(row) for row in owed(market.consumer)]}
    said = [json.loads(post(market, body).body) for _ in range(3)]
    assert said == [{"kept": 2}] * 3
    rows = answers(market)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("connector.evidence.reply_promises.verify_ack", None)
        assert json.loads(post(market, body).body) == {"kept": 2}
    assert answers(market) == rows


def test_wrong_promises_are_passed_over_and_right_ones_kept(market: Market):
    """Of nothing that was answered, of another answer, another leaf, log, key or time."""
    asked(market, 2)
    one, other = owed(market.consumer)
    keys, foreign = market.consumer.node.keys, market.provider.node.keys
    now = unix(market.clock.now())
    index, leaf, _, jws = from_header(one.ack)[0]

    def made(**change: Any) -> dict[str, Any]:
        told: dict[str, Any] = {"log": keys.log.public.thumbprint(), "corr": one.corr,
                                "index": index, "hash": leaf}  # fmt: skip
        how: dict[str, Any] = {"key": keys.agreements, "kid": keys.agreements_kid, "now": now}
        how |= {name: change.pop(name) for name in tuple(change) if name in how}
        return item(one, ack=to_header(make_ack(Promised(**told | change), **how)))

    wrong = [
        item(one, of="urn:uuid:nothing"),
        item(one, of=other.message),
        item(one, kind="QUESTION"),
        item(one, ack=f"{index + 1};{leaf};;{jws}"),
        made(log=foreign.log.public.thumbprint()),
        made(key=foreign.agreements, kid=foreign.agreements_kid),
        made(key=foreign.agreements),
        made(now=now + 301),
        made(now=now - 301),
    ]
    for each in wrong:
        assert json.loads(post(market, {"acks": [each]}).body) == {"kept": 0}
    assert answers(market) == []
    assert json.loads(post(market, {"acks": [*wrong, item(one), item(other)]}).body) == {"kept": 2}
    assert len(answers(market)) == 2


@pytest.mark.sweep
@pytest.mark.parametrize(
    "change",
    [
        lambda _: {},
        lambda _: {"acks": []},
        lambda row: {"acks": {"0": item(row)}},
        lambda row: {"acks": [item(row)], "more": 1},
        lambda row: {"acks": [item(row), item(row) | {"more": ""}]},
        lambda row: {"acks": [item(row), item(row, of=7)]},
        lambda row: {"acks": [item(row), item(row, of="x" * 201)]},
        lambda row: {"acks": [item(row), item(row, kind="x" * 201)]},
        lambda row: {"acks": [item(row), item(row, ack=f"{row.ack}, {row.ack}")]},
        lambda row: {"acks": [item(row), item(row, ack="")]},
        lambda row: {"acks": [item(row), item(row, ack=row.ack + "x" * 1536)]},
        lambda row: {"acks": [item(row)] * (replies.MOST + 1)},
    ],
)
def test_a_malformed_request_is_refused_whole(market: Market, change: Callable[..., Any]):
    """One clear error; what was right in it is not kept."""
    asked(market)
    answer = post(market, change(owed(market.consumer)[0]))
    assert answer.status == 400
    assert json.loads(answer.body)["error"]["message"].startswith("malformed acknowledgement")
    assert answers(market) == []


def test_a_third_party_learns_nothing_and_leaves_nothing(
    market: Market, party: Callable[..., Party]
):
    """It sends the consumer's own request, and one signed by itself: as of what there is not."""
    crow = party("crow", areas=AREAS, pin=["acme", "bolt"])
    asked(market)
    (row,) = owed(market.consumer)
    keys, now = crow.node.keys, unix(market.clock.now())
    own = make_ack(Promised(keys.log.public.thumbprint(), row.corr, 0, "0" * 64),
                   key=keys.agreements, kid=keys.agreements_kid, now=now)  # fmt: skip
    for ack in (row.ack, to_header(own)):
        said = [post(market, {"acks": [item(row, ack=ack, of=of)]}, crow)
                for of in (row.message, "urn:uuid:nothing")]  # fmt: skip
        assert said[0].body == said[1].body == b'{"kept":0}'
    assert [one.did for one in kept(market.provider) if one.did == crow.did] == []
    send(market)
    assert len(answers(market)) == 1


def test_whoever_sends_promises_pays_for_their_verification(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    """Right or wrong, each counts as the caller's work."""
    asked(market)
    node, owing = market.provider.node, []
    monkeypatch.setattr(node.work, "owe", lambda did, steps: owing.append((did, steps)))
    body = {"acks": [item(owed(market.consumer)[0], of=f"urn:{n}") for n in range(replies.MOST)]}
    assert post(market, body).status == 200
    assert owing[0] == (market.consumer.did, PER_PROMISE * replies.MOST)


def test_a_promise_from_before_a_rotation_is_kept_and_one_from_after_is_not(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    """A former key signs for what it signed before its end: it is late, not false."""
    asked(market)
    document = market.provider.node.peers.at_hand(market.consumer.did)
    keys = market.consumer.node.keys
    former = keys.agreements.public.thumbprint()
    until = unix(market.clock.now()) + 10
    others = frozenset({keys.log.public.thumbprint(), keys.token.public.thumbprint()})

    (row,) = owed(market.consumer)
    index, leaf, accepted, jws = from_header(row.ack)[0]
    ack = Ack(Promised(keys.log.public.thumbprint(), row.corr, index, leaf, accepted), jws)
    assert verify_ack(ack, document.did, lambda _kid: keys.agreements.public)
    for at, count in ((until - 20, 0), (until, 1)):
        monkeypatch.setattr(
            market.provider.node.peers, "vouch", lambda _did, at=at: Vouched(others, {former: at})
        )
        assert json.loads(post(market, {"acks": [item(row)]}).body) == {"kept": count}


@pytest.fixture
def case(market: Market, tmp_path: Path) -> Case:
    """Two answers, of which the provider was promised the leaves; a bundle of each side."""
    market.clock.advance(1)
    asked(market, 2)
    send(market)
    market.clock.advance(120)
    trust, failed = trust_of(market.consumer.node, known_parties(market.consumer.node))
    assert not failed
    pair: Any = market
    empty = Bundle(files={}, trust=trust, now=0)
    made = Case(pair, trust, empty, empty, tmp_path)
    made.consumer = made.export(market.consumer, "bolt.bundle")
    made.provider = made.export(market.provider, "acme.bundle")
    return made


def told(case: Case, consumer: Bundle, level: str) -> set[str]:
    return {one.code for one in diff(consumer, case.provider).findings if one.level == level}


def test_a_dropped_or_rewritten_answer_is_proof_and_an_honest_one_is_none(case: Case):
    """The consumer hides an answer, or changes its line, with its own true keys, after the last head."""
    assert verify(case.provider).findings == verify(case.consumer).findings == ()
    assert verify(case.provider).counts["acks"] == len(kept(case.pair.provider))
    assert diff(case.consumer, case.provider).findings == ()
    lines = lines_of(case.consumer)
    at = max(row.index for row in kept(case.pair.provider))
    leaf = json.loads(lines[at])
    assert leaf["kind"] == "ANSWER"
    extra = canonical(json.loads(lines[-1]) | {"id": "0" * 32})
    bent = canonical(leaf | {"query": leaf["query"] | {"cells": 7}})
    for shown in ([*lines[:at], *lines[at + 1 :], extra], [*lines[:at], bent, *lines[at + 1 :]]):
        assert "broken-promise" in told(case, rewrite(case, shown), "proof")
    shorter = rewrite(case, lines[:at])  # it may be an older copy: no proof
    assert told(case, shorter, "proof") == set()


def test_an_older_copy_that_its_operator_admits_is_no_proof(case: Case):
    """The consumer's home was restored, and started once with `--accept-head`."""
    lines, consumer = lines_of(case.consumer), case.pair.consumer
    at = max(row.index for row in kept(case.pair.provider))
    consumer.node.checkpoints.sign()
    consumer.node.checkpoints.check_anchor(accept=True)
    admitted = [*lines[:at], log(consumer)[-1].entry, *lines[at + 1 :]]
    assert told(case, rewrite(case, admitted), "proof") == set()
    assert "rolled-back" in told(case, rewrite(case, admitted), "finding")


def test_what_a_leaf_counts_is_held_against_the_signed_answer(market: Market, tmp_path: Path):
    """Of answers with withheld cells, HAVING and LIMIT: right as they are, and found out when bent."""
    market.clock.advance(1)
    agreement = market.agreement()
    for sql in (
        (
            "SELECT year, ship_mode, SUM(qty) FROM deliveries WHERE region = 'WEST' "
            "GROUP BY year, ship_mode"
        ),
        "SELECT year, SUM(qty) FROM deliveries GROUP BY year HAVING SUM(qty) > 19000",
        "SELECT year, SUM(qty) FROM deliveries GROUP BY year ORDER BY year LIMIT 2",
    ):
        market.answer(agreement, sql)
    market.clock.advance(120)
    trust, _ = trust_of(market.consumer.node, known_parties(market.consumer.node))
    pair: Any = market
    empty = Bundle(files={}, trust=trust, now=0)
    case = Case(pair, trust, empty, empty, tmp_path)
    case.consumer = case.export(market.consumer, "bolt.bundle")
    assert verified(case.consumer).findings == ()
    assert verified(case.export(market.provider, "acme.bundle")).findings == ()
    lines = lines_of(case.consumer)
    places = [at for at, line in enumerate(lines) if b'"kind":"ANSWER"' in line]
    counts = [json.loads(lines[at])["query"] for at in places]
    assert any(query["withheld"] for query in counts)
    for at, query in zip(places, counts, strict=True):
        for bent in ({"cells": query["cells"] + 1}, {"withheld": {"blocked": 99}}):
            leaf = canonical(json.loads(lines[at]) | {"query": query | bent})
            forged = rewrite(case, [*lines[:at], leaf, *lines[at + 1 :]])
            assert "counted-otherwise" in {one.code for one in verified(forged).findings}
