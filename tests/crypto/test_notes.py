"""Signed notes and checkpoints, with every trap of their format."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import merkle, notes
from crypto.b64 import b64
from crypto.errors import MalformedError, VerificationError, VoileError
from crypto.keys import SigningKey
from tests.crypto.keys_for_tests import VECTORS, needs

KEY = SigningKey.ed25519(b"l" * 32)
OTHER = SigningKey.ed25519(b"m" * 32)
NAME = "localhost:19100/acme/voile/v1/log"
VKEY = notes.vkey(NAME, KEY.public)
ROOT = hashlib.sha256(b"root").digest()
TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def signed(text: bytes, *keys: tuple[str, SigningKey]) -> bytes:
    """Sign any text, also one that is not allowed."""
    lines = b""
    for name, key in keys or ((NAME, KEY),):
        key_id = hashlib.sha256(name.encode() + b"\n\x01" + key.public.raw).digest()[:4]
        lines += f"— {name} {b64(key_id + key.sign(text))}\n".encode()
    return text + b"\n" + lines


def test_a_checkpoint_round_trips():
    """Origin, size and root come back from the signed bytes."""
    note = notes.sign_checkpoint(NAME, 7, ROOT, KEY, NAME)
    assert note == signed(f"{NAME}\n7\n{b64(ROOT)}\n".encode())
    checkpoint = notes.verify_checkpoint(note, VKEY, expected_origin=NAME)
    assert checkpoint == notes.Checkpoint(NAME, 7, ROOT)
    assert notes.parse_checkpoint(note) == checkpoint


@needs("tlog")
def test_the_checkpoints_of_a_foreign_log_verify_over_its_leaves():
    """16 checkpoints of transparency-dev/tessera, and their roots out of its entries."""
    folder = VECTORS / "tlog"
    for size in range(16):
        note = (folder / f"checkpoint.{size}").read_bytes()
        checkpoint = notes.verify_checkpoint(
            note, TESSERA, expected_origin="example.com/log/testdata"
        )
        assert checkpoint.size == size
        leaves = []
        bundle = folder / "tile" / "entries" / "000.p" / str(size)
        if bundle.is_file():
            data = bundle.read_bytes()
            while data:
                length = int.from_bytes(data[:2], "big")
                leaves.append(merkle.leaf_hash(data[2 : 2 + length]))
                data = data[2 + length :]
            assert len(leaves) == size
        if leaves or size == 0:
            assert merkle.root_of(leaves) == checkpoint.root


def test_every_flipped_bit_is_found():
    """Origin, size, root, separators, name, key id and signature: all of it counts."""
    note = notes.sign_checkpoint(NAME, 7, ROOT, KEY, NAME)
    for position in range(8 * len(note)):
        changed = bytearray(note)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(VoileError):
            notes.verify_checkpoint(bytes(changed), VKEY, expected_origin=NAME)


@pytest.mark.parametrize(
    "text",
    [
        b"o\n+7\n%s\n",
        b"o\n07\n%s\n",
        b"o\n7 \n%s\n",
        b"o\n1_0\n%s\n",
        b"o\n\xd9\xa7\n%s\n",  # arabic seven
        b"o\n-1\n%s\n",
        b"o\n9223372036854775808\n%s\n",
        b"o\n99999999999999999999\n%s\n",
        b"o\n7\n%s=\n",
        b"o\n7\nAAAA\n",
        b"o\n7\n",
        b"o\n\n7\n%s\n",
        b"\n7\n%s\n",
        b"o\n7\n%s\n\n",
        b"o\n7\n%s",
        b"o\r\n7\n%s\n",
        b"o\x00\n7\n%s\n",
        b"o\t\n7\n%s\n",
        b"\xff\n7\n%s\n",
    ],
)
def test_numbers_base64_and_lines_have_one_form(text):
    """Python would read `+7`, `1_0`, foreign digits and CR LF; we do not, though it is signed."""
    body = text.replace(b"%s", b64(ROOT).encode())
    with pytest.raises(MalformedError):
        notes.verify_checkpoint(signed(body), VKEY)


def test_a_line_ends_at_a_line_feed_only():
    """NEL and U+2028 are characters of the origin, not ends of a line."""
    text = f"o\u2028x\u0085y\n7\n{b64(ROOT)}\n"
    assert notes.verify_checkpoint(signed(text.encode()), VKEY).origin == "o\u2028x\u0085y"


def test_extension_lines_are_read_and_the_last_empty_line_splits():
    """Further lines belong to the text; a text may itself hold an empty line."""
    text = f"o\n7\n{b64(ROOT)}\nmore\n".encode()
    assert notes.verify_checkpoint(signed(text), VKEY).extensions == ("more",)
    opened, signers = notes.open_note(signed(b"a\n\nb\n"), [notes.parse_vkey(VKEY)])
    assert (opened, signers) == ("a\n\nb\n", (NAME,))


def test_unknown_keys_are_passed_over_but_a_trusted_one_must_hold():
    """Foreign signatures do no harm; a false one under a trusted key refuses the note."""
    text = f"{NAME}\n7\n{b64(ROOT)}\n".encode()
    both = signed(text, ("stranger", OTHER), (NAME, KEY))
    assert notes.verify_checkpoint(both, VKEY).size == 7
    with pytest.raises(VerificationError):
        notes.verify_checkpoint(signed(text, ("stranger", OTHER)), VKEY)
    with pytest.raises(VerificationError):
        notes.verify_checkpoint(both, notes.vkey("else", KEY.public))
    false = signed(text) + signed(b"other\n").split(b"\n\n")[1]
    with pytest.raises(VerificationError):
        notes.verify_checkpoint(false, VKEY)
    with pytest.raises(VerificationError):
        notes.verify_checkpoint(signed(text))


def test_a_checkpoint_of_another_log_is_refused():
    """The origin is compared, so that one key cannot pass one log off as another."""
    note = notes.sign_checkpoint("other", 7, ROOT, KEY, NAME)
    with pytest.raises(VerificationError):
        notes.verify_checkpoint(note, VKEY, expected_origin=NAME)


def test_up_to_64_signatures_are_taken():
    """At least 16 as the format demands; more than 64 are refused."""
    text = f"{NAME}\n7\n{b64(ROOT)}\n".encode()
    assert notes.verify_checkpoint(signed(text, *[(NAME, KEY)] * 64), VKEY).size == 7
    with pytest.raises(MalformedError):
        notes.verify_checkpoint(signed(text, *[(NAME, KEY)] * 65), VKEY)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note[:-1],
        lambda note: note + b"\n",
        lambda note: note + b"x\n",
        lambda note: note.replace("— ".encode(), b"- "),
        lambda note: note.replace("— ".encode(), "—".encode()),
        lambda note: note.replace(b"\n\n", b"\n"),
        lambda note: note.split(b"\n\n")[0] + b"\n\n",
        lambda note: note[:-3] + b"\n",
        lambda note: note + "— a+b AAAAAAAA\n".encode(),
        lambda note: note + "— a AAAA\n".encode(),
        lambda note: note + "— a\n".encode(),
        lambda note: note + "—  AAAAAAAA\n".encode(),
        lambda note: note + "— a\u00a0b AAAAAAAA\n".encode(),
        lambda note: note + b"x" * 70_000,
        lambda _: b"",
    ],
)
def test_a_bent_note_is_refused(change):
    """Missing ends, other dashes, odd names, short signatures, too many bytes."""
    note = notes.sign_checkpoint(NAME, 7, ROOT, KEY, NAME)
    with pytest.raises(MalformedError):
        notes.verify_checkpoint(change(note), VKEY)


def test_verifier_keys_round_trip():
    """The text form is that of C2SP, and comes back whole."""
    verifier = notes.parse_vkey(VKEY)
    assert (verifier.name, verifier.public) == (NAME, KEY.public)
    assert notes.vkey(verifier.name, verifier.public) == VKEY
    tessera = notes.parse_vkey(TESSERA)
    assert notes.vkey(tessera.name, tessera.public) == TESSERA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        VKEY.replace("+", "-", 1),
        VKEY[:-4],
        VKEY + "\n",
        VKEY.replace(NAME, "other"),
        VKEY.replace(NAME, "a b"),
        VKEY.replace(NAME, ""),
        "n+00000000+" + b64(b"\x04" + KEY.public.raw),
        "n+ABCDEF01+" + b64(b"\x01" + KEY.public.raw),
        "n+00000000+" + b64(b"\x01" + b"\x01" + bytes(31)),
    ],
)
def test_a_bent_verifier_key_is_refused(text):
    """Other types, a key id of another key, stray ends, a key of small order."""
    with pytest.raises(VoileError):
        notes.parse_vkey(text)


@pytest.mark.parametrize(
    ("origin", "size", "root"), [("", 1, ROOT), ("a\nb", 1, ROOT), ("a", -1, ROOT), ("a", 1, b"")]
)
def test_we_sign_no_bent_checkpoint(origin, size, root):
    """What we could not read we do not write."""
    with pytest.raises(ValueError, match="expected an origin"):
        notes.sign_checkpoint(origin, size, root, KEY, NAME)
    with pytest.raises(MalformedError):
        notes.sign_note("no end", KEY, NAME)
    with pytest.raises(MalformedError):
        notes.sign_note("a\n", SigningKey.p256(b"p" * 40), NAME)


@given(st.binary(max_size=200))
def test_any_bytes_give_one_error(data):
    """Nothing but a VoileError leaves the reader."""
    with pytest.raises(VoileError):
        notes.verify_checkpoint(data, VKEY)
