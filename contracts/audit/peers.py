"""Heads of logs: those of other parties that were kept, each checked against that party's key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from contracts.audit import problems
from contracts.audit.layout import short_name
from contracts.audit.report import Finding, question, untrusted, verdict
from crypto import notes, strict_json
from crypto import problems_signatures as note_problems
from crypto.canonical import canonical, digest_bytes
from crypto.errors import MalformedError, VerificationError, VoileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contracts.audit.keyring import Keyring
    from contracts.audit.report import Basis, Source

_verifier = lru_cache(maxsize=256)(notes.parse_vkey)  # the key gate costs more than a signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A head of another party's log that was kept.

    Attributes:
        did: whose log it is.
        path: where it lies.
        checkpoint: what it says.
        digest: by which a leaf names it.
        basis: the key under which it holds; none where no key of that log is known.
    """

    did: str
    path: str
    checkpoint: notes.Checkpoint
    digest: str
    basis: tuple[Basis, ...]

    @property
    def logs(self) -> frozenset[tuple[str, str]]:
        """The log by its name, and by each key: a party has but one log under a key."""
        keys = (("key", one.key) for one in self.basis)
        return frozenset({("name", self.checkpoint.origin), *keys})


def against(first: Iterable[Seen], second: Iterable[Seen], where: str) -> Iterator[Finding]:
    """Lay heads of one party's logs over each other, whatever names they carry.

    Two roots for one size are proof, and two names of a log under one key a question.
    """
    roots: dict[tuple[tuple[str, str], int], Seen] = {}
    names: dict[tuple[str, str], Seen] = {}
    for seen in first:
        for log in seen.logs:
            roots.setdefault((log, seen.checkpoint.size), seen)
            names.setdefault(log, seen)
    told: set[tuple[object, ...]] = set()
    for seen in second:
        size, origin = seen.checkpoint.size, seen.checkpoint.origin
        for log in sorted(seen.logs):
            other = roots.get((log, size), seen)
            if other.checkpoint.root != seen.checkpoint.root and (size, seen.digest) not in told:
                told.add((size, seen.digest))
                text = f"`{seen.did}` signed two roots for {size} leaves: {seen.path}, {other.path}"
                yield verdict("split-view", where, text, seen.basis, other.basis)
            other = names.get(log, seen)
            if other.checkpoint.origin != origin and (log, origin) not in told:
                told.add((log, origin))
                yield renamed(
                    seen.did, where, other.checkpoint.origin, origin, seen.basis, other.basis
                )


def renamed(did: str, where: str, one: str, two: str, *grounds: Iterable[Basis]) -> Finding:
    """Say that a party has two names of logs under one key."""
    text = f"`{did}` signs two logs with one key, `{one[:200]}` and `{two[:200]}`"
    return question("renamed-log", where, text, *grounds)


def check_peer(
    folder: str, files: tuple[tuple[str, bytes], ...], keys: Keyring
) -> tuple[tuple[Finding, ...], tuple[Seen, ...]]:
    """Check the checkpoints of one peer: its signature on each, and that no two contradict."""
    found: list[Finding] = []
    data = dict(files)
    try:
        did = read_peer(data.pop("peer.json", b""))
    except MalformedError as error:
        return (
            Finding(code="peer-malformed", where=f"{folder}/peer.json", text=error.message),
        ), ()
    if folder.rsplit("/", 1)[-1] != short_name(did):
        found.append(Finding(code="peer-place", where=folder, text="the folder is another's"))
    vkeys, source = keys.logs(did)
    held: list[Seen] = []
    for name in sorted(data):
        where = f"{folder}/{name}"
        try:
            if vkeys:
                checkpoint, basis = verify_head(data[name], vkeys, source, keys, did)
            else:  # it is read all the same, to be compared with others
                checkpoint, basis = notes.parse_checkpoint(data[name]), ()
        except VoileError as error:
            found.append(Finding(code="peer-checkpoint", where=where, text=error.message))
            continue
        if name != checkpoint_name(checkpoint):
            found.append(Finding(code="peer-place", where=where, text="the name is another's"))
        digest = digest_bytes(data[name])
        seen = Seen(did=did, path=where, checkpoint=checkpoint, digest=digest, basis=basis)
        held.append(seen)
    found += against(held, held, folder)
    if held and not vkeys:
        text = "no key of this log is known: its checkpoints cannot be checked"
        found.append(Finding(level="unchecked", code="key-missing", where=folder, text=text))
    elif held and source == "brought":
        found.append(untrusted(did, folder))
    return tuple(found), tuple(held)


def verify_head(
    note: bytes, vkeys: tuple[str, ...], source: Source, keys: Keyring, did: str
) -> tuple[notes.Checkpoint, tuple[Basis, ...]]:
    """Verify a head of a party's log: signed by its key, and of the log that the key is for.

    A key is named after its log, so that nobody keeps a second log for auditors under one key.

    Returns:
        What it says, and the keys under which it holds.

    Raises:
        MalformedError: not a checkpoint.
        VerificationError: none of the keys signed it, or it is of another log.
    """
    verifiers = [_verifier(text) for text in vkeys]
    notes.open_note(note, verifiers)
    checkpoint = notes.parse_checkpoint(note)
    own = [one for one in verifiers if one.name == checkpoint.origin and _signed(note, one)]
    if not own:
        raise VerificationError(note_problems.OTHER_LOG, origin=checkpoint.origin[:200])
    return checkpoint, tuple(keys.basis(did, one.public.thumbprint(), source) for one in own)


def _signed(note: bytes, verifier: notes.Verifier) -> bool:
    try:
        notes.open_note(note, [verifier])
    except VoileError:
        return False
    return True


def checkpoint_name(checkpoint: notes.Checkpoint) -> str:
    """Give the file name of a peer's checkpoint."""
    return f"{checkpoint.size}-{checkpoint.root.hex()}.checkpoint"


def write_peer(did: str) -> bytes:
    """Write ``peer.json``: whose checkpoints these are."""
    return canonical({"did": did})


def read_peer(data: bytes) -> str:
    """Read ``peer.json``.

    Raises:
        MalformedError: not in its form.
    """
    value = strict_json.loads(data, max_bytes=4096)
    did = value.get("did") if isinstance(value, dict) else None
    if not isinstance(did, str) or write_peer(did) != data:
        raise MalformedError(problems.PEER)
    return did
