"""Fetching a file: a token per Start opens it, nothing else does, and what stops stops at once."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from connector.areas.delivery.rows import GrantRow
from connector.store.rows import SecretRow
from tests.connector.delivery.shop import CONTENT, DIGEST, OFFER, PRODUCT

if TYPE_CHECKING:
    from tests.connector.delivery.shop import Shop


def test_a_token_opens_the_file_and_leaves_evidence(shop: Shop):
    """The bytes are the published ones, with length, type and digest; two leaves say so."""
    shop.pull()
    url, token = shop.token()
    got = shop.get(url, token)
    assert (got.status, got.body) == (200, CONTENT)
    assert got.headers["content-type"].startswith("text/csv")
    assert got.headers["content-length"] == str(len(CONTENT))
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    assert got.headers["repr-digest"] == f"sha-256=:{digest}:"
    begun, ended = (leaf["query"] for leaf in shop.leaves(shop.provider))
    assert (begun["outcome"], ended["outcome"]) == ("begun", "complete")
    assert ended["bytes"] == len(CONTENT)
    assert ended["version"] == DIGEST
    assert token not in str(shop.leaves(shop.provider))


def test_the_token_may_come_with_or_without_its_scheme(shop: Shop):
    """EDC sends the bare value, others `Bearer`."""
    shop.pull()
    url, token = shop.token()
    assert shop.get(url, f"Bearer {token}").status == 200
    assert shop.get(url, f"bearer {token}").status == 200


def test_everything_else_gets_the_same_401(shop: Shop):
    """A wrong token, none, another path: no difference is to be seen."""
    shop.pull()
    url, token = shop.token()
    answers = {
        (got.status, got.body)
        for got in (
            shop.get(url, "x" * 43),
            shop.get(url, ""),
            shop.get(url[:-1] + "-", token),
            shop.get(url, token[:-1]),
        )
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_the_token_is_kept_as_a_digest_only(shop: Shop):
    """Neither party's database holds it in clear, nor does the outbox or the management API."""
    pid = shop.pull()
    _, token = shop.token()
    for party in (shop.provider, shop.consumer):
        raw = b"".join(
            path.read_bytes() for path in sorted((party.home / "data").glob("voile.db*"))
        )
        if raw:  # SQLite: the whole file can be searched
            assert token.encode() not in raw
        with party.node.db.reading() as session:
            names = [row.name for row in session.exec(select(SecretRow)).all()]
        assert not any(name.startswith("dsp/message/") for name in names), "it has landed"
    with shop.provider.node.db.reading() as session:
        (grant,) = session.exec(select(GrantRow)).all()
    assert grant.token == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(shop.shown(pid))


def test_each_start_brings_a_token_of_its_own(shop: Shop):
    """After suspension and resumption only the newest opens the file."""
    pid = shop.pull()
    url, first = shop.token()
    shop.steer(pid, "suspend")
    assert shop.get(url, first).status == 401, "even before the consumer has acknowledged"
    shop.settle()
    shop.steer(pid, "resume")
    shop.settle()
    again, second = shop.token()
    assert again == url
    assert second != first
    assert shop.get(url, first).status == 401
    assert shop.get(url, second).status == 200


def test_a_consumer_that_resumes_gets_a_fresh_token(shop: Shop):
    """Its own suspension is lifted by its Start; the provider answers with another."""
    pid = shop.pull()
    url, first = shop.token()
    shop.steer(pid, "suspend", by="consumer")
    shop.settle()
    assert shop.get(url, first).status == 401
    shop.steer(pid, "resume", by="consumer")
    shop.settle()
    _, second = shop.token()
    assert shop.state(pid) == "STARTED"
    assert second != first
    assert shop.get(url, second).status == 200


def test_a_token_ends_with_its_hour(shop: Shop):
    """It is short-lived, whatever becomes of the transfer."""
    shop.pull()
    url, token = shop.token()
    shop.clock.advance(3599)
    assert shop.get(url, token).status == 200
    shop.clock.advance(2)
    assert shop.get(url, token).status == 401


@pytest.mark.parametrize("verb", ["complete", "terminate"])
def test_nothing_opens_what_has_ended(shop: Shop, verb: str):
    """Completion and termination close the file as they are decided."""
    pid = shop.pull()
    url, token = shop.token()
    shop.steer(pid, verb)
    assert shop.get(url, token).status == 401
    shop.settle()
    assert shop.get(url, token).status == 401


def test_validity_ends_by_the_clock(shop: Shop):
    """The same token, a second later, is refused with the term's code."""
    shop.publish(offer=OFFER + 'valid_until = "2026-11-21T09:30:00Z"\n')
    shop.pull()
    url, token = shop.token()
    assert shop.get(url, token).status == 200
    shop.clock.advance(1801)
    got = shop.get(url, token)
    assert got.status == 403
    assert b"policy.unmet" in got.body or b"policy." in got.body


def test_a_withdrawn_product_is_not_delivered(shop: Shop):
    """Withdrawing takes the copy away, and the token opens nothing."""
    shop.pull()
    url, token = shop.token()
    assert shop.provider.manage("DELETE", "/v1/products/parts")[0] == 200
    got = shop.get(url, token)
    assert (got.status, b"product.withdrawn" in got.body) == (403, True)
    assert list((shop.provider.home / "data" / "products" / "parts").glob("file-*")) == []


def test_a_party_that_is_not_certified_any_more_gets_nothing(shop: Shop):
    """Standing is looked at on every request; the token alone is not enough."""
    from dataclasses import replace

    shop.pull()
    url, token = shop.token()
    node = shop.provider.node
    object.__setattr__(node.status, "_settings", replace(node.settings, pinned=frozenset()))
    got = shop.get(url, token)
    assert (got.status, b"peer.uncertified" in got.body) == (403, True)


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=10-19", 206, CONTENT[10:20]),
        ("bytes=10-", 206, CONTENT[10:]),
        ("bytes=-7", 206, CONTENT[-7:]),
        (f"bytes=0-{len(CONTENT) * 2}", 200, CONTENT),
        (f"bytes={len(CONTENT)}-", 416, b""),
        ("bytes=0-1,5-6", 200, CONTENT),
        ("bytes=9-3", 200, CONTENT),
        ("lines=1-2", 200, CONTENT),
    ],
)
def test_one_range_is_served(shop: Shop, asked: str, status: int, expected: bytes):
    """What is not one byte range gets the whole file."""
    shop.pull()
    url, token = shop.token()
    got = shop.get(url, token, Range=asked)
    assert (got.status, got.body) == (status, expected)
    if status == 206:
        assert got.headers["content-range"].endswith(f"/{len(CONTENT)}")
        assert shop.leaves(shop.provider)[-1]["query"]["bytes"] == len(expected)


def test_a_range_of_another_version_gets_the_whole(shop: Shop):
    """`If-Range` names the version that was begun; another one is sent from its first byte."""
    shop.pull()
    url, token = shop.token()
    tag = shop.get(url, token, method="HEAD").headers["etag"]
    shop.publish(b"other,content\n1,2\n")
    got = shop.get(url, token, Range="bytes=4-", If_Range=tag)
    assert (got.status, got.body) == (200, b"other,content\n1,2\n")


def test_head_opens_no_file(shop: Shop):
    """It tells size and digest, and leaves no evidence of a delivery."""
    shop.pull()
    url, token = shop.token()
    got = shop.get(url, token, method="HEAD")
    assert (got.status, got.headers["content-length"], got.body) == (200, str(len(CONTENT)), b"")
    assert shop.leaves(shop.provider) == []


def test_no_byte_without_its_leaf(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    """Where evidence cannot be written nothing is delivered."""
    from connector.evidence.log import Log
    from connector.process.errors import StoreError

    shop.pull()
    url, token = shop.token()

    def fails(*_: object) -> None:
        raise StoreError("the disk is full", code="store-full")

    monkeypatch.setattr(Log, "begin", fails)
    got = shop.get(url, token)
    assert got.status == 503
    assert CONTENT not in got.body


def test_the_agreement_must_let_the_format_through(shop: Shop):
    """An offer of pushes lets nobody pull; the request is refused with a code."""
    shop.publish(offer='[[offer]]\nformats = ["HttpData-PUSH"]\n')
    status, body = shop.ask(shop.agreement())
    assert status == 201
    ended = shop.shown(body["pid"])
    assert (ended["state"], ended["ended"]["code"]) == ("TERMINATED", "transfer.format-unsupported")


def test_a_table_is_never_delivered(shop: Shop):
    """The agreement of a question's product opens no file: it is not a file product."""
    status, body = shop.ask(shop.agreement(), "Voile-Question")
    assert status == 201, body
    assert PRODUCT  # the product of the shop takes no question, and its offer grants none
    ended = shop.shown(body["pid"])
    assert ended["state"] == "TERMINATED", ended
