"""What a party itself signed of its bundle: the manifest over every file, and the head of its log.

An accusation that rests on what a bundle holds of its own party needs both, under trusted keys:
anybody can write a folder under anybody's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.audit import layout
from contracts.audit.keyring import ForeignTrustError, keyring_of
from contracts.audit.log import compare_with_head
from contracts.audit.peers import verify_head
from contracts.audit.report import Basis, Finding, replaced
from crypto import jws as jws_format
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.keyring import Keyring, Known
    from contracts.audit.layout import Manifest
    from contracts.audit.log import Log
    from contracts.audit.memo import Memo
    from contracts.audit.trust import Trust
    from crypto.keys import PublicKey
    from crypto.notes import Checkpoint

FOREIGN: Final = "trust-foreign"
_TOPS: Final = ("keys", "log", "agreements", "signed", "peers", "acks", "opened")
_SINGLE: Final = frozenset({layout.CHECKPOINT, layout.README})


def usable_keys(
    trust: Trust,
    did: str,
    brought: bytes | None,
    register: bytes | None,
    beside: tuple[bytes, ...] = (),
    now: int = 0,
) -> tuple[Keyring, tuple[Finding, ...]]:
    """Collect the keys for a party's bundle, whatever its files of keys are like.

    Args:
        trust: from outside.
        did: whose bundle it is.
        brought: ``keys/parties.json`` of the bundle.
        register: ``keys/register.jws`` of the bundle.
        beside: those of the bundles that it is compared with.
        now: seconds since 1970, of the check.

    Returns:
        The keys, and what is wrong with those files, or with the trust for this bundle.
    """
    found: list[Finding] = []
    try:
        keys = keyring_of(trust, brought, register, beside=beside, now=now)
    except ForeignTrustError as error:
        found.append(
            Finding(level="unchecked", code=FOREIGN, where=layout.REGISTER, text=error.message)
        )
        try:
            keys = keyring_of(trust, brought, None, beside=beside, now=now)
        except VoileError as other:
            found.append(Finding(code="keys", where="keys", text=other.message))
            keys = keyring_of(trust, None, None, beside=beside, now=now)
    except VoileError as error:
        found.append(Finding(code="keys", where="keys", text=error.message))
        keys = keyring_of(trust, None, None, beside=beside, now=now)
    if did not in keys.parties and (trust.parties or trust.hub):
        text = "the trust file says nothing of this party: is it another space's?"
        found.append(Finding(level="unchecked", code=FOREIGN, where=did, text=text))
    return keys, tuple(found)


def check_signature(
    files: Mapping[str, bytes], manifest: Manifest, keys: Keyring, memo: Memo
) -> Iterator[Finding]:
    """Check the party's signature on the manifest."""
    try:
        basis = _signed_by(files, manifest, keys, memo)
    except VoileError as error:
        yield Finding(code="manifest-signature", where=layout.SIGNATURE, text=error.message)
        return
    if not basis.vouched:
        text = "only the bundle itself vouches for the key that signed it"
        yield Finding(level="unchecked", code="key-untrusted", where=manifest.did, text=text)
    elif basis.replaced:  # no leaf names a manifest, and its date is its signer's
        yield replaced(layout.SIGNATURE, basis.replaced, "the bundle is signed")


def check_files(files: Mapping[str, bytes], manifest: Manifest, memo: Memo) -> Iterator[Finding]:
    """Check that every file is the one that the manifest names, and that there is no other."""
    own = {layout.MANIFEST, layout.SIGNATURE}
    for path in sorted(set(manifest.files) - set(files)):
        yield Finding(code="file-missing", where=path, text="the manifest names it")
    for path in sorted(set(files) - set(manifest.files) - own):
        yield Finding(code="file-extra", where=path, text="the manifest does not name it")
    for path in sorted(set(files) & set(manifest.files)):
        if memo(layout.file_digest, files[path]) != manifest.files[path]:
            yield Finding(code="file-changed", where=path, text="its digest is not the manifest's")
        if path not in _SINGLE and path.split("/", 1)[0] not in _TOPS:
            yield Finding(code="file-extra", where=path, text="the format has no such file")


def check_head(
    note: bytes, did: str, keys: Keyring
) -> tuple[tuple[Finding, ...], Checkpoint | None, tuple[Basis, ...]]:
    """Check the signed head of the party's log.

    Returns:
        What was found, the head if its signature holds, and the keys under which it does.
    """
    vkeys, source = keys.logs(did)
    try:
        checkpoint, basis = verify_head(note, vkeys, source, keys, did)
    except VoileError as error:
        found = Finding(code="checkpoint", where=layout.CHECKPOINT, text=error.message)
        return (found,), None, ()
    if source != "brought":
        until = max(one.replaced for one in basis)
        late = (replaced(layout.CHECKPOINT, until, "the head is signed"),) if until else ()
        return late, checkpoint, basis
    text = "only the bundle itself vouches for the key of the log"
    found = Finding(level="unchecked", code="log-untrusted", where=did, text=text)
    return (found,), checkpoint, basis


def check_tree(log: Log, size: int, root: bytes, listed: bytes | None) -> tuple[Finding, ...]:
    """Check the leaves against a head."""
    return tuple(compare_with_head(log, size=size, root=root, listed=listed))


def grounds(
    files: Mapping[str, bytes], manifest: Manifest, keys: Keyring, log: Log, memo: Memo
) -> tuple[Basis, ...]:
    """Give the keys under which log and files are the party's own; none if they are not.

    That is: it signed the manifest, every file is the one named in it, and the leaves give the
    head of its log that it signed, too.
    """
    try:
        signed = _signed_by(files, manifest, keys, memo)
    except VoileError:
        return ()
    _, head, basis = memo(check_head, files.get(layout.CHECKPOINT, b""), manifest.did, keys)
    if head is None or any(check_files(files, manifest, memo)):
        return ()
    if (head.origin, head.size, head.root.hex()) != (manifest.origin, manifest.size, manifest.root):
        return ()
    if memo(check_tree, log, head.size, head.root, files.get(layout.LEAF_HASHES)):
        return ()
    return signed, *basis


def _signed_by(files: Mapping[str, bytes], manifest: Manifest, keys: Keyring, memo: Memo) -> Basis:
    signature = files.get(layout.SIGNATURE, b"")
    return memo(_verified, signature, files[layout.MANIFEST], manifest.did, keys)


def _verified(signature: bytes, manifest: bytes, did: str, keys: Keyring) -> Basis:
    """Verify the manifest's signature; give the key that did."""
    found: list[Known] = []

    def find(kid: str) -> PublicKey:
        found.append(keys.find(did, kid))
        return found[-1].key

    jws_format.verify(
        signature.decode("latin-1"),
        expected_typ=layout.SIGNATURE_TYPE,
        find_key=find,
        payload=manifest,
    )
    return found[-1].basis
