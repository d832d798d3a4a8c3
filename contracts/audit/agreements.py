"""The agreements of a bundle: each chain of signatures, and the leaves that name its stages."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read by annotations
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from contracts.audit import problems
from contracts.audit.alone import FINAL, reached_of, told_by
from contracts.audit.before import dated
from contracts.audit.heads import LATE_MS
from contracts.audit.keyring import KEY_UNKNOWN
from contracts.audit.layout import short_name
from contracts.audit.report import Finding, replaced
from contracts.signatures import STAGES, verify_stages
from crypto import strict_json
from crypto.canonical import canonical, digest_bytes
from crypto.errors import MalformedError, VoileError
from crypto.records import Text, read

if TYPE_CHECKING:
    from contracts.audit.keyring import Keyring
    from contracts.audit.log import Log
    from contracts.audit.memo import Memo
    from contracts.audit.report import Basis, Level
    from contracts.signatures import Signatures, VerifiedStage
    from crypto.keys import PublicKey

MAX_AGREEMENT_BYTES = 1 << 20


def write_agreement(agreement: Mapping[str, Any], *, consumer_pid: str, provider_pid: str) -> bytes:
    """Write ``agreement.json``: what the stages are signatures of."""
    return canonical(
        {"agreement": agreement, "consumerPid": consumer_pid, "providerPid": provider_pid}
    )


Word = Annotated[str, Text(MAX_AGREEMENT_BYTES, empty=True, raw=True)]


@dataclass(frozen=True, slots=True)
class _Written:
    agreement: Mapping[str, Any]
    consumer_pid: Word
    provider_pid: Word


def read_agreement(data: bytes) -> tuple[dict[str, Any], str, str]:
    """Read ``agreement.json``: the agreement and the two ids of its negotiation.

    Raises:
        MalformedError: not in its form.
    """
    value = strict_json.loads(data, max_bytes=MAX_AGREEMENT_BYTES)
    try:
        said = read(_Written, value)
    except MalformedError as error:
        raise MalformedError(problems.AGREEMENT_FIELD, why=error) from error
    if canonical(value) != data:
        raise MalformedError(problems.AGREEMENT_FORM)
    agreement: dict[str, Any] = value["agreement"]
    if not isinstance(agreement.get("@id"), str):
        raise MalformedError(problems.AGREEMENT_NO_ID)
    return agreement, said.consumer_pid, said.provider_pid


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one agreement's folder.

    Attributes:
        findings: what was found.
        agreement: its body; None where it cannot be read.
        consumer_pid: the consumer's id of the negotiation.
        provider_pid: the provider's.
        stages: those whose signature holds, by name.
        bases: the key under which each of them holds, by its kid.
        checked: whether all keys that signed are known; else nothing can be said of signatures.
    """

    findings: tuple[Finding, ...]
    agreement: Mapping[str, Any] | None = None
    consumer_pid: str = ""
    provider_pid: str = ""
    stages: Mapping[str, VerifiedStage] = field(default_factory=dict)
    bases: Mapping[str, Basis] = field(default_factory=dict)
    checked: bool = True

    @property
    def signatures(self) -> Signatures:
        """What the signatures amount to: none, own (of one side, or not all yet), or mutual."""
        if len(self.stages) == len(STAGES):
            return "mutual"
        return "own" if self.stages else "none"

    @property
    def name(self) -> str:
        """What its folder is named after."""
        assert self.agreement is not None
        return agreement_name(self.agreement, self.provider_pid)

    def grounds(self, stage: str) -> tuple[Basis, ...]:
        """Give the key under which a stage holds; none where it does not."""
        found = self.stages.get(stage)
        return () if found is None else (self.bases[found.kid],)

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        body = self.agreement or {}
        return {
            "agreement": body.get("@id"),
            "assigner": body.get("assigner"),
            "assignee": body.get("assignee"),
            "signatures": self.signatures if self.checked else "unchecked",
        }


def check_agreement(
    folder: str, files: tuple[tuple[str, bytes], ...], keys: Keyring, now: int, owner: str
) -> Checked:
    """Check one agreement's folder.

    Args:
        folder: its path, for findings.
        files: name and bytes of what lies in it.
        keys: the keys that may be used.
        now: seconds since 1970.
        owner: DID of whose bundle it is: it must be one of the two parties.
    """
    found: list[Finding] = []
    data = dict(files)
    extra = set(data) - {"agreement.json", *(f"{stage}.jws" for stage in STAGES)}
    found += [_finding(f"{folder}/{name}", "file-extra", "not a stage") for name in sorted(extra)]
    try:
        agreement, consumer_pid, provider_pid = read_agreement(data.get("agreement.json", b""))
    except MalformedError as error:
        malformed = _finding(f"{folder}/agreement.json", "agreement-malformed", error.message)
        return Checked(findings=(*found, malformed))
    if folder.rsplit("/", 1)[-1] != short_name(agreement_name(agreement, provider_pid)):
        found.append(_finding(folder, "agreement-place", "the folder is another agreement's"))
    if owner not in (agreement.get("assigner"), agreement.get("assignee")):  # of any JSON kind
        text = "whose bundle this is, is no party to it"
        found.append(_finding(folder, "agreement-foreign", text))
    untrusted: set[str] = set()
    bases: dict[str, Basis] = {}

    def find_key(did: str, kid: str) -> PublicKey:
        known = keys.find(did, kid)
        bases[kid] = known.basis
        if not known.vouched:
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
        unknown = error.code == KEY_UNKNOWN
        if unknown:
            text = f"a signature in {folder} cannot be checked: {error.message}"
            found.append(_finding(folder, "key-missing", text, level="unchecked"))
        else:
            found.append(_finding(folder, "agreement-signature", error.message))
        return Checked(
            findings=tuple(found),
            agreement=agreement,
            consumer_pid=consumer_pid,
            provider_pid=provider_pid,
            checked=not unknown,
        )
    found += [
        Finding(
            level="unchecked",
            code="key-untrusted",
            where=did,
            text=f"its signatures in {folder} hold under a key that only the bundle vouches for",
        )
        for did in sorted(untrusted)
    ]
    return Checked(
        findings=tuple(found),
        agreement=agreement,
        consumer_pid=consumer_pid,
        provider_pid=provider_pid,
        stages={one.stage: one for one in verified},
        bases=bases,
    )


def agreement_name(agreement: Mapping[str, Any], provider_pid: str) -> str:
    """Give what an agreement's folder is named after."""
    return f"{agreement['@id']} {provider_pid}"


def check_leaves(
    folder: str,
    files: tuple[tuple[str, bytes], ...],
    checked: Checked,
    owner: str,
    log: Log,
    memo: Memo,
) -> list[Finding]:
    """Check that agreement and stages have their leaves, and that what is final is signed by both.

    A negotiation under way, or one that came to nothing, may be signed by one side only.
    """
    found = [
        _finding(f"{folder}/{name}", "stage-unlogged", "no leaf names this signature")
        for name, data in files
        if name.endswith(".jws") and not log.leaf_named(memo(digest_bytes, data), "AGREEMENT")
    ]
    found += [
        replaced(f"{folder}/{one.stage}.jws", until, "it is signed")
        for one in checked.stages.values()
        if (until := checked.bases[one.kid].replaced)
        and (one.iat > until or not dated(log, one.digest, until))
    ]
    if checked.agreement is None:
        return found
    reached = reached_of(memo(told_by, log), checked.agreement, owner)
    if reached is None:
        return [*found, _finding(folder, "agreement-unlogged", "no leaf names this agreement")]
    final = reached.get(FINAL)
    if final is None or not checked.checked or checked.signatures == "mutual":
        return found
    if final > log.newest_ms - LATE_MS:
        return found  # the last signature may still be on its way
    signers = sorted({one.signer for one in checked.stages.values()})
    by = f"only `{signers[0]}` has" if len(signers) == 1 else "not both sides have"
    text = f"{by} signed all of it, and it is final by the log: signatures `{checked.signatures}`"
    return [*found, _finding(folder, "agreement-one-sided", text)]


def stage_digests(files: Mapping[str, bytes]) -> set[str]:
    """Give the digests of all stage signatures in a bundle."""
    return {
        digest_bytes(data)
        for path, data in files.items()
        if path.startswith("agreements/") and path.endswith(".jws")
    }


def _finding(where: str, code: str, text: str, *, level: Level = "finding") -> Finding:
    return Finding(level=level, code=code, where=where, text=text)
