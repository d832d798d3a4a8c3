"""What a leaf is found by: the ids and digests that stand in it, and the decision that it tells of.

Counterparty, agreement, process and kind have columns of their own in whatever keeps leaves. All
else that somebody may hold in hand, an id of a message, the digest of a signature, a product, is a
*term*: a number of eight bytes made of the text, so that an index of many leaves stays small. Two
texts may share a number; whoever looks one up compares with the leaf.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALLOW: Final = "allow"
DENY: Final = "deny"
DECISIONS: Final = (ALLOW, DENY)
TERM_BYTES: Final = 8
_WORDS: Final = frozenset(  # members whose texts are words of ours, no ids
    {
        "decision",
        "delivery",
        "kind",
        "mode",
        "outcome",
        "purpose",
        "reason",
        "reasons",
        "rules",
        "why",
    }
    | {"now", "plan", "roles", "standing", "table", "was", "why", "withheld"}
)
_DENIED: Final = frozenset({("ACCESS", "REFUSED"), ("CERTIFICATION", "rejected")})


def names_of(leaf: Mapping[str, Any], leaf_hash: bytes) -> frozenset[str]:
    """Give the ids and digests by which a leaf is found, those with columns left out.

    Args:
        leaf: as `contracts.evidence.parse_leaf` gives it.
        leaf_hash: its hash in the tree.
    """
    found = {f"sha-256:{leaf_hash.hex()}", *leaf.get("sig", ())}
    found |= {leaf.get("consumerPid", ""), leaf.get("providerPid", "")}
    found.add(leaf.get("msg", {}).get("id", ""))
    for part in ("policy", "query"):
        if part in leaf:
            found.update(_texts(leaf[part]))
    return frozenset(found - {"", leaf.get("process", ""), leaf.get("agreement", "")})


def decision_of(leaf: Mapping[str, Any]) -> str:
    """Give the decision that a leaf tells of: ``allow``, ``deny``, or nothing."""
    said = leaf.get("policy", {}).get("decision")
    if isinstance(said, str) and said in DECISIONS:
        return said
    if leaf["kind"] == "REFUSAL" or (leaf["kind"], leaf.get("to", "")) in _DENIED:
        return DENY
    return ""


def terms_of(leaf: Mapping[str, Any], leaf_hash: bytes) -> frozenset[int]:
    """Give the numbers under which a leaf stands in the index."""
    found = {term_of_name(name) for name in names_of(leaf, leaf_hash)}
    decision = decision_of(leaf)
    return frozenset(found | {term_of_decision(decision)} if decision else found)


def term_of_name(name: str) -> int:
    """Give the number of an id or digest."""
    return _term(b"n\x00" + name.encode("utf-8", "surrogatepass"))


def term_of_decision(decision: str) -> int:
    """Give the number of a decision."""
    return _term(b"d\x00" + decision.encode("utf-8", "surrogatepass"))


def _term(data: bytes) -> int:
    made = hashlib.blake2b(data, digest_size=TERM_BYTES).digest()
    return int.from_bytes(made, "big", signed=True)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(value, "items"):
        for name, item in value.items():
            if name not in _WORDS:
                yield from _texts(item)
