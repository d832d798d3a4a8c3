"""One key of each kind for the whole session: making them is the slow part."""

import hashlib

import pytest

from crypto.paillier.encrypt import Encryptor
from crypto.paillier.gate import own
from crypto.paillier.keys import SecretKey


def seeded(seed: str):
    """Return an entropy that is the same in every run."""
    state = {"count": 0}

    def entropy(length: int) -> bytes:
        state["count"] += 1
        return hashlib.shake_256(f"{seed}/{state['count']}".encode()).digest(length)

    return entropy


@pytest.fixture(scope="session")
def secret() -> SecretKey:
    return SecretKey.generate(seeded("consumer"), bits=2048)


@pytest.fixture(scope="session")
def other_secret() -> SecretKey:
    return SecretKey.generate(seeded("somebody else"), bits=2048)


@pytest.fixture(scope="session")
def encryptor(secret: SecretKey) -> Encryptor:
    return Encryptor.make(own(secret), seeded("provider"), expected=200)
