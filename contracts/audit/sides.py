"""One side of a comparison: what a bundle says, read for laying it beside another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.audit import layout
from contracts.audit.agreements import agreement_name, read_agreement
from contracts.audit.contradictions import Said, read_said
from contracts.audit.log import Log, read_log
from contracts.audit.statements import check_peer, check_statement, folders, read_peer
from contracts.audit.trust import Keyring, keyring
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.memo import Memo
    from contracts.audit.verify import Bundle
    from crypto.notes import Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one party's bundle says.

    Attributes:
        name: "A" or "B".
        did: the party.
        created_ms: when the bundle was made.
        log: its leaves.
        seen: heads of other parties' logs, and whether their key is trusted.
        agreements: files of each agreement, by name.
        said: the statements whose signature holds.
        vouched: signers of them for whose keys somebody trusted vouches.
    """

    name: str
    did: str
    created_ms: int
    log: Log
    seen: Mapping[str, tuple[tuple[Checkpoint, ...], bool]]
    agreements: Mapping[str, Mapping[str, bytes]]
    said: tuple[Said, ...]
    vouched: frozenset[str]

    def leaf(self, index: int) -> Mapping[str, Any]:
        """Give a leaf that is one."""
        leaf = self.log.leaves[index]
        assert leaf is not None
        return leaf

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
        MalformedError: it has no readable manifest or keys.
    """
    files = bundle.files
    manifest = layout.read_manifest(files.get(layout.MANIFEST, b""))
    register = files.get(layout.REGISTER)
    keys = keyring(
        bundle.trust,
        files.get(layout.PARTIES),
        register.decode("latin-1") if register is not None else None,
    )
    log, _ = read_log(files.get(layout.ENTRIES, b""), memo)
    seen: dict[str, tuple[tuple[Checkpoint, ...], bool]] = {}
    for folder, items in folders(files, "peers").items():
        _, held = check_peer(folder, items, keys)
        did = _peer(dict(items))
        if did is not None:
            seen[did] = held, _trusted(keys, did)
    said = tuple(_statements(files, keys))
    agreements: dict[str, Mapping[str, bytes]] = {}
    for items in folders(files, "agreements").values():
        data = dict(items)
        try:
            body, _, provider_pid = read_agreement(data.get("agreement.json", b""))
        except MalformedError:
            continue
        if {body.get("assigner"), body.get("assignee")} >= {manifest.did}:
            agreements[agreement_name(body, provider_pid)] = data
    return Side(
        name=name,
        did=manifest.did,
        created_ms=manifest.created * 1000,
        log=log,
        seen=seen,
        agreements=agreements,
        said=said,
        vouched=frozenset(keys.vouched(item.signer for item in said)),
    )


def _statements(files: Mapping[str, bytes], keys: Keyring) -> Iterator[Said]:
    """Read the statements whose signature holds."""
    for path in sorted(files):
        if path.startswith("signed/"):
            found = check_statement(path, files[path], keys)
            said = read_said(path, files[path])
            if said is not None and all(finding.level == "unchecked" for finding in found):
                yield said


def _peer(data: Mapping[str, bytes]) -> str | None:
    try:
        return read_peer(data.get("peer.json", b""))
    except MalformedError:
        return None


def _trusted(keys: Keyring, did: str) -> bool:
    try:
        return keys.logs(did)[1]
    except VoileError:
        return False
