"""One side of a comparison: what a bundle says, read for laying it beside another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contracts.audit import layout, own
from contracts.audit.agreements import check_agreement
from contracts.audit.alone import Told, told_by
from contracts.audit.before import of_log
from contracts.audit.log import Log, read_log
from contracts.audit.peers import check_peer
from contracts.audit.promised import check_acks, is_acks
from contracts.audit.statements import check_statement, folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.agreements import Checked
    from contracts.audit.contradictions import Said
    from contracts.audit.keyring import Keyring
    from contracts.audit.memo import Memo
    from contracts.audit.peers import Seen
    from contracts.audit.promised import Held
    from contracts.audit.report import Basis
    from contracts.audit.verify import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one party's bundle says.

    Attributes:
        name: "A" or "B".
        did: the party.
        origin: name of its log.
        as_of_ms: until when the bundle tells what happened: when it says that it was made, or its
            newest leaf if that is later, so that nobody escapes a question by an early date.
        log: its leaves.
        told: what they say that decides whether one of them may stand alone.
        seen: heads of other parties' logs, by the party.
        agreements: each with the signatures that hold, by name.
        stage_files: the stages of which there is a file, whether it holds or not, by name.
        said: the statements whose signature holds, under whichever key.
        promises: what others acknowledged to it, as far as the signatures hold.
        own: the keys under which all this is the party's own; none if anything of it is not.
        covers: what `contracts.audit.before` has found out of heads that it saw, by whose log.
    """

    name: str
    did: str
    origin: str
    as_of_ms: int
    log: Log
    told: Told
    seen: Mapping[str, tuple[Seen, ...]]
    agreements: Mapping[str, Checked]
    stage_files: Mapping[str, frozenset[str]]
    said: tuple[Said, ...]
    promises: tuple[Held, ...]
    own: tuple[Basis, ...]
    covers: dict[tuple[str, Log], tuple[Sequence[int], Sequence[int]]] = field(default_factory=dict)

    def leaf(self, index: int) -> Mapping[str, Any]:
        """Give a leaf that is one."""
        leaf = self.log.leaves[index]
        assert leaf is not None
        return leaf

    def files_of(self, agreement: str) -> frozenset[str]:
        """Give the stages of an agreement of which there is a file."""
        return self.stage_files.get(agreement, frozenset())

    def seen_at(self, seen: Seen) -> int | None:
        """Give when a head was seen, as the leaf that names it says; None without one."""
        return self.told.seen.get(seen.digest)

    def message(self, index: int) -> tuple[str, str]:
        """Give type and id of the message that a leaf is of."""
        msg = self.leaf(index).get("msg", {})
        return msg.get("type", ""), msg.get("id", "")

    def words(self, index: int) -> str:
        """Name a leaf for people."""
        return f"{self.leaf(index)['kind']} `{self.message(index)[0]}`"


def side(name: str, bundle: Bundle, memo: Memo) -> Side:
    """Read a bundle.

    Raises:
        MalformedError: it has no readable manifest.
    """
    files = bundle.files
    manifest = layout.read_manifest(files.get(layout.MANIFEST, b""))
    keys, _ = memo(own.usable_keys, bundle.trust, manifest.did, *bundle.brought)
    log, _ = memo(read_log, files.get(layout.ENTRIES, b""), memo)
    seen: dict[str, list[Seen]] = {}
    for folder, items in folders(files, "peers").items():
        for one in memo(check_peer, folder, items, keys)[1]:
            seen.setdefault(one.did, []).append(one)
    agreements: dict[str, Checked] = {}
    stage_files: dict[str, frozenset[str]] = {}
    for folder, items in folders(files, "agreements").items():
        checked = memo(check_agreement, folder, items, keys, bundle.now, manifest.did)
        if checked.agreement is not None:
            agreements[checked.name] = checked
            stage_files[checked.name] = frozenset(
                name.removesuffix(".jws") for name, _ in items if name.endswith(".jws")
            )
    grounds = own.grounds(files, manifest, keys, log, memo)
    return Side(
        name=name,
        did=manifest.did,
        origin=manifest.origin,
        as_of_ms=max(manifest.created * 1000, log.newest_ms),
        log=log,
        told=memo(told_by, log),
        seen={did: tuple(held) for did, held in seen.items()},
        agreements=agreements,
        stage_files=stage_files,
        said=tuple(
            of_log(one, manifest.did, log, grounds) for one in _statements(files, keys, memo)
        ),
        promises=tuple(
            one
            for path in sorted(filter(is_acks, files))
            for one in memo(check_acks, path, files[path], keys)[1]
        ),
        own=grounds,
    )


def _statements(files: Mapping[str, bytes], keys: Keyring, memo: Memo) -> Iterator[Said]:
    """Read the statements whose signature holds."""
    for path in sorted(files):
        if path.startswith("signed/"):
            _, said = memo(check_statement, path, files[path], keys)
            if said is not None:
                yield said
