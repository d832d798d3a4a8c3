"""A proof that gcd(n, φ(n)) = 1: eleven n-th roots of numbers that nobody could choose.

Without it a peer can hand us a modulus under which encryption is no permutation, and read from the
answer what it should not. Each root of a number drawn from the transcript by hashing exists and is
unique only if n is sound; a bad n has a prime factor of at least 2^16 (the gate tried the smaller
ones) and passes one root with probability at most 2^-16, eleven with 2^-176.

The transcript binds the proof to one contract, both parties, n and a nonce, every part with its
length in front, so that no proof can be moved and no two transcripts hash alike (CVE-2022-47930,
CVE-2022-47931). Source: eprint 2018/057 (Goldberg, Reyzin, Sagga, Baldimtsi), figure 3.
"""

import hashlib
from dataclasses import dataclass

from crypto._hazmat.bigint import gcd, mpz, power
from crypto.b64 import b64url, unb64url
from crypto.errors import MalformedError
from crypto.paillier import problems
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import PublicKey, SecretKey
from crypto.words import Words

ROOTS = 11
DOMAIN = b"voile/paillier/gcd-proof/v1"
MIN_NONCE = 16  # bytes


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a proof is bound to."""

    contract: str
    prover: str
    verifier: str
    nonce: bytes

    def challenge(self, key: PublicKey, index: int) -> int:
        """Return the index-th number in [0, n) whose root is asked, by SHAKE-256."""
        size = -(-key.bits // 8)
        parts = (
            DOMAIN,
            self.contract.encode(),
            self.prover.encode(),
            self.verifier.encode(),
            int(key.n).to_bytes(size, "big"),
            self.nonce,
            index.to_bytes(4, "big"),
        )
        hasher = hashlib.shake_256()
        for part in parts:
            hasher.update(len(part).to_bytes(8, "big") + part)
        return mpz(int.from_bytes(hasher.digest(size + 32), "big")) % key.n


@dataclass(frozen=True, slots=True)
class KeyProof:
    """Eleven roots."""

    roots: tuple[int, ...]

    def to_json(self) -> list[str]:
        """Return the roots as base64url numbers."""
        return [
            b64url(int(root).to_bytes(max(1, -(-root.bit_length() // 8)), "big"))
            for root in self.roots
        ]

    @classmethod
    def from_json(cls, value: object) -> "KeyProof":
        """Read exactly eleven numbers of at most 4096 bits.

        Raises:
            MalformedError: anything else.
        """
        if not isinstance(value, list) or len(value) != ROOTS:
            raise _malformed(problems.ROOTS, count=ROOTS)
        roots = []
        for text in value:
            if not isinstance(text, str) or not 0 < len(text) <= 683:
                raise _malformed(problems.ROOT)
            roots.append(int.from_bytes(unb64url(text), "big"))
        return cls(tuple(roots))


def prove(key: SecretKey, transcript: Transcript) -> KeyProof:
    """Take the roots; needs the factors.

    Raises:
        PaillierError: the nonce is shorter than 16 bytes.
    """
    _check_nonce(transcript)
    return KeyProof(
        tuple(int(key.root(transcript.challenge(key.public, index))) for index in range(ROOTS))
    )


def verify(key: PublicKey, proof: KeyProof, transcript: Transcript) -> None:
    """Check all eleven roots against the transcript.

    Raises:
        PaillierError: a root is missing, out of range or wrong.
    """
    _check_nonce(transcript)
    n = mpz(key.n)
    sound = len(proof.roots) == ROOTS
    for index, root in enumerate(proof.roots):  # all of them, also after a failure
        challenge = transcript.challenge(key, index)
        in_range = 0 < root < n and gcd(challenge, n) == 1
        sound &= in_range and power(root, n, n) == challenge
    if not sound:
        raise PaillierError("the proof of gcd(n, φ(n)) = 1 does not hold")


def _check_nonce(transcript: Transcript) -> None:
    if len(transcript.nonce) < MIN_NONCE:
        raise PaillierError("the nonce of the key proof is shorter than 16 bytes")


def _malformed(what: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.PROOF, why=what.of(**facts))
