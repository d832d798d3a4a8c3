"""Foreign keys: what a wrong party could send instead of one, and that it gets nowhere."""

from dataclasses import replace

import pytest

from crypto._hazmat.bigint import inverse, is_probable_prime, power, random_bits
from crypto.errors import MalformedError
from crypto.paillier.errors import PaillierError
from crypto.paillier.gate import admit
from crypto.paillier.keys import PublicKey, SecretKey
from crypto.paillier.proof import ROOTS, KeyProof, Transcript, prove, verify
from tests.crypto.paillier.conftest import seeded

TRANSCRIPT = Transcript("urn:agreement:1", "did:web:buyer", "did:web:acme", b"n" * 16)


def prime(bits: int, seed: str) -> int:
    """Return a prime of `bits` bits with its two top bits set."""
    entropy = seeded(seed)
    while True:
        candidate = random_bits(bits, entropy) | (3 << (bits - 2)) | 1
        if is_probable_prime(candidate):
            return candidate


def roots_with(n: int, phi: int, transcript: Transcript) -> KeyProof:
    """Return the best proof that somebody who knows φ(n) can make."""
    key = PublicKey(int(n))
    try:
        exponent = inverse(n, phi)
    except ZeroDivisionError:
        exponent = 1
    return KeyProof(
        tuple(int(power(transcript.challenge(key, i), exponent, n)) for i in range(ROOTS))
    )


@pytest.fixture(scope="module")
def proof(secret: SecretKey) -> KeyProof:
    return prove(secret, TRANSCRIPT)


def reason(key: PublicKey, proof: KeyProof) -> str:
    """Return why the gate refused, which only one's own log sees."""
    with pytest.raises(PaillierError) as caught:
        admit(key, proof, TRANSCRIPT)
    assert caught.value.message == "the homomorphic batch or key was refused"
    assert not caught.value.params
    return caught.value.private_reason


def test_an_honest_key_passes(secret: SecretKey, proof: KeyProof):
    """A key made here, with its proof, is let in and the verdict names the key."""
    assert admit(secret.public, proof, TRANSCRIPT).key == secret.public


def test_what_passed_is_not_worked_out_again(
    secret: SecretKey, proof: KeyProof, monkeypatch: pytest.MonkeyPatch
):
    """The same key, proof and contract pass once more; with another root or contract they do not."""
    first = admit(secret.public, proof, TRANSCRIPT)

    def worked_out(*_: object) -> None:
        raise AssertionError("worked out")

    monkeypatch.setattr("crypto.paillier.gate.verify", worked_out)
    assert admit(secret.public, KeyProof(tuple(proof.roots)), replace(TRANSCRIPT)) == first
    for other in (
        replace(TRANSCRIPT, contract="urn:agreement:2"),
        replace(TRANSCRIPT, nonce=b"m" * 16),
    ):
        with pytest.raises(AssertionError, match="worked out"):
            admit(secret.public, proof, other)
    with pytest.raises(AssertionError, match="worked out"):
        admit(secret.public, KeyProof((*proof.roots[:-1], 1)), TRANSCRIPT)


def test_a_key_that_phe_made_passes():
    """Phe's primes are not Blum primes; its keys are accepted all the same."""
    import phe

    from crypto._hazmat.phe_interop import from_phe_secret

    _, made = phe.generate_paillier_keypair(n_length=2048)
    theirs = from_phe_secret(made)
    verdict = admit(theirs.public, prove(theirs, TRANSCRIPT), TRANSCRIPT)
    assert verdict.key == theirs.public


@pytest.mark.long
def test_a_prime_modulus_is_refused(proof: KeyProof):
    """A prime n has gcd(n, φ(n)) = 1 and a valid proof, and everybody can decrypt under it."""
    n = prime(2048, "prime modulus")
    valid = roots_with(n, n - 1, TRANSCRIPT)
    verify(PublicKey(int(n)), valid, TRANSCRIPT)  # the proof alone would let it pass
    assert "prime" in reason(PublicKey(int(n)), valid)


def test_a_modulus_with_a_small_factor_is_refused(proof: KeyProof):
    """Smooth or small-factor moduli leak plaintexts modulo the factors (CVE-2023-33241)."""
    small = 65521  # the largest prime below 2^16
    rest = prime(2032, "rest")
    n = small * rest
    assert n.bit_length() == 2048
    valid = roots_with(n, (small - 1) * (rest - 1), TRANSCRIPT)
    assert "below 2^16" in reason(PublicKey(int(n)), valid)


def test_a_perfect_power_is_refused(proof: KeyProof):
    """p² is composite and odd and has no small factor."""
    root = prime(1024, "root")
    assert "power" in reason(PublicKey(int(root * root)), proof)


def test_even_and_short_and_long_moduli_are_refused(secret: SecretKey, proof: KeyProof):
    """Exactly 2048, 3072 or 4096 bits, odd; nothing near it."""
    n = int(secret.public.n)
    assert "even" in reason(PublicKey(n - 1), proof)
    for bad in (0, 1, 15, n >> 1 | 1, n * 2 + 1, 1 << 5000 | 1):
        assert "bits" in reason(PublicKey(bad), proof)


def test_a_modulus_that_divides_its_totient_is_refused(proof: KeyProof):
    """N = p·q with p | q-1: gcd(n, φ(n)) = p, encryption is no permutation, no proof exists."""
    p = prime(600, "p")
    k = (3 << 2046) // (p * p) & ~1
    while not is_probable_prime(p * k + 1):
        k += 2
    q = p * k + 1
    n = p * q
    forged = roots_with(n, (p - 1) * (q - 1), TRANSCRIPT)
    assert "proof" in reason(PublicKey(int(n)), forged)


@pytest.mark.parametrize(
    "change",
    [
        {"contract": "urn:agreement:2"},
        {"prover": "did:web:other"},
        {"verifier": "did:web:other"},
        {"nonce": b"m" * 16},
        # the same bytes cut differently: lengths stand in front of every part
        {"prover": "did:web:buyerd", "verifier": "id:web:acme"},
        {"contract": "urn:agreement:1did:web:buyer", "prover": ""},
    ],
)
def test_a_proof_holds_for_one_transcript_only(secret: SecretKey, proof: KeyProof, change: dict):
    """A proof copied from another contract, party or session is worth nothing."""
    with pytest.raises(PaillierError):
        admit(secret.public, proof, replace(TRANSCRIPT, **change))


def test_a_proof_with_a_wrong_missing_or_wrapped_root_is_refused(
    secret: SecretKey, proof: KeyProof
):
    """All eleven roots count, each in (0, n)."""
    n = int(secret.public.n)
    for roots in (
        proof.roots[:-1],
        (*proof.roots, 1),
        (proof.roots[0] + n, *proof.roots[1:]),
        (n - proof.roots[0], *proof.roots[1:]),
        (0,) * ROOTS,
        (1,) * ROOTS,
        (*proof.roots[1:], proof.roots[0]),
    ):
        with pytest.raises(PaillierError):
            admit(secret.public, KeyProof(tuple(roots)), TRANSCRIPT)


def test_a_short_nonce_is_refused(secret: SecretKey):
    """Neither side works with a nonce that could repeat."""
    short = replace(TRANSCRIPT, nonce=b"x" * 15)
    with pytest.raises(PaillierError):
        prove(secret, short)
    with pytest.raises(PaillierError):
        verify(secret.public, KeyProof((1,) * ROOTS), short)


def test_a_proof_as_json(proof: KeyProof):
    """Round trip; any other shape is one error."""
    assert KeyProof.from_json(proof.to_json()) == proof
    texts = proof.to_json()
    for bad in (None, [], texts[:-1], [*texts, "AQ"], [7, *texts[1:]], ["A" * 700, *texts[1:]]):
        with pytest.raises(MalformedError):
            KeyProof.from_json(bad)
