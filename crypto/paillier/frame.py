"""A batch on the wire: one binary frame, one JSON form, both versioned, both strict.

    "VPB" | version 1 | u32 header length | header (canonical JSON: key, layouts) | ciphertexts

Ciphertexts follow in the order of the layouts, each big endian in exactly 2·|n|/8 bytes. A receiver
knows beforehand which key and layouts it expects, so the header must equal the expected one byte by
byte, and the length must be exact; only then are ciphertexts parsed and gated.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crypto._hazmat.bigint import mpz
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError
from crypto.paillier.ciphertext import Column, Fresh, Stale, admit_batch
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import PublicKey
from crypto.paillier.layout import Layout

MAGIC = b"VPB\x01"
VERSION = 1
MEDIA_TYPE = "application/vnd.voile.paillier-batch"


def to_bytes(batch: Fresh) -> bytes:
    """Write a fresh batch as a binary frame.

    Raises:
        PaillierError: the batch is not fresh.
    """
    _demand_fresh(batch)
    header = _header(batch.key, [column.layout for column in batch.columns])
    size = ciphertext_bytes(batch.key)
    body = b"".join(
        int(value).to_bytes(size, "big") for column in batch.columns for value in column.values
    )
    return MAGIC + len(header).to_bytes(4, "big") + header + body


def from_bytes(
    data: bytes, *, key: PublicKey, layouts: Sequence[Layout], addends: int = 1
) -> Stale:
    """Read a frame that must carry exactly these layouts under exactly this key.

    Raises:
        PaillierError: anything differs, or a ciphertext does not pass the gate.
    """
    header, size = _header(key, layouts), ciphertext_bytes(key)
    start = MAGIC + len(header).to_bytes(4, "big") + header
    if not data.startswith(start) or len(data) != frame_bytes(key, layouts):
        raise PaillierError("a frame's header or length is not the expected one")
    position, columns = len(start), []
    for layout in layouts:
        values = []
        for _ in range(layout.ciphertexts):
            values.append(mpz(int.from_bytes(data[position : position + size], "big")))
            position += size
        columns.append(Column(layout, tuple(values)))
    return admit_batch(key, columns, addends=addends)


def to_json(batch: Fresh) -> dict[str, Any]:
    """Write a fresh batch as JSON.

    Raises:
        PaillierError: the batch is not fresh.
    """
    _demand_fresh(batch)
    size = ciphertext_bytes(batch.key)
    return {
        "v": VERSION,
        "key": batch.key.thumbprint(),
        "columns": [
            {
                "layout": column.layout.to_json(),
                "c": [b64url(int(value).to_bytes(size, "big")) for value in column.values],
            }
            for column in batch.columns
        ],
    }


def from_json(
    value: object, *, key: PublicKey, layouts: Sequence[Layout], addends: int = 1
) -> Stale:
    """Read the JSON form; as strict as the frame.

    Raises:
        PaillierError: anything differs, or a ciphertext does not pass the gate.
    """
    expected = {"v": VERSION, "key": key.thumbprint()}
    if not isinstance(value, Mapping) or set(value) != {"v", "key", "columns"}:
        raise PaillierError("a batch is not an object with v, key and columns")
    if any(type(value[k]) is not type(v) or value[k] != v for k, v in expected.items()):
        raise PaillierError("a batch has another version or key")
    found = value["columns"]
    if not isinstance(found, list) or len(found) != len(layouts):
        raise PaillierError("a batch has another number of columns")
    columns = []
    for item, layout in zip(found, layouts, strict=True):
        if not isinstance(item, Mapping) or set(item) != {"layout", "c"}:
            raise PaillierError("a column is not an object with layout and c")
        if Layout.from_json(item["layout"]) != layout or not isinstance(item["c"], list):
            raise PaillierError("a column has another layout")
        if len(item["c"]) != layout.ciphertexts:
            raise PaillierError("a column has another number of ciphertexts")
        columns.append(Column(layout, tuple(_number(text, key) for text in item["c"])))
    return admit_batch(key, columns, addends=addends)


def ciphertext_bytes(key: PublicKey) -> int:
    """Return the size of one ciphertext on the wire."""
    return 2 * -(-key.bits // 8)


def frame_bytes(key: PublicKey, layouts: Sequence[Layout]) -> int:
    """Return the size of a whole frame, so that a receiver can cap what it reads."""
    ciphertexts = sum(layout.ciphertexts for layout in layouts)
    header = len(_header(key, layouts))
    return len(MAGIC) + 4 + header + ciphertexts * ciphertext_bytes(key)


def _header(key: PublicKey, layouts: Sequence[Layout]) -> bytes:
    return canonical({"key": key.thumbprint(), "layouts": [layout.to_json() for layout in layouts]})


def _number(text: object, key: PublicKey) -> int:
    try:
        data = unb64url(text) if isinstance(text, str) else b""
    except MalformedError as error:
        raise PaillierError("a ciphertext is not base64url") from error
    if len(data) != ciphertext_bytes(key):
        raise PaillierError("a ciphertext has another length")
    return mpz(int.from_bytes(data, "big"))


def _demand_fresh(batch: object) -> None:
    if not isinstance(batch, Fresh):
        raise PaillierError("only a fresh batch is written; re-randomise it first")
