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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from connector.demo.data import ROW_TOKEN
from connector.demo.plaintext import Plain
from connector.demo.results import Sight, Text

_ENCODED: Final = re.compile(rb"[A-Za-z0-9_\-+/]{16,}={0,2}")
_GZIP: Final = b"\x1f\x8b"
_DEPTH: Final = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What one party received, by kind of message, and how much of it was not recorded."""

    sights: tuple[Sight, ...]
    unrecorded: int  # bytes that the counters know and the files do not


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
    party: Text, folder: Path, lines: Sequence[Mapping[str, Any]], known: frozenset[bytes]
) -> Seen:
    """Search everything that a party received.

    Args:
        party: Its names.
        folder: The recorded bodies.
        lines: Its own counters of traffic, as its management API gives them.
        known: The tokens of all rows of all firms.
    """
    sights: dict[str, list[int]] = {}
    recorded = 0
    for line in lines:
        if line["direction"] == "in":
            kind = str(line["kind"])
            counted = sights.setdefault(kind, [0, 0, 0])
            counted[0] += int(line["messages"])
            counted[1] += int(line["bytes"])
    for path in sorted(folder.glob("*.bin")):
        data = path.read_bytes()
        recorded += len(data)
        rows = len(tokens_in(data) & known)
        if rows:
            kind = next((k for k in sights if _slug(k) in path.name), "other")
            sights.setdefault(kind, [0, 0, 0])[2] += rows
    counted_bytes = sum(counted[1] for counted in sights.values())
    return Seen(
        tuple(
            Sight(party=party, kind=kind, messages=n, bytes=size, rows=rows)
            for kind, (n, size, rows) in sorted(sights.items())
        ),
        unrecorded=counted_bytes - recorded,
    )


def _slug(kind: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", kind)
