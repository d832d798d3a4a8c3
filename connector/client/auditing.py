"""One's own evidence, exported and checked in memory: what `voile audit export` and `verify` do."""

from __future__ import annotations

import http.client
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from connector.client import problems
from connector.client.errors import Unavailable
from contracts.audit.layout import VERIFIER, is_path
from contracts.audit.trust import MAX_BYTES as MOST_OF_TRUST
from contracts.audit.trust import read_trust
from contracts.audit.verify import Bundle, verify
from crypto.errors import MalformedError
from crypto.words import verbatim

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from connector.client.channel import Channel
    from contracts.audit.trust import Trust
    from crypto.words import Language

MOST_BYTES: Final = 1 << 30
MOST_FILES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a check of the evidence; true if there is nothing to say.

    Attributes:
        outcome: `OK`, `FINDINGS`, or `UNCHECKED` where a key is vouched for by the bundle alone.
        findings: each with level, code, where and text, in English (docs/evidence.md).
        counts: what was looked at: leaves, agreements, statements, …
        party: whose evidence it is.
        raw: the whole report.
    """

    outcome: str
    findings: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]
    party: str
    raw: Mapping[str, Any] = field(repr=False)

    def __bool__(self) -> bool:
        return self.outcome == "OK"


def audit_verify(
    channel: Channel, trust: str | os.PathLike[str] | None, language: Language
) -> Verified:
    """Export the evidence of a running connector and check it.

    Args:
        channel: to it.
        trust: a file of `voile audit trust`; None asks the same connector for the keys, which then
            proves only that its evidence fits what it says of them.
        language: of errors.
    """
    known = _from_connector(channel) if trust is None else _from_file(Path(trust), language)
    files = _bundle(channel, language)
    report = verify(Bundle(files=files, trust=known, now=int(time.time())))
    found = report.to_json()
    return Verified(
        outcome=report.outcome,
        findings=tuple(found["findings"]),
        counts=found["counts"],
        party=str(found.get("party", "")),
        raw=found,
    )


def _from_connector(channel: Channel) -> Trust:
    return read_trust(str(channel.get("/v1/audit/trust")["trust"]).encode())


def _from_file(path: Path, language: Language) -> Trust:
    try:
        with path.open("rb") as file:
            return read_trust(file.read(MOST_OF_TRUST + 1))
    except (OSError, MalformedError) as error:
        unreadable = Unavailable(problems.TRUST_UNREADABLE, path=str(path))
        raise unreadable.speaking(language) from error


def _bundle(channel: Channel, language: Language) -> dict[str, bytes]:
    """Read the bundle's files from the stream: plain ones with plain names, and not without end."""
    files: dict[str, bytes] = {}
    total = 0
    with channel.stream("POST", "/v1/audit/bundle?opened=none", b"") as response:
        channel.refuse(response)
        try:
            with tarfile.open(fileobj=cast("IO[bytes]", response), mode="r|") as tar:
                for member in tar:
                    total += member.size
                    if total > MOST_BYTES or len(files) >= MOST_FILES:
                        raise _odd(problems.BUNDLE_LARGE.of(most=MOST_BYTES), language)
                    source = tar.extractfile(member) if member.isreg() else None
                    if source is None or not is_path(member.name) or member.name in files:
                        raise _odd(problems.BUNDLE_MEMBER, language)
                    files[member.name] = source.read()
        except (tarfile.TarError, http.client.HTTPException, OSError, EOFError) as error:
            raise _odd(problems.BUNDLE_HALF, language) from error
    files.pop(VERIFIER, None)  # it is not evidence
    return files


def _odd(why: object, language: Language) -> Unavailable:
    return Unavailable(problems.BUNDLE_ODD, why=why or verbatim("")).speaking(language)
