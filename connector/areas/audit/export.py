"""Making a bundle: from the node's own database, up to its newest signed head.

Only what leaves below that head name goes in, so that a bundle made in the middle of things is
whole. The log is streamed; nothing of the database is locked meanwhile, for the log only grows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.audit import opening
from connector.areas.audit.acks import acks
from connector.areas.audit.folder import Writer, second_verifier
from connector.areas.audit.readme import README
from connector.areas.audit.statements import statements
from connector.areas.audit.trusting import known_parties, register, snapshot
from connector.areas.dsp import AgreementRow, SignatureRow
from connector.process.errors import ReadOnly, VoileError
from connector.process.ports import unix
from connector.store.rows import CheckpointRow, LogEntryRow, PeerCheckpointRow
from contracts.audit import layout
from contracts.audit.agreements import agreement_name, write_agreement
from contracts.audit.layout import Manifest, short_name
from contracts.audit.opened_part import of_session
from contracts.audit.opened_total import path_of
from contracts.audit.openings import write_opening
from contracts.audit.peers import checkpoint_name, write_peer
from contracts.audit.trust import write_trust
from contracts.promises import statement_mark
from crypto import jws as jws_format
from crypto.canonical import canonical, digest_bytes
from crypto.notes import Checkpoint, parse_checkpoint
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from sqlmodel import Session

    from connector.party.node import Node
    from contracts.audit.layout import Opened

CHUNK: Final = 1000  # leaves read at a time

NOBODY = "-"  # a leaf with a mark and no counterparty: no promise is about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written."""

    folder: Path
    size: int
    files: int
    bytes: int
    opened: int
    register: bool

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "folder": str(self.folder),
            "leaves": self.size,
            "files": self.files,
            "bytes": self.bytes,
            "opened": self.opened,
            "register": self.register,
        }


@dataclass(slots=True)
class _Walk:
    """What the leaves said while they were written."""

    hashes: bytearray = field(default_factory=bytearray)
    named: set[str] = field(default_factory=set)
    agreements: set[tuple[str, str]] = field(default_factory=set)
    marked: set[tuple[str, str]] = field(default_factory=set)  # messages: see `acks`
    committed: list[tuple[str, str, bool]] = field(default_factory=list)

    def openable(self, sessions: Collection[str], *, everything: bool) -> list[str]:
        """Give the ids of leaves to open; our contributions only where their session is named."""
        return [
            entry_id
            for entry_id, process, contribution in self.committed
            if process in sessions or (everything and not contribution)
        ]


def export(
    node: Node,
    folder: Path,
    *,
    opened: Opened = "none",
    sessions: Collection[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Exported:
    """Write a bundle.

    Args:
        node: this node.
        folder: where; it must not be there yet.
        opened: whether salts and details go in: of all leaves, or of none but the sessions'.
        sessions: ids of sessions of totals to open, our own contribution to them included.
        progress: told the leaves done, and how many there are.

    Raises:
        NotFound: we have taken part in no such session; nothing was written.
    """
    with node.db.reading() as session:
        own = opening.known(session, sessions)
    if sessions and opened == "none":
        opened = "sessions"
    note = _newest_head(node)
    created = unix(node.clock.now())  # what happens while it is written is not in it
    head = parse_checkpoint(note)
    writer = Writer(folder)
    walk = _Walk()
    writer.add(layout.README, [README.encode()])
    writer.add(layout.CHECKPOINT, [note])
    with node.db.reading() as session:
        writer.add(layout.ENTRIES, _leaves(session, head.size, walk, progress))
        writer.add(layout.LEAF_HASHES, [bytes(walk.hashes)])
        _agreements(session, writer, walk)
        _peers(session, writer, walk)
        for path, lines in acks(session, walk.marked):
            writer.add(path, lines)
        count = 0
        if opened != "none":  # answers hold figures, so they are shown with the details only
            _statements(session, writer, walk, None if opened == "all" else sessions)
            wanted = walk.openable(sessions, everything=opened == "all")
            openings = list(_openings(node, session, wanted))
            count = len(openings)
            writer.add(layout.OPENED, openings)
        for row in own:
            if (shown := opening.total(node, row)) is not None:
                writer.add(path_of(row.session), [shown])
        certified = _keys(node, session, writer)
    _manifest(node, writer, head, opened, created)
    (folder / layout.VERIFIER).write_bytes(second_verifier())
    return Exported(
        folder=folder,
        size=head.size,
        files=len(writer.digests) + layout.UNLISTED,
        bytes=sum(digest.size for digest in writer.digests.values()),
        opened=count,
        register=certified,
    )


def _newest_head(node: Node) -> bytes:
    try:
        return node.checkpoints.sign()
    except ReadOnly:  # an auditor is shown what was signed, also when nothing more is signed
        with node.db.reading() as session:
            note: bytes | None = session.execute(
                select(col(CheckpointRow.note)).order_by(col(CheckpointRow.size).desc()).limit(1)
            ).scalar_one_or_none()
        if note is None:
            raise
        return note


def _leaves(
    session: Session, size: int, walk: _Walk, progress: Callable[[int, int], None]
) -> Iterator[bytes]:
    for start in range(0, size, CHUNK):
        rows = session.execute(
            select(col(LogEntryRow.entry), col(LogEntryRow.leaf_hash))
            .where(
                col(LogEntryRow.index) >= start, col(LogEntryRow.index) < min(start + CHUNK, size)
            )
            .order_by(col(LogEntryRow.index))
        ).all()
        for entry, leaf_hash in rows:
            leaf = json.loads(entry)
            walk.hashes += leaf_hash
            walk.named.update(leaf.get("sig", ()))
            walk.marked.update(("", statement_mark(digest)) for digest in leaf.get("sig", ()))
            walk.agreements.add((leaf.get("agreement", ""), leaf.get("counterparty", "")))
            if "corr" in leaf:
                walk.marked.add((leaf.get("counterparty") or NOBODY, leaf["corr"]))
            if "commit" in leaf:
                walk.committed.append((leaf["id"], leaf.get("process", ""), of_session(leaf)))
            yield entry + b"\n"
        progress(min(start + CHUNK, size), size)


def _agreements(session: Session, writer: Writer, walk: _Walk) -> None:
    stages: dict[str, list[SignatureRow]] = {}
    for row in session.execute(select(SignatureRow)).scalars():
        if digest_bytes(row.jws.encode("ascii")) in walk.named:
            stages.setdefault(row.negotiation, []).append(row)
    for agreement in session.execute(select(AgreementRow)).scalars():
        if (agreement.agreement, agreement.counterparty) not in walk.agreements:
            continue  # of after the head
        body = loads(agreement.body.encode(), max_bytes=1 << 24)
        name = short_name(agreement_name(body, agreement.provider_pid))
        data = write_agreement(
            body, consumer_pid=agreement.consumer_pid, provider_pid=agreement.provider_pid
        )
        writer.add(f"agreements/{name}/agreement.json", [data])
        for stage in stages.get(agreement.negotiation, ()):
            writer.add(f"agreements/{name}/{stage.stage}.jws", [stage.jws.encode("ascii")])


def _statements(session: Session, writer: Writer, walk: _Walk, of: Collection[str] | None) -> None:
    for text in dict.fromkeys(statements(session, of=of)):
        digest = digest_bytes(text.encode("ascii"))
        if digest in walk.named:
            writer.add(f"signed/{digest.removeprefix('sha-256:')}.jws", [text.encode("ascii")])


def _peers(session: Session, writer: Writer, walk: _Walk) -> None:
    begun: set[str] = set()
    for row in session.execute(select(PeerCheckpointRow)).scalars():
        if digest_bytes(row.note) not in walk.named:
            continue
        folder = f"peers/{short_name(row.did)}"
        if row.did not in begun:
            writer.add(f"{folder}/peer.json", [write_peer(row.did)])
            begun.add(row.did)
        seen = Checkpoint(row.origin, row.size, bytes.fromhex(row.root))
        writer.add(f"{folder}/{checkpoint_name(seen)}", [row.note])


def _openings(node: Node, session: Session, wanted: Sequence[str]) -> Iterator[bytes]:
    log = node.db.log
    assert log is not None, "an open node has its log"
    for entry_id in wanted:
        found = log.open_detail(session, entry_id)
        if found is not None:  # else it was erased
            yield write_opening(entry_id, *found) + b"\n"


def _keys(node: Node, session: Session, writer: Writer) -> bool:
    trust, documents = snapshot(node, session, known_parties(node))
    writer.add(layout.PARTIES, [write_trust(trust)])
    for did, raw in documents.items():
        writer.add(f"keys/did-{short_name(did)}.json", [canonical(raw)])
    text = _register(node)
    if text is not None:
        writer.add(layout.REGISTER, [text.encode("ascii")])
    return text is not None


def _register(node: Node) -> str | None:
    """Give the hub's register of keys, if the hub is within reach."""
    if node.settings.role == "hub":
        return register(node)
    hub = node.settings.hub_did
    if hub is None:
        return None
    try:
        url = node.peers.endpoint(hub, "VoileHub") + "/register"
        response = node.peers.call(hub, "GET", url, max_bytes=16 << 20, kind="register")
        if response.status == 200:
            return response.body.decode("ascii")
        node.log.info("audit-register-missing", status=response.status)
    except (VoileError, UnicodeDecodeError) as error:
        node.log.info("audit-register-missing", error=str(error))
    return None


def _manifest(node: Node, writer: Writer, head: Checkpoint, opened: Opened, created: int) -> None:
    data = layout.write_manifest(
        Manifest(
            did=node.settings.did,
            space=node.settings.space,
            software=node.software,
            created=created,
            origin=head.origin,
            size=head.size,
            root=head.root.hex(),
            opened=opened,
            files=dict(writer.digests),
        )
    )
    keys = node.keys.now()
    signature = jws_format.sign(
        data,
        keys.agreements,
        typ=layout.SIGNATURE_TYPE,
        kid=keys.agreements_kid,
        iat=unix(node.clock.now()),
        detached=True,
    )
    (writer.folder / layout.MANIFEST).write_bytes(data)
    (writer.folder / layout.SIGNATURE).write_bytes(signature.encode("ascii"))
