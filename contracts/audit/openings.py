"""Opened details: each against the commitment in its leaf, and none of them left out.

A leaf of kind ``ERASED`` names in ``query.entries`` the ids of earlier leaves whose detail was
destroyed; of these nothing is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from contracts.audit.layout import OPENED
from contracts.audit.opened_part import of_session
from contracts.audit.report import Finding
from crypto import strict_json
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical, digest_bytes
from crypto.commitments import check as check_commitment
from crypto.errors import MalformedError, VoileError
from crypto.records import Text, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.layout import Opened
    from contracts.audit.log import Log
    from contracts.audit.memo import Memo

MAX_DETAIL_BYTES: Final = 16 << 20
ERASED_ENTRIES: Final = "entries"


def write_opening(entry_id: str, salt: bytes, detail: Any) -> bytes:
    """Write one line of ``opened/entries.jsonl``, without its end."""
    return canonical({"id": entry_id, "salt": b64url(salt), "detail": detail})


def check_openings(data: bytes, said: Opened, log: Log, memo: Memo) -> Iterator[Finding]:
    """Check each opened detail against the commitment in its leaf, and that none was left out.

    Args:
        data: ``opened/entries.jsonl``.
        said: what the manifest says is opened.
        log: the leaves.
        memo: remembers what did not change.
    """
    seen: set[str] = set()
    lines = data.split(b"\n")
    if lines.pop():
        yield _opened("the last line is not ended")
    for number, line in enumerate(lines):
        value = memo(read_opening, line)
        if value is None:
            yield _opened(f"line {number} is no opening")
            continue
        index = log.by_id.get(value["id"])
        leaf = log.leaves[index] if index is not None else None
        if leaf is None or "commit" not in leaf:
            yield _opened(f"line {number} opens no leaf that has a commitment", index)
            continue
        if value["id"] in seen:
            yield _opened(f"line {number} opens leaf {index} a second time", index)
        seen.add(value["id"])
        if not memo(_opens, leaf["commit"], line):
            yield _opened(f"the detail of leaf {index} is not the one committed to", index)
        elif not _signed_so(leaf, value["detail"]):
            yield _opened(f"leaf {index} names another signature than its detail holds", index)
    if said == "none":
        yield _opened("there, and the manifest says that nothing is opened")
    yield from _left_out(said, seen, log)


def erased(log: Log) -> dict[str, int]:
    """Give the ids of leaves whose detail was destroyed, with the leaf that says so later."""
    found: dict[str, int] = {}
    for index, leaf in enumerate(log.leaves):
        if leaf is None or leaf["kind"] != "ERASED":
            continue
        named = leaf.get("query", {}).get(ERASED_ENTRIES)
        for entry_id in named if isinstance(named, list) else ():
            if isinstance(entry_id, str) and log.by_id.get(entry_id, index) < index:
                found.setdefault(entry_id, index)
    return found


def _left_out(said: Opened, seen: set[str], log: Log) -> Iterator[Finding]:
    """Name the leaves that should be opened by what the manifest says, and are not.

    Of *all* that is every leaf with a commitment but our own contributions to totals, which are
    opened by naming their session only; of *sessions* every one of a session of which one is.
    """
    gone = erased(log)
    chosen = {log.leaves[log.by_id[name]].get("process") for name in seen if name in log.by_id}  # type: ignore[union-attr]
    for index, leaf in enumerate(log.leaves):
        if leaf is None or "commit" not in leaf or leaf["id"] in seen or leaf["id"] in gone:
            continue
        if said == "all":
            wanted = not of_session(leaf)
        else:
            wanted = said == "sessions" and "process" in leaf and leaf["process"] in chosen
        if wanted:
            yield _opened(f"the detail of leaf {index} is neither opened nor erased", index)


def _signed_so(leaf: Mapping[str, Any], detail: Any) -> bool:
    """Say whether a signature in a detail is one that the leaf names."""
    jws = detail.get("jws") if isinstance(detail, dict) else None
    if not isinstance(jws, str) or "sig" not in leaf:
        return True
    return digest_bytes(jws.encode("utf-8")) in leaf["sig"]


def openings(
    files: Mapping[str, bytes], log: Log, memo: Memo
) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Yield each leaf whose detail is opened, with the detail, where it is the one committed to."""
    for line in files.get(OPENED, b"").split(b"\n"):
        value = memo(read_opening, line) if line else None
        index = log.by_id.get(value["id"]) if value is not None else None
        leaf = log.leaves[index] if index is not None else None
        if value is None or leaf is None or "commit" not in leaf:
            continue
        if memo(_opens, leaf["commit"], line):
            yield leaf, value["detail"]


Word = Annotated[str, Text(MAX_DETAIL_BYTES, empty=True, raw=True)]


@dataclass(frozen=True, slots=True)
class _Written:
    id: Word
    salt: Word
    detail: Any


def read_opening(line: bytes) -> dict[str, Any] | None:
    """Read one line of ``opened/entries.jsonl``; None if it is none."""
    try:
        value = strict_json.loads(line, max_bytes=MAX_DETAIL_BYTES)
        read(_Written, value)
    except MalformedError:
        return None
    found: dict[str, Any] = value
    return found if canonical(found) == line else None


def _opens(commitment: str, line: bytes) -> bool:
    value = read_opening(line)
    assert value is not None, "it was read before"
    try:
        check_commitment(commitment, salt=unb64url(value["salt"]), value=value["detail"])
    except VoileError:
        return False
    return True


def _opened(text: str, leaf: int | None = None) -> Finding:
    return Finding(code="opening", where=OPENED, text=text, leaf=leaf)
