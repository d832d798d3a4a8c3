"""Signed statements, checkpoints of peers, opened details: each checked against key and leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contracts.audit.layout import OPENED, short_name
from contracts.audit.report import Finding
from contracts.audit.trust import KEY_UNKNOWN
from crypto import jws as jws_format
from crypto import notes, strict_json
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical, digest_bytes
from crypto.commitments import check as check_commitment
from crypto.errors import MalformedError, VerificationError, VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.log import Log
    from contracts.audit.memo import Memo
    from contracts.audit.report import Level
    from contracts.audit.trust import Keyring
    from crypto.keys import PublicKey

MAX_STATEMENT_BYTES: Final = 16 << 20
MAX_DETAIL_BYTES: Final = 16 << 20
TYPE_PREFIX: Final = "voile-"


def check_statement(path: str, data: bytes, keys: Keyring) -> tuple[Finding, ...]:
    """Check one signed statement: its name, its type, its signature."""
    if path != f"signed/{digest_bytes(data).removeprefix('sha-256:')}.jws":
        return (Finding(code="statement-place", where=path, text="the name is another's"),)
    try:
        text = data.decode("ascii")
        typ = jws_format.read_header(text.split(".", 1)[0]).get("typ")
        if not isinstance(typ, str) or not typ.startswith(TYPE_PREFIX):
            raise MalformedError("it is not of a type of ours", code="statement-type")
        untrusted: list[str] = []

        def find(kid: str) -> PublicKey:
            did = kid.partition("#")[0]
            known = keys.find(did, kid)
            if not known.trusted:
                untrusted.append(did)
            return known.key

        jws_format.verify(text, expected_typ=typ, find_key=find, max_bytes=MAX_STATEMENT_BYTES)
    except (UnicodeDecodeError, VoileError) as error:
        why = error.message if isinstance(error, VoileError) else "it is not ASCII"
        if isinstance(error, VoileError) and error.code == KEY_UNKNOWN:
            return (Finding(level="unchecked", code="key-missing", where=path, text=why),)
        return (Finding(code="statement-signature", where=path, text=why),)
    return tuple(_untrusted(did, path) for did in untrusted)


def check_peer(
    folder: str, files: tuple[tuple[str, bytes], ...], keys: Keyring
) -> tuple[tuple[Finding, ...], tuple[notes.Checkpoint, ...]]:
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
    vkeys, trusted = keys.logs(did)
    seen: dict[tuple[str, int], notes.Checkpoint] = {}
    held: list[notes.Checkpoint] = []
    for name in sorted(data):
        where = f"{folder}/{name}"
        try:
            if vkeys:
                checkpoint = verify_head(data[name], vkeys)
            else:  # it is read all the same, to be compared with others
                checkpoint = notes.parse_checkpoint(data[name])
        except VoileError as error:
            found.append(Finding(code="peer-checkpoint", where=where, text=error.message))
            continue
        if name != checkpoint_name(checkpoint):
            found.append(Finding(code="peer-place", where=where, text="the name is another's"))
        held.append(checkpoint)
        other = seen.setdefault((checkpoint.origin, checkpoint.size), checkpoint)
        if other.root != checkpoint.root:
            text = f"`{did}` signed two roots for {checkpoint.size} leaves"
            level: Level = "proof" if trusted else "finding"
            found.append(Finding(level=level, code="split-view", where=where, text=text))
    if held and not vkeys:
        text = "no key of this log is known: its checkpoints cannot be checked"
        found.append(Finding(level="unchecked", code="key-missing", where=folder, text=text))
    elif held and not trusted:
        found.append(_untrusted(did, folder))
    return tuple(found), tuple(held)


def verify_head(note: bytes, vkeys: tuple[str, ...]) -> notes.Checkpoint:
    """Verify a head of a party's log: signed by its key, and of the log that the key is for.

    A key is named after its log, so that nobody keeps a second log for auditors under one key.

    Raises:
        MalformedError: not a checkpoint.
        VerificationError: none of the keys signed it, or it is of another log.
    """
    checkpoint = notes.verify_checkpoint(note, *vkeys)
    if checkpoint.origin not in {notes.parse_vkey(text).name for text in vkeys}:
        raise VerificationError(
            f"the key is not for the log `{checkpoint.origin[:200]}`", code="checkpoint-origin"
        )
    return checkpoint


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
        raise MalformedError("expected a DID in canonical JSON", code="peer-malformed")
    return did


def write_opening(entry_id: str, salt: bytes, detail: Any) -> bytes:
    """Write one line of ``opened/entries.jsonl``, without its end."""
    return canonical({"id": entry_id, "salt": b64url(salt), "detail": detail})


def check_openings(data: bytes, log: Log, memo: Memo) -> Iterator[Finding]:
    """Check each opened detail against the commitment in its leaf."""
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


def read_opening(line: bytes) -> dict[str, Any] | None:
    """Read one line of ``opened/entries.jsonl``; None if it is none."""
    try:
        value = strict_json.loads(line, max_bytes=MAX_DETAIL_BYTES)
    except MalformedError:
        return None
    if not isinstance(value, dict) or set(value) != {"id", "salt", "detail"}:
        return None
    if not isinstance(value["id"], str) or not isinstance(value["salt"], str):
        return None
    return value if canonical(value) == line else None


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


def _untrusted(did: str, where: str) -> Finding:
    text = f"its signatures in {where} hold under a key that only the bundle vouches for"
    return Finding(level="unchecked", code="key-untrusted", where=did, text=text)


def folders(files: Mapping[str, bytes], top: str) -> dict[str, tuple[tuple[str, bytes], ...]]:
    """Group the files below ``top`` by their folder, in order."""
    grouped: dict[str, list[tuple[str, bytes]]] = {}
    for path in sorted(files):
        if path.startswith(f"{top}/"):
            folder, _, name = path.rpartition("/")
            grouped.setdefault(folder, []).append((name, files[path]))
    return {folder: tuple(items) for folder, items in grouped.items()}
