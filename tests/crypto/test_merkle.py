"""The Merkle tree beside a slow reference, and beside public vectors."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import merkle
from crypto.errors import VerificationError
from tests.crypto.keys_for_tests import VECTORS, needs

SIZES = st.integers(1, 300)


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(slow_root(leaves[:k]), slow_root(leaves[k:]))


def slow_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_consistency(m: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """RFC 6962 §2.1.2."""
    if m == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*slow_consistency(m, leaves[:k], whole=whole), slow_root(leaves[k:])]
    return [*slow_consistency(m - k, leaves[k:], whole=False), slow_root(leaves[:k])]


class Tree:
    """A tree of 300 leaves, appended one by one."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.leaves: list[bytes] = []
        for number in range(300):
            leaf = merkle.leaf_hash(number.to_bytes(2, "big"))
            for node in merkle.append(number, self.read, leaf):
                assert (node.level, node.index) not in self.nodes
                self.nodes[node.level, node.index] = node.hash
            self.leaves.append(leaf)

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


TREE = Tree()


def test_roots_equal_the_slow_reference_for_every_size():
    """From stored nodes and in one pass, for 0 to 300 leaves."""
    for size in range(301):
        expected = slow_root(TREE.leaves[:size])
        assert merkle.root(size, TREE.read) == expected
        assert merkle.root_of(TREE.leaves[:size]) == expected


def test_appending_stores_each_complete_subtree_once():
    """300 leaves make 300 + 150 + 75 + 37 + … nodes and no more."""
    assert len(TREE.nodes) == sum(300 >> level for level in range(9))


@given(SIZES, st.data())
def test_inclusion_proofs_equal_the_reference_and_hold(size, data):
    """Every leaf of every size, and only for its own place, size, leaf and root."""
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, TREE.read)
    assert list(proof) == slow_path(index, TREE.leaves[:size])
    root = merkle.root(size, TREE.read)
    good = {"index": index, "size": size, "proof": proof, "expected_root": root}
    merkle.verify_inclusion(TREE.leaves[index], **good)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with pytest.raises(VerificationError):
            merkle.verify_inclusion(TREE.leaves[index], **good | {"index": other})
        with pytest.raises(VerificationError):
            merkle.verify_inclusion(TREE.leaves[other], **good)
    for at in range(len(proof)):
        for bent in (
            (*proof[:at], bytes(32), *proof[at + 1 :]),
            (*proof[:at], *proof[at + 1 :]),
            (*proof[: at + 1], *proof[at:]),
            (*proof[:at], proof[at] + b"\x00", *proof[at + 1 :]),
        ):
            with pytest.raises(VerificationError):
                merkle.verify_inclusion(TREE.leaves[index], **good | {"proof": bent})
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(TREE.leaves[index], **good | {"expected_root": bytes(32)})


@given(SIZES, st.data())
def test_consistency_proofs_equal_the_reference_and_hold(new, data):
    """Every pair of sizes; a changed root, size or hash does not hold."""
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(old, new, TREE.read)
    assert list(proof) == slow_consistency(old, TREE.leaves[:new])
    good = {
        "old_size": old,
        "old_root": merkle.root(old, TREE.read),
        "new_size": new,
        "new_root": merkle.root(new, TREE.read),
        "proof": proof,
    }
    merkle.verify_consistency(**good)
    bends = [{"old_root": bytes(32)}, {"new_root": bytes(32)}, {"proof": (*proof, bytes(32))}]
    bends += [{"proof": (*proof[:at], bytes(32), *proof[at + 1 :])} for at in range(len(proof))]
    bends += [{"proof": (*proof[:at], *proof[at + 1 :])} for at in range(len(proof))]
    if old != new:
        bends += [{"old_root": good["new_root"], "new_root": good["old_root"]}]
    for bend in bends:
        with pytest.raises(VerificationError):
            merkle.verify_consistency(**good | bend)


def test_a_history_that_was_rewritten_is_not_consistent():
    """A tree with another early leaf has no proof from the old root."""
    other: dict[tuple[int, int], bytes] = {}
    for number in range(20):
        leaf = bytes(32) if number == 3 else TREE.leaves[number]
        for node in merkle.append(number, lambda level, index: other[level, index], leaf):
            other[node.level, node.index] = node.hash
    read = lambda level, index: other[level, index]  # noqa: E731
    for old in range(4, 20):
        with pytest.raises(VerificationError):
            merkle.verify_consistency(
                old_size=old,
                old_root=merkle.root(old, TREE.read),
                new_size=20,
                new_root=merkle.root(20, read),
                proof=merkle.consistency_proof(old, 20, read),
            )


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 5), (5, 5), (0, -1), (0, 2**63)])
def test_a_leaf_outside_the_tree_is_refused(index, size):
    """Before anything is hashed."""
    with pytest.raises(VerificationError):
        merkle.verify_inclusion(
            TREE.leaves[0], index=index, size=size, proof=(), expected_root=TREE.leaves[0]
        )


def test_proofs_that_prove_nothing_are_not_made():
    """No proof of a leaf that is not there, nor of consistency from nothing."""
    with pytest.raises(ValueError, match="below 3"):
        merkle.inclusion_proof(3, 3, TREE.read)
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="sizes"):
            merkle.consistency_proof(old, new, TREE.read)


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _proof(case: dict) -> list[bytes]:
    return [_bytes(text) for text in case["proof"] or []]


@needs("merkle")
def test_the_public_inclusion_vectors():
    """98 proofs of transparency-dev/merkle: each holds or fails as it should."""
    files = sorted((VECTORS / "merkle" / "inclusion").rglob("*.json"))
    assert len(files) == 98
    for file in files:
        case = json.loads(file.read_bytes())
        try:
            merkle.verify_inclusion(
                _bytes(case["leafHash"]),
                index=case["leafIdx"],
                size=case["treeSize"],
                proof=_proof(case),
                expected_root=_bytes(case["root"]),
            )
            held = True
        except VerificationError:
            held = False
        assert held is not case["wantErr"], file


@needs("merkle")
def test_the_public_consistency_vectors():
    """98 proofs, with one we refuse on purpose: its roots have 12 bytes, ours always have 32."""
    files = sorted((VECTORS / "merkle" / "consistency").rglob("*.json"))
    assert len(files) == 98
    differing = []
    for file in files:
        case = json.loads(file.read_bytes())
        try:
            merkle.verify_consistency(
                old_size=case["size1"],
                old_root=_bytes(case["root1"]),
                new_size=case["size2"],
                new_root=_bytes(case["root2"]),
                proof=_proof(case),
            )
            held = True
        except VerificationError:
            held = False
        if held is case["wantErr"]:
            differing.append(file.name)
            assert len(_bytes(case["root1"])) == 12
    assert differing == ["sizes-are-equal-one-and-proof-is-empty.json"]
