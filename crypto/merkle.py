"""The Merkle tree of RFC 6962: appending, proofs, and checking them.

A node ``(level, index)`` is the hash of the complete subtree over the leaves
``index·2^level … (index+1)·2^level - 1``; only complete subtrees are stored. The functions that
build read stored nodes through ``read_node(level, index)``; those that verify take nothing on trust
but a size and a root from one verified checkpoint: the root does not commit to the size.
Spec: RFC 6962 §2.1, RFC 9162 §2.1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto import problems_signatures as problems
from crypto.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    ReadNode = Callable[[int, int], bytes]

    from crypto.words import Words

HASH_BYTES: Final = 32
MAX_SIZE: Final = 2**63 - 1
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class NewNode:
    """A complete subtree that an append has made."""

    level: int
    index: int
    hash: bytes


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(size: int, read_node: ReadNode, leaf: bytes) -> tuple[NewNode, ...]:
    """Append a leaf.

    Args:
        size: leaves before it.
        read_node: reads complete subtrees of the tree as it was.
        leaf: hash of the new entry.

    Returns:
        The complete subtrees to store, leaf first.
    """
    made = [NewNode(0, size, leaf)]
    while size & 1:
        right = made[-1]
        size >>= 1
        left = read_node(right.level, right.index - 1)
        made.append(NewNode(right.level + 1, size, node_hash(left, right.hash)))
    return tuple(made)


def root(size: int, read_node: ReadNode) -> bytes:
    """Compute the root of the first ``size`` leaves."""
    return EMPTY_ROOT if size == 0 else _range(0, size, read_node)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Compute the root over leaf hashes, with nothing stored: one pass."""
    edge: list[tuple[int, bytes]] = []  # complete subtrees from left to right, sizes falling
    for leaf in leaves:
        _grow(edge, leaf)
    return _close(edge)


def roots_of(leaves: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """Compute the roots over the first leaf hashes, for several numbers of them: one pass.

    Args:
        leaves: leaf hashes.
        sizes: how many; those that are more than there are leaves are left out.
    """
    wanted = frozenset(sizes)
    edge: list[tuple[int, bytes]] = []
    found = {0: EMPTY_ROOT} if 0 in wanted else {}
    for size, leaf in enumerate(leaves, 1):
        _grow(edge, leaf)
        if size in wanted:
            found[size] = _close(edge)
    return found


def _grow(edge: list[tuple[int, bytes]], leaf: bytes) -> None:
    level, value = 0, leaf
    while edge and edge[-1][0] == level:
        value = node_hash(edge.pop()[1], value)
        level += 1
    edge.append((level, value))


def _close(edge: list[tuple[int, bytes]]) -> bytes:
    if not edge:
        return EMPTY_ROOT
    value = edge[-1][1]
    for _, left in reversed(edge[:-1]):
        value = node_hash(left, value)
    return value


def inclusion_proof(index: int, size: int, read_node: ReadNode) -> tuple[bytes, ...]:
    """Prove that leaf ``index`` is in the tree of ``size`` leaves; hashes from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"expected an index below {size}, got {index}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range(middle, end, read_node))
            end = middle
        else:
            proof.append(_range(start, middle, read_node))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(old: int, new: int, read_node: ReadNode) -> tuple[bytes, ...]:
    """Prove that the tree of ``old`` leaves is a prefix of that of ``new`` leaves."""
    if not 0 < old <= new:
        raise ValueError(f"expected sizes 0 < old <= new, got {old} and {new}")
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range(middle, end, read_node))
            end = middle
        else:
            proof.append(_range(start, middle, read_node))
            start, whole = middle, False
    if not whole:
        proof.append(_range(start, end, read_node))
    return tuple(reversed(proof))


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Verify that a leaf stands at ``index`` in the tree that a checkpoint names.

    Raises:
        VerificationError: it does not.
    """
    # (1) the shape, before anything is hashed
    _check_shape(size, (leaf, expected_root, *proof))
    if not 0 <= index < size:
        raise _refused(problems.LEAF_BEYOND, index=index, size=size)
    inner, border = _path_lengths(index, size)
    if len(proof) != inner + border:
        raise _refused(problems.HASHES, expected=inner + border, got=len(proof))
    # (2) the path up
    value = leaf
    for level, sibling in enumerate(proof[:inner]):
        right = index >> level & 1
        value = node_hash(sibling, value) if right else node_hash(value, sibling)
    for sibling in proof[inner:]:
        value = node_hash(sibling, value)
    # (3) it leads to the root
    if value != expected_root:
        raise _refused(problems.OTHER_ROOT)


def verify_consistency(
    *,
    old_size: int,
    old_root: bytes,
    new_size: int,
    new_root: bytes,
    proof: Sequence[bytes],
) -> None:
    """Verify that nothing of the older tree was changed or removed in the newer.

    Raises:
        VerificationError: it was, or the proof does not show it; also for an old size of 0, from
            which anything follows.
    """
    # (1) the shape
    _check_shape(new_size, (old_root, new_root, *proof))
    if not 0 < old_size <= new_size:
        raise _refused(problems.SIZES, old=old_size, new=new_size)
    if old_size == new_size:
        if proof:
            raise _refused(problems.NO_HASHES)
        if old_root != new_root:
            raise _refused(problems.TWO_ROOTS)
        return
    # (2) the exact length
    shift = (old_size & -old_size).bit_length() - 1  # levels of its last complete subtree
    inner, border = _path_lengths(old_size - 1, new_size)
    inner -= shift
    seeded = old_size != 1 << shift  # else the old root itself is where the path begins
    if len(proof) != inner + border + seeded:
        raise _refused(problems.HASHES, expected=inner + border + seeded, got=len(proof))
    # (3) both roots out of the same hashes
    seed, path = (proof[0], proof[1:]) if seeded else (old_root, proof)
    mask = (old_size - 1) >> shift
    older = newer = seed
    for level, sibling in enumerate(path[:inner]):
        if mask >> level & 1:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
        else:
            newer = node_hash(newer, sibling)
    for sibling in path[inner:]:
        older, newer = node_hash(sibling, older), node_hash(sibling, newer)
    if older != old_root or newer != new_root:
        raise _refused(problems.NO_PREFIX)


def _split(count: int) -> int:
    """Give the largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _range(start: int, end: int, read_node: ReadNode) -> bytes:
    """Hash the leaves ``start … end - 1``, whose start is aligned as the recursion makes it."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read_node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range(start, middle, read_node), _range(middle, end, read_node))


def _path_lengths(index: int, size: int) -> tuple[int, int]:
    """Count the hashes below and above the point where the path joins the right edge."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _check_shape(size: int, hashes: Sequence[bytes]) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise _refused(problems.NO_SIZE, size=size)
    if any(len(value) != HASH_BYTES for value in hashes):
        raise _refused(problems.HASH_BYTES, bytes=HASH_BYTES)


def _refused(why: Words, **facts: object) -> VerificationError:
    return VerificationError(problems.MERKLE, why=why.of(**facts))
