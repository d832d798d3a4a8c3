"""Signed statements and opened details: each checked against key and leaf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contracts.audit.contradictions import read_said
from contracts.audit.keyring import KEY_UNKNOWN
from contracts.audit.layout import OPENED
from contracts.audit.report import Finding, untrusted
from crypto import jws as jws_format
from crypto import strict_json
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical, digest_bytes
from crypto.commitments import check as check_commitment
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.contradictions import Said
    from contracts.audit.keyring import Keyring, Known
    from contracts.audit.log import Log
    from contracts.audit.memo import Memo
    from crypto.keys import PublicKey

MAX_STATEMENT_BYTES: Final = 16 << 20
MAX_DETAIL_BYTES: Final = 16 << 20
TYPE_PREFIX: Final = "voile-"


def check_statement(
    path: str, data: bytes, keys: Keyring
) -> tuple[tuple[Finding, ...], Said | None]:
    """Check one signed statement: its name, its type, its signature.

    Returns:
        What was found, and the statement with the key that verified it; None where it does not
        hold: what failed its check says nothing about anybody.
    """
    if path != f"signed/{digest_bytes(data).removeprefix('sha-256:')}.jws":
        return (Finding(code="statement-place", where=path, text="the name is another's"),), None
    found: list[Known] = []

    def find(kid: str) -> PublicKey:
        found.append(keys.find(kid.partition("#")[0], kid))
        return found[-1].key

    try:
        text = data.decode("ascii")
        typ = jws_format.read_header(text.split(".", 1)[0]).get("typ")
        if not isinstance(typ, str) or not typ.startswith(TYPE_PREFIX):
            raise MalformedError("it is not of a type of ours", code="statement-type")
        jws_format.verify(text, expected_typ=typ, find_key=find, max_bytes=MAX_STATEMENT_BYTES)
    except (UnicodeDecodeError, VoileError) as error:
        why = error.message if isinstance(error, VoileError) else "it is not ASCII"
        if isinstance(error, VoileError) and error.code == KEY_UNKNOWN:
            return (Finding(level="unchecked", code="key-missing", where=path, text=why),), None
        return (Finding(code="statement-signature", where=path, text=why),), None
    said = read_said(path, data, found[-1].basis)
    if found[-1].trusted:
        return (), said
    signer = said.signer if said is not None else path
    return (untrusted(signer, path),), said


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


def folders(files: Mapping[str, bytes], top: str) -> dict[str, tuple[tuple[str, bytes], ...]]:
    """Group the files below ``top`` by their folder, in order."""
    grouped: dict[str, list[tuple[str, bytes]]] = {}
    for path in sorted(files):
        if path.startswith(f"{top}/"):
            folder, _, name = path.rpartition("/")
            grouped.setdefault(folder, []).append((name, files[path]))
    return {folder: tuple(items) for folder, items in grouped.items()}
