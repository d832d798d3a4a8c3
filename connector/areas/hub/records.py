"""What the operator sends and gets back, as records; times are unix seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from crypto.records import Range, Size, Text
from crypto.words import Words

MOST_DAYS: Final = 90  # a certification's, as `catalog.certification.VALID_DAYS`; a test says so
MOST_FIRMS: Final = 1_000_000

Did = Annotated[str, Text(2048)]
Digest = Annotated[str, Text(80)]
Line = Annotated[str, Text(4096, empty=True)]
DecidedDid = Annotated[Did, Words("企业的 DID", "DID of the firm")]
Seen = Annotated[
    Digest,
    Words("所决定内容的摘要，见列表", "digest of what you decide about, as the list prints it"),
]
Roles = tuple[Literal["provider", "consumer", "service"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Which applications are asked for; empty for all."""

    state: Annotated[
        Literal["", "pending", "approved", "rejected", "replaced"],
        Words(
            "状态：pending、approved、rejected；留空为全部",
            "state: pending, approved, rejected; empty for all",
        ),
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm as it describes itself."""

    did: Did
    name_zh: str
    name_en: str
    legal_id: str
    legal_group: str
    roles: Roles
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another firm with the same number or name."""

    did: Did
    legal_id: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application; `unreadable` stands for the rest where it cannot be read.

    Attributes:
        id: of the application.
        did: who applies.
        state: pending, approved, rejected or replaced.
        digest: names it in a decision.
        submitted: when.
        reason: of the decision.
        decided: when, if it is.
        participant: who applies, in its own words.
        keys: thumbprints by use.
        new_keys: whether they are others than those last certified with the firm.
        standing: of the firm; empty if it has none.
        alike: other firms with the same number or name.
        unreadable: why it cannot be read.
    """

    id: str
    did: Did
    state: str
    digest: Digest
    submitted: int
    reason: Line | None = None
    decided: int | None = None
    participant: Firm | None = None
    keys: Mapping[str, str] | None = None
    new_keys: bool | None = None
    standing: Annotated[str, Text(empty=True)] | None = None
    alike: tuple[Alike, ...] | None = None
    unreadable: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applications:
    """Applications in order of arrival."""

    applications: tuple[Application, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An application is approved: whose, which was seen, for how long, in which hand."""

    did: DecidedDid
    seen: Seen
    days: Annotated[int, Range(1, MOST_DAYS), Words("有效天数", "validity in days")] = MOST_DAYS
    legal_group: Annotated[
        Annotated[str, Text(64)] | None,
        Words("所属主体，如您掌握更准确的情况", "the hand it is in, if you know better"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whom a decision is about, the digest of what was seen, and why."""

    did: DecidedDid
    seen: Seen
    reason: Annotated[
        str, Words("理由：告知企业，并存证", "why: told to the firm, kept as evidence")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A firm just certified, until when, and the serial of the status document that says so."""

    did: Did
    status: Literal["certified"]
    expires: int
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A firm whose application was refused."""

    did: Did
    status: Literal["rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A firm's new standing, and the serial of the status document that says so."""

    did: Did
    status: Literal["suspended", "certified", "revoked"]
    serial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A firm's entry in the register; `expired`: its certification has run out."""

    did: Did
    name_zh: str
    name_en: str
    legal_id: str
    legal_group: str
    roles: Roles
    endpoint: str
    status: Literal["certified", "suspended", "revoked"]
    expired: bool
    reason: Line
    since: int
    expires: int
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Every firm that was ever certified."""

    participants: Annotated[tuple[Entry, ...], Size(0, MOST_FIRMS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A connector that a status document was pushed to, and how long it took, in seconds."""

    did: Did
    state: Literal["sent", "acknowledged", "refused"]
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Who has acknowledged a status document; `complete`: all have."""

    serial: int
    complete: bool
    connectors: Annotated[tuple[Told, ...], Size(0, MOST_FIRMS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The status document in force; zeros before there is one."""

    serial: int
    issued: int
    expires: int
    last_push: Push | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A hit: its provider, and the description that this provider signed, a compact JWS."""

    provider: Did
    description: Annotated[str, Text(256 << 10)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A listing whose offers cannot be read, and why."""

    provider: Did
    dataset: Annotated[str, Text(2048)]
    unreadable: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of hits, best first; `facets` counts values, by facet."""

    total: int
    page: int
    pages: int
    size: int
    facets: Mapping[str, Mapping[str, int]]
    hits: tuple[Signed, ...]
    unreadable: Annotated[tuple[Lost, ...], Size(0, MOST_FIRMS)]
