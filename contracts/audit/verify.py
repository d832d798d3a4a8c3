"""Verification of a bundle: a numbered list, run in order, each item naming what it found.

(1) the manifest, in its one form; (2) the party's signature on it; (3) every file is the one it
names, and there is no other; (4) the signed head of the log; (5) every leaf, the tree over them,
and that the bundle was not made before the newest; (6) the chain of signatures of every agreement,
and its leaves; (7) every signed statement, its leaf and what that counts of it, its agreement, and
what contradicts it; (8) the checkpoints of peers, and their leaves; (9) every acknowledgement, and
that a leaf tells of its message; (10) every opened detail against its commitment; (11) what leaves
name and the bundle does not hold.

The caller's loop is `verify`. `examine` yields the same findings one by one, for the drill.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from contracts.audit import layout
from contracts.audit.agreements import (
    check_agreement,
    check_leaves,
    stage_digests,
)
from contracts.audit.before import of_log, undated, undated_heads
from contracts.audit.contradictions import (
    Contract,
    Said,
    check_answers,
    contract_of,
    contradictions,
)
from contracts.audit.counted import check_counts
from contracts.audit.held import not_held
from contracts.audit.in_bundle import check_totals
from contracts.audit.log import Log, check_space, read_log
from contracts.audit.memo import Memo
from contracts.audit.openings import check_openings, erased
from contracts.audit.own import (
    check_files,
    check_head,
    check_signature,
    check_tree,
    grounds,
    usable_keys,
)
from contracts.audit.peers import check_peer
from contracts.audit.promised import check_acks, check_marked, first_marked, is_acks
from contracts.audit.report import Finding, Report
from contracts.audit.statements import (
    check_statement,
    folders,
)
from crypto.canonical import digest_bytes
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.keyring import Keyring
    from contracts.audit.layout import Manifest, Opened
    from contracts.audit.trust import Trust

MAX_AHEAD_SECONDS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a check works on.

    Attributes:
        files: bytes by path, all of them.
        trust: from outside.
        now: seconds since 1970.
        oddities: what the reader of the folder met beside plain files.
        registers: of the bundles that it is compared with: see `beside_each_other`.
    """

    files: Mapping[str, bytes]
    trust: Trust
    now: int
    oddities: tuple[Finding, ...] = ()
    registers: tuple[bytes, ...] = ()

    @property
    def brought(self) -> tuple[bytes | None, bytes | None, tuple[bytes, ...], int]:
        """What its keys are read from, besides the trust."""
        parties, register = self.files.get(layout.PARTIES), self.files.get(layout.REGISTER)
        return parties, register, self.registers, self.now


def beside_each_other(bundles: Sequence[Bundle]) -> tuple[Bundle, ...]:
    """Let each bundle be checked with the registers of all: the newest knows who changed keys."""
    found = (bundle.files.get(layout.REGISTER) for bundle in bundles)
    registers = tuple(dict.fromkeys(one for one in found if one is not None))
    return tuple(replace(bundle, registers=registers) for bundle in bundles)


def verify(bundle: Bundle, memo: Memo | None = None) -> Report:
    """Check a bundle and say all that was found."""
    memo = memo or Memo()
    findings = tuple(dict.fromkeys(examine(bundle, memo)))
    counts: dict[str, int] = {"files": len(bundle.files)}
    facts: dict[str, object] = {}
    try:
        manifest = memo(layout.read_manifest, bundle.files.get(layout.MANIFEST, b""))
    except MalformedError:
        return Report(findings=findings, counts=counts, facts=facts)
    log, _ = memo(read_log, bundle.files.get(layout.ENTRIES, b""), memo)
    counts |= {
        "leaves": len(log.leaves),
        "commitments": sum(1 for leaf in log.leaves if leaf and "commit" in leaf),
        "agreements": len(folders(bundle.files, "agreements")),
        "stages": len(stage_digests(bundle.files)),
        "statements": _count(bundle.files, "signed/"),
        "peerCheckpoints": _count(bundle.files, "peers/", ".checkpoint"),
        "acks": sum(bundle.files[path].count(b"\n") for path in bundle.files if is_acks(path)),
        "opened": bundle.files.get(layout.OPENED, b"").count(b"\n"),
    }
    agreements = _agreements(bundle, manifest, memo)
    for amount in ("mutual", "own", "none", "unchecked"):
        counts[f"signatures.{amount}"] = sum(one["signatures"] == amount for one in agreements)
    facts |= {
        "party": manifest.did,
        "created": manifest.created,
        "origin": manifest.origin,
        "size": manifest.size,
        "root": manifest.root,
        "absent": list(manifest.absent),
        "openings": {
            "said": manifest.opened,
            "opened": counts["opened"],
            "of": counts["commitments"],
            "erased": len(erased(log)),
        },
        "contracts": agreements,
    }
    return Report(findings=findings, counts=counts, facts=facts)


def examine(bundle: Bundle, memo: Memo, *, manifest_only: bool | None = None) -> Iterator[Finding]:
    """Yield findings in the order of the list above.

    Args:
        bundle: what to check.
        memo: remembers what did not change since the last check.
        manifest_only: True stops after (3); False leaves (2) and (3) out, which shows what the
            evidence itself finds if somebody with the party's key has made a new manifest.
    """
    files = bundle.files
    yield from bundle.oddities
    # (1)
    try:
        manifest = memo(layout.read_manifest, files.get(layout.MANIFEST, b""))
    except MalformedError as error:
        yield Finding(code="manifest", where=layout.MANIFEST, text=error.message)
        return
    if manifest.created > bundle.now + MAX_AHEAD_SECONDS:
        yield Finding(code="manifest-time", where=layout.MANIFEST, text="it is of the future")
    # the keys, before anything that is signed
    keys, found = memo(usable_keys, bundle.trust, manifest.did, *bundle.brought)
    yield from found
    if manifest_only is not False:
        # (2)
        yield from check_signature(files, manifest, keys, memo)
        # (3)
        yield from check_files(files, manifest, memo)
    if manifest_only is True:
        return
    yield from _evidence(bundle, manifest, keys, memo)


def _evidence(bundle: Bundle, manifest: Manifest, keys: Keyring, memo: Memo) -> Iterator[Finding]:
    files = bundle.files
    # (4)
    size, root = manifest.size, bytes.fromhex(manifest.root)
    findings, head, _ = memo(check_head, files.get(layout.CHECKPOINT, b""), manifest.did, keys)
    yield from findings
    if head is not None and (head.origin, head.size, head.root) != (manifest.origin, size, root):
        text = "it is not the head that the manifest names"
        yield Finding(code="checkpoint", where=layout.CHECKPOINT, text=text)
        size, root = head.size, head.root
    # (5)
    log, found = memo(read_log, files.get(layout.ENTRIES, b""), memo)
    yield from found
    if log.newest_ms > manifest.created * 1000 + MAX_AHEAD_SECONDS * 1000:
        text = "it says that it was made before its newest leaf, whose time is what counts"
        yield Finding(code="manifest-time", where=layout.MANIFEST, text=text)
    yield from memo(check_space, log, manifest.space)
    yield from memo(check_tree, log, size, root, files.get(layout.LEAF_HASHES))
    # (6)
    contracts: dict[tuple[str, str], Contract] = {}
    for folder, items in folders(files, "agreements").items():
        checked = memo(check_agreement, folder, items, keys, bundle.now, manifest.did)
        yield from checked.findings
        yield from check_leaves(folder, items, checked, manifest.did, log, memo)
        if checked.agreement and all(one.level == "unchecked" for one in checked.findings):
            contract = contract_of(checked.agreement, len(checked.stages) or len(items) - 1)
            contracts[checked.agreement["@id"], contract.assigner] = contract
    # (7)
    said: list[Said] = []
    for path in sorted(files):
        if path.startswith("signed/"):
            findings, one = memo(check_statement, path, files[path], keys)
            yield from findings
            if not log.leaf_named(memo(digest_bytes, files[path])):
                yield Finding(code="statement-unlogged", where=path, text="no leaf names it")
            if one is not None and one.basis is not None and one.basis.until:
                one = of_log(one, manifest.did, log, grounds(files, manifest, keys, log, memo))
                yield from undated(one)
            said += [one] if one is not None else []
    yield from (*contradictions(said), *check_answers(said, contracts), *check_counts(said, log))
    # (8)
    for folder, items in folders(files, "peers").items():
        told, heads = memo(check_peer, folder, items, keys)
        yield from told
        yield from undated_heads(heads, log)
        for name, data in items:
            unlogged = not log.leaf_named(memo(digest_bytes, data), "PEER_CHECKPOINT")
            if name.endswith(".checkpoint") and unlogged:
                text = "no leaf says that it was seen"
                yield Finding(code="peer-unlogged", where=f"{folder}/{name}", text=text)
    # (9)
    for path in sorted(filter(is_acks, files)):
        told, held = memo(check_acks, path, files[path], keys)
        yield from told
        yield from check_marked(path, held, memo(first_marked, log))
    # (10)
    if layout.OPENED in files:
        yield from memo(_openings, files[layout.OPENED], manifest.opened, log, memo)
    elif manifest.opened != "none":
        yield Finding(code="opening", where=layout.OPENED, text="announced, and not there")
    yield from check_totals(files, said, memo)
    # (11)
    yield from not_held(files, log, opened=manifest.opened == "all")


def _agreements(bundle: Bundle, manifest: Manifest, memo: Memo) -> list[dict[str, Any]]:
    """List the agreements of a bundle, each with what its signatures amount to."""
    files = bundle.files
    keys, _ = memo(usable_keys, bundle.trust, manifest.did, *bundle.brought)
    return [
        memo(check_agreement, folder, items, keys, bundle.now, manifest.did).to_json()
        for folder, items in folders(files, "agreements").items()
    ]


def _openings(data: bytes, said: Opened, log: Log, memo: Memo) -> tuple[Finding, ...]:
    return tuple(check_openings(data, said, log, memo))


def _count(files: Mapping[str, bytes], start: str, end: str = "") -> int:
    return sum(1 for path in files if path.startswith(start) and path.endswith(end))
