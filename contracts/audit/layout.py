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
from collections.abc import Mapping  # noqa: TC003 -- read by annotations
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from contracts.audit import problems
from crypto import strict_json
from crypto.canonical import canonical
from crypto.errors import MalformedError
from crypto.record_texts import like
from crypto.records import Name, Range, Size, Text, read

if TYPE_CHECKING:
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
UNLISTED: Final = 2  # files that a bundle has beside those of its manifest: that, and its signature
ABSENT: Final = ("tiles", "witnesses")  # later; named so that nobody looks

MAX_MANIFEST_BYTES: Final = 64 << 20
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}")
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


Word = Annotated[str, Text(MAX_MANIFEST_BYTES, raw=True)]
Hash = Annotated[str, like(r"[0-9a-f]{64}", problems.A_HASH)]
Number = Annotated[int, Range(0)]


@dataclass(frozen=True, slots=True)
class _LogWritten:
    origin: Word
    size: Number
    root: Hash


@dataclass(frozen=True, slots=True)
class _FileWritten:
    bytes: Number
    sha256: Annotated[Hash, Name("sha-256")]


@dataclass(frozen=True, slots=True)
class _Written:
    format: Any
    did: Word
    space: Word
    software: Word
    created: Number
    log: _LogWritten
    opened: Opened
    absent: Annotated[
        tuple[Annotated[str, Text(MAX_MANIFEST_BYTES, empty=True, raw=True)], ...],
        Size(0, MAX_MANIFEST_BYTES),
    ]
    files: Mapping[str, _FileWritten]


def read_manifest(data: bytes) -> Manifest:
    """Read the manifest.

    Raises:
        MalformedError: not one of this format.
    """
    value = strict_json.loads(data, max_bytes=MAX_MANIFEST_BYTES, max_depth=4)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise _malformed(problems.FORMAT, format=FORMAT)
    try:
        said = read(_Written, value)
    except MalformedError as error:
        raise MalformedError(problems.MANIFEST, why=error) from error
    manifest = Manifest(
        did=said.did,
        space=said.space,
        software=said.software,
        created=said.created,
        origin=said.log.origin,
        size=said.log.size,
        root=said.log.root,
        opened=said.opened,
        absent=said.absent,
        files={path: _file(path, item) for path, item in said.files.items()},
    )
    if write_manifest(manifest) != data:
        raise _malformed(problems.NOT_CANONICAL)
    return manifest


def _file(path: str, item: _FileWritten) -> FileDigest:
    if not is_path(path) or path in {MANIFEST, SIGNATURE}:
        raise _malformed(problems.NO_FILE, path=ascii(path[:120]))
    return FileDigest(item.bytes, item.sha256)


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.MANIFEST, why=why.of(**facts))
