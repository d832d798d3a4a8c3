"""One byte range of a request (RFC 9110 §14): where an interrupted delivery goes on."""

from __future__ import annotations

import re
from typing import Final

_ONE: Final = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))")


def part_of(header: str, *, size: int, unchanged: bool) -> tuple[int, int] | None:
    """Say which bytes are wanted.

    Args:
        header: The `Range` header; what is not exactly one byte range asks for the whole.
        size: Bytes of the file.
        unchanged: Whether the file is still the one of `If-Range`.

    Returns:
        First byte and length; None where the range begins behind the end.
    """
    match = _ONE.fullmatch(header.replace(" ", "")) if unchanged else None
    if match is None:
        return 0, size
    first, last, suffix = match.groups()
    if suffix is not None:
        length = min(int(suffix), size)
        return (size - length, length) if length else None
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return 0, size  # not a range
    return (start, end - start + 1) if start < size else None
