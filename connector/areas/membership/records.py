"""What the owner sends and gets back about membership, as records; times are unix seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from crypto.records import Size, Text
from crypto.words import Words

MOST_COUNTED: Final = 1_000_000  # values of a facet: what the hub's answer has room for

Did = Annotated[str, Text(2048)]
Dataset = Annotated[str, Text(2048)]
Line = Annotated[str, Text(4096, empty=True)]
Prose = Annotated[str, Text(5000, empty=True, lines=True)]  # as in a signed description
Word = Annotated[str, Text(empty=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whether the hub is asked first."""

    refresh: Annotated[Literal["0", "1"], Words("立即向运营方查询", "ask the hub now")] = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A firm as it applies; without a legal group it stands alone, under its legal id."""

    name_zh: Annotated[str, Text(200), Words("企业中文名称", "name of the firm in Chinese")]
    name_en: Annotated[str, Text(200), Words("企业英文名称", "name of the firm in English")]
    legal_id: Annotated[
        str,
        Text(64),
        Words("登记号：统一社会信用代码、LEI 等", "registered number: USCC, LEI, …"),
    ]
    roles: Annotated[
        tuple[Literal["provider", "consumer", "service"], ...],
        Size(1, 3, distinct=True),
        Words(
            "角色，可重复：provider（提供方）、consumer（使用方）、service（服务方）",
            "roles: provider, consumer, service; repeatable",
        ),
    ]
    legal_group: Annotated[
        Annotated[str, Text(64)] | None,
        Words(
            "同一控制下的企业：共用一个编号", "for firms under common control: one number for all"
        ),
    ] = None
    seen: Annotated[
        Annotated[str, Text(200, empty=True)] | None,
        Words(
            "所见申请的编号，没有则为空：现在若不同，则不提交",
            "id of the application that was seen, empty for none: with another by now, nothing is"
            " handed in",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDocument:
    """The newest status document here; zeros before there is one."""

    serial: int
    issued: int
    expires: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What the shared catalogue knows of one of our datasets."""

    dataset: Dataset
    state: Literal["sent", "listed", "refused", "withdrawing", "withdrawn"]
    reason: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What is known of this connector's membership.

    Attributes:
        did: of this connector.
        hub: DID of the pinned hub, if there is one.
        space: the data space.
        state: of the newest application: none, pending, approved, rejected.
        standing: certified, suspended, revoked; empty before the first certification.
        reason: the operator's.
        status_document: the newest here.
        since: when the firm was certified first.
        expires: when the certification ends.
        renew_soon: whether it is time to apply again.
        credential: the membership credential, a compact JWS.
        participant: the firm as it applied; empty if it is not known here.
        announcements: what the shared catalogue was told.
    """

    did: Did
    hub: Did | None
    space: Did
    state: str
    standing: Word
    reason: Line
    status_document: StatusDocument
    since: int | None = None
    expires: int | None = None
    renew_soon: bool | None = None
    credential: Annotated[str, Text(65_536)] | None = None
    participant: Mapping[str, Any] | None = None
    announcements: tuple[Announcement, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Thumbprints of keys, by use.

    Attributes:
        did: of this connector.
        keys: those in use.
        coming: those to come.
        in_use_from: when they are put to use; None before the hub has taken them.
        former: those that were in use before.
        certified: whether the status document names those in use; None if it names no keys of ours.
    """

    did: Did
    keys: Mapping[str, str]
    coming: Mapping[str, str]
    in_use_from: int | None
    former: tuple[str, ...]
    certified: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Words in both languages; one may be empty."""

    zh: Prose
    en: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A value of a facet, and how many hits have it; of a provider with its certified name."""

    value: Dataset
    count: int
    name: Both | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A dataset whose description its provider signed; `description` is the dataset in DCAT."""

    provider: Did
    provider_name: Both
    dataset: Dataset
    title: Both
    summary: Both
    keywords: tuple[Line, ...]
    domain: str
    level: str
    modes: tuple[str, ...]
    version: int
    issued: int
    digest: str
    description: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A hit that is not shown, and why."""

    provider: Word
    code: str
    reason: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of hits, best first."""

    total: int
    page: int
    pages: int
    facets: Mapping[str, Annotated[tuple[Counted, ...], Size(0, MOST_COUNTED)]]
    hits: tuple[Hit, ...]
    dropped: tuple[Dropped, ...]
