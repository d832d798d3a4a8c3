"""Certified keys count, and nobody else's: not whoever has the web host; and how a firm replaces its own."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from catalog.status import MAX_FORMER, sign_status
from connector.areas.audit.trusting import trust_of
from connector.areas.hub.rows import ApplicationRow
from connector.areas.membership import rotating
from connector.areas.membership.standing import take
from connector.identity.keyring import (
    draw_coming,
    load_keys,
    own_document,
    thumbprints,
    use_coming,
)
from connector.identity.rows import StatusDocumentRow
from connector.process.errors import VerificationError
from connector.process.ports import Response, unix
from connector.store.facts import set_fact
from connector.store.rows import LogEntryRow
from crypto.did import DidDocument, method_id
from crypto.keys import SigningKey
from tests.areas import MEMBERSHIP, OWN
from tests.connector.space import call, forget, membership, usurped, watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.space import Space
    from tests.simulators import Net, Party, StandingClock

HOUR = 3600


def standing(caller: Party, callee: Party) -> int:
    return call(caller, callee, "GET", "standing").status


def leaves(party: Party, kind: str) -> list[Any]:
    with party.node.db.reading() as session:
        rows = session.execute(select(LogEntryRow).where(LogEntryRow.kind == kind)).scalars()
        return [json.loads(row.entry) for row in rows]


def test_the_status_document_names_the_certified_keys(space: Space) -> None:
    """Each firm's three, as it applied with; every member holds them, also after a restart."""
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    keys = birch.node.keys
    told = alder.node.status.keys(birch.did)
    assert told is not None
    assert told.current == {
        key.public.thumbprint() for key in (keys.token, keys.agreements, keys.log)
    }
    assert told.former == {}
    again = alder.restart()
    try:
        assert again.node.status.keys(birch.did) == told
    finally:
        again.close()
    assert space.hub.node.status.keys(birch.did) == told


def test_whoever_takes_the_web_host_is_not_the_firm(space: Space) -> None:
    """Its tokens, its checkpoints and its descriptions are refused, at the hub and at members."""
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    assert standing(birch, alder) == 200
    usurped(birch)
    forget(alder, space.hub)
    assert standing(birch, alder) == 401
    assert standing(birch, space.hub) == 401
    assert call(birch, space.hub, "GET", "status").status == 401
    document = alder.node.peers.document(birch.did)
    for kid, use in (
        (birch.node.keys.agreements_kid, "assertionMethod"),
        (birch.node.keys.token_kid, "capabilityInvocation"),
    ):
        for former in (False, True):
            with pytest.raises(VerificationError) as caught:
                document.key(kid, relationship=use, former=former)
            assert caught.value.code == "did-key-uncertified"
    assert membership(alder)["standing"] == "certified"
    trust, _ = trust_of(alder.node, [birch.did])
    named = {key.thumbprint() for party in trust.parties for _, key in party.keys}
    assert birch.node.keys.agreements.public.thumbprint() not in named


def test_lost_keys_are_replaced_by_the_operator_who_is_told(space: Space, clock: Any) -> None:
    """An application under new keys is no more than that: until it is approved nothing changes."""
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    old = birch.node.keys.agreements_kid
    usurped(birch)
    forget(alder, space.hub)
    space.apply(birch)
    _, body = space.hub.manage("GET", "/v1/hub/applications?state=pending")
    assert body["applications"][0]["newKeys"] is True
    assert standing(birch, alder) == 401
    space.approve(birch)
    watch(alder)
    assert standing(birch, alder) == 200
    told = alder.node.status.keys(birch.did)
    assert told is not None
    assert old.split("#")[1] in told.former
    clock.advance(1)


def test_keys_are_rotated_at_once_under_a_proof_and_nobody_notices(
    space: Space, clock: StandingClock
) -> None:
    """Old ones are good until everybody knows the new ones; leaves on both sides; the log key stays."""
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    before = replace(birch.node.keys)
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    assert birch.node.keys.token.public == before.token.public, "not in use yet"
    clock.advance(5)
    assert standing(birch, alder) == 200
    space.settle(alder)
    assert standing(birch, alder) == 200, "the old ones are good while others learn of it"
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    clock.advance(rotating.WAIT_SECONDS)
    space.renew()
    watch(birch)
    keys = birch.node.keys
    assert keys.token.public != before.token.public
    assert keys.agreements.public != before.agreements.public
    assert keys.log.public == before.log.public
    for seconds in (0, 120, HOUR):
        clock.advance(seconds)
        space.renew()
        watch(alder)
        assert standing(birch, alder) == 200
        assert standing(birch, space.hub) == 200
    told = birch.manage("GET", "/v1/keys")[1]
    assert (told["certified"], told["coming"]) == (True, {})
    assert [row["to"] for row in leaves(birch, "CERTIFICATION")][-3:] == [
        "KEYS_DRAWN",
        "KEYS_PROVED",
        "KEYS_IN_USE",
    ]
    assert leaves(space.hub, "CERTIFICATION")[-1]["to"] == "certified"
    # what the old keys signed before holds, what they sign now does not
    document = alder.node.peers.document(birch.did)
    old = document.key(before.agreements_kid, relationship="assertionMethod", former=True)
    document.check_time(old, unix(clock.now()) - 2 * HOUR)
    with pytest.raises(VerificationError):
        document.check_time(old, unix(clock.now()))
    again = birch.restart()
    try:
        assert again.node.keys.agreements_kid == keys.agreements_kid
        assert list(again.node.keys.former) == [before.agreements_kid]
    finally:
        again.close()


def test_two_rotations_at_once_lose_no_keys(
    space: Space, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw that nothing was coming: the second finds what the first drew, and proves the same."""
    alder, birch = space.firm("alder"), space.firm("birch")
    seen = rotating.draw_coming
    first: list[int] = []

    def late(*given: Any) -> Any:
        monkeypatch.setattr(rotating, "draw_coming", seen)
        tx = given[0]
        keys = seen(*given)
        tx.after_commit(again.start)
        tx.after_commit(again.join)
        return keys

    def rotate() -> None:
        birch.node.keys.coming = {}  # what a thread past the check has seen
        first.append(birch.manage("POST", "/v1/keys/rotate")[0])

    again = threading.Thread(target=rotate)
    monkeypatch.setattr(rotating, "draw_coming", late)
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    assert first == [202]
    space.settle(birch)
    coming = {key.public.thumbprint() for key in birch.node.keys.coming.values()}
    told = birch.node.status.keys(birch.did)
    assert told is not None
    assert coming < told.current
    with space.hub.node.db.reading() as session:
        assert len(session.execute(select(ApplicationRow)).scalars().all()) == 3
    clock.advance(rotating.WAIT_SECONDS)
    space.renew()
    watch(birch)
    clock.advance(HOUR)
    space.renew()
    watch(alder)
    assert standing(birch, alder) == 200
    drawn = [row for row in leaves(birch, "CERTIFICATION") if row["to"] == "KEYS_DRAWN"]
    assert len(drawn) == 1


def test_keys_are_not_used_before_the_status_document_names_them(
    space: Space, clock: StandingClock
) -> None:
    """That the hub answered is not enough: we may have been told of others than those that come."""
    birch = space.firm("birch")
    present = birch.node.keys.token.public
    with birch.node.db.transaction() as tx:
        draw_coming(tx, birch.node.secrets, birch.node.keys, birch.did, birch.node.entropy)
        set_fact(tx.session, rotating.PROVED, str(unix(tx.now)))
    clock.advance(rotating.WAIT_SECONDS)
    space.renew()
    watch(birch)
    assert birch.node.keys.token.public == present
    assert birch.node.keys.coming


def test_a_rotation_whose_answer_is_lost_is_said_again(
    space: Space, net: Net, clock: StandingClock
) -> None:
    """The same keys, the same statement: the hub keeps one; a statement that never came is renewed."""
    birch = space.firm("birch")

    def lost(_method: str, url: str, _body: bytes) -> Response | None:
        return Response(status=503, headers={}, body=b"{}") if url.endswith("/keys") else None

    net.fault = lost
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 502
    coming = birch.manage("GET", "/v1/keys")[1]["coming"]
    assert set(coming) == {"token", "agreements"}
    clock.advance(HOUR)
    space.renew()
    net.fault = None
    watch(birch)
    status, _ = birch.manage("POST", "/v1/keys/rotate")
    assert status == 202
    with space.hub.node.db.reading() as session:
        assert len(session.execute(select(ApplicationRow)).scalars().all()) == 2
    kept = net.sent[-1]
    with birch.node.db.transaction() as tx:  # as if the answer had never come
        set_fact(tx.session, rotating.PROVED, "")
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    with space.hub.node.db.reading() as session:
        assert len(session.execute(select(ApplicationRow)).scalars().all()) == 2
    assert net.sent[-1].body == kept.body
    assert birch.manage("GET", "/v1/keys")[1]["coming"] == coming


@pytest.mark.long
def test_what_older_keys_signed_holds_after_many_rotations(
    space: Space, clock: StandingClock
) -> None:
    """Sixteen former keys for agreements are named; one for tokens while it may still be met."""
    birch = space.firm("birch")
    keys = birch.node.keys
    agreements, tokens = [keys.agreements.public], [keys.token.public]
    for _ in range(18):
        clock.advance(24 * HOUR // 4)
        space.renew()
        watch(birch)
        assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
        clock.advance(rotating.WAIT_SECONDS)
        space.settle(birch)
        agreements.append(keys.agreements.public)
        tokens.append(keys.token.public)
    told = space.hub.node.status.keys(birch.did)
    assert told is not None
    assert set(told.former) == {key.thumbprint() for key in [*agreements[-16:-1], tokens[-2]]}
    clock.advance(HOUR)
    space.renew()
    told = space.hub.node.status.keys(birch.did)
    assert told is not None
    assert set(told.former) == {key.thumbprint() for key in agreements[-17:-1]}


@pytest.mark.long
@pytest.mark.parametrize("heard", [True, False])
def test_a_rotation_broken_off_after_the_hub_took_it_goes_on_by_itself(
    space: Space, clock: StandingClock, heard: bool
) -> None:
    """By the status document; where that never came, because the hub refuses the old keys."""
    alder, birch = space.firm("alder"), space.firm("birch")
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    with birch.node.db.transaction() as tx:  # as if it had stopped before the answer
        set_fact(tx.session, rotating.PROVED, "")
    again = birch.restart()
    try:
        coming = again.node.keys.coming["token"].public
        if heard:
            space.settle(again)
            assert again.node.keys.token.public != coming, "not every member has heard of them"
            clock.advance(rotating.WAIT_SECONDS)
        else:
            clock.advance(HOUR)
        space.renew()
        watch(again)
        assert again.node.keys.token.public == coming
        clock.advance(HOUR)
        space.renew()
        watch(alder)
        assert standing(again, alder) == 200
        assert standing(again, space.hub) == 200
    finally:
        again.close()


def test_a_rotation_without_the_old_key_is_refused(space: Space, net: Net) -> None:
    """Another's, one under a key that is not certified, one for another hub: nothing changes."""
    alder, birch = space.firm("alder"), space.firm("birch")
    birch.manage("POST", "/v1/keys/rotate")
    body = json.loads(next(s.body for s in reversed(net.sent) if s.url.endswith("/keys")))
    before = space.hub.node.status.keys(alder.did)
    swapped = call(alder, space.hub, "POST", "keys", json.dumps(body).encode())
    assert swapped.status == 403
    usurped(alder)
    forget(space.hub)
    alder.manage("POST", "/v1/keys/rotate")
    refused = next(s for s in reversed(net.sent) if s.url.endswith("/keys"))
    assert refused.status == 403
    assert space.hub.node.status.keys(alder.did) == before


def test_a_hub_that_names_no_keys_leaves_it_to_the_documents(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status document of an older hub is read as ever: a DID document alone says which keys."""

    def older(entries: Any, **terms: Any) -> str:
        return sign_status([replace(entry, keys=None) for entry in entries], **terms)

    monkeypatch.setattr("connector.areas.hub.status.sign_status", older)
    alder, birch = space.firm("alder"), space.firm("birch")
    watch(alder)
    assert alder.node.status.keys(birch.did) is None
    usurped(birch)
    forget(alder)
    assert standing(birch, alder) == 200
    assert birch.manage("GET", "/v1/keys")[1]["certified"] is None


def test_without_a_hub_new_keys_are_used_at_once(party: Callable[..., Party]) -> None:
    """Pinned parties know each other by their documents: both old and new are listed there."""
    areas = (OWN, MEMBERSHIP)
    acme, bolt = party("acme", areas=areas, pin=["bolt"]), party("bolt", areas=areas, pin=["acme"])
    assert standing(acme, bolt) == 200
    old = acme.node.keys.agreements_kid
    assert acme.manage("POST", "/v1/keys/rotate")[0] == 202
    assert acme.node.keys.agreements_kid != old
    bolt.node.clock.advance(61)  # type: ignore[attr-defined]
    assert standing(acme, bolt) == 200
    raw = own_document(acme.node.settings, acme.node.keys)
    assert old in raw["assertionMethod"]
    assert method_id(acme.did, acme.node.keys.token.public) in raw["capabilityInvocation"]


def test_a_rotation_sets_an_application_aside_that_waits(space: Space) -> None:
    """It came with the old keys: nobody can approve it, and the firm is told to apply again."""
    birch = space.firm("birch")
    space.apply(birch, nameEn="Birch Limited")
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    _, body = space.hub.manage("GET", "/v1/hub/applications?state=pending")
    assert body["applications"] == []
    assert "apply again" in membership(birch, refresh=True)["reason"]
    space.apply(birch, nameEn="Birch Limited")
    assert (
        len(space.hub.manage("GET", "/v1/hub/applications?state=pending")[1]["applications"]) == 1
    )


@pytest.mark.parametrize("heard", [True, False])
def test_a_rotation_is_not_said_to_hold_once_others_have_replaced_it(
    space: Space, clock: StandingClock, heard: bool
) -> None:
    """Its answer may be lost; the old keys were certified anew: those are given up, others come."""
    alder, birch = space.firm("alder"), space.firm("birch")
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    if not heard:
        with birch.node.db.transaction() as tx:  # as if the answer had never come
            set_fact(tx.session, rotating.PROVED, "")
    lost = birch.manage("GET", "/v1/keys")[1]["coming"]
    space.apply(birch)
    space.approve(birch)
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 502
    clock.advance(HOUR)
    space.renew()
    watch(birch)
    assert birch.manage("GET", "/v1/keys")[1]["certified"] is True
    assert birch.manage("POST", "/v1/keys/rotate")[0] == 202
    coming = birch.manage("GET", "/v1/keys")[1]["coming"]
    assert not set(coming.values()) & set(lost.values())
    clock.advance(rotating.WAIT_SECONDS)
    space.settle(birch, alder)
    clock.advance(HOUR)
    space.renew()
    watch(alder)
    assert standing(birch, alder) == 200
    assert "KEYS_DROPPED" in [row["to"] for row in leaves(birch, "CERTIFICATION")]


def test_what_committed_later_stands_whichever_is_told_first(space: Space) -> None:
    """Commits are told to the keys in memory after the writer's turn: an earlier one may be late."""
    alder, birch = space.firm("alder"), space.firm("birch")
    node, ring = birch.node, birch.node.keys

    def quicker() -> None:
        with node.db.transaction() as tx:
            wanted = thumbprints(load_keys(node.secrets, birch.did).coming)
            assert use_coming(tx, node.secrets, ring, birch.did, wanted)

    before = ring.now()
    with node.db.transaction() as tx:
        tx.after_commit(quicker)
        draw_coming(tx, node.secrets, ring, birch.did, node.entropy)
    held = load_keys(node.secrets, birch.did)
    assert ring.coming == {}
    assert (ring.agreements_kid, ring.token_kid) == (held.agreements_kid, held.token_kid)
    assert before.agreements_kid != held.agreements_kid, "what was read before stays together"
    assert before.agreements_kid == method_id(birch.did, before.agreements.public)

    taken: list[int] = []
    documents: list[str] = []
    for _ in range(2):
        space.renew()
        with space.hub.node.db.reading() as session:
            documents.append(session.execute(select(StatusDocumentRow.jws)).scalar_one())
        assert alder.manage("POST", "/v1/keys/rotate")[0] == 202
    with node.db.transaction() as tx:
        tx.after_commit(lambda: taken.append(take(node, documents[1])))
        node.status.accept(tx, documents[0])
    coming = thumbprints(alder.node.keys.coming)
    told = node.status.keys(alder.did)
    assert told is not None
    assert coming < told.current


def test_our_document_stays_readable_however_often_keys_change(party: Callable[..., Party]) -> None:
    """It lists the newest former keys and those that come; older ones we still know as ours."""
    acme = party("acme")
    keys = acme.node.keys
    with acme.node.db.transaction() as tx:
        drawn = draw_coming(tx, acme.node.secrets, keys, acme.did, acme.node.entropy)
    keys.former = {
        method_id(acme.did, key.public): key.public
        for key in (SigningKey.ed25519(n.to_bytes(32, "big")) for n in range(1, 200))
    }
    raw = own_document(acme.node.settings, keys)
    document = DidDocument.parse(raw, expected=acme.did)
    listed = [kid for kid in keys.former if kid in document.relationships["assertionMethod"]]
    assert listed == list(keys.former)[-len(listed) :]
    assert len(listed) > MAX_FORMER
    assert {method_id(acme.did, key.public) for key in drawn.values()} <= {
        method.id for method in document.methods
    }
