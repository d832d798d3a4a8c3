"""The agreements of a bundle: each chain of signatures, and the leaves that name its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.audit.keyring import KEY_UNKNOWN
from contracts.audit.layout import short_name
from contracts.audit.report import Finding
from contracts.signatures import STAGES, verify_stages
from crypto import strict_json
from crypto.canonical import canonical, digest_bytes
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.audit.keyring import Keyring
    from contracts.audit.log import Log
    from contracts.audit.memo import Memo
    from contracts.audit.report import Level
    from contracts.signatures import VerifiedStage
    from crypto.keys import PublicKey

MAX_AGREEMENT_BYTES = 1 << 20
_FIELDS = {"agreement", "consumerPid", "providerPid"}


def write_agreement(agreement: Mapping[str, Any], *, consumer_pid: str, provider_pid: str) -> bytes:
    """Write ``agreement.json``: what the stages are signatures of."""
    return canonical(
        {"agreement": agreement, "consumerPid": consumer_pid, "providerPid": provider_pid}
    )


def read_agreement(data: bytes) -> tuple[dict[str, Any], str, str]:
    """Read ``agreement.json``: the agreement and the two ids of its negotiation.

    Raises:
        MalformedError: not in its form.
    """
    value = strict_json.loads(data, max_bytes=MAX_AGREEMENT_BYTES)
    if not isinstance(value, dict) or set(value) != _FIELDS or canonical(value) != data:
        raise MalformedError(
            "expected agreement, consumerPid and providerPid in canonical JSON",
            code="agreement-malformed",
        )
    agreement, consumer_pid, provider_pid = (
        value["agreement"],
        value["consumerPid"],
        value["providerPid"],
    )
    if not isinstance(agreement, dict) or not isinstance(agreement.get("@id"), str):
        raise MalformedError("the agreement has no `@id`", code="agreement-malformed")
    if not isinstance(consumer_pid, str) or not isinstance(provider_pid, str):
        raise MalformedError("the ids of the negotiation are no texts", code="agreement-malformed")
    return agreement, consumer_pid, provider_pid


def check_agreement(
    folder: str, files: tuple[tuple[str, bytes], ...], keys: Keyring, now: int, owner: str
) -> tuple[tuple[Finding, ...], tuple[VerifiedStage, ...]]:
    """Check one agreement's folder.

    Args:
        folder: its path, for findings.
        files: name and bytes of what lies in it.
        keys: the keys that may be used.
        now: seconds since 1970.
        owner: DID of whose bundle it is: it must be one of the two parties.

    Returns:
        What was found, and the stages whose signature holds.
    """
    found: list[Finding] = []
    data = dict(files)
    extra = set(data) - {"agreement.json", *(f"{stage}.jws" for stage in STAGES)}
    found += [_finding(f"{folder}/{name}", "file-extra", "not a stage") for name in sorted(extra)]
    try:
        agreement, consumer_pid, provider_pid = read_agreement(data.get("agreement.json", b""))
    except MalformedError as error:
        return (
            *found,
            _finding(f"{folder}/agreement.json", "agreement-malformed", error.message),
        ), ()
    if folder.rsplit("/", 1)[-1] != short_name(agreement_name(agreement, provider_pid)):
        found.append(_finding(folder, "agreement-place", "the folder is another agreement's"))
    if owner not in {agreement.get("assigner"), agreement.get("assignee")}:
        text = "whose bundle this is, is no party to it"
        found.append(_finding(folder, "agreement-foreign", text))
    untrusted: set[str] = set()

    def find_key(did: str, kid: str) -> PublicKey:
        known = keys.find(did, kid)
        if not known.trusted:
            untrusted.add(did)
        return known.key

    stages: dict[str, str] = {
        stage: data[f"{stage}.jws"].decode("latin-1") for stage in STAGES if f"{stage}.jws" in data
    }
    try:
        verified = verify_stages(
            stages,
            agreement=agreement,
            consumer_pid=consumer_pid,
            provider_pid=provider_pid,
            find_key=find_key,
            now=now,
        )
    except VoileError as error:
        if error.code == KEY_UNKNOWN:
            text = f"a signature in {folder} cannot be checked: {error.message}"
            return (*found, _finding(folder, "key-missing", text, level="unchecked")), ()
        return (*found, _finding(folder, "agreement-signature", error.message)), ()
    found += [
        Finding(
            level="unchecked",
            code="key-untrusted",
            where=did,
            text=f"its signatures in {folder} hold under a key that only the bundle vouches for",
        )
        for did in sorted(untrusted)
    ]
    return tuple(found), verified


def agreement_name(agreement: Mapping[str, Any], provider_pid: str) -> str:
    """Give what an agreement's folder is named after."""
    return f"{agreement['@id']} {provider_pid}"


def check_leaves(
    folder: str, files: tuple[tuple[str, bytes], ...], log: Log, memo: Memo
) -> list[Finding]:
    """Check that each stage that is there has its leaf."""
    return [
        _finding(f"{folder}/{name}", "stage-unlogged", "no leaf names this signature")
        for name, data in files
        if name.endswith(".jws") and not log.leaf_named(memo(digest_bytes, data), "AGREEMENT")
    ]


def stage_digests(files: Mapping[str, bytes]) -> set[str]:
    """Give the digests of all stage signatures in a bundle."""
    return {
        digest_bytes(data)
        for path, data in files.items()
        if path.startswith("agreements/") and path.endswith(".jws")
    }


def _finding(where: str, code: str, text: str, *, level: Level = "finding") -> Finding:
    return Finding(level=level, code=code, where=where, text=text)
