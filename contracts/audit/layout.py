"""What lies where in a bundle, and the manifest that names every file of it.

::

    manifest.json  manifest.jws      SHA-256 of every other file, signed by the party
    checkpoint                       signed head of its log
    log/entries.jsonl                every leaf, one a line: exactly the bytes that were hashed
    log/leaf-hashes                  32 bytes a leaf: they locate a leaf that was changed
    keys/parties.json                keys as the party saw them; they vouch for nothing
    keys/did-<name>.json             DID documents as the party saw them
    keys/register.jws                the hub's signed register of keys, where there is one
    agreements/<name>/agreement.json and <STAGE>.jws
    signed/<digest>.jws              answers and acts in cohorts that leaves name, if opened
    peers/<name>/peer.json and <size>-<root>.checkpoint
    acks/<name>.jsonl                what a party promised: leaves of its log, one a line
    opened/entries.jsonl             salts and details that this auditor may see
    opened/total-<session>.json      what the product of a total holds, if its asker opened it
    README.txt
    verify.py                        a verifier, for convenience: the manifest does not name it

No bundle vouches for a verifier: ``verify.py`` is taken from the release, and a bundle is checked
as if it were not there.

``<name>`` is the first half of the SHA-256 of an id or DID, in hexadecimal.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from contracts.audit import problems
from crypto import strict_json
from crypto.canonical import canonical
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Words

FORMAT: Final = "voile-bundle/1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.jws"
SIGNATURE_TYPE: Final = "voile-bundle+jws"
CHECKPOINT: Final = "checkpoint"
ENTRIES: Final = "log/entries.jsonl"
LEAF_HASHES: Final = "log/leaf-hashes"
PARTIES: Final = "keys/parties.json"
REGISTER: Final = "keys/register.jws"
OPENED: Final = "opened/entries.jsonl"
README: Final = "README.txt"
VERIFIER: Final = "verify.py"  # beside the manifest, and not part of what is vouched for
ABSENT: Final = ("tiles", "witnesses")  # later; named so that nobody looks

MAX_MANIFEST_BYTES: Final = 64 << 20
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}")
_HEX = re.compile(r"[0-9a-f]{64}")
_FIELDS: Final = frozenset(
    {"format", "did", "space", "software", "created", "log", "opened", "absent", "files"}
)

Opened = Literal["none", "sessions", "all"]


@dataclass(frozen=True, slots=True)
class FileDigest:
    """Size and SHA-256 of one file."""

    size: int  # bytes
    sha256: str  # hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a party says its bundle holds.

    Attributes:
        did: whose bundle it is.
        created: seconds since 1970.
        origin: name of its log.
        size: leaves up to the checkpoint.
        root: hexadecimal root at that size.
        opened: whether details are opened: none, those of some sessions of totals, or all.
        absent: parts of the format that this bundle does not have.
        files: digest of every file but the manifest and its signature, by path.
    """

    did: str
    space: str
    software: str
    created: int
    origin: str
    size: int
    root: str
    opened: Opened
    absent: tuple[str, ...] = ABSENT
    files: Mapping[str, FileDigest]


def short_name(text: str) -> str:
    """Give the folder or file name for an id or a DID."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def is_path(path: str) -> bool:
    """Say whether a path may stand in a bundle."""
    return _PATH.fullmatch(path) is not None


def file_digest(data: bytes) -> FileDigest:
    """Digest one file."""
    return FileDigest(len(data), hashlib.sha256(data).hexdigest())


def write_manifest(manifest: Manifest) -> bytes:
    """Write the manifest, canonical."""
    return canonical(
        {
            "format": FORMAT,
            "did": manifest.did,
            "space": manifest.space,
            "software": manifest.software,
            "created": manifest.created,
            "log": {"origin": manifest.origin, "size": manifest.size, "root": manifest.root},
            "opened": manifest.opened,
            "absent": manifest.absent,
            "files": {
                path: {"bytes": digest.size, "sha-256": digest.sha256}
                for path, digest in manifest.files.items()
            },
        }
    )


def read_manifest(data: bytes) -> Manifest:
    """Read the manifest.

    Raises:
        MalformedError: not one of this format.
    """
    value = strict_json.loads(data, max_bytes=MAX_MANIFEST_BYTES, max_depth=4)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise _malformed(problems.FORMAT, format=FORMAT)
    if set(value) != _FIELDS:
        raise _malformed(problems.OTHER_FIELDS)
    log, files = value["log"], value["files"]
    if not isinstance(log, dict) or set(log) != {"origin", "size", "root"}:
        raise _malformed(problems.LOG)
    if not isinstance(files, dict) or value["opened"] not in ("none", "sessions", "all"):
        raise _malformed(problems.FILES_OR_OPENED)
    absent = value["absent"]
    if not isinstance(absent, list) or not all(isinstance(item, str) for item in absent):
        raise _malformed(problems.ABSENT)
    manifest = Manifest(
        did=_text(value, "did"),
        space=_text(value, "space"),
        software=_text(value, "software"),
        created=_number(value, "created"),
        origin=_text(log, "origin"),
        size=_number(log, "size"),
        root=_hex(log, "root"),
        opened=cast("Opened", value["opened"]),
        absent=tuple(absent),
        files={path: _file(path, item) for path, item in files.items()},
    )
    if write_manifest(manifest) != data:
        raise _malformed(problems.NOT_CANONICAL)
    return manifest


def _file(path: str, item: Any) -> FileDigest:
    if not is_path(path) or path in {MANIFEST, SIGNATURE}:
        raise _malformed(problems.NO_FILE, path=ascii(path[:120]))
    if not isinstance(item, dict) or set(item) != {"bytes", "sha-256"}:
        raise _malformed(problems.BYTES_AND_DIGEST, path=path)
    return FileDigest(_number(item, "bytes"), _hex(item, "sha-256"))


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not found:
        raise _malformed(problems.NO_TEXT, name=name)
    return found


def _number(value: Mapping[str, Any], name: str) -> int:
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise _malformed(problems.NO_NUMBER, name=name)
    return found


def _hex(value: Mapping[str, Any], name: str) -> str:
    found = _text(value, name)
    if not _HEX.fullmatch(found):
        raise _malformed(problems.NO_HEX, name=name)
    return found


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.MANIFEST, why=why.of(**facts))
