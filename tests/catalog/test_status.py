"""Status documents: nobody brings yesterday's back, and past its expiry it says nothing."""

from dataclasses import replace

import pytest

from catalog.status import (
    LONGEST_SECONDS,
    MOST_FORMER,
    StatusEntry,
    keys_in,
    sign_status,
    verify_status,
)
from catalog.status_records import MAX_FORMER, MAX_PARTICIPANTS
from crypto import jws
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.vouched import Vouched
from tests.catalog.parties import ALDER, BIRCH, HUB, NOW, SPACE, party


def entry(who=ALDER, status="certified", expires=NOW + 1000):
    return StatusEntry(
        did=who.did,
        status=status,
        expires=expires,
        legal_group=who.participant.legal_group,
        name_zh=who.participant.name_zh,
        name_en=who.participant.name_en,
    )


def signed(*entries, by=HUB, **over):
    values = {
        "issuer": by.did,
        "space": SPACE,
        "serial": 7,
        "now": NOW,
        "lifetime_seconds": 900,
        "key": by.signers.agreements,
        "kid": by.kid,
    }
    return sign_status(entries, **(values | over))


def checked(document, **over):
    values = {
        "expected_issuer": HUB.did,
        "expected_space": SPACE,
        "newest_serial": 0,
        "find_key": HUB.find_key,
        "now": NOW + 1,
    }
    return verify_status(document, **(values | over))


def raw(**over):
    values = {
        "type": "VoileStatus",
        "issuer": HUB.did,
        "space": SPACE,
        "serial": 7,
        "iat": NOW,
        "exp": NOW + 900,
        "participants": [],
    }
    return jws.sign(
        canonical(values | over), HUB.signers.agreements, typ="voile-status+jws", kid=HUB.kid
    )


def test_a_document_says_who_may_act():
    """Every participant comes back as it went in; others are unknown."""
    found = checked(signed(entry(), entry(BIRCH, "revoked")))
    assert (found.serial, found.issued, found.expires) == (7, NOW, NOW + 900)
    assert found.entry(ALDER.did) == entry()
    assert found.entry(BIRCH.did).status == "revoked"
    assert found.entry(HUB.did) is None


def test_an_older_serial_is_refused():
    """Yesterday's document cannot bring a revoked firm back; the same one again is harmless."""
    checked(signed(serial=7), newest_serial=7)
    with pytest.raises(VerificationError) as caught:
        checked(signed(serial=6), newest_serial=7)
    assert caught.value.code == "status-serial"


def test_an_expired_document_says_nothing():
    """At its expiry, to the second, it is refused."""
    checked(signed(), now=NOW + 899)
    with pytest.raises(VerificationError, match="expired"):
        checked(signed(), now=NOW + 900)


def test_a_document_of_the_future_or_for_ever_is_refused():
    """Neither time may lie where an attacker with an old key would put it."""
    with pytest.raises(VerificationError, match="future"):
        checked(signed(), now=NOW - 60)
    with pytest.raises(VerificationError, match="too long"):
        checked(signed(lifetime_seconds=LONGEST_SECONDS + 1))
    with pytest.raises(VerificationError, match="too long"):
        checked(raw(exp=NOW))


def test_only_the_pinned_hub_speaks():
    """Neither another party nor a hub whose name begins with ours is heard."""
    evil = party("hub.example.evil")
    for who in (BIRCH, evil):
        for find_key in (who.find_key, HUB.find_key):
            with pytest.raises(VerificationError):
                checked(signed(entry(), by=who), find_key=find_key)
            with pytest.raises(VerificationError):
                checked(signed(entry(), by=who, issuer=HUB.did), find_key=find_key)
    with pytest.raises(VerificationError):
        checked(signed(entry(), key=BIRCH.signers.agreements))
    with pytest.raises(VerificationError, match="issued by"):
        checked(raw(issuer=evil.did))


def test_another_space_is_refused():
    """A hub that runs two spaces cannot be played one against the other."""
    with pytest.raises(VerificationError, match="space"):
        checked(signed(space=SPACE + "2"))


def test_a_credential_is_not_a_status_document():
    """The type keeps things apart that one key signs."""
    payload = canonical({"type": "VoileStatus"})
    other = jws.sign(payload, HUB.signers.agreements, typ="vc+jwt", kid=HUB.kid)
    with pytest.raises(VerificationError, match="type"):
        checked(other)


def test_a_flipped_byte_is_found():
    """No character of the document can be replaced."""
    good = signed(entry(), entry(BIRCH))
    for at in range(0, len(good), 23):
        bad = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises((VerificationError, MalformedError)):
            checked(bad)


ONE = {
    "did": ALDER.did,
    "status": "certified",
    "expires": NOW,
    "legalGroup": "g",
    "nameZh": "甲",
    "nameEn": "A",
}


@pytest.mark.parametrize(
    "participants",
    [
        None,
        {},
        [ONE, ONE],
        [ONE | {"status": "pending"}],
        [ONE | {"expires": "soon"}],
        [ONE | {"expires": -1}],
        [ONE | {"did": "alder"}],
        [ONE | {"legalGroup": ""}],
        [ALDER.did],
    ],
)
def test_a_signed_document_of_the_wrong_shape_is_malformed(participants):
    """One wrong entry voids the whole: nothing of it is taken."""
    with pytest.raises(MalformedError):
        checked(raw(participants=participants))


@pytest.mark.parametrize("serial", [0, -1, True, "7", 2**53, 1.5])
def test_a_serial_is_a_positive_whole_number(serial):
    """Nothing else can be compared."""
    with pytest.raises(MalformedError):
        checked(raw(serial=serial))


KEYS = Vouched(frozenset({"a" * 43, "b" * 43, "c" * 43}), {"d" * 43: NOW, "e" * 43: NOW - 5})


def test_a_document_names_certified_keys_and_older_ones_say_nothing_of_them():
    """Current and former ones come back as they were; without the field nobody speaks of keys."""
    document = signed(replace(entry(), keys=KEYS), entry(BIRCH))
    found = checked(document)
    assert found.entry(ALDER.did).keys == KEYS
    assert found.entry(BIRCH.did).keys is None
    assert keys_in(document) == {ALDER.did: KEYS}


def test_only_the_newest_former_keys_are_named():
    """The document stays small however often a firm changes its keys."""
    former = {f"{n:043}": NOW + n for n in range(40)}
    document = signed(replace(entry(), keys=Vouched(KEYS.current, former)))
    named = checked(document).entry(ALDER.did).keys.former
    assert named == {f"{n:043}": NOW + n for n in range(40 - MAX_FORMER, 40)}


@pytest.mark.parametrize(
    ("keys", "former"),
    [
        (["a" * 42], {}),
        ([1], {}),
        ("a" * 43, {}),
        (["a" * 43] * 4, {}),
        (["a" * 43], {"b": 1}),
        (["a" * 43], {"b" * 43: "1"}),
        (["a" * 43], {f"{n:043}": 1 for n in range(MAX_FORMER + 1)}),
        (["a" * 43], None),
    ],
)
def test_keys_of_a_wrong_shape_are_malformed(keys, former):
    """A document with such an entry is not put in force at all."""
    one = {
        "did": ALDER.did,
        "status": "certified",
        "expires": NOW + 1000,
        "legalGroup": "G",
        "nameZh": "甲",
        "nameEn": "A",
    }
    assert checked(raw(participants=[one])).participants
    with pytest.raises(MalformedError):
        checked(raw(participants=[one | {"keys": keys, "formerKeys": former}]))


def test_the_largest_space_fits():
    """As many participants as there may be, with the longest names and the most keys."""
    most = [
        replace(
            entry(),
            did=f"did:web:{'x' * 60}.example:{n:06}",
            legal_group="g" * 64,
            name_zh="名" * 60,
            name_en="n" * 120,
            keys=Vouched(KEYS.current, {f"{n:043}": NOW + n for n in range(MAX_FORMER)}),
        )
        for n in range(MAX_PARTICIPANTS)
    ]
    found = checked(signed(*most)).participants.values()
    assert len(found) == MAX_PARTICIPANTS
    assert {len(one.keys.former) for one in found} == {MOST_FORMER // MAX_PARTICIPANTS}
