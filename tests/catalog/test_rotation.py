"""Rotations: proved by the certified agreements key, and by no other key of the firm."""

import pytest

from catalog.rotation import compose, verify_rotation
from crypto.did import method_id
from crypto.errors import VerificationError
from crypto.keys import SigningKey
from crypto.vouched import Vouched
from tests.catalog.parties import ALDER, HUB, NOW, SPACE

SIGNERS = {
    "token": ALDER.signers.token,
    "agreements": ALDER.signers.agreements,
    "log": ALDER.signers.log,
    "former": SigningKey.ed25519(b"\x07" * 32),
}
NEW = {"token": SigningKey.p256(b"\x08" * 48), "agreements": SigningKey.ed25519(b"\x09" * 32)}
LISTED = {method_id(ALDER.did, key.public): key.public for key in SIGNERS.values()}


def checked(old):
    value = compose(ALDER.did, old=old, new=NEW, hub=HUB.did, space=SPACE, nonce="n" * 22, now=NOW)
    thumbprints = {use: key.public.thumbprint() for use, key in SIGNERS.items()}
    former = thumbprints.pop("former")
    return verify_rotation(
        value,
        expected_firm=ALDER.did,
        expected_hub=HUB.did,
        expected_space=SPACE,
        find_old=LISTED.__getitem__,
        vouched=Vouched(frozenset(thumbprints.values()), {former: NOW + 60}),
        agreements=thumbprints["agreements"],
        now=NOW,
    )


def test_the_agreements_key_proves_a_rotation():
    """The new keys come back by use."""
    found = checked(SIGNERS["agreements"])
    assert found.thumbprints == {use: key.public.thumbprint() for use, key in NEW.items()}


@pytest.mark.parametrize("use", ["token", "log", "former"])
def test_no_other_key_proves_one(use):
    """Whoever has the token key of a firm, which is used at every call, must not become it."""
    with pytest.raises(VerificationError) as caught:
        checked(SIGNERS[use])
    assert caught.value.code == "rotation-unproved"
