"""What a party received from others, byte by byte, searched for rows of other firms.

Under the test setting `record_wire` a process keeps every body that it receives. A row of the
demonstration bears tokens such as `SO-5f3a09c1b2d4`, its order, customer, part or plant. They are
looked for in the bytes as they came and, because signed answers travel as base64url, in whatever
can be decoded from them, however deep.
"""

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from connector.demo.data import ROW_TOKEN
from connector.demo.plaintext import Plain
from connector.demo.results import Received

_ENCODED: Final = re.compile(rb"[A-Za-z0-9_\-+/]{16,}={0,2}")
_GZIP: Final = b"\x1f\x8b"
_DEPTH: Final = 5
# a whole number of its own: six digits in a row stand in many a digest, by chance
_FIGURE: Final = re.compile(rb"(?<![0-9A-Za-z_.])[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_])")
_FRAME_HEAD: Final = 8  # magic, version, length of the header
_HEAD: Final = 64  # bytes by which a ciphertext is recognised; it has several hundred


def row_tokens(plain: Plain) -> frozenset[bytes]:
    """Every token that names a row of any firm."""
    found = plain.rows(
        "SELECT order_number FROM deliveries UNION SELECT customer FROM deliveries "
        "UNION SELECT part_number FROM stock UNION SELECT plant FROM stock"
    )
    return frozenset(str(row[0]).encode() for row in found)


def layers(data: bytes, depth: int = _DEPTH) -> Iterator[bytes]:
    """Give some bytes, and everything that can be decoded from them."""
    yield data
    if depth == 0:
        return
    if data.startswith(_GZIP):
        # what only looked like gzip has been given as it is
        with suppress(OSError, EOFError, zlib.error):
            yield from layers(gzip.decompress(data), depth - 1)
    for match in _ENCODED.finditer(data):
        text = match.group().rstrip(b"=").translate(bytes.maketrans(b"+/", b"-_"))
        try:
            inner = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            continue
        yield from layers(inner, depth - 1)


def tokens_in(data: bytes, depth: int = _DEPTH) -> set[bytes]:
    """The tokens in some bytes and in everything that can be decoded from them."""
    return {token for layer in layers(data, depth) for token in ROW_TOKEN.findall(layer)}


def bodies(folder: Path, kind: str = "") -> Iterator[bytes]:
    """Give the recorded bodies, of one kind or of all, in their order."""
    for path in sorted(folder.glob("*.bin")):
        if _slug(kind) in path.name:
            yield path.read_bytes()


def ciphertexts(batch: bytes) -> list[bytes]:
    """Cut a recorded batch, as `crypto.paillier.frame` writes it, into its ciphertexts."""
    start = _FRAME_HEAD + int.from_bytes(batch[4:_FRAME_HEAD], "big")
    header = json.loads(batch[_FRAME_HEAD:start])
    size = 2 * int(header["layouts"][0]["modulusBits"]) // 8
    return [batch[at : at + size] for at in range(start, len(batch), size)]


@dataclass(frozen=True, slots=True)
class Parts:
    """What of single suppliers was found among everything that a party received.

    Attributes:
        size: How many bytes were searched.
        figures: Those of the figures looked for that stand in them.
        encrypted: How many of the ciphertexts looked for do.
    """

    size: int
    figures: frozenset[bytes]
    encrypted: int


def search(
    received: Iterable[bytes], figures: frozenset[bytes], encrypted: Sequence[bytes]
) -> Parts:
    """Look for figures, as decimal numbers, and for ciphertexts."""
    size, seen, left = 0, set[bytes](), {one[:_HEAD] for one in encrypted}
    looked = len(left)
    for body in received:
        size += len(body)
        for layer in layers(body):
            seen.update(figures.intersection(_FIGURE.findall(layer)))
            left -= {head for head in left if head in layer}
    return Parts(size, frozenset(seen), looked - len(left))


def what_it_saw(
    folder: Path, lines: Sequence[Mapping[str, Any]], known: frozenset[bytes]
) -> tuple[tuple[Received, ...], int]:
    """Search everything that a party received.

    Args:
        folder: The recorded bodies.
        lines: Its own counters of traffic, as its management API gives them.
        known: The tokens of all rows of all firms.

    Returns:
        What it received by kind of message, and how many bytes were counted but not recorded.
    """
    counted: dict[str, list[int]] = {}
    for line in lines:
        if line["direction"] == "in":
            sums = counted.setdefault(str(line["kind"]), [0, 0, 0])
            sums[0] += int(line["messages"])
            sums[1] += int(line["bytes"])
    recorded = 0
    for path in sorted(folder.glob("*.bin")):
        data = path.read_bytes()
        recorded += len(data)
        if rows := len(tokens_in(data) & known):
            kind = next((kind for kind in counted if _slug(kind) in path.name), "unknown")
            counted.setdefault(kind, [0, 0, 0])[2] += rows
    received = tuple(
        Received(kind=kind, messages=messages, bytes=size, rows=rows)
        for kind, (messages, size, rows) in sorted(counted.items())
    )
    return received, sum(kind.bytes for kind in received) - recorded


def _slug(kind: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", kind)
