"""Signed statements, each checked against the key that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit import problems
from contracts.audit.contradictions import read_said
from contracts.audit.keyring import KEY_UNKNOWN
from contracts.audit.report import Finding, untrusted
from crypto import jws as jws_format
from crypto.canonical import digest_bytes
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.audit.contradictions import Said
    from contracts.audit.keyring import Keyring, Known
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
            raise MalformedError(problems.STATEMENT_TYPE)
        jws_format.verify(text, expected_typ=typ, find_key=find, max_bytes=MAX_STATEMENT_BYTES)
    except (UnicodeDecodeError, VoileError) as error:
        why = error.message if isinstance(error, VoileError) else "it is not ASCII"
        if isinstance(error, VoileError) and error.code == KEY_UNKNOWN:
            return (Finding(level="unchecked", code="key-missing", where=path, text=why),), None
        return (Finding(code="statement-signature", where=path, text=why),), None
    said = read_said(path, data, found[-1].basis)
    if found[-1].vouched:
        return (), said
    signer = said.signer if said is not None else path
    return (untrusted(signer, path),), said


def folders(files: Mapping[str, bytes], top: str) -> dict[str, tuple[tuple[str, bytes], ...]]:
    """Group the files below ``top`` by their folder, in order."""
    grouped: dict[str, list[tuple[str, bytes]]] = {}
    for path in sorted(files):
        if path.startswith(f"{top}/"):
            folder, _, name = path.rpartition("/")
            grouped.setdefault(folder, []).append((name, files[path]))
    return {folder: tuple(items) for folder, items in grouped.items()}
