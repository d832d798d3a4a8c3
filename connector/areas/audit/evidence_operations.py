"""What one can look for in the evidence: a search over leaves, and one record with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, get_args

from connector.party.operation import Operation, Reading
from connector.process.actor import Role
from contracts.evidence import KINDS
from crypto.records import Name, Range, Size, Text
from crypto.words import Words

READERS: Final[frozenset[Role]] = frozenset({"security", "cdo", "certifier", "auditor"})
MOST: Final = 500  # records of a page
MOST_MS: Final = 253_402_300_800_000  # the end of the year 9999

Id = Annotated[str, Text(2048)]
Known = Annotated[str, Text(2048, empty=True, raw=True)]
Said = Annotated[str, Text(1 << 16, empty=True, raw=True, lines=True)]
Moment = Annotated[int, Range(0, MOST_MS)]
Place = Annotated[int, Range(0)]
Decision = Literal["allow", "deny"]
Kind = Literal[
    "ACCESS", "AGREEMENT", "ANSWER", "CERTIFICATION", "COHORT", "CONFIGURATION", "ERASED",
    "NEGOTIATION", "PEER_CHECKPOINT", "PRODUCT", "QUESTION", "REFUSAL", "STATUS", "TRANSFER",
]  # fmt: skip
assert set(get_args(Kind)) == KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which leaves are searched for; whatever is left out may be anything.

    Attributes:
        party: DID of the counterparty.
        agreement: id of the agreement.
        process: id of a process, question or session.
        kind: of the leaf.
        decision: which it tells of.
        since: then or later.
        until: before then.
        id: anything that stands in the leaf as an id or digest, or its place in the log.
        before: `next` of the page before.
        after: `previous` of the page after.
        limit: at most so many.
    """

    party: Annotated[Id | None, Words("对方的 DID", "DID of the other party")] = None
    agreement: Annotated[Id | None, Words("合约的 @id", "@id of the agreement")] = None
    process: Annotated[
        Id | None,
        Words("流程、提问或会话的标识", "id of a process, a question or a session"),
    ] = None
    kind: Annotated[Kind | None, Words("叶的种类", "kind of the leaf")] = None
    decision: Annotated[
        Decision | None, Words("决定：allow 或 deny", "its decision: allow or deny")
    ] = None
    since: Annotated[
        Moment | None,
        Words("此时刻或之后：自 1970 年起的毫秒数", "then or later, in milliseconds since 1970"),
    ] = None
    until: Annotated[
        Moment | None,
        Words("此时刻之前：自 1970 年起的毫秒数", "before then, in milliseconds since 1970"),
    ] = None
    id: Annotated[
        Id | None,
        Words(
            "任意标识：合约号、产品、摘要、消息标识，或在日志中的序号",
            "any id: of a contract, product or message, a digest, or a place in the log",
        ),
    ] = None
    before: Annotated[
        Place | None, Words("更早的一页：此页的 `next`", "the older page: `next` of this one")
    ] = None
    after: Annotated[
        Place | None,
        Words("更新的一页：此页的 `previous`", "the newer page: `previous` of this one"),
    ] = None
    limit: Annotated[int, Range(1, MOST), Words("最多列出的条数", "at most so many")] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongues:
    """A text in both languages."""

    zh: Said
    en: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A leaf in a list.

    Attributes:
        index: its place in the log.
        time: when, milliseconds since 1970.
        kind: of the leaf.
        actor: who acted: KIND:ID, `peer` alone for the counterparty; empty in earlier versions.
        role: ours in it.
        party: DID of the counterparty.
        name: what it is called.
        agreement: id of the agreement.
        process: id of the process.
        decision: which it tells of; empty: none.
        line: who, what, why, result.
    """

    index: Place
    time: Moment
    kind: Kind
    actor: Known
    role: Known
    party: Known
    name: Tongues
    agreement: Known
    process: Known
    decision: Literal["allow", "deny", ""]
    line: Tongues


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """One page, newest first.

    Attributes:
        records: those found.
        next: the older page's `before`; none where nothing is older.
        previous: the newer page's `after`; none where nothing is newer.
        looked_to: time of the oldest leaf that was looked at, where a page ends before it is full:
            the search goes on with `next`.
        kinds: how many of each kind are among the newest 2,000 of this filter, the kind left aside.
        parties: how many of them are about each party, the ten with most; none with `party`.
        decisions: how many of them tell of each decision; none with `decision`.
    """

    records: tuple[Brief, ...]
    next: Place | None
    previous: Place | None
    looked_to: Moment | None
    kinds: Annotated[Mapping[str, Annotated[int, Range(0)]], Size(0, 20)]
    parties: Annotated[Mapping[str, Annotated[int, Range(0)]], Size(0, 20)]
    decisions: Annotated[Mapping[str, Annotated[int, Range(0)]], Size(0, 20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upwards:
    """A step of the path: what stands beside, on which side, and the hash of both."""

    sibling: Annotated[str, Text(64)]
    side: Literal["left", "right"]
    result: Annotated[str, Text(64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The signed head that covers the leaf.

    Attributes:
        size: leaves that it covers.
        root: hexadecimal.
        signed: when, milliseconds since 1970.
        origin: name of the log.
        algorithm: of the signature.
        key_id: as the note names the key.
        thumbprint: of the key (RFC 7638).
        signer: DID of whose log it is.
        note: as it was signed.
        path: from the leaf up to the root.
    """

    size: Place
    root: Annotated[str, Text(64)]
    signed: Moment
    origin: Known
    algorithm: Known
    key_id: Known
    thumbprint: Known
    signer: Known
    note: Said
    path: Annotated[tuple[Upwards, ...], Size(0, 64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A leaf with what proves it.

    Attributes:
        who: acted.
        what: happened.
        why: by what contract, decision and rule.
        result: what came of it.
        leaf: what was hashed, as an object.
        raw: what was hashed, as its text.
        leaf_hash: hexadecimal.
        detail: whether it commits to a detail, and whether that was erased.
        head: none where no signed head covers it yet.
        previous: the leaf before it of the same process.
        next: the leaf after it of the same process.
    """

    record: Brief
    who: Tongues
    what: Tongues
    why: Tongues
    result: Tongues
    leaf: Mapping[str, Any]
    raw: Said
    leaf_hash: Annotated[str, Text(64)]
    detail: Literal["none", "sealed", "erased"]
    head: Head | None
    previous: Annotated[Place | None, Name("previous")]
    next: Place | None


SEARCH: Final = Operation(
    name="evidence.search",
    method="GET",
    path="/v1/evidence",
    words=Words("检索本节点的证据日志", "search the evidence log of this node"),
    detail="The newest first, in the order of time and place. A page looks at a bounded number of"
    " leaves: it may end before it is full, and says by `lookedTo` how far it has looked. What an"
    " auditor searches is a leaf; the same by the same person within a minute is one",
    may=READERS,
    query=Sought,
    reply=Records,
    leaf="ACCESS",
    reading=Reading(state="SEARCHED"),
)
RECORD: Final = Operation(
    name="evidence.record",
    method="GET",
    path="/v1/evidence/{index}",
    named={"index": Words("叶在日志中的序号", "place of the leaf in the log")},
    words=Words(
        "一条证据：一句话、原文、签名的日志头和包含路径",
        "one record: a line, its text, the signed head and the path of inclusion",
    ),
    detail="The head is the first that covers the leaf; there is none for a second or so after it",
    may=READERS,
    reply=Entry,
    leaf="ACCESS",
    reading=Reading(state="OPENED"),
)
