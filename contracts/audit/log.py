"""The log of a bundle: its leaves, the tree over them, and the head that stands for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.audit.report import Finding
from contracts.evidence import parse_leaf
from crypto import merkle
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.memo import Memo

MAX_BACKWARDS_MS = 300_000  # a clock that was set back by more is worth a question


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """The leaves of a log as a bundle holds them.

    Attributes:
        leaves: parsed; None where a line is no leaf.
        hashes: leaf hashes of the lines as they stand.
        by_id: index of each leaf by its id.
        named: indexes of the leaves whose ``sig`` names a digest.
        kinds: the kinds of these leaves, by digest.
        newest_ms: the latest time of a leaf; 0 without leaves.
        oldest_ms: the earliest time of a leaf; 0 without leaves.
    """

    leaves: tuple[Mapping[str, Any] | None, ...]
    hashes: tuple[bytes, ...]
    by_id: Mapping[str, int]
    named: Mapping[str, tuple[int, ...]]
    kinds: Mapping[str, frozenset[str]]
    newest_ms: int
    oldest_ms: int

    def leaf_named(self, digest: str, *kinds: str) -> bool:
        """Say whether a leaf of one of these kinds names a digest."""
        found = self.kinds.get(digest, frozenset())
        return not found.isdisjoint(kinds) if kinds else bool(found)


def read_log(entries: bytes, memo: Memo) -> tuple[Log, tuple[Finding, ...]]:
    """Read ``log/entries.jsonl``: one leaf a line, each line ended by a line feed."""
    found: list[Finding] = []
    lines = entries.split(b"\n")
    if lines.pop():
        found.append(_finding("log-form", "the last line is not ended"))
    leaves: list[Mapping[str, Any] | None] = []
    hashes: list[bytes] = []
    by_id: dict[str, int] = {}
    named: dict[str, list[int]] = {}
    kinds: dict[str, set[str]] = {}
    newest = 0
    for index, line in enumerate(lines):
        hashes.append(memo(merkle.leaf_hash, line))
        try:
            leaf = memo(parse_leaf, line)
        except MalformedError as error:
            found.append(_finding("leaf-malformed", error.message, index))
            leaves.append(None)
            continue
        leaves.append(leaf)
        if leaf["id"] in by_id:
            text = f"leaf {index} has the id of leaf {by_id[leaf['id']]}"
            found.append(_finding("leaf-twice", text, index))
        by_id.setdefault(leaf["id"], index)
        if leaf["t"] < newest - MAX_BACKWARDS_MS:
            text = f"leaf {index} is dated {newest - leaf['t']} ms before one that precedes it"
            found.append(_finding("leaf-backdated", text, index))
        newest = max(newest, leaf["t"])
        for digest in leaf.get("sig", ()):
            named.setdefault(digest, []).append(index)
            kinds.setdefault(digest, set()).add(leaf["kind"])
    log = Log(
        tuple(leaves),
        tuple(hashes),
        by_id,
        {digest: tuple(indexes) for digest, indexes in named.items()},
        {digest: frozenset(found) for digest, found in kinds.items()},
        newest,
        min((leaf["t"] for leaf in leaves if leaf is not None), default=0),
    )
    return log, tuple(found)


def check_space(log: Log, space: str) -> tuple[Finding, ...]:
    """Check that every leaf is of the data space that the manifest names; the first that is not."""
    for index, leaf in enumerate(log.leaves):
        if leaf is not None and leaf["space"] != space:
            text = f"leaf {index} is of the space `{leaf['space'][:200]}`, the bundle of another"
            return (_finding("leaf-space", text, index),)
    return ()


def compare_with_head(
    log: Log, *, size: int, root: bytes, listed: bytes | None
) -> Iterator[Finding]:
    """Compare the leaves with the signed head; name those that differ.

    Args:
        log: as read.
        size: of the checkpoint.
        root: of the checkpoint.
        listed: ``log/leaf-hashes``, by which a changed leaf is located.
    """
    if len(log.hashes) != size:
        text = f"the checkpoint is of {size} leaves, the log has {len(log.hashes)}"
        yield _finding("log-size", text)
    if listed is not None and len(listed) != merkle.HASH_BYTES * size:
        yield Finding(
            code="leaf-hashes",
            where="log/leaf-hashes",
            text=f"expected {size} hashes, got {len(listed)} bytes",
        )
        listed = None
    if len(log.hashes) == size and merkle.root_of(log.hashes) == root:
        if listed is not None and listed != b"".join(log.hashes):
            text = "the hashes differ from those of the leaves"
            yield Finding(code="leaf-hashes", where="log/leaf-hashes", text=text)
        return
    if len(log.hashes) == size:
        yield _finding("log-root", "the leaves do not give the root of the checkpoint")
    hashes = _split(listed or b"")
    if listed is None or merkle.root_of(hashes) != root:
        return
    for index, expected in enumerate(hashes):
        if index >= len(log.hashes) or log.hashes[index] != expected:
            yield _finding("leaf-changed", f"leaf {index} is not the one that was signed", index)


def _split(listed: bytes) -> list[bytes]:
    width = merkle.HASH_BYTES
    return [listed[at : at + width] for at in range(0, len(listed), width)]


def _finding(code: str, text: str, leaf: int | None = None) -> Finding:
    return Finding(code=code, where="log/entries.jsonl", text=text, leaf=leaf)
