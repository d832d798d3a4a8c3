"""Signed notes, verifier keys and checkpoints.

A note is a text that ends in a line feed, an empty line, and signature lines
``— name base64(key id ‖ signature)``. A checkpoint is a note of three lines: origin, size, base64
of the root. Spec: C2SP signed-note v1, tlog-checkpoint v1 (https://c2sp.org).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto import problems_signatures as problems
from crypto.b64 import b64, unb64
from crypto.errors import MalformedError, VerificationError
from crypto.keys import PublicKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.keys import SigningKey
    from crypto.words import Words

ED25519_TYPE: Final = b"\x01"
MAX_BYTES: Final = 65536
MAX_SIGNATURES: Final = 64
KEY_ID_BYTES: Final = 4
ROOT_BYTES: Final = 32
_DASH: Final = "— "
_SIZE = re.compile(rb"0|[1-9][0-9]{0,18}")
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_MAX_SIZE: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key with the name under which it signs notes."""

    name: str
    public: PublicKey

    @property
    def key_id(self) -> bytes:
        """The 4 bytes by which a signature line names the key."""
        return _key_id(self.name, self.public)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a log had come.

    Attributes:
        origin: the log's name.
        size: leaves.
        root: the 32 bytes that stand for all of them.
        extensions: further lines; we write none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def vkey(name: str, public: PublicKey) -> str:
    """Write a verifier key: ``name+key id+base64(type ‖ key)``."""
    _check_name(name)
    return f"{name}+{_key_id(name, public).hex()}+{b64(ED25519_TYPE + public.raw)}"


def parse_vkey(text: str) -> Verifier:
    """Read a verifier key of Ed25519.

    Raises:
        MalformedError: not one, or its key id is not its own.
        VerificationError: the key gate refuses the key.
    """
    parts = text.split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise _malformed(problems.VKEY_FORM)
    name, key_id, encoded = parts
    _check_name(name)
    raw = unb64(encoded)
    if raw[:1] != ED25519_TYPE:
        raise _malformed(problems.VKEY_TYPE)
    verifier = Verifier(name, PublicKey.ed25519(raw[1:]))
    if verifier.key_id.hex() != key_id:
        raise _malformed(problems.VKEY_ID)
    return verifier


def sign_note(text: str, key: SigningKey, name: str) -> bytes:
    """Sign a text that ends in a line feed."""
    _check_text(text.encode("utf-8"))
    if not text.endswith("\n"):
        raise _malformed(problems.LINE_FEED)
    body = text.encode("utf-8")
    signature = _key_id(name, key.public) + key.sign(body)
    _check_name(name)
    return body + f"\n{_DASH}{name} {b64(signature)}\n".encode()


def open_note(note: bytes, verifiers: Sequence[Verifier]) -> tuple[str, tuple[str, ...]]:
    """Verify a note.

    Args:
        note: its bytes.
        verifiers: the keys that are trusted; signatures of others are passed over.

    Returns:
        The text, and the names of those who signed it.

    Raises:
        MalformedError: not a note.
        VerificationError: a trusted key's signature fails, or none of a trusted key is there.
    """
    # (1) the form
    body, lines = _split(note)
    # (2) each line; a trusted key that fails refuses the note
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signers: list[str] = []
    for line in lines:
        name, key_id, signature = _signature(line)
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        verifier.public.verify(signature, body)
        signers.append(name)
    # (3) at least one of those we trust
    if not signers:
        raise VerificationError(problems.NOTE_UNSIGNED)
    return body.decode("utf-8"), tuple(dict.fromkeys(signers))


def sign_checkpoint(origin: str, size: int, root: bytes, key: SigningKey, name: str) -> bytes:
    """Sign a head of our log. The caller never signs two that contradict each other."""
    if not 0 <= size <= _MAX_SIZE or len(root) != ROOT_BYTES or "\n" in origin or not origin:
        raise ValueError("expected an origin, a size and a root of 32 bytes")
    return sign_note(f"{origin}\n{size}\n{b64(root)}\n", key, name)


def parse_checkpoint(note: bytes) -> Checkpoint:
    """Read a checkpoint without verifying it: to learn whose it says it is.

    Raises:
        MalformedError: not a checkpoint.
    """
    return _checkpoint(_split(note)[0])


def verify_checkpoint(note: bytes, *vkeys: str, expected_origin: str | None = None) -> Checkpoint:
    """Verify a checkpoint.

    Args:
        note: its bytes.
        vkeys: the verifier keys that are trusted for that log.
        expected_origin: the name of the log it must be of; None if the caller looks at it.

    Raises:
        MalformedError: not a checkpoint, or not a verifier key.
        VerificationError: no trusted signature, a false one, or another log.
    """
    text, _ = open_note(note, [parse_vkey(text) for text in vkeys])
    checkpoint = _checkpoint(text.encode("utf-8"))
    if expected_origin is not None and checkpoint.origin != expected_origin:
        raise VerificationError(problems.CHECKPOINT_ORIGIN, expected=expected_origin[:200])
    return checkpoint


def _checkpoint(body: bytes) -> Checkpoint:
    lines = body.split(b"\n")[:-1]
    if len(lines) < 3 or not all(lines):
        raise _malformed(problems.CHECKPOINT_FORM)
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > _MAX_SIZE:
        raise _malformed(problems.CHECKPOINT_SIZE)
    root = unb64(lines[2].decode("utf-8"))
    if len(root) != ROOT_BYTES:
        raise _malformed(problems.CHECKPOINT_ROOT, expected=ROOT_BYTES, got=len(root))
    extensions = tuple(line.decode("utf-8") for line in lines[3:])
    return Checkpoint(lines[0].decode("utf-8"), int(lines[1]), root, extensions)


def _split(note: bytes) -> tuple[bytes, list[str]]:
    if len(note) > MAX_BYTES:
        raise _malformed(problems.NOTE_LONG, most=MAX_BYTES)
    _check_text(note)
    at = note.rfind(b"\n\n")  # the last empty line splits
    if at < 0 or not note.endswith(b"\n") or at + 2 == len(note):
        raise _malformed(problems.NOTE_FORM)
    lines = note[at + 2 : -1].decode("utf-8").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _malformed(problems.SIGNATURES_MANY, most=MAX_SIGNATURES)
    return note[: at + 1], lines


def _signature(line: str) -> tuple[str, bytes, bytes]:
    if not line.startswith(_DASH):
        raise _malformed(problems.NO_DASH)
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not space:
        raise _malformed(problems.LINE_UNSIGNED)
    _check_name(name)
    data = unb64(encoded)
    if len(data) <= KEY_ID_BYTES:
        raise _malformed(problems.SIGNATURE_SHORT)
    return name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:]


def _key_id(name: str, public: PublicKey) -> bytes:
    if public.alg != "EdDSA":
        raise _malformed(problems.ONLY_ED25519)
    return hashlib.sha256(name.encode() + b"\n" + ED25519_TYPE + public.raw).digest()[:KEY_ID_BYTES]


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() for character in name):
        raise _malformed(problems.KEY_NAME)


def _check_text(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed(problems.NOT_UTF8) from error
    if any(byte < 0x20 and byte != 0x0A for byte in data):
        raise _malformed(problems.CONTROL)


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.NOTE_MALFORMED, why=why.of(**facts))
