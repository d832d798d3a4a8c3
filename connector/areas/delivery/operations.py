"""What an owner can do with plain delivery: have a file fetched, and see how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from connector.party.operation import Operation
from connector.process.actor import Role
from crypto.records import Text
from crypto.words import Words

STEWARD: Final[frozenset[Role]] = frozenset({"steward", "cdo"})
Long = Annotated[str, Text(2048)]
Place = Annotated[str, Text(4096)]  # an absolute path of the connector's machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The file of which agreement is fetched, and to where."""

    agreement: Annotated[
        Long,
        Words(
            "合约的 @id，或本方协商的 pid",
            "@id of the agreement, or our own pid of its negotiation",
        ),
    ]
    out: Annotated[
        Place, Words("文件写到何处；该处须尚无文件", "where the file goes; must not be there yet")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A file that is there; `verified` where the provider gave its digest, which it has."""

    transfer: Long
    out: Place
    bytes: int
    digest: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a fetch failed, as an error of this API has it."""

    code: str
    message: Annotated[str, Text(1 << 20, lines=True)]
    next: Annotated[str, Text(1 << 20, empty=True, lines=True)]
    params: Mapping[str, Any] | None = None
    reasons: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A fetch: bytes that have come, and of how many in all, 0 while that is unknown."""

    job: str
    agreement: Long
    out: Place
    state: Literal["waiting", "running", "done", "failed"]
    transfer: Annotated[str, Text(2048, empty=True)]
    bytes: int
    total: int
    report: Report | None = None
    error: Problem | None = None


FETCH: Final = Operation(
    name="delivery.fetch",
    method="POST",
    path="/v1/deliveries",
    words=Words(
        "取回合约的文件（HttpData-PULL）", "fetch the file of an agreement (HttpData-PULL)"
    ),
    detail="`out` is an absolute path of the connector's machine",
    may=STEWARD,
    body=Wanted,
    reply=Job,
    status=202,
    leaf="TRANSFER",
)
WATCH: Final = Operation(
    name="delivery.show",
    method="GET",
    path="/v1/deliveries/{job_id}",
    words=Words(
        "取文件的进度；结束时给出字节数与摘要，或错误",
        "how far it is; at the end bytes and digest, or the error",
    ),
    may=STEWARD,
    named={"job_id": Words("任务编号", "id of the job")},
    reply=Job,
)
