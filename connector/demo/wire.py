"""What a party received from others, byte by byte, searched for rows of other firms.

Under the test setting `record_wire` a process keeps every body that it receives. A row of the
demonstration bears tokens such as `SO-5f3a09c1b2d4`, its order, customer, part or plant. They are
looked for in the bytes as they came and, because signed answers travel as base64url, in whatever
can be decoded from them, however deep.
"""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from connector.demo.data import ROW_TOKEN
from connector.demo.plaintext import Plain
from connector.demo.results import Received

_ENCODED: Final = re.compile(rb"[A-Za-z0-9_\-+/]{16,}={0,2}")
_GZIP: Final = b"\x1f\x8b"
_DEPTH: Final = 5


def row_tokens(plain: Plain) -> frozenset[bytes]:
    """Every token that names a row of any firm."""
    found = plain.rows(
        "SELECT order_number FROM deliveries UNION SELECT customer FROM deliveries "
        "UNION SELECT part_number FROM stock UNION SELECT plant FROM stock"
    )
    return frozenset(str(row[0]).encode() for row in found)


def tokens_in(data: bytes, depth: int = _DEPTH) -> set[bytes]:
    """The tokens in some bytes and in everything that can be decoded from them."""
    found = set(ROW_TOKEN.findall(data))
    if depth == 0:
        return found
    if data.startswith(_GZIP):
        # what only looked like gzip has been searched as it is
        with suppress(OSError, EOFError, zlib.error):
            found |= tokens_in(gzip.decompress(data), depth - 1)
    for match in _ENCODED.finditer(data):
        text = match.group().rstrip(b"=").translate(bytes.maketrans(b"+/", b"-_"))
        try:
            inner = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            continue
        found |= tokens_in(inner, depth - 1)
    return found


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
